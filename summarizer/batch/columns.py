"""What the columns of a run's tables mean, told to a reader who has only the tables.

A column that is a field of a record says what the schema says about the field. Written here are the columns that
no record has, and those whose cells hold something else than the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from summarizer.batch.rows import RESULT_COLUMNS, TRIAL_COLUMNS, ColumnType
from summarizer.schemas import Record, Result, Source, TrialRecord

__all__ = ["FAILURES", "RESULTS", "TRIALS", "Table", "describe_fields"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a run."""

    description: str
    """What its rows are."""
    columns: Mapping[str, ColumnType]
    """Column -> what it holds, in order."""
    descriptions: Mapping[str, str]
    """Column -> what it means, in a sentence."""


def describe_fields(model: type[Record], names: Iterable[str]) -> dict[str, str]:
    """What the schema says about fields of a record, with the words of closed vocabularies.

    Raises:
        KeyError: if the record has no such field.
    """
    return {name: _describe(model, name) for name in names}


def _describe(model: type[Record], name: str) -> str:
    field = model.model_fields[name]
    text = (field.description or "").replace("``", "`")
    text = re.sub(r"\bNone\b", "empty", text)  # what None becomes in a cell
    values = list(_vocabulary(field.annotation))
    if all(value in text for value in values):
        return text
    return f"{text.removesuffix('.')}; values: {', '.join(values)}."


def _vocabulary(annotation: Any) -> Iterator[str]:  # noqa: ANN401 - an annotation is a type, a union or a generic
    """The values of the closed vocabulary that an annotation holds, alone, in a list or beside None."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield from annotation
    for part in get_args(annotation):
        yield from _vocabulary(part)


_ORIGIN = {
    "source": "Article that the row comes from: its path below the folder that was read; for a file of many articles "
    "with `#` and the id or number of the article.",
    "pointer": "Place of the record in the summary of its article, as a JSON pointer such as `/trials/0/results/2`; "
    "together with `source` it names the row.",
    **{f"article_{name}": text for name, text in describe_fields(Source, ("title", "url", "published")).items()},
}

_TRIAL_OWN = {
    **_ORIGIN,
    "masking": "Blinding: NONE is open label, DOUBLE is double-blind, SINGLE, TRIPLE and QUADRUPLE as the text says; "
    "empty when not stated.",
    "arms": "Arms as `ROLE: drug + drug (n=patients)`, experimental first where the trial compares.",
    "endpoints": "Endpoints that the text declares, as `RANK: endpoint`; one that merely has a result is not listed.",
    "regulatory_events": "What agencies did, as `agency: ACTION (date)`, without the date where the text gives none.",
    "results": "Number of estimates that the article reports for the trial, each of which is a row of `results`.",
    "flags": "Names of the checks that ask a reader to look at the trial or at one of its results.",
}

_RESULT_OWN = {
    **_ORIGIN,
    "attributed": "True when the text tells the trial of the estimate; false when it does not, and then the estimate "
    "must not be put on any trial.",
    "trial": "Name of the trial that the estimate belongs to; empty where the text gives the trial no name, or does "
    "not tell the trial (`attributed` is false).",
    "focus": "MAIN when the article is about that trial, SUPPORTING when the trial is cited as background or earlier "
    "evidence, empty when the text does not tell the trial.",
    "sentence": "Sentence of the article that the estimate was read from, to check it against; of a very long one, "
    "the part around the estimate.",
    "span_start": "First character of the estimate in the text of the article, counted from 0.",
    "span_end": "One past the last character of the estimate in the text of the article.",
    "flags": "Names of the checks that ask a reader to look at the estimate.",
}


def _describe_all(columns: Iterable[str], own: Mapping[str, str], model: type[Record]) -> dict[str, str]:
    return {name: own[name] if name in own else _describe(model, name) for name in columns}


TRIALS = Table(
    "One row per trial of an article: what that article says about it.",
    TRIAL_COLUMNS,
    _describe_all(TRIAL_COLUMNS, _TRIAL_OWN, TrialRecord),
)
"""The table of trials."""

RESULTS = Table(
    "One row per estimate that an article reports, with its trial and the sentence that it was read from.",
    RESULT_COLUMNS,
    _describe_all(RESULT_COLUMNS, _RESULT_OWN, Result),
)
"""The table of results."""

FAILURES = Table(
    "One row per file, or record of a file, that could not be read.",
    {
        "file": ColumnType.TEXT,
        "place": ColumnType.TEXT,
        "error": ColumnType.TEXT,
        "type": ColumnType.TEXT,
        "reason": ColumnType.TEXT,
        "advice": ColumnType.TEXT,
        "traceback": ColumnType.TEXT,
        "attempts": ColumnType.LIST,
        "input_tokens": ColumnType.INTEGER,
        "output_tokens": ColumnType.INTEGER,
        "cost": ColumnType.NUMBER,
    },
    {
        "file": "Path of the file below the folder that was read.",
        "place": "The file, with the line or record and the field where these are known.",
        "error": "Kind of error, a stable word such as `empty`, `binary` or `record`; `bug` is a fault of the program.",
        "type": "Name of the error in the program.",
        "reason": "Why it could not be read.",
        "advice": "What to do about it; empty where there is no advice.",
        "traceback": "Where in the program a bug happened; only when the run was asked for it.",
        "attempts": "How each call to a model for it ended; empty when no model was called.",
        "input_tokens": "Tokens that those calls sent; empty when no model was called.",
        "output_tokens": "Tokens that those calls returned; empty when no model was called.",
        "cost": "US dollars of those calls; empty when no model was called or no price is known.",
    },
)
"""The table of failures: the lines of `failures.jsonl`."""
