"""Calls of a batch keep in step: at most so many at once, as fast as is allowed, and none while the endpoint is down.

Most tests run on an event loop whose time is a number: it jumps to the next timer instead of waiting for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import math
import random
import selectors
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from summarizer.errors import ConfigurationError, EndpointDownError, ModelUnavailableError
from summarizer.extraction.llm.building import build_model
from summarizer.extraction.llm.endpoint.circuit import Circuit
from summarizer.extraction.llm.endpoint.discovery import DiscoveredPace, Growth
from summarizer.extraction.llm.endpoint.gauges import RateHistory
from summarizer.extraction.llm.endpoint.model import Endpoint, EndpointModel, RetryPolicy
from summarizer.extraction.llm.endpoint.pacing import Bucket
from summarizer.extraction.llm.endpoint.permits import TrafficCall
from summarizer.extraction.llm.endpoint.traffic import Traffic
from summarizer.extraction.llm.exchange import Message, Reply, Request
from summarizer.extraction.llm.storing.budget import estimate_request
from summarizer.settings import load_settings
from tests.support.model_server import Answer, Status, closed_port, model_server

T = TypeVar("T")
GOOD = '{"trial": "LUMEN-7"}'
QUICK = RetryPolicy(attempts=4, budget=5.0, first_wait=0.01, longest_wait=0.02)


class Trial(BaseModel):
    trial: str


REQUEST = Request((Message("user", "Belomertinib lengthened survival in LUMEN-7."),), Trial, 500, "records")


# --------------------------------------------------------------------------------------------- virtual time


class JumpingSelector(selectors.DefaultSelector):
    """Never waits: the time that it was to wait for passes at once."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        events = super().select(0)
        if not events:
            assert timeout is not None, "everyone waits for ever"
            self.passed += timeout
        return events


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed


def virtually(work: Coroutine[Any, Any, T]) -> T:
    """Run without waiting."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def now() -> float:
    return asyncio.get_running_loop().time()


@contextlib.asynccontextmanager
async def background(*works: Coroutine[Any, Any, Any]) -> AsyncGenerator[list[asyncio.Task[Any]]]:
    """Run beside the block; what is not done at its end is cancelled."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


Outcome = Callable[[TrafficCall], None]


def ok(call: TrafficCall) -> None:
    call.succeeded()


def down(call: TrafficCall) -> None:
    call.unreachable("server error (503)")


OUTCOMES: dict[str, Outcome] = {"ok": ok, "429": TrafficCall.rate_limited, "503": down}


async def make(
    traffic: Traffic, outcome: Outcome = ok, seconds: float = 0.0, starts: list[float] | None = None, **options: Any
) -> TrafficCall:
    """One call that takes some time."""
    async with traffic.call(**options) as call:
        if starts is not None:
            starts.append(now())
        await asyncio.sleep(seconds)
        outcome(call)
        return call


async def make_all(traffic: Traffic, count: int, outcome: Outcome = ok, seconds: float = 0.0) -> list[float]:
    """Calls side by side; gives when they started."""
    starts: list[float] = []
    await asyncio.gather(*(make(traffic, outcome, seconds, starts) for _ in range(count)))
    return starts


def is_at_rest(traffic: Traffic) -> bool:
    counts = traffic.counts
    return counts.in_flight == 0 and counts.waiting == 0 and traffic._timer is None


# ---------------------------------------------------------------------------------------------- at once


@settings(max_examples=40, deadline=None)
@given(
    concurrency=st.integers(1, 5),
    calls=st.lists(
        st.tuples(st.floats(0, 2), st.floats(0, 2), st.none() | st.floats(0, 2), st.sampled_from("ok 429 503".split())),
        max_size=25,
    ),
)
def test_never_more_calls_at_once_than_allowed(
    concurrency: int, calls: list[tuple[float, float, float | None, str]]
) -> None:
    traffic = Traffic(concurrency=concurrency)
    under_way, most = 0, 0

    async def caller(arrives: float, seconds: float, gives_up: float | None, outcome: str) -> None:
        nonlocal under_way, most
        await asyncio.sleep(arrives)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(gives_up), traffic.call() as call:
                under_way += 1
                most = max(most, under_way)
                try:
                    await asyncio.sleep(seconds)
                finally:
                    under_way -= 1
                OUTCOMES[outcome](call)

    async def run() -> None:
        await asyncio.gather(*itertools.starmap(caller, calls))
        assert is_at_rest(traffic)

    virtually(run())
    assert most <= concurrency
    assert under_way == 0


