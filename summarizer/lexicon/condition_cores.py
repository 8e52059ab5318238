"""Diseases without their stage: names of the dictionary, tumours named after an organ, abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.lexicon.condition_words import (
    PART,
    Role,
    abbreviations,
    denied_names,
    longest_after,
    may_matter,
    mesh_id_of,
    roles,
)
from summarizer.lexicon.tokens import Words, gap_after, is_linked, split_words

LEFT_GAPS = frozenset((" ", "-", "/", ", ", " / ", "\n", " - ", ",\n"))
"""What may stand between words of a condition's name and of its qualifiers."""
JOINERS = frozenset(("or", "and", "to"))
MAX_LEFT = 16
"""Greatest number of words before the last word of a name that are looked at."""

_GENERAL_WORDS = frozenset(("disease", "syndrome", "disorder"))
_BRACKETED = re.compile(r"\([A-Za-z0-9/+-]{1,10}\) ?$")

LongForms = dict[str, tuple[str, str | None, str]]
"""Abbreviations defined in the article, by key: the disease's name, its MeSH id, the abbreviation as
written."""


class Core(NamedTuple):
    """The disease without its qualifiers: words ``first`` to ``stop``."""

    first: int
    stop: int
    mesh_id: str | None
    long_name: str | None
    """What replaces the words in the name: the long form of an abbreviation defined in the article."""
    is_complete: bool
    """Can stand alone; a bare tumour word can't."""
    abbreviation: int | None = None
    """First word of the abbreviation that the core ends with; None where it is no abbreviation."""


def abbreviated_cores(words: Words, long_forms: LongForms) -> Iterator[Core]:
    """Abbreviations that the article defines, and well-known ones that it does not."""
    known = abbreviations()
    counts: dict[str, set[int]] = {}
    long_forms = {f"{key}s": form for key, form in long_forms.items()} | long_forms
    for key in long_forms:
        counts.setdefault(key.partition(" ")[0], set()).add(key.count(" ") + 1)
    for index, raw in enumerate(words.raws):
        key = words.keys[index]
        for count in counts.get(key, ()):
            stop = index + count
            defined = long_forms.get(" ".join(words.keys[index:stop]))
            if defined is not None and _written(words, index, stop).removesuffix("s") == defined[2].removesuffix("s"):
                yield Core(index, stop, defined[1], defined[0], is_complete=True, abbreviation=index)
        if raw not in known or key in long_forms:
            continue
        for written, name, count in known[raw]:
            stop = index + count
            if stop <= len(words.keys) and _written(words, index, stop) == written:
                mesh_id = _mesh_id_of_name(name)
                yield Core(index, stop, mesh_id, None, is_complete=True, abbreviation=index)
                break


def _mesh_id_of_name(name: str) -> str | None:
    """MeSH id of a name, or of its longest ending or beginning that has one."""
    words = split_words(name)
    tail = words.keys.index("with") if "with" in words.keys else len(words.keys)
    return mesh_id_of_words(words, 0, tail)


def _written(words: Words, first: int, stop: int) -> str:
    return words.folded[words.starts[first] : words.ends[stop - 1]]


def cores_between(words: Words, begin: int, finish: int) -> Iterator[Core]:
    """Diseases by name among words ``begin`` to ``finish``; they may overlap."""
    table, keys = roles(), words.keys
    for index in range(begin, finish):
        key = keys[index]
        if not may_matter(key):
            continue
        if longest_after(key):
            core = _from_dictionary(words, index, finish)
            if core is not None:
                yield core
        role = table.get(key, Role.NONE)
        if role & (Role.HEAD | Role.WEAK_HEAD):
            yield _from_head(words, index, begin, role)


