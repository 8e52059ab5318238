"""The texts of reviewed articles: loaded again from the folder that the run read, and believed only by their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.article import Article
from summarizer.errors import LoadError
from summarizer.loading import load_articles
from summarizer.schemas import Source

__all__ = ["ArticleTexts", "FoundText"]


@dataclass(frozen=True, slots=True)
class FoundText:
    """The text of an article, or why it can't be had."""

    text: str | None
    """The canonical text; None where it can't be had."""
    problem: str = ""
    """Why not, in a sentence; empty where there is a text."""


class ArticleTexts:
    """Texts of the articles of a run, asked for in the order of its summaries.

    A file of many articles is read once, as a stream, because its summaries follow each other.

    Args:
        folder: Folder that the run read; None where nobody knows it.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file: Path | None = None
        self._stream: Iterator[Article | LoadError] = iter(())

    def find(self, source: Source) -> FoundText:
        """The text of an article, if it is still the text that was summarised."""
        if source.text is not None:
            return self._checked(source.text, source)
        if self._folder is None:
            return FoundText(None, "It is not known which folder was read. Name it with --articles FOLDER.")
        if source.name is None:
            return FoundText(None, "The summary does not name its file.")
        path = self._locate(self._folder, source.name)
        if path is None:
            return FoundText(
                None, f"There is no {source.name} in {self._folder}. Name the folder with --articles FOLDER."
            )
        return self._read(path, source)

    def path_of(self, source: Source) -> Path | None:
        """The file of an article; None where it is not there."""
        return self._locate(self._folder, source.name) if self._folder and source.name else None

    def _locate(self, folder: Path, name: str) -> Path | None:
        """The file of an article; articles of a file of many are called ``file#id``."""
        end = len(name)
        while end > 0:
            path = folder / name[:end]
            # A name is data: it must not lead out of the folder.
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
            end = name.rfind("#", 0, end)
        return None

    def _read(self, path: Path, source: Source) -> FoundText:
        problem = ""
        for is_again in (False, True):  # where the stream is past it, the file is read from its beginning
            if is_again or path != self._file:
                self._file, self._stream = path, load_articles(path, name=self._name_of(path, source))
            for item in self._stream:
                if isinstance(item, LoadError):
                    problem = str(item)
                elif item.sha256 == source.sha256:
                    return FoundText(item.text)
        self._file = None
        return FoundText(None, problem or "The file has changed since it was summarised. Run the batch again.")

    def _name_of(self, path: Path, source: Source) -> str:
        return path.relative_to(self._folder).as_posix() if self._folder else str(source.name)

    def _checked(self, text: str, source: Source) -> FoundText:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if digest == source.sha256:
            return FoundText(text)
        return FoundText(None, "The text in the summary is not the one that its digest (source.sha256) tells of.")
