"""A real browser for pages that the program writes: what runs, what is asked of the network, what stands there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",  # of no use in a container, where Chromium then refuses to start
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class OpenPage:
    """A page in a tab, and what it did since it was opened."""

    tab: Any
    """Playwright's page."""
    requests: list[str] = field(default_factory=list[str])
    """Addresses that it asked for, its own aside; none was answered."""
    dialogs: list[str] = field(default_factory=list[str])
    """Words of the dialogs that it opened."""
    errors: list[str] = field(default_factory=list[str])
    """What it reported on the console as an error, and what its scripts raised."""

    def count(self, selector: str) -> int:
        """How many elements a CSS selector finds."""
        return int(self.tab.locator(selector).count())

    def text(self) -> str:
        """All text in the page's body, shown or folded away."""
        return str(self.tab.evaluate("document.body.textContent"))

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return self.tab.evaluate(script)


Open = Callable[..., OpenPage]


def find_chromium() -> str | None:
    """Where Chromium is; None where there is none."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")  # while it is open, its event loop runs in this thread: no other test could run one
def browser() -> Iterator[Any]:
    """Chromium without a window.

    Skips where it is not installed, but not in CI: there a test that did not run would look like one that passed.
    """
    path = find_chromium()
    missing = None if path else "Chromium is not installed"
    try:
        start = import_module("playwright.sync_api").sync_playwright
    except ImportError:
        missing = "playwright is not installed"
    if missing is not None:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(f"{missing}, and CI must not skip what it proves")
        pytest.skip(f"{missing}: pages are not tested in a browser")
    with start() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Open a file, or HTML in a file, in a tab of its own of a given width, with no way to the network."""
    contexts: list[Any] = []

    def open_file(path: Path, *, width: int = 1280, height: int = 900, scripts: bool = True) -> OpenPage:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, accept_downloads=False
        )
        contexts.append(context)
        tab = context.new_page()
        page = OpenPage(tab)
        address = path.resolve().as_uri()

        def judge(route: Any) -> None:
            if route.request.url.partition("#")[0] == address:
                route.continue_()
            else:
                page.requests.append(route.request.url)
                route.abort()

        def dismiss(dialog: Any) -> None:
            page.dialogs.append(dialog.message)
            dialog.dismiss()

        context.route("**/*", judge)
        tab.on("dialog", dismiss)
        tab.on("pageerror", lambda error: page.errors.append(str(error)))
        tab.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        tab.goto(address)
        tab.wait_for_load_state("load")
        return page

    yield open_file
    for context in contexts:
        context.close()
