"""The page and the program apply corrections alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from summarizer.review.applying import apply_corrections
from summarizer.review.corrections import dump_correction
from summarizer.review.numbers import printed_numbers
from tests.review.conftest import DESKTOP, Run, visiting
from tests.review.support import Chance

APPLY = """([summary, lines, text]) => {
    const corrections = lines.map((line) => JSON.parse(line));
    const result = Review.applyCorrections(summary, corrections, new Review.Characters(text));
    return {
        summary: result.finish(),
        applied: result.applied.map((each) => each.id),
        left_out: result.leftOut.map(({ correction, reason }) => [correction.id, reason]),
        conflicts: result.conflicts.map((each) => [each.pointer, each.sides.map((side) => side.id)]),
        agreeing: result.agreeing.length,
    };
}"""
ROUNDS = 120


@pytest.fixture(scope="module")
def page(browser: Any, run: Run) -> Iterator[Any]:
    with visiting(browser, viewport=DESKTOP) as visitor:
        yield visitor.open(run.page_of("two-trials.txt"))


@pytest.mark.parametrize("name", ["two-trials.txt", "deep/hostile.txt"])
def test_page_and_program_make_the_same_of_random_corrections(page: Any, run: Run, name: str) -> None:
    summary, text = run.summaries[name], run.text_of(name)
    applied = left_out = conflicting = 0
    for seed in range(ROUNDS):
        corrections = Chance(summary, text, seed).corrections(2 + seed % 12)
        expected = apply_corrections(summary, corrections, text)
        lines = [dump_correction(each) for each in corrections]
        found = page.evaluate(APPLY, [summary.model_dump(mode="json"), lines, text])
        assert found["applied"] == [each.id for each in expected.applied], seed
        assert [each[0] for each in found["left_out"]] == [each.correction.id for each in expected.left_out], seed
        assert found["conflicts"] == [[each.pointer, [side.id for side in each.sides]] for each in expected.conflicts]
        assert found["agreeing"] == expected.agreeing
        assert found["summary"] == json.loads(expected.summary.model_dump_json()), seed
        applied += len(expected.applied)
        left_out += len(expected.left_out)
        conflicting += len(expected.conflicts)
    assert min(applied, left_out) > ROUNDS  # both ways were tried, and more than a few times
    assert conflicting > 5


@pytest.mark.parametrize(
    "text",
    [
        "HR, 0.62; 95% CI, 0.50-0.77; P <.001",
        "a change of -1.31 or \u22121.31 or 1,083 of 12,34 and 13\u00b79 \U0001f9ea 7",
        "ten of seventeen, one AK104-225, (-3), 5%-7%, 1.2.3, &#8211;5 &nbsp;6 \uff15",
    ],
)
def test_page_and_program_see_the_same_numbers(page: Any, text: str) -> None:
    expected = [[each.start, each.end, each.value] for each in printed_numbers(text)]
    assert expected
    found = page.evaluate("text => Review.printedNumbers(text).map((each) => [each.start, each.end, each.value])", text)
    assert found == expected
