"""The page of an article, as a reader uses it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.conftest import DESKTOP, Run, Visitor, visiting
from tests.review.support import HOSTILE

ARTICLE = "two-trials.txt"
HR = "/trials/0/results/2/value"


@pytest.fixture
def page(visitor: Visitor, run: Run) -> Any:
    return visitor.open(run.page_of(ARTICLE))


def value(page: Any, address: str) -> Any:
    return page.locator(f'button.value[data-address="{address}"]')


def lit(page: Any) -> str:
    return "".join(page.locator("mark.is-lit").all_text_contents())


def in_view(page: Any, selector: str) -> bool:
    page.wait_for_timeout(700)  # the scrolling is smooth
    return bool(
        page.evaluate(
            """(selector) => {
                const box = document.querySelector(selector).getBoundingClientRect();
                return box.top >= 0 && box.bottom <= window.innerHeight;
            }""",
            selector,
        )
    )


def test_page_shows_text_and_record(page: Any, run: Run) -> None:
    shown = page.locator("#text").inner_text()
    for line in run.text_of(ARTICLE).splitlines():
        assert line in shown
    assert page.locator("h2").all_inner_texts()[1:3] == ["LARKSPUR-1", "ORCHARD-2"]
    assert page.get_by_role("table", name="Results of LARKSPUR-1").locator("tbody tr").count() == 4


def test_page_needs_no_network(visitor: Visitor, page: Any) -> None:
    assert page.locator("mark").count() > 10
    assert all(url.startswith("file://") for url in visitor.requests)


def test_every_value_leads_to_its_words(page: Any, run: Run) -> None:
    for address, spans in run.summaries[ARTICLE].evidence.items():
        button = value(page, address)
        if button.count():
            button.first.evaluate("(each) => each.click()")
            for span in spans:
                assert " ".join(span.text.split()) in " ".join(lit(page).split()), address


def test_chosen_value_glows_and_scrolls_into_view(page: Any) -> None:
    value(page, "/trials/1/results/2/value").click()
    assert lit(page) == "0.71"
    assert in_view(page, "mark.is-lit")
    chosen = page.get_by_label("Chosen value")
    assert "ORCHARD-2 › result 3 › value" in chosen.inner_text()
    assert "digit for digit" in chosen.inner_text()


def test_words_lead_to_every_value_that_rests_on_them(page: Any, run: Run) -> None:
    evidence = run.summaries[ARTICLE].evidence
    (span,) = evidence[HR]
    together = {
        pointer
        for pointer, spans in evidence.items()
        if any(each.start <= span.start and span.end <= each.end for each in spans) and value(page, pointer).count()
    }
    chosen = set()
    for _ in range(len(together)):
        page.locator("mark", has_text="0.62").first.click()
        chosen.add(page.locator(".record [aria-current]").first.get_attribute("data-address"))
    assert HR in chosen
    assert chosen == together


def test_keys_walk_through_the_values(page: Any) -> None:
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.dataset.address")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.address") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.dataset.address") == first
    page.keyboard.press("Escape")
    assert page.get_by_label("Chosen value").is_hidden()


def test_keys_walk_through_the_articles(page: Any) -> None:
    start = page.url
    page.keyboard.press("n")
    page.wait_for_url("**/0003-unrelated-txt.html")
    page.keyboard.press("p")
    page.wait_for_url(start)
    page.keyboard.press("i")
    page.wait_for_url("**/index.html")


def test_help_names_the_keys(page: Any) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert "next and previous value" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert dialog.count() == 0


def test_damage_is_marked_in_its_place_with_its_kind(page: Any) -> None:
    cut = page.locator("mark.is-cut", has_text="Data presented at the")
    assert cut.count() == 1
    assert page.locator(".text .cut-tag").first.inner_text() == "sentence stops midway"
    assert "Data presented at the" in page.locator("#truncations").inner_text()


def test_results_of_no_known_trial_stand_apart(page: Any) -> None:
    apart = page.get_by_role("region", name="Unattributed results")
    assert "38.9" in apart.inner_text()
    assert page.locator("mark.is-orphan", has_text="38.9").count() >= 1
    assert page.locator(".trial", has_text="38.9").count() == 0


def test_flag_is_explained(page: Any) -> None:
    flags = page.locator("#flags")
    flags.locator("summary", has_text="trial unknown").click()
    assert "given to none" in flags.inner_text()


def test_page_says_how_the_record_was_made(page: Any) -> None:
    page.locator(".provenance summary").click()
    assert "rules, by default" in page.locator(".provenance").inner_text()


def test_page_is_no_wider_than_its_window(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_address_of_a_value_opens_it(visitor: Visitor, run: Run) -> None:
    page = visitor.open(run.page_of(ARTICLE), f"#{HR}")
    assert lit(page) == "0.62"


def test_hostile_text_stays_text(visitor: Visitor, run: Run) -> None:
    page = visitor.open(run.page_of("deep/hostile.txt"))
    assert page.title() == "deep/hostile.txt"
    assert page.locator("#text img, #text script").count() == 0
    shown = page.locator("#text").inner_text()
    assert '<script>document.title = "owned"</script> & <img src=x' in shown
    assert "${title} $data {{7*7}}" in shown
    assert "\\u{202e}The phase 3" in shown
    assert not {"\u202e", "\u200b", "\u2028"} & set(shown)


def test_words_behind_emoji_and_hidden_characters_are_the_right_ones(visitor: Visitor, run: Run) -> None:
    page = visitor.open(run.page_of("deep/hostile.txt"))
    evidence = run.summaries["deep/hostile.txt"].evidence
    pointer, (span, *_) = next((p, s) for p, s in evidence.items() if s[0].text.startswith("0\u00b768"))
    assert HOSTILE[span.start : span.end] == span.text
    value(page, pointer).click()
    assert lit(page) == span.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system(browser: Any, run: Run, scheme: str) -> None:
    with visiting(browser, viewport=DESKTOP, color_scheme=scheme) as visitor:
        page = visitor.open(run.page_of(ARTICLE))
        background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        brightness = sum(map(int, background[4:-1].split(", "))) / 3
        assert (brightness > 128) is (scheme == "light")


def test_print_holds_all_of_text_and_record(reader: Visitor, run: Run) -> None:
    page = reader.open(run.page_of(ARTICLE))
    page.emulate_media(media="print")
    assert page.locator(".bar").is_hidden()
    for name in (".article", ".record"):
        hidden = page.locator(name).evaluate("(each) => each.scrollHeight - each.clientHeight")
        assert hidden <= 1  # nothing is in a box that scrolls
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert "given to none" in page.locator("#flags").inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


def test_calm_is_kept_for_who_asks_for_it(browser: Any, run: Run) -> None:
    with visiting(browser, viewport=DESKTOP, reduced_motion="reduce") as visitor:
        page = visitor.open(run.page_of(ARTICLE))
        assert page.locator("mark").first.evaluate("(each) => getComputedStyle(each).transitionProperty") == "none"


def test_article_without_its_text_shows_its_record_and_says_why(reader: Visitor, own_run: Run) -> None:
    from summarizer.review import write_review

    (own_run.articles / ARTICLE).write_text("Another text.\n", encoding="utf-8")
    made = write_review(own_run.out)
    assert sum(map(len, made.without_text.values())) == 1
    page = reader.open(own_run.page_of(ARTICLE))
    assert "has changed since" in page.locator("#article").inner_text()
    value(page, HR).click()
    assert page.get_by_role("button", name="Edit").count() == 0
