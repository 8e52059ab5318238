"""The benchmark of the statistical checks: its own figures are right, and it can fail."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from evals.benchmarks.trust.material import Material, load_material
from evals.benchmarks.trust.sections import run_section
from evals.benchmarks.trust.statistics.articles import like, plant_in_articles
from evals.benchmarks.trust.statistics.planted import Kind, Planted, Source, judge
from evals.benchmarks.trust.statistics.sizes import disagreement
from evals.benchmarks.trust.statistics.trials import Curves, simulate_survival


@pytest.fixture(scope="module")
def material() -> Material:
    return load_material(limit=12)


def test_every_table_counts_something(material: Material) -> None:
    figures = run_section("statistics", material)
    assert figures.tables
    assert all(sum(row.of for row in table.rows) > 0 for table in figures.tables)


def test_a_run_can_be_repeated(material: Material) -> None:
    assert plant_in_articles(material) == plant_in_articles(material)


def test_planted_text_differs_from_the_article_only_where_said(material: Material) -> None:
    texts = {specimen.name: specimen.article.text for specimen in material.specimens}
    for item in plant_in_articles(material):
        original = texts[item.words.partition(":")[0]]
        assert item.text != original
        assert sum(a != b for a, b in zip(item.text, original, strict=False)) > 0


def test_a_true_report_counts_as_missed() -> None:
    text = (
        "The phase 3 ORCHARD-12 trial compared belomertinib with placebo. OS was longer (HR, 0.62; 95% CI, 0.50-0.77)."
    )
    item = Planted(Kind.MOVED, "none", True, Source.WRITTEN, text, text.index("0.62"), "nothing is wrong")
    assert [outcome.is_found for outcome in judge([item])] == [False]


@pytest.mark.parametrize(
    ("printed", "number", "expected"),
    [("0.62", 1.613, "1.61"), ("0\u00b762", 1.613, "1\u00b761"), (".62", 0.4, ".40"), ("\u22129.1", -4.0, "\u22124.0")],
)
def test_numbers_are_printed_like_their_neighbours(printed: str, number: float, expected: str) -> None:
    assert like(printed, number) == expected


@pytest.mark.parametrize(
    ("low", "high", "claim", "is_gross"),
    [
        (0.50, 0.77, "<.001", None),
        (0.50, 0.77, "=.45", True),
        (0.40, 0.96, "<.001", False),
        (0.30, 1.28, "<.001", True),
    ],
)
def test_sizes_of_disagreement(low: float, high: float, claim: str, *, is_gross: bool | None) -> None:
    found = disagreement(0.62, low, high, 95, claim, logs=True)
    assert (None if found is None else found.is_gross) == is_gross


def test_simulated_intervals_cover_the_truth_and_agree_with_their_test() -> None:
    chance = np.random.default_rng(3)
    for _ in range(50):
        effect = simulate_survival(chance, Curves.PROPORTIONAL, 95.0).plain
        assert effect.low < effect.estimate < effect.high
        error = math.log(effect.high / effect.low) / (2 * 1.959964)
        wald = 2 * float(stats.norm.sf(abs(math.log(effect.estimate)) / error))
        assert wald == pytest.approx(effect.p, abs=0.05)
