"""Endpoints that the text declares as primary, secondary or other."""

from __future__ import annotations

import re

from summarizer.extraction.draft import Claim, DraftEndpoint
from summarizer.extraction.rules.attributes import TrialText
from summarizer.reading.estimates.endpoints import EndpointMention, find_endpoints
from summarizer.schemas import EndpointRank, Support
from summarizer.text import TextSpan

_NOUN = r"(?:end-? ?points?|outcome measures?|outcomes?|goals?|aims?|objectives?|measures?)"
_DECLARED = re.compile(
    rf"\b(?P<rank>(?:co-?|dual[- ]|two )?primary|main|major|(?:key )?secondary|exploratory|additional)(?: efficacy| safety| composite| outcome)* {_NOUN}\b|\bthe main question\b|\bthe yardstick\b",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\b(?:co-?|dual[- ])primary\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:\([^)]{0,30}\)\s*)?(?:of (?:the|this) (?:trial|study)\s*)?(?:,|:|\s(?:was|were|is|are|include[sd]?|of|being|will be|consists? of|comprised?))\s?(?:the |both |change in |improvement in )?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:,|\s(?:was|were|is|are|served as|as))\s(?:both |also |the |an? |its |their |one of the |the study's |the trial's |the (?:two |dual )?)*$", re.IGNORECASE)
_STOP = re.compile(r"[.;(]|\b(?:was met|were met|met\b|missed|with|at the|in the|compared|versus|while|but|and (?:the )?(?:key )?secondary|secondary|among|according|as (?:assessed|judged|determined)|which|by (?:blinded|independent|investigator)|assessed|both read|known as)\b", re.IGNORECASE)
_OTHER_RANKS = {"exploratory": EndpointRank.OTHER, "additional": EndpointRank.OTHER}
_LIST = re.compile(r",\s*(?:and\s+)?|\s+and\s+|\s+or\s+")
_PHRASE_NOISE = re.compile(r"^(?:and|or|both|the|a|an|early hints of|change in|rate of|rates of|proportion of|assessment of|to (?:assess|evaluate|determine))\s+", re.IGNORECASE)


def declared_endpoints(text: TrialText) -> list[DraftEndpoint]:
    """Declared endpoints of the trial's passages, each code once, the higher rank kept."""
    found: dict[str, DraftEndpoint] = {}
    folded = text.reading.folded
    for number, passage in text.passages:
        if not _DECLARED.search(folded, *passage):
            continue
        for match in _DECLARED.finditer(folded, *passage):
            rank = _rank(match.group())
            for claim in _named_endpoints(folded, passage, match):
                key = str(claim.value).casefold()
                rank_claim = Claim(rank.value, (TextSpan(*match.span()),), Support.CUE, "rank wording")
                if key not in found or (rank is EndpointRank.PRIMARY and found[key].rank.value != "PRIMARY"):
                    found[key] = DraftEndpoint(claim, rank_claim)
        _ = number
    return list(found.values())


_GOES_ON = re.compile(r" ?(?:and|but|neither|with|which|as|although|while|so|in|at)\b")
_MERELY_NAMED = re.compile(r"\b(?:[Ff]or|[Oo]n|[Mm]et|[Mm]issed|[Hh]it|[Rr]each\w*|[Aa]chiev\w*) (?:both |all |its |the |their )*$")


def _rank(words: str) -> EndpointRank:
    lowered = words.lower()
    if "secondary" in lowered:
        return EndpointRank.SECONDARY
    for word, rank in _OTHER_RANKS.items():
        if word in lowered:
            return rank
    return EndpointRank.PRIMARY


def _named_endpoints(folded: str, passage: TextSpan, match: re.Match[str]) -> list[Claim]:
    sentence_start = max(folded.rfind(". ", passage.start, match.start()) + 2, passage.start)
    apposed = _apposed(folded, sentence_start, match)
    if apposed:
        return apposed
    after = _AFTER.match(folded, match.end(), passage.end)
    if after and _GOES_ON.match(folded, after.end() - 1 if after.group().endswith(" ") else after.end()):
        after = None
    if after and _MERELY_NAMED.search(folded, sentence_start, match.start()):
        stop = _STOP.search(folded, after.end(), min(passage.end, after.end() + 60))
        mentions = find_endpoints(folded, TextSpan(after.end(), stop.start() if stop else min(passage.end, after.end() + 60)))
        return _unique(mentions[:1])
    if after:
        stop = _STOP.search(folded, after.end(), passage.end)
        region = TextSpan(after.end(), stop.start() if stop else passage.end)
        claims = _claims_in(folded, region, allow_phrases=True)
        if claims:
            return claims
    before = _BEFORE.search(folded, sentence_start, match.start())
    if before:
        clause = max((folded.rfind(mark, sentence_start, before.start()) + 1 for mark in (";", ".")), default=sentence_start)
        region = TextSpan(max(clause, sentence_start), before.start())
        mentions = find_endpoints(folded, region)
        if mentions:
            return _trailing(folded, mentions, region, both=_BOTH.search(match.group()) is not None or match.group().lower().endswith("s"))
        return _claims_in(folded, region, allow_phrases=len(folded[region.start : region.end].split()) <= 9 and region.start == sentence_start)
    lead = folded[sentence_start : match.start()]
    if re.search(r"\b(?:met|missed|hit|improved)\b", lead) is None:
        return []
    return []


