"""The requests of a ledger that a provider's batches answer, and what became of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from summarizer.batch.ledger.ledger import Ledger

__all__ = ["MOST_TRIES", "KnownRequest", "RequestStore", "State", "changing"]

MOST_TRIES = 3
"""Batches at most in which a request may meet trouble of the provider's."""

_PASSING = """
UPDATE provider_requests SET state = 'idle', tries = 0, status = NULL, reply = NULL
WHERE engine = :engine AND (state = 'given up' OR state = 'rejected' AND status IN (401, 402, 403, 404))
"""
"""What is no fault of the request: trouble of the provider's, and rejections of the account or the key."""
_OF_FAILED = """
DELETE FROM provider_requests WHERE engine = :engine AND state != 'sent' AND content IN (
    SELECT content FROM outcomes
    WHERE engine = :engine AND failure IS NOT NULL AND (:all OR json_extract(failure, '$.error') = 'model_unavailable')
)
"""


class State(StrEnum):
    """What became of a request."""

    IDLE = "idle"
    """Nobody has asked for it since the last command began."""
    WANTED = "wanted"
    """To be sent."""
    SENT = "sent"
    """In a chunk that is being sent or is at the provider."""
    ANSWERED = "answered"
    """There is a reply."""
    REJECTED = "rejected"
    """The provider does not take it as it is."""
    GIVEN_UP = "given up"
    """It met trouble of the provider's too often."""


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A request that was asked before."""

    state: State
    tries: int
    """Batches in which it met trouble of the provider's."""
    status: int | None
    """HTTP status of the reply."""
    reply: str | None
    """JSON of the reply or the rejection; for one that was given up, what happened last."""


@contextmanager
def changing(connection: sqlite3.Connection) -> Generator[None, None, None]:
    """All changes to the provider's tables or none.

    Not a transaction of the ledger's own: that would have the files of results made anew, and none depends on these.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class RequestStore:
    """The requests of one engine.

    Args:
        ledger: Where they stand.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.connection = self._connection = ledger.connection
        """The database, for changes that belong together."""
        self._engine = ledger.engine

    # ------------------------------------------------------------------------------------------------ what is known

    def find(self, key: str) -> KnownRequest | None:
        """What is known of a request."""
        row = self._connection.execute(
            "SELECT state, tries, status, reply FROM provider_requests WHERE engine = ? AND key = ?",
            (self._engine, key),
        ).fetchone()
        return None if row is None else KnownRequest(State(row[0]), *row[1:])

    def knows_article(self, content: str) -> bool:
        """Whether something was ever asked about a text."""
        statement = "SELECT 1 FROM provider_requests WHERE engine = ? AND content = ? LIMIT 1"
        return self._connection.execute(statement, (self._engine, content)).fetchone() is not None

    def count(self, state: State) -> int:
        """How many requests are in a state."""
        statement = "SELECT COUNT(*) FROM provider_requests WHERE engine = ? AND state = ?"
        (number,) = self._connection.execute(statement, (self._engine, state)).fetchone()
        return int(number)

    # ------------------------------------------------------------------------------------------------ what is wanted

    def want(self, key: str, content: str, body: str, tokens: int) -> None:
        """Note that a request is to be sent, unless it is on its way."""
        self._connection.execute(
            "INSERT INTO provider_requests (engine, key, content, body, tokens, state) VALUES (?, ?, ?, ?, ?, 'wanted')"
            " ON CONFLICT (engine, key) DO UPDATE SET state = 'wanted' WHERE state = 'idle'",
            (self._engine, key, content, body, tokens),
        )

    def forget_wishes(self) -> None:
        """Let go of what an earlier command wanted: who still needs it asks again, and its file may be gone."""
        statement = "UPDATE provider_requests SET state = 'idle' WHERE engine = ? AND state = 'wanted'"
        self._connection.execute(statement, (self._engine,))

    def forget_passing_trouble(self) -> None:
        """Get ready to try again what the provider, or its account, was to blame for."""
        with changing(self._connection):
            self._connection.execute(_OF_FAILED, {"engine": self._engine, "all": False})
            self._connection.execute(_PASSING, {"engine": self._engine})

    def forget_failed(self) -> None:
        """Forget what was asked about articles that failed, so that it is asked anew."""
        self._connection.execute(_OF_FAILED, {"engine": self._engine, "all": True})

    def forget_finished(self) -> None:
        """Forget the requests, and the replies, of articles that are summarised: nobody will ask for them again."""
        self._connection.execute(
            "DELETE FROM provider_requests WHERE engine = :engine AND state != 'sent' AND content IN"
            " (SELECT content FROM outcomes WHERE engine = :engine AND failure IS NULL)",
            {"engine": self._engine},
        )

    # ----------------------------------------------------------------------------------------------- what came back

    def keep_reply(self, chunk: str, key: str, status: int, reply: str) -> bool:
        """Keep what the provider answered to a request of a chunk.

        Returns:
            Whether that is news: results may be read twice.
        """
        state = State.ANSWERED if status == 200 else State.REJECTED
        changed = self._connection.execute(
            "UPDATE provider_requests SET state = ?, status = ?, reply = ?, chunk = NULL"
            " WHERE engine = ? AND key = ? AND chunk = ?",
            (state, status, reply, self._engine, key, chunk),
        )
        return changed.rowcount > 0

    def put_back(self, chunk: str, keys: list[str], why: str) -> tuple[int, int]:
        """Take requests out of a chunk that met trouble of the provider's: to be sent again, if not too often.

        Returns:
            How many may be sent again, and how many are given up.
        """
        again = given_up = 0
        for key in keys:
            row = self._connection.execute(
                "UPDATE provider_requests SET tries = tries + 1, chunk = NULL, position = NULL,"
                " state = CASE WHEN tries + 1 >= ? THEN 'given up' ELSE 'idle' END, reply = ?"
                " WHERE engine = ? AND key = ? AND chunk = ? RETURNING state",
                (MOST_TRIES, why, self._engine, key, chunk),
            ).fetchone()
            if row is not None:
                given_up += row[0] == State.GIVEN_UP
                again += row[0] != State.GIVEN_UP
        return again, given_up

    def release(self, chunk: str) -> None:
        """Take out of a chunk what is left in it; that none of it was tried is no fault of theirs."""
        self._connection.execute(
            "UPDATE provider_requests SET chunk = NULL, position = NULL, state = 'idle' WHERE engine = ? AND chunk = ?",
            (self._engine, chunk),
        )

    def keys_of(self, chunk: str) -> list[str]:
        """Keys of the requests that are still in a chunk, in the order of its file."""
        statement = "SELECT key FROM provider_requests WHERE chunk = ? ORDER BY position"
        return [key for (key,) in self._connection.execute(statement, (chunk,))]
