"""A reviewer's numbers must stand in the words that the reviewer selected, digit for digit, sign included.

The pages do the same in ``assets/numbers.js`` with the tables of :func:`shared_with_pages`; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from summarizer.text import TextSpan, fold

__all__ = ["PrintedNumber", "holds_words", "numbers_within", "printed_numbers", "shared_with_pages", "why_not_printed"]

_NUMBER: Final = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_SIGN_BEFORE: Final = r"(?<![A-Za-z0-9)%])-"
"""A hyphen is a sign unless it joins: ``0.50-0.77`` and ``LARKSPUR-1`` hold no negative number."""
_SPELLED: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
"""Numbers that labels take from words; larger ones are not taken."""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENDPOINT_CODE: Final = r"^[A-Z][A-Z0-9_]*[0-9][A-Z0-9_]*(?=:|$)"
"""A code such as ``PFS2`` or ``G3_AE`` whose digit is part of its name."""

_TOKEN: Final = re.compile(rf"({_SIGN_BEFORE})?({_NUMBER})")
_WORD: Final = re.compile(rf"(?<![A-Za-z])({'|'.join(_SPELLED)})(?![A-Za-z])", re.IGNORECASE)
_MONTH: Final = re.compile(rf"(?<![A-Za-z])({'|'.join(_MONTHS)})[a-z]*", re.IGNORECASE)
_BLANKS: Final = re.compile(r"\s+")
_LAST_CODE: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number that a text prints."""

    start: int
    """First character, in code points."""
    end: int
    """One past the last."""
    value: float
    """Its value, with its sign."""


def printed_numbers(text: str) -> list[PrintedNumber]:
    """Every number of a text, whole: of ``13.3`` there is no ``3.3``."""
    folded = fold(text)
    found = [
        PrintedNumber(match.start(), match.end(), float(match[2].replace(",", "")) * (-1 if match[1] else 1))
        for match in _TOKEN.finditer(folded)
    ]
    found += [
        PrintedNumber(match.start(), match.end(), float(_SPELLED.index(match[1].lower())))
        for match in _WORD.finditer(folded)
    ]
    return sorted(found, key=lambda number: number.start)


def numbers_within(numbers: Iterable[PrintedNumber], spans: Sequence[TextSpan]) -> list[PrintedNumber]:
    """The numbers that stand in the spans as a whole; a sign left outside is left out."""
    within: list[PrintedNumber] = []
    for number in numbers:
        for start, end in spans:
            if start <= number.start and number.end <= end:
                within.append(number)
            elif start == number.start + 1 and number.value < 0 and number.end <= end:
                within.append(PrintedNumber(start, number.end, -number.value))
    return within


def why_not_printed(field: str, value: object, words: str, within: Sequence[PrintedNumber]) -> str | None:
    """Reason why a value's numbers don't stand in the selected words, or None where they do.

    Args:
        field: Name of the field.
        value: The reviewer's value; a closed vocabulary's value is no matter of numbers and is not given here.
        words: The selected words.
        within: The numbers that they print.
    """
    if isinstance(value, int | float):
        if any(number.value == value for number in within):
            return None
        return f"the number {_shown(value)} does not stand in the selected words"
    printed = {abs(number.value) for number in within}
    if field == "date":
        printed |= {_MONTHS.index(match[1].lower()) + 1.0 for match in _MONTH.finditer(words)}
    wanted = re.sub(_ENDPOINT_CODE, "", str(value)) if field == "endpoint" else str(value)
    for match in _TOKEN.finditer(fold(wanted)):
        if float(match[2].replace(",", "")) not in printed:
            return f"the number {match[2]} does not stand in the selected words"
    return None


def holds_words(words: str, value: str) -> bool:
    """Whether a value stands in words, white space, case and typography apart."""
    return _plain(value) in _plain(words)


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", fold(text)).strip().lower()


def _shown(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.12g}"


@cache
def shared_with_pages() -> dict[str, Any]:
    """The tables and patterns that the pages need to do the same."""
    folding: dict[str, str] = {}
    for code in range(_LAST_CODE + 1):
        character = chr(code)
        if (plain := fold(character)) != character:
            folding[character] = plain
    return {
        "folding": folding,
        "number": f"({_SIGN_BEFORE})?({_NUMBER})",
        "spelled": list(_SPELLED),
        "months": list(_MONTHS),
        "endpoint_code": _ENDPOINT_CODE,
    }
