"""A folder of articles to files of records.

    report = run_batch("releases", "out")
    report.trials, report.failures

`OUT` then holds `summaries.jsonl` (one Summary a line), `trials.csv`, `results.csv` and their Parquet twins,
`failures.jsonl` and `run.json`, all of one run: they are put in place together when the run is through.
"""

from summarizer.batch.report import BatchProgress, BatchReport, Counts, Failure
from summarizer.batch.runner import BatchOptions, iterate_inputs, run_batch

__all__ = ["BatchOptions", "BatchProgress", "BatchReport", "Counts", "Failure", "iterate_inputs", "run_batch"]
