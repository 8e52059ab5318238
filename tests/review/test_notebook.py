"""A summary in a notebook."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from typing import Any

import pytest

from summarizer import summarize
from summarizer.settings import load_settings
from tests.review.support import TWO_TRIALS
from tests.support.summaries import TEXT, make_hostile_summary, make_summary


class Shown(HTMLParser):
    """What a browser would show, and with which elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.marked: list[str] = []
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self._depth += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._depth:
            self.marked.append(data)


def html_of(summary: Any) -> str:
    return str(summary._repr_html_())


def test_notebook_shows_record_and_highlighted_text() -> None:
    summary = summarize(TWO_TRIALS, settings=load_settings({"include_text": True}))
    shown = Shown(html_of(summary))
    assert TWO_TRIALS.strip() in shown.text
    assert {"LARKSPUR-1", "0.62", "38.9"} <= set(shown.marked)
    for word in ("ORCHARD-2", "hazard ratio", "0.5 to 0.77", "Results of no known trial", "CUT_SENTENCE"):
        assert word in shown.text


def test_summary_without_its_text_shows_the_record() -> None:
    shown = Shown(html_of(make_summary()))
    assert "LARKSPUR-1" in shown.text
    assert "mark" not in shown.elements


def test_hostile_text_stays_text() -> None:
    summary = make_hostile_summary()
    summary.source.text = TEXT + "<script>alert(1)</script>\u202e"
    html = html_of(summary)
    shown = Shown(html)
    assert {"script", "img", "a"} & set(shown.elements) == set()
    assert shown.attributes <= {"style", "title", "open"}
    assert not {"\u202e", "\x1b", "\u200b"} & set(html)


def test_results_are_a_table() -> None:
    pytest.importorskip("pandas")
    table = make_summary().to_dataframe()
    assert table["value"].tolist() == [13.3, 0.62, 37.0, 38.9]
    assert table["trial"].tolist()[:3] == ["LARKSPUR-1"] * 3
    assert table["trial"].isna().tolist() == [False, False, False, True]
    assert table["pointer"].tolist()[3] == "/unattributed_results/0"
    assert TEXT[int(table["start"][1]) : int(table["end"][1])] == "0.62"


def test_trials_are_a_table() -> None:
    pytest.importorskip("pandas")
    table = make_summary().to_dataframe("trials")
    assert table["name"].tolist() == ["LARKSPUR-1"]
    assert table["phases"][0] == ["PHASE3"]
    assert table["arms"][0][0] == "EXPERIMENTAL: examplinib + chemotherapy (n=120)"
    assert table["results"].tolist() == [3]


def test_empty_summary_has_the_same_columns() -> None:
    pytest.importorskip("pandas")
    empty = make_summary(trials=[], unattributed_results=[], evidence={}, flags=[], rejected=[])
    for name in ("results", "trials"):
        assert list(empty.to_dataframe(name).columns) == list(make_summary().to_dataframe(name).columns)


def test_missing_pandas_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        make_summary().to_dataframe()


def test_unknown_table_is_told() -> None:
    with pytest.raises(ValueError, match="take 'results' or 'trials'"):
        make_summary().to_dataframe("arms")  # type: ignore[arg-type]
