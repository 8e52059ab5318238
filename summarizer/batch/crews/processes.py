"""The rules engine on all cores: a pool of processes that survives what an article does to one of them.

The pool is pebble's (https://pebble.readthedocs.io): other than the standard library's, it outlives a worker that is
killed, and ends one that takes too long.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from summarizer.batch.crews.protocol import Keep
from summarizer.batch.crews.rules import Worker
from summarizer.batch.ledger.ledger import KnownOutcomes
from summarizer.batch.ledger.records import Entry, Finished
from summarizer.batch.report import Failure
from summarizer.batch.work import ArticleTask, Task, Terms, failed
from summarizer.errors import ConfigurationError
from summarizer.pipeline import Summarizer
from summarizer.settings import Settings

__all__ = ["PoolSetup", "WorkInProcesses"]

MOST_SECONDS = 600.0
"""Seconds after which the work on one article is given up; a second for 100,000 characters is what it should take."""
_TASKS_OF_A_PROCESS = 10_000
"""After so many a process is replaced: what its libraries remember of every article does not pile up."""
_MOST_BREAKS = 20
"""Pools that one run may use up: a machine that is short of memory kills a process now and then, not always."""
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

    def work(self, tasks: Iterator[Task], keep: Keep) -> None:
        """Hand out tasks; one whose process dies is tried once more, and then fails.

        Raises:
            ConfigurationError: if the processes end before they have done anything.
        """
        left: Sequence[Task] = ()
        tried: set[str] = set()
        for _ in range(_MOST_BREAKS):
            shift = _Shift(self._setup, self._processes, keep, tried)
            try:
                shift.work(chain(left, tasks))
            except BrokenProcessPool:
                # A pool takes it for its end when a process dies that has no task: the next one does what is left.
                left = shift.left
            else:
                return
        raise ConfigurationError("the processes of the pool end again and again", "try it with --processes 1")


class _Shift:
    """The work of one pool."""

    def __init__(self, setup: PoolSetup, processes: int, keep: Keep, tried: set[str]) -> None:
        self._pool = ProcessPool(
            processes,
            max_tasks=_TASKS_OF_A_PROCESS,
            initializer=_start,
            initargs=[setup],
            context=multiprocessing.get_context(_method()),
        )
        self._most = processes * _AHEAD
        self._keep = keep
        self._tried = tried
        self._pending: dict[Future[Finished], Task] = {}
        self._unsent: list[Task] = []

    @property
    def left(self) -> list[Task]:
        """Tasks that were taken and are not done."""
        return [*self._unsent, *self._pending.values()]

    def work(self, tasks: Iterator[Task]) -> None:
        """Work through the tasks.

        Raises:
            BrokenProcessPool: if another pool has to go on, with what is left.
        """
        try:
            for task in tasks:
                self._hand_out(task)
                if len(self._pending) >= self._most:
                    self._take_in()
            while self._pending:
                self._take_in()
            self._pool.close()  # type: ignore[no-untyped-call]
        except BaseException:
            self._pool.stop()  # type: ignore[no-untyped-call]
            raise
        finally:
            self._pool.join()

    def _hand_out(self, task: Task) -> None:
        self._unsent.append(task)
        try:
            future: Future[Finished] = self._pool.schedule(_do, args=[task], timeout=MOST_SECONDS)
        except RuntimeError as error:  # the pool has broken a moment ago
            raise BrokenProcessPool(str(error)) from error
        self._pending[future] = self._unsent.pop()

    def _take_in(self) -> None:
        """Wait for something to be finished and keep it."""
        for future in wait(self._pending, return_when=FIRST_COMPLETED).done:
            task = self._pending[future]
            finished = self._result(future, task)
            del self._pending[future]
            if finished is None:
                self._hand_out(task)
            else:
                self._keep(finished)

    def _result(self, future: Future[Finished], task: Task) -> Finished | None:
        """What became of a task; None when it is to be tried again."""
        try:
            return future.result()
        except ProcessExpired as error:
            if task.name not in self._tried:
                self._tried.add(task.name)
                return None
            return _given_up(task, "crashed", f"the process that read it ended twice ({error})")
        except TimeoutError:
            return _given_up(task, "timed_out", f"not done after {MOST_SECONDS:.0f} s")


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
