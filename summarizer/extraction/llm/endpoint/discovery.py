"""The pace that an endpoint allows and nobody has told: found by what it turns away.

Without a limit there is nothing to learn, and every call goes at once. The first "too many requests" (429) says that
there is one. From then on, the rate of calls follows a curve like that of CUBIC (RFC 9438, section 4.2), as in the
adaptive retry mode of the AWS SDKs (botocore, ``retries/throttling.py``)::

    rate(t) = C * (t - K)^3 + W_max        with rate(0) = beta * W_max

``W_max`` is the rate that worked, ``t`` the time since the 429. The rate drops somewhat below ``W_max``, comes back
to it and stays near it around ``K``, and then feels its way beyond, slowly at first. What differs here:

* ``K`` is given, and ``C`` follows from it (from the time to twice the rate, beyond ``K``): in RFC 9438 the curve
  does not depend on the round trip, here it shall not depend on the rate. Both times span enough calls that those
  which are turned away stay few among them.
* ``W_max`` is measured. Whatever a server counts by, what it let pass between two 429 is not more than its limit, and
  the rate at which it said no is not less. Those two are the bounds, and their mean is taken.
* Time counts only while the pace is what calls wait for; a rate that nobody asks for is not proven by it.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from summarizer.extraction.llm.endpoint.pacing import Bucket

__all__ = ["DiscoveredPace", "Growth"]

_BETA = 0.9
"""Share of the rate that worked, to begin with after a 429."""
_HOLD = 5.0
"""Seconds until the rate is back at what worked."""
_PROBE = 5.0
"""Seconds from there until it has doubled."""
_LEAST_CALLS = 60
"""Calls that each of the two times spans at least: at few calls a minute, one that is turned away weighs more."""
_DOUBLING = 1.0
"""Seconds in which the rate doubles as long as it rests on a guess."""
_FEEDBACKS = 2.0
"""Times that it takes to hear a 429, before a rate is taken to be accepted."""

_RECENT, _RECENT_CALLS = 2.0, 8
"""Seconds, and at a slow pace calls, that tell at which rate calls really start."""
_LEAD = 2.0
"""Times of that rate which the allowed one may be ahead of it: beyond, the next 429 would come as a surprise."""
_SHORTEST = 1.0
"""Seconds that a measurement takes at least to be one."""
_ENOUGH = 5
"""Calls that a measurement rests on at least."""
_STEEP = 1.8
"""A rate of so many times the average has risen too steeply for the average to say anything."""
_SHRINK = 0.7
"""What is left of a rate when a 429 comes before there was anything to measure."""
_SLOWEST = 1 / 60
"""Calls a second that are always tried."""
_SPREAD = 0.05
"""Seconds' worth that may go at once, so that a timer which is late loses nothing."""
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds without calls when nothing was let pass since the last 429, then after the next one, and so on."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The allowed rate over the time since a 429."""

    worked: float
    """Calls a second that worked."""
    is_guess: bool = False
    """True when that was not measured: then the rate doubles until the next 429 tells more."""
    feedback: float = 0.0
    """Seconds that it took to hear that a call is turned away."""

    def rate(self, seconds: float) -> float:
        """Calls a second after some time at the pace."""
        if self.is_guess:
            step = max(_DOUBLING, _FEEDBACKS * self.feedback)
            return _BETA * self.worked * 2 ** max(0.0, seconds / step - 1)
        hold = max(_HOLD, _LEAST_CALLS / self.worked)
        if seconds < hold:
            return self.worked * (1 - (1 - _BETA) * (1 - seconds / hold) ** 3)
        probe = max(_PROBE, _LEAST_CALLS / self.worked, _FEEDBACKS * self.feedback)
        return self.worked * (1 + ((seconds - hold) / probe) ** 3)


