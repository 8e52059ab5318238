"""Quoted words are found in any typography, and only where they stand, digit for digit."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.grounding.quotes import QuoteFinder, tokens_of

TEXT = (
    "Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo (HR, 0.62; 95% CI, 0.50\u20130.77; "
    "P <.001). The change from baseline was -1.31 mg/dL with 15 mg, and 1,083 patients' data were \u201cmature\u201d."
)
FINDER = QuoteFinder(TEXT)


@pytest.mark.parametrize(
    "quote",
    [
        "HR, 0.62; 95% CI, 0.50-0.77",
        "HR, 0\u00b762; 95 % CI, 0.50\u22120.77",
        "HR, .62; 95 per cent CI, .50-.77",
        "HR, 0.62; 95&#37; CI, 0.50&ndash;0.77; P &lt;.001",
        "hr, 0.62; 95 percent ci, 0.50-0.77; p < 0.001",
        "\uff28\uff32, \uff10.\uff16\uff12; 95% CI",
        '1083 patients\u2019 data were "mature"',
        "HR,\u00a00.62;\n95%\u2009CI",
        "belo\u00admertinib vs 8.2 months",
    ],
)
def test_typography_is_forgiven(quote: str) -> None:
    assert FINDER.find(quote) is not None


@pytest.mark.parametrize(
    "quote",
    [
        "HR, 0.63",
        "HR, 0.26",
        "HR, 6.2",
        "HR, 0.6",
        "0.50-0.7",
        "5 mg",
        "083 patients",
        "P >.001",
        "P =.001",
        "13.3 months with placebo",
        "change from baseline was 1.31",
        "median OS was 13.3 months",
        "10.62",
        "",
        " ",
    ],
)
def test_other_words_and_other_digits_are_not_found(quote: str) -> None:
    assert FINDER.find(quote) is None


def test_the_place_is_that_of_whole_words_of_the_text() -> None:
    span = FINDER.find("8\u00b72\u00a0MONTHS with placebo (hr")
    assert span is not None
    assert span.of(TEXT) == "8.2 months with placebo (HR"


def test_of_equal_passages_the_nearest_is_taken() -> None:
    text = "ORR was 41%. In the other arm ORR was 41% too."
    finder = QuoteFinder(text)
    first, second = finder.find("ORR was 41%", near=0), finder.find("ORR was 41%", near=30)
    assert first is not None
    assert second is not None
    assert (first.start, second.start) == (0, text.rindex("ORR"))


@given(st.data())
def test_every_stretch_of_whole_tokens_is_found_in_other_typography(data: st.DataObject) -> None:
    tokens = tokens_of(TEXT)
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    start, end = tokens[first].start, tokens[last].end
    words = TEXT[start:end]
    rewritten = data.draw(
        st.sampled_from(
            [
                words,
                words.upper(),
                words.replace(" ", "\u202f"),
                words.replace("\u2013", "-"),
                html.escape(words),
                words.replace("-", "\u2212"),
            ]
        )
    )
    found = FINDER.find(rewritten, near=start)
    assert found == (start, end)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("0123456789"))
def test_a_passage_with_one_digit_changed_stands_nowhere(place: int, digit: str) -> None:
    if not TEXT[place].isdigit() or TEXT[place] == digit:
        return
    assert FINDER.find(TEXT[:place] + digit + TEXT[place + 1 :]) is None
