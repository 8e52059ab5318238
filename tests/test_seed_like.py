"""A launch release with the damage of link-stripping scrapers, read exactly; and every case here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from summarizer.pipeline import summarize
from summarizer.schemas import Focus, Status, Summary
from tests.support.leaves import leaves_of, numbers_in, numbers_of
from tests.support.rows import lines_of, trial_named

EVALS = Path(__file__).parents[1] / "evals"
CASES = sorted(path for folder in ("cases", "unseen") for path in (EVALS / folder).glob("*/article.txt"))

FIRST_CUT = "Findings shown at the"
SECOND_CUT = "In addition, results reported from the"
LOST = (
    "At the data cutoff of March 3, 2024, after a median follow-up of 8.4 months, the pCR rate "
    "was 40.7% (95% CI, "
    "22.4%–61.2%); the major pathological response rate was 59.3% (95% CI, 38.8%–77.6%); and "
    "the clinical CR rate was "
    "25.9% (95% CI, 11.1%–46.3%)."
)
ARTICLE = f"""\
Worldwide Pivotal Trial of Tavocilimab in Pretreated Kidney Cancer to Begin
Example Therapeutics opens a registrational study of tavocilimab and axitinib for kidney cancer that no \
longer answers to immunotherapy.
Example Therapeutics, Inc has announced the start of a global, multicenter registrational trial of its \
antibody tavocilimab (XT104) \
in combination with axitinib (Inlyta) for the treatment of advanced renal cell carcinoma (RCC) in \
patients whose disease is \
resistant to prior PD-1 inhibitor therapy.1
The trial, designated ORCHARD-36/XT104-225, looks for better second-line treatment in a group with few \
choices. This phase 2 \
randomized study is designed to compare the tavocilimab-axitinib combination with axitinib alone.
“We are proud to open our first worldwide study,” said Ann Lee, MD, chief executive of Example \
Therapeutics, in a press release.
Tavocilimab is being explored in several other tumors. {FIRST_CUT}
{LOST}
{SECOND_CUT}
Interim analyses of the ORCHARD-16 study, reported earlier, showed gains in both PFS and OS, with a \
median PFS of 14.1 months with \
tavocilimab vs 7.9 months with placebo (HR, 0.58; P <.0001) and a median OS not yet reached vs 21.6 \
months (HR, 0.66; P =.0021).
"""


@cache
def summary() -> Summary:
    return summarize(ARTICLE)


def test_the_two_trials_of_the_family_are_apart() -> None:
    assert [trial.name for trial in summary().trials if trial.name] == ["ORCHARD-36", "ORCHARD-16"]
    assert trial_named(summary(), "ORCHARD-36").focus is Focus.MAIN
    assert trial_named(summary(), "ORCHARD-16").focus is Focus.SUPPORTING


def test_there_is_no_third_trial() -> None:
    assert len(summary().trials) == 2


def test_the_main_trial_has_what_the_text_says_of_it_and_no_results() -> None:
    trial = trial_named(summary(), "ORCHARD-36").model_dump(mode="json")
    del trial["status"]
    assert trial.pop("settings") in (["SECOND_LINE"], ["SECOND_LINE", "RELAPSED_REFRACTORY"])
    filled = {name: value for name, value in trial.items() if value not in (None, [])}
    assert filled == {
        "name": "ORCHARD-36",
        "aliases": ["XT104-225"],
        "focus": "MAIN",
        "sponsors": ["Example Therapeutics"],
        "phases": ["PHASE2"],
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "multicenter": True,
        "international": True,
        "registrational": True,
        "conditions": ["advanced renal cell carcinoma"],
        "prior_therapies": ["PD-1 inhibitor"],
        "arms": [
            {"role": "EXPERIMENTAL", "interventions": ["tavocilimab", "axitinib"], "n": None},
            {"role": "ACTIVE_COMPARATOR", "interventions": ["axitinib"], "n": None},
        ],
    }


def test_the_status_of_the_main_trial() -> None:
    status = trial_named(summary(), "ORCHARD-36").status
    assert status in {
        Status.NOT_YET_RECRUITING,
        Status.RECRUITING,
    }  # "to begin" and "the start of": both are right


def test_the_results_of_the_named_trial() -> None:
    assert lines_of(trial_named(summary(), "ORCHARD-16").results) == [
        "PFS MEDIAN 14.1 months for tavocilimab",
        "PFS MEDIAN 7.9 months for placebo",
        "PFS HAZARD_RATIO 0.58 P<0.0001",
        "OS MEDIAN not-reached for tavocilimab",
        "OS MEDIAN 21.6 months for placebo",
        "OS HAZARD_RATIO 0.66 P0.0021",
    ]


def test_results_after_the_cut_belong_to_no_trial() -> None:
    assert lines_of(summary().unattributed_results) == [
        "pCR RATE 40.7 % (95% CI 22.4 to 61.2)",
        "MPR RATE 59.3 % (95% CI 38.8 to 77.6)",
        "CR RATE 25.9 % (95% CI 11.1 to 46.3)",
    ]


def test_the_three_damaged_places() -> None:
    assert [(damage.kind.value, damage.text) for damage in summary().truncations] == [
        ("CUT_SENTENCE", FIRST_CUT),
        ("LOST_ANTECEDENT", LOST),
        ("CUT_SENTENCE", SECOND_CUT),
    ]


def test_nothing_was_rejected() -> None:
    assert summary().rejected == []


def test_there_are_cases() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_every_number_of_a_case_stands_in_its_article(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    summary = summarize(path)
    printed = numbers_in(text)
    absent = {pointer: number for pointer, number in numbers_of(summary).items() if number not in printed}
    assert absent == {}
    assert set(leaves_of(summary)) == set(summary.evidence)
    if summary.source.characters == len(text):  # loading repaired nothing
        for spans in summary.evidence.values():
            assert all(text[span.start : span.end] == span.text for span in spans)
