"""Percentages of patients, counts, landmark rates and differences of rates."""

from __future__ import annotations

import pytest

from tests.support.known import cases
from tests.support.rows import COMPARED, SINGLE, lines_in

TWELVE = ["OS RATE 61.2 % at 12 months for belomertinib", "OS RATE 54 % at 12 months for placebo"]


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "The 12-month OS rate was 61.2% with belomertinib vs 54.0% with placebo.",
            "The 12-month OS rates were 61.2% and 54.0% with belomertinib and placebo, respectively.",
            "The OS rate at 12 months was 61.2% with belomertinib vs 54.0% with placebo.",
            "At 12 months, the OS rate was 61.2% with belomertinib and 54.0% with placebo.",
            "12-month overall survival was 61.2% vs 54.0% with belomertinib and placebo, respectively.",
            "Overall survival at 12 months was 61.2% with belomertinib compared with 54.0% with placebo.",
            (
                "At 12 months, 61.2% of patients in the belomertinib group were alive, versus 54.0% "
                "in the placebo group."
            ),
            "Twelve-month OS rates were 61.2% with belomertinib and 54.0% with placebo.",
        ]
    ),
)
def test_landmark_rates_both_ways_round(sentence: str) -> None:
    assert lines_in(COMPARED + sentence) == TWELVE


LANDMARKS = [
    (
        "The 12- and 24-month OS rates were 61.2% and 40.5% with belomertinib.",
        ["OS RATE 61.2 % at 12 months for belomertinib", "OS RATE 40.5 % at 24 months for belomertinib"],
    ),
    ("The 5-year DFS rate was 78.4% with belomertinib.", ["DFS RATE 78.4 % at 5 years for belomertinib"]),
    (
        "At week 24, 45% of patients on belomertinib had a complete response.",
        ["CR RATE 45 % at week 24 for belomertinib"],
    ),
    (
        "The PFS rate at 24 months was 32.7% (95% CI, 27.0-38.5) with belomertinib.",
        ["PFS RATE 32.7 % (95% CI 27 to 38.5) at 24 months for belomertinib"],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(LANDMARKS))
def test_landmarks_carry_their_time(sentence: str, expected: list[str]) -> None:
    assert lines_in(COMPARED + sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "Objective responses were seen in 10 of 27 patients (37.0%).",
            "Objective responses were seen in 10 of the 27 patients (37.0%).",
            "Objective responses were seen in 37.0% of patients (10 of 27).",
            "Objective responses were seen in 37.0% of patients (10/27).",
            "Objective responses were seen in 37.0% of patients (n = 10/27).",
            "The ORR was 37.0% (n = 10/27).",
            "The ORR was 37.0% (10/27).",
            "The ORR was 37.0% (10 of 27 patients).",
            "An objective response occurred in 10/27 patients (37.0%).",
            "The objective response rate was 10 of 27 (37.0%).",
            "Of 27 patients, 10 (37.0%) had an objective response.",
        ]
    ),
)
def test_one_response_rate_with_its_counts(sentence: str) -> None:
    assert lines_in(SINGLE + sentence) == ["ORR RATE 37 % 10/27"]


RESPONSES = [
    ("Objective responses were seen in 0 of 27 patients (0%).", ["ORR RATE 0 % 0/27"]),
    ("The ORR was 37.0% (95% CI, 19.4%-57.6%).", ["ORR RATE 37 % (95% CI 19.4 to 57.6)"]),
    (
        "The confirmed objective response rate was 37.0% (95% CI: 19.4, 57.6).",
        ["ORR RATE 37 % (95% CI 19.4 to 57.6)"],
    ),
    ("The ORR was 37.0%, including a complete response rate of 11.1%.", ["ORR RATE 37 %", "CR RATE 11.1 %"]),
    (
        "The complete response rate was 11.1%, and the partial response rate was 25.9%.",
        ["CR RATE 11.1 %", "PR RATE 25.9 %"],
    ),
    ("The disease control rate was 85.2%.", ["DCR RATE 85.2 %"]),
    ("The pCR rate was 37.0% and the MPR rate was 55.6%.", ["pCR RATE 37 %", "MPR RATE 55.6 %"]),
    ("A pathologic complete response was achieved by 37.0% of patients.", ["pCR RATE 37 %"]),
    ("MRD negativity was reached by 64% of patients.", ["MRD RATE 64 %"]),
    ("The ORR was 37 percent.", ["ORR RATE 37 %"]),
    ("The ORR was 100%.", ["ORR RATE 100 %"]),
    ("The ORR was 37.0% in patients with PD-L1 CPS ≥10.", ["ORR RATE 37 % in PD-L1 CPS ≥10"]),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(RESPONSES))
