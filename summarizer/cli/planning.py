"""``--dry-run``: what would be sent to a model, how many tokens, about what it would cost. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from summarizer.article import Article
from summarizer.cli.speech import say
from summarizer.errors import LoadError
from summarizer.extraction.llm.storing.budget import estimate_request
from summarizer.pipeline import Summarizer
from summarizer.render.inert import make_inert
from summarizer.render.words import count
from summarizer.schemas import Tokens

__all__ = ["Estimate", "show_estimate", "show_requests"]


@dataclass(slots=True)
class Estimate:
    """About what some articles would take."""

    articles: int = 0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    """US dollars; None when no price is known."""

    def add(self, summarizer: Summarizer, article: str | Path | Article) -> None:
        """Count an article in."""
        self.articles += 1
        for request in summarizer.plan(article):
            tokens = estimate_request(request)
            self.requests += 1
            self.input_tokens += tokens.input
            self.output_tokens += tokens.output
            price = summarizer.price(Tokens(input=tokens.input, output=tokens.output)) if summarizer.price else 0.0
            self.cost = None if self.cost is None or price is None else self.cost + price

    def words(self) -> str:
        """In a line."""
        cost = "no price is known" if self.cost is None else f"at most ${self.cost:.4f} before retries"
        return (
            f"{count(self.articles, 'article')}, {count(self.requests, 'request')}, about {self.input_tokens:,} tokens "
            f"in and at most {self.output_tokens:,} out, {cost}; nothing was sent"
        )


def show_requests(summarizer: Summarizer, article: Article) -> None:
    """Print the messages of an article's requests, and the estimate."""
    estimate = Estimate()
    estimate.add(summarizer, article)
    for number, request in enumerate(summarizer.plan(article), start=1):
        for message in request.messages:
            print(f"--- request {number}, {message.role}")  # noqa: T201 - what was asked for
            print(make_inert(message.content, line_break="\n"))  # noqa: T201 - same
    say(f"dry run: {estimate.words()}")


def show_estimate(summarizer: Summarizer, inputs: Iterable[Article | LoadError]) -> None:
    """Say about what the articles of a folder would take."""
    estimate = Estimate()
    unread = 0
    for item in inputs:
        if isinstance(item, LoadError):
            unread += 1
        else:
            estimate.add(summarizer, item)
    unreadable = f"; {count(unread, 'input')} can't be read" if unread else ""
    print(f"dry run: {estimate.words()}{unreadable}")  # noqa: T201 - what was asked for