def test_all_start_at_once_before_the_first_429() -> None:
    async def run() -> None:
        assert await make_all(traffic, 60, seconds=1.0) == [0.0] * 50 + [1.0] * 10
        assert traffic.rate is None
        assert traffic.counts.paced_seconds == 0

    traffic = Traffic(concurrency=50)
    virtually(run())


def test_no_limit_at_all() -> None:
    assert virtually(make_all(Traffic(), 300, seconds=1.0)) == [0.0] * 300


def test_callers_come_in_turn_and_those_who_come_again_go_first() -> None:
    async def caller(name: str, again: bool = False) -> None:
        async with traffic.call(again=again):
            order.append(name)
            await asyncio.sleep(1)

    async def run() -> None:
        await asyncio.gather(caller("a"), caller("b"), caller("c"), caller("d", again=True), caller("e", again=True))

    traffic, order = Traffic(concurrency=1), list[str]()
    virtually(run())
    assert order == ["a", "d", "e", "b", "c"]


@pytest.mark.parametrize("name", ["concurrency", "requests_per_minute", "tokens_per_minute", "give_up_after"])
@pytest.mark.parametrize("limit", [0, -1, math.nan])
def test_limit_that_makes_no_sense(name: str, limit: float) -> None:
    options: dict[str, Any] = {name: limit}
    with pytest.raises(ConfigurationError, match="makes no sense"):
        Traffic(**options)


# -------------------------------------------------------------------------------------------- known limits


@settings(max_examples=15, deadline=None)
@given(limit=st.integers(1, 900), calls=st.integers(1, 800), seconds=st.floats(0, 5))
def test_requests_a_minute_are_held_and_used(limit: int, calls: int, seconds: float) -> None:
    starts = virtually(make_all(Traffic(requests_per_minute=limit), calls, seconds=seconds))
    assert len(starts) == calls
    for first, start in enumerate(starts):
        if first + limit < len(starts):  # so that one more than the limit would be in the same minute
            assert starts[first + limit] - start >= 60 * (1 - 1e-6)
    assert starts[-1] <= 60 * calls / limit * 1.02 + 1


@settings(max_examples=30, deadline=None)
@given(
    limit=st.integers(1000, 100_000),
    calls=st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 3000)), min_size=1, max_size=150),
)
def test_tokens_a_minute_are_held(limit: int, calls: list[tuple[int, int]]) -> None:
    traffic = Traffic(concurrency=8, tokens_per_minute=limit)
    used: list[tuple[float, int]] = []

    async def caller(tokens: int, spare: int) -> None:
        async with traffic.call(tokens + spare) as call:
            used.append((now(), tokens))
            await asyncio.sleep(1)
            call.succeeded(tokens)

    async def run() -> None:
        await asyncio.gather(*itertools.starmap(caller, calls))

    virtually(run())
    # Whatever was set aside and not used was waited for, so that it may be used on top of the limit later on.
    slack = max(tokens + spare for tokens, spare in calls) + 8 * max(spare for _, spare in calls)
    for start, _ in used:
        assert sum(tokens for when, tokens in used if start <= when < start + 60) <= limit + slack + 1


def test_tokens_that_were_not_used_are_given_back() -> None:
    async def run(used: int) -> float:
        traffic = Traffic(concurrency=4, tokens_per_minute=60_000)
        tasks = [make(traffic, lambda call: call.succeeded(used), 0.5, tokens=5000) for _ in range(100)]
        await asyncio.gather(*tasks)
        return now()

    assert virtually(run(5000)) == pytest.approx(500, rel=0.05)
    assert virtually(run(1000)) == pytest.approx(100, rel=0.1)
    assert virtually(run(9000)) == pytest.approx(900, rel=0.05)


