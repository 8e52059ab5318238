"""What came of a batch, as a table at its end."""

from __future__ import annotations

from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from summarizer.batch import BatchReport, Counts
from summarizer.batch.correcting import CorrectionCounts
from summarizer.batch.report import FileCounts, ThisRun
from summarizer.render.inert import make_inert
from summarizer.render.words import count

__all__ = ["print_report"]


def print_report(report: BatchReport, out: Path) -> None:
    """Print what came of a run, for somebody who did not watch it."""
    counts = report.counts
    this_run = report.this_run
    rate = this_run.articles / report.seconds if report.seconds else 0.0
    files = report.files
    rows = [
        ("Files", f"{files.taken:,} of {files.found:,}", _about_files(files)),
        ("Articles", f"{counts.articles:,}", _about_articles(report)),
        ("Trials", f"{counts.trials:,}", ""),
        ("Results", f"{counts.results + counts.unattributed:,}", ""),
        ("  of no known trial", f"{counts.unattributed:,}", ""),
        ("Damaged passages", f"{counts.damaged:,}", _list(counts.truncations)),
        ("Flags", f"{sum(counts.flags.values()):,}", _list(counts.flags)),
        ("Rejected claims", f"{counts.rejected:,}", ""),
        *_correction_rows(report.corrections),
        *_model_rows(counts, this_run),
        ("Failures", f"{counts.failed:,}", _list(counts.failures)),
        ("Not done yet", f"{report.waiting:,}", "run the same command again" if report.waiting else ""),
        ("Seconds", f"{report.seconds:.2f}", f"{rate:.0f} articles a second" if this_run.articles else "nothing to do"),
    ]  # fmt: skip
    table = Table(box=SIMPLE, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for label, number, details in rows:
        style = "bold red" if label == "Failures" and counts.failed else ""
        table.add_row(Text(label, style), Text(number, style), Text(make_inert(details), "dim"))
    console = Console(markup=False, emoji=False, highlight=False)
    console.print(Text(make_inert(_headline(report)), overflow="fold"))
    console.print(table)
    console.print(Text(f"Written to {make_inert(str(out))}", overflow="fold"))


def _headline(report: BatchReport) -> str:
    """The run in two sentences."""
    counts = report.counts
    found = f"{count(counts.trials, 'trial')} and {count(counts.results + counts.unattributed, 'result')}"
    failed = f", {count(counts.failed, 'input')} could not be read" if counts.failed else ""
    spent = (
        ""
        if not counts.calls
        else ", at a cost that is not known"
        if counts.cost is None
        else f", for ${counts.cost:.2f}"
    )
    to_check = [
        said
        for number, said in (
            (counts.damaged, f"{count(counts.damaged, 'passage')} of damaged text"),
            (counts.unattributed, f"{count(counts.unattributed, 'result')} of no known trial"),
            (sum(counts.flags.values()), f"{count(sum(counts.flags.values()), 'flag')}"),
        )
        if number
    ]
    look = f" To look at: {', '.join(to_check)}." if to_check else ""
    return f"{count(counts.articles, 'article')} gave {found}{failed}{spent}.{look}"


def _about_files(files: FileCounts) -> str:
    """What is worth saying of the files."""
    said = [
        f"{number:,} {what}"
        for number, what in (
            (files.new if files.unchanged or files.changed else 0, "new"),
            (files.changed, "changed"),
            (files.unchanged, "unchanged"),
            (files.removed, "removed since the last run"),
        )
        if number
    ]
    ignored = _list(files.ignored, "ignored")
    return "; ".join(filter(None, (", ".join(said), ignored)))


def _about_articles(report: BatchReport) -> str:
    """What is worth saying of the articles."""
    before = report.counts.articles - report.this_run.articles
    said = [
        f"{before:,} done before" if before > 0 else "",
        f"{report.duplicates:,} with the text of another one, read once" if report.duplicates else "",
        "stopped at the limit" if report.stopped_at_limit else "",
    ]
    return ", ".join(filter(None, said))


def _correction_rows(corrections: CorrectionCounts | None) -> list[tuple[str, str, str]]:
    """What became of people's corrections; nothing where none were given."""
    if corrections is None:
        return []
    left_out = {
        "do not fit": corrections.unfit,
        "in conflict": corrections.conflicting,
        "of other articles": corrections.elsewhere,
    }
    details = _list({what: number for what, number in left_out.items() if number}, "left out")
    return [("Corrections", f"{corrections.applied:,}", details)]


def _model_rows(counts: Counts, this_run: ThisRun) -> list[tuple[str, str, str]]:
    """What the calls to a model took; nothing for the rules."""
    if not counts.calls and not counts.cached:
        return []
    tokens = counts.tokens
    cost = "unknown" if counts.cost is None else f"${counts.cost:.4f}"
    return [
        ("Calls to the model", f"{counts.calls:,}", f"{counts.retries:,} gave no usable answer"),
        ("From the cache", f"{counts.cached:,}", "articles"),
        *_limit_rows(this_run),
        ("Tokens in", f"{tokens['input']:,}", f"{tokens['cached']:,} cached by the provider"),
        ("Tokens out", f"{tokens['output']:,}", ""),
        ("Cost", cost, "no price is known for the model" if counts.cost is None else ""),
    ]


def _limit_rows(this_run: ThisRun) -> list[tuple[str, str, str]]:
    """What held this run's calls back; nothing where nothing did."""
    rows: list[tuple[str, str, str]] = []
    if this_run.rate_limited or this_run.paced_seconds >= 1:
        rows.append(
            ("Turned away (429)", f"{this_run.rate_limited:,}", f"held back for {this_run.paced_seconds:,.0f} s")
        )
    if this_run.outages:
        rows.append(("Outages", f"{this_run.outages:,}", "the model did not answer for a while"))
    return rows


def _list(counts: dict[str, int], prefix: str = "") -> str:
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    said = ", ".join(f"{number:,} {name}" for name, number in most_first)
    return f"{prefix}: {said}" if said and prefix else said
