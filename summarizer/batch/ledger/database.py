"""The ledger's file: one SQLite database in the folder of results, safe against anything that stops a process.

Write-ahead logging with full synchronisation: a transaction that was committed is on the disk, whatever happens next
(https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from summarizer.errors import ConfigurationError

__all__ = ["DATABASE", "connect", "connect_to_read", "explain_errors", "locked"]

DATABASE, LOCK = "ledger.sqlite3", "ledger.lock"

MIGRATIONS: tuple[str, ...] = (
    """
    -- A file of the folder that was read to its end, and what it was like then.
    CREATE TABLE files (
        file TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
        inode INTEGER NOT NULL
    ) WITHOUT ROWID;
    -- What the files hold: articles, and what went wrong in the place of one.
    CREATE TABLE entries (
        file TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, content TEXT, source TEXT NOT NULL,
        failure TEXT, PRIMARY KEY (file, position)
    ) WITHOUT ROWID;
    CREATE INDEX entries_by_content ON entries (content);
    -- What became of a text with an engine. In files of its own order: rows are large, and looked up by key.
    CREATE TABLE outcomes (
        content TEXT NOT NULL, engine TEXT NOT NULL, counts TEXT NOT NULL, body BLOB, failure TEXT,
        PRIMARY KEY (content, engine)
    );
    -- Every run looks for them when it starts, and they are few.
    CREATE INDEX failed_outcomes ON outcomes (engine) WHERE failure IS NOT NULL;
    -- Replies of a model, of articles that are not finished.
    CREATE TABLE replies (
        content TEXT NOT NULL, request TEXT NOT NULL, reply TEXT NOT NULL, PRIMARY KEY (content, request)
    ) WITHOUT ROWID;
    -- Small facts by name.
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    -- What is asked through a provider's Batch API; a request's key is the SHA-256 of its body. While it is at the
    -- provider it belongs to a chunk; what came back is a reply with its HTTP status, or the reason why none came.
    CREATE TABLE provider_requests (
        engine TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, body TEXT NOT NULL, tokens INTEGER NOT NULL,
        state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, chunk TEXT, position INTEGER, status INTEGER, reply TEXT,
        PRIMARY KEY (engine, key)
    );
    CREATE INDEX provider_requests_by_state ON provider_requests (engine, state);
    CREATE INDEX provider_requests_by_content ON provider_requests (engine, content);
    CREATE INDEX provider_requests_by_chunk ON provider_requests (chunk, position);
    -- Chunks of such requests: each becomes a file, and a batch, of the provider's.
    CREATE TABLE provider_chunks (
        chunk TEXT PRIMARY KEY, engine TEXT NOT NULL, state TEXT NOT NULL, requests INTEGER NOT NULL,
        tokens INTEGER NOT NULL, begun INTEGER NOT NULL, file TEXT, batch TEXT, status TEXT,
        completed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0,
        created INTEGER, note TEXT
    );
    """,
)
"""Every change to the tables, in order; `user_version` counts those made. What was released is never edited."""

_BUSY_SECONDS = 10.0
_FILE_MODE = 0o600  # records hold what somebody's articles say
_FULL = {sqlite3.SQLITE_FULL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def locked(folder: Path) -> Generator[None, None, None]:
    """Keep every other run out of a folder of results; the lock ends with the process, however that ends.

    Raises:
        ConfigurationError: if another run works there.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ConfigurationError(
            f"{folder}: another run writes there", "wait for it, end it, or choose another folder for the results"
        ) from None
    try:
        yield
    finally:
        lock.release()


def connect(folder: Path) -> sqlite3.Connection:
    """Open the database of a folder, making or updating it as needed.

    Raises:
        sqlite3.Error: if it can't be opened or is damaged.
        ConfigurationError: if it is of a newer version of the program.
    """
    path = folder / DATABASE
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE_MODE))
    # Autocommit: transactions are begun by hand. One thread at a time uses it, not always the same one.
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(folder: Path) -> sqlite3.Connection:
    """Open the database for looking things up, beside the process that writes it."""
    uri = f"file:{quote(str((folder / DATABASE).absolute()))}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False)


@contextmanager
def explain_errors(folder: Path) -> Generator[None, None, None]:
    """Turn what SQLite and the file system raise into what a user can act on.

    Raises:
        ConfigurationError: if the ledger, or a file of results, can't be read or written.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(folder / DATABASE, error) from error
    except OSError as error:
        reason = f"{folder}: the results can't be written ({error.strerror or error})"
        raise ConfigurationError(reason, "choose another folder for them, or free some space") from error


def _explained(path: Path, error: sqlite3.Error) -> ConfigurationError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    again = "then run the same command again: what is done is kept"
    if primary in _FULL:
        return ConfigurationError(f"{path}: the disk is full", f"free some space, {again}")
    if primary in _DAMAGED:
        advice = "restore it from a copy, or move the folder away and start anew"
        return ConfigurationError(f"{path}: the ledger is damaged ({error})", advice)
    return ConfigurationError(f"{path}: the ledger can't be used ({error})", f"see that the disk is there, {again}")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (made,) = connection.execute("PRAGMA user_version").fetchone()
    if made > len(MIGRATIONS):
        raise ConfigurationError(
            f"{path}: made by a newer version of summarizer", "update the program, or choose another folder"
        )
    for number, statements in enumerate(MIGRATIONS[made:], start=made + 1):
        connection.executescript(f"BEGIN IMMEDIATE;\n{statements}\nPRAGMA user_version = {number};\nCOMMIT;")
