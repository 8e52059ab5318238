"""What words mean inside the name of a condition: the tables behind ``find_conditions``."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from summarizer.lexicon.data import read_pairs, read_rows
from summarizer.lexicon.entries import DISEASE, DISEASE_START
from summarizer.lexicon.index import names
from summarizer.lexicon.tokens import key_of, split_words

_ROMAN = re.compile(r"(?:I{1,3}|IV|V|[0-4])(?:[A-Ea-e]\d?)?")
_MAX_WORDS = 7


class Role:
    """Roles of a word, as bits; a word may have several. Plain integers.

    Enum flags cost more than the look-up.
    """

    NONE = 0
    HEAD = 1
    WEAK_HEAD = 2
    SITE = 4
    HISTOLOGY = 8
    SKIP = 16
    INSTITUTION = 32
    PROPER = 64


PART = Role.SITE | Role.HISTOLOGY
"""Words that stand before the head of a tumour's name and belong to it."""
_HEADS = Role.HEAD | Role.WEAK_HEAD


def _with_plurals(word: str, role: int) -> tuple[str, ...]:
    if not role & (Role.HEAD | Role.WEAK_HEAD) or word.endswith("s"):
        return (word,)
    plural = word[:-1] + "ies" if word.endswith("y") else word + "s"
    return (word, plural, word + "ta") if word.endswith("oma") else (word, plural)


@cache
def roles() -> dict[str, int]:
    """Roles of all words of ``condition_words.tsv``, plurals of heads included."""
    table: dict[str, int] = {}
    for written, name in read_pairs("condition_words.tsv"):
        role: int = getattr(Role, name.upper())
        for word in written.split():
            for form in _with_plurals(word, role):
                table[form] = table.get(form, Role.NONE) | role
    return table


@cache
def qualifiers() -> frozenset[str]:
    """Keys of the words of stage, course and severity; phrases of up to four words."""
    return frozenset(key_of(qualifier) for (qualifier,) in read_rows("condition_qualifiers.tsv"))


@cache
def qualifier_ends() -> dict[str, int]:
    """Last word of a qualifier, with the greatest number of words of a qualifier that ends so."""
    longest: dict[str, int] = {}
    for key in qualifiers():
        words = key.split(" ")
        longest[words[-1]] = max(longest.get(words[-1], 0), len(words))
    return longest


@cache
def tails() -> tuple[frozenset[str], frozenset[str], int]:
    """Phrases after a name, the words they begin with, and the greatest number of words."""
    keys = frozenset(key_of(tail) for (tail,) in read_rows("condition_tails.tsv"))
    return keys, frozenset(key.split(" ")[0] for key in keys), max(key.count(" ") + 1 for key in keys)


@cache
def abbreviations() -> dict[str, tuple[tuple[str, str, int], ...]]:
    """Known abbreviations that need no definition, by their first word.

    Each as written, its name, its number of words.
    """
    found: dict[str, list[tuple[str, str, int]]] = {}
    for short, name in read_pairs("condition_abbreviations.tsv"):
        if name.startswith("?"):
            continue
        for written in (short, short + "s"):
            raws = split_words(written).raws
            found.setdefault(raws[0], []).append((written, name, len(raws)))
    return {first: tuple(sorted(rows, key=lambda row: -row[2])) for first, rows in found.items()}


def is_stage_number(word: str) -> bool:
    """True for what follows "stage" or "grade": ``IIIB``, ``IV``, ``3``, ``2a``."""
    return len(word) <= 5 and _ROMAN.fullmatch(word) is not None


def is_symbol(word: str) -> bool:
    """True for a marker or an abbreviation: at least two capitals, or a capital and a digit."""
    capitals = sum(c.isupper() for c in word)
    return capitals > 1 or (capitals > 0 and any(c.isdigit() for c in word))


@lru_cache(maxsize=1 << 14)
def longest_after(word: str) -> int:
    """Greatest number of words of a disease's name that begins with this word; 0 when none does."""
    value = names().get(DISEASE_START + word)
    return min(int(value), _MAX_WORDS) if value else 0


@lru_cache(maxsize=1 << 14)
def may_matter(word: str) -> bool:
    """True for a word that begins a disease's name or ends a tumour's."""
    return longest_after(word) > 0 or bool(roles().get(word, Role.NONE) & _HEADS)


@lru_cache(maxsize=1 << 14)
def mesh_id_of(key: str) -> str | None:
    """MeSH descriptor of a disease's name: empty for a known name without one, None for an unknown name."""
    value = names().get(DISEASE + key)
    return value.partition("|")[0] if value else None


@cache
def denied_names() -> frozenset[str]:
    """Keys of names that are no conditions here."""
    return frozenset(name for name, _ in read_rows("condition_denied.tsv"))


@cache
def keeps_capital(word: str) -> bool:
    """True for a proper name within a disease's name: ``Hodgkin``."""
    return bool(roles().get(key_of(word), Role.NONE) & Role.PROPER)
