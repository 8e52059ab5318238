"""Find wordings of a vocabulary file in a text by its words: linear in the text, spans exact.

Words are compared case-folded and in the singular, hyphens and spaces alike; a wording written with two or more
capitals (an abbreviation such as ``OS``) is compared as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Generic, NamedTuple, TypeVar

from summarizer.text import TextSpan

Payload = TypeVar("Payload")

_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
_GAP = re.compile(r"[ \-'/.(),]{0,3}")
_COMPOUND = re.compile(r"-[A-Z0-9]")
_SINGULAR_EXCEPTIONS = ("ss", "us", "is")


class Token(NamedTuple):
    """A word of the text: its place, its form for comparing, and itself."""

    start: int
    end: int
    key: str
    raw: str


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    lowered = word.casefold()
    if len(lowered) > 3 and lowered.endswith("s") and not lowered.endswith(_SINGULAR_EXCEPTIONS):
        return lowered[:-1]
    return lowered


def tokenize(folded: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words of ``folded[start:end]`` with offsets into ``folded``."""
    stop = len(folded) if end is None else end
    return [
        Token(match.start(), match.end(), _key(match.group()), match.group())
        for match in _WORD.finditer(folded, start, stop)
    ]


def _is_abbreviation(wording: str) -> bool:
    return sum(character.isupper() for character in wording) >= 2 and " " not in wording.strip()


@dataclass(frozen=True, slots=True)
class PhraseMatch(Generic[Payload]):
    """A wording found in the text."""

    span: TextSpan
    payload: Payload


class _Wording(NamedTuple, Generic[Payload]):
    keys: tuple[str, ...]
    raws: tuple[str, ...] | None
    payload: Payload


class PhraseTable(Generic[Payload]):
    """Wordings, each with what it stands for."""

    def __init__(self, wordings: Iterable[tuple[str, Payload]]) -> None:
        """Index ``(wording, payload)`` pairs; the longest wording wins, then the first given."""
        self._by_first: dict[str, list[_Wording[Payload]]] = {}
        for wording, payload in wordings:
            tokens = tokenize(wording)
            if not tokens:
                continue
            raws = tuple(token.raw for token in tokens) if _is_abbreviation(wording) else None
            entry = _Wording(tuple(token.key for token in tokens), raws, payload)
            self._by_first.setdefault(entry.keys[0], []).append(entry)
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry.keys))

    def find(self, folded: str, tokens: Sequence[Token]) -> list[PhraseMatch[Payload]]:
        """Non-overlapping matches from left to right, the longest at each place."""
        found: list[PhraseMatch[Payload]] = []
        index = 0
        by_first = self._by_first
        while index < len(tokens):
            if tokens[index].key not in by_first:
                index += 1
                continue
            entry = self._match_at(folded, tokens, index)
            if entry is None:
                index += 1
                continue
            last = index + len(entry.keys) - 1
            span = TextSpan(tokens[index].start, tokens[last].end)
            found.append(PhraseMatch(span, entry.payload))
            index = last + 1
        return found

    def _match_at(self, folded: str, tokens: Sequence[Token], index: int) -> _Wording[Payload] | None:
        for entry in self._by_first.get(tokens[index].key, ()):
            size = len(entry.keys)
            if index + size > len(tokens):
                continue
            if any(tokens[index + offset].key != entry.keys[offset] for offset in range(1, size)):
                continue
            if entry.raws is not None and not _same_writing(entry.raws, tokens[index : index + size]):
                continue
            if entry.raws is not None and _COMPOUND.match(folded, tokens[index + size - 1].end):
                continue
            if size > 1 and not _contiguous(folded, tokens, index, size):
                continue
            return entry
        return None


def _same_writing(raws: tuple[str, ...], tokens: Sequence[Token]) -> bool:
    return all(token.raw in (raw, raw + "s") for raw, token in zip(raws, tokens, strict=True))


def _contiguous(folded: str, tokens: Sequence[Token], index: int, size: int) -> bool:
    return all(
        _GAP.fullmatch(folded, tokens[place].end, tokens[place + 1].start) is not None
        for place in range(index, index + size - 1)
    )


def read_rows(package: str, name: str) -> list[list[str]]:
    """Rows of a tab-separated vocabulary file in ``package``; ``#`` starts a comment line."""
    content = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in content.splitlines() if line.strip() and not line.startswith("#"))
    return [[cell.strip() for cell in line.split("\t")] for line in lines]


def split_wordings(cell: str) -> list[str]:
    """Wordings of one cell, separated by `` | ``."""
    return [wording.strip() for wording in cell.split(" | ") if wording.strip()]
