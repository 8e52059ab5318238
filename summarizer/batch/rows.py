"""The rows of the two tables, one per trial and one per reported estimate."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from summarizer.article import Article
from summarizer.batch.cells import Value
from summarizer.reading.sentences import read_sentences
from summarizer.schemas import Arm, RegulatoryEvent, Result, Span, Summary, TrialRecord

__all__ = ["RESULT_COLUMNS", "TRIAL_COLUMNS", "ColumnType", "Row", "article_cells", "result_rows", "trial_rows"]

MAX_PASSAGE = 2_000
"""Characters of a passage; a longer sentence is shown around the estimate."""


class ColumnType(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LIST = "list"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"


Row = dict[str, Value]
"""Column -> value; a column that is missing is empty."""

_ARTICLE_COLUMNS = {
    "article_title": ColumnType.TEXT,
    "article_url": ColumnType.TEXT,
    "article_published": ColumnType.TEXT,
}

TRIAL_COLUMNS: Mapping[str, ColumnType] = {
    "source": ColumnType.TEXT,
    "pointer": ColumnType.TEXT,
    "name": ColumnType.TEXT,
    "aliases": ColumnType.LIST,
    "registry_ids": ColumnType.LIST,
    "focus": ColumnType.TEXT,
    "sponsors": ColumnType.LIST,
    "phases": ColumnType.LIST,
    "status": ColumnType.TEXT,
    "allocation": ColumnType.TEXT,
    "masking": ColumnType.TEXT,
    "intervention_model": ColumnType.TEXT,
    "multicenter": ColumnType.BOOLEAN,
    "international": ColumnType.BOOLEAN,
    "registrational": ColumnType.BOOLEAN,
    "conditions": ColumnType.LIST,
    "biomarkers": ColumnType.LIST,
    "settings": ColumnType.LIST,
    "prior_therapies": ColumnType.LIST,
    "enrollment": ColumnType.INTEGER,
    "enrollment_type": ColumnType.TEXT,
    "arms": ColumnType.LIST,
    "endpoints": ColumnType.LIST,
    "regulatory_events": ColumnType.LIST,
    "presented_at": ColumnType.LIST,
    "results": ColumnType.INTEGER,
    "flags": ColumnType.LIST,
    **_ARTICLE_COLUMNS,
}
"""Columns of `trials.csv`: every field of a trial record under its own name, and where it comes from."""

RESULT_COLUMNS: Mapping[str, ColumnType] = {
    "source": ColumnType.TEXT,
    "pointer": ColumnType.TEXT,
    "attributed": ColumnType.BOOLEAN,
    "trial": ColumnType.TEXT,
    "focus": ColumnType.TEXT,
    "endpoint": ColumnType.TEXT,
    "statistic": ColumnType.TEXT,
    "value": ColumnType.NUMBER,
    "value_text": ColumnType.TEXT,
    "reached": ColumnType.BOOLEAN,
    "unit": ColumnType.TEXT,
    "ci_low": ColumnType.NUMBER,
    "ci_high": ColumnType.NUMBER,
    "ci_level": ColumnType.NUMBER,
    "p_value": ColumnType.TEXT,
    "arm": ColumnType.TEXT,
    "timepoint": ColumnType.TEXT,
    "numerator": ColumnType.INTEGER,
    "denominator": ColumnType.INTEGER,
    "subgroup": ColumnType.TEXT,
    "assessor": ColumnType.TEXT,
    "analysis": ColumnType.TEXT,
    "sentence": ColumnType.TEXT,
    "span_start": ColumnType.INTEGER,
    "span_end": ColumnType.INTEGER,
    "flags": ColumnType.LIST,
    **_ARTICLE_COLUMNS,
}
"""Columns of `results.csv`: every field of a result, its trial, and the sentence it was read from."""


def trial_rows(summary: Summary) -> list[Row]:
    """One row per trial of a summary, without the cells that tell its article."""
    flags = _Flags(summary)
    rows: list[Row] = []
    for at, trial in enumerate(summary.trials):
        pointer = f"/trials/{at}"
        rows.append(_trial_cells(trial) | {"pointer": pointer, "flags": flags.below(pointer)})
    return rows


def result_rows(summary: Summary, article: Article) -> list[Row]:
    """One row per estimate of a summary, those of no trial included, trial by trial; without the article's cells."""
    places = _Places(summary, article.text)
    flags = _Flags(summary)
    found: list[tuple[str, TrialRecord | None, Result]] = [
        (f"/trials/{at}/results/{row}", trial, result)
        for at, trial in enumerate(summary.trials)
        for row, result in enumerate(trial.results)
    ]
    found += [(f"/unattributed_results/{row}", None, result) for row, result in enumerate(summary.unattributed_results)]
    rows: list[Row] = []
    for pointer, trial, result in found:
        whose: Row = {"attributed": trial is not None}
        if trial is not None:
            whose |= {"trial": trial.name, "focus": trial.focus}
        rows.append(
            {"pointer": pointer, "flags": flags.below(pointer)} | whose | _plain_fields(result) | places.cells(pointer)
        )
    return rows


