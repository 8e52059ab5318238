"""The results of a run as a DuckDB file: its tables, every column of them explained, and two views.

The tables are the Parquet files and `failures.jsonl` of the run. The file is made in a hidden folder beside its
place and moved there in one step, like the other files of a run.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.batch.cells import Value
from summarizer.batch.columns import FAILURES, RESULTS, TRIALS, Table, describe_fields
from summarizer.batch.parquet import ParquetFile
from summarizer.batch.rows import ColumnType, Row
from summarizer.errors import ConfigurationError
from summarizer.schemas import RegulatoryEvent

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["DATABASE", "write_database"]

DATABASE = "records.duckdb"
"""The name of the file in the folder of a run."""

MEMORY_LIMIT = "256MB"
"""What DuckDB may take; the rest of a large run goes through the disk."""

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that can open the file; left to itself, DuckDB 2 writes what no earlier one can read."""

FAILURES_AT_ONCE = 5_000
"""Failures that are in memory together."""

_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.LIST: "VARCHAR[]",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class _View:
    """A query that the file keeps under a name."""

    description: str
    query: str
    descriptions: Mapping[str, str]
    """What its columns mean; others may be among them."""


_VIEWS = {
    "hazard_ratios": _View(
        "One row per hazard ratio, with its interval, its P value and the sentence that it was read from.",
        """
        SELECT source, pointer, attributed, trial, focus, endpoint, value, ci_low, ci_high, ci_level, p_value,
               subgroup, assessor, analysis, sentence, flags, article_published
        FROM results
        WHERE statistic = 'HAZARD_RATIO'
        """,
        RESULTS.descriptions,
    ),
    # A word of the vocabulary and perhaps a date end the text, so that an agency's name may hold anything.
    "regulatory_events": _View(
        "One row per regulatory event of a trial.",
        r"""
        SELECT source, pointer, trial, focus, sponsors, nullif(event.agency, 'agency not named') AS agency,
               event.action AS action, nullif(event.date, '') AS date, article_published
        FROM (
            SELECT *, name AS trial, regexp_extract(
                unnest(regulatory_events), '^(.*): ([A-Z_]+)(?: \((.*)\))?$', ['agency', 'action', 'date'], 's'
            ) AS event
            FROM trials
        )
        """,
        {
            **TRIALS.descriptions,
            "trial": TRIALS.descriptions["name"],
            **describe_fields(RegulatoryEvent, RegulatoryEvent.model_fields),
        },
    ),
}


def write_database(folder: Path, target: Path) -> None:
    """Make a DuckDB file of the tables of a run.

    Args:
        folder: Where the files of a finished run are.
        target: The file to make; one that is there is replaced when the new one is through.

    Raises:
        ConfigurationError: if the package duckdb is missing, or the file can't be made of what is in the folder.
    """
    duckdb = _import_duckdb()
    target = target.absolute()  # a name such as `s3:x` would be an address
    if "?" in str(target):
        raise ConfigurationError(f"{target}: DuckDB takes no path with a question mark", "choose another folder")
    try:
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=target.parent))
        try:
            _fill(duckdb, folder.absolute(), partial)
            _put_in_place(partial / DATABASE, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except (OSError, duckdb.OperationalError, duckdb.InvalidInputException) as error:
        what = str(error).partition("\n")[0]  # the rest shows the query
        reason = f"{target}: the database can't be made ({what})"
        raise ConfigurationError(reason, "see that the files of the run are whole and the disk has space") from error


def _import_duckdb() -> Any:  # noqa: ANN401 - a module, which has no type of its own
    try:
        return import_module("duckdb")
    except ImportError as error:
        raise ConfigurationError("--duckdb needs the duckdb package", "pip install 'summarizer[duckdb]'") from error


def _fill(duckdb: Any, folder: Path, partial: Path) -> None:  # noqa: ANN401 - the module
    """Make the file in the folder `partial`, which also takes what does not fit into memory."""
    failures = partial / "failures.parquet"
    _copy_failures(folder / "failures.jsonl", failures)
    settings = {
        # What is needed is built in: nothing is to be looked for on the network or in the user's home.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": MEMORY_LIMIT,
        "threads": 2,
        "temp_directory": str(partial / "spill"),
    }
    with closing(duckdb.connect(config=settings)) as connection:
        made = _literal(str(partial / DATABASE))
        connection.execute(f"ATTACH {made} AS made (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE made")
        _add_table(connection, "trials", TRIALS, folder / "trials.parquet")
        _add_table(connection, "results", RESULTS, folder / "results.parquet")
        _add_table(connection, "failures", FAILURES, failures)
        for name, view in _VIEWS.items():
            connection.execute(f"CREATE VIEW {name} AS {view.query}")
            _explain(connection, "VIEW", name, view)
        connection.execute("USE memory")
        connection.execute("DETACH made")  # everything is in the one file then


def _add_table(connection: DuckDBPyConnection, name: str, table: Table, parquet: Path) -> None:
    columns = ", ".join(f'"{column}" {_TYPES[kind]}' for column, kind in table.columns.items())
    connection.execute(f"CREATE TABLE {name} ({columns})")
    # A folder's name may hold `*`, or `year=2026`, which would become a column.
    rows = "FROM read_parquet(?, hive_partitioning = false)"
    connection.execute(f"INSERT INTO {name} BY NAME {rows}", [glob.escape(str(parquet))])
    _explain(connection, "TABLE", name, table)


def _explain(connection: DuckDBPyConnection, kind: str, name: str, what: Table | _View) -> None:
    connection.execute(f"COMMENT ON {kind} {name} IS {_literal(what.description)}")
    for column, *_ in connection.execute(f"FROM {name} LIMIT 0").description:
        connection.execute(f'COMMENT ON COLUMN {name}."{column}" IS {_literal(what.descriptions[column])}')


def _literal(text: str) -> str:
    """A text as SQL writes it, where a statement takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _copy_failures(lines: Path, parquet: Path) -> None:
    """Make a table of the lines of `failures.jsonl`.

    Not left to DuckDB's reader: it gives up at the half of a surrogate pair, which a message may quote.
    """
    with closing(ParquetFile(parquet, FAILURES.columns)) as table, lines.open(encoding="utf-8") as stream:
        rows = map(_failure_row, stream)
        while some := list(islice(rows, FAILURES_AT_ONCE)):
            table.write(some)


def _failure_row(line: str) -> Row:
    values: dict[str, Value] = json.loads(line)
    return {name: _encodable(value) for name, value in values.items()}


def _encodable(value: Value) -> Value:
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return [text.encode("utf-8", "backslashreplace").decode() for text in value]


def _put_in_place(made: Path, target: Path) -> None:
    with made.open("rb+") as written:
        os.fsync(written.fileno())
    made.replace(target)
    # What another program left unfinished in the file that was there; DuckDB would try to go on with it.
    target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
