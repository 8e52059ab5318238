"""Arms told by dose, by an abbreviation of the article's own, by sums, lists and what all arms get."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize
from summarizer.schemas import TrialRecord
from tests.support.rows import trial_named

END = " The company plans to discuss the findings with regulators in the coming months."


def orchard(text: str) -> TrialRecord:
    return trial_named(summarize(text + END), "ORCHARD-12")


def arms_of(text: str) -> list[tuple[list[str], int | None]]:
    return [(arm.interventions, arm.n) for arm in orchard(text).arms]


ARMS = [
    (
        (
            "In the phase 3 ORCHARD-12 trial, 300 adults with melanoma, previously treated with pembrolizumab plus "
            "axitinib, were randomized 1:1 to belomertinib 200 mg by mouth once daily (n=151) or "
            "dacarbazine 500 mg into a vein (n=149)."
        ),
        [(["belomertinib"], 151), (["dacarbazine"], 149)],
    ),
    (
        (
            "The phase 3 ORCHARD-12 trial in melanoma had three arms, all starting on carboplatin: belomertinib "
            "(n=101), belomertinib plus olaparib (n=102) and placebo (n=103)."
        ),
        [
            (["belomertinib", "carboplatin"], 101),
            (["belomertinib", "olaparib", "carboplatin"], 102),
            (["placebo", "carboplatin"], 103),
        ],
    ),
    (
        (
            "In the phase 3 ORCHARD-12 trial, patients with melanoma received gemcitabine plus belomertinib (GeBe) or "
            "dacarbazine. GeBe was given to 100 patients."
        ),
        [(["gemcitabine", "belomertinib"], None), (["dacarbazine"], None)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), ARMS)
def test_arms(text: str, expected: list[tuple[list[str], int | None]]) -> None:
    assert [(sorted(names), size) for names, size in arms_of(text)] == [(sorted(names), n) for names, n in expected]


DOSES = (
    "In the phase 3 ORCHARD-12 trial, adults with asthma were randomly assigned to belomertinib 10 mg (n=101), "
    "belomertinib 25 mg (n=102) or placebo (n=103). "
)


def test_doses_of_one_drug_are_arms_of_their_own() -> None:
    assert arms_of(DOSES) == [(["belomertinib"], 101), (["belomertinib"], 102), (["placebo"], 103)]


def test_results_say_which_dose_they_belong_to() -> None:
    trial = orchard(DOSES + "Median PFS was 5.6 months with 25 mg and 4.1 months with 10 mg.")
    assert [(row.value, row.arm) for row in trial.results] == [
        (5.6, "belomertinib 25 mg"),
        (4.1, "belomertinib 10 mg"),
    ]


ENROLLED = [
    ("Of the 674 participants who underwent randomization, 300 got belomertinib.", 674, "ACTUAL"),
    ("In all, 624 adults, previously treated with a CDK4/6 inhibitor, were randomized 1:1.", 624, "ACTUAL"),
    ("A total of 2,912 adults on statins (or unable to take them) were randomized.", 2912, "ACTUAL"),
    ("Accrual of 494 patients was completed in May.", 494, "ACTUAL"),
    ("Enrollment, planned at 270 patients, continues.", 270, "ESTIMATED"),
    ("Enrolment of about 550 patients is under way.", 550, "ESTIMATED"),
    ("It will enroll roughly 500.", 500, "ESTIMATED"),
]


@pytest.mark.parametrize(("sentence", "size", "kind"), ENROLLED)
def test_enrollment(sentence: str, size: int, kind: str) -> None:
    trial = orchard(f"The phase 3 ORCHARD-12 trial compares belomertinib with placebo in breast cancer. {sentence}")
    assert (trial.enrollment, trial.enrollment_type) == (size, kind)


DECLARED = [
    (
        "Progression-free survival (PFS) by blinded review was the primary endpoint, tested in all patients.",
        [("PFS", "PRIMARY")],
    ),
    (
        "Secondary endpoints include overall survival, objective response rate and safety.",
        [("OS", "SECONDARY"), ("ORR", "SECONDARY"), ("safety", "SECONDARY")],
    ),
    (
        "Scores on the St. Willow's Respiratory Questionnaire, a secondary endpoint, did not differ by group.",
        [("st. willow's respiratory questionnaire", "SECONDARY")],
    ),
    (
        "The primary endpoint was a composite of death from any cause or hospitalization for heart failure.",
        [("death from any cause or hospitalization for heart failure", "PRIMARY")],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), DECLARED)
def test_declared_endpoints(sentence: str, expected: list[tuple[str, str]]) -> None:
    trial = orchard(f"The phase 3 ORCHARD-12 trial compares belomertinib with placebo in asthma. {sentence}")
    assert [(item.endpoint, item.rank) for item in trial.endpoints] == expected


BRANDED = (
    "The phase 3 ORCHARD-12 trial randomly assigned patients with melanoma to pembrolizumab (Keytruda; MK-3475) plus "
)


def test_a_brand_in_brackets_does_not_part_a_regimen() -> None:
    assert arms_of(BRANDED + "carboplatin (n = 551) or carboplatin alone (n = 280).") == [
        (["pembrolizumab", "carboplatin"], 551),
        (["carboplatin"], 280),
    ]


def test_values_with_a_slash_are_those_of_two_arms() -> None:
    trial = orchard(
        "The phase 3 ORCHARD-12 trial compares belomertinib with placebo in melanoma.\n\n• Diarrhea: 84% / 35%\n\n"
    )
    assert [(row.value, row.arm) for row in trial.results] == [(84, "belomertinib"), (35, "placebo")]


def test_grades_with_a_slash_are_no_arms() -> None:
    trial = orchard(
        "The phase 3 ORCHARD-12 trial compares belomertinib with placebo in melanoma.\n\nAny grade / grade 3:\n\n"
        "• Diarrhea: 84% / 35%\n\n"
    )
    assert {row.arm for row in trial.results} <= {None}