_APPOSED = re.compile(r",\s(?:both |also |the |an? |its |their |one of the |the study's |the trial's )*$|\s(?:was|were|is|are|served as)\s(?:both |also |the |an? |its |their |one of the )*$", re.IGNORECASE)
_NOUN_PHRASE = re.compile(r"(?:^|[.;:,]\s|\b(?:[Tt]he|[Aa]n?)\s)(?P<phrase>[A-Za-z][\w/-]*(?: (?!was\b|were\b|is\b|the\b|had\b)[\w/-]+){0,6})$")


def _apposed(folded: str, start: int, match: re.Match[str]) -> list[Claim]:
    """"Overall survival, the key secondary endpoint, is ..." and "PFS was the primary endpoint"."""
    before = _APPOSED.search(folded, start, match.start())
    if before is None:
        return []
    region = TextSpan(max(start, before.start() - 120), before.start())
    mentions = find_endpoints(folded, region)
    several = _BOTH.search(match.group()) is not None or match.group().lower().endswith("s")
    if mentions and before.start() - mentions[-1].span.end <= 14:
        return _trailing(folded, mentions, region, both=several)
    follows = folded[match.end() : match.end() + 2]
    if before.group().startswith(",") and not follows.startswith(","):
        return []
    phrase = _NOUN_PHRASE.search(folded[region.start : region.end])
    if phrase is None or mentions:
        return []
    span = TextSpan(region.start + phrase.start("phrase"), region.start + phrase.end("phrase"))
    if not 1 <= len(span.of(folded).split()) <= 7 or span.of(folded).lower() in ("it", "this", "that", "which", "these"):
        return []
    return [Claim(span.of(folded).lower(), (span,), Support.QUOTED, "phrase beside the declaration")]


_VERB_FIRST = re.compile(r"(?:was|were|is|are|has|had|will|leaned|gives?|came|reached|did|does|still|met|also|not)\b", re.IGNORECASE)


def _trailing(folded: str, mentions: list[EndpointMention], region: TextSpan, *, both: bool) -> list[Claim]:
    """The mention next to the declaration, and those listed with it."""
    chosen = [mentions[-1]]
    if both:
        for mention in reversed(mentions[:-1]):
            gap = folded[mention.span.end : chosen[-1].span.start]
            if re.fullmatch(r"(?:\s?\([^)]{0,12}\))?(?:,|\s?and|, and|\s?\([^)]*\) and)?\s?(?:[\w-]+-assessed )?(?:the )?(?:\([A-Z]+\))?\s?", gap):
                chosen.append(mention)
    return _unique(list(reversed(chosen)))


def _unique(mentions: list[EndpointMention]) -> list[Claim]:
    claims: dict[str, Claim] = {}
    for mention in mentions:
        phrase = mention.as_phrase()
        claims.setdefault(phrase.value, Claim(phrase.value, (phrase.span,), Support.QUOTED, "endpoint vocabulary"))
    return list(claims.values())


def _claims_in(folded: str, region: TextSpan, *, allow_phrases: bool) -> list[Claim]:
    mentions = find_endpoints(folded, region)
    if mentions:
        return _unique(mentions)
    if not allow_phrases:
        return []
    claims: list[Claim] = []
    start = region.start
    text = folded[region.start : region.end]
    for piece in _pieces(text):
        words = piece.group().strip(" ,.:")
        if not words or len(words.split()) > 8 or not re.search(r"[A-Za-z]{3}", words):
            continue
        offset = start + piece.start() + piece.group().index(words)
        noise = _PHRASE_NOISE.match(words)
        while noise:
            offset, words = offset + noise.end(), words[noise.end() :]
            noise = _PHRASE_NOISE.match(words)
        if words:
            span = TextSpan(offset, offset + len(words))
            claims.append(Claim(words.lower(), (span,), Support.QUOTED, "declared phrase"))
    return claims


def _pieces(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?:(?!, |\sand\s|\sor\s).)+", text))
