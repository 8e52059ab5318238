"""Statistical consistency of one result row, and of a comparison with its arms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.checks.exact import implied_counts
from summarizer.schemas import Flag, Result, Severity, Statistic, Summary

_RATIOS = frozenset({Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.RISK_RATIO, Statistic.RATE_RATIO})
_DIFFERENCES = frozenset({Statistic.MEAN_DIFFERENCE, Statistic.RATE_DIFFERENCE})


def rows(summary: Summary) -> Iterator[tuple[str, Result]]:
    """Every result row with its JSON pointer."""
    for number, trial in enumerate(summary.trials):
        for place, result in enumerate(trial.results):
            yield f"/trials/{number}/results/{place}", result
    for place, result in enumerate(summary.unattributed_results):
        yield f"/unattributed_results/{place}", result


def interval_excludes_estimate(summary: Summary) -> Iterator[Flag]:
    """A confidence interval always covers its own point estimate (sign as in "fell by 9; CI, -13 to -5" forgiven)."""
    for pointer, row in rows(summary):
        if row.value is None:
            continue
        low, high = row.ci_low, row.ci_high
        if low is not None and high is not None and low > high:
            yield Flag(
                code="ci-bounds-reversed",
                severity=Severity.ERROR,
                pointer=pointer,
                message=f"lower bound {low:g} is above upper bound {high:g}",
            )
            continue
        if not any(_covers(low, high, value) for value in (row.value, -row.value)):
            yield Flag(
                code="ci-excludes-estimate",
                severity=Severity.ERROR,
                pointer=pointer,
                message=f"interval {_show(low)} to {_show(high)} does not hold its estimate {row.value:g}",
            )


def _covers(low: float | None, high: float | None, value: float) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


def _show(bound: float | None) -> str:
    return "not estimable" if bound is None else f"{bound:g}"


_P = re.compile(r"(?P<relation>[<>\u2264\u2265]?)(?P<number>\d*\.?\d+)")


def p_against_interval(summary: Summary) -> Iterator[Flag]:
    """A 95 % interval that excludes no effect goes with P < 0.05, one that holds it with P > 0.05 (two-sided tests).

    Rounding is forgiven: nothing is flagged when a bound is printed as the null value itself or P lies in 0.02-0.06
    (one-sided tests).
    """
    for pointer, row in rows(summary):
        null = 1.0 if row.statistic in _RATIOS else 0.0 if row.statistic in _DIFFERENCES else None
        match = _P.fullmatch(row.p_value or "")
        if (
            null is None
            or match is None
            or row.ci_low is None
            or row.ci_high is None
            or row.ci_level not in (None, 95.0)
        ):
            continue
        if null in (row.ci_low, row.ci_high):
            continue
        excludes = null < row.ci_low or null > row.ci_high
        p = float(match["number"])
        significant = p <= 0.02 and match["relation"] in ("", "<", "\u2264")
        clearly_not = p >= 0.06 and match["relation"] in ("", ">", "\u2265")
        if (excludes and clearly_not) or (not excludes and significant):
            yield Flag(
                code="p-against-ci",
                severity=Severity.WARNING,
                pointer=pointer,
                message=f"P {row.p_value} and interval {row.ci_low:g} to {row.ci_high:g} disagree on an effect",
            )


def percentage_against_counts(summary: Summary) -> Iterator[Flag]:
    """X of n and the percentage printed with them must agree to the printed precision."""
    for pointer, row in rows(summary):
        if row.statistic is not Statistic.RATE or row.unit != "%" or row.value is None:
            continue
        if row.numerator is None or not row.denominator:
            continue
        percent = 100.0 * row.numerator / row.denominator
        printed = (row.value_text or "").split("%")[0]
        decimals = len(printed.rsplit(".", 1)[1].strip()) if "." in printed else 0
        if abs(percent - row.value) > 0.51 * 10.0**-decimals:
            yield Flag(
                code="percentage-against-counts",
                severity=Severity.WARNING,
                pointer=pointer,
                message=f"{row.numerator} of {row.denominator} is {percent:.1f}%, the text says {row.value:g}%",
            )


def ratio_against_medians(summary: Summary) -> Iterator[Flag]:
    """A hazard ratio below 1 goes with the longer median in the experimental arm (first in the text)."""
    for number, trial in enumerate(summary.trials):
        medians: dict[tuple[str | None, str | None], list[float]] = {}
        for place, row in enumerate(trial.results):
            key = (row.endpoint, row.subgroup)
            if row.statistic is Statistic.MEDIAN and row.value is not None and row.arm is not None:
                medians.setdefault(key, []).append(row.value)
            elif row.statistic is Statistic.HAZARD_RATIO and row.value is not None:
                pair = medians.pop(key, [])
                if len(pair) == 2 and _contradicts(row, pair[0], pair[1]):
                    yield Flag(
                        code="hr-against-medians",
                        severity=Severity.INFO,
                        pointer=f"/trials/{number}/results/{place}",
                        message=f"hazard ratio {row.value:g} but medians {pair[0]:g} and {pair[1]:g}",
                    )


def _contradicts(row: Result, first: float, second: float) -> bool:
    if row.value is None or first == second:
        return False
    favours_first = row.value < 0.95
    favours_second = row.value > 1.05
    return (favours_first and first < second) or (favours_second and first > second)


def same_estimate_twice(summary: Summary) -> Iterator[Flag]:
    """The same estimate (endpoint, statistic, arm, subgroup, time point) reported with different values."""
    for number, trial in enumerate(summary.trials):
        seen: dict[tuple[object, ...], float] = {}
        for place, row in enumerate(trial.results):
            if row.value is None or row.analysis is not None or row.assessor is not None:
                continue
            key = (row.endpoint, row.statistic, row.arm, row.subgroup, row.timepoint, row.unit)
            if key in seen and seen[key] != row.value:
                yield Flag(
                    code="reported-twice",
                    severity=Severity.INFO,
                    pointer=f"/trials/{number}/results/{place}",
                    message=f"also reported as {seen[key]:g}",
                )
            seen.setdefault(key, row.value)


def implied_denominator(summary: Summary) -> Iterator[Flag]:
    """The number of patients implied by a rate with an exact (Clopper-Pearson) interval and no stated count.

    Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial.
    Biometrika 1934;26:404-413.
    """
    for pointer, row in rows(summary):
        if row.statistic is not Statistic.RATE or row.denominator is not None or row.value is None or row.unit != "%":
            continue
        if row.ci_low is None or row.ci_high is None or row.ci_level is None or not 0 < row.value < 100:
            continue
        found = implied_counts(row.value, row.ci_low, row.ci_high, row.ci_level)
        if len(found) == 1:
            x, n = found[0]
            yield Flag(
                code="implied-denominator",
                severity=Severity.INFO,
                pointer=pointer,
                message=f"rate and exact interval imply {x} of {n} patients",
            )
