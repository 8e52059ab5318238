"""Names of interventions found in a text by table and by INN ending."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from summarizer.lexicon.data import denied
from summarizer.lexicon.entries import DRUG, DRUG_START, DrugEntry
from summarizer.lexicon.index import names
from summarizer.lexicon.stems import find_stem, is_antibody, payloads
from summarizer.lexicon.tokens import Words, is_linked

_MAX_WORDS = 7
_FDA_SUFFIX = re.compile(r"[a-z]{4}")
_BIOLOGIC = re.compile(
    r"(?:mab|tug|bart|mig|cept|leucel|temcel|vec|alfa|beta|ase|stim|fusp|kin|leukin|tide|insulin \w+|tecan"
    r"|dotin|tansine|sirine|gamicin|pegol)$"
)
_WORD_PART = re.compile(r"[^\W_]+")


class Match(NamedTuple):
    """A name in the text: words ``first`` to ``stop`` (half-open), ``start:end`` in code points."""

    first: int
    stop: int
    start: int
    end: int
    entry: DrugEntry


@lru_cache(maxsize=1 << 14)
def longest_after(word: str) -> int:
    """Greatest number of words of a name that begins with this word; 0 when none does."""
    value = names().get(DRUG_START + word)
    return min(int(value), _MAX_WORDS) if value else 0


@lru_cache(maxsize=1 << 14)
def entry_of(key: str) -> DrugEntry | None:
    """What the index knows of a name, or None."""
    value = names().get(DRUG + key)
    return DrugEntry.from_value(value) if value else None


def is_spelled(entry: DrugEntry, found: str) -> bool:
    """True when ``found`` has the capitals that the entry asks for."""
    if entry.needs_capital:
        return found[:1].isupper()
    return not entry.spelling or any(_is_written(spelling, found) for spelling in entry.spellings)


def _is_written(spelling: str, found: str) -> bool:
    wanted, present = _WORD_PART.findall(spelling), _WORD_PART.findall(found)
    if "+" in spelling or all(len(word) <= 2 for word in wanted):
        # "7+3" and "S-1" are what they are by their signs, too: "7/3" and "S(1)" are not.
        return found.replace(" ", "") == spelling.replace(" ", "")
    return all(want.islower() or want == have for want, have in zip(wanted, present, strict=False))


@lru_cache(maxsize=1 << 14)
def _may_matter(key: str) -> bool:
    """True for a word that begins a known name or ends like one: most words of a text do neither."""
    return longest_after(key) > 0 or _stem_entry(key) is not None


def find_names(words: Words) -> list[Match]:
    """All names, in order, longest first where they overlap. Ambiguous abbreviations are still among them."""
    matches: list[Match] = []
    keys, reach = words.keys, 0
    for index, key in enumerate(keys):
        if index < reach or not _may_matter(key):
            continue
        match = _name_at(words, index) or _stem_at(words, index)
        if match is not None:
            match = _extended(words, match)
            matches.append(match)
            reach = match.stop
    return [match for match in matches if not _is_measurement(keys, match)]


def _make(words: Words, first: int, stop: int, entry: DrugEntry) -> Match:
    return Match(first, stop, words.starts[first], words.ends[stop - 1], entry)


def _name_at(words: Words, first: int) -> Match | None:
    longest = longest_after(words.keys[first])
    if not longest:
        return None
    stop = first + 1
    limit = min(first + longest, len(words.keys))
    while stop < limit and is_linked(words, stop - 1):
        stop += 1
    while stop > first:
        entry = entry_of(" ".join(words.keys[first:stop]))
        if (
            entry is not None
            and not _goes_on(words, stop)
            and is_spelled(entry, words.folded[words.starts[first] : words.ends[stop - 1]])
        ):
            return _make(words, first, stop, entry)
        stop -= 1
    return None


@lru_cache(maxsize=1 << 12)
def _stem_entry(key: str) -> tuple[DrugEntry, bool] | None:
    stem = find_stem(key) if key.isascii() else None
    return (DrugEntry(key, "DRUG", "STEM"), stem.needs_lower_case) if stem else None


def _goes_on(words: Words, stop: int) -> bool:
    """True for the beginning of a longer number or code: ``S-1-2``, ``XY104-302``."""
    end = words.ends[stop - 1]
    return (
        words.folded[end : end + 1] == "-"
        and words.folded[end - 1].isdigit()
        and words.folded[end + 1 : end + 2].isdigit()
    )


def _stem_at(words: Words, index: int) -> Match | None:
    found = _stem_entry(words.keys[index])
    if found is None:
        return None
    entry, needs_lower_case = found
    if needs_lower_case and words.keys[index] not in words.forms:
        return None
    return _make(words, index, index + 1, entry)


def _extended(words: Words, match: Match) -> Match:
    """Take in a payload word and an FDA suffix: ``sacituzumab tirumotecan``, ``cemiplimab-rwlc``."""
    first, stop, _, _, entry = match
    if entry.kind != "DRUG":
        return match
    if stop < len(words.keys) and is_linked(words, stop - 1):
        word = words.keys[stop]
        antibody_only = payloads().get(word)
        is_vector = word.endswith(("vec", "leucel", "temcel")) and find_stem(word) is not None
        if antibody_only is False or is_vector or (antibody_only and is_antibody(entry.generic)):
            whole = f"{entry.generic} {word}"
            known = entry_of(whole)
            entry = known or DrugEntry(whole, "DRUG", entry.source)
            stop += 1
    if stop < len(words.keys) and words.folded[words.ends[stop - 1] : words.starts[stop]] == "-":
        word = words.raws[stop]
        if _FDA_SUFFIX.fullmatch(word) and word not in denied("suffix") and _BIOLOGIC.search(entry.generic):
            stop += 1
    return _make(words, first, stop, entry) if stop != match.stop else match


def _is_measurement(keys: list[str], match: Match) -> bool:
    """True for ``insulin resistance`` or ``estradiol levels``, which are no treatments."""
    return (
        match.stop < len(keys)
        and match.stop - match.first == 1
        and keys[match.first] in denied("analyte")
        and keys[match.stop] in denied("analyte_next")
    )
