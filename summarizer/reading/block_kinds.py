"""Tell what each line of an article is: prose, a heading, a list item, a table row, or furniture of the page.

The shapes that are certain come first (pipes, bullets, known furniture), then those that only a neighbourhood
shows (reference lists, flattened tables, bare lists), and headings last. What is left is prose, and so is all
that looks cut ("Data presented at the", a lone "A"): taken for a heading, it would be reported by nobody.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from summarizer.reading.headings import ends_sentence, is_heading
from summarizer.reading.phrases import read_rows, split_wordings

__all__ = ["BlockKind", "classify_lines"]


class BlockKind(StrEnum):
    """What a block is, told from its shape and its neighbours."""

    PROSE = "PROSE"
    HEADING = "HEADING"
    LIST_ITEM = "LIST_ITEM"
    TABLE_ROW = "TABLE_ROW"
    OTHER = "OTHER"


# Longer lines are paragraphs, whatever they look like; it also bounds the work that a line can cause.
_LONGEST = 500
_LONGEST_ITEM = 200
_LONGEST_CELL = 100
_FEWEST_CELLS = 4
_FURNITURE_WORDS = 16
_BYLINE_REACH = 5  # a byline stands among the first lines

_WORD = re.compile(r"[^\W_]")
_EDGES = " \t.:;!?>»›→|•*#<«-–—[]()"
_BULLET = re.compile(r"(?:[•‣▪●◦∙·]\s?|[*–—-]\s+)(?=\S)")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z]\)|\(?[ivx]{1,4}\))\s+\S")
_GAP = re.compile(r"\s*[|\t]\s*|\s{3,}")
_RULED = re.compile(r"[|:\s+-]{3,}\Z")

_NUMBER = r"[<>≤≥~≈±+−–-]{0,2}\s?[$€£]?\d[\d,.·]*\s?%?"
_VALUE = re.compile(
    rf"(?:{_NUMBER}(?:\s?(?:to|vs\.?|of|/|[,–-])\s?{_NUMBER}){{0,5}}(?:\s?[A-Za-z/²]{{1,7}})?"
    r"|NR|NE|NC|NA|N/A|ND|not (?:reached|estimable|evaluable|calculable|reported|applicable)|[-–—])"
    r"(?:[,;]?\s?(?:[(\[][^()\[\]]{0,60}[)\]]|p\s?[=<>≤]\s?[\d.·]+)){0,4}",
    re.IGNORECASE,
)
_LABEL_AND_VALUE = re.compile(r"[^\s:.](?:[^:.]|\.\d){0,80}:\s.{0,20}\d")

_NAME = r"[A-Z][\w.'’-]{0,20}"
_BYLINE = re.compile(rf"By\s+{_NAME}(?:,?\s(?:and\s)?{_NAME}){{1,8}}\Z")
_CLOCK = r"(?:[\s,|•-]+(?:at\s)?\d{1,2}[:.]\d\d.{0,20})?\Z"
_DATE = re.compile(
    rf"(?:[A-Z][a-z]{{2,8}}\.?\s\d{{1,2}},?\s\d{{4}}|\d{{1,2}}\s[A-Z][a-z]{{2,8}}\.?,?\s\d{{4}}"
    rf"|\d{{4}}-\d\d-\d\d){_CLOCK}"
    r"|\d{1,2}[ -]min(?:ute)?s? read\Z"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\Z|\S{1,60}@\S{1,60}\Z", re.IGNORECASE)
_LEGEND = re.compile(r"[*†‡§]?\s?[A-Za-z][\w/-]{1,12}\s?=\s?[a-z]|(?:[A-Z][\w/-]{1,9},\s[a-z][^,;]{2,60};\s){2}")
_BRACKETED = re.compile(r"\([^()]{3,}\)|\[[^\[\]]{3,}\]")
_CAPTION = re.compile(r"(?:Figure|Fig\.|Table|Image|Photo|Exhibit)\s?[A-Z]?\d{1,2}[A-Z]?\s?[.:|–—-]\s")

_REFERENCES = re.compile(r"(?:references?|sources?|bibliography|citations?)\W{0,2}\Z", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\[?\d{1,3}[\].)]|.*(?:\bet al\b|\bdoi\b|https?://|\b(?:19|20)\d\d\b.{0,15};|news release|accessed)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    begins_run: bool
    """True when a blank line stands before it."""
    is_short: bool
    ends_sentence: bool


def classify_lines(texts: Sequence[str], begins_run: Sequence[bool]) -> list[BlockKind]:
    """Return the kind of each line.

    Args:
        texts: the lines, stripped.
        begins_run: for each line, whether a blank line stands before it.
    """
    lines = [_line(text, begins_run=run) for text, run in zip(texts, begins_run, strict=True)]
    kinds: dict[int, BlockKind] = {}
    _mark_rows(lines, kinds)
    _mark_furniture(lines, kinds)
    _mark_references(lines, kinds)
    _mark_flattened_tables(lines, kinds)
    _mark_lists(lines, kinds)
    for index, line in enumerate(lines):
        if index not in kinds:
            heading = line.is_short and is_heading(line.text, index, is_last=index == len(lines) - 1)
            kinds[index] = BlockKind.HEADING if heading else BlockKind.PROSE
    return [kinds[index] for index in range(len(lines))]


def _line(text: str, *, begins_run: bool) -> _Line:
    is_short = len(text) <= _LONGEST
    seen = html.unescape(text) if is_short and "&" in text else text
    return _Line(seen, begins_run, is_short, ends_sentence(text))


def _runs(lines: Sequence[_Line], belongs: Callable[[_Line], bool]) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of neighbouring lines for which ``belongs`` holds."""
    begin = None
    for index, line in enumerate(lines):
        if belongs(line):
            begin = index if begin is None else begin
        elif begin is not None:
            yield begin, index
            begin = None
    if begin is not None:
        yield begin, len(lines)


