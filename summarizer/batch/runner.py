"""Run a folder: files to articles to summaries to files, with one article in memory at a time."""

from __future__ import annotations

import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from summarizer.article import Article
from summarizer.batch.outputs import OutputFolder
from summarizer.batch.patterns import make_filter
from summarizer.batch.report import BatchProgress, BatchReport, Counts, Failure, FileCounts
from summarizer.batch.rows import RESULT_COLUMNS, TRIAL_COLUMNS, Row, result_rows, trial_rows
from summarizer.errors import ConfigurationError, LoadError
from summarizer.loading import FolderListing, FoundFile, list_files, load_articles
from summarizer.pipeline import Summarizer
from summarizer.render.json import render_json
from summarizer.schemas import Summary
from summarizer.settings import Settings

__all__ = ["BatchOptions", "iterate_inputs", "run_batch"]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What a batch takes of a folder, and what it tells."""

    include: tuple[str, ...] = ()
    """Patterns of the paths to read; without any, all."""
    exclude: tuple[str, ...] = ()
    """Patterns of the paths to leave out; they beat `include`."""
    limit: int | None = None
    """Articles after which to stop."""
    debug: bool = False
    """Put the traceback of a bug into `failures.jsonl`."""


DEFAULT_OPTIONS = BatchOptions()

SUMMARIES, FAILURES, RUN = "summaries.jsonl", "failures.jsonl", "run.json"
JSON_OUTPUTS = (SUMMARIES, FAILURES, RUN)
"""The files of a run that a loader would take for articles."""


def run_batch(
    folder: str | Path,
    out: str | Path,
    *,
    options: BatchOptions = DEFAULT_OPTIONS,
    settings: Settings | None = None,
    progress: Callable[[BatchProgress], None] | None = None,
    notify: Callable[[str], None] | None = None,
) -> BatchReport:
    """Summarise every article under a folder.

    An article that can't be read, or that trips a bug, becomes a line of `failures.jsonl` and stops nothing.
    The files in `out` are those of a finished run: they are replaced together when this run is through.

    Args:
        folder: Where the articles are, however deep.
        out: Where the files of the run go; made where it does not exist.
        options: What to take of the folder.
        settings: Engine and what it needs; by default from the environment and the settings files.
        progress: Called after every article.
        notify: Told, once each, what a user should know besides the results.

    Raises:
        ConfigurationError: if there is nothing to read, `out` can't be written or the engine can't be used.
        LoadError: if the folder is none or can't be listed.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    summarizer = Summarizer(settings, notify=notify)
    engine = summarizer.choice
    folder, out = Path(folder), Path(out)
    listing = list_files(folder)
    chosen = _choose(listing, out, options)
    run = _Run(chosen, Job(summarizer, options.debug), options.limit, progress)
    try:
        with OutputFolder(out) as outputs:
            run.write(outputs)
            report = BatchReport(
                folder=str(folder),
                engine=engine.engine,
                engine_reason=engine.reason,
                files=_count_files(listing, len(chosen)),
                counts=run.counts,
                stopped_at_limit=run.stopped_at_limit,
                started=started.isoformat(timespec="seconds"),
                seconds=round(time.perf_counter() - clock, 3),
                versions={**run.versions, "python": platform.python_version()},
                options={"include": options.include, "exclude": options.exclude, "limit": options.limit},
                settings=summarizer.settings.public(),
            )
            outputs.add_json(RUN, report.as_json())
    except OSError as error:
        reason = f"{out}: the results can't be written ({error.strerror or error})"
        raise ConfigurationError(reason, "choose another folder for them, or free some space") from error
    return report


def iterate_inputs(folder: str | Path, out: str | Path, options: BatchOptions) -> Iterator[Article | LoadError]:
    """What a batch with these options would read, without reading more than one article at a time.

    Raises:
        ConfigurationError: if there is nothing to read.
        LoadError: if the folder is none or can't be listed.
    """
    chosen = _choose(list_files(Path(folder)), Path(out), options)
    items = (
        item
        for entry in chosen
        for item in ([entry] if isinstance(entry, LoadError) else load_articles(entry.path, name=entry.name))
    )
    yield from islice(items, options.limit)


def _choose(listing: FolderListing, out: Path, options: BatchOptions) -> list[FoundFile | LoadError]:
    """What of a folder is to be read, and what can't be, in path order."""
    if options.limit is not None and options.limit < 1:
        raise ConfigurationError(f"a limit of {options.limit} leaves nothing to read", "use 1 or more")
    if listing.folder.resolve() == out.resolve():
        raise ConfigurationError(
            f"{out}: results can't go into the folder that is read", "choose another folder for them"
        )
    is_taken = make_filter(options.include, options.exclude)
    entries = {file.name: file for file in listing.files} | {error.name or "": error for error in listing.errors}
    chosen = [entry for name, entry in sorted(entries.items()) if is_taken(name) and not _is_of_a_run(name, entries)]
    if not chosen:
        advice = "look at the patterns" if entries else "name a folder of .txt, .md, .html, .json or .jsonl files"
        raise ConfigurationError(f"{listing.folder}: there is no article to read", advice)
    return chosen


