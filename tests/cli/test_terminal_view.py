"""The terminal view: everything is shown, at any width, and nothing of the article acts on the terminal."""

from __future__ import annotations

import io
import unicodedata

import pytest
from rich.cells import cell_len
from rich.console import Console

from summarizer.render.terminal import print_summary
from summarizer.schemas import Result, Statistic, Summary, Truncation, TruncationKind
from tests.support.summaries import HOSTILE, TEXT, make_hostile_summary, make_summary, make_trial


def view(summary: Summary, width: int = 80, *, terminal: bool = False, **options: object) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=terminal, markup=True, emoji=True)
    print_summary(summary, console, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def words_of(shown: str) -> str:
    """What is printed without frames and line breaks: a value may be broken over lines."""
    return "".join(letter for letter in shown if letter.isalnum() or letter in "-+%</.:")


FACTS = [
    "Examplinib doubles survival in LARKSPUR-1",
    "folder/larkspur.txt",
    "EXA-301",
    "NCT00000000",
    "Example Therapeutics",
    "active not recruiting",
    "randomized, double-blind, multicentre",
    "advanced examploma",
    "EXA1-positive",
    "first line",
    "surgery",
    "240 (actual)",
    "examplinib + chemotherapy",
    "placebo comparator",
    "120",
    "OS (primary)",
    "FDA: fast track (2025-06-11)",
    "ESMO Congress 2025",
    "13.3 months",
    "0.5 to 0.77",
    "<0.001",
    "10/27",
    "interim analysis",
    "38.9%",
    "Data presented at the",
    "The interval does not hold the estimate.",
    "ci-excludes-estimate",
    "not in the text",
]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_everything_is_shown_within_the_width(width: int) -> None:
    shown = view(make_summary(), width, text=TEXT)
    for fact in FACTS:
        if width >= 80:
            assert words_of(fact) in words_of(shown)
        else:  # narrow columns stand side by side: a fact's words may be apart
            assert all(words_of(word)[:8] in words_of(shown) for word in fact.split())
    assert max(cell_len(line) for line in shown.splitlines()) <= width


def test_unattributed_results_stand_apart_and_say_why() -> None:
    card, _, rest = view(make_summary()).partition("UNATTRIBUTED RESULTS")
    assert "38.9%" not in card
    assert "38.9%" in rest
    assert "does not tell which trial" in rest


def test_a_truncation_is_quoted_with_its_place_and_kind() -> None:
    shown = view(make_summary(), text=TEXT)
    assert "line 4, column 1: a sentence stops midway (CUT_SENTENCE)" in shown
    assert "“Data presented at the”" in shown


def test_without_the_text_a_place_is_left_open() -> None:
    assert "place unknown" in view(make_summary())


def test_equal_truncations_get_places_of_their_own() -> None:
    text = "The\nMedian OS was\nThe\n"
    cut = Truncation(text="The", kind=TruncationKind.CUT_SENTENCE)
    shown = view(make_summary(truncations=[cut, cut]), text=text)
    assert "line 1, column 1" in shown
    assert "line 3, column 1" in shown


def test_flags_name_the_value_in_words() -> None:
    assert "warning LARKSPUR-1, result 2, ci low:" in view(make_summary())


def test_explain_shows_the_passage_of_every_value() -> None:
    assert "Evidence" not in view(make_summary())
    shown = view(make_summary(), 120, explain=True)
    assert "LARKSPUR-1, result 2, value" in shown
    assert "168-172" in shown


def test_empty_summary_is_a_header() -> None:
    empty = make_summary(trials=[], unattributed_results=[], truncations=[], evidence={}, flags=[], rejected=[])
    shown = view(empty)
    assert "0 trials, 0 results, 0 damaged passages" in shown
    assert "UNATTRIBUTED" not in shown


def test_no_number_is_cut_off_when_columns_are_crowded() -> None:
    crowded = Result(
        endpoint="progression-free survival by blinded independent review",
        statistic=Statistic.MEAN_DIFFERENCE,
        value=-1234.5678,
        value_text="-1234.5678 mg/dL",
        unit="mg/dL",
        ci_low=-12345.6789,
        ci_high=98765.4321,
        ci_level=97.5,
        p_value="0.000012345678901234567890",
        arm="examplinib 200 mg + chemotherapy",
        timepoint="week 24",
        numerator=1234567,
        denominator=7654321,
        subgroup="patients with two or more prior lines",
    )
    shown = words_of(view(make_summary(trials=[make_trial(results=[crowded])], unattributed_results=[])))
    for piece in ("-1234", "5678", "-12345.6789", "98765.4321", "1234567/", "7654321", "week", "prior"):
        assert piece in shown
    assert "…" not in shown


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("width", [50, 80, 140])
def test_hostile_text_is_inert(width: int, terminal: bool) -> None:
    shown = view(make_hostile_summary(), width, terminal=terminal, explain=True)
    plain = view(make_summary(), width, terminal=terminal, explain=True)
    own_controls = {letter for letter in plain if unicodedata.category(letter) in {"Cc", "Cf"}}
    assert own_controls <= ({"\n", "\x1b"} if terminal else {"\n"})
    active = {letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"}}
    assert active <= own_controls
    for sequence in ("\x1b[2J", "\x1b[31mred", "\x1b]8"):
        assert sequence in HOSTILE
        assert sequence not in shown
    assert "\\x1b" in shown
    assert "\\u202e" in shown
    assert "[bold]" in shown
    assert ":smile:" in shown


def test_no_colour_where_nobody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in view(make_summary())
    assert "\x1b[" in view(make_summary(), terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = {f"\x1b[{code}m" for code in range(30, 38)}
    assert not any(code in view(make_summary(), terminal=True) for code in coloured)
