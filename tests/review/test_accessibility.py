"""No serious finding of axe-core on any page, at any width, in light and dark."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from tests.review.conftest import DESKTOP, PHONE, Run, visiting
from tests.review.test_correcting import ARTICLE, RESULT, Reviewer

RUN = """async () => {
    const { violations } = await axe.run(document, {
        preload: false, // it would ask for the style sheets again, which file: does not allow
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations
        .filter((each) => each.impact === "serious" || each.impact === "critical")
        .map((each) => [each.id, each.nodes.map((node) => [node.html.slice(0, 160), node.failureSummary])]);
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def find_serious(page: Any, axe: str) -> list[Any]:
    page.evaluate(axe)
    return list(page.evaluate(RUN))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_serious_finding(browser: Any, run: Run, axe: str, size: dict[str, int], scheme: str) -> None:
    with visiting(browser, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visitor:
        assert find_serious(visitor.open(run.review / "index.html"), axe) == []
        reviewer = Reviewer(visitor, run.page_of(ARTICLE))
        reviewer.page.locator("details").evaluate_all("(all) => all.forEach((each) => (each.open = true))")
        reviewer.choose(f"{RESULT}/p_value")
        reviewer.page.keyboard.press("d")
        reviewer.choose(f"{RESULT}/value")
        reviewer.page.keyboard.press("a")
        reviewer.choose("/unattributed_results/0/value")
        assert find_serious(reviewer.page, axe) == []
        reviewer.page.keyboard.press("m")
        assert find_serious(reviewer.page, axe) == []


def test_every_value_says_what_it_is(browser: Any, run: Run) -> None:
    with visiting(browser, viewport=DESKTOP) as visitor:
        page = visitor.open(run.page_of(ARTICLE))
        assert page.get_by_role("button", name="P value, <0.001").count() == 1
        assert page.get_by_role("button", name="CI, lower bound, 0.50").count() == 1
        labels = page.locator("button.value").evaluate_all("(all) => all.map((each) => each.ariaLabel)")
        assert all("," in label for label in labels)
