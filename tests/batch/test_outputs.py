"""All files of a run get their places together, or none does."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from summarizer.batch import outputs
from summarizer.batch.outputs import OutputFolder, write_json
from summarizer.batch.rows import ColumnType, Row

COLUMNS = {
    "name": ColumnType.TEXT,
    "names": ColumnType.LIST,
    "n": ColumnType.INTEGER,
    "x": ColumnType.NUMBER,
    "yes": ColumnType.BOOLEAN,
}
ROWS: list[Row] = [
    {"name": "=1+1", "names": ["a", "b"], "n": 3, "x": -1.31, "yes": True},
    {"name": 'naïve, "quoted"\nline', "names": []},
]


def write(folder: Path, rows: list[Row]) -> None:
    with OutputFolder(folder) as out:
        table = out.add_table("table", COLUMNS)
        lines = out.add_lines("lines.jsonl")
        table.write(rows)
        lines.write(json.dumps({"a": 1}))
    write_json(folder / "run.json", {"done": True})


def test_csv_is_for_a_spreadsheet(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "out", ROWS)
    raw = (tmp_path / "deep" / "out" / "table.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfname,names,n,x,yes\r\n")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows[1:] == [["'=1+1", "a; b", "3", "-1.31", "true"], ['naïve, "quoted" line', "", "", "", ""]]


def test_parquet_holds_the_exact_typed_values(tmp_path: Path) -> None:
    write(tmp_path, ROWS)
    table = pq.read_table(tmp_path / "table.parquet")
    assert table.schema.field("names").type == pa.list_(pa.string())
    assert table.to_pylist() == [
        ROWS[0],
        {"name": ROWS[1]["name"], "names": [], "n": None, "x": None, "yes": None},
    ]


def test_empty_table_still_has_its_columns(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert pq.read_table(tmp_path / "table.parquet").column_names == list(COLUMNS)
    assert (tmp_path / "table.csv").read_text(encoding="utf-8-sig") == "name,names,n,x,yes\n"


def test_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "ROW_GROUP", 10)
    with OutputFolder(tmp_path) as out:
        table = out.add_table("table", COLUMNS)
        for at in range(35):
            table.write([{"n": at}])
    file = pq.ParquetFile(tmp_path / "table.parquet")
    assert file.num_row_groups == 4
    assert file.read()["n"].to_pylist() == list(range(35))


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, OSError])
def test_an_unfinished_run_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    write(tmp_path, ROWS)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(error), OutputFolder(tmp_path) as out:  # noqa: PT012 - the error comes midway
        out.add_lines("lines.jsonl").write("half")
        out.add_table("table", COLUMNS).write([{"name": "half"}])
        raise error
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write(tmp_path, ROWS)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
