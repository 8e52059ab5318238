"""Definitions of abbreviations, by the algorithm of Schwartz and Hearst."""

from __future__ import annotations

import pytest

from summarizer.lexicon import expand_abbreviations


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("in overall survival (OS)", "OS", "overall survival"),
        ("the European Society for Medical Oncology (ESMO)", "ESMO", "European Society for Medical Oncology"),
        ("with non–small cell lung cancer (NSCLC)", "NSCLC", "non–small cell lung cancer"),
        ("combined positive score (CPS) ≥5", "CPS", "combined positive score"),
        ("12 months-not estimable [NE]", "NE", "not estimable"),
        ("androgen receptor pathway inhibitors (ARPIs)", "ARPI", "androgen receptor pathway inhibitors"),
        ("overall response rate (ORR, confirmed)", "ORR", "overall response rate"),
        ("HCC (hepatocellular carcinoma) is", "HCC", "hepatocellular carcinoma"),
    ],
)
def test_a_definition_gives_the_long_form_and_its_place(text: str, short: str, long: str) -> None:
    found, start, end = expand_abbreviations(text)[short]
    assert found == long == text[start:end]


@pytest.mark.parametrize(
    "text",
    [
        "prior chemoradiation (PFS HR, 0.55; OS HR, 0.54)",
        "in 37 patients (NCT01234567)",
        "was better (Figure 2)",
        "the antibody (see above)",
        "(ABC) alone",
        "",
    ],
)
def test_other_brackets_define_nothing(text: str) -> None:
    assert expand_abbreviations(text) == {}


def test_the_first_definition_wins() -> None:
    text = "partial response (PR) and progesterone receptor (PR)"
    assert expand_abbreviations(text)["PR"][0] == "partial response"
