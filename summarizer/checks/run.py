"""Run every check."""

from __future__ import annotations

from summarizer.checks import beside, comparisons, counts, intervals, p_values, records
from summarizer.reading.reader import Reading
from summarizer.schemas import Flag, Summary

_ON_SUMMARY = (
    intervals.interval_excludes_estimate,
    intervals.interval_off_centre,
    counts.percentage_against_counts,
    comparisons.ratio_against_medians,
    counts.implied_denominator,
    records.lost_results,
)
_ON_READING = (
    comparisons.same_estimate_twice,
    beside.interval_beside_excludes_estimate,
    beside.count_beside_contradicts_percentage,
    p_values.p_against_interval,
    records.arms_against_enrollment,
    records.unread_arms_against_enrollment,
    records.headline_against_body,
    records.empty_next_to_cut,
)


def run_checks(summary: Summary, reading: Reading) -> list[Flag]:
    """Flags of all checks, in the order of the checks."""
    flags = [flag for check in _ON_SUMMARY for flag in check(summary)]
    flags.extend(flag for check in _ON_READING for flag in check(summary, reading))
    return flags
