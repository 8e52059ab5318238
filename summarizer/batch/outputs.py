"""The files of a run: written under a hidden folder of OUT, put in their places together at the end.

A run that is stopped, or that fails, leaves what was in OUT before. Each file is flushed to disk and moved in
one step, so that nobody reads half a file; the files are moved one after the other, `run.json` last, so that
a crash in just that moment can leave files of two runs, which then disagree with `run.json`; the next run puts
that right.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from summarizer.batch.cells import to_cell
from summarizer.batch.parquet import ParquetFile
from summarizer.batch.rows import ColumnType, Row

__all__ = ["LineFile", "OutputFolder", "TableFile", "write_json"]

_PREFIX = ".partial-"
"""Of the hidden folder."""
ROW_GROUP = 5_000
"""Rows that a Parquet file holds in memory before they are written."""


class OutputFolder:
    """The files of one run, all or none of which get their places in the folder.

    Use it as a context manager; leaving it by an exception drops what was written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = ExitStack()
        self.names: list[str] = []
        """Files of the run."""

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{_PREFIX}*"):  # by a run that was killed; no other one is at work here
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        self._partial = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self.folder))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._files.close()
                self._put_in_place()
            else:
                # A full disk is told once, by the error that is on its way.
                with contextlib.suppress(OSError):
                    self._files.close()
        finally:
            shutil.rmtree(self._partial, ignore_errors=True)

    def add_lines(self, name: str) -> LineFile:
        """A file of JSON lines."""
        return LineFile(self._files.enter_context(self._new(name).open("w", encoding="utf-8", newline="\n")))

    def add_table(self, name: str, columns: Mapping[str, ColumnType]) -> TableFile:
        """A CSV file, and its Parquet twin of the same name."""
        sheet = self._files.enter_context(self._new(f"{name}.csv").open("w", encoding="utf-8-sig", newline=""))
        return self._files.enter_context(TableFile(sheet, self._new(f"{name}.parquet"), columns))

    def _new(self, name: str) -> Path:
        self.names.append(name)
        return self._partial / name

    def _put_in_place(self) -> None:
        for name in self.names:
            with (self._partial / name).open("rb+") as written:
                os.fsync(written.fileno())
        for name in self.names:
            (self._partial / name).replace(self.folder / name)


def write_json(path: Path, value: object) -> None:
    """Write a small JSON file in one step: what was there is replaced, or stays."""
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    partial = path.with_name(f"{_PREFIX}{path.name}")
    with partial.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


class LineFile:
    """A file of JSON lines."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        """Write one line that is JSON already."""
        self._stream.write(f"{line}\n")


class TableFile:
    """A table as CSV (for spreadsheets: byte order mark, safe cells) and as Parquet (exact, typed values)."""

    def __init__(self, sheet: IO[str], parquet: Path, columns: Mapping[str, ColumnType]) -> None:
        self._columns = columns
        self._sheet = csv.writer(sheet)
        self._sheet.writerow(columns)
        self._parquet = ParquetFile(parquet, columns)
        self._pending: list[Row] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._parquet.close()

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for row in rows:
            self._sheet.writerow([to_cell(row.get(name)) for name in self._columns])
            self._pending.append(row)
        if len(self._pending) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            self._parquet.write(self._pending)
            self._pending.clear()
