"""The one protocol that every extractor follows."""

from __future__ import annotations

from typing import Protocol

from summarizer.extraction.draft import Draft
from summarizer.reading.reader import Reading


class Extractor(Protocol):
    """Proposes trials and links from a Reading."""

    @property
    def name(self) -> str:
        """Engine name for ``run.engine``."""
        ...

    def extract(self, reading: Reading) -> Draft:
        """Propose a draft; never edits the reading."""
        ...
