"""Cells of a CSV file that a spreadsheet opens: as text, never as a formula.

The exact values are in `summaries.jsonl` and in the Parquet twins; a CSV is for looking at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.render.inert import make_inert

__all__ = ["MAX_CELL", "Value", "to_cell"]

Value = str | int | float | bool | Sequence[str] | None
"""What a column of a table holds."""

MAX_CELL = 32_000
"""Characters of a cell; Excel breaks a row apart where a cell holds more than 32,767."""

# Some languages' spreadsheets take the full-width signs too; some spreadsheets look past leading blanks.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_HARMLESS = re.compile(r"(?:[\w<>(\[\"'/][\x20-\x7e]*)?", re.ASCII)  # the usual case, told in one step
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")


def to_cell(value: Value) -> str:
    """A value as the text of a CSV cell: one line, lists joined by ``; ``, nothing that a sheet would run."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _safe(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return _safe("; ".join(value))


def _safe(text: str) -> str:
    if len(text) <= MAX_CELL and _HARMLESS.fullmatch(text):
        return text
    shown = make_inert(text)
    if len(shown) > MAX_CELL:
        shown = f"{shown[:MAX_CELL]}…"
    if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(shown):
        return f"'{shown}"
    return shown
