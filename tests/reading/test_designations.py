"""Names of trials in the forms that the field gives them, and capitals that name something else."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize


def names_in(text: str) -> list[str | None]:
    return [trial.name for trial in summarize(text).trials]


NAMES = [
    ("ORCHARD Heart (NCT01234567), a phase 3 trial, tested belomertinib.", ["ORCHARD Heart"]),
    (
        "ORCHARD Heart (NCT01234567) enrolled 300 adults. ORCHARD Kidney (NCT07654321) enrolled 400 adults.",
        ["ORCHARD Heart", "ORCHARD Kidney"],
    ),
    ("In the phase 3 WILLOW trial, belomertinib was compared with placebo.", ["WILLOW"]),
    ("Belomertinib was compared with placebo in LARKSPUR, which enrolled 300 adults.", ["LARKSPUR"]),
    ("New data came out.\n\nWILLOW: belomertinib alone\n\nThis randomized trial enrolled 300 adults.", ["WILLOW"]),
    ("The 2201 trial (NCT01234567) enrolled 300 adults with melanoma.", ["2201"]),
]


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_names_of_trials(text: str, expected: list[str]) -> None:
    assert names_in(text) == expected


NO_NAMES = [
    "REDWOOD CITY, Calif., April 14, 2025 -- Example Therapeutics began a phase 3 trial of belomertinib.",
    "The phase 3 trial of belomertinib enrolled adults with CLDN18-positive tumors. CLDN18 binding was measured.",
    "In the phase 3 trial of belomertinib, fatigue was scored on EORTC QLQ-C30.",
    "The phase 3 trial of BELOMERTINIB tablets was shown at ASCO.",
]


@pytest.mark.parametrize("text", NO_NAMES)
def test_capitals_that_name_no_trial(text: str) -> None:
    assert names_in(text) == [None]


def test_a_condition_inside_a_name_is_none() -> None:
    (trial,) = summarize("ORCHARD-NSCLC (NCT01234567), a phase 3 trial, enrolled adults with asthma.").trials
    assert trial.conditions == ["asthma"]


def test_labels_tell_siblings_apart_where_no_sentence_introduces_them() -> None:
    text = (
        "The label rests on responses in adults with lung cancer.\n\nLARKSPUR-I (n = 103): ORR 90% (95% CI: 83, 95)\n"
        "LARKSPUR-II (n = 54): ORR 85% (95% CI: 73, 93)\n"
    )
    assert names_in(text) == ["LARKSPUR-I", "LARKSPUR-II"]


@pytest.mark.parametrize("part", ["COHORT", "PART", "STAGE"])
def test_numbered_parts_of_one_trial_are_no_siblings(part: str) -> None:
    text = f"In the ORCHARD-12 trial of 157 adults:\n\n{part}-I (n = 103): ORR 90%\n{part}-II (n = 54): ORR 85%\n"
    assert names_in(text) == ["ORCHARD-12"]


@pytest.mark.parametrize("edge", ["| ", ""])
def test_the_first_column_of_a_table_of_trials_names_them(edge: str) -> None:
    rows = ["Trial | Measure | Drug | Control |", "---|---|---|---|"]
    rows += ["WX-302 | Median PFS, months | 12.5 | 6.3 |", "HOLLOW | Median PFS, months | 27.7 | 11.1 |"]
    text = "Effect estimates are in the table.\n\n" + "\n".join(
        f"{edge.strip()}{' ' if edge else ''}{row}" for row in rows
    )
    assert names_in(text) == ["WX-302", "HOLLOW"]
