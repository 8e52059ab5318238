"""Every column of every table is explained, and nothing else is."""

from __future__ import annotations

from dataclasses import fields

import pytest

from summarizer.batch import columns
from summarizer.batch.columns import FAILURES, RESULTS, TRIALS, Table, describe_fields
from summarizer.batch.report import Failure
from summarizer.batch.rows import RESULT_COLUMNS, TRIAL_COLUMNS
from summarizer.schemas import Result, TrialRecord


@pytest.mark.parametrize("table", [TRIALS, RESULTS, FAILURES], ids=["trials", "results", "failures"])
def test_every_column_has_a_description_and_none_is_left_over(table: Table) -> None:
    assert list(table.descriptions) == list(table.columns)
    for name, text in table.descriptions.items():
        assert text.endswith("."), name
        assert len(text) > 20, name
        assert "None" not in text, name  # a word of Python


def test_the_tables_are_those_of_a_run() -> None:
    assert TRIALS.columns == TRIAL_COLUMNS
    assert RESULTS.columns == RESULT_COLUMNS
    assert list(FAILURES.columns) == [field.name for field in fields(Failure)]


def test_own_descriptions_are_all_of_columns() -> None:
    assert set(columns._TRIAL_OWN) <= set(TRIAL_COLUMNS)
    assert set(columns._RESULT_OWN) <= set(RESULT_COLUMNS)


def test_a_field_says_what_the_schema_says() -> None:
    assert RESULTS.descriptions["ci_low"] == (
        "Lower bound of the confidence interval, in `unit`; empty where absent or not estimable."
    )
    assert TRIALS.descriptions["article_title"] == "Headline, where the file states one."


def test_a_closed_vocabulary_is_listed() -> None:
    texts = describe_fields(TrialRecord, ("phases", "allocation", "focus"))
    assert texts["phases"].endswith("; values: EARLY_PHASE1, PHASE1, PHASE2, PHASE3, PHASE4.")
    assert texts["allocation"].endswith("; values: RANDOMIZED, NON_RANDOMIZED.")
    assert "values" not in texts["focus"]  # its words are explained one by one
    assert "HAZARD_RATIO" in describe_fields(Result, ["statistic"])["statistic"]
