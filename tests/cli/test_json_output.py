"""JSON output: exact data, and nothing that acts on a terminal."""

from __future__ import annotations

import unicodedata

import pytest

from summarizer.render.json import render_json
from summarizer.schemas import Summary
from tests.support.summaries import make_hostile_summary, make_summary


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [2, None])
def test_round_trip_without_active_characters(indent: int | None, ascii_only: bool) -> None:
    for summary in (make_summary(), make_hostile_summary()):
        shown = render_json(summary, indent=indent, ascii_only=ascii_only)
        assert Summary.model_validate_json(shown) == summary
        active = {letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"}}
        assert active <= ({"\n"} if indent else set())
        assert len(shown.splitlines()) == 1 or indent
        assert shown.isascii() or not ascii_only


def test_text_beyond_ascii_stays_readable() -> None:
    summary = make_summary(source=make_summary().source.model_copy(update={"title": "≥ 50 % · naïve 😀"}))
    assert "≥ 50 % · naïve 😀" in render_json(summary)
