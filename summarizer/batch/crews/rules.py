"""The rules engine at work on one task, and a crew of one that stays in this process."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from summarizer.article import Article
from summarizer.batch.crews.protocol import Keep
from summarizer.batch.ledger.records import Finished, Outcome
from summarizer.batch.work import (
    STOPPING,
    ArticleTask,
    Task,
    Terms,
    failed_by,
    make_outcome,
    read_task,
)
from summarizer.pipeline import Summarizer

__all__ = ["WorkHere", "Worker"]


class Worker:
    """Does one task after the other.

    Args:
        summarizer: The engine.
        known: The texts that are done already.
        terms: What the work heeds.
    """

    def __init__(self, summarizer: Summarizer, known: Container[str], terms: Terms) -> None:
        self._summarizer = summarizer
        self._known = known
        self._terms = terms

    def do(self, task: Task) -> Finished:
        """Do one task; what goes wrong becomes a failure."""
        if isinstance(task, ArticleTask):
            return Finished(task.file, outcomes=self._outcomes(task.article))
        article, finished = read_task(task, self._terms)
        return finished if article is None else replace(finished, outcomes=self._outcomes(article))

    def _outcomes(self, article: Article) -> tuple[Outcome, ...]:
        if article.sha256 in self._known:
            return ()
        try:
            return (make_outcome(self._summarizer.summarize(article), article),)
        except STOPPING:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one article trips must not stop the others
            return (failed_by(error, article, self._terms),)


class WorkHere:
    """Works in this process: for a few files a pool would take longer to start than to work."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def work(self, tasks: Iterator[Task], keep: Keep) -> None:
        """Do one task after the other."""
        for task in tasks:
            keep(self._worker.do(task))
