"""Articles as web pages: nested inline markup, lists, tables, and all that stands around an article."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from summarizer.reading.blocks import Block, BlockKind

from ..material import Specimen


class Frame(StrEnum):
    """How the site marks its article."""

    ARTICLE = "article element"
    MAIN = "main element with an aside in it"
    DIVISIONS = "nested divisions only"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, headline, list item or table row of the article."""

    kind: BlockKind
    text: str
    """Its words, without the bullet."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """An article as a page."""

    markup: str
    paragraphs: tuple[Paragraph, ...]
    """What a reader of the page reads as the article."""
    around: tuple[str, ...]
    """What stands around it: navigation, advertisements, forms."""
    marked: tuple[str, ...]
    """Numbers that a raised reference mark stands behind."""
    mark: str = "2"
    """The mark."""


_BULLET = re.compile(r"^\s*(?:[-*\u2022\u25c6\u25aa\u2013]|\u2014)\s+")

_AROUND = {
    "menu": ("Oncology desk", "Cardiology desk", "Conference calendar", "Podcasts and webinars"),
    "consent": ("We and our 214 partners store cookies on your device.", "Accept all cookies"),
    "breadcrumbs": ("Home", "News by specialty", "Latest trial readouts"),
    "share": ("Share on social media", "Email this page to a colleague", "Print friendly version"),
    "advertisement": ("Advertisement", "Order your free sample of our dosing calculator today"),
    "newsletter": ("Get our weekly digest in your inbox", "Your work email address", "Sign me up"),
    "related": ("You may also like", "Ten charts that explain drug pricing", "What our readers asked this month"),
    "footer": ("Copyright 2025 Example Media Group. All rights reserved.", "Do not sell my data", "Terms of use"),
}
"""Words of no article; their ``class`` is their name, as sites do it."""


def make_page(specimen: Specimen, frame: Frame, chance: random.Random) -> WebPage:
    """One article as a page of one kind."""
    paragraphs = _paragraphs(specimen)
    writer = _Writer(chance)
    pieces: list[str] = []
    number = 0
    while number < len(paragraphs):
        kind = paragraphs[number].kind
        stop = number + 1
        while kind in _RUNS and stop < len(paragraphs) and paragraphs[stop].kind is kind:
            stop += 1
        pieces.append(writer.run(paragraphs[number:stop], is_first=number == 0))
        if number and kind is BlockKind.PROSE and chance.random() < 0.25:
            pieces.append(_furniture(chance.choice(("advertisement", "newsletter", "advertisement", "related"))))
        number = stop
    title = html.escape(paragraphs[0].text)
    body = _framed(frame, "\n".join(pieces))
    markup = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n{body}</html>\n'
    )
    own = {paragraph.text for paragraph in paragraphs}
    shown = [text for name, texts in _AROUND.items() for text in texts if f'class="{name}"' in markup]
    around = tuple(text for text in shown if not any(text in each for each in own))
    return WebPage(markup, tuple(paragraphs), around, tuple(writer.marked))


_RUNS = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)


def _paragraphs(specimen: Specimen) -> list[Paragraph]:
    return [_paragraph(block, specimen.article.text[block.start : block.end]) for block in specimen.reading.blocks]


def _paragraph(block: Block, text: str) -> Paragraph:
    words = " ".join(html.unescape(text).split())
    if block.kind is BlockKind.LIST_ITEM:
        words = _BULLET.sub("", words)
    kind = BlockKind.PROSE if block.kind is BlockKind.TABLE_ROW and "|" not in words else block.kind
    return Paragraph(kind, words)


def _framed(frame: Frame, inner: str) -> str:
    before = _furniture("consent") + _furniture("menu") + _furniture("breadcrumbs")
    after = _furniture("related") + _furniture("newsletter") + _furniture("footer")
    if frame is Frame.ARTICLE:
        inner = f"<article>{_furniture('share')}\n{inner}\n</article>"
    elif frame is Frame.MAIN:
        inner = f"<main>{inner}\n{_furniture('share')}{_furniture('related')}</main>"
    else:
        inner = f'<div class="page"><div class="column"><div class="story">{inner}</div></div></div>'
    return f"<body>{before}\n{inner}\n{after}</body>"


_ELEMENTS = {"menu": "nav", "related": "aside", "newsletter": "form", "footer": "footer"}


def _furniture(name: str) -> str:
    element = _ELEMENTS.get(name, "div")
    texts = _AROUND[name]
    if name in ("menu", "related", "breadcrumbs", "share"):
        inner = "<ul>" + "".join(f'<li><a href="/{name}/{n}">{text}</a></li>' for n, text in enumerate(texts)) + "</ul>"
    else:
        inner = "".join(f"<p>{text}</p>" for text in texts)
    return f'<{element} class="{name}">{inner}</{element}>\n'


_WRAPS = (
    ('<a href="https://example.org/story">', "</a>"),
    ('<a href="/tag/trial"><em>', "</em></a>"),
    ("<em>", "</em>"),
    ("<strong><i>", "</i></strong>"),
    ('<span class="term">', "</span>"),
    ('<span data-id="7"><span style="color:#333">', "</span></span>"),
    ("<nobr>", "</nobr>"),
    ("<x-drug>", "</x-drug>"),
    ('<x-term ref="4"><a href="#g4">', "</a></x-term>"),
    ('<abbr title="see glossary">', "</abbr>"),
    ("<font>", "</font>"),
)
"""What editors and their systems put around words."""

_SPLITS = ("<wbr>", "<!-- ed. -->", "<span></span>", "<x-anchor></x-anchor>", "&#8203;", "&shy;")
"""What stands within words and shows nothing."""

_INNER = (("<span>", "</span>"), ("<em>", "</em>"), ("<x-hit>", "</x-hit>"), ("<nobr>", "</nobr>"), ("<b>", "</b>"))
"""What marks a part of a word: a search term, a prefix."""

_SHARE = 0.12
"""Share of the words that get markup of their own."""


class _Writer:
    """Writes paragraphs as markup."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.marked: list[str] = []

    def run(self, paragraphs: Sequence[Paragraph], *, is_first: bool) -> str:
        """Markup of one paragraph, or of a list or table."""
        kind = paragraphs[0].kind
        if kind is BlockKind.LIST_ITEM:
            return "<ul>" + "".join(f"<li>{self.inline(each.text)}</li>" for each in paragraphs) + "</ul>"
        if kind is BlockKind.TABLE_ROW:
            rows = (
                "".join(f"<td>{html.escape(cell.strip())}</td>" for cell in each.text.split("|")) for each in paragraphs
            )
            return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
        if kind is BlockKind.HEADING:
            name = "h1" if is_first else "h2"
            return f"<{name}>{html.escape(paragraphs[0].text)}</{name}>"
        return f"<p>{self.inline(paragraphs[0].text)}</p>"

    def inline(self, text: str) -> str:
        """A paragraph's words with markup around and within some of them."""
        words = text.split(" ")
        pieces: list[str] = []
        number = 0
        while number < len(words):
            chance = self.chance.random()
            if chance < _SHARE / 2:
                stop = min(len(words), number + self.chance.randint(1, 4))
                opening, closing = self.chance.choice(_WRAPS)
                pieces.append(opening + " ".join(map(self._word, words[number:stop])) + closing)
                number = stop
                continue
            pieces.append(self._within(words[number]) if chance < _SHARE else self._word(words[number]))
            number += 1
        return " ".join(pieces)

    def _word(self, word: str) -> str:
        return self._escaped(word) if self.chance.random() < 0.9 else self._marked_number(word)

    def _marked_number(self, word: str) -> str:
        """A decimal number with a reference behind it, as footnotes have it."""
        if not re.fullmatch(r"\d+\.\d+", word):
            return self._escaped(word)
        self.marked.append(word)
        return f'{word}<sup><a href="#r2">2</a></sup>'

    def _within(self, word: str) -> str:
        """A word or number in pieces."""
        if len(word) < 3:
            return self._escaped(word)
        cut = self.chance.randrange(1, len(word) - 1)
        head, tail = self._escaped(word[:cut]), self._escaped(word[cut:])
        if self.chance.random() < 0.5:
            return head + self.chance.choice(_SPLITS) + tail
        opening, closing = self.chance.choice(_INNER)
        return head + opening + tail + closing

    def _escaped(self, word: str) -> str:
        """Characters that need it as entities, and now and then others that don't."""
        shown = html.escape(word, quote=False)
        if "%" in shown and self.chance.random() < 0.3:
            shown = shown.replace("%", "&#37;")
        return shown.replace("\u2013", "&ndash;").replace("\u00b5", "&micro;").replace("\u2265", "&ge;")
