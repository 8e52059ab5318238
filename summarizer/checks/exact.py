"""Exact binomial intervals, and the counts that a printed one implies."""

from __future__ import annotations

from functools import lru_cache

_LARGEST = 150
"""Beyond this many patients an interval printed to one decimal no longer tells one count from the next."""


@lru_cache(maxsize=4096)
def clopper_pearson(x: int, n: int, level: float) -> tuple[float, float]:
    """Exact interval of ``x`` successes in ``n``, in percent (Clopper and Pearson, Biometrika 1934;26:404-413)."""
    from scipy.special import betaincinv

    alpha = 1.0 - level / 100.0
    low = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, alpha / 2))
    high = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - alpha / 2))
    return 100.0 * low, 100.0 * high


def implied_counts(rate: float, low: float, high: float, level: float) -> list[tuple[int, int]]:
    """All (x, n) with n up to 150 whose rate and exact interval print as given (to one decimal).

    Args:
        rate: percentage.
        low: lower bound, percent.
        high: upper bound, percent.
        level: confidence level, percent.
    """
    width = high - low
    if width <= 0:
        return []
    found: list[tuple[int, int]] = []
    share = rate / 100.0
    # The normal approximation bounds the search: n within a factor of three of z^2 p(1-p) / (width/2)^2.
    guess = 4.0 * share * (1 - share) / max((width / 200.0) ** 2, 1e-9)
    if guess / 3 > _LARGEST:
        return []
    for n in range(max(2, int(guess / 3)), min(_LARGEST, int(guess * 3) + 3) + 1):
        x = round(share * n)
        if x > n or abs(100.0 * x / n - rate) > 0.0501:
            continue
        exact_low, exact_high = clopper_pearson(x, n, level)
        if abs(exact_low - low) <= 0.0501 and abs(exact_high - high) <= 0.0501:
            found.append((x, n))
    return found
