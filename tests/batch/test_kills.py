"""A batch that is killed, again and again, at any moment, ends as one that was not; and nothing is paid twice."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow.parquet as pq
import pytest

from summarizer import summarize
from summarizer.lexicon.index import index_path
from tests.support.model_server import model_server
from tests.support.releases import answer, write_releases

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")

ARTICLES = 16
CONCURRENCY = 3
LATENCY = 0.03
KILLS = 52
KILLS_OF_A_RUN = 4
GRACE = 1.0
"""Seconds before a kill in which a reply may have been sent, but not yet be written down."""
PRELOADED = ["tests.support.warm"]


@dataclass
class Till:
    """What the server was asked and when."""

    calls: list[tuple[str, float, float]] = field(default_factory=list)
    """Digest of a request, when it came, when it was answered."""
    lock: Lock = field(default_factory=Lock)

    def respond(self, request: dict[str, Any]) -> str:
        """Answer after a while, and note it."""
        asked = hashlib.sha256(json.dumps(request["messages"]).encode()).hexdigest()
        came = time.monotonic()
        time.sleep(LATENCY)
        with self.lock:
            self.calls.append((asked, came, time.monotonic()))
        return answer(request)


def run_child(folder: str, out: str, cache: str, base_url: str) -> None:
    """A run in a process of its own."""
    os.environ["SUMMARIZER_CACHE_DIR"] = cache
    from summarizer.batch import run_batch
    from summarizer.settings import load_settings

    run_batch(folder, out, settings=load_settings({"model": "m", "base_url": base_url, "concurrency": CONCURRENCY}))


def load_lexicon_index() -> Path:
    """The index of the dictionaries, built if need be."""
    path = index_path()
    if not path.exists():
        summarize("No trial is in here.")
    return path


def start_child(*arguments: str) -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    child = context.Process(target=run_child, args=arguments)
    child.start()
    return child


def run_to_the_end(*arguments: str) -> None:
    child = start_child(*arguments)
    child.join(60)
    assert child.exitcode == 0


def kill_after(seconds: float, number: int, *arguments: str) -> float | None:
    """Start a run and kill it; when that was, or None when it had ended before."""
    child = start_child(*arguments)
    child.join(seconds)
    if child.exitcode is not None:
        assert child.exitcode == 0
        return None
    with suppress(ProcessLookupError):
        os.kill(child.pid, number)
    child.join(30)
    return time.monotonic()


def without_times(line: str) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(line)
    summary["run"]["seconds"] = 0
    for attempt in summary["run"]["attempts"]:
        attempt["seconds"] = attempt["waited"] = 0
    return summary


def outputs(out: Path) -> dict[str, Any]:
    """Everything that the final files hold, times apart."""
    found: dict[str, Any] = {
        name: (out / name).read_bytes() for name in ("trials.csv", "results.csv", "failures.jsonl")
    }
    found |= {name: pq.read_table(out / name) for name in ("trials.parquet", "results.parquet")}
    lines = (out / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
    found["summaries"] = [without_times(line) for line in lines]
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    found["counts"] = run["counts"]
    return found


def test_a_run_that_is_killed_at_any_moment_loses_nothing_and_pays_nothing_twice(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_releases(folder, ARTICLES)
    chance = random.Random(20261123)  # noqa: S311 - to be repeatable
    till = Till()
    with model_server(till.respond) as server:

        def arguments(trial: str) -> tuple[str, str, str, str]:
            cache = tmp_path / trial / "cache"
            if not cache.exists():  # no kept answers, but the dictionaries, which take seconds to build
                cache.mkdir(parents=True)
                shutil.copy(load_lexicon_index(), cache)
            return str(folder), str(tmp_path / trial / "out"), str(cache), server.base_url

        run_to_the_end(*arguments("first"))  # starts the process that the others are forked from
        till.calls.clear()
        started = time.monotonic()
        run_to_the_end(*arguments("whole"))
        seconds = time.monotonic() - started
        expected = outputs(tmp_path / "whole" / "out")
        paid_once = sorted(asked for asked, _, _ in till.calls)
        assert len(paid_once) == len(set(paid_once)) >= ARTICLES

        kills = trial = 0
        while kills < KILLS:
            trial += 1
            till.calls.clear()
            moments: list[float] = []
            for _ in range(KILLS_OF_A_RUN):
                number = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
                moment = kill_after(chance.uniform(0, 1.1 * seconds), number, *arguments(str(trial)))
                if moment is not None:
                    moments.append(moment)
            kills += len(moments)
            run_to_the_end(*arguments(str(trial)))
            assert_same(outputs(tmp_path / str(trial) / "out"), expected)
            assert_paid_twice_only_in_flight(till.calls, moments)
            assert {asked for asked, _, _ in till.calls} == set(paid_once)


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        assert found[name] == value, name


def assert_paid_twice_only_in_flight(calls: list[tuple[str, float, float]], kills: list[float]) -> None:
    """Every call that was made once more was under way, or just answered, when the run was killed."""
    seen: dict[str, list[tuple[float, float]]] = {}
    again = 0
    for asked, came, answered in calls:
        for earlier_came, earlier_answered in seen.get(asked, ()):
            again += 1
            assert any(earlier_came <= kill <= earlier_answered + GRACE for kill in kills)
        seen.setdefault(asked, []).append((came, answered))
    assert again <= len(kills) * 2 * (CONCURRENCY + 1)
