"""Endpoint mentions: vocabulary wordings and grades of adverse events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from summarizer.reading.estimates.endpoint_composition import compose
from summarizer.reading.estimates.endpoint_mentions import EndpointKind, EndpointMention
from summarizer.reading.estimates.instruments import find_instruments
from summarizer.reading.phrases import PhraseTable, Token, read_rows, split_wordings, tokenize
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


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
_GRADE_REACH = 60
_ANY_GRADE = re.compile(r" (?:of |at )?any grade", re.IGNORECASE)


def find_endpoints(folded: str, span: TextSpan, tokens: Sequence[Token] | None = None) -> list[EndpointMention]:
    """Endpoint mentions of one sentence, in text order, grades attached."""
    words = tokenize(folded, *span) if tokens is None else tokens
    mentions = [
        EndpointMention(match.payload[0], match.payload[1], span, span.of(folded).lower())
        for match in _table().find(folded, words)
        for span in (_closed(folded, match.span),)
    ]
    instruments = find_instruments(folded, span, mentions)
    mentions = [mention for mention in mentions if not any(other.span.covers(mention.span) for other in instruments)]
    mentions = sorted([*mentions, *instruments], key=lambda mention: mention.span)
    mentions = compose(folded, span, mentions)
    grades = [TextSpan(*match.span()) for match in _GRADE.finditer(folded, *span)]
    if not grades:
        return mentions
    graded = [_with_grade(mention, grades, folded) for mention in mentions]
    for grade in grades:
        match = _GRADED_EVENTS.match(folded, grade.end, span.end)
        again = None if match else _graded_again(folded, grade, graded)
        if again is not None and not any(mention.grade == grade for mention in graded):
            graded.append(again)
        if match and not any(mention.span.overlaps(TextSpan(*match.span("events"))) for mention in graded):
            code = "TRAE" if _RELATED.search(match.group()) else "AE"
            graded.append(
                EndpointMention(
                    code, EndpointKind.SAFETY, TextSpan(*match.span("events")), match["events"].lower(), grade
                )
            )
    return sorted(graded, key=lambda mention: mention.span)


def _closed(folded: str, span: TextSpan) -> TextSpan:
    """The span with the bracket that its last word opens: "lipoprotein(a)"."""
    words = span.of(folded)
    is_open = words.count("(") > words.count(")") and folded[span.end : span.end + 1] == ")"
    return TextSpan(span.start, span.end + 1) if is_open else span


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
