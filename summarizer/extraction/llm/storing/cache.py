"""Answers that were paid for once, kept in SQLite in the user's cache folder.

The size of the output budget is not part of the key: only complete answers are kept (one that was cut off is an
error), and a larger budget changes whether there is an answer, not which. Nor is the purpose: it is a label.

The cache is a convenience: whatever is wrong with it (damaged, locked, read-only, no room), the run goes on without it
and says so once. SQLite is called from the event loop itself, not from a thread: a look-up takes a tenth of a
millisecond, and a paid answer is stored even when its task is cancelled in that moment.

Identical requests under way at the same time in one process become one call, across threads and event loops; two
processes may both call, and the later answer stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.exchange import Answer, Model, Reply, Request
from summarizer.extraction.llm.storing.answer_text import read_answer, write_answer
from summarizer.extraction.llm.storing.answers import (
    DATABASE_ERRORS,
    AnswerStore,
    KeptAnswer,
    connect,
    database_files,
    explain,
    is_damaged,
)
from summarizer.lexicon.index import cache_directory
from summarizer.schemas import Tokens

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["CacheInfo", "CachedModel", "cache_info", "clear_cache", "request_key", "responses_path"]

FORMAT_VERSION = "1"
"""Changes when the meaning of a key or of a stored answer changes; older answers are then never found."""

_log = logging.getLogger(__name__)


def responses_path() -> Path:
    """File of the answers in the cache directory."""
    return cache_directory() / "responses.sqlite3"


def request_key(model: Model, request: Request[Answer]) -> str:
    """What an answer depends on, as SHA-256: model, parameters, messages in order, shape of the answer.

    A JSON list, so that no two requests run together into the same bytes; the properties of the schema keep their
    order, in which a model fills them.
    """
    parts = [
        FORMAT_VERSION,
        model.name,
        model.parameters,
        [[message.role, message.content] for message in request.messages],
        _schema(request.response_model),
    ]
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode("ascii")).hexdigest()


@lru_cache(maxsize=16)
def _schema(response_model: type[BaseModel]) -> str:
    """The shape of an answer; made once, as it takes longer than all the rest of a look-up."""
    return json.dumps(response_model.model_json_schema(), separators=(",", ":"))


class CachedModel(Model):
    """A model whose answers are kept.

    Args:
        inner: The model that is asked where no answer is kept.
        path: File of the answers; by default `responses_path`.
        notify: Told in one line, at most once, when the cache can't be used; by default the log is.
    """

    def __init__(self, inner: Model, path: Path | None = None, notify: Callable[[str], None] | None = None) -> None:
        self._inner = inner
        self._store = AnswerStore(path or responses_path(), notify or _warn)
        self._flights: dict[str, Future[str | None]] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """Name of the model that is asked."""
        return self._inner.name

    @property
    def parameters(self) -> str:
        """Parameters of the model that is asked: a cache changes no answer."""
        return self._inner.parameters

    @property
    def problem(self) -> str | None:
        """What is wrong with the cache, in one line; None while all is well."""
        return self._store.problem

    def close(self) -> None:
        """Close the database; a later request opens it again."""
        self._store.close()

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        """Answer a request from the cache, or ask the model and keep its answer.

        Raises:
            ModelError: if the model has no answer; failures are not kept.
            ConfigurationError: if no request would be answered.
        """
        key = request_key(self._inner, request)
        flight, is_ours = self._join(key)
        if not is_ours:
            return await self._follow(flight, request, key)
        answer: str | None = None
        try:
            reply, answer = await self._lead(request, key)
        finally:
            with self._lock:
                del self._flights[key]
            flight.set_result(answer)
        return reply

    def _join(self, key: str) -> tuple[Future[str | None], bool]:
        """The call under way for a key, and whether it is for us to make it."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Future[str | None]()
            flight.set_running_or_notify_cancel()  # a follower that is cancelled must not cancel it for the others
            return flight, True

    async def _lead(self, request: Request[Answer], key: str) -> tuple[Reply[Answer], str | None]:
        """Answer a request that nobody else is asking; the answer also as text."""
        kept = self._store.find(key)
        if kept is not None:
            value = read_answer(request, kept)
            if value is not None:
                self._store.count_hit(key)
                return Reply(value, cached=True), kept
            self._store.drop(key)
        return await self._ask_inner(request, key)

    async def _follow(self, flight: Future[str | None], request: Request[Answer], key: str) -> Reply[Answer]:
        """Wait for the same request of somebody else; where that fails, ask for oneself."""
        answer = await asyncio.wrap_future(flight)
        value = None if answer is None else read_answer(request, answer)
        if value is not None:
            self._store.count_hit(key)
            return Reply(value, cached=True)
        reply, _ = await self._ask_inner(request, key)
        return reply

    async def _ask_inner(self, request: Request[Answer], key: str) -> tuple[Reply[Answer], str | None]:
        reply = await self._inner.ask(request)
        answer = write_answer(request, reply.value)
        if answer is not None:
            self._store.keep(key, KeptAnswer(self._inner.name, request.purpose, answer, reply.tokens, reply.cost))
        return reply, answer


