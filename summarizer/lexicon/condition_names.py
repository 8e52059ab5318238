"""The name under which a record lists a condition: plain, lower case, without markers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.lexicon.condition_cores import JOINERS, Core
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


def plain_name(words: Words, first: int, stop: int, core: Core | None = None) -> str:
    """Name of the condition in words ``first`` to ``stop``.

    Args:
        words: the text.
        first: first word, qualifiers included.
        stop: word after the last.
        core: the disease among these words; the qualifiers before it lose their markers. Without it, all of
            the words are the disease.
    """
    if core is None:
        core = Core(first, stop, None, None, is_complete=True)
    kept = [index for index in range(first, core.first) if _belongs(words, index, first, core.first)]
    while kept and words.keys[kept[-1]] in JOINERS:
        kept.pop()
    parts = [_joined(words, kept)]
    if core.long_name is not None and core.abbreviation is not None:
        parts += [_joined(words, range(core.first, core.abbreviation)), core.long_name]
    else:
        parts.append(_joined(words, _without_brackets(words, core.first, core.stop)))
    parts.append(_joined(words, range(core.stop, stop)))
    return " ".join(" ".join(parts).split())


def _belongs(words: Words, index: int, first: int, core_first: int) -> bool:
    """False for a marker (``HER2``, ``positive``) among the qualifiers."""
    key = words.keys[index]
    raw = words.raws[index]
    if is_stage_number(raw) or key in JOINERS or key in qualifiers():
        return True
    for begin in range(max(first, index - 3), index + 1):
        for end in range(index + 1, min(core_first, index + 4) + 1):
            if " ".join(words.keys[begin:end]) in qualifiers():
                return True
    role = roles().get(key, Role.NONE)
    return bool(role & PART) and not role & Role.SKIP and not is_symbol(raw)


def _joined(words: Words, indices: Sequence[int]) -> str:
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
