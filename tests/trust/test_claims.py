"""The claims of the benchmark are false or harmless as they say, and are counted honestly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from evals.benchmarks.trust.claims.altered import IDS, LINKS, NUMBERS, WORDS, altered_claims
from evals.benchmarks.trust.claims.claim import Claim, leaves_of
from evals.benchmarks.trust.claims.judges import OwnJudge
from evals.benchmarks.trust.claims.section import measure
from evals.benchmarks.trust.claims.truth import row_is_true
from evals.benchmarks.trust.claims.variants import harmless_claims
from evals.benchmarks.trust.figures import NONE, Bound, Share, Target
from evals.benchmarks.trust.material import Material, load_material
from summarizer.evaluation.cases import find_builtin_cases
from summarizer.evaluation.normalise import number_key


@pytest.fixture(scope="module")
def material() -> Material:
    """Every seventh case."""
    whole = load_material()
    return replace(whole, specimens=whole.specimens[::7])


@pytest.fixture(scope="module")
def altered(material: Material) -> list[tuple[str, Claim]]:
    return list(altered_claims(material))


def test_every_grounded_leaf_is_taken(material: Material) -> None:
    for specimen in material.specimens:
        taken = {leaf.pointer for leaf in leaves_of(specimen)}
        grounded = {key for key in specimen.summary.evidence if not key.startswith("/truncations/")}
        assert taken == grounded


def test_there_are_many_claims_of_every_group(altered: list[tuple[str, Claim]]) -> None:
    counts = Counter(group for group, _ in altered)
    assert counts[NUMBERS] > 1000
    assert counts[LINKS] > 500
    assert counts[IDS] > 50
    assert counts[WORDS] > 100


def test_no_altered_number_or_id_is_accepted(altered: list[tuple[str, Claim]]) -> None:
    judge = OwnJudge()
    wrong = [claim.says for group, claim in altered if group in {NUMBERS, IDS} and judge.accepts(claim)]
    assert wrong == []


def test_hardly_any_altered_link_is_accepted(altered: list[tuple[str, Claim]]) -> None:
    judge = OwnJudge()
    links = [claim for group, claim in altered if group in {LINKS, WORDS}]
    accepted = [claim.says for claim in links if judge.accepts(claim)]
    assert len(accepted) <= 0.005 * len(links), accepted


def test_harmless_variants_are_accepted(material: Material) -> None:
    judge = OwnJudge()
    variants = list(harmless_claims(material))
    turned_away = [claim.says for claim in variants if not judge.accepts(claim)]
    assert len(variants) > 1000
    assert len({claim.kind for claim in variants}) > 25
    assert len(turned_away) <= 0.005 * len(variants), turned_away


def test_a_claim_that_happens_to_be_true_is_left_out(material: Material) -> None:
    leaf = next(
        leaf
        for specimen in material.specimens
        for leaf in leaves_of(specimen)
        if leaf.field == "value"
        and any(
            number_key(row.value) == number_key(leaf.value) and row.statistic == leaf.row.statistic
            for trial in specimen.gold.trials
            for row in trial.results
            if row.value is not None and leaf.row is not None and row.endpoint == leaf.row.endpoint
        )
    )
    assert row_is_true(leaf, {"value": leaf.value})
    assert not row_is_true(leaf, {"value": leaf.value + 1000})


def test_the_same_seed_makes_the_same_claims(material: Material, altered: list[tuple[str, Claim]]) -> None:
    again = [claim.says for _, claim in altered_claims(replace(material, specimens=material.specimens[:2]))]
    assert again == [claim.says for _, claim in altered][: len(again)]


def test_what_was_accepted_is_listed(material: Material) -> None:
    """A judge that lets one kind pass is found out: the figures are counted, not written."""

    class Credulous(OwnJudge):
        def accepts(self, claim: Claim) -> bool:
            return claim.kind == "one digit changed" or super().accepts(claim)

    judge = Credulous()
    few = replace(material, specimens=material.specimens[:1])
    claims = [claim for _, claim in altered_claims(few) if claim.kind == "one digit changed"]
    assert claims
    assert all(judge.accepts(claim) for claim in claims)
    assert not any(OwnJudge().accepts(claim) for claim in claims)


def test_the_figures_say_whether_the_targets_were_reached(material: Material) -> None:
    figures = measure(replace(material, specimens=material.specimens[:2]))
    numbers = next(table for table in figures.tables if table.title == "Accepted: altered numbers")
    assert all(row.is_met and row.of for row in numbers.rows)
    assert {row.name for _, row in figures.missed} <= {row.name for table in figures.tables for row in table.rows}
    titles = [table.title for table in figures.tables]
    assert titles[-2:] == ["Harmless variants accepted", "Hand-labelled values accepted"]
    labelled = figures.tables[-1].rows[-1]
    assert 0.5 < labelled.share < 1, "hand-labelled values are neither all believed nor all turned away"


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [  # tabled exact limits: Clopper and Pearson; the rule of three for 0 of n
        (Share("", 0, 10), 0.0, 0.3085),
        (Share("", 10, 10), 0.6915, 1.0),
        (Share("", 5, 10), 0.1871, 0.8129),
        (Share("", 0, 0), 0.0, 1.0),
    ],
)
def test_intervals_are_exact(share: Share, low: float, high: float) -> None:
    assert share.interval() == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("share", "is_met"),
    [
        (Share("", 0, 100, NONE), True),
        (Share("", 1, 100_000, NONE), False),
        (Share("", 0, 0, NONE), False),
        (Share("", 995, 1000, Target(Bound.AT_LEAST, 0.995)), True),
        (Share("", 994, 1000, Target(Bound.AT_LEAST, 0.995)), False),
    ],
)
def test_a_target_is_met_by_what_was_tried(share: Share, is_met: bool) -> None:
    assert share.is_met is is_met


def test_the_built_in_cases_are_the_material() -> None:
    names = {folder.name for folder in find_builtin_cases().iterdir() if folder.is_dir()}
    assert {specimen.name for specimen in load_material().specimens} == names
