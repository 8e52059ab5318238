"""What link-stripping scrapers do to an article: each deed at a chosen place, with what it took and what still shows.

A deed knows the clean article only as text, sentences and paragraphs; what a careful reader would notice of it is told
here from the shape of what is left (its own lists of words), never from the code that is to find it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from summarizer.reading.blocks import Block, BlockKind
from summarizer.reading.reader import Reading
from summarizer.reading.sentences import Sentence
from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan

from ..material import Specimen
from .links import find_links
from .traces import Trace, after_hole, after_lost_beginning, at_end, before_cut


class Deed(StrEnum):
    """What was done."""

    SENTENCE_CUT = "sentence cut at a link, its rest lost"
    PARAGRAPH_CUT = "paragraph cut at a link, its rest lost"
    LINE_BROKEN = "link lost, the words behind it on a line of their own"
    LINK_REMOVED = "words of a link taken out of a sentence"
    BEGINNING_LOST = "sentence lost up to the end of a link"
    END_CUT = "end of the article cut off"
    START_CUT = "head of the article cut off"
    SENTENCE_DROPPED = "whole sentence dropped"
    PARAGRAPH_DROPPED = "whole paragraph dropped"
    LIST_DROPPED = "whole list dropped"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged article: one passage of the clean text was replaced by a line break or by nothing."""

    specimen: Specimen
    deed: Deed
    text: str
    removed: TextSpan
    """The passage, in the clean text."""
    inserted: int
    """Characters that stand in its place."""
    traces: tuple[Trace, ...]
    """What a careful reader sees of it, in the damaged text; empty when nothing."""

    @property
    def shows(self) -> bool:
        """True when the text is visibly incomplete."""
        return any(trace.is_plain for trace in self.traces)

    def to_clean(self, offset: int) -> int | None:
        """Where a character of the damaged text stood; None for an inserted one."""
        if offset < self.removed.start:
            return offset
        moved = offset - self.removed.start - self.inserted
        return None if moved < 0 else self.removed.end + moved

    def to_damaged(self, offset: int) -> int | None:
        """Where a character of the clean text stands now; None when it is gone."""
        if offset < self.removed.start:
            return offset
        return None if offset < self.removed.end else offset - self.removed.end + self.removed.start + self.inserted


def damage(specimen: Specimen, chance: random.Random) -> Iterator[Damaged]:
    """Every deed on every sentence, paragraph and list of one article; no text twice."""
    seen = {specimen.article.text}
    for damaged in (*_at_sentences(specimen, chance), *_at_paragraphs(specimen)):
        if damaged.text not in seen and damaged.text.strip():
            seen.add(damaged.text)
            yield damaged


def _at_sentences(specimen: Specimen, chance: random.Random) -> Iterator[Damaged]:
    reading = specimen.reading
    for sentence in reading.sentences:
        if sentence.kind is BlockKind.PROSE:
            place = _Place(specimen, sentence)
            for deed in (_cut, _take_out, _lose_beginning, _cut_end, _cut_start, _drop_sentence):
                yield from deed(place, chance)


_LEAST_LEFT = 3
"""Words that must be left of a sentence, at its cut end or head."""