def _from_dictionary(words: Words, first: int, finish: int) -> Core | None:
    limit = min(first + longest_after(words.keys[first]), finish)
    stop = first + 1
    while stop < limit and is_linked(words, stop - 1):
        stop += 1
    while stop > first:
        key = " ".join(words.keys[first:stop])
        mesh_id = mesh_id_of(key)
        if mesh_id is not None and key not in denied_names():
            return Core(first, _with_general_word(words, stop), mesh_id or None, None, is_complete=True)
        stop -= 1
    return None


def _with_general_word(words: Words, stop: int) -> int:
    """Take in "disease" or "syndrome" after a name that the dictionary has without it."""
    if stop < len(words.keys) and words.keys[stop] in _GENERAL_WORDS and gap_after(words, stop - 1) in (" ", "\n"):
        return stop + 1
    return stop


def _from_head(words: Words, head: int, begin: int, role: int) -> Core:
    """The name of a tumour: the organ and tissue words before its head."""
    first, has_part, only_weak = head, False, bool(role & Role.WEAK_HEAD)
    index = head
    while index > begin and head - index < MAX_LEFT:
        previous = _skip_bracket(words, index, begin)
        key = words.keys[previous]
        part = is_part(words, previous)
        gap = gap_after(words, previous) if previous == index - 1 else " "
        if part and gap in LEFT_GAPS and ("," not in gap or _is_listed(words, previous, head)):
            first, has_part = previous, True
        elif not (key in JOINERS and gap == " " and _joins_parts(words, previous, begin)):
            break
        index = previous
    key = " ".join(words.keys[first : head + 1])
    return Core(
        first,
        head + 1,
        mesh_id_of_words(words, first, head + 1),
        None,
        is_complete=(has_part or not only_weak) and key not in denied_names(),
    )


def is_part(words: Words, index: int) -> bool:
    """True for a word of a tumour's name before its head; "negative" is one in "triple-negative" only."""
    if words.keys[index] == "negative":
        return index > 0 and words.keys[index - 1] == "triple"
    return bool(roles().get(words.keys[index], Role.NONE) & PART)


def _skip_bracket(words: Words, index: int, begin: int) -> int:
    """The word before ``index``, over a bracketed abbreviation: ``junction (GEJ) adenocarcinoma``."""
    before = words.folded[max(0, words.starts[index] - 14) : words.starts[index]]
    match = _BRACKETED.search(before)
    previous = index - 1
    if match is not None:
        opening = words.starts[index] - len(before) + match.start()
        while previous > begin and words.starts[previous] >= opening:
            previous -= 1
    return previous


def _is_listed(words: Words, index: int, head: int) -> bool:
    """True when a comma after word ``index`` belongs to a list that "or" ends before the head.

    For example ``gastric, oesophageal or ...``.
    """
    return "or" in words.keys[index:head]


def _joins_parts(words: Words, joiner: int, begin: int) -> bool:
    """True when "or" or "and" stands between parts of one name.

    For example ``gastric or gastroesophageal``, ``head and neck``.
    """
    if joiner <= begin or joiner + 1 >= len(words.keys) or gap_after(words, joiner - 1) not in (" ", ", ", "/"):
        return False
    left, right = words.keys[joiner - 1], words.keys[joiner + 1]
    if not is_part(words, joiner - 1):
        return False
    if words.keys[joiner] == "or":
        return True
    return (left, right) == ("head", "neck") or (
        words.keys[joiner] == "and"
        and right in ("gastroesophageal", "gastro", "gastrooesophageal", "esophagogastric", "peritoneal")
    )


def mesh_id_of_words(words: Words, first: int, stop: int) -> str | None:
    """MeSH id of the longest ending of the name that has one; a bare "cancer" has none."""
    head = words.keys[stop - 1]
    is_weak = bool(roles().get(head, Role.NONE) & Role.WEAK_HEAD)
    while first < stop - (1 if is_weak else 0):
        before = words.keys[first : stop - 1]
        for last in (head, "carcinoma", "cancer") if before else (head,):
            mesh_id = mesh_id_of(" ".join((*before, last)))
            if mesh_id:
                return mesh_id
        first += 1
    return None
