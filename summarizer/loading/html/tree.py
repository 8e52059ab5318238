"""The page as a tree: parsed, without its furniture, and without inline markup.

Extractors drop the text of links and of tags that they don't know. So all inline markup is dissolved into
text before any extractor looks: afterwards a paragraph is one piece, and can only be kept or lost whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from summarizer.errors import EmptyInputError, UnreadableInputError
from summarizer.loading.html.tags import (
    BLOCKS,
    FURNITURE,
    FURNITURE_ROLES,
    FURNITURE_WORDS,
    NEVER_FURNITURE,
    NEVER_TEXT,
    PARAGRAPHS,
)
from summarizer.loading.raised import set_apart
from summarizer.loading.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Element", "Page", "dissolve", "flow_text", "parse_page", "prune", "strip_code"]


class Element(Protocol):
    """What we use of an lxml element (lxml brings no types)."""

    tag: str
    text: str | None
    tail: str | None

    def get(self, key: str, default: str, /) -> str:
        """Value of an attribute."""
        ...

    def iter(self, *tags: str) -> Iterator[Element]:
        """Yield this element and all below it, in document order."""
        ...

    def getparent(self) -> Element | None:
        """Return the element around this one."""
        ...

    def getprevious(self) -> Element | None:
        """Return the element before this one under the same parent."""
        ...

    def iterancestors(self, *tags: str) -> Iterator[Element]:
        """Yield the elements around this one, nearest first."""
        ...

    def drop_tree(self) -> None:
        """Remove this element and keep its tail."""
        ...

    def text_content(self) -> str:
        """Return all text below this element."""
        ...

    def __iter__(self) -> Iterator[Element]: ...
    def __len__(self) -> int: ...


# `has-sidebar`, `no-ads`: the word describes a neighbour, not the element.
_ABOUT_OTHERS = re.compile(r"(?:^|\s)(?:has|no|with|without)-[\w-]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What holds more than this share of the page's text is no furniture, whatever it is called.
_LARGEST_FURNITURE = 0.5
_STRUCK = ("struck-out passage", "struck-out passages")
_AROUND = ("element of page furniture", "elements of page furniture")
_LINKS = ("list of links", "lists of links")
_DOOMED = "doomed"
_REFERENCE = re.compile(r"\s*\[?\d{1,3}\]?\s*")
_LINKED = 0.9
_LONGEST_PHRASE = 60
# libxml2 lets these into texts and names of tags, where lxml then refuses to touch them.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE_TO_CHARACTER = re.compile(
    r"&#(?:[xX]0*(?P<hex>[0-9A-Fa-f]{1,4})(?![0-9A-Fa-f])|0*(?P<decimal>[0-9]{1,5})(?![0-9]));?"
)


@dataclass
class Page:
    """A parsed page, and what was done to it."""

    root: Element
    """The `html` element."""
    links: dict[Element, int] = field(default_factory=dict[Element, int])
    """Characters of link text per block element, taken before links dissolve."""
    notes: list[str] = field(default_factory=list[str])
    """What was left out."""


def parse_page(markup: str, label: str | None = None) -> Page:
    """Parse a page or a fragment of one.

    Raises:
        EmptyInputError: if there is no element and no text in it.
        UnreadableInputError: if its tags nest too deep for the parser, which then drops the rest.
    """
    etree, html = import_module("lxml.etree"), import_module("lxml.html")
    markup = _REFERENCE_TO_CHARACTER.sub(_without_controls, _NOT_IN_XML.sub(" ", markup))
    # From bytes, because lxml refuses strings that declare an encoding.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except etree.ParserError as error:
        raise EmptyInputError("no text in the page", label, "give it some text or remove it") from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        reason = f"the page can't be parsed ({parser.error_log.last_error.message})"
        raise UnreadableInputError(reason, label, "save the page's text as .txt")
    return Page(root)


def _without_controls(match: re.Match[str]) -> str:
    """A blank for a reference to a character that XML does not know; any other one as it is."""
    code = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    return " " if _NOT_IN_XML.match(chr(code)) else match[0]


def _strip_elements(root: Element, *tags: str) -> None:
    # lxml's loop: dropping one by one would copy the text behind each element again and again.
    strip_elements: Any = import_module("lxml.etree").strip_elements
    strip_elements(root, *tags, with_tail=False)


def strip_code(page: Page) -> None:
    """Take out what holds no text: scripts, styles, images, embedded documents."""
    _strip_elements(page.root, *NEVER_TEXT)
    # Without a `body` tag the parser leaves HTML5's elements in the head.
    for head in list(page.root.iter("head")):
        head.tag = "div"


def prune(page: Page) -> None:
    """Take out scripts, navigation, forms, advertisements, hidden parts, struck-out text, lists of links."""
    strip_code(page)
    sizes = _text_sizes(page.root)
    limit = _LARGEST_FURNITURE * sizes[page.root]
    counts: dict[tuple[str, str], int] = {_STRUCK: 0, _AROUND: 0, _LINKS: 0}
    doomed: set[Element] = set()
    for element, size in sizes.items():
        if (parent := element.getparent()) is not None and parent in doomed:
            doomed.add(element)
        elif reason := _reason_to_drop(element, is_small=size <= limit):
            doomed.add(element)
            element.tag = _DOOMED
            counts[reason] += size > 0
    _strip_elements(page.root, _DOOMED)
    page.notes += [f"left out: {counted(n, *noun)}" for noun, n in counts.items() if n]


def _reason_to_drop(element: Element, *, is_small: bool) -> tuple[str, str] | None:
    if element.tag in {"del", "s", "strike"}:
        return _STRUCK
    if element.tag == "nav" or (is_small and (_is_furniture(element) or _is_lone_button(element))):
        return _AROUND
    if element.tag in {"ul", "ol"} and _is_link_list(element):
        return _LINKS
    return None


def _text_sizes(root: Element) -> dict[Element, int]:
    """Characters of text in every element, its descendants included; in document order."""
    sizes = {element: len((element.text or "").strip()) for element in root.iter()}
    for element in reversed(sizes):
        parent = element.getparent()
        if parent is not None:
            sizes[parent] += sizes[element] + len((element.tail or "").strip())
    return sizes


def _is_furniture(element: Element) -> bool:
    if element.tag in NEVER_FURNITURE:
        return False
    if element.tag in FURNITURE or element.get("role", "") in FURNITURE_ROLES:
        return True
    if element.tag not in BLOCKS and not any(child.tag in BLOCKS for child in element):
        # Inline: a word in a hidden or oddly named span is still a word of its sentence.
        return _HIDDEN.search(element.get("style", "")) is not None
    if element.get("hidden", "no") != "no" or element.get("aria-hidden", "") == "true":
        return True
    names = _ABOUT_OTHERS.sub(" ", f"{element.get('class', '')} {element.get('id', '')}".lower())
    return bool(FURNITURE_WORDS.intersection(re.split("[^a-z]+", names))) or (
        _HIDDEN.search(element.get("style", "")) is not None
    )


def _is_lone_button(element: Element) -> bool:
    """Whether it is a button outside of text; one within a sentence explains a term and is part of it."""
    return element.tag == "button" and not any(True for _ in element.iterancestors(*PARAGRAPHS))


def _is_link_list(listing: Element) -> bool:
    """Whether it is a list of nothing but links that no colon announces."""
    items = [item for item in listing if item.tag == "li"]
    return len(items) > 1 and all(_is_linked(item) for item in items) and not _is_announced(listing)


def _is_linked(item: Element) -> bool:
    linked = sum(len(link.text_content().strip()) for link in item.iter("a") if link.get("href", ""))
    return linked >= _LINKED * len(item.text_content().strip())


def _is_announced(listing: Element) -> bool:
    previous, parent = listing.getprevious(), listing.getparent()
    if previous is not None:
        before = (previous.tail or "").strip() or previous.text_content()
    else:
        before = (parent.text or "") if parent is not None else ""
    return before.rstrip().endswith(":")


def dissolve(page: Page) -> None:
    """Turn all inline markup into text, so that only block elements and `br` are left."""
    elements = list(page.root.iter())
    _make_blocks(elements)
    for element in elements:
        if element.tag == "a" and element.get("href", ""):
            _count_link(page, element)
            if _REFERENCE.fullmatch(element.text_content()):
                element.tag = "sup"  # the number of a reference is not part of a number before it
        elif element.tag == "q":
            element.text = f"\u201c{element.text or ''}"
            # Behind the last child's tail, or there is no child and the text ends the quotation.
            last = next(reversed(list(element)), None)
            if last is None:
                element.text += "\u201d"
            else:
                last.tail = f"{last.tail or ''}\u201d"
    inline = {element.tag for element in elements} - BLOCKS - {"br", "sup", "sub"}
    strip_tags: Any = import_module("lxml.etree").strip_tags
    strip_tags(page.root, *inline)
    _write_raised(page.root.iter("sup", "sub"))
    strip_tags(page.root, "sup", "sub")


def _make_blocks(elements: Sequence[Element]) -> None:
    """Rename to `div` what is no block by name but is one by its place or content."""
    stands_apart: dict[Element, bool] = {}  # by parent
    for element in elements:
        parent = element.getparent()
        if "-" in element.tag and parent is not None:
            if parent not in stands_apart:
                stands_apart[parent] = _holds_only_blocks(parent)
            if stands_apart[parent]:
                element.tag = "div"
    holds_block: set[Element] = set()
    for element in reversed(elements):
        if element in holds_block and element.tag not in BLOCKS:
            element.tag = "div"
        if element.tag in BLOCKS and (parent := element.getparent()) is not None:
            holds_block.add(parent)


def _holds_only_blocks(parent: Element) -> bool:
    """Whether tags of the site's own making under an element are its paragraphs, not words of its text."""
    children = list(parent)
    beside = [parent.text, *(child.tail for child in children)]
    if parent.tag not in BLOCKS - PARAGRAPHS or any(text and text.strip() for text in beside):
        return False
    if any(child.tag not in BLOCKS and "-" not in child.tag for child in children):
        return False
    return any("-" in child.tag and len(child.text_content()) > _LONGEST_PHRASE for child in children)


