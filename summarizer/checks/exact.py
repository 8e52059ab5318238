"""The counts that a printed rate with an exact interval implies."""

from __future__ import annotations

import math

_LARGEST = 150
"""Beyond this many patients an interval printed to one decimal no longer tells one count from the next."""
_ROUNDING = 0.0501
"""Half a unit of the first decimal, in percentage points, with room for binary fractions."""


def upper_tail(x: int, n: int, share: float) -> float:
    """P(X >= x) for X binomial(n, share)."""
    if x <= 0:
        return 1.0
    return math.fsum(math.comb(n, k) * share**k * (1.0 - share) ** (n - k) for k in range(x, n + 1))


def implied_counts(rate: float, low: float, high: float, level: float) -> list[tuple[int, int]]:
    """All (x, n) with n up to 150 whose rate and exact interval print as given, to one decimal.

    The exact lower bound is the share at which P(X >= x) is half of what the level leaves over, the upper bound the one
    at which P(X <= x) is (Clopper and Pearson, Biometrika 1934;26:404-413). Both tails are monotonic, so a printed
    bound is right when the tails at its two rounding borders lie on the two sides of that half: no inverse is needed.

    Args:
        rate: percentage.
        low: lower bound, percent.
        high: upper bound, percent.
        level: confidence level, percent.
    """
    width = high - low
    if width <= 0 or not 0 < rate < 100:
        return []
    half = (1.0 - level / 100.0) / 2.0
    share = rate / 100.0
    # The normal approximation bounds the search: n within a factor of three of z^2 p(1-p) / (width/2)^2.
    guess = 16.0 * share * (1 - share) / (width / 100.0) ** 2
    if guess / 3 > _LARGEST:
        return []
    found: list[tuple[int, int]] = []
    for n in range(max(2, int(guess / 3)), min(_LARGEST, int(guess * 3) + 3) + 1):
        x = round(share * n)
        if 0 < x < n and abs(100.0 * x / n - rate) <= _ROUNDING and _prints(x, n, low, high, half):
            found.append((x, n))
    return found


def _prints(x: int, n: int, low: float, high: float, half: float) -> bool:
    """True when the exact interval of x in n prints as ``low`` to ``high``."""
    under, over = _borders(low)
    if not upper_tail(x, n, under) <= half <= upper_tail(x, n, over):
        return False
    under, over = _borders(high)
    return 1.0 - upper_tail(x + 1, n, over) <= half <= 1.0 - upper_tail(x + 1, n, under)


def _borders(percent: float) -> tuple[float, float]:
    return max(0.0, (percent - _ROUNDING) / 100.0), min(1.0, (percent + _ROUNDING) / 100.0)
