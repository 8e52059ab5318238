from __future__ import annotations

import pytest

from summarizer.evaluation import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PD-L1-positive", "PD-L1 positive"),
        ("non–small cell toyoma", "Non-Small-Cell Toyoma"),
        ("the toyoma", "toyoma"),
        ("examplinib®", "Examplinib"),
        ("ｅｘａｍｐｌｉｎｉｂ", "examplinib"),
        ("score (TPS) ≥50%", "score TPS >= 50%"),
        ("score 13·9", "score 13.9"),
    ],
)
def test_typography_does_not_count(one: str, other: str) -> None:
    assert normalise.text_key(one) == normalise.text_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1%-49%", "149%"),
        ("LANTERN-1 6", "LANTERN-16"),
        ("toyoma", "toyomas"),
        ("score ≥5", "score >5"),
        ("13.9", "139"),
        ("examplinib", "examplimab"),
    ],
)
def test_words_and_digits_count(one: str, other: str) -> None:
    assert normalise.text_key(one) != normalise.text_key(other)


def test_trial_names_without_the_word_trial() -> None:
    assert normalise.name_key("the LANTERN-2 trial") == normalise.name_key("Lantern 2")
    assert normalise.name_key("LANTERN-2") != normalise.name_key("LANTERN-3")
    assert normalise.name_key("trial") == "trial"


@pytest.mark.parametrize("written", ["Toyco, Inc.", "TOYCO Co., Ltd.", "Toyco GmbH & Co. KGaA", "Toyco (XYZ: 1234)"])
def test_sponsors_without_legal_endings(written: str) -> None:
    assert normalise.sponsor_key(written) == normalise.sponsor_key("Toyco")


def test_sponsors_keep_their_other_words() -> None:
    assert normalise.sponsor_key("Toyco Pharmaceuticals") != normalise.sponsor_key("Toyco")
    assert normalise.sponsor_key("Inc.") == "inc"


def test_meetings_in_any_order_of_words() -> None:
    assert normalise.meeting_key("2025 TOY Annual Meeting") == normalise.meeting_key("TOY Annual Meeting 2025")
    assert normalise.meeting_key("TOY 2025") != normalise.meeting_key("TOY 2024")


def test_arms_are_sets_of_interventions() -> None:
    assert normalise.arm_key("placeholderine + examplinib") == normalise.arm_key("Examplinib+placeholderine")
    assert normalise.arm_key("examplinib") != normalise.arm_key("examplinib + placeholderine")
    assert normalise.arm_key("examplinib 10 mg") != normalise.arm_key("examplinib 100 mg")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("patients with a score of at least 5", "score ≥5"),
        ("score of 5 or more", "score ≥5"),
        ("scores below 5", "scores <5"),
        ("65 or older", "≥65"),
        ("up to three metastases", "≤3 metastases"),
        ("more than 3 metastases", ">3 metastases"),
        ("PD-L1 1% to 49%", "PD-L1 1%-49%"),
        ("patients who had a complete response", "complete response"),
    ],
)
def test_subgroups_by_meaning_of_comparators(one: str, other: str) -> None:
    assert normalise.phrase_key(one) == normalise.phrase_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("score ≥5", "score >5"),
        ("score ≥5", "score <5"),
        ("patients with toyoma", "patients without toyoma"),
        ("women", "men"),
        ("aged 65 or older", "aged 65 or younger"),
        ("1%-49%", "1%-50%"),
    ],
)
def test_subgroups_that_differ(one: str, other: str) -> None:
    assert normalise.phrase_key(one) != normalise.phrase_key(other)


@pytest.mark.parametrize("written", ["week 24", "24 weeks", "24-week", "at 24 wk", "Week  24"])
def test_timepoints(written: str) -> None:
    assert normalise.timepoint_key(written) == normalise.timepoint_key("24 weeks")


@pytest.mark.parametrize("written", ["1 year", "12 weeks", "24 months", "12 months or more", "12"])
def test_timepoints_are_never_converted(written: str) -> None:
    assert normalise.timepoint_key(written) != normalise.timepoint_key("12 months")


def test_timepoints_in_words() -> None:
    assert normalise.timepoint_key("nine months") == normalise.timepoint_key("9 months")


@pytest.mark.parametrize(
    ("one", "other"), [("mm Hg", "mmHg"), ("month", "months"), ("%", "percent"), ("Weeks", "week")]
)
def test_units(one: str, other: str) -> None:
    assert normalise.unit_key(one) == normalise.unit_key(other)


@pytest.mark.parametrize(("one", "other"), [("%", "percentage points"), ("months", "weeks"), ("mg/dL", "mg/L")])
def test_units_that_differ(one: str, other: str) -> None:
    assert normalise.unit_key(one) != normalise.unit_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<.001", "<0.001"),
        ("< 0.0010", "<0.001"),
        ("0.0110", "0.011"),
        ("P = .03", "0.03"),
        ("p≤0.05", "≤0.05"),
    ],
)
def test_p_values(one: str, other: str) -> None:
    assert normalise.p_key(one) == normalise.p_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("<0.001", "0.001"), ("0.01", "0.001"), ("<0.05", "≤0.05"), (">0.05", "<0.05")]
)
def test_p_values_that_differ(one: str, other: str) -> None:
    assert normalise.p_key(one) != normalise.p_key(other)


def test_numbers_by_decimal_value() -> None:
    assert normalise.number_key(37) == normalise.number_key(37.0)
    assert normalise.number_key(0.5) == normalise.number_key(0.50)
    assert normalise.number_key(0.1) != normalise.number_key(0.1000001)
    assert normalise.number_key(-1.31) != normalise.number_key(1.31)
