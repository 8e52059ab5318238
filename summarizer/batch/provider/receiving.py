"""The provider's results become replies in the ledger; what met trouble there may be sent again."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.batch.provider.chunks import Chunk, ChunkState, ChunkStore
from summarizer.batch.provider.requests import RequestStore, changing
from summarizer.batch.provider.results import Result, read_results
from summarizer.batch.provider.service import BatchService, MissingError
from summarizer.errors import ConfigurationError
from summarizer.schemas import Tokens

if TYPE_CHECKING:
    from openai.types import Batch

__all__ = ["ENDED", "Price", "Received", "Receiver", "look"]

Price = Callable[[Tokens], float | None]
"""US dollars of some tokens; None when the price is not known."""

ENDED = ("completed", "failed", "expired", "cancelled")
"""Statuses that a batch keeps."""
_FULL = "token_limit_exceeded"
_LIMIT = re.compile(r"limit: *([\d,]+)", re.IGNORECASE)
_AT_ONCE = 500
"""Results that are written down together."""


@dataclass(slots=True)
class Received:
    """What was taken in."""

    batches: int = 0
    answers: int = 0
    rejections: int = 0
    """Requests that the provider does not take as they are: they are asked in another way, if there is one."""
    again: int = 0
    """Requests that met trouble of the provider's and may be sent again."""
    given_up: int = 0
    """Requests that met it too often."""


def look(chunks: ChunkStore, service: BatchService) -> Iterator[tuple[Chunk, Batch]]:
    """Ask how the open batches are, one after the other, and note it.

    Raises:
        ConfigurationError: if the provider does not know one, or does not let us in.
        ModelUnavailableError: if nothing answers.
    """
    for chunk in chunks.all(ChunkState.OPEN):
        try:
            batch = service.retrieve(chunk.batch or "")
        except MissingError as error:
            reason = f"the provider does not know the batch {chunk.batch} ({error})"
            raise ConfigurationError(reason, "use the key of the account that it was sent with") from error
        counts = batch.request_counts
        completed, failed = (0, 0) if counts is None else (counts.completed, counts.failed)
        chunks.update(chunk, batch.status, completed, failed)
        yield chunk, batch


class Receiver:
    """Takes in results.

    Args:
        requests: Where replies are kept.
        chunks: What is at the provider.
        service: The provider.
        price: What the tokens of an answer cost.
        out: Folder in which a file may stand while it is read; it has no name there.
    """

    def __init__(
        self, requests: RequestStore, chunks: ChunkStore, service: BatchService, price: Price, out: Path
    ) -> None:
        self._requests = requests
        self._chunks = chunks
        self._service = service
        self._price = price
        self._out = out

    def receive(self) -> Received:
        """Take in the results of every batch that has ended.

        Raises:
            ConfigurationError: if the provider does not know a batch, or does not let us in.
            ModelUnavailableError: if nothing answers; what was taken in until then is kept.
        """
        received = Received()
        for chunk, batch in look(self._chunks, self._service):
            if batch.status in ENDED:
                received.batches += 1
                self._take_in(chunk, batch, received)
        return received

    def _take_in(self, chunk: Chunk, batch: Batch, received: Received) -> None:
        # The kill of a process may let results be read twice, which changes nothing. The chunk is closed at the end.
        files = [file for file in (batch.output_file_id, batch.error_file_id) if file]
        is_gone = [self._read(chunk, file, received) for file in files].count(False)
        with changing(self._requests.connection):
            note: str | None = None
            if batch.status == "failed":
                note = self._put_back_failed(chunk, batch, received)
            else:
                note = "its results are not there any more" if is_gone else None
                self._put_back(chunk, self._requests.keys_of(chunk.name), note or f"batch {batch.status}", received)
            self._requests.release(chunk.name)
            self._chunks.close(chunk, note)

    def _read(self, chunk: Chunk, file: str, received: Received) -> bool:
        """Take in a file of results; False when the provider has it no more."""
        with tempfile.TemporaryFile(dir=self._out) as content:
            try:
                self._service.download(file, content)
            except MissingError:
                return False
            content.seek(0)
            results = read_results(content)
            while some := list(islice(results, _AT_ONCE)):
                with changing(self._requests.connection):
                    for result in some:
                        self._keep(chunk, result, received)
        return True

    def _keep(self, chunk: Chunk, result: Result, received: Received) -> None:
        if result.status is None:
            self._put_back(chunk, [result.key], result.body, received)
        elif self._requests.keep_reply(chunk.name, result.key, result.status, result.body):
            received.answers += result.status == 200
            received.rejections += result.status != 200
            self._chunks.pay(chunk, (self._price(result.tokens) or 0.0) if result.tokens else 0.0)

    def _put_back_failed(self, chunk: Chunk, batch: Batch, received: Received) -> str:
        """Put back the requests of a batch of which the provider has done nothing.

        Returns:
            Why that was.
        """
        errors = (batch.errors.data if batch.errors else None) or []
        keys = self._requests.keys_of(chunk.name)
        if chunk.requests > 1 and any(error.code == _FULL for error in errors):
            self._learn_queue(chunk, (error.message for error in errors if error.code == _FULL))
            received.again += len(keys)  # by their release: none of them was tried
        else:
            lines = {error.line for error in errors if error.line}
            blamed = [key for number, key in enumerate(keys, start=1) if number in lines] or keys
            self._put_back(chunk, blamed, _words(error.code for error in errors) or "batch failed", received)
            received.again += len(keys) - len(blamed)
        return self._service.shown("; ".join(f"{error.code}: {error.message}" for error in errors)) or "batch failed"

    def _learn_queue(self, chunk: Chunk, messages: Iterable[str | None]) -> None:
        """Send less at a time: what the provider allows or, where that did not help, half of what it did not take."""
        found = _LIMIT.search(" ".join(message or "" for message in messages))
        told = int(found[1].replace(",", "")) if found else None
        known = self._chunks.queue
        is_news = told is not None and (known is None or told < known)
        self._chunks.learn_queue(told if told is not None and is_news else chunk.tokens // 2)

    def _put_back(self, chunk: Chunk, keys: list[str], why: str, received: Received) -> None:
        again, given_up = self._requests.put_back(chunk.name, keys, why)
        received.again += again
        received.given_up += given_up


def _words(codes: Iterable[str | None]) -> str:
    return ", ".join(sorted({code.replace("_", " ") for code in codes if code}))
