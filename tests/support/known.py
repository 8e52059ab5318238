"""Wordings that the program is known to read wrongly, each with what is wrong.

A test on one of them is a strict expected failure: repairing the program makes the test fail until its line
here is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

KNOWN: dict[str, str] = {
    ("The most common adverse events with belomertinib were nausea (31%), fatigue (27%), and diarrhea (20%)."): (
        "an event takes its neighbour's percentage"
    ),
    # numbers and their parts that are missed
    "The vaccine was 82.4% effective against influenza.": '"effective against"',
    "Belomertinib extended median overall survival by 4.4 months over placebo.": "difference of medians",
    # numbers that are none
    (
        "About Melanoma\n\nMelanoma causes most deaths from skin cancer. The 5-year survival rate is 35%."
    ): "epidemiology",
    # attributes
    "ORCHARD-12 [NCT01234567; EudraCT 2020-001234-56]": "square brackets, EudraCT number",
}
KNOWN_ENDS = {
    ("Outcome\tBelomertinib\tPlacebo\nMedian OS, months\t25.1\t22.8\nORR, %\t46.3\t31.0\n"): "columns between tabs",
}
"""The same by the end of the text."""


def cases(rows: Iterable[Any]) -> list[Any]:
    """Rows of a table of wordings, the known failures among them marked; the wording comes first in a row."""
    marked: list[Any] = []
    for row in rows:
        values = row if isinstance(row, tuple) else (row,)
        by_end = (why for end, why in KNOWN_ENDS.items() if values[0].endswith(end))
        reason = KNOWN.get(values[0]) or next(by_end, None)
        marks = () if reason is None else (pytest.mark.xfail(strict=True, reason=reason),)
        marked.append(pytest.param(*values, marks=marks))
    return marked
