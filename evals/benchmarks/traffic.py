"""Measure the traffic control against servers that limit their callers: how much of a limit is used, and at what price.

Each server is a process of its own on this machine. It keeps a token bucket, answers after 0.2 seconds, and turns
away at once what is too much (429), without saying when to come back. Requests go through the real EndpointModel.

1. A constant limit that nobody tells: 20 requests a second.
2. A limit that changes, and nobody tells: 20, then 10, then 30 requests a second.
3. A limit of tokens that the user gives (``tokens_per_minute``): what is set aside is more than what is used.
4. The same limit of tokens, not told: all that the client sees is what is turned away.

Targets for the first three, in runs of at least 1,500 calls (``--long``): at least 90 % of what is allowed is used, and
fewer than 2 % of the calls are turned away. A limit that changes every 12 seconds, as in the short run, is not found
in time.

All four run side by side. Usage: ``python evals/benchmarks/traffic.py [--long] [--concurrency N] [--burst SECONDS]``
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import json
import multiprocessing
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from pydantic import BaseModel

from summarizer.extraction.llm.endpoint.model import Endpoint, EndpointModel
from summarizer.extraction.llm.endpoint.traffic import Traffic, TrafficCounts
from summarizer.extraction.llm.exchange import Message, Request

SECONDS, LONG_SECONDS = 36.0, 150.0
LATENCY = 0.2
CONCURRENCY = 16
BURST = 1.0
"""Seconds' worth that a server lets pass at once."""
ANSWER_TOKENS = (50, 250)
LEAST_USED, MOST_TURNED_AWAY, ENOUGH = 0.9, 0.02, 1500
ROWS = 18
WIDTH = 40


@dataclass(frozen=True)
class Phase:
    """What a server allows from some second on."""

    start: float
    rate: float
    """Requests, or tokens, a second."""


@dataclass(frozen=True)
class Scenario:
    """A server and what the client knows of it."""

    name: str
    phases: Sequence[Phase]
    counts_tokens: bool = False
    tokens_per_minute: float | None = None
    has_target: bool = True

    def allowed(self, start: float, end: float) -> float:
        """What the server allows between two seconds, without its first burst."""
        ends = [*(phase.start for phase in self.phases[1:]), float("inf")]
        pairs = zip(self.phases, ends, strict=True)
        return sum(max(0.0, min(end, stop) - max(start, phase.start)) * phase.rate for phase, stop in pairs)


@dataclass
class Log:
    """What the client saw, in seconds since its first call."""

    answers: list[tuple[float, float]] = field(default_factory=list)
    """When, and how much of the limit each took."""
    turned_away: list[float] = field(default_factory=list)
    """When requests were answered that had been turned away, once for each time."""


class Item(BaseModel):
    """What the model is asked for."""

    name: str


# ---------------------------------------------------------------------------------------------- server


