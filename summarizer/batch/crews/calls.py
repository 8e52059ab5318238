"""A model at work on many articles at once, in one event loop.

Twice as many articles as calls are under way: while some wait for the model, others are read, grounded and written
down, so that a call that ends is followed by another one at once. Who may call when is the traffic's matter
(:mod:`summarizer.extraction.llm.endpoint.traffic`).
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import anyio

from summarizer.article import Article
from summarizer.batch.crews.protocol import Keep
from summarizer.batch.ledger.access import Access
from summarizer.batch.ledger.journal import current_content
from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.ledger.records import Finished, Outcome
from summarizer.batch.work import STOPPING, ArticleTask, Task, Terms, failed_by, make_outcome, read_task
from summarizer.pipeline import Summarizer
from summarizer.schemas import Summary

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

__all__ = ["Summarize", "WorkWithModel", "articles_under_way"]

Summarize = Callable[[Article], Awaitable[Summary | None]]
"""Makes the summary of an article; None when the article has to wait for a later run."""


_SWITCH = 0.0005
"""Seconds after which a thread that reads an article lets the event loop go on; Python's own 5 ms, paid at each of its
looks into the ledger, kept calls from being made."""
_TICK = 1.0
"""Seconds between two calls of `tell`."""


def articles_under_way(concurrency: int) -> int:
    """How many articles are worked on at once, for so many calls at once."""
    return 2 * concurrency + 2


@dataclass(frozen=True, slots=True)
class WorkWithModel:
    """Works with a model."""

    summarizer: Summarizer
    ledger: Ledger
    """Says what is done; the replies of articles that are not done are kept in it."""
    terms: Terms
    concurrency: int
    """Calls at the same time."""
    tell: Callable[[], None]
    """Called every second."""
    access: Access
    """How the ledger is used, here and by the journal."""
    summarize: Summarize | None = None
    """Makes a summary; None leaves that to the summarizer."""

    def work(self, tasks: Iterator[Task], keep: Keep) -> None:
        """Work in an event loop of our own, also where there is one already, as in a notebook."""
        before = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH)
        try:
            self._work(tasks, keep)
        finally:
            sys.setswitchinterval(before)
            self.access.close()

    def _work(self, tasks: Iterator[Task], keep: Keep) -> None:
        run = _Run(self, keep)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            anyio.run(run.work, tasks)
            return
        errors: list[BaseException] = []

        def aside() -> None:
            try:
                anyio.run(run.work, tasks)
            except BaseException as error:  # noqa: BLE001 - raised again, in the thread that waits
                errors.append(error)

        thread = threading.Thread(target=aside)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]


class _Run:
    """One run through the tasks."""

    def __init__(self, crew: WorkWithModel, keep: Keep) -> None:
        self._crew = crew
        self._keep = keep
        self._use = crew.access.use
        self._under_way: dict[str, anyio.Event] = {}
        self._stopped_by: Exception | None = None

    async def work(self, tasks: Iterator[Task]) -> None:
        async with self._crew.summarizer.connection, anyio.create_task_group() as group:
            group.start_soon(self._tick)
            await self._work_through(tasks)
            group.cancel_scope.cancel()
        if self._stopped_by is not None:
            raise self._stopped_by

    async def _tick(self) -> None:
        while True:
            await anyio.sleep(_TICK)
            self._crew.tell()

    async def _work_through(self, tasks: Iterator[Task]) -> None:
        send, receive = anyio.create_memory_object_stream[Task](0)
        async with anyio.create_task_group() as group:
            scope = group.cancel_scope
            group.start_soon(self._or_end, scope, partial(self._feed, tasks, send))
            for _ in range(articles_under_way(self._crew.concurrency)):
                group.start_soon(self._or_end, scope, partial(self._work_on, receive.clone()))
            receive.close()

    async def _or_end(self, scope: anyio.CancelScope, part: Callable[[], Awaitable[None]]) -> None:
        """Do a part of the work; its error ends all parts, and is what the run raises, alone."""
        try:
            await part()
        except Exception as error:  # noqa: BLE001 - raised again by the run
            self._stopped_by = self._stopped_by or error
            scope.cancel()

    async def _feed(self, tasks: Iterator[Task], send: MemoryObjectSendStream[Task]) -> None:
        async with send:
            while (task := await self._use(next, tasks, None)) is not None:
                await send.send(task)

    async def _work_on(self, tasks: MemoryObjectReceiveStream[Task]) -> None:
        async with tasks:
            async for task in tasks:
                await self._do(task)

    async def _do(self, task: Task) -> None:
        if isinstance(task, ArticleTask):
            await self._do_article(task.article, Finished(task.file))
            return
        article, finished = await asyncio.to_thread(read_task, task, self._crew.terms)
        if article is None:
            await self._use(self._keep, finished)
        else:
            await self._do_article(article, finished)

    async def _do_article(self, article: Article, finished: Finished) -> None:
        """Keep what becomes of an article; nothing new when its text is done already, perhaps by another task."""
        content = article.sha256
        async with self._alone_with(content):
            is_done = await self._use(self._crew.ledger.__contains__, content)
            outcome = None if is_done else await self._summarize(article, content)
            outcomes = () if outcome is None else (outcome,)
            await self._use(self._keep, replace(finished, outcomes=outcomes))

    @asynccontextmanager
    async def _alone_with(self, content: str) -> AsyncGenerator[None, None]:
        """Let one task at a time work on a text."""
        while content in self._under_way:
            await self._under_way[content].wait()
        done = self._under_way[content] = anyio.Event()
        try:
            yield
        finally:
            del self._under_way[content]
            done.set()

    async def _summarize(self, article: Article, content: str) -> Outcome | None:
        """What becomes of a text; None when it has to wait."""
        current_content.set(content)
        summarize = self._crew.summarize or self._crew.summarizer.asummarize
        try:
            summary = await summarize(article)
            if summary is None:
                return None
            return await asyncio.to_thread(make_outcome, summary, article)
        except STOPPING:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one article trips must not stop the others
            return failed_by(error, article, self._crew.terms)
