"""Chunks of requests: each is one file, and one batch, of the provider's.

A chunk gets its name, a random one, when it is packed, and the name goes along with the batch. So whatever happens
between the call that makes a batch and the moment in which its id is written down, the batch can be found again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.provider.options import Limits
from summarizer.batch.provider.requests import changing

__all__ = ["URL", "Chunk", "ChunkState", "ChunkStore"]

URL: Final = "/v1/chat/completions"
"""What all requests of a batch go to."""

_COLUMNS = "chunk, state, requests, tokens, begun, file, batch, status, completed, failed, created, note"


class ChunkState(StrEnum):
    """How far a chunk is."""

    PACKED = "packed"
    """Its requests are chosen; there is no batch of it yet."""
    CREATING = "creating"
    """The call that makes a batch of it was begun; perhaps there is one."""
    OPEN = "open"
    """There is a batch, whose results were not taken in."""
    COLLECTED = "collected"
    """The results were taken in."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk, as the ledger has it."""

    name: str
    state: ChunkState
    requests: int
    tokens: int
    """About how many tokens its requests have."""
    begun: int
    """When it was packed, in seconds since 1970."""
    file: str | None = None
    """Id of its file at the provider, from the moment on in which there may be a batch."""
    batch: str | None = None
    """Id of the batch at the provider."""
    status: str | None = None
    """Status of the batch, as the provider last told it."""
    completed: int = 0
    """Requests that were answered, as the provider last told it."""
    failed: int = 0
    """Requests that failed, as the provider last told it."""
    created: int | None = None
    """When the batch was made, in seconds since 1970."""
    note: str | None = None
    """What went wrong with it."""


class ChunkStore:
    """The chunks of one engine.

    Args:
        ledger: Where they stand.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._connection = ledger.connection
        self.engine = ledger.engine
        """Fingerprint of the engine."""

    def all(self, *states: ChunkState) -> list[Chunk]:
        """The chunks in some states, oldest first; without any state, all of them."""
        marks = ", ".join("?" * len(states)) if states else "state"
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM provider_chunks WHERE engine = ? AND state IN ({marks}) ORDER BY begun, rowid",  # noqa: S608 - marks
            (self.engine, *states),
        )
        return [Chunk(name, ChunkState(state), *rest) for name, state, *rest in rows.fetchall()]

    def has_foreign(self) -> bool:
        """Whether there are batches of another engine whose results were not taken in."""
        statement = "SELECT 1 FROM provider_chunks WHERE engine != ? AND state IN ('creating', 'open')"
        return self._connection.execute(statement, (self.engine,)).fetchone() is not None

    def has_answers(self) -> bool:
        """Whether the provider has ever answered a request."""
        return any(chunk.completed for chunk in self.all())

    def pack(self, limits: Limits) -> Chunk | None:
        """Put wanted requests into a new chunk, as many as one batch takes; None when there are none, or no room."""
        keys, tokens = self._choose(limits)
        if not keys:
            return None
        name, now = secrets.token_hex(16), int(time.time())
        with changing(self._connection):
            self._connection.executemany(
                "UPDATE provider_requests SET state = 'sent', chunk = ?, position = ? WHERE engine = ? AND key = ?",
                ((name, position, self.engine, key) for position, key in enumerate(keys)),
            )
            self._connection.execute(
                "INSERT INTO provider_chunks (chunk, engine, state, requests, tokens, begun) VALUES (?, ?, ?, ?, ?, ?)",
                (name, self.engine, ChunkState.PACKED, len(keys), tokens, now),
            )
        return Chunk(name, ChunkState.PACKED, len(keys), tokens, now)

    def lines(self, chunk: Chunk) -> Iterator[bytes]:
        """The lines of a chunk's file."""
        # By position, and one by one: a file may be larger than what memory should hold.
        statement = "SELECT key, body FROM provider_requests WHERE chunk = ? AND position = ?"
        for position in range(chunk.requests):
            key, body = self._connection.execute(statement, (chunk.name, position)).fetchone()
            yield _line(key, body)

    def begin_creation(self, chunk: Chunk, file: str) -> None:
        """Note that from now on there may be a batch of a chunk."""
        self._set(chunk, "state = ?, file = ?", ChunkState.CREATING, file)

    def open(self, chunk: Chunk, batch: str, created: int) -> None:
        """Note the batch that was made of a chunk."""
        self._set(chunk, "state = ?, batch = ?, created = ?", ChunkState.OPEN, batch, created)

    def update(self, chunk: Chunk, status: str, completed: int, failed: int) -> None:
        """Note how far the provider is."""
        self._set(chunk, "status = ?, completed = ?, failed = ?", status, completed, failed)

    def close(self, chunk: Chunk, note: str | None) -> None:
        """Note that the results were taken in, and what went wrong."""
        self._set(chunk, "state = ?, note = ?", ChunkState.COLLECTED, note)

    def pay(self, chunk: Chunk, dollars: float) -> None:
        """Note what an answer has cost."""
        self._set(chunk, "cost = cost + ?", dollars)

    @property
    def paid(self) -> float:
        """US dollars of all answers, as far as prices are known."""
        statement = "SELECT TOTAL(cost) FROM provider_chunks WHERE engine = ?"
        (dollars,) = self._connection.execute(statement, (self.engine,)).fetchone()
        return float(dollars)

    def drop(self, chunk: Chunk) -> None:
        """Forget a chunk of which no batch was made; its requests were taken out."""
        self._connection.execute("DELETE FROM provider_chunks WHERE chunk = ?", (chunk.name,))

    def _set(self, chunk: Chunk, changes: str, *values: object) -> None:
        self._connection.execute(f"UPDATE provider_chunks SET {changes} WHERE chunk = ?", (*values, chunk.name))  # noqa: S608 - ours

    # ------------------------------------------------------------------------------------------------------ the room

    @property
    def queue(self) -> int | None:
        """Tokens that the provider lets wait at a time, as far as it has complained; None when it has not."""
        told = self._ledger.fact(self._queue_fact)
        return None if told is None else int(told)

    def learn_queue(self, tokens: int) -> None:
        """Note how many tokens the provider lets wait at a time."""
        self._ledger.set_fact(self._queue_fact, str(tokens))

    @property
    def _queue_fact(self) -> str:
        return f"provider queue of {self.engine}"

    def _choose(self, limits: Limits) -> tuple[list[str], int]:
        """Keys of wanted requests that one more batch may hold, in the order in which they came up."""
        under_way = self.all(ChunkState.PACKED, ChunkState.CREATING, ChunkState.OPEN)
        room = None if self.queue is None else self.queue - sum(chunk.tokens for chunk in under_way)
        keys: list[str] = []
        size = tokens = 0
        rows = self._connection.execute(
            "SELECT key, LENGTH(body), tokens FROM provider_requests WHERE engine = ? AND state = 'wanted'"
            " ORDER BY rowid LIMIT ?",
            (self.engine, limits.requests),
        )
        for key, length, more in rows.fetchall():
            size += length + _OVERHEAD
            tokens += more
            is_alone = not keys and not under_way  # then a smaller batch is not to be had
            if size > limits.file_bytes and keys:
                return keys, tokens - more
            if room is not None and tokens > room and not is_alone:
                return keys, tokens - more
            keys.append(key)
        return keys, tokens


def _line(key: str, body: str) -> bytes:
    # The body is JSON already, in ASCII, so that its characters are its bytes.
    return f'{{"custom_id":"{key}","method":"POST","url":"{URL}","body":{body}}}\n'.encode("ascii")


_OVERHEAD = len(_line("0" * 64, ""))
