"""Every call made for one request, and what they cost together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from summarizer.errors import Spent
from summarizer.schemas import Attempt, Tokens

__all__ = ["Ledger", "tokens_of"]


class Ledger:
    """Writes down calls and adds up their tokens.

    Args:
        purpose: What the calls are for.
        price: US dollars of the tokens of one call, None where they are not told; None when that is not known.
    """

    def __init__(self, purpose: str, price: Callable[[Tokens | None], float | None]) -> None:
        self._purpose = purpose
        self._price = price
        self._attempts: list[Attempt] = []
        self.tokens = Tokens()
        """Tokens of all calls so far."""
        self.cost: float | None = 0.0
        """US dollars of all calls so far; None when the price of one is not known."""

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Calls so far, in order."""
        return tuple(self._attempts)

    @property
    def spent(self) -> Spent:
        """All of it, for an error."""
        outcomes = tuple(attempt.outcome for attempt in self._attempts)
        return Spent(outcomes, self.tokens.input, self.tokens.output, self.cost)

    def write(self, outcome: str, seconds: float, waited: float) -> None:
        """Write down a call that has ended."""
        self._attempts.append(
            Attempt(
                number=len(self._attempts) + 1,
                purpose=self._purpose,
                outcome=outcome,
                seconds=round(max(0.0, seconds), 3),
                waited=round(max(0.0, waited), 3),
            )
        )

    def amend(self, outcome: str) -> None:
        """Correct how the last call ended: an answer may turn out invalid after it came."""
        self._attempts[-1] = self._attempts[-1].model_copy(update={"outcome": outcome})

    def count(self, reply: object) -> None:
        """Add the tokens of a reply, whether or not it holds an answer."""
        tokens = tokens_of(reply)
        cost = self._price(tokens)
        self.cost = None if self.cost is None or cost is None else self.cost + cost
        if tokens is not None:
            self.tokens = Tokens(
                input=self.tokens.input + tokens.input,
                cached=self.tokens.cached + tokens.cached,
                output=self.tokens.output + tokens.output,
            )


def tokens_of(reply: object) -> Tokens | None:
    """Tokens that a reply says it used; None when it does not say."""
    usage = _part(reply, "usage")
    if usage is None:
        return None
    details = _part(usage, "prompt_tokens_details")
    cached = _number(_part(details, "cached_tokens")) or _number(_part(usage, "prompt_cache_hit_tokens"))
    return Tokens(
        input=_number(_part(usage, "prompt_tokens")), cached=cached, output=_number(_part(usage, "completion_tokens"))
    )


def _part(whole: object, name: str) -> Any:  # noqa: ANN401 - whatever a server sends
    if isinstance(whole, Mapping):
        return cast("Mapping[str, Any]", whole).get(name)
    return getattr(whole, name, None)


def _number(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0
