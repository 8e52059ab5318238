"""Find quoted words in an article: typography is forgiven, digits and signs never are.

Both texts become tokens (numbers, words, single characters) whose form no longer tells one dash, quotation mark, space,
middle dot, width, case, leading zero, HTML entity or way to write per cent from another. A quote stands where the same
tokens stand, one after the other; there is no "nearly".
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from summarizer.text import TextSpan, fold

_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"|(?P<percent>%|per ?cent\b)|(?P<word>[^\W\d_]+)|(?P<mark>\S)",
    re.IGNORECASE,
)
_JOINERS = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
"""Characters of no width: within a word they part nothing."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text in its comparable form."""

    form: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """The comparable pieces of a text, with their places in it."""
    letters, places = _visible(text)
    found: list[Token] = []
    for match in _TOKEN.finditer(letters):
        start, end = places[match.start()], places[match.end() - 1] + 1
        found.append(Token(_form(match), start, end))
    return found


def without_joiners(text: str) -> str:
    """The text without characters of no width."""
    return "".join(character for character in text if character not in _JOINERS)


def _visible(text: str) -> tuple[str, list[int]]:
    """The folded text without characters of no width, and the place of each of its characters."""
    folded = fold(text)
    kept = [place for place, character in enumerate(text) if character not in _JOINERS]
    return "".join(folded[place] for place in kept), kept


def _form(match: re.Match[str]) -> str:
    if match["percent"]:
        return "%"
    if match["word"]:
        return match["word"].casefold()
    printed = match["number"]
    if printed is None:
        return match["mark"].casefold()
    plain = printed.replace(",", "")
    return f"0{plain}" if plain.startswith(".") else plain


def numbers_of(text: str) -> frozenset[str]:
    """The numbers that a text prints, in their comparable form."""
    return frozenset(token.form for token in tokens_of(text) if token.form[0].isdigit())


def stands_in(words: str, passage: str) -> bool:
    """True when ``words`` stand in ``passage``: whole words and whole numbers, in any typography."""
    wanted, found = ([token.form for token in tokens_of(text)] for text in (words, passage))
    return (
        any(found[at : at + len(wanted)] == wanted for at in range(len(found) - len(wanted) + 1)) if wanted else False
    )


@dataclass
class QuoteFinder:
    """Finds quotes in one text.

    Args:
        text: the canonical text of an article.
    """

    text: str
    _tokens: list[Token] = field(init=False)
    _places: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._tokens = tokens_of(self.text)
        self._places = {}
        for place, token in enumerate(self._tokens):
            self._places.setdefault(token.form, []).append(place)

    def find(self, quote: str, near: int = 0) -> TextSpan | None:
        """Where the quoted words stand, or None.

        Args:
            quote: words of the text, in any typography.
            near: of several places the one closest to this offset is taken.

        Returns:
            The passage of the text: whole words and whole numbers only.
        """
        wanted = [token.form for token in tokens_of(_unescaped(quote))]
        if not wanted:
            return None
        rarest = min(range(len(wanted)), key=lambda place: len(self._places.get(wanted[place], ())))
        found: list[TextSpan] = []
        for place in self._places.get(wanted[rarest], ()):
            first = place - rarest
            if first >= 0 and [token.form for token in self._tokens[first : first + len(wanted)]] == wanted:
                found.append(TextSpan(self._tokens[first].start, self._tokens[first + len(wanted) - 1].end))
        return min(found, key=lambda span: abs(span.start - near), default=None)


def _unescaped(quote: str) -> str:
    """The quote with its HTML entities read, twice escaped ones too ("&amp;lt;")."""
    for _ in range(2):
        if "&" in quote:
            quote = html.unescape(quote)
    return quote
