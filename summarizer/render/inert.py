r"""Text of an article made harmless to show: nothing that a terminal, Markdown or HTML would act on survives.

What is neutralised stays visible: an escape character becomes ``\x1b``, a right-to-left mark ``\u200f``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["is_inert", "make_inert", "make_inert_markdown"]

# Format characters that text needs: joiners of emoji, Persian and Indic scripts. Others hide or reorder text.
_HARMLESS_FORMAT = frozenset("\u200c\u200d")
_ACTIVE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_PLAIN = re.compile(r"[\x20-\x7e]*")
_LINE_BREAKS = re.compile(r"[ \t]*(?:\r\n|\r|\n)\s*")


def make_inert(text: str, *, line_break: str = " ") -> str:
    r"""``text`` on one line, with control, bidirectional and invisible characters written as escapes.

    Args:
        text: Any text.
        line_break: What stands for a line break and the blanks around it; ``"\\n"`` keeps the lines.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _LINE_BREAKS.sub(lambda _: line_break, text).replace("\t", " ")
    return "".join(map(_shown, text))


def is_inert(character: str) -> bool:
    """True when a character only shows itself."""
    return unicodedata.category(character) not in _ACTIVE_CATEGORIES or character in _HARMLESS_FORMAT


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character == "\n" or is_inert(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# `.`, `-`, `+` and `)` act only after the start of a line; escaping them everywhere would spoil every number.
_MARKDOWN_ACTIVE = re.compile(r"[\\`*_\[\]|~#!$]")
_MARKDOWN_AT_START = re.compile(r"^([-+=](?=[-=\s]|$)|\d+(?=[.)](?:\s|$)))")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HTML_ACTIVE = re.compile("[&<>]")


def make_inert_markdown(text: str) -> str:
    """``text`` on one line, so that Markdown and the HTML made from it show it as it is."""
    escaped = _MARKDOWN_ACTIVE.sub(lambda match: "\\" + match[0], make_inert(text).strip())
    escaped = _HTML_ACTIVE.sub(lambda match: _HTML[match[0]], escaped)
    return _MARKDOWN_AT_START.sub(_escape_start, escaped)


def _escape_start(match: re.Match[str]) -> str:
    mark = match[0]
    # A number would open a list by its full stop: the escape goes between the two.
    return f"{mark}\\" if mark[0].isdigit() else f"\\{mark}"
