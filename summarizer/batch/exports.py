"""The files of a run, made from its ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from summarizer.article import Article
from summarizer.batch.correcting import LEFT_OUT, UNCORRECTED, CorrectionCounts, Corrector
from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.ledger.records import Body, Exported
from summarizer.batch.outputs import LineFile, OutputFolder
from summarizer.batch.report import Counts, Failure
from summarizer.batch.rows import RESULT_COLUMNS, TRIAL_COLUMNS, article_cells
from summarizer.batch.work import make_body
from summarizer.errors import LoadError
from summarizer.loading import load_articles
from summarizer.schemas import Summary

__all__ = ["RUN", "Correcting", "Exports", "export"]

SUMMARIES, FAILURES, RUN = "summaries.jsonl", "failures.jsonl", "run.json"
_FACT = "exported"
_EVERY = 500
"""Inputs between two calls of `progress`."""


@dataclass(frozen=True, slots=True)
class Correcting:
    """Corrections, and where the texts are that they must fit."""

    corrector: Corrector
    """Who holds the corrections."""
    folder: Path
    """The folder that the run reads."""


@dataclass(frozen=True, slots=True)
class Exports:
    """What the files hold."""

    counts: Counts = field(default_factory=Counts)
    """Counts of everything in them."""
    duplicates: int = 0
    """Inputs with the same text as one before."""
    corrections: CorrectionCounts | None = None
    """What became of the corrections; None where there were none to apply."""


def export(
    ledger: Ledger,
    out: Path,
    limit: int | None,
    settings: str,
    progress: Callable[[int], None],
    correcting: Correcting | None = None,
) -> Exports:
    """Write the files, unless they are there already and nothing has changed since.

    Args:
        ledger: What is known.
        out: Where the files go.
        limit: Inputs of the run; None for all.
        settings: What else the files depend on, in any words.
        progress: Told how many inputs are written.
        correcting: What people have corrected; None leaves the machine's records as they are.
    """
    fingerprint = correcting.corrector.fingerprint if correcting else None
    state = json.dumps([ledger.version, ledger.engine, limit, settings, fingerprint])
    before = json.loads(ledger.fact(_FACT) or "null")
    if before is not None and before["state"] == state and before["files"] == _stamps(out, before["files"]):
        corrections = before["corrections"]
        return Exports(
            Counts.from_json(before["counts"]),
            before["duplicates"],
            None if corrections is None else CorrectionCounts(**corrections),
        )
    with OutputFolder(out) as outputs:
        writer = _Writer(outputs, _Corrections(outputs, correcting) if correcting else None)
        for number, item in enumerate(ledger.results(limit)):
            writer.write(item)
            if number % _EVERY == 0:
                progress(number)
        exports = writer.finish()
    if correcting is None:
        for name in (LEFT_OUT, UNCORRECTED):  # of a run with corrections, which these files are not of any more
            (out / name).unlink(missing_ok=True)
    kept = {
        "state": state,
        "files": _stamps(out, outputs.names),
        "counts": exports.counts.as_json(),
        "duplicates": exports.duplicates,
        "corrections": asdict(exports.corrections) if exports.corrections else None,
    }
    ledger.set_fact(_FACT, json.dumps(kept))
    return exports


def _stamps(out: Path, names: list[str] | dict[str, list[int]]) -> dict[str, list[int]]:
    """Size and time of files; what is missing is left out."""
    found = {name: out / name for name in names if (out / name).is_file()}
    return {name: [path.stat().st_size, path.stat().st_mtime_ns] for name, path in found.items()}


class _Writer:
    """The files that hold what became of the inputs."""

    def __init__(self, outputs: OutputFolder, corrections: _Corrections | None) -> None:
        self._counts = Counts()
        self._duplicates = 0
        self._corrections = corrections
        self._summaries = outputs.add_lines(SUMMARIES)
        self._trials = outputs.add_table("trials", TRIAL_COLUMNS)
        self._results = outputs.add_table("results", RESULT_COLUMNS)
        self._failures = outputs.add_lines(FAILURES)

    def write(self, item: Exported) -> None:
        """Write what became of one input."""
        failure = item.failure
        counts = item.outcome.counts
        if failure is not None:
            self._write_failure(failure)
        elif item.outcome.body is not None:
            body = Body.unpack(item.outcome.body)
            if self._corrections is not None and self._corrections.has(item):
                body, counts = self._corrections.apply(item, body)
            self._write_body(item, body)
        self._count(item, failure, counts)

    def finish(self) -> Exports:
        """What was written."""
        corrections = None if self._corrections is None else self._corrections.finish()
        return Exports(self._counts, self._duplicates, corrections)

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

    def _count(self, item: Exported, failure: Failure | None, counts: Counts) -> None:
        if item.entry.failure is not None and failure is not None:
            counts = Counts()
            counts.add_failure(failure)
        self._duplicates += item.is_again
        self._counts.add(counts.without_calls() if item.is_again else counts)


class _Corrections:
    """Corrected records in the place of the machine's."""

    def __init__(self, outputs: OutputFolder, correcting: Correcting) -> None:
        self._corrector = correcting.corrector
        self._texts = _Texts(correcting.folder)
        self._uncorrected = outputs.add_lines(UNCORRECTED)
        self._left_out = outputs.add_lines(LEFT_OUT)
        self._counts = CorrectionCounts()
        self._missing = set(self._corrector.articles)

    def has(self, item: Exported) -> bool:
        """Whether an article has corrections."""
        return item.entry.content in self._corrector.articles

    def apply(self, item: Exported, body: Body) -> tuple[Body, Counts]:
        """The corrected body of an article, and the counts of what it holds."""
        line = f"{body.before}{item.entry.source}{body.after}"
        summary = Summary.model_validate_json(line)
        self._missing.discard(summary.source.sha256)
        article = self._texts.find(item)
        corrected = self._corrector.correct(summary, article.text if article else None)
        if not item.is_again:
            self._uncorrected.write(line)
            self._counts.add(corrected.counts)
            _write_all(self._left_out, corrected.left_out)
        if article is None:
            return body, item.outcome.counts
        counts = Counts()
        counts.add_summary(corrected.summary)
        return make_body(corrected.summary, article), counts

    def finish(self) -> CorrectionCounts:
        """Note the corrections of articles that did not come, and give the counts."""
        for content in sorted(self._missing):
            lines = self._corrector.leave_out(content)
            self._counts.elsewhere += len(lines)
            _write_all(self._left_out, lines)
        return self._counts


class _Texts:
    """Articles of a folder, asked for in path order: a file of many is read once, as a stream."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: str | None = None
        self._stream: Iterator[Article | LoadError] = iter(())

    def find(self, item: Exported) -> Article | None:
        """The article of an input; None where it can't be read any more, or has changed."""
        entry = item.entry
        if entry.file != self._file:
            self._file = entry.file
            self._stream = load_articles(self._folder / entry.file, name=entry.file)
        for each in self._stream:
            if isinstance(each, Article) and (each.sha256, each.name) == (entry.content, entry.name):
                return each
        return None


def _write_all(lines: LineFile, records: list[Mapping[str, Any]]) -> None:
    for record in records:
        lines.write(json.dumps(record))
