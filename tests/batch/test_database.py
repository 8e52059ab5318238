"""A run as a DuckDB file, and the questions that the README asks it."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from summarizer.batch import database, run_batch
from summarizer.batch.columns import FAILURES, RESULTS, TRIALS
from summarizer.batch.database import DATABASE, write_database
from summarizer.errors import ConfigurationError
from tests.support.summaries import TEXT

ROOT = Path(__file__).parents[2]
TABLES = {"trials": TRIALS, "results": RESULTS, "failures": FAILURES}
CASES = ("pluvicto-chmp", "c-zolbetuximab-crl")

HEADING = "### Five questions in SQL"
QUESTIONS = re.findall(
    r"^```sql\n(.*?)^```",
    (ROOT / "README.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n##")[0],
    re.MULTILINE | re.DOTALL,
)
ANSWERS = (
    "('LARKSPUR-1', 'OS', 0.62, 0.5, 0.77, '<0.001', 'a.txt')",
    "('GLOW', 'OS', 'placebo + CAPOX: 12.16 months | zolbetuximab + CAPOX: 14.39 months'",
    "[0.62, 0.66], ['a.txt', 'later.txt']",
    "('CHMP', 'POSITIVE_OPINION', '2022-10-13', 'VISION'",
    "'38.9%', 'trial-unknown', 'The combination led to a pCR rate of 38.9%.'",
)
"""Part of what each question gives, in their order."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a small run, in a folder whose name means something to SQL, to globs and to Hive."""
    releases = tmp_path_factory.mktemp("releases")
    (releases / "a.txt").write_text(TEXT, encoding="utf-8")
    (releases / "later.txt").write_text(TEXT.replace("0.62", "0.66"), encoding="utf-8")
    (releases / 'it\'s; "x".txt').write_text(" \n", encoding="utf-8")
    for name in CASES:
        shutil.copy(ROOT / "evals" / "cases" / name / "article.txt", releases / f"{name}.txt")
    out = tmp_path_factory.mktemp("it's") / '\'; DROP TABLE "trials" [r]*' / "year=2026"
    run_batch(releases, out)
    write_database(out, out / DATABASE)
    return out


