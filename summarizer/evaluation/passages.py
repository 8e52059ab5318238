"""Damaged passages: where they stand in the article, and how predicted ones compare with gold ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .assignment import assign
from .tally import MISSED, RIGHT, SPURIOUS, WRONG, Counts, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.schemas import Span, Truncation

MIN_LOCATABLE = 4
"""Characters from which a passage is looked for in the article; a shorter one must be equal to count."""


def locate(text: str, article: str) -> list[tuple[int, int]]:
    """Every place of a passage in the article: exactly as printed, else with white space forgiven.

    The spans are half-open and cover the passage without the white space around it.
    """
    spans = [_strip(match.start(), match.end(), article) for match in re.finditer(re.escape(text), article)]
    if not spans and text.split():
        pattern = r"\s+".join(map(re.escape, text.split()))
        spans = [(match.start(), match.end()) for match in re.finditer(pattern, article)]
    return [span for span in spans if span[0] < span[1]]


def _strip(start: int, end: int, article: str) -> tuple[int, int]:
    passage = article[start:end]
    return start + len(passage) - len(passage.lstrip()), end - len(passage) + len(passage.rstrip())


def score_truncations(
    golds: Sequence[Truncation],
    predictions: Sequence[Truncation],
    article: str,
    evidence: dict[str, list[Span]] | None = None,
) -> tuple[Tally, Counts]:
    """Score damaged passages.

    Two passages are at one place when they are equal (white space apart) or their spans in the article
    overlap. The spans of a prediction are those of its evidence, where it has some.

    Returns:
        Tally of ``truncations`` (place) and ``truncations.kind``, and the counts of place and kind together.
    """
    gold_spans = [locate(each.text, article) for each in golds]
    found_spans = [
        _cited_spans(evidence or {}, index, article) or locate(each.text, article)
        for index, each in enumerate(predictions)
    ]

    def weigh(gold: int, predicted: int) -> float:
        first, second = golds[gold], predictions[predicted]
        shared = _overlap(gold_spans[gold], found_spans[predicted])
        if min(len(first.text.strip()), len(second.text.strip())) < MIN_LOCATABLE and shared < 1.0:
            shared = 0.0
        if first.text.split() == second.text.split():
            shared = max(shared, 1.0)
        return shared and 10 + shared + (first.kind == second.kind)

    pairs = dict(assign(range(len(golds)), range(len(predictions)), weigh))
    tally, together = Tally(), Counts()
    for index, gold in enumerate(golds):
        if index not in pairs:
            tally.add("truncations", MISSED, "article", _shown(gold), None)
            together = together.plus(MISSED)
            continue
        predicted = predictions[pairs[index]]
        is_right = gold.kind == predicted.kind
        tally.add("truncations", RIGHT, "article", _shown(gold), _shown(predicted))
        tally.add("truncations.kind", RIGHT if is_right else WRONG, _shown(gold), gold.kind, predicted.kind)
        together = together.plus(RIGHT if is_right else WRONG)
    for index, each in enumerate(predictions):
        if index not in pairs.values():
            tally.add("truncations", SPURIOUS, "article", None, _shown(each))
            together = together.plus(SPURIOUS)
    return tally, together


def _cited_spans(evidence: dict[str, list[Span]], index: int, article: str) -> list[tuple[int, int]]:
    spans = evidence.get(f"/truncations/{index}/text", [])
    return [_strip(span.start, span.end, article) for span in spans if span.end <= len(article)]


def _overlap(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> float:
    """Largest shared share of the shorter of two spans, 0 to 1."""
    return max(
        (max(0.0, min(a[1], b[1]) - max(a[0], b[0])) / min(a[1] - a[0], b[1] - b[0]) for a in first for b in second),
        default=0.0,
    )


def _shown(truncation: Truncation) -> str:
    return f"{truncation.kind}: {' '.join(truncation.text.split())}"
