"""The files of a run, made from its ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.ledger.records import Body, Exported
from summarizer.batch.outputs import OutputFolder
from summarizer.batch.report import Counts, Failure
from summarizer.batch.rows import RESULT_COLUMNS, TRIAL_COLUMNS, article_cells

__all__ = ["RUN", "export"]

SUMMARIES, FAILURES, RUN = "summaries.jsonl", "failures.jsonl", "run.json"
_FACT = "exported"
_EVERY = 500
"""Inputs between two calls of `progress`."""


def export(
    ledger: Ledger, out: Path, limit: int | None, settings: str, progress: Callable[[int], None]
) -> tuple[Counts, int]:
    """Write the files, unless they are there already and nothing has changed since.

    Args:
        ledger: What is known.
        out: Where the files go.
        limit: Inputs of the run; None for all.
        settings: What else the files depend on, in any words.
        progress: Told how many inputs are written.

    Returns:
        Counts of what the files hold, and how many inputs have the same text as one before.
    """
    state = json.dumps([ledger.version, ledger.engine, limit, settings])
    before = json.loads(ledger.fact(_FACT) or "null")
    if before is not None and before["state"] == state and before["files"] == _stamps(out, before["files"]):
        return Counts.from_json(before["counts"]), before["duplicates"]
    with OutputFolder(out) as outputs:
        writer = _Writer(outputs)
        for number, item in enumerate(ledger.results(limit)):
            writer.write(item)
            if number % _EVERY == 0:
                progress(number)
    counts, duplicates = writer.counts, writer.duplicates
    kept = {
        "state": state,
        "files": _stamps(out, outputs.names),
        "counts": counts.as_json(),
        "duplicates": duplicates,
    }
    ledger.set_fact(_FACT, json.dumps(kept))
    return counts, duplicates


def _stamps(out: Path, names: list[str] | dict[str, list[int]]) -> dict[str, list[int]]:
    """Size and time of files; what is missing is left out."""
    found = {name: out / name for name in names if (out / name).is_file()}
    return {name: [path.stat().st_size, path.stat().st_mtime_ns] for name, path in found.items()}


class _Writer:
    """The files that hold what became of the inputs."""

    def __init__(self, outputs: OutputFolder) -> None:
        self.counts = Counts()
        self.duplicates = 0
        self._summaries = outputs.add_lines(SUMMARIES)
        self._trials = outputs.add_table("trials", TRIAL_COLUMNS)
        self._results = outputs.add_table("results", RESULT_COLUMNS)
        self._failures = outputs.add_lines(FAILURES)

    def write(self, item: Exported) -> None:
        """Write what became of one input."""
        failure = item.failure
        if failure is not None:
            self._write_failure(failure)
        elif item.outcome.body is not None:
            self._write_body(item, Body.unpack(item.outcome.body))
        self._count(item, failure)

    def _write_body(self, item: Exported, body: Body) -> None:
        source = item.entry.source
        self._summaries.write(f"{body.before}{source}{body.after}")
        cells = article_cells(json.loads(source))
        self._trials.write(cells | row for row in body.trials)
        self._results.write(cells | row for row in body.results)

    def _write_failure(self, failure: Failure) -> None:
        record = asdict(failure)
        if record["traceback"] is None:
            del record["traceback"]
        if not record["attempts"]:
            for name in ("attempts", "input_tokens", "output_tokens", "cost"):
                del record[name]
        # ASCII: a file's name may hold what a terminal would act on.
        self._failures.write(json.dumps(record))

    def _count(self, item: Exported, failure: Failure | None) -> None:
        counts = item.outcome.counts
        if item.entry.failure is not None and failure is not None:
            counts = Counts()
            counts.add_failure(failure)
        self.duplicates += item.is_again
        self.counts.add(counts.without_calls() if item.is_again else counts)
