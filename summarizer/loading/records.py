"""Articles from JSON: which key holds what, one object at a time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from summarizer.errors import ConfigurationError, RecordError
from summarizer.loading.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["RECORD_KEYS", "RECORD_LISTS", "Place", "Record", "RecordKeys", "parse_json", "read_record"]

RECORD_KEYS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "article_text", "full_text", "maintext", "articleBody"),
    "html": ("html", "raw_html", "body_html", "content_html", "content.rendered", "rawHtml"),
    "title": ("title", "headline", "title.rendered"),
    "url": ("url", "link", "canonical_url", "source_url", "uri", "href"),
    "published": ("published", "date", "published_at", "datePublished", "publication_date", "date_published",
                  "publishedAt", "pubDate", "published_date", "created_at", "timestamp"),
    "id": ("id", "_id", "guid", "uuid", "slug", "article_id"),
}  # fmt: skip
"""What a record's keys may be called, tried in this order; a dot leads into a nested object."""

RECORD_LISTS = ("articles", "items", "documents", "records", "results", "entries", "data")
"""Keys under which a JSON object may hold a list of records."""

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|article|main|section|div|p|h[1-6]|ul|ol|table)\b", re.IGNORECASE)
_SHOWN_KEYS = 8
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    ((int, float), "a number"),
    (str, "a string"),
    (list, "a list"),
    (dict, "an object"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in its file."""

    label: str | None
    """The file, as errors name it."""
    line: int | None = None
    """Line in a JSON Lines file, from 1."""
    index: int | None = None
    """Place in a JSON list, from 1."""

    def error(self, reason: str, field: str | None = None, advice: str | None = None) -> RecordError:
        """Build an error that names this place."""
        return RecordError(reason, self.label, advice, self.line, self.index, field)


@dataclass(frozen=True, slots=True)
class RecordKeys:
    """The keys to look under."""

    keys: Mapping[str, Sequence[str]]
    """Role (`text`, `html`, `title`, `url`, `published`, `id`) to the keys tried for it, in order."""
    chosen: frozenset[str] = frozenset()
    """Roles whose key the caller chose; such a key has to be there."""

    @classmethod
    def choose(cls, keys: Mapping[str, str] | None) -> RecordKeys:
        """Combine a caller's choice with the table; a chosen key is the only one tried for its role.

        Raises:
            ConfigurationError: if the choice names a role that does not exist.
        """
        if not keys:
            return cls(RECORD_KEYS)
        if unknown := sorted(set(keys) - set(RECORD_KEYS)):
            raise ConfigurationError(
                f"no role of a record is called {unknown[0]!r}", f"choose keys for: {', '.join(RECORD_KEYS)}"
            )
        table: dict[str, Sequence[str]] = {**RECORD_KEYS, **{role: (key,) for role, key in keys.items()}}
        # Whoever names the text's key does not want the HTML of the same record instead, and vice versa.
        for one, other in (("text", "html"), ("html", "text")):
            if one in keys and other not in keys:
                table[other] = ()
        return cls(table, frozenset(keys))


@dataclass(frozen=True, slots=True)
class Record:
    """What one JSON object says, before its text is repaired."""

    content: str
    field: str
    """The key that the content stood under."""
    is_html: bool
    title: str | None
    url: str | None
    published: str | None
    id: str | None
    notes: tuple[str, ...]


def parse_json(source: str, place: Place) -> object:
    """Parse JSON.

    Raises:
        RecordError: if it is not JSON, or nests or counts beyond what Python parses.
    """
    try:
        return json.loads(source)
    except json.JSONDecodeError as error:
        line = "" if place.line is not None else f"line {error.lineno} "
        reason = f"not valid JSON ({error.msg}, {line}column {error.colno})"
        raise place.error(reason, advice="correct or remove it") from error
    except (ValueError, RecursionError) as error:
        reason = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        raise place.error(f"not readable as JSON ({reason})", advice="correct or remove it") from error


def read_record(value: object, keys: RecordKeys, place: Place) -> Record:
    """Read one JSON value as an article.

    Raises:
        RecordError: if it is no object, or holds no text under any of the keys.
    """
    if not isinstance(value, dict):
        reason = f"a JSON object is wanted, got {_kind(value)}"
        raise place.error(reason, advice="write one object per article")
    fields = cast("dict[str, object]", value)
    notes: list[str] = []
    field, content, is_html = _content(fields, keys, place, notes)
    title = _first_string(fields, keys, "title", place, notes)
    raw_date = next((found for _, found in _values(fields, keys, "published", place)), None)
    published = parse_date(raw_date)
    if raw_date is not None and published is None:
        notes.append(f"the date {str(raw_date)[:40]!r} names no certain day")
    return Record(
        content=content,
        field=field,
        is_html=is_html,
        title=" ".join(title.split()) if title else None,
        url=_first_string(fields, keys, "url", place, notes),
        published=published,
        id=_first_string(fields, keys, "id", place, notes),
        notes=tuple(notes),
    )


def _content(fields: Mapping[str, object], keys: RecordKeys, place: Place, notes: list[str]) -> tuple[str, str, bool]:
    """Key, content, and whether it is HTML; the first key with something under it wins."""
    wrong: RecordError | None = None
    for role in ("text", "html"):
        for key, found in _values(fields, keys, role, place):
            content = _joined(found)
            if content is None:
                wrong = wrong or place.error(f"text is wanted, got {_kind(found)}", key, "make it a string")
            elif content.strip():
                if content is not found:
                    notes.append(f"paragraphs of {key!r} joined")
                is_html = role == "html" or _MARKUP.match(content) is not None
                return key, content, is_html
            else:
                wrong = wrong or place.error("empty", key, "give it some text or remove the record")
    if wrong is not None:
        raise wrong
    there = ", ".join(sorted(fields)[:_SHOWN_KEYS]) or "none"
    tried = (*keys.keys["text"], *keys.keys["html"])
    advice = "name the text's key with keys={'text': ...}"
    raise place.error(f"no text under any known key (keys: {there})", tried[0], advice)


def _joined(value: object) -> str | None:
    """Text of a string or of a list of paragraphs; None for anything else."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return None
    parts = [part for part in cast("list[object]", value) if isinstance(part, str)]
    return "\n\n".join(parts) if len(parts) == len(cast("list[object]", value)) else None


def _values(fields: Mapping[str, object], keys: RecordKeys, role: str, place: Place) -> Iterator[tuple[str, object]]:
    for key in keys.keys[role]:
        found = _look_up(fields, key)
        if found is not None:
            yield key, found
        elif role in keys.chosen:
            raise place.error("missing", key, f"choose another key for {role!r}")


def _look_up(fields: Mapping[str, object], key: str) -> object:
    if key in fields or "." not in key:
        return fields.get(key)
    outer, _, rest = key.partition(".")
    inner = fields.get(outer)
    return _look_up(cast("dict[str, object]", inner), rest) if isinstance(inner, dict) else None


def _first_string(
    fields: Mapping[str, object], keys: RecordKeys, role: str, place: Place, notes: list[str]
) -> str | None:
    for key, found in _values(fields, keys, role, place):
        if isinstance(found, str):
            if stripped := found.strip():
                return _without_halves(stripped)
        elif role == "id" and isinstance(found, int) and not isinstance(found, bool):
            return str(found)
        elif _kind(found) != "an object" or not any(known.startswith(f"{key}.") for known in keys.keys[role]):
            notes.append(f"{key!r} ignored: it is {_kind(found)}")
    return None


def _without_halves(text: str) -> str:
    """Join halves of surrogate pairs, and replace those that stand alone: no file and no database can hold them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _kind(value: object) -> str:
    """Name a JSON value's type as JSON does."""
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return "null"
