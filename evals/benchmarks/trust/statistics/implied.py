"""Counts implied by printed exact intervals, against what was printed; and by intervals of other methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from scipy import stats

from summarizer.checks.counts import implied_pair
from summarizer.checks.exact import PrintedRate, implied_counts

from ..figures import Bound, Share, Table, Target
from ..material import Material

MOST_PATIENTS = 150
_SAMPLE = 600
"""Pairs for the rarer styles and the other methods."""
_RIGHT = Target(Bound.AT_LEAST, 0.95)
_FALSE = Target(Bound.AT_MOST, 0.01)
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """How rate and bounds are printed."""

    rate_decimals: int
    bound_decimals: int
    level: float = 95.0

    @property
    def name(self) -> str:
        """In words."""
        shown = {0: "whole", 1: "one decimal"}
        both = f"rate {shown[self.rate_decimals]}, bounds {shown[self.bound_decimals]}"
        return f"{both}, {self.level:g} %"

    def print(self, x: int, n: int, bounds: Interval) -> PrintedRate:
        """The figures as a report prints them; ties of binary fractions fall as formatting makes them."""
        rate = float(f"{100 * x / n:.{self.rate_decimals}f}")
        low, high = (float(f"{100 * bound:.{self.bound_decimals}f}") for bound in bounds)
        return PrintedRate(rate, low, high, self.level, self.rate_decimals, self.bound_decimals)


STYLES = (Style(1, 1), Style(0, 1), Style(0, 0), Style(1, 1, 90.0), Style(1, 1, 99.0))


@cache
def exact(x: int, n: int, level: float) -> Interval:
    """The interval of Clopper and Pearson, as SciPy computes it."""
    found = stats.binomtest(x, n).proportion_ci(level / 100, method="exact")
    return float(found.low), float(found.high)


def _wilson(x: int, n: int, level: float) -> Interval:
    found = stats.binomtest(x, n).proportion_ci(level / 100, method="wilson")
    return float(found.low), float(found.high)


def _corrected(x: int, n: int, level: float) -> Interval:
    """Wilson's interval with continuity correction."""
    found = stats.binomtest(x, n).proportion_ci(level / 100, method="wilsoncc")
    return float(found.low), float(found.high)


def _normal(x: float, n: float, level: float) -> Interval:
    """Wald's interval of x in n, cut at 0 and 1."""
    half = float(stats.norm.ppf(0.5 + level / 200)) * (x / n * (1 - x / n) / n) ** 0.5
    return max(0.0, x / n - half), min(1.0, x / n + half)


def _agresti_coull(x: int, n: int, level: float) -> Interval:
    square = float(stats.norm.ppf(0.5 + level / 200)) ** 2
    return _normal(x + square / 2, n + square, level)


def _jeffreys(x: int, n: int, level: float) -> Interval:
    tail = (1 - level / 100) / 2
    low, high = (float(stats.beta.ppf(share, x + 0.5, n - x + 0.5)) for share in (tail, 1 - tail))
    return (0.0 if x == 0 else low), (1.0 if x == n else high)


def _mid_p(x: int, n: int, level: float) -> Interval:
    """Exact interval that counts half of the observed outcome (Lancaster's mid-P), by bisection."""
    tail = (1 - level / 100) / 2

    def edge(target: float) -> float:
        """The share at which P(X < x) + P(X = x) / 2 is ``target``."""
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            below = float(stats.binom.cdf(x - 1, n, middle) + stats.binom.pmf(x, n, middle) / 2)
            low, high = (middle, high) if below > target else (low, middle)
        return low

    return (0.0 if x == 0 else edge(1 - tail)), (1.0 if x == n else edge(tail))


METHODS: dict[str, Callable[[int, int, float], Interval]] = {
    "Wilson": _wilson,
    "Wilson with continuity correction": _corrected,
    "Wald": _normal,
    "Agresti-Coull": _agresti_coull,
    "Jeffreys": _jeffreys,
    "mid-P": _mid_p,
}


def measure_implied(material: Material) -> tuple[list[Table], list[str]]:
    """Tables of the implied counts, and the wrong ones."""
    pairs = [(x, n) for n in range(2, MOST_PATIENTS + 1) for x in range(n + 1)]
    larger = [(x, n) for n in range(MOST_PATIENTS + 1, 501, 7) for x in range(0, n + 1, 9)]
    chance = material.chance("statistics, implied counts")
    sampled = chance.sample(pairs, min(len(pairs), material.limit or _SAMPLE))
    if material.limit is not None:
        pairs, larger = sampled, chance.sample(larger, min(len(larger), material.limit))
    wrong: list[str] = []
    unique: list[Share] = []
    right: list[Share] = []
    told: list[Share] = []
    for style in STYLES:
        # Every pair in the commonest style, a sample of them in the others.
        measured = pairs if style is STYLES[0] else sampled
        for label, some in ((f"n to {MOST_PATIENTS}, {style.name}", measured), (f"larger, {style.name}", larger)):
            if some is larger and style is not STYLES[0]:
                continue
            count = _recover(some, style, wrong)
            unique.append(Share(label, count.unique, count.all))
            right.append(Share(label, count.right, count.unique, _RIGHT))
            told.append(Share(label, count.told_right, count.told, _RIGHT))
    false = [_false_pairs(name, interval, sampled, STYLES[0]) for name, interval in METHODS.items()]
    return [
        Table("Exact intervals that only one pair of counts prints", tuple(unique)),
        Table("Implied counts right, of the unique ones", tuple(right), "Clopper-Pearson intervals by SciPy."),
        Table(
            "Implied counts right, of those flagged",
            tuple(told),
            "A flag is withheld where an interval of another method prints alike for other counts.",
        ),
        Table(
            "Wrong counts flagged when the interval is not exact",
            tuple(false),
            f"Rates and bounds to one decimal, n to {MOST_PATIENTS}.",
        ),
    ], wrong


@dataclass(slots=True)
class _Count:
    all: int = 0
    unique: int = 0
    right: int = 0
    told: int = 0
    told_right: int = 0


def _recover(pairs: Sequence[tuple[int, int]], style: Style, wrong: list[str]) -> _Count:
    count = _Count()
    for x, n in pairs:
        printed = style.print(x, n, exact(x, n, style.level))
        count.all += 1
        found = implied_counts(
            printed.rate,
            printed.low,
            printed.high,
            printed.level,
            rate_decimals=printed.rate_decimals,
            bound_decimals=printed.bound_decimals,
        )
        if len(found) == 1:
            count.unique += 1
            count.right += found[0] == (x, n)
            if found[0] != (x, n):
                wrong.append(f"implied counts: {printed} is {x} of {n}, implied {found[0]}")
            pair = implied_pair(printed)
            count.told += pair is not None
            count.told_right += pair == (x, n)
    return count


def _false_pairs(
    name: str, interval: Callable[[int, int, float], Interval], pairs: Sequence[tuple[int, int]], style: Style
) -> Share:
    false = 0
    for x, n in pairs:
        pair = implied_pair(style.print(x, n, interval(x, n, style.level)))
        false += pair is not None and pair != (x, n)
    return Share(name, false, len(pairs), _FALSE)
