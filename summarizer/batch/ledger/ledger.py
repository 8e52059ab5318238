"""The ledger of a folder of results: what is done is never done again, and never lost.

A run may end at any moment, by any cause. So everything that is known is written at once: a reply of a model when it
comes, an article's outcome in one transaction, a file as read when all that it holds was noted. What the final files
hold is made from here, never from memory.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from summarizer.batch.ledger.database import connect, connect_to_read, explain_errors, locked
from summarizer.batch.ledger.records import Entry, Exported, Finished, ListedFile, Outcome
from summarizer.batch.ledger.statements import (
    COUNT_FILES,
    COUNT_OPEN,
    COUNT_UNREAD,
    COUNT_WAITING,
    NEXT_FILES,
    RESULTS,
    TEMPORARY,
)
from summarizer.batch.report import Counts, Failure
from summarizer.loading import FileStamp

__all__ = ["KnownOutcomes", "Ledger", "open_ledger"]

_PASSING = ("model_unavailable", "endpoint_down", "crashed", "bug")
"""Failures that another try may mend; all others are those of the article, and stay until it changes."""

_PAGE = 1_000
"""Files that are looked up at once."""
_NO_LIMIT = -1
"""As SQLite takes it."""


@contextmanager
def open_ledger(folder: Path, engine: str) -> Generator[Ledger, None, None]:
    """The ledger of a folder of results, which is made where there is none; other runs are kept out.

    Args:
        folder: Where the results go.
        engine: Fingerprint of the engine whose outcomes count.

    Raises:
        ConfigurationError: if another run works there, or the ledger can't be used.
    """
    with explain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            connection = connect(folder)
            try:
                yield Ledger(connection, engine)
            finally:
                connection.close()


class KnownOutcomes:
    """Says which texts are done, to a process that only reads the ledger.

    Args:
        folder: Folder of the results.
        engine: Fingerprint of the engine.
    """

    def __init__(self, folder: Path, engine: str) -> None:
        self._connection = connect_to_read(folder)
        self._engine = engine

    def __contains__(self, content: object) -> bool:
        """Whether there is an outcome of a text."""
        return _is_known(self._connection, content, self._engine)


class Ledger:
    """What is known; make it with :func:`open_ledger`. For one thread at a time.

    Args:
        connection: The database.
        engine: Fingerprint of the engine whose outcomes count.
    """

    def __init__(self, connection: sqlite3.Connection, engine: str) -> None:
        self.connection = connection
        """The database, for those that have tables of their own in it."""
        self.engine = engine
        """Fingerprint of the engine whose outcomes count."""
        connection.executescript(TEMPORARY)
        connection.execute("INSERT INTO run VALUES (?)", (engine,))

    # ---------------------------------------------------------------------------------------------- the folder

    def take_listing(self, files: Iterable[ListedFile], problems: Iterable[tuple[str, Failure]]) -> None:
        """Note what the folder holds now: files, and what looks like one but can't be read."""
        self.connection.execute("BEGIN")
        self.connection.executemany(
            "INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?)",
            ((file.name, os.fsencode(file.path), *file.stamp) for file in files),
        )
        self.connection.execute("COMMIT")
        for name, failure in problems:
            self.connection.execute("INSERT INTO listing (file, path) VALUES (?, x'')", (name,))
            self._note_problem(Entry(name, 0, name, None, failure=failure))

    def _note_problem(self, entry: Entry) -> None:
        """Note what can't be read, if that is news."""
        known = self.connection.execute("SELECT failure FROM entries WHERE file = ?", (entry.file,)).fetchall()
        if known != [(_write_failure(entry.failure),)]:
            with self.transaction():
                self._replace_entries(entry.file, [entry])

    def count_files(self) -> tuple[int, int, int]:
        """Files that are as they were when they were read, files that are not, and files never read."""
        same, changed, new = self.connection.execute(COUNT_FILES).fetchone()
        return int(same), int(changed), int(new)

    def drop_removed(self, is_there: Iterable[str]) -> list[str]:
        """Forget the files that are not in the folder any more; what became of their texts stays known.

        Args:
            is_there: Names of all files of the folder, also of those that this run leaves out.

        Returns:
            Names of the files that were forgotten.
        """
        gone = sorted(
            {name for (name,) in self.connection.execute("SELECT DISTINCT file FROM entries")}.difference(is_there)
        )
        if not gone:
            return []
        with self.transaction():
            for name in gone:
                self.connection.execute("DELETE FROM files WHERE file = ?", (name,))
                self.connection.execute("DELETE FROM entries WHERE file = ?", (name,))
        return gone

    def files(self) -> Iterator[tuple[ListedFile, int | None]]:
        """The files of this run in path order; for one of which everything is done, also how many inputs it holds."""
        last = ""
        # Page by page: a statement that stays open would keep what is written from going into the database proper.
        while rows := self.connection.execute(NEXT_FILES, {"last": last, "page": _PAGE}).fetchall():
            for name, path, *stamp, inputs in rows:
                yield ListedFile(name, os.fsdecode(path), FileStamp(*stamp)), inputs
            last = rows[-1][0]

    # ------------------------------------------------------------------------------------------------- the work

    def __contains__(self, content: object) -> bool:
        """Whether there is an outcome of a text."""
        return _is_known(self.connection, content, self.engine)

    def start_file(self, file: str) -> None:
        """Forget what a file held: it is read anew."""
        with self.transaction():
            self._replace_entries(file, ())

    def note(self, entries: Iterable[Entry]) -> None:
        """Note inputs of a file that is being read."""
        with self.transaction():
            self._add_entries(entries)

    def finish_file(self, file: str, stamp: FileStamp) -> None:
        """Note that all inputs of a file are noted."""
        with self.transaction():
            self._add_file(file, stamp)

    def keep(self, finished: Finished) -> None:
        """Keep what became of a file or an article: all of it or, when the process ends in this moment, nothing."""
        with self.transaction():
            if finished.entries:
                self._replace_entries(finished.file, finished.entries)
            if finished.stamp is not None:
                self._add_file(finished.file, finished.stamp)
            for outcome in finished.outcomes:
                self._add_outcome(outcome)

    def forget_passing_failures(self) -> None:
        """Forget the failures of this engine that another try may mend."""
        with self.transaction():
            self.connection.executemany(
                "DELETE FROM outcomes WHERE engine = ? AND failure IS NOT NULL"
                " AND json_extract(failure, '$.error') = ?",
                [(self.engine, error) for error in _PASSING],
            )

    def forget_outcomes(self) -> None:
        """Forget everything that this engine has done."""
        with self.transaction():
            self.connection.execute("DELETE FROM outcomes WHERE engine = ?", (self.engine,))

    def forget_failures(self) -> None:
        """Forget all failures of this engine."""
        with self.transaction():
            self.connection.execute("DELETE FROM outcomes WHERE engine = ? AND failure IS NOT NULL", (self.engine,))
            self.connection.execute(
                "DELETE FROM files WHERE file IN (SELECT file FROM entries WHERE failure IS NOT NULL)"
            )

    # ---------------------------------------------------------------------------------------------- the replies

    def find_reply(self, content: str, request: str) -> str | None:
        """What was kept for a request of an article."""
        statement = "SELECT reply FROM replies WHERE content = ? AND request = ?"
        row = self.connection.execute(statement, (content, request)).fetchone()
        return None if row is None else str(row[0])

    def keep_reply(self, content: str, request: str, reply: str) -> None:
        """Keep a reply until its article is finished."""
        statement = "INSERT OR REPLACE INTO replies (content, request, reply) VALUES (?, ?, ?)"
        self.connection.execute(statement, (content, request, reply))

    def count_sent(self) -> int:
        """Requests of this engine that are out at a provider's Batch API."""
        statement = "SELECT COUNT(*) FROM provider_requests WHERE engine = ? AND state = 'sent'"
        (number,) = self.connection.execute(statement, (self.engine,)).fetchone()
        return int(number)

    # ---------------------------------------------------------------------------------------------- the results

    def results(self, limit: int | None) -> Iterator[Exported]:
        """The first inputs of this run that are done, with what became of them, in path order."""
        rows = self.connection.execute(RESULTS, {"limit": _NO_LIMIT if limit is None else limit})
        for file, position, name, content, source, problem, counts, body, failure, is_again in rows:
            if counts is None and problem is None:  # it waits
                continue
            entry = Entry(file, position, name, content, source, _read_failure(problem))
            of_text = Counts() if counts is None else Counts.from_json(json.loads(counts))
            outcome = Outcome(content or "", of_text, body, _read_failure(failure))
            yield Exported(entry, outcome, is_again=bool(is_again))

    def count_open(self, most: int) -> int:
        """Files of which something is to be done, counted up to so many."""
        (number,) = self.connection.execute(COUNT_OPEN, {"most": most}).fetchone()
        return int(number)

    def count_unread(self) -> int:
        """Files of this run that are still to be read."""
        (number,) = self.connection.execute(COUNT_UNREAD).fetchone()
        return int(number)

    def count_waiting(self, limit: int | None) -> int:
        """Articles of the run's first inputs that were read but have no outcome yet."""
        values = {"limit": _NO_LIMIT if limit is None else limit}
        (number,) = self.connection.execute(COUNT_WAITING, values).fetchone()
        return int(number)

    # ------------------------------------------------------------------------------------------------ the facts

    def fact(self, name: str) -> str | None:
        """A small fact by its name."""
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_fact(self, name: str, value: str) -> None:
        """Write down a small fact."""
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    @property
    def version(self) -> int:
        """Number that changes with everything that the final files depend on, and with nothing else."""
        return int(self.fact("version") or 0)

    # ------------------------------------------------------------------------------------------------- the rest

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """All changes or none; when there are some, the version of the ledger changes with them."""
        self.connection.execute("BEGIN IMMEDIATE")
        before = self.connection.total_changes
        try:
            yield
            if self.connection.total_changes != before:
                self.set_fact("version", str(self.version + 1))
            self.connection.execute("COMMIT")
        except GeneratorExit:  # stopped before its body began, and found when all is closed: closing has undone it
            raise
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def _replace_entries(self, file: str, entries: Iterable[Entry]) -> None:
        self.connection.execute("DELETE FROM files WHERE file = ?", (file,))
        self.connection.execute("DELETE FROM entries WHERE file = ?", (file,))
        self._add_entries(entries)

    def _add_entries(self, entries: Iterable[Entry]) -> None:
        self.connection.executemany(
            "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            (
                (item.file, item.position, item.name, item.content, item.source, _write_failure(item.failure))
                for item in entries
            ),
        )

    def _add_file(self, file: str, stamp: FileStamp) -> None:
        self.connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", (file, *stamp))

    def _add_outcome(self, outcome: Outcome) -> None:
        self.connection.execute(
            "INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?, ?)",
            (
                outcome.content,
                self.engine,
                json.dumps(outcome.counts.as_json()),
                outcome.body,
                _write_failure(outcome.failure),
            ),
        )
        self.connection.execute("DELETE FROM replies WHERE content = ?", (outcome.content,))


def _is_known(connection: sqlite3.Connection, content: object, engine: str) -> bool:
    statement = "SELECT 1 FROM outcomes WHERE content = ? AND engine = ?"
    return connection.execute(statement, (content, engine)).fetchone() is not None


def _write_failure(failure: Failure | None) -> str | None:
    return None if failure is None else json.dumps(asdict(failure))


def _read_failure(text: str | None) -> Failure | None:
    return None if text is None else Failure.from_json(json.loads(text))
