"""A circuit breaker: no calls to an endpoint that is down, but one now and then to see whether it is back."""

from __future__ import annotations

import math
import random

__all__ = ["Circuit"]

_IN_A_ROW = 5
"""Calls that fail with no success in between, until the endpoint is taken to be down."""
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Seconds until the first probe, and after each one that fails; the last one stays."""


class Circuit:
    """Tells when calls may be made. Time is passed in, in seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self.times_opened = 0
        """Outages so far."""
        self.reason = ""
        """How the last call failed that counted."""
        self._failures = 0
        self._opened_at: float | None = None
        self._closed_at = -math.inf
        self._seconds_open = 0.0  # of outages that are over
        self._pauses = 0
        self._probe_at = 0.0
        self._is_probing = False

    @property
    def opened_at(self) -> float | None:
        """When the outage began; None when there is none."""
        return self._opened_at

    def seconds_open(self, now: float) -> float:
        """Seconds of all outages so far."""
        return self._seconds_open + (0.0 if self._opened_at is None else now - self._opened_at)

    def delay(self, now: float) -> float:
        """Seconds until a call may start; infinite while a probe is under way."""
        if self._opened_at is None:
            return 0.0
        return math.inf if self._is_probing else max(0.0, self._probe_at - now)

    def started(self) -> bool:
        """Count a call that starts.

        Returns:
            Whether it is a probe.
        """
        self._is_probing = self._opened_at is not None
        return self._is_probing

    def answered(self, now: float) -> None:
        """Take it that the endpoint answered a call, whichever and however."""
        self._failures = 0
        if self._opened_at is not None:
            self._seconds_open += now - self._opened_at
            self._opened_at, self._closed_at = None, now
            self._is_probing = False

    def failed(self, now: float, started: float, reason: str, *, is_probe: bool) -> None:
        """Take it that a call found nobody at home."""
        if self._opened_at is not None:
            if is_probe and started >= self._opened_at:
                self.reason = reason
                self._pause(now)
            return
        if started < self._closed_at:
            return  # it tells of the outage that is over
        self.reason = reason
        self._failures += 1
        if self._failures >= _IN_A_ROW:
            self.times_opened += 1
            self._opened_at = now
            self._pauses = 0
            self._pause(now)

    def abandoned(self, now: float, started: float, *, is_probe: bool) -> None:
        """Take it that a call ended without telling anything: if it was the probe, another one may go at once."""
        if is_probe and self._opened_at is not None and started >= self._opened_at:
            self._is_probing = False
            self._probe_at = now

    def _pause(self, now: float) -> None:
        pause = _PAUSES[min(self._pauses, len(_PAUSES) - 1)]
        # Jitter, so that several programs that lost the same endpoint do not come back to it together.
        self._probe_at = now + pause * random.uniform(0.8, 1.0)  # noqa: S311
        self._pauses += 1
        self._is_probing = False
