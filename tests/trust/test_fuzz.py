"""Random input breaks nothing; what the benchmark's section `fuzz` measures at length, in short, and its parts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.benchmarks.trust.fuzz import dense
from evals.benchmarks.trust.fuzz import section as fuzz
from evals.benchmarks.trust.fuzz.inputs import Inputs
from evals.benchmarks.trust.fuzz.invariants import breaches_of_article, breaches_of_reading, breaches_of_summary
from evals.benchmarks.trust.fuzz.mutations import FIELD_TOKENS, HOSTILE_TOKENS, LONGEST, Mutator
from evals.benchmarks.trust.fuzz.targets import SUFFIXES, Targets, as_text
from evals.benchmarks.trust.material import Material, load_material
from summarizer.article import Article
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.loading import article_from_text
from summarizer.pipeline import summarize, summarize_article
from summarizer.reading.reader import read
from summarizer.schemas import Summary
from tests.support.articles import articles

# Chance that can be repeated, not secret.
seeded = random.Random
SLOW = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
TEXT = (
    "In the phase 3 ORCHARD-12 trial, 240 patients were randomized. Median OS was 13.3 months with belomertinib vs "
    "8.2 months with placebo (HR, 0.62; 95% CI, 0.50-0.77; P <.001)."
)


@pytest.fixture(scope="module")
def material() -> Material:
    found = load_material(limit=2)
    return Material(found.specimens[:4], found.seed, 2)


@pytest.fixture(scope="module")
def targets(material: Material) -> Targets:
    return Targets(tuple(specimen.article for specimen in material.specimens)).prepared()


@pytest.mark.parametrize("name", sorted(fuzz.EXECUTIONS))
def test_mutated_cases_break_no_target(name: str, targets: Targets, material: Material) -> None:
    texts = [specimen.article.text for specimen in material.specimens]
    records = [specimen.gold.model_dump_json() for specimen in material.specimens]
    tally = fuzz.Tally()
    made = Inputs(seeded(7), texts, records).of(name)
    for _ in range(60):
        tally.add(next(made), targets.by_name()[name])
    assert (tally.executions, tally.crashes, tally.breaches) == (60, 0, 0), tally.examples


@SLOW
@given(st.binary(max_size=400))
def test_any_bytes_break_no_target(targets: Targets, data: bytes) -> None:
    for name, run in targets.by_name().items():
        if name != "grounder":
            assert run(data) == [], name


TOKENS = st.lists(
    st.sampled_from((*FIELD_TOKENS, *HOSTILE_TOKENS, "13.3", "8.2", "0.62", "LD ", "A'", "&")), max_size=25
)


@SLOW
@given(articles(), TOKENS, st.sampled_from(("", " ", "\n")), st.randoms(use_true_random=False))
def test_words_of_the_field_in_any_order_break_no_invariant(
    text: str, tokens: list[str], glue: str, chance: random.Random
) -> None:
    place = chance.randint(0, len(text))
    whole = text[:place] + glue.join(tokens) + text[place:]
    article = article_from_text(whole.replace("\0", "") + " a")
    assert list(breaches_of_reading(read(article))) == []
    summary = summarize_article(article, RulesExtractor(), reason="test")
    assert list(breaches_of_summary(summary, article.text)) == []


def test_a_number_is_never_read_in_half() -> None:
    """Found by fuzzing: "month 8" of "months 8.9", a trial "LD 17" of "LD 17.5 months"."""
    text = (
        "The phase 3 ORCHARD-12 trial enrolled 240 patients. Median duration of response, months 8.9 [95% CI 7.0 "
        "to 11.1] (n=199) 4.5 [95% CI 3.9 to 5.6]. A 52-week phase 3 trial with LD 17.5 months (95% CI, 11.4-20.1)."
    )
    summary = summarize(text)
    assert list(breaches_of_summary(summary, text)) == []
    results = [result for trial in summary.trials for result in trial.results] + summary.unattributed_results
    assert not [result.timepoint for result in results if result.timepoint == "month 8"]
    assert "LD 17" not in [trial.name for trial in summary.trials]


def test_numbers_that_json_cannot_write_are_no_part_of_a_record() -> None:
    record = summarize(TEXT).model_dump_json()
    assert '"ci_high":0.77' in record
    for number in ("NaN", "Infinity", "-Infinity", "1e999"):
        with pytest.raises(ValueError, match=r"finite|inf"):
            Summary.model_validate_json(record.replace('"ci_high":0.77', f'"ci_high":{number}'))


def test_breaches_are_noticed() -> None:
    """Each invariant, broken by hand: what can't fail proves nothing."""
    summary = summarize(TEXT)
    assert list(breaches_of_summary(summary, TEXT)) == []
    changed = summary.model_copy(deep=True)
    changed.trials[0].results[0].value = 13.4
    found = list(breaches_of_summary(changed, TEXT))
    assert any("13.4 is not in the text" in line for line in found)
    assert any("is not in its own passage" in line for line in found)
    changed = summary.model_copy(deep=True)
    del changed.evidence["/trials/0/name"]
    assert list(breaches_of_summary(changed, TEXT)) == ["/trials/0/name: no evidence"]
    changed = summary.model_copy(deep=True)
    changed.evidence["/trials/0/results/0/value"][0].start += 1
    assert any("a passage is not the text's" in line for line in breaches_of_summary(changed, TEXT))
    changed = summary.model_copy(deep=True)
    changed.evidence["/trials/7/name"] = changed.evidence["/trials/0/name"]
    assert list(breaches_of_summary(changed, TEXT)) == ["/trials/7/name: evidence of nothing"]
    assert list(breaches_of_article(Article("a\r\ud800"))) == [
        "an article with a carriage return, a NUL or a lone surrogate"
    ]


