"""What a submission, a look at it or a collection has to say."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.batch.provider.chunks import Chunk
from summarizer.batch.provider.receiving import Received
from summarizer.batch.provider.sending import NOTHING_SENT, Sent
from summarizer.batch.report import BatchReport

__all__ = ["Articles", "BatchState", "ProviderReport"]

BatchState = Chunk
"""How one batch is."""


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of a submission."""

    done: int
    failed: int
    """Articles that a model could not read, and inputs that are no articles."""
    waiting: int


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """How things are."""

    articles: Articles
    batches: tuple[BatchState, ...]
    """All batches so far, oldest first."""
    to_send: int
    """Requests that are to be sent."""
    is_whole: bool
    """Whether the submission came to the end of the folder; else some articles were not looked at."""
    limit_reached: str | None = None
    """What the limit on the cost has to say; None when it was not reached."""
    sent: Sent = NOTHING_SENT
    """What was sent just now."""
    received: Received | None = None
    """What was taken in just now."""
    run: BatchReport | None = None
    """What the files of OUT hold; None when only the provider was asked."""
