"""The counts that a printed rate with an exact interval implies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from summarizer.checks.beta import incomplete_beta
from summarizer.checks.normal import width_factor

_LARGEST = 600
"""From this many patients on, an interval printed to one decimal no longer tells one count from the next."""
_DUST = 1e-6
"""What binary fractions may add or take away, in percentage points."""


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """A rate with its interval as the source prints it, in percent."""

    rate: float
    low: float
    high: float
    level: float
    """Confidence level, percent."""
    rate_decimals: int = 1
    bound_decimals: int = 1

    @property
    def half(self) -> float:
        """What the level leaves over on each side."""
        return (1.0 - self.level / 100.0) / 2.0

    def borders(self, percent: float) -> tuple[float, float]:
        """Least and greatest share that prints as this bound."""
        unit = 0.5 * 10.0**-self.bound_decimals + _DUST
        return max(0.0, (percent - unit) / 100.0), min(1.0, (percent + unit) / 100.0)

    def shares(self) -> tuple[float, float]:
        """Least and greatest share that prints as the rate."""
        unit = 0.5 * 10.0**-self.rate_decimals + _DUST
        return max(0.0, (self.rate - unit) / 100.0), min(1.0, (self.rate + unit) / 100.0)

    def counts(self, fewest: int, most: int) -> Iterator[tuple[int, int]]:
        """All (x, n) of so many patients whose rate prints as given; not 0 or all of them unless it prints so."""
        least, greatest = self.shares()
        for n in range(max(1, fewest), most + 1):
            for x in range(math.ceil(least * n), math.floor(greatest * n) + 1):
                if (x > 0 or self.rate == 0) and (x < n or self.rate == 100):
                    yield x, n


def implied_counts(
    rate: float, low: float, high: float, level: float, *, rate_decimals: int = 1, bound_decimals: int = 1
) -> list[tuple[int, int]]:
    """All (x, n) whose rate and exact interval print as given; none when n may be 600 or more.

    The exact lower bound is the share at which P(X >= x) is half of what the level leaves over, the upper bound the one
    at which P(X <= x) is (Clopper and Pearson, Biometrika 1934;26:404-413). Both tails are monotonic, so a printed
    bound is right when the tails at its two rounding borders lie on the two sides of that half: no inverse is needed.

    Args:
        rate: percentage.
        low: lower bound, percent.
        high: upper bound, percent.
        level: confidence level, percent.
        rate_decimals: decimals to which the rate is printed.
        bound_decimals: decimals to which the bounds are printed.
    """
    return list(exact_counts(PrintedRate(rate, low, high, level, rate_decimals, bound_decimals)))


def exact_counts(printed: PrintedRate) -> Iterator[tuple[int, int]]:
    """The same, one by one, so that a caller who only needs to know whether there is one can stop at two."""
    if not 0 <= printed.low <= printed.rate <= printed.high <= 100 or printed.low == printed.high:
        return
    fewest, most = _sizes(printed)
    if most == _LARGEST:
        return
    for x, n in printed.counts(fewest, most):
        if _low_prints(printed, x, n) and _high_prints(printed, x, n):
            yield x, n


def at_least(x: float, n: float, share: float) -> float:
    """P(X >= x) for X binomial(n, share); by the incomplete beta function also between whole numbers."""
    return 1.0 if x <= 0 else incomplete_beta(x, n - x + 1.0, share)


def _low_prints(printed: PrintedRate, x: int, n: int) -> bool:
    under, over = printed.borders(printed.low)
    if x == 0:
        return under == 0.0
    return at_least(x, n, under) <= printed.half <= at_least(x, n, over)


def _high_prints(printed: PrintedRate, x: int, n: int) -> bool:
    under, over = printed.borders(printed.high)
    if x == n:
        return over == 1.0
    return 1.0 - at_least(x + 1, n, over) <= printed.half <= 1.0 - at_least(x + 1, n, under)


def _sizes(printed: PrintedRate) -> tuple[int, int]:
    """Between which sizes the answer lies: at a given rate the bounds draw nearer to it as n grows."""
    least, greatest = printed.shares()
    fewest, most = 1, _LARGEST
    if printed.low > 0:
        under, over = printed.borders(printed.low)
        fewest = max(fewest, _first(lambda n: at_least(greatest * n, n, under) <= printed.half))
        most = min(most, _first(lambda n: at_least(least * n, n, over) < printed.half))
    if printed.high < 100:
        under, over = printed.borders(printed.high)
        fewest = max(fewest, _first(lambda n: 1.0 - at_least(least * n + 1, n, over) <= printed.half))
        most = min(most, _first(lambda n: 1.0 - at_least(greatest * n + 1, n, under) < printed.half))
    return max(1, fewest - 1), most


def _first(holds: Callable[[int], bool]) -> int:
    """The least n for which a condition holds that holds for all greater n."""
    low, high = 1, _LARGEST
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def counts_by_other_methods(printed: PrintedRate) -> Iterator[tuple[int, int]]:
    """All (x, n) that print so with an interval that is not exact: where there is one, the counts can't be told.

    Wald, Wilson, Agresti-Coull, Jeffreys and mid-P intervals as in Brown LD, Cai TT, DasGupta A. Interval estimation
    for a binomial proportion. Statistical Science 2001;16:101-133; Wilson's with continuity correction as in Newcombe
    RG. Two-sided confidence intervals for the single proportion. Statistics in Medicine 1998;17:857-872 (method 4).
    """
    z = width_factor(printed.level)
    share = min(0.99, max(0.01, printed.rate / 100.0))
    half_width = max(printed.high - printed.low, 0.1) / 200.0
    guess = z * z * share * (1.0 - share) / half_width**2
    for x, n in printed.counts(int(0.5 * guess) - 20, min(_LARGEST, int(2.0 * guess) + 30)):
        if _is_approximate(printed, x, n, z) or _is_jeffreys(printed, x, n) or _is_mid_p(printed, x, n):
            yield x, n


def _is_approximate(printed: PrintedRate, x: int, n: int, z: float) -> bool:
    """True when the Wald, the Wilson (corrected or not) or the Agresti-Coull interval of x in n prints as given."""
    p, square = x / n, z * z
    size = n + square
    centre = (x + square / 2.0) / size
    wald = z * math.sqrt(p * (1.0 - p) / n)
    wilson = z * math.sqrt(n * p * (1.0 - p) + square / 4.0) / size
    agresti_coull = z * math.sqrt(centre * (1.0 - centre) / size)
    if any(
        _prints(printed, max(0.0, middle - half), min(1.0, middle + half))
        for middle, half in ((p, wald), (centre, wilson), (centre, agresti_coull))
    ):
        return True
    down, up = (
        z * math.sqrt(max(0.0, square - sign * 2.0 - 1.0 / n + 4.0 * p * (n * (1.0 - p) + sign))) for sign in (1, -1)
    )
    low = 0.0 if x == 0 else (2.0 * x + square - 1.0 - down) / (2.0 * size)
    high = 1.0 if x == n else (2.0 * x + square + 1.0 + up) / (2.0 * size)
    return _prints(printed, max(0.0, low), min(1.0, high))


def _is_jeffreys(printed: PrintedRate, x: int, n: int) -> bool:
    """True when the Jeffreys interval (quantiles of the beta distribution of x + 1/2, n - x + 1/2) prints as given."""
    if x in (0, n):
        return False
    a, b = x + 0.5, n - x + 0.5
    (under, over), (below, above) = printed.borders(printed.low), printed.borders(printed.high)
    return incomplete_beta(a, b, under) <= printed.half <= incomplete_beta(a, b, over) and incomplete_beta(
        a, b, below
    ) <= 1.0 - printed.half <= incomplete_beta(a, b, above)


def _is_mid_p(printed: PrintedRate, x: int, n: int) -> bool:
    """True when the exact interval that counts half of the observed outcome prints as given."""
    if x in (0, n):
        return False
    (under, over), (below, above) = printed.borders(printed.low), printed.borders(printed.high)
    return _mid(x, n, under) <= printed.half <= _mid(x, n, over) and _mid(x, n, below) <= 1.0 - printed.half <= _mid(
        x, n, above
    )


def _mid(x: int, n: int, share: float) -> float:
    """P(X > x) + P(X = x) / 2."""
    return (at_least(x, n, share) + at_least(x + 1, n, share)) / 2.0


def _prints(printed: PrintedRate, low: float, high: float) -> bool:
    (under, over), (below, above) = printed.borders(printed.low), printed.borders(printed.high)
    return under <= low <= over and below <= high <= above
