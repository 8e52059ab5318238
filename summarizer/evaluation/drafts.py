"""New cases: an article and a gold file to be corrected by hand."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from summarizer.schemas import GoldCase, Summary

from .cases import ARTICLE_NAMES, GOLD_NAME, CaseError
from .jsonvalue import Json

if TYPE_CHECKING:
    from summarizer.article import Article

_SUFFIXES: Final = {Path(name).suffix: name for name in ARTICLE_NAMES}
_LEFT_OUT: Final = frozenset({"value_text", "alternatives"})
"""Fields that a label leaves out, or that the labeller adds."""


def create_case(
    article: Article, source: Path, folder: Path, *, name: str | None = None, summary: Summary | None = None
) -> Path:
    """Make a case folder from an article.

    The file is copied as it came where a case may hold it in its format; from other formats (JSON, compressed
    files) the loaded text is written.

    Args:
        article: The article, as loaded.
        source: Its file.
        folder: Folder of cases; it is made when missing.
        name: Name of the case; by default made from the name of the file, or of its folder when the
            file is called as in a case.
        summary: What to fill the gold file with, for correction; None leaves it empty.

    Returns:
        The case folder.

    Raises:
        CaseError: if there is such a case already.
    """
    stem = source.name.removesuffix(".gz").rsplit(".", 1)[0]
    slug = make_slug(name or (source.resolve().parent.name if source.name in ARTICLE_NAMES else stem))
    case = folder / slug
    if case.exists():
        raise CaseError(case, "there is such a case already")
    case.mkdir(parents=True)
    kept = _SUFFIXES.get(source.suffix.casefold())
    if kept is None:
        (case / ARTICLE_NAMES[0]).write_text(article.text, encoding="utf-8", newline="\n")
    else:
        shutil.copyfile(source, case / kept)
    gold = draft_gold(summary, slug) if summary else GoldCase(case=slug)
    (case / GOLD_NAME).write_text(dump_gold(gold), encoding="utf-8", newline="\n")
    return case


def make_slug(text: str) -> str:
    """A folder name: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "case"


def draft_gold(summary: Summary, name: str) -> GoldCase:
    """A gold file that says what a summary says."""
    records = summary.model_dump(include={"trials", "unattributed_results", "truncations"})
    return GoldCase.model_validate({"case": name, **records})


def dump_gold(gold: GoldCase) -> str:
    """JSON text of a gold file as a labeller writes it: nothing that is absent, one row per line."""
    content = _prune_record(gold.model_dump(mode="json"))
    for name in ("trials", "unattributed_results", "truncations"):
        content.setdefault(name, [])
    return "".join(_write(content, 0)) + "\n"


def _prune_record(record: dict[str, Json]) -> dict[str, Json]:
    kept = {key: _prune(each) for key, each in record.items() if key not in _LEFT_OUT}
    return {key: each for key, each in kept.items() if each is not None and each not in ([], {})}


def _prune(value: Json) -> Json:
    if isinstance(value, dict):
        return _prune_record(value)
    if isinstance(value, list):
        return [_prune(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _write(value: Json, depth: int) -> Iterator[str]:
    """JSON in which records and lists of records are opened up, and everything else stands on one line."""
    if not _is_opened_up(value, depth):
        yield json.dumps(value, ensure_ascii=False)
        return
    items: list[tuple[str, Json]] = []
    if isinstance(value, dict):
        items = [(f"{json.dumps(key)}: ", each) for key, each in value.items()]
    elif isinstance(value, list):
        items = [("", each) for each in value]
    brackets = "{}" if isinstance(value, dict) else "[]"
    margin = "\n" + " " * (depth + 1)
    yield brackets[0]
    for index, (key, each) in enumerate(items):
        yield ("," if index else "") + margin + key
        yield from _write(each, depth + 1)
    yield "\n" + " " * depth + brackets[1]


def _is_opened_up(value: Json, depth: int) -> bool:
    """The case and its trials (depths 0 and 2), and every list of records that is not empty."""
    if isinstance(value, dict):
        return depth == 0 or (depth == 2 and "focus" in value)
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
