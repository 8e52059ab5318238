"""What a batch did: its failures, its counts while it runs, and its report."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from summarizer.batch.correcting import CorrectionCounts
from summarizer.errors import BudgetExceededError, ConfigurationError, LoadError, ModelError, SummarizerError
from summarizer.extraction.llm.endpoint.gauges import TrafficCounts
from summarizer.schemas import Summary

__all__ = ["BatchProgress", "BatchReport", "Counts", "Failure", "FileCounts", "ThisRun"]


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that gave no summary: a line of `failures.jsonl`."""

    file: str
    """Path relative to the folder; for a record of a file of many, the file's."""
    place: str
    """The file, with the line or record and the field where the error has one."""
    error: str
    """Kind of error, stable: ``empty``, ``binary``, ``record``, ...; ``bug`` for what should not happen."""
    type: str
    """Name of the exception."""
    reason: str
    """What happened."""
    advice: str | None
    """What to do about it."""
    traceback: str | None = None
    """Where in the program it happened: for a bug, when asked for."""
    attempts: tuple[str, ...] = ()
    """How each call to a model for it ended."""
    input_tokens: int = 0
    """Prompt tokens of those calls."""
    output_tokens: int = 0
    """Completion tokens of those calls."""
    cost: float | None = 0.0
    """US dollars of those calls; None when no price is known."""

    @classmethod
    def from_error(cls, error: Exception, name: str, *, debug: bool = False) -> Failure:
        """The failure that an exception means for the input ``name``."""
        kind = type(error).__name__
        if isinstance(error, LoadError):
            return cls(error.name or name, error.place, error.code, kind, error.reason, error.advice)
        if isinstance(error, ModelError):
            spent = error.spent
            return cls(
                name, name, error.code, kind, error.reason, error.advice,
                attempts=spent.outcomes, input_tokens=spent.input_tokens, output_tokens=spent.output_tokens,
                cost=spent.cost,
            )  # fmt: skip
        if isinstance(error, (ConfigurationError, BudgetExceededError)):
            return cls(name, name, error.code, kind, error.reason, error.advice)
        if isinstance(error, SummarizerError):
            return cls(name, name, error.code, kind, str(error), None)
        advice = "this is a bug in summarizer: please report it, with the traceback that --debug adds"
        trace = "".join(traceback.format_exception(error)) if debug else None
        return cls(name, name, "bug", kind, str(error) or kind, advice, trace)

    def told_of(self, name: str) -> Failure:
        """The same failure of another input with the same text."""
        return replace(self, file=name, place=name)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Failure:
        """What `asdict` gave, read back from JSON."""
        values["attempts"] = tuple(values["attempts"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is."""

    files_done: int = 0
    """Files that are through, those of earlier runs included."""
    files_before: int = 0
    """Of these, the files of which nothing was to be done."""
    files_total: int = 0
    """Files to read."""
    articles: int = 0
    """Articles summarised by this run so far."""
    failures: int = 0
    """Inputs that failed in this run so far."""
    tokens: int = 0
    """Tokens of this run's calls to a model so far, in and out."""
    cost: float | None = 0.0
    """US dollars of this run's calls so far; None when a price is not known."""
    rate_limited: int = 0
    """Calls of this run that the model's endpoint turned away because they were too many."""
    under_way: int = 0
    """Calls to a model that are under way."""
    notice: str = ""
    """What the run is waiting for, or writing; empty while it reads."""


@dataclass(slots=True)
class Counts:
    """Counts of everything that the files of a run hold; they grow while it runs."""

    articles: int = 0
    """Articles that gave a summary; a JSON Lines file may hold many."""
    trials: int = 0
    """Trial records."""
    results: int = 0
    """Estimates that belong to a trial."""
    unattributed: int = 0
    """Estimates whose trial the text does not tell."""
    truncations: dict[str, int] = field(default_factory=dict[str, int])
    """Kind -> damaged passages."""
    rejected: int = 0
    """Claims that the text did not support."""
    flags: dict[str, int] = field(default_factory=dict[str, int])
    """Code -> flags."""
    failures: dict[str, int] = field(default_factory=dict[str, int])
    """Kind of error -> inputs that gave no summary."""
    calls: int = 0
    """Calls to a model, retries included."""
    retries: int = 0
    """Of these, those that gave no usable answer."""
    cached: int = 0
    """Articles whose answers all came from the cache."""
    tokens: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("input", "cached", "output"), 0))
    """Tokens of all calls: ``input`` (``cached`` ones of the provider included) and ``output``."""
    cost: float | None = 0.0
    """US dollars of all calls, those of failed inputs included; None when a price is not known."""

    versions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Versions of all that took part; several where the summaries are of several versions."""

    def add(self, other: Counts) -> None:
        """Count everything that another one counted."""
        for name in ("articles", "trials", "results", "unattributed", "rejected", "calls", "retries", "cached"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for mine, theirs in (
            (self.truncations, other.truncations),
            (self.flags, other.flags),
            (self.failures, other.failures),
            (self.tokens, other.tokens),
        ):
            for key, number in theirs.items():
                mine[key] = mine.get(key, 0) + number
        for name, found in other.versions.items():
            self.versions[name] = sorted({*self.versions.get(name, ()), *found})
        self.cost = None if self.cost is None or other.cost is None else self.cost + other.cost

    def without_calls(self) -> Counts:
        """What was found, without what it took: for the same text under another name, which was read once."""
        return replace(self, calls=0, retries=0, cached=0, tokens=dict.fromkeys(self.tokens, 0), cost=0.0)

    def as_json(self) -> dict[str, Any]:
        """As the ledger holds it: what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value or name == "cost"}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Counts:
        """What :meth:`as_json` gave."""
        return cls(**values)

    def add_summary(self, summary: Summary) -> None:
        """Count one summary."""
        self.articles += 1
        self.trials += len(summary.trials)
        self.results += sum(len(trial.results) for trial in summary.trials)
        self.unattributed += len(summary.unattributed_results)
        self.rejected += len(summary.rejected)
        _tally(self.truncations, (item.kind.value for item in summary.truncations))
        _tally(self.flags, (flag.code for flag in summary.flags))
        run = summary.run
        self.calls += len(run.attempts)
        self.retries += sum(1 for attempt in run.attempts if attempt.outcome != "ok")
        self.cached += run.cached
        for name, version in run.versions.items():
            self.versions[name] = sorted({*self.versions.get(name, ()), version})
        self._spend(run.tokens.input, run.tokens.cached, run.tokens.output, run.cost)

    def add_failure(self, failure: Failure) -> None:
        """Count one failure."""
        _tally(self.failures, [failure.error])
        self.calls += len(failure.attempts)
        self.retries += len(failure.attempts)
        self._spend(failure.input_tokens, 0, failure.output_tokens, failure.cost)

    def _spend(self, read: int, cached: int, written: int, cost: float | None) -> None:
        for name, number in (("input", read), ("cached", cached), ("output", written)):
            self.tokens[name] += number
        self.cost = None if self.cost is None or cost is None else self.cost + cost

    @property
    def failed(self) -> int:
        """Inputs that gave no summary."""
        return sum(self.failures.values())

    @property
    def damaged(self) -> int:
        """Damaged passages of all kinds."""
        return sum(self.truncations.values())


