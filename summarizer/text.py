"""Half-open text spans, and a length-preserving view of text that forgives typography.

Every reader works on ``fold(text)``: dashes, quotes, spaces, middle dots, full-width characters and HTML entities are
replaced by their plain equivalents *without changing any offset*, so that a span found in the folded text is a span of
the canonical text. Digits and signs are never touched otherwise.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple


class TextSpan(NamedTuple):
    """A half-open passage ``text[start:end]``, in code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The passage itself."""
        return text[self.start : self.end]

    def covers(self, other: TextSpan) -> bool:
        """True when ``other`` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: TextSpan) -> bool:
        """True when the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def joined(self, other: TextSpan) -> TextSpan:
        """The smallest span that covers both."""
        return TextSpan(min(self.start, other.start), max(self.end, other.end))


class Taken:
    """Passages that are spoken for: whether one is free is told without a look at all the others."""

    def __init__(self, spans: Iterable[TextSpan] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(spans):
            self._add(span)

    def take(self, span: TextSpan) -> bool:
        """Take a passage, unless it overlaps one that is taken; tells whether it was free."""
        # What is taken does not overlap, or is told as its union: starts and ends are both in order.
        place = bisect_left(self._starts, span.end)
        if place > 0 and self._ends[place - 1] > span.start:
            return False
        self._add(span)
        return True

    def _add(self, span: TextSpan) -> None:
        place = bisect_left(self._starts, span.end)
        start, end = span
        first = place
        while first > 0 and self._ends[first - 1] > start:
            first -= 1
            start, end = min(start, self._starts[first]), max(end, self._ends[first])
        self._starts[first:place] = [start]
        self._ends[first:place] = [end]


def _folding_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for characters, plain in (
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        ("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        ("\u200b\u200c\u200d\u2060\ufeff\u00ad", " "),
        ("\u2018\u2019\u201a\u201b\u2032\u02bc\uff07`\u00b4", "'"),
        ("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
        ("\u2264\u2a7d", "\u2264"),
        ("\u2265\u2a7e", "\u2265"),
        ("\u2215\u2044", "/"),
        ("\t\x0b\x0c\r", " "),
    ):
        for character in characters:
            table[ord(character)] = plain
    table[ord("\uff1c")] = "<"
    table[ord("\uff1e")] = ">"
    for code in range(0xFF01, 0xFF5F):
        table.setdefault(code, chr(code - 0xFEE0))
    return table


_FOLDING = _folding_table()
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,5});")
_MIDDLE_DOT = re.compile("(?<=[0-9])[\u00b7\u2219\u22c5\u2027\u30fb](?=[0-9])|(?<![0-9\\w])[\u00b7](?=[0-9])")


def _fold_entity(match: re.Match[str]) -> str:
    entity = match.group()
    plain = html.unescape(entity).translate(_FOLDING)
    return plain.ljust(len(entity)) if 0 < len(plain) <= len(entity) and plain != entity else entity


def fold(text: str) -> str:
    """Plain-typography view of ``text`` with the same length: offsets stay valid.

    An HTML entity becomes its character followed by spaces.
    """
    folded = text.translate(_FOLDING)
    if "&" in folded:
        folded = _ENTITY.sub(_fold_entity, folded)
    return _MIDDLE_DOT.sub(".", folded)


_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Typography-free form for comparing words: folded, case-folded, single spaces. Not offset-preserving."""
    return _SPACES.sub(" ", fold(text)).strip().casefold()


_NUMBER_SO_FAR, _NUMBER_GOES_ON = re.compile(r"\d[.,]?\Z"), re.compile(r"[.,]?\d")
_DECIMAL_SO_FAR = re.compile(r"\d\.\d{1,12}\Z")
_LONGEST_DECIMAL = 14


def cuts_a_number(folded: str, span: TextSpan) -> bool:
    """True when a border of ``span`` makes another number: "20." of "20.5", ".5" of "20.5", "-30" of "20-30".

    No number has two points: "0.62" of "0.62.1", where a reference follows, is whole.
    """
    if folded[span.start] == "-" and span.start > 0 and folded[span.start - 1].isalnum():
        return True
    return any(_is_within_a_number(folded, border) for border in span)


def _is_within_a_number(folded: str, border: int) -> bool:
    if not _NUMBER_SO_FAR.search(folded, max(0, border - 2), border) or not _NUMBER_GOES_ON.match(folded, border):
        return False
    has_point = _DECIMAL_SO_FAR.search(folded, max(0, border - _LONGEST_DECIMAL), border) is not None
    return not (has_point and folded[border] == ".")


NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
"""An unsigned number as the field prints it, in folded text; ``·`` has become ``.``."""


def parse_number(printed: str) -> float:
    """Value of a printed number (folded text): thousands separators dropped, a bare leading point allowed.

    Raises:
        ValueError: if ``printed`` is not a number.
    """
    return float(printed.replace(",", "").replace(" ", ""))
