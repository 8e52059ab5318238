"""What requests may cost that go out in batches, and those that are out."""

from __future__ import annotations

from collections.abc import Callable

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.storing.budget import Budget, Reservation
from summarizer.schemas import Tokens

__all__ = ["Allowance"]


class Allowance:
    """A limit in US dollars: for what was paid, and the dearest outcome of all that has no answer yet.

    An answer that is there is paid already, and is used whatever the limit says.

    Args:
        limit: US dollars; None for no limit.
        price: What tokens cost.
        paid: US dollars that count against the limit from the start.

    Raises:
        ConfigurationError: if there is a limit and no price is known.
    """

    def __init__(self, limit: float | None, price: Callable[[Tokens], float | None], paid: float = 0.0) -> None:
        if limit is not None and price(Tokens(input=1, output=1)) is None:
            raise ConfigurationError(
                "no price is known for the model, so --max-cost can't hold",
                "leave it out, or use a model with a known price",
            )
        self._price = price
        self._budget = Budget(limit)
        self._budget.settle(Reservation(0.0), paid, Tokens(), 0)
        self._counted: set[str] = set()

    async def take(self, key: str, tokens: Tokens) -> None:
        """Count a request in, once.

        Raises:
            BudgetExceededError: if it does not fit any more.
        """
        if key in self._counted or self._budget.limit is None:
            return
        reservation = await self._budget.reserve(self._price(tokens) or 0.0)
        # Its cost is not known for hours: a budget then counts what was set aside.
        self._budget.settle(reservation, None, tokens, 1)
        self._counted.add(key)
