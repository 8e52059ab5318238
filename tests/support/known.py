"""Wordings that the program is known to read wrongly, each with what is wrong.

A test on one of them is a strict expected failure: repairing the program makes the test fail until its line here is
gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

KNOWN: dict[str, str] = {
}


def cases(rows: Iterable[Any]) -> list[Any]:
    """The rows of a table of wordings, those that are known to fail marked so; the wording comes first in a row."""
    marked: list[Any] = []
    for row in rows:
        values = row if isinstance(row, tuple) else (row,)
        reason = KNOWN.get(values[0])
        marks = () if reason is None else (pytest.mark.xfail(strict=True, reason=reason),)
        marked.append(pytest.param(*values, marks=marks))
    return marked
