"""The walk through the article, sentence by sentence: what each speaks of, and where the line of reference breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from summarizer.extraction.rules.clusters import cluster_designations
from summarizer.extraction.rules.discourse.described import (
    cut_description,
    described_by_disease,
    implied,
    introduced,
    speaks_of_other_disease,
    speaks_of_the_main,
)
from summarizer.extraction.rules.discourse.mains import choose_mains, share_plural
from summarizer.extraction.rules.discourse.model import Discourse, TrialNode
from summarizer.extraction.rules.discourse.naming import named_trials
from summarizer.extraction.rules.discourse.state import Named, Walk
from summarizer.reading.blocks import BlockKind
from summarizer.reading.lost_antecedents import (
    announces_a_study,
    continues_known_subject,
    is_lead_without_venue,
    only_source_is_cut,
)
from summarizer.reading.reader import Reading, SentenceMentions
from summarizer.reading.sentences import Sentence
from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan


def follow_discourse(reading: Reading) -> Discourse:
    """Walk the article and decide which trial each sentence speaks of."""
    walk = _start(reading)
    for sentence, mentions in zip(reading.sentences, reading.mentions, strict=True):
        _step(walk, sentence, mentions)
    shared = share_plural(walk)
    choose_mains(walk)
    mains = tuple(node.number for node in walk.nodes if node.is_main)
    return Discourse(walk.nodes, walk.subjects, walk.lost_at, _names(reading, walk.nodes), mains, shared)


def _names(reading: Reading, nodes: Sequence[TrialNode]) -> list[list[tuple[TextSpan, int]]]:
    found: list[list[tuple[TextSpan, int]]] = [[] for _ in reading.sentences]
    for node in nodes:
        for item in node.designations:
            found[reading.sentence_at(item.span.start)].append((item.span, node.number))
    return [sorted(names) for names in found]


_CUT_OFF = (TruncationKind.CUT_SENTENCE, TruncationKind.CUT_END)
_HOLE_FOR_A_NAME = re.compile(r"\b(?:the|called|named) \(\s*\)|\b(?:trial|study) \(\s*\)")


def _start(reading: Reading) -> Walk:
    return Walk(
        reading,
        cluster_designations(reading),
        cuts={item.sentence: item for item in reading.damage if item.kind in _CUT_OFF},
        starts=frozenset(item.sentence for item in reading.damage if item.kind is TruncationKind.CUT_START),
        name_was_lost=any(
            item.kind is TruncationKind.GAP and _HOLE_FOR_A_NAME.search(item.span.of(reading.folded)) is not None
            for item in reading.damage
        ),
    )


def _step(walk: Walk, sentence: Sentence, mentions: SentenceMentions) -> None:
    if sentence.number >= walk.reading.boilerplate_from and not mentions.designations:
        walk.note(())
        return
    opens_block = sentence.block != walk.block
    walk.block = sentence.block
    _mend_or_break(walk, sentence, opens_block=opens_block)
    named = named_trials(walk, sentence, mentions)
    if sentence.kind is BlockKind.HEADING:
        walk.titled = True
        walk.headed = walk.headed or walk.body_seen
        _heading(walk, sentence, named)
        if sentence.number in walk.cuts and not named:
            walk.lost, walk.current, walk.section = True, (), ()
        return
    walk.body_seen = walk.body_seen or sentence.kind is not BlockKind.OTHER
    if sentence.kind is BlockKind.PROSE:
        walk.prose_seen += 1
    subjects = _subject(walk, sentence, mentions, named, opens_block=opens_block)
    walk.note(subjects)
    if not walk.home and subjects and (named or mentions.estimates):
        walk.home = walk.current
    _note_plural(walk, sentence, mentions)
    for number in subjects:
        walk.nodes[number].sentences.append(sentence.number)
    if sentence.number in walk.cuts:
        _after_cut(walk, sentence, mentions, named)


def _after_cut(walk: Walk, sentence: Sentence, mentions: SentenceMentions, named: Named) -> None:
    """A sentence without its end: it may still tell its study, or have lost its source only; else the line breaks."""
    cut = walk.cuts[sentence.number]
    subjects = walk.subjects[-1]
    end_of_results = mentions.estimates[-1].span.end if mentions.estimates else None
    if announces_a_study(walk.folded, cut) and not named:
        described = cut_description(walk, sentence, mentions)
        if described is None:
            walk.lost, walk.current, walk.section = True, (), ()
            return
        walk.turn_to((described,))
        walk.name_was_cut = True
        walk.nodes[described].sentences.append(sentence.number)
        walk.subjects[-1] = (described,)
    elif subjects and only_source_is_cut(walk.folded, cut, end_of_results):
        walk.sourceless.update(subjects)
    elif is_lead_without_venue(walk.folded, walk.reading.sentences, cut):
        walk.lead_lost_its_source = True
    elif not continues_known_subject(walk.folded, cut):
        walk.lost, walk.current, walk.section = True, (), ()


def _mend_or_break(walk: Walk, sentence: Sentence, *, opens_block: bool) -> None:
    """A sentence without its beginning breaks the line of reference, until a trial is named.

    Where the text knows of one trial only, the next paragraph goes back to it.
    """
    if opens_block and walk.lost_in_block:
        walk.lost_in_block = False
        if len(walk.nodes) == 1:
            walk.turn_to((walk.nodes[0].number,))
    if sentence.number in walk.starts and sentence.number > 0 and not walk.lost:
        walk.lost, walk.lost_in_block, walk.current, walk.section = True, True, (), ()


_ABOUT_OTHERS = re.compile(
    r"\b(?:earlier|previous|prior|other|others|ongoing|next|planned|future|background|rivals?|compet\w+|elsewhere"
    r"|pipeline|lessons|context|wider|beyond|to come)\b",
    re.IGNORECASE,
)


def _heading(walk: Walk, sentence: Sentence, named: Named) -> None:
    numbers = tuple(number for number, _ in named)
    walk.home = ()
    walk.parted = bool(numbers) or _ABOUT_OTHERS.search(walk.folded, sentence.start, sentence.end) is not None
    if numbers:
        walk.section, walk.current, walk.lost = numbers, numbers, False
    elif sentence.number > 0:
        walk.section = ()
        mains = walk.main_numbers()
        if walk.is_headless and _may_be_anothers(walk, mains):
            walk.lost, walk.current = True, ()  # the article's own trial was named in its lost head
        elif len(mains) == 1 and not walk.lost:
            walk.current = mains
    walk.note(numbers)
    for number in numbers:
        walk.nodes[number].sentences.append(sentence.number)


def _may_be_anothers(walk: Walk, mains: Sequence[int]) -> bool:
    """True when a new part of an article without its head need not go on about the trials that were named so far."""
    if walk.current and walk.in_passing.issuperset(walk.current):
        return True
    return len(walk.nodes) > 1 and not any(walk.nodes[number].is_main for number in mains)


_COUNT_WORDS = {"two": 2, "three": 3, "four": 4}


def _note_plural(walk: Walk, sentence: Sentence, mentions: SentenceMentions) -> None:
    """Remember "two randomised trials": it speaks of the trials that are named from here on."""
    for study in mentions.studies:
        if study.plural and not study.definite:
            count = _COUNT_WORDS.get(walk.folded[study.span.start : study.span.end].split()[0].lower())
            if count is not None:
                walk.plural.append((sentence.number, count))
                return


_PLURAL_REFERENCE = re.compile(
    r"\b(?:both|all|the two|the three|each of the|these|the four) (?:[\w-]+ ){0,2}(?:trials|studies)\b"
    r"|\bin each trial\b",
    re.IGNORECASE,
)


_ANAPHOR = re.compile(
    r"^(?:In (?:that|this|the same) (?:trial|study)|There,|That (?:trial|study)|This (?:trial|study)|It |Its |They "
    r"|Both (?:trials|studies))"
)


_GOES_ON = re.compile(r"^(?:Later|Subsequent(?:ly)?|Further|Subgroup|Longer|In (?:a |later )?subgroup)\b")


def _subject(
    walk: Walk, sentence: Sentence, mentions: SentenceMentions, named: Named, *, opens_block: bool
) -> tuple[int, ...]:
    """The trials that a sentence speaks of: named, described, referred to together, or the ones before."""
    if named:
        return _subject_of_named(walk, sentence, named)
    told = _told(walk, sentence, mentions)
    if told:
        walk.turn_to(told)
        return told
    if speaks_of_other_disease(walk, sentence):
        walk.lost, walk.current, walk.section = True, (), ()
    if walk.lost:
        return ()
    text = walk.folded[sentence.start : sentence.end]
    several = _several(walk) if _PLURAL_REFERENCE.search(text) else ()
    if several:
        return several
    if opens_block and not walk.section and not _ANAPHOR.match(text) and not _GOES_ON.match(text):
        mains = walk.main_numbers()
        home = walk.home if walk.headed and walk.home else mains
        stays = bool(walk.current) and walk.current[0] in walk.sourceless
        if len(home) == 1 and walk.current and walk.current[0] not in home and not stays:
            walk.current = home
    return walk.current


def _told(walk: Walk, sentence: Sentence, mentions: SentenceMentions) -> tuple[int, ...]:
    """The trial that a sentence tells without its name: by its disease, its description or as the article's own."""
    by_disease = described_by_disease(walk, sentence)
    if by_disease is not None:
        return (by_disease,)
    node = introduced(walk, sentence, mentions)
    if node is None and speaks_of_the_main(walk, sentence):
        return walk.main_numbers()
    if node is None and not walk.nodes and not walk.lost and mentions.estimates:
        node = implied(walk, sentence)
    return () if node is None else (node.number,)


