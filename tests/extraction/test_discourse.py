"""Which trial a result belongs to: above all, never to the wrong one."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize
from summarizer.schemas import Focus, Summary
from tests.support.known import cases
from tests.support.rows import lines_of, trial_named

PLANS = "\n\nThe company plans to discuss the findings with regulators in the coming months."
ORR = "ORR RATE 41.2 %"


def names_in(summary: Summary) -> list[str | None]:
    return [trial.name for trial in summary.trials]


def rows_by_trial(text: str) -> dict[str | None, list[str]]:
    """Lines of each trial, without arms; key ``?`` for the rows of no trial."""
    summary = summarize(text)
    rows = {trial.name: _without_arms(lines_of(trial.results)) for trial in summary.trials}
    if summary.unattributed_results:
        rows["?"] = _without_arms(lines_of(summary.unattributed_results))
    return rows


def _without_arms(lines: list[str]) -> list[str]:
    return [line.split(" for ")[0] for line in lines]


# -------------------------------------------------------------------------------------- names and aliases


def test_a_family_name_with_two_numbers_is_two_trials() -> None:
    text = (
        "In the phase 3 ORCHARD-12 trial, median PFS was 13.3 months with belomertinib in advanced melanoma. "
        "In the phase 2 ORCHARD-4 trial, median PFS was 7.1 months with belomertinib in advanced melanoma." + PLANS
    )
    assert rows_by_trial(text) == {
        "ORCHARD-12": ["PFS MEDIAN 13.3 months"],
        "ORCHARD-4": ["PFS MEDIAN 7.1 months"],
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [("ORCHARD-1", "ORCHARD-12"), ("ORCHARD-12", "ORCHARD-12A"), ("ORCHARD 1", "ORCHARD 2")],
)
def test_names_that_begin_alike_stay_apart(first: str, second: str) -> None:
    text = (
        f"In the phase 3 {first} trial, the ORR was 41.2% with belomertinib in melanoma.\n\n"
        f"In the phase 3 {second} trial, the ORR was 52.6% with belomertinib in melanoma." + PLANS
    )
    assert rows_by_trial(text) == {first: ["ORR RATE 41.2 %"], second: ["ORR RATE 52.6 %"]}


@pytest.mark.parametrize(
    ("mention", "aliases", "registry_ids"),
    cases(
        [
            ("ORCHARD-12 (NCT01234567)", [], ["NCT01234567"]),
            ("ORCHARD-12/ENGOT-OV91", ["ENGOT-OV91"], []),
            ("ORCHARD-12/ENGOT-OV91/GOG-9047", ["ENGOT-OV91", "GOG-9047"], []),
            ("ORCHARD-12/XYZ104-225", ["XYZ104-225"], []),
            ("ORCHARD-12 (XYZ104-225)", ["XYZ104-225"], []),
            ("ORCHARD-12 (XYZ104-225; NCT01234567)", ["XYZ104-225"], ["NCT01234567"]),
            ("ORCHARD-12 (XYZ104-225, NCT01234567)", ["XYZ104-225"], ["NCT01234567"]),
            ("ORCHARD-12 [NCT01234567; EudraCT 2020-001234-56]", [], ["NCT01234567", "2020-001234-56"]),
            ("ORCHARD-12 (ClinicalTrials.gov, NCT01234567)", [], ["NCT01234567"]),
            ("ORCHARD-12 (ClinicalTrials.gov identifier: NCT01234567)", [], ["NCT01234567"]),
            ("ORCHARD-12, also known as XYZ104-225,", ["XYZ104-225"], []),
        ]
    ),
)
def test_codes_and_registry_numbers_join_their_trial(mention: str, aliases: list[str], registry_ids: list[str]) -> None:
    text = f"The phase 3 {mention} trial compared belomertinib with placebo in melanoma. The ORR was 41.2%." + PLANS
    (trial,) = summarize(text).trials
    assert trial.name == "ORCHARD-12"
    assert trial.aliases == aliases
    assert [number.removeprefix("EudraCT ") for number in trial.registry_ids] == registry_ids


def test_a_code_alone_is_the_name() -> None:
    (trial,) = summarize("The phase 2 trial XYZ104-225 tests belomertinib in melanoma." + PLANS).trials
    assert trial.name == "XYZ104-225"


def test_a_code_joined_once_is_the_same_trial_later() -> None:
    text = (
        "The phase 3 ORCHARD-12 (XYZ104-225) trial compared belomertinib with placebo in melanoma.\n\n"
        "In XYZ104-225, the ORR was 41.2%." + PLANS
    )
    assert rows_by_trial(text) == {"ORCHARD-12": [ORR]}


def test_case_and_dashes_do_not_make_two_trials() -> None:
    text = (
        "The phase 3 ORCHARD-12 trial compared belomertinib with placebo in melanoma.\n\n"
        "In ORCHARD‑12, the ORR was 41.2%. In Orchard-12, median PFS was 13.3 months." + PLANS
    )
    assert list(rows_by_trial(text)) == ["ORCHARD-12"]


# ----------------------------------------------------------------------------------------------- damage

NAMED = "The phase 3 ORCHARD-12 trial compared belomertinib with placebo in patients with advanced melanoma."
CUTS = [
    "Belomertinib is being studied in other diseases. Data presented at the",
    "Additionally, data presented from the",
    "Other findings with belomertinib were shown at the",
    "Earlier this year, investigators reported findings from the",
]
LOST = "\n\nThe objective response rate was 41.2%, and the median duration of response was 9.4 months."


@pytest.mark.parametrize("cut", cases(CUTS))
def test_results_after_a_cut_introduction_belong_to_no_trial(cut: str) -> None:
    text = f"{NAMED} The primary endpoint is overall survival.\n\n{cut}{LOST}{PLANS}"
    assert rows_by_trial(text) == {"ORCHARD-12": [], "?": ["ORR RATE 41.2 %", "DOR MEDIAN 9.4 months"]}


@pytest.mark.parametrize("cut", cases(CUTS))
def test_a_later_sentence_that_names_its_trial_restores_attribution(cut: str) -> None:
    text = f"{NAMED}\n\n{cut}{LOST}\n\nIn ORCHARD-12, median PFS was 13.3 months with belomertinib.{PLANS}"
    assert rows_by_trial(text)["ORCHARD-12"] == ["PFS MEDIAN 13.3 months"]
    assert rows_by_trial(text)["?"] == ["ORR RATE 41.2 %", "DOR MEDIAN 9.4 months"]


def test_the_study_after_a_cut_is_nobodys() -> None:
    text = f"{NAMED}\n\nData presented at the\n\nIn the study, the objective response rate was 41.2%.{PLANS}"
    assert rows_by_trial(text) == {"ORCHARD-12": [], "?": [ORR]}


def test_a_name_within_the_passage_keeps_its_results_after_a_cut() -> None:
    text = f"{NAMED}\n\nData presented at the\n\nIn the phase 2 ORCHARD-4 trial, the ORR was 41.2%.{PLANS}"
    assert rows_by_trial(text) == {"ORCHARD-12": [], "ORCHARD-4": [ORR]}


def test_a_second_cut_does_not_lend_the_rows_of_the_first() -> None:
    text = f"{NAMED}\n\nData presented at the{LOST}\n\nAdditionally, data from the\n\nThe pCR rate was 20.5%.{PLANS}"
    rows = rows_by_trial(text)
    assert rows["ORCHARD-12"] == []
    assert rows["?"] == ["ORR RATE 41.2 %", "DOR MEDIAN 9.4 months", "pCR RATE 20.5 %"]


def test_results_without_any_trial_are_unattributed_or_unnamed() -> None:
    summary = summarize("The objective response rate was 41.2%." + PLANS)
    assert all(trial.name is None for trial in summary.trials)
    assert sum(len(trial.results) for trial in summary.trials) + len(summary.unattributed_results) == 1


# -------------------------------------------------------------------------------------- background trials


def test_a_supporting_trial_in_the_middle_does_not_take_later_results() -> None:
    text = (
        f"{NAMED} Median PFS was 13.3 months with belomertinib.\n\n"
        "Belomertinib was approved on the basis of the single-arm phase 2 ORCHARD-4 trial, in "
        "which the ORR was 52.6%.\n\n"
        f"In ORCHARD-12, the ORR was 41.2%, and median OS was 30.4 months.{PLANS}"
    )
    rows = rows_by_trial(text)
    assert rows["ORCHARD-12"] == ["PFS MEDIAN 13.3 months", ORR, "OS MEDIAN 30.4 months"]
    assert rows["ORCHARD-4"] == ["ORR RATE 52.6 %"]


def test_main_and_supporting() -> None:
    text = (
        "ORCHARD-12 Meets Its Primary Endpoint in Melanoma\n\n"
        f"{NAMED} Median PFS was 13.3 months with belomertinib.\n\n"
        "Belomertinib was approved on the basis of the phase 2 ORCHARD-4 trial, in which the "
        f"ORR was 52.6%.{PLANS}"
    )
    summary = summarize(text)
    assert trial_named(summary, "ORCHARD-12").focus is Focus.MAIN
    assert trial_named(summary, "ORCHARD-4").focus is Focus.SUPPORTING


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            ("A separate phase 2 study of belomertinib in patients with thyroid cancer showed an ORR of 52.6%."),
            ("In a single-arm phase 1 study in patients with thyroid cancer, belomertinib yielded an ORR of 52.6%."),
            (
                "A phase 2 study presented at the 2023 ESMO Congress showed an ORR of 52.6% with "
                "belomertinib in thyroid cancer."
            ),
        ]
    ),
)
def test_a_study_that_is_described_but_not_named_is_a_trial(sentence: str) -> None:
    rows = rows_by_trial(f"{NAMED} Median PFS was 13.3 months with belomertinib.\n\n{sentence}{PLANS}")
    assert rows == {"ORCHARD-12": ["PFS MEDIAN 13.3 months"], None: ["ORR RATE 52.6 %"]}


def test_an_article_without_a_name_describes_one_trial() -> None:
    text = (
        "A phase 3 trial compared belomertinib with placebo in 412 patients with advanced melanoma. "
        f"The study met its primary endpoint. Median PFS was 13.3 months with belomertinib.{PLANS}"
    )
    assert rows_by_trial(text) == {None: ["PFS MEDIAN 13.3 months"]}


@pytest.mark.parametrize("sentence", cases(["Similar findings came from other studies.", "Few trials have been done."]))
def test_a_bare_mention_is_no_trial(sentence: str) -> None:
    assert names_in(summarize(f"{NAMED} {sentence}{PLANS}")) == ["ORCHARD-12"]


# ----------------------------------------------------------------------------------- pools and round-ups


@pytest.mark.xfail(strict=True, reason="results of a pool go to the last of its trials")
def test_a_pooled_analysis_with_results_is_a_trial_of_its_own() -> None:
    text = (
        "The phase 3 ORCHARD-12 and ORCHARD-13 trials compared belomertinib with placebo in melanoma. "
        "The ORR was 41.2% in ORCHARD-12 and 39.9% in ORCHARD-13.\n\n"
        f"In a pooled analysis of ORCHARD-12 and ORCHARD-13, the hazard ratio for PFS was 0.60.{PLANS}"
    )
    rows = rows_by_trial(text)
    assert rows["ORCHARD-12"] == [ORR]
    assert rows["ORCHARD-13"] == ["ORR RATE 39.9 %"]
    (pool,) = set(rows) - {"ORCHARD-12", "ORCHARD-13"}
    assert rows[pool] == ["PFS HAZARD_RATIO 0.6"]


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "The ORR was 41.2% in ORCHARD-12 and 39.9% in ORCHARD-13.",
            "The ORR was 41.2% and 39.9% in ORCHARD-12 and ORCHARD-13, respectively.",
            "In ORCHARD-12 and ORCHARD-13, the ORR was 41.2% and 39.9%, respectively.",
            "In ORCHARD-12, the ORR was 41.2%; in ORCHARD-13, it was 39.9%.",
        ]
    ),
)
def test_two_trials_of_one_sentence_keep_their_own_numbers(sentence: str) -> None:
    intro = "The phase 3 ORCHARD-12 and ORCHARD-13 trials compared belomertinib with placebo in melanoma. "
    assert rows_by_trial(intro + sentence + PLANS) == {"ORCHARD-12": [ORR], "ORCHARD-13": ["ORR RATE 39.9 %"]}


ROUND_UP = """\
Four Readouts to Know This Week

