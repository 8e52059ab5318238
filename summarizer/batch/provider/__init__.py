"""The work of a folder through a provider's Batch API: half the price, up to a day later.

    submit_batch("releases", "out", settings=settings)      # sends what a model has to be asked
    collect_batch("out")                                    # hours later: takes in the answers, asks what follows

What is asked stands in the ledger of OUT. An article is worked on as in any other run, except that its model answers
from there; where an answer is not there yet, the request is noted and the article waits.
"""

from summarizer.batch.provider.options import DOCUMENTED, Limits, ProviderOptions
from summarizer.batch.provider.report import BatchState, ProviderReport
from summarizer.batch.provider.rounds import collect_batch, submit_batch
from summarizer.batch.provider.watching import read_status

__all__ = [
    "DOCUMENTED",
    "BatchState",
    "Limits",
    "ProviderOptions",
    "ProviderReport",
    "collect_batch",
    "read_status",
    "submit_batch",
]