def _several(walk: Walk) -> tuple[int, ...]:
    mains = tuple(node.number for node in walk.nodes if node.is_main and node.is_named)
    if len(mains) >= 2:
        return mains
    named = tuple(node.number for node in walk.nodes if node.is_named)
    return named[-2:] if len(named) >= 2 else ()


_NO_SHIFT = re.compile(
    r"\b(?:than in|than|as in|similar to|unlike|confused with|achieved in|seen in|observed in|reported in"
    r"|compared with|against|as was|same (?:[\w-]+ ){0,4}(?:as|in)|(?:compared|relative|next|similar|contrast"
    r"|identical|close) to|smaller than in"
    r"|what .{3,60} in)\s(?:the )?(?:phase \w+ )?$",
    re.IGNORECASE,
)


_RELATIVE = re.compile(r"(?:\s?\([^)]*\))?, (?:which|where)\b")
"""After the name of a trial that is brought in for comparison: "In X, which compared ..., ..."."""


def _subject_of_named(walk: Walk, sentence: Sentence, named: Named) -> tuple[int, ...]:
    numbers = tuple(number for number, _ in named)
    first, span = named[0]
    before = walk.folded[sentence.start : span.start]
    aside = walk.current and not set(numbers) & set(walk.current) and _NO_SHIFT.search(before) is not None
    titled = bool(walk.in_title) and not walk.in_title & set(numbers)
    is_aside = before.strip() == "In" and _RELATIVE.match(walk.folded, span.end) is not None
    in_passing = walk.is_headless and (is_aside or sentence.kind is not BlockKind.PROSE)
    if in_passing:
        walk.in_passing.update(numbers)
    if walk.prose_seen <= 2 and not walk.lost and walk.lead_open and not (aside or titled or in_passing):
        for number in numbers if len(numbers) <= 4 else numbers[:1]:
            if number == first or _adjacent_names(walk.folded, named):
                walk.nodes[number].is_main = True
    walk.lead_open = False
    if aside:
        return (*walk.current, *numbers)
    if sentence.number in walk.starts and _NO_SHIFT.search(before) is not None:
        walk.lost, walk.current = True, ()  # whom it is compared with was cut away
        walk.in_passing.update(numbers)
        return numbers
    walk.lost = walk.lost_in_block = False
    walk.current = numbers if _adjacent_names(walk.folded, named) else (first,)
    return numbers


_ONE_BREATH = re.compile(r"(?:\s?\([^)]*\))?(?:,? [a-z]+ in [A-Z]\w+)?\s?(?:,|and|, and|;|or|&|/)?\s?(?:the )?")


def _adjacent_names(folded: str, named: Named) -> bool:
    """True for names given in one breath: "X (NCT...) and Y (NCT...)"."""
    for (_, first), (_, second) in pairwise(named):
        gap = folded[first.end : second.start]
        if len(gap) > 60 or not _ONE_BREATH.fullmatch(gap):
            return False
    return len(named) >= 2
