"""Results as a table that fits: columns merge, then rows become sentences, before a number is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from summarizer.render.facts import ResultRow, result_line, result_row
from summarizer.render.inert import make_inert
from summarizer.schemas import Result

__all__ = ["results_table", "shown", "table_of"]

_GAP = 2
"""Blanks between columns."""
_NARROWEST = 12
"""Columns below which words would be broken."""


def shown(text: str, style: str = "") -> Text:
    """Text of the article, inert, for rich; it is broken where it must be and never cut off."""
    return Text(make_inert(text), style=style, overflow="fold")


def table_of(*titles: str) -> Table:
    """An empty table in the style of the view."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), collapse_padding=True, pad_edge=False, show_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold", header_style="dim")
    return table


def results_table(results: Sequence[Result], width: int) -> RenderableType:
    """Results, one row each: as a table where that fits into the width, else as sentences."""
    rows = [result_row(result) for result in results]
    for columns in (_separate_columns(rows), _merged_columns(rows)):
        filled = [column for column in columns if any(column.cells)]
        if sum(column.needed + _GAP for column in filled) + len(f"{len(rows)}") <= width:
            return Padding(_table(filled, len(rows)), (1, 0, 0, 0))
    lines = (shown(f"{at + 1}. {result_line(row)}") for at, row in enumerate(rows))
    return Padding(Group(*lines), (1, 0, 0, 0))


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    cells: list[str]
    is_number: bool = False

    @property
    def needed(self) -> int:
        """Width below which a number, or too many words, would be broken."""
        longest = max(cell_len(make_inert(cell)) for cell in (self.title, *self.cells))
        return longest if self.is_number else min(longest, _NARROWEST)


def _table(columns: Sequence[_Column], count: int) -> Table:
    table = table_of("#", *(column.title for column in columns))
    table.columns[0].no_wrap = True
    for made, column in zip(table.columns[1:], columns, strict=True):
        made.no_wrap = column.is_number
        made.min_width = column.needed
    for at in range(count):
        table.add_row(Text(str(at + 1), "dim"), *(shown(column.cells[at]) for column in columns))
    return table


def _separate_columns(rows: Sequence[ResultRow]) -> list[_Column]:
    return [
        _Column("Endpoint", [row.endpoint for row in rows]),
        _Column("Statistic", [row.statistic for row in rows]),
        *_number_columns(rows),
        _Column("Arm", [row.arm for row in rows]),
        _Column("Time", [row.timepoint for row in rows]),
        _Column("Subgroup", [row.subgroup for row in rows]),
        _Column("Analysis", [row.analysis for row in rows]),
    ]


def _merged_columns(rows: Sequence[ResultRow]) -> list[_Column]:
    return [
        _Column("Result", [f"{row.endpoint} {row.statistic}".strip() for row in rows]),
        *_number_columns(rows),
        _Column("Arm; time; subgroup", [row.where for row in rows]),
    ]


def _number_columns(rows: Sequence[ResultRow]) -> list[_Column]:
    levels = {row.interval_level for row in rows if row.interval}
    one_level = len(levels) == 1
    return [
        _Column("Value", [row.value for row in rows], is_number=True),
        _Column(
            f"{levels.pop()} CI".strip() if one_level else "CI",
            [row.interval if one_level else row.interval_with_level for row in rows],
            is_number=True,
        ),
        _Column("P", [row.p_value for row in rows], is_number=True),
        _Column("n/N", [row.counts for row in rows], is_number=True),
    ]
