"""``summarizer batch``: a folder, with a progress bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from summarizer.batch import BatchOptions, BatchProgress, BatchReport, Counts, iterate_inputs, run_batch
from summarizer.cli.planning import show_estimate
from summarizer.cli.speech import say, say_engine
from summarizer.pipeline import Summarizer
from summarizer.render.inert import make_inert
from summarizer.render.words import count
from summarizer.settings import Settings, resolve_engine

__all__ = ["summarize_folder"]

ALL_DONE, SOME_FAILED, STOPPED = 0, 1, 130
SHOWN_FAILURES = 5
BAR_SECONDS = 0.1
LINE_SECONDS = 10.0


def summarize_folder(folder: Path, out: Path, options: BatchOptions, settings: Settings, *, quiet: bool = False) -> int:
    """Run a batch and say how it went.

    Returns:
        The exit status: 0 all done, 1 some input failed, 130 stopped by Ctrl-C or by a request to end.
    """
    if not quiet:
        say_engine(resolve_engine(settings))
    last = BatchProgress(0, 0, 0, 0)

    def note(progress: BatchProgress) -> None:
        nonlocal last
        last = progress
        show(progress)

    try:
        with _ended_like_ctrl_c(), _progress_view(quiet=quiet) as show:
            report = run_batch(folder, out, options=options, settings=settings, progress=note, notify=say)
    except KeyboardInterrupt:
        read = count(last.articles, "article")
        say(f"summarizer: stopped after {read}; {out} holds what it held before, run the command again")
        return STOPPED
    if not quiet:
        _print_report(report, out)
    if report.counts.failed:
        _say_failures(report, out)
        return SOME_FAILED
    return ALL_DONE


def plan_folder(folder: Path, out: Path, options: BatchOptions, settings: Settings) -> None:
    """Say about what a batch would send to a model and what that would cost."""
    summarizer = Summarizer(settings, notify=say)
    say_engine(summarizer.choice)
    show_estimate(summarizer, iterate_inputs(folder, out, options))


@contextmanager
def _ended_like_ctrl_c() -> Generator[None, None, None]:
    """Let a polite request to end (SIGTERM) clean up as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress_view(*, quiet: bool) -> Generator[Callable[[BatchProgress], None], None, None]:
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with _bar(console) as show:
            yield show
    else:
        yield _plain_lines()


@contextmanager
def _bar(console: Console) -> Generator[Callable[[BatchProgress], None], None, None]:
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files  {task.fields[said]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, said="")
        clock = _Clock(BAR_SECONDS)

        def show(progress: BatchProgress) -> None:
            if clock.is_due() or progress.files_done == progress.files_total:
                said = _said(progress, clock.seconds)
                bar.update(task, completed=progress.files_done, total=progress.files_total, said=said)

        yield show


def _plain_lines() -> Callable[[BatchProgress], None]:
    clock = _Clock(LINE_SECONDS)

    def show(progress: BatchProgress) -> None:
        if clock.is_due():
            say(f"{progress.files_done:,}/{progress.files_total:,} files, {_said(progress, clock.seconds)}")

    return show


def _said(progress: BatchProgress, seconds: float) -> str:
    rate = progress.articles / seconds if seconds else 0.0
    failed = f", {progress.failures:,} failed" if progress.failures else ""
    return f"{count(progress.articles, 'article')}{failed}, {rate:.0f}/s"


class _Clock:
    """Says when it is time to show something again."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._start = self._last = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    def is_due(self) -> bool:
        """True once in every interval."""
        now = time.monotonic()
        if now - self._last < self._every:
            return False
        self._last = now
        return True


def _print_report(report: BatchReport, out: Path) -> None:
    counts = report.counts
    rate = counts.articles / report.seconds if report.seconds else 0.0
    files = report.files
    rows = [
        ("Files", f"{files.taken:,} of {files.found:,}", _list(files.ignored, "ignored")),
        ("Articles", f"{counts.articles:,}", "stopped at the limit" if report.stopped_at_limit else ""),
        ("Trials", f"{counts.trials:,}", ""),
        ("Results", f"{counts.results + counts.unattributed:,}", ""),
        ("  of no known trial", f"{counts.unattributed:,}", ""),
        ("Damaged passages", f"{counts.damaged:,}", _list(counts.truncations)),
        ("Flags", f"{sum(counts.flags.values()):,}", _list(counts.flags)),
        ("Rejected claims", f"{counts.rejected:,}", ""),
        *_model_rows(counts),
        ("Failures", f"{counts.failed:,}", _list(counts.failures)),
        ("Seconds", f"{report.seconds:.2f}", f"{rate:.0f} articles a second"),
    ]  # fmt: skip
    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for label, number, details in rows:
        style = "bold red" if label == "Failures" and counts.failed else ""
        table.add_row(Text(label, style), Text(number, style), Text(make_inert(details), "dim"))
    console = Console(markup=False, emoji=False, highlight=False)
    console.print(table)
    console.print(Text(f"Written to {make_inert(str(out))}", overflow="fold"))


def _model_rows(counts: Counts) -> list[tuple[str, str, str]]:
    """What the calls to a model took; nothing for the rules."""
    if not counts.calls and not counts.cached:
        return []
    tokens = counts.tokens
    cost = "unknown" if counts.cost is None else f"${counts.cost:.4f}"
    return [
        ("Calls to the model", f"{counts.calls:,}", f"{counts.retries:,} gave no usable answer"),
        ("From the cache", f"{counts.cached:,}", "articles"),
        ("Tokens in", f"{tokens['input']:,}", f"{tokens['cached']:,} cached by the provider"),
        ("Tokens out", f"{tokens['output']:,}", ""),
        ("Cost", cost, "no price is known for the model" if counts.cost is None else ""),
    ]


def _list(counts: dict[str, int], prefix: str = "") -> str:
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    said = ", ".join(f"{number:,} {name}" for name, number in most_first)
    return f"{prefix}: {said}" if said and prefix else said


def _say_failures(report: BatchReport, out: Path) -> None:
    path = out / "failures.jsonl"
    with path.open(encoding="utf-8") as lines:
        for line in islice(lines, SHOWN_FAILURES):
            failure = json.loads(line)
            advice = f"; {failure['advice']}" if failure["advice"] else ""
            say(f"failed: {failure['place']}: {failure['reason']}{advice}")
    more = report.counts.failed - SHOWN_FAILURES
    if more > 0:
        say(f"failed: {more:,} more, all in {path}")