def test_call_larger_than_the_limit_of_a_minute_still_goes() -> None:
    async def run() -> list[float]:
        traffic, starts = Traffic(tokens_per_minute=600), list[float]()
        for _ in range(2):
            await make(traffic, starts=starts, tokens=6000)
        return starts

    first, second = virtually(run())
    assert first == 0
    assert second == pytest.approx(600, rel=0.05)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 20)), min_size=1, max_size=50))
def test_bucket_lets_through_no_more_than_it_held_and_what_flowed_in(takes: list[tuple[float, float]]) -> None:
    bucket, time, total = Bucket(2.0, 10.0), 0.0, 0.0
    for pause, amount in takes:
        time += pause
        time += bucket.delay(time, amount)
        assert bucket.delay(time, amount) <= 1e-6
        bucket.take(time, amount)
        total += amount
        assert total <= 10 + 2 * time + max(amount for _, amount in takes) + 1e-6


def test_bucket_keeps_what_is_given_back() -> None:
    bucket = Bucket(1.0, 10.0)
    bucket.take(0, 10)
    bucket.give_back(15)
    bucket.take(5, 10)
    assert bucket.delay(5, 10) == pytest.approx(5)


# ------------------------------------------------------------------------------------------ unknown limits


@dataclass
class LimitedServer:
    """Lets pass what its bucket holds, and turns away the rest at once."""

    limits: list[tuple[float, float]]
    """From when on how many requests a second are allowed."""
    burst: float = 1.0
    """Seconds' worth that may come at once."""
    retry_after: bool = False
    level: float = math.inf
    at: float = 0.0
    passed: int = 0
    turned_away: list[float] = field(default_factory=list)

    def rate(self, when: float) -> float:
        return next(rate for start, rate in reversed(self.limits) if start <= when)

    def allowed(self, end: float) -> float:
        ends = [*(start for start, _ in self.limits[1:]), end]
        pairs = zip(self.limits, ends, strict=True)
        return self.burst * self.limits[0][1] + sum((stop - start) * rate for (start, rate), stop in pairs)

    async def serve(self, call: TrafficCall) -> bool:
        await asyncio.sleep(0.002)
        time, rate = now(), self.rate(now())
        self.level = min(max(1, self.burst * rate), self.level + (time - self.at) * rate)
        self.at = time
        if self.level < 1:
            self.turned_away.append(time)
            await asyncio.sleep(0.003)
            call.rate_limited((1 - self.level) / rate if self.retry_after else None)
            return False
        self.level -= 1
        await asyncio.sleep(random.uniform(0.1, 0.3))  # noqa: S311
        self.passed += 1
        call.succeeded()
        return True


def drive(server: LimitedServer, seconds: float, concurrency: int) -> Traffic:
    """Keep a server busy for some time."""
    traffic = Traffic(concurrency=concurrency)

    async def worker() -> None:
        again = False
        while True:
            async with traffic.call(again=again) as call:
                again = not await server.serve(call)

    async def run() -> None:
        async with background(*(worker() for _ in range(2 * concurrency))):
            await asyncio.sleep(seconds)

    random.seed(0)
    virtually(run())
    return traffic


@pytest.mark.parametrize(("concurrency", "burst"), [(16, 0.3), (50, 1.0), (16, 3.0)])
@pytest.mark.parametrize("limits", [[(0, 20)], [(0, 20), (50, 10), (100, 30)]])
def test_a_limit_that_nobody_told_is_found(limits: list[tuple[float, float]], burst: float, concurrency: int) -> None:
    server = LimitedServer(limits, burst)
    traffic = drive(server, 150, concurrency)
    assert server.passed >= 0.9 * server.allowed(150)
    # Those that were under way when the first 429 came could not know.
    late = [when for when in server.turned_away if when > server.turned_away[0] + 0.1]
    assert len(late) < 0.02 * (server.passed + len(server.turned_away))
    assert traffic.counts.rate_limited == pytest.approx(len(server.turned_away), abs=concurrency)


def test_a_limit_that_nobody_told_is_found_with_retry_after() -> None:
    server = LimitedServer([(0, 20)], retry_after=True)
    drive(server, 100, 16)
    assert server.passed >= 0.9 * server.allowed(100)
    assert len(server.turned_away) < 0.02 * server.passed


