"""All calls to one endpoint, kept in step: how many at once, how fast, and none while it is down.

A batch runs many articles at once. Each of them would find out by itself that the endpoint is slow, limits its
callers or is down, and each would make it worse for the others. So whoever wants to make a call waits here::

    async with traffic.call(tokens) as call:
        reply = ...
        call.succeeded(used_tokens)     # or call.rate_limited(seconds), or call.unreachable(reason)

Callers stand in one queue, and only its head is looked at: what holds it back (no free slot, the pace, an outage)
holds everyone. A timer, or the end of a call, moves the queue on; nobody polls.

There are libraries that pace asyncio programs (aiolimiter among them), but their rate is fixed when they are made:
none of them learns it from what the endpoint turns away, or takes back what an estimate was too high by.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from summarizer.errors import ConfigurationError, EndpointDownError
from summarizer.extraction.llm.endpoint.circuit import Circuit
from summarizer.extraction.llm.endpoint.discovery import DiscoveredPace
from summarizer.extraction.llm.endpoint.gauges import RateHistory, Stopwatch, TrafficCounts
from summarizer.extraction.llm.endpoint.pacing import Quota
from summarizer.extraction.llm.endpoint.permits import TrafficCall

__all__ = ["GIVE_UP_AFTER", "Traffic", "TrafficCall", "TrafficCounts"]

GIVE_UP_AFTER = 300.0
"""Seconds without any answer after which the endpoint is given up."""

_ADVICE = "nothing that is done is lost: run the same command again when it answers"


class Traffic:
    """Says when a call may be made. To be used from one event loop.

    Args:
        concurrency: Calls under way at the same time; None for as many as come.
        requests_per_minute: Calls that may start in a minute; None where that is not known.
        tokens_per_minute: Tokens that they may use in a minute, of input and output; None where that is not known.
        give_up_after: Seconds without any answer after which all who wait get an error.

    Raises:
        ConfigurationError: if a limit is not positive.
    """

    def __init__(
        self,
        *,
        concurrency: int | None = None,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        give_up_after: float = GIVE_UP_AFTER,
    ) -> None:
        limits = {
            "calls at the same time": concurrency,
            "requests a minute": requests_per_minute,
            "tokens a minute": tokens_per_minute,
            "seconds to give up after": give_up_after,
        }
        for name, limit in limits.items():
            if limit is not None and not limit > 0:  # so that NaN is refused too
                raise ConfigurationError(f"a limit of {limit} {name} makes no sense", "give more than 0")
        self.concurrency = concurrency
        """Calls under way at the same time; None for as many as come."""
        self._give_up_after = give_up_after
        self._quota = Quota(requests_per_minute, tokens_per_minute)
        self._discovered = DiscoveredPace()
        self._circuit = Circuit()
        self._again: dict[TrafficCall, None] = {}  # queues in order, and quick to leave
        self._new: dict[TrafficCall, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._turn: asyncio.Handle | None = None
        self._told_until = -math.inf
        self._refused_since: float | None = None
        self._calls = self._in_flight = self._rate_limited = 0
        self._paced = Stopwatch()
        self._history = RateHistory()

    @property
    def counts(self) -> TrafficCounts:
        """What has happened so far, and what happens now."""
        return TrafficCounts(
            calls=self._calls,
            in_flight=self._in_flight,
            waiting=len(self._again) + len(self._new),
            rate_limited=self._rate_limited,
            outages=self._circuit.times_opened,
            paced_seconds=round(self._paced.seconds(), 3),
            rate=self.rate,
        )

    @property
    def rate(self) -> float | None:
        """Calls a second that are allowed now; None while there is no limit, 0 while the endpoint is down."""
        if self.is_down:
            return 0.0
        return min((rate for rate in (self._discovered.rate, self._quota.rate) if rate is not None), default=None)

    @property
    def is_down(self) -> bool:
        """Whether the endpoint is taken to be down, so that nobody calls but a probe."""
        return self._circuit.opened_at is not None

    @property
    def history(self) -> tuple[tuple[float, float | None], ...]:
        """How the allowed rate changed: times by the clock of the event loop (monotonic), and the rate from then on."""
        return self._history.points

    @asynccontextmanager
    async def call(self, tokens: float = 0.0, *, again: bool = False) -> AsyncGenerator[TrafficCall, None]:
        """Wait until a call may be made, and make it in the block.

        Args:
            tokens: Tokens that it may use at most, of input and output.
            again: True for a call that was made before and led to nothing: it goes before those that are new.

        Raises:
            EndpointDownError: if nothing has answered for too long.
        """
        call = TrafficCall(self, tokens, self._held(_now()))
        await self._admit(call, self._again if again else self._new)
        try:
            yield call
        finally:
            self._leave(call)

    def note_answer(self, call: TrafficCall, used_tokens: float | None) -> None:
        """See :meth:`TrafficCall.succeeded`."""
        self._circuit.answered(_now())
        self._refused_since = None
        if used_tokens is not None:
            self._quota.give_back(call.tokens - used_tokens)
        self._move_on()

    def note_rate_limit(self, call: TrafficCall, wait: float | None) -> None:
        """See :meth:`TrafficCall.rate_limited`."""
        now = _now()
        self._rate_limited += 1
        self._circuit.answered(now)
        self._quota.give_back(call.tokens)
        self._discovered.turned_away(now, call.started)
        self._obey(now, wait)
        if self._refused_since is None:
            self._refused_since = now
        if self._in_flight == 1 and now - self._refused_since >= self._give_up_after:
            self._give_up(self._no_answer("rate limited (429)"))
        self._move_on()

    def note_failure(self, call: TrafficCall, reason: str, wait: float | None) -> None:
        """See :meth:`TrafficCall.unreachable`."""
        now = _now()
        self._circuit.failed(now, call.started, reason, is_probe=call.is_probe)
        self._obey(now, wait)
        self._move_on()

    def _obey(self, now: float, wait: float | None) -> None:
        """Let nobody call as long as the endpoint told to wait."""
        if wait is not None:
            self._told_until = max(self._told_until, now + wait)
            self._discovered.pause(self._told_until)

    async def _admit(self, call: TrafficCall, queue: dict[TrafficCall, None]) -> None:
        """Stand in a queue until the call may start."""
        queue[call] = None
        self._move_on()
        try:
            await call.admission
        except BaseException:
            queue.pop(call, None)
            if call.is_let_go:  # cancelled after it was let go, and before it heard of it
                self._undo(call)
            if call.admission.done() and not call.admission.cancelled():
                call.admission.exception()  # asyncio complains about those that nobody looks at
            self._move_on()
            raise

    def _held(self, now: float) -> tuple[float, float]:
        """Seconds so far in which the pace, and in which outages, held everyone."""
        return self._paced.seconds(now), self._circuit.seconds_open(now)

    def _undo(self, call: TrafficCall) -> None:
        self._calls -= 1
        self._quota.give_back(call.tokens, requests=1)
        self._leave(call)

    def _leave(self, call: TrafficCall) -> None:
        self._in_flight -= 1
        if call.take_first_word():
            self._circuit.abandoned(_now(), call.started, is_probe=call.is_probe)
        self._move_on()

    def _move_on(self) -> None:
        """Let go the next one, if it may start, or set the timer for it.

        One in each turn of the event loop: all of them start at once by the clock, but what the first ones are told
        is heard before the last ones are out of the door.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._turn is not None:
            return
        now = _now()
        call = self._head()
        if call is None:
            self._rest(now)
        elif (delay := self._delay(now, call)) > 0:
            self._wait(now, delay)
        else:
            self._start(now, call)
            self._turn = asyncio.get_running_loop().call_soon(self._next_turn)
        self._history.note(now, self.rate)

    def _next_turn(self) -> None:
        self._turn = None
        self._move_on()

    def _head(self) -> TrafficCall | None:
        """Who is next, past those that were cancelled and have not heard of it yet."""
        for queue in (self._again, self._new):
            while queue:
                call = next(iter(queue))
                if not call.admission.done():
                    return call
                del queue[call]
        return None

    def _delay(self, now: float, call: TrafficCall) -> float:
        """Seconds until a call may start; infinite where only the end of another one can tell."""
        is_full = self.concurrency is not None and self._in_flight >= self.concurrency
        delay = math.inf if is_full else self._circuit.delay(now)
        if delay > 0:
            self._rest(now)
            return delay
        delay = max(self._discovered.delay(now), self._quota.delay(now, call.tokens))
        self._paced.note(now, is_running=delay > 0)
        return delay

    def _rest(self, now: float) -> None:
        """Take it that the pace is not what anyone waits for."""
        self._discovered.rest()
        self._paced.note(now, is_running=False)

    def _start(self, now: float, call: TrafficCall) -> None:
        self._again.pop(call, None)
        self._new.pop(call, None)
        self._discovered.started(now)
        self._quota.take(now, call.tokens)
        self._calls += 1
        self._in_flight += 1
        call.let_go(now, self._held(now), is_probe=self._circuit.started())

    def _wait(self, now: float, delay: float) -> None:
        """Look again when the head of the queue may start, or when patience ends."""
        told = self._told_until - now
        if told > self._give_up_after:
            self._give_up(f"turned away, and told to wait {told:.0f} s")
            return
        opened = self._circuit.opened_at
        deadline = math.inf if opened is None else opened + self._give_up_after
        if now >= deadline:
            self._give_up(self._no_answer(self._circuit.reason))
        elif min(delay, deadline) < math.inf:
            self._timer = asyncio.get_running_loop().call_at(min(now + delay, deadline), self._move_on)

    def _no_answer(self, last: str) -> str:
        return f"no answer for {self._give_up_after:g} s, the last call ended with: {last}"

    def _give_up(self, reason: str) -> None:
        """Send all home who wait; whoever comes later finds out by a probe of their own, if it is time for one."""
        while (call := self._head()) is not None:
            call.admission.set_exception(EndpointDownError(reason, _ADVICE))


def _now() -> float:
    return asyncio.get_running_loop().time()