def _count_link(page: Page, link: Element) -> None:
    for ancestor in link.iterancestors():
        if ancestor.tag in BLOCKS:
            page.links[ancestor] = page.links.get(ancestor, 0) + len(link.text_content().strip())
            return


def _write_raised(marks: Iterable[Element]) -> None:
    before = ""
    last: Element | None = None
    for mark in list(marks):
        previous, parent = mark.getprevious(), mark.getparent()
        if previous is not None:
            # Several marks in a row continue what the first of them stands behind.
            follows = previous is last and not previous.tail
            before = before + (previous.text or "") if follows else previous.tail or ""
        else:
            before = (parent.text or "") if parent is not None else ""
        text = mark.text_content()
        for child in list(mark):
            child.drop_tree()
        mark.text = set_apart(before, text, mark.tail or "", lowered=mark.tag == "sub")
        last = mark


def flow_text(element: Element) -> str:
    """Text of an element on one line; breaks and blocks within it become spaces."""
    pieces: list[str] = []
    walk: Any = import_module("lxml.etree").iterwalk
    for event, node in walk(element, events=("start", "end")):
        if node is not element and (node.tag == "br" or node.tag in BLOCKS):
            pieces.append(" ")
        pieces.append((node.text if event == "start" else node.tail if node is not element else None) or "")
    return " ".join("".join(pieces).split())
