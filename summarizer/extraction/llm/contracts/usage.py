"""What the calls for one article took: attempts, tokens, money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.errors import ModelError
from summarizer.extraction.draft import Draft
from summarizer.extraction.llm.exchange import Answer, Reply
from summarizer.schemas import Attempt, Tokens


@dataclass(slots=True)
class Usage:
    """What all calls for one article took."""

    attempts: list[Attempt] = field(default_factory=list[Attempt])
    tokens: Tokens = field(default_factory=Tokens)
    cost: float | None = 0.0
    """US dollars; None as soon as one price is not known."""
    calls: int = 0
    cached: int = 0
    """How many of them our own cache answered."""

    def add(self, reply: Reply[Answer]) -> None:
        """Count a reply in."""
        self.calls += 1
        self.cached += reply.cached
        self.add_attempts(reply.attempts)
        self.tokens = Tokens(
            input=self.tokens.input + reply.tokens.input,
            cached=self.tokens.cached + reply.tokens.cached,
            output=self.tokens.output + reply.tokens.output,
        )
        self.cost = None if self.cost is None or reply.cost is None else self.cost + reply.cost

    def add_error(self, error: ModelError, purpose: str) -> None:
        """Count in what was spent on calls that led to nothing."""
        self.calls += 1
        spent = error.spent
        self.add_attempts([Attempt(number=1, purpose=purpose, outcome=text, seconds=0) for text in spent.outcomes])
        self.tokens = Tokens(
            input=self.tokens.input + spent.input_tokens,
            cached=self.tokens.cached,
            output=self.tokens.output + spent.output_tokens,
        )
        self.cost = None if self.cost is None or spent.cost is None else self.cost + spent.cost

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Append attempts, numbered on."""
        for attempt in attempts:
            self.attempts.append(attempt.model_copy(update={"number": len(self.attempts) + 1}))

    def note(self, purpose: str, outcome: str) -> None:
        """Tell something that was done instead of a call."""
        self.add_attempts([Attempt(number=1, purpose=purpose, outcome=outcome, seconds=0)])


@dataclass(frozen=True, slots=True)
class Extraction:
    """A draft and what it took."""

    draft: Draft
    usage: Usage


def with_usage(error: ModelError, usage: Usage) -> ModelError:
    """The error with everything that was spent on the article, not only its own calls."""
    spent = type(error.spent)(
        outcomes=tuple(attempt.outcome for attempt in usage.attempts),
        input_tokens=usage.tokens.input,
        output_tokens=usage.tokens.output,
        cost=usage.cost,
    )
    return type(error)(error.reason, error.advice, spent)
