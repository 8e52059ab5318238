"""One exchange with a model: what is asked, what comes back, and the protocol of whoever carries it out.

The engine knows nothing of HTTP, prices or caches. It makes a :class:`Request` and awaits a :class:`Reply` from a
:class:`Model`; the endpoint, the cache and the budget all speak this protocol, so they stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from summarizer.schemas import Attempt, Tokens

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request(Generic[Answer]):
    """What a model is asked."""

    messages: tuple[Message, ...]
    """The static prefix first, so that a provider can serve it from its cache; the article last."""
    response_model: type[Answer]
    """Shape of the answer."""
    output_tokens: int
    """First budget of the answer; an answer that was cut off is asked for again with a larger one."""
    purpose: str
    """What it is for, in a word or two, as ``run.attempts`` tells it: ``records``, ``rejected claims``."""


@dataclass(frozen=True, slots=True)
class Reply(Generic[Answer]):
    """What came back."""

    value: Answer
    """The answer, valid in shape; nothing in it is believed yet."""
    attempts: tuple[Attempt, ...] = ()
    """Every call made for it, failed ones included, in order; empty when it came from a cache."""
    tokens: Tokens = field(default_factory=Tokens)
    """Tokens of all those calls."""
    cost: float | None = 0.0
    """US dollars of all those calls; None when the price is not known."""
    cached: bool = False
    """True when it came from our own cache."""


class Model(Protocol):
    """Answers requests."""

    @property
    def name(self) -> str:
        """Model name for ``run.model``."""
        ...

    @property
    def parameters(self) -> str:
        """Everything besides name, messages and response model that may change an answer: part of a cache's key."""
        ...

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        """Answer a request.

        Raises:
            ModelError: if there is no answer; it tells what was tried and what that cost.
            ConfigurationError: if no request would be answered (wrong key, no such model).
        """
        ...
