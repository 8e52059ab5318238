"""Split a long article at paragraph borders into passages that one call can read."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.extraction.llm.contracts.numbering import Numbering

MOST_CHARACTERS = 9_000
"""A passage: about 2,500 tokens. Longer contexts cost accuracy before they cost money."""
_SHARED_CHARACTERS = 1_200
"""How much of the article's opening goes with every later passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of an article, by number; half-open."""

    first: int
    last: int


def split_passages(numbering: Numbering, most_characters: int = MOST_CHARACTERS) -> list[Passage]:
    """Passages of at most ``most_characters``, cut at paragraph borders; a longer paragraph at a sentence's end."""
    sentences = numbering.reading.sentences
    passages: list[Passage] = []
    first = border = 0
    for sentence in sentences:
        number = sentence.number
        if number and sentence.block != sentences[number - 1].block:
            border = number
        if sentence.end - sentences[first].start > most_characters and number > first:
            cut = border if border > first else number
            passages.append(Passage(first, cut))
            first = border = cut
    if first < len(sentences):
        passages.append(Passage(first, len(sentences)))
    return passages


def halves(numbering: Numbering, passage: Passage) -> tuple[Passage, Passage] | None:
    """Two passages of about the same length, cut at the paragraph border nearest the middle; None for one sentence."""
    if passage.last - passage.first < 2:
        return None
    sentences = numbering.reading.sentences
    middle = (sentences[passage.first].start + sentences[passage.last - 1].end) // 2
    inner = range(passage.first + 1, passage.last)
    borders = [number for number in inner if sentences[number].block != sentences[number - 1].block]
    cut = min(borders or inner, key=lambda number: abs(sentences[number].start - middle))
    return Passage(passage.first, cut), Passage(cut, passage.last)


def write_passage(numbering: Numbering, passage: Passage) -> str:
    """The sentences of a passage, a line each."""
    return "\n".join(numbering.line(number) for number in range(passage.first, passage.last))


def write_opening(numbering: Numbering, passage: Passage) -> str:
    """The article's first sentences, as context for a later passage."""
    lines: list[str] = []
    for number in range(passage.first):
        if sum(map(len, lines)) > _SHARED_CHARACTERS:
            break
        lines.append(numbering.line(number))
    return "\n".join(lines)
