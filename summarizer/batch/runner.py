"""Run a folder: list it, do what is not done, make the files from the ledger."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from summarizer.batch.choosing import Chosen, TaskSource, choose
from summarizer.batch.crews.protocol import Crew
from summarizer.batch.exports import RUN, Correcting, export
from summarizer.batch.fingerprint import fingerprint
from summarizer.batch.ledger.access import InThread
from summarizer.batch.ledger.database import explain_errors
from summarizer.batch.ledger.journal import LedgerJournal
from summarizer.batch.ledger.ledger import Ledger, open_ledger
from summarizer.batch.ledger.records import Finished
from summarizer.batch.options import DEFAULT_OPTIONS, BatchOptions
from summarizer.batch.outputs import write_json
from summarizer.batch.report import BatchProgress, BatchReport, Counts, Failure, FileCounts, ThisRun
from summarizer.batch.work import Terms, holds_one
from summarizer.errors import BudgetExceededError, ConfigurationError, EndpointDownError, SummarizerError
from summarizer.extraction.llm.endpoint.traffic import Traffic
from summarizer.pipeline import Summarizer
from summarizer.settings import Settings, load_settings, resolve_engine

__all__ = ["Clock", "Run", "run_batch"]

_NOT_AT_ALL = 0.001
"""Seconds, where none are meant: a model that does not answer is given up at once."""
_FEW_FILES = 24
"""Up to so many files this process alone is done before others would have started."""


def run_batch(
    folder: str | Path,
    out: str | Path,
    *,
    options: BatchOptions = DEFAULT_OPTIONS,
    settings: Settings | None = None,
    progress: Callable[[BatchProgress], None] | None = None,
    notify: Callable[[str], None] | None = None,
) -> BatchReport:
    """Summarise every article under a folder that is not summarised yet, and write the files of results.

    What is done is kept in a ledger in `out` as soon as it is done. A run that was stopped, however, goes on where it
    was when it is started again. An article that can't be read, or that trips a bug, becomes a line of `failures.jsonl`
    and stops nothing.

    Args:
        folder: Where the articles are, however deep.
        out: Where the ledger and the files of the run go; made where it does not exist.
        options: What to take of the folder.
        settings: Engine and what it needs; by default from the environment and the settings files.
        progress: Called after every article.
        notify: Told, once each, what a user should know besides the results.

    Raises:
        ConfigurationError: if there is nothing to read, another run works on `out`, `out` can't be written or the
            engine can't be used. What was done until then is kept.
        LoadError: if the folder is none or can't be listed.
    """
    clock = Clock()
    journal = LedgerJournal()
    settings = settings or load_settings()
    traffic = _make_traffic(settings)
    summarizer = Summarizer(settings, notify=notify, journal=journal, traffic=traffic)
    out = Path(out)
    chosen = choose(Path(folder), out, options)
    with open_ledger(out, fingerprint(summarizer)) as ledger, explain_errors(out):
        journal.ledger = ledger
        _require_nothing_sent(ledger, out)
        run = Run(ledger, summarizer, chosen, options, progress)
        run.traffic = traffic
        run.prepare()
        run.work(_choose_crew(run, out, journal))
        return run.finish(out, clock)


class _FailedFastError(SummarizerError):
    """An input has failed, and the run was to stop at the first one."""


class Run:
    """One run: what it found, what it did.

    Args:
        ledger: What is known of OUT.
        summarizer: The engine.
        chosen: What is taken of the folder.
        options: What else is asked for.
        progress: Called after every article; None where nobody watches.
    """

    def __init__(
        self,
        ledger: Ledger,
        summarizer: Summarizer,
        chosen: Chosen,
        options: BatchOptions,
        progress: Callable[[BatchProgress], None] | None,
    ) -> None:
        self.ledger = ledger
        self.summarizer = summarizer
        self.chosen = chosen
        self.options = options
        self.terms = Terms(include_text=summarizer.settings.include_text, debug=options.debug)
        self.source = TaskSource(ledger, self.terms, options.limit, self._note_failure)
        self.traffic: Traffic | None = None
        """What keeps the calls to a model in step; None where none are made."""
        self._tell = progress or _say_nothing
        self._done = Counts()
        self._files_done = 0
        self._open = 0
        self._stopped: str | None = None
        self._files = FileCounts(found=0, taken=0, ignored={})

    def prepare(self) -> None:
        """Compare the folder with the ledger."""
        self.ledger.take_listing(self.chosen.files, self.chosen.problems)
        if self.options.redo:
            self.ledger.forget_outcomes()
        if self.options.retry_failed:
            self.ledger.forget_failures()
        self.ledger.forget_passing_failures()
        for _, failure in self.chosen.problems:
            self._done.add_failure(failure)
        removed = self.ledger.drop_removed(self.chosen.present)
        self._open = self.ledger.count_open(_FEW_FILES + 1)
        unchanged, changed, new = self.ledger.count_files()
        self._files = FileCounts(
            found=len(self.chosen.present),
            taken=self.chosen.number,
            ignored=self.chosen.ignored,
            unchanged=unchanged,
            changed=changed,
            new=new,
            removed=len(removed),
        )

    def has_many_files(self) -> bool:
        """Whether more is to be done than starting other processes takes; a file of many may hold any number."""
        return self._open > _FEW_FILES or (self._open > 0 and any(not holds_one(file) for file in self.chosen.files))

    def work(self, crew: Crew) -> None:
        """Do what is not done."""
        if not self._open and self.options.limit is None:
            self.source.files_passed = self.chosen.number  # without a look at each
            return
        try:
            crew.work(iter(self.source), self._keep)
        except (BudgetExceededError, EndpointDownError, _FailedFastError) as error:
            self._stopped = str(error)

    def _keep(self, finished: Finished) -> None:
        self.ledger.keep(finished)
        self._files_done += bool(finished.entries)
        for outcome in finished.outcomes:
            self._done.add(outcome.counts)
        for entry in finished.entries:
            if entry.failure is not None:
                self._done.add_failure(entry.failure)
        self._told()

    def _note_failure(self, failure: Failure) -> None:
        self._done.add_failure(failure)
        self._told()

    def _told(self) -> None:
        self._tell(self._progress())
        if self._done.failed and self.options.fail_fast:
            raise _FailedFastError("stopped at the first failure, as asked (--fail-fast)")

    def tell_what_it_waits_for(self) -> None:
        """Called every second while a model is at work: a run that waits must not look like one that hangs."""
        down = self.traffic is not None and self.traffic.is_down
        self._tell(self._progress("the model does not answer; trying again" if down else ""))

    def _progress(self, notice: str = "") -> BatchProgress:
        done = self._done
        return BatchProgress(
            files_done=self._files_done + self.source.files_passed,
            files_before=self.source.files_passed,
            files_total=self.chosen.number,
            articles=done.articles,
            failures=done.failed,
            tokens=done.tokens["input"] + done.tokens["output"],
            cost=done.cost,
            rate_limited=self.traffic.counts.rate_limited if self.traffic else 0,
            under_way=self.traffic.counts.in_flight if self.traffic else 0,
            notice=notice,
        )

    def finish(self, out: Path, clock: Clock) -> BatchReport:
        """Write the files and report."""
        settings = self.summarizer.settings.public()
        patterns = {name: getattr(self.options, name) for name in ("include", "exclude", "limit")}

        def tell_writing(number: int) -> None:
            self._tell(self._progress(f"writing the files: {number:,} articles"))

        corrector = self.options.corrections
        exports = export(
            self.ledger,
            out,
            self.options.limit,
            json.dumps([str(self.chosen.folder), patterns]),
            tell_writing,
            Correcting(corrector, self.chosen.folder) if corrector else None,
        )
        counts = exports.counts
        waiting = self.ledger.count_waiting(self.options.limit) if self._open else 0
        if self._stopped is not None:
            waiting += self.ledger.count_unread()
        report = BatchReport(
            folder=str(self.chosen.folder),
            engine=self.summarizer.choice.engine,
            engine_reason=self.summarizer.choice.reason,
            files=self._files,
            counts=counts,
            duplicates=exports.duplicates,
            corrections=exports.corrections,
            waiting=waiting,
            stopped=self._stopped,
            stopped_at_limit=self.source.stopped_at_limit,
            this_run=ThisRun.of(self._done, self.traffic.counts if self.traffic else None),
            started=clock.started,
            seconds=clock.seconds(),
            versions={
                **{name: ", ".join(found) for name, found in counts.versions.items()},
                "python": platform.python_version(),
            },
            options=patterns,
            settings=settings,
        )
        if self.options.duckdb:
            from summarizer.batch.database import DATABASE, write_database  # noqa: PLC0415 - an optional extra

            self._tell(self._progress(f"writing {DATABASE}"))
            write_database(out, out / DATABASE)
        write_json(out / RUN, report.as_json())
        self._tell(self._progress())
        return report


class Clock:
    """When the run began."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        """ISO 8601 time, UTC."""
        self._start = time.perf_counter()

    def seconds(self) -> float:
        """Seconds since then."""
        return round(time.perf_counter() - self._start, 3)


def _require_nothing_sent(ledger: Ledger, out: Path) -> None:
    """Refuse to ask, and pay, for what a provider's Batch API is at work on."""
    if sent := ledger.count_sent():
        raise ConfigurationError(
            f"{sent:,} requests of this folder are at the provider",
            f"run 'summarizer batch collect {out}' until all is in",
        )


