"""The damage benchmark: what it does to articles, what it holds to be true of them, and that it can fail."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evals.benchmarks.trust.damage.judge import Fate, judge
from evals.benchmarks.trust.damage.scrapers import Damaged, Deed, damage
from evals.benchmarks.trust.damage.section import measure
from evals.benchmarks.trust.damage.traces import HOLE, STOPS_SHORT, TWO_SPACES, after_hole, before_cut
from evals.benchmarks.trust.damage.truth import KnownRow, can_be_told, find_truth, survives
from evals.benchmarks.trust.material import Material, Specimen, load_material
from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan


@pytest.fixture(scope="module")
def material() -> Material:
    return load_material(limit=40)


@pytest.fixture(scope="module")
def specimen(material: Material) -> Specimen:
    """An article on three trials."""
    return next(each for each in material.clean if len(each.gold.trials) == 3 and each.gold.trials[2].results)


@pytest.fixture(scope="module")
def damages(material: Material, specimen: Specimen) -> Sequence[Damaged]:
    return list(damage(specimen, material.chance("test")))


def test_every_deed_but_the_passage_leaves_the_text_as_it_was(specimen: Specimen, damages: Sequence[Damaged]) -> None:
    clean = specimen.article.text
    for each in damages:
        for offset, character in enumerate(each.text):
            origin = each.to_clean(offset)
            if origin is None:
                assert character == "\n"
            else:
                assert clean[origin] == character
                assert each.to_damaged(origin) == offset


def test_what_was_removed_is_gone(damages: Sequence[Damaged]) -> None:
    assert all(each.to_damaged(each.removed.start) is None for each in damages if each.removed.end > each.removed.start)


def test_traces_lie_in_the_damaged_text(damages: Sequence[Damaged]) -> None:
    for each in damages:
        for trace in each.traces:
            assert trace.span.of(each.text).strip()


def test_the_same_seed_damages_in_the_same_way(material: Material, specimen: Specimen) -> None:
    first, second = (list(damage(specimen, material.chance("test"))) for _ in range(2))
    assert [each.text for each in first] == [each.text for each in second]
    assert [each.text for each in damage(specimen, material.chance("other"))] != [each.text for each in first]


def test_each_sentence_of_prose_is_cut(specimen: Specimen, damages: Sequence[Damaged]) -> None:
    sentences = {specimen.reading.sentence_at(each.removed.start) for each in damages if each.deed is Deed.SENTENCE_CUT}
    assert len(sentences) >= 10


@pytest.mark.parametrize("deed", [Deed.SENTENCE_DROPPED, Deed.PARAGRAPH_DROPPED])
def test_what_is_dropped_whole_leaves_no_trace(damages: Sequence[Damaged], deed: Deed) -> None:
    assert not any(each.shows for each in damages if each.deed is deed)


@pytest.mark.parametrize(
    ("text", "link", "how"),
    [
        ("The data were presented at the congress of the society.", "congress of the society", HOLE),
        ("In patients with melanoma, the rate was 5%.", "melanoma", HOLE),
        ("The trial (NCT01234567) enrolled 40 patients.", "NCT01234567", HOLE),
        ("The pivotal trial enrolled 40 patients.", "pivotal", TWO_SPACES),
    ],
)
def test_a_hole_shows_where_words_cannot_stand_together(text: str, link: str, how: str) -> None:
    place = TextSpan(text.index(link), text.index(link) + len(link))
    assert after_hole(text, TextSpan(0, len(text)), place, TextSpan(0, len(text) - len(link))).how == how


def test_a_cut_shows_at_a_preposition_and_may_pass_for_a_heading_without_one() -> None:
    cut = frozenset({TruncationKind.CUT_SENTENCE})
    short = before_cut("Data presented at the", TextSpan(0, 21), cut, has_company=False)
    heading = before_cut("What the data show", TextSpan(0, 18), cut, has_company=False)
    assert (short.how, short.is_plain, heading.is_plain) == (STOPS_SHORT, True, False)


def _row(specimen: Specimen, *, is_last: bool) -> KnownRow:
    rows = sorted(find_truth(specimen).rows, key=lambda row: row.value)
    return rows[-1 if is_last else 0]


def _without(specimen: Specimen, start: int, end: int) -> Damaged:
    text = specimen.article.text
    return Damaged(specimen, Deed.SENTENCE_DROPPED, text[:start] + text[end:], TextSpan(start, end), 0, ())


def test_a_result_can_be_told_until_its_tie_is_cut(specimen: Specimen) -> None:
    truth, row = find_truth(specimen), _row(specimen, is_last=True)
    name = max(span for span, trial in truth.names if trial == row.trial and span.start < row.value.start)
    untouched = _without(specimen, len(specimen.article.text) - 1, len(specimen.article.text))
    assert can_be_told(truth, untouched, row)
    nameless = _without(specimen, name.start, name.end)
    assert survives(nameless, row)
    assert not can_be_told(truth, nameless, row)


def test_a_result_that_was_cut_away_does_not_survive(specimen: Specimen) -> None:
    row = _row(specimen, is_last=False)
    assert not survives(_without(specimen, row.value.start, row.value.end), row)


def test_results_of_an_undamaged_article_keep_their_trials(specimen: Specimen) -> None:
    untouched = _without(specimen, len(specimen.article.text), len(specimen.article.text))
    verdict = judge(untouched, find_truth(specimen))
    assert len(verdict.fates) > 20
    assert {fate for _, _, fate in verdict.fates} == {Fate.KEPT}
    assert verdict.reported == []


def test_a_result_on_the_wrong_trial_is_seen(specimen: Specimen) -> None:
    """Judge by a truth that says otherwise of one result: it must come out as misplaced."""
    truth = find_truth(specimen)
    wrong = next(row for row in truth.rows if row.trial == 0)
    others = tuple(row for row in truth.rows if row is not wrong)
    false = KnownRow(wrong.row, 1, wrong.value, wrong.sentence, is_right_when_clean=True)
    altered = type(truth)((*others, false), truth.names, truth.designators, truth.unlabelled, truth.sentence_ends)
    untouched = _without(specimen, len(specimen.article.text), len(specimen.article.text))
    assert [row for row, _, fate in judge(untouched, altered).fates if fate is Fate.MISPLACED] == [false]


def test_the_section_reports_every_measure(material: Material) -> None:
    figures = measure(material)
    titles = [table.title for table in figures.tables]
    assert "Results given to another trial" in titles
    assert "Results needlessly given to none" in titles
    assert figures.tables[0].rows[-1].of == 40
    assert all(row.hits <= row.of for table in figures.tables for row in table.rows)
