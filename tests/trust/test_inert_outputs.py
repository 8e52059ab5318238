"""What an article, a label or a file's name holds acts on nobody: not in a browser, a spreadsheet or a terminal."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from summarizer.batch import run_batch
from summarizer.batch.cells import to_cell
from summarizer.evaluation.cases import load_cases
from summarizer.evaluation.html import render_html
from summarizer.evaluation.report import build_report, score_outcome
from summarizer.evaluation.runner import EngineId, run_cases
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.loading import article_from_text
from summarizer.pipeline import summarize_article
from summarizer.render.json import render_json
from summarizer.render.markdown import render_markdown
from summarizer.schemas import Summary
from tests.support.browser import Open, OpenPage
from tests.support.summaries import make_hostile_summary, make_trial

ATTACKS = (
    "<script>window.ran = 1; alert(1)</script>",
    "<img src=x onerror='window.ran = 1'>",
    "<svg onload='window.ran = 1'><animate onbegin='window.ran = 1' attributeName=x dur=1s></svg>",
    "</style></title></textarea></details><script>window.ran = 1</script>",
    "<style>@import 'https://evil.example/a.css'; * { display: none }</style>",
    "<iframe src='javascript:window.parent.ran = 1'></iframe>",
    "<a href='javascript:window.ran = 1'>click</a>",
    "[click](javascript:window.ran=1) ![x](https://evil.example/x.png)",
    "<https://evil.example/auto> https://evil.example/bare",
    "[label]: https://evil.example 'title'",
    "<base href='https://evil.example/'><link rel=stylesheet href=a.css>",
    "<meta http-equiv=refresh content='0; url=https://evil.example/'>",
    "<form action='https://evil.example/'><input autofocus onfocus='window.ran = 1'></form>",
    "<object data='https://evil.example/'></object><embed src='https://evil.example/'>",
    '" onmouseover="window.ran = 1" x="',
    "' autofocus onfocus='window.ran = 1",
    "--><script>window.ran = 1</script><!--",
    "{{ 7 * 191 }} {% raw %} ${7*191} #{7*191}",
    "&lt;script&gt;window.ran = 1&lt;/script&gt; &#60;b&#62;",
    "| a | b |\n| --- | --- |\n```\n# heading\n> quote\n***",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x1b[2J \u202etxt.exe\u202c \u2066x\u2069",
)
"""What acts on a page where it is not escaped; each with text that must be seen instead."""
SEEN = ("window.ran = 1; alert(1)", "onerror=", "evil.example/a.css", "javascript:window", "{{ 7 * 191 }}", "autofocus")
ACTIVE = "script, img, svg, iframe, object, embed, form, base, link, animate, textarea, [onerror], [onload], [onfocus]"
FORMULAS = (
    *("=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example","x")', "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1"),
    *("\n=1+1", " =1+1", "\u00a0=1+1", "\uff1d1+1", "\uff0b1", "\uff0d1+1", "\uff20SUM(1)", "\u200b=1+1", "\ufeff=1+1"),
    *("\u202e=1+1", "\x00=1+1", "%=1+1", "=1+1;=2", "'=1+1", '"=1+1', "\u2212\u00b11", "DDE", "=\u200b1+1", "\v=1"),
)


def assert_inert(page: OpenPage) -> None:
    """Nothing of the article ran, was asked for, or became an element."""
    page.tab.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert (page.dialogs, page.requests, page.errors) == ([], [], [])
    assert page.count(ACTIVE) == 0
    assert "1337" not in page.text()


def hostile_case(folder: Path) -> Path:
    """A case whose article, labels and name are hostile."""
    case = folder / "cases" / "<img src=x onerror='window.ran=1'>"
    case.mkdir(parents=True)
    text = "In the phase 3 ORCHARD-12 trial, ORR was 41%.\n\n" + "\n\n".join(ATTACKS)
    (case / "article.txt").write_text(text, encoding="utf-8")
    trial = {"name": ATTACKS[0], "focus": "MAIN", "aliases": list(ATTACKS), "conditions": [ATTACKS[3]]}
    gold = {"case": case.name, "trials": [trial], "truncations": [{"text": ATTACKS[1], "kind": "GAP"}]}
    (case / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder / "cases"


def hostile_report(folder: Path) -> str:
    """The page of an evaluation of an engine that says what a hostile article wants it to say."""

    def answer(article: object) -> Summary:
        return make_hostile_summary().model_copy(update={"trials": [make_trial(name=a) for a in ATTACKS]})

    identity = EngineId(engine="<script>window.ran = 1</script>", model=ATTACKS[14])
    scored = [score_outcome(outcome) for outcome in run_cases(load_cases(hostile_case(folder)), answer, identity)]
    return render_html(build_report(scored, identity, np.random.default_rng(0)), scored)


def test_the_page_of_an_evaluation_is_inert_in_a_browser(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(hostile_report(tmp_path), encoding="utf-8")
    page = open_page(path)
    assert_inert(page)
    assert page.count("a, meta[http-equiv=refresh], input:not([type=checkbox])") == 0
    assert page.count("style") == page.count("head > style") == 1
    assert page.count("details") == 1
    for words in (*SEEN, "<script>", "</style>", "\\u{202e}", "\\u{1b}]8"):
        assert words in page.text()
    page.tab.locator("summary").click()
    assert page.tab.locator(".article").is_visible()
    assert page.tab.locator(".article").evaluate("e => getComputedStyle(e).display") != "none"


def test_a_page_that_does_act_is_noticed(open_page: Open, tmp_path: Path) -> None:
    """The tests above would fail if text were not escaped: without this, they may be blind."""
    path = tmp_path / "acts.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><body>{ATTACKS[0]}{ATTACKS[1]}", encoding="utf-8")
    page = open_page(path)
    page.tab.wait_for_function("window.ran === 1")
    assert page.dialogs == ["1"]
    assert page.count(ACTIVE) == 2
    assert any(address.endswith("/x") for address in page.requests)
    with pytest.raises(AssertionError):
        assert_inert(page)


@pytest.mark.parametrize("explain", [False, True])
@pytest.mark.parametrize("dialect", ["commonmark", "gfm-like"])
def test_markdown_rendered_with_html_allowed_is_inert_in_a_browser(
    open_page: Open, tmp_path: Path, dialect: str, explain: bool
) -> None:
    parser = MarkdownIt(dialect, {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    attack = " ".join(ATTACKS)
    summary = make_hostile_summary()
    summary.source.title = summary.source.name = summary.source.url = attack
    summary.trials = [make_trial(name=each, aliases=list(ATTACKS), conditions=[each]) for each in ATTACKS]
    path = tmp_path / "summary.html"
    body = parser.render(render_markdown(summary, explain=explain))
    path.write_text(f"<!doctype html><meta charset=utf-8><title>t</title><body>{body}", encoding="utf-8")
    page = open_page(path)
    assert_inert(page)
    marks = ("a", "style", "meta", "code", "pre", "hr", "em", "strong", "del")
    assert page.count(", ".join(f"body {mark}" for mark in marks)) == 0
    assert page.count("h2") - 4 - explain == len(ATTACKS)  # one heading a trial, and those of the program
    for words in (*SEEN, "<script>", "[click](javascript:", "\\x1b", "\\u202e"):
        assert words in page.text()


def test_an_article_of_attacks_is_inert_in_every_output(open_page: Open, tmp_path: Path) -> None:
    """The same through the whole program: a file with a hostile name, not a record made by hand."""
    text = "In the phase 3 ORCHARD-12 trial, ORR was 41% (95% CI, 30-52).\n\n" + "\n\n".join(ATTACKS)
    summary = summarize_article(article_from_text(text, name=ATTACKS[1]), RulesExtractor(), reason="test")
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(render_markdown(summary, explain=True))
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><body>{body}", encoding="utf-8")
    assert_inert(open_page(path))
    shown = render_json(summary)
    assert {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Zl", "Zp"} <= {"Cc"}
    assert set(re.findall(r"[\x00-\x1f\x7f-\x9f]", shown)) <= {"\n"}
    assert Summary.model_validate_json(shown) == summary


def runs_in_a_spreadsheet(cell: str) -> bool:
    """Whether Excel, LibreOffice or Google Sheets may take a cell for a formula: past what they do not show or trim."""
    shown = "".join(c for c in cell if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"}).lstrip()
    if re.fullmatch(r"[+-]?\d+(?:\.\d+)?%?", shown):
        return False
    return unicodedata.normalize("NFKC", shown[:1]) in {"=", "+", "-", "@"} or cell[:1] in {"\t", "\r", "\n"}


@pytest.mark.parametrize("text", [*FORMULAS, *ATTACKS])
def test_no_cell_is_a_formula(text: str) -> None:
    for cell in (to_cell(text), to_cell([text, text])):
        assert not runs_in_a_spreadsheet(cell)
        assert len(cell.splitlines()) <= 1


@given(st.text(st.sampled_from("=+-@\t\r\n \u00a0\uff1d\uff20\ufeff\u200b\u202e'\"1aA.%;,|\x00\x85\u2028"), max_size=8))
def test_no_cell_of_any_text_is_a_formula(text: str) -> None:
    cell = to_cell(text)
    assert not runs_in_a_spreadsheet(cell)


def test_a_batch_of_hostile_files_leaves_inert_tables(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = "The phase 3 ORCHARD-12 trial of examplinib met its goal. ORR was 41% (95% CI, 30-52).\n\n"
    for name in ("=1+1.txt", "@SUM(1).txt", "-2+3.txt", "\n=1.txt", "<b>.txt", "\x1b[2J.txt", "\u202ea.txt"):
        (folder / name).write_text(text + "\n\n".join((*FORMULAS, *ATTACKS)).replace("\0", ""), encoding="utf-8")
    (folder / "=2.jsonl").write_text(json.dumps({"text": text, "title": "=1+1", "id": "=1", "url": "=1"}) + "\n")
    run_batch(folder, tmp_path / "out")
    for table in ("trials.csv", "results.csv"):
        raw = (tmp_path / "out" / table).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 8
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if runs_in_a_spreadsheet(cell)]
        assert not [cell for cell in cells if {unicodedata.category(c) for c in cell} & {"Cc", "Cf", "Cs", "Zl", "Zp"}]
