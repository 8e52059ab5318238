"""Diseases in a text, with the words of stage that belong to them: ``locally advanced or metastatic cervical cancer``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from summarizer.lexicon.abbreviations import expand_abbreviations
from summarizer.lexicon.condition_names import plain_name
from summarizer.lexicon.condition_words import (
    PART,
    Role,
    abbreviations,
    denied_names,
    is_stage_number,
    is_symbol,
    longest_after,
    may_matter,
    mesh_id_of,
    qualifier_ends,
    qualifiers,
    roles,
    tails,
)
from summarizer.lexicon.mentions import ConditionMention
from summarizer.lexicon.tokens import Words, is_linked, key_of, split_words

_JOINERS = frozenset(("or", "and", "to"))
_LEFT_GAPS = frozenset((" ", "-", "/", ", ", " / ", "\n", " - ", ",\n"))
_BRACKETED = re.compile(r"\([A-Za-z0-9/+-]{1,10}\) ?$")
_MAX_LEFT = 16
_MAX_TAIL_SITE = 5


_LongForms = dict[str, tuple[str, str | None, str]]
"""Abbreviations defined in the article, by key: the disease's name, its MeSH id, the abbreviation as written."""


class _Core(NamedTuple):
    """The disease without its qualifiers: words ``first`` to ``stop``."""

    first: int
    stop: int
    mesh_id: str | None
    long_name: str | None
    """What replaces the words in the name: the long form of an abbreviation defined in the article."""
    is_complete: bool
    """Can stand alone; a bare tumour word can't."""
    is_abbreviation: bool = False


def find_conditions(text: str) -> list[ConditionMention]:
    """Every disease that ``text`` names, in order and without overlaps, with its stage; symptoms are left out.

    Markers before a disease (``HER2-negative``) are not part of its name. An abbreviation that the article defines is written
    out in the name; one that it does not define is kept.
    """
    words = split_words(text)
    long_forms = _local_abbreviations(text)
    mentions: list[ConditionMention] = []
    reach = 0
    for core in _longest(_cores(words, long_forms)):
        mention = _complete(text, words, core, reach)
        if mention is not None:
            mentions.append(mention)
            reach = mention.end
    return mentions


def _gap(words: Words, index: int) -> str:
    """What stands between word ``index`` and the next."""
    return words.folded[words.ends[index] : words.starts[index + 1]]


# --------------------------------------------------------------------------------------------------- cores


def _local_abbreviations(text: str) -> _LongForms:
    """Abbreviations that the article defines as diseases: name, MeSH id and written form, by the key of the abbreviation."""
    found: _LongForms = {}
    words = split_words(text)
    for short, (_, start, end) in expand_abbreviations(text).items():
        inside = list(_words_between(words, start, end))
        if not inside:
            continue
        cores = [core for core in _cores_between(words, inside[0], inside[-1] + 1) if core.stop == inside[-1] + 1]
        if not cores:
            continue
        core = max(cores, key=lambda c: c.stop - c.first)
        first = _left_edge(words, core.first, 0)
        if not core.is_complete and first == core.first:
            continue
        name = plain_name(words, inside[0], inside[-1] + 1)
        if name:
            found[key_of(short)] = (name, core.mesh_id, short)
    return found


def _words_between(words: Words, start: int, end: int) -> Iterator[int]:
    index = bisect_left(words.starts, start)
    while index < len(words.starts) and words.ends[index] <= end:
        yield index
        index += 1


def _cores(words: Words, long_forms: _LongForms) -> Iterator[_Core]:
    yield from _abbreviated(words, long_forms)
    yield from _cores_between(words, 0, len(words.keys))


