"""Interventions in a text: drugs, regimens, classes, procedures and controls, each with its generic name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise, zip_longest

from summarizer.lexicon.aliases import LocalName, codes_in_brackets, read_local_names
from summarizer.lexicon.classes import find_classes
from summarizer.lexicon.codes import CodeUse, find_codes
from summarizer.lexicon.data import denied
from summarizer.lexicon.entries import DrugEntry
from summarizer.lexicon.lookup import Match, entry_of, find_names, is_spelled
from summarizer.lexicon.mentions import DrugMention
from summarizer.lexicon.regimens import regimen_names
from summarizer.lexicon.tokens import Words, is_linked, key_of, split_words
from summarizer.text import fold

_COMPARED_BEFORE = re.compile(r"\b(?:to|or|vs\.?|versus|with|by|than|plus|against) $")
_COMPARED_AFTER = re.compile(r" (?:arm|group|alone|only|cohort|\(n|or |vs|versus )")


def find_drugs(text: str) -> list[DrugMention]:
    """Every intervention that ``text`` names, in order and without overlaps; the longest name wins.

    Names that the article defines for itself (``local_names``) count throughout the article.
    """
    words = split_words(text)
    matches, local = _read(words)
    aliases = _alias_matches(words, local)
    chosen = _without_overlaps([*aliases, *matches, *find_classes(words)])
    chosen = _without_appositions(words, chosen)
    written = _written_names(text, chosen)
    return [
        DrugMention(
            match.start,
            match.end,
            text[match.start : match.end],
            written.get(match.entry.generic) or _as_joined(match.entry.generic, text[match.start : match.end]),
            match.entry.drugbank_id,
            match.entry.source,
            match.entry.kind,
        )
        for match in chosen
    ]


_NUCLIDE = re.compile(r"[a-z]+-\d{2,3}(?: [A-Za-z0-9 -]+)?")


def _written_names(text: str, matches: Iterable[Match]) -> dict[str, str]:
    """Radioactive drugs as the article writes them: "radium-223", where it never writes the nonproprietary name."""
    lowered = text.lower()
    found: dict[str, str] = {}
    for match in matches:
        printed = fold(text[match.start : match.end])
        printed = printed[:1].lower() + printed[1:]
        if _NUCLIDE.fullmatch(printed) and match.entry.generic.lower() not in lowered:
            found.setdefault(match.entry.generic, printed)
    return found


_JOINT = re.compile(r"[\s/-]+")


def _as_joined(generic: str, printed: str) -> str:
    """A fixed combination as the text joins it: "trifluridine-tipiracil" for ``trifluridine/tipiracil``."""
    if "/" not in generic or "-" not in (words := fold(printed).lower()):
        return generic
    return words if _JOINT.split(words) == _JOINT.split(generic.lower()) else generic


def local_names(text: str) -> dict[str, str]:
    """Aliases that the article defines.

    Each with the generic name (or the code, where there is no name) it stands for.
    """
    _, local = _read(split_words(text))
    return {name.alias: name.entry.generic for name in local}


def _read(words: Words) -> tuple[list[Match], list[LocalName]]:
    matches = find_names(words)
    codes = find_codes(words.folded)
    local = read_local_names(words, matches)
    defined = {name.alias for name in local}
    local += [LocalName(name, entry) for name, entry in regimen_names(words, matches) if name not in defined]
    defined = {name.alias for name in local}
    local += _code_names(words.folded, codes, defined)
    present = {match.entry.generic for match in matches if not match.entry.needs_company}
    present |= _bracketed_regimens(words, matches)
    defined = {name.alias for name in local}
    kept = [
        match
        for match in matches
        if (not match.entry.needs_company or match.entry.generic in present)
        and not (match.entry.needs_company and words.folded[match.start : match.end] in defined)
        and _is_control(words, match)
    ]
    return kept, local


def _bracketed_regimens(words: Words, matches: list[Match]) -> set[str]:
    """Regimens whose ambiguous abbreviation stands in brackets after a drug.

    For example ``bendamustine plus rituximab (BR)``.
    """
    return {
        match.entry.generic
        for before, match in pairwise(matches)
        if match.entry.kind == "REGIMEN"
        and words.folded[before.end : match.start] in (" (", " [")
        and words.folded[match.end : match.end + 1] in (")", "]", ",", ";")
    }


def _code_names(folded: str, codes: list[CodeUse], defined: set[str]) -> list[LocalName]:
    """Codes that stand for themselves, each with the other codes in the bracket that follows it."""
    local: dict[str, LocalName] = {}
    for use in codes:
        known = entry_of(key_of(use.code))
        if use.code in defined or use.code in local or (known is not None and is_spelled(known, use.code)):
            continue
        entry = DrugEntry(use.code, "CODE", "CODE")
        local[use.code] = LocalName(use.code, entry)
        for other in codes_in_brackets(folded, use.end):
            if other not in defined:
                local.setdefault(other, LocalName(other, entry))
    return list(local.values())


def _alias_matches(words: Words, local: Iterable[LocalName]) -> list[Match]:
    """All places where a local name stands, written as the definition writes it."""
    by_key: dict[str, LocalName] = {}
    counts: dict[str, set[int]] = {}
    for name in local:
        key = key_of(name.alias)
        known = entry_of(key)
        if known is not None and known.generic == name.entry.generic and not known.needs_company:
            continue  # found by itself, with its own rule of case
        if key and by_key.setdefault(key, name) is name:
            counts.setdefault(key.partition(" ")[0], set()).add(key.count(" ") + 1)
    if not by_key:
        return []
    found: list[Match] = []
    for index, first in enumerate(words.keys):
        for count in counts.get(first, ()):
            defined = by_key.get(" ".join(words.keys[index : index + count]))
            match = _alias_at(words, index, index + count, defined) if defined else None
            if match is not None:
                found.append(match)
    return found


def _alias_at(words: Words, first: int, stop: int, name: LocalName) -> Match | None:
    if not all(is_linked(words, k) for k in range(first, stop - 1)):
        return None
    start, end = words.starts[first], words.ends[stop - 1]
    if not _is_written(words.folded[start:end], name.alias):
        return None
    around = words.folded
    if around[end : end + 1] == "-" and around[end + 1 : end + 2].isdigit():
        return None  # the beginning of a protocol's code
    if end - start < 4 and start > 1 and around[start - 1] == "-" and around[start - 2].isalnum():
        return None  # two or three letters at the end of a compound
    entry = name.entry if name.entry.source == "CODE" else replace(name.entry, source="LOCAL")
    return Match(first, stop, start, end, entry)


def _is_written(found: str, alias: str) -> bool:
    """Abbreviations and codes keep their case.

    A name in small letters may begin a sentence or stand in a heading.
    """
    return found in (alias, alias.upper()) or (alias.islower() and found.lower() == alias)


def _is_control(words: Words, match: Match) -> bool:
    """False for a word that is a control only beside a word of comparison and stands elsewhere.

    For example ``in this observation``.
    """
    if match.stop - match.first > 1 or words.keys[match.first] not in denied("control_cue"):
        return True
    if match.entry.kind != "CONTROL":
        return True
    before = words.folded[max(0, match.start - 24) : match.start]
    return bool(_COMPARED_BEFORE.search(before) or _COMPARED_AFTER.match(words.folded, match.end))


def _without_overlaps(matches: Iterable[Match]) -> list[Match]:
    """The longest of each group of overlapping matches, in order of the text."""
    taken: list[Match] = []
    reach = -1
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        if match.start >= reach:
            taken.append(match)
            reach = match.end
        elif match.end - match.start > taken[-1].end - taken[-1].start and (
            len(taken) < 2 or taken[-2].end <= match.start
        ):
            taken[-1] = match
            reach = match.end
    return taken


def _without_appositions(words: Words, matches: list[Match]) -> list[Match]:
    """Leave out a class that only describes the drug after it: ``the aromatase inhibitor letrozole``."""
    kept: list[Match] = []
    for match, following in zip_longest(matches, matches[1:]):
        describes = (
            match.entry.kind == "CLASS"
            and following is not None
            and following.entry.kind in ("DRUG", "CODE")
            and following.first == match.stop
            and words.folded[match.end : following.start].isspace()
            and not words.keys[match.stop - 1].endswith(("s", "therapy"))
        )
        if not describes:
            kept.append(match)
    return kept