def test_many_429_of_calls_under_way_together_are_one_signal() -> None:
    async def run(echoes: int) -> float:
        traffic = Traffic(concurrency=100)
        await make_all(traffic, 40, seconds=3.0)  # long ago
        # Once a pace is known, and calls flow at it, some are turned away together.
        await make(traffic, TrafficCall.rate_limited)
        for _ in range(30):
            await make_all(traffic, 10, seconds=0.2)
        before = traffic.rate
        calls = [make(traffic, ok, 1.0) for _ in range(20)]
        refused = [make(traffic, TrafficCall.rate_limited, 2.0) for _ in range(1 + echoes)]
        await asyncio.gather(*calls, *refused)
        assert before is not None
        assert traffic.rate is not None
        return traffic.rate / before

    alone, storm = virtually(run(0)), virtually(run(9))
    assert 0.5 < alone < 1
    assert storm > 0.6 * alone  # nine more halvings would be 0.002


def test_retry_after_is_obeyed_by_everyone() -> None:
    async def run() -> None:
        await make(traffic, lambda call: call.rate_limited(7.0))
        starts = await make_all(traffic, 3)
        assert min(starts) == pytest.approx(7.0)
        await make(traffic, lambda call: call.unreachable("server error (503)", 5.0))
        told = now()
        assert min(await make_all(traffic, 3)) >= told + 5
        assert traffic.counts.paced_seconds >= 12

    traffic = Traffic(concurrency=8)
    virtually(run())


def test_rate_is_forgotten_by_nobody_and_grows_only_when_it_is_used() -> None:
    async def run() -> None:
        await make_all(traffic, 20)
        await make(traffic, TrafficCall.rate_limited)
        before = traffic.rate
        for _ in range(20):
            await asyncio.sleep(60)
            await make(traffic)
        assert traffic.rate == before

    traffic = Traffic(concurrency=8)
    virtually(run())


def test_rate_does_not_run_away_from_a_slow_program() -> None:
    pace, time = DiscoveredPace(), 0.0
    for _ in range(20):
        pace.started(time)
    pace.turned_away(time, time)
    for second in range(1, 300):  # four calls a second, which now and then wait a little for each other
        time = float(second)
        for _ in range(4):
            time += pace.delay(time)
            pace.started(time)
        pace.rest()
    assert pace.rate is not None
    assert 8 <= pace.rate <= 20


@given(worked=st.floats(0.02, 500), is_guess=st.booleans(), feedback=st.floats(0, 10))
def test_growth_begins_below_what_worked_and_never_falls(worked: float, is_guess: bool, feedback: float) -> None:
    growth = Growth(worked, is_guess, feedback)
    rates = [growth.rate(seconds / 2) for seconds in range(60)]
    assert rates[0] == pytest.approx(0.9 * worked)
    assert rates == sorted(rates)
    assert growth.rate(60 + 60 / worked if not is_guess else 60 + 30 * feedback) > worked


# --------------------------------------------------------------------------------------------- outages


async def bring_down(traffic: Traffic) -> None:
    await make_all(traffic, 5, down)
    assert traffic.is_down


def test_outage_stops_all_calls_but_one_probe_until_it_succeeds() -> None:
    async def run() -> None:
        await bring_down(traffic)
        assert traffic.rate == 0
        began = now()
        starts: list[float] = []
        async with background(*(make(traffic, down, 0.5, starts) for _ in range(3))):
            await asyncio.sleep(10)
        pauses = [start - end for start, end in zip(starts, [began, *(start + 0.5 for start in starts)], strict=False)]
        assert [0.8 * pause <= waited <= pause for waited, pause in zip(pauses, [1, 2, 4], strict=True)] == [True] * 3
        starts = []
        async with background(*(make(traffic, ok, 2.0, starts) for _ in range(20))):
            await asyncio.sleep(30)
        assert starts[1:] == [starts[0] + 2.0] * 8 + [starts[0] + 4.0] * 8 + [starts[0] + 6.0] * 3
        assert not traffic.is_down
        assert traffic.counts.outages == 1

    traffic = Traffic(concurrency=8)
    virtually(run())


