"""Articles from content that is already in memory, one function per format."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from summarizer.article import Article
from summarizer.errors import ConfigurationError, LoadError
from summarizer.loading.dates import parse_date
from summarizer.loading.decoding import decode
from summarizer.loading.repair import repair
from summarizer.loading.settings import Format

if TYPE_CHECKING:
    from summarizer.loading.records import Place, Record

__all__ = [
    "article_from_bytes",
    "article_from_html",
    "article_from_markdown",
    "article_from_record",
    "article_from_text",
]

_LOOKS_LIKE_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")
# A headline stands in the first lines of a text, below a section's name and a byline at most.
_HEAD = 1000


def article_from_text(
    text: str,
    *,
    name: str | None = None,
    title: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Article:
    """Make an article of plain text, after the same repairs that files get.

    Nothing else is changed: entities, double spaces and empty lines stay, and a title is not put into the
    text.

    Args:
        text: The text.
        name: What to call it in results and errors.
        title: Its headline, where it has one that is known.
        url: Its address.
        published: Day of publication; anything that names a day without doubt.

    Raises:
        BinaryInputError: if it is not text.
        EmptyInputError: if there is nothing but white space.
        ConfigurationError: if it is not a string.
    """
    decoded = repair(_require_text(text), name)
    notes = decoded.notes
    if _LOOKS_LIKE_PAGE.match(decoded.text):
        notes += ("looks like an HTML page, read as plain text; name it .html to get its article",)
    day, date_notes = _day(published)
    return Article(decoded.text, name, title, url, day, (*notes, *date_notes))


def article_from_markdown(
    source: str,
    *,
    name: str | None = None,
    title: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Article:
    """Make an article of Markdown: its words without its marks; arguments as for `article_from_text`.

    Raises:
        BinaryInputError: if it is not text.
        EmptyInputError: if there is no text in it.
        ConfigurationError: if it is not a string.
    """
    from summarizer.loading.markdown import markdown_to_text  # noqa: PLC0415 - only where it is wanted

    raw = repair(_require_text(source), name)
    document = markdown_to_text(raw.text)
    # Once more: the text may be empty without its marks, and entities may have hidden mojibake.
    decoded = repair(document.text, name)
    heading = title or document.title
    text, title_notes = _with_title(decoded.text, heading)
    day, date_notes = _day(published)
    notes = dict.fromkeys((*raw.notes, *document.notes, *decoded.notes, *title_notes, *date_notes))
    return Article(text, name, heading, url or document.url, day or document.published, tuple(notes))


def article_from_html(
    markup: str,
    *,
    name: str | None = None,
    title: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Article:
    """Make an article of an HTML page: its main text, the text of links included.

    What is not given is taken from the page's metadata. Arguments as for `article_from_text`.

    Raises:
        BinaryInputError: if it is not text.
        EmptyInputError: if the page has no text.
        UnreadableInputError: if the page can't be parsed to its end.
        ConfigurationError: if it is not a string.
    """
    from summarizer.loading.html import read_page  # noqa: PLC0415 - lxml is only loaded for pages

    page = read_page(_require_text(markup), name)
    heading = title or page.title
    text, title_notes = _with_title(page.text, heading)
    day, date_notes = _day(published)
    notes = (*page.notes, *title_notes, *date_notes)
    return Article(text, name, heading, url or page.url, day or page.published, notes)


def article_from_bytes(
    data: bytes,
    *,
    format: Format = Format.TEXT,  # noqa: A002 - the word that callers expect; the built-in is not used
    name: str | None = None,
    notes: tuple[str, ...] = (),
) -> Article:
    """Make an article of undecoded content, as it comes from a pipe or a file; for JSON see `load_articles`.

    Args:
        data: The bytes.
        format: What they hold: text, Markdown or HTML.
        name: What to call it in results and errors.
        notes: What was done to the bytes before.

    Raises:
        LoadError: if there is no text in it; the subclass says why.
        ConfigurationError: if the format is JSON, which may hold many articles.
    """
    if format is Format.HTML:
        from summarizer.loading.html import declared_encoding  # noqa: PLC0415 - see article_from_html

        decoded = decode(data, name, declared_encoding(data))
        article = article_from_html(decoded.text, name=name)
    elif format is Format.MARKDOWN:
        decoded = decode(data, name)
        article = article_from_markdown(decoded.text, name=name)
    elif format is Format.TEXT:
        decoded = decode(data, name)
        article = article_from_text(decoded.text, name=name)
    else:
        advice = "write it to a file and use load_articles"
        raise ConfigurationError(f"{format} may hold many articles", advice)
    return _noted(article, *notes, *decoded.notes)


def article_from_record(record: Record, name: str | None, place: Place, notes: tuple[str, ...]) -> Article:
    """Make an article of a JSON record.

    Raises:
        RecordError: if its content is no text; names the record's place and key.
    """
    try:
        if record.is_html:
            made = article_from_html(
                record.content, name=name, title=record.title, url=record.url, published=record.published
            )
            return _noted(made, *notes, *record.notes, f"HTML in {record.field!r}")
        decoded = repair(record.content, name)
    except LoadError as error:
        raise place.error(error.reason, record.field, error.advice) from error
    title = repair(record.title, name).text if record.title else None
    text, title_notes = _with_title(decoded.text, title)
    all_notes = (*notes, *record.notes, *decoded.notes, *title_notes)
    return Article(text, name, title, record.url, record.published, all_notes)


def _require_text(value: object) -> str:
    if isinstance(value, str):
        return value
    advice = "use article_from_bytes" if isinstance(value, bytes) else "pass a str"
    raise ConfigurationError(f"text is wanted, got {type(value).__name__}", advice)


def _noted(article: Article, *notes: str) -> Article:
    """Put notes on earlier steps before those that the article has."""
    return replace(article, notes=tuple(dict.fromkeys((*notes, *article.notes))))


def _with_title(text: str, title: str | None) -> tuple[str, tuple[str, ...]]:
    """Put a headline that comes beside the text before it.

    A value may rest on the headline alone, and every value must be found in the text.
    """
    if not title:
        return text, ()
    head = text[: _HEAD + len(title)]
    if title in head or _folded(title) in _folded(head):
        return text, ()
    return f"{title}\n\n{text}", ("headline put before the text",)


def _folded(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _day(published: str | None) -> tuple[str | None, tuple[str, ...]]:
    if published is None:
        return None, ()
    day = parse_date(published)
    return day, (() if day else (f"the date {published[:40]!r} names no certain day",))
