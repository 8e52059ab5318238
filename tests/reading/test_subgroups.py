"""Subsets of patients: only what sets one apart from the others makes a subgroup."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize
from tests.support.rows import COMPARED, all_rows

BOTH = "Patients had BRAF-mutated or BRAF wild-type disease. "


def subgroups_in(text: str) -> list[str | None]:
    return [row.subgroup for row in all_rows(summarize(COMPARED + text))]


SUBSETS = [
    (BOTH + "In BRAF-mutated disease the hazard ratio for death was 0.62.", ["BRAF-mutated"]),
    (
        BOTH + "Median PFS was longer in BRAF-mutated (22.0 months) than in BRAF wild-type disease (12.8 months).",
        ["BRAF-mutated", "BRAF wild-type"],
    ),
    (
        "Median overall survival was 34.0 months in pMMR disease and 48.1 months in dMMR disease.",
        ["pMMR", "dMMR"],
    ),
    ("Among patients with liver metastases, median PFS was 8.4 months.", ["patients with liver metastases"]),
]


@pytest.mark.parametrize(("text", "expected"), SUBSETS)
def test_subsets(text: str, expected: list[str]) -> None:
    assert subgroups_in(text) == expected


NO_SUBSETS = [
    "In BRAF-mutated disease, median PFS was 13.3 months.",  # everybody enrolled, as far as the text says
    "Little to separate the groups: adverse events occurred in 64% of patients.",
    "The effect lasted: at month 24 the overall survival rate was 61%.",
]


@pytest.mark.parametrize("text", NO_SUBSETS)
def test_what_is_said_of_everybody_is_no_subset(text: str) -> None:
    assert subgroups_in(text) == [None]