def test_failures_with_a_success_in_between_are_no_outage() -> None:
    async def run() -> None:
        for _ in range(5):
            await make_all(traffic, 4, down)
            await make(traffic)
        assert traffic.counts.outages == 0

    traffic = Traffic()
    virtually(run())


def test_calls_from_before_the_outage_say_nothing_about_what_comes_after() -> None:
    async def run() -> None:
        async with background(*(make(traffic, down, 20.0) for _ in range(10))):
            await asyncio.sleep(1)
            await bring_down(traffic)
            probe = await make(traffic)
            assert probe.is_probe
            await asyncio.sleep(30)
        assert not traffic.is_down
        assert traffic.counts.outages == 1

    traffic = Traffic()
    virtually(run())


def test_probe_of_an_outage_that_is_over_says_nothing_about_the_next_one() -> None:
    circuit = Circuit()
    for time in (0.0, 100.0):
        for _ in range(5):
            circuit.failed(time, time, "down", is_probe=False)
        assert circuit.started()
        if not time:
            circuit.answered(50.0)  # a call from before, while the probe still hangs
    circuit.failed(110.0, 1.0, "no answer", is_probe=True)
    circuit.abandoned(110.0, 1.0, is_probe=True)
    assert circuit.delay(110.0) == math.inf  # the second probe is under way


def test_each_outage_begins_with_a_short_pause() -> None:
    circuit = Circuit()
    for time in (0.0, 100.0):
        for _ in range(5):
            circuit.failed(time, time, "down", is_probe=False)
        assert 0.8 <= circuit.delay(time) <= 1
        circuit.failed(time + 1, time + 1, "down", is_probe=circuit.started())
        circuit.answered(time + 10)
    assert circuit.seconds_open(200) == 20


def test_pauses_grow_up_to_a_minute() -> None:
    circuit, time, pauses = Circuit(), 0.0, list[float]()
    for _ in range(5):
        circuit.failed(time, time, "down", is_probe=False)
    for _ in range(12):
        pauses.append(circuit.delay(time))
        time += pauses[-1]
        assert circuit.started()
        assert circuit.delay(time) == math.inf
        circuit.failed(time, time, "down", is_probe=True)
    expected = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]
    assert all(0.8 * most <= pause <= most for pause, most in zip(pauses, expected, strict=True))


def test_everyone_gives_up_in_the_end() -> None:
    async def run() -> None:
        await bring_down(traffic)
        began = now()
        probes = asyncio.gather(*(make(traffic, down) for _ in range(30)), return_exceptions=True)
        errors = [error for error in await probes if isinstance(error, EndpointDownError)]
        assert len(errors) >= 15
        assert now() - began == pytest.approx(300)
        assert "no answer for 300 s" in str(errors[0])
        assert "server error (503)" in str(errors[0])
        assert "run the same command again" in str(errors[0])
        assert is_at_rest(traffic)
        with pytest.raises(EndpointDownError):
            await make(traffic)
        await asyncio.sleep(60)  # a long-lived program finds out when it is back
        await make(traffic)
        assert not traffic.is_down

    traffic = Traffic(concurrency=8)
    virtually(run())


def test_everyone_gives_up_though_all_slots_hang() -> None:
    async def run() -> None:
        async with background(*(make(traffic, ok, 1000) for _ in range(3))):
            await asyncio.sleep(0)
            await bring_down(traffic)
            async with background(make(traffic, ok, 1000)):  # the probe
                await asyncio.sleep(1)
                with pytest.raises(EndpointDownError):
                    await make(traffic)
                assert now() == pytest.approx(20)

    traffic = Traffic(concurrency=8, give_up_after=20)
    virtually(run())


def test_told_to_wait_too_long() -> None:
    async def run() -> None:
        await make(traffic, lambda call: call.rate_limited(3600))
        with pytest.raises(EndpointDownError, match="turned away, and told to wait 3600 s"):
            await make(traffic)
        assert now() == 0

    traffic = Traffic()
    virtually(run())


