"""The folded view of a text: plain typography at the same offsets, and no digit or sign ever changed."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import NUMBER, TextSpan, fold, parse_number, plain

ENTITIES = [
    "&nbsp;",
    "&ndash;",
    "&lt;",
    "&gt;",
    "&amp;",
    "&#8211;",
    "&#x2013;",
    "&le;",
    "&middot;",
    "&quot;",
    "&bogus;",
]
DASHES = "-‐‑‒–—―−﹘﹣－"
SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
SINGLE_QUOTES = "‘’‚‛′＇"
DOUBLE_QUOTES = "“”„‟″＂«»"

texts = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.sampled_from(ENTITIES),
        st.sampled_from(list(DASHES + SPACES + UNSEEN + SINGLE_QUOTES + DOUBLE_QUOTES + "·＜０．")),
        st.decimals(0, 1000, places=2).map(str),
    )
).map("".join)


@given(texts)
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    if "&" not in once:  # &amp;lt; is an entity that becomes another
        assert fold(once) == once


@given(texts)
def test_ascii_letters_and_digits_stay_where_they_are(text: str) -> None:
    folded = fold(text)
    in_entity = {place for found in re.finditer(r"&#?\w{1,8};", text) for place in range(*found.span())}
    for place, character in enumerate(text):
        if character.isascii() and character.isalnum() and place not in in_entity:
            assert folded[place] == character


@given(texts)
def test_line_breaks_are_neither_made_nor_lost(text: str) -> None:
    places = [place for place, character in enumerate(fold(text)) if character == "\n"]
    assert places == [place for place, character in enumerate(text) if character == "\n"]


@given(st.text("0123456789.,+-<>=≤≥%() "))
def test_plain_digits_and_signs_are_never_touched(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize("dash", list(DASHES))
def test_every_dash_is_a_hyphen(dash: str) -> None:
    assert fold(f"0.50{dash}0.77") == "0.50-0.77"


@pytest.mark.parametrize("space", list(SPACES + UNSEEN))
def test_every_space_is_a_space(space: str) -> None:
    assert fold(f"13.3{space}months") == "13.3 months"


@pytest.mark.parametrize("quote", list(SINGLE_QUOTES))
def test_every_apostrophe_is_straight(quote: str) -> None:
    assert fold(f"the company{quote}s trial") == "the company's trial"


@pytest.mark.parametrize("quote", list(DOUBLE_QUOTES))
def test_every_quotation_mark_is_straight(quote: str) -> None:
    assert fold(f"{quote}Good") == '"Good'


@pytest.mark.parametrize("dot", list("·∙⋅"))
def test_a_middle_dot_between_digits_is_a_point(dot: str) -> None:
    assert fold(f"HR 0{dot}62") == "HR 0.62"


def test_a_middle_dot_between_words_is_no_point() -> None:
    assert fold("Berlin · Madrid") == "Berlin · Madrid"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("０．６２", "0.62"),
        ("Ｐ＜０．００１", "P<0.001"),
        ("（９５％ ＣＩ）", "(95% CI)"),
        ("＋１．２", "+1.2"),
    ],
)
def test_full_width_forms_are_plain(printed: str, expected: str) -> None:
    assert fold(printed) == expected


@pytest.mark.parametrize("entity", ["&lt;", "&gt;", "&amp;", "&nbsp;", "&ndash;", "&#8211;", "&le;"])
def test_an_entity_is_its_character_followed_by_spaces(entity: str) -> None:
    folded = fold(f"P {entity} 1")
    assert len(folded) == len(f"P {entity} 1")
    assert folded.split() == ["P", *fold(html.unescape(entity)).split(), "1"]


def test_what_only_looks_like_an_entity_stays() -> None:
    assert fold("R&D; A&B, &unknown;") == "R&D; A&B, &unknown;"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0.62", 0.62),
        (".62", 0.62),
        ("1,083", 1083.0),
        ("12,345,678.5", 12345678.5),
        ("7", 7.0),
        ("-1.31", -1.31),
    ],
)
def test_printed_numbers_have_their_value(printed: str, value: float) -> None:
    assert parse_number(printed) == value


@pytest.mark.parametrize("printed", ["", "NR", "1.2.3", "ten", "0·62"])
def test_what_is_no_number_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match="could not convert"):
        parse_number(printed)


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_a_number_with_separators_reads_back(whole: int, places: int) -> None:
    printed = f"{whole:,}" + (f".{'7' * places}" if places else "")
    assert re.fullmatch(NUMBER, printed)
    assert parse_number(printed) == float(printed.replace(",", ""))


@given(texts)
def test_plain_forgives_case_and_spaces(text: str) -> None:
    assert plain(f"  {text} \n") == plain(text)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_spans_are_half_open(a: int, b: int, c: int, d: int) -> None:
    one, other = TextSpan(min(a, b), max(a, b)), TextSpan(min(c, d), max(c, d))
    common = set(range(*one)) & set(range(*other))
    if one.start < one.end and other.start < other.end:
        assert one.overlaps(other) == bool(common)
        assert one.covers(other) == (set(range(*other)) <= set(range(*one)))
    assert one.joined(other).covers(one)
    assert one.joined(other).covers(other)
    assert one.of("x" * 60) == "x" * (one.end - one.start)
