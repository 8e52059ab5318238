"""Endpoint mentions: vocabulary wordings, grades of adverse events, and plain noun phrases as endpoints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from summarizer.reading.estimates.model import Phrase
from summarizer.reading.phrases import PhraseTable, Token, read_rows, split_wordings, tokenize
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


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
    grade: TextSpan | None = None
    """The words that restrict it to grade 3 or higher."""

    def as_phrase(self, rule: str = "endpoint vocabulary") -> Phrase:
        """The endpoint as the record names it, with grade and adverse-event prefixes."""
        code = self.code
        if self.kind is EndpointKind.ADVERSE_EVENT:
            code = f"{'G3_AE' if self.grade else 'AE'}:{code}"
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
        wordings.extend((wording, (wording.lower(), EndpointKind.ADVERSE_EVENT)) for wording in (term, *split_wordings(others)))
    return PhraseTable(wordings)


_GRADE = re.compile(
    r"\b[Gg]rades? ?(?:(?:\u2265|>=|>|at least) ?3|(?:3|[Tt]hree|III) ?(?:or|and) ?(?:higher|worse|greater|above|more|over|4|5)"
    r"|3 ?(?:/|-|to) ?(?:4|5)|3\+|(?:\u2265|>=) ?III|III ?(?:/|-) ?IV|3)"
)
_GRADED_EVENTS = re.compile(
    r"(?: (?:treatment-emergent |treatment-related |drug-related |any-cause |or worse |or higher )*)(?P<events>events?|toxicit(?:y|ies)|reactions?|side effects)\b"
)
_RELATED = re.compile(r"treatment-related|drug-related|related to (?:the )?(?:study )?(?:treatment|drug)", re.IGNORECASE)
_GRADE_REACH = 60


def find_endpoints(folded: str, span: TextSpan, tokens: Sequence[Token] | None = None) -> list[EndpointMention]:
    """Endpoint mentions of one sentence, in text order, grades attached."""
    words = tokenize(folded, *span) if tokens is None else tokens
    mentions = [
        EndpointMention(match.payload[0], match.payload[1], match.span) for match in _table().find(folded, words)
    ]
    grades = [TextSpan(*match.span()) for match in _GRADE.finditer(folded, *span)]
    if not grades:
        return mentions
    graded = [_with_grade(mention, grades, folded, span) for mention in mentions]
    for grade in grades:
        match = _GRADED_EVENTS.match(folded, grade.end, span.end)
        if match and not any(mention.span.overlaps(TextSpan(*match.span("events"))) for mention in graded):
            code = "TRAE" if _RELATED.search(match.group()) else "AE"
            graded.append(EndpointMention(code, EndpointKind.SAFETY, TextSpan(*match.span("events")), grade))
    return sorted(graded, key=lambda mention: mention.span)


def _with_grade(
    mention: EndpointMention, grades: Sequence[TextSpan], folded: str, sentence: TextSpan
) -> EndpointMention:
    if mention.kind not in (EndpointKind.SAFETY, EndpointKind.ADVERSE_EVENT):
        return mention
    if mention.code not in ("AE", "TRAE") and mention.kind is EndpointKind.SAFETY:
        return mention
    for grade in grades:
        gap_before = folded[grade.end : mention.span.start] if grade.end <= mention.span.start else None
        gap_after = folded[mention.span.end : grade.start] if mention.span.end <= grade.start else None
        if gap_before is not None and (len(gap_before) <= _GRADE_REACH or mention.kind is EndpointKind.ADVERSE_EVENT):
            if "any grade" not in gap_before and ". " not in gap_before:
                return EndpointMention(mention.code, mention.kind, mention.span, grade)
        if gap_after is not None and len(gap_after) <= 15 and not any(char in gap_after for char in ";.,%"):
            return EndpointMention(mention.code, mention.kind, mention.span, grade)
    return mention


_RATE_PHRASE = re.compile(
    r"(?:\b(?:the|an?|their|its|whose|overall|estimated|confirmed) )?(?P<phrase>(?:[A-Za-z0-9][\w+/-]* ){1,4}(?:rates?|score|index|level|count|proportion|percentage))"
    r"(?: (?:was|were|of|came|at|reached|stood|rose|fell|by|with|in)\b|:|,|\s?\()"
)
_RECEIVED = re.compile(
    r"^(?: \([^)]{0,60}\))?(?: of (?:them|these|the|those|all|patients|participants|people|women|men)[^,;.]{0,40}?)? "
    r"(?:received|underwent|required|needed|achieved|reached|attained|maintained|reported|experienced|had|were) "
    r"(?P<phrase>[a-z][\w+-]*(?: [a-z][\w+-]*){0,3})"
)
_LEAD_IN = re.compile(r"(?:^|[,;:.(]|\band\b|\bwhile\b|\bat\b)\s*(?:the |an? |for )?(?P<phrase>[A-Za-z][\w+-]*(?: [\w+-]+){0,4}?)\s*(?:was|were|of|at|:|,)?\s*$")
_PHRASE_STOP = frozenset(
    "the a an and or with in of was were for to at by from hazard ratio hr odds relative difference median mean rate rates vs versus patients"
    " respectively confidence interval corresponding figures figure values value which that this these those adjusted nominal estimated"
    " data cutoff follow-up it they he she result results again still not only also but as than".split()
)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def phrase_after(folded: str, start: int, end: int) -> Phrase | None:
    """"83.3% received local excisions" -> ``local excision``."""
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
    """"the resection rate was" -> ``resection rate``; "breast symptoms 0.59" -> ``breast symptoms``."""
    last = None
    for match in _RATE_PHRASE.finditer(folded, start, end):
        last = match
    if last is not None:
        return _trimmed(folded, TextSpan(*last.span("phrase")), "noun phrase with rate")
    return None


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
    if not words or words[-1].group().lower() in ("rate", "rates") and len(words) == 1:
        return None
    low, high = span.start + words[0].start(), span.start + words[-1].end()
    value = folded[low:high].lower()
    if value.endswith("rates"):
        value = value[:-1]
    return Phrase(value, TextSpan(low, high), rule)
