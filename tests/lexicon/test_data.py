"""The data files can be extended by hand: every row is checked."""

from __future__ import annotations

from importlib import resources

import pytest

from summarizer.lexicon.data import parse_spelling, read_rows
from summarizer.lexicon.tokens import key_of

FILES = sorted(
    entry.name
    for entry in resources.files("summarizer.lexicon").joinpath("data").iterdir()
    if entry.name.endswith(".tsv")
)


@pytest.mark.parametrize("file", FILES)
def test_a_data_file_explains_itself_and_repeats_nothing(file: str) -> None:
    text = resources.files("summarizer.lexicon").joinpath("data", file).read_text(encoding="utf-8")
    assert text.startswith("# ")
    rows = read_rows(file)
    assert len(set(rows)) == len(rows)
    for row in rows:
        assert all(cell == cell.strip() for cell in row)
        assert row[0]


@pytest.mark.parametrize(
    "file", ["drugs.tsv", "interventions.tsv", "stems.tsv", "payloads.tsv", "condition_abbreviations.tsv"]
)
def test_a_name_has_one_row(file: str) -> None:
    first = [row[0] for row in read_rows(file)]
    assert sorted({name for name in first if first.count(name) > 1}) == []


def test_the_files_cover_the_field() -> None:
    assert len(read_rows("stems.tsv")) >= 120
    assert len(read_rows("interventions.tsv")) >= 80
    assert len(read_rows("drugs.tsv")) >= 300


def test_kinds_are_known() -> None:
    kinds = {kind for _, kind, _ in read_rows("interventions.tsv")}
    assert kinds <= {"DRUG", "REGIMEN", "CLASS", "PLACEBO", "PROCEDURE", "CONTROL"}


def test_no_name_stands_for_two_things() -> None:
    owners: dict[str, set[str]] = {}
    for file in ("drugs.tsv", "interventions.tsv"):
        for row in read_rows(file):
            for written in (row[0], *filter(None, row[-1].split("|"))):
                spelling = parse_spelling(written)
                if not spelling.needs_company:
                    owners.setdefault(key_of(spelling.name) + "|" + spelling.name * spelling.exact, set()).add(row[0])
    assert {name: rows for name, rows in owners.items() if len(rows) > 1} == {}


@pytest.mark.parametrize(
    ("written", "exact", "capital", "needs_company"),
    [
        ("pembrolizumab", False, False, False),
        ("Keytruda", False, True, False),
        ("Keytruda Qlex", False, True, False),
        ("T-DXd", True, False, False),
        ("Vd", True, False, False),
        ("?BR", True, False, True),
        ("CDK4/6 inhibitor", True, False, False),
    ],
)
def test_case_rules_are_read_from_the_spelling(written: str, exact: bool, capital: bool, needs_company: bool) -> None:
    spelling = parse_spelling(written)
    assert (spelling.exact, spelling.capital, spelling.needs_company) == (exact, capital, needs_company)