def test_responses(sentence: str, expected: list[str]) -> None:
    assert lines_in(SINGLE + sentence) == expected


PAIRS = [
    (
        "The ORR was 46.3% with belomertinib vs 31.0% with placebo (P =.004).",
        ["ORR RATE 46.3 % for belomertinib", "ORR RATE 31 % for placebo"],
    ),
    (
        (
            "Objective responses occurred in 46 (32.9%) patients given belomertinib and 20 (14.4%) "
            "patients given placebo."
        ),
        ["ORR RATE 32.9 % 46/? for belomertinib", "ORR RATE 14.4 % 20/? for placebo"],
    ),
    (
        (
            "Objective responses occurred in 46 of 140 patients (32.9%) in the belomertinib arm and "
            "20 of 139 (14.4%) in the placebo arm."
        ),
        ["ORR RATE 32.9 % 46/140 for belomertinib", "ORR RATE 14.4 % 20/139 for placebo"],
    ),
    (
        "The ORR was higher with belomertinib than with placebo (46.3% vs 31.0%).",
        ["ORR RATE 46.3 % for belomertinib", "ORR RATE 31 % for placebo"],
    ),
    (
        "The ORR was 46.3% versus 31.0%, a difference of 15.3 percentage points (95% CI, 6.1-24.5).",
        [
            "ORR RATE 46.3 % for belomertinib",
            "ORR RATE 31 % for placebo",
            "ORR RATE_DIFFERENCE 15.3 percentage points (95% CI 6.1 to 24.5)",
        ],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(PAIRS))
def test_rates_of_two_arms(sentence: str, expected: list[str]) -> None:
    # A P value without an estimate that compares the two rates is a row of its own, or stands on one of them.
    lines = [line.replace(" P0.004", "") for line in lines_in(COMPARED + sentence)]
    assert [line for line in lines if line != "ORR OTHER none"] == expected


SAFETY = [
    (
        ("Grade 3 or higher adverse events occurred in 41% of patients on belomertinib and 22% of those on placebo."),
        ["G3_AE RATE 41 % for belomertinib", "G3_AE RATE 22 % for placebo"],
    ),
    (
        (
            "Grade ≥3 treatment-related adverse events were seen in 28.6% vs 9.1% of patients with "
            "belomertinib and placebo, respectively."
        ),
        ["G3_TRAE RATE 28.6 % for belomertinib", "G3_TRAE RATE 9.1 % for placebo"],
    ),
    (
        "Serious adverse events occurred in 18% of the belomertinib group and 12% of the placebo group.",
        ["SAE RATE 18 % for belomertinib", "SAE RATE 12 % for placebo"],
    ),
    (
        "Adverse events led to discontinuation of belomertinib in 7.4% of patients.",
        ["DISCONTINUATION RATE 7.4 % for belomertinib"],
    ),
    (
        ("The most common adverse events with belomertinib were nausea (31%), fatigue (27%), and diarrhea (20%)."),
        [
            "AE:nausea RATE 31 % for belomertinib",
            "AE:fatigue RATE 27 % for belomertinib",
            "AE:diarrhea RATE 20 % for belomertinib",
        ],
    ),
    (
        "Grade 3 or 4 neutropenia occurred in 12% of patients on belomertinib.",
        ["G3_AE:neutropenia RATE 12 % for belomertinib"],
    ),
    (
        "Treatment-related deaths occurred in 2 patients in the belomertinib arm.",
        ["DEATH COUNT 2 patients for belomertinib"],
    ),
    (
        "Four patients on belomertinib died.",
        ["DEATH COUNT 4 patients for belomertinib"],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(SAFETY))
def test_safety(sentence: str, expected: list[str]) -> None:
    assert lines_in(COMPARED + sentence) == expected
