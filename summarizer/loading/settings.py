"""Formats that the loaders know, and the limits that they keep to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from os.path import splitext
from pathlib import PurePath

from summarizer.errors import ConfigurationError

__all__ = ["DEFAULT_LIMITS", "SUFFIXES", "Format", "LoadLimits", "format_of"]


class Format(StrEnum):
    """How the bytes of an input are to be read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    JSON_LINES = "jsonl"


SUFFIXES: dict[str, Format] = {
    ".txt": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".json": Format.JSON,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
}
"""Ending of a file's name, in lower case, to its format; each may be followed by `.gz`."""


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """How much a loader reads before it gives up; sizes are of the bytes after decompression."""

    article_bytes: int = 50_000_000
    """Largest file of one article, largest `.json` file, and largest record of a JSON Lines file."""

    stream_bytes: int = 20_000_000_000
    """Largest JSON Lines file: it is read record by record, so this only stops what never ends."""

    def __post_init__(self) -> None:
        """Refuse limits that nothing could pass.

        Raises:
            ConfigurationError: if a limit is not positive.
        """
        if self.article_bytes < 1 or self.stream_bytes < 1:
            raise ConfigurationError("a size limit must be at least one byte", f"got {self}")


DEFAULT_LIMITS = LoadLimits()


def format_of(name: str | PurePath) -> Format | None:
    """Format that a file's name announces, `.gz` aside; None where it announces none."""
    stem, suffix = splitext(name)  # noqa: PTH122 - called for every entry of a folder: ten times as quick
    if suffix.lower() == ".gz":
        suffix = splitext(stem)[1]  # noqa: PTH122 - as above
    return SUFFIXES.get(suffix.lower())
