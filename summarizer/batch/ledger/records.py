"""What the ledger keeps, as it goes in and comes out."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.batch.report import Counts, Failure
from summarizer.batch.rows import Row
from summarizer.loading import FileStamp

__all__ = ["Body", "Entry", "Exported", "Finished", "ListedFile", "Outcome"]


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the folder, as the listing of this run has it."""

    name: str
    """Path relative to the folder."""
    path: str
    """Where it is."""
    stamp: FileStamp
    """What it was like when it was listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One input of a file: an article, or what went wrong in its place."""

    file: str
    """Path of the file, relative to the folder."""
    position: int
    """Place in the file, counted from 0."""
    name: str
    """What the article is called; for a failure, the file."""
    content: str | None
    """SHA-256 of the article's text; None for a failure."""
    source: str = "{}"
    """`Summary.source` of the article, as JSON."""
    failure: Failure | None = None
    """Why there is no article."""


@dataclass(frozen=True, slots=True)
class Body:
    """Everything that came of a text, but for the name, title and address that it has in one file or another."""

    before: str
    """The line of `summaries.jsonl`, up to its source."""
    after: str
    """The same line, from behind its source."""
    trials: Sequence[Row]
    """Rows of the table of trials."""
    results: Sequence[Row]
    """Rows of the table of results."""

    def pack(self) -> bytes:
        """As the ledger holds it."""
        text = json.dumps([self.before, self.after, self.trials, self.results], separators=(",", ":"))
        return zlib.compress(text.encode("ascii"), level=1)

    @classmethod
    def unpack(cls, packed: bytes) -> Body:
        """What :meth:`pack` gave."""
        return cls(*json.loads(zlib.decompress(packed)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a text: a summary, or a failure."""

    content: str
    """SHA-256 of the text."""
    counts: Counts
    """Counts of the one summary, or of what was spent on the failure."""
    body: bytes | None = None
    """The summary's :class:`Body`, packed; None for a failure."""
    failure: Failure | None = None
    """Why there is no summary."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of one file that was read as a whole, or of one article of a file of many."""

    file: str
    """Path of the file, relative to the folder."""
    stamp: FileStamp | None = None
    """What the file was like while it was read; None for an article of many, or for a file that changed meanwhile."""
    entries: Sequence[Entry] = ()
    """What the file holds; empty for an article of many, which was noted when it was read."""
    outcomes: Sequence[Outcome] = field(default_factory=tuple[Outcome, ...])
    """What became of the texts; those that the ledger knows already are left out."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One input of the run with what became of it, in the order of the files."""

    entry: Entry
    outcome: Outcome
    is_again: bool = False
    """Whether an input before it holds the same text."""

    @property
    def failure(self) -> Failure | None:
        """Why there is no summary, told of this input."""
        if self.entry.failure is not None:
            return self.entry.failure
        failure = self.outcome.failure
        return None if failure is None else failure.told_of(self.entry.name)