def _tally(counts: dict[str, int], keys: Iterable[str]) -> None:
    for key in keys:
        counts[key] = counts.get(key, 0) + 1


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What the folder holds."""

    found: int
    """Files of a supported format, and what looks like one but can't be read."""
    taken: int
    """Of these, those that were to be read: named by the patterns, and not results of an earlier run."""
    ignored: dict[str, int]
    """Reason -> entries of the folder that are no inputs."""
    unchanged: int = 0
    """Files that are as they were when an earlier run read them."""
    changed: int = 0
    """Files that have changed since: they were read anew."""
    new: int = 0
    """Files that no earlier run has read."""
    removed: int = 0
    """Files of an earlier run that are not in the folder any more: they are left out of the results."""


@dataclass(frozen=True, slots=True)
class ThisRun:
    """What a run did itself; the rest was done before."""

    articles: int
    """Articles that it summarised."""
    failed: int
    """Inputs that failed in it."""
    calls: int
    """Calls to a model, retries included."""
    tokens: dict[str, int]
    """Tokens of those calls."""
    cost: float | None
    """US dollars of those calls; None when a price is not known."""
    rate_limited: int = 0
    """Calls that the endpoint turned away as too many (429); each was made again."""
    outages: int = 0
    """Times that the endpoint was found to be down."""
    paced_seconds: float = 0.0
    """Seconds in which a limit was all that held calls back."""

    @classmethod
    def of(cls, counts: Counts, traffic: TrafficCounts | None) -> ThisRun:
        """What these counts of the run tell."""
        return cls(
            articles=counts.articles,
            failed=counts.failed,
            calls=counts.calls,
            tokens=counts.tokens,
            cost=counts.cost,
            rate_limited=traffic.rate_limited if traffic else 0,
            outages=traffic.outages if traffic else 0,
            paced_seconds=round(traffic.paced_seconds, 1) if traffic else 0.0,
        )


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a batch did: `run.json` is this."""

    folder: str
    """The folder that was read, as it was named."""
    engine: str
    """The engine that read it."""
    engine_reason: str
    """Why this engine."""
    files: FileCounts
    """What the folder holds."""
    counts: Counts
    """What the files of the run hold, whichever run did it."""
    duplicates: int
    """Inputs with the same text as one before: read once, and in the results under each name."""
    corrections: CorrectionCounts | None
    """What became of people's corrections; None where none were given."""
    waiting: int
    """Articles and files that are not done yet: the same command does them."""
    stopped: str | None
    """Why the run ended early; None when it did not."""
    stopped_at_limit: bool
    """True when the limit ended the run before the folder was through."""
    this_run: ThisRun
    """What this run did itself."""
    started: str
    """ISO 8601 time, UTC."""
    seconds: float
    """Wall time."""
    versions: dict[str, str]
    """Versions of all that took part."""
    options: dict[str, object]
    """Patterns and limit."""
    settings: dict[str, object]
    """Settings, without the key."""

    def as_json(self) -> dict[str, object]:
        """The report as `run.json` holds it."""
        return asdict(self)
