"""The regularised incomplete beta function, without the cost of loading a library of statistics."""

from __future__ import annotations

import math

_TINY = 1e-300
_PRECISE = 1e-10
_MOST_STEPS = 500


def incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b) for a, b > 0, by its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x),
    )
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1.0 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction by the method of Lentz (Applied Optics 1976;15:668-671); it converges for small x."""
    numerator = 1.0
    denominator = 1.0 / _not_zero(1.0 - (a + b) * x / (a + 1.0))
    result = denominator
    for step in range(1, _MOST_STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1.0) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1.0))
        change = 1.0
        for term in (even, odd):
            denominator = 1.0 / _not_zero(1.0 + term * denominator)
            numerator = _not_zero(1.0 + term / numerator)
            change = numerator * denominator
            result *= change
        if abs(change - 1.0) < _PRECISE:
            break
    return result


def _not_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
