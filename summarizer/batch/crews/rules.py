"""The rules engine at work on one task, and a crew of one that stays in this process."""

from __future__ import annotations

from collections.abc import Container, Iterator

from summarizer.article import Article
from summarizer.batch.crews.protocol import Keep
from summarizer.batch.ledger.records import Entry, Finished, Outcome
from summarizer.batch.report import Failure
from summarizer.batch.work import (
    STOPPING,
    ArticleTask,
    FileTask,
    Task,
    Terms,
    failed,
    make_entry,
    make_outcome,
    read_one,
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
        return self._do_file(task)

    def _do_file(self, task: FileTask) -> Finished:
        listed = task.listed
        item, is_lasting = read_one(listed)
        entry: Entry = make_entry(listed, 0, item, self._terms)
        outcomes = self._outcomes(item) if isinstance(item, Article) else ()
        return Finished(listed.name, listed.stamp if is_lasting else None, [entry], outcomes)

    def _outcomes(self, article: Article) -> tuple[Outcome, ...]:
        content = article.sha256
        if content in self._known:
            return ()
        try:
            return (make_outcome(self._summarizer.summarize(article), article),)
        except STOPPING:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one article trips must not stop the others
            failure = Failure.from_error(error, article.name or "", debug=self._terms.debug)
            return (failed(content, failure),)


class WorkHere:
    """Works in this process: for a few files a pool would take longer to start than to work."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def work(self, tasks: Iterator[Task], keep: Keep) -> None:
        """Do one task after the other."""
        for task in tasks:
            keep(self._worker.do(task))
