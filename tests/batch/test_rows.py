"""The rows of the tables, on a summary made by hand."""

from __future__ import annotations

from summarizer.article import Article
from summarizer.batch.rows import MAX_PASSAGE, RESULT_COLUMNS, TRIAL_COLUMNS, article_cells, result_rows, trial_rows
from summarizer.schemas import Result, TrialRecord
from tests.support.summaries import TEXT, make_summary, make_trial, span_of

ARTICLE = Article(TEXT, "folder/larkspur.txt")


def test_every_field_of_the_records_is_a_column() -> None:
    assert set(TrialRecord.model_fields) <= set(TRIAL_COLUMNS)
    assert set(Result.model_fields) <= set(RESULT_COLUMNS)


def test_rows_hold_nothing_but_columns() -> None:
    summary = make_summary()
    assert all(set(row) <= set(TRIAL_COLUMNS) for row in trial_rows(summary))
    assert all(set(row) <= set(RESULT_COLUMNS) for row in result_rows(summary, ARTICLE))


def test_a_trial_is_one_row() -> None:
    (row,) = trial_rows(make_summary())
    assert row["arms"] == ["EXPERIMENTAL: examplinib + chemotherapy (n=120)", "PLACEBO_COMPARATOR: placebo"]
    assert row["endpoints"] == ["PRIMARY: OS"]
    assert row["regulatory_events"] == ["FDA: FAST_TRACK (2025-06-11)"]
    assert row["phases"] == ["PHASE3"]
    assert row["results"] == 3
    assert row["flags"] == ["ci-excludes-estimate"]


def test_the_cells_of_an_article_are_columns_of_both_tables() -> None:
    cells = article_cells(make_summary().source.model_dump())
    assert cells["source"] == "folder/larkspur.txt"
    assert set(cells) <= set(TRIAL_COLUMNS) & set(RESULT_COLUMNS)


def test_an_estimate_is_one_row_with_its_sentence_and_span() -> None:
    rows = result_rows(make_summary(), ARTICLE)
    assert [row["pointer"] for row in rows] == [
        "/trials/0/results/0",
        "/trials/0/results/1",
        "/trials/0/results/2",
        "/unattributed_results/0",
    ]
    hazard_ratio, loose = rows[1], rows[3]
    assert (hazard_ratio["trial"], hazard_ratio["attributed"]) == ("LARKSPUR-1", True)
    assert (hazard_ratio["ci_low"], hazard_ratio["ci_high"], hazard_ratio["p_value"]) == (0.5, 0.77, "<0.001")
    assert hazard_ratio["flags"] == ["ci-excludes-estimate"]
    assert "HR, 0.62" in str(hazard_ratio["sentence"])
    assert "pCR" not in str(hazard_ratio["sentence"])
    assert (loose["attributed"], loose.get("trial")) == (False, None)
    assert loose["sentence"] == "The combination led to a pCR rate of 38.9%."
    for row, value in ((hazard_ratio, "0.62"), (loose, "38.9")):
        start, end = row["span_start"], row["span_end"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert TEXT[start:end] == value


def test_an_estimate_without_a_value_stands_where_its_p_value_stands() -> None:
    only_p = Result(endpoint="OS", statistic="OTHER", p_value="<0.001")
    summary = make_summary(
        trials=[make_trial(results=[only_p])],
        evidence={
            "/trials/0/results/0/endpoint": [span_of("OS")],
            "/trials/0/results/0/p_value": [span_of("P <.001")],
        },
    )
    row = result_rows(summary, ARTICLE)[0]
    assert row["span_start"] == TEXT.index("P <.001")


def test_an_estimate_without_evidence_has_an_empty_place() -> None:
    row = result_rows(make_summary(evidence={}), ARTICLE)[0]
    assert "sentence" not in row


def test_a_passage_is_bounded_and_holds_the_estimate() -> None:
    text = f"{'word ' * 5_000}0.62 {'word ' * 5_000}"
    summary = make_summary(evidence={"/trials/0/results/1/value": [span_of("0.62", text)]})
    passage = str(result_rows(summary, Article(text))[1]["sentence"])
    assert "0.62" in passage
    assert len(passage) <= MAX_PASSAGE
