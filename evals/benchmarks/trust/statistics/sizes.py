"""How far figures are apart, by statistics and not by the rule of a check: what makes an inconsistency a gross one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from summarizer.schemas import Result

_CLAIM = re.compile(r"\s*(?P<relation>[<>=]?)\s*(?P<number>[\d.]+)$")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A P value and an interval that can't both be right."""

    apart: float
    """Between the z of the interval and the nearest z that the P value may stand for."""
    size: str
    is_gross: bool


def disagreement(
    value: float, low: float, high: float, level: float | None, claim: str, *, logs: bool
) -> Disagreement | None:
    """How far a P value is from what the interval implies; None when nearer than 0.5 in z.

    The interval's z is estimate / SE, its SE (upper - lower) / (2 z) (Altman and Bland, BMJ 2011;343:d2304); the
    claim's is the nearer of its two-sided and its one-sided reading.
    """
    match = _CLAIM.match(claim)
    if match is None or (logs and min(low, value) <= 0) or low >= high:
        return None
    scale = math.log if logs else float
    factor = float(stats.norm.ppf(0.5 + (level or 95.0) / 200))
    z = abs(scale(value)) / ((scale(high) - scale(low)) / (2 * factor))
    weakest, strongest = _strengths(match["relation"], match["number"])
    apart = max(weakest - z, z - strongest)
    if apart < 0.5:
        return None
    for most, size in ((1.0, "z apart by 0.5 to 1"), (1.5, "z apart by 1 to 1.5"), (2.5, "z apart by 1.5 to 2.5")):
        if apart < most:
            return Disagreement(apart, size, apart >= 1.5)
    return Disagreement(apart, "z apart by 2.5 and more", is_gross=True)


def _strengths(relation: str, number: str) -> tuple[float, float]:
    """Least and greatest |z| that a printed P value stands for: rounded, one- or two-sided, a bound or a value."""
    p, half = float(number), 0.5 * 10.0 ** -len(number.partition(".")[2])
    least, most = {"<": (0.0, p), ">": (p, 1.0)}.get(relation, (max(p - half, 0.0), min(p + half, 1.0)))
    tails = [least / 2, most / 2, least, most]
    found = [abs(float(stats.norm.isf(tail))) for tail in tails]
    return (0.0 if least < 0.5 < most else min(found)), max(found)


def gap_of_medians(rows: Sequence[Result]) -> float | None:
    """Between the hazard ratio turned over and what the medians say of it, as a logarithm; None where they differ now.

    For exponential survival the hazard ratio is the median of the control arm over that of the experimental arm.
    """
    first, second, ratio = (row.value for row in rows)
    if not first or not second or not ratio:
        return None
    effect, expected = math.log(ratio), math.log(second / first)
    if effect * expected <= 0:
        return None
    return abs(effect) + abs(expected)


def size_of_gap(gap: float, ratio: Result) -> tuple[str, bool]:
    """The same for a row; without an interval nothing is called gross."""
    if not ratio.ci_low or not ratio.ci_high:
        return "no interval", False
    factor = float(stats.norm.ppf(0.5 + (ratio.ci_level or 95.0) / 200))
    return size_of_errors(gap, math.log(ratio.ci_high / ratio.ci_low) / (2 * factor))


def size_of_errors(gap: float, error: float) -> tuple[str, bool]:
    """The gap in standard errors of the log hazard ratio, and whether it is gross: 4 of them and a factor of 1.6."""
    for most, size in ((2.5, "apart by less than 2.5 SE"), (4.0, "apart by 2.5 to 4 SE")):
        if gap / error < most:
            return size, False
    is_gross = gap > math.log(1.6)
    return f"apart by 4 SE and more{'' if is_gross else ', less than a factor of 1.6'}", is_gross
