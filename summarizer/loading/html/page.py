"""A page from markup to text: the steps of this package in their order."""

from __future__ import annotations

import re
from typing import NamedTuple

from summarizer.errors import EmptyInputError
from summarizer.loading.html.blocks import read_blocks, render
from summarizer.loading.html.main_text import choose_blocks
from summarizer.loading.html.metadata import read_metadata
from summarizer.loading.html.tree import dissolve, parse_page, prune, strip_code
from summarizer.loading.repair import repair

__all__ = ["PageText", "declared_encoding", "fragment_text", "read_page"]


class PageText(NamedTuple):
    """Text of a page's article, and what the page declares about it."""

    text: str
    title: str | None
    url: str | None
    published: str | None
    notes: tuple[str, ...]


_DECLARATION = re.compile(
    rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w-]+) | <\?xml\b[^>]*?\bencoding\s*=\s*["']([\w-]+)""",
    re.IGNORECASE | re.VERBOSE,
)
# Browsers look no further.
_DECLARED_WITHIN = 4096


def declared_encoding(data: bytes) -> str | None:
    """Encoding that a page's own bytes declare."""
    match = _DECLARATION.search(data[:_DECLARED_WITHIN])
    return (match[1] or match[2]).decode("ascii") if match else None


def read_page(markup: str, label: str | None = None) -> PageText:
    """Text of the article in a page, headline included where the page prints one.

    Args:
        markup: The page, or a fragment of one.
        label: Name of the input in errors.

    Raises:
        EmptyInputError: if the page has no text.
        UnreadableInputError: if its tags nest too deep.
    """
    repaired = repair(markup, label)
    page = parse_page(repaired.text, label)
    facts = read_metadata(page.root)
    prune(page)
    dissolve(page)
    text = render(choose_blocks(page))
    if not text.strip():
        advice = "if a script fills it in, save it from a browser"
        raise EmptyInputError("the page has no article text", label, advice)
    # Once more: entities may have hidden what the source did not show.
    decoded = repair(text, label)
    notes = dict.fromkeys((*repaired.notes, *facts.notes, *page.notes, *decoded.notes))
    return PageText(decoded.text, facts.title, facts.url, facts.published, tuple(notes))


def fragment_text(markup: str) -> str:
    """All text of a piece of markup inside a document of another kind; empty when there is none."""
    try:
        page = parse_page(markup)
    except EmptyInputError:
        return ""
    strip_code(page)
    dissolve(page)
    return render(read_blocks(page.root))
