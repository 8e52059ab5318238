"""What the commands of ``summarizer review`` do, and how they say it."""

from __future__ import annotations

import signal
import webbrowser
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from summarizer.article import Article
from summarizer.cli.speech import say
from summarizer.errors import ConfigurationError
from summarizer.evaluation.cases import CaseError
from summarizer.evaluation.drafts import create_case
from summarizer.render.words import count
from summarizer.review import ReviewFolder, write_review
from summarizer.review.applying import Corrected, apply_corrections
from summarizer.review.articles import ArticleTexts
from summarizer.review.corrections import Correction, read_corrections, write_corrections
from summarizer.review.generate import CORRECTIONS, iterate_summaries, read_folder
from summarizer.review.merging import merge_corrections
from summarizer.review.serving import ReviewServer
from summarizer.review.settling import Conflict, canonical
from summarizer.schemas import Summary

__all__ = ["export_cases", "make_pages", "merge_files", "open_page", "serve_pages"]

_DONE, _LEFT_OUT = 0, 1
_SHOWN = 5
"""Articles, conflicts and the like that are named one by one."""


def make_pages(out: Path, articles: Path | None) -> ReviewFolder:
    """Write the pages of a run and say so."""
    if articles is not None and not articles.is_dir():
        raise ConfigurationError(f"{articles}: no such folder", "name the folder of the articles")
    made = write_review(out, articles)
    for problem, names in _fold_problems(made.without_text):
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        say(f"without its text: {names[0]}{more}: {problem}")
    say(f"{count(made.articles, 'page')} written: {made.index}")
    return made


def open_page(made: ReviewFolder) -> None:
    """Show the index in the user's browser."""
    if not webbrowser.open(made.index.resolve().as_uri()):
        say(f"no browser was found; open {made.index} in one")


def _fold_problems(problems: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """The reasons, those that name each article's own file shown only a few times."""
    reasons = list(problems.items())
    if len(reasons) <= _SHOWN:
        return reasons
    rest = [name for _, names in reasons[_SHOWN:] for name in names]
    return [*reasons[:_SHOWN], ("for like reasons, which their pages tell", rest)]


def serve_pages(out: Path, port: int, *, is_opened: bool) -> None:
    """Serve the pages of a run until Ctrl-C."""
    with ReviewServer(out, port) as server:
        say(f"corrections are saved to {out / CORRECTIONS}")
        say(f"open {server.address}")
        say("stop with Ctrl-C")
        if is_opened:
            webbrowser.open(server.address)
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("stopped")
        finally:
            signal.signal(signal.SIGTERM, before)


def merge_files(files: Sequence[Path], out: Path) -> int:
    """Put files of corrections together.

    Returns:
        The exit status: 1 where reviewers contradict.
    """
    merged = merge_corrections([read_corrections([path]) for path in files])
    write_corrections(out, merged.corrections)
    for conflict in merged.conflicts:
        _say_conflict(conflict)
    said = [
        count(len(merged.corrections), "correction"),
        f"{merged.repeated:,} in more than one file" if merged.repeated else "",
        f"{merged.agreeing:,} in agreement" if merged.agreeing else "",
        count(len(merged.conflicts), "conflict") if merged.conflicts else "no conflict",
    ]
    say(f"{', '.join(filter(None, said))}: {out}")
    return _LEFT_OUT if merged.conflicts else _DONE


def _say_conflict(conflict: Conflict) -> None:
    first = conflict.sides[0]
    sides = "; ".join(f"{each.reviewer}: {_describe(each)}" for each in conflict.sides)
    say(f"conflict: {first.source or first.article[:12]}, {conflict.pointer or 'the whole article'}: {sides}")


def _describe(correction: Correction) -> str:
    value = "" if correction.value is None else f" {canonical(correction.value)}"
    return f"{correction.operation.value}{value}"


def export_cases(out: Path, cases: Path, files: Sequence[Path] | None, articles: Path | None, *, is_all: bool) -> int:
    """Make a case of each reviewed article.

    Returns:
        The exit status: 1 where something was left out.
    """
    corrections = read_corrections(files or [out / CORRECTIONS])
    by_article: dict[str, list[Correction]] = defaultdict(list)
    for each in corrections:
        by_article[each.article].append(each)
    texts = ArticleTexts(articles if articles is not None else read_folder(out))
    made = left_out = 0
    for summary in iterate_summaries(out):
        own = by_article.get(summary.source.sha256, [])
        if not own and not is_all:
            continue
        found = texts.find(summary.source)
        if found.text is None:
            say(f"left out: {summary.source.name}: {found.problem}")
            left_out += 1
            continue
        corrected = apply_corrections(summary, own, found.text)
        left_out += _say_left_out(summary, corrected)
        left_out += not _make_case(corrected.summary, found.text, texts.path_of(summary.source), cases)
        made += 1
    say(f"{count(made, 'case')} made in {cases}; measure with: summarizer eval --cases {cases}")
    return _LEFT_OUT if left_out else _DONE


def _make_case(summary: Summary, text: str, path: Path | None, cases: Path) -> bool:
    source = summary.source
    article = Article(text, name=source.name, title=source.title, url=source.url, published=source.published)
    try:
        create_case(article, path or Path(f"{source.name}.json"), cases, summary=summary)
    except CaseError as error:
        say(f"left out: {source.name}: {error}")
        return False
    return True


def _say_left_out(summary: Summary, corrected: Corrected) -> int:
    """Say what could not be applied; gives how many."""
    for each in corrected.left_out:
        say(f"left out: {summary.source.name}, {each.correction.pointer} by {each.correction.reviewer}: {each.reason}")
    for conflict in corrected.conflicts:
        _say_conflict(conflict)
    return len(corrected.left_out) + len(corrected.conflicts)