def article_cells(source: Mapping[str, Any]) -> Row:
    """The cells that tell an article, of its `Summary.source`; they are the same for all of its rows."""
    return {
        "source": source["name"],
        "article_title": source["title"],
        "article_url": source["url"],
        "article_published": source["published"],
    }


_NESTED = frozenset({"arms", "endpoints", "regulatory_events", "results"})


def _plain_fields(record: TrialRecord | Result) -> Row:
    """The fields of a record that a cell can hold as they are: its numbers, words and lists of words."""
    values: dict[str, Any] = dict(record)
    return {name: value for name, value in values.items() if name not in _NESTED}


def _trial_cells(trial: TrialRecord) -> Row:
    return _plain_fields(trial) | {
        "arms": [_arm(arm) for arm in trial.arms],
        "endpoints": [f"{item.rank}: {item.endpoint}" for item in trial.endpoints],
        "regulatory_events": [_event(event) for event in trial.regulatory_events],
        "results": len(trial.results),
    }


def _arm(arm: Arm) -> str:
    size = f" (n={arm.n})" if arm.n is not None else ""
    return f"{arm.role}: {' + '.join(arm.interventions)}{size}"


def _event(event: RegulatoryEvent) -> str:
    date = f" ({event.date})" if event.date else ""
    return f"{event.agency or 'agency not named'}: {event.action}{date}"


_RECORD = re.compile(r"(/trials/\d+)(/results/\d+)?|/unattributed_results/\d+")


class _Flags:
    """The flags of a summary, asked for by the record that they are about."""

    def __init__(self, summary: Summary) -> None:
        self._codes: dict[str, dict[str, None]] = defaultdict(dict)
        for flag in summary.flags:
            record = _RECORD.match(flag.pointer)
            for pointer in {record[0], record[1]} - {None} if record else ():
                self._codes[pointer][flag.code] = None

    def below(self, pointer: str) -> list[str]:
        """Codes of the flags on a record or on anything in it, each once."""
        return list(self._codes.get(pointer, ()))


_RESULT_LEAF = re.compile(r"(/trials/\d+/results/\d+|/unattributed_results/\d+)/(\w+)")
# An estimate is where its value stands; one without a value is where the next best part of it stands.
_BEST_LEAF = ("value", "value_text", "reached", "p_value", "ci_low", "ci_high", "numerator")


class _Places:
    """Where in the text each estimate was read."""

    def __init__(self, summary: Summary, text: str) -> None:
        self._text = text
        self._spans: dict[str, dict[str, Span]] = defaultdict(dict)
        for pointer, spans in summary.evidence.items():
            leaf = _RESULT_LEAF.fullmatch(pointer)
            if leaf and spans:
                self._spans[leaf[1]][leaf[2]] = spans[0]
        self._sentences = read_sentences(text)[1] if self._spans else []
        self._starts = [sentence.start for sentence in self._sentences]

    def cells(self, pointer: str) -> Row:
        """Sentence and span of the estimate at a pointer; empty where there is no evidence for it."""
        leaves = self._spans.get(pointer)
        if not leaves:
            return {}
        name = next((name for name in _BEST_LEAF if name in leaves), None)
        span = leaves[name] if name else min(leaves.values(), key=lambda span: span.start)
        return {"sentence": self._passage(span), "span_start": span.start, "span_end": span.end}

    def _passage(self, span: Span) -> str:
        """The sentence that a span starts in, and those up to where it ends."""
        start, end = span.start, span.end
        at = bisect_right(self._starts, start) - 1
        if at >= 0:
            start = min(start, self._sentences[at].start)
            while at < len(self._sentences) and self._sentences[at].start < span.end:
                end = max(end, self._sentences[at].end)
                at += 1
        if end - start > MAX_PASSAGE:
            start = max(start, span.start - MAX_PASSAGE // 2)
            end = min(end, start + MAX_PASSAGE)
        return " ".join(self._text[start:end].split())
