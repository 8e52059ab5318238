"""Text blocks of a page in reading order: paragraphs, headings, list items, table rows.

Expects a tree without inline markup (see `tree.dissolve`). The walk is a loop over events, not a recursion,
and looks at each element once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from summarizer.loading.html.tags import BLOCKS
from summarizer.loading.html.tree import Element, flow_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Block", "BlockKind", "read_blocks", "render"]


class BlockKind(StrEnum):
    """What a block was in the page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text."""

    kind: BlockKind
    text: str
    element: Element
    """The block element that holds the text directly."""
    lead: str = ""
    """Indentation and bullet or number of a list item."""


_SPACES = re.compile("[ \t\n\r\f]+")
# A browser shows nothing for these; within a word they would keep it from being found.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_AROUND_BREAK = re.compile(" *\n *")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
# A table with longer cells was made to place things on the page.
_LONGEST_CELL = 600
_LONGEST_PARAGRAPHS = 200
_WIDEST_SPAN = 50


def read_blocks(root: Element) -> list[Block]:
    """Return the blocks under an element, in reading order."""
    return list(_Walk(root).run())


@dataclass
class _Walk:
    root: Element
    flow: list[str] = field(default_factory=list[str])
    """Text of the current line so far."""
    stack: list[Element] = field(default_factory=list[Element])
    """Block elements around the current place."""
    numbers: list[int | None] = field(default_factory=list[int | None])
    """Per open list: the number of its last item, or None for bullets."""
    lead: str = ""
    """What the next block of a list item begins with."""
    pre: int = 0
    """How many `pre` elements are open."""

    def run(self) -> Iterator[Block]:
        iterwalk: Any = import_module("lxml.etree").iterwalk
        walk: Any = iterwalk(self.root, events=("start", "end"))
        tables: list[Element] = []  # at most one: those inside a table of data are not walked
        for event, element in walk:
            if event == "start" and element.tag == "table" and _is_data(element):
                yield from self._flush()
                yield from _table_blocks(element)
                tables.append(element)
                walk.skip_subtree()
            elif event == "start":
                yield from self._enter(element)
            elif element in tables:
                tables.clear()
                self._add(element.tail if element is not self.root else None)
            else:
                yield from self._leave(element)
        yield from self._flush()

    def _enter(self, element: Element) -> Iterator[Block]:
        if element.tag == "br":
            self.flow.append("\n")
        elif element.tag in BLOCKS:
            yield from self._flush()
            self.stack.append(element)
            if element.tag in {"ul", "ol"}:
                self.numbers.append(_first_number(element) - 1 if element.tag == "ol" else None)
            elif element.tag == "li":
                self._begin_item()
            self.pre += element.tag == "pre"
        self._add(element.text)

    def _leave(self, element: Element) -> Iterator[Block]:
        if element.tag in BLOCKS:
            yield from self._flush()
            self.stack.pop()
            if element.tag in {"ul", "ol"}:
                self.numbers.pop()
            elif element.tag == "li":
                self.lead = ""
            self.pre -= element.tag == "pre"
        if element is not self.root:
            self._add(element.tail)

    def _begin_item(self) -> None:
        bullet = "- "
        if self.numbers and (last := self.numbers[-1]) is not None:
            self.numbers[-1] = last + 1
            bullet = f"{last + 1}. "
        self.lead = "  " * max(0, len(self.numbers) - 1) + bullet

    def _add(self, text: str | None) -> None:
        if text:
            text = _INVISIBLE.sub("", text)
            self.flow.append(text if self.pre else _SPACES.sub(" ", text))

    def _flush(self) -> Iterator[Block]:
        if not self.flow:
            return
        text = "".join(self.flow)
        self.flow.clear()
        if not self.pre:
            text = _AROUND_BREAK.sub("\n", re.sub("  +", " ", text))
        for part in re.split("\n{2,}", text.strip("\n") if self.pre else text.strip(" \n")):
            if part.strip():
                yield self._block(part)

    def _block(self, text: str) -> Block:
        element = self.stack[-1] if self.stack else self.root
        if self.numbers:
            lead = self.lead or "  " * len(self.numbers)
            self.lead = ""
            return Block(BlockKind.ITEM, text, element, lead)
        kind = BlockKind.HEADING if element.tag in _HEADINGS else BlockKind.PARAGRAPH
        return Block(kind, text, element)


def _first_number(listing: Element) -> int:
    start = listing.get("start", "1")
    return int(start) if re.fullmatch("-?[0-9]{1,9}", start) else 1


def _is_data(table: Element) -> bool:
    """Whether a table holds data; older pages use tables to place their columns."""
    tables = table.iter("table")
    if next(tables) is table and next(tables, None) is not None:
        return False
    cells = list(table.iter("td", "th"))
    is_grid = len(cells) > 1
    return is_grid and not any(_is_column(cell) for cell in cells)


def _is_column(cell: Element) -> bool:
    """Whether a cell is a column of the page: long, or paragraphs of some length."""
    size = len(cell.text_content())
    return size > _LONGEST_CELL or (size > _LONGEST_PARAGRAPHS and sum(1 for _ in cell.iter("p", "div")) > 1)


def _table_blocks(table: Element) -> Iterator[Block]:
    for caption in table.iter("caption"):
        if text := flow_text(caption):
            yield Block(BlockKind.PARAGRAPH, text, caption)
    rows = [line for cells in _grid(table) if (line := " | ".join(cells).strip()).strip(" |")]
    if rows:
        yield Block(BlockKind.TABLE, "\n".join(rows), table)


def _grid(table: Element) -> Iterator[Sequence[str]]:
    """Cells row by row, with empty cells where one spans several, so that columns stay in line."""
    reserved: dict[int, int] = {}  # column -> rows below that a cell above still covers
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in {"td", "th"}:
                continue
            while reserved.get(len(cells), 0) > 0:
                reserved[len(cells)] -= 1
                cells.append("")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for offset in range(width):
                if height > 1:
                    reserved[len(cells)] = height - 1
                cells.append("" if offset else flow_text(cell))
        while reserved.get(len(cells), 0) > 0:
            reserved[len(cells)] -= 1
            cells.append("")
        yield cells


def _span(cell: Element, key: str) -> int:
    value = cell.get(key, "1")
    return min(_WIDEST_SPAN, max(1, int(value))) if re.fullmatch("[0-9]{1,4}", value) else 1


def render(blocks: Sequence[Block]) -> str:
    """Print blocks as plain text: blank lines between them, none between the items of a list."""
    lines: list[str] = []
    for number, block in enumerate(blocks):
        if number:
            in_list = block.kind is blocks[number - 1].kind is BlockKind.ITEM
            lines.append("\n" if in_list else "\n\n")
        indent = " " * len(block.lead)
        lines.append(block.lead + block.text.replace("\n", f"\n{indent}"))
    return "".join(lines)
