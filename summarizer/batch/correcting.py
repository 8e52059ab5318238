"""What a run needs of people's corrections; who keeps and applies them is behind a protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from summarizer.schemas import Summary

__all__ = ["LEFT_OUT", "UNCORRECTED", "CorrectedSummary", "CorrectionCounts", "Corrector"]

LEFT_OUT = "corrections-left-out.jsonl"
"""File of the corrections that were not applied, with the reason."""
UNCORRECTED = "uncorrected.jsonl"
"""File of the machine's summaries of the articles that were corrected, so that they can be reviewed again."""


@dataclass(slots=True)
class CorrectionCounts:
    """What became of the corrections of a run."""

    applied: int = 0
    """Corrections that are in the files, confirmations included."""
    unfit: int = 0
    """Corrections that do not fit the record or the text any more; left out."""
    conflicting: int = 0
    """Corrections of reviewers who contradict each other; left out."""
    elsewhere: int = 0
    """Corrections of articles that this run does not have; left out."""

    @property
    def left_out(self) -> int:
        """All that were not applied."""
        return self.unfit + self.conflicting + self.elsewhere

    def add(self, other: CorrectionCounts) -> None:
        """Count what another one counted."""
        for name, number in asdict(other).items():
            setattr(self, name, getattr(self, name) + number)


@dataclass(frozen=True, slots=True)
class CorrectedSummary:
    """A summary with the corrections of its article."""

    summary: Summary
    """The corrected summary."""
    counts: CorrectionCounts
    """What became of the corrections."""
    left_out: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    """Lines of the file of what was not applied."""


class Corrector(Protocol):
    """Who holds the corrections."""

    @property
    def fingerprint(self) -> str:
        """Changes with every correction."""
        ...

    @property
    def articles(self) -> frozenset[str]:
        """SHA-256 of the texts that have corrections."""
        ...

    def correct(self, summary: Summary, text: str | None) -> CorrectedSummary:
        """Apply the corrections of an article; without its text none is applied."""
        ...

    def leave_out(self, article: str) -> list[Mapping[str, Any]]:
        """Lines for the corrections of an article that the run does not have."""
        ...
