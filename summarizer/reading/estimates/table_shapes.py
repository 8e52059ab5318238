"""Where tables stand in a text: rows of cells between pipes, and tables flattened to one cell a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.reading.blocks import Block
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class Table:
    """A table: header cells, then rows; each row is (label, cells)."""

    header: tuple[TextSpan, ...]
    rows: tuple[tuple[TextSpan, ...], ...]
    blocks: tuple[int, ...]
    row_blocks: tuple[int, ...]
    """Block index of each row's label."""


_NUMERIC_CELL = re.compile(
    r"\s*(?:[-+<>\u2264\u2265~]?\s?\d[\d,.]*(?:\s?%|\s?(?:months?|mo|mg|mm ?Hg|weeks?|days?|years?|points?|kg|U)"
    r"\b)?\s*(?:$|[\(\[\d/,;]|vs\b|of\b|to\b|-)|NR\b|NE\b|NA\b|[Nn]ot (?:yet )?(?:reached|estimable)|-+\s*$|\u2014"
    r"|$)"
)


_LONGEST_CELL = 70


_HEADER_WORD = re.compile(
    r"\b(?:n ?= ?\d|endpoint|outcome|end point|arm|group|hazard ratio|HR|placebo|control|measure|parameter|variable"
    r"|P value)\b",
    re.IGNORECASE,
)


def _cells(folded: str, block: Block) -> tuple[TextSpan, ...]:
    spans: list[TextSpan] = []
    start = block.start
    text = folded[block.start : block.end]
    inner = text.strip("|")
    offset = start + text.index(inner) if inner else start
    for cell in inner.split("|"):
        stripped = cell.strip()
        low = offset + (len(cell) - len(cell.lstrip()) if stripped else 0)
        spans.append(TextSpan(low, low + len(stripped)))
        offset += len(cell) + 1
    return tuple(spans)


def pipe_tables(folded: str, blocks: Sequence[Block]) -> list[Table]:
    """Tables whose rows are lines of cells between pipes."""
    tables: list[Table] = []
    index = 0
    while index < len(blocks):
        if folded.count("|", blocks[index].start, blocks[index].end) < 2:
            index += 1
            continue
        stop = index
        while stop < len(blocks) and folded.count("|", blocks[stop].start, blocks[stop].end) >= 2:
            stop += 1
        rows = [(place, _cells(folded, blocks[place])) for place in range(index, stop)]
        rows = [row for row in rows if not all(re.fullmatch(r":?-+:?|", cell.of(folded)) for cell in row[1])]
        if len(rows) >= 2:
            body = rows[1:]
            tables.append(
                Table(
                    rows[0][1],
                    tuple(cells for _, cells in body),
                    tuple(range(index, stop)),
                    tuple(at for at, _ in body),
                )
            )
        index = stop
    return tables


def flattened_tables(folded: str, blocks: Sequence[Block]) -> list[Table]:
    """Tables that lost their shape: one cell a line, told by header words and runs of numeric cells."""
    tables: list[Table] = []
    index = 1
    while index < len(blocks):
        if not _is_cell(blocks[index]):
            index += 1
            continue
        table = _flattened_at(folded, blocks, index)
        if table is None:
            index += 1
        else:
            tables.append(table)
            index = table.blocks[-1] + 1
    return tables


def _is_cell(block: Block) -> bool:
    return block.end - block.start <= _LONGEST_CELL


def _is_numeric(folded: str, block: Block) -> bool:
    return _is_cell(block) and _NUMERIC_CELL.match(folded[block.start : block.end]) is not None


def _flattened_at(folded: str, blocks: Sequence[Block], first_number: int) -> Table | None:
    """The flattened table whose first numeric cell is ``blocks[first_number]``."""
    if not _is_numeric(folded, blocks[first_number]) or _is_numeric(folded, blocks[first_number - 1]):
        return None
    stop = first_number
    while stop < len(blocks) and _is_numeric(folded, blocks[stop]):
        stop += 1
    width = stop - first_number + 1
    label = first_number - 1
    head = label - width
    if (width < 3 and not (width == 2 and head >= 0)) or head < 0 or not _is_cell(blocks[label]):
        return None
    header = blocks[head:label]
    if not all(_is_cell(cell) and not _is_numeric(folded, cell) for cell in header):
        return None
    if not any(_HEADER_WORD.search(folded, cell.start, cell.end) for cell in header):
        return None
    rows: list[int] = []
    at = label
    while at + width <= len(blocks) and _is_cell(blocks[at]) and not _is_numeric(folded, blocks[at]):
        cells = blocks[at + 1 : at + width]
        if not all(_is_numeric(folded, cell) for cell in cells):
            break
        rows.append(at)
        at += width
    if len(rows) < 2:
        return None
    spans = [TextSpan(block.start, block.end) for block in blocks]
    return Table(
        tuple(spans[head:label]),
        tuple(tuple(spans[row : row + width]) for row in rows),
        tuple(range(head, at)),
        tuple(rows),
    )
