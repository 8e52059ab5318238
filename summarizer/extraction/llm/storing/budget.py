"""A limit on what calls to a model may cost together, and the model that keeps to it.

Before a call its dearest outcome is set aside; after it the real cost takes that place. What calls under way have set
aside is not spent yet, so a call that fits only once they are done waits for them instead of failing.

What is set aside covers one call. A model that tries again by itself within one request (an answer that was cut off)
can spend more than that; the limit can then be passed by the repeats of the calls under way, and no further call is
made.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from summarizer.errors import BudgetExceededError, ConfigurationError, ModelError
from summarizer.extraction.llm.exchange import Answer, Model, Reply, Request
from summarizer.extraction.llm.storing.prices import estimate_tokens
from summarizer.schemas import Tokens

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["Budget", "MeteredModel", "Reservation", "estimate_request"]

_ROUNDING = 1e-9
"""Dollars; sums of floats may miss the limit by their last digits."""
_MESSAGE_OVERHEAD = 8
"""Tokens that a chat template puts around a message."""


@dataclass(frozen=True, slots=True, eq=False)
class Reservation:
    """Money set aside for a call under way; each is given back with :meth:`Budget.settle`."""

    amount: float
    """US dollars."""


class Budget:
    """What calls have cost, against a limit. Safe for threads and for several event loops.

    Args:
        limit: US dollars; None for no limit.

    Raises:
        ConfigurationError: if the limit is negative or not a number.
    """

    def __init__(self, limit: float | None = None) -> None:
        if limit is not None and not limit >= 0:  # so that NaN is refused too
            raise ConfigurationError(f"a limit of {limit} dollars makes no sense", "give 0 or more")
        self.limit = limit
        self._lock = Lock()
        self._spent = 0.0
        self._calls = 0
        self._tokens = Tokens()
        self._has_unknown_price = False
        self._reserved: set[Reservation] = set()
        self._waiting: list[Future[None]] = []

    @property
    def spent(self) -> float:
        """US dollars of all calls that are done; never less than was paid as far as prices are known."""
        return self._spent

    @property
    def calls(self) -> int:
        """Calls made, repeats included."""
        return self._calls

    @property
    def tokens(self) -> Tokens:
        """Tokens of all those calls."""
        return self._tokens

    @property
    def has_unknown_price(self) -> bool:
        """Whether some call had no known cost, so that more may have been paid than ``spent`` says."""
        return self._has_unknown_price

    async def reserve(self, amount: float) -> Reservation:
        """Set money aside for a call, waiting for calls under way if it fits only without what they set aside.

        Raises:
            BudgetExceededError: if it does not fit even then.
        """
        while True:
            outcome = self._try_to_reserve(amount)
            if isinstance(outcome, Reservation):
                return outcome
            await asyncio.wrap_future(outcome)

    def settle(self, reservation: Reservation, cost: float | None, tokens: Tokens, calls: int) -> None:
        """Put what a call really cost in place of what was set aside.

        Args:
            reservation: What was set aside for it.
            cost: US dollars; None when it is not known: what was set aside is then counted.
            tokens: Tokens used.
            calls: Calls made.
        """
        with self._lock:
            self._reserved.discard(reservation)
            self._spent += reservation.amount if cost is None else cost
            self._has_unknown_price |= cost is None
            self._calls += calls
            self._tokens = _add(self._tokens, tokens)
            waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            waiter.set_result(None)

    def _try_to_reserve(self, amount: float) -> Reservation | Future[None]:
        """A reservation, or what to wait for."""
        with self._lock:
            if not self._fits(amount):
                raise BudgetExceededError(
                    f"the next call may cost ${amount:.4f}, but ${self._spent:.4f} of ${self.limit:g} is spent",
                    "raise --max-cost",
                )
            if self._fits(amount + math.fsum(held.amount for held in self._reserved)):
                reservation = Reservation(amount)
                self._reserved.add(reservation)
                return reservation
            waiter = Future[None]()
            waiter.set_running_or_notify_cancel()  # a waiting task that is cancelled must not cancel it
            self._waiting.append(waiter)
            return waiter

    def _fits(self, amount: float) -> bool:
        return self.limit is None or self._spent + amount <= self.limit + _ROUNDING


class MeteredModel(Model):
    """A model whose calls are counted against a budget.

    Args:
        inner: The model that is called.
        budget: What its calls are counted against; several models may share one.
        price: US dollars of one call with these tokens; None when the price is not known.

    Raises:
        ConfigurationError: if the budget has a limit and the model has no known price.
    """

    def __init__(self, inner: Model, budget: Budget, price: Callable[[Tokens], float | None]) -> None:
        if budget.limit is not None and price(Tokens(input=1, output=1)) is None:
            raise ConfigurationError(
                f"no price is known for {inner.name}, so --max-cost can't hold",
                "leave it out, or use a model with a known price",
            )
        self._inner = inner
        self._budget = budget
        self._price = price

    @property
    def name(self) -> str:
        """Name of the model that is called."""
        return self._inner.name

    @property
    def parameters(self) -> str:
        """Parameters of the model that is called: counting changes no answer."""
        return self._inner.parameters

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        """Answer a request, if what is left of the budget allows it.

        Raises:
            BudgetExceededError: if the request may cost more than what is left.
            ModelError: if there is no answer; what it cost is counted.
            ConfigurationError: if no request would be answered.
        """
        reservation = await self._budget.reserve(self._estimate(request))
        try:
            reply = await self._inner.ask(request)
        except ModelError as error:
            spent = error.spent
            tokens = Tokens(input=spent.input_tokens, output=spent.output_tokens)
            self._budget.settle(reservation, spent.cost, tokens, len(spent.outcomes))
            raise
        except ConfigurationError:
            self._budget.settle(reservation, 0.0, Tokens(), 1)  # turned away at the door
            raise
        except BaseException:
            # Cancelled in the middle: the provider may bill it, and nobody says how much.
            self._budget.settle(reservation, None, Tokens(), 1)
            raise
        calls = 0 if reply.cached else max(1, len(reply.attempts))
        self._budget.settle(reservation, reply.cost, reply.tokens, calls)
        return reply

    def _estimate(self, request: Request[Answer]) -> float:
        if self._budget.limit is None:
            return 0.0  # nothing to hold, so nothing to look up
        return self._price(estimate_request(request)) or 0.0


def estimate_request(request: Request[Answer]) -> Tokens:
    """The dearest outcome of one call, about: nothing comes from the provider's cache, the answer fills its budget."""
    messages = sum(_estimate_text(message.content) + _MESSAGE_OVERHEAD for message in request.messages)
    # The shape of the answer is sent along, and paid, in whatever form the endpoint takes it.
    shape = _estimate_shape(request.response_model) + _MESSAGE_OVERHEAD
    return Tokens(input=messages + shape, output=request.output_tokens)


@lru_cache(maxsize=16)
def _estimate_shape(response_model: type[BaseModel]) -> int:
    return estimate_tokens(json.dumps(response_model.model_json_schema(), ensure_ascii=False))


@lru_cache(maxsize=16)
def _estimate_text(text: str) -> int:
    """Tokens of a message; the long first one is the same for all articles."""
    return estimate_tokens(text)


def _add(one: Tokens, other: Tokens) -> Tokens:
    return Tokens(
        input=one.input + other.input,
        cached=one.cached + other.cached,
        output=one.output + other.output,
    )
