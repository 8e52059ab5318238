"""Percentages against the counts of patients behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from summarizer.checks.exact import PrintedRate, counts_by_other_methods, exact_counts
from summarizer.checks.printed import Printed, bounds_of, rows, value_of
from summarizer.schemas import Flag, Result, Severity, Statistic, Summary

_DUST = 1e-6
"""What binary fractions may add or take away, in percentage points."""


def percentage_against_counts(summary: Summary) -> Iterator[Flag]:
    """X of n is the percentage printed with it, to the printed precision, a half rounded up, down or to even."""
    for pointer, row in rows(summary):
        value = _rate_of(row)
        if value is None or row.numerator is None or not row.denominator:
            continue
        percent = 100.0 * row.numerator / row.denominator
        if not value.least - _DUST <= percent <= value.most + _DUST:
            yield Flag(
                code="percentage-against-counts",
                severity=Severity.WARNING,
                pointer=pointer,
                message=f"{row.numerator} of {row.denominator} is {percent:.1f}%, the text says {value.value:g}%",
            )


def _rate_of(row: Result) -> Printed | None:
    return value_of(row) if row.statistic is Statistic.RATE and row.unit == "%" else None


_TIME_TO_EVENT = re.compile(
    r"(?:OS|PFS2?|rPFS|EFS|DFS|RFS|IDFS|DMFS|MFS|TTP|TTR|TTNT|DOR)$|.*\b(?:survival|time to|-free|duration)\b"
)
"""Endpoints whose rates are read off a Kaplan-Meier curve: they have no binomial count behind them."""


def implied_denominator(summary: Summary) -> Iterator[Flag]:
    """The number of patients implied by a rate with an exact (Clopper-Pearson) interval and no stated count.

    Only where one pair of counts alone prints so, and no other pair does with another method for binomial intervals.

    Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial.
    Biometrika 1934;26:404-413.
    """
    for pointer, row in rows(summary):
        value = _rate_of(row)
        if value is None or row.denominator is not None or _TIME_TO_EVENT.match(row.endpoint or ""):
            continue
        low, high = bounds_of(summary, pointer, row)
        if low is None or high is None or row.ci_level is None:
            continue
        decimals = max(low.decimals, high.decimals)
        printed = PrintedRate(value.value, low.value, high.value, row.ci_level, value.decimals, decimals)
        counts = implied_pair(printed)
        if counts is not None:
            x, n = counts
            yield Flag(
                code="implied-denominator",
                severity=Severity.INFO,
                pointer=pointer,
                message=f"rate and exact interval imply {x} of {n} patients",
            )


def implied_pair(printed: PrintedRate) -> tuple[int, int] | None:
    """The one (x, n) that prints so; None where none does, several do, or others would with another method."""
    found = list(islice(exact_counts(printed), 2))
    if len(found) != 1 or any(counts != found[0] for counts in counts_by_other_methods(printed)):
        return None
    return found[0]
