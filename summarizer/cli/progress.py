"""How a batch tells how far it is: a display on a terminal, lines elsewhere, JSON lines for machines, or nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from summarizer.batch import BatchProgress
from summarizer.cli.speech import say
from summarizer.render.words import count

__all__ = ["Show", "Voice", "say_event", "show_progress"]

BAR_SECONDS = 0.1
LINE_SECONDS = 10.0

Show = Callable[[BatchProgress], None]
"""Shows how far a batch is."""


class Voice(StrEnum):
    """How the command speaks."""

    PLAIN = "plain"
    """To people: a display on a terminal, lines elsewhere, a table at the end."""
    JSON = "json"
    """To machines: JSON lines on stderr, nothing on stdout."""
    QUIET = "quiet"
    """Errors only."""


@contextmanager
def show_progress(voice: Voice) -> Generator[Show, None, None]:
    """What shows the progress of a run."""
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    if voice is Voice.QUIET:
        yield lambda _: None
    elif voice is Voice.JSON:
        yield _lines(lambda progress, _: say_event("progress", **asdict(progress)))
    elif console.is_terminal:
        with _bar(console) as show:
            yield show
    else:
        yield _lines(_say_line)


def say_event(event: str, **facts: object) -> None:
    """Say something as a JSON line on stderr."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    say(json.dumps({"time": now, "event": event, **facts}))


@contextmanager
def _bar(console: Console) -> Generator[Show, None, None]:
    columns = (
        SpinnerColumn(),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("files  {task.fields[said]}", markup=False),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, said="")
        clock = _Clock(BAR_SECONDS)

        def show(progress: BatchProgress) -> None:
            if clock.is_due() or progress.files_done == progress.files_total:
                said = _said(progress, clock.seconds)
                bar.update(task, completed=progress.files_done, total=progress.files_total, said=said)

        yield show


def _lines(say_it: Callable[[BatchProgress, float], None]) -> Show:
    clock = _Clock(LINE_SECONDS)

    def show(progress: BatchProgress) -> None:
        if clock.is_due():
            say_it(progress, clock.seconds)

    return show


def _say_line(progress: BatchProgress, seconds: float) -> None:
    files = f"{progress.files_done:,}/{progress.files_total:,} files"
    say(f"{files}, {_said(progress, seconds)}{_time_left(progress, seconds)}")


def _said(progress: BatchProgress, seconds: float) -> str:
    if progress.notice:
        return progress.notice
    rate = progress.articles / seconds if seconds else 0.0
    said = [count(progress.articles, "article"), f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"]
    if progress.tokens:
        said.append(f"{progress.tokens:,} tokens")
        said.append("cost unknown" if progress.cost is None else f"${progress.cost:.2f}")
    if progress.rate_limited:
        said.append(f"{progress.rate_limited:,} x 429")
    if progress.failures:
        said.append(f"{progress.failures:,} failed")
    return ", ".join(said)


def _time_left(progress: BatchProgress, seconds: float) -> str:
    """About how long it will take, from the files of this run."""
    done = progress.files_done - progress.files_before
    if not done or progress.notice:
        return ""
    left = int((progress.files_total - progress.files_done) * seconds / done)
    return f", about {left // 3600}:{left // 60 % 60:02}:{left % 60:02} left"


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
