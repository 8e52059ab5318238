"""Result rows as one line of text each, so that tables of wordings stay readable.

``PFS HAZARD_RATIO 0.62 (95% CI 0.5 to 0.77) P<0.001``, ``ORR RATE 37 % 10/27 in PD-L1 CPS ≥1 for placebo``
"""

from __future__ import annotations

from summarizer.pipeline import summarize
from summarizer.schemas import Result, Summary, TrialRecord

COMPARED = "The phase 3 ORCHARD-12 trial randomly assigned patients with advanced melanoma to belomertinib or placebo. "
"""Introduces a trial with two arms."""
AGAINST = "The phase 3 ORCHARD-12 trial compared belomertinib with sunitinib in patients with renal cell carcinoma. "
"""Introduces a trial with two active arms."""
SINGLE = "The single-arm phase 2 ORCHARD-12 trial tested belomertinib in patients with advanced melanoma. "
"""Introduces a trial with one arm."""


def all_rows(summary: Summary) -> list[Result]:
    """Every row of the summary: those of its trials, then those of none."""
    return [row for trial in summary.trials for row in trial.results] + summary.unattributed_results


def lines_of(rows: list[Result]) -> list[str]:
    return [line_of(row) for row in rows]


def lines_in(text: str) -> list[str]:
    """The rows read from a text, each as one line."""
    return lines_of(all_rows(summarize(text)))


def trial_named(summary: Summary, name: str | None) -> TrialRecord:
    """The one trial of that name."""
    found = [trial for trial in summary.trials if trial.name == name]
    assert len(found) == 1, [trial.name for trial in summary.trials]
    return found[0]


def line_of(row: Result) -> str:
    """The row as one line; what is empty is left out, and so are assessor and analysis."""
    value = "not-reached" if row.reached is False else "none" if row.value is None else f"{row.value:g}"
    parts = [row.endpoint or "?", row.statistic.value, value, row.unit]
    if row.ci_low is not None or row.ci_high is not None:
        level = "" if row.ci_level is None else f"{row.ci_level:g}% "
        parts.append(f"({level}CI {_bound(row.ci_low)} to {_bound(row.ci_high)})")
    if row.p_value is not None:
        parts.append(f"P{row.p_value}")
    if row.numerator is not None or row.denominator is not None:
        parts.append(f"{_count(row.numerator)}/{_count(row.denominator)}")
    parts += [
        f"at {row.timepoint}" if row.timepoint else None,
        f"in {row.subgroup}" if row.subgroup else None,
    ]
    parts.append(f"for {row.arm}" if row.arm else None)
    return " ".join(part for part in parts if part)


def _bound(bound: float | None) -> str:
    return "NE" if bound is None else f"{bound:g}"


def _count(count: int | None) -> str:
    return "?" if count is None else str(count)
