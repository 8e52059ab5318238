"""Wordings that the program is known to read wrongly, each with what is wrong.

A test on one of them is a strict expected failure: repairing the program makes the test fail until its line
here is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

COUNTS = 'counts in brackets behind a percentage "of patients" are not read'
KNOWN: dict[str, str] = {
    # arms and trials: a number at the wrong place
    "The ORR was higher with belomertinib than with placebo (46.3% vs 31.0%).": "both rates go to placebo",
    ("Objective responses occurred in 46 (32.9%) patients given belomertinib and 20 (14.4%) patients given placebo."): (
        "the comparator's rate goes to the experimental arm"
    ),
    (
        "Objective responses occurred in 46 of 140 patients (32.9%) in the belomertinib arm and 20 "
        "of 139 (14.4%) in the placebo arm."
    ): ("the comparator's rate goes to the experimental arm"),
    "The ORR was 41.2% and 39.9% in ORCHARD-12 and ORCHARD-13, respectively.": '"respectively" over trials',
    "In ORCHARD-12 and ORCHARD-13, the ORR was 41.2% and 39.9%, respectively.": '"respectively" over trials',
    ("The 12- and 24-month OS rates were 61.2% and 40.5% with belomertinib."): "both rates get the second time point",
    ("The most common adverse events with belomertinib were nausea (31%), fatigue (27%), and diarrhea (20%)."): (
        "an event takes its neighbour's percentage"
    ),
    # numbers and their parts that are missed
    "(hazard ratio, 0.62; 95% confidence interval [CI], 0.50 to 0.77; P<0.001)": '"confidence interval [CI]"',
    "(HR 0.62 [0.50-0.77, 95% CI]; p<0.001)": "level behind the bounds",
    "(HR, 0.62; 95% CI, 0.50&ndash;0.77; P&nbsp;<&nbsp;.001)": "a folded entity leaves several spaces",
    "(HR, 0.62; 95% CI 0.50 through 0.77; P less than .001)": '"through", "less than"',
    "entities": "a folded entity leaves several spaces",
    "Overall survival favored belomertinib (HR 0.71; 0.58-0.87).": "unlabelled interval behind a semicolon",
    "The vaccine was 82.4% effective against influenza.": '"effective against"',
    "The PFS hazard ratio was 0.62.1 Survival data are awaited.": "reference number glued to a number",
    ("Median PFS was 13.3 (belomertinib) versus 8.2 (placebo) months."): "unit behind the second of two bracketed arms",
    "mPFS was 13.3 months with belomertinib vs 8.2 months with placebo.": "mPFS, mOS",
    ("Median OS was not reached (NR) with belomertinib vs 22.8 months with placebo."): '"not reached (NR)" is two rows',
    "Belomertinib extended median overall survival by 4.4 months over placebo.": "difference of medians",
    ("At 12 months, 61.2% of patients in the belomertinib group were alive, versus 54.0% in the placebo group."): (
        "first of two landmark rates"
    ),
    "Twelve-month OS rates were 61.2% with belomertinib and 54.0% with placebo.": "spelled-out month",
    "Objective responses were seen in 37.0% of patients (10 of 27).": COUNTS,
    "Objective responses were seen in 37.0% of patients (10/27).": COUNTS,
    "Objective responses were seen in 37.0% of patients (n = 10/27).": COUNTS,
    "An objective response occurred in 10/27 patients (37.0%).": "the count is taken for a subgroup too",
    "Treatment-related deaths occurred in 2 patients in the belomertinib arm.": "count of deaths",
    "Four patients on belomertinib died.": "count of deaths",
    (
        "The annualized exacerbation rate was 0.93 with belomizumab and 2.10 with placebo."
    ): "annualized rate without a unit",
    (
        "There were 0.93 exacerbations per patient-year with belomizumab and 2.10 with placebo."
    ): "first of two rates of events",
    # numbers that are none
    ("The 5-year survival rate for metastatic melanoma is about 35% in the general population."): "epidemiology",
    (
        "About Melanoma\n\nMelanoma causes most deaths from skin cancer. The 5-year survival rate is 35%."
    ): "epidemiology",
    # damage
    "Responses were seen in patients who had received": "cut behind a participle",
    # attributes
    "The phase-3 ORCHARD-12 trial compares belomertinib with placebo in patients with melanoma.": '"phase-3"',
    (
        "Enrollment in the phase 3 ORCHARD-12 trial of belomertinib is complete, and follow-up is ongoing."
    ): "words between",
    (
        "The phase 3 ORCHARD-12 trial of belomertinib has been completed."
    ): 'words between "trial" and "has been completed"',
    (
        "The phase 3, open label ORCHARD-12 trial compares belomertinib with placebo in patients with melanoma."
    ): '"open label"',
    (
        "The phase 2 crossover ORCHARD-12 trial compares belomertinib with placebo in patients with melanoma."
    ): '"crossover X trial"',
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in patients with BRAF V600E-mutated melanoma."
    ): '"-mutated" kept',
    "ORCHARD-12 [NCT01234567; EudraCT 2020-001234-56]": "square brackets, EudraCT number",
    "ORCHARD-12, also known as XYZ104-225,": '"also known as"',
    # flags
    "ci-bounds-reversed": "the reader drops an interval that does not fit, so that nothing is flagged",
    "ci-excludes-estimate": (
        "the reader drops an interval that does not hold its estimate, so that nothing is flagged"
    ),
    "percentage-against-counts": (
        "the reader drops counts that disagree with the percentage, so that nothing is flagged"
    ),
}
KNOWN_ENDS = {
    (
        "A1C fell by 1.31% with semaglutide and by 0.28% with placebo at week 26."
    ): "time point of the first of two values",
    (
        "Body weight fell by 14.9% with semaglutide and by 2.4% with placebo at week 68."
    ): "time point of the first of two",
    (
        "Body weight fell by 15.3 kg with semaglutide and by 2.6 kg with placebo at week 68."
    ): "time point of the first of two",
    ("A1C was -1.31% with semaglutide vs -0.28% with placebo at week 26."): "mean change from baseline is not read",
    "A1C was −1.31% with semaglutide at week 26.": "mean change from baseline is not read",
    ("Outcome\tBelomertinib\tPlacebo\nMedian OS, months\t25.1\t22.8\nORR, %\t46.3\t31.0\n"): "columns between tabs",
    ("| NR (25.0-NE) | 22.8 (19.7-25.9) | 0.71 (0.58-0.87) |\n"): "level of the intervals stands in the row's label",
    "| ECOG 1, % | 71 | 69 |\n": "a table of baseline characteristics",
    "The company expects to file an applic": ("a last line without an end, of two sentences, is taken for a heading"),
    "Investigators said that the combination": ("a last line without an end, of two sentences, is taken for a heading"),
    "Patients without a response were offered": (
        "a last line without an end, of two sentences, is taken for a heading"
    ),
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
