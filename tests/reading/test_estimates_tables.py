"""Tables: between pipes, between tabs, and flattened to one cell a line."""

from __future__ import annotations

import pytest

from tests.support.known import cases
from tests.support.rows import COMPARED, lines_in

INTRO = COMPARED + "Results are shown below.\n\n"
MEDIANS = ["OS MEDIAN 25.1 months for belomertinib", "OS MEDIAN 22.8 months for placebo"]
RATES = ["ORR RATE 46.3 % for belomertinib", "ORR RATE 31 % for placebo"]

PIPES = """\
| Outcome | Belomertinib (n = 275) | Placebo (n = 137) |
|---|---|---|
| Median OS, months | 25.1 | 22.8 |
| ORR, % | 46.3 | 31.0 |
"""
PIPES_UNITS_IN_CELLS = """\
| | Belomertinib | Placebo |
| --- | --- | --- |
| Median OS | 25.1 months | 22.8 months |
| ORR | 46.3% | 31.0% |
"""
PIPES_WITHOUT_BORDERS = """\
Outcome | Belomertinib | Placebo
Median OS (months) | 25.1 | 22.8
ORR (%) | 46.3 | 31.0
"""
TABS = "Outcome\tBelomertinib\tPlacebo\nMedian OS, months\t25.1\t22.8\nORR, %\t46.3\t31.0\n"
FLATTENED = "Outcome\nBelomertinib\nPlacebo\nMedian OS, months\n25.1\n22.8\nORR, %\n46.3\n31.0\n"
FLATTENED_WITH_BLANKS = FLATTENED.replace("\n", "\n\n")


@pytest.mark.parametrize(
    "table",
    cases([PIPES, PIPES_UNITS_IN_CELLS, PIPES_WITHOUT_BORDERS, TABS, FLATTENED, FLATTENED_WITH_BLANKS]),
)
def test_a_table_in_many_shapes(table: str) -> None:
    assert lines_in(INTRO + table) == MEDIANS + RATES


INTERVALS = """\
| Outcome | Belomertinib | Placebo | HR (95% CI) |
|---|---|---|---|
| Median PFS, months (95% CI) | 13.3 (11.0-15.2) | 8.2 (6.9-9.0) | 0.62 (0.50-0.77) |
| Median OS, months (95% CI) | NR (25.0-NE) | 22.8 (19.7-25.9) | 0.71 (0.58-0.87) |
"""


@pytest.mark.parametrize("table", cases([INTERVALS]))
def test_intervals_and_ratios_in_cells(table: str) -> None:
    lines = [line.replace("not-reached months", "not-reached") for line in lines_in(INTRO + table)]
    assert lines == [
        "PFS MEDIAN 13.3 months (95% CI 11 to 15.2) for belomertinib",
        "PFS MEDIAN 8.2 months (95% CI 6.9 to 9) for placebo",
        "PFS HAZARD_RATIO 0.62 (95% CI 0.5 to 0.77)",
        "OS MEDIAN not-reached (95% CI 25 to NE) for belomertinib",
        "OS MEDIAN 22.8 months (95% CI 19.7 to 25.9) for placebo",
        "OS HAZARD_RATIO 0.71 (95% CI 0.58 to 0.87)",
    ]


BASELINE = """\
| Characteristic | Belomertinib | Placebo |
|---|---|---|
| Median age, years | 64 | 63 |
| Female, % | 38 | 41 |
| ECOG 1, % | 71 | 69 |
"""


@pytest.mark.parametrize("table", cases([BASELINE]))
def test_baseline_tables_hold_no_results(table: str) -> None:
    assert lines_in(INTRO.replace("Results are", "Characteristics at baseline are") + table) == []


LIST = "Key results:\n\n- Median OS: 25.1 months with belomertinib vs 22.8 months with placebo\n- ORR: 46.3% vs 31.0%\n"


@pytest.mark.parametrize("items", cases([LIST, LIST.replace("- ", "• "), LIST.replace("- ", "* ")]))
def test_lists_of_results(items: str) -> None:
    assert lines_in(COMPARED + items.replace("Key results", "The key results were")) == MEDIANS + RATES
