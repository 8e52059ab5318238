"""Texts like the cases but wrong: spliced, doubled, cut, swapped, with what a hostile writer would put in."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

FIELD_TOKENS = (
    *(
        "HR",
        "hazard ratio",
        "95% CI",
        "(95% CI, 0.50-0.77)",
        "P <.001",
        "P =",
        "n =",
        "(n = 12)",
        "5 of 9",
        "41%",
        "0.62",
    ),
    *("13.3 months", "vs", "versus", "compared with", "median", "PFS", "overall survival", "ORR", "not reached", "NR"),
    *("phase 3", "phase 1b/2", "NCT01234567", "NCT", "ORCHARD-12", "the trial", "This study", "placebo", "plus"),
    *(
        "randomized",
        "double-blind",
        "patients with",
        "who had",
        "in the",
        "respectively",
        "at 24 months",
        "grade 3 or higher",
    ),
    *(
        "FDA",
        "approved",
        "June 5, 2024",
        "ASCO 2024",
        "Inc.",
        "e.g.",
        "About",
        "References",
        "(",
        ")",
        "[",
        "]",
        ";",
        ",",
        ".",
    ),
    *("\u2265", "\u2212", "\u00b7", "\u2013", "%", "/", "|", "\n", "\n\n", "- ", "1. ", "# ", "> ", "* "),
)
"""Words and marks of trial news; none of one trial."""

HOSTILE_TOKENS = (
    *("\0", "\x1b[2J", "\x1b]0;title\x07", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\udfff", "\U0010ffff"),
    *(
        "\ufffe",
        "e\u0301\u0301",
        "\u0130",
        "\u00df",
        "\ufb01",
        "\uff11\uff12",
        "\u0661\u0662",
        "\u00b2",
        "\u2028",
        "\r",
        "\x85",
        "\v",
    ),
    *("<script>alert(1)</script>", "<!--", "-->", "]]>", "</p", "<a href='", "&amp;", "&#0;", "&#x110000;", "&lt;"),
    *("=cmd|' /C calc'!A0", "@SUM(1)", "../../etc/passwd", "%s%n", "{{7*7}}", "$(id)", "`id`", "'; DROP TABLE"),
    *("9" * 400, "1e999", "-0", ".5.5.5", "1,,2", "0x1F", "NaN", "Infinity", "1" + ",000" * 40, "0." + "0" * 60 + "1"),
)
"""What breaks readers: control and format characters, markup, formulas, numbers out of range."""

LONGEST = 60_000
"""Characters of a mutated text at most, so that a run has many executions."""


class Mutator:
    """Makes texts of texts.

    Args:
        chance: Source of chance.
        texts: What to start from.
    """

    def __init__(self, chance: random.Random, texts: Sequence[str]) -> None:
        self._chance = chance
        self._texts = texts
        self._steps: tuple[Callable[[str], str], ...] = (
            self._splice,
            self._delete,
            self._duplicate,
            self._swap_words,
            self._insert_token,
            self._insert_token,
            self._insert_hostile,
            self._repeat,
            self._change_character,
            self._join_lines,
            self._cut,
        )

    def text(self) -> str:
        """A text after one to eight mutations."""
        made = self._chance.choice(self._texts)
        for _ in range(self._chance.randint(1, 8)):
            made = self._chance.choice(self._steps)(made)[:LONGEST]
        return made

    def raw(self) -> bytes:
        """A mutated text in some encoding, sometimes with bytes that no encoding wrote."""
        encoding = self._chance.choice(
            ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "mac-roman")
        )
        data = bytearray(self.text().encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace"))
        for _ in range(self._chance.choice((0, 0, 1, 5))):
            data[self._at(data) : self._at(data)] = self._chance.randbytes(self._chance.randint(1, 8))
        return bytes(data[: 4 * LONGEST])

    def _at(self, text: Sequence[object]) -> int:
        return self._chance.randint(0, len(text))

    def _passage(self, text: str, longest: int = 400) -> tuple[int, int]:
        start = self._at(text)
        return start, min(len(text), start + self._chance.randint(1, longest))

    def _splice(self, text: str) -> str:
        other = self._chance.choice(self._texts)
        return text[: self._at(text)] + other[self._at(other) :]

    def _delete(self, text: str) -> str:
        start, end = self._passage(text)
        return text[:start] + text[end:]

    def _duplicate(self, text: str) -> str:
        start, end = self._passage(text)
        place = self._at(text)
        return text[:place] + text[start:end] + text[place:]

    def _swap_words(self, text: str) -> str:
        words = text.split(" ")
        one, other = self._chance.randrange(len(words)), self._chance.randrange(len(words))
        words[one], words[other] = words[other], words[one]
        return " ".join(words)

    def _insert(self, text: str, tokens: Sequence[str]) -> str:
        place = self._at(text)
        glue = self._chance.choice((" ", " ", ""))
        return f"{text[:place]}{glue}{self._chance.choice(tokens)}{glue}{text[place:]}"

    def _insert_token(self, text: str) -> str:
        return self._insert(text, FIELD_TOKENS)

    def _insert_hostile(self, text: str) -> str:
        return self._insert(text, HOSTILE_TOKENS)

    def _repeat(self, text: str) -> str:
        token = self._chance.choice((*FIELD_TOKENS, *HOSTILE_TOKENS))
        start, end = self._passage(text, 60)
        many = self._chance.choice((token, f"{token} ", text[start:end])) * self._chance.choice((3, 30, 300))
        place = self._at(text)
        return text[:place] + many[:LONGEST] + text[place:]

    def _change_character(self, text: str) -> str:
        place = self._at(text)
        return (
            text[:place]
            + chr(self._chance.choice((self._chance.randrange(0x80), self._chance.randrange(0x11_0000))))
            + text[place + 1 :]
        )

    def _join_lines(self, text: str) -> str:
        start, end = self._passage(text, 3_000)
        return text[:start] + text[start:end].replace("\n", " ") + text[end:]

    def _cut(self, text: str) -> str:
        start, end = sorted((self._at(text), self._at(text)))
        return text[start:end]