@pytest.fixture(scope="module")
def connection(run: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(run / DATABASE, read_only=True) as connection:
        yield connection


def rows_of(path: Path, table: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(f"FROM {table}").fetchall()


def write_run(folder: Path, text: str) -> Path:
    """The files of a run over one article."""
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_text(text, encoding="utf-8")
    run_batch(folder / "in", folder / "out")
    return folder / "out"


@pytest.mark.parametrize("table", ["trials", "results"])
def test_tables_are_the_parquet_files(run: Path, connection: duckdb.DuckDBPyConnection, table: str) -> None:
    twin = pq.read_table(run / f"{table}.parquet").to_pylist()
    assert len(twin) > 3
    assert connection.execute(f"FROM {table}").fetchall() == [tuple(row.values()) for row in twin]


def test_failures_are_the_lines_of_their_file(run: Path, connection: duckdb.DuckDBPyConnection) -> None:
    (line,) = (run / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    (row,) = connection.execute("FROM failures").fetchall()
    assert dict(zip(FAILURES.columns, row, strict=True)) == dict.fromkeys(FAILURES.columns) | json.loads(line)


def test_everything_is_explained(connection: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    columns = {(table, column): comment for table, column, comment in connection.execute(query).fetchall()}
    for name, table in TABLES.items():
        assert {column: columns[name, column] for column in table.columns} == table.descriptions
    assert {table for table, _ in columns} == {*TABLES, "hazard_ratios", "regulatory_events"}
    assert all(columns.values())
    for query in (
        "SELECT table_name, comment FROM duckdb_tables()",
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal",
    ):
        comments = dict(connection.execute(query).fetchall())
        assert comments
        assert all(comments.values())


def test_text_stays_text(connection: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'results'"
    types = dict(connection.execute(query).fetchall())
    assert types["p_value"] == types["article_published"] == types["timepoint"] == "VARCHAR"
    assert (types["value"], types["numerator"], types["attributed"]) == ("DOUBLE", "BIGINT", "BOOLEAN")
    assert types["flags"] == "VARCHAR[]"


def test_hazard_ratios(connection: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT value, ci_low, ci_high, p_value, sentence FROM hazard_ratios WHERE source = 'a.txt'"
    (row,) = connection.execute(query).fetchall()
    assert row[:4] == (0.62, 0.5, 0.77, "<0.001")
    assert "HR, 0.62" in row[4]


def test_regulatory_events_are_those_of_the_summaries(run: Path, connection: duckdb.DuckDBPyConnection) -> None:
    summaries = map(json.loads, (run / "summaries.jsonl").read_text(encoding="utf-8").splitlines())
    told = [
        (summary["source"]["name"], trial["name"], event["agency"], event["action"], event["date"])
        for summary in summaries
        for trial in summary["trials"]
        for event in trial["regulatory_events"]
    ]
    assert len({event[2:] for event in told}) > 3
    query = "SELECT source, trial, agency, action, date FROM regulatory_events"
    assert sorted(map(str, connection.execute(query).fetchall())) == sorted(map(str, told))


def test_readme_asks_five_questions() -> None:
    assert len(QUESTIONS) == len(ANSWERS)


@pytest.mark.parametrize("number", range(len(ANSWERS)))
def test_question_of_the_readme_is_answered(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    assert ANSWERS[number] in str(connection.execute(QUESTIONS[number]).fetchall())


def test_older_programs_can_open_it(run: Path) -> None:
    header = (run / DATABASE).read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:], "little") == 65  # the format of DuckDB 1.2; that of 2.0 is 999


def test_empty_tables_have_their_columns(tmp_path: Path) -> None:
    out = write_run(tmp_path, "No trial is in here.")
    assert (out / "failures.jsonl").read_bytes() == b""
    write_database(out, out / DATABASE)
    with duckdb.connect(out / DATABASE, read_only=True) as connection:
        for name, table in TABLES.items():
            cursor = connection.execute(f"FROM {name}")
            assert [column[0] for column in cursor.description or ()] == list(table.columns)
            assert cursor.fetchall() == []
        assert connection.execute("FROM regulatory_events").fetchall() == []


def test_failures_may_quote_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "FAILURES_AT_ONCE", 2)
    out = write_run(tmp_path, TEXT)
    failure = {"file": "a'\"", "reason": "key te\ud800", "attempts": ["503 \udce9", "ok"], "cost": 0.5}
    (out / "failures.jsonl").write_text(f"{json.dumps(failure)}\n" * 5, encoding="utf-8")
    write_database(out, out / DATABASE)
    with duckdb.connect(out / DATABASE, read_only=True) as connection:
        rows = connection.execute("SELECT file, reason, attempts, cost, place FROM failures").fetchall()
    assert rows == [("a'\"", "key te\\ud800", ["503 \\udce9", "ok"], 0.5, None)] * 5


def test_a_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    out = write_run(tmp_path, TEXT)
    before = set(out.iterdir())
    (out / DATABASE).write_bytes(b"what was there")
    (out / f"{DATABASE}.wal").write_bytes(b"what another program left of it")
    write_database(out, out / DATABASE)
    assert set(out.iterdir()) == before | {out / DATABASE}
    assert len(rows_of(out / DATABASE, "trials")) == 1


@pytest.mark.parametrize("broken", ["trials.parquet", "results.parquet", "failures.jsonl", "half", "no folder", "disk"])
def test_an_error_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    out = write_run(tmp_path, TEXT)
    target = (out / "deep" if broken == "no folder" else out) / DATABASE
    if broken == "half":
        (out / "results.parquet").write_bytes((out / "results.parquet").read_bytes()[:1000])
    elif broken == "disk":

        def has_no_space(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", has_no_space)
    elif broken != "no folder":
        (out / broken).unlink()
    (out / DATABASE).write_bytes(b"what was there")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(ConfigurationError, match="the database can't be made") as caught:
        write_database(out, target)
    assert "\n" not in str(caught.value)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_path_that_duckdb_would_misread_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="question mark"):
        write_database(tmp_path, tmp_path / "why?" / DATABASE)


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = write_run(tmp_path, TEXT)
    monkeypatch.chdir(tmp_path)
    out.rename("s3:out")  # to DuckDB, an address
    write_database(Path("s3:out"), Path("s3:out", DATABASE))
    assert len(rows_of(Path("s3:out", DATABASE).absolute(), "trials")) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"in", "s3:out"}


def test_without_the_package_the_user_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ConfigurationError, match=r"needs the duckdb package; pip install 'summarizer\[duckdb\]'"):
        write_database(tmp_path, tmp_path / DATABASE)
    assert list(tmp_path.iterdir()) == []
