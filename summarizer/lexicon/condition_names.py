"""The name under which a record lists a condition: plain, lower case, without markers."""

from __future__ import annotations

import re

from summarizer.lexicon.condition_words import (
    PART,
    Role,
    is_stage_number,
    is_symbol,
    keeps_capital,
    qualifiers,
    roles,
)
from summarizer.lexicon.tokens import Words

_SPACES = re.compile(r"\s+")
_SINGULAR = (
    "cancers",
    "carcinomas",
    "adenocarcinomas",
    "lymphomas",
    "sarcomas",
    "melanomas",
    "gliomas",
    "leukemias",
    "myelomas",
)
_JOINERS = frozenset(("or", "and", "to"))


def plain_name(
    words: Words,
    first: int,
    stop: int,
    core_first: int | None = None,
    core_stop: int | None = None,
    long_name: str | None = None,
) -> str:
    """Name of the condition in words ``first`` to ``stop``.

    Args:
        words: the text.
        first: first word, qualifiers included.
        stop: word after the last.
        core_first: first word of the disease itself; qualifiers before it lose their markers.
        core_stop: word after the disease itself.
        long_name: replaces the disease's own words.
    """
    core_first = first if core_first is None else core_first
    core_stop = stop if core_stop is None else core_stop
    kept = [index for index in range(first, core_first) if _belongs(words, index, first, core_first)]
    while kept and words.keys[kept[-1]] in _JOINERS:
        kept.pop()
    core = _joined(words, _without_brackets(words, core_first, core_stop))
    if long_name is not None:
        abbreviation = _joined(words, [core_stop - 1])
        core = core.removesuffix(abbreviation) + long_name
    tail = _joined(words, list(range(core_stop, stop)))
    return " ".join(" ".join((_joined(words, kept), core, tail)).split())


def _belongs(words: Words, index: int, first: int, core_first: int) -> bool:
    """False for a marker (``HER2``, ``positive``) among the qualifiers."""
    key = words.keys[index]
    raw = words.raws[index]
    if is_stage_number(raw) or key in _JOINERS or key in qualifiers():
        return True
    for begin in range(max(first, index - 3), index + 1):
        for end in range(index + 1, min(core_first, index + 4) + 1):
            if " ".join(words.keys[begin:end]) in qualifiers():
                return True
    role = roles().get(key, Role.NONE)
    return bool(role & PART) and not role & Role.SKIP and not is_symbol(raw)


def _joined(words: Words, indices: list[int]) -> str:
    """The words with what stands between them, in lower case but for names and symbols."""
    parts: list[str] = []
    for position, index in enumerate(indices):
        raw = words.raws[index]
        is_last_letter = raw == "A" and position > 0 and position + 1 == len(indices)  # hemophilia A
        parts.append(raw if is_last_letter else _cased(raw))
        if position + 1 < len(indices):
            following = indices[position + 1]
            gap = words.folded[words.ends[index] : words.starts[following]] if following == index + 1 else " "
            parts.append(_plain_gap(gap))
    return "".join(parts)


def _plain_gap(gap: str) -> str:
    return " " if "(" in gap or ")" in gap else _SPACES.sub(" ", gap)


def _cased(raw: str) -> str:
    lowered = raw.lower()
    if len(raw) == 1 and raw in "BCDTX":  # B-cell, T-cell, hepatitis B, X-linked
        return raw
    if lowered in _SINGULAR:
        return lowered[:-1]
    if is_symbol(raw) and not (raw.isupper() and raw.isalpha() and len(raw) > 6):
        return raw
    if (raw[:1].isupper() and keeps_capital(raw)) or is_stage_number(raw):
        return raw.capitalize() if raw.isupper() and len(raw) > 5 else raw
    return lowered


def _without_brackets(words: Words, first: int, stop: int) -> list[int]:
    """Word indices without those in brackets.

    For example ``gastric or gastroesophageal junction (G/GEJ) adenocarcinoma``.
    """
    kept: list[int] = []
    depth = 0
    for index in range(first, stop):
        if index > first:
            gap = words.folded[words.ends[index - 1] : words.starts[index]]
            depth += gap.count("(") - gap.count(")")
        if depth <= 0:
            kept.append(index)
    return kept