class _Place:
    """A sentence of prose and its surroundings."""

    def __init__(self, specimen: Specimen, sentence: Sentence) -> None:
        self.specimen, self.sentence = specimen, sentence
        self.text = specimen.article.text
        self.reading: Reading = specimen.reading
        self.block: Block = self.reading.blocks[sentence.block]
        self.span = TextSpan(sentence.start, sentence.end)
        self.links = find_links(specimen.gold, self.reading.folded, self.span)
        self.is_last_prose = not any(
            other.kind is BlockKind.PROSE for other in self.reading.sentences[sentence.number + 1 :]
        )
        self.is_last = sentence.number == len(self.reading.sentences) - 1
        self.line_break = "\n\n" if "\n\n" in self.text else "\n"

    def make(self, deed: Deed, removed: TextSpan, inserted: str, traces: Sequence[Trace]) -> Damaged:
        """The article without a passage."""
        text = self.text[: removed.start] + inserted + self.text[removed.end :]
        return Damaged(self.specimen, deed, text, removed, len(inserted), tuple(traces))

    def before(self, link: TextSpan) -> TextSpan:
        """What stands in the sentence before a link, without the space."""
        return TextSpan(self.span.start, self.span.start + len(self.text[self.span.start : link.start].rstrip()))

    def after_spaces(self, offset: int) -> int:
        """The first character from ``offset`` on that is no white space, within the paragraph."""
        rest = self.text[offset : self.block.end]
        return offset + len(rest) - len(rest.lstrip())

    def kinds_of_cut(self, *, rest_of_block: bool) -> frozenset[TruncationKind]:
        """What a cut here is: of a sentence, or of the article's end."""
        others = any(s.start >= self.span.end for s in self.reading.sentences if s.block == self.sentence.block)
        goes_on = not self.is_last_prose and (rest_of_block or not others or self._prose_follows_block())
        if goes_on:
            return frozenset({TruncationKind.CUT_SENTENCE})
        if self.is_last or (not rest_of_block and self.block.end >= len(self.text.rstrip())):
            return frozenset({TruncationKind.CUT_END})
        return frozenset({TruncationKind.CUT_END, TruncationKind.CUT_SENTENCE})  # only a list or a byline follows

    def _prose_follows_block(self) -> bool:
        later = self.reading.sentences[self.sentence.number + 1 :]
        return any(s.kind is BlockKind.PROSE and s.block != self.sentence.block for s in later)


def _cut(place: _Place, chance: random.Random) -> Iterator[Damaged]:
    """Cut at a link: the sentence's rest lost, the paragraph's rest lost, or the rest on a line of its own."""
    links = [link for link in place.links if re.search(r"\w", place.before(link).of(place.text))]
    if not links:
        return
    link = chance.choice(links)
    head = place.before(link)
    company = head.start > place.block.start
    rest = place.after_spaces(place.span.end)
    trace = before_cut(place.text, head, place.kinds_of_cut(rest_of_block=True), has_company=company)
    broken = place.line_break if rest < place.block.end else ""
    yield place.make(Deed.SENTENCE_CUT, TextSpan(head.end, rest), broken, [trace])

    link = chance.choice(links)
    head = place.before(link)
    trace = before_cut(place.text, head, place.kinds_of_cut(rest_of_block=False), has_company=company)
    yield place.make(Deed.PARAGRAPH_CUT, TextSpan(head.end, place.block.end), "", [trace])

    link = chance.choice(links)
    head, tail = place.before(link), TextSpan(place.after_spaces(link.end), place.span.end)
    if len(tail.of(place.text).split()) >= _LEAST_LEFT:
        start = head.end + len(place.line_break)
        kinds = frozenset({TruncationKind.CUT_SENTENCE})
        moved = TextSpan(start, start + tail.end - tail.start)
        traces = [
            before_cut(place.text, head, kinds, has_company=company),
            after_lost_beginning(tail.of(place.text), moved),
        ]
        yield place.make(Deed.LINE_BROKEN, TextSpan(head.end, tail.start), place.line_break, traces)


def _take_out(place: _Place, chance: random.Random) -> Iterator[Damaged]:
    """Take the words of a link out, and nothing else."""
    if place.links:
        link = chance.choice(place.links)
        length = link.end - link.start
        trace = after_hole(place.text, place.span, link, TextSpan(place.span.start, place.span.end - length))
        yield place.make(Deed.LINK_REMOVED, link, "", [trace])


def _lose_beginning(place: _Place, chance: random.Random) -> Iterator[Damaged]:
    """Lose a sentence up to the end of a link; what is left stands on a line of its own."""
    links = [link for link in place.links if len(place.text[link.end : place.span.end].split()) > _LEAST_LEFT]
    if not links:
        return
    tail = TextSpan(place.after_spaces(chance.choice(links).end), place.span.end)
    opens_block = place.span.start == place.block.start
    start = place.span.start if opens_block else place.block.start + len(_stripped(place, place.span.start))
    inserted = "" if opens_block else place.line_break
    moved = TextSpan(start + len(inserted), start + len(inserted) + tail.end - tail.start)
    trace = after_lost_beginning(tail.of(place.text), moved)
    yield place.make(Deed.BEGINNING_LOST, TextSpan(start, tail.start), inserted, [trace])


