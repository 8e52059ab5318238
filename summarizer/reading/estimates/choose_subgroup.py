"""Which subset of patients a value is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

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
    return (
        _subset_after(folded, sentence, value, values)
        or parenthesised_subgroup(folded, sentence.start, value.span.start)
        or _subset_before(around, value, before, clause)
        or _by_marker(around, value, values, max(before, clause.start))
        or (subgroup_from_label(folded, around.subgroup) if around.subgroup is not None else None)
    )


def _subset_before(around: Surroundings, value: Value, before: int, clause: TextSpan) -> Phrase | None:
    """The subset that the value's clause names before it, or its sentence where the clause has no other value."""
    folded, sentence = around.folded, around.span
    found = subgroup_before(folded, clause.start, value.span.start)
    if (found is None and clause.start == sentence.start) or before <= clause.start:
        found = found or subgroup_before(folded, sentence.start, value.span.start)
    if found is None or any(
        drug.overlaps(found.span) for drug in around.drugs if _is_arm_like(folded, drug, found.span)
    ):
        return None
    return found


_LED_BY = re.compile(r"\b(?:[Ii]n|[Aa]mong|[Ff]or|[Oo]f|[Ww]ithin|[Ww]ith|[Tt]he)\s(?:the |an? )?(?:[\w-]+ ){0,2}\(?$")
_OF_PEOPLE = re.compile(
    r"\)?(?: \([A-Z][\w-]{1,8}\))?(?:(?: (?:disease|tumou?rs?|cancers?|cohort|population|subgroup|sub-group|group|cases"
    r"|carriers|stratum|subset|patients|mutations?))+\b|\s?[\(,;.]|:| (?:and|than|vs|versus|it|the)\b|$)"
)
_RIGHT_AFTER = re.compile(r"[\)\]]{0,2},? (?:in|among|for|with|of) (?:the |an? )?(?:[\w-]+ ){0,2}\(?")


def _by_marker(around: Surroundings, value: Value, values: Sequence[Value], before: int) -> Phrase | None:
    """The state of a marker that sets a subset apart, after the value or before it: "8.4 months in pMMR disease"."""
    folded = around.folded
    ends = sorted({value.end, max(other.end for other in values if other.group == value.group)})
    found: Phrase | None = None
    for marker in around.markers:
        start, stop = marker.span
        lead = _LED_BY.search(folded, max(around.span.start, start - 40), start)
        if (lead is None and start != around.span.start) or _OF_PEOPLE.match(folded, stop) is None:
            continue
        if any(end <= start and _RIGHT_AFTER.fullmatch(folded, end, start) for end in ends):
            return replace(marker, rule="marker after the value")
        if before <= start < value.span.start:
            found = replace(marker, rule="marker before the value")
    return found


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


_LONGEST_PLAIN_LABEL = 3
_SUBSET = re.compile(
    r"\d|[<>\u2265\u2264]|\b(?:patients|people|adults|women|men|age[ds]?|stage|cohort|status|population|disease|tumou?rs?"
    r"|metasta\w+|mutat\w+|mutant|wild-type|positive|negative|prior|previous|lines?|with|without|na[i\u00ef]ve|region"
    r"|subgroup|stratum|responders|group|years|therapy|histology|high|low|type|carriers)\b|-naive",
    re.IGNORECASE,
)


def _is_endpoint_label(folded: str, label: TextSpan) -> bool:
    text = label.of(folded)
    return (
        bool(find_endpoints(folded, label))
        or ((len(text.split()) > _LONGEST_PLAIN_LABEL or text.startswith("The ")) and _SUBSET.search(text) is None)
        or re.search(
            r"\b(?:vs|versus|[Mm]edian|rates?|ratio|results?|events?|analys[ei]s|HRs?|said|data|[Ee]ndpoint"
            r"|could|did|does|was|were|is|are|has|have|had|showed|others?|saw|came|went|took|gave|made|led|held|put"
            r"|followed|moved|pointed|favou?red)\b|^(?:An?|Then|But|And|So|Yet|Here|There|Not|It|This|That|These|Those|They)\b",
            text,
        )
        is not None
    )
