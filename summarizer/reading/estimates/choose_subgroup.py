"""Which subset of patients a value is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.model import Phrase
from summarizer.reading.estimates.subgroups import (
    inner_labels,
    parenthesised_subgroup,
    subgroup_after,
    subgroup_before,
    subgroup_from_label,
)
from summarizer.reading.estimates.surroundings import Surroundings
from summarizer.reading.estimates.values import Value
from summarizer.text import TextSpan


def choose_subgroup(
    around: Surroundings, value: Value, values: Sequence[Value], before: int, clause: TextSpan
) -> Phrase | None:
    """The subset that a label, the words after the value, brackets or the words before it name, in this order."""
    folded, sentence = around.folded, around.span
    labels = [
        label
        for label in inner_labels(folded, sentence.start, value.span.start)
        if not _is_endpoint_label(folded, label)
    ]
    if labels:
        found = subgroup_from_label(folded, labels[-1])
        if found is not None and not any(drug.overlaps(found.span) for drug in around.drugs):
            return found
    following = _subset_after(folded, sentence, value, values)
    if following is not None:
        return following
    bracketed = parenthesised_subgroup(folded, sentence.start, value.span.start)
    if bracketed is not None:
        return bracketed
    found = subgroup_before(folded, clause.start, value.span.start)
    if (found is None and clause.start == sentence.start) or before <= clause.start:
        found = found or subgroup_before(folded, sentence.start, value.span.start)
    if found is not None and not any(
        drug.overlaps(found.span) for drug in around.drugs if _is_arm_like(folded, drug, found.span)
    ):
        return found
    if around.subgroup is not None:
        return subgroup_from_label(folded, around.subgroup)
    return None


def _subset_after(folded: str, sentence: TextSpan, value: Value, values: Sequence[Value]) -> Phrase | None:
    """The subset named right after the value's comparison, also for a ratio in brackets after it."""
    members = [other for other in values if other.group == value.group]
    found = subgroup_after(folded, members[-1].end, sentence.end)
    if found is not None or value.ratio is None:
        return found
    earlier = [other for other in values if other.end <= value.span.start and other.ratio is None]
    if not earlier:
        return None
    bracket = folded.rfind("(", earlier[-1].end, value.span.start)
    return subgroup_after(folded, earlier[-1].end, value.span.start) if bracket >= 0 else None


def _is_arm_like(folded: str, drug: TextSpan, phrase: TextSpan) -> bool:
    words = folded[phrase.start : drug.start].lower()
    return not re.search(
        r"\b(?:prior|previous|after|without|not|no|following|refractory|resistant|naive|pretreated)\b", words
    )


def _is_endpoint_label(folded: str, label: TextSpan) -> bool:
    text = label.of(folded)
    return (
        bool(find_endpoints(folded, label))
        or re.search(
            r"\b(?:vs|versus|[Mm]edian|rates?|ratio|results?|events?|analys[ei]s|HRs?|said|data|[Ee]ndpoint)\b", text
        )
        is not None
    )
