"""The database of answers: one table in SQLite, shared by threads and processes.

Kept are the answer, its tokens and price, the model's name and the purpose; of the request only a SHA-256. Neither the
article nor any key is written; an answer holds of the article what the model put into it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from summarizer.schemas import Tokens

__all__ = [
    "DATABASE_ERRORS",
    "MIGRATIONS",
    "AnswerStore",
    "KeptAnswer",
    "connect",
    "database_files",
    "explain",
    "is_damaged",
]

MIGRATIONS: tuple[tuple[str, str], ...] = (
    (
        "0001 answers",
        """
        CREATE TABLE answers (
            key TEXT PRIMARY KEY,
            model TEXT NOT NULL,
            purpose TEXT NOT NULL,
            answer TEXT NOT NULL,
            input_tokens INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cost REAL,
            created TEXT NOT NULL,
            hits INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID
        """,
    ),
)
"""Name and statement of every change to the tables, in order. Append only: what was released is never edited."""

DATABASE_ERRORS = (sqlite3.Error, OSError, ValueError, OverflowError)
"""What the calls of this module raise; the last two for values that SQLite can't hold, or that nobody wrote there."""

_BUSY_SECONDS = 2.0
"""How long another process may hold the lock before we do without."""
_MOST_STALLS = 3
"""So often we wait in vain for the lock, then leave the database alone."""
_FILE_MODE = 0o600  # answers hold what somebody's articles say
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# SQLITE_ERROR: tables that are not ours. None: an error of Python's own, such as text that is not UTF-8.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_ERROR, None}


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What is kept of an answer."""

    model: str
    """Name of the model that gave it."""
    purpose: str
    """What it was for."""
    answer: str
    """The answer as JSON."""
    tokens: Tokens
    """Tokens of all calls made for it."""
    cost: float | None
    """US dollars of those calls; None when the price is not known."""


class AnswerStore:
    """The answers by key. Never raises: a problem turns it off, and is told once.

    Args:
        path: File of the database; made, with its folder, when first used.
        notify: Told of the first problem, in one line.
    """

    def __init__(self, path: Path, notify: Callable[[str], None]) -> None:
        self.path = path
        self.problem: str | None = None
        self._notify = notify
        self._stalls = 0
        self._is_off = False
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._close: Callable[[], object] = _do_nothing
        self._process = os.getpid()

    def find(self, key: str) -> str | None:
        """The answer kept under a key, as JSON."""
        row = self._run("SELECT answer FROM answers WHERE key = ?", key)
        return row[0] if row is not None and isinstance(row[0], str) else None

    def keep(self, key: str, kept: KeptAnswer) -> None:
        """Keep an answer, in place of an earlier one."""
        tokens = kept.tokens
        self._run(
            "INSERT OR REPLACE INTO answers (key, model, purpose, answer, input_tokens, cached_tokens, output_tokens,"
            " cost, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(key, kept.model, kept.purpose, kept.answer),
            *(tokens.input, tokens.cached, tokens.output, kept.cost),
            _now(),
        )

    def drop(self, key: str) -> None:
        """Forget an answer."""
        self._run("DELETE FROM answers WHERE key = ?", key)

    def count_hit(self, key: str) -> None:
        """Note that an answer was used again."""
        self._run("UPDATE answers SET hits = hits + 1 WHERE key = ?", key)

    def close(self) -> None:
        """Close the connection, if one is open; a later call opens another."""
        with self._lock:
            self._disconnect()

    def _run(self, statement: str, *values: object) -> tuple[object, ...] | None:
        """The first row that a statement gives, one thread at a time; None where there is no database to be had."""
        with self._lock:
            if self._is_off:
                return None
            try:
                row: tuple[object, ...] | None = self._connect().execute(statement, values).fetchone()
            except DATABASE_ERRORS as error:
                self._give_up(error)
                return None
            return row

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None or self._process != os.getpid():
            # A connection must not be used across a fork; the parent's is left as it is.
            self._connection = connection = connect(self.path)
            self._process = os.getpid()
            self._close = weakref.finalize(self, connection.close)
        return self._connection

    def _disconnect(self) -> None:
        self._close()
        self._connection, self._close = None, _do_nothing

    def _give_up(self, error: Exception) -> None:
        self._stalls += 1
        self._is_off = not _is_busy(error) or self._stalls >= _MOST_STALLS
        if self._is_off:
            self._disconnect()
        if self.problem is None:
            self.problem = f"the cache of answers can't be used: {'; '.join(explain(self.path, error))}"
            self._notify(self.problem)


def connect(path: Path) -> sqlite3.Connection:
    """Open the database, making or updating it as needed.

    Raises:
        sqlite3.Error: if it can't be opened, is damaged, or is of a newer version of the program.
        OSError: if the folder or the file can't be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made by us and not by SQLite, for its mode; the files beside it (-wal, -shm) take theirs from it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE_MODE))
    with contextlib.suppress(OSError):  # for an older file, or one that somebody opened up
        path.chmod(_FILE_MODE)
    # Autocommit: every statement stands for itself. Threads take turns with the lock of the store.
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def explain(path: Path, error: Exception) -> tuple[str, str]:
    """What is wrong with the database, and what to do about it."""
    if _is_busy(error):
        return f"{path}: another process holds it", "wait for that one, or end it"
    if isinstance(error, OSError):
        reason, advice = error.strerror or str(error), "make it writable, or set SUMMARIZER_CACHE_DIR to another folder"
    elif is_damaged(error):
        reason, advice = str(error), "run 'summarizer cache clear'"
    else:
        reason, advice = str(error), "make it writable, or set SUMMARIZER_CACHE_DIR to another folder"
    return f"{path}: {reason}", advice


def is_damaged(error: Exception) -> bool:
    """Whether nothing can be done with the file but to make it anew."""
    return not isinstance(error, OSError) and _code(error) in _DAMAGED


def database_files(path: Path) -> tuple[Path, ...]:
    """The database, and what SQLite keeps beside it."""
    return (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))


def _set_up(connection: sqlite3.Connection) -> None:
    # The mode is for speed, and switching to it may fail while another process does the same.
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last answers, never the file
    if _applied(connection) != [name for name, _ in MIGRATIONS]:
        _migrate(connection)


def _applied(connection: sqlite3.Connection) -> list[str]:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone() is None:
        return []
    return [str(row[0]) for row in connection.execute("SELECT name FROM migrations ORDER BY name")]


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date, while other processes wait; all changes or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied TEXT NOT NULL)")
        for name, statement in _missing(_applied(connection)):  # read once more: another process may have been first
            connection.execute(statement)
            connection.execute("INSERT INTO migrations (name, applied) VALUES (?, ?)", (name, _now()))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _missing(applied: list[str]) -> tuple[tuple[str, str], ...]:
    """The changes still to be made.

    Raises:
        sqlite3.NotSupportedError: if the database has changes that this version knows nothing of.
    """
    if applied != [name for name, _ in MIGRATIONS[: len(applied)]]:
        raise sqlite3.NotSupportedError("made by another version of the program")
    return MIGRATIONS[len(applied) :]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_busy(error: Exception) -> bool:
    return _code(error) in _BUSY


def _code(error: Exception) -> int | None:
    """SQLite's primary result code; None for an error that is not SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _do_nothing() -> None:
    """Close what is not open."""
