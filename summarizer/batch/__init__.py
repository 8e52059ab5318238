"""A folder of articles to files of records.

    report = run_batch("releases", "out")
    report.trials, report.failures

`OUT` then holds `summaries.jsonl` (one Summary a line), `trials.csv`, `results.csv` and their Parquet twins,
`failures.jsonl` and `run.json`, put in place together when the run is through; and the ledger that they are made from,
by which a run that was stopped goes on where it was.
"""

from summarizer.batch.choosing import iterate_inputs
from summarizer.batch.options import BatchOptions
from summarizer.batch.report import BatchProgress, BatchReport, Counts, Failure
from summarizer.batch.runner import run_batch

__all__ = ["BatchOptions", "BatchProgress", "BatchReport", "Counts", "Failure", "iterate_inputs", "run_batch"]
