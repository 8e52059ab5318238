"""Counts of right, wrong and missing leaves, and the list of all leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Counts(NamedTuple):
    """Leaves of one field."""

    tp: int = 0
    """Predicted and right."""
    fp: int = 0
    """Predicted and not right."""
    fn: int = 0
    """In the gold file and not predicted right; a wrong value is one fp and one fn."""

    def plus(self, other: Counts) -> Counts:
        """Add two counts."""
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def has_support(self) -> bool:
        """Whether there was anything to score."""
        return any(self)

    @property
    def errors(self) -> int:
        """Wrong and missing leaves together."""
        return self.fp + self.fn

    @property
    def precision(self) -> float | None:
        """Share of predicted leaves that are right; None when nothing was predicted."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """Share of gold leaves that were found; None when the gold file has none."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall: 2tp / (2tp + fp + fn); None with nothing to score."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.has_support else None


RIGHT = Counts(tp=1)
SPURIOUS = Counts(fp=1)
MISSED = Counts(fn=1)
WRONG = Counts(fp=1, fn=1)
NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf that was scored."""

    field: str
    """Field of the score table."""
    where: str
    """Trial and row, for a reader."""
    gold: object
    """What the gold file has; None when it has nothing."""
    predicted: object
    """What was predicted; None when nothing was."""
    counts: Counts
    """Right, wrong, missing or spurious."""


@dataclass(slots=True)
class Tally:
    """Collects counts per field and the scored leaves."""

    fields: dict[str, Counts] = field(default_factory=dict[str, Counts])
    """Field -> counts."""
    leaves: list[Leaf] = field(default_factory=list[Leaf])
    """Scored leaves, in order of scoring."""

    def add(self, name: str, counts: Counts, where: str = "", gold: object = None, predicted: object = None) -> None:
        """Count one leaf; one with nothing to score is not listed."""
        self.fields[name] = self.fields.get(name, NOTHING).plus(counts)
        if counts.has_support:
            self.leaves.append(Leaf(name, where, gold, predicted, counts))

    def absorb(self, other: Tally) -> None:
        """Add everything that another tally collected."""
        for name, counts in other.fields.items():
            self.fields[name] = self.fields.get(name, NOTHING).plus(counts)
        self.leaves.extend(other.leaves)

    @property
    def total(self) -> Counts:
        """Counts over all fields."""
        return sum_counts(self.fields.values())


def sum_counts(counts: Iterable[Counts]) -> Counts:
    """Add counts up."""
    total = NOTHING
    for each in counts:
        total = total.plus(each)
    return total
