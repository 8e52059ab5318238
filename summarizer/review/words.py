"""An index of words for searching many articles in a page that can't ask a server."""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections import defaultdict
from pathlib import Path

__all__ = ["WordIndex", "shard_name", "split_words"]

_WORD = re.compile(r"[^\W_]+")
_PREFIX = 2
"""Letters by which words are put into one file; a page loads it when somebody types them."""
_LONGEST = 40
"""Letters of a word that are kept: what is longer is no word that somebody types."""


def split_words(text: str) -> set[str]:
    """The words of a text, as the page splits what is typed."""
    found: list[str] = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    return {word[:_LONGEST] for word in found}


def shard_name(word: str) -> str:
    """Name of the file that holds a word, without its ending: code points, so that any script gives a plain name."""
    return "-".join(f"{ord(letter):x}" for letter in word[:_PREFIX])


class WordIndex:
    """Word -> articles, by their number; four bytes a posting while it grows."""

    def __init__(self) -> None:
        self._articles: dict[str, array[int]] = defaultdict(lambda: array("I"))

    def add(self, article: int, text: str) -> None:
        """Take in the words of an article; articles come in the order of their numbers."""
        for word in split_words(text):
            self._articles[word].append(article)

    def write(self, folder: Path) -> list[str]:
        """Write the files, one for all words with the same first letters; gives their names without the ending."""
        folder.mkdir()
        shards: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._articles):
            shards[shard_name(word)].append(word)
        for name, words in shards.items():
            content = {word: _gaps(self._articles[word]) for word in words}
            body = json.dumps(content, separators=(",", ":"))
            path = folder / f"{name}.js"
            path.write_text(f'Review.takeWords("{name}",{body});\n', encoding="ascii")
        return sorted(shards)


def _gaps(articles: array[int]) -> list[int]:
    """Each number less the one before: short to write."""
    return [number - before for before, number in zip([0, *articles[:-1]], articles, strict=True)]
