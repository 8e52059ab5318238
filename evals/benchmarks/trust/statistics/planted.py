"""A planted inconsistency: a text, what is wrong with it, and whether the right flag stands at the right row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from summarizer.article import Article
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.pipeline import summarize_article
from summarizer.schemas import Flag, Span, Summary


class Source(StrEnum):
    """Where the figures come from."""

    ARTICLE = "labelled articles"
    WRITTEN = "written reports"
    ROW = "rows"


class Kind(StrEnum):
    """What is planted."""

    MOVED = "interval excludes the estimate"
    REVERSED = "bounds reversed"
    P_VALUE = "P against interval"
    PERCENTAGE = "percentage against counts"
    MEDIANS = "hazard ratio against medians"
    ARMS = "arms against total"
    OFF_CENTRE = "one figure of an interval changed"


CODES = {
    Kind.MOVED: frozenset({"ci-excludes-estimate"}),
    Kind.REVERSED: frozenset({"ci-bounds-reversed"}),
    Kind.P_VALUE: frozenset({"p-against-ci"}),
    Kind.PERCENTAGE: frozenset({"percentage-against-counts"}),
    Kind.MEDIANS: frozenset({"hr-against-medians"}),
    Kind.ARMS: frozenset({"arms-against-enrollment"}),
    Kind.OFF_CENTRE: frozenset({"ci-off-centre", "ci-excludes-estimate", "ci-bounds-reversed"}),
}
"""Flags of which one must stand there."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One inconsistency in one text."""

    kind: Kind
    size: str
    """How far the figures are apart, in words."""
    is_gross: bool
    """True when it can be no matter of rounding, chance or another model."""
    source: Source
    text: str
    place: int
    """Offset of the figure that the flag must be about."""
    words: str
    """What was done, for the list of misses."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one."""

    planted: Planted
    is_found: bool


def summarize_text(text: str) -> Summary:
    """What the rules say of a text."""
    return summarize_article(Article(text), RulesExtractor(), reason="benchmark")


def judge(planted: Iterable[Planted]) -> list[Outcome]:
    """Put each through the product."""
    return [Outcome(item, _is_found(item)) for item in planted]


def _is_found(planted: Planted) -> bool:
    summary = summarize_text(planted.text)
    return any(
        flag.code in CODES[planted.kind] and any(span.start <= planted.place < span.end for span in spans)
        for flag, spans in ((flag, spans_of(summary, flag)) for flag in summary.flags)
    )


def spans_of(summary: Summary, flag: Flag) -> Sequence[Span]:
    """Where the figure stands that a flag is about."""
    return summary.evidence.get(f"{flag.pointer}/value") or summary.evidence.get(flag.pointer) or ()
