"""Sentences of an article, with exact offsets into its untouched text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.reading.blocks import Block, BlockKind, read_blocks
from summarizer.reading.splitter import split_sentences

__all__ = ["Block", "BlockKind", "Sentence", "read_blocks", "read_sentences"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; ``text[start:end]`` has no surrounding whitespace."""

    number: int
    """Position in the article, from 0."""
    start: int
    end: int
    block: int
    """Index, from 0, of the block it stands in."""
    kind: BlockKind
    """Kind of that block."""


# Cells, bylines and entries of a reference list are full of stops that end nothing.
_WHOLE = frozenset({BlockKind.TABLE_ROW, BlockKind.OTHER})


def read_sentences(text: str) -> tuple[list[Block], list[Sentence]]:
    """Return the blocks of ``text`` and its sentences: each cover all but whitespace, once."""
    blocks = read_blocks(text)
    sentences: list[Sentence] = []
    for index, block in enumerate(blocks):
        for start, end in _sentences_of(text, block):
            sentences.append(Sentence(len(sentences), start, end, index, block.kind))
    return blocks, sentences


def _sentences_of(text: str, block: Block) -> Iterator[tuple[int, int]]:
    if block.kind in _WHOLE:
        yield block.start, block.end
        return
    is_title = block.kind is BlockKind.HEADING
    for start, end in split_sentences(text[block.start : block.end], is_title=is_title):
        yield block.start + start, block.start + end
