"""Which blocks of a page are the article.

trafilatura finds the article; it does not get to print it. It drops what looks like debris to it: short
paragraphs, repeated ones, lone words, sentences of links. A reader of damaged text must see that debris.
So its answer only marks blocks: the article is the smallest element that holds nearly all marked blocks, and
everything between the first and the last of them belongs to it.
"""

from __future__ import annotations

import copy
import logging
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from summarizer.errors import ConfigurationError
from summarizer.loading.html.blocks import Block, BlockKind, read_blocks
from summarizer.loading.html.tags import PARAGRAPHS
from summarizer.loading.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.loading.html.tree import Element, Page

__all__ = ["choose_blocks"]

_SILENT = logging.NullHandler()
_NOT_WORD = re.compile(r"[\W_]+")
# Shorter blocks ("Results", "Read more") may stand anywhere: they mark nothing by themselves.
_TELLING = 30
# An element is the article's when it holds this share of the marked text.
_HOLDS_ARTICLE = 0.9
# Less of an <article> than this, and the extractor has lost it.
_LOST_ARTICLE = 0.5
# An article of one paragraph is what holds that paragraph. Cells may be columns of the page.
_LINES = PARAGRAPHS - {"td", "th"}
_MOSTLY_LINKS = 0.6
_SENTENCE = re.compile(r"[.!?:;,\u201d\"')\]]\s*$|\s(?:the|of|and|in|with|for|to|a|an|from)\s*$")
_FOOT = re.compile(r"\u00a9|\bcopyright\b|\ball rights reserved\b|\bprivacy policy\b", re.IGNORECASE)
_LONG_PARAGRAPH = 60
# Beyond this the extractor's time grows with the square of the page; such pages are data dumps or made to be
# slow. The second limit is on the sum of the depths of all elements.
_MOST_ELEMENTS = 12_000
_MOST_DEPTH = 600_000


def choose_blocks(page: Page) -> list[Block]:
    """Return the blocks of the page's article, in reading order, and note on the page how they were found.

    Args:
        page: A page after `prune` and `dissolve`.
    """
    blocks = [block for block in read_blocks(page.root) if _folded(block.text)]
    marked = _mark(blocks, _extract(page))
    home = _home(page.root, blocks, marked)
    declared = _declared_article(page.root, blocks)
    if declared is not None and _is_lost(declared, blocks, marked):
        page.notes.append("the extractor lost most of the article; took all of the article element")
        home = declared
        inside = set(home.iter())
        marked = [block.element in inside for block in blocks]
    if home is None:
        page.notes.append("no article found in the page; took all of its text")
        return blocks
    kept = _fill(page, blocks, marked, home)
    recovered = sum(not mark for keep, mark in zip(kept, marked, strict=True) if keep)
    if recovered:
        page.notes.append(f"kept {counted(recovered, 'block')} that the extractor left out")
    return [block for block, keep in zip(blocks, kept, strict=True) if keep]


def _extract(page: Page) -> set[str]:
    """Lines that trafilatura takes for the article, folded for comparison.

    Raises:
        ConfigurationError: if trafilatura is not installed, or not whole.
    """
    if _is_too_large(page.root):
        page.notes.append("the page is too large for the extractor")
        return {""}
    try:
        # Needed by trafilatura through an extra of lxml that old installers leave out.
        import_module("lxml_html_clean")
        trafilatura: Any = import_module("trafilatura")
    except ImportError as error:
        reason = f"pages can't be read: {error}".replace("\n", " ")
        raise ConfigurationError(reason, "install trafilatura and lxml-html-clean") from error
    # What it logs about a page it returns too; without a handler Python would print it for the user.
    logging.getLogger("trafilatura").addHandler(_SILENT)
    try:
        document = trafilatura.bare_extraction(
            copy.deepcopy(page.root),  # it edits the tree that it is given
            include_comments=False,
            include_tables=True,
            favor_recall=True,
        )
    except Exception as error:  # noqa: BLE001 - any failure on a strange page has the same remedy, and is told
        page.notes.append(f"the extractor failed ({type(error).__name__}: {error})")
        return {""}
    if document is None:
        return {""}
    pieces = {_folded(line) for line in cast("str", document.text or "").split("\n")}
    # Its own elements too: lines join what `br` separated, and table cells.
    body: Any = document.body
    for element in body.iter() if body is not None else ():
        pieces.add(_folded("".join(element.itertext())))
    return pieces | {""}


