"""What a cut sentence still says of its subject decides whether the passage after it is lost."""

from __future__ import annotations

from summarizer.pipeline import summarize

LEAD = (
    "Belomertinib improved survival in the phase 3 ORCHARD-12 trial of patients with advanced melanoma. "
    "Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo.\n\n"
)
NEXT = "\n\nMedian overall survival in that trial was 18.7 months with lenvatinib and 11.9 months with dacarbazine."


def trial_of(text: str, value: float) -> str | None:
    """Name of the trial that the value stands on; "unnamed" for one without a name, None for no trial."""
    for trial in summarize(text).trials:
        if any(row.value == value for row in trial.results):
            return trial.name or "unnamed"
    return None


def test_a_study_that_was_cut_off_after_its_description_is_a_trial_of_its_own() -> None:
    cut = "Lenvatinib is offered at relapse on the evidence of a randomized phase 3 trial described in the"
    assert trial_of(LEAD + cut + NEXT, 18.7) == "unnamed"


def test_results_after_a_lost_introduction_belong_to_no_trial() -> None:
    assert trial_of(LEAD + "Additionally, data presented from the" + NEXT, 18.7) is None


def test_a_passage_whose_source_alone_is_cut_stays_with_its_trial() -> None:
    cut = "Median overall survival was 25.1 months with belomertinib and 20.2 with placebo, according to data from the"
    text = LEAD + cut + "\n\nThe objective response rate was 41.2%."
    assert trial_of(text, 25.1) == trial_of(text, 41.2) == "ORCHARD-12"