class Server:
    """An OpenAI-compatible server with a token bucket; just enough of HTTP for one client."""

    def __init__(self, scenario: Scenario, burst: float) -> None:
        self._scenario = scenario
        self._burst = burst
        self._level = max(1.0, burst * scenario.phases[0].rate)
        self._began: float | None = None
        self._filled = 0.0
        self._random = random.Random(1)  # noqa: S311

    async def run(self, pipe: Connection) -> None:
        """Serve until the process ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length:")[2].partition("\r\n")[0])
                request = json.loads(await reader.readexactly(length))
                status, body = await self._answer(request)
                data = json.dumps(body).encode()
                writer.write(b"HTTP/1.1 %d -\r\ncontent-type: application/json\r\n" % status)
                writer.write(b"content-length: %d\r\n\r\n%b" % (len(data), data))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, request: dict[str, Any]) -> tuple[int, object]:
        prompt = sum(len(message["content"]) for message in request["messages"]) // 4
        completion = self._random.randint(*ANSWER_TOKENS)
        if not self._lets_pass(prompt + completion if self._scenario.counts_tokens else 1):
            return 429, {"error": {"message": "too many", "type": "requests", "code": "rate_limit_exceeded"}}
        await asyncio.sleep(LATENCY * self._random.uniform(0.8, 1.2))
        message = {"role": "assistant", "content": json.dumps({"name": "one"})}
        usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
        return 200, {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": request["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": usage,
        }

    def _lets_pass(self, amount: float) -> bool:
        now = asyncio.get_running_loop().time()
        if self._began is None:
            self._began = now
        seconds = now - self._began
        rate = next(phase.rate for phase in reversed(self._scenario.phases) if phase.start <= seconds)
        inflow = self._scenario.allowed(self._filled, seconds)
        self._level = min(max(1.0, self._burst * rate), self._level + inflow)
        self._filled = seconds
        if self._level < amount:
            return False
        self._level -= amount
        return True


def serve(scenario: Scenario, burst: float, pipe: Connection) -> None:
    asyncio.run(Server(scenario, burst).run(pipe))


@contextmanager
def serving(scenario: Scenario, burst: float) -> Iterator[str]:
    """A server in a process of its own; gives its address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(scenario, burst, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.terminate()
        process.join()


# ---------------------------------------------------------------------------------------------- client


async def load(scenario: Scenario, address: str, seconds: float, traffic: Traffic) -> Log:
    """Ask as a batch does: with twice as many requests under way as calls."""
    loop, log, dice = asyncio.get_running_loop(), Log(), random.Random(2)  # noqa: S311
    model = EndpointModel(Endpoint("model", address), traffic=traffic)
    began = loop.time()

    async def ask_on() -> None:
        while loop.time() - began < seconds:
            text = "word " * dice.randint(50, 400)
            reply = await model.ask(Request((Message("user", text),), Item, 500, "benchmark"))
            used = reply.tokens.input + reply.tokens.output if scenario.counts_tokens else 1
            log.answers.append((loop.time() - began, used))
            log.turned_away += [loop.time() - began for attempt in reply.attempts if "429" in attempt.outcome]

    async with model:
        tasks = [asyncio.create_task(ask_on()) for _ in range(2 * (traffic.concurrency or CONCURRENCY) + 2)]
        done, rest = await asyncio.wait(tasks, timeout=seconds)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        for task in done:
            task.result()
    return log


@dataclass(frozen=True)
class Result:
    """What came of a scenario."""

    scenario: Scenario
    log: Log
    counts: TrafficCounts
    history: Sequence[tuple[float, float | None]]
    """Seconds since the first call, and the calls a second that were allowed from then on."""
    late: float
    """Seconds by which 19 of 20 timers of the client were late at most."""


def run_in_process(scenario: Scenario, concurrency: int, burst: float, seconds: float) -> Result:
    """Run a scenario; to be called in a process of its own, so that the clients don't hold each other up."""

    async def run() -> Result:
        with serving(Scenario("imports what is slow to import", [Phase(0, 100)]), 1.0) as address:
            await load(Scenario("", [Phase(0, 100)]), address, 0.5, Traffic(concurrency=1))
        traffic = Traffic(concurrency=concurrency, tokens_per_minute=scenario.tokens_per_minute)
        with serving(scenario, burst) as address:
            began = asyncio.get_running_loop().time()
            watch = asyncio.create_task(lateness(seconds))
            log = await load(scenario, address, seconds, traffic)
        history = [(when - began, rate) for when, rate in traffic.history]
        return Result(scenario, log, traffic.counts, history, sorted(await watch)[-int(seconds)])

    return asyncio.run(run())


async def lateness(seconds: float) -> list[float]:
    """Seconds by which timers of this program are late, 20 a second."""
    loop, late = asyncio.get_running_loop(), list[float]()
    for _ in range(int(20 * seconds)):
        due = loop.time() + 0.04
        await asyncio.sleep(0.04)
        late.append(loop.time() - due)
    return late


def print_result(result: Result, seconds: float, burst: float) -> bool:
    """Print figures and curve.

    Returns:
        Whether the targets are met; a short run, and what has none, is not judged.
    """
    scenario, log, counts = result.scenario, result.log, result.counts
    allowed = scenario.allowed(0, seconds) + burst * scenario.phases[0].rate
    used = sum(amount for _, amount in log.answers) / allowed
    calls = len(log.answers) + len(log.turned_away)
    share = len(log.turned_away) / max(1, calls)
    is_good = (used >= LEAST_USED and share < MOST_TURNED_AWAY) or calls < ENOUGH or not scenario.has_target
    print(f"{scenario.name}: {100 * used:.1f} % used, {100 * share:.2f} % turned away")
    print(f"  {calls} calls, {counts.paced_seconds:.0f} s paced{'' if is_good else '   MISSES THE TARGETS'}")
    print_curve(result, seconds)
    return is_good


def print_curve(result: Result, seconds: float) -> None:
    scenario, log = result.scenario, result.log
    unit = "tokens/s" if scenario.counts_tokens else "requests/s"
    step = seconds / ROWS
    top = 1.3 * max(phase.rate for phase in scenario.phases)
    print(f"  {'until':>7} {'calls/s let go':>15} {'429':>5} {'answered':>9} of {unit} allowed (|)")
    for row in range(ROWS):
        start, end = row * step, (row + 1) * step
        answered = sum(amount for when, amount in log.answers if start <= when < end) / step
        refused = sum(start <= when < end for when in log.turned_away)
        allowed = scenario.allowed(start, end) / step
        bar = list("#" * min(WIDTH, round(WIDTH * answered / top)) + " " * WIDTH)[: WIDTH + 1]
        bar[round(WIDTH * allowed / top)] = "|"
        pace = pace_at(result.history, end)
        shown = "no limit" if pace is None else f"{pace:.1f}"
        print(f"  {end:5.0f} s {shown:>15} {refused:5} {answered:9.1f} of {allowed:6.1f} {''.join(bar)}")
    print(flush=True)


def pace_at(history: Sequence[tuple[float, float | None]], when: float) -> float | None:
    """Calls a second that were allowed at some time."""
    number = bisect.bisect_right([time for time, _ in history], when)
    return history[number - 1][1] if number else None


def main() -> None:
    """Print the figures and the curve of each server."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--long", action="store_true", help=f"{LONG_SECONDS:g} seconds in place of {SECONDS:g}")
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="calls at once, for each server")
    parser.add_argument("--burst", type=float, default=BURST, help="seconds' worth that a server lets pass at once")
    options = parser.parse_args()
    seconds = LONG_SECONDS if options.long else SECONDS
    third, tokens = seconds / 3, 5000.0
    scenarios = [
        Scenario("a constant limit, not told", [Phase(0, 20)]),
        Scenario("a changing limit, not told", [Phase(0, 20), Phase(third, 10), Phase(2 * third, 30)]),
        Scenario("a limit of tokens, told", [Phase(0, tokens)], counts_tokens=True, tokens_per_minute=60 * tokens),
        Scenario("a limit of tokens, not told", [Phase(0, tokens)], counts_tokens=True, has_target=False),
    ]

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(scenarios), mp_context=context) as pool:
        run = partial(run_in_process, concurrency=options.concurrency, burst=options.burst, seconds=seconds)
        results = list(pool.map(run, scenarios))
    print(f"{seconds:g} s, {options.concurrency} calls at once, {LATENCY} s each, {options.burst:g} s' worth at once")
    late = 1000 * max(result.late for result in results)
    print(f"timers of the clients were late by {late:.0f} ms (95 %): on a busy machine less of a limit is used\n")
    are_good = [print_result(result, seconds, options.burst) for result in results]
    sys.exit(0 if all(are_good) else 1)


if __name__ == "__main__":
    main()
