"""The benchmark of web pages: what the pages hold, and what is counted."""

from __future__ import annotations

import html
import re

import pytest

from evals.benchmarks.trust.material import Material, Specimen, load_material
from evals.benchmarks.trust.pages.markup import Frame, WebPage, make_page
from evals.benchmarks.trust.pages.section import OURS, Recovery, measure, tokens_of


@pytest.fixture(scope="module")
def material() -> Material:
    return load_material(limit=2)


@pytest.fixture(scope="module")
def specimen(material: Material) -> Specimen:
    return next(material.clean)


@pytest.fixture(scope="module", params=list(Frame))
def page(request: pytest.FixtureRequest, material: Material, specimen: Specimen) -> WebPage:
    return make_page(specimen, request.param, material.chance("test"))


def test_a_page_shows_every_word_of_its_article(page: WebPage) -> None:
    bare = re.sub(r"<sup>.*?</sup>|<!--.*?-->", "", page.markup)
    shown = re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", bare))).replace("\u200b", "").replace("\u00ad", "")
    for paragraph in page.paragraphs:
        assert re.sub(r"[\s|]+", "", paragraph.text) in shown.replace("|", "")


def test_a_page_holds_markup_within_words_and_numbers(page: WebPage) -> None:
    assert re.search(r"\w<(?:span|em|b|nobr|x-hit)>\w", page.markup)
    assert re.search(r"\w(?:<wbr>|<!-- ed\. -->|&shy;|&#8203;|<span></span>|<x-anchor></x-anchor>)\w", page.markup)
    assert "<nav" in page.markup
    assert "Advertisement" in page.markup


def _recovery(specimen: Specimen, page: WebPage, text: str) -> Recovery:
    recovery = Recovery("test")
    recovery.add(specimen, page, text)
    return recovery


def test_the_article_itself_is_recovered_in_full(specimen: Specimen, page: WebPage) -> None:
    recovery = _recovery(specimen, page, "\n\n".join(paragraph.text for paragraph in page.paragraphs))
    assert (recovery.whole, recovery.words_back, recovery.numbers_back, recovery.around_kept) == (
        recovery.paragraphs,
        recovery.words,
        recovery.numbers,
        0,
    )
    assert recovery.marked_back == recovery.marked


def test_what_is_lost_and_what_is_added_is_counted(specimen: Specimen, page: WebPage) -> None:
    texts = [paragraph.text for paragraph in page.paragraphs[:-1]]
    recovery = _recovery(specimen, page, "\n\n".join([*texts, *page.around[:1]]))
    assert recovery.whole == recovery.paragraphs - 1
    assert recovery.words_back < recovery.words
    assert recovery.around_kept == 1


def test_a_mark_that_melts_into_its_number_is_counted(specimen: Specimen) -> None:
    page = WebPage("", (), (), ("13.3", "0.62"))
    assert _recovery(specimen, page, "a median of 13.32 months; ratio 0.62\u00b2").marked_back == 1


def test_bullets_and_cell_borders_are_no_words() -> None:
    assert tokens_of("- Nausea | 38% | \u2022 13.3\u00b2") == ["Nausea", "38%", "13.3"]


def test_our_loader_brings_every_word_back(material: Material) -> None:
    figures = measure(material)
    words = next(table for table in figures.tables if table.title.startswith("Words that come back"))
    assert [(row.hits == row.of) for row in words.rows if row.name == OURS] == [True]
    assert set(figures.versions) == {"trafilatura", "lxml"}
