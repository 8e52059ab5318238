"""Number what a model may point at: sentences, estimates, patient counts; and write a passage with those numbers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from summarizer.reading.blocks import BlockKind
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.mentions.model import PatientCount
from summarizer.reading.reader import Reading
from summarizer.text import TextSpan

_COUNT = re.compile(
    r"\b[nN] ?= ?(?P<size>\d{1,3}(?:,\d{3})+|\d{1,6})\b"
    r"|(?<![\w.,$-])(?P<people>\d{1,3}(?:,\d{3})+|\d{1,6})"
    r"(?=(?: [a-z][\w/-]*){0,3}? (?:patients|participants|people|adults|women|men|children|individuals|subjects"
    r"|volunteers|persons)\b|-(?:patient|participant|person)\b)"
)

_LONGEST_COUNT = len("999,999,999")
"""A longer number counts no patients, and Python refuses to read one of 4,300 digits."""


@dataclass(frozen=True, slots=True)
class NumberedCount:
    """A number of patients that may be an enrolment or the size of an arm."""

    id: int
    value: int
    span: TextSpan
    worded: PatientCount | None
    """The reading's own count at this place, where its words speak of enrolling."""


@dataclass(frozen=True)
class Numbering:
    """The ids of one article; sentences and estimates have those of the reading."""

    reading: Reading

    @cached_property
    def counts(self) -> tuple[NumberedCount, ...]:
        """Patient counts in text order, numbered from 0."""
        known = {count.span: count for mentions in self.reading.mentions for count in mentions.counts}
        taken = {
            count.span
            for estimate in self.reading.estimates
            for count in (estimate.numerator, estimate.denominator)
            if count is not None
        }
        spans = set(known) | {TextSpan(*m.span(m.lastgroup or 0)) for m in _COUNT.finditer(self.reading.folded)}
        free = _apart([span for span in spans if span.end - span.start <= _LONGEST_COUNT], taken)
        return tuple(
            NumberedCount(place, int(span.of(self.reading.folded).replace(",", "")), span, known.get(span))
            for place, span in enumerate(free)
        )

    @cached_property
    def _marks(self) -> dict[int, list[tuple[int, str]]]:
        """Sentence number -> (offset, mark), in text order."""
        marks: dict[int, list[tuple[int, str]]] = {}
        for estimate in self.reading.estimates:
            marks.setdefault(estimate.sentence, []).append((estimate.value_span.start, f"{{E{estimate.id}}}"))
        for count in self.counts:
            number = self.reading.sentence_at(count.span.start)
            marks.setdefault(number, []).append((count.span.start, f"{{C{count.id}}}"))
        return {number: sorted(found) for number, found in marks.items()}

    def estimate(self, number: int) -> Estimate | None:
        """The estimate with this id, or None."""
        return self.reading.estimates[number] if 0 <= number < len(self.reading.estimates) else None

    def count(self, number: int) -> NumberedCount | None:
        """The patient count with this id, or None."""
        return self.counts[number] if 0 <= number < len(self.counts) else None

    def line(self, number: int) -> str:
        """One sentence on one line: its number, a sign for headings and tables, its words with the marks."""
        sentence = self.reading.sentences[number]
        pieces: list[str] = []
        start = sentence.start
        for offset, mark in self._marks.get(number, ()):
            pieces += [harmless(self.reading.article.text[start:offset]), mark]
            start = offset
        pieces.append(harmless(self.reading.article.text[start : sentence.end]))
        words = " ".join("".join(pieces).split())
        return f"S{number}{_SIGNS.get(sentence.kind, '')} {words}"


_SIGNS = {BlockKind.HEADING: "#", BlockKind.TABLE_ROW: "|"}
_BRACES = str.maketrans("{}\uff5b\uff5d", "()()")
_TAG = re.compile(
    r"<(?=[/!?|\uff5c]?[A-Za-z|\uff5c])|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_[A-Z]+)\])", re.IGNORECASE
)
"""Where a tag starts: the article's own fence, HTML, or a sign by which a model knows whose turn it is."""


def harmless(words: str) -> str:
    """The article's own braces must not pass for marks, nor its tags for the fence or for another speaker.

    Servers of local models read such a tag as the sign itself, wherever it stands. "P <.001" is none.
    """
    return _TAG.sub("(", words.translate(_BRACES))


def _apart(spans: Iterable[TextSpan], taken: Iterable[TextSpan]) -> list[TextSpan]:
    """The spans that overlap none of those taken, in text order; none of the taken overlaps another."""
    borders = sorted(taken)
    kept: list[TextSpan] = []
    for span in sorted(spans):
        place = bisect_right(borders, span)
        beside = borders[max(0, place - 1) : place + 1]
        if not any(span.overlaps(other) for other in beside):
            kept.append(span)
    return kept