def _abbreviated(words: Words, long_forms: _LongForms) -> Iterator[_Core]:
    known = abbreviations()
    counts: dict[str, set[int]] = {}
    for key in long_forms:
        counts.setdefault(key.partition(" ")[0], set()).add(key.count(" ") + 1)
    for index, raw in enumerate(words.raws):
        key = words.keys[index]
        for count in counts.get(key, ()):
            stop = index + count
            defined = long_forms.get(" ".join(words.keys[index:stop]))
            if defined is not None and _written(words, index, stop).removesuffix("s") == defined[2].removesuffix("s"):
                yield _Core(index, stop, defined[1], defined[0], is_complete=True, is_abbreviation=True)
        if raw not in known or key in long_forms:
            continue
        for written, name, count in known[raw]:
            stop = index + count
            if stop <= len(words.keys) and _written(words, index, stop) == written:
                mesh_id = mesh_id_of(key_of(name))
                yield _Core(index, stop, mesh_id, None, is_complete=True, is_abbreviation=True)
                break


def _written(words: Words, first: int, stop: int) -> str:
    return words.folded[words.starts[first] : words.ends[stop - 1]]


def _cores_between(words: Words, begin: int, finish: int) -> Iterator[_Core]:
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


def _from_dictionary(words: Words, first: int, finish: int) -> _Core | None:
    limit = min(first + longest_after(words.keys[first]), finish)
    stop = first + 1
    while stop < limit and is_linked(words, stop - 1):
        stop += 1
    while stop > first:
        key = " ".join(words.keys[first:stop])
        mesh_id = mesh_id_of(key)
        if mesh_id is not None and key not in denied_names():
            return _Core(first, stop, mesh_id, None, is_complete=True)
        stop -= 1
    return None


def _from_head(words: Words, head: int, begin: int, role: int) -> _Core:
    """The name of a tumour: the organ and tissue words before its head."""
    first, has_part, only_weak = head, False, bool(role & Role.WEAK_HEAD)
    index = head
    while index > begin and head - index < _MAX_LEFT:
        previous = _skip_bracket(words, index, begin)
        key = words.keys[previous]
        part = _is_part(words, previous)
        gap = _gap(words, previous) if previous == index - 1 else " "
        if part and gap in _LEFT_GAPS and ("," not in gap or _is_listed(words, previous, head)):
            first, has_part = previous, True
        elif not (key in _JOINERS and gap == " " and _joins_parts(words, previous, begin)):
            break
        index = previous
    key = " ".join(words.keys[first : head + 1])
    return _Core(first, head + 1, _mesh_id(words, first, head + 1), None, is_complete=(has_part or not only_weak) and key not in denied_names())


def _is_part(words: Words, index: int) -> bool:
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
    """True when a comma after word ``index`` belongs to a list that "or" ends before the head: ``gastric, oesophageal or ...``."""
    return "or" in words.keys[index : head]


def _joins_parts(words: Words, joiner: int, begin: int) -> bool:
    """True when "or" or "and" stands between parts of one name: ``gastric or gastroesophageal``, ``head and neck``."""
    if joiner <= begin or joiner + 1 >= len(words.keys) or _gap(words, joiner - 1) not in (" ", ", ", "/"):
        return False
    left, right = words.keys[joiner - 1], words.keys[joiner + 1]
    if not _is_part(words, joiner - 1):
        return False
    if words.keys[joiner] == "or":
        return True
    return (left, right) == ("head", "neck") or (
        words.keys[joiner] == "and" and right in ("gastroesophageal", "gastro", "gastrooesophageal", "esophagogastric", "peritoneal")
    )


def _mesh_id(words: Words, first: int, stop: int) -> str | None:
    """MeSH id of the longest ending of the name that has one; a bare "cancer" has none."""
    head = words.keys[stop - 1]
    is_weak = bool(roles().get(head, Role.NONE) & Role.WEAK_HEAD)
    while first < stop - (1 if is_weak else 0):
        before = words.keys[first : stop - 1]
        for last in (head, "carcinoma", "cancer") if before else (head,):
            mesh_id = mesh_id_of(" ".join((*before, last)))
            if mesh_id is not None:
                return mesh_id
        first += 1
    return None


def _longest(cores: Iterable[_Core]) -> list[_Core]:
    """Cores in order, the longest of each overlapping group; an abbreviation the article defines beats others."""
    kept: list[_Core] = []
    for core in sorted(cores, key=lambda c: (c.first, -c.stop, c.long_name is None)):
        if kept and core.first < kept[-1].stop:
            if core.stop - core.first > kept[-1].stop - kept[-1].first:
                kept[-1] = core
            continue
        kept.append(core)
    return kept


