"""Counts with their exact intervals and targets, in tables that can be shown, written and compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict

LEVEL = 0.95
"""Confidence of the intervals."""


class Bound(StrEnum):
    """On which side of its target a share must stay."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Target:
    """What a share must reach."""

    bound: Bound
    share: float
    """0 to 1."""

    def is_met(self, share: float) -> bool:
        """True when ``share`` is on the right side."""
        return share <= self.share if self.bound is Bound.AT_MOST else share >= self.share

    def __str__(self) -> str:
        """The target in words: ``at most 0.5 %``."""
        if self.share == 0:
            return "0"
        return f"{self.bound} {100 * self.share:g} %"


NONE = Target(Bound.AT_MOST, 0.0)
"""Not one."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, of one kind."""

    name: str
    """What was counted, in a few words: ``one digit changed``."""
    hits: int
    """How many."""
    of: int
    """Out of how many."""
    target: Target | None = None
    """What it must reach; None for a figure that is only told."""

    @property
    def share(self) -> float:
        """The share; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def is_met(self) -> bool:
        """True when the target is reached by at least one try, or there is none."""
        return self.target is None or (self.of > 0 and self.target.is_met(self.share))

    def interval(self) -> tuple[float, float]:
        """Exact 95 % interval of the share (Clopper and Pearson, Biometrika 1934;26:404-413)."""
        from scipy.stats import binomtest  # noqa: PLC0415 - slow to import

        if not self.of:
            return 0.0, 1.0
        found = binomtest(self.hits, self.of).proportion_ci(LEVEL, method="exact")
        return float(found.low), float(found.high)


@dataclass(frozen=True, slots=True)
class Table:
    """Shares of one measure."""

    title: str
    """What is counted, as a heading: ``Altered claims accepted``."""
    rows: tuple[Share, ...]
    """One per kind; the last may be the sum."""
    note: str = ""
    """What a reader must know to read it."""


@dataclass(slots=True)
class Figures:
    """What one section found."""

    section: str
    """Its name on the command line."""
    tables: list[Table] = field(default_factory=list[Table])
    """The counts."""
    compared: list[Table] = field(default_factory=list[Table])
    """One measure each, a row for every program that was measured."""
    examples: list[str] = field(default_factory=list[str])
    """Misses, one line each, so that a person can look at them."""
    versions: dict[str, str] = field(default_factory=dict[str, str])
    """Releases of what was compared."""
    seconds: float = 0.0
    """Wall time."""

    @property
    def missed(self) -> list[tuple[Table, Share]]:
        """Shares that did not reach their target."""
        return [(table, row) for table in self.tables for row in table.rows if not row.is_met]


class ShareRecord(TypedDict):
    """A share as JSON."""

    name: str
    hits: int
    of: int
    low: float
    high: float
    target: str | None
    is_met: bool


def as_record(share: Share) -> ShareRecord:
    """A share with its interval, as JSON."""
    low, high = share.interval()
    return ShareRecord(
        name=share.name,
        hits=share.hits,
        of=share.of,
        low=round(low, 6),
        high=round(high, 6),
        target=None if share.target is None else str(share.target),
        is_met=share.is_met,
    )