def _is_too_large(root: Element) -> bool:
    depths: dict[Element, int] = {}
    for element in root.iter():
        parent = element.getparent()
        depths[element] = depths[parent] + 1 if parent is not None else 0
    return len(depths) > _MOST_ELEMENTS or sum(depths.values()) > _MOST_DEPTH


def _folded(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _mark(blocks: Sequence[Block], pieces: set[str]) -> list[bool]:
    """Which blocks the extractor kept, whole or line by line."""
    return [
        _folded(block.text) in pieces or all(_folded(line) in pieces for line in block.text.split("\n"))
        for block in blocks
    ]


def _home(root: Element, blocks: Sequence[Block], marked: Sequence[bool]) -> Element | None:
    """Smallest element that holds nearly all of the marked text; None when nothing telling is marked."""
    weights: dict[Element, int] = {}
    for block, mark in zip(blocks, marked, strict=True):
        if mark and len(block.text) >= _TELLING:
            weights[block.element] = weights.get(block.element, 0) + len(block.text)
    total = sum(weights.values())
    # From the leaves to the root, each element hands its sum to its parent. Those that hold nearly all are
    # nested in each other, so the first one met is the smallest.
    for element in reversed(list(root.iter()) if total else []):
        weight = weights.get(element, 0)
        if weight >= _HOLDS_ARTICLE * total and element.tag not in _LINES:
            return element
        if weight and (parent := element.getparent()) is not None:
            weights[parent] = weights.get(parent, 0) + weight
    return None


def _declared_article(root: Element, blocks: Sequence[Block]) -> Element | None:
    """The element that the page itself calls its article, or else its main part."""
    owners: dict[Element, Element | None] = {}
    for element in root.iter():
        parent = element.getparent()
        is_own = element.tag == "article" or element.get("itemprop", "") == "articleBody"
        owners[element] = element if is_own else owners.get(parent) if parent is not None else None
    sizes: dict[Element, int] = {}
    for block in blocks:
        if (owner := owners.get(block.element)) is not None:
            sizes[owner] = sizes.get(owner, 0) + len(block.text)
    if sizes:
        largest = max(sizes, key=lambda element: sizes[element])
        # Cards of other articles are `article` elements too, but no one of them has most of the text.
        return largest if sizes[largest] > sum(sizes.values()) / 2 else None
    mains = list(root.iter("main"))
    return mains[0] if len(mains) == 1 else None


def _is_lost(declared: Element, blocks: Sequence[Block], marked: Sequence[bool]) -> bool:
    """Whether the page's own article element has more text than the extractor found, most of it unmarked."""
    inside = set(declared.iter())
    everywhere = total = found = 0
    for block, mark in zip(blocks, marked, strict=True):
        size, is_inside = len(block.text), block.element in inside
        everywhere += size * mark
        total += size * is_inside
        found += size * (mark and is_inside)
    return total > everywhere and found < _LOST_ARTICLE * total


def _fill(page: Page, blocks: Sequence[Block], marked: Sequence[bool], home: Element) -> list[bool]:
    """Keep what lies between the marked blocks of the article, and what reads like it around them."""
    elements = set(home.iter())
    inside = [block.element in elements for block in blocks]
    places = [n for n, mark in enumerate(marked) if mark and inside[n]]
    first, last = min(places, default=0), max(places, default=-1)
    parents = {blocks[n].element.getparent() for n in places}
    kept: list[bool] = []
    for number, block in enumerate(blocks):
        links = page.links.get(block.element, 0) / max(1, len(block.text))
        prose = links < _MOSTLY_LINKS and _reads_as_article(block)
        if not inside[number]:
            # A headline or an introduction may stand outside; so may the page's foot.
            kept.append(marked[number] and prose and not _FOOT.search(block.text))
        elif first <= number <= last:
            # A paragraph of nothing but a link may be a sentence whose words are all linked.
            kept.append(marked[number] or block.kind is not BlockKind.ITEM or links < _MOSTLY_LINKS)
        else:
            # A lone word in a paragraph beside those of the article may be all that is left of a sentence.
            beside = block.element.tag == "p" and block.element.getparent() in parents
            kept.append((prose or (beside and links < _MOSTLY_LINKS)) and not _FOOT.search(block.text))
    return kept


def _reads_as_article(block: Block) -> bool:
    if block.kind in {BlockKind.TABLE, BlockKind.HEADING}:
        return True
    return len(block.text) >= _LONG_PARAGRAPH or _SENTENCE.search(block.text) is not None
