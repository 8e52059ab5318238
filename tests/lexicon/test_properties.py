"""What holds on any text: exact spans, order, no overlap, cost that grows with the length."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.lexicon import expand_abbreviations, find_conditions, find_drugs, local_names
from summarizer.lexicon.abbreviations import _expand
from summarizer.lexicon.tokens import split_words

FRAGMENTS = st.sampled_from(
    [
        *"pembrolizumab Keytruda plovetamab (XY104) XY104 XY104-302 AMG 757 vedotin -dlnk insulin".split(),
        *"glargine FOLFOX PD-1 inhibitor chemotherapy placebo HCC (HCC) or and".split(),
        *"hepatocellular carcinoma advanced metastatic stage IIIB non–small cell lung".split(),
        *"cancer gastric (G/GEJ) with of the".split(),
        *"HER2-negative İ ß ﬁ é e\u0301 &lt; ® ( ) [ , . - – / 5 7+3 （ＸＹ）".split(),
        *"\U0001f600 type 2 diabetes".split(),
        *("\n", "\n\n", "\u00a0", " "),
    ]
)
TEXTS = st.one_of(
    st.lists(FRAGMENTS, max_size=40).map(" ".join),
    st.lists(FRAGMENTS, max_size=40).map("".join),
    st.text(max_size=200),
)


@settings(max_examples=300)
@given(TEXTS)
def test_spans_are_exact_sorted_and_apart(text: str) -> None:
    for mentions in (find_drugs(text), find_conditions(text)):
        reach = 0
        for mention in mentions:
            assert reach <= mention.start < mention.end <= len(text)
            assert mention.text == text[mention.start : mention.end]
            reach = mention.end
    assert all(mention.name and "  " not in mention.name for mention in find_conditions(text))
    assert all(mention.generic for mention in find_drugs(text))


@settings(max_examples=200)
@given(TEXTS)
def test_definitions_stand_in_the_text(text: str) -> None:
    for short, (long, start, end) in expand_abbreviations(text).items():
        assert long == text[start:end]
        assert short
    assert all(alias and generic for alias, generic in local_names(text).items())


@given(TEXTS, TEXTS)
def test_what_stands_before_a_blank_line_keeps_its_spans(first: str, second: str) -> None:
    alone = [(m.start, m.end) for m in find_conditions(first) if m.mesh_id]
    assert alone == [(m.start, m.end) for m in find_conditions(first + "\n\n") if m.mesh_id]
    split_words(second)


def steps(function: Callable[[str], object], text: str) -> int:
    """Number of calls that the interpreter makes: a measure of cost that no busy machine disturbs."""
    count = 0

    def see(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    split_words.cache_clear()
    _expand.cache_clear()
    sys.setprofile(see)
    try:
        function(text)
    finally:
        sys.setprofile(None)
    return count


HOSTILE = [
    "insulin ",
    "insulin-",
    "chemotherapy (",
    "(((((",
    "pembrolizumab (AB-101) ",
    "cancer or ",
    "advanced or metastatic ",
    "head and neck ",
    "lung ",
    "PD-1/PD-L1-",
    "A" * 40,
    "HCC (HCC) ",
    "non-small cell ",
    "AB-101 ",
    "type 2 ",
    "mab",
    "of the ",
    "\n",
    "İ",
    "hepatocellular carcinoma (HCC) ",
]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("function", [find_drugs, find_conditions])
def test_cost_grows_no_faster_than_the_text(function: Callable[[str], object], unit: str) -> None:
    function(unit * 4000)  # warms the caches of single words
    short, long = steps(function, unit * 500), steps(function, unit * 4000)
    assert long <= 8 * short * 1.3 + 500


@pytest.mark.parametrize("function", [find_drugs, find_conditions])
def test_many_definitions_cost_no_more_than_their_number(function: Callable[[str], object]) -> None:
    def article(count: int) -> str:
        return " ".join(
            f"pembrolizumab (AB-{1000 + n}), hepatocellular carcinoma {n} (HC{n}) and AB-{1000 + n}."
            for n in range(count)
        )

    function(article(2000))
    short, long = steps(function, article(250)), steps(function, article(2000))
    assert long <= 8 * short * 1.3 + 500


def test_a_word_of_a_megabyte_is_no_name() -> None:
    text = "x" * 1_000_000 + "mab"
    assert find_drugs(text) == []
    assert find_conditions(text) == []
