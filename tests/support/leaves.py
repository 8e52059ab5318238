"""Leaves of a summary by JSON pointer, and the numbers that a text prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from summarizer.schemas import Summary
from summarizer.text import NUMBER, fold, parse_number

RECORDS = ("trials", "unattributed_results", "truncations")
_SPELLED = {
    word: float(number) for number, word in enumerate("zero one two three four five six seven eight nine ten".split())
}
_NUMBER = re.compile(NUMBER)


def leaves_of(summary: Summary) -> dict[str, Any]:
    """Every non-empty leaf of the records."""
    content = summary.model_dump(mode="json", include=set(RECORDS))
    return {pointer: value for name in RECORDS for pointer, value in _walk(f"/{name}", content[name])}


def _walk(pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(f"{pointer}/{key}", item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(f"{pointer}/{number}", item)
    elif value is not None and value != "":
        yield pointer, value


def numbers_in(text: str) -> set[float]:
    """Values of all numbers of a text, spelled ones up to ten included; signs are left out."""
    folded = fold(text)
    found = {parse_number(match.group()) for match in _NUMBER.finditer(folded)}
    # "1,083" may also be "1" and "083" (a list of references); "0.50-0.77" holds both of its numbers
    found |= {float(part) for part in re.findall(r"\d+(?:\.\d+)?", folded)}
    return found | {_SPELLED[word] for word in re.findall(r"[a-z]+", folded.lower()) if word in _SPELLED}


def numbers_of(summary: Summary) -> dict[str, float]:
    """Every number of the records, P values included, by pointer."""
    found: dict[str, float] = {}
    for pointer, value in leaves_of(summary).items():
        if pointer.endswith("/p_value"):
            found[pointer] = float(value.lstrip("<>=≤≥"))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found[pointer] = abs(float(value))
    return found
