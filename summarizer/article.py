"""The article: the canonical text that every offset of the program indexes into."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["Article"]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the loaders hand it on.

    `text` is canonical. Repairs happen before an Article is made and are told in `notes`; afterwards
    the text is never edited, because every offset in the program indexes into it. Offsets count
    Unicode code points (Python string indices), not bytes and not UTF-16 units.
    """

    text: str
    """The article's text, with `\\n` as its only line break."""

    name: str | None = None
    """Relative path or identifier, unique within one run; None for text without a name."""

    title: str | None = None
    """Headline as the source's metadata gives it; None where it gives none."""

    url: str | None = None
    """Address that the article was published at."""

    published: str | None = None
    """Day of publication, ISO 8601 (`2024-10-20`); None where unknown or ambiguous."""

    notes: tuple[str, ...] = ()
    """What the loader did or noticed: encoding guessed, mojibake repaired, decompressed, ..."""

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the text in UTF-8.

        Lone surrogates can't come from the loaders, but text given directly may hold them; they are
        hashed as their own three bytes, so that any string has a digest.
        """
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def characters(self) -> int:
        """Length of the text in Unicode code points."""
        return len(self.text)
