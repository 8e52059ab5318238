"""``summarizer batch``: a folder, and how it went."""

from __future__ import annotations

import json
import signal
from collections.abc import Generator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from summarizer.batch import BatchOptions, BatchProgress, BatchReport, iterate_inputs, run_batch
from summarizer.batch.correcting import LEFT_OUT
from summarizer.cli.closing import print_report
from summarizer.cli.planning import show_estimate
from summarizer.cli.progress import Voice, say_event, show_progress
from summarizer.cli.speech import say, say_engine
from summarizer.pipeline import Summarizer
from summarizer.render.words import count
from summarizer.settings import EngineChoice, Settings, resolve_engine

__all__ = ["ended_like_ctrl_c", "plan_folder", "say_failures", "summarize_folder"]

ALL_DONE, SOME_FAILED, STOPPED = 0, 1, 130
SHOWN_FAILURES = 5


def summarize_folder(folder: Path, out: Path, options: BatchOptions, settings: Settings, voice: Voice) -> int:
    """Run a batch and say how it went.

    Returns:
        The exit status: 0 all done, 1 some input failed or waits, 130 stopped by Ctrl-C or by a request to end.
    """
    _say_start(resolve_engine(settings), voice)
    last = BatchProgress()

    def note(progress: BatchProgress) -> None:
        nonlocal last
        last = progress
        show(progress)

    try:
        with ended_like_ctrl_c(), show_progress(voice) as show:
            report = run_batch(folder, out, options=options, settings=settings, progress=note, notify=say)
    except KeyboardInterrupt:
        read = count(last.articles, "article")
        say(f"summarizer: stopped after {read}; what is done is kept, run the same command again to go on")
        return STOPPED
    match voice:
        case Voice.PLAIN:
            print_report(report, out)
        case Voice.JSON:
            say_event("done", **report.as_json())
        case Voice.QUIET:
            pass
    if voice is not Voice.JSON:
        _say_what_is_left(report, out)
    return SOME_FAILED if report.counts.failed or report.waiting or report.stopped else ALL_DONE


def _say_start(choice: EngineChoice, voice: Voice) -> None:
    match voice:
        case Voice.PLAIN:
            say_engine(choice)
        case Voice.JSON:
            say_event("start", engine=choice.engine, reason=choice.reason)
        case Voice.QUIET:
            pass


def plan_folder(folder: Path, out: Path, options: BatchOptions, settings: Settings) -> None:
    """Say about what a batch would send to a model and what that would cost."""
    summarizer = Summarizer(settings, notify=say)
    say_engine(summarizer.choice)
    show_estimate(summarizer, iterate_inputs(folder, out, options))


@contextmanager
def ended_like_ctrl_c() -> Generator[None, None, None]:
    """Let a polite request to end (SIGTERM) clean up as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say_what_is_left(report: BatchReport, out: Path) -> None:
    """Say why a run is not all done, on stderr."""
    if report.counts.failed:
        say_failures(report, out)
    if report.corrections and report.corrections.left_out:
        number = count(report.corrections.left_out, "correction")
        say(f"left out: {number}; which and why is in {out / LEFT_OUT}")
    if report.stopped:
        say(f"stopped: {report.stopped}")
    if report.waiting or report.stopped:
        say(f"not done yet: {count(report.waiting, 'article')}; run the same command again")


def say_failures(report: BatchReport, out: Path) -> None:
    """Say which inputs failed, the first ones by name, on stderr."""
    path = out / "failures.jsonl"
    with path.open(encoding="utf-8") as lines:
        for line in islice(lines, SHOWN_FAILURES):
            failure = json.loads(line)
            advice = f"; {failure['advice']}" if failure["advice"] else ""
            say(f"failed: {failure['place']}: {failure['reason']}{advice}")
    more = report.counts.failed - SHOWN_FAILURES
    if more > 0:
        say(f"failed: {more:,} more, all in {path}")
