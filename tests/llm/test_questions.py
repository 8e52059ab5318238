"""The questions contract: a model chooses among words of the text, and only where it says so twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from summarizer.errors import ModelUnavailableError, Spent
from summarizer.extraction.llm.contracts.questions import Choice, QuestionsExtractor
from summarizer.extraction.llm.contracts.usage import Usage
from summarizer.extraction.llm.exchange import Request
from summarizer.grounding import ground, why_unsupported
from summarizer.grounding.assemble import Grounded
from summarizer.loading import article_from_text
from summarizer.reading.reader import read
from tests.support.stand_in import Say, StandIn

TEXT = (
    "The randomized phase 3 LARKSPUR-2 trial compared durvalumab with placebo.\n\n"
    "Median overall survival was 15.2 months in one group. The 12-month figures were mature. Survival was 61%.\n\n"
    "Quality of life was stable at 24 months.\n\n"
    "Norvane Therapeutics made the drug, and Ostrel Biopharma supplied the placebo.\n"
)


def extract(*answers: Say) -> tuple[Grounded, Usage, StandIn]:
    model = StandIn(answers)
    reading = read(article_from_text(TEXT))
    extraction = asyncio.run(QuestionsExtractor(model, why_unsupported).extract(reading))
    return ground(reading, extraction.draft), extraction.usage, model


def choose(wanted: str) -> Callable[[Request[Any]], Choice]:
    """A model that looks for the wanted words among the answers, and else says that they are not stated."""

    def answer(request: Request[Any]) -> Choice:
        lines = request.messages[-1].content.splitlines()
        letters = {line[3:]: line[0] for line in lines if line[1:3] == ") "}
        return Choice(c=letters.get(wanted, letters["not stated"]))

    return answer


def arms(grounded: Grounded) -> list[str | None]:
    return [result.arm for result in grounded.trials[0].results]


def test_a_choice_made_twice_enters_the_record() -> None:
    grounded, usage, _ = extract(choose("placebo"))
    assert arms(grounded) == ["placebo", "placebo"]
    assert "placebo" in [span.text for span in grounded.evidence["/trials/0/results/0/arm"]]
    assert {attempt.purpose for attempt in usage.attempts} >= {"arm", "time point"}


def test_what_the_text_states_elsewhere_is_found() -> None:
    grounded, _, _ = extract(choose("12 months"))
    assert [result.timepoint for result in grounded.trials[0].results] == [None, "12 months"]


@pytest.mark.parametrize("letter", ["A", "B"])
def test_a_model_that_likes_a_place_changes_nothing(letter: str) -> None:
    """Its second answer, with the answers in reverse order, is another one."""
    grounded, _, model = extract(Choice(c=letter))
    assert len(model.requests) > 3
    assert arms(grounded) == [None, None]


def test_every_question_can_be_answered_with_nothing() -> None:
    _, _, model = extract(choose("not stated"))
    assert model.requests
    for request in model.requests:
        assert ") not stated" in request.messages[-1].content


def test_a_letter_that_is_no_answer_states_nothing() -> None:
    assert arms(extract(Choice(c="J"))[0]) == [None, None]


def test_the_article_comes_before_the_question_so_that_it_is_read_once() -> None:
    _, _, model = extract(choose("not stated"))
    texts = [request.messages[-1].content for request in model.requests]
    ends = [text.index("</article-") for text in texts]
    assert len({text[:end] for text, end in zip(texts, ends, strict=True)}) == 1


def test_a_question_that_fails_is_left_open_and_told() -> None:
    failure = ModelUnavailableError("busy", None, Spent(("rate limited (429)",), 7, 0, 0.5))
    first, *_ = extract(choose("placebo"))[2].requests
    grounded, usage, _ = extract(failure, choose("placebo"))
    told = [attempt for attempt in usage.attempts if attempt.outcome == "left open: busy"]
    assert [attempt.purpose for attempt in told] == [first.purpose]
    assert "placebo" in arms(grounded)


def test_a_model_that_answers_nothing_fails_the_article() -> None:
    with pytest.raises(ModelUnavailableError, match="busy"):
        extract(ModelUnavailableError("busy"))
