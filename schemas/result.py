"""A result: one row per reported estimate."""

from __future__ import annotations

from .base import Record
from .enums import Analysis, Assessor, Statistic


class Result(Record):
    """One reported estimate with everything the text says about it.

    "Median PFS of 13.3 months with A vs 8.2 months with placebo (HR, 0.62; P <.0001)" is three rows: two
    medians, each with its arm, and one hazard ratio that carries the P value.
    """

    endpoint: str | None = None
    """Endpoint code (``OS``, ``PFS``, ``G3_AE:neutropenia`` ...) or a short lower-case phrase as written."""
    statistic: Statistic
    """What kind of number ``value`` is."""
    value: float | None = None
    """The number as printed, with the sign as printed; None when not reached or when only P or an interval is given."""
    value_text: str | None = None
    """The value exactly as the source prints it (``13·3 months``, ``not reached``)."""
    reached: bool | None = None
    """False for "not reached" / "not estimable", else None."""
    unit: str | None = None
    """``months``, ``weeks``, ``days``, ``years``, ``%``, ``mg/dL`` ...; None for ratios."""
    ci_low: float | None = None
    """Lower bound of the confidence interval, in ``unit``; None where absent or not estimable."""
    ci_high: float | None = None
    """Upper bound of the confidence interval, in ``unit``; None where absent or not estimable."""
    ci_level: float | None = None
    """Confidence level in percent (95, 97.5); None where the text does not say it."""
    p_value: str | None = None
    """Relation and number, normalised: ``<0.0001``, ``0.0011``; on the comparison row."""
    arm: str | None = None
    """Interventions of the arm joined with `` + ``; None for a single-arm trial and for a plain comparison."""
    timepoint: str | None = None
    """``12 months``, ``week 24``: of landmark rates and changes."""
    numerator: int | None = None
    """Patients with the event, when stated with this estimate."""
    denominator: int | None = None
    """Patients at risk, when stated with this estimate."""
    subgroup: str | None = None
    """The subset, when the value is not for all patients."""
    assessor: Assessor | None = None
    """Who read the outcome, when stated."""
    analysis: Analysis | None = None
    """Which analysis, when stated."""
