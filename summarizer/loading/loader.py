"""Files to articles: one file of one article, or a stream of articles and of what went wrong."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import IO, TYPE_CHECKING, cast

from summarizer.errors import BinaryInputError, EmptyInputError, LoadError, RecordError
from summarizer.loading.building import article_from_bytes, article_from_record
from summarizer.loading.decoding import decode
from summarizer.loading.records import RECORD_LISTS, Place, RecordKeys, parse_json, read_record
from summarizer.loading.settings import DEFAULT_LIMITS, Format, LoadLimits
from summarizer.loading.sources import as_path, open_source, read_source, require_format, too_large

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from summarizer.article import Article

__all__ = ["load_article", "load_articles"]

_CHUNK = 1_048_576
_FIRST_BYTES = 4


def load_article(
    path: str | Path,
    *,
    name: str | None = None,
    keys: Mapping[str, str] | None = None,
    limits: LoadLimits = DEFAULT_LIMITS,
) -> Article:
    """Load the one article of a file.

    Args:
        path: The file; its ending says what it is, see `SUFFIXES`.
        name: What to call it in results and errors; by default its file name, and in errors its path.
        keys: Which key of a JSON record holds what, where the usual names don't fit.
        limits: How much to read.

    Raises:
        LoadError: if there is no article in it, or more than one; the subclass says why.
        ConfigurationError: if an argument is wrong.
    """
    found = load_articles(path, name=name, keys=keys, limits=limits)
    first = next(found)
    if isinstance(first, LoadError):
        raise first
    if next(found, None) is not None:
        label = name if name is not None else str(path)
        raise LoadError("holds more than one article", label, "use load_articles")
    return first


def load_articles(
    path: str | Path,
    *,
    name: str | None = None,
    keys: Mapping[str, str] | None = None,
    limits: LoadLimits = DEFAULT_LIMITS,
) -> Iterator[Article | LoadError]:
    """Load every article of a file, one at a time.

    What goes wrong with the file or with a record comes out as a `LoadError` in its place, so that one loop
    sees everything and no record is lost to its neighbour's error. There is always at least one item. A JSON
    Lines file is read line by line, in memory that does not grow with the file.

    Articles of a file of many are called `file#id` by the record's own id, or `file#3` by its line or place.

    Args:
        path: The file; its ending says what it is, see `SUFFIXES`.
        name: What to call it in results and errors; by default its file name, and in errors its path.
        keys: Which key of a JSON record holds what: `text`, `html`, `title`, `url`, `published`, `id`.
        limits: How much to read.

    Raises:
        ConfigurationError: if an argument is wrong.
    """
    chosen = RecordKeys.choose(keys)
    source = as_path(path)
    label = name if name is not None else str(source)
    return _Loading(source, label, name if name is not None else source.name, chosen, limits).run()


class _Loading:
    """The loading of one file."""

    def __init__(self, path: Path, label: str, name: str, keys: RecordKeys, limits: LoadLimits) -> None:
        self.path = path
        self.label = label
        self.name = name
        self.keys = keys
        self.limits = limits
        self.names: set[str] = set()

    def run(self) -> Iterator[Article | LoadError]:
        try:
            format_ = require_format(self.path, self.label)
            if format_ is Format.JSON_LINES:
                yield from self._stream_lines()
                return
            data, notes = read_source(self.path, self.label, self.limits)
            if format_ is Format.JSON:
                yield from self._json(data, notes)
            else:
                # Errors name the file by its label, the article by its name.
                made = article_from_bytes(data, format=format_, name=self.label, notes=notes)
                yield replace(made, name=self.name)
        except LoadError as error:
            yield error

    # ------------------------------------------------------------------ JSON

    def _json(self, data: bytes, notes: tuple[str, ...]) -> Iterator[Article | LoadError]:
        decoded = decode(data, self.label)
        if not decoded.text.strip("\ufeff \t\r\n"):
            raise EmptyInputError("empty", self.label, "give it some text or remove it")
        notes += decoded.notes
        try:
            value = parse_json(decoded.text, Place(self.label))
        except RecordError:
            if not self._is_lines(decoded.text):
                raise
            stream = io.BytesIO(decoded.text.encode())
            yield from self._lines(stream, (*notes, "JSON Lines in a .json file"))
            return
        records = _list_of_records(value)
        if records is None:
            yield self._record(value, Place(self.label), notes)
            return
        if not records:
            raise EmptyInputError("a list without records", self.label, "give it some articles or remove it")
        for index, record in enumerate(records, start=1):
            yield self._record(record, Place(self.label, index=index), notes)

    def _is_lines(self, text: str) -> bool:
        """Whether the first line alone is a JSON object, and more follow."""
        first, _, rest = text.strip().partition("\n")
        try:
            return bool(rest) and isinstance(parse_json(first, Place(self.label)), dict)
        except RecordError:
            return False

    # ------------------------------------------------------------ JSON Lines

    def _stream_lines(self) -> Iterator[Article | LoadError]:
        with open_source(self.path, self.label) as (stream, notes):
            head = cast("io.BufferedReader", stream).peek(_FIRST_BYTES)[:_FIRST_BYTES]
            # JSON begins in ASCII, so one of its first two bytes is zero in the wide encodings.
            if b"\0" in head[:2] or head.startswith((b"\xff\xfe", b"\xfe\xff")):
                yield from self._wide_lines(stream, notes)
            else:
                yield from self._lines(stream, notes)

    def _wide_lines(self, stream: IO[bytes], notes: tuple[str, ...]) -> Iterator[Article | LoadError]:
        """UTF-16 or UTF-32, whose lines don't end in a byte of their own: too rare to stream."""
        data = stream.read(self.limits.article_bytes + 1)
        if len(data) > self.limits.article_bytes:
            raise too_large(self.label, self.limits.article_bytes, "article_bytes")
        decoded = decode(data, self.label)
        yield from self._lines(io.BytesIO(decoded.text.encode()), (*notes, *decoded.notes))

    def _lines(self, stream: IO[bytes], notes: tuple[str, ...]) -> Iterator[Article | LoadError]:
        limit = self.limits.article_bytes
        total = number = records = 0
        while line := stream.readline(limit + 1):
            number += 1
            total += len(line)
            if len(line) > limit and not line.endswith(b"\n"):
                total += self._skip_line(stream, self.limits.stream_bytes - total)
                records += 1
                yield self._too_long(number)
            elif line.strip():
                records += 1
                try:
                    yield self._line(line, number, notes)
                except BinaryInputError as error:
                    if records == 1:
                        yield error  # not a text file at all: its other "lines" are noise
                        return
                    yield Place(self.label, number).error(error.reason, advice=error.advice)
            if total > self.limits.stream_bytes:
                yield too_large(self.label, self.limits.stream_bytes, "stream_bytes")
                return
        if not records:
            yield EmptyInputError("no records", self.label, "give it some articles or remove it")

    def _too_long(self, number: int) -> RecordError:
        limit = self.limits.article_bytes
        error = too_large(self.label, limit, "article_bytes")
        return Place(self.label, line=number).error(error.reason, advice=error.advice)

    @staticmethod
    def _skip_line(stream: IO[bytes], budget: int) -> int:
        """Read on to the end of a line that is too long, and no further than the budget."""
        skipped = 0
        while skipped <= budget and (chunk := stream.readline(_CHUNK)):
            skipped += len(chunk)
            if chunk.endswith(b"\n"):
                break
        return skipped

    def _line(self, line: bytes, number: int, notes: tuple[str, ...]) -> Article | LoadError:
        place = Place(self.label, line=number)
        decoded = decode(line, self.label)
        try:
            value = parse_json(decoded.text, place)
        except RecordError as error:
            return error
        return self._record(value, place, (*notes, *decoded.notes))

    # --------------------------------------------------------------- records

    def _record(self, value: object, place: Place, notes: tuple[str, ...]) -> Article | LoadError:
        try:
            record = read_record(value, self.keys, place)
            name, name_notes = self._name(record.id, place)
            return article_from_record(record, name, place, (*notes, *name_notes))
        except RecordError as error:
            return error

    def _name(self, id_: str | None, place: Place) -> tuple[str, tuple[str, ...]]:
        """Name of a record's article; unique within the file even where ids are not."""
        number = place.line or place.index
        if number is None:
            return self.name, ()
        name = f"{self.name}#{' '.join(id_.split())}" if id_ else f"{self.name}#{number}"
        notes: tuple[str, ...] = ()
        if name in self.names:
            notes = (f"the id {id_!r} is not the only one of its kind in the file",) if id_ else ()
            while name in self.names:
                name = f"{name}@{number}"
        self.names.add(name)
        return name, notes


def _list_of_records(value: object) -> list[object] | None:
    """Records of a JSON value that holds many: a list, or an object with a list under a known key."""
    if isinstance(value, list):
        return cast("list[object]", value)
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        for key in RECORD_LISTS:
            found = fields.get(key)
            if isinstance(found, list) and found and isinstance(found[0], dict):
                return cast("list[object]", found)
    return None
