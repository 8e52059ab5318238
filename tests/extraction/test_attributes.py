"""Attributes of a trial: wordings that state a value, and wordings that do not."""

from __future__ import annotations

from typing import Any

import pytest

from summarizer.pipeline import summarize
from tests.support.known import cases

END = " The company plans to discuss the findings with regulators in the coming months."


def attribute(sentence: str, field: str) -> Any:
    """The field of the one trial of the text, ORCHARD-12."""
    trials = [trial for trial in summarize(sentence + END).trials if trial.name == "ORCHARD-12"]
    assert len(trials) == 1
    return trials[0].model_dump(mode="json")[field]


def about(words: str) -> str:
    return f"The {words} ORCHARD-12 trial compares belomertinib with placebo in patients with melanoma."


PHASES = [
    (about("phase 1"), ["PHASE1"]),
    (about("phase 1b/2"), ["PHASE1", "PHASE2"]),
    (about("phase I/II"), ["PHASE1", "PHASE2"]),
    (about("phase 2"), ["PHASE2"]),
    (about("Phase IIb"), ["PHASE2"]),
    (about("phase 2/3"), ["PHASE2", "PHASE3"]),
    (about("phase III"), ["PHASE3"]),
    (about("phase\u00a03"), ["PHASE3"]),
    (about("phase-3"), ["PHASE3"]),
    (about("phase 4"), ["PHASE4"]),
    (about("large"), []),
    ("The ORCHARD-12 trial of belomertinib enrolled patients in the acute phase of melanoma.", []),
]
STATUSES = [
    (
        "Example Therapeutics plans to start the phase 3 ORCHARD-12 trial of belomertinib next year.",
        "NOT_YET_RECRUITING",
    ),
    ("The FDA has cleared the phase 3 ORCHARD-12 trial of belomertinib to start.", "NOT_YET_RECRUITING"),
    ("The first patient has been dosed in the phase 3 ORCHARD-12 trial of belomertinib.", "RECRUITING"),
    ("The phase 3 ORCHARD-12 trial of belomertinib is currently enrolling patients.", "RECRUITING"),
    ("Example Therapeutics initiated the phase 3 ORCHARD-12 trial of belomertinib.", "RECRUITING"),
    (
        "Enrollment in the phase 3 ORCHARD-12 trial of belomertinib is complete, and follow-up is ongoing.",
        "ACTIVE_NOT_RECRUITING",
    ),
    ("The phase 3 ORCHARD-12 trial of belomertinib was stopped early for futility.", "TERMINATED"),
    ("Example Therapeutics terminated the phase 3 ORCHARD-12 trial of belomertinib.", "TERMINATED"),
    ("Enrollment in the phase 3 ORCHARD-12 trial of belomertinib has been paused.", "SUSPENDED"),
    ("The phase 3 ORCHARD-12 trial of belomertinib was cancelled before it started.", "WITHDRAWN"),
    ("The phase 3 ORCHARD-12 trial of belomertinib has been completed.", "COMPLETED"),
    ("The phase 3 ORCHARD-12 trial of belomertinib met its primary endpoint.", None),
    ("The phase 3 ORCHARD-12 trial enrolled 412 patients and compared belomertinib with placebo.", None),
    ("In the phase 3 ORCHARD-12 trial of belomertinib, 7% of patients stopped treatment early.", None),
]
ALLOCATIONS = [
    (about("randomized phase 3"), "RANDOMIZED"),
    (about("randomised phase 3"), "RANDOMIZED"),
    (
        "In the phase 3 ORCHARD-12 trial, patients were randomly assigned to belomertinib or placebo.",
        "RANDOMIZED",
    ),
    ("The single-arm phase 2 ORCHARD-12 trial tests belomertinib in melanoma.", "NON_RANDOMIZED"),
    ("The nonrandomized phase 2 ORCHARD-12 trial tests belomertinib in melanoma.", "NON_RANDOMIZED"),
    (about("non-randomised phase 2"), "NON_RANDOMIZED"),
    ("The phase 2 ORCHARD-12 trial tests belomertinib in melanoma.", None),
]
MASKINGS = [
    (about("open-label phase 3"), "NONE"),
    (about("phase 3, open label"), "NONE"),
    (about("double-blind phase 3"), "DOUBLE"),
    (about("double-blinded phase 3"), "DOUBLE"),
    (about("single-blind phase 3"), "SINGLE"),
    (about("triple-blind phase 3"), "TRIPLE"),
    (about("quadruple-masked phase 3"), "QUADRUPLE"),
    (about("phase 3"), None),
    (
        ("In the phase 3 ORCHARD-12 trial of belomertinib, scans were read by blinded independent central review."),
        None,
    ),
]
MODELS = [
    ("The single-arm phase 2 ORCHARD-12 trial tests belomertinib in melanoma.", "SINGLE_GROUP"),
    (about("randomized phase 3"), "PARALLEL"),
    (about("phase 2 crossover"), "CROSSOVER"),
    (about("factorial phase 3"), "FACTORIAL"),
    ("The dose-escalation phase 1 ORCHARD-12 trial tests belomertinib in melanoma.", "SEQUENTIAL"),
    ("The phase 2 ORCHARD-12 trial tests belomertinib in melanoma.", None),
]
MULTICENTER = [
    (about("multicenter phase 3"), True),
    (about("multicentre phase 3"), True),
    ("The phase 3 ORCHARD-12 trial of belomertinib was run at 87 sites.", True),
    (about("phase 3"), None),
]
INTERNATIONAL = [
    (about("global phase 3"), True),
    (about("multinational phase 3"), True),
    (about("international phase 3"), True),
    ("The phase 3 ORCHARD-12 trial of belomertinib was run at 87 sites in 14 countries.", True),
    (about("phase 3"), None),
    ("The phase 3 ORCHARD-12 trial tests belomertinib in melanoma, a global health problem.", None),
]
REGISTRATIONAL = [
    (about("registrational phase 3"), True),
    (about("pivotal phase 3"), True),
    (about("phase 3"), None),
    ("The phase 3 ORCHARD-12 trial of belomertinib was a pivotal moment for the company.", None),
]
CONDITIONS = [
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in patients with advanced melanoma.",
        ["advanced melanoma"],
    ),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in advanced hepatocellular carcinoma (HCC).",
        ["advanced hepatocellular carcinoma"],
    ),
    (
        (
            "The phase 3 ORCHARD-12 trial tests belomertinib for the treatment of metastatic "
            "non–small cell lung cancer (NSCLC)."
        ),
        ["metastatic non-small cell lung cancer"],
    ),
    ("The phase 3 ORCHARD-12 trial tests belomertinib in adults with type 2 diabetes.", ["type 2 diabetes"]),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in stage III colon cancer.",
        ["stage III colon cancer"],
    ),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in resectable gastric cancer.",
        ["resectable gastric cancer"],
    ),
    ("The phase 3 ORCHARD-12 trial of belomertinib met its primary endpoint.", []),
]
BIOMARKERS = [
    ("The phase 3 ORCHARD-12 trial tests belomertinib in HER2-positive breast cancer.", ["HER2-positive"]),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in patients with BRAF V600E-mutated melanoma.",
        ["BRAF V600E"],
    ),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in gastric cancer with a PD-L1 CPS ≥1.",
        ["PD-L1 CPS ≥1"],
    ),
    ("The phase 3 ORCHARD-12 trial tests belomertinib in melanoma.", []),
]
SETTINGS = [
    ("The phase 3 ORCHARD-12 trial tests belomertinib as first-line treatment of melanoma.", ["FIRST_LINE"]),
    ("The phase 3 ORCHARD-12 trial tests belomertinib in previously untreated melanoma.", ["FIRST_LINE"]),
    ("The phase 3 ORCHARD-12 trial tests frontline belomertinib in melanoma.", ["FIRST_LINE"]),
    ("The phase 3 ORCHARD-12 trial tests second-line belomertinib in melanoma.", ["SECOND_LINE"]),
    (
        ("The phase 3 ORCHARD-12 trial tests belomertinib in melanoma after at least 2 prior lines of therapy."),
        ["THIRD_LINE_OR_LATER"],
    ),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in relapsed or refractory multiple myeloma.",
        ["RELAPSED_REFRACTORY"],
    ),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in previously treated melanoma.",
        ["RELAPSED_REFRACTORY"],
    ),
    (
        ("The phase 3 ORCHARD-12 trial tests belomertinib in melanoma after at least one prior line of therapy."),
        ["RELAPSED_REFRACTORY"],
    ),
    ("The phase 3 ORCHARD-12 trial tests adjuvant belomertinib in melanoma.", ["ADJUVANT"]),
    ("The phase 3 ORCHARD-12 trial tests neoadjuvant belomertinib in melanoma.", ["NEOADJUVANT"]),
    ("The phase 3 ORCHARD-12 trial tests perioperative belomertinib in melanoma.", ["PERIOPERATIVE"]),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib as maintenance therapy in ovarian cancer.",
        ["MAINTENANCE"],
    ),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib as consolidation therapy in lung cancer.",
        ["CONSOLIDATION"],
    ),
    ("The phase 3 ORCHARD-12 trial tests the vaccine for the prevention of influenza.", ["PREVENTION"]),
    ("The phase 3 ORCHARD-12 trial tests belomertinib in melanoma.", []),
]
PRIOR = [
    (
        (
            "The phase 3 ORCHARD-12 trial tests belomertinib in patients who progressed on a CDK4/6 inhibitor and an "
            "aromatase inhibitor."
        ),
        ["CDK4/6 inhibitor", "aromatase inhibitor"],
    ),
    (
        (
            "The phase 3 ORCHARD-12 trial tests belomertinib in patients previously treated with gemcitabine-based "
            "chemotherapy."
        ),
        ["gemcitabine-based chemotherapy"],
    ),
    (
        (
            "The phase 3 ORCHARD-12 trial tests belomertinib. Its target may drive disease progression on single-agent "
            "immune checkpoint inhibitors."
        ),
        [],
    ),
    (
        ("The phase 3 ORCHARD-12 trial tests belomertinib in melanoma previously treated with a PD-1 inhibitor."),
        ["PD-1 inhibitor"],
    ),
    (
        "The phase 3 ORCHARD-12 trial tests belomertinib in melanoma that progressed after pembrolizumab.",
        ["pembrolizumab"],
    ),
    (
        (
            "The phase 3 ORCHARD-12 trial tests belomertinib in patients with melanoma who had "
            "received platinum-based chemotherapy."
        ),
        ["platinum-based chemotherapy"],
    ),
    (
        ("The phase 3 ORCHARD-12 trial compares belomertinib with pembrolizumab in previously untreated melanoma."),
        [],
    ),
]
ENROLLMENTS = [
    ("The phase 3 ORCHARD-12 trial took in 412 patients with melanoma.", (412, "ACTUAL")),
    ("In the phase 3 ORCHARD-12 trial, 412 patients randomized to belomertinib or placebo.", (412, "ACTUAL")),
    ("The phase 3 ORCHARD-12 trial enrolled 412 patients with melanoma.", (412, "ACTUAL")),
    (
        "In the phase 3 ORCHARD-12 trial, 1,083 patients were randomized to belomertinib or placebo.",
        (1083, "ACTUAL"),
    ),
    (
        "The phase 3 ORCHARD-12 trial randomly assigned 412 patients to belomertinib or placebo.",
        (412, "ACTUAL"),
    ),
    ("The phase 3 ORCHARD-12 trial will enroll about 600 patients with melanoma.", (600, "ESTIMATED")),
    ("The phase 3 ORCHARD-12 trial is expected to enroll approximately 600 patients.", (600, "ESTIMATED")),
    ("The phase 3 ORCHARD-12 trial plans to enroll up to 600 patients with melanoma.", (600, "ESTIMATED")),
    ("In the phase 3 ORCHARD-12 trial, 7 patients on belomertinib died.", (None, None)),
    (
        "In the phase 3 ORCHARD-12 trial, the ORR was 41.2% among 120 patients with PD-L1 CPS ≥10.",
        (None, None),
    ),
    ("In the phase 3 ORCHARD-12 trial, 512 patients were screened.", (None, None)),
]
RANKS = [
    (
        "The primary endpoint of the phase 3 ORCHARD-12 trial of belomertinib is overall survival.",
        [("OS", "PRIMARY")],
    ),
    (
        "The phase 3 ORCHARD-12 trial of belomertinib has progression-free survival as its primary endpoint.",
        [("PFS", "PRIMARY")],
    ),
    (
        "The coprimary endpoints of the phase 3 ORCHARD-12 trial of belomertinib are PFS and OS.",
        [("OS", "PRIMARY"), ("PFS", "PRIMARY")],
    ),
    (
        (
            "The phase 3 ORCHARD-12 trial of belomertinib has PFS as its primary endpoint. "
            "Secondary endpoints include OS and ORR."
        ),
        [("ORR", "SECONDARY"), ("OS", "SECONDARY"), ("PFS", "PRIMARY")],
    ),
    (
        "The key secondary endpoint of the phase 3 ORCHARD-12 trial of belomertinib was OS.",
        [("OS", "SECONDARY")],
    ),
    (
        "Exploratory endpoints of the phase 3 ORCHARD-12 trial of belomertinib include PFS2.",
        [("PFS2", "OTHER")],
    ),
    ("In the phase 3 ORCHARD-12 trial of belomertinib, median OS was 30.4 months.", []),
    ("The phase 3 ORCHARD-12 trial of belomertinib met its primary endpoint. Median OS was 30.4 months.", []),
]
VENUES = [
    (
        "Data from the phase 3 ORCHARD-12 trial of belomertinib were presented at the ESMO Congress 2023.",
        ["ESMO Congress 2023"],
    ),
    (
        "Data from the phase 3 ORCHARD-12 trial of belomertinib were presented at the 2023 ESMO Congress.",
        ["ESMO Congress 2023"],
    ),
    (
        "Results of the phase 3 ORCHARD-12 trial of belomertinib were published in The Lancet Oncology.",
        ["The Lancet Oncology"],
    ),
    ("The phase 3 ORCHARD-12 trial of belomertinib met its primary endpoint.", []),
]
SPONSORS = [
    (
        "The phase 3 ORCHARD-12 trial of belomertinib, backed by Pfizer, Novartis and Roche, has begun.",
        ["Pfizer", "Novartis", "Roche"],
    ),
    ("The phase 3 ORCHARD-12 trial was carried out in 28 countries by Novo Nordisk.", ["Novo Nordisk"]),
    (
        "Example Therapeutics announced results of its phase 3 ORCHARD-12 trial of belomertinib.",
        ["Example Therapeutics"],
    ),
    ("The phase 3 ORCHARD-12 trial of belomertinib is sponsored by Pfizer.", ["Pfizer"]),
    (
        (
            "Example Therapeutics, Inc. today announced that the phase 3 ORCHARD-12 trial of "
            "belomertinib met its endpoint."
        ),
        ["Example Therapeutics"],
    ),
    ("Results of the phase 3 ORCHARD-12 trial of belomertinib were shown at the ESMO Congress 2023.", []),
    ("The FDA reviewed the phase 3 ORCHARD-12 trial of belomertinib.", []),
]
TABLES: dict[str, list[tuple[str, Any]]] = {
    "phases": PHASES,
    "status": STATUSES,
    "allocation": ALLOCATIONS,
    "masking": MASKINGS,
    "intervention_model": MODELS,
    "multicenter": MULTICENTER,
    "international": INTERNATIONAL,
    "registrational": REGISTRATIONAL,
    "conditions": CONDITIONS,
    "biomarkers": BIOMARKERS,
    "settings": SETTINGS,
    "prior_therapies": PRIOR,
    "presented_at": VENUES,
    "sponsors": SPONSORS,
}


@pytest.mark.parametrize(
    ("sentence", "field", "expected"),
    cases((sentence, field, expected) for field, rows in TABLES.items() for sentence, expected in rows),
)
def test_attributes(sentence: str, field: str, expected: Any) -> None:
    assert attribute(sentence, field) == expected


@pytest.mark.parametrize(("sentence", "expected"), cases(ENROLLMENTS))
def test_enrollment(sentence: str, expected: tuple[int | None, str | None]) -> None:
    assert (attribute(sentence, "enrollment"), attribute(sentence, "enrollment_type")) == expected


@pytest.mark.parametrize(("sentence", "expected"), cases(RANKS))
def test_declared_endpoints(sentence: str, expected: list[tuple[str, str]]) -> None:
    found = attribute(sentence, "endpoints")
    assert sorted((item["endpoint"], item["rank"]) for item in found) == expected
