"""How far a submission is: asked of the provider, written down, told."""

from __future__ import annotations

from pathlib import Path

from summarizer.batch.choosing import choose
from summarizer.batch.ledger.database import explain_errors
from summarizer.batch.ledger.ledger import Ledger, open_ledger
from summarizer.batch.options import DEFAULT_OPTIONS
from summarizer.batch.provider.chunks import ChunkStore
from summarizer.batch.provider.endpoint import provider_of
from summarizer.batch.provider.receiving import look
from summarizer.batch.provider.report import Articles, ProviderReport
from summarizer.batch.provider.requests import RequestStore, State
from summarizer.batch.provider.service import BatchService
from summarizer.batch.provider.submission import load_submission
from summarizer.settings import Settings, load_settings

__all__ = ["read_status"]

_COUNT = """
SELECT
    TOTAL(outcomes.content IS NOT NULL AND outcomes.failure IS NULL),
    TOTAL(outcomes.failure IS NOT NULL OR inputs.failure IS NOT NULL)
FROM (SELECT content, failure FROM listing JOIN entries USING (file) ORDER BY file, position LIMIT :limit) inputs
    JOIN run LEFT JOIN outcomes ON outcomes.content = inputs.content AND outcomes.engine = run.engine
"""
"""Of the first inputs, those that gave a summary, and those that failed."""


def read_status(out: str | Path, *, settings: Settings | None = None) -> ProviderReport:
    """Ask the provider how its batches are.

    Args:
        out: Where the ledger is.
        settings: Of whoever asks: the key; which model was asked is known from the submission.

    Raises:
        ConfigurationError: if nothing was submitted, another command is at work on `out`, or the provider does not let
            us in.
        ModelUnavailableError: if the provider does not answer.
        LoadError: if the folder is not there any more.
    """
    out = Path(out)
    submission = load_submission(out)
    endpoint = provider_of(submission.restore(settings or load_settings(), out))
    chosen = choose(Path(submission.folder), out, submission.options(DEFAULT_OPTIONS))
    with BatchService(endpoint) as service, open_ledger(out, submission.engine) as ledger, explain_errors(out):
        requests, chunks = RequestStore(ledger), ChunkStore(ledger)
        for _ in look(chunks, service):
            pass
        ledger.take_listing(chosen.files, chosen.problems)
        return ProviderReport(
            articles=_count_articles(ledger, submission.limit),
            batches=tuple(chunks.all()),
            to_send=requests.count(State.WANTED),
            is_whole=submission.is_whole,
        )


def _count_articles(ledger: Ledger, limit: int | None) -> Articles:
    done, failed = ledger.connection.execute(_COUNT, {"limit": -1 if limit is None else limit}).fetchone()
    return Articles(int(done), int(failed), ledger.count_waiting(limit))
