"""Who works through a folder when the answers come from batches: as with any other model, but articles may wait."""

from __future__ import annotations

from summarizer.article import Article
from summarizer.batch.crews.calls import WorkWithModel
from summarizer.batch.ledger.access import Here
from summarizer.batch.provider.chunks import ChunkStore
from summarizer.batch.provider.client import RecordedClient
from summarizer.batch.runner import Run
from summarizer.batch.work import STOPPING
from summarizer.errors import ConfigurationError, ModelError
from summarizer.pipeline import Summarizer
from summarizer.schemas import Summary

__all__ = ["make_crew"]


def make_crew(run: Run, client: RecordedClient, chunks: ChunkStore) -> WorkWithModel:
    """A crew for a run whose summarizer asks the recorded client."""
    summarizer = run.summarizer
    summarize = _Summarize(summarizer, client, chunks)
    return WorkWithModel(
        summarizer=summarizer,
        ledger=run.ledger,
        terms=run.terms,
        concurrency=summarizer.settings.concurrency,
        tell=run.tell_what_it_waits_for,
        access=Here(),  # the recorded client uses the ledger too, from the event loop
        summarize=summarize,
    )


class _Summarize:
    """Makes a summary, or lets the article wait."""

    def __init__(self, summarizer: Summarizer, client: RecordedClient, chunks: ChunkStore) -> None:
        self._summarizer = summarizer
        self._waiting = client.waiting
        self._chunks = chunks

    async def __call__(self, article: Article) -> Summary | None:
        content = article.sha256
        if content in self._waiting:  # under another name
            return None
        try:
            summary = await self._summarizer.asummarize(article)
        except ConfigurationError as error:
            if not self._chunks.has_answers():
                raise
            # Others were answered by the same provider: it is this article's request that it does not take.
            raise ModelError(error.reason, error.advice) from error
        except STOPPING:
            raise
        except Exception:
            if content in self._waiting:
                return None
            raise
        return None if content in self._waiting else summary
