"""Markdown to plain text: the words and the numbers stay, the markup goes.

markdown-it-py reads the structure. Two of Markdown's rules would damage text of trials and are bent:

- `10*5 and 6*7` is emphasis by the book; removing its marks would print `105 and 67`. Marks between two
  digits stay.
- `[0.50-0.77](P=.003)` is a link by the book; taking its target away would lose the P value. A target that
  does not look like an address makes no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from summarizer.loading.dates import parse_date
from summarizer.loading.raised import set_apart

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["MarkdownText", "markdown_to_text"]


class MarkdownText(NamedTuple):
    """Plain text of a Markdown document, and what its front matter and first heading say."""

    text: str
    title: str | None
    url: str | None
    published: str | None
    notes: tuple[str, ...]


_ADDRESS = re.compile(
    r"""(?:[a-z][a-z0-9+.-]*:(?!\d)       # https: mailto: doi:
      | [/\#?] | \.{1,2}/ | www\.         # from the root, within the page, relative
      | [\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/:?\#]|$)      # a host, a file with an ending
      | [a-z][\w-]*/[^=<>]*$ )            # a relative path
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DEEPEST = 200  # beyond it the parser drops text, and its preset stops at 20
# The parser's time grows with the square of the marks in a block; no paragraph that people write has as many.
_MARKS = re.compile(r"[\[\]*_`!<&\\]")
_MOST_MARKS = 3_000
_RAISED_TAG = re.compile(r"<(/?)(sup|sub)\b[^>]*>", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?\n)?\1[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_LINE = re.compile(r"""(?m)^(\w+)[ \t]*[:=][ \t]*(["']?)(.+?)\2[ \t]*$""")


def markdown_to_text(source: str) -> MarkdownText:
    """Plain text of a Markdown document.

    Links keep their text, images go, emphasis and heading marks go, list items keep their bullets or
    numbers, table rows become lines with cells joined by ` | `. Blocks are separated by blank lines.

    Args:
        source: The document, with `\\n` line breaks.
    """
    notes: list[str] = []
    facts: dict[str, str] = {}
    if match := _FRONT_MATTER.match(source):
        facts = {key.lower(): value for key, _, value in _FRONT_MATTER_LINE.findall(match[2] or "")}
        source = source[match.end() :]
        notes.append("front matter taken out of the text")
    tokens, plain = _parse(source)
    if plain:
        notes.append(f"too much markup in {plain} block{'s'[: plain != 1]}; kept as it stands")
    return MarkdownText(
        text=_Renderer().render(tokens),
        title=facts.get("title") or _first_heading(tokens),
        url=facts.get("url") or facts.get("link") or facts.get("canonical"),
        published=parse_date(facts.get("date") or facts.get("published")),
        notes=tuple(notes),
    )


def _parse(source: str) -> tuple[list[Token], int]:
    """Tokens of a document, and the number of blocks whose inline markup was left alone."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 70 ms that other formats should not pay

    parser = MarkdownIt("commonmark").enable("table")
    parser.options["maxNesting"] = _DEEPEST
    # The documented hook for judging link targets.
    setattr(parser, "validateLink", _is_address)  # noqa: B010 - the class declares it as a method
    parser.core.ruler.disable(["inline", "text_join"])
    env: dict[str, object] = {}
    tokens = parser.parse(source, env)
    plain = 0
    for token in tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(_MARKS.findall(token.content)) <= _MOST_MARKS:
            parser.inline.parse(token.content, parser, env, token.children)
        else:
            plain += 1  # without children it is printed as it stands
    return tokens, plain


def _is_address(target: str) -> bool:
    return not target or _ADDRESS.match(target) is not None


def _first_heading(tokens: Sequence[Token]) -> str | None:
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open":
            return (_inline_text(inline).strip() or None) if opening.tag == "h1" else None
    return None


def _inline_text(token: Token) -> str:
    """Text of a paragraph, heading or cell, without its marks."""
    if not token.children:
        return token.content
    pieces: list[str] = []
    open_marks: list[int] = []  # places in `pieces` of the marks not closed yet
    pairs: list[tuple[int, int]] = []
    raised_from: int | None = None  # place in `pieces` where an open `<sup>` or `<sub>` begins
    lowered = False
    for child in token.children or []:
        if child.type in {"em_open", "strong_open"}:
            open_marks.append(len(pieces))
            pieces.append("")
        elif child.type in {"em_close", "strong_close"} and open_marks:
            pairs.append((open_marks.pop(), len(pieces)))
            pieces.append("")
        elif raised := _RAISED_TAG.fullmatch(child.content if child.type == "html_inline" else ""):
            lowered = raised[2].lower() == "sub"
            raised_from = len(pieces) if not raised[1] else None
            pieces.append("")
        elif raised_from is not None:
            before = "".join(pieces[max(0, raised_from - 2) : raised_from])
            pieces.append(set_apart(before, _leaf_text(child), "", lowered=lowered))
        else:
            pieces.append(_leaf_text(child))
    marks = [child.markup for child in token.children or []]
    for opening, closing in pairs:
        if _joins_digits(pieces, opening) or _joins_digits(pieces, closing):
            pieces[opening], pieces[closing] = marks[opening], marks[closing]
    return "".join(pieces)


def _joins_digits(pieces: Sequence[str], place: int) -> bool:
    """Whether the text on both sides of a mark would run into one number."""
    before = next((piece for piece in reversed(pieces[:place]) if piece), "")
    after = next((piece for piece in pieces[place + 1 :] if piece), "")
    return re.search(r"[0-9][.,·]?$", before[-2:]) is not None and re.match(r"[.,·]?[0-9]", after) is not None


def _leaf_text(token: Token) -> str:
    match token.type:
        case "text" | "text_special" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "html_inline":
            # Kept as an entry without text, except for breaks: the words between tags are tokens of their own.
            return "\n" if token.content.lower().startswith("<br") else ""
        case _:  # images, the ends of links
            return ""


@dataclass
class _Renderer:
    """Walks block tokens and collects finished blocks."""

    blocks: list[str] = field(default_factory=list[str])
    """Finished blocks; the lines of one list or table form one block."""
    prefix: str = ""
    """Bullet or number for the next line of text."""
    depth: int = 0
    """How many lists deep the walk is."""
    quotes: int = 0
    """How many quotations deep the walk is."""
    in_list: bool = False
    """Whether the last block is a list that the next item continues."""
    cells: list[str] = field(default_factory=list[str])
    """Cells of the current table row."""
    rows: list[str] = field(default_factory=list[str])
    """Finished rows of the current table."""

    def render(self, tokens: Iterable[Token]) -> str:
        in_cell = False
        for token in tokens:
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self.depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    self.depth -= 1
                    self.in_list = self.depth > 0
                case "list_item_open":
                    self.prefix = "  " * (self.depth - 1) + f"{token.info}{token.markup} "
                case "list_item_close":
                    self.prefix = ""
                case "blockquote_open":
                    self.quotes += 1
                case "blockquote_close":
                    self.quotes -= 1
                case "tr_open":
                    self.cells = []
                case "th_open" | "td_open":
                    in_cell = True
                case "th_close" | "td_close":
                    in_cell = False
                case "tr_close":
                    self.rows.append(" | ".join(self.cells).strip())
                case "table_close":
                    self._add("\n".join(self.rows))
                    self.rows = []
                case "inline" if in_cell:
                    self.cells.append(" ".join(_inline_text(token).split()))
                case "inline":
                    self._add(self._unquoted(_inline_text(token)))
                case "fence" | "code_block":
                    self._add(token.content.rstrip("\n"))
                case "html_block":
                    self._add(_html_text(token.content))
                case _:
                    pass
        return "\n\n".join(self.blocks)

    def _unquoted(self, text: str) -> str:
        """Give `> 10% of patients` its sign back: Markdown takes it for a quotation."""
        return f"> {text}" if self.quotes and text[:1].isdigit() else text

    def _add(self, text: str) -> None:
        if not text.strip():
            return
        if not self.depth:
            self.blocks.append(text)
            self.in_list = False
            return
        indent = "  " * self.depth
        first, *rest = text.split("\n")
        line = "\n".join([(self.prefix or indent) + first, *(indent + more for more in rest)])
        self.prefix = ""
        if self.in_list:
            self.blocks[-1] += f"\n{line}"
        else:
            self.blocks.append(line)
        self.in_list = True


def _html_text(markup: str) -> str:
    if re.fullmatch(r"\s*(?:<!--.*?-->\s*)+", markup, re.DOTALL):
        return ""
    from summarizer.loading.html import fragment_text  # noqa: PLC0415 - few documents hold HTML blocks

    return fragment_text(markup)
