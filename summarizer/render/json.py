"""A summary as JSON that is safe to print: the data are exact, what a terminal would act on is escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from summarizer.render.inert import is_inert

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["render_json"]

_NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")


def render_json(record: BaseModel, *, indent: int | None = 2, ascii_only: bool = False) -> str:
    r"""A summary, or a part of one, as JSON text.

    Characters that would act on a terminal are written as ``\uXXXX``, which a JSON reader turns back: the
    data stay exactly what they are.

    Args:
        record: What to render.
        indent: Blanks a level; None for one line.
        ascii_only: Escape everything beyond ASCII, for an output that can't hold it.
    """
    text = record.model_dump_json(indent=indent)
    return _NOT_PLAIN.sub(lambda match: _escaped(match[0], ascii_only=ascii_only), text)


def _escaped(character: str, *, ascii_only: bool) -> str:
    if is_inert(character) and not ascii_only:
        return character
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
