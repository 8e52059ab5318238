"""Which of a folder's files a run takes, and what is still to be done of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from summarizer.article import Article
from summarizer.batch.correcting import LEFT_OUT, UNCORRECTED
from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.ledger.records import ListedFile
from summarizer.batch.options import BatchOptions
from summarizer.batch.patterns import make_filter
from summarizer.batch.report import Failure
from summarizer.batch.work import ArticleTask, FileTask, Task, Terms, holds_one, make_entry, read_file
from summarizer.errors import ConfigurationError, LoadError
from summarizer.loading import FolderListing, list_files, load_articles, read_stamp

__all__ = ["Chosen", "TaskSource", "choose", "iterate_inputs"]

JSON_OUTPUTS = ("summaries.jsonl", "failures.jsonl", "run.json")
"""The files of a run that a loader would take for articles."""
LATER_OUTPUTS = ("corrections.jsonl", LEFT_OUT, UNCORRECTED)
"""Such files that only a reviewed run has."""
REVIEW_PAGES = re.compile(r"(?P<above>(?:.*/)?)review/(?:.*/)?[^/]+\.(?:html|json)")
"""The pages of ``summarizer review``, in the folder of a run."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a run takes of a folder."""

    folder: Path
    files: tuple[ListedFile, ...]
    """Files to read, in path order."""
    problems: tuple[tuple[str, Failure], ...]
    """What looks like a file to read but can't be: name and reason."""
    present: frozenset[str]
    """Names of all that is there, also of what the run leaves out."""
    ignored: dict[str, int]
    """Reason -> entries of the folder that are no inputs."""

    @property
    def number(self) -> int:
        """How many files are taken, those that can't be read included."""
        return len(self.files) + len(self.problems)


def choose(folder: Path, out: Path, options: BatchOptions) -> Chosen:
    """List a folder and choose.

    Raises:
        ConfigurationError: if there is nothing to read.
        LoadError: if the folder is none or can't be listed.
    """
    listing = list_files(folder)
    if options.limit is not None and options.limit < 1:
        raise ConfigurationError(f"a limit of {options.limit} leaves nothing to read", "use 1 or more")
    if listing.folder.resolve() == out.resolve():
        raise ConfigurationError(
            f"{out}: results can't go into the folder that is read", "choose another folder for them"
        )
    problems = {error.name or "": error for error in listing.errors}
    present = frozenset({*(file.name for file in listing.files), *problems})
    is_included = make_filter(options.include, options.exclude)

    def is_taken(name: str) -> bool:
        return is_included(name) and not _is_of_a_run(name, present)

    chosen = Chosen(
        folder=listing.folder,
        files=tuple(ListedFile(file.name, file.location, file.stamp) for file in listing.files if is_taken(file.name)),
        problems=tuple(
            (name, Failure.from_error(error, name)) for name, error in sorted(problems.items()) if is_taken(name)
        ),
        present=present,
        ignored=_count_ignored(listing),
    )
    if not chosen.number:
        advice = "look at the patterns" if present else "name a folder of .txt, .md, .html, .json or .jsonl files"
        raise ConfigurationError(f"{listing.folder}: there is no article to read", advice)
    return chosen


def iterate_inputs(folder: str | Path, out: str | Path, options: BatchOptions) -> Iterator[Article | LoadError]:
    """What a batch with these options would read, done or not, without holding more than one article at a time.

    Raises:
        ConfigurationError: if there is nothing to read.
        LoadError: if the folder is none or can't be listed.
    """
    chosen = choose(Path(folder), Path(out), options)
    items = (item for file in chosen.files for item in load_articles(file.path, name=file.name))
    yield from islice(items, options.limit)


def _is_of_a_run(name: str, names: Container[str]) -> bool:
    """Whether a file is what an earlier run left: OUT may lie inside FOLDER."""
    page = REVIEW_PAGES.fullmatch(name)
    above, slash, own = name.rpartition("/")
    if page is None and own not in {*JSON_OUTPUTS, *LATER_OUTPUTS}:
        return False
    folder = f"{above}{slash}" if page is None else page["above"]
    return all(f"{folder}{other}" in names for other in JSON_OUTPUTS)


def _count_ignored(listing: FolderListing) -> dict[str, int]:
    # A dangling link's reason names its target: that is a reason of its own for each.
    reasons = Counter(entry.reason.partition(" link to /")[0] for entry in listing.ignored)
    return dict(sorted(reasons.items()))


class TaskSource:
    """The tasks of a run, in path order, up to its limit; what is done already is passed over.

    A file of one article is a task as it is, and whoever does it reads it. Of a file of many, the articles are noted in
    the ledger here, one by one, and each one that is not done yet is a task.

    Args:
        ledger: Says what is done; it has taken the listing.
        terms: What the work heeds.
        limit: Inputs after which to stop; None for all.
        on_failure: Told of every record of a file of many that is no article.
    """

    def __init__(self, ledger: Ledger, terms: Terms, limit: int | None, on_failure: Callable[[Failure], None]) -> None:
        self._ledger = ledger
        self._terms = terms
        self._left = limit
        self._on_failure = on_failure
        self.files_passed = 0
        """Files that gave no task, or all of theirs."""
        self.stopped_at_limit = False
        """Whether the limit ended the run before the folder was through."""

    def __iter__(self) -> Iterator[Task]:
        """Iterate over the tasks, once."""
        for listed, inputs in self._ledger.files():
            if self._left == 0:
                self.stopped_at_limit = True
                return
            if inputs is not None:
                self.stopped_at_limit = self._take(inputs) < inputs
                self.files_passed += 1
            elif holds_one(listed):
                self._take(1)
                yield FileTask(listed)
            else:
                yield from self._articles(listed)
                self.files_passed += 1

    def _take(self, inputs: int) -> int:
        """Count inputs against the limit; as many as it allows."""
        if self._left is None:
            return inputs
        taken = min(inputs, self._left)
        self._left -= taken
        return taken

    def _articles(self, listed: ListedFile) -> Iterator[Task]:
        """The articles of a file of many that are not done."""
        self._ledger.start_file(listed.name)
        for position, item in enumerate(read_file(listed)):
            if not self._take(1):
                self.stopped_at_limit = True
                return
            entry = make_entry(listed, position, item, self._terms)
            self._ledger.note([entry])
            if entry.failure is not None:
                self._on_failure(entry.failure)
            if isinstance(item, Article) and entry.content is not None and entry.content not in self._ledger:
                yield ArticleTask(listed.name, item)
        if read_stamp(Path(listed.path)) == listed.stamp:
            self._ledger.finish_file(listed.name, listed.stamp)
