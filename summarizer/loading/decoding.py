"""Bytes to text: which encoding, and is it text at all.

In this order: a byte order mark decides; valid UTF-8 is UTF-8; a declared encoding (HTML) that fits is
taken; UTF-16 and UTF-32 without a mark are told by where their zero bytes stand; UTF-8 with a few
damaged bytes stays UTF-8; bytes that are mostly ASCII are Windows-1252, the encoding of nearly all
English text that is not UTF-8 (or Mac Roman, whose dashes would otherwise turn into letters between the
bounds of an interval); the rest is left to charset-normalizer. Every guess is told in a note.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from summarizer.errors import BinaryInputError
from summarizer.loading.wording import counted

__all__ = ["Decoded", "decode", "refuse_binary"]


class Decoded(NamedTuple):
    """Text, and what had to be guessed or replaced to get it."""

    text: str
    notes: tuple[str, ...] = ()


# The mark of UTF-32-LE begins with that of UTF-16-LE: longest first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (b"%PDF-", "a PDF", "export its text first"),
    (b"{\\rtf", "a Rich Text file", "save it as plain text first"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "unpack it, or save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as plain text first"),
    (b"\x1f\x8b", "compressed twice", "unpack it first"),
    (b"BZh", "bzip2 data", "unpack it first"),
    (b"\xfd7zXZ\x00", "xz data", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data", "unpack it first"),
    (b"\x89PNG", "a PNG image", "recognise its text first"),
    (b"\xff\xd8\xff", "a JPEG image", "recognise its text first"),
    (b"GIF8", "a GIF image", "recognise its text first"),
)

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NO_TEXT = "save it as plain text, Markdown, HTML or JSON"
_SAMPLE = 65_536
# Share of bytes beyond ASCII up to which text is taken for a Western European language.
_WESTERN_SHARE = 0.15


def decode(data: bytes, label: str | None = None, declared: str | None = None) -> Decoded:
    """Decode the bytes of one input.

    Args:
        data: The bytes.
        label: Name of the input in errors.
        declared: Encoding that the content itself declares (`<meta charset>`), taken when it fits.

    Raises:
        BinaryInputError: if the bytes are not text.
    """
    for magic, what, advice in _MAGIC:
        if data.startswith(magic):
            raise BinaryInputError(f"not text but {what}", label, advice)
    decoded = _decode_marked(data) or _decode_unmarked(data, label, declared)
    refuse_binary(decoded.text, label)
    return decoded


def refuse_binary(text: str, label: str | None) -> None:
    """Let text pass and nothing else.

    Raises:
        BinaryInputError: if the text holds a NUL or more than one control character in a hundred.
    """
    if "\0" in text:
        raise BinaryInputError("not text (it holds NUL characters)", label, _NO_TEXT)
    if len(_CONTROLS.findall(text)) > len(text) / 100:
        raise BinaryInputError("not text (too many control characters)", label, _NO_TEXT)


def _decode_marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            if encoding == "utf-8":
                strict = _try(body, "utf-8")
                text, notes = (strict, ()) if strict is not None else _decode_damaged_utf8(body)
                return Decoded(text, ("byte order mark removed", *notes))
            return _replacing(body, encoding, f"read as {encoding.upper()} (byte order mark)")
    return None


def _decode_unmarked(data: bytes, label: str | None, declared: str | None) -> Decoded:
    utf8 = _try(data, "utf-8")
    if utf8 is not None and "\0" not in utf8:
        return Decoded(utf8)
    if (fitting := _decode_declared(data, declared)) is not None:
        return fitting
    if (encoding := _detect_wide(data, is_utf8=utf8 is not None)) is not None:
        return Decoded(data.decode(encoding), (f"read as {encoding.upper()} (detected, no byte order mark)",))
    if b"\0" in data:
        raise BinaryInputError("not text (it holds NUL bytes)", label, _NO_TEXT)
    damaged = _decode_damaged_utf8(data)
    return damaged if damaged.notes else _decode_legacy(data)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _replacing(data: bytes, encoding: str, note: str) -> Decoded:
    """Decode, putting U+FFFD for what is not valid (a file cut inside a character), and say so."""
    strict = _try(data, encoding)
    if strict is not None:
        return Decoded(strict, (note,))
    text = data.decode(encoding, "replace")
    count = text.count("\ufffd")
    return Decoded(text, (note, f"{counted(count, 'undecodable place')} replaced by U+FFFD"))


def _decode_declared(data: bytes, declared: str | None) -> Decoded | None:
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    if name in {"ascii", "iso8859-1", "cp1252", "utf-8"}:
        return None  # browsers read all of these as Windows-1252, and the way down does it with more care
    text = _try(data, name)
    if text is None or not _is_plausible(text):
        return None
    return Decoded(text, (f"read as {name.upper()} (declared)",))


def _is_plausible(text: str) -> bool:
    """Whether a sample is made of characters that texts are made of."""
    sample = text[:_SAMPLE]
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\n\v\f\r\x1b" for c in sample)
    return "\0" not in text and odd <= len(sample) / 100


def _detect_wide(data: bytes, *, is_utf8: bool) -> str | None:
    """Name the UTF-16 or UTF-32 in which bytes without a mark are text; None where they are not."""
    if b"\0" not in data:
        return None
    for encoding in ("utf-32-le", "utf-32-be"):
        # Few byte strings are valid UTF-32 by chance: its code points end at 0x10FFFF.
        if len(data) % 4 == 0 and (text := _try(data, encoding)) is not None and _is_plausible(text):
            return encoding
    if len(data) % 2:
        return None
    candidates = {e: t for e in ("utf-16-le", "utf-16-be") if (t := _try(data, e)) and _is_plausible(t)}
    spaces = {e: len(re.findall("[ \n\u3000-\u3002\uff0c]", t)) for e, t in candidates.items()}
    best = max(spaces, key=lambda encoding: spaces[encoding], default=None)
    if best is None:
        return None
    if is_utf8:
        # Then most units have to be Latin letters: ASCII with one stray NUL is not UTF-16.
        narrow = sum(ord(c) < 0x100 for c in candidates[best])
        return best if narrow > len(candidates[best]) / 2 else None
    return best if spaces[best] else None


def _decode_damaged_utf8(data: bytes) -> Decoded:
    """UTF-8 with foreign bytes in it; without notes when it does not look like UTF-8 at all.

    A lone byte comes from text pasted in another encoding and is read as Windows-1252 (0x96 between two
    bounds is a dash). The rest of a broken character tells nothing any more and becomes U+FFFD.
    """
    text = data.decode("utf-8", "surrogateescape")
    bad = len(re.findall("[\udc80-\udcff]", text))
    good = len(re.findall("[^\x00-\x7f\udc80-\udcff]", text))
    if not bad or good < bad:
        return Decoded(text)
    text, lost = re.subn("[\udcc2-\udcf4](?:[\udc80-\udcbf]+|\\Z)", "\ufffd", text)
    text, foreign = re.subn("[\udc80-\udcff]", _from_escape, text)
    told = [f"{foreign} read as Windows-1252"] if foreign else []
    told += [f"{counted(lost, 'broken character')} replaced by U+FFFD"] if lost else []
    return Decoded(text, (f"UTF-8 with damaged bytes: {', '.join(told)}",))


def _from_escape(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")


# Capital letters inside words and between digits are Mac Roman dashes and apostrophes read as Windows-1252.
_MAC_ROMAN = re.compile(rb"(?<=[a-z0-9])[\xd0\xd1\xd5](?=[a-z0-9])|(?<=\s)\xd2(?=\w)|(?<=[\w.,])\xd3(?=\s)")
_WINDOWS = re.compile(rb"[\x91-\x97\xa0]")


def _decode_legacy(data: bytes) -> Decoded:
    high = sum(map(len, re.findall(rb"[\x80-\xff]+", data)))
    if high <= len(data) * _WESTERN_SHARE:
        if len(_MAC_ROMAN.findall(data)) > len(_WINDOWS.findall(data)):
            return Decoded(data.decode("mac-roman"), ("read as Mac Roman (guessed)",))
        text = _try(data, "cp1252")
        if text is not None:
            return Decoded(text, ("read as Windows-1252 (guessed)",))
    import charset_normalizer  # noqa: PLC0415 - slow to import, seldom needed

    best = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        return _replacing(data, best.encoding, f"read as {best.encoding.upper()} (guessed)")
    return Decoded(data.decode("latin-1"), ("read as ISO-8859-1 (no other encoding fits)",))
