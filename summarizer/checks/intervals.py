"""An interval against its own estimate."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from summarizer.checks.printed import Printed, bounds_of, rows, value_of
from summarizer.schemas import Flag, Severity, Statistic, Summary

RATIOS = frozenset({Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.RISK_RATIO, Statistic.RATE_RATIO})
DIFFERENCES = frozenset({Statistic.MEAN_DIFFERENCE, Statistic.RATE_DIFFERENCE})
_SIGN_IN_WORDS = DIFFERENCES | {
    Statistic.MEAN_CHANGE,
    Statistic.PERCENT_CHANGE,
    Statistic.RISK_REDUCTION,
    Statistic.OTHER,
}
"""Statistics whose sign may be in the words: "fell by 9 (95% CI, -13 to -5)"."""
_DUST = 1e-9
"""What binary fractions may add or take away."""
_LOPSIDED = 0.3
"""Offset of an estimate from the centre of its interval, as a share of half its width, that is worth a look."""


def interval_excludes_estimate(summary: Summary) -> Iterator[Flag]:
    """A confidence interval covers its own point estimate, whichever way both were rounded."""
    for pointer, row in rows(summary):
        value = value_of(row)
        if value is None:
            continue
        low, high = bounds_of(summary, pointer, row)
        if low is not None and high is not None and low.value > high.value:
            yield Flag(
                code="ci-bounds-reversed",
                severity=Severity.ERROR,
                pointer=pointer,
                message=f"lower bound {low.value:g} is above upper bound {high.value:g}",
            )
        elif not any(covers(low, high, number) for number in _signed(value, row.statistic)):
            yield Flag(
                code="ci-excludes-estimate",
                severity=Severity.ERROR,
                pointer=pointer,
                message=f"interval {_show(low)} to {_show(high)} does not hold its estimate {value.value:g}",
            )


def _signed(value: Printed, statistic: Statistic) -> Iterator[Printed]:
    yield value
    if statistic in _SIGN_IN_WORDS and value.value > 0:
        yield Printed(-value.value, value.decimals)


def covers(low: Printed | None, high: Printed | None, value: Printed) -> bool:
    """True when an interval can hold a value, whichever way the figures were rounded."""
    return (low is None or _may_not_exceed(low, value)) and (high is None or _may_not_exceed(value, high))


def _may_not_exceed(lower: Printed, upper: Printed) -> bool:
    """True when what the first stands for can be below what the second stands for."""
    return lower.value <= upper.value or lower.least < upper.most - _DUST


def _show(bound: Printed | None) -> str:
    return "not estimable" if bound is None else f"{bound.value:g}"


def interval_off_centre(summary: Summary) -> Iterator[Flag]:
    """The estimate lies midway between its bounds: on the log scale for a ratio, on its own for a difference.

    Intervals of Cox and logistic regression, of log-linear models and of differences of means are estimate +- z SE on
    that scale (Altman DG, Bland JM. How to obtain the P value from a confidence interval. BMJ 2011;343:d2304).
    Exact, profile and bootstrap intervals are a little lopsided; so much is forgiven, and what rounding can do. Score
    intervals of a difference of rates are lopsided by design (Newcombe RG. Statistics in Medicine 1998;17:873-890) and
    left alone.
    """
    for pointer, row in rows(summary):
        low, high = bounds_of(summary, pointer, row)
        value = value_of(row)
        if value is None or low is None or high is None or not low.value <= abs(value.value) <= high.value:
            continue
        if row.statistic in RATIOS:
            scale: Callable[[float], float] = math.log
        elif row.statistic is Statistic.MEAN_DIFFERENCE:
            scale = float
        else:
            continue
        if row.statistic in RATIOS and min(low.least, value.least) <= 0:
            continue
        if _off_centre(low, high, value, scale) > _LOPSIDED:
            yield Flag(
                code="ci-off-centre",
                severity=Severity.INFO,
                pointer=pointer,
                message=(
                    f"estimate {value.value:g} lies far from the centre of its interval"
                    f" {low.value:g} to {high.value:g}: one of the three may be misprinted"
                ),
            )


def _off_centre(low: Printed, high: Printed, value: Printed, scale: Callable[[float], float]) -> float:
    """Least distance of the estimate from the centre that rounding allows, as a share of half the width; 0 to 1."""
    half = (scale(high.value) - scale(low.value)) / 2.0
    if half <= 0:
        return 0.0
    least = scale(value.least) - (scale(low.most) + scale(high.most)) / 2.0
    most = scale(value.most) - (scale(low.least) + scale(high.least)) / 2.0
    if least <= 0.0 <= most:
        return 0.0
    return min(abs(least), abs(most)) / half