ORCHARD-12: Belomertinib in Melanoma

The phase 3 trial compared belomertinib with placebo in advanced melanoma. Median PFS was 13.3 months.

LARKSPUR-1: Tavocilimab in Breast Cancer

The single-arm phase 2 study enrolled 60 patients with metastatic breast cancer. The ORR was 41.2%.

MEADOW-301: Orfaciclib in Myeloma

The study missed its primary endpoint. The hazard ratio for OS was 0.97.
"""


def test_a_round_up_goes_by_its_headings() -> None:
    assert rows_by_trial(ROUND_UP) == {
        "ORCHARD-12": ["PFS MEDIAN 13.3 months"],
        "LARKSPUR-1": [ORR],
        "MEADOW-301": ["OS HAZARD_RATIO 0.97"],
    }


# ------------------------------------------------------------------------------------------ boilerplate


@pytest.mark.parametrize(
    "boilerplate",
    cases(
        [
            (
                "About Example Therapeutics\n\nExample Therapeutics is a company with 12 trials in "
                "30 countries and a phase 2 pipeline."
            ),
            ("About Melanoma\n\nMelanoma causes most deaths from skin cancer. The 5-year survival rate is 35%."),
            (
                "Forward-Looking Statements\n\nThis release contains statements about trials that "
                "may not succeed, a 40% risk among them."
            ),
            ("References\n\n1. Stone M, et al. Belomertinib in the phase 2 study. J Example Med. 2023;12:101-110."),
        ]
    ),
)
def test_boilerplate_makes_no_trials_and_no_results(boilerplate: str) -> None:
    text = f"{NAMED} Median PFS was 13.3 months with belomertinib.{PLANS}\n\n{boilerplate}\n"
    assert rows_by_trial(text) == {"ORCHARD-12": ["PFS MEDIAN 13.3 months"]}


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "COVID-19 delayed recruitment.",
            "Tumors were assessed by RECIST 1.1 and graded by CTCAE 5.0.",
            "PD-L1 and CTLA-4 are checkpoints.",
            "The congress took place in hall B-12 on Monday.",
            "CDK4/6 inhibitors and HER2-directed drugs were allowed.",
            "Quality of life was measured with the EORTC QLQ-C30 and EQ-5D questionnaires.",
        ]
    ),
)
def test_words_that_look_like_names_are_no_trials(sentence: str) -> None:
    assert names_in(summarize(f"{NAMED} {sentence} Median PFS was 13.3 months.{PLANS}")) == ["ORCHARD-12"]


HEADLESS = (
    "weeks (n = 529) or placebo (n = 532). Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo "
    "(HR, 0.62).\n\n"
)


def test_results_before_a_study_is_introduced_are_not_its_own() -> None:
    summary = summarize(
        f"{HEADLESS}Where the dose came from\n\n"
        "ORCHARD-12 (NCT01234567), a phase 2b study, compared three doses. Its ORR was 27.4%."
    )
    named = trial_named(summary, "ORCHARD-12")
    assert lines_of(named.results) == ["ORR RATE 27.4 %"]


def test_the_name_that_an_unbroken_line_leads_to_takes_the_opening_results() -> None:
    summary = summarize(f"{HEADLESS}These are the first results of ORCHARD-12, which enrolled 1061 adults.")
    assert len(trial_named(summary, "ORCHARD-12").results) == 3
