"""Conditions: names with their stage, without markers, written out where the article does so."""

from __future__ import annotations

import pytest

from summarizer.lexicon import find_conditions


def names(text: str) -> list[str]:
    return [mention.name for mention in find_conditions(text)]


@pytest.mark.parametrize(
    "name",
    [
        "advanced hepatocellular carcinoma",
        "persistent, recurrent or metastatic endometrial cancer",
        "locally advanced or metastatic non-small cell lung cancer",
        "gastric or gastroesophageal junction adenocarcinoma",
        "type 2 diabetes",
        "heart failure with mildly reduced or preserved ejection fraction",
        "relapsed or refractory multiple myeloma",
        "relapsed/refractory follicular lymphoma",
        "stage II to IIIA melanoma",
        "metastatic castration-resistant prostate cancer",
        "high-risk smoldering multiple myeloma",
        "transplant-ineligible newly diagnosed multiple myeloma",
        "moderate-to-severe plaque psoriasis",
        "moderately to severely active ulcerative colitis",
        "uncontrolled hypertension",
        "early Alzheimer's disease",
        "classical Hodgkin lymphoma",
        "diffuse large B-cell lymphoma",
        "severe hemophilia A without inhibitors",
        "chronic hepatitis B",
        "squamous cell carcinoma of the anal canal",
        "head and neck squamous cell carcinoma",
        "chronic rhinosinusitis with nasal polyps",
        "primary hyperoxaluria type 1",
        "advanced solid tumors",
        "carcinoma in situ",
        "metastatic triple-negative breast cancer",
        "advanced squamous NSCLC",
        "Duchenne muscular dystrophy",
        "lung cancer that has spread",
    ],
)
def test_a_condition_is_found_whole(name: str) -> None:
    text = f"They enrolled adults with {name}."
    (mention,) = find_conditions(text)
    assert mention.text == name
    assert mention.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "HER2-negative, locally advanced or metastatic breast cancer",
            "locally advanced or metastatic breast cancer",
        ),
        ("advanced, HER2-negative gastric cancer", "advanced gastric cancer"),
        ("EGFR-mutated tumours: EGFR-mutant metastatic NSCLC", "metastatic NSCLC"),
        ("PD-1–resistant melanoma", "melanoma"),
        ("untreated metastatic melanoma", "metastatic melanoma"),
        ("Metastatic Pancreatic Cancer", "metastatic pancreatic cancer"),
        ("advanced non–small cell\nlung cancer", "advanced non-small cell lung cancer"),
        ("many breast cancers", "breast cancer"),
        (
            "gastric or gastroesophageal junction (G/GEJ) adenocarcinoma",
            "gastric or gastroesophageal junction adenocarcinoma",
        ),
    ],
)
def test_the_name_is_plain(text: str, name: str) -> None:
    assert names(text)[-1] == name


def test_abbreviations_are_written_out_where_the_article_defines_them() -> None:
    text = "Hepatocellular carcinoma (HCC) is common. Advanced HCC is worse. HCCs grow."
    assert names(text) == [
        "hepatocellular carcinoma",
        "hepatocellular carcinoma",
        "advanced hepatocellular carcinoma",
        "hepatocellular carcinoma",
    ]
    assert names("nonsquamous NSCLC and relapsed AML") == ["nonsquamous NSCLC", "relapsed AML"]
    assert names("axial spondyloarthritis (ax-SpA); active ax-SpA")[-1] == "active axial spondyloarthritis"
    assert names("relapsed or refractory multiple myeloma (RRMM): RRMM patients")[-1] == (
        "relapsed or refractory multiple myeloma"
    )
    assert names("heart failure with preserved ejection fraction (HFpEF). HFpEF")[-1] == (
        "heart failure with preserved ejection fraction"
    )


def test_an_ambiguous_abbreviation_needs_a_definition() -> None:
    assert names("MS and RA and ALL of it") == []
    assert names("multiple sclerosis (MS); relapsing MS")[-1] == "relapsing multiple sclerosis"


@pytest.mark.parametrize(
    ("text", "mesh_id"),
    [
        ("hypertension", "D006973"),
        ("stroke", "D020521"),
        ("asthma", "D001249"),
        ("breast cancer", "D001943"),
        ("type 2 diabetes", "D003924"),
        ("metastatic pancreatic ductal adenocarcinoma", "D021441"),
        ("advanced NSCLC", "D002289"),
        ("advanced solid tumors", None),
    ],
)
def test_the_mesh_id_is_that_of_the_disease(text: str, mesh_id: str | None) -> None:
    (mention,) = find_conditions(text)
    assert mention.mesh_id == mesh_id


@pytest.mark.parametrize(
    "text",
    [
        "Nausea, neutropenia, pain, fatigue, rash, diarrhea, breathlessness and death occurred.",
        "Grade 3 toxicity; serious infections; disease progression; the tumor grew; the cancer came back.",
        "The San Antonio Breast Cancer Symposium and the Lung Cancer Foundation met.",
        "The Kansas City Cardiomyopathy Questionnaire score rose.",
        "Patients without brain metastases did well.",
        "A combined effort with goals, at the day's end.",
        "herpes simplex virus type 1",
        "Don't all need it at v1.2?",
    ],
)
def test_symptoms_general_words_and_institutions_are_no_conditions(text: str) -> None:
    assert names(text) == []
