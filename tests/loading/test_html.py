"""Pages: the article, whole, with the words of its links; and nothing around it."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import ConfigurationError, EmptyInputError, LoadError, UnreadableInputError
from summarizer.loading import Format, article_from_bytes, article_from_html, load_article

if TYPE_CHECKING:
    from tests.loading.conftest import Write

PAGE = """\
<!DOCTYPE html>
<html><head><title>Zelomib Wins in Lung Cancer | Trial Wire</title><style>p {color: red}</style></head>
<body class="has-sidebar">
<div class="cookie-banner">We use cookies on this site.</div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header>
<div class="layout"><div class="main">
<h1>Zelomib Wins in Lung Cancer</h1>
<p class="deck">A phase 3 trial of <a href="/z">zelomib</a> met its end point.</p>
<div class="share"><button>Share</button><a href="#">Post</a></div>
<p>Data presented at the <a href="/c">2024 <em>European <span>Society</span></em> Congress</a> show that
<x-drug id="1"><span>zelomib</span></x-drug> improved PFS (HR, 0.62<sup><a href="#r1">1</a></sup>; 95% CI,
0.50-0.77; <i>P</i> &lt;.001).<sup>2,3</sup> Platelets were 10<sup>9</sup>/L,
the dose 75 mg/m<sup>2</sup>.</p>
<p>A</p>
<p><a href="/l">The <b>LUMEN-12</b> study enrolled 558 patients in 12 countries.</a></p>
<div class="ad-slot"><p>Advertisement: buy something else today.</p></div>
<p>Data presented at the</p>
<p>Median OS was 22.8 months; <del>1.2</del><ins>1.3</ins> months more.<br>Second line.<br><br>New
paragraph.</p>
<h2>Safety <a href="#s">of zelomib</a></h2>
<ul><li>Rash: <a href="/r">12%</a></li><li>Fever<ul><li>grade 3: 4%</li></ul></li></ul>
<ol start="3"><li><p>Third</p></li><li>Fourth</li></ol>
<table><caption>Table 1</caption>
<tr><th rowspan="2">End point</th><th colspan="2">Arm</th></tr>
<tr><th>Zelomib<br>(n=10)</th><th>Placebo</th></tr>
<tr><td>PFS, <a href="/p">months</a></td><td>13.3</td><td><p>8.2</p></td></tr></table>
<p>Studies in support:</p><ul><li><a href="/1">LUMEN-1</a></li><li><a href="/2">LUMEN-2</a></li></ul>
<my-para>In a tag of the site's own stands
<nobr>12.3 months</nobr> of follow-up and a few words more.</my-para>
<p>The trial is <button class="gloss">randomized</button> and <span style="display:none">not</span>global.</p>
<p>“These are <q>early</q> days,” she said.</p>
<div class="related"><h3>Related</h3><ul><li><a href="/o">Other drug cuts deaths by 50%</a></li>
<li><a href="/o2">And another</a></li></ul></div>
</div></div>
<aside>Words in the margin about something else entirely.</aside>
<footer>Copyright 2024 Trial Wire. All rights reserved.</footer>
<script>var x = "<p>not text</p>";</script></body></html>
"""
TEXT = """\
Zelomib Wins in Lung Cancer

A phase 3 trial of zelomib met its end point.

Data presented at the 2024 European Society Congress show that zelomib improved PFS (HR, 0.62¹; 95% CI, \
0.50-0.77; P <.001).²,³ Platelets were 10⁹/L, the dose 75 mg/m2.

A

The LUMEN-12 study enrolled 558 patients in 12 countries.

Data presented at the

Median OS was 22.8 months; 1.3 months more.
Second line.

New paragraph.

Safety of zelomib

- Rash: 12%
- Fever
  - grade 3: 4%
3. Third
4. Fourth

Table 1

End point | Arm |
| Zelomib (n=10) | Placebo
PFS, months | 13.3 | 8.2

Studies in support:

- LUMEN-1
- LUMEN-2

In a tag of the site's own stands 12.3 months of follow-up and a few words more.

The trial is randomized and global.

