from __future__ import annotations

import numpy as np
import pytest

from summarizer.evaluation.bootstrap import (
    ComparisonRefusedError,
    IdenticalRunsError,
    Interval,
    Resampler,
    Verdict,
    compare_runs,
    false_alarm_rate,
)
from summarizer.evaluation.tally import Counts


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def make_run(articles: int, seed: int = 3) -> dict[str, Counts]:
    """Articles of very different length and accuracy."""
    generator = rng(seed)
    run = {}
    for index in range(articles):
        leaves, accuracy = int(generator.integers(20, 250)), generator.beta(5, 2)
        right = int(generator.binomial(leaves, accuracy))
        run[f"article {index}"] = Counts(right, (leaves - right) // 2, leaves - right)
    return run


def shift(run: dict[str, Counts], share: float) -> dict[str, Counts]:
    """A run with a share of its right leaves lost, a bit more here and a bit less there."""
    generator = rng(9)
    lost = {name: int(counts.tp * max(0.0, generator.normal(share, share / 4))) for name, counts in run.items()}
    return {name: Counts(each.tp - lost[name], each.fp, each.fn + lost[name]) for name, each in run.items()}


def test_counts_give_precision_recall_and_f1() -> None:
    counts = Counts(6, 2, 4)
    assert counts.precision == pytest.approx(6 / 8)
    assert counts.recall == pytest.approx(6 / 10)
    assert counts.f1 == pytest.approx(12 / 18)
    assert Counts().f1 is Counts().precision is Counts().recall is None
    assert Counts(0, 0, 3).precision is None
    assert Counts(0, 0, 3).f1 == 0.0


def test_an_interval_holds_its_estimate_and_stays_within_bounds() -> None:
    counts = [*make_run(24).values()]
    estimate = Counts(*(sum(column) for column in zip(*counts, strict=True))).f1
    interval = Resampler(24, rng()).f1(counts)
    assert estimate is not None
    assert interval is not None
    assert 0 <= interval.low < estimate < interval.high <= 1


def test_the_same_seed_gives_the_same_interval() -> None:
    counts = [*make_run(12).values()]
    assert Resampler(12, rng(5)).f1(counts) == Resampler(12, rng(5)).f1(counts)
    assert Resampler(12, rng(5)).f1(counts) != Resampler(12, rng(6)).f1(counts)


def test_articles_that_are_all_alike_leave_no_doubt() -> None:
    interval = Resampler(12, rng()).f1([Counts(8, 1, 1)] * 12)
    assert interval is not None
    assert interval.low == pytest.approx(16 / 18)
    assert interval.high == pytest.approx(16 / 18)


def test_fewer_articles_give_a_wider_interval() -> None:
    def width(articles: int) -> float:
        interval = Resampler(articles, rng()).f1([Counts(8, 1, 1), Counts(2, 3, 5)] * (articles // 2))
        assert interval is not None
        return interval.high - interval.low

    assert width(10) > width(40)


def test_whole_articles_are_drawn() -> None:
    # Two articles, one all right and one all wrong: a draw holds two, one or none of the good one.
    interval = Resampler(2, rng()).f1([Counts(100, 0, 0), Counts(0, 100, 100)])
    assert interval == Interval(0.0, 1.0)


def test_one_article_gives_no_interval() -> None:
    resampler = Resampler(3, rng())
    only = [Counts(5, 1, 1), Counts(), Counts()]
    assert resampler.f1(only) is None
    assert resampler.ratio(only, recall=True) is None
    assert resampler.ratio([Counts()] * 3, recall=False) is None


def test_macro_leaves_out_fields_with_nothing_to_score() -> None:
    resampler = Resampler(4, rng())
    assert resampler.macro_f1([[Counts()] * 4]) is None
    interval = resampler.macro_f1([[Counts(1, 0, 0)] * 4, [Counts(0, 1, 1)] * 4, [Counts()] * 4])
    assert interval is not None
    assert interval.low == pytest.approx(0.5)
    assert interval.high == pytest.approx(0.5)


def test_the_95_percent_interval_covers_about_95_percent() -> None:
    population = [*make_run(4000, seed=11).values()]
    truth = Counts(*(sum(column) for column in zip(*population, strict=True))).f1
    assert truth is not None
    generator, held = rng(2), 0
    for _ in range(400):
        drawn = [population[index] for index in generator.integers(0, len(population), size=24)]
        interval = Resampler(24, generator, resamples=400).f1(drawn)
        assert interval is not None
        held += interval.low <= truth <= interval.high
    assert 0.91 <= held / 400 <= 0.99


class TestComparison:
    def test_worse_better_and_cant_tell(self) -> None:
        run = make_run(24)
        assert compare_runs(run, shift(run, 0.1), rng()).verdict is Verdict.WORSE
        assert compare_runs(shift(run, 0.1), run, rng()).verdict is Verdict.BETTER
        other = dict(zip(run, [*run.values()][::-1], strict=True))
        assert compare_runs(run, other, rng()).verdict is Verdict.CANT_TELL

    def test_a_difference_below_the_minimum_effect_does_not_count(self) -> None:
        run = make_run(24)
        comparison = compare_runs(run, shift(run, 0.1), rng(), min_effect=0.5)
        assert comparison.interval.high < 0
        assert comparison.verdict is Verdict.CANT_TELL

    def test_figures(self) -> None:
        run = {str(index): Counts(8, 2, 2) for index in range(12)}
        other = {name: Counts(4 + int(name) % 2, 2, 6 - int(name) % 2) for name in run}
        comparison = compare_runs(run, other, rng())
        assert comparison.baseline == pytest.approx(0.8)
        assert comparison.candidate == pytest.approx(2 * 54 / (2 * 54 + 24 + 66))
        assert comparison.difference == pytest.approx(comparison.candidate - 0.8)
        assert comparison.interval.low <= comparison.difference <= comparison.interval.high
        assert comparison.articles == 12

    def test_pairing_sees_what_two_intervals_would_not(self) -> None:
        run = make_run(24)
        worse = shift(run, 0.06)
        first, second = (Resampler(24, rng()).f1([*each.values()]) for each in (run, worse))
        assert first is not None
        assert second is not None
        assert second.high > first.low
        assert compare_runs(run, worse, rng()).verdict is Verdict.WORSE

    def test_refuses_fewer_than_ten_articles(self) -> None:
        run = make_run(9)
        with pytest.raises(ComparisonRefusedError, match="only 9 articles"):
            compare_runs(run, shift(run, 0.1), rng())

    def test_articles_with_nothing_to_score_do_not_count(self) -> None:
        run = make_run(9) | {f"empty {index}": Counts() for index in range(9)}
        with pytest.raises(ComparisonRefusedError, match="only 9 articles"):
            compare_runs(run, shift(run, 0.1), rng())

    def test_refuses_zero_variance(self) -> None:
        run = {str(index): Counts(8, 2, 2) for index in range(12)}
        with pytest.raises(ComparisonRefusedError, match="zero variance"):
            compare_runs(run, {name: Counts(7, 3, 3) for name in run}, rng())

    def test_refuses_two_identical_runs(self) -> None:
        run = make_run(12)
        with pytest.raises(IdenticalRunsError, match="same in every article"):
            compare_runs(run, dict(run), rng())


class TestFalseAlarms:
    @pytest.mark.parametrize("articles", [10, 24, 41])
    def test_at_most_five_percent(self, articles: int) -> None:
        assert false_alarm_rate(make_run(articles), rng(7), trials=400, min_effect=0.0) <= 0.05

    def test_refuses_too_few_or_equal_articles(self) -> None:
        with pytest.raises(ComparisonRefusedError, match="only 9"):
            false_alarm_rate(make_run(9), rng())
        with pytest.raises(ComparisonRefusedError, match="zero variance"):
            false_alarm_rate({str(index): Counts(5, 1, 1) for index in range(12)}, rng())
