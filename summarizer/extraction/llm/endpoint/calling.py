"""How one call gets to the endpoint: straight away, or through the traffic that it shares with others."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from summarizer.extraction.llm.endpoint.clients import Create
from summarizer.extraction.llm.endpoint.failures import Failure, Trouble
from summarizer.extraction.llm.endpoint.ledger import tokens_of
from summarizer.extraction.llm.endpoint.permits import TrafficCall
from summarizer.extraction.llm.endpoint.traffic import Traffic

__all__ = ["EndedCall", "Line"]

_Exchange = Callable[[], Awaitable[tuple[Any, Failure | None]]]
"""Makes a call; gives the reply and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class EndedCall:
    """What came of a call."""

    reply: Any
    """What the client returned; None when there was an error."""
    failure: Failure | None
    """What went wrong."""
    seconds: float
    """How long it took, without the wait for it."""
    paced: float = 0.0
    """Seconds that it waited for the pace before; not those that it waited for other calls to end."""
    outage: float = 0.0
    """Seconds that it waited for an endpoint that was down."""
    is_common: bool = False
    """Whether its failure is not one of this request but of all, so that the traffic says when it can be repeated."""


@dataclass(frozen=True, slots=True)
class Line:
    """The way that the calls of one request take."""

    create: Create
    """The client's ``chat.completions.create``."""
    traffic: Traffic | None = None
    """What they keep in step with; None when they are alone."""
    input_tokens: int = 0
    """Tokens of the request, about."""

    async def run(self, exchange: _Exchange, output_tokens: int, *, again: bool) -> EndedCall:
        """Make a call when it may be made.

        Args:
            exchange: Makes the call.
            output_tokens: Its output budget.
            again: Whether the request has made a call before.

        Raises:
            EndpointDownError: if nothing has answered for too long.
        """
        traffic = self.traffic
        if traffic is None:
            started = time.monotonic()
            reply, failure = await exchange()
            return EndedCall(reply, failure, time.monotonic() - started)
        async with traffic.call(self.input_tokens + output_tokens, again=again) as call:
            started = time.monotonic()
            reply, failure = await exchange()
            seconds = time.monotonic() - started
            _tell(call, reply, failure)
            is_common = failure is not None and _is_common(failure, traffic)
        return EndedCall(reply, failure, seconds, call.paced, call.outage, is_common)


def _tell(call: TrafficCall, reply: object, failure: Failure | None) -> None:
    trouble = Trouble.NONE if failure is None else failure.trouble
    if failure is None or trouble is Trouble.NONE:
        tokens = tokens_of(reply)
        unknown = 0 if reply is None else None  # a rejected request uses nothing
        call.succeeded(unknown if tokens is None else tokens.input + tokens.output)
    elif trouble is Trouble.RATE_LIMIT:
        call.rate_limited(failure.wait)
    else:
        call.unreachable(failure.reason, failure.wait)


def _is_common(failure: Failure, traffic: Traffic) -> bool:
    if failure.trouble is Trouble.RATE_LIMIT:
        return True
    return failure.trouble is not Trouble.NONE and traffic.is_down