def test_429_and_nothing_else_for_too_long() -> None:
    async def persist() -> None:
        while True:
            await make(traffic, TrafficCall.rate_limited)

    async def run() -> None:
        tasks = [asyncio.create_task(persist()) for _ in range(4)]
        await asyncio.wait(tasks, timeout=1000, return_when=asyncio.FIRST_COMPLETED)
        assert 300 <= now() < 340
        assert traffic.counts.calls < 40
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(end, EndpointDownError) for end in ends) == 3

    traffic = Traffic(concurrency=4)
    virtually(run())


def test_429_with_answers_in_between_is_no_reason_to_give_up() -> None:
    async def run() -> None:
        for outcome in (TrafficCall.rate_limited, ok, TrafficCall.rate_limited):
            async with background(make(traffic, outcome, 1)) as calls:
                await asyncio.wait(calls)
            await asyncio.sleep(15)
        waiter = asyncio.create_task(make(traffic))
        await make(traffic, TrafficCall.rate_limited, again=True)
        await waiter

    traffic = Traffic(concurrency=1, give_up_after=20)
    virtually(run())


# ----------------------------------------------------------------------------------------- cancellation


def test_cancelled_waiters_leave_no_trace() -> None:
    async def run(traffic: Traffic, wait: Callable[[], Awaitable[Any]]) -> None:
        await wait()
        before = traffic.counts
        async with background(*(make(traffic) for _ in range(5))):
            await asyncio.sleep(0.01)
            assert traffic.counts.waiting == 5
        assert traffic.counts.waiting == 0
        assert traffic.counts.calls == before.calls
        assert traffic._timer is None

    paced = Traffic(requests_per_minute=1)
    virtually(run(paced, lambda: make(paced)))
    told = Traffic()
    virtually(run(told, lambda: make(told, lambda call: call.rate_limited(60))))
    out = Traffic()
    virtually(run(out, lambda: bring_down(out)))


def test_cancelled_call_frees_its_slot() -> None:
    async def run() -> None:
        async with background(make(traffic, ok, 100)):
            await asyncio.sleep(1)
        assert is_at_rest(traffic)
        await make(traffic)
        assert now() == 1

    traffic = Traffic(concurrency=1)
    virtually(run())


def test_cancelled_probe_lets_another_one_go_at_once() -> None:
    async def run() -> None:
        await bring_down(traffic)
        async with background(make(traffic, ok, 100)):
            await asyncio.sleep(5)
            assert traffic.counts.in_flight == 1
        call = await make(traffic)
        assert call.is_probe
        assert now() == 5

    traffic = Traffic()
    virtually(run())


def test_call_that_is_cancelled_just_as_it_is_let_go_takes_nothing() -> None:
    async def run() -> None:
        async with background() as waiters:
            async with traffic.call():
                waiters.append(asyncio.create_task(make(traffic, tokens=600)))
                await asyncio.sleep(1)
            assert traffic.counts.calls == 2
            waiters[0].cancel()  # it was let go in this very turn, and does not run yet
        assert is_at_rest(traffic)
        assert traffic.counts.calls == 1
        await make(traffic, tokens=600)
        assert now() == 1

    traffic = Traffic(concurrency=1, requests_per_minute=120, tokens_per_minute=36_000)
    virtually(run())


# --------------------------------------------------------------------------------------------- counters


def test_counts_and_history() -> None:
    async def run() -> None:
        async with background(*(make(traffic, ok, 1.0) for _ in range(4))):
            await asyncio.sleep(0.5)
            counts = traffic.counts
            assert (counts.calls, counts.in_flight, counts.waiting, counts.rate) == (2, 2, 2, None)
            await asyncio.sleep(2)
        await make(traffic, TrafficCall.rate_limited)
        await make_all(traffic, 10)
        await bring_down(traffic)
        await make(traffic)
        counts = traffic.counts
        assert (counts.calls, counts.in_flight, counts.rate_limited, counts.outages) == (21, 0, 1, 1)
        assert counts.paced_seconds > 1
        times, rates = zip(*traffic.history, strict=True)
        assert list(times) == sorted(times)
        assert rates[0] is None
        assert 0.0 in rates
        assert rates[-1] == counts.rate

    traffic = Traffic(concurrency=2)
    virtually(run())


