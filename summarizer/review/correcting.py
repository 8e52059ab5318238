"""Files of corrections, for whoever writes the summaries of a run."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from summarizer.review.applying import Corrected, LeftOut
from summarizer.review.corrections import Correction, dump_correction, read_corrections

__all__ = ["Corrections", "describe_left_out", "describe_line"]


class Corrections:
    """Corrections by article.

    Args:
        paths: The files.

    Raises:
        ConfigurationError: if a file can't be read, or a line is no correction.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._by_article: dict[str, list[Correction]] = defaultdict(list)
        digest = hashlib.sha256()
        for each in read_corrections(paths):
            self._by_article[each.article].append(each)
            digest.update(f"{dump_correction(each)}\n".encode("ascii"))
        self.fingerprint = digest.hexdigest()
        """Changes with every correction."""

    @property
    def articles(self) -> frozenset[str]:
        """SHA-256 of the texts that have corrections."""
        return frozenset(self._by_article)

    def of(self, article: str) -> list[Correction]:
        """The corrections of an article."""
        return self._by_article.get(article, [])


def describe_left_out(corrected: Corrected) -> list[Mapping[str, Any]]:
    """A line for each correction that was not applied: why, and the correction itself."""
    unfit = [describe_line(each) for each in corrected.left_out]
    conflicting = [
        describe_line(LeftOut(side, f"reviewers contradict each other about {conflict.pointer or 'the whole article'}"))
        for conflict in corrected.conflicts
        for side in conflict.sides
    ]
    return [*unfit, *conflicting]


def describe_line(left_out: LeftOut) -> Mapping[str, Any]:
    """One line of it."""
    return {"reason": left_out.reason, "correction": json.loads(dump_correction(left_out.correction))}
