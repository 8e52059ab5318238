"""Wanted requests become batches of the provider's: each exactly one, whenever the process ends."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from summarizer.batch.provider.chunks import Chunk, ChunkState, ChunkStore
from summarizer.batch.provider.options import Limits
from summarizer.batch.provider.requests import RequestStore, State, changing
from summarizer.batch.provider.service import BatchService

__all__ = ["NOTHING_SENT", "Sender", "Sent"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent."""

    requests: int = 0
    batches: int = 0
    held_back: int = 0
    """Requests for which the provider has no room before others are done."""


NOTHING_SENT = Sent()


class Sender:
    """Sends requests.

    Args:
        requests: What is wanted.
        chunks: What is at the provider.
        service: The provider.
        out: Folder in which a file may stand while it is sent; it has no name there.
    """

    def __init__(self, requests: RequestStore, chunks: ChunkStore, service: BatchService, out: Path) -> None:
        self._requests = requests
        self._chunks = chunks
        self._service = service
        self._out = out

    def recover(self) -> None:
        """Find out what became of chunks on whose way a process ended.

        Raises:
            ConfigurationError: if the provider does not let us in.
            ModelUnavailableError: if nothing answers.
        """
        for chunk in self._chunks.all(ChunkState.CREATING):
            batch = self._service.find(chunk)
            if batch is None:
                self._take_apart(chunk)
            else:
                self._chunks.open(chunk, batch.id, batch.created_at)
        for chunk in self._chunks.all(ChunkState.PACKED):
            self._take_apart(chunk)

    def send(self, limits: Limits) -> Sent:
        """Send what is wanted.

        Raises:
            ConfigurationError: if the provider does not take it.
            ModelUnavailableError: if nothing answers; what was sent until then is known.
        """
        requests = batches = 0
        while (chunk := self._chunks.pack(limits)) is not None:
            self._send(chunk)
            requests += chunk.requests
            batches += 1
        return Sent(requests, batches, self._requests.count(State.WANTED))

    def _send(self, chunk: Chunk) -> None:
        with tempfile.TemporaryFile(dir=self._out) as content:
            content.writelines(self._chunks.lines(chunk))
            file = self._service.upload(chunk, content)
        self._chunks.begin_creation(chunk, file)
        batch = self._service.create(chunk, file)
        self._chunks.open(chunk, batch.id, batch.created_at)

    def _take_apart(self, chunk: Chunk) -> None:
        """Make its requests free again: a chunk without a batch has cost nothing, and may not be needed any more."""
        with changing(self._requests.connection):
            self._requests.release(chunk.name)
            self._chunks.drop(chunk)
