"""The standard normal distribution, without the cost of loading a library of statistics."""

from __future__ import annotations

import math
from functools import lru_cache

_ROOT = math.sqrt(2.0)
_FAR = 38.0
"""Standard deviations beyond which a tail is smaller than the smallest number."""


def upper_tail(z: float) -> float:
    """P(Z > z)."""
    return 0.5 * math.erfc(z / _ROOT)


@lru_cache(maxsize=256)
def quantile_above(tail: float) -> float:
    """The z with P(Z > z) = ``tail``, by bisection; ``tail`` outside (0, 1) gives the far end on its side."""
    low, high = -_FAR, _FAR
    for _ in range(64):
        middle = (low + high) / 2.0
        if upper_tail(middle) > tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def width_factor(level: float | None) -> float:
    """Standard errors from the centre to a bound of an interval of ``level`` percent; None counts as 95."""
    return quantile_above((1.0 - (95.0 if level is None else level) / 100.0) / 2.0)