def _make_traffic(settings: Settings) -> Traffic | None:
    """What keeps the calls to a model in step; nothing for the rules."""
    if resolve_engine(settings).engine == "rules":
        return None
    return Traffic(
        concurrency=_calls_at_once(settings),
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        give_up_after=settings.retry_seconds or _NOT_AT_ALL,
    )


def _calls_at_once(settings: Settings) -> int:
    """As set; without a setting, a model in this process gets one call at a time: more would share the same cores."""
    from summarizer.extraction.llm.local.model_files import is_embedded  # noqa: PLC0415 - only with a model

    is_alone = is_embedded(settings.model or "") and "concurrency" not in settings.origins
    return 1 if is_alone else settings.concurrency


def _choose_crew(run: Run, out: Path, journal: LedgerJournal) -> Crew:
    """Who does the work: imported when chosen, as each crew comes with libraries of its own."""
    summarizer = run.summarizer
    if run.options.ray is not None:
        from summarizer.batch.crews.cluster import WorkOnCluster  # noqa: PLC0415 - see above
        from summarizer.batch.crews.remote import ClusterSetup  # noqa: PLC0415 - see above

        settings = summarizer.settings.model_copy(update={"api_key": None})
        setup = ClusterSetup(settings, asks_model=summarizer.prompt is not None, terms=run.terms)
        return WorkOnCluster(run.options.ray, setup, run.ledger)
    if summarizer.prompt is not None:
        from summarizer.batch.crews.calls import WorkWithModel  # noqa: PLC0415 - see above

        journal.access = access = InThread()
        return WorkWithModel(
            summarizer, run.ledger, run.terms, _calls_at_once(summarizer.settings), run.tell_what_it_waits_for, access
        )
    processes = run.options.processes
    if processes > 1 and run.has_many_files():
        from summarizer.batch.crews.processes import PoolSetup, WorkInProcesses  # noqa: PLC0415 - see above

        settings = summarizer.settings.model_copy(update={"api_key": None})
        return WorkInProcesses(PoolSetup(settings, out, run.ledger.engine, run.terms), processes)
    from summarizer.batch.crews.rules import Worker, WorkHere  # noqa: PLC0415 - see above

    return WorkHere(Worker(summarizer, run.ledger, run.terms))


def _say_nothing(progress: BatchProgress) -> None:
    del progress
