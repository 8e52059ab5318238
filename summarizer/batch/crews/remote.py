"""What runs on the nodes of a cluster: each worker is set up once and then does one task after the other.

Rows go in as ``{"task": bytes}`` and come out as ``{"finished": bytes}``, pickled: an Arrow table, in which they
travel, holds neither of our types. An error that would end any other article's work too comes out in place of what is
finished.
"""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass
from typing import TypedDict

from summarizer.article import Article
from summarizer.batch.crews.rules import Worker
from summarizer.batch.ledger.records import Finished, Outcome
from summarizer.batch.work import (
    STOPPING,
    ArticleTask,
    FileTask,
    Task,
    Terms,
    failed_by,
    make_outcome,
    read_one,
    read_task,
)
from summarizer.extraction.llm.endpoint.traffic import Traffic
from summarizer.pipeline import Summarizer
from summarizer.settings import Settings, load_settings

__all__ = ["ClusterSetup", "ModelWorker", "ReadingWorker", "RulesWorker"]


class TaskRow(TypedDict):
    """What a worker gets."""

    task: bytes


class FinishedRow(TypedDict):
    """What a worker gives."""

    finished: bytes


@dataclass(frozen=True, slots=True)
class ClusterSetup:
    """What a worker needs to start."""

    settings: Settings
    """The engine, without the key."""
    asks_model: bool
    """Whether the engine asks a model."""
    terms: Terms
    """What the work heeds."""

    def calls_of_each(self, workers: int) -> int:
        """Calls at the same time of each of so many workers."""
        return max(1, math.ceil(self.settings.concurrency / workers))


class RulesWorker:
    """Reads and summarises with the rules."""

    def __init__(self, setup: ClusterSetup, workers: int) -> None:
        del workers
        self._worker = Worker(Summarizer(setup.settings), frozenset[str](), setup.terms)

    def __call__(self, row: TaskRow) -> list[FinishedRow]:
        """Do one task."""
        try:
            return _came(self._worker.do(_task(row)))
        except STOPPING as error:
            return _came(error)


class ReadingWorker:
    """Reads files, to know their texts."""

    def __init__(self, setup: ClusterSetup, workers: int) -> None:
        del workers
        self._terms = setup.terms

    def __call__(self, row: TaskRow) -> list[FinishedRow]:
        """Read one file of one article."""
        task = _task(row)
        return _came(read_task(task, self._terms)[1]) if isinstance(task, FileTask) else []


class ModelWorker:
    """Reads and asks a model; Ray awaits several calls of one worker at the same time.

    The limits of the whole run are shared out evenly: no worker knows what the others do.
    """

    def __init__(self, setup: ClusterSetup, workers: int) -> None:
        given = setup.settings
        own = load_settings()
        settings = given.model_copy(update={"api_key": own.api_key})
        self._terms = setup.terms
        self._summarizer = Summarizer(
            settings,
            traffic=Traffic(
                concurrency=setup.calls_of_each(workers),
                requests_per_minute=_share(given.requests_per_minute, workers),
                tokens_per_minute=_share(given.tokens_per_minute, workers),
                give_up_after=given.retry_seconds or 1.0,
            ),
        )

    async def __call__(self, row: TaskRow) -> list[FinishedRow]:
        """Do one task."""
        task = _task(row)
        article = task.article if isinstance(task, ArticleTask) else read_one(task.listed)[0]
        if not isinstance(article, Article):
            return []  # it could be read a moment ago, and is told as changed by the next run
        file = task.file if isinstance(task, ArticleTask) else task.listed.name
        try:
            return _came(Finished(file, outcomes=[await self._summarize(article)]))
        except STOPPING as error:
            return _came(error)

    async def _summarize(self, article: Article) -> Outcome:
        try:
            return make_outcome(await self._summarizer.asummarize(article), article)
        except STOPPING:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one article trips must not stop the others
            return failed_by(error, article, self._terms)


def _share(limit: float | None, workers: int) -> float | None:
    return None if limit is None else limit / workers


def _task(row: TaskRow) -> Task:
    task: Task = pickle.loads(row["task"])  # noqa: S301 - made by our own driver
    return task


def _came(what: Finished | Exception) -> list[FinishedRow]:
    return [{"finished": pickle.dumps(what)}]