def _warn(problem: str) -> None:
    _log.warning("%s", problem)


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What the cache holds."""

    path: Path
    """File of the answers; it need not exist."""
    entries: int = 0
    """Answers kept."""
    bytes: int = 0
    """Size on disk, the files beside it included."""
    oldest: datetime | None = None
    """When the oldest answer was kept, in UTC; None when there is none."""
    newest: datetime | None = None
    """When the newest answer was kept, in UTC; None when there is none."""
    models: tuple[tuple[str, int], ...] = ()
    """Answers per model name, most first."""
    hits: int = 0
    """How often a kept answer was used instead of a call."""
    saved_tokens: Tokens = field(default_factory=Tokens)
    """Tokens of the calls that were saved."""
    saved_cost: float = 0.0
    """US dollars of the calls that were saved, as far as their price is known."""


def cache_info(path: Path) -> CacheInfo:
    """What the cache holds; all zero where there is none, and none is made.

    Raises:
        ConfigurationError: if the file can't be read.
    """
    try:
        return _read_info(path) if path.exists() else CacheInfo(path)
    except DATABASE_ERRORS as error:
        raise _complaint("read", path, error) from None


def clear_cache(path: Path) -> int:
    """Forget all answers; a damaged file is removed, and 0 returned.

    The file itself stays otherwise: a run that is using it goes on doing so.

    Returns:
        How many answers were forgotten.

    Raises:
        ConfigurationError: if another process holds the lock, or the file can't be written.
    """
    try:
        return _delete_answers(path) if path.exists() else 0
    except DATABASE_ERRORS as error:
        if not is_damaged(error):
            raise _complaint("cleared", path, error) from None
    try:
        for file in database_files(path):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise _complaint("cleared", path, error) from None
    return 0


def _read_info(path: Path) -> CacheInfo:
    with contextlib.closing(connect(path)) as connection:
        entries, oldest, newest, hits, *saved, cost = connection.execute(
            "SELECT count(*), min(created), max(created), total(hits), total(input_tokens * hits),"
            " total(cached_tokens * hits), total(output_tokens * hits), total(cost * hits) FROM answers"
        ).fetchone()
        models = connection.execute("SELECT model, count(*) FROM answers GROUP BY model ORDER BY 2 DESC, 1").fetchall()
    return CacheInfo(
        path=path,
        entries=entries,
        bytes=sum(file.stat().st_size for file in database_files(path) if file.exists()),
        oldest=None if oldest is None else datetime.fromisoformat(oldest),
        newest=None if newest is None else datetime.fromisoformat(newest),
        models=tuple((str(model), int(count)) for model, count in models),
        hits=int(hits),
        saved_tokens=Tokens(input=int(saved[0]), cached=int(saved[1]), output=int(saved[2])),
        saved_cost=float(cost),
    )


def _delete_answers(path: Path) -> int:
    with contextlib.closing(connect(path)) as connection:
        count = connection.execute("DELETE FROM answers").rowcount
        with contextlib.suppress(sqlite3.OperationalError):  # a reader can keep the room from being given back
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count


def _complaint(verb: str, path: Path, error: Exception) -> ConfigurationError:
    reason, advice = explain(path, error)
    return ConfigurationError(f"the cache of answers can't be {verb}: {reason}", advice)