def test_history_stays_short() -> None:
    history = RateHistory()
    for number in range(50_000):
        history.note(number, 1.0 + number % 7)
    assert len(history.points) <= 1001
    assert history.points[0][0] == 0
    assert history.points[-1][0] > 49_000


# ------------------------------------------------------------------------------------- through the endpoint


class StatusError(Exception):
    """What a client raises for a status."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.status)
        self.status_code = status.status
        self.body = status.body
        self.response = SimpleNamespace(headers=status.headers)


class ScriptedClient:
    """A client without a network: it answers as scripted, in a tenth of a second. The last one is repeated."""

    def __init__(self, script: Sequence[Answer | Status]) -> None:
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self._create))
        self._script = list(script)
        self.calls = 0

    async def _create(self, **parameters: Any) -> ChatCompletion:
        step = self._script[min(self.calls, len(self._script) - 1)]
        self.calls += 1
        await asyncio.sleep(0.1)
        if isinstance(step, Status):
            raise StatusError(step)
        return ChatCompletion.model_validate(step.body(parameters))


async def ask(script: Sequence[Answer | Status], traffic: Traffic, **options: Any) -> Reply[Trial]:
    (reply,) = await ask_many(1, script, traffic, **options)
    return reply


async def ask_many(
    count: int, script: Sequence[Answer | Status], traffic: Traffic, **options: Any
) -> list[Reply[Trial]]:
    endpoint = Endpoint("model", client=ScriptedClient(script), **options)
    model = EndpointModel(endpoint, traffic=traffic)
    return await asyncio.gather(*(model.ask(REQUEST) for _ in range(count)))


def outcomes(reply: Reply[Trial]) -> list[str]:
    return [attempt.outcome for attempt in reply.attempts]


def test_every_call_goes_through_the_traffic_and_is_told() -> None:
    traffic = Traffic(concurrency=2)
    limited = Status(429, {"error": {"message": "slow down"}}, {"retry-after-ms": "300"})
    reply = virtually(ask([limited, Answer("{}"), Answer(GOOD)], traffic))
    assert reply.value.trial == "LUMEN-7"
    first, second, third = outcomes(reply)
    assert first == "rate limited (429), asked again when the pace allows it"
    assert second.startswith("answer not valid")
    assert third == "ok"
    assert reply.attempts[0].waited == 0
    assert 0.3 <= reply.attempts[1].waited < 1.5
    assert (traffic.counts.calls, traffic.counts.rate_limited) == (3, 1)


def test_estimate_and_use_of_tokens_reach_the_traffic() -> None:
    class Spy(Traffic):
        asked: list[float] = []  # noqa: RUF012 - one test
        used: list[float | None] = []  # noqa: RUF012

        def call(self, tokens: float = 0.0, *, again: bool = False) -> Any:
            self.asked.append(tokens)
            return super().call(tokens, again=again)

        def note_answer(self, call: TrafficCall, used_tokens: float | None) -> None:
            self.used.append(used_tokens)
            super().note_answer(call, used_tokens)

    spy = Spy()
    unsupported = Status(400, "temperature is not supported")
    script: list[Answer | Status] = [Answer(GOOD, finish_reason="length"), unsupported, Answer(GOOD)]
    virtually(ask(script, spy))
    size = estimate_request(REQUEST).input
    assert size > 0
    assert spy.asked == [size + 500, size + 1000, size + 1000]
    assert spy.used == [110, 0, 110]


def test_request_that_meets_429_again_and_again_ends() -> None:
    refused = [Status(429, {"error": "slow down"}, {"retry-after-ms": "300"})]
    for policy, end in (
        (RetryPolicy(attempts=1), "rate limited (429) 2 times"),
        (RetryPolicy(budget=0.5), "rate limited (429), no time left of the 0.5 s for retries"),
    ):
        with pytest.raises(ModelUnavailableError) as caught:
            virtually(ask(refused, Traffic(), retry=policy))
        assert not isinstance(caught.value, EndpointDownError)
        assert caught.value.reason == end
        assert caught.value.spent.outcomes[-1] == "rate limited (429), given up"


def test_request_that_brings_the_server_down_each_time_ends() -> None:
    # Alone at the end of a batch, it must not pass for an outage for ever: it would stop every run.
    with pytest.raises(ModelUnavailableError, match=r"server error \(500\)"):
        virtually(ask([Status(500, {"error": "oops"})], Traffic()))


def test_outage_of_good_length_ends_in_an_error_that_says_where_and_what_to_do() -> None:
    address = f"http://127.0.0.1:{closed_port()}/v1"

    async def run() -> list[BaseException | Reply[Trial]]:
        model = EndpointModel(Endpoint("model", address, retry=QUICK), traffic=traffic)
        return await asyncio.gather(*(model.ask(REQUEST) for _ in range(8)), return_exceptions=True)

    traffic = Traffic(give_up_after=1.5)
    errors = asyncio.run(run())
    assert all(isinstance(error, EndpointDownError) for error in errors)
    assert str(errors[0]) == (
        f"{address}: no answer for 1.5 s, the last call ended with: no connection to {address}; "
        "nothing that is done is lost: run the same command again when it answers"
    )
    assert isinstance(errors[0], EndpointDownError)
    assert errors[0].spent.outcomes


def test_time_and_failures_of_an_outage_are_not_those_of_a_request() -> None:
    traffic = Traffic(concurrency=5)
    policy = RetryPolicy(attempts=2, budget=2.0, first_wait=0.01)
    script = [Status(503, {"error": "busy"})] * 10 + [Answer(GOOD)]
    replies = virtually(ask_many(5, script, traffic, retry=policy))
    assert traffic.counts.outages == 1
    assert sum(len(reply.attempts) for reply in replies) == 15
    assert sum(attempt.waited for reply in replies for attempt in reply.attempts) > 5 * 20
    told = {outcome for reply in replies for outcome in outcomes(reply)}
    assert "server error (503), asked again when the endpoint is back" in told


class ShakyServer:
    """A server that can be shut in the middle of its work, and opened again on the same port."""

    def __init__(self) -> None:
        self.is_busy = asyncio.Event()
        self._answered = 0
        self._port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{self._port}/v1"

    async def shut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                request = json.loads(await reader.readexactly(int(head.split("content-length:")[1].split()[0])))
                await asyncio.sleep(0.05)
                data = json.dumps(Answer(GOOD).body(request)).encode()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
                writer.write(b"content-length: %d\r\n\r\n%b" % (len(data), data))
                self._answered += 1
                if self._answered == 30:
                    self.is_busy.set()
        self._writers.discard(writer)
        writer.close()


def test_server_that_goes_down_for_a_while_and_comes_back() -> None:
    async def run() -> list[Reply[Trial]]:
        server = ShakyServer()
        model = EndpointModel(Endpoint("model", await server.open(), retry=QUICK), traffic=traffic)
        async with model:
            replies = asyncio.gather(*(model.ask(REQUEST) for _ in range(120)))
            await server.is_busy.wait()
            await server.shut()
            await asyncio.sleep(0.7)  # the first probe comes after 0.8 to 1.0
            await server.open()
            done = await replies
        await server.shut()
        return done

    traffic = Traffic(concurrency=8)
    replies = asyncio.run(run())
    assert [reply.value.trial for reply in replies] == ["LUMEN-7"] * 120
    assert traffic.counts.outages >= 1
    assert traffic.counts.in_flight == 0
    # A handful finds out; the others wait, and none of them hammers at the door.
    failed = [outcome for reply in replies for outcome in outcomes(reply) if outcome != "ok"]
    assert 5 <= len(failed) <= 25


def test_model_is_built_with_traffic(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    traffic = Traffic(concurrency=1)
    with model_server([Answer(GOOD)]) as server:
        given = {"model": "model", "base_url": server.base_url, "use_cache": False}
        built = build_model(load_settings(given), traffic=traffic)
        assert asyncio.run(built.model.ask(REQUEST)).value.trial == "LUMEN-7"
    assert traffic.counts.calls == 1


@pytest.fixture(autouse=True)
def _quiet_dice() -> Iterator[None]:
    state = random.getstate()
    yield
    random.setstate(state)
