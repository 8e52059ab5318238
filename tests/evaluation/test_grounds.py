from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from summarizer.evaluation.grounds import (
    find_invented_numbers,
    find_ungrounded,
    iterate_leaves,
    iterate_record_leaves,
    numbers_in,
)
from summarizer.schemas import Arm, ArmRole, Span, Summary, Support

Records = dict[str, Any]
MakeSummary = Callable[[Records], Summary]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13·9 months", "13.9"),
        ("1,083 people", "1083"),
        ("1 083 people", "1083"),
        ("P <.0001", "0.0001"),
        ("0.50", "0.5"),
        ("twenty-four patients", "24"),
        ("Six died", "6"),
        ("１２ weeks", "12"),
        ("11.2-15.9", "15.9"),
        ("G12C", "12"),
    ],
)
def test_numbers_as_the_field_prints_them(text: str, number: str) -> None:
    assert Decimal(number) in numbers_in(text)


def test_numbers_that_are_not_there() -> None:
    assert Decimal("1.3") not in numbers_in("13 or 11.3")
    assert Decimal(3) not in numbers_in("13.3")


def test_leaves_are_values_that_are_not_empty() -> None:
    arm = Arm(role=ArmRole.PLACEBO_COMPARATOR, interventions=["placebo"], n=0)
    assert dict(iterate_leaves(arm)) == {
        "/role": "PLACEBO_COMPARATOR",
        "/interventions/0": "placebo",
        "/n": 0,
    }


def test_numbers_of_a_right_prediction_stand_in_the_article(
    prediction: Records, make_summary: MakeSummary, article: str
) -> None:
    assert find_invented_numbers(make_summary(prediction), article) == []


@pytest.mark.parametrize(
    ("path", "value", "number"),
    [
        (("trials", 0, "enrollment"), 321, "321"),
        (("trials", 0, "arms", 0, "n"), 999, "999"),
        (("trials", 0, "name"), "LANTERN-77", "77"),
        (("trials", 0, "registry_ids"), ["NCT00000777"], "777"),
        (("trials", 0, "results", 0, "value"), -13.4, "-13.4"),
        (("trials", 0, "results", 0, "ci_low"), 11.3, "11.3"),
        (("trials", 0, "results", 2, "p_value"), "<0.0002", "0.0002"),
        (("trials", 0, "results", 4, "timepoint"), "36 months", "36"),
        (("unattributed_results", 0, "value"), 35.5, "35.5"),
    ],
)
def test_invented_numbers(
    prediction: Records, make_summary: MakeSummary, article: str, path: Any, value: Any, number: str
) -> None:
    target: Any = prediction
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    found = find_invented_numbers(make_summary(prediction), article)
    assert len(found) == 1
    assert Decimal(found[0][1]) == Decimal(number)
    assert found[0][0].startswith("/" + "/".join(map(str, path)))


def test_a_number_may_be_printed_with_another_sign(make_summary: MakeSummary) -> None:
    row = {"endpoint": "a1c", "statistic": "MEAN_CHANGE", "value": -1.3, "unit": "%"}
    summary = make_summary({"unattributed_results": [row]})
    assert find_invented_numbers(summary, "down 1.3%") == []


def test_leaves_without_evidence_that_stands_in_the_article(
    prediction: Records, make_summary: MakeSummary, article: str
) -> None:
    summary = make_summary(prediction)
    pointers = [pointer for pointer, _ in iterate_record_leaves(summary)]
    assert find_ungrounded(summary, article) == pointers
    span = Span(start=0, end=10, text=article[:10], support=Support.QUOTED)
    summary.evidence = {pointer: [span] for pointer in pointers}
    assert find_ungrounded(summary, article) == []
    summary.evidence[pointers[0]] = []
    summary.evidence[pointers[1]] = [span.model_copy(update={"text": "otherwise"})]
    assert find_ungrounded(summary, article) == pointers[:2]
