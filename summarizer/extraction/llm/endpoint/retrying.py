"""The calls of one request: each failure is told, and retried, worked around or raised, by one policy."""

from __future__ import annotations

import dataclasses
import functools
import random
from collections.abc import Callable
from typing import Any, NoReturn

import anyio
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from summarizer.errors import (
    AnswerCutOffError,
    ConfigurationError,
    EndpointDownError,
    ModelAnswerError,
    ModelError,
    ModelRefusedError,
    ModelUnavailableError,
    RequestTooLongError,
)
from summarizer.extraction.llm.endpoint.calling import EndedCall, Line
from summarizer.extraction.llm.endpoint.diagnosis import failure_of_error, failure_of_reply
from summarizer.extraction.llm.endpoint.failures import Failure, Kind, Trouble
from summarizer.extraction.llm.endpoint.ledger import Ledger
from summarizer.extraction.llm.endpoint.modes import Dialect
from summarizer.extraction.llm.endpoint.redaction import Redactor, shape_faults
from summarizer.extraction.llm.endpoint.target import Endpoint

__all__ = ["Calls", "ModeRefusedError"]

_PATIENCE = 2
"""Times that a request may meet trouble that all calls meet, in multiples of the attempts that it has of its own.

It may be the cause of it: a text that brings the server down, or one that is too large for a limit.
"""
_JITTER = 0.1
"""Seconds at most between a failure that all calls meet and the next call, besides what the traffic says."""

_Tell = Callable[[str], None]
"""Writes down how the call ended that is being dealt with."""


class ModeRefusedError(Exception):
    """The endpoint does not take the structured-output mode: the request starts again with the next one."""


