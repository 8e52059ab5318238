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
