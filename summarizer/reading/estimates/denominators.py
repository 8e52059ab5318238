"""How many patients a percentage is of, where the sentence says so beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.reading.estimates.atoms import Atom, AtomKind
from summarizer.reading.estimates.model import Count, Estimate
from summarizer.schemas import Statistic
from summarizer.text import TextSpan

_PEOPLE = r"(?:patients|participants|people|women|men|adults|children|who|evaluable|responders|with|infants|subjects)"
_OF = re.compile(
    rf"\b(?:[Oo]f|[Aa]mong|[Ii]n)\s(?:the |these |those |all )?(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,5}})"
    rf"(?= (?:[\w-]+ ){{0,3}}{_PEOPLE}\b)"
)
_AFTER = re.compile(
    rf"[\)\]]?\s(?:in|of|among)\s(?:the )?(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,5}})(?= (?:[\w-]+ ){{0,3}}{_PEOPLE}\b)"
)


def find_denominators(folded: str, sentence: TextSpan, atoms: Sequence[Atom], estimates: Sequence[Estimate]) -> None:
    """Give each lone percentage the number of patients that it is of.

    With a numerator, the number must agree with the percentage; without one, it must stand directly with the estimate.
    """
    leading = [
        Count(int(match["n"].replace(",", "")), TextSpan(*match.span("n"))) for match in _OF.finditer(folded, *sentence)
    ]
    sizes = [atom for atom in atoms if atom.kind is AtomKind.SIZE and atom.denominator is not None]
    for estimate in estimates:
        if estimate.statistic is not Statistic.RATE or estimate.denominator is not None or estimate.value is None:
            continue
        candidates = [count for count in leading if count.span.end <= estimate.span.start]
        candidates += [size.denominator for size in sizes if size.denominator and size.span.end <= estimate.span.start]
        if estimate.numerator is not None:
            agreeing = [count for count in candidates if _agrees(estimate, count)]
            estimate.denominator = agreeing[-1] if agreeing else None
        elif estimate.arm.position is None:
            estimate.denominator = _stated(folded, estimate, leading, sizes)


def _agrees(estimate: Estimate, count: Count) -> bool:
    if (
        estimate.numerator is None
        or estimate.value is None
        or count.value < estimate.numerator.value
        or not count.value
    ):
        return False
    return abs(100.0 * estimate.numerator.value / count.value - estimate.value) <= 0.6


def _stated(folded: str, estimate: Estimate, leading: Sequence[Count], sizes: Sequence[Atom]) -> Count | None:
    end = estimate.interval.span.end if estimate.interval is not None else estimate.span.end
    after = _AFTER.match(folded, end)
    if after is not None:
        return Count(int(after["n"].replace(",", "")), TextSpan(*after.span("n")))
    before = [count for count in leading if 0 <= estimate.span.start - count.span.end <= 150]
    if before:
        return before[-1]
    near = [
        size
        for size in sizes
        if 0 <= estimate.span.start - size.span.end <= 12 and ":" in folded[size.span.end : estimate.span.start]
    ]
    if near:
        return near[-1].denominator
    following = [
        size
        for size in sizes
        if 0 <= size.span.start - end <= 70
        and "%" not in folded[end : size.span.start]
        and ";" not in folded[end : size.span.start]
    ]
    return following[0].denominator if following and len(sizes) <= 2 else None
