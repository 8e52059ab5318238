"""Text within one Markdown block: marks go, unless their going would change a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from summarizer.loading.raised import set_apart

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["inline_text"]

_RAISED_TAG = re.compile(r"<(/?)(sup|sub)\b[^>]*>", re.IGNORECASE)
_REFERENCE = re.compile(r"\[?[0-9]{1,3}\]?")
_NUMBER_ENDS = re.compile(r"[0-9][.,\u00b7]?$")
_NUMBER_GOES_ON = re.compile(r"[.,\u00b7]?[0-9]")


def inline_text(token: Token) -> str:
    """Text of a paragraph, heading or cell, without its marks."""
    if not token.children:
        return token.content
    text = _Pieces()
    for child in token.children:
        text.take(child)
    return text.joined()


class _Pieces:
    """Text of a block in the making; a mark takes an empty place, so that it can be put back."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.marks: dict[int, str] = {}  # place in `pieces` -> the mark that stood there
        self.open_marks: list[int] = []
        self.pairs: list[tuple[int, int]] = []
        self.raised_from: int | None = None  # place where an open `<sup>`, `<sub>` or link begins
        self.link_from = 0

    def take(self, token: Token) -> None:
        match token.type:
            case "em_open" | "strong_open":
                self.open_marks.append(len(self.pieces))
                self._leave_place(token.markup)
            case "em_close" | "strong_close" if self.open_marks:
                self.pairs.append((self.open_marks.pop(), len(self.pieces)))
                self._leave_place(token.markup)
            case "link_open":
                self.link_from = len(self.pieces)
            case "link_close":
                # `0.62[1](#ref1)`: the number of a reference is not part of the number before it.
                if _REFERENCE.fullmatch("".join(self.pieces[self.link_from :])):
                    self._set_apart(self.link_from)
            case "html_inline":
                self._take_tag(token.content)
            case "softbreak" | "hardbreak":
                self.pieces.append("\n")
            case "text" | "text_special":
                self.pieces.append(token.content)
            case "code_inline":
                opening = len(self.pieces)
                self._leave_place(token.markup)
                self.pieces.append(token.content)
                self.pairs.append((opening, len(self.pieces)))
                self._leave_place(token.markup)
            case _:
                pass  # images

    def _leave_place(self, mark: str) -> None:
        self.marks[len(self.pieces)] = mark
        self.pieces.append("")

    def _take_tag(self, tag: str) -> None:
        """Only the tag goes: the words between two tags are tokens of their own."""
        if raised := _RAISED_TAG.fullmatch(tag):
            if not raised[1]:
                self.raised_from = len(self.pieces)
            elif self.raised_from is not None:
                self._set_apart(self.raised_from, lowered=raised[2].lower() == "sub")
                self.raised_from = None
        elif tag.lower().startswith("<br"):
            self.pieces.append("\n")

    def _set_apart(self, start: int, *, lowered: bool = False) -> None:
        before = "".join(self.pieces[max(0, start - 3) : start])
        self.pieces[start:] = [set_apart(before, "".join(self.pieces[start:]), "", lowered=lowered)]
        self.open_marks = [place for place in self.open_marks if place < start]
        self.pairs = [pair for pair in self.pairs if pair[1] < start]

    def joined(self) -> str:
        for opening, closing in self.pairs:
            if self._joins_digits(opening) or self._joins_digits(closing):
                for place in (opening, closing):
                    self.pieces[place] = self.marks[place]
        return "".join(self.pieces)

    def _joins_digits(self, place: int) -> bool:
        """Whether the text on both sides of a mark would run into one number."""
        before = next((piece for piece in reversed(self.pieces[:place]) if piece), "")
        after = next((piece for piece in self.pieces[place + 1 :] if piece), "")
        return bool(_NUMBER_ENDS.search(before[-2:]) and _NUMBER_GOES_ON.match(after))
