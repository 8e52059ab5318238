"""Corrections of reviewers, handed to a batch: the two packages don't know each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.batch.correcting import CorrectedSummary, CorrectionCounts
from summarizer.review.applying import LeftOut, apply_corrections
from summarizer.review.correcting import Corrections, describe_left_out, describe_line
from summarizer.schemas import Summary

__all__ = ["ReviewedCorrections"]


class ReviewedCorrections:
    """Files of corrections, as a batch wants them.

    Args:
        paths: The files.

    Raises:
        ConfigurationError: if a file can't be read, or a line is no correction.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._corrections = Corrections(paths)

    @property
    def fingerprint(self) -> str:
        """Changes with every correction."""
        return self._corrections.fingerprint

    @property
    def articles(self) -> frozenset[str]:
        """SHA-256 of the texts that have corrections."""
        return self._corrections.articles

    def correct(self, summary: Summary, text: str | None) -> CorrectedSummary:
        """Apply the corrections of an article; without its text none is applied."""
        own = self._corrections.of(summary.source.sha256)
        if text is None:
            lines = [describe_line(LeftOut(each, "the text of the article can't be read any more")) for each in own]
            return CorrectedSummary(summary, CorrectionCounts(unfit=len(own)), lines)
        corrected = apply_corrections(summary, own, text)
        counts = CorrectionCounts(
            applied=len(corrected.applied),
            unfit=len(corrected.left_out),
            conflicting=sum(len(conflict.sides) for conflict in corrected.conflicts),
        )
        return CorrectedSummary(corrected.summary, counts, describe_left_out(corrected))

    def leave_out(self, article: str) -> list[Mapping[str, Any]]:
        """Lines for the corrections of an article that the run does not have."""
        reason = "no article of this run has the text that was corrected"
        return [describe_line(LeftOut(each, reason)) for each in self._corrections.of(article)]
