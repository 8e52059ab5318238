"""Arms listed apart from their values: "-15.0%, -19.5% and -3.1% with 5 mg, 10 mg and placebo, respectively"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from summarizer.reading.estimates.model import ArmWording, Estimate
from summarizer.text import TextSpan

_AFTER = re.compile(
    r"[\)\]]?\s(?:of (?:patients|participants|people) )?(?:with|for|in|on|at|among|given|receiving)\s(?:the )?"
)
_BEFORE = re.compile(
    r"(?:^|[,;.]\s)(?:[Ww]ith|[Ff]or|[Ii]n|[Oo]n|[Aa]mong)\s(?:the )?(?P<list>[^;.%]{6,120}?)(?:,| (?:groups?|arms?))\s"
)
_ITEM = re.compile(r"\s*(?:,\s*(?:and|or)\s|,\s|\s(?:and|or)\s)\s*(?:the )?")
_DOSE = re.compile(r"\d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g|U)\b")
_GENERIC = re.compile(
    r"\b(?:placebo|control|comparator|standard[- ]care|standard[- ]of[- ]care|usual[- ]care|standard|doublet|triplet"
    r"|combination|monotherapy|chemotherapy)\b",
    re.IGNORECASE,
)
_LONGEST = 170


def name_listed_arms(folded: str, sentence: TextSpan, estimates: Sequence[Estimate], drugs: Sequence[TextSpan]) -> None:
    """Give each value of a comparison its item of a list of as many arms, after the values or before them."""
    groups: dict[int, list[Estimate]] = {}
    for estimate in estimates:
        if not estimate.is_comparison and estimate.arm.position is not None:
            groups.setdefault(estimate.group, []).append(estimate)
    for members in groups.values():
        if len(members) < 2 or any(_is_worded_after(member) for member in members[:-1]):
            continue
        items = _list_after(folded, sentence, members, drugs) or _list_before(folded, sentence, members, drugs)
        items = items or _pair_before(folded, sentence, members, drugs)
        for place, (member, item) in enumerate(zip(members, items, strict=False)):
            member.arm = ArmWording(item, place, len(members))
    _share_last_arm(estimates)


def _list_after(
    folded: str, sentence: TextSpan, members: Sequence[Estimate], drugs: Sequence[TextSpan]
) -> list[TextSpan]:
    start = max(member.interval.span.end if member.interval else member.span.end for member in members)
    lead = _AFTER.match(folded, start, sentence.end)
    if lead is None:
        return []
    stop = re.search(r",? respectively|[;.(](?:\s|$)|$", folded[lead.end() : min(sentence.end, lead.end() + _LONGEST)])
    end = lead.end() + (stop.start() if stop else 0)
    return _items(folded, TextSpan(lead.end(), end), len(members), drugs)


def _is_worded_after(estimate: Estimate) -> bool:
    return estimate.arm.span is not None and estimate.arm.span.start >= estimate.span.end


_PAIR_BEFORE = re.compile(
    r"\b(?:with|in|for|on|among)\s(?:the )?(?P<first>[^;.,()%]{3,70}?) "
    r"(?:than|versus|vs\.?|compared (?:with|to)|as against|and) (?:with |in |for |on |among )?(?:the )?"
    r"(?P<second>[^;.,()%]{3,70}?)\s?[(:,]\s?$"
)


def _pair_before(
    folded: str, sentence: TextSpan, members: Sequence[Estimate], drugs: Sequence[TextSpan]
) -> list[TextSpan]:
    """The two arms before the brackets of "higher with A than with B (46.3% vs 31.0%)"."""
    low = max(sentence.start, members[0].span.start - 180)
    match = _PAIR_BEFORE.search(folded[low : members[0].span.start])
    if match is None or len(members) != 2:
        return []
    items = [TextSpan(low + match.start(name), low + match.end(name)) for name in ("first", "second")]
    named = all(any(item.covers(drug) for drug in drugs) or _GENERIC.search(folded, *item) for item in items)
    return items if named else []


def _list_before(
    folded: str, sentence: TextSpan, members: Sequence[Estimate], drugs: Sequence[TextSpan]
) -> list[TextSpan]:
    match = _BEFORE.search(folded[sentence.start : members[0].span.start])
    if match is None:
        return []
    span = TextSpan(sentence.start + match.start("list"), sentence.start + match.end("list"))
    return _items(folded, span, len(members), drugs)


def _items(folded: str, span: TextSpan, count: int, drugs: Sequence[TextSpan]) -> list[TextSpan]:
    """The list's items, if there are exactly ``count`` and each names an arm."""
    items: list[TextSpan] = []
    start = span.start
    for border in _ITEM.finditer(folded, *span):
        items.append(TextSpan(start, border.start()))
        start = border.end()
    items.append(TextSpan(start, span.end))
    if len(items) != count:
        return []
    named = [
        any(item.covers(drug) for drug in drugs) or _DOSE.search(folded, *item) or _GENERIC.search(folded, *item)
        for item in items
    ]
    return items if all(named) else []


def _share_last_arm(estimates: Sequence[Estimate]) -> None:
    """In "91.9% at 12 months, 80.7% at 24 months and 75.8% at 30 months with A" the arm is that of the whole list."""
    for index in range(len(estimates) - 1, 0, -1):
        last, earlier = estimates[index], estimates[index - 1]
        same = (
            last.endpoint == earlier.endpoint
            and last.statistic is earlier.statistic
            and last.unit == earlier.unit
            and not last.is_comparison
        )
        alone = last.arm.position is None and earlier.arm.position is None
        if (
            same
            and alone
            and last.arm.span is not None
            and earlier.arm.span is None
            and earlier.timepoint != last.timepoint
        ):
            earlier.arm = replace(last.arm)
