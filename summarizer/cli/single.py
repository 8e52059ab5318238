"""``summarizer summarize``: one article, shown."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import assert_never

from rich.console import Console

from summarizer.article import Article
from summarizer.cli.app import OutputFormat
from summarizer.cli.planning import show_requests
from summarizer.cli.speech import say, say_engine
from summarizer.errors import LoadError, TooLargeError
from summarizer.loading import DEFAULT_LIMITS, Format, article_from_bytes, load_articles
from summarizer.pipeline import Summarizer
from summarizer.render.json import render_json
from summarizer.render.markdown import render_markdown
from summarizer.render.terminal import print_summary
from summarizer.settings import Settings

__all__ = ["show_article"]

STANDARD_INPUT = "-"


def show_article(source: str, form: OutputFormat, settings: Settings, *, is_dry_run: bool = False) -> None:
    """Summarise one article and print its summary.

    Args:
        source: Path of a file, or ``-`` for standard input.
        form: How to show the summary.
        settings: Engine, and what the summary is to hold.
        is_dry_run: Show what would be sent to a model instead.

    Raises:
        LoadError: if there is no article, or more than one.
        ConfigurationError: if the engine can't be used.
    """
    summarizer = Summarizer(settings, notify=say)
    say_engine(summarizer.choice)
    article = _read_standard_input() if source == STANDARD_INPUT else _read_file(source)
    if is_dry_run:
        show_requests(summarizer, article)
        return
    summary = summarizer.summarize(article)
    match form:
        case OutputFormat.TABLE:
            print_summary(summary, _console(), text=article.text, explain=settings.explain)
        case OutputFormat.MD:
            sys.stdout.write(render_markdown(summary, text=article.text, explain=settings.explain))
        case OutputFormat.JSON:
            sys.stdout.write(render_json(summary, ascii_only=not _holds_unicode()) + "\n")
        case _:
            assert_never(form)


def _read_file(source: str) -> Article:
    found = list(islice(load_articles(Path(source)), 2))
    if len(found) > 1:
        raise LoadError("holds more than one article", source, "give its folder to 'summarizer batch'")
    if isinstance(found[0], LoadError):
        raise found[0]
    return found[0]


def _read_standard_input() -> Article:
    limit = DEFAULT_LIMITS.article_bytes
    data = sys.stdin.buffer.read(limit + 1)
    if len(data) > limit:
        raise TooLargeError(f"larger than {limit:,} bytes", "standard input", "split it", limit)
    is_page = data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))
    return article_from_bytes(data, format=Format.HTML if is_page else Format.TEXT, name="standard input")


def _console() -> Console:
    return Console(markup=False, emoji=False, highlight=False)


def _holds_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
