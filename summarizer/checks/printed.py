"""Numbers with the precision to which the source prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.schemas import Result, Summary
from summarizer.text import NUMBER, fold

_NUMBER = re.compile(NUMBER)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: what it stands for lies within half a unit of its last decimal."""

    value: float
    decimals: int

    @property
    def least(self) -> float:
        """The least number that prints so."""
        return self.value - 0.5 * 10.0**-self.decimals

    @property
    def most(self) -> float:
        """The greatest number that prints so."""
        return self.value + 0.5 * 10.0**-self.decimals


def rows(summary: Summary) -> Iterator[tuple[str, Result]]:
    """Every result row with its JSON pointer."""
    for number, trial in enumerate(summary.trials):
        for place, result in enumerate(trial.results):
            yield f"/trials/{number}/results/{place}", result
    for place, result in enumerate(summary.unattributed_results):
        yield f"/unattributed_results/{place}", result


def value_of(row: Result) -> Printed | None:
    """The estimate of a row."""
    if row.value is None:
        return None
    return Printed(row.value, _decimals_shown(row.value) if row.value_text is None else decimals_in(row.value_text))


def bounds_of(summary: Summary, pointer: str, row: Result) -> tuple[Printed | None, Printed | None]:
    """The bounds of a row's interval, as printed where the evidence shows it ("0.50", not 0.5)."""
    low, high = (
        None if bound is None else Printed(bound, _decimals_of(summary, f"{pointer}/{name}", bound, row))
        for name, bound in (("ci_low", row.ci_low), ("ci_high", row.ci_high))
    )
    return low, high


def _decimals_of(summary: Summary, pointer: str, number: float, row: Result) -> int:
    """Decimals in the passage that the number was read from; without one, as many as any number of the row shows."""
    spans = summary.evidence.get(pointer)
    if spans:
        return decimals_in(spans[0].text)
    others = (row.value, row.ci_low, row.ci_high)
    return max(_decimals_shown(number), *(_decimals_shown(other) for other in others if other is not None))


def decimals_in(text: str) -> int:
    """Decimals of the first number in a passage: ``13·30 months`` -> 2."""
    match = _NUMBER.search(fold(text))
    return len(match[0].partition(".")[2]) if match else 0


def _decimals_shown(number: float) -> int:
    return len(f"{number:.12f}".rstrip("0").partition(".")[2])
