"""Classes of drugs named by what they act on.

For example ``PD-1 checkpoint inhibitor``, ``KRAS G12C inhibitors``, ``CRF1 antagonist``.
"""

from __future__ import annotations

from functools import cache

from summarizer.lexicon.data import read_pairs
from summarizer.lexicon.entries import DrugEntry
from summarizer.lexicon.lookup import Match
from summarizer.lexicon.tokens import Words

_MAX_WORDS = 8
_LINKS = frozenset((" ", "-", "/", " / ", "/ ", "\n"))


@cache
def _roles() -> dict[str, str]:
    return dict(read_pairs("class_words.tsv"))


@cache
def _heads() -> dict[str, str]:
    heads = [word for word, role in read_pairs("class_words.tsv") if role == "head"]
    return {form: head for head in heads for form in (head, head + "s")}


def _is_symbol(word: str) -> bool:
    """True for the name of a molecule: ``PD``, ``L1``, ``EGFR``, ``HIF``, ``2α``."""
    return any(c.isdigit() for c in word) or sum(c.isupper() for c in word) > 1


def find_classes(words: Words) -> list[Match]:
    """Classes named by their target, as matches whose generic name is the class in the singular."""
    roles, heads = _roles(), _heads()
    found: list[Match] = []
    for stop, key in enumerate(words.keys):
        head = heads.get(key)
        if head is None:
            continue
        first, has_target = stop, False
        while first > 0 and stop - first < _MAX_WORDS:
            gap = words.folded[words.ends[first - 1] : words.starts[first]]
            raw = words.raws[first - 1]
            role = roles.get(words.keys[first - 1])
            symbol = role is None and _is_symbol(raw)
            if gap not in _LINKS or not (symbol or role in ("target", "link")):
                break
            has_target = has_target or symbol or role == "target"
            first -= 1
        if not has_target:
            continue
        start, end = words.starts[first], words.ends[stop]
        found.append(
            Match(first, stop + 1, start, end, DrugEntry(_name(words, first, stop, head), "CLASS", "VOCABULARY"))
        )
    return found


def _name(words: Words, first: int, stop: int, head: str) -> str:
    parts: list[str] = []
    for index in range(first, stop):
        raw = words.raws[index]
        parts.append(raw if _is_symbol(raw) else raw.lower())
        gap = words.folded[words.ends[index] : words.starts[index + 1]]
        parts.append(" " if gap.isspace() else gap.strip())
    return "".join(parts) + head
