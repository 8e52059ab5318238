"""Parquet files, written in row groups so that memory does not grow with the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from summarizer.batch.rows import ColumnType, Row

__all__ = ["ParquetFile"]


class ParquetFile:
    """A Parquet file of a fixed shape."""

    def __init__(self, path: Path, columns: Mapping[str, ColumnType]) -> None:
        # Imported by name: 0.2 s that only batches pay; and pyarrow carries no types.
        self._arrow: Any = import_module("pyarrow")
        types: dict[ColumnType, Any] = {
            ColumnType.TEXT: self._arrow.string(),
            ColumnType.LIST: self._arrow.list_(self._arrow.string()),
            ColumnType.INTEGER: self._arrow.int64(),
            ColumnType.NUMBER: self._arrow.float64(),
            ColumnType.BOOLEAN: self._arrow.bool_(),
        }
        self._types = {name: types[kind] for name, kind in columns.items()}
        self._schema: Any = self._arrow.schema(list(self._types.items()))
        # A stream, not the path: names of folders need not be UTF-8, and arrow takes no others.
        self._stream = path.open("wb")
        self._file: Any = import_module("pyarrow.parquet").ParquetWriter(self._stream, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows as one row group."""
        arrays = [self._arrow.array([row.get(name) for row in rows], type=kind) for name, kind in self._types.items()]
        self._file.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the footer, without which nothing can read the file."""
        try:
            self._file.close()
        finally:
            self._stream.close()
