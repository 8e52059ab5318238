"""A summary for the terminal: cards, tables and quotes, at any width, with or without colour.

Every string of the article passes through :func:`make_inert` and is handed over as ``Text``, never as markup,
so that an article can neither colour, move nor rewrite what the reader sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import ROUNDED
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from summarizer.render.facts import (
    UNATTRIBUTED_REASON,
    arm_label,
    damages,
    found_line,
    pointer_label,
    trial_facts,
    trial_title,
)
from summarizer.render.inert import make_inert
from summarizer.render.tables import results_table, shown, table_of
from summarizer.render.words import TRUNCATIONS, words
from summarizer.schemas import Arm, Severity, Summary, TrialRecord

__all__ = ["SummaryView", "print_summary"]

_FRAME = 4
"""Columns that a card's frame takes."""

_SEVERITY_STYLES = {Severity.INFO: "dim", Severity.WARNING: "yellow", Severity.ERROR: "bold red"}


def print_summary(summary: Summary, console: Console, *, text: str | None = None, explain: bool = False) -> None:
    """Print a summary.

    Args:
        summary: What to print.
        console: Where to.
        text: The canonical text, so that places can be told by line and column.
        explain: Also print which passage every value rests on, and which rule read it.
    """
    console.print(SummaryView(summary, text, explain=explain))


class SummaryView:
    """A summary that rich can print."""

    def __init__(self, summary: Summary, text: str | None = None, *, explain: bool = False) -> None:
        self._summary = summary
        self._text = text
        self._explain = explain

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Print every part that is not empty."""
        width = options.max_width
        summary = self._summary
        yield _header(summary)
        for at, trial in enumerate(summary.trials):
            yield _trial_card(trial, at + 1, width)
        if summary.unattributed_results:
            yield _unattributed_card(summary, width)
        yield from _truncations(summary, self._text)
        yield from _flags(summary)
        yield from _rejected(summary)
        if self._explain:
            yield from _evidence(summary)


def _header(summary: Summary) -> RenderableType:
    source, run = summary.source, summary.run
    table = _pairs()
    for label, value in (
        ("Source", source.name or ""),
        ("Published", source.published or ""),
        ("Address", source.url or ""),
        ("Read as", "; ".join(source.notes)),
        ("Engine", f"{run.engine}, {run.model}" if run.model else run.engine),
        ("Found", found_line(summary)),
    ):
        if value:
            table.add_row(shown(label, "dim"), shown(value))
    title = shown(source.title or source.name or "(no title)", "bold")
    return Padding(Group(title, table), (0, 0, 1, 0))


def _trial_card(trial: TrialRecord, number_in_order: int, width: int) -> Panel:
    facts = _pairs()
    for label, value in trial_facts(trial):
        facts.add_row(shown(label, "dim"), shown(value))
    parts: list[RenderableType] = [facts]
    if trial.arms:
        parts.append(_arms_table(trial.arms))
    if trial.results:
        parts.append(results_table(trial.results, width - _FRAME))
    title = shown(f" {trial_title(trial, number_in_order)} ", "bold cyan")
    return Panel(Group(*parts), title=title, title_align="left", box=ROUNDED, padding=(0, 1))


def _unattributed_card(summary: Summary, width: int) -> Panel:
    return Panel(
        Group(
            Text(UNATTRIBUTED_REASON, style="yellow"),
            results_table(summary.unattributed_results, width - _FRAME),
        ),
        title=Text(" UNATTRIBUTED RESULTS ", style="bold yellow"),
        title_align="left",
        border_style="yellow",
        box=ROUNDED,
        padding=(0, 1),
    )


def _pairs() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    return table


def _arms_table(arms: Sequence[Arm]) -> RenderableType:
    sized = any(arm.n is not None for arm in arms)
    table = table_of("Arm", "Role", *(["Patients"] if sized else []))
    for arm in arms:
        cells = [shown(arm_label(arm)), Text(words(arm.role))]
        if sized:
            cells.append(Text("" if arm.n is None else f"{arm.n:,}"))
        table.add_row(*cells)
    return Padding(table, (1, 0, 0, 0))


def _truncations(summary: Summary, text: str | None) -> Iterator[RenderableType]:
    found = damages(summary, text)
    if not found:
        return
    yield Text("\nDamaged passages", style="bold red")
    for damage in found:
        kind = damage.truncation.kind
        said = f"{damage.place or 'place unknown'}: {TRUNCATIONS[kind]} ({kind.value})"
        quote = f"“{make_inert(damage.truncation.text, line_break=' ⏎ ')}”"
        yield Padding(Text(said), (0, 0, 0, 2))
        yield Padding(Text(quote, "red", overflow="fold"), (0, 0, 0, 4))


def _flags(summary: Summary) -> Iterator[RenderableType]:
    # The card of the unattributed results has said this of each of them.
    flags = [flag for flag in summary.flags if flag.code != "trial-unknown"]
    if not flags:
        return
    yield Text("\nTo look at", style="bold")
    for flag in flags:
        line = Text(overflow="fold")
        line.append(flag.severity.value.lower(), _SEVERITY_STYLES[flag.severity])
        line.append(f" {make_inert(pointer_label(summary, flag.pointer))}: {make_inert(flag.message)}")
        line.append(f" [{make_inert(flag.code)}]", "dim")
        yield Padding(line, (0, 0, 0, 2))


def _rejected(summary: Summary) -> Iterator[RenderableType]:
    if not summary.rejected:
        return
    yield Text("\nRejected: claimed, but not supported by the text", style="bold")
    for item in summary.rejected:
        cited = f" (sentence {', '.join(str(at + 1) for at in item.sentences)})" if item.sentences else ""
        line = f"{pointer_label(summary, item.pointer)} = {item.value}: {item.reason}{cited}"
        yield Padding(shown(line), (0, 0, 0, 2))


def _evidence(summary: Summary) -> Iterator[RenderableType]:
    if not summary.evidence:
        return
    yield Text("\nEvidence", style="bold")
    table = table_of("Value", "Support", "Rule", "At", "Passage")
    for pointer, spans in summary.evidence.items():
        for span in spans:
            table.add_row(
                shown(pointer_label(summary, pointer)),
                Text(words(span.support)),
                shown(span.rule or ""),
                Text(f"{span.start}-{span.end}"),
                shown(span.text),
            )
    yield table