“These are “early” days,” she said."""


def test_a_page(write: Write) -> None:
    article = load_article(write("a.html", PAGE))
    assert article.text == TEXT
    assert article.title == "Zelomib Wins in Lung Cancer"
    assert "left out: 1 struck-out passage" in article.notes
    assert any("page furniture" in note for note in article.notes)


SENTENCES = (
    "Median progression-free survival was 13.3 months with zelomib and 8.2 months with placebo.",
    "The study enrolled 558 patients at 70 centers, and all of them had been treated before.",
    "Data presented at the",
    "A",
    "Grade 3 or higher adverse events occurred in 34.9% and 14.2% of patients, respectively.",
)


def linked(sentence: str) -> str:
    """Wrap every second word in nested inline markup."""
    wraps = (
        '<a href="/x">{}</a>', "<nobr>{}</nobr>", '<a href="/y"><span><em>{}</em></span></a>',
        "<x-y>{}</x-y>",
        "<font size=1><b>{}</b></font>", "<abbr title='no'>{}</abbr>",
    )  # fmt: skip
    words = sentence.split(" ")
    return " ".join(wraps[n % 6].format(word) if n % 2 else word for n, word in enumerate(words))


PARAGRAPHS = [linked(sentence) for sentence in SENTENCES]
WRAPPINGS = {
    "bare": "".join(f"<p>{p}</p>" for p in PARAGRAPHS),
    "all links": "".join(f"<article><p><a href='/z'>{p}</a></p></article>" for p in [" ".join(PARAGRAPHS)]),
    "divs": "<div id=story>" + "".join(f"<div>{p}</div>" for p in PARAGRAPHS) + "</div>",
    "breaks": "<div class=body>" + "<br><br>".join(PARAGRAPHS) + "</div>",
    "article": "<article>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</article>",
    "spans": "<div>" + "".join(f"<div><span>{p}</span></div>" for p in PARAGRAPHS) + "</div>",
    "layout table": "<table><tr><td><a href='/'>Home</a></td><td>"
    + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    + "</td></tr></table>",
    "form": "<form action='/'>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</form>",
    "unclosed": "<div>" + "".join(f"<p>{p}" for p in PARAGRAPHS),
    "own tags": "<story-body>" + "".join(f"<story-line>{p}</story-line>" for p in PARAGRAPHS) + "</story-body>",
    "cards": "<div><div>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</div></div>"
    "<article><h3><a href='/o'>Other news</a></h3></article><article><a href='/p'>More news</a></article>",
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_every_paragraph_is_kept_whatever_holds_it(wrapping: str) -> None:
    head, foot = "<header><a href='/'>Trial Wire</a></header>", "<footer>All rights reserved.</footer>"
    article = article_from_html(f"<html><body>{head}{WRAPPINGS[wrapping]}{foot}</body></html>")
    lines = [line for line in article.text.split("\n") if line]
    wanted = [" ".join(SENTENCES)] if wrapping == "all links" else list(SENTENCES)
    assert lines == wanted


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain words without any tag", "plain words without any tag"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("<p>a <!-- hidden --> b</p>", "a b"),
        ("<p>soft\u00adhyphen and zero\u200bwidth</p>", "softhyphen and zerowidth"),
        ("<p>no-break\u00a0space</p>", "no-break\u00a0space"),
        ("<pre>keeps  its\n   lines</pre>", "keeps  its\n   lines"),
        ("<p>HR 0.62<a href='/cite'>12</a> in phase <a href='/3'>3</a></p>", "HR 0.62¹² in phase 3"),
        ("<p>HR 0.62<sup>a</sup>, the 20<sup>th</sup>, CO<sub>2</sub></p>", "HR 0.62ᵃ, the 20th, CO2"),
        ("<p>HR 0.62<sup>1</sup><sup>,</sup><sup>2</sup></p>", "HR 0.62¹,²"),
        ("<p>5<sup>-3</sup> and <sup>131</sup>I and x<sup>2</sup>5</p>", "5⁻³ and 131I and x²5"),
        ("<p>P &lt; .001 &amp; more &amp;lt;</p>", "P < .001 & more &lt;"),
        ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", "Term\n\nMeaning"),
        ("<a href='/x'><div>Block in a link</div><p>and another</p></a>", "Block in a link\n\nand another"),
        ("<figure><img alt='no'><figcaption>A caption.</figcaption></figure>", "A caption."),
        ("<ol><li>a<li>b</ol><ul><li>c</ul>", "1. a\n2. b\n- c"),
        ("<table><tr><td>1</td><td></td><td>3</td></tr></table>", "1 |  | 3"),
        ("<table><tr><td>only one cell</td></tr></table>", "only one cell"),
    ],
)
def test_pieces(markup: str, text: str) -> None:
    assert article_from_html(markup).text == text


def test_an_outline_around_the_article_is_left_out() -> None:
    story = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = (
        "<body><nav>Section Oncology</nav><div role=navigation>Jump to content</div><article>"
        f"{story}<div class='newsletter-signup'>Join our list</div></article>"
        "<div id=comments><p>First comment</p></div><div hidden>Hidden words</div></body>"
    )
    text = article_from_html(page).text
    assert text == "\n\n".join(SENTENCES)


def test_a_name_does_not_make_the_article_furniture() -> None:
    page = f"<body><div class='promo share sidebar'>{''.join(f'<p>{s}</p>' for s in SENTENCES)}</div></body>"
    assert article_from_html(page).text == "\n\n".join(SENTENCES)


def test_facts_from_json_ld() -> None:
    page = """<html><head><title>Wins | Wire</title>
    <script type="application/ld+json">{"@graph": [{"@type": "WebPage", "name": "x"},
    {"@type": ["NewsArticle"], "headline": "Zelomib &amp; friends win", "url": "https://a.org/ld",
     "datePublished": "2024-10-20T23:30:00-05:00"}]}</script>
    <script type="application/ld+json">{broken</script></head><body><p>Some text here.</p></body></html>"""
    article = article_from_html(page)
    assert (article.title, article.url) == ("Zelomib & friends win", "https://a.org/ld")
    assert article.published == "2024-10-20"
    assert article.text == "Zelomib & friends win\n\nSome text here."
    assert "headline put before the text" in article.notes
    assert "JSON-LD that is not valid JSON was ignored" in article.notes


OPEN_GRAPH = (
    '<meta property="og:title" content="Wins - Wire"><meta property="og:site_name" content="Wire">'
    '<link rel="canonical" href="https://a.org/c"><meta property="og:url" content="https://a.org/og">'
    '<meta property="article:published_time" content="2024-10-20T01:00Z">'
)


@pytest.mark.parametrize(
    ("head", "title", "url", "day"),
    [
        (OPEN_GRAPH, "Wins", "https://a.org/c", "2024-10-20"),
        (
            '<title>Wins | Wire</title><meta name="date" content="October 20, 2024">',
            "Wins",
            None,
            "2024-10-20",
        ),
        ("<title>Wins - a phase 3 trial</title>", "Wins - a phase 3 trial", None, None),
        ('<link rel="canonical" href="/relative">', None, None, None),
        ('<meta name="citation_publication_date" content="2024/10/20">', None, None, "2024-10-20"),
        ('<meta name="date" content="03/04/2024">', None, None, None),
    ],
)
def test_facts_from_the_head(head: str, title: str | None, url: str | None, day: str | None) -> None:
    article = article_from_html(f"<html><head>{head}</head><body><p>Wins. Some text here.</p></body></html>")
    assert (article.title, article.url, article.published) == (title, url, day)


def test_the_heading_is_the_title_without_the_site() -> None:
    body = "<article><h1>Zelomib Wins</h1><p>Some text here.</p></article>"
    article = article_from_html(f"<title>Zelomib Wins – Trial Wire</title>{body}")
    assert (article.title, article.text) == ("Zelomib Wins", "Zelomib Wins\n\nSome text here.")


def test_time_elements() -> None:
    page = '<p>Some text here.</p><time datetime="2024-10-20T08:00">yesterday</time>'
    assert article_from_html(page).published == "2024-10-20"


def test_given_facts_win() -> None:
    page = '<title>Page</title><meta name="date" content="2024-10-20"><p>Some text here.</p>'
    article = article_from_html(page, name="n", title="Given", url="https://g.org", published="2023-01-02")
    assert (article.name, article.title, article.url) == ("n", "Given", "https://g.org")
    assert article.published == "2023-01-02"


@pytest.mark.parametrize("declaration", ['<meta charset="{}">', '<meta http-equiv=x content="text/html; charset={}">'])
@pytest.mark.parametrize("encoding", ["shift_jis", "euc-kr", "koi8-r", "windows-1251"])
def test_declared_encodings(declaration: str, encoding: str) -> None:
    words = {"shift_jis": "第三相試験", "euc-kr": "임상시험"}.get(encoding, "исследование")
    page = f"{declaration.format(encoding)}<p>{words} LUMEN-12</p>"
    assert article_from_bytes(page.encode(encoding), format=Format.HTML).text == f"{words} LUMEN-12"


def test_a_wrong_declaration_does_no_harm() -> None:
    page = '<meta charset="iso-8859-1"><p>0.50–0.77 “HR”</p>'
    assert article_from_bytes(page.encode(), format=Format.HTML).text == "0.50–0.77 “HR”"
    assert article_from_bytes(page.encode("cp1252"), format=Format.HTML).text == "0.50–0.77 “HR”"
    unknown = page.replace("iso-8859-1", "no-such-thing").encode()
    assert article_from_bytes(unknown, format=Format.HTML).text == "0.50–0.77 “HR”"


@pytest.mark.parametrize("tag", ["main", "article", "div", "x-story", "p"])
def test_a_page_without_a_body_tag(tag: str) -> None:
    page = f"<!doctype html><title>Zelomib</title><meta name=x><{tag}>{SENTENCES[0]}</{tag}>"
    assert article_from_html(page).text == SENTENCES[0]


def test_own_tags_within_a_line_stay_there() -> None:
    page = "<div><b>HR</b> <x-n>0.62</x-n></div><div>in <x-a><x-b>LUMEN-12</x-b></x-a> here</div>"
    assert article_from_html(page).text == "HR 0.62\n\nin LUMEN-12 here"


def test_an_xml_declaration_is_no_obstacle() -> None:
    page = '<?xml version="1.0" encoding="utf-8"?><html><body><p>naïve</p></body></html>'
    assert article_from_html(page).text == "naïve"


def test_mojibake_behind_entities() -> None:
    article = article_from_html("<p>HR (0.50&acirc;&euro;&ldquo;0.77)</p>")
    assert article.text == "HR (0.50–0.77)"
    assert "mojibake repaired in 1 line" in article.notes


@pytest.mark.parametrize("markup", ["<html></html>", "<!-- x -->", "<p></p>", "<script>x</script>", "<br>"])
def test_no_text(markup: str) -> None:
    with pytest.raises(EmptyInputError, match=r"^a\.html: "):
        article_from_html(markup, name="a.html")


def test_a_page_that_is_not_parsed_to_its_end_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match=r"^a\.html: the page can't be parsed \(Excessive depth"):
        article_from_html("<div>" * 5000 + "lost 0.62", name="a.html")


def test_an_incomplete_installation_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ConfigurationError, match="install trafilatura and lxml-html-clean"):
        article_from_html("<p>Some text here.</p>")


WORDS = st.text(alphabet="abcXYZ 0123456789.,()<>&é–", max_size=30)
TAGS = st.sampled_from("p div span a b em sup x-y li ul td tr table h2 br article section q button".split())
MARKUP = st.recursive(
    WORDS.map(lambda words: words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
)


@settings(deadline=None)  # the first example imports what the others use
@given(st.lists(MARKUP, min_size=1, max_size=5))
def test_no_page_is_too_strange(pieces: list[str]) -> None:
    try:
        article = article_from_html("".join(pieces))
    except LoadError:
        return
    assert article.text.strip()
    assert not re.search(r"[ \t]\n|\n{4,}", article.text.replace(" | ", ""))


@settings(deadline=None)  # the first example imports what the others use
@given(st.lists(WORDS.filter(lambda words: bool(re.search("[a-z0-9]", words))), min_size=1, max_size=6))
def test_no_word_of_a_fragment_is_lost(paragraphs: list[str]) -> None:
    escaped = [p.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for p in paragraphs]
    article = article_from_html("<main>" + "".join(f"<p>{p}</p>" for p in escaped) + "</main>")
    assert article.text.split() == " ".join(paragraphs).split()


@pytest.mark.parametrize(
    "unit",
    [
        "<b>x</b>", "<a href=x>y</a> ", "<li><a href=x>link</a></li>", "<aside>x</aside>y", "5<sup>2</sup>",
        "<x-a>word</x-a>", "<tr><td>x</td><td>y</td></tr>", "<del>x</del>y", "word<br>",
        "<div><p>word</p></div>",
        "<h1>x</h1>", "<p>â€“ 5 Ã©</p>", "<", "<!--", "<a href='", "<table><tr><td>1<td>2</table>",
    ],
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    started = time.process_time()
    try:
        article_from_html("<p>Some text.</p>" + unit * (300_000 // len(unit)))
    except LoadError:
        pass
    finally:
        assert time.process_time() - started < 15


def test_many_paragraphs_under_many_elements() -> None:
    started = time.process_time()
    text = article_from_html("<div>" * 1500 + "<p>Some words.</p>" * 10_000).text
    assert time.process_time() - started < 15
    assert text.count("Some words.") == 10_000