# ------------------------------------------------------------------------------------- what belongs to them


def _complete(text: str, words: Words, core: _Core, reach: int) -> ConditionMention | None:
    """The mention around a core, or None when it is too general or part of a meeting's name."""
    if core.stop < len(words.keys) and _is_institution(words, core.stop):
        return None
    if core.is_abbreviation:
        core = core._replace(first=_part_edge(words, core.first, reach))
    if _is_spread_elsewhere(words, core):
        return None
    first = _left_edge(words, core.first, reach)
    if not core.is_complete and (first == core.first or words.keys[core.first] not in ("cancer", "cancers", "malignancies")):
        return None
    stop = _right_edge(words, core.stop)
    start, end = words.starts[first], words.ends[stop - 1]
    name = plain_name(words, first, stop, core.first, core.stop, core.long_name)
    return ConditionMention(start, end, text[start:end], name, core.mesh_id)


def _part_edge(words: Words, core: int, reach: int) -> int:
    """First of the tissue words before an abbreviation: ``nonsquamous NSCLC``."""
    index = core
    while index > 0 and words.starts[index - 1] >= reach and _gap(words, index - 1) in (" ", "-") and _is_part(words, index - 1):
        index -= 1
    return index


def _is_spread_elsewhere(words: Words, core: _Core) -> bool:
    """True for "without brain metastases" and the like, which describe patients with another disease."""
    return (
        words.keys[core.stop - 1].startswith("metasta")
        and core.first > 0
        and words.keys[core.first - 1] in ("with", "without", "no", "and", "or")
    )


def _is_institution(words: Words, index: int) -> bool:
    return bool(roles().get(words.keys[index], Role.NONE) & Role.INSTITUTION) and is_linked(words, index - 1)


def _left_edge(words: Words, core: int, reach: int) -> int:
    """First word of the qualifiers before a core; ``core`` itself where there are none."""
    table, known, ends = roles(), qualifiers(), qualifier_ends()
    edge = index = core
    while index > 0 and core - index < _MAX_LEFT and words.starts[index - 1] >= reach:
        gap, key = _gap(words, index - 1), words.keys[index - 1]
        raw = words.raws[index - 1]
        if gap not in _LEFT_GAPS and not (gap == "." and raw[-1:].isdigit()):
            break
        count = _qualifier_before(words, index, known, ends)
        if count:
            # The end of a compound is no stage: "PD-1-resistant" tells the treatment before.
            is_compound = count == 1 and index > 1 and _gap(words, index - 2) == "-" and not _may_precede(words, index - 2)
            index -= count
            if not is_compound:
                edge = index
        elif (
            key in _JOINERS
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
    """True for a word that may be hyphened to a qualifier of its own: "moderate-to-severe", "relapsed-refractory"."""
    return words.keys[index] in _JOINERS or words.keys[index] in qualifiers()


def _qualifier_before(words: Words, index: int, known: frozenset[str], ends: dict[str, int]) -> int:
    """Number of words of the longest qualifier that ends right before word ``index``."""
    for count in range(min(ends.get(words.keys[index - 1], 0), index), 0, -1):
        if " ".join(words.keys[index - count : index]) in known and all(
            _gap(words, k) in (" ", "-", "\n") for k in range(index - count, index - 1)
        ):
            return count
    return 0


def _right_edge(words: Words, stop: int) -> int:
    """End of the phrase after a core: ``with preserved ejection fraction``, ``of the head and neck``."""
    if stop >= len(words.keys):
        return stop
    gap, key = _gap(words, stop - 1), words.keys[stop]
    if gap not in (" ", "\n", "-"):
        return stop
    phrases, beginnings, longest = tails()
    if key in beginnings:
        for count in range(min(longest, len(words.keys) - stop), 0, -1):
            if " ".join(words.keys[stop : stop + count]) in phrases and _is_unbroken(words, stop, stop + count):
                return stop + count
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
