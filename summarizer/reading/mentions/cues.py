"""Design, phase, status and setting cues: one vocabulary file, read here and checked against by the grounder."""

from __future__ import annotations

import re
from functools import cache

from summarizer.reading.mentions.model import CueMatch
from summarizer.reading.phrases import read_rows
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


@cache
def cue_patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Rows of ``design_cues.tsv``: field, value, compiled pattern."""
    return tuple(
        (field, value, re.compile(pattern, re.IGNORECASE))
        for field, value, pattern in read_rows(_VOCABULARY, "design_cues.tsv")
    )


def find_cues(folded: str, span: TextSpan) -> list[CueMatch]:
    """Cues in ``folded[span]`` in text order; a row with several values gives one match per value."""
    found: list[CueMatch] = []
    for field, value, pattern in cue_patterns():
        for match in pattern.finditer(folded, *span):
            found.extend(CueMatch(field, single, TextSpan(*match.span())) for single in value.split(","))
    found.sort(key=lambda cue: cue.span)
    return found


def licenses(field: str, value: str, words: str) -> bool:
    """True when ``words`` (folded) hold a wording that licenses ``value`` for ``field``."""
    return any(
        row_field == field and value in row_value.split(",") and pattern.search(words) is not None
        for row_field, row_value, pattern in cue_patterns()
    )