def _is_of_a_run(name: str, names: Container[str]) -> bool:
    """Whether a file is what an earlier run left: OUT may lie inside FOLDER."""
    above, slash, own = name.rpartition("/")
    return own in JSON_OUTPUTS and all(f"{above}{slash}{other}" in names for other in JSON_OUTPUTS)


def _count_files(listing: FolderListing, taken: int) -> FileCounts:
    # A dangling link's reason names its target: that is a reason of its own for each.
    reasons = Counter(entry.reason.partition(" link to /")[0] for entry in listing.ignored)
    return FileCounts(
        found=len(listing.files) + len(listing.errors),
        taken=taken,
        ignored=dict(sorted(reasons.items())),
    )


@dataclass(frozen=True, slots=True)
class Job:
    """What the work on an article needs besides the article."""

    summarizer: Summarizer
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input, ready to be written: a summary with its line and rows, or a failure."""

    summary: Summary | None = None
    line: str = ""
    trials: tuple[Row, ...] = ()
    results: tuple[Row, ...] = ()
    failure: Failure | None = None


def process_article(article: Article, job: Job) -> Outcome:
    """Summarise one article and make its line and rows.

    What the article trips becomes a failure.

    Raises:
        ConfigurationError: if no article would work.
    """
    try:
        summary = job.summarizer.summarize(article)
        return Outcome(
            summary=summary,
            line=render_json(summary, indent=None),
            trials=tuple(trial_rows(summary)),
            results=tuple(result_rows(summary, article)),
        )
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug that one article trips must not stop the others
        return Outcome(failure=Failure.from_error(error, article.name or "", debug=job.debug))


class _Run:
    """One run over the chosen files."""

    def __init__(
        self,
        chosen: Sequence[FoundFile | LoadError],
        job: Job,
        limit: int | None,
        progress: Callable[[BatchProgress], None] | None,
    ) -> None:
        self.counts = Counts()
        self.versions: dict[str, str] = {}
        self.stopped_at_limit = False
        self._chosen = chosen
        self._job = job
        self._limit = limit
        self._progress = progress
        self._files_done = 0

    def write(self, outputs: OutputFolder) -> None:
        """Read everything that was chosen and write what comes of it."""
        writer = _Writer(outputs)
        inputs = self._inputs()
        for outcome in self._outcomes(islice(inputs, self._limit)):
            writer.write(outcome)
            self._count(outcome)
            self._tell()
        self.stopped_at_limit = next(inputs, None) is not None
        self._tell()

    def _outcomes(self, inputs: Iterable[Article | Failure]) -> Iterator[Outcome]:
        """What becomes of each input, in order: the one place where a pool of workers would go."""
        for item in inputs:
            yield Outcome(failure=item) if isinstance(item, Failure) else process_article(item, self._job)

    def _inputs(self) -> Iterator[Article | Failure]:
        """Every article of the chosen files, and what went wrong in its place."""
        for entry in self._chosen:
            yield from self._load(entry)
            self._files_done += 1

    def _load(self, entry: FoundFile | LoadError) -> Iterator[Article | Failure]:
        name = entry.name or ""
        try:
            for item in [entry] if isinstance(entry, LoadError) else load_articles(entry.path, name=name):
                yield Failure.from_error(item, name) if isinstance(item, LoadError) else item
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one file trips must not stop the others
            yield Failure.from_error(error, name, debug=self._job.debug)

    def _count(self, outcome: Outcome) -> None:
        if outcome.summary is not None:
            self.counts.add_summary(outcome.summary)
            self.versions.update(outcome.summary.run.versions)
        if outcome.failure is not None:
            self.counts.add_failure(outcome.failure)

    def _tell(self) -> None:
        if self._progress is not None:
            counts = self.counts
            now = BatchProgress(self._files_done, len(self._chosen), counts.articles, counts.failed)
            self._progress(now)


class _Writer:
    """The files of a run that grow with it."""

    def __init__(self, outputs: OutputFolder) -> None:
        self._summaries = outputs.add_lines(SUMMARIES)
        self._trials = outputs.add_table("trials", TRIAL_COLUMNS)
        self._results = outputs.add_table("results", RESULT_COLUMNS)
        self._failures = outputs.add_lines(FAILURES)

    def write(self, outcome: Outcome) -> None:
        """Write what became of one input."""
        if outcome.summary is not None:
            self._summaries.write(outcome.line)
            self._trials.write(outcome.trials)
            self._results.write(outcome.results)
        if outcome.failure is not None:
            record = asdict(outcome.failure)
            if record["traceback"] is None:
                del record["traceback"]
            if not record["attempts"]:
                for name in ("attempts", "input_tokens", "output_tokens", "cost"):
                    del record[name]
            # ASCII: a file's name may hold what a terminal would act on.
            self._failures.write(json.dumps(record))
