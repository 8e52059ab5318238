"""Markdown output: a table stays a table, and nothing of the article becomes markup."""

from __future__ import annotations

import unicodedata

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.render.inert import make_inert_markdown
from summarizer.render.markdown import render_markdown
from tests.support.summaries import HOSTILE, TEXT, make_hostile_summary, make_summary

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ALLOWED = {
    "heading",
    "paragraph",
    "bullet_list",
    "list_item",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "blockquote",
}


def tokens_of(markdown: str) -> list[Token]:
    return [part for token in PARSER.parse(markdown) for part in (token, *(token.children or ()))]


def test_everything_is_there() -> None:
    shown = render_markdown(make_summary(), text=TEXT)
    for fact in ("# Examplinib", "## LARKSPUR-1", "| 0.62 | 0.5 to 0.77 (95%) |", "## Unattributed results"):
        assert fact in shown
    assert "line 4, column 1: a sentence stops midway" in shown
    assert "> Data presented at the" in shown


def test_tables_have_one_width() -> None:
    tables = [part for part in render_markdown(make_hostile_summary()).split("\n\n") if part.startswith("|")]
    assert tables
    for table in tables:
        widths = {line.replace("\\|", "").count("|") for line in table.splitlines()}
        assert len(widths) == 1


def test_hostile_text_is_inert() -> None:
    shown = render_markdown(make_hostile_summary(), explain=True)
    assert not {letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cf"}} - {"\n"}
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens_of(shown)}
    assert kinds <= ALLOWED | {"inline", "text", "text_special", "softbreak"}
    headings = sum(token.type == "heading_open" for token in tokens_of(shown))
    own = sum(token.type == "heading_open" for token in tokens_of(render_markdown(make_summary(), explain=True)))
    assert headings == own


@pytest.mark.parametrize(
    "text",
    [
        "- item",
        "+ item",
        "* item",
        "1. item",
        "12) item",
        "# heading",
        "> quote",
        "---",
        "===",
        "-",
        "~~~",
        "    code",
        HOSTILE,
    ],
)
def test_a_paragraph_shows_exactly_its_text(text: str) -> None:
    tokens = tokens_of(make_inert_markdown(text))
    assert [token.type for token in tokens if token.type.endswith("_open")] == ["paragraph_open"]
    said = "".join(token.content for token in tokens if token.type in {"text", "text_special"})
    if text != HOSTILE:
        assert said == text.strip()
    else:
        assert "<script>alert(1)</script> **d** _e_ [f](https://evil.example)" in said


def test_numbers_are_not_spoilt() -> None:
    for text in ("13.3 months", "-1.31", "37.0%", "2025-06-11", "0.50-0.77"):
        assert make_inert_markdown(text) == text
