"""What the traffic shows of itself: counts, and the curve of the allowed rate."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RateHistory", "Stopwatch", "TrafficCounts"]

_NOTED_CHANGE = 0.02
"""Share by which the rate must change to be worth a point of the curve."""
_LONGEST = 1000
"""Points of the curve."""


@dataclass(frozen=True, slots=True)
class TrafficCounts:
    """What has happened so far, and what happens now."""

    calls: int
    """Calls that were let go."""
    in_flight: int
    """Calls under way now."""
    waiting: int
    """Callers that wait now."""
    rate_limited: int
    """Calls that were turned away as too many (429)."""
    outages: int
    """Times that the endpoint was found to be down."""
    paced_seconds: float
    """Seconds in which the pace, or a pause that the endpoint asked for, was all that held calls back."""
    rate: float | None
    """Calls a second that are allowed now; None while there is no limit, 0 while the endpoint is down."""


class RateHistory:
    """How the allowed rate changed."""

    def __init__(self) -> None:
        self._points: list[tuple[float, float | None]] = []

    @property
    def points(self) -> tuple[tuple[float, float | None], ...]:
        """Times by the clock of the event loop (monotonic), and the rate from then on."""
        return tuple(self._points)

    def note(self, now: float, rate: float | None) -> None:
        """Note the rate, if it is not about the one that was noted last."""
        if self._points and _is_about(rate, self._points[-1][1]):
            return
        self._points.append((now, rate))
        if len(self._points) > _LONGEST:
            del self._points[1:-1:2]  # half as fine, over all of the time


class Stopwatch:
    """Adds up the seconds in which something was the case."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._since: float | None = None

    def note(self, now: float, *, is_running: bool) -> None:
        """Note whether it is the case from now on."""
        self._seconds = self.seconds(now)
        self._since = now if is_running else None

    def seconds(self, now: float | None = None) -> float:
        """Seconds so far; without a time, up to the last note."""
        return self._seconds + (0.0 if self._since is None or now is None else now - self._since)


def _is_about(rate: float | None, other: float | None) -> bool:
    if rate is None or other is None:
        return rate is other
    return abs(rate - other) <= _NOTED_CHANGE * other
