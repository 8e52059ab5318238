"""Diseases in a text, each with its stage: ``locally advanced or metastatic cervical cancer``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from summarizer.lexicon.abbreviations import expand_abbreviations
from summarizer.lexicon.condition_cores import JOINERS, Core, LongForms, abbreviated_cores, cores_between
from summarizer.lexicon.condition_edges import left_edge, part_edge, right_edge
from summarizer.lexicon.condition_names import plain_name
from summarizer.lexicon.condition_words import Role, roles
from summarizer.lexicon.mentions import ConditionMention
from summarizer.lexicon.tokens import Words, is_linked, key_of, split_words

_PEOPLE = frozenset(("patients", "adults", "people", "participants", "women", "men", "those", "children"))


def find_conditions(text: str) -> list[ConditionMention]:
    """Every disease that ``text`` names, in order and without overlaps, with its stage.

    Symptoms are left out.

    Markers before a disease (``HER2-negative``) are not part of its name. An abbreviation that the
    article defines is written out in the name; one that it does not define is kept.
    """
    words = split_words(text)
    long_forms = _local_abbreviations(text)
    mentions: list[ConditionMention] = []
    reach = 0
    for core in _longest(_cores(words, long_forms)):
        if words.starts[core.first] < reach:
            continue
        mention = _complete(text, words, core, reach)
        if mention is not None:
            mentions.append(mention)
            reach = mention.end
    return mentions


def _local_abbreviations(text: str) -> LongForms:
    """Abbreviations that the article defines as diseases."""
    found: LongForms = {}
    words = split_words(text)
    for short, (_, start, end) in expand_abbreviations(text).items():
        first, stop = bisect_left(words.starts, start), bisect_right(words.ends, end)
        if first >= stop:
            continue
        cores = [core for core in cores_between(words, first, stop) if right_edge(words, core.stop) == stop]
        if not cores:
            continue
        core = max(cores, key=lambda c: c.stop - c.first)
        if core.is_complete or left_edge(words, core.first, 0) < core.first:
            first = _stage_of_long_form(words, short, first)
            found[key_of(short)] = (plain_name(words, first, stop), core.mesh_id, short)
    return found


def _stage_of_long_form(words: Words, short: str, first: int) -> int:
    """First word of a long form, with the words of stage that the general algorithm leaves out.

    In "relapsed or refractory multiple myeloma (RRMM)" it is content with "refractory multiple myeloma".
    """
    edge = left_edge(words, first, 0)
    letters = [c for c in short.lower().removesuffix("s") if c.isalpha()]
    content = [key for key in words.keys[edge:first] if key not in JOINERS]
    is_spelled_out = edge < first and words.keys[edge][:1] == letters[0] and len(content) < len(letters)
    return edge if is_spelled_out and letters[: len(content)] == [key[0] for key in content] else first


def _cores(words: Words, long_forms: LongForms) -> Iterator[Core]:
    yield from abbreviated_cores(words, long_forms)
    yield from cores_between(words, 0, len(words.keys))


def _longest(cores: Iterable[Core]) -> list[Core]:
    """Cores in order, the longest of each overlapping group.

    An abbreviation the article defines beats others.
    """
    kept: list[Core] = []
    for core in sorted(cores, key=lambda c: (c.first, -c.stop, c.long_name is None)):
        if kept and core.first < kept[-1].stop:
            if core.stop - core.first > kept[-1].stop - kept[-1].first:
                kept[-1] = core
            continue
        kept.append(core)
    return kept


def _complete(text: str, words: Words, core: Core, reach: int) -> ConditionMention | None:
    """The mention around a core, or None when it is too general or part of a meeting's name."""
    if core.stop < len(words.keys) and _is_institution(words, core.stop):
        return None
    if core.abbreviation is not None or words.keys[core.stop - 1] not in roles():
        core = core._replace(first=part_edge(words, core.first, reach))
    if _is_spread_elsewhere(words, core):
        return None
    first = left_edge(words, core.first, reach)
    if not core.is_complete and (
        first == core.first or words.keys[core.first] not in ("cancer", "cancers", "malignancies")
    ):
        return None
    stop = right_edge(words, core.stop)
    start, end = words.starts[first], words.ends[stop - 1]
    name = plain_name(words, first, stop, core)
    return ConditionMention(start, end, text[start:end], name, core.mesh_id)


def _is_spread_elsewhere(words: Words, core: Core) -> bool:
    """True for "without brain metastases" and the like, which describe patients with another disease."""
    if not words.keys[core.stop - 1].startswith("metasta") or core.first == 0:
        return False
    before = words.keys[max(0, core.first - 2) : core.first]
    return before[-1] in ("without", "no", "and", "or") or (before[-1] == "with" and before[0] not in _PEOPLE)


def _is_institution(words: Words, index: int) -> bool:
    return bool(roles().get(words.keys[index], Role.NONE) & Role.INSTITUTION) and is_linked(words, index - 1)
