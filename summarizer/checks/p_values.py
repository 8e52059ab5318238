"""A P value against the interval printed beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from summarizer.checks.intervals import DIFFERENCES, RATIOS
from summarizer.checks.normal import quantile_above, upper_tail, width_factor
from summarizer.checks.printed import Printed, bounds_of, decimals_in, rows, value_of
from summarizer.reading.reader import Reading
from summarizer.schemas import Flag, Result, Severity, Summary
from summarizer.text import fold

_P = re.compile(r"(?P<relation>[<>\u2264\u2265]?)(?P<number>\d*\.?\d+)")
_OTHER_NULL = r"(?:non[- ]?inferiority|interaction|heterogeneity|trend|equivalence)"
_NULL_BEFORE = re.compile(rf"\b{_OTHER_NULL}\W{{0,3}}(?:test\W{{0,2}})?$", re.IGNORECASE)
_NULL_AFTER = re.compile(
    rf"\W{{0,3}}(?:for|of|from|in|against)?\W{{0,2}}(?:the |a )?(?:test (?:of|for) )?{_OTHER_NULL}\b", re.IGNORECASE
)
_WITHIN = re.compile(_OTHER_NULL, re.IGNORECASE)
_ROOM = 0.9
"""Difference in z between a test and an interval of one report that another model (stratified or not, adjusted or
not, score or Wald) explains."""
_ROOM_SHARE = 0.1
"""The same, as a share of z: score and Wald statistics part as effects grow."""

Range = tuple[float, float]


def p_against_interval(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """The P value that the estimate and its interval imply is near the printed one.

    The interval gives the standard error, (upper - lower) / (2 z), on the log scale for ratios; the estimate over it is
    the z statistic of the test of no effect (Altman DG, Bland JM. How to obtain the P value from a confidence interval.
    BMJ 2011;343:d2304). Forgiven are the rounding of all printed figures, one-sided tests, and as much in z as lies
    between the usual models. A P value of another hypothesis (noninferiority, interaction) is left alone.
    """
    for pointer, row in rows(summary):
        implied = _implied(summary, pointer, row)
        claimed = _claimed(row.p_value)
        if not claimed or _tests_another_null(summary, pointer, reading):
            continue
        contradicted = [z for z in implied if min(_apart(z, one) for one in claimed) > _ROOM + _ROOM_SHARE * z[0]]
        if contradicted:
            tail = 2.0 * upper_tail(sum(contradicted[-1]) / 2.0)
            yield Flag(
                code="p-against-ci",
                severity=Severity.WARNING,
                pointer=pointer,
                message=(
                    f"P {row.p_value} does not go with the interval {row.ci_low:g} to {row.ci_high:g},"
                    f" which implies P {_about(tail)}"
                ),
            )


def _about(p: float) -> str:
    return "<0.0001" if p < 0.0001 else f"of about {p:.1g}"


def _implied(summary: Summary, pointer: str, row: Result) -> list[Range]:
    """Least and greatest |z| of the test of no effect that rounding allows; empty where there is no such test.

    By the whole width of the interval, and by the side of the estimate on which no effect lies: an interval holds no
    effect just when the test does not reject it, also where it is not symmetric.
    """
    low, high = bounds_of(summary, pointer, row)
    value, scale = value_of(row), _scale_of(row)
    if value is not None and low is not None and high is not None and low.value <= -value.value <= high.value:
        value = Printed(-value.value, value.decimals)  # "fell by 9 (95% CI, -13 to -5)"
    if value is None or low is None or high is None or scale is None or low.value >= high.value:
        return []
    if row.statistic in RATIOS and min(low.least, value.least) <= 0:
        return []
    factor = width_factor(row.ci_level)
    ends = sorted((scale(value.least), scale(value.most)))
    effects = (0.0 if ends[0] <= 0.0 <= ends[1] else min(map(abs, ends)), max(map(abs, ends)))
    sides = [(scale(high.least) - scale(low.most), scale(high.most) - scale(low.least), 2.0 * factor)]
    if scale(value.value) < 0.0:
        sides.append((scale(high.least) - ends[1], scale(high.most) - ends[0], factor))
    else:
        sides.append((ends[0] - scale(low.most), ends[1] - scale(low.least), factor))
    return [(effects[0] * errors / most, effects[1] * errors / least) for least, most, errors in sides if least > 0]


def _scale_of(row: Result) -> Callable[[float], float] | None:
    """The scale on which no effect is 0 and the interval symmetric."""
    if row.statistic in RATIOS:
        return math.log
    return float if row.statistic in DIFFERENCES else None


def _claimed(p: str | None) -> list[Range]:
    """|z| that a printed P value stands for, read as two-sided and as one-sided."""
    match = _P.fullmatch(p or "")
    if match is None:
        return []
    number = float(match["number"])
    printed = Printed(number, decimals_in(match["number"]))
    least, most = max(0.0, printed.least), min(1.0, printed.most)
    if match["relation"] in ("<", "\u2264") or number == 0:
        least, most = 0.0, number or most
    elif match["relation"] in (">", "\u2265"):
        least, most = number, 1.0
    two_sided = quantile_above(most / 2.0), quantile_above(least / 2.0)
    if least > 0.5:
        least, most = 1.0 - most, 1.0 - least
    return [two_sided, (max(0.0, quantile_above(most)), quantile_above(least))]


def _apart(one: Range, other: Range) -> float:
    return max(0.0, one[0] - other[1], other[0] - one[1])


def _tests_another_null(summary: Summary, pointer: str, reading: Reading) -> bool:
    """True when the words around the P value name another hypothesis than no effect."""
    for span in summary.evidence.get(f"{pointer}/p_value", ()):
        before, after = reading.folded[max(0, span.start - 40) : span.start], reading.folded[span.end : span.end + 60]
        if _WITHIN.search(fold(span.text)) or _NULL_BEFORE.search(before) or _NULL_AFTER.match(after):
            return True
    return False
