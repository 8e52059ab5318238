"""Words of a text with their exact offsets: what every finder of the lexicon walks over.

Hyphens, slashes and apostrophes separate words, so that ``nab-paclitaxel``, ``nab paclitaxel`` and
``nab–paclitaxel`` are one name, and ``pemetrexed-platinum`` holds two.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from summarizer.text import fold

# A combining mark belongs to its letter: decomposed accents must not split a word.
_FOREIGN = re.compile("[^\x00-\x7f]+")
_WORD = re.compile("[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*")
# What may stand between the words of one name. A line break may (wrapped text), a blank line may not.
_LINK = re.compile(r" *(?:[-/'+&]|[\u00ae\u2122])? *\n?[ ]*")
_LONGEST_WORD = 64  # no name has a longer word; a cache must not keep a megabyte that some text writes without a space
# "PD-(L)1" and "poly(ADP-ribose)" are names with brackets inside.
_PLAIN_LINKS = frozenset((" ", "-", "/", "'", "\n", "\u00ae ", "\u2122 ", "  ", "(", ")", "-("))


class Words(NamedTuple):
    """The words of one text: parallel sequences, in order."""

    folded: str
    """The text with plain typography, of the same length."""
    starts: list[int]
    ends: list[int]
    raws: list[str]
    """The words as they stand in ``folded``."""
    keys: list[str]
    """Comparison form of each word: case-folded, accents removed. Its length may differ from the word's."""
    forms: frozenset[str]
    """All different words as they stand: tells whether one also occurs in lower case."""


def _plain_key(word: str) -> str:
    if len(word) > _LONGEST_WORD:
        word = word[:_LONGEST_WORD]
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _fold_words(text: str) -> str:
    """Fold what matters to words: most characters of a text are plain, and folding each of them costs."""
    if "&" in text:
        return fold(text)
    return text if text.isascii() else _FOREIGN.sub(lambda match: fold(match.group()), text)


@lru_cache(maxsize=2)
def split_words(text: str) -> Words:
    """Split ``text`` into words. The last two texts are remembered.

    As several finders read the same article.
    """
    folded = _fold_words(text)
    matches = list(_WORD.finditer(folded))
    starts = [match.start() for match in matches]
    ends = [match.end() for match in matches]
    raws = [match.group() for match in matches]
    forms = frozenset(raws)
    keyed = {raw: _plain_key(raw) for raw in forms}
    return Words(folded, starts, ends, raws, [keyed[raw] for raw in raws], forms)


def gap_after(words: Words, index: int) -> str:
    """What stands between word ``index`` and the next."""
    return words.folded[words.ends[index] : words.starts[index + 1]]


def is_linked(words: Words, index: int) -> bool:
    """True when word ``index`` and the next may be words of one name.

    No full stop, comma or bracket between them.
    """
    gap = gap_after(words, index)
    return gap in _PLAIN_LINKS or (len(gap) <= 8 and _LINK.fullmatch(gap) is not None)


def key_of(name: str) -> str:
    """Comparison form of a whole name: the keys of its words, single-spaced."""
    return " ".join(_plain_key(match.group()) for match in _WORD.finditer(fold(name)))
