"""Every non-empty leaf has evidence that stands in the text, whatever the article."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.pipeline import summarize
from summarizer.schemas import Summary, Support
from tests.support.articles import articles
from tests.support.leaves import leaves_of, numbers_in, numbers_of

SLOW = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def check_evidence(text: str, summary: Summary) -> None:
    """Leaves and evidence are the same set of pointers, and each span is what it says."""
    leaves = leaves_of(summary)
    assert set(leaves) - set(summary.evidence) == set(), "leaves without evidence"
    assert set(summary.evidence) - set(leaves) == set(), "evidence of nothing"
    for pointer, spans in summary.evidence.items():
        assert spans, pointer
        for span in spans:
            assert 0 <= span.start < span.end <= len(text), pointer
            assert span.text == text[span.start : span.end], pointer
        if any(span.support is Support.NUMBER for span in spans):
            value = leaves[pointer]
            number = float(str(value).lstrip("<>=≤≥"))
            printed = set[float]().union(*(numbers_in(span.text) for span in spans))
            assert abs(number) in printed, (pointer, value, [span.text for span in spans])
        if any(span.support is Support.QUOTED for span in spans) and pointer.endswith("/value_text"):
            assert leaves[pointer] in [span.text for span in spans]


@SLOW
@given(articles())
def test_every_leaf_rests_on_the_text(text: str) -> None:
    check_evidence(text, summarize(text))


@SLOW
@given(articles())
def test_no_number_is_absent_from_the_text(text: str) -> None:
    printed = numbers_in(text)
    absent = {pointer: number for pointer, number in numbers_of(summarize(text)).items() if number not in printed}
    assert absent == {}


@SLOW
@given(
    articles(),
    st.sampled_from(["", "\n", "  \n\n"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)
def test_strange_surroundings_change_no_rule(text: str, before: str, after: str) -> None:
    whole = f"{before}{text}\n\n{after}"
    summary = summarize(whole)
    if summary.source.characters == len(whole):  # loading repaired nothing
        check_evidence(whole, summary)


@SLOW
@given(articles())
def test_a_summary_is_the_same_every_time(text: str) -> None:
    first, second = summarize(text), summarize(text)
    assert first.model_dump(exclude={"run"}) == second.model_dump(exclude={"run"})


@SLOW
@given(articles())
def test_every_sign_of_a_value_stands_in_the_text(text: str) -> None:
    for pointer, value in leaves_of(summarize(text)).items():
        if pointer.endswith(("/value", "/ci_low", "/ci_high")) and value < 0:
            assert any(sign in text for sign in "-–−‑—"), pointer


@pytest.mark.parametrize("text", ["No trial here.", "1", "(", "HR", "P <", "95% CI", "NCT", "|", "...", "A"])
def test_texts_of_almost_nothing(text: str) -> None:
    summary = summarize(text + "\n")
    check_evidence(text + "\n", summary)
    assert summary.unattributed_results == []
    assert all(not trial.results for trial in summary.trials)
