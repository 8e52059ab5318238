"""Where gold values and predictions stand in an article, cut into segments for a page that shows both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from summarizer.schemas import GoldCase, Summary

from .grounds import iterate_leaves
from .normalise import number_key
from .passages import locate

GOLD: Final = 1
"""Mark of a passage that holds a gold value."""
PREDICTED: Final = 2
"""Mark of a passage that a prediction cites."""
_QUOTED: Final = frozenset(
    {"name", "aliases", "registry_ids", "sponsors", "conditions", "biomarkers"}
    | {"interventions", "presented_at", "text"}
)
_NUMERIC: Final = frozenset({"value", "ci_low", "ci_high", "numerator", "denominator", "enrollment", "n", "p_value"})
_MIN_QUOTED: Final = 3
"""Shortest text that is looked for: shorter ones stand everywhere."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the article with one marking."""

    start: int
    """First character, 0-based."""
    text: str
    """The stretch."""
    marks: int
    """Sum of ``GOLD`` and ``PREDICTED``, or 0."""


def cut_segments(article: str, gold: GoldCase, summary: Summary | None) -> list[Segment]:
    """Cut an article where the marking changes."""
    edges: dict[int, list[tuple[int, int]]] = {0: [], len(article): []}
    predicted = _predicted_spans(summary, len(article)) if summary else ()
    for mark, spans in ((GOLD, gold_spans(gold, article)), (PREDICTED, predicted)):
        for start, end in spans:
            edges.setdefault(start, []).append((mark, 1))
            edges.setdefault(end, []).append((mark, -1))
    places = sorted(edges)
    open_spans = {GOLD: 0, PREDICTED: 0}
    segments: list[Segment] = []
    for start, end in pairwise(places):
        for mark, step in edges[start]:
            open_spans[mark] += step
        marks = sum(mark for mark, count in open_spans.items() if count)
        segments.append(Segment(start, article[start:end], marks))
    return segments


def gold_spans(gold: GoldCase, article: str) -> Iterator[tuple[int, int]]:
    """Every place of a gold value: quoted texts as they are, numbers as whole numbers.

    A gold file says what stands in the article, not where, so that a number may be marked at several places.
    """
    for pointer, value in iterate_leaves(gold):
        parts = [part for part in pointer.split("/")[1:] if not part.isdigit()]
        if "alternatives" in parts or parts[0] == "case":
            continue
        if parts[-1] in _NUMERIC:
            yield from _find_number(value, article)
        elif parts[-1] in _QUOTED and isinstance(value, str) and len(value) >= _MIN_QUOTED:
            yield from locate(value, article) if parts[-1] == "text" else _find_words(value, article)


def _find_number(value: object, article: str) -> Iterator[tuple[int, int]]:
    printed = value.lstrip("<>=≤≥ ") if isinstance(value, str) else _print_number(value)
    whole, _, decimals = printed.partition(".")
    # As printed in the field: 1,083; 0.50 or .50; 13·9.
    body = "" if whole == "0" and decimals else re.escape(whole) if len(whole) < 4 else _with_commas(whole)
    fraction = rf"[.·∙]{re.escape(decimals)}0*" if decimals else r"(?:[.·∙]0+)?"
    pattern = rf"(?<![\d.·,]){'0?' if not body else ''}{body}{fraction}(?![\d]|[.·,]\d)"
    yield from (match.span() for match in re.finditer(pattern, article))


def _print_number(value: object) -> str:
    return format(abs(number_key(value)), "f") if isinstance(value, int | float) else "0"


def _with_commas(digits: str) -> str:
    return rf"(?:{digits}|{int(digits):,})" if digits.isdigit() else re.escape(digits)


def _find_words(value: str, article: str) -> Iterator[tuple[int, int]]:
    pattern = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", value)))
    yield from (match.span() for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", article, re.IGNORECASE))


def _predicted_spans(summary: Summary, length: int) -> Iterable[tuple[int, int]]:
    return (
        (span.start, span.end)
        for spans in summary.evidence.values()
        for span in spans
        if span.start < span.end <= length
    )
