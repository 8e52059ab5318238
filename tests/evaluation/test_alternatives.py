"""Equally right readings: an alternative is right, an alternative nothing makes a value optional."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.evaluation.scoring import CaseScore

Score = Callable[..., CaseScore]


def counts(score: CaseScore, field: str) -> tuple[int, ...]:
    return tuple(score.fields.get(field, (0, 0, 0)))


@pytest.mark.parametrize(
    ("stated", "alternatives", "found", "expected"),
    [
        # An alternative value is right.
        ("RECRUITING", ["COMPLETED"], "COMPLETED", (1, 0, 0)),
        ("RECRUITING", ["COMPLETED"], "SUSPENDED", (0, 1, 1)),
        ("RECRUITING", ["COMPLETED"], None, (0, 0, 1)),
        # An alternative null: leaving it out is right too; a wrong value is only wrong.
        ("RECRUITING", [None], "RECRUITING", (1, 0, 0)),
        ("RECRUITING", [None], None, (0, 0, 0)),
        ("RECRUITING", [None], "SUSPENDED", (0, 1, 0)),
        # Only an alternative: neither missed when left out, nor wrong when given, nor rewarded.
        (None, ["RECRUITING"], None, (0, 0, 0)),
        (None, ["RECRUITING"], "RECRUITING", (0, 0, 0)),
        (None, ["RECRUITING"], "SUSPENDED", (0, 1, 0)),
    ],
)
def test_one_value(score_trial: Score, stated: Any, alternatives: Any, found: Any, expected: Any) -> None:
    labels = {"status": stated, "alternatives": {"status": alternatives}}
    assert counts(score_trial(labels, {"status": found}), "status") == expected


@pytest.mark.parametrize(
    ("stated", "alternatives", "found", "expected"),
    [
        # A single member stands for the member that it resembles, once.
        (["advanced toyoma"], ["toyoma"], ["toyoma"], (1, 0, 0)),
        (["advanced toyoma"], ["toyoma"], ["toyoma", "advanced toyoma"], (1, 0, 0)),
        (["advanced toyoma"], ["toyoma"], [], (0, 0, 1)),
        (["advanced toyoma"], ["toyoma"], ["otheroma"], (0, 1, 1)),
        (["advanced toyoma", "late otheroma"], ["toyoma", "otheroma"], ["toyoma", "otheroma"], (2, 0, 0)),
        (["advanced toyoma", "late otheroma"], ["toyoma"], ["advanced toyoma", "toyoma"], (1, 0, 1)),
        (["toyoma or otheroma"], ["toyoma", "otheroma"], ["toyoma", "otheroma"], (1, 0, 0)),
        # A list is another reading of the whole field.
        (["toyoma"], [["a", "b"]], ["b", "a"], (2, 0, 0)),
        (["toyoma"], [["a", "b"]], ["a"], (1, 0, 1)),
        (["toyoma"], [[]], [], (0, 0, 0)),
        (["toyoma"], [None], [], (0, 0, 0)),
        (["toyoma"], [[]], ["toyoma"], (1, 0, 0)),
        # Only alternatives.
        ([], ["toyoma"], [], (0, 0, 0)),
        ([], ["toyoma"], ["toyoma"], (0, 0, 0)),
        ([], ["toyoma"], ["otheroma"], (0, 1, 0)),
        ([], [["a", "b"]], ["a", "b"], (0, 0, 0)),
        ([], [["a", "b"]], [], (0, 0, 0)),
    ],
)
def test_sets(score_trial: Score, stated: Any, alternatives: Any, found: Any, expected: Any) -> None:
    labels = {"conditions": stated, "alternatives": {"conditions": alternatives}}
    assert counts(score_trial(labels, {"conditions": found}), "conditions") == expected


def test_interventions_of_an_arm(score_trial: Score) -> None:
    arm = {
        "role": "EXPERIMENTAL",
        "interventions": ["a", "b"],
        "alternatives": {"interventions": [["c"]], "n": [7]},
    }
    found = {"arms": [{"role": "EXPERIMENTAL", "interventions": ["c"], "n": 7}]}
    result = score_trial({"arms": [arm]}, found)
    assert counts(result, "arms") == (1, 0, 0)
    assert counts(result, "arms.n") == (0, 0, 0)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], (0, 0, 0)),
        ([{"role": "EXPERIMENTAL", "interventions": ["a"]}], (0, 0, 0)),
        ([{"role": "EXPERIMENTAL", "interventions": ["b"]}], (0, 1, 0)),
    ],
)
def test_optional_rows(score_trial: Score, found: Any, expected: Any) -> None:
    row = {"role": "EXPERIMENTAL", "interventions": ["a"]}
    for alternatives in ([[row]], [row]):
        assert counts(score_trial({"alternatives": {"arms": alternatives}}, {"arms": found}), "arms") == expected


@pytest.mark.parametrize("name", ["rank", "agency"])
def test_parts_of_rows(score_trial: Score, name: str) -> None:
    labels = {
        "endpoints": [{"endpoint": "PFS", "rank": "PRIMARY", "alternatives": {"rank": ["OTHER"]}}],
        "regulatory_events": [{"agency": None, "action": "APPROVAL", "alternatives": {"agency": ["FDA"]}}],
    }
    found = {
        "endpoints": [{"endpoint": "PFS", "rank": "OTHER"}],
        "regulatory_events": [{"agency": "FDA", "action": "APPROVAL"}],
    }
    assert not score_trial(labels, found).wrong_leaves


@pytest.mark.parametrize(
    "change", [{"endpoint": "DEATH"}, {"statistic": "MEDIAN"}, {"value": 39.0}, {"unit": "points"}]
)
def test_parts_of_a_core(score_row: Score, change: dict[str, Any]) -> None:
    labels = {"alternatives": {name: [value] for name, value in change.items()}}
    assert counts(score_row(labels, change), "results") == (1, 0, 0)


@pytest.mark.parametrize(
    ("labels", "found", "expected"),
    [
        ({"arm": "a + b", "alternatives": {"arm": ["a"]}}, {"arm": "a"}, (1, 0, 0)),
        ({"arm": "a", "alternatives": {"arm": [None]}}, {}, (0, 0, 0)),
        ({"alternatives": {"arm": ["a"]}}, {"arm": "a"}, (0, 0, 0)),
        ({"alternatives": {"arm": ["a"]}}, {}, (0, 0, 0)),
        ({"alternatives": {"arm": ["a"]}}, {"arm": "b"}, (0, 1, 0)),
    ],
)
def test_arm_of_a_row(score_row: Score, labels: Any, found: Any, expected: Any) -> None:
    result = score_row(labels, found)
    assert counts(result, "results.arm") == expected
    assert tuple(result.linking) == ((0, 1, 1) if expected[1] else (1, 0, 0))


def test_bounds_have_alternatives_each(score_row: Score) -> None:
    labels = {"ci_low": 1.0, "ci_high": 2.0, "alternatives": {"ci_high": [2.5]}}
    assert counts(score_row(labels, {"ci_low": 1.0, "ci_high": 2.5}), "results.ci") == (1, 0, 0)
    assert counts(score_row(labels, {"ci_low": 1.5, "ci_high": 2.5}), "results.ci") == (0, 1, 1)


def test_a_name_among_the_alternatives_aligns_a_trial(score: Score) -> None:
    labels = {"trials": [{"name": "LANTERN-2", "focus": "MAIN", "alternatives": {"name": ["LANTERN-2/GLOW"]}}]}
    assert score(labels, {"trials": [{"name": "LANTERN-2/GLOW", "focus": "MAIN"}]}).is_fully_right