# ---------------------------------------------------------------------------------------------- tables


def _mark_rows(lines: Sequence[_Line], kinds: dict[int, BlockKind]) -> None:
    """Mark rows of cells between pipes, tabs or wide gaps, and lines of navigation, which look like them."""
    for begin, end in _runs(lines, _is_row):
        rows = range(begin, end)
        values = sum(_is_value(cell) for index in rows for cell in _cells(lines[index].text))
        is_table = values >= max(2, end - begin - 1) or any(_RULED.match(lines[index].text) for index in rows)
        for index in rows:
            if is_table:
                kinds[index] = BlockKind.TABLE_ROW
            elif "|" in lines[index].text and not lines[index].ends_sentence:
                kinds[index] = BlockKind.OTHER  # ESMO | Breast; Facebook | X | Email


def _is_row(line: _Line) -> bool:
    if not line.is_short or ("|" not in line.text and "\t" not in line.text and "   " not in line.text):
        return False
    cells = _cells(line.text)
    if "|" in line.text:
        return all(len(cell) <= _LONGEST_CELL for cell in cells)
    return len(cells) > 1 and not line.ends_sentence and ("\t" in line.text or any(map(_is_value, cells)))


def _cells(text: str) -> list[str]:
    return [cell for cell in _GAP.split(text.strip("| \t")) if cell]


def _mark_flattened_tables(lines: Sequence[_Line], kinds: dict[int, BlockKind]) -> None:
    """Mark tables of which each cell became a line: headers, then a label and a value for each column."""
    for begin, end in _runs(lines, lambda line: len(line.text) <= _LONGEST_CELL and not line.ends_sentence):
        floor = begin
        for first, last, columns in _row_groups(lines, begin, end):
            # Before the first value stand its label, a header for each column, and one for the labels.
            top = max(floor, first - columns - 2)
            for index in range(top, last):
                kinds.setdefault(index, BlockKind.TABLE_ROW)
            floor = last


