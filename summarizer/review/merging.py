"""Corrections of several reviewers in one file, with the contradictions marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from summarizer.review.corrections import Correction
from summarizer.review.settling import Conflict, settle

__all__ = ["Merged", "merge_corrections"]


@dataclass(slots=True)
class Merged:
    """Corrections of several files, put together."""

    corrections: list[Correction] = field(default_factory=list[Correction])
    """All of them in the order of time; those that contradict name each other in ``conflicts_with``."""
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    """What contradicts."""
    repeated: int = 0
    """Corrections that were in more than one file."""
    agreeing: int = 0
    """Corrections that say the same as another reviewer's."""


def merge_corrections(files: Sequence[Iterable[Correction]]) -> Merged:
    """Put the corrections of several files together.

    A correction that is in several files counts once. Nobody's word is dropped: contradicting corrections all stay, are
    marked, and none of them is applied until somebody withdraws one.
    """
    merged = Merged()
    known: dict[str, Correction] = {}
    for corrections in files:
        for each in corrections:
            merged.repeated += each.id in known
            known.setdefault(each.id, each)
    by_article: dict[str, list[Correction]] = defaultdict(list)
    for each in sorted(known.values(), key=lambda correction: correction.time):
        by_article[each.article].append(each)
    against: dict[str, list[str]] = {}
    for corrections in by_article.values():
        settled = settle(corrections)
        merged.agreeing += len(settled.agreeing)
        merged.conflicts += settled.conflicts
        for conflict in settled.conflicts:
            ids = [side.id for side in conflict.sides]
            against.update((own, [other for other in ids if other != own]) for own in ids)
    merged.corrections = [
        each.model_copy(update={"conflicts_with": against.get(each.id, [])})
        for corrections in by_article.values()
        for each in corrections
    ]
    return merged
