"""Endpoint mentions: vocabulary wordings, grades of adverse events, and plain noun phrases as endpoints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from summarizer.reading.estimates.model import Phrase
from summarizer.reading.phrases import PhraseTable, Token, read_rows, split_wordings, tokenize
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


CODES = frozenset(
    "OS PFS PFS2 rPFS EFS DFS RFS IDFS DMFS MFS TTP TTR TTNT DOR ORR CR PR SD PD DCR CBR pCR MPR MRD VGPR AE TRAE SAE"
    " G3_AE G3_TRAE DISCONTINUATION DEATH".split()
)
"""Endpoint codes of the record; every other endpoint is named as the text words it."""


class EndpointKind(StrEnum):
    """What kind of number an endpoint usually has."""

    TIME = "TIME"
    RESPONSE = "RESPONSE"
    SAFETY = "SAFETY"
    MEASURE = "MEASURE"
    EVENT = "EVENT"
    ADVERSE_EVENT = "ADVERSE_EVENT"
    PHRASE = "PHRASE"


@dataclass(frozen=True, slots=True)
class EndpointMention:
    """An endpoint wording in the text."""

    code: str
    """Code or canonical phrase; named adverse events without their prefix."""
    kind: EndpointKind
    span: TextSpan
    words: str
    """The wording in the text, lower case: what the record gives where there is no code."""
    grade: TextSpan | None = None
    """The words that restrict it to grade 3 or higher."""

    def as_phrase(self, rule: str = "endpoint vocabulary") -> Phrase:
        """The endpoint as the record names it, with grade and adverse-event prefixes."""
        code = self.code if self.code in CODES or _CHANGE_NOUN.search(self.words) else self.words
        if self.kind is EndpointKind.ADVERSE_EVENT:
            code = f"{'G3_AE' if self.grade else 'AE'}:{_EVENT_WORD.sub('', self.words)}"
        elif self.grade and code in ("AE", "TRAE"):
            code = f"G3_{code}"
        return Phrase(code, self.span if self.grade is None else self.span.joined(self.grade), rule)


@cache
def _table() -> PhraseTable[tuple[str, EndpointKind]]:
    wordings: list[tuple[str, tuple[str, EndpointKind]]] = []
    for code, kind, cell in read_rows(_VOCABULARY, "endpoints.tsv"):
        wordings.extend((wording, (code, EndpointKind(kind))) for wording in split_wordings(cell))
    for row in read_rows(_VOCABULARY, "adverse_events.tsv"):
        term, others = row[0], row[1] if len(row) > 1 else ""
        wordings.extend(
            (wording, (wording.lower(), EndpointKind.ADVERSE_EVENT)) for wording in (term, *split_wordings(others))
        )
    return PhraseTable(wordings)


_GRADE = re.compile(
    r"\b[Gg]rades? ?(?:(?:\u2265|>=|>|at least) ?3|(?:3|[Tt]hree|III) ?(?:or|and) ?"
    r"(?:higher|worse|greater|above|more|over|4|5)"
    r"|3 ?(?:/|-|to) ?(?:4|5)|3\+|(?:\u2265|>=) ?III|III ?(?:/|-) ?IV|3)"
)
_GRADED_EVENTS = re.compile(
    r"(?: (?:treatment-emergent |treatment-related |drug-related |any-cause |or worse |or higher )*)"
    r"(?P<events>events?|toxicit(?:y|ies)|reactions?|side effects)\b"
)
_RELATED = re.compile(
    r"treatment-related|drug-related|related to (?:the )?(?:study )?(?:treatment|drug)", re.IGNORECASE
)
_CHANGE_NOUN = re.compile(r"^(?:weight|mean body weight|bodyweight)$|\b(?:loss|reductions?)$")
_GRADE_REACH = 60
_ANY_GRADE = re.compile(r" (?:of |at )?any grade", re.IGNORECASE)
_EVENT_WORD = re.compile(r" (?:adverse )?events?$")


def find_endpoints(folded: str, span: TextSpan, tokens: Sequence[Token] | None = None) -> list[EndpointMention]:
    """Endpoint mentions of one sentence, in text order, grades attached."""
    words = tokenize(folded, *span) if tokens is None else tokens
    mentions = [
        EndpointMention(match.payload[0], match.payload[1], match.span, match.span.of(folded).lower())
        for match in _table().find(folded, words)
    ]
    grades = [TextSpan(*match.span()) for match in _GRADE.finditer(folded, *span)]
    if not grades:
        return mentions
    graded = [_with_grade(mention, grades, folded) for mention in mentions]
    for grade in grades:
        if any(mention.grade == grade for mention in graded):
            continue
        again = _graded_again(folded, grade, graded)
        if again is not None:
            graded.append(again)
            continue
        match = _GRADED_EVENTS.match(folded, grade.end, span.end)
        if match and not any(mention.span.overlaps(TextSpan(*match.span("events"))) for mention in graded):
            code = "TRAE" if _RELATED.search(match.group()) else "AE"
            graded.append(
                EndpointMention(
                    code, EndpointKind.SAFETY, TextSpan(*match.span("events")), match["events"].lower(), grade
                )
            )
    return sorted(graded, key=lambda mention: mention.span)


_EVENTS_OF = re.compile(r"\b(?P<events>events?|toxicit(?:y|ies)|reactions?) of $", re.IGNORECASE)
_OF_GRADE = re.compile(r"\b(?:of|and|was|were|with) (?:of )?$|[,(] ?$")
_AFTER_GRADE = re.compile(r" (?:in|for|events? in)\b|[,:]|\s?\(| (?:occurred|were|was)\b")


def _graded_again(folded: str, grade: TextSpan, mentions: Sequence[EndpointMention]) -> EndpointMention | None:
    """A grade that itself stands for the event: "Events of grade 3 or higher", "... and was of grade 3 or 4 in 35"."""
    before = folded[max(0, grade.start - 24) : grade.start]
    events = _EVENTS_OF.search(before)
    if events is not None:
        start = grade.start - len(before) + events.start("events")
        return EndpointMention("AE", EndpointKind.SAFETY, TextSpan(start, grade.end), events["events"].lower(), grade)
    if not _OF_GRADE.search(before) or not _AFTER_GRADE.match(folded, grade.end):
        return None
    earlier = [
        m
        for m in mentions
        if m.span.end <= grade.start and (m.kind is EndpointKind.ADVERSE_EVENT or m.code in ("AE", "TRAE"))
    ]
    return replace(earlier[-1], span=grade, grade=grade) if earlier else None


def _with_grade(mention: EndpointMention, grades: Sequence[TextSpan], folded: str) -> EndpointMention:
    if mention.kind not in (EndpointKind.SAFETY, EndpointKind.ADVERSE_EVENT):
        return mention
    if mention.code not in ("AE", "TRAE") and mention.kind is EndpointKind.SAFETY:
        return mention
    any_grade = _ANY_GRADE.match(folded, mention.span.end) is not None
    for grade in grades:
        gap_before = folded[grade.end : mention.span.start] if grade.end <= mention.span.start else None
        gap_after = folded[mention.span.end : grade.start] if mention.span.end <= grade.start else None
        if (
            gap_before is not None
            and (len(gap_before) <= _GRADE_REACH or mention.kind is EndpointKind.ADVERSE_EVENT)
            and not any(mark in gap_before for mark in ("any grade", ". ", ";"))
            and not any_grade
        ):
            return replace(mention, grade=grade)
        if gap_after is not None and len(gap_after) <= 15 and not any(char in gap_after for char in ";.,%"):
            return replace(mention, grade=grade)
    return mention


_RATE_PHRASE = re.compile(
    r"(?:\b(?:the|an?|their|its|whose|overall|estimated|confirmed) )?"
    r"(?P<phrase>(?:[A-Za-z0-9][\w+/-]* ){1,4}(?:rates?|score|index|level|count|proportion|percentage))"
    r"(?: (?:was|were|of|came|at|reached|stood|rose|fell|dropped|improved|declined|decreased|increased|changed|by"
    r"|with|in|from)\b|:|,|\s?\()"
)
_RECEIVED = re.compile(
    r"^(?: \([^)]{0,60}\))?(?: of (?:them|these|the|those|all|patients|participants|people|women|men)[^,;.]{0,40}?)? "
    r"(?:received|underwent|required|needed|achieved|reached|attained|maintained|reported|experienced|had|were) "
    r"(?P<phrase>[a-z][\w+-]*(?: [a-z][\w+-]*){0,3})"
)
_LEAD_IN = re.compile(
    r"(?:^|[,;:.(]|\band\b|\bwhile\b|\bat\b)\s*(?:the |an? |for )?(?P<phrase>[A-Za-z][\w+-]*(?: [\w+-]+){0,4}?)\s*"
    r"(?:was|were|of|at|:|,)?\s*$"
)
_PHRASE_STOP = frozenset(
    "the a an and or with in of was were for to at by from hazard ratio hr odds relative difference median mean rate"
    " rates vs versus patients respectively confidence interval corresponding figures figure values value which that"
    " this these those adjusted nominal estimated data cutoff follow-up it they he she result results again still not"
    " only also but as than".split()
)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def phrase_after(folded: str, start: int, end: int) -> Phrase | None:
    """What patients received: "83.3% received local excisions" -> ``local excision``."""
    match = _RECEIVED.match(folded, start, end)
    if match is None:
        match = _RECEIVED.match(folded[start:end])
        if match is None:
            return None
        low, high = start + match.start("phrase"), start + match.end("phrase")
    else:
        low, high = match.span("phrase")
    words = folded[low:high].lower().split()
    kept: list[str] = []
    for word in words:
        if word in _PHRASE_STOP:
            break
        kept.append(word)
    if not kept:
        return None
    length = len(" ".join(kept))
    kept[-1] = _singular(kept[-1])
    return Phrase(" ".join(kept), TextSpan(low, low + length), "verb phrase after the value")


def phrase_before(folded: str, start: int, end: int) -> Phrase | None:
    """The words before a value: "the resection rate was" -> ``resection rate``."""
    last = None
    for match in _RATE_PHRASE.finditer(folded, start, end):
        last = match
    if last is not None:
        return _trimmed(folded, TextSpan(*last.span("phrase")), "noun phrase with rate")
    return None


_AT_RISK = re.compile(
    r"\b(?:risk|odds|likelihood|rate|chance|hazard) of (?:an? |the |any |having |developing |experiencing )?"
    r"(?P<phrase>[a-z][\w/-]*(?: [\w/-]+){0,6}?)(?= (?:by|was|were|fell|among|in|with|compared|vs|versus|for|at|on"
    r"|than)\b|[,;.(]|$)"
)


def phrase_at_risk(folded: str, clause: TextSpan, value: TextSpan) -> Phrase | None:
    """What there is a risk of: "cut the risk of major kidney events by 24%" -> ``major kidney events``."""
    found: re.Match[str] | None = None
    for match in _AT_RISK.finditer(folded, *clause):
        if match.start() > value.end + 60 or (found is not None and match.start() > value.start):
            break
        found = match
    return None if found is None else _trimmed(folded, TextSpan(*found.span("phrase")), "what the risk is of")


_SUBJECT = re.compile(
    r"(?:^|[.;:,]\s|\band\s|\bwhile\s)(?P<phrase>[A-Za-z][\w+-]*(?: [\w+/.<>\u2264\u2265-]+){0,6}?) (?:was|were) "
    r"(?:also )?"
    r"(?:needed|required|performed|done|reported|seen|observed|recorded|noted|found|reached|achieved|given"
    r"|documented|detected)(?: \w+)? (?:in|by|for) (?:just |only |about |roughly )?$"
)


def phrase_subject(folded: str, start: int, end: int) -> Phrase | None:
    """The subject of a clause: "Radical cystectomy was needed in 5.8%" -> ``radical cystectomy``."""
    low = max(start, end - 140)
    match = _SUBJECT.search(folded[low:end])
    if match is None:
        return None
    return _trimmed(folded, TextSpan(low + match.start("phrase"), low + match.end("phrase")), "subject of the sentence")


def phrase_leading(folded: str, start: int, end: int) -> Phrase | None:
    """The words directly before a ratio in a list of ratios: "arm symptoms 0.69"."""
    match = _LEAD_IN.search(folded, max(start, end - 80), end)
    if match is None:
        return None
    return _trimmed(folded, TextSpan(*match.span("phrase")), "words before the value")


def _trimmed(folded: str, span: TextSpan, rule: str) -> Phrase | None:
    words = list(re.finditer(r"\S+", folded[span.start : span.end]))
    while words and words[0].group().lower() in _PHRASE_STOP:
        words.pop(0)
    while words and words[-1].group().lower() in _PHRASE_STOP - {"rate", "rates"}:
        words.pop()
    if not words or (words[-1].group().lower() in ("rate", "rates") and len(words) == 1):
        return None
    low, high = span.start + words[0].start(), span.start + words[-1].end()
    value = folded[low:high].lower()
    if value.endswith("rates"):
        value = value[:-1]
    return Phrase(value, TextSpan(low, high), rule)