def _row_groups(lines: Sequence[_Line], begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield first value, end and number of columns of each sequence of rows with one label each."""
    first = last = columns = 0
    for start, stop in _runs(lines[begin:end], lambda line: _is_value(line.text)):
        if columns and begin + start - last == 1:
            last = begin + stop
            continue
        if columns and last - first >= _FEWEST_CELLS:
            yield first, last, columns
        first, last, columns = begin + start, begin + stop, stop - start
    if columns and last - first >= _FEWEST_CELLS:
        yield first, last, columns


def _is_value(text: str) -> bool:
    return len(text) <= _LONGEST_CELL and _VALUE.fullmatch(text) is not None


# ------------------------------------------------------------------------------------------- furniture


def _mark_furniture(lines: Sequence[_Line], kinds: dict[int, BlockKind]) -> None:
    for index, line in enumerate(lines):
        if index not in kinds and line.is_short and _is_furniture(line, index):
            kinds[index] = BlockKind.OTHER


def _is_furniture(line: _Line, index: int) -> bool:
    text = line.text
    lowered = text.casefold()
    if not _WORD.search(text) or _begins_with(lowered, "ALWAYS"):
        return True
    if (text[-1] == "?" or not line.ends_sentence) and text.count(" ") < _FURNITURE_WORDS:
        if _begins_with(lowered, "BEGIN") or lowered.strip(_EDGES) in _furniture()["LINE"]:
            return True
        if any(wording in lowered for wording in _furniture()["WITHIN"]) or _BRACKETED.fullmatch(text):
            return True
        if index < _BYLINE_REACH and _BYLINE.match(text):
            return True
    return any(pattern.match(text) for pattern in (_DATE, _ADDRESS, _LEGEND, _CAPTION))


def _begins_with(lowered: str, rule: str) -> bool:
    """Tell whether the line begins with a wording of the vocabulary, as whole words."""
    wordings = _furniture()[rule]
    if not lowered.startswith(wordings):
        return False
    return any(
        lowered.startswith(wording) and not (wording[-1].isalnum() and lowered[len(wording) :][:1].isalnum())
        for wording in wordings
    )


@cache
def _furniture() -> dict[str, tuple[str, ...]]:
    """Return the wordings of each rule of the vocabulary."""
    wordings: dict[str, tuple[str, ...]] = {}
    for rule, cell, *_ in read_rows("summarizer.reading.vocabulary", "page_furniture.tsv"):
        wordings[rule] = (*wordings.get(rule, ()), *(wording.casefold() for wording in split_wordings(cell)))
    return wordings


def _mark_references(lines: Sequence[_Line], kinds: dict[int, BlockKind]) -> None:
    """Mark the entries below a heading "References"."""
    within = False
    for index, line in enumerate(lines):
        if _REFERENCES.match(line.text):
            kinds[index] = BlockKind.HEADING
            within = True
        elif within and kinds.get(index) is None:
            within = line.is_short and _REFERENCE.match(line.text) is not None
            if within:
                kinds[index] = BlockKind.OTHER


# ----------------------------------------------------------------------------------------------- lists


def _mark_lists(lines: Sequence[_Line], kinds: dict[int, BlockKind]) -> None:
    for index, line in enumerate(lines):
        if index in kinds:
            continue
        if _BULLET.match(line.text) or (_NUMBERED.match(line.text) and not _is_numbered_heading(lines, index)):
            kinds[index] = BlockKind.LIST_ITEM
    for begin, end in _runs(lines, _is_label_and_value):
        if end - begin > 1:
            _mark(kinds, begin, end)
    for index, line in enumerate(lines):
        if line.text.endswith(":") and index not in kinds:
            _mark(kinds, index + 1, _end_of_bare_list(lines, index + 1))


def _mark(kinds: dict[int, BlockKind], begin: int, end: int) -> None:
    for index in range(begin, end):
        kinds.setdefault(index, BlockKind.LIST_ITEM)


def _is_numbered_heading(lines: Sequence[_Line], index: int) -> bool:
    """Tell "1. HORIZON-2: a first look" above its paragraph from an item among others."""
    around = [lines[other] for other in (index - 1, index + 1) if 0 <= other < len(lines)]
    if index + 1 == len(lines) or any(_NUMBERED.match(line.text) for line in around):
        return False
    title = lines[index].text.split(maxsplit=1)[-1]
    return lines[index].is_short and is_heading(title, index, is_last=False)


def _is_label_and_value(line: _Line) -> bool:
    return not line.ends_sentence and len(line.text) <= _LONGEST_ITEM and _LABEL_AND_VALUE.match(line.text) is not None


def _end_of_bare_list(lines: Sequence[_Line], begin: int) -> int:
    """Return the end of the list without bullets that begins after a colon; ``begin`` if there is none."""
    end = begin
    while end < len(lines) and _is_bare_item(lines[end], is_first=end == begin):
        end += 1
        if lines[end - 1].ends_sentence:
            break
    return end if end - begin > 1 else begin


def _is_bare_item(line: _Line, *, is_first: bool) -> bool:
    if len(line.text) > _LONGEST_ITEM:
        return False
    # An item in small letters is one wherever it stands; with a capital it must follow without a blank line.
    return (
        line.text[0].islower()
        or line.text[-1] in ",;"
        or (not line.ends_sentence and not line.begins_run and not is_first)
    )
