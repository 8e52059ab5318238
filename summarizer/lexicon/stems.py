"""Drug names that no dictionary knows yet, recognised by their INN ending."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from summarizer.lexicon.data import denied, read_rows


class Stem(NamedTuple):
    """One row of ``stems.tsv``."""

    ending: str
    min_length: int
    needs_lower_case: bool
    """Only a word that the text also writes without a capital counts: names of people and places end so
    too."""


@cache
def _stems() -> tuple[dict[str, Stem], tuple[int, ...], int]:
    table = {ending: Stem(ending, int(length), case == "lower") for ending, length, case, _ in read_rows("stems.tsv")}
    lengths = tuple(sorted({len(ending) for ending in table}, reverse=True))
    return table, lengths, min(stem.min_length for stem in table.values())


def find_stem(word: str) -> Stem | None:
    """The longest INN ending of a lower-case ``word``, or None when it ends like none or is denied."""
    table, lengths, shortest = _stems()
    size = len(word)
    if size < shortest or size > 32 or not word.isalpha():
        return None
    for length in lengths:
        stem = table.get(word[-length:])
        if stem is not None:
            if size < stem.min_length or word in denied("stem"):
                return None
            return stem
    return None


@cache
def payloads() -> dict[str, bool]:
    """Second words of two-word names; True when they follow antibodies only."""
    return {word: after == "antibody" for word, after, _ in read_rows("payloads.tsv")}


def is_antibody(word: str) -> bool:
    """True for a name with an antibody's ending."""
    return word.endswith(("mab", "tug", "bart", "mig"))
