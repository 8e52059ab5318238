"""What a summary says without grounds: leaves without evidence, numbers that the article does not print."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from summarizer.text import fold

from .jsonvalue import is_list
from .normalise import number_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from summarizer.schemas import Summary

_TOKEN: Final = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+")
_UNITS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: Final = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_COMPOUND: Final = re.compile(rf"\b({'|'.join(_TENS)})[\s-]({'|'.join(_UNITS[1:10])})\b")
_TEXTS_WITH_NUMBERS: Final = frozenset(
    {"p_value", "timepoint", "subgroup", "arm", "name", "aliases", "registry_ids", "biomarkers", "value_text"}
)


def iterate_leaves(value: object, pointer: str = "") -> Iterator[tuple[str, object]]:
    """JSON pointer and value of every non-empty leaf below a value, in record order.

    Empty are None, empty text and empty lists; 0 and False are values.
    """
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from iterate_leaves(getattr(value, name), f"{pointer}/{name}")
    elif is_list(value):
        for index, each in enumerate(value):
            yield from iterate_leaves(each, f"{pointer}/{index}")
    elif value is not None and value != "":
        yield pointer, value


def iterate_record_leaves(summary: Summary) -> Iterator[tuple[str, object]]:
    """JSON pointer and value of every non-empty leaf of the records of a summary."""
    for name in ("trials", "unattributed_results", "truncations"):
        yield from iterate_leaves(getattr(summary, name), f"/{name}")


def find_ungrounded(summary: Summary, article: str) -> list[str]:
    """Pointers of leaves without evidence, or whose evidence is not what the article has at that place."""

    def is_grounded(pointer: str) -> bool:
        spans = summary.evidence.get(pointer, ())
        return any(span.text and article[span.start : span.end] == span.text for span in spans)

    return [pointer for pointer, _ in iterate_record_leaves(summary) if not is_grounded(pointer)]


def numbers_in(text: str) -> set[Decimal]:
    """Absolute values of all numbers that a text prints, in digits or as words up to ninety-nine."""
    folded = unicodedata.normalize("NFKC", fold(text))
    # A thin or plain space may separate thousands: both readings count as printed.
    folded = f"{folded}\n{re.sub(r'(?<=[0-9]) (?=[0-9]{3}(?![0-9]))', '', folded)}"
    tokens = _TOKEN.findall(folded)
    found = {Decimal(token.replace(",", "")).normalize() for token in tokens}
    found |= {Decimal(part).normalize() for token in tokens for part in token.split(",") if part.isdecimal()}
    lowered = folded.casefold()
    found |= {Decimal(_WORDS[word]).normalize() for word in re.findall(r"[a-z]+", lowered) if word in _WORDS}
    found |= {Decimal(_WORDS[tens] + _WORDS[unit]).normalize() for tens, unit in _COMPOUND.findall(lowered)}
    return found


def find_invented_numbers(summary: Summary, article: str) -> list[tuple[str, str]]:
    """Numbers of the records that the article does not print, as ``(pointer, number)``.

    Looked at: every numeric leaf, and the digits of designations, biomarkers, P values, timepoints,
    subgroups and arms of results. Signs are not compared, since texts print a fall as "down 1.3" as well as
    "-1.3".
    """
    printed = numbers_in(article)
    return [
        (pointer, str(number))
        for pointer, number in _iterate_numbers(summary)
        if abs(number).normalize() not in printed
    ]


def _iterate_numbers(summary: Summary) -> Iterator[tuple[str, Decimal]]:
    for pointer, value in iterate_record_leaves(summary):
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            yield pointer, number_key(value)
        elif isinstance(value, str) and _field_of(pointer) in _TEXTS_WITH_NUMBERS:
            for token in _TOKEN.findall(unicodedata.normalize("NFKC", fold(value))):
                yield pointer, Decimal(token.replace(",", ""))


def _field_of(pointer: str) -> str:
    """Last name in a pointer, list indices apart."""
    return next(part for part in reversed(pointer.split("/")) if not part.isdigit())
