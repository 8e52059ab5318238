"""The lines that a model answers in: what they stand for, there and back, and what becomes of nonsense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.schemas import ModelAnswer, write_answer


def read_lines(*lines: str) -> ModelAnswer:
    return ModelAnswer.model_validate({"t": [{"n": "HOLLOW-1", "s": [0], "f": list(lines)}]})


@pytest.mark.parametrize(
    ("line", "field", "fact"),
    [
        ("phases PHASE3 @1", "a", {"k": "phases", "v": "PHASE3", "s": [1]}),
        ("phases: PHASE3 @S1, S2", "a", {"k": "phases", "v": "PHASE3", "s": [1, 2]}),
        ("sponsors Norvane Therapeutics @1,4", "a", {"k": "sponsors", "v": "Norvane Therapeutics", "s": [1, 4]}),
        ("biomarkers PD-L1 CPS ≥10", "a", {"k": "biomarkers", "v": "PD-L1 CPS ≥10", "s": []}),
        (
            "arm EXPERIMENTAL drug a + drug b @1 C2 E0,3",
            "g",
            {"r": "EXPERIMENTAL", "v": ["drug a", "drug b"], "s": [1], "c": 2},
        ),
        ("endpoint PRIMARY overall survival @3", "p", {"v": "overall survival", "r": "PRIMARY", "s": [3]}),
        ("event APPROVAL @7", "x", {"v": "APPROVAL", "s": [7]}),
    ],
)
def test_a_line_is_a_fact(line: str, field: str, fact: dict[str, Any]) -> None:
    trial = read_lines(line).t[0]
    assert [item.model_dump(mode="json") for item in getattr(trial, field)] == [fact]
    assert trial.f == []


def test_estimates_of_arms_time_points_and_subsets() -> None:
    answer = read_lines(
        "arm EXPERIMENTAL drug a @1 E0,3",
        "arm PLACEBO_COMPARATOR placebo @1 E1",
        "results E2",
        "timepoint 24 months @4 E3,1",
        "subgroup those with a response @5 E2",
        "enrollment C0",
        "quote a response rate of 41% @9",
    )
    links = {link.e[0]: (link.a, link.p, link.g, link.s) for link in answer.r}
    assert links == {
        0: (0, None, None, []),
        3: (0, "24 months", None, [4]),
        1: (1, "24 months", None, [4]),
        2: (None, None, "those with a response", [5]),
    }
    assert answer.t[0].c == 0
    assert [(quote.q, quote.s, quote.t) for quote in answer.q] == [("a response rate of 41%", 9, 0)]


@pytest.mark.parametrize(
    "line",
    ["", "phases", "phase PHASE3 @1", "arm NEW drug a @1", "event PARTY @1", "enrollment 412", "results all", "@1"],
)
def test_a_line_that_says_nothing_known_is_kept_aside(line: str) -> None:
    answer = read_lines(line, "phases PHASE3 @1")
    assert len(answer.u) == 1
    assert [item.v for item in answer.t[0].a] == ["PHASE3"]


def test_an_arm_of_the_wrong_shape_shifts_no_other() -> None:
    answer = read_lines("arm NEW drug a @1 E0", "arm PLACEBO_COMPARATOR placebo @1 E1")
    assert {link.e[0]: link.a for link in answer.r} == {0: None, 1: 0}


def test_written_and_read_again_it_is_the_same() -> None:
    answer = read_lines(
        "phases PHASE3 @1",
        "enrollment C0",
        "arm EXPERIMENTAL drug a + drug b @1 C2 E0,3",
        "endpoint PRIMARY overall survival @3",
        "event APPROVAL @7",
        "results E2",
        "timepoint 24 months @4 E3",
        "subgroup those with a response @5 E2",
        "quote a response rate of 41% @9",
    )
    again = ModelAnswer.model_validate(json.loads(write_answer(answer)))
    assert again.model_dump() == answer.model_dump()


@given(st.lists(st.text(max_size=40), max_size=6))
def test_no_line_raises(lines: list[str]) -> None:
    answer = read_lines(*lines)
    assert len(answer.u) <= len(lines)
