"""Results of one trial against each other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.checks.printed import Printed, value_of
from summarizer.reading.reader import Reading
from summarizer.schemas import ArmRole, Flag, Result, Severity, Statistic, Summary, TrialRecord

_LEAST_EFFECT = math.log(1.05)
"""A hazard ratio nearer to 1 favours no arm."""
_GAP = math.log(1.35)
"""Between a hazard ratio and the ratio of the medians, curves that are not proportional explain as much."""
_GAP_ERRORS = 2.5
"""The same in standard errors of the log hazard ratio: medians of few patients lie anywhere."""
_GAP_UNKNOWN = math.log(1.6)
"""The same where no interval tells how many patients there are."""

_Key = tuple[str | None, str | None]


def ratio_against_medians(summary: Summary) -> Iterator[Flag]:
    """A hazard ratio below 1 goes with the longer median in the experimental arm.

    For exponential survival the hazard ratio is the inverse ratio of the medians. Curves that separate late or cross
    may have medians a little on the other side, so only what they don't explain is flagged.
    """
    for number, trial in enumerate(summary.trials):
        for place, ratio, first, second in _compared(trial):
            arms = _by_role(trial, first, second)
            if arms is not None and _contradicts(ratio, *arms):
                yield Flag(
                    code="hr-against-medians",
                    severity=Severity.INFO,
                    pointer=f"/trials/{number}/results/{place}",
                    message=f"hazard ratio {ratio.value:g} but medians {first.value:g} and {second.value:g}",
                )


def _compared(trial: TrialRecord) -> Iterator[tuple[int, Result, Result, Result]]:
    """Each hazard ratio with its two medians: those since the ratio before, else those up to the next."""
    series: dict[_Key, list[tuple[int, Result]]] = {}
    for place, row in enumerate(trial.results):
        is_median = row.statistic is Statistic.MEDIAN and row.arm is not None
        if row.value is not None and (is_median or row.statistic is Statistic.HAZARD_RATIO):
            series.setdefault((row.endpoint, row.subgroup), []).append((place, row))
    for items in series.values():
        ratios = [at for at, (_, row) in enumerate(items) if row.statistic is Statistic.HAZARD_RATIO]
        for before, at, after in zip([-1, *ratios], ratios, [*ratios[1:], len(items)], strict=False):
            place, ratio = items[at]
            pair = [row for _, row in items[before + 1 : at]] or [row for _, row in items[at + 1 : after]]
            if len(pair) == 2 and pair[0].arm != pair[1].arm and pair[0].unit == pair[1].unit:
                yield place, ratio, pair[0], pair[1]


_CONTROLS = re.compile(r"\b(?:placebo|observation|sham|no treatment|best supportive care|standard of care)\b")


def _by_role(trial: TrialRecord, first: Result, second: Result) -> tuple[Result, Result] | None:
    """Experimental arm and comparator: by the name of the comparator, or by the roles; None where neither tells."""
    is_control = [_CONTROLS.search(row.arm or "") is not None for row in (first, second)]
    if is_control[0] == is_control[1]:
        roles = {" + ".join(arm.interventions): arm.role for arm in trial.arms}
        known = [roles.get(row.arm or "") for row in (first, second)]
        is_control = [role is not None and role is not ArmRole.EXPERIMENTAL for role in known]
        if None in known or is_control[0] == is_control[1]:
            return None
    return (second, first) if is_control[0] else (first, second)


def _contradicts(ratio: Result, experimental: Result, control: Result) -> bool:
    if not ratio.value or not experimental.value or not control.value:
        return False
    effect, expected = math.log(ratio.value), math.log(control.value / experimental.value)
    if abs(effect) < _LEAST_EFFECT or effect * expected >= 0:
        return False
    return abs(effect - expected) > _explained(ratio)


def _explained(ratio: Result) -> float:
    """How far the log hazard ratio may lie from what the medians say."""
    if not ratio.ci_low or not ratio.ci_high or ratio.ci_low >= ratio.ci_high:
        return _GAP_UNKNOWN
    return max(_GAP, _GAP_ERRORS * math.log(ratio.ci_high / ratio.ci_low) / 4.0)


_NEAR = 0.03
"""Two values that differ by so little, as a share of the greater, are meant to be one."""
_MOST_KEPT = 30
"""Values under one description that are compared; more than that are a table of something else."""


@dataclass(frozen=True, slots=True)
class _Report:
    """One report of an estimate."""

    row: Result
    value: Printed
    sentence: int


def same_estimate_twice(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """The same estimate (endpoint, statistic, arm, subgroup, time point) reported with different values.

    Two rows are often alike in all this and yet of two analyses, subgroups or doses that the sentence tells apart in
    its own words. So only what is tied together otherwise is flagged: the same interval or counts, nearly the same
    value, or the same digits in another order; and never within one sentence, nor what rounding explains.
    """
    for number, trial in enumerate(summary.trials):
        seen: dict[tuple[object, ...], list[_Report]] = {}
        for place, row in enumerate(trial.results):
            pointer = f"/trials/{number}/results/{place}"
            value, spans = value_of(row), summary.evidence.get(f"{pointer}/value", ())
            if value is None or row.analysis is not None or row.assessor is not None or not spans:
                continue
            report = _Report(row, value, reading.sentence_at(spans[0].start))
            key = (row.endpoint, row.statistic, row.arm, row.subgroup, row.timepoint, row.unit)
            earlier = seen.setdefault(key, [])
            if not any(other.row.value == row.value for other in earlier):
                other = next((other for other in earlier if _differ(other, report)), None)
                if other is not None:
                    yield Flag(
                        code="reported-twice",
                        severity=Severity.INFO,
                        pointer=pointer,
                        message=f"also reported as {other.value.value:g}",
                    )
                if len(earlier) < _MOST_KEPT:
                    earlier.append(report)


def _differ(one: _Report, other: _Report) -> bool:
    """True for two reports of what must be one estimate, with values that don't agree."""
    if one.sentence == other.sentence:
        return False
    if one.value.least < other.value.most - _DUST and other.value.least < one.value.most - _DUST:
        return False
    intervals = [(report.row.ci_low, report.row.ci_high) for report in (one, other)]
    counts = [(report.row.numerator, report.row.denominator) for report in (one, other)]
    nothing = (None, None)
    if nothing not in intervals:
        return intervals[0] == intervals[1]
    if nothing not in counts:
        return counts[0] == counts[1]
    first, second = one.value.value, other.value.value
    is_near = abs(first - second) <= _NEAR * max(abs(first), abs(second))
    return is_near or sorted(f"{first:g}") == sorted(f"{second:g}")


_DUST = 1e-9
"""What binary fractions may add or take away."""
