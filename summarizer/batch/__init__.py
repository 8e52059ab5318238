"""A folder of articles to files of records.

    report = run_batch("releases", "out")
    report.trials, report.failures

`OUT` then holds `summaries.jsonl` (one Summary a line), `trials.csv`, `results.csv` and their Parquet twins,
`failures.jsonl` and `run.json`, all of one run: they are put in place together when the run is through.
"""

from summarizer.batch.report import BatchProgress, BatchReport, Failure
from summarizer.batch.runner import BatchOptions, run_batch

__all__ = ["BatchOptions", "BatchProgress", "BatchReport", "Failure", "run_batch"]
