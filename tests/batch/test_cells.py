"""CSV cells that a spreadsheet shows and does not run."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.batch.cells import MAX_CELL, to_cell
from tests.support.summaries import HOSTILE


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("https://evil.example")',
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\uff1d1+1",
        "\uff20SUM(A1)",
        "-1.31 mg/dL",
        "- item",
    ],
)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert to_cell(text).startswith("'")
    assert to_cell([text, "x"]).startswith("'")


@pytest.mark.parametrize("text", ["-1.31", "+5", "-37.0%", "13.3 months", "<0.001", "1-2", "a=b", "", "≥10"])
def test_plain_text_and_numbers_stay(text: str) -> None:
    assert to_cell(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (13.0, "13"),
        (-1.31, "-1.31"),
        (0.62, "0.62"),
        (["a", "b"], "a; b"),
        ([], ""),
        ("two\nlines", "two lines"),
    ],
)
def test_values(value: object, cell: str) -> None:
    assert to_cell(value) == cell  # type: ignore[arg-type]


def test_a_cell_fits_into_a_spreadsheet() -> None:
    assert len(to_cell("x" * 100_000)) <= MAX_CELL + 1
    assert len(to_cell("=" + "x" * 100_000)) < 32_767


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.just(HOSTILE))
def test_any_text_is_one_harmless_cell(text: str) -> None:
    cell = to_cell(text)
    assert not {letter for letter in cell if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}}
    if cell.lstrip()[:1] in set("=+-@\uff1d\uff0b\uff0d\uff20"):
        float(cell.rstrip("%"))  # nothing but a number may start so
    sheet = io.StringIO()
    csv.writer(sheet).writerow([cell, "next"])
    assert list(csv.reader(io.StringIO(sheet.getvalue()))) == [[cell, "next"]]
