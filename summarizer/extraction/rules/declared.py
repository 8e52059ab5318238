"""Endpoints that the text declares as primary, secondary or other."""

from __future__ import annotations

import re

from summarizer.extraction.draft import Claim, DraftEndpoint
from summarizer.extraction.rules.attributes import TrialText
from summarizer.reading.estimates.endpoint_mentions import EndpointMention
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.schemas import EndpointRank, Support
from summarizer.text import TextSpan

_NOUN = r"(?:end-? ?points?|outcome measures?|outcomes?|goals?|aims?|objectives?|measures?)"
_DECLARED = re.compile(
    r"\b(?P<rank>(?:alternate |co-?|dual[- ]|two )?primary|main|major|(?:key )?secondary|exploratory|additional)"
    rf"(?: efficacy| safety| composite| outcome)* {_NOUN}\b|\bthe main question\b|\bthe yardstick\b"
    r"|(?:(?<=\bis )|(?<=\bare )|(?<=\bwas )|(?<=\bwere )|(?<=\bis a )|(?<=\bwas a )"
    r"|(?<=\bas a ))(?:key )?(?:primary|secondary)"
    r"(?: ones?)?(?=[,.;])",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\b(?:alternate |co-?|dual[- ])primary\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:\([^)]{0,30}\)\s*)?(?:of (?:the|this) (?:trial|study)\s*)?"
    r"(?:,|:|\s(?:was|were|is|are|include[sd]?|of|being|will be|consists? of|comprised?))\s?"
    r"(?:the |both |change in |improvement in )?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:,|\s(?:was|were|is|are|served as|as))\s(?:both |also |the |an? |its |their |one of the |the study's "
    r"|the trial's |the (?:two |dual )?)*$",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[.;(]|\b(?:was met|were met|met\b|missed|with|at the|in the|compared|versus|while|but"
    r"|and (?:the )?(?:key )?secondary|secondary|among|according|as (?:assessed|judged|determined)|which"
    r"|,? and (?:the )?[\w -]{3,40} (?:is|was|are|were) (?:a |the )?(?:key )?(?:secondary|primary)"
    r"|by (?:blinded|independent|investigator)|assessed|both read|known as)\b",
    re.IGNORECASE,
)
_OTHER_RANKS = {"exploratory": EndpointRank.OTHER, "additional": EndpointRank.OTHER}
_PHRASE_NOISE = re.compile(
    r"^(?:and|or|both|the|a|an|early hints of|change in|rate of|rates of|proportion of|assessment of"
    r"|to (?:assess|evaluate|determine))\s+",
    re.IGNORECASE,
)


def declared_endpoints(text: TrialText) -> list[DraftEndpoint]:
    """Declared endpoints of the trial's passages, each code once, the higher rank kept."""
    found: dict[str, DraftEndpoint] = {}
    folded = text.reading.folded
    for _, passage in text.passages:
        if not _DECLARED.search(folded, *passage):
            continue
        for match in _DECLARED.finditer(folded, *passage):
            rank = _rank(match.group())
            for claim in _named_endpoints(folded, passage, match):
                key = str(claim.value).casefold()
                rank_claim = Claim(rank.value, (TextSpan(*match.span()),), Support.CUE, "rank wording")
                if key not in found or (rank is EndpointRank.PRIMARY and found[key].rank.value != "PRIMARY"):
                    found[key] = DraftEndpoint(claim, rank_claim)
    return list(found.values())


_GOES_ON = re.compile(r" ?(?:and|but|neither|with|which|as|although|while|so|in|at)\b")
_MERELY_NAMED = re.compile(
    r"\b(?:[Ff]or|[Oo]n|[Mm]et|[Mm]issed|[Hh]it|[Rr]each\w*|[Aa]chiev\w*) (?:both |all |its |the |their )*$"
)


def _rank(words: str) -> EndpointRank:
    lowered = words.lower()
    if "secondary" in lowered:
        return EndpointRank.SECONDARY
    for word, rank in _OTHER_RANKS.items():
        if word in lowered:
            return rank
    return EndpointRank.PRIMARY


def _named_endpoints(folded: str, passage: TextSpan, match: re.Match[str]) -> list[Claim]:
    """The endpoints that a declaration names: beside it, after it or before it."""
    sentence_start = passage.start
    if _COPULA.search(folded, sentence_start, match.start()) is not None:
        told = _apposed(folded, sentence_start, match) or _named_before(folded, sentence_start, match)
        if told:
            return told
    apposed = _apposed(folded, sentence_start, match)
    if apposed:
        return apposed
    after = _named_after(folded, passage, sentence_start, match)
    return _named_before(folded, sentence_start, match) if after is None else after


_COPULA = re.compile(
    r"\s(?:was|were|is|are|served as)\s(?:both |also |the |an? |its |their |one of the |the study's |the trial's "
    r"|the two )*$",
    re.IGNORECASE,
)


def _named_after(folded: str, passage: TextSpan, sentence_start: int, match: re.Match[str]) -> list[Claim] | None:
    """Endpoints of "the primary endpoint was ..."; None where the words before the declaration decide."""
    after = _AFTER.match(folded, match.end(), passage.end)
    if after is None or _GOES_ON.match(folded, after.end() - 1 if after.group().endswith(" ") else after.end()):
        return None
    if _MERELY_NAMED.search(folded, sentence_start, match.start()):
        reach = min(passage.end, after.end() + 60)
        stop = _STOP.search(folded, after.end(), reach)
        return _unique(find_endpoints(folded, TextSpan(after.end(), stop.start() if stop else reach))[:1])
    stop = _STOP.search(folded, after.end(), passage.end)
    region = TextSpan(after.end(), stop.start() if stop else passage.end)
    plural = match.group().lower().endswith("s")
    return _claims_in(folded, region, allow_phrases=True, plural=plural) or None


def _named_before(folded: str, sentence_start: int, match: re.Match[str]) -> list[Claim]:
    """Endpoints of "... was the primary endpoint"."""
    before = _BEFORE.search(folded, sentence_start, match.start())
    if before is None:
        return []
    clause = max(folded.rfind(mark, sentence_start, before.start()) + 1 for mark in (";", "."))
    region = TextSpan(max(clause, sentence_start), before.start())
    mentions = find_endpoints(folded, region)
    if mentions:
        return _trailing(folded, mentions, both=_declares_several(match))
    short = len(region.of(folded).split()) <= 9
    return _claims_in(folded, region, allow_phrases=short and region.start == sentence_start)


def _declares_several(match: re.Match[str]) -> bool:
    return _BOTH.search(match.group()) is not None or match.group().lower().endswith("s")


_APPOSED = re.compile(
    r",\s(?:both |also |the |an? |its |their |one of the |the study's |the trial's )*$"
    r"|\s(?:was|were|is|are|served as)\s(?:both |also |the |an? |its |their |one of the )*$",
    re.IGNORECASE,
)
_ASSESSED = re.compile(
    r".{0,14}|(?:\s?\([^)]{1,14}\))?,? (?:by|as (?:assessed|judged|determined) by) [^,.;]{3,60}"
    r"|.{0,14} at \d+ (?:weeks|months|years)"
)
"""How an endpoint was assessed, between it and its rank."""
_NOUN_PHRASE = re.compile(
    r"(?:^|[.;:,]\s|\b(?:[Tt]he|[Aa]n?)\s)(?P<phrase>[A-Za-z][\w/-]*"
    r"(?: (?!was\b|were\b|is\b|the\b|had\b)[\w/-]+){0,6})$"
)


def _apposed(folded: str, start: int, match: re.Match[str]) -> list[Claim]:
    """Read "Overall survival, the key secondary endpoint, is ..." and "PFS was the primary endpoint"."""
    before = _APPOSED.search(folded, start, match.start())
    if before is None:
        return []
    region = TextSpan(max(start, before.start() - 120), before.start())
    mentions = find_endpoints(folded, region)
    if mentions and _ASSESSED.fullmatch(folded, mentions[-1].span.end, before.start()):
        return _trailing(folded, mentions, both=_declares_several(match))
    follows = folded[match.end() : match.end() + 2]
    if before.group().startswith(",") and not follows.startswith(","):
        return []
    phrase = _NOUN_PHRASE.search(folded[region.start : region.end])
    if phrase is None or mentions:
        return []
    span = TextSpan(region.start + phrase.start("phrase"), region.start + phrase.end("phrase"))
    words = span.of(folded).lower()
    if not 1 <= len(words.split()) <= 7 or words in ("it", "this", "that", "which", "these"):
        return []
    return [Claim(words, (span,), Support.QUOTED, "phrase beside the declaration")]


def _trailing(folded: str, mentions: list[EndpointMention], *, both: bool) -> list[Claim]:
    """The mention next to the declaration, and those listed with it."""
    chosen = [mentions[-1]]
    if both:
        for mention in reversed(mentions[:-1]):
            gap = folded[mention.span.end : chosen[-1].span.start]
            if re.fullmatch(
                r"(?:\s?\([^)]{0,12}\))?(?:,|\s?and|, and|\s?\([^)]*\) and)?\s?(?:[\w-]+-assessed )?(?:the )?"
                r"(?:\([A-Z]+\))?\s?",
                gap,
            ):
                chosen.append(mention)
    return _unique(list(reversed(chosen)))


def _unique(mentions: list[EndpointMention]) -> list[Claim]:
    claims: dict[str, Claim] = {}
    for mention in mentions:
        phrase = mention.as_phrase()
        claims.setdefault(phrase.value, Claim(phrase.value, (phrase.span,), Support.QUOTED, "endpoint vocabulary"))
    return list(claims.values())


_NO_ENDPOINT = re.compile(
    r"\b(?:said|says|disclosed|aired|announced|reported|presented|met|missed|was|were|has|had|have|will|is|are|first"
    r"|investigators|occurred|read|review|company|researchers|session|season|results|data)\b|\b(?:the|of|in|at|by|an?|its|their)$"
    r"|^(?:in|on|at|by|of|was|were|as|with|from)\b|\d$",
    re.IGNORECASE,
)


_SHORTEST_LIST = 2
"""Members that make a list, whose unlisted members are endpoints too: "overall survival, response and safety"."""


def _claims_in(folded: str, region: TextSpan, *, allow_phrases: bool, plural: bool = False) -> list[Claim]:
    mentions = find_endpoints(folded, region)
    if not allow_phrases:
        return _unique(mentions)
    claims = _unique(mentions)
    start = region.start
    text = folded[region.start : region.end]
    pieces = _pieces(text)
    if mentions and (len(pieces) < _SHORTEST_LIST or not plural):
        return claims
    for piece in pieces:
        place = TextSpan(start + piece.start(), start + piece.end())
        if any(mention.span.overlaps(place) for mention in mentions):
            continue
        words = piece.group().strip(" ,.:")
        if not words or len(words.split()) > 8 or not re.search(r"[A-Za-z]{3}", words):
            continue
        offset = start + piece.start() + piece.group().index(words)
        noise = _PHRASE_NOISE.match(words)
        while noise:
            offset, words = offset + noise.end(), words[noise.end() :]
            noise = _PHRASE_NOISE.match(words)
        if words and _NO_ENDPOINT.search(words) is None:
            span = TextSpan(offset, offset + len(words))
            claims.append(Claim(words.lower(), (span,), Support.QUOTED, "declared phrase"))
    return claims


def _pieces(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?:(?!, |\sand\s|\sor\s).)+", text))
