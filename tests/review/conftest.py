"""A browser, a reviewed run, and pages of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import BatchOptions, run_batch
from summarizer.cli import main
from summarizer.review import write_review
from summarizer.schemas import Summary
from summarizer.settings import load_settings
from tests.review.support import ARTICLES
from tests.support.browser import browser

__all__ = ["browser"]  # a fixture is used by its name

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Run:
    """A run with its review folder."""

    out: Path
    articles: Path
    summaries: dict[str, Summary]

    @property
    def review(self) -> Path:
        return self.out / "review"

    def page_of(self, name: str) -> Path:
        """The page of an article, by the name of its file."""
        at = list(self.summaries).index(name)
        return sorted((self.review / "articles").iterdir())[at]

    def text_of(self, name: str) -> str:
        return ARTICLES[name]


def make_run(folder: Path) -> Run:
    """Summarise the articles and write their pages."""
    articles, out = folder / "articles", folder / "out"
    for name, text in ARTICLES.items():
        (articles / name).parent.mkdir(parents=True, exist_ok=True)
        (articles / name).write_text(text, encoding="utf-8", newline="\n")
    run_batch(articles, out, options=BatchOptions(), settings=load_settings({"use_cache": False}))
    write_review(out)
    lines = (out / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
    found = [Summary.model_validate_json(line) for line in lines]
    return Run(out, articles, {str(summary.source.name): summary for summary in found})


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that tests only look at."""
    return make_run(tmp_path_factory.mktemp("review"))


@pytest.fixture
def own_run(tmp_path: Path) -> Run:
    """A run that a test may change."""
    return make_run(tmp_path)


class Visitor:
    """Opens pages as a reader would, and notes what they complain about."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(accept_downloads=True, **options)
        self.context.set_default_timeout(8_000)
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def open(self, path: Path | str, fragment: str = "") -> Any:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto((path.as_uri() if isinstance(path, Path) else path) + fragment)
        return page

    def _note(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@contextmanager
def visiting(browser: Any, **options: Any) -> Iterator[Visitor]:
    """A visit that must end without a complaint of the browser."""
    visitor = Visitor(browser, **options)
    yield visitor
    visitor.context.close()
    assert visitor.complaints == []


@pytest.fixture(params=["desktop", "phone"])
def visitor(request: pytest.FixtureRequest, browser: Any) -> Iterator[Visitor]:
    """Somebody at a desk, and somebody with a phone."""
    size = DESKTOP if request.param == "desktop" else PHONE
    with visiting(browser, viewport=size) as visitor:
        yield visitor


@pytest.fixture
def reader(browser: Any) -> Iterator[Visitor]:
    """Somebody at a desk."""
    with visiting(browser, viewport=DESKTOP) as visitor:
        yield visitor


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type a command; gives its exit status."""

    def type_in(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["summarizer", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0)

    return type_in
