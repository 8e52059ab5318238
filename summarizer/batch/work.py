"""The work on one file or article, whoever does it: this process, another one, an event loop, a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.article import Article
from summarizer.batch.ledger.records import Body, Entry, Finished, ListedFile, Outcome
from summarizer.batch.report import Counts, Failure
from summarizer.batch.rows import result_rows, trial_rows
from summarizer.errors import BudgetExceededError, ConfigurationError, EndpointDownError, UnreadableInputError
from summarizer.loading import Format, format_of, load_articles, read_stamp
from summarizer.pipeline import make_source
from summarizer.render.json import render_json
from summarizer.schemas import Source, Summary

__all__ = [
    "STOPPING",
    "ArticleTask",
    "FileTask",
    "Task",
    "Terms",
    "failed",
    "failed_by",
    "holds_one",
    "make_body",
    "make_entry",
    "make_outcome",
    "read_file",
    "read_one",
    "read_task",
]

STOPPING = (ConfigurationError, BudgetExceededError, EndpointDownError)
"""Errors that are not those of one article: no other one would fare better."""

_MANY = (Format.JSON, Format.JSON_LINES)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the work on every article of a run heeds."""

    include_text: bool = False
    """Put the text into the summary."""
    debug: bool = False
    """Put the traceback of a bug into its failure."""


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file of one article, to be read and summarised."""

    listed: ListedFile

    @property
    def name(self) -> str:
        """What it is called."""
        return self.listed.name


@dataclass(frozen=True, slots=True)
class ArticleTask:
    """An article of a file of many, to be summarised; that it is there is noted already."""

    file: str
    article: Article

    @property
    def name(self) -> str:
        """What it is called."""
        return self.article.name or self.file


Task = FileTask | ArticleTask


def holds_one(listed: ListedFile) -> bool:
    """Whether a file holds one article, by its format; JSON may hold many."""
    return format_of(listed.name) not in _MANY


def read_file(listed: ListedFile) -> Iterator[Article | Exception]:
    """What a file holds. Nothing is raised: what goes wrong comes out in its place, bugs included."""
    try:
        yield from load_articles(Path(listed.path), name=listed.name)
    except Exception as error:  # noqa: BLE001 - a bug that one file trips must not stop the others
        yield error


def read_one(listed: ListedFile) -> tuple[Article | Exception, bool]:
    """The article of a file of one, and whether that is sure to be what the file holds from now on."""
    (item,) = read_file(listed)
    if read_stamp(Path(listed.path)) == listed.stamp:
        return item, not isinstance(item, UnreadableInputError | MemoryError)
    changed = UnreadableInputError("changed while it was read", listed.name, "run again when it is complete")
    return changed, False


def read_task(task: FileTask, terms: Terms) -> tuple[Article | None, Finished]:
    """Read a file of one article: the article, None where there is none, and what there is to keep even without it."""
    listed = task.listed
    item, is_lasting = read_one(listed)
    entry = make_entry(listed, 0, item, terms)
    finished = Finished(listed.name, listed.stamp if is_lasting else None, [entry])
    return (item if isinstance(item, Article) else None), finished


def make_entry(listed: ListedFile, position: int, item: Article | Exception, terms: Terms) -> Entry:
    """What the ledger notes of an input."""
    if isinstance(item, Exception):
        failure = Failure.from_error(item, listed.name, debug=terms.debug)
        return Entry(listed.name, position, failure.file, None, failure=failure)
    source = render_json(make_source(item, include_text=terms.include_text), indent=None)
    return Entry(listed.name, position, item.name or listed.name, item.sha256, source)


def make_outcome(summary: Summary, article: Article) -> Outcome:
    """What the ledger keeps of a summary."""
    counts = Counts()
    counts.add_summary(summary)
    return Outcome(summary.source.sha256, counts, make_body(summary, article).pack())


def failed_by(error: Exception, article: Article, terms: Terms) -> Outcome:
    """What the ledger keeps of a text whose article tripped an error."""
    return failed(article.sha256, Failure.from_error(error, article.name or "", debug=terms.debug))


def failed(content: str, failure: Failure) -> Outcome:
    """What the ledger keeps of a text that gave no summary."""
    counts = Counts()
    counts.add_failure(failure)
    return Outcome(content, counts, failure=failure)


def make_body(summary: Summary, article: Article) -> Body:
    """What the files of a run hold of a summary."""
    # The record's line with another, known source: what stands before and behind that is the same for all.
    bare = Source(sha256="", characters=0)
    line = render_json(summary.model_copy(update={"source": bare}), indent=None)
    before, after = line.split(render_json(bare, indent=None), maxsplit=1)
    return Body(before, after, trial_rows(summary), result_rows(summary, article))
