"""What the estimate reader returns: every reported statistic, fully parsed, with the place of each part."""

from __future__ import annotations

from dataclasses import dataclass, field

from summarizer.schemas import Analysis, Assessor, Statistic
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class Phrase:
    """A wording read from the text and the value that it stands for."""

    value: str
    """Canonical value: endpoint code, ``24 months``, subgroup wording ..."""
    span: TextSpan
    """Where it stands."""
    rule: str = ""
    """Name of the rule that read it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence (or credible) interval, in the unit of its estimate."""

    low: float | None
    """Lower bound; None when printed as not reached / not estimable."""
    high: float | None
    """Upper bound; None when printed as not reached / not estimable."""
    level: float | None
    """Percent; None where the text does not say it."""
    span: TextSpan
    """The whole interval as printed."""
    low_span: TextSpan
    high_span: TextSpan
    level_span: TextSpan | None

    def fits(self, value: float | None) -> bool:
        """True when ``value`` lies within the bounds that are known (sign ignored: "fell by 9 (-13 to -5)")."""
        if value is None:
            return True
        return self._contains(value) or self._contains(-value)

    def _contains(self, value: float) -> bool:
        above = self.low is None or self.low <= value
        below = self.high is None or value <= self.high
        return above and below


@dataclass(frozen=True, slots=True)
class PValue:
    """A P value: relation and number, normalised (``<0.0001``, ``0.0011``)."""

    value: str
    span: TextSpan
    sides: int | None
    """1 or 2 where the text says one- or two-sided."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of patients and where it stands."""

    value: int
    span: TextSpan


@dataclass(frozen=True, slots=True)
class ArmWording:
    """How the text says to which arm a value belongs."""

    span: TextSpan | None
    """The words, where there are any."""
    position: int | None
    """0-based place in a comparison "X vs Y" (table column, "respectively"); None outside comparisons."""
    size: int = 1
    """How many values are compared."""


@dataclass(slots=True)
class Estimate:
    """One reported statistic."""

    span: TextSpan
    """The value as printed, unit included."""
    value_span: TextSpan
    """The number alone (or the words "not reached")."""
    statistic: Statistic
    value: float | None
    unit: str | None = None
    reached: bool | None = None
    statistic_span: TextSpan | None = None
    """The words that say which statistic it is."""
    unit_span: TextSpan | None = None
    """The words that give the unit, which may follow the second number of a pair."""
    interval: Interval | None = None
    p: PValue | None = None
    numerator: Count | None = None
    denominator: Count | None = None
    endpoint: Phrase | None = None
    timepoint: Phrase | None = None
    subgroup: Phrase | None = None
    arm: ArmWording = field(default_factory=lambda: ArmWording(None, None))
    assessor: tuple[Assessor, TextSpan] | None = None
    analysis: tuple[Analysis, TextSpan] | None = None
    sentence: int = 0
    """Number of the sentence it stands in."""
    group: int = 0
    """Values compared with each other share a group number."""
    id: int = 0
    """0-based, in text order."""
    trial: TextSpan | None = None
    """The cell that names the trial, for a table with a column of trials."""
    rule: str = "value"
    """Name of the rule that read it."""

    @property
    def is_comparison(self) -> bool:
        """True for a statistic that compares arms."""
        return self.statistic in COMPARISONS


COMPARISONS = frozenset(
    {
        Statistic.HAZARD_RATIO,
        Statistic.ODDS_RATIO,
        Statistic.RISK_RATIO,
        Statistic.RATE_RATIO,
        Statistic.MEAN_DIFFERENCE,
        Statistic.RATE_DIFFERENCE,
        Statistic.RISK_REDUCTION,
    }
)
