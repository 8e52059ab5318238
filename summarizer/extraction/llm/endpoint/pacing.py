"""How fast calls may follow each other: a token bucket, for limits that are known and for one that is being learned.

Time is passed in, in seconds of a clock that never goes back, so that a test can live an hour in a millisecond.
"""

from __future__ import annotations

import math

__all__ = ["Bucket", "Quota", "bucket_per_minute"]

_ROUNDING = 1e-9
"""Share of an amount that sums of floats may lack; without it a caller would be sent back to wait for nothing."""
_BURST = 1.0
"""Seconds' worth that may go at once after a time of rest; at least one call."""


class Bucket:
    """Fills at a constant rate up to a brim, and empties by what is taken.

    What is taken may be more than what it holds at most: then it goes once the bucket is full, and the bucket owes.

    Args:
        rate: What flows in, a second.
        burst: What it holds at most.
        level: What it holds at first; None for all that it can.
    """

    def __init__(self, rate: float, burst: float, level: float | None = None) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst if level is None else level
        self._filled = -math.inf

    @property
    def rate(self) -> float:
        """What flows in, a second."""
        return self._rate

    def delay(self, now: float, amount: float = 1.0) -> float:
        """Seconds until an amount may be taken."""
        self._fill(now)
        needed = min(amount, self._burst)
        lacking = needed - self._level
        return 0.0 if lacking <= _ROUNDING * needed else lacking / self._rate

    def take(self, now: float, amount: float = 1.0) -> None:
        """Take an amount, whether it is there or not."""
        self._fill(now)
        self._level -= amount

    def give_back(self, amount: float) -> None:
        """Put back what was taken and not used; a negative amount takes what was used beyond that.

        It may rise above the brim by it: what was set aside for calls under way has been waited for.
        """
        self._level += amount

    def change(self, now: float, rate: float, burst: float) -> None:
        """Let it fill at another rate from now on, up to another brim."""
        self._fill(now)
        self._rate = rate
        self._burst = burst

    def drain(self, now: float) -> None:
        """Empty it."""
        self._fill(now)
        self._level = min(self._level, 0.0)

    def _fill(self, now: float) -> None:
        if self._filled == -math.inf:
            self._filled = now
        inflow = (now - self._filled) * self._rate
        self._level = max(self._level, min(self._burst, self._level + inflow))
        self._filled = max(self._filled, now)


def bucket_per_minute(limit: float) -> Bucket:
    """A bucket that lets at most as much pass in any minute as a limit says, spread evenly.

    A burst counts in its minute as well, so that the inflow is a little less than the limit.
    """
    burst = max(1.0, limit / 60 * _BURST)
    return Bucket((limit + 1 - burst) / 60, burst)


class Quota:
    """The limits that a user knows of and gives.

    Args:
        requests: Calls that may start in a minute; None for any number.
        tokens: Tokens that they may use in a minute; None for any number.
    """

    def __init__(self, requests: float | None, tokens: float | None) -> None:
        self._requests = None if requests is None else bucket_per_minute(requests)
        self._tokens = None if tokens is None else bucket_per_minute(tokens)

    @property
    def rate(self) -> float | None:
        """Calls a second that may start; None where only tokens are limited, or nothing is."""
        return None if self._requests is None else self._requests.rate

    def delay(self, now: float, tokens: float) -> float:
        """Seconds until a call of so many tokens may start."""
        return max(
            0.0 if self._requests is None else self._requests.delay(now),
            0.0 if self._tokens is None else self._tokens.delay(now, tokens),
        )

    def take(self, now: float, tokens: float) -> None:
        """Count a call that starts, with the tokens that it may use."""
        if self._requests is not None:
            self._requests.take(now)
        if self._tokens is not None:
            self._tokens.take(now, tokens)

    def give_back(self, tokens: float, requests: int = 0) -> None:
        """Give back what was taken and not used."""
        if self._requests is not None:
            self._requests.give_back(requests)
        if self._tokens is not None:
            self._tokens.give_back(tokens)
