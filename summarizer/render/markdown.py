"""A summary as Markdown (GitHub's dialect), every string of the article inert."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.render.facts import (
    UNATTRIBUTED_REASON,
    arm_label,
    damages,
    found_line,
    pointer_label,
    result_row,
    trial_facts,
    trial_title,
)
from summarizer.render.inert import make_inert_markdown as md
from summarizer.render.words import TRUNCATIONS, words
from summarizer.schemas import Arm, Result, Summary, TrialRecord

__all__ = ["render_markdown"]


def render_markdown(summary: Summary, *, text: str | None = None, explain: bool = False) -> str:
    """A summary as a Markdown document.

    Args:
        summary: What to render.
        text: The canonical text, so that places can be told by line and column.
        explain: Also give the passage that every value rests on.
    """
    blocks = [*_header(summary)]
    for at, trial in enumerate(summary.trials):
        blocks += _trial(trial, at + 1)
    if summary.unattributed_results:
        blocks += ["## Unattributed results", UNATTRIBUTED_REASON, _results(summary.unattributed_results)]
    blocks += _truncations(summary, text)
    blocks += _notes(summary)
    if explain:
        blocks += _evidence(summary)
    return "\n\n".join(blocks) + "\n"


def _header(summary: Summary) -> Iterator[str]:
    source, run = summary.source, summary.run
    yield f"# {md(source.title or source.name or '(no title)')}"
    facts = [
        ("Source", source.name or ""),
        ("Published", source.published or ""),
        ("Address", source.url or ""),
        ("Read as", "; ".join(source.notes)),
        ("Engine", f"{run.engine}, {run.model}" if run.model else run.engine),
        ("Found", found_line(summary)),
    ]
    yield _list(facts)


def _trial(trial: TrialRecord, number_in_order: int) -> Iterator[str]:
    yield f"## {md(trial_title(trial, number_in_order))}"
    yield _list(trial_facts(trial))
    if trial.arms:
        yield _arms(trial.arms)
    if trial.results:
        yield _results(trial.results)


def _list(facts: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"- {label}: {md(value)}" for label, value in facts if value)


def _arms(arms: Sequence[Arm]) -> str:
    rows = [(arm_label(arm), words(arm.role), "" if arm.n is None else f"{arm.n:,}") for arm in arms]
    return _table(("Arm", "Role", "Patients"), rows)


def _results(results: Sequence[Result]) -> str:
    rows = [result_row(result) for result in results]
    cells = [
        (
            str(at + 1),
            row.endpoint,
            row.statistic,
            row.value,
            row.interval_with_level,
            row.p_value,
            row.counts,
            row.arm,
            row.timepoint,
            row.subgroup,
            row.analysis,
        )
        for at, row in enumerate(rows)
    ]
    titles = ("#", "Endpoint", "Statistic", "Value", "CI", "P", "n/N", "Arm", "Time", "Subgroup", "Analysis")
    return _table(titles, cells)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table without its empty columns."""
    kept = [at for at in range(len(titles)) if any(row[at] for row in rows)]
    lines = [
        [md(titles[at]) for at in kept],
        ["---"] * len(kept),
        *([md(row[at]) for at in kept] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _truncations(summary: Summary, text: str | None) -> Iterator[str]:
    found = damages(summary, text)
    if not found:
        return
    yield "## Damaged passages"
    for damage in found:
        kind = damage.truncation.kind
        yield f"{md(damage.place or 'place unknown')}: {TRUNCATIONS[kind]} ({md(kind.value)})"
        yield f"> {md(damage.truncation.text)}"


def _notes(summary: Summary) -> Iterator[str]:
    if summary.flags:
        yield "## To look at"
        yield "\n".join(
            f"- {words(flag.severity)}: {md(pointer_label(summary, flag.pointer))}: {md(flag.message)}"
            f" ({md(flag.code)})"
            for flag in summary.flags
        )
    if summary.rejected:
        yield "## Rejected"
        yield "Claimed, but not supported by the text."
        yield "\n".join(
            f"- {md(pointer_label(summary, item.pointer))} = {md(item.value)}: {md(item.reason)}"
            for item in summary.rejected
        )


def _evidence(summary: Summary) -> Iterator[str]:
    rows = [
        (
            pointer_label(summary, pointer),
            words(span.support),
            span.rule or "",
            f"{span.start}-{span.end}",
            span.text,
        )
        for pointer, spans in summary.evidence.items()
        for span in spans
    ]
    if rows:
        yield "## Evidence"
        yield _table(("Value", "Support", "Rule", "Characters", "Passage"), rows)
