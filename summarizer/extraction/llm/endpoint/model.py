"""A model behind an OpenAI-compatible API: requests in, valid answers out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from summarizer.extraction.llm.endpoint.calling import Line
from summarizer.extraction.llm.endpoint.clients import Clients, Create
from summarizer.extraction.llm.endpoint.ledger import Ledger
from summarizer.extraction.llm.endpoint.modes import first_dialect, instructor_mode
from summarizer.extraction.llm.endpoint.redaction import Redactor
from summarizer.extraction.llm.endpoint.retrying import Calls, ModeRefusedError
from summarizer.extraction.llm.endpoint.target import Endpoint, RetryPolicy
from summarizer.extraction.llm.endpoint.traffic import Traffic
from summarizer.extraction.llm.exchange import Answer, Reply, Request
from summarizer.extraction.llm.storing.budget import estimate_request
from summarizer.schemas import Tokens

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["Endpoint", "EndpointModel", "Price", "RetryPolicy"]

Price = Callable[[str, str | None, Tokens], float | None]
"""US dollars of the tokens of one call to a model at an address; None when the price is not known."""


class EndpointModel:
    """Answers requests through an endpoint.

    It may be used from many tasks, and from one event loop after another. Inside ``async with`` its connections stay
    open between requests; without, they close when no request is under way.

    Args:
        endpoint: The model, where it is and how it is asked.
        price: What tokens cost.
        is_free: True when tokens cost nothing, as with a model on this machine.
        traffic: What all calls keep in step with, where many requests are made at once; it is good for one event loop.
    """

    def __init__(
        self, endpoint: Endpoint, *, price: Price | None = None, is_free: bool = False, traffic: Traffic | None = None
    ) -> None:
        self._endpoint = endpoint
        self._price = price
        self._is_free = is_free
        self._traffic = traffic
        self._clients = Clients(endpoint)
        self._dialect = first_dialect(endpoint)
        # What is learned later changes no key: it would be learned again.
        self._parameters = (
            f"{endpoint.label or endpoint.shown_address} {endpoint.structured_output}:{self._dialect.mode.value}"
            f" {self._dialect.token_parameter} {self._dialect.parameters or 'default temperature'}"
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r} at {self._endpoint.shown_address})"

    @property
    def name(self) -> str:
        """Model name for ``run.model``."""
        return self._endpoint.model

    @property
    def parameters(self) -> str:
        """Everything besides name, messages and response model that may change an answer; never the key."""
        return self._parameters

    async def __aenter__(self) -> Self:
        self._clients.acquire()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._clients.release()

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        """Answer a request.

        Raises:
            ModelError: if there is no answer; it tells what was tried and what that cost. With traffic, it is an
                EndpointDownError when nothing has answered any call for too long.
            ConfigurationError: if no request would be answered (wrong key, no such model).
        """
        endpoint = self._endpoint
        # Answers from batches are found again by the request alone, so it must not depend on what others have learned.
        dialect = first_dialect(endpoint) if endpoint.is_batched else self._dialect
        ledger = Ledger(request.purpose, self._cost)
        texts = [message.content for message in request.messages if message.role != "system"]
        async with self._clients.borrow() as create:
            calls = Calls(
                self._line(create, request),
                endpoint=endpoint,
                dialect=dialect,
                ledger=ledger,
                redactor=Redactor(endpoint.secret, texts),
                output_tokens=request.output_tokens,
            )
            value = await self._answer(request, calls)
        dialect.learn_from_answer(calls.mode)
        return Reply(value, ledger.attempts, ledger.tokens, ledger.cost)

    async def _answer(self, request: Request[Answer], calls: Calls) -> Answer:
        import instructor  # noqa: PLC0415 - costs 1 s, with the openai that it needs
        from instructor.core.exceptions import IncompleteOutputException  # noqa: PLC0415

        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        while True:
            ask = cast(
                "Callable[..., Awaitable[BaseModel]]",
                instructor.patch(create=calls.create, mode=instructor_mode(calls.mode)),
            )
            try:
                value = await ask(
                    model=self._endpoint.model,
                    messages=messages,
                    response_model=_prepared(request.response_model),
                    max_retries=calls.asking_again(),
                    strict=False,
                )
            except IncompleteOutputException as carrier:
                if isinstance(carrier.__cause__, ModeRefusedError):
                    continue
                if carrier.__cause__ is None:
                    raise
                raise carrier.__cause__ from None
            return _plain(value, request.response_model)

    def _line(self, create: Create, request: Request[Answer]) -> Line:
        if self._traffic is None:
            return Line(create)
        return Line(create, self._traffic, estimate_request(request).input)

    def _cost(self, tokens: Tokens | None) -> float | None:
        if self._is_free:
            return 0.0
        if self._price is None or tokens is None:
            return None
        return self._price(self.name, self._endpoint.address, tokens)


@lru_cache(maxsize=16)
def _prepared(model: type[BaseModel]) -> type[BaseModel]:
    """The model as instructor needs it: made once, and not, in milliseconds, for every call."""
    from instructor import openai_schema  # noqa: PLC0415 - slow to import

    return openai_schema(model)


def _plain(value: BaseModel, model: type[Answer]) -> Answer:
    """The answer as the model that was asked for; instructor's is of a class made for the occasion."""
    return model.model_validate(value.model_dump(by_alias=True, exclude_unset=True, warnings=False))
