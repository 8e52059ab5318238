"""Design, phase, status and setting cues: one vocabulary file, read here and checked against by the grounder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from summarizer.reading.mentions.model import CueMatch
from summarizer.reading.phrases import read_rows
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


class CueRow(NamedTuple):
    """A row of ``design_cues.tsv``."""

    field: str
    values: tuple[str, ...]
    needs: tuple[str, ...]
    """Lower-case text of which at least one piece stands in every match."""
    pattern: re.Pattern[str]


@cache
def cue_rows() -> tuple[CueRow, ...]:
    """Rows of ``design_cues.tsv``, patterns compiled."""
    return tuple(
        CueRow(field, tuple(value.split(",")), tuple(needs.split("|")), re.compile(pattern, re.IGNORECASE))
        for field, value, needs, pattern in read_rows(_VOCABULARY, "design_cues.tsv")
    )


def rows_for(folded: str) -> tuple[CueRow, ...]:
    """Rows that can match anywhere in a text: most texts need a third of them."""
    lowered = folded.lower()
    return tuple(row for row in cue_rows() if any(piece in lowered for piece in row.needs))


def find_cues(folded: str, span: TextSpan, rows: Sequence[CueRow] | None = None) -> list[CueMatch]:
    """Cues in ``folded[span]`` in text order; a row with several values gives one match per value.

    Args:
        folded: text through ``fold``.
        span: the sentence.
        rows: rows to try; None tries all.
    """
    found: list[CueMatch] = []
    lowered = folded[span.start : span.end].lower()
    for row in cue_rows() if rows is None else rows:
        for piece in row.needs:
            if piece in lowered:
                break
        else:
            continue
        for match in row.pattern.finditer(folded, *span):
            found.extend(CueMatch(row.field, value, TextSpan(*match.span())) for value in row.values)
    found.sort(key=lambda cue: cue.span)
    return found


def licenses(field: str, value: str, words: str) -> bool:
    """True when ``words`` (folded) hold a wording that licenses ``value`` for ``field``."""
    return any(
        row.field == field and value in row.values and row.pattern.search(words) is not None for row in cue_rows()
    )
