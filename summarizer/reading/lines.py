"""Lines of a text, and hard-wrapped lines put back together into the paragraphs that they were."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Paragraph", "read_paragraphs"]

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")

# A text wrapped by hand or by a mail program has lines about this wide; a scraped page has a paragraph a
# line.
_NARROWEST, _WIDEST = 55, 130
_FEWEST_WRAPS = 2

_FIRST_WORD = re.compile(r"\S{1,30}")
_ENDS_SENTENCE = re.compile(r"[.?!][\"'”’)\]]{0,2}\Z")
_BEFORE_ITEM = re.compile(r"[.?!:;][\"'”’)\]]{0,2}\Z")
_BEGINS_ITEM = re.compile(r"[*–—-]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s")
_ALWAYS_BEGINS = re.compile(r"[•‣▪●◦∙·#|]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without surrounding whitespace."""

    start: int
    end: int
    begins_run: bool
    """True when a blank line, or the beginning of the text, stands before it."""


def read_paragraphs(text: str) -> list[Paragraph]:
    """Return the non-empty lines of ``text``, those of a hard-wrapped paragraph as one."""
    lines = _lines(text)
    width = _wrap_width(text, lines)
    if not width:
        return lines
    joined: list[Paragraph] = []
    previous = None
    for line in lines:
        if previous and joined and not line.begins_run and _is_wrapped(text, previous, line, width):
            joined[-1] = Paragraph(joined[-1].start, line.end, joined[-1].begins_run)
        else:
            joined.append(line)
        previous = line
    return joined


def _lines(text: str) -> list[Paragraph]:
    lines: list[Paragraph] = []
    end = 0
    for match in _LINE.finditer(text):
        line = match[0]
        stripped = line.strip()
        if stripped:
            start = match.start() + len(line) - len(line.lstrip())
            breaks = text.count("\n", end, start) or text.count("\r", end, start)
            lines.append(Paragraph(start, start + len(stripped), begins_run=not lines or breaks > 1))
            end = start + len(stripped)
    return lines


def _wrap_width(text: str, lines: list[Paragraph]) -> int:
    """Return the width at which ``text`` is wrapped, 0 if it is not.

    Wrapped means: no line is longer, lines stop where the next word would not have fit, and mostly
    in the middle of a sentence.
    """
    # A web address on a line of its own may be longer than the width.
    width = max((line.end - line.start for line in lines if " " in text[line.start : line.end]), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    neighbours = [(one, two) for one, two in pairwise(lines) if not two.begins_run]
    wraps = [pair for pair in neighbours if _is_wrapped(text, *pair, width)]
    unfinished = [two for one, two in wraps if not _ENDS_SENTENCE.search(text, one.start, one.end)]
    if len(wraps) < _FEWEST_WRAPS or len(unfinished) * 3 < len(wraps) * 2:
        return 0
    # Figures and names begin many lines in this field, but items of a list all begin with a capital.
    small = sum(text[line.start].islower() for line in unfinished)
    almost_all = len(wraps) * 4 >= len(neighbours) * 3
    return width if small * 3 >= len(wraps) or (small and almost_all) else 0


def _is_wrapped(text: str, line: Paragraph, following: Paragraph, width: int) -> bool:
    """Tell whether ``line`` was broken because the first word of the following line no longer fit."""
    word = _FIRST_WORD.match(text, following.start, following.end)
    if not word or _ALWAYS_BEGINS.match(text, following.start):
        return False
    # "95% CI, 41 to / 73) were alive": within a sentence no list begins.
    if _BEGINS_ITEM.match(text, following.start) and _BEFORE_ITEM.search(text, line.start, line.end):
        return False
    return line.end - line.start + 1 + len(word[0]) > width