@dataclass(slots=True)
class _Tally:
    """Calls that were let pass, and the time in which the pace was what held them."""

    calls: float = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Calls a second."""
        return max(1.0, self.calls) / self.seconds


class DiscoveredPace:
    """Lets calls follow each other as fast as the endpoint takes them."""

    def __init__(self) -> None:
        self._growth: Growth | None = None
        self._bucket = Bucket(1.0, 1.0, 0.0)
        self._signal = -math.inf  # when the last 429 came that was not an echo of the one before
        self._pause_ends = -math.inf
        self._held_since: float | None = None
        self._grown = 0.0  # seconds at the pace since the signal
        self._passed = 0  # calls since the signal, but for those that were turned away
        self._tally = _Tally()  # since the last measurement
        self._measured: _Tally | None = None  # what the rate rests on: echoes of the signal correct it
        self._recent = deque[float]()  # starts of calls
        self._began = 0.0
        self._barren = 0

    @property
    def rate(self) -> float | None:
        """Calls a second that are allowed; None as long as no limit is known."""
        return None if self._growth is None else self._bucket.rate

    def pause(self, until: float) -> None:
        """Let no call start before a time."""
        self._pause_ends = max(self._pause_ends, until)

    def delay(self, now: float) -> float:
        """Seconds until a call that waits may start."""
        delay = max(0.0, self._pause_ends - now)
        if self._growth is not None:
            delay = max(delay, self._bucket.delay(now))
        if delay > 0 and self._held_since is None:
            self._held_since = now
        return delay

    def rest(self) -> None:
        """Take it that no call waits for the pace any more."""
        self._held_since = None

    def started(self, now: float) -> None:
        """Count a call that starts."""
        growth = self._growth
        self._remember(now)
        if growth is not None:
            self._passed += 1
            self._tally.calls += 1
            if self._held_since is not None:
                self._tally.seconds += now - self._held_since
                if self._is_made_use_of():
                    self._grown += max(0.0, now - max(self._held_since, self._pause_ends))
            self._bucket.take(now)
            self._adjust(now, growth)
        self._held_since = None

    def turned_away(self, now: float, started: float) -> None:
        """Learn from a 429 (too many requests).

        Args:
            now: When it came.
            started: When its call started. Calls that were under way together are turned away for one reason.
        """
        growth = self._growth
        if growth is not None and started <= self._signal:
            self._growth = self._corrected(growth)
        else:
            heard = now - started
            self._growth = self._first(now, heard) if growth is None else self._next(now, heard, growth)
            self._signal, self._grown, self._passed = now, 0.0, 0
            self._held_since = None
            self._bucket.drain(now)
        self._adjust(now, self._growth)

    def _remember(self, now: float) -> None:
        while self._recent and self._recent[0] < now - self._window:
            self._recent.popleft()
        if not self._recent:  # after a time without calls there is nothing to average with
            self._began = now
        self._recent.append(now)

    @property
    def _window(self) -> float:
        return _RECENT if self._growth is None else max(_RECENT, _RECENT_CALLS / self._bucket.rate)

    def _is_made_use_of(self) -> bool:
        """Whether calls start about as fast as they may; a program that is slow itself proves nothing."""
        return self._bucket.rate * self._window <= _LEAD * len(self._recent)

    def _first(self, now: float, heard: float) -> Growth:
        """What the first 429 says: a limit allows about a second's worth at once."""
        span = min(_RECENT, now - self._began)
        self._measured = _Tally(len(self._recent) - 1, max(_SHORTEST, span))
        is_guess = span < _SHORTEST or self._measured.calls < _ENOUGH
        return Growth(self._measured.rate, is_guess, heard)

    def _next(self, now: float, heard: float, growth: Growth) -> Growth:
        """What another 429 says."""
        self._passed -= 1
        self._tally.calls -= 1
        rate, is_barren = self._bucket.rate, self._passed <= 0
        if self._tally.calls >= _ENOUGH and self._tally.seconds > 0:
            self._barren = 0
            return Growth(self._measure(rate, growth), feedback=heard)
        self._measured = None
        if not is_barren:
            self._barren = 0
            return Growth(max(_SLOWEST, _SHRINK * min(growth.worked, rate)), growth.is_guess, heard)
        # Not a question of the rate: the server lets nothing pass for a while, as those do that count by the minute.
        self.pause(now + _PAUSES[min(self._barren, len(_PAUSES) - 1)])
        self._barren += 1
        return Growth(growth.worked, growth.is_guess, heard)

    def _measure(self, rate: float, growth: Growth) -> float:
        """The rate that worked, between the average since the last measurement and the rate now."""
        tally, self._tally = self._tally, _Tally()
        average = tally.rate
        if average < rate:
            is_steep = growth.is_guess or rate > _STEEP * average
            tally.calls = tally.seconds * (rate if is_steep else math.sqrt(average * rate))
        self._measured = tally
        return max(_SLOWEST, min(tally.rate, rate))

    def _corrected(self, growth: Growth) -> Growth:
        """What is to be made of an echo: a call that seemed to have passed when the signal came."""
        tally = self._measured
        if tally is None:
            self._tally.calls -= 1
            return growth
        tally.calls -= 1
        worked = max(_SLOWEST, min(growth.worked, tally.rate))
        return Growth(worked, growth.is_guess or tally.calls < _ENOUGH, growth.feedback)

    def _adjust(self, now: float, growth: Growth) -> None:
        rate = growth.rate(self._grown)
        self._bucket.change(now, rate, 1 + _SPREAD * rate)
