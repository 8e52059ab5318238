r"""Repairs that make text canonical, all done before the first offset is taken.

Line breaks become `\n`, a leading byte order mark goes, halves of surrogate pairs are joined or replaced,
and mojibake (UTF-8 read in another encoding: `â€“` for a dash) is undone line by line. Nothing else is
touched: entities, quotes, double spaces and white space stay as they came.
"""

from __future__ import annotations

import re

from summarizer.errors import EmptyInputError
from summarizer.loading.decoding import Decoded, refuse_binary
from summarizer.loading.wording import counted

__all__ = ["refuse_empty", "repair"]

# Mojibake leaves two neighbours beyond ASCII, a C1 control character, or a letter before a lost
# no-break space. The pattern is a net, not a judge: ftfy decides on the lines that it catches.
_SUSPECT = re.compile("[\x80-\u2fff\ufffd][\x80-\u2fff\ufb00-\ufb04\ufffd]|[\x80-\x9f]|[\u00c2\u00c3\u00e2\u00e3] ")
_VISIBLE = re.compile("[^\\s\ufeff\u200b\u2060\u00ad]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def repair(text: str, label: str | None = None) -> Decoded:
    """Make text canonical.

    Args:
        text: The text as decoded.
        label: Name of the input in errors.

    Returns:
        The canonical text, and a note for every kind of repair.

    Raises:
        BinaryInputError: if it is not text.
        EmptyInputError: if nothing but white space is left.
    """
    refuse_binary(text, label)
    notes: list[str] = []
    if text.startswith("\ufeff"):
        text = text[1:]
        notes.append("byte order mark removed")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        notes.append("line breaks made \\n")
    if text.isascii():  # known to Python without a look at the text: the rest is about other characters
        refuse_empty(text, label)
        return Decoded(text, tuple(notes))
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        text, lone = _SURROGATE.subn("\ufffd", text)
        notes.append(f"{counted(lone, 'lone surrogate')} replaced by U+FFFD" if lone else "surrogate pairs joined")
    if _SUSPECT.search(text):
        text, lines = _repair_mojibake(text)
        if lines:
            notes.append(f"mojibake repaired in {counted(lines, 'line')}")
    refuse_empty(text, label)
    return Decoded(text, tuple(notes))


def refuse_empty(text: str, label: str | None) -> None:
    """Let text pass that has something to read.

    Raises:
        EmptyInputError: if there is nothing but white space and invisible characters.
    """
    if not text:
        raise EmptyInputError("empty", label, "give it some text or remove it")
    if not _VISIBLE.search(text):
        raise EmptyInputError("nothing but white space", label, "give it some text or remove it")


def _repair_mojibake(text: str) -> tuple[str, int]:
    """Undo mojibake; returns the text and the number of lines that changed.

    Line by line, because one character that the wrong encoding lacks would keep ftfy from repairing
    the whole text. Only ftfy's encoding steps run: its other fixes change what was printed.
    """
    import ftfy  # noqa: PLC0415 - 70 ms that clean text should not pay

    lines = text.split("\n")
    repaired = [ftfy.fix_encoding(line) if _SUSPECT.search(line) else line for line in lines]
    changed = sum(before != after for before, after in zip(lines, repaired, strict=True))
    return "\n".join(repaired), changed
