"""What ``batch submit``, ``batch status`` and ``batch collect`` say."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from summarizer.batch import BatchOptions, BatchProgress, iterate_inputs
from summarizer.batch.provider import BatchState, ProviderOptions, ProviderReport, collect_batch, read_status
from summarizer.batch.provider.client import RecordedClient
from summarizer.batch.provider.endpoint import provider_of
from summarizer.batch.provider.receiving import ENDED
from summarizer.batch.provider.rounds import submit_batch
from summarizer.cli.closing import print_report
from summarizer.cli.folder import ended_like_ctrl_c, say_failures
from summarizer.cli.planning import show_estimate
from summarizer.cli.progress import Voice, show_progress
from summarizer.cli.speech import say, say_engine
from summarizer.pipeline import Summarizer
from summarizer.render.inert import make_inert
from summarizer.render.words import count
from summarizer.settings import Settings, resolve_engine

__all__ = ["collect_folder", "plan_submission", "show_status", "submit_folder"]

ALL_DONE, NOT_ALL, STOPPED = 0, 1, 130


def submit_folder(folder: Path, out: Path, options: BatchOptions, settings: Settings, *, is_quiet: bool) -> int:
    """Submit a folder and say what was sent.

    Returns:
        The exit status: 0 all is sent, 1 some input failed or the limit was reached, 130 stopped.
    """
    if not is_quiet:
        say_engine(resolve_engine(settings))

    def work(show: Callable[[BatchProgress], None]) -> ProviderReport:
        asked = ProviderOptions(batch=options)
        return submit_batch(folder, out, options=asked, settings=settings, progress=show, notify=say)

    report = _watched(work, is_quiet=is_quiet)
    if report is None:
        return STOPPED
    _say_failures(report, out)
    if not is_quiet:
        _print(_sent(report, "sent"), _articles(report), *_next_steps(report, out))
    return NOT_ALL if report.articles.failed or not report.is_whole else ALL_DONE


def collect_folder(out: Path, options: BatchOptions, settings: Settings, *, resubmit: bool, is_quiet: bool) -> int:
    """Collect what was submitted and say what came of it.

    Returns:
        The exit status: 0 all articles are done, 1 some failed or wait, 130 stopped.
    """

    def work(show: Callable[[BatchProgress], None]) -> ProviderReport:
        asked = ProviderOptions(batch=options, resubmit=resubmit)
        return collect_batch(out, options=asked, settings=settings, progress=show, notify=say)

    report = _watched(work, is_quiet=is_quiet)
    if report is None:
        return STOPPED
    if not is_quiet:
        if report.run is not None:
            print_report(report.run, out)
        _print(_received(report), _sent(report, "of a further round sent"), *_next_steps(report, out))
    _say_failures(report, out)
    articles = report.articles
    return NOT_ALL if articles.failed or articles.waiting or not report.is_whole else ALL_DONE


def show_status(out: Path, settings: Settings) -> int:
    """Show how far the provider is.

    Returns:
        The exit status: 0 all articles are done, 1 some wait.
    """
    report = read_status(out, settings=settings)
    table = Table(box=SIMPLE, pad_edge=False)
    for name in ("Batch", "Status", "Created (UTC)"):
        table.add_column(name, no_wrap=True)
    for name in ("Requests", "Done", "Failed"):
        table.add_column(name, justify="right")
    table.add_column("", overflow="fold")
    for batch in report.batches:
        table.add_row(*(Text(make_inert(cell)) for cell in _cells(batch)))
    _console().print(table)
    sent, done, failed = (
        sum(numbers) for numbers in zip(*((b.requests, b.completed, b.failed) for b in report.batches), strict=True)
    ) if report.batches else (0, 0, 0)  # fmt: skip
    requests = f"{count(sent, 'request')} sent, {done:,} done, {failed:,} failed"
    _print(_articles(report), f"{requests}.", *_next_steps(report, out))
    return NOT_ALL if report.articles.waiting or not report.is_whole else ALL_DONE


def plan_submission(folder: Path, out: Path, options: BatchOptions, settings: Settings) -> None:
    """Say about what would be sent at first, and what that would cost."""
    summarizer = Summarizer(settings, RecordedClient(provider_of(settings)), say)
    say_engine(summarizer.choice)
    show_estimate(summarizer, iterate_inputs(folder, out, options))


def _watched(
    work: Callable[[Callable[[BatchProgress], None]], ProviderReport], *, is_quiet: bool
) -> ProviderReport | None:
    """Do something with a display; None when it was stopped."""
    try:
        with ended_like_ctrl_c(), show_progress(Voice.QUIET if is_quiet else Voice.PLAIN) as show:
            return work(show)
    except KeyboardInterrupt:
        say("summarizer: stopped; nothing is lost or sent twice, run the same command again to go on")
        return None


def _say_failures(report: ProviderReport, out: Path) -> None:
    if report.run is not None and report.run.counts.failed:
        say_failures(report.run, out)
    if report.limit_reached:
        say(f"not everything was sent: {report.limit_reached}")


def _cells(batch: BatchState) -> tuple[str, ...]:
    created = None if batch.created is None else datetime.fromtimestamp(batch.created, UTC)
    return (
        batch.batch or "none yet",
        f"{batch.status or 'being sent'}{', collected' if batch.state == 'collected' else ''}",
        "" if created is None else f"{created:%Y-%m-%d %H:%M}",
        f"{batch.requests:,}",
        f"{batch.completed:,}",
        f"{batch.failed:,}",
        batch.note or "",
    )


def _articles(report: ProviderReport) -> str:
    articles = report.articles
    return f"{count(articles.done, 'article')} done, {articles.waiting:,} waiting, {articles.failed:,} failed."


def _sent(report: ProviderReport, how: str) -> str:
    sent = report.sent
    if not sent.requests:
        return ""
    return f"{count(sent.requests, 'request')} {how}, as {count(sent.batches, 'batch', 'batches')}."


def _received(report: ProviderReport) -> str:
    received = report.received
    if received is None or not received.batches:
        is_under_way = any(batch.state != "collected" for batch in report.batches)
        return "No batch has ended since the last look." if is_under_way else ""
    parts = [f"{count(received.answers, 'answer')} taken in from {count(received.batches, 'batch', 'batches')}"]
    if received.rejections:
        parts.append(f"{count(received.rejections, 'request')} not taken by the provider as they were")
    if received.again:
        parts.append(f"{count(received.again, 'request')} not done by the provider")
    if received.given_up:
        parts.append(f"{count(received.given_up, 'request')} given up after too many tries")
    return f"{', '.join(parts)}."


def _next_steps(report: ProviderReport, out: Path) -> list[str]:
    """What the user may do now."""
    said: list[str] = []
    name = shlex.quote(str(out))
    is_under_way = [batch for batch in report.batches if batch.state != "collected"]
    ended = [batch for batch in is_under_way if batch.status in ENDED]
    if ended:
        batches = count(len(ended), "batch has", "batches have")
        said.append(f"{batches} ended: 'summarizer batch collect {name}' takes in the answers.")
    elif is_under_way:
        said.append(
            f"Next: 'summarizer batch status {name}' tells how far the provider is; within a day "
            f"'summarizer batch collect {name}' takes in the answers."
        )
    if report.sent.held_back:
        said.append(
            f"{count(report.to_send, 'request')} held back: the provider lets only so many tokens wait. 'summarizer "
            f"batch collect {name}' sends them when there is room."
        )
    elif report.to_send:
        said.append(f"{count(report.to_send, 'request')} to be sent: 'summarizer batch collect {name}' does it.")
    if not report.is_whole:
        said.append("The submission did not come to the end of the folder: 'summarizer batch submit' goes on.")
    elif report.articles.waiting and not is_under_way and not report.to_send:
        said.append("What waits was not submitted: 'summarizer batch submit' sends it.")
    return said


def _print(*lines: str) -> None:
    console = _console()
    for line in filter(None, lines):
        console.print(Text(make_inert(line)), soft_wrap=True)


def _console() -> Console:
    return Console(markup=False, emoji=False, highlight=False)
