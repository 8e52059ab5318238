"""Markdown to plain text: the words and the numbers stay, the markup goes.

markdown-it-py reads the structure. Two of Markdown's rules would damage text of trials and are bent:

- `10*5 and 6*7` is emphasis by the book; removing its marks would print `105 and 67`. Marks between two
  digits stay.
- `[0.50-0.77](P=.003)` is a link by the book; taking its target away would lose the P value. A target that
  does not look like an address makes no link.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from summarizer.loading.dates import parse_date
from summarizer.loading.markdown_inline import inline_text
from summarizer.loading.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    r"""(?:[a-z][a-z0-9+.-]*:// | (?:data|doi|javascript|mailto|tel|urn):
      | [/\#?] | \.{1,2}/ | www\.         # from the root, within the page, relative
      | [\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/:?\#]|$)      # a host, a file with an ending
      | [a-z][\w-]*/[^=<>]*$ )            # a relative path
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LANGUAGE = re.compile(r"\s*(?:[A-Za-z][\w+#.-]*)?\s*")
_DEEPEST = 200  # beyond it the parser drops text, and its preset stops at 20
# The parser's time grows with the square of the marks in a block; no paragraph that people write has as many.
_MARKS = re.compile(r"[\[\]*_`!<&\\]")
_MOST_MARKS = 3_000
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?\n)?\1[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_LINE = re.compile(r"""(?m)^(\w+)[ \t]*[:=][ \t]*(["']?)(.+?)\2[ \t]*$""")


def markdown_to_text(source: str) -> MarkdownText:
    r"""Plain text of a Markdown document.

    Links keep their text, images go, emphasis and heading marks go, list items keep their bullets or
    numbers, table rows become lines with cells joined by ` | `. Blocks are separated by blank lines.

    Args:
        source: The document, with `\n` line breaks.
    """
    notes: list[str] = []
    facts: dict[str, str] = {}
    if match := _FRONT_MATTER.match(source):
        facts = {key.lower(): value for key, _, value in _FRONT_MATTER_LINE.findall(match[2] or "")}
        source = source[match.end() :]
        notes.append("front matter taken out of the text")
    tokens, plain = _parse(source)
    if plain:
        notes.append(f"too much markup in {counted(plain, 'block')}; kept as it stands")
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
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            return (inline_text(inline).strip() or None) if opening.tag == "h1" else None
    return None


class _Renderer:
    """Walks block tokens and collects finished blocks."""

    def __init__(self) -> None:
        self.pieces: list[str] = []  # finished blocks, each after the blank line or line break before it
        self.prefix = ""  # bullet or number for the next line of text
        self.depth = 0  # lists around the current place
        self.quotes = 0  # quotations around the current place
        self.in_list = False  # whether the last block is a list that the next item continues
        self.cells: list[str] | None = None  # of the current table row
        self.rows: list[str] = []  # of the current table

    def render(self, tokens: Iterable[Token]) -> str:
        for token in tokens:
            if token.type == "inline":
                self._take_text(inline_text(token))
            elif token.type in {"fence", "code_block"}:
                # Behind the marks of a fence stands the name of a language, or else somebody's words.
                words = "" if _LANGUAGE.fullmatch(token.info) else f"{token.info}\n"
                self._add(words + token.content.rstrip("\n"))
            elif token.type == "html_block":
                self._add(_html_text(token.content))
            elif token.type.startswith(("table", "tr_")):
                self._take_table(token)
            else:
                self._take_structure(token)
        return "".join(self.pieces[1:])

    def _take_text(self, text: str) -> None:
        if self.cells is not None:
            self.cells.append(" ".join(text.split()))
        elif self.quotes and text[:1].isdigit():
            self._add(f"> {text}")  # `> 10% of patients` is no quotation
        else:
            self._add(text)

    def _take_table(self, token: Token) -> None:
        if token.type == "tr_open":
            self.cells = []
        elif token.type == "tr_close":
            self.rows.append(" | ".join(self.cells or []).strip())
            self.cells = None
        elif token.type == "table_close":
            self._add("\n".join(self.rows))
            self.rows = []

    def _take_structure(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.depth += 1
            case "bullet_list_close" | "ordered_list_close":
                self.depth -= 1
                self.in_list = self.depth > 0
            case "list_item_open":
                self.prefix = "  " * (self.depth - 1) + f"{token.info}{token.markup} "
            case "list_item_close":
                if re.search("[0-9]", self.prefix):  # `12.` on a line of its own is no list
                    self._add_line(self.prefix.rstrip())
                self.prefix = ""
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting
            case _:
                pass  # beginnings and ends of paragraphs and headings, rules

    def _add(self, text: str) -> None:
        if not text.strip():
            return
        if not self.depth:
            self.pieces += ["\n\n", text]
            self.in_list = False
            return
        indent = "  " * self.depth
        first, *rest = text.split("\n")
        line = "\n".join([(self.prefix or indent) + first, *(indent + more for more in rest)])
        self.prefix = ""
        self._add_line(line)

    def _add_line(self, line: str) -> None:
        """Add a line to the current list."""
        self.pieces += ["\n" if self.in_list else "\n\n", line]
        self.in_list = True


def _html_text(markup: str) -> str:
    if re.fullmatch(r"\s*(?:<!--.*?-->\s*)+", markup, re.DOTALL):
        return ""
    from summarizer.loading.html import fragment_text  # noqa: PLC0415 - few documents hold HTML blocks

    return fragment_text(markup)
