"""Run every check."""

from __future__ import annotations

from summarizer.checks import records, statistics
from summarizer.reading.reader import Reading
from summarizer.schemas import Flag, Summary

_ON_SUMMARY = (
    statistics.interval_excludes_estimate,
    statistics.p_against_interval,
    statistics.percentage_against_counts,
    statistics.ratio_against_medians,
    statistics.same_estimate_twice,
    statistics.implied_denominator,
    records.arms_against_enrollment,
    records.lost_results,
)
_ON_READING = (records.headline_against_body, records.empty_next_to_cut)


def run_checks(summary: Summary, reading: Reading) -> list[Flag]:
    """Flags of all checks, in the order of the checks."""
    flags = [flag for check in _ON_SUMMARY for flag in check(summary)]
    flags.extend(flag for check in _ON_READING for flag in check(summary, reading))
    return flags
