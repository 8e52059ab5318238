"""Wordings that the program is known to read wrongly, each with what is wrong.

A test on one of them is a strict expected failure: repairing the program makes the test fail until its line
here is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

KNOWN: dict[str, str] = {
    # arms and trials: a number at the wrong place
    ("The 12- and 24-month OS rates were 61.2% and 40.5% with belomertinib."): "both rates get the second time point",
    ("The most common adverse events with belomertinib were nausea (31%), fatigue (27%), and diarrhea (20%)."): (
        "an event takes its neighbour's percentage"
    ),
    # numbers and their parts that are missed
    "Overall survival favored belomertinib (HR 0.71; 0.58-0.87).": "unlabelled interval behind a semicolon",
    "The vaccine was 82.4% effective against influenza.": '"effective against"',
    "Belomertinib extended median overall survival by 4.4 months over placebo.": "difference of medians",
    ("At 12 months, 61.2% of patients in the belomertinib group were alive, versus 54.0% in the placebo group."): (
        "first of two landmark rates"
    ),
    "Twelve-month OS rates were 61.2% with belomertinib and 54.0% with placebo.": "spelled-out month",
    "An objective response occurred in 10/27 patients (37.0%).": "the count is taken for a subgroup too",
    "Four patients on belomertinib died.": "count of deaths",
    (
        "The annualized exacerbation rate was 0.93 with belomizumab and 2.10 with placebo."
    ): "annualized rate without a unit",
    # numbers that are none
    (
        "About Melanoma\n\nMelanoma causes most deaths from skin cancer. The 5-year survival rate is 35%."
    ): "epidemiology",
    # damage
    "Responses were seen in patients who had received": "cut behind a participle",
    # attributes
    "ORCHARD-12 [NCT01234567; EudraCT 2020-001234-56]": "square brackets, EudraCT number",
    "ORCHARD-12, also known as XYZ104-225,": '"also known as"',
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
