"""Medians with their arms, reached or not."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize
from tests.support.known import cases
from tests.support.rows import AGAINST, COMPARED, SINGLE, all_rows, lines_in

PFS_PAIR = ["PFS MEDIAN 13.3 months for belomertinib", "PFS MEDIAN 8.2 months for placebo"]
OS_NOT_REACHED = ["OS MEDIAN not-reached for belomertinib", "OS MEDIAN 22.8 months for placebo"]

SAME_PAIR = [
    "Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo.",
    "Median PFS was 13.3 months with belomertinib versus 8.2 months with placebo.",
    "Median PFS was 13.3 months with belomertinib and 8.2 months with placebo.",
    "Median PFS was 13.3 months with belomertinib compared with 8.2 months with placebo.",
    "Median PFS was 13.3 months with belomertinib, as compared with 8.2 months with placebo.",
    "Median PFS was 13.3 vs 8.2 months with belomertinib and placebo, respectively.",
    "Median PFS was 13.3 and 8.2 months with belomertinib and placebo, respectively.",
    "Median PFS was 13.3 months and 8.2 months in the belomertinib and placebo arms, respectively.",
    "Median PFS with belomertinib and placebo was 13.3 and 8.2 months, respectively.",
    "Median PFS was 13.3 (belomertinib) versus 8.2 (placebo) months.",
    "Median PFS was 13.3 months (belomertinib) vs 8.2 months (placebo).",
    "Median PFS was 13.3 months for belomertinib and 8.2 months for placebo.",
    "The median PFS was 13.3 months in the belomertinib arm and 8.2 months in the placebo arm.",
    "The median PFS was 13.3 months in the belomertinib group vs 8.2 months in the placebo group.",
    "The median PFS was 13·3 months with belomertinib versus 8·2 months with placebo.",
    ("The median progression-free survival (PFS) was 13.3 months with belomertinib vs 8.2 months with placebo."),
    ("Patients given belomertinib had a median progression-free survival of 13.3 months vs 8.2 months with placebo."),
    (
        "Patients on belomertinib had a median PFS of 13.3 months, while those on placebo had a "
        "median PFS of 8.2 months."
    ),
    "In the belomertinib arm, median PFS was 13.3 months, vs 8.2 months in the placebo arm.",
    "Belomertinib prolonged median PFS to 13.3 months from 8.2 months with placebo.",
    "Median PFS: 13.3 months with belomertinib vs 8.2 months with placebo.",
    "mPFS was 13.3 months with belomertinib vs 8.2 months with placebo.",
    "Median PFS was 13.3 mo with belomertinib vs 8.2 mo with placebo.",
    "Median PFS was 13.3\u00a0months with belomertinib vs\u00a08.2\u00a0months with placebo.",
]


@pytest.mark.parametrize("sentence", cases(SAME_PAIR))
def test_one_pair_of_medians_in_many_wordings(sentence: str) -> None:
    assert lines_in(COMPARED + sentence) == PFS_PAIR


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "Median PFS was 8.2 months with placebo and 13.3 months with belomertinib.",
            "Median PFS was 8.2 months for placebo vs 13.3 months for belomertinib.",
            "Median PFS was 8.2 and 13.3 months with placebo and belomertinib, respectively.",
            "In the placebo arm, median PFS was 8.2 months; in the belomertinib arm, it was 13.3 months.",
        ]
    ),
)
def test_a_comparator_that_comes_first_keeps_its_own_number(sentence: str) -> None:
    assert sorted(lines_in(COMPARED + sentence)) == sorted(PFS_PAIR)


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "Median OS was not reached with belomertinib vs 22.8 months with placebo.",
            "Median OS was not yet reached with belomertinib vs 22.8 months with placebo.",
            "Median OS had not been reached with belomertinib and was 22.8 months with placebo.",
            "Median OS was NR with belomertinib vs 22.8 months with placebo.",
            "Median OS was NE with belomertinib vs 22.8 months with placebo.",
            "Median OS was not estimable with belomertinib vs 22.8 months with placebo.",
            "Median OS was not evaluable with belomertinib vs 22.8 months with placebo.",
            "Median OS was not reached (NR) with belomertinib vs 22.8 months with placebo.",
            "Median OS was not reached vs 22.8 months with belomertinib and placebo, respectively.",
        ]
    ),
)
def test_medians_that_were_not_reached(sentence: str) -> None:
    # The unit of a median that was not reached may be left out (LABELLING.md), so it isn't compared.
    lines = [line.replace("not-reached months", "not-reached") for line in lines_in(COMPARED + sentence)]
    assert lines == OS_NOT_REACHED


SENTENCES = [
    (
        (
            "Median OS was 25.1 months (95% CI, 21.0-NR) with belomertinib and 22.8 months (95% CI, "
            "19.7-25.9) with placebo."
        ),
        [
            "OS MEDIAN 25.1 months (95% CI 21 to NE) for belomertinib",
            "OS MEDIAN 22.8 months (95% CI 19.7 to 25.9) for placebo",
        ],
    ),
    (
        "Median OS was 25.1 months (95% CI, 21.0 to not estimable) with belomertinib.",
        ["OS MEDIAN 25.1 months (95% CI 21 to NE) for belomertinib"],
    ),
    (
        (
            "Median PFS was 13.3 months (95% CI, 11.0-15.2) with belomertinib vs 8.2 months (95% "
            "CI, 6.9-9.0) with placebo (HR, 0.62; 95% CI, 0.50-0.77; P <.001)."
        ),
        [
            "PFS MEDIAN 13.3 months (95% CI 11 to 15.2) for belomertinib",
            "PFS MEDIAN 8.2 months (95% CI 6.9 to 9) for placebo",
            "PFS HAZARD_RATIO 0.62 (95% CI 0.5 to 0.77) P<0.001",
        ],
    ),
    (
        "Median PFS was 13.3 vs 8.2 months (HR 0.62) and median OS was 30.4 vs 22.8 months (HR 0.71).",
        [
            "PFS MEDIAN 13.3 months for belomertinib",
            "PFS MEDIAN 8.2 months for placebo",
            "PFS HAZARD_RATIO 0.62",
            "OS MEDIAN 30.4 months for belomertinib",
            "OS MEDIAN 22.8 months for placebo",
            "OS HAZARD_RATIO 0.71",
        ],
    ),
    (
        "The median duration of response was 10.1 months with belomertinib and 5.6 months with placebo.",
        ["DOR MEDIAN 10.1 months for belomertinib", "DOR MEDIAN 5.6 months for placebo"],
    ),
    (
        "Median time to response was 7.1 weeks with belomertinib.",
        ["TTR MEDIAN 7.1 weeks for belomertinib"],
    ),
    (
        "Median DFS was 4.2 years with belomertinib vs 2.9 years with placebo.",
        ["DFS MEDIAN 4.2 years for belomertinib", "DFS MEDIAN 2.9 years for placebo"],
    ),
    (
        "Median PFS by blinded independent central review was 13.3 months with belomertinib.",
        ["PFS MEDIAN 13.3 months for belomertinib"],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(SENTENCES))
def test_medians_with_what_belongs_to_them(sentence: str, expected: list[str]) -> None:
    assert lines_in(COMPARED + sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    cases(
        [
            ("Median PFS was 9.4 months (95% CI, 7.0-12.1).", ["PFS MEDIAN 9.4 months (95% CI 7 to 12.1)"]),
            ("The median duration of response was 14.2 months.", ["DOR MEDIAN 14.2 months"]),
            ("Median OS was not reached.", ["OS MEDIAN not-reached"]),
            (
                "The median OS was not reached (95% CI, 18.4-NE).",
                ["OS MEDIAN not-reached (95% CI 18.4 to NE)"],
            ),
            ("Responses lasted a median of 14.2 months.", ["DOR MEDIAN 14.2 months"]),
        ]
    ),
)
def test_a_trial_with_one_arm_names_no_arm(sentence: str, expected: list[str]) -> None:
    lines = [line.replace("not-reached months", "not-reached") for line in lines_in(SINGLE + sentence)]
    assert lines == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    cases(
        [
            (
                "Median PFS was 15.0 months with belomertinib and 9.6 months with sunitinib.",
                ["PFS MEDIAN 15 months for belomertinib", "PFS MEDIAN 9.6 months for sunitinib"],
            ),
            (
                "Median PFS was 15.0 months with belomertinib compared with 9.6 months with the comparator.",
                ["PFS MEDIAN 15 months for belomertinib", "PFS MEDIAN 9.6 months for sunitinib"],
            ),
        ]
    ),
)
def test_two_active_arms(sentence: str, expected: list[str]) -> None:
    assert lines_in(AGAINST + sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "Overall survival data were immature.",
            "Overall survival data are not yet mature.",
            "OS results were immature at the time of the analysis.",
        ]
    ),
)
def test_immature_data_hold_no_number(sentence: str) -> None:
    assert all(row.value is None for row in all_rows(summarize(COMPARED + sentence)))


DIFFERENCE = [
    (
        "Belomertinib extended median overall survival by 4.4 months over placebo.",
        ["OS OTHER 4.4 months"],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(DIFFERENCE))
def test_a_difference_between_medians_is_other(sentence: str, expected: list[str]) -> None:
    assert lines_in(COMPARED + sentence) == expected