class Calls:
    """Makes the calls of one request.

    :meth:`create` stands where instructor expects ``chat.completions.create``: it returns only replies that are worth
    parsing. What ends the request is raised through instructor (see :func:`_past_instructor`).

    Args:
        line: The way that they take.
        endpoint: Whom it asks.
        dialect: How that one is asked; what is learned stays in it.
        ledger: Where the calls are written down.
        redactor: Keeps key and article out of messages.
        output_tokens: Output budget to begin with.
    """

    def __init__(
        self,
        line: Line,
        *,
        endpoint: Endpoint,
        dialect: Dialect,
        ledger: Ledger,
        redactor: Redactor,
        output_tokens: int,
    ) -> None:
        self.mode = dialect.mode
        """Mode that the calls are made in."""
        self._line = line
        self._endpoint = endpoint
        self._policy = endpoint.retry
        self._dialect = dialect
        self._ledger = ledger
        self._redactor = redactor
        self._budget = dialect.first_budget(output_tokens)
        self._counts = dict.fromkeys(Kind, 0)
        self._common = 0
        self._reasks = 0
        self._lost = 0.0

    async def create(self, **parameters: Any) -> Any:  # noqa: ANN401 - openai's, as instructor expects it
        """Call until there is a reply with something to parse."""
        waited, was_common = 0.0, False
        while True:
            self._budget = self._dialect.granted(self._budget)
            limited: dict[str, Any] = {self._dialect.token_parameter: self._budget}
            ended = await self._call({**parameters, **self._dialect.parameters, **limited})
            failure = ended.failure
            tell = functools.partial(
                self._ledger.write, seconds=ended.seconds, waited=waited + ended.paced + ended.outage
            )
            if was_common:
                self._lost += ended.paced
            if failure is None:
                tell("ok")
                return ended.reply
            if failure.is_reply and self._dialect.below(self.mode) is None:
                tell(f"ok, though {failure.reason}")  # instructor reads the first answer, or asks again
                return ended.reply
            if failure.kind in {Kind.BUSY, Kind.EMPTY}:  # a long answer that was cut off is not the server's fault
                self._lost += ended.seconds
            was_common = ended.is_common
            if was_common:
                waited = await self._stand_back(failure, tell)
            else:
                self._counts[failure.kind] += 1
                waited = await self._deal_with(failure, tell)

    def asking_again(self) -> AsyncRetrying:
        """How instructor asks again after an answer that is not valid; every such exception is a ValueError."""
        return AsyncRetrying(
            retry=retry_if_exception_type(ValueError),
            stop=lambda _: self._reasks >= self._policy.reasks,
            before_sleep=self._ask_again,
            retry_error_callback=self._no_valid_answer,
        )

    async def _call(self, parameters: dict[str, Any]) -> EndedCall:
        exchange = functools.partial(self._exchange, parameters)
        try:
            return await self._line.run(exchange, self._budget, again=bool(self._ledger.attempts))
        except EndpointDownError as error:
            reason = f"{self._endpoint.shown_address}: {error.reason}"
            down = EndpointDownError(reason, error.advice, self._ledger.spent)
            raise _past_instructor(down) from down

    async def _exchange(self, parameters: dict[str, Any]) -> tuple[Any, Failure | None]:
        try:
            with anyio.fail_after(self._endpoint.timeout):
                reply = await self._line.create(**parameters)
        except Exception as error:
            failure = failure_of_error(error, self._endpoint, self._redactor)
            if failure is None:  # a bug, here or in the caller's client
                raise _past_instructor(error) from error
            return None, failure
        self._ledger.count(reply)
        return reply, failure_of_reply(reply, self.mode, self._endpoint, self._redactor)

    async def _deal_with(self, failure: Failure, tell: _Tell) -> float:
        """Get ready for the next call, or end the request.

        Returns:
            Seconds that were spent waiting.
        """
        match failure.kind:
            case Kind.BUSY | Kind.EMPTY:
                return await self._wait(failure, tell)
            case Kind.CUT_OFF:
                self._enlarge(tell)
            case Kind.LIMIT:
                self._shrink(failure, tell)
            case Kind.PARAMETER:
                self._do_without(failure, tell)
            case Kind.MODE:
                self._fall_back(failure, tell)
            case Kind.REFUSED:
                self._end(ModelRefusedError, failure, tell)
            case Kind.TOO_LONG:
                # The budget was enlarged before: it is the answer that does not fit.
                kind = AnswerCutOffError if self._counts[Kind.CUT_OFF] else RequestTooLongError
                self._end(kind, failure, tell)
            case Kind.FATAL:
                self._end(ConfigurationError, failure, tell)
        return 0.0

    async def _wait(self, failure: Failure, tell: _Tell) -> float:
        policy, count = self._policy, self._counts[failure.kind]
        calls = policy.empty_replies + 1 if failure.kind is Kind.EMPTY else policy.attempts
        if count >= calls:
            times = "" if count == 1 else f" {count} times"
            self._end(ModelUnavailableError, failure, tell, failure.reason + times)
        # Jitter, so that requests that were turned away together do not come back together.
        growing = min(policy.longest_wait, policy.first_wait * 2 ** (count - 1)) * random.uniform(0.5, 1.0)  # noqa: S311
        wait = growing if failure.wait is None else failure.wait
        if self._lost + wait > policy.budget:
            self._end_of_time(failure, tell, "" if failure.wait is None else f"told to wait {wait:.1f} s, ")
        tell(f"{failure.reason}, waited {wait:.1f} s{'' if failure.wait is None else ' as told'}")
        self._lost += wait
        await anyio.sleep(wait)
        return wait

    async def _stand_back(self, failure: Failure, tell: _Tell) -> float:
        """Leave it to the traffic when the call is repeated, unless it has been repeated too often."""
        if failure.trouble is not Trouble.NO_CONNECTION:
            self._common += 1
        if self._common >= _PATIENCE * self._policy.attempts:
            self._end(ModelUnavailableError, failure, tell, f"{failure.reason} {self._common} times")
        if self._lost > self._policy.budget:
            self._end_of_time(failure, tell)
        until = "the pace allows it" if failure.trouble is Trouble.RATE_LIMIT else "the endpoint is back"
        tell(f"{failure.reason}, asked again when {until}")
        wait = random.uniform(0, min(_JITTER, self._policy.first_wait))  # noqa: S311
        await anyio.sleep(wait)
        return wait

    def _enlarge(self, tell: _Tell) -> None:
        larger = self._dialect.granted(2 * self._budget)
        if self._counts[Kind.CUT_OFF] > self._policy.cut_offs or larger <= self._budget:
            reason = f"the answer was cut off at {self._budget} tokens, the most that was tried"
            self._end(AnswerCutOffError, Failure(Kind.CUT_OFF, reason, "give a shorter article"), tell)
        tell(f"answer cut off at {self._budget} tokens, asked again with {larger}")
        self._budget = larger

    def _shrink(self, failure: Failure, tell: _Tell) -> None:
        if not 0 < (failure.limit or 0) < self._budget:
            self._end(ConfigurationError, failure, tell)
        self._dialect.largest_output = failure.limit
        tell(f"{failure.reason}, asked again with as many")

    def _do_without(self, failure: Failure, tell: _Tell) -> None:
        instead = self._dialect.give_up(failure.parameter)
        if instead is None:
            self._end(ConfigurationError, failure, tell)
        tell(f"{failure.reason}: {instead}")

    def _fall_back(self, failure: Failure, tell: _Tell) -> NoReturn:
        below = self._dialect.below(self.mode)
        if below is None:
            reason = f"{self._endpoint.shown_address} does not take {self.mode} for model {self._endpoint.model!r}"
            advice = "choose another way of structured output, or another model"
            failure = dataclasses.replace(failure, advice=advice)
            self._end(ConfigurationError, failure, tell, f"{reason} ({failure.reason})")
        if failure.is_reply:  # perhaps by chance: it is learned when the next mode leads to an answer
            tell(f"{failure.reason}: asked again by {below}")
        else:
            tell(f"endpoint does not take {self.mode} ({failure.reason}): {below} is used from here on")
            self._dialect.learn_mode(below)
        self.mode = below
        raise _past_instructor(ModeRefusedError())

    def _ask_again(self, state: RetryCallState) -> None:
        self._reasks += 1
        self._ledger.amend(f"answer not valid ({_faults(state)}), asked again")

    def _no_valid_answer(self, state: RetryCallState) -> NoReturn:
        faults = _faults(state)
        self._ledger.amend(f"answer not valid ({faults}), given up")
        reason = f"no valid answer in {self._reasks + 1} tries, the last one: {faults}"
        raise _past_instructor(ModelAnswerError(reason, "try another model, or --engine rules", self._ledger.spent))

    def _end_of_time(self, failure: Failure, tell: _Tell, told: str = "") -> NoReturn:
        reason = f"{failure.reason}, {told}no time left of the {self._policy.budget:g} s for retries"
        self._end(ModelUnavailableError, failure, tell, reason)

    def _end(
        self, kind: type[ModelError | ConfigurationError], failure: Failure, tell: _Tell, reason: str | None = None
    ) -> NoReturn:
        tell(f"{failure.reason}, given up")
        reason = failure.reason if reason is None else reason
        if issubclass(kind, ModelError):
            raise _past_instructor(kind(reason, failure.advice, self._ledger.spent))
        raise _past_instructor(ConfigurationError(reason, failure.advice))


def _faults(state: RetryCallState) -> str:
    return shape_faults(None if state.outcome is None else state.outcome.exception())


def _past_instructor(error: Exception) -> Exception:
    """Wrap an exception in the only one that instructor lets through as it is.

    It would retry any other one, or log it as an error with the text of the answer in it.
    """
    from instructor.core.exceptions import IncompleteOutputException  # noqa: PLC0415 - slow to import

    carrier = IncompleteOutputException()
    carrier.__cause__ = error
    return carrier
