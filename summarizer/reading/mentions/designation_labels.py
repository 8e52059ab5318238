"""Names of trials that stand as labels only: siblings before their lines of results, cells of a column of trials.

Elsewhere a name needs words that speak of a study. Where a scraper took the sentence that introduced two trials, their
results would melt into one, did not the labels still tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from summarizer.text import TextSpan

_SIZE_FOLLOWS = re.compile(r"\s?\([nN] ?= ?\d[\d,]*\)\s?:")
_AT_LINE_START = re.compile(r"(?:^|\n)[ \t]*(?:[-*\u2022\u25aa\u25cf] ?)?$")
_LONGEST_BULLET = 8
_NUMBERED_PARTS = frozenset("ARM COHORT CYCLE DOSE GRADE GROUP LEVEL PART PHASE STAGE STRATUM STUDY TRIAL WEEK".split())
"""What is numbered within one trial."""
_COLUMN_OF_TRIALS = re.compile(
    r"^\|?[ \t]*(?:Trial|Study)(?: name)?[ \t]*\|[^\n]*\n(?P<rows>(?:\|?[^\n|]*\|[^\n]*(?:\n|\Z))+)", re.MULTILINE
)
_FIRST_CELL = re.compile(r"^\|?[ \t]*(?P<cell>[^|\n]*?)[ \t]*\|", re.MULTILINE)


def labelled_siblings(
    folded: str, candidates: Iterable[re.Match[str]], family_of: Callable[[str], str | None]
) -> list[re.Match[str]]:
    """Names of one family, two or more, each before a size and a colon: "LARKSPUR-I (n = 103): ORR 90%".

    Args:
        folded: text through ``fold``.
        candidates: capitalised words that may be names.
        family_of: the part that numbered siblings share.
    """
    labels: dict[str, list[re.Match[str]]] = {}
    for match in candidates:
        family = family_of(match.group())
        before = folded[max(0, match.start() - _LONGEST_BULLET) : match.start()]
        starts = match.start() == 0 or _AT_LINE_START.search(before)
        if (
            family
            and family.isupper()
            and family not in _NUMBERED_PARTS
            and starts
            and _SIZE_FOLLOWS.match(folded, match.end())
        ):
            labels.setdefault(family, []).append(match)
    return [match for found in labels.values() if len({m.group() for m in found}) > 1 for match in found]


def cells_of_trials(folded: str) -> frozenset[TextSpan]:
    """First cells below a head "Trial" or "Study", in a table with bars."""
    if "|" not in folded:
        return frozenset()
    return frozenset(
        TextSpan(*cell.span("cell"))
        for table in _COLUMN_OF_TRIALS.finditer(folded)
        for cell in _FIRST_CELL.finditer(folded, *table.span("rows"))
    )
