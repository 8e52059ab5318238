"""Case folders: one article and its gold file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from summarizer.errors import ConfigurationError
from summarizer.schemas import GoldCase

if TYPE_CHECKING:
    from summarizer.article import Article

ARTICLE_NAMES: Final = ("article.txt", "article.html", "article.htm", "article.md")
"""File names of an article, in order of preference."""
GOLD_NAME: Final = "gold.json"
"""File name of the labels."""


class CaseError(ConfigurationError):
    """A folder of cases, or one case, that can't be used.

    Args:
        path: File or folder that is at fault.
        problem: What is wrong with it.
        pointer: JSON pointer of the place in a gold file; empty for the whole file.
    """

    code = "case"

    def __init__(self, path: Path, problem: str, pointer: str = "") -> None:
        super().__init__(f"{path}: {pointer and f'{pointer}: '}{problem}")
        self.args = (path, problem, pointer)
        self.path = path
        self.problem = problem
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Case:
    """One case folder."""

    name: str
    """Name of the folder."""
    folder: Path
    """Where it is."""
    article_path: Path
    """Its article, as it came."""
    gold: GoldCase | None
    """Its labels; None where there is no gold file, and then there is no score either."""
    article_sha256: str
    """SHA-256 of the article file's bytes."""
    gold_sha256: str | None
    """SHA-256 of the gold file's bytes."""

    def load_article(self) -> Article:
        """Load the article as the program itself loads it; its name is the case's."""
        from summarizer.loading import load_article  # noqa: PLC0415 - costs more than all else here

        return load_article(self.article_path, name=self.name)


def find_builtin_cases() -> Path:
    """Folder of the cases that ship with the program, in a checkout and in an installed wheel.

    Raises:
        CaseError: if neither is there.
    """
    packaged = Path(str(resources.files("summarizer"))) / "_data" / "cases"
    checkout = Path(__file__).resolve().parents[2] / "evals" / "cases"
    for folder in (packaged, checkout):
        if folder.is_dir():
            return folder
    raise CaseError(packaged, "the built-in cases are not installed; give a folder of cases")


def load_cases(folder: Path | None = None) -> list[Case]:
    """Load all cases of a folder in order of name, or one case folder; with None, the built-in ones.

    Raises:
        CaseError: if there is no such folder, no case in it, or a gold file that breaks the schema.
    """
    return [load_case(each) for each in find_case_folders(folder or find_builtin_cases())]


def find_case_folders(folder: Path) -> list[Path]:
    """Case folders in a folder, in order of name; a case folder is its own.

    Raises:
        CaseError: if there is no such folder, or no case in it.
    """
    if not folder.is_dir():
        raise CaseError(folder, "no such folder")
    if find_article(folder) is not None:
        return [folder]
    found = [each for each in sorted(folder.iterdir()) if each.is_dir() and find_article(each)]
    if not found:
        raise CaseError(folder, f"no case in it: a case is a folder with {ARTICLE_NAMES[0]} and {GOLD_NAME}")
    return found


def find_article(folder: Path) -> Path | None:
    """The article of a case folder."""
    return next((folder / name for name in ARTICLE_NAMES if (folder / name).is_file()), None)


def load_case(folder: Path) -> Case:
    """Load one case folder.

    Raises:
        CaseError: if it has no article, or a gold file that breaks the schema.
    """
    article = find_article(folder)
    if article is None:
        raise CaseError(folder, f"no article in it ({', '.join(ARTICLE_NAMES)})")
    gold_path = folder / GOLD_NAME
    raw = gold_path.read_bytes() if gold_path.is_file() else None
    return Case(
        name=folder.resolve().name,
        folder=folder,
        article_path=article,
        gold=None if raw is None else parse_gold(raw, gold_path),
        article_sha256=hashlib.sha256(article.read_bytes()).hexdigest(),
        gold_sha256=None if raw is None else hashlib.sha256(raw).hexdigest(),
    )


def parse_gold(raw: bytes, path: Path) -> GoldCase:
    """Read a gold file.

    Raises:
        CaseError: with the first place where it is not what the schema says.
    """
    try:
        return GoldCase.model_validate(json.loads(raw))
    except ValidationError as error:
        first = error.errors()[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise CaseError(path, first["msg"], pointer) from error
    except (ValueError, RecursionError) as error:
        raise CaseError(path, f"not JSON: {error}") from error
