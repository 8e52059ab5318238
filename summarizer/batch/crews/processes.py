"""The rules engine on all cores: a pool of processes that survives what an article does to one of them.

The pool is pebble's (https://pebble.readthedocs.io): other than the standard library's, it outlives a worker that is
killed, and ends one that takes too long.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from summarizer.batch.crews.protocol import Keep
from summarizer.batch.crews.rules import Worker
from summarizer.batch.ledger.ledger import KnownOutcomes
from summarizer.batch.ledger.records import Entry, Finished
from summarizer.batch.report import Failure
from summarizer.batch.work import ArticleTask, Task, Terms, failed
from summarizer.pipeline import Summarizer
from summarizer.settings import Settings

__all__ = ["PoolSetup", "WorkInProcesses"]

MOST_SECONDS = 600.0
"""Seconds after which the work on one article is given up; a second for 100,000 characters is what it should take."""
_TASKS_OF_A_PROCESS = 10_000
"""After so many a process is replaced: what its libraries remember of every article does not pile up."""
_AHEAD = 4
"""Tasks per process that are handed out at once: enough that none waits, few enough that memory stays flat."""


@dataclass(frozen=True, slots=True)
class PoolSetup:
    """What a process of the pool needs to start."""

    settings: Settings
    """The engine, without a key: the rules need none."""
    out: Path
    """Folder of the results, whose ledger says what is done."""
    engine: str
    """Fingerprint of the engine."""
    terms: Terms
    """What the work heeds."""


class WorkInProcesses:
    """Works in several processes.

    Args:
        setup: What each process needs.
        processes: How many there are.
    """

    def __init__(self, setup: PoolSetup, processes: int) -> None:
        self._setup = setup
        self._processes = processes
        self._tried: set[str] = set()

    def work(self, tasks: Iterator[Task], keep: Keep) -> None:
        """Hand out tasks; one whose process dies is tried once more, and then fails."""
        pool = ProcessPool(
            self._processes,
            max_tasks=_TASKS_OF_A_PROCESS,
            initializer=_start,
            initargs=[self._setup],
            context=multiprocessing.get_context(_method()),
        )
        pending: dict[Future[Finished], Task] = {}
        try:
            for task in tasks:
                pending[_hand_out(pool, task)] = task
                if len(pending) >= self._processes * _AHEAD:
                    self._take_in(pool, pending, keep)
            while pending:
                self._take_in(pool, pending, keep)
            pool.close()  # type: ignore[no-untyped-call]
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise
        finally:
            pool.join()

    def _take_in(self, pool: ProcessPool, pending: dict[Future[Finished], Task], keep: Keep) -> None:
        """Wait for something to be finished and keep it."""
        for future in wait(pending, return_when=FIRST_COMPLETED).done:
            task = pending.pop(future)
            try:
                finished = future.result()
            except ProcessExpired as error:
                if task.name not in self._tried:
                    self._tried.add(task.name)
                    pending[_hand_out(pool, task)] = task
                    continue
                finished = _given_up(task, "crashed", f"the process that read it ended twice ({error})")
            except TimeoutError:
                finished = _given_up(task, "timed_out", f"not done after {MOST_SECONDS:.0f} s")
            keep(finished)


def _hand_out(pool: ProcessPool, task: Task) -> Future[Finished]:
    return pool.schedule(_do, args=[task], timeout=MOST_SECONDS)


def _given_up(task: Task, code: str, reason: str) -> Finished:
    failure = Failure(task.name, task.name, code, "RuntimeError", reason, "please report it, with the article")
    if isinstance(task, ArticleTask):
        return Finished(task.file, outcomes=[failed(task.article.sha256, failure)])
    listed = task.listed
    # A process may have been killed for reasons of the machine's: only what took too long is not tried by the next run.
    stamp = listed.stamp if code == "timed_out" else None
    return Finished(listed.name, stamp, [Entry(listed.name, 0, listed.name, None, failure=failure)])


def _method() -> str:
    """How processes are started: never by copying this one, whose threads and connections a copy can't use."""
    return "forkserver" if sys.platform == "linux" else "spawn"


_worker: Worker | None = None


def _start(setup: PoolSetup) -> None:
    """Get a new process ready."""
    global _worker  # noqa: PLW0603 - the one thing that a process of the pool is for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    _worker = Worker(Summarizer(setup.settings), KnownOutcomes(setup.out, setup.engine), setup.terms)


def _do(task: Task) -> Finished:
    if _worker is None:
        raise RuntimeError("the process was not started by _start")
    return _worker.do(task)
