"""Arms with their roles and sizes, and regulatory events with agency and date."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize
from summarizer.schemas import TrialRecord
from tests.support.known import cases

END = " The company plans to discuss the findings with regulators in the coming months."

EXPERIMENTAL, ACTIVE, PLACEBO, NOTHING = (
    "EXPERIMENTAL",
    "ACTIVE_COMPARATOR",
    "PLACEBO_COMPARATOR",
    "NO_INTERVENTION",
)


def orchard(text: str) -> TrialRecord:
    (trial,) = [trial for trial in summarize(text + END).trials if trial.name == "ORCHARD-12"]
    return trial


ARMS = [
    (
        "The phase 3 ORCHARD-12 trial compares belomertinib with placebo in melanoma.",
        [(EXPERIMENTAL, {"belomertinib"}, None), (PLACEBO, {"placebo"}, None)],
    ),
    (
        ("The phase 3 ORCHARD-12 trial compares belomertinib plus pembrolizumab with pembrolizumab alone in melanoma."),
        [(EXPERIMENTAL, {"belomertinib", "pembrolizumab"}, None), (ACTIVE, {"pembrolizumab"}, None)],
    ),
    (
        (
            "The phase 3 ORCHARD-12 trial compares belomertinib plus chemotherapy with placebo plus "
            "chemotherapy in melanoma."
        ),
        [
            (EXPERIMENTAL, {"belomertinib", "chemotherapy"}, None),
            (PLACEBO, {"placebo", "chemotherapy"}, None),
        ],
    ),
    (
        "The phase 3 ORCHARD-12 trial compares belomertinib with sunitinib in renal cell carcinoma.",
        [(EXPERIMENTAL, {"belomertinib"}, None), (ACTIVE, {"sunitinib"}, None)],
    ),
    (
        "The phase 3 ORCHARD-12 trial compares adjuvant belomertinib with observation in melanoma.",
        [(EXPERIMENTAL, {"belomertinib"}, None), (NOTHING, {"observation"}, None)],
    ),
    (
        (
            "In the phase 3 ORCHARD-12 trial, patients with melanoma received belomertinib (n = "
            "275) or placebo (n = 137)."
        ),
        [(EXPERIMENTAL, {"belomertinib"}, 275), (PLACEBO, {"placebo"}, 137)],
    ),
    (
        "The single-arm phase 2 ORCHARD-12 trial tests belomertinib in melanoma.",
        [(EXPERIMENTAL, {"belomertinib"}, None)],
    ),
    (
        "The phase 3 ORCHARD-12 trial compares belomertinib (Examplia) with placebo in melanoma.",
        [(EXPERIMENTAL, {"belomertinib"}, None), (PLACEBO, {"placebo"}, None)],
    ),
    (
        "The phase 3 ORCHARD-12 trial compares Keytruda with placebo in melanoma.",
        [(EXPERIMENTAL, {"pembrolizumab"}, None), (PLACEBO, {"placebo"}, None)],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(ARMS))
def test_arms(sentence: str, expected: list[tuple[str, set[str], int | None]]) -> None:
    assert [(arm.role.value, set(arm.interventions), arm.n) for arm in orchard(sentence).arms] == expected


def test_earlier_treatment_is_no_arm() -> None:
    sentence = (
        "The single-arm phase 2 ORCHARD-12 trial tests belomertinib in melanoma that progressed after pembrolizumab."
    )
    assert [arm.interventions for arm in orchard(sentence).arms] == [["belomertinib"]]


LEAD = "The phase 3 ORCHARD-12 trial compared belomertinib with placebo in melanoma. "
EVENTS = [
    (
        LEAD + "On the basis of ORCHARD-12, the FDA approved belomertinib on June 11, 2025.",
        [("FDA", "APPROVAL", "2025-06-11")],
    ),
    (
        LEAD + "On the basis of ORCHARD-12, the FDA granted accelerated approval to belomertinib.",
        [("FDA", "ACCELERATED_APPROVAL", None)],
    ),
    (
        LEAD + "The FDA granted priority review to belomertinib on the basis of ORCHARD-12.",
        [("FDA", "PRIORITY_REVIEW", None)],
    ),
    (
        LEAD + "The FDA granted breakthrough therapy designation to belomertinib for melanoma.",
        [("FDA", "BREAKTHROUGH", None)],
    ),
    (
        LEAD + "The FDA granted fast track designation to belomertinib for melanoma in March 2024.",
        [("FDA", "FAST_TRACK", "2024-03")],
    ),
    (
        LEAD + "The FDA granted orphan drug designation to belomertinib for melanoma.",
        [("FDA", "ORPHAN", None)],
    ),
    (LEAD + "The FDA placed a clinical hold on ORCHARD-12.", [("FDA", "CLINICAL_HOLD", None)]),
    (LEAD + "The FDA lifted the clinical hold on ORCHARD-12.", [("FDA", "HOLD_LIFTED", None)]),
    (
        LEAD + "The FDA issued a complete response letter for belomertinib on the basis of ORCHARD-12.",
        [("FDA", "COMPLETE_RESPONSE", None)],
    ),
    (
        LEAD + "The CHMP adopted a positive opinion on belomertinib on the basis of ORCHARD-12.",
        [("CHMP", "POSITIVE_OPINION", None)],
    ),
    (
        LEAD + "Example Therapeutics submitted a new drug application to the FDA on the basis of ORCHARD-12.",
        [("FDA", "SUBMISSION", None)],
    ),
    (LEAD + "The trial was overseen by the FDA's usual rules.", []),
    (LEAD + "Belomertinib is not approved by the FDA.", []),
    (LEAD + "The company hopes that the FDA will approve belomertinib.", []),
]


@pytest.mark.parametrize(("text", "expected"), cases(EVENTS))
def test_regulatory_events(text: str, expected: list[tuple[str | None, str, str | None]]) -> None:
    assert [(event.agency, event.action.value, event.date) for event in orchard(text).regulatory_events] == expected
