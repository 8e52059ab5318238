"""A finished record is verified against its article, whoever made it."""

from __future__ import annotations

from typing import Any

import pytest

from summarizer import ConfigurationError, summarize, verify
from summarizer.evaluation.cases import load_cases
from summarizer.schemas import Span, Summary, Support

TEXT = (
    "The double-blind, phase 3 ORCHARD-12 trial (NCT01234567) randomized 412 patients with melanoma to belomertinib "
    "(n = 275) or placebo (n = 137). Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo (HR, "
    "0.62; 95% CI, 0.50-0.77; P <.001). Among patients with brain metastases, the ORR was 31.0% with belomertinib. "
    "The primary endpoint was PFS; OS was a secondary endpoint.\n\n"
    "In the earlier phase 2 MEADOW-3 trial, the ORR was 27.4% with belomertinib."
)
CASES = load_cases()


def changed(summary: Summary, pointer: str, value: object) -> Summary:
    """The summary with one value set; its evidence stays."""
    content = summary.model_dump()
    place: Any = content
    *path, last = pointer.strip("/").split("/")
    for part in path:
        place = place[int(part) if part.isdigit() else part]
    place[int(last) if last.isdigit() else last] = value
    return Summary.model_validate(content)


def reasons(summary: Summary) -> dict[str, str]:
    return {each.pointer: each.reason for each in verify(summary, TEXT)}


@pytest.fixture
def summary() -> Summary:
    return summarize(TEXT)


def row(summary: Summary, value: float) -> str:
    """Pointer of the result with this value."""
    return next(
        f"/trials/{number}/results/{place}"
        for number, trial in enumerate(summary.trials)
        for place, result in enumerate(trial.results)
        if result.value == value
    )


def test_what_the_article_says_is_not_complained_about(summary: Summary) -> None:
    assert len(summary.trials) == 2
    assert verify(summary, TEXT) == []


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case.name)
def test_summaries_of_the_cases_stand(case: Any) -> None:
    article = case.load_article()
    assert verify(summarize(article), article) == []


@pytest.mark.parametrize(
    ("value", "field", "wrong", "reason"),
    [
        (0.62, "value", 0.26, "the text says 0.62"),
        (0.62, "ci_low", 0.62, "the text says 0.5"),
        (0.62, "p_value", ">0.001", "the text says <0.001"),
        (0.62, "endpoint", "OS", "the text says PFS"),
        (0.62, "statistic", "ODDS_RATIO", "the text reports a HAZARD_RATIO"),
        (13.3, "arm", "placebo", "the text gives it to belomertinib"),
        (13.3, "unit", "weeks", "the text says months"),
        (31.0, "subgroup", None, "the text says it of patients with brain metastases only"),
        (27.4, "subgroup", "patients with brain metastases", "the text gives none with this estimate"),
    ],
)
def test_a_wrong_value_of_a_result_is_named_with_what_the_text_says(
    summary: Summary, value: float, field: str, wrong: object, reason: str
) -> None:
    pointer = f"{row(summary, value)}/{field}"
    assert reasons(changed(summary, pointer, wrong)) == {pointer: reason}


def test_a_result_moved_to_another_trial_is_refused(summary: Summary) -> None:
    moved = summary.model_copy(deep=True)
    moved.trials[1].results.append(moved.trials[0].results[0])
    moved.evidence["/trials/1/results/1/value"] = summary.evidence["/trials/0/results/0/value"]
    assert reasons(moved) == {"/trials/1/results/1": "the text gives it to ORCHARD-12"}


@pytest.mark.parametrize(
    ("pointer", "wrong"),
    [
        ("/trials/0/phases/0", "PHASE2"),
        ("/trials/0/name", "ORCHARD-13"),
        ("/trials/0/name", "MEADOW-3"),
        ("/trials/0/registry_ids/0", "NCT01234568"),
        ("/trials/0/enrollment", 421),
        ("/trials/0/arms/0/n", 137),
        ("/trials/0/arms/0/interventions/0", "pembrolizumab"),
        ("/trials/0/arms/1/role", "EXPERIMENTAL"),
        ("/trials/0/masking", "NONE"),
        ("/trials/0/focus", "SUPPORTING"),
        ("/trials/0/endpoints/0/endpoint", "OS"),
        ("/trials/0/endpoints/0/rank", "SECONDARY"),
    ],
)
def test_a_wrong_attribute_is_refused(summary: Summary, pointer: str, wrong: object) -> None:
    assert summary.model_dump(mode="json")
    assert pointer in reasons(changed(summary, pointer, wrong))


@pytest.mark.parametrize(
    ("pointer", "other"),
    [
        ("/trials/0/name", "ORCHARD\u201112"),
        ("/trials/0/name", "Orchard 12"),
        ("/trials/0/results/2/p_value", "P < 0.001"),
        ("/trials/0/results/2/endpoint", "progression-free survival"),
        ("/trials/0/results/0/value_text", "13\u00b73\u00a0months"),
        ("/trials/0/results/0/arm", "Belomertinib"),
    ],
)
def test_other_words_for_the_same_value_stand(summary: Summary, pointer: str, other: str) -> None:
    assert reasons(changed(summary, pointer, other)) == {}


def test_words_that_stand_nowhere_are_no_evidence(summary: Summary) -> None:
    made_up = Span(start=0, end=28, text="in the open-label phase 2 part", support=Support.CUE)
    summary.evidence["/trials/0/phases/0"] = [made_up]
    assert reasons(summary) == {"/trials/0/phases/0": "the quoted words do not stand in the text"}


def test_a_value_without_evidence_is_named(summary: Summary) -> None:
    del summary.evidence["/trials/0/enrollment"]
    assert reasons(summary) == {"/trials/0/enrollment": "no passage was cited"}


def test_offsets_of_another_copy_of_the_text_do_not_matter(summary: Summary) -> None:
    for spans in summary.evidence.values():
        for span in spans:
            span.start, span.end = span.start + 7, span.end + 7
    assert verify(summary, TEXT) == []


def test_a_summary_of_another_text_is_an_error(summary: Summary) -> None:
    with pytest.raises(ConfigurationError, match="of another text"):
        verify(summary, f"{TEXT} And more.")
