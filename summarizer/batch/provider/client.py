"""A stand-in for the openai client that answers from the ledger: what is not there yet is noted, and waits."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Self, cast

from summarizer.batch.ledger.journal import current_content
from summarizer.batch.provider.allowance import Allowance
from summarizer.batch.provider.errors import DeferredError, RejectedError
from summarizer.batch.provider.requests import KnownRequest, RequestStore, State
from summarizer.errors import BudgetExceededError, ModelUnavailableError
from summarizer.extraction.llm.endpoint.target import Endpoint
from summarizer.extraction.llm.storing.prices import estimate_tokens
from summarizer.schemas import Tokens

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

__all__ = ["RecordedClient"]


class RecordedClient:
    """Stands where the engine expects a client of the provider's; it makes no call.

    Args:
        endpoint: The provider that it stands for.
    """

    is_batched = True
    """What :attr:`Endpoint.is_batched` asks for."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.base_url = endpoint.address
        """As the openai client has it."""
        self.api_key = endpoint.api_key
        """Kept out of messages by the engine; it is sent nowhere."""
        self.requests: RequestStore | None = None
        """What is known; the ledger is open only when the engine is set up."""
        self.allowance: Allowance | None = None
        """What requests may cost; None for no limit."""
        self.is_collecting = False
        """Whether answers are taken in: then nothing is asked about articles of which nothing was asked before, and at
        the limit the work goes on, since answers that are there are paid."""
        self.limit_reached: str | None = None
        """What the limit has to say, once it was reached."""
        self.waiting: set[str] = set()
        """Contents of the articles that wait."""

    @property
    def chat(self) -> Self:
        """As the openai client has it."""
        return self

    @property
    def completions(self) -> Self:
        """As the openai client has it."""
        return self

    async def create(self, **parameters: Any) -> ChatCompletion:  # noqa: ANN401 - openai's
        """Answer a request of the article that the current task works on.

        Raises:
            DeferredError: if there is no answer yet; the request is noted, and the article waits.
            BudgetExceededError: if it would cost more than what is left, and no answers are collected.
            RejectedError: if the provider does not take the request.
            ModelUnavailableError: if the provider failed at it too often.
        """
        if self.requests is None:
            raise RuntimeError("the client was asked before its ledger was open")
        body = json.dumps(parameters, separators=(",", ":"))
        key = hashlib.sha256(body.encode("ascii")).hexdigest()
        known = self.requests.find(key)
        if known is None or known.state in {State.IDLE, State.WANTED, State.SENT}:
            content = current_content.get()
            self.waiting.add(content)
            if known is not None or not self.is_collecting or self.requests.knows_article(content):
                tokens = Tokens(input=estimate_tokens(body), output=_most_output(parameters))
                if await self._is_allowed(key, tokens):
                    self.requests.want(key, content, body, tokens.input)
            raise DeferredError("the answer is not there yet")
        return _answer(known)

    async def _is_allowed(self, key: str, tokens: Tokens) -> bool:
        """Whether a request may go out, as far as its cost is concerned."""
        if self.allowance is None:
            return True
        try:
            await self.allowance.take(key, tokens)
        except BudgetExceededError as error:
            self.limit_reached = str(error)
            if not self.is_collecting:
                raise
            return False
        return True


def _most_output(parameters: dict[str, Any]) -> int:
    """Tokens that an answer may have."""
    return int(parameters.get("max_completion_tokens") or parameters.get("max_tokens") or 0)


def _answer(known: KnownRequest) -> ChatCompletion:
    """What came back for a request."""
    if known.state is State.GIVEN_UP:
        reason = f"the provider did not answer in {known.tries} batches, the last time: {known.reply}"
        raise ModelUnavailableError(reason, "'summarizer batch submit' sends it again")
    body: Any = json.loads(known.reply or "null")
    if known.state is State.REJECTED:
        raise RejectedError(known.status or 400, _told(body))
    from openai.types.chat import ChatCompletion  # noqa: PLC0415 - costs 1 s

    # As lenient as the openai client is with a reply: what a provider adds or leaves out stops nobody.
    return ChatCompletion.model_construct(**body)


def _told(body: object) -> object:
    """What the openai client hands on of a rejection: what stands below "error"."""
    return cast("dict[str, object]", body).get("error", cast("object", body)) if isinstance(body, dict) else body
