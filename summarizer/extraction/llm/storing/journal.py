"""Answers of an article that is not finished yet, so that a run which is killed in the middle pays nothing twice.

The cache (:mod:`~summarizer.extraction.llm.storing.cache`) is the user's: it saves calls between runs, and a record
that rests on it says that it cost nothing. The journal belongs to one run: what it gives back counts as just paid, with
the attempts, tokens and dollars of the call that was made, so that a run that was killed and went on ends with the same
records, and the same bill, as one that was not.

It stands around the cache: an answer is written down below the cache, before that keeps it, and looked up above it.
"""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel, ValidationError

from summarizer.extraction.llm.exchange import Answer, Model, Reply, Request
from summarizer.extraction.llm.storing.answer_text import read_answer, write_answer
from summarizer.extraction.llm.storing.cache import request_key
from summarizer.schemas import Attempt, Tokens

__all__ = ["Journal", "RecordingModel", "ReplayingModel"]


class Journal(Protocol):
    """Keeps replies of the article that the current task works on."""

    async def find_reply(self, request: str) -> str | None:
        """What was kept for a request, by its key; None where nothing was."""
        ...

    async def keep_reply(self, request: str, reply: str) -> None:
        """Keep a reply, safely on disk before this returns."""
        ...


class _KeptReply(BaseModel):
    """A reply as the journal holds it."""

    answer: str
    attempts: tuple[Attempt, ...]
    tokens: Tokens
    cost: float | None


class _Wrapper(Model):
    """A model around another."""

    def __init__(self, inner: Model, journal: Journal) -> None:
        self._inner = inner
        self._journal = journal

    @property
    def name(self) -> str:
        """Name of the model that is asked."""
        return self._inner.name

    @property
    def parameters(self) -> str:
        """Parameters of the model that is asked: a journal changes no answer."""
        return self._inner.parameters


class RecordingModel(_Wrapper):
    """A model whose replies are written down as soon as they are there."""

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        """Ask, and write the reply down; errors as those of the model that is asked."""
        reply = await self._inner.ask(request)
        answer = write_answer(request, reply.value)
        if answer is not None:
            kept = _KeptReply(answer=answer, attempts=reply.attempts, tokens=reply.tokens, cost=reply.cost)
            await self._journal.keep_reply(request_key(self._inner, request), kept.model_dump_json())
        return reply


class ReplayingModel(_Wrapper):
    """A model that is not asked again for what was written down."""

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        """Give the reply that was written down, or ask; errors as those of the model that is asked."""
        text = await self._journal.find_reply(request_key(self._inner, request))
        reply = None if text is None else _read(request, text)
        return await self._inner.ask(request) if reply is None else reply


def _read(request: Request[Answer], text: str) -> Reply[Answer] | None:
    try:
        kept = _KeptReply.model_validate_json(text)
    except ValidationError:  # of another version of the program
        return None
    value = read_answer(request, kept.answer)
    return None if value is None else Reply(value, kept.attempts, kept.tokens, kept.cost)
