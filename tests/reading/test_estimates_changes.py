"""Means, changes from baseline, differences between them, percentages of change and rates of events."""

from __future__ import annotations

import pytest

from tests.support.known import cases
from tests.support.rows import lines_in

DIABETES = "The phase 3 ORCHARD-12 trial randomly assigned adults with type 2 diabetes to semaglutide or placebo. "
PRESSURE = "The phase 3 ORCHARD-12 trial randomly assigned adults with hypertension to losartan or placebo. "
LIPIDS = "The phase 3 ORCHARD-12 trial randomly assigned adults with hypercholesterolemia to belocumab or placebo. "
LUNG = "The phase 3 ORCHARD-12 trial randomly assigned adults with asthma to belomizumab or placebo. "

SENTENCES = [
    (
        DIABETES + "A1C fell by 1.31% with semaglutide and by 0.28% with placebo at week 26.",
        [
            "a1c MEAN_CHANGE 1.31 % at week 26 for semaglutide",
            "a1c MEAN_CHANGE 0.28 % at week 26 for placebo",
        ],
    ),
    (
        DIABETES
        + ("The mean change from baseline in A1C was -1.31% with semaglutide vs -0.28% with placebo at week 26."),
        [
            "a1c MEAN_CHANGE -1.31 % at week 26 for semaglutide",
            "a1c MEAN_CHANGE -0.28 % at week 26 for placebo",
        ],
    ),
    (
        DIABETES + "The mean change from baseline in A1C was −1.31% with semaglutide at week 26.",
        ["a1c MEAN_CHANGE -1.31 % at week 26 for semaglutide"],
    ),
    (
        DIABETES
        + ("The least-squares mean difference in A1C was -1.03 percentage points (95% CI, -1.20 to -0.86; P <.001)."),
        ["a1c MEAN_DIFFERENCE -1.03 percentage points (95% CI -1.2 to -0.86) P<0.001"],
    ),
    (
        DIABETES + "The estimated treatment difference in A1C was -1.03 percentage points (95% CI, -1.20 to -0.86).",
        ["a1c MEAN_DIFFERENCE -1.03 percentage points (95% CI -1.2 to -0.86)"],
    ),
    (
        PRESSURE + "Systolic blood pressure fell by 16.9 mm Hg with losartan and 7.9 mm Hg with placebo at week 6.",
        [
            "systolic blood pressure MEAN_CHANGE 16.9 mm Hg at week 6 for losartan",
            "systolic blood pressure MEAN_CHANGE 7.9 mm Hg at week 6 for placebo",
        ],
    ),
    (
        PRESSURE + "The mean difference in systolic blood pressure was -9.1 mm Hg (95% CI, -13.3 to -4.9; P <.001).",
        ["systolic blood pressure MEAN_DIFFERENCE -9.1 mm Hg (95% CI -13.3 to -4.9) P<0.001"],
    ),
    (
        PRESSURE + "The LS mean difference in systolic blood pressure was –9.1 mm Hg (95% CI, –13.3 to –4.9).",
        ["systolic blood pressure MEAN_DIFFERENCE -9.1 mm Hg (95% CI -13.3 to -4.9)"],
    ),
    (
        PRESSURE
        + ("The least squares mean difference in systolic blood pressure was -9.1 mm Hg (97.5% CI, -14.0, -4.1)."),
        ["systolic blood pressure MEAN_DIFFERENCE -9.1 mm Hg (97.5% CI -14 to -4.1)"],
    ),
    (
        LIPIDS + "LDL cholesterol was lowered by 52% with belocumab at week 12.",
        ["ldl cholesterol PERCENT_CHANGE 52 % at week 12 for belocumab"],
    ),
    (
        LIPIDS
        + ("The mean percent change in LDL cholesterol at week 12 was -52.3% with belocumab and 1.7% with placebo."),
        [
            "ldl cholesterol PERCENT_CHANGE -52.3 % at week 12 for belocumab",
            "ldl cholesterol PERCENT_CHANGE 1.7 % at week 12 for placebo",
        ],
    ),
    (
        LIPIDS + "The mean LDL cholesterol level at week 12 was 48 mg/dL with belocumab and 101 mg/dL with placebo.",
        [
            "ldl cholesterol MEAN 48 mg/dL at week 12 for belocumab",
            "ldl cholesterol MEAN 101 mg/dL at week 12 for placebo",
        ],
    ),
    (
        DIABETES + "Body weight fell by 14.9% with semaglutide and by 2.4% with placebo at week 68.",
        [
            "body weight PERCENT_CHANGE 14.9 % at week 68 for semaglutide",
            "body weight PERCENT_CHANGE 2.4 % at week 68 for placebo",
        ],
    ),
    (
        DIABETES + "Body weight fell by 15.3 kg with semaglutide and by 2.6 kg with placebo at week 68.",
        [
            "body weight MEAN_CHANGE 15.3 kg at week 68 for semaglutide",
            "body weight MEAN_CHANGE 2.6 kg at week 68 for placebo",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), cases(SENTENCES))
def test_changes(text: str, expected: list[str]) -> None:
    assert lines_in(text) == expected


@pytest.mark.parametrize(
    ("sentence", "values"),
    cases(
        [
            (
                "The annualized exacerbation rate was 0.93 with belomizumab and 2.10 with placebo.",
                [0.93, 2.10],
            ),
            (
                (
                    "The annualized rate of exacerbations was 0.93 per patient-year with "
                    "belomizumab vs 2.10 per patient-year with placebo."
                ),
                [0.93, 2.10],
            ),
            (
                "There were 0.93 exacerbations per patient-year with belomizumab and 2.10 with placebo.",
                [0.93, 2.10],
            ),
        ]
    ),
)
def test_rates_of_events(sentence: str, values: list[float]) -> None:
    lines = lines_in(LUNG + sentence)
    assert [line.split(" EVENT_RATE ")[1].split()[0] for line in lines] == [f"{value:g}" for value in values]
    assert lines[0].endswith("for belomizumab")
    assert lines[1].endswith("for placebo")
