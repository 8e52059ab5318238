from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.loading.dates import parse_date


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-10-20", "2024-10-20"),
        ("2024-10-20T23:30:00-05:00", "2024-10-20"),
        ("2024-10-20 08:00", "2024-10-20"),
        ("2024/10/2", "2024-10-02"),
        ("20241020", "2024-10-20"),
        ("20241020T0830", "2024-10-20"),
        ("October 20, 2024", "2024-10-20"),
        ("Oct. 20th 2024", "2024-10-20"),
        ("Published: Sunday, 20 October 2024, 10:00", "2024-10-20"),
        ("Sun, 20 Oct 2024 08:00:00 GMT", "2024-10-20"),
        ("20-Oct-2024", "2024-10-20"),
        ("20/10/2024", "2024-10-20"),
        ("10/20/2024", "2024-10-20"),
        ("20.10.2024", "2024-10-20"),
        ("05/05/2024", "2024-05-05"),
        (1_729_400_000, "2024-10-20"),
        (1_729_400_000_000, "2024-10-20"),
        (20_241_020, "2024-10-20"),
        ("03/04/2024", None),
        ("2024-13-40", None),
        ("31 February 2024", None),
        ("October 2024", None),
        ("yesterday", None),
        ("", None),
        (2024, None),
        (True, None),
        (None, None),
        ([], None),
        (float("nan"), None),
        (float("inf"), None),
        (10**30, None),
    ],
)
def test_dates(value: object, day: str | None) -> None:
    assert parse_date(value) == day


@settings(deadline=None)  # the first example imports what the others use
@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_day_survives_every_unambiguous_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%Y%m%d"):
        assert parse_date(f"{day:{form}}") == str(day)


@settings(deadline=None)  # the first example imports what the others use
@given(st.text() | st.integers() | st.floats())
def test_anything_gives_a_day_or_none(value: object) -> None:
    assert parse_date(value) is None or len(parse_date(value) or "") == 10
