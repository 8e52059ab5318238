"""Whatever stops a submission or a collection, and wherever: nothing is lost, and nothing is asked twice."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tenacity

from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.provider import ProviderReport
from summarizer.batch.provider.chunks import ChunkStore
from summarizer.batch.provider.requests import RequestStore
from summarizer.batch.provider.service import BatchService
from summarizer.errors import ModelUnavailableError
from tests.support.batch_server import batch_server
from tests.support.model_server import Drop, Hang, Status
from tests.support.submissions import Desk, lines_of, records, wrong

STEPS: list[tuple[type, tuple[str, ...]]] = [
    (BatchService, ("_once",)),
    (ChunkStore, ("pack", "_set", "drop")),
    (RequestStore, ("keep_reply", "put_back", "release", "forget_finished")),
    (Ledger, ("keep", "keep_reply")),
]
"""What is done at the provider or written down: a process may end before each, and after the last."""


class Killed(BaseException):
    """Ends a command where it is, as the end of its process would."""


class Killer:
    """Ends a command at one of its steps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._left = sys.maxsize
        for owner, names in STEPS:
            for name in names:
                monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))

    def run(self, command: Callable[[], ProviderReport]) -> tuple[ProviderReport, int]:
        """Do a command again and again, each time killed a step later, until it comes to its end; and how often."""
        for kills in range(1_000):
            self._left = kills
            try:
                report = command()
            except (Killed, BaseExceptionGroup):
                continue
            finally:
                self._left = sys.maxsize
            return report, kills
        raise AssertionError("no end")

    def _counted(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self._count()
            result = step(*args, **kwargs)
            if step.__name__ == "_once":  # done at the provider, not yet written down
                self._count()
            return result

        return counted

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Killed


@pytest.fixture(autouse=True)
def _quick_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no client read all certificates of the world, which takes it longest: the server speaks plain HTTP."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *args, **kwargs: None)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were waited between calls; none are."""
    seconds: list[float] = []
    monkeypatch.setattr(tenacity.nap, "time", SimpleNamespace(sleep=seconds.append))
    return seconds


def test_commands_that_are_killed_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = [Status(500)]
    with batch_server(lambda body: trouble.pop() if trouble else wrong(body)) as server:
        desk = Desk.at(server, tmp_path, 2).with_limits(requests=1)
        killer = Killer(monkeypatch)
        report, kills = killer.run(desk.submit)
        assert kills > 10
        assert (len(server.batches), report.articles.waiting) == (2, 2)
        for expected in (2, 1, 0):
            server.finish()
            report, kills = killer.run(desk.collect)
            assert (report.articles.waiting, kills > 4) == (expected, True)
        assert report.articles.done == 2
        assert set(server.paid.values()) == {1}
        assert sum(server.answered.values()) == len(server.paid) + 1 == 5
        assert not server.direct_calls
    assert len(lines_of(desk.out / "summaries.jsonl")) == 2


def test_a_process_that_is_killed_while_it_makes_a_batch(tmp_path: Path) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 2)
        server.disturb("create", Hang(60))
        command = [sys.executable, "-m", "summarizer.cli", "batch", "submit", str(desk.folder), "--out", str(desk.out)]
        flags = ["--model", "m", "--base-url", server.base_url, "--no-cache", "--quiet"]
        process = subprocess.Popen([*command, *flags], env=dict(os.environ), stderr=subprocess.PIPE)
        try:
            while "create" not in server.calls:
                assert process.poll() is None
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        assert not server.batches
        desk.submit()
        assert len(server.batches) == 1
        desk.to_the_end(server)
        assert set(server.paid.values()) == {1}


@pytest.mark.parametrize("operation", ["upload", "create"])
def test_a_reply_that_is_lost_makes_no_second_batch(tmp_path: Path, operation: Any, waits: list[float]) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 2)
        server.disturb(operation, Drop())
        with pytest.raises(ModelUnavailableError, match="run the same command again"):
            desk.submit()
        assert desk.submit().articles.waiting == 2
        assert (len(server.batches), waits) == (1, [])
        desk.to_the_end(server)
        assert set(server.paid.values()) == {1}


@pytest.mark.parametrize("operation", ["batches", "upload", "create", "retrieve", "download"])
def test_calls_are_made_again_for_as_long_as_the_settings_allow(
    tmp_path: Path, operation: Any, waits: list[float]
) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 2, retry_seconds=60.0)
        server.disturb(operation, Status(429, headers={"retry-after": "7"}), Status(503), Hang(0), Drop())
        desk.submit()
        assert desk.to_the_end(server) == 1
        assert waits[0] == 7
        assert len(waits) == 4
        assert len(server.batches) == 1
        assert set(server.paid.values()) == {1}


def test_a_provider_that_stays_away_is_told(tmp_path: Path, waits: list[float]) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 1, retry_seconds=60.0)
        server.disturb("batches", *[Status(503)] * 9)
        with pytest.raises(ModelUnavailableError, match=r"server error \(503\) \(6 tries\)"):
            desk.submit()
        assert not desk.out.joinpath("run.json").exists()


@pytest.mark.parametrize("keeps_metadata", [True, False])
def test_a_batch_that_was_made_is_found_among_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps_metadata: bool
) -> None:
    with batch_server(records) as server:
        for number in range(2):
            Desk.at(server, _made(tmp_path / str(number)), 1).submit()
        desk = Desk.at(server, _made(tmp_path / "own"), 1)
        server.disturb("create", Drop())
        with pytest.raises(ModelUnavailableError):
            desk.submit()
        if not keeps_metadata:
            list(server.batches.values())[-1].order["metadata"] = None
        for number in range(2, 4):
            Desk.at(server, _made(tmp_path / str(number)), 1).submit()
        monkeypatch.setattr("summarizer.batch.provider.service._PAGE", 2)
        assert desk.submit().sent.requests == 0
        assert len(server.batches) == 5
        desk.to_the_end(server)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
