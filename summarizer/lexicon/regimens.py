"""Short names of regimens that hold in one article only: ``drug plus drug (DpD)``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from summarizer.lexicon.entries import DrugEntry
from summarizer.lexicon.lookup import Match, entry_of
from summarizer.lexicon.tokens import Words, key_of

_JOINS = re.compile(r",?\s?(?:and|plus|with|,|-|/|\+|followed by)?\s?(?:the )?")
_IN_BRACKETS = re.compile(r"\s?[(\[](?P<name>[A-Za-z][A-Za-z0-9/+-]{1,11})(?=[;,)\]]| regimen)")
_BEFORE_BRACKET = re.compile(
    r"(?<![\w/-])(?P<name>[A-Z][A-Za-z0-9-]{2,11})(?:\s?\((?:[a-z]+ ){0,2}|, an? (?:cocktail|combination|mix"
    r"|regimen) of )$"
)
_REACH = 40


def regimen_names(words: Words, matches: Sequence[Match]) -> Iterable[tuple[str, DrugEntry]]:
    """Names beside two or more drugs that they stand for, as regimens."""
    folded = words.folded
    drugs = [match for match in matches if match.entry.kind in ("DRUG", "CLASS", "CODE")]
    for first, second in pairwise(drugs):
        gap = folded[first.end : second.start]
        if len(gap) > _REACH or _JOINS.fullmatch(gap) is None or first.entry.generic == second.entry.generic:
            continue
        behind = _IN_BRACKETS.match(folded, second.end)
        before = _BEFORE_BRACKET.search(folded[max(0, first.start - _REACH) : first.start])
        for found in (behind, before):
            name = found["name"] if found is not None else ""
            if sum(character.isupper() for character in name) >= 2 and entry_of(key_of(name)) is None:
                yield name, DrugEntry(name, "REGIMEN", "LOCAL")
