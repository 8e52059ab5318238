"""Whatever the typography, a printed estimate reads back as exactly the same numbers."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.pipeline import summarize
from summarizer.schemas import Statistic
from tests.support.articles import Estimate, articles, printed_estimates
from tests.support.leaves import numbers_in
from tests.support.rows import COMPARED, all_rows

SLOW = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(printed_estimates())
def test_a_ratio_reads_back_as_the_same_numbers(pair: tuple[Estimate, str]) -> None:
    estimate, printed = pair
    (row,) = all_rows(summarize(f"{COMPARED}Progression-free survival was longer with belomertinib {printed}."))
    assert row.statistic is Statistic.HAZARD_RATIO
    assert (row.value, row.ci_low, row.ci_high) == (
        float(estimate.value),
        float(estimate.low),
        float(estimate.high),
    )
    assert row.ci_level == float(estimate.level)
    assert row.p_value == (estimate.relation + estimate.p).lstrip("=")


@SLOW
@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from([".", "·"]))
def test_medians_read_back(first: int, second: int, point: str) -> None:
    printed = [f"{tenths / 10:.1f}".replace(".", point) for tenths in (first, second)]
    text = f"{COMPARED}Median PFS was {printed[0]} months with belomertinib vs {printed[1]} months with placebo."
    assert [(row.value, row.arm) for row in all_rows(summarize(text))] == [
        (first / 10, "belomertinib"),
        (second / 10, "placebo"),
    ]


@SLOW
@given(st.integers(1, 2000).flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))))
def test_counts_read_back(counts: tuple[int, int]) -> None:
    part, size = counts
    percent = f"{100 * part / size:.1f}"
    text = f"{COMPARED}Objective responses were seen in {part:,} of {size:,} patients ({percent}%)."
    (row,) = all_rows(summarize(text))
    assert (row.value, row.numerator, row.denominator) == (float(percent), part, size)


@SLOW
@given(articles())
def test_no_number_of_a_result_is_absent_from_the_text(text: str) -> None:
    printed = numbers_in(text)
    for row in all_rows(summarize(text)):
        for number in (row.value, row.ci_low, row.ci_high, row.ci_level, row.numerator, row.denominator):
            assert number is None or abs(number) in printed
        if row.p_value is not None:
            assert float(row.p_value.lstrip("<>≤≥=")) in printed


@SLOW
@given(articles())
def test_the_value_is_the_number_that_its_own_words_print(text: str) -> None:
    for row in all_rows(summarize(text)):
        if row.value is not None:
            assert row.value_text is not None
            assert row.value_text in text
            assert abs(row.value) in numbers_in(row.value_text)
