"""The budget: what is spent never passes the limit, and nothing that the limit could pay is refused."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from summarizer.errors import BudgetExceededError, ConfigurationError, ModelAnswerError, Spent
from summarizer.extraction.llm.exchange import Answer, Message, Model, Reply, Request
from summarizer.extraction.llm.storing.budget import Budget, MeteredModel, estimate_request
from summarizer.schemas import Attempt, Tokens


class Drugs(BaseModel):
    names: list[str] = []


REQUEST = Request((Message("user", "What was studied?"),), Drugs, 100, "records")
ATTEMPT = Attempt(number=1, outcome="ok", seconds=0.1)
TOKENS = Tokens(input=60, cached=20, output=10)


class Priced:
    """Answers at a price, after a while, and knows how many calls were under way together."""

    name = "priced-1"
    parameters = ""

    def __init__(self, cost: float | None, delay: float = 0.0) -> None:
        self.cost = cost
        self.delay = delay
        self.error: BaseException | None = None
        self.calls = 0
        self.under_way = 0
        self.most_under_way = 0

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        self.calls += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(self.delay)
        self.under_way -= 1
        if self.error is not None:
            raise self.error
        return Reply(request.response_model(), (ATTEMPT, ATTEMPT), TOKENS, self.cost)


def a_call_costs(dollars: float) -> Callable[[Tokens], float | None]:
    """A price that makes the estimate of every call the same."""
    return lambda tokens: dollars if tokens.output == REQUEST.output_tokens else 0.0


def no_price(tokens: Tokens) -> None:
    return None


def ask_together(model: Model, count: int) -> list[Any]:
    async def gather() -> list[Any]:
        return await asyncio.gather(*(model.ask(REQUEST) for _ in range(count)), return_exceptions=True)

    return asyncio.run(gather())


def test_what_was_spent_is_counted() -> None:
    budget = Budget()
    ask_together(MeteredModel(Priced(0.25), budget, a_call_costs(1.0)), 2)
    assert (budget.spent, budget.calls, budget.has_unknown_price) == (0.5, 4, False)
    assert budget.tokens == Tokens(input=120, cached=40, output=20)


def test_a_call_that_would_pass_the_limit_is_not_made() -> None:
    inner, budget = Priced(0.4), Budget(1.0)
    model = MeteredModel(inner, budget, a_call_costs(0.4))
    for _ in range(2):
        asyncio.run(model.ask(REQUEST))
    with pytest.raises(BudgetExceededError, match=r"\$0.4000, but \$0.8000 of \$1 is spent; raise --max-cost"):
        asyncio.run(model.ask(REQUEST))
    assert inner.calls == 2
    assert budget.spent == pytest.approx(0.8)


def test_the_limit_may_be_spent_to_the_last_cent_in_spite_of_rounding() -> None:
    inner = Priced(0.1)
    ask_together(MeteredModel(inner, Budget(0.3), a_call_costs(0.1)), 4)
    assert inner.calls == 3


@pytest.mark.parametrize("limit", [0.0, 0.35, 1.0, 1.99])
def test_calls_at_the_same_time_never_pass_the_limit_together(limit: float) -> None:
    inner, budget = Priced(0.1, delay=0.005), Budget(limit)
    results = ask_together(MeteredModel(inner, budget, a_call_costs(0.1)), 20)
    refused = [result for result in results if isinstance(result, BudgetExceededError)]
    assert budget.spent <= limit + 1e-9
    assert inner.calls == math.floor(limit * 10 + 1e-6)
    assert len(refused) == 20 - inner.calls


def test_calls_that_turn_out_cheap_make_room_for_those_that_wait() -> None:
    inner, budget = Priced(0.01, delay=0.005), Budget(1.0)
    results = ask_together(MeteredModel(inner, budget, a_call_costs(0.3)), 20)
    assert all(isinstance(result, Reply) for result in results)
    assert inner.most_under_way == 3, "no more than the limit can pay at their dearest"
    assert budget.spent == pytest.approx(0.2)


@given(
    limit=st.floats(0, 2),
    costs=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=12),
)
def test_the_limit_holds_whatever_calls_cost(limit: float, costs: list[tuple[float, float]]) -> None:
    budget = Budget(limit)

    async def call(estimate: float, share: float) -> None:
        reservation = await budget.reserve(estimate)
        await asyncio.sleep(0)
        budget.settle(reservation, estimate * share, Tokens(), 1)

    async def gather() -> list[BaseException | None]:
        return await asyncio.gather(*(call(*cost) for cost in costs), return_exceptions=True)

    results = asyncio.run(gather())
    assert budget.spent <= limit + 1e-6
    assert budget.calls == results.count(None)
    assert all(result is None or isinstance(result, BudgetExceededError) for result in results)


def test_event_loops_of_several_threads_share_one_limit() -> None:
    inner, budget = Priced(0.1, delay=0.01), Budget(0.5)
    model = MeteredModel(inner, budget, a_call_costs(0.2))
    threads = [threading.Thread(target=ask_together, args=(model, 3)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert inner.calls == 4  # at 0.4 another may cost 0.2, which is too much
    assert budget.spent == pytest.approx(0.4)


def test_failed_calls_are_paid_too() -> None:
    inner, budget = Priced(0.1), Budget(1.0)
    spent = Spent(("invalid", "invalid"), input_tokens=200, output_tokens=30, cost=0.7)
    inner.error = ModelAnswerError("no valid answer", spent=spent)
    model = MeteredModel(inner, budget, a_call_costs(0.4))
    with pytest.raises(ModelAnswerError):
        asyncio.run(model.ask(REQUEST))
    assert (budget.spent, budget.calls, budget.tokens) == (0.7, 2, Tokens(input=200, output=30))
    inner.error = None
    with pytest.raises(BudgetExceededError):
        asyncio.run(model.ask(REQUEST))


def test_a_call_that_was_turned_away_costs_nothing_and_sets_nothing_aside() -> None:
    inner, budget = Priced(0.1), Budget(1.0)
    inner.error = ConfigurationError("wrong key")
    model = MeteredModel(inner, budget, a_call_costs(0.8))
    for _ in range(3):
        with pytest.raises(ConfigurationError, match="wrong key"):
            asyncio.run(model.ask(REQUEST))
    assert budget.spent == 0.0


def test_a_call_that_was_cancelled_counts_as_its_estimate() -> None:
    inner, budget = Priced(0.1, delay=5), Budget(1.0)
    model = MeteredModel(inner, budget, a_call_costs(0.3))
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(model.ask(REQUEST), 0.01))
    assert budget.spent == pytest.approx(0.3)
    assert budget.has_unknown_price


def test_one_who_waits_can_be_cancelled_and_leaves_no_trace() -> None:
    inner, budget = Priced(0.1, delay=0.05), Budget(0.5)
    model = MeteredModel(inner, budget, a_call_costs(0.4))

    async def scenario() -> list[Any]:
        tasks = [asyncio.create_task(model.ask(REQUEST)) for _ in range(3)]
        await asyncio.sleep(0.01)
        tasks[1].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = asyncio.run(scenario())
    assert [type(result) for result in results] == [Reply, asyncio.CancelledError, Reply]
    assert budget.spent == pytest.approx(0.2)


def test_a_limit_needs_a_known_price() -> None:
    with pytest.raises(ConfigurationError, match="no price is known for priced-1, so --max-cost can't hold"):
        MeteredModel(Priced(None), Budget(1.0), no_price)


def test_without_a_limit_an_unknown_price_is_only_noted() -> None:
    inner, budget = Priced(None), Budget()
    asyncio.run(MeteredModel(inner, budget, no_price).ask(REQUEST))
    assert (budget.spent, budget.has_unknown_price, budget.calls) == (0.0, True, 2)


def test_a_call_of_unknown_cost_counts_as_its_estimate() -> None:
    budget = Budget(1.0)
    asyncio.run(MeteredModel(Priced(None), budget, a_call_costs(0.3)).ask(REQUEST))
    assert budget.spent == pytest.approx(0.3)
    assert budget.has_unknown_price


@pytest.mark.parametrize("limit", [-0.01, math.nan])
def test_a_limit_that_makes_no_sense(limit: float) -> None:
    with pytest.raises(ConfigurationError):
        Budget(limit)


def test_a_free_model_runs_with_a_limit_of_nothing() -> None:
    asyncio.run(MeteredModel(Priced(0.0), Budget(0.0), a_call_costs(0.0)).ask(REQUEST))


def test_the_estimate_counts_messages_the_shape_of_the_answer_and_the_whole_budget_of_it() -> None:
    class Larger(Drugs):
        """A model whose schema is sent along."""

        sizes: list[int] = []

    estimate = estimate_request(REQUEST)
    assert estimate.output == 100
    longer = Request((*REQUEST.messages, Message("user", "x " * 500)), Drugs, 100, "records")
    assert estimate_request(longer).input >= estimate.input + 500
    shaped = Request(REQUEST.messages, Larger, 100, "records")
    assert estimate_request(shaped).input > estimate.input


def test_counting_changes_neither_name_nor_parameters() -> None:
    model = MeteredModel(Priced(0.0), Budget(), no_price)
    assert (model.name, model.parameters) == ("priced-1", "")
