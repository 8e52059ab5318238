"""How far a condition reaches around its name.

Stage and severity before it, ``with reduced ejection fraction`` after it.
"""

from __future__ import annotations

import re

from summarizer.lexicon.condition_cores import JOINERS, LEFT_GAPS, MAX_LEFT, is_part
from summarizer.lexicon.condition_words import (
    PART,
    Role,
    is_stage_number,
    is_symbol,
    qualifier_ends,
    qualifiers,
    roles,
    tails,
)
from summarizer.lexicon.tokens import Words, gap_after, is_linked

_TYPE = re.compile(r"[0-9]{1,2}|[A-H]|I{1,3}|IV|V")
_MAX_TAIL_SITE = 5


def part_edge(words: Words, core: int, reach: int) -> int:
    """First of the tissue words before an abbreviation: ``nonsquamous NSCLC``."""
    index = core
    while (
        index > 0
        and words.starts[index - 1] >= reach
        and gap_after(words, index - 1) in (" ", "-")
        and is_part(words, index - 1)
    ):
        index -= 1
    return index


def left_edge(words: Words, core: int, reach: int) -> int:
    """First word of the qualifiers before a core; ``core`` itself where there are none."""
    table, known, ends = roles(), qualifiers(), qualifier_ends()
    edge = index = core
    while index > 0 and core - index < MAX_LEFT and words.starts[index - 1] >= reach:
        gap, key = gap_after(words, index - 1), words.keys[index - 1]
        raw = words.raws[index - 1]
        if gap not in LEFT_GAPS and not (gap == "." and raw[-1:].isdigit()):
            break
        count = _qualifier_before(words, index, known, ends)
        if count:
            # The end of a compound is no stage: "PD-1-resistant" tells the treatment before.
            is_compound = (
                count == 1 and index > 1 and gap_after(words, index - 2) == "-" and not _may_precede(words, index - 2)
            )
            index -= count
            if not is_compound:
                edge = index
        elif (
            key in JOINERS
            or is_stage_number(raw)
            or is_symbol(raw)
            or table.get(key, Role.NONE) & (PART | Role.SKIP)
            or (raw.isdigit() and gap == ".")
        ):
            index -= 1
        else:
            break
    return edge


def _may_precede(words: Words, index: int) -> bool:
    """True for a word that may be hyphened to a qualifier of its own.

    "moderate-to-severe", "relapsed-refractory".
    """
    return words.keys[index] in JOINERS or words.keys[index] in qualifiers()


def _qualifier_before(words: Words, index: int, known: frozenset[str], ends: dict[str, int]) -> int:
    """Number of words of the longest qualifier that ends right before word ``index``."""
    for count in range(min(ends.get(words.keys[index - 1], 0), index), 0, -1):
        if " ".join(words.keys[index - count : index]) in known and all(
            gap_after(words, k) in (" ", "-", "\n") for k in range(index - count, index - 1)
        ):
            return count
    return 0


def right_edge(words: Words, stop: int) -> int:
    """End of the phrase after a core: ``with preserved ejection fraction``, ``of the head and neck``."""
    if stop >= len(words.keys):
        return stop
    gap, key = gap_after(words, stop - 1), words.keys[stop]
    if gap not in (" ", "\n", "-"):
        return stop
    phrases, beginnings, longest = tails()
    if key in beginnings:
        for count in range(min(longest, len(words.keys) - stop), 0, -1):
            if " ".join(words.keys[stop : stop + count]) in phrases and _is_unbroken(words, stop, stop + count):
                return stop + count
    if (
        key == "type"
        and stop + 1 < len(words.keys)
        and gap_after(words, stop) == " "
        and _TYPE.fullmatch(words.raws[stop + 1])
    ):
        return stop + 2
    if key == "of":
        return _site_tail(words, stop)
    return stop


def _is_unbroken(words: Words, first: int, stop: int) -> bool:
    return all(is_linked(words, k) for k in range(first, stop - 1))


def _site_tail(words: Words, of: int) -> int:
    """End of "of the <organ>", or ``of`` where no organ follows."""
    table = roles()
    index, end = of + 1, of
    while index < len(words.keys) and index - of <= _MAX_TAIL_SITE + 1 and is_linked(words, index - 1):
        key = words.keys[index]
        if table.get(key, Role.NONE) & Role.SITE:
            end = index + 1
        elif key not in ("the", "and", "or"):
            break
        index += 1
    return end
