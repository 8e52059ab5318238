"""The review folder: one page an article, an index of all, and what they share."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from pydantic import ValidationError

from summarizer.errors import ConfigurationError
from summarizer.render.facts import trial_title
from summarizer.review.applying import apply_corrections
from summarizer.review.articles import ArticleTexts, FoundText
from summarizer.review.corrections import Correction, Operation, dump_correction, read_corrections
from summarizer.review.pages import as_script_data, render_page
from summarizer.review.rows import index_row
from summarizer.review.settling import settle
from summarizer.review.vocabulary import make_vocabulary
from summarizer.review.words import WordIndex
from summarizer.schemas import Summary

__all__ = ["CORRECTIONS", "REVIEW", "ReviewFolder", "count_reviews", "iterate_summaries", "read_folder", "write_review"]

SUMMARIES, RUN, UNCORRECTED = "summaries.jsonl", "run.json", "uncorrected.jsonl"
CORRECTIONS: Final = "corrections.jsonl"
"""Name of the file of corrections in OUT."""
REVIEW: Final = "review"
"""Name of the review folder in OUT."""
_MARK: Final = "summarizer-review.json"
"""File by which a review folder is told from others: nothing else is ever replaced."""
_NAME_LETTERS: Final = 60
Named: TypeAlias = tuple[Summary, str]
"""A summary and the name of its page."""


@dataclass(slots=True)
class ReviewFolder:
    """What was written."""

    folder: Path
    """The review folder."""
    articles: int = 0
    """Articles with a page."""
    without_text: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Why a text can't be shown -> names of the articles."""

    @property
    def index(self) -> Path:
        """The page to open."""
        return self.folder / "index.html"


def write_review(out: Path, articles: Path | None = None) -> ReviewFolder:
    """Write the pages of a run.

    They are written beside the old ones, which they replace in one step.

    Args:
        out: What ``summarizer batch`` wrote.
        articles: Folder of the articles; None takes the one that the run read.

    Raises:
        ConfigurationError: if there are no summaries, or the place of the pages is taken by something else.
    """
    target = out / REVIEW
    _require_replaceable(target)
    saved = _saved_corrections(out)
    texts = ArticleTexts(articles if articles is not None else read_folder(out))
    total = sum(1 for _ in iterate_lines(out))
    try:
        report = _write_beside(target, out, texts, saved, total)
    except OSError as error:
        raise ConfigurationError(
            f"{target}: can't be written: {error.strerror or error}", "make room for it"
        ) from error
    report.folder = target
    return report