def test_a_tally_counts_crashes_breaches_and_slow_inputs() -> None:
    def crash(data: bytes) -> list[str]:
        raise RuntimeError(data.decode())

    def wait(data: bytes) -> list[str]:
        import time

        started = time.process_time()
        while time.process_time() - started < 0.15:
            pass
        return []

    tally = fuzz.Tally()
    tally.add(b"x", crash)
    tally.add(b"y", lambda data: ["broken"])
    tally.add(b"z", wait)
    assert (tally.executions, tally.crashes, tally.breaches, tally.slow) == (3, 1, 1, 1)
    assert tally.worst >= 1.5
    assert [example.split(" <- ")[0] for example in tally.examples[:2]] == ["RuntimeError: x", "broken"]


def test_a_run_can_be_repeated_and_mutations_are_many(material: Material) -> None:
    texts = [specimen.article.text for specimen in material.specimens]
    one, other = (Mutator(seeded(3), texts) for _ in range(2))
    made = [one.text() for _ in range(200)]
    assert made == [other.text() for _ in range(200)]
    assert len(set(made)) > 150
    assert max(map(len, made)) <= LONGEST
    assert sum(text in texts for text in made) < 10  # a passage may be taken out and found again at its place


def test_files_of_every_ending_are_made(material: Material) -> None:
    inputs = Inputs(seeded(1), [TEXT], [])
    made = inputs.of("loader")
    assert {next(made)[0] for _ in range(200)} == set(range(len(SUFFIXES)))


def test_bytes_become_text_that_python_can_hold() -> None:
    assert as_text(b"a\xff") == "a\udcff"


def test_a_dense_text_is_timed_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < dense.seconds_of("ORR was 41%. " * 800, article_from_text) < 20
    assert dense.seconds_of(" \n" * 5_000, article_from_text) < 1

    def endless(source: str) -> Article:
        while True:
            pass

    monkeypatch.setattr(dense, "PATIENCE", 1)
    assert dense.seconds_of("a", endless) == 1


def test_the_section_counts_what_it_ran(material: Material, tmp_path: Path) -> None:
    figures = fuzz.measure(material)
    assert [table.title.split(":")[0] for table in figures.tables][:3] == [
        "Crashes",
        "Broken invariants",
        "Slower than 1 s a 100 kB",
    ]
    assert [row.of for row in figures.tables[0].rows] == [2] * 6 + [12]
    assert figures.tables[3].rows[-1].of == 6
    assert [row.of for row in figures.tables[4].rows] == [2, 2]
    assert all(row.hits == 0 for row in figures.tables[0].rows), figures.examples
