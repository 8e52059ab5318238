from __future__ import annotations

from typing import Any

import pytest

from summarizer.evaluation.passages import locate, score_truncations
from summarizer.schemas import Span, Support, Truncation, TruncationKind

ARTICLE = "A study was shown at the\n\nA\n\nMedian OS was 9 months. It was shown at the  big\nmeeting in June."
CUT = TruncationKind.CUT_SENTENCE


def count(
    gold: list[str],
    found: list[str],
    *,
    kind: TruncationKind = CUT,
    evidence: dict[str, list[Span]] | None = None,
) -> tuple[Any, Any]:
    tally, together = score_truncations(
        [Truncation(text=text, kind=CUT) for text in gold],
        [Truncation(text=text, kind=kind) for text in found],
        ARTICLE,
        evidence,
    )
    return tuple(tally.fields["truncations"]), tuple(together)


@pytest.mark.parametrize(
    "found",
    [
        "A study was shown at the",
        "study was shown at the",
        "A study was shown at the\n\nA\n\nMedian OS was 9 months.",
        "A study  was\nshown at the",
    ],
)
def test_same_or_overlapping_text_is_the_same_place(found: str) -> None:
    assert count(["A study was shown at the"], [found]) == ((1, 0, 0), (1, 0, 0))


def test_another_place(score: Any) -> None:
    assert count(["A study was shown at the"], ["Median OS was 9 months."]) == ((0, 1, 1), (0, 1, 1))


def test_white_space_is_forgiven() -> None:
    assert count(["It was shown at the big meeting in June."], ["at the  big\nmeeting"]) == (
        (1, 0, 0),
        (1, 0, 0),
    )


def test_the_kind_is_a_field_of_its_own() -> None:
    assert count(["Median OS was 9"], ["Median OS was 9"], kind=TruncationKind.GAP) == ((1, 0, 0), (0, 1, 1))


def test_a_lone_word_is_its_line_not_its_letter() -> None:
    assert count(["\n\nA\n\n"], ["\n\nA\n\n"]) == ((1, 0, 0), (1, 0, 0))
    assert count(["\n\nA\n\n"], ["A"]) == ((1, 0, 0), (1, 0, 0))
    assert count(["\n\nA\n\n"], ["A study was shown at the"]) == ((0, 1, 1), (0, 1, 1))


def test_each_passage_is_matched_once() -> None:
    found = ["A study was shown at the", "study was shown"]
    assert count(["A study was shown at the"], found) == ((1, 1, 0), (1, 1, 0))


def test_evidence_tells_which_of_several_places_is_meant() -> None:
    def cite(start: int) -> dict[str, list[Span]]:
        end = start + len("shown at the")
        span = Span(start=start, end=end, text=ARTICLE[start:end], support=Support.QUOTED)
        return {"/truncations/0/text": [span]}

    first, second = ARTICLE.index("shown at the"), ARTICLE.rindex("shown at the")
    assert count(["A study was shown at the"], ["shown at the"], evidence=cite(first))[0] == (1, 0, 0)
    assert count(["A study was shown at the"], ["shown at the"], evidence=cite(second))[0] == (0, 1, 1)


def test_locate() -> None:
    assert [ARTICLE[start:end] for start, end in locate("\n\nA\n\n", ARTICLE)] == ["A"]
    assert len(locate("shown at the", ARTICLE)) == 2
    assert locate("not there", ARTICLE) == []
    assert locate("  ", ARTICLE) == []
    assert locate("", ARTICLE) == []
