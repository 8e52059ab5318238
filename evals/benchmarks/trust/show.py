"""Figures as tables for a terminal, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.table import Table as Grid

from summarizer.errors import ConfigurationError
from summarizer.render.inert import make_inert

from .figures import LEVEL, Bound, Figures, Share, Table, as_record

FIRST_MARK, LAST_MARK = "<!-- trust: made by summarizer bench trust --readme -->", "<!-- /trust -->"


def inert(line: str) -> str:
    """A line that holds words of articles, harmless to show."""
    return make_inert(line)


def percent(share: float) -> str:
    """A share as a percentage that never rounds something to nothing or to all."""
    if share in {0.0, 1.0}:
        return f"{100 * share:.0f} %"
    shown = f"{100 * share:.1f}"
    if shown in {"0.0", "100.0"}:
        shown = f"{100 * share:.3f}"
    return f"{shown} %"


def cells(row: Share) -> list[str]:
    """One row: name, count, share, interval, target."""
    low, high = row.interval()
    target = "" if row.target is None else f"{row.target}{'' if row.is_met else ': MISSED'}"
    return [row.name, f"{row.hits:,} of {row.of:,}", percent(row.share), f"{percent(low)} to {percent(high)}", target]


HEADS = ("", "count", "share", f"{LEVEL:.0%} interval", "target")


def as_grid(table: Table) -> Grid:
    """A table for a terminal."""
    grid = Grid(*HEADS, title=table.title, title_justify="left", caption=table.note or None, caption_justify="left")
    for row in table.rows:
        grid.add_row(*cells(row))
    return grid


def as_markdown(table: Table) -> str:
    """A table in Markdown."""
    lines = [HEADS, ("---",) * len(HEADS), *map(cells, table.rows)]
    return "\n".join([f"**{table.title}**", "", *(f"| {' | '.join(line)} |" for line in lines)])


def as_json(found: Sequence[Figures]) -> str:
    """All figures as JSON."""
    return json.dumps([_record(figures) for figures in found], indent=1, ensure_ascii=False) + "\n"


def _record(figures: Figures) -> dict[str, object]:
    return {
        "section": figures.section,
        "seconds": round(figures.seconds, 1),
        "versions": figures.versions,
        "tables": [_table_record(table) for table in figures.tables],
        "compared": [_table_record(table) for table in figures.compared],
        "examples": figures.examples,
    }


def _table_record(table: Table) -> dict[str, object]:
    return {"title": table.title, "note": table.note, "rows": [as_record(row) for row in table.rows]}


def missed_lines(found: Sequence[Figures]) -> Iterator[str]:
    """Every target that was missed, in words."""
    for figures in found:
        for table, row in figures.missed:
            yield f"{figures.section}: {table.title}: {row.name}: {percent(row.share)}, wanted {row.target}"


# --------------------------------------------------------------------------------------------------- README


def require_marks(path: Path) -> tuple[str, str]:
    """What stands before and behind the tables in a file.

    Raises:
        ConfigurationError: if the file can't be read or has no marks.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}", "name a Markdown file") from error
    before, first, rest = text.partition(FIRST_MARK)
    _, last, behind = rest.partition(LAST_MARK)
    if not first or not last:
        raise ConfigurationError(f"{path} has no place for the tables", f"put in {FIRST_MARK} and {LAST_MARK}")
    return before, behind


def write_between_marks(path: Path, found: Sequence[Figures]) -> None:
    """Write what was wanted and found, and the comparison with the peers, into a Markdown file.

    Raises:
        ConfigurationError: if the file has no marks.
    """
    before, behind = require_marks(path)
    blocks = [FIRST_MARK, _targets(found), *(_side_by_side(figures) for figures in found if figures.compared)]
    text = "\n\n".join(blocks) + f"\n\n{LAST_MARK}"
    path.write_text(before + text + behind, encoding="utf-8", newline="\n")


def _targets(found: Sequence[Figures]) -> str:
    """One line for each table: its sum, else the row that is nearest to missing its target."""
    lines = ["| measure | count | share | 95 % interval | wanted |", "| --- | --- | --- | --- | --- |"]
    for figures in found:
        for table in figures.tables:
            row = _main_row(table)
            if row is not None:
                name, *rest = cells(row)
                what = table.title if is_sum(row) else f"{table.title}: worst: {name}"
                lines.append(f"| {what} | {' | '.join(rest)} |")
    return "\n".join(lines)


def is_sum(row: Share) -> bool:
    """True for the row that sums a table up."""
    return row.name == "all" or row.name.startswith("all ")


def _main_row(table: Table) -> Share | None:
    sums = [row for row in table.rows if is_sum(row)]
    if sums:
        return sums[-1]
    wanted = [row for row in table.rows if row.target is not None]
    return min(wanted, key=_margin, default=None)


def _margin(row: Share) -> float:
    """How far a share is on the right side of its target."""
    if row.target is None:
        return 1.0
    away = row.share - row.target.share
    return away if row.target.bound is Bound.AT_LEAST else -away


def _side_by_side(figures: Figures) -> str:
    """One column for each program that was measured, one row for each measure."""
    judges = [row.name for row in figures.compared[0].rows]
    lines = [f"| the same claims | {' | '.join(judges)} |", "| --- |" + " --- |" * len(judges)]
    lines += [
        f"| {table.title} | {' | '.join(f'{row.hits:,} of {row.of:,} ({percent(row.share)})' for row in table.rows)} |"
        for table in figures.compared
    ]
    releases = ", ".join(f"{name} {version}" for name, version in sorted(figures.versions.items()))
    return "\n".join([*lines, "", f"Releases compared: {releases}."])
