"""The records contract: what a model adds, what the rules keep, what goes back once, what is split."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from summarizer.errors import AnswerCutOffError, ModelRefusedError, ModelUnavailableError, Spent
from summarizer.extraction.llm.contracts.records import RecordsExtractor
from summarizer.extraction.llm.contracts.usage import Usage
from summarizer.grounding import ground, why_unsupported
from summarizer.grounding.assemble import Grounded
from summarizer.loading import article_from_text
from summarizer.reading.reader import read
from summarizer.schemas import ModelAnswer, ModelCorrections, TrialRecord
from tests.support.stand_in import Say, StandIn

TEXT = (
    "Norvane Therapeutics reported results from the randomized phase 3 LARKSPUR-2 trial (NCT09990002) of talvorexib "
    "plus gemcitabine in adults with untreated advanced biliary tract cancer.\n\n"
    "Median overall survival was 15.2 months with talvorexib plus gemcitabine and 11.9 months with gemcitabine alone "
    "(HR, 0.71; 95% CI, 0.58-0.87).\n\n"
    "Patients with FGFR2 fusions did best. Their objective response rate was 58%.\n\n"
    "All had progressed on durvalumab before they entered the study.\n"
)


def extract(text: str, *answers: Say, most_characters: int = 9000) -> tuple[Grounded, Usage, StandIn]:
    model = StandIn(answers)
    reading = read(article_from_text(text))
    extractor = RecordsExtractor(model, why_unsupported, most_characters=most_characters)
    extraction = asyncio.run(extractor.extract(reading))
    return ground(reading, extraction.draft), extraction.usage, model


def answer(**fields: Any) -> ModelAnswer:
    trial = {"n": "LARKSPUR-2", "s": [0], "m": True, **fields.pop("trial", {})}
    return ModelAnswer.model_validate({"t": [trial], **fields})


def only(grounded: Grounded) -> TrialRecord:
    assert len(grounded.trials) == 1
    return grounded.trials[0]


def test_the_model_adds_what_the_rules_missed() -> None:
    given = answer(
        trial={
            "a": [{"k": "prior_therapies", "v": "durvalumab", "s": [4]}],
            "g": [
                {"r": "EXPERIMENTAL", "v": ["talvorexib", "gemcitabine"], "s": [0]},
                {"r": "ACTIVE_COMPARATOR", "v": ["gemcitabine"], "s": [1]},
            ],
        },
        r=[{"e": [0], "t": 0, "a": 0}, {"e": [3], "t": 0, "g": "Patients with FGFR2 fusions", "s": [2]}],
    )
    grounded, _, _ = extract(TEXT, given)
    trial = only(grounded)
    assert trial.prior_therapies == ["durvalumab"]
    assert [arm.interventions for arm in trial.arms] == [["talvorexib", "gemcitabine"], ["gemcitabine"]]
    assert [result.arm for result in trial.results[:2]] == ["talvorexib + gemcitabine", "gemcitabine"]
    assert trial.results[3].subgroup == "Patients with FGFR2 fusions"
    assert grounded.rejected == []


def test_what_the_model_leaves_empty_the_rules_fill() -> None:
    alone = only(extract(TEXT, answer())[0])
    assert (alone.registry_ids, alone.sponsors) == (["NCT09990002"], ["Norvane Therapeutics"])
    assert [result.value for result in alone.results] == [15.2, 11.9, 0.71, 58.0]


def test_the_models_grounded_value_wins() -> None:
    given = answer(trial={"a": [{"k": "conditions", "v": "biliary tract cancer", "s": [0]}]})
    assert only(extract(TEXT, given)[0]).conditions == ["biliary tract cancer"]


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({"k": "phases", "v": "PHASE2", "s": [0]}, "do not say so"),
        ({"k": "phases", "v": "PHASE3", "s": [3]}, "do not say so"),
        ({"k": "registry_ids", "v": "NCT09990003", "s": [0]}, "do not say so"),
        ({"k": "sponsors", "v": "Pfizer", "s": [0]}, "do not say so"),
        ({"k": "sponsors", "v": "Norvane Therapeutics", "s": [77]}, "there is no sentence 77"),
        ({"k": "conditions", "v": "cholangiocarcinoma", "s": [0]}, "do not say so"),
        ({"k": "masking", "v": "DOUBLE", "s": []}, "no sentence was cited"),
    ],
)
def test_an_unsupported_value_goes_back_once_and_then_to_rejected(claim: dict[str, Any], reason: str) -> None:
    insisting = ModelCorrections.model_validate({"f": [{"i": 0, "v": claim["v"], "s": claim["s"]}]})
    grounded, usage, model = extract(TEXT, answer(trial={"a": [claim]}), insisting)
    assert [attempt.purpose for attempt in usage.attempts] == ["records", "rejected claims"]
    sent_back = model.requests[1].messages[-1].content
    assert f"{claim['k']} = {claim['v']}" in sent_back
    assert [rejected.value for rejected in grounded.rejected] == [claim["v"]]
    assert reason in grounded.rejected[0].reason
    assert grounded.rejected[0].pointer == f"/trials/0/{claim['k']}"


def test_a_corrected_value_enters_the_record() -> None:
    wrong = answer(trial={"a": [{"k": "prior_therapies", "v": "durvalumab", "s": [0]}]})
    right = ModelCorrections.model_validate({"f": [{"i": 0, "v": "durvalumab", "s": [4]}]})
    grounded, usage, _ = extract(TEXT, wrong, right)
    assert only(grounded).prior_therapies == ["durvalumab"]
    assert grounded.rejected == []
    assert (usage.tokens.input, usage.tokens.output, usage.cost) == (200, 20, 0.5)


def test_a_value_that_is_taken_back_is_reported() -> None:
    wrong = answer(trial={"a": [{"k": "sponsors", "v": "Pfizer", "s": [0]}]})
    grounded, _, _ = extract(TEXT, wrong, ModelCorrections(f=[]))
    assert [rejected.value for rejected in grounded.rejected] == ["Pfizer"]
    assert only(grounded).sponsors == ["Norvane Therapeutics"]


def test_an_answer_stands_when_the_second_question_fails() -> None:
    given = answer(trial={"a": [{"k": "sponsors", "v": "Pfizer", "s": [0]}, {"k": "phases", "v": "PHASE3", "s": [0]}]})
    failure = ModelUnavailableError("busy", None, Spent(("rate limited (429)",), 7, 0, 0.5))
    grounded, usage, _ = extract(TEXT, given, failure)
    assert [phase.value for phase in only(grounded).phases] == ["PHASE3"]
    assert usage.cost == 0.75
    assert "stay rejected: busy" in usage.attempts[-1].outcome


def test_unknown_ids_are_refused_one_by_one() -> None:
    given = answer(trial={"c": 9}, r=[{"e": [99, 0], "t": 0}, {"e": [1], "t": 5}])
    grounded, _, _ = extract(TEXT, given, ModelCorrections(f=[]))
    reasons = sorted(rejected.reason for rejected in grounded.rejected)
    assert reasons == ["there is no estimate E99", "there is no patient count C9", "there is no trial 5"]
    assert [result.value for result in only(grounded).results] == [15.2, 11.9, 0.71, 58.0]


def test_a_quote_must_stand_in_its_sentence_and_hold_an_estimate_of_its_own() -> None:
    given = answer(q=[{"q": "response rate was 57%", "s": 3, "t": 0}, {"q": "response rate was 58%", "s": 3, "t": 0}])
    grounded, _, _ = extract(TEXT, given, ModelCorrections(f=[]))
    assert {rejected.reason for rejected in grounded.rejected} == {
        "the quoted passage does not stand in the cited sentence",
        "no further estimate can be read from the quoted passage",
    }
    assert [result.value for result in only(grounded).results] == [15.2, 11.9, 0.71, 58.0]


def test_an_answer_that_is_cut_off_is_asked_for_in_parts() -> None:
    empty = ModelAnswer(t=[])
    cut = AnswerCutOffError("cut off at 3,200 tokens", None, Spent(("cut off",), 50, 3200, 0.5))
    _, usage, model = extract(TEXT, cut, empty, empty)
    assert len(model.requests) == 3
    parts = [request.messages[-1].content for request in model.requests[1:]]
    assert "S0 " in parts[0].split("<article-")[1]
    assert "-before>" in parts[1]
    assert any("asked for in two parts" in attempt.outcome for attempt in usage.attempts)
    assert usage.tokens.output == 3220


def test_a_long_article_is_read_in_passages_and_merged_by_name() -> None:
    filler = "The company makes many other things that are of no interest here. " * 6
    text = TEXT + "\n" + "\n\n".join([filler] * 4) + "\n\nIn LARKSPUR-2, 412 patients were randomized.\n"

    def reply(request: Any) -> ModelAnswer:
        passage = request.messages[-1].content.split("<article-")[-1]
        last = passage.rfind("S", 0, passage.find("In LARKSPUR-2"))
        if "In LARKSPUR-2" not in passage:
            return answer(trial={"a": [{"k": "phases", "v": "PHASE3", "s": [0]}]})
        number = int(passage[last + 1 :].split(" ", 1)[0])
        return ModelAnswer.model_validate({"t": [{"n": "LARKSPUR-2", "s": [number], "m": True, "c": 0}]})

    grounded, usage, model = extract(text, reply, most_characters=700)
    assert len(model.requests) > 2
    trial = only(grounded)
    assert (trial.enrollment, [phase.value for phase in trial.phases]) == (412, ["PHASE3"])
    assert usage.calls == len(model.requests)


def test_one_failed_passage_loses_no_other() -> None:
    filler = "The company makes many other things that are of no interest here. " * 12
    text = f"{TEXT}\n{filler}\n"
    given = answer(trial={"a": [{"k": "prior_therapies", "v": "durvalumab", "s": [4]}]})
    grounded, usage, _ = extract(text, given, ModelRefusedError("refused"), most_characters=800)
    assert only(grounded).prior_therapies == ["durvalumab"]
    assert any("read by the rules only: refused" in attempt.outcome for attempt in usage.attempts)


def test_an_article_without_any_answer_fails_and_tells_what_it_cost() -> None:
    failure = ModelUnavailableError("busy", "try later", Spent(("rate limited (429)",), 7, 3, 0.5))
    with pytest.raises(ModelUnavailableError, match="busy; try later") as caught:
        extract(TEXT, failure)
    assert (caught.value.spent.input_tokens, caught.value.spent.cost) == (7, 0.5)
    assert "rate limited (429)" in caught.value.spent.outcomes


def test_an_orphan_stays_an_orphan() -> None:
    text = TEXT + "\nData presented at the\n\nThe response rate was 44%, and treatment was well tolerated.\n"
    reading = read(article_from_text(text))
    orphan = reading.estimates[-1].id
    grounded, _, _ = extract(text, answer(r=[{"e": [orphan], "t": 0}]))
    assert [result.value for result in grounded.unattributed_results] == [44.0]
    assert "damaged passage" in grounded.rejected[0].reason


def test_an_answer_about_another_article_leaves_the_rules_record() -> None:
    other = ModelAnswer.model_validate(
        {
            "t": [
                {
                    "n": "HOLLOW-9",
                    "s": [0, 1],
                    "m": True,
                    "f": [
                        "phases PHASE2 @0",
                        "sponsors Ostrel Biopharma @0",
                        "arm EXPERIMENTAL ostrelimab @1 E0",
                        "enrollment C0",
                        "results E1,2",
                    ],
                }
            ]
        }
    )
    without, _, _ = extract(TEXT, ModelAnswer(t=[]))
    grounded, _, _ = extract(TEXT, other, ModelCorrections(f=[]))
    assert grounded.trials == without.trials
    assert grounded.rejected[0].reason == "the text names or describes no such trial there"