def _stripped(place: _Place, end: int) -> str:
    return place.text[place.block.start : end].rstrip()


def _cut_end(place: _Place, chance: random.Random) -> Iterator[Damaged]:
    """End the article in the middle of a sentence, in half of the cases in the middle of a word."""
    words = list(re.finditer(r"\S+", place.text[place.span.start : place.span.end]))
    if len(words) <= _LEAST_LEFT + 1:
        return
    word = words[chance.randrange(_LEAST_LEFT, len(words) - 1)]
    inner = len(word[0]) > 3 and word[0].isalpha() and chance.random() < 0.5
    end = place.span.start + (word.start() + chance.randrange(2, len(word[0]) - 1) if inner else word.start())
    end = len(place.text[:end].rstrip())
    head = TextSpan(place.span.start, end)
    trace = at_end(place.text, head, in_word=inner, has_company=head.start > place.block.start)
    yield place.make(Deed.END_CUT, TextSpan(end, len(place.text)), "", [trace])


def _cut_start(place: _Place, chance: random.Random) -> Iterator[Damaged]:
    """Begin the article in the middle of a sentence."""
    words = list(re.finditer(r"\S+", place.text[place.span.start : place.span.end]))
    inner = [word for word in words[1:-_LEAST_LEFT] if word[0][0].islower()]
    if inner:
        start = place.span.start + chance.choice(inner).start()
        moved = TextSpan(0, place.span.end - start)
        trace = after_lost_beginning(place.text[start : place.span.end], moved)
        yield place.make(Deed.START_CUT, TextSpan(0, start), "", [trace])


def _drop_sentence(place: _Place, _chance: random.Random) -> Iterator[Damaged]:
    """Leave a sentence out: nothing shows, unless it left a lone colon behind."""
    if (place.block.start, place.block.end) != place.span:
        yield place.make(Deed.SENTENCE_DROPPED, TextSpan(place.span.start, place.after_spaces(place.span.end)), "", [])


def _at_paragraphs(specimen: Specimen) -> Iterator[Damaged]:
    """Leave each paragraph and each list out."""
    reading = specimen.reading
    listed = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
    number = 0
    while number < len(reading.blocks):
        block = reading.blocks[number]
        stop = number + 1
        while block.kind in listed and stop < len(reading.blocks) and reading.blocks[stop].kind is block.kind:
            stop += 1
        if block.kind is BlockKind.PROSE:
            yield _dropped(specimen, Deed.PARAGRAPH_DROPPED, number, stop)
        elif block.kind in listed and stop - number > 1:
            yield _dropped(specimen, Deed.LIST_DROPPED, number, stop)
        number = stop


def _dropped(specimen: Specimen, deed: Deed, first: int, stop: int) -> Damaged:
    blocks, text = specimen.reading.blocks, specimen.article.text
    end = blocks[stop].start if stop < len(blocks) else len(text)
    removed = TextSpan(blocks[first].start, end)
    traces: list[Trace] = []
    sentence = _announcement(specimen, first) if deed is Deed.LIST_DROPPED else None
    if sentence is not None:
        kinds = frozenset({TruncationKind.GAP})
        traces.append(Trace("announced list not there", kinds, TextSpan(sentence.start, sentence.end)))
    return Damaged(specimen, deed, text[: removed.start] + text[removed.end :], removed, 0, tuple(traces))


def _announcement(specimen: Specimen, first: int) -> Sentence | None:
    """The sentence before a list that ends in a colon."""
    before = [sentence for sentence in specimen.reading.sentences if sentence.block == first - 1]
    ends_in_colon = bool(before) and specimen.article.text[before[-1].start : before[-1].end].endswith(":")
    return before[-1] if ends_in_colon else None
