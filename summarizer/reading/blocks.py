"""Blocks of an article: one non-empty line, or one hard-wrapped paragraph, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.reading.block_kinds import BlockKind, classify_lines
from summarizer.reading.lines import read_paragraphs

__all__ = ["Block", "BlockKind", "read_blocks"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or line of an article; ``text[start:end]`` has no surrounding whitespace."""

    start: int
    end: int
    kind: BlockKind


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of ``text``, in order; together they cover all of it but whitespace."""
    paragraphs = read_paragraphs(text)
    kinds = classify_lines(
        [text[paragraph.start : paragraph.end] for paragraph in paragraphs],
        [paragraph.begins_run for paragraph in paragraphs],
    )
    return [Block(paragraph.start, paragraph.end, kind) for paragraph, kind in zip(paragraphs, kinds, strict=True)]
