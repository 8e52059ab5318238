"""Check of gold files: against the schema, against their article, and for labels worth a second look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from summarizer.errors import SummarizerError
from summarizer.schemas import GoldCase, TruncationKind

from .cases import GOLD_NAME, CaseError, find_article, find_case_folders, load_case
from .doubts import find_doubts
from .grounds import iterate_leaves, numbers_in
from .normalise import number_key, text_key
from .passages import locate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMERIC = frozenset(
    {"value", "ci_low", "ci_high", "ci_level", "numerator", "denominator", "n", "enrollment", "p_value"}
)
_QUOTED = frozenset({"name", "aliases", "registry_ids"})


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The label can't be right: it breaks the schema, or is not in the article."""
    DOUBT = "doubt"
    """A second reader should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful about a case."""

    case: str
    """Name of the case folder."""
    severity: Severity
    """How bad it is."""
    pointer: str
    """JSON pointer into the gold file; empty for the whole file."""
    message: str
    """What it is."""


def lint_cases(folder: Path) -> Iterator[Finding]:
    """Check every case of a folder, or one case folder.

    Raises:
        CaseError: if there is no case in the folder.
    """
    for each in find_case_folders(folder):
        yield from lint_case(each)


def lint_case(folder: Path) -> Iterator[Finding]:
    """Check one case folder."""
    name = folder.resolve().name

    def error(pointer: str, message: str) -> Finding:
        return Finding(name, Severity.ERROR, pointer, message)

    if find_article(folder) is None:
        yield error("", "no article")
        return
    try:
        case = load_case(folder)
        text = case.load_article().text
    except CaseError as problem:
        yield error(problem.pointer, problem.problem)
        return
    except (SummarizerError, OSError, UnicodeError) as problem:
        yield error("", f"the article can't be loaded: {problem}")
        return
    if case.gold is None:
        yield Finding(name, Severity.DOUBT, "", f"no {GOLD_NAME}: the case gives no score")
        return
    if case.gold.case != name:
        yield error("/case", f"says {case.gold.case!r}, but the folder is {name!r}")
    for pointer, message in _find_strangers(case.gold, text):
        yield error(pointer, message)
    for pointer, message in (*find_doubts(case.gold), *_doubt_places(case.gold, text)):
        yield Finding(name, Severity.DOUBT, pointer, message)


def _find_strangers(gold: GoldCase, article: str) -> Iterator[tuple[str, str]]:
    """Numbers, designations and passages that do not stand in the article."""
    printed, words = numbers_in(article), text_key(article)
    for pointer, value in iterate_leaves(gold):
        parts = [part for part in pointer.split("/") if not part.isdigit()]
        if "alternatives" in parts or not parts:
            continue
        if parts[-1] in _NUMERIC:
            numbers = numbers_in(value) if isinstance(value, str) else {abs(number_key(_as_float(value)))}
            for number in sorted(numbers - printed):
                yield pointer, f"{number} does not stand in the article"
        elif parts[-1] in _QUOTED and isinstance(value, str) and text_key(value) not in words:
            yield pointer, f"{value!r} does not stand in the article"
    for index, truncation in enumerate(gold.truncations):
        if truncation.text not in article:
            yield f"/truncations/{index}/text", f"does not stand in the article: {truncation.text!r}"


def _as_float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _doubt_places(gold: GoldCase, article: str) -> Iterator[tuple[str, str]]:
    end = len(article.rstrip())
    for index, truncation in enumerate(gold.truncations):
        pointer, spans = f"/truncations/{index}/text", locate(truncation.text, article)
        if len(spans) > 1:
            yield pointer, f"stands {len(spans)} times in the article; a longer text would be unique"
        if truncation.kind is TruncationKind.CUT_END and spans and spans[-1][1] < end:
            yield pointer, "CUT_END, but the article goes on after it"