def _write_beside(
    target: Path, out: Path, texts: ArticleTexts, saved: dict[str, list[Correction]], total: int
) -> ReviewFolder:
    """Write the pages beside the old ones, and put them in their place when all is there."""
    partial = Path(tempfile.mkdtemp(prefix=".partial-review-", dir=out))
    try:
        partial.chmod(0o755)  # mkdtemp lets nobody else read, but pages are made to be shared
        report = _write_pages(partial, out, texts, saved, total)
        _swap(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return report


def iterate_lines(out: Path) -> Iterator[str]:
    """The lines of the summaries of a run.

    Raises:
        ConfigurationError: if there are none.
    """
    path = out / SUMMARIES
    try:
        with path.open(encoding="utf-8") as lines:
            yield from (line for line in lines if line.strip())
    except OSError as error:
        advice = f"run 'summarizer batch FOLDER --out {out}' first"
        raise ConfigurationError(f"{path}: can't be read: {error.strerror or error}", advice) from error


def iterate_summaries(out: Path) -> Iterator[Summary]:
    """The machine's summaries of a run, in path order: those before any correction.

    Raises:
        ConfigurationError: if there are none, or they are of another version.
    """
    machines = _read_uncorrected(out)
    for number, line in enumerate(iterate_lines(out), start=1):
        try:
            summary = Summary.model_validate_json(line)
            machine = machines.get(summary.source.sha256)
            yield machine.model_copy(update={"source": summary.source}) if machine else summary
        except ValidationError as error:
            raise ConfigurationError(
                f"{out / SUMMARIES}, line {number}: not a summary of this version: {error.errors()[0]['msg']}",
                "run the batch again with this version",
            ) from error


def _read_uncorrected(out: Path) -> dict[str, Summary]:
    """SHA-256 -> what the machine said of an article whose summary holds people's corrections already."""
    path = out / UNCORRECTED
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as lines:
        found = [Summary.model_validate_json(line) for line in lines]
    return {summary.source.sha256: summary for summary in found}


def read_folder(out: Path) -> Path | None:
    """The folder that a run read, as it was named; None where the run does not tell."""
    try:
        named = json.loads((out / RUN).read_text(encoding="utf-8")).get("folder")
    except (OSError, ValueError, AttributeError):
        return None
    return Path(named) if isinstance(named, str) else None


def _require_replaceable(target: Path) -> None:
    if target.exists() and not (target / _MARK).is_file():
        raise ConfigurationError(
            f"{target}: is there already and was not made by 'summarizer review'", "move it away, then try again"
        )


def _saved_corrections(out: Path) -> dict[str, list[Correction]]:
    """Article -> its corrections that were saved before."""
    path = out / CORRECTIONS
    found: dict[str, list[Correction]] = defaultdict(list)
    if path.exists():
        for each in read_corrections([path]):
            found[each.article].append(each)
    return found


def _write_pages(
    folder: Path, out: Path, texts: ArticleTexts, saved: dict[str, list[Correction]], total: int
) -> ReviewFolder:
    review = hashlib.sha256(str(out.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    report = ReviewFolder(folder)
    words = WordIndex()
    (folder / "articles").mkdir()
    (folder / "data").mkdir()
    with (folder / "data" / "index.js").open("w", encoding="ascii") as rows:
        rows.write("Review.takeRows([\n")
        named = ((summary, _page_name(number, summary)) for number, summary in enumerate(iterate_summaries(out)))
        before: str | None = None
        for number, ((summary, page), following) in enumerate(_with_next(named)):
            found = texts.find(summary.source)
            own = saved.get(summary.source.sha256, [])
            data = {
                **_page_data(summary, found),
                "review": review,
                "number": number + 1,
                "total": total,
                "previous": before,
                "next": following[1] if following else None,
                "saved": [json.loads(dump_correction(each)) for each in own],
            }
            _write(folder / "articles" / page, render_page("article", _title(summary), data))
            _write_row(rows, index_row(_as_corrected(summary, own, found.text), page, has_text=found.text is not None))
            words.add(number, _searchable(summary, found.text))
            if found.text is None:
                report.without_text.setdefault(found.problem, []).append(summary.source.name or page)
            before = page
            report.articles += 1
        rows.write("]);\n")
    shards = words.write(folder / "data" / "words")
    vocabulary = f"Review.vocabulary = {as_script_data(make_vocabulary())};\n"
    _write(folder / "data" / "vocabulary.js", vocabulary)
    _copy_assets(folder / "assets")
    name = out.resolve().name
    data = {"review": review, "name": name, "total": total, "saved": count_reviews(saved), "words": shards}
    _write(folder / "index.html", render_page("index", f"Review of {name}", data))
    _write(folder / _MARK, json.dumps({"made_by": "summarizer review", "articles": total}) + "\n")
    return report


def count_reviews(saved: dict[str, list[Correction]]) -> dict[str, dict[str, Any]]:
    """Article -> ids of its corrections, and whether all of it was accepted."""
    return {
        article: {
            "ids": [each.id for each in corrections],
            "accepted": any(
                each.operation is Operation.ACCEPT and not each.pointer for each in settle(corrections).active
            ),
        }
        for article, corrections in saved.items()
    }


def _with_next(
    items: Iterator[tuple[Summary, str]],
) -> Iterator[tuple[tuple[Summary, str], tuple[Summary, str] | None]]:
    """Each item with the one behind it."""

    def padded() -> Iterator[tuple[Summary, str] | None]:
        yield from items
        yield None

    for item, following in pairwise(padded()):
        if item is not None:
            yield item, following


def _page_name(number: int, summary: Summary) -> str:
    """A file name that any system takes, and that no name of an article can lead astray."""
    slug = re.sub(r"[^a-z0-9]+", "-", (summary.source.name or "").lower()).strip("-")[:_NAME_LETTERS].strip("-")
    return f"{number + 1:04d}-{slug or 'article'}.html"


def _as_corrected(summary: Summary, corrections: list[Correction], text: str | None) -> Summary:
    """What the index shows: the record as people have left it."""
    return apply_corrections(summary, corrections, text).summary if corrections and text is not None else summary


def _page_data(summary: Summary, found: FoundText) -> dict[str, Any]:
    content = summary.model_dump(mode="json")
    content["source"]["text"] = None  # it stands beside the summary, once
    return {"summary": content, "text": found.text, "text_problem": found.problem}


def _title(summary: Summary) -> str:
    return summary.source.title or summary.source.name or "Article"


def _searchable(summary: Summary, text: str | None) -> str:
    source = summary.source
    parts = [source.name or "", source.title or "", text or ""]
    for number, trial in enumerate(summary.trials, start=1):
        parts += [trial_title(trial, number), *trial.aliases, *trial.registry_ids, *trial.sponsors, *trial.conditions]
    return "\n".join(parts)


def _write_row(rows: IO[str], row: dict[str, Any]) -> None:
    rows.write(f"{as_script_data(row)},\n")


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")


def _copy_assets(folder: Path) -> None:
    folder.mkdir()
    for asset in resources.files("summarizer.review").joinpath("assets").iterdir():
        if asset.name.endswith((".js", ".css")):
            (folder / asset.name).write_bytes(asset.read_bytes())


def _swap(partial: Path, target: Path) -> None:
    """Put the new folder in the place of the old one."""
    if not target.exists():
        partial.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=".partial-review-", dir=target.parent)) / REVIEW
    target.rename(old)
    try:
        partial.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old.parent, ignore_errors=True)
