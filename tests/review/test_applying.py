"""Corrections are applied where they fit, refused with a reason where they don't, and never misapplied."""

from __future__ import annotations

from typing import Any

import pytest

from summarizer.review.applying import Corrected, apply_corrections
from summarizer.review.corrections import Correction, SelectedWords
from summarizer.review.tree import Tree, identify
from summarizer.schemas import Statistic, Summary, Support
from tests.support.summaries import TEXT, make_summary, span_of

HR = "/trials/0/results/1"


def words(passage: str) -> list[SelectedWords]:
    start = TEXT.index(passage)
    return [SelectedWords(start=start, end=start + len(passage), text=passage)]


def say(operation: str, pointer: str = "", reviewer: str = "Ada", **values: Any) -> Correction:
    summary = make_summary()
    tree = Tree(summary)
    at = pointer
    while at and (at not in tree.entries or not tree.entries[at].kind):
        at = at.rpartition("/")[0]
    given = {
        "id": f"c{abs(hash((operation, pointer, reviewer, repr(values)))):020d}",
        "article": summary.source.sha256,
        "reviewer": reviewer,
        "time": "2026-01-01T00:00:00Z",
        "operation": operation,
        "pointer": pointer,
        "record": identify(tree, tree.entries[at]) if at else None,
    }
    return Correction.model_validate(given | values)


def apply(*corrections: Correction, summary: Summary | None = None) -> Corrected:
    return apply_corrections(summary or make_summary(), corrections, TEXT)


def reason_of(correction: Correction) -> str:
    corrected = apply(correction)
    assert not corrected.applied
    assert corrected.summary == make_summary()
    (left_out,) = corrected.left_out
    return left_out.reason


def test_edited_number_rests_on_the_reviewers_words() -> None:
    corrected = apply(say("edit", f"{HR}/value", before=0.62, value=0.77, spans=words("0.50-0.77")))
    result = corrected.summary.trials[0].results[1]
    assert (result.value, result.value_text) == (0.77, "0.77")
    (span,) = corrected.summary.evidence[f"{HR}/value"]
    assert (span.text, span.support, span.rule) == ("0.50-0.77", Support.NUMBER, "reviewer Ada")


@pytest.mark.parametrize(
    ("value", "passage"),
    [
        (0.63, "HR, 0.62"),  # another number
        (0.6, "0.6"),  # the selection cuts a number
        (-0.62, "0.62"),  # another sign
        (50, "0.50-0.77"),  # another magnitude
        pytest.param(10**400, "0.62", id="more than a float can hold"),
        (float("inf"), "0.62"),
    ],
)
def test_number_that_does_not_stand_in_the_words_is_refused(value: float, passage: str) -> None:
    reason = reason_of(say("edit", f"{HR}/value", before=0.62, value=value, spans=words(passage)))
    assert "does not stand in the selected words" in reason


@pytest.mark.parametrize(
    ("field", "value", "passage"),
    [
        ("p_value", "<0.01", "P <.001"),
        ("timepoint", "12 months", "13.3 months"),
        ("subgroup", "27 of 99", "10 of 27 patients"),
    ],
)
def test_digits_in_words_must_stand_there_too(field: str, value: str, passage: str) -> None:
    before = {"p_value": "<0.001"}.get(field)
    operation = "edit" if before else "add"
    correction = say(operation, f"{HR}/{field}", before=before, value=value, spans=words(passage))
    assert "does not stand" in reason_of(correction)


@pytest.mark.parametrize(
    ("correction", "reason"),
    [
        (say("edit", f"{HR}/value", before=0.62, value=0.77), "no words"),
        (
            say("edit", f"{HR}/value", before=0.62, value=0.77, spans=[SelectedWords(start=0, end=4, text="0.77")]),
            "do not stand there",
        ),
        (say("edit", f"{HR}/value", before=0.61, value=0.77, spans=words("0.77")), "the record says 0.62"),
        (say("delete", "/trials/7"), "no such place"),
        (say("delete", f"{HR}/statistic", before="HAZARD_RATIO"), "can't be empty"),
        (say("add", f"{HR}/value", value=0.77, spans=words("0.77")), "the record says 0.62"),
        (say("edit", f"{HR}/statistic", before="HAZARD_RATIO", value="RATIO", spans=words("HR")), "is one of"),
        (say("move", "/trials/0/arms/1", value="/trials/0/results"), "the record says"),
        (say("edit", f"{HR}/p_value", before="<0.001", value="P<.001", spans=words("P <.001")), "write a P value"),
        (
            say("delete", f"{HR}/value", before=0.62, record=["result", "PFS", "HAZARD_RATIO", 0.62, 3]),
            "another record",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(correction: Correction, reason: str) -> None:
    assert reason in reason_of(correction)


def test_correction_of_a_row_never_lands_on_the_row_that_took_its_place() -> None:
    summary = make_summary()
    first = summary.trials[0].results[0].model_copy(update={"statistic": Statistic.MEAN, "value": 8.2})
    shifted = summary.model_copy(deep=True)
    shifted.trials[0].results.insert(0, first)
    correction = say("delete", "/trials/0/results/0/arm", before="examplinib")
    corrected = apply(correction, summary=shifted)
    assert corrected.summary == shifted
    assert corrected.left_out[0].reason == "another record stands there now"


def test_pointers_are_the_machines_whatever_else_is_corrected() -> None:
    corrected = apply(
        say("delete", "/trials/0/results/0", before=make_summary().trials[0].results[0].model_dump(mode="json")),
        say("edit", f"{HR}/value", before=0.62, value=0.77, spans=words("0.77")),
        say("delete", "/trials/0/aliases/0", before="EXA-301"),
    )
    assert not corrected.left_out
    trial = corrected.summary.trials[0]
    assert [result.value for result in trial.results] == [0.77, 37.0]
    assert trial.aliases == []
    assert corrected.summary.evidence["/trials/0/results/0/value"][0].text == "0.77"
    assert [flag.pointer for flag in corrected.summary.flags] == ["/trials/0/results/0/ci_low"]


def test_moved_result_takes_its_evidence_along() -> None:
    before = make_summary().unattributed_results[0].model_dump(mode="json")
    corrected = apply(say("move", "/unattributed_results/0", before=before, value="/trials/0/results"))
    assert corrected.summary.unattributed_results == []
    assert corrected.summary.trials[0].results[3].value == 38.9
    assert corrected.summary.evidence["/trials/0/results/3/value"] == [span_of("38.9", support=Support.NUMBER)]


def test_added_trial_can_be_filled_and_moved_to() -> None:
    trial = say("add", "/trials/-", value={"name": "LARKSPUR-1", "focus": "SUPPORTING"}, spans=words("LARKSPUR-1"))
    before = make_summary().unattributed_results[0].model_dump(mode="json")
    corrected = apply(
        trial,
        say("add", f"/trials/{trial.id}/phases/-", value="PHASE3", spans=words("phase 3"), record=None),
        say("move", "/unattributed_results/0", before=before, value=f"/trials/{trial.id}/results"),
    )
    assert not corrected.left_out
    added = corrected.summary.trials[1]
    assert (added.name, added.phases, [result.value for result in added.results]) == ("LARKSPUR-1", ["PHASE3"], [38.9])
    assert corrected.summary.evidence["/trials/1/name"][0].support is Support.QUOTED


def test_added_row_has_evidence_for_every_value() -> None:
    value = {"endpoint": "OS", "statistic": "HAZARD_RATIO", "value": 0.62, "ci_low": 0.5, "ci_high": 0.77}
    passage = "HR, 0.62; 95% CI, 0.50-0.77"
    corrected = apply(say("add", "/unattributed_results/-", value=value, spans=words(passage)))
    row = corrected.summary.unattributed_results[1]
    assert (row.value_text, row.ci_low) == ("0.62", 0.5)
    for name in (*value, "value_text"):
        assert corrected.summary.evidence[f"/unattributed_results/1/{name}"][0].text == passage


def test_what_hangs_on_a_value_follows_it() -> None:
    corrected = apply(
        say("delete", "/trials/0/enrollment", before=240),
        say("delete", "/trials/0/results/0/value", before=13.3),
    )
    trial = corrected.summary.trials[0]
    assert (trial.enrollment, trial.enrollment_type) == (None, None)
    assert (trial.results[0].value, trial.results[0].value_text) == (None, None)
    assert "/trials/0/results/0/value" not in corrected.summary.evidence


def test_truncation_is_marked_word_for_word() -> None:
    value = {"text": "The combination led to a pCR rate of 38.9%.", "kind": "LOST_ANTECEDENT"}
    marked = apply(say("mark_truncation", "/truncations/-", value=value, spans=words(value["text"])))
    assert marked.summary.truncations[1].text == value["text"]
    other = say("mark_truncation", "/truncations/-", value=value, spans=words("The combination"))
    assert "selected words" in reason_of(other)


def test_withdrawn_correction_does_not_count() -> None:
    edit = say("edit", f"{HR}/value", before=0.62, value=0.77, spans=words("0.77"))
    corrected = apply(edit, say("withdraw", edit.pointer, withdraws=edit.id))
    assert corrected.summary == make_summary()
    assert not corrected.applied


def test_last_word_of_a_reviewer_counts() -> None:
    corrected = apply(
        say("edit", f"{HR}/value", before=0.62, value=0.77, spans=words("0.77")),
        say("edit", f"{HR}/value", before=0.62, value=0.5, spans=words("0.50")),
    )
    assert corrected.summary.trials[0].results[1].value == 0.5
    assert not corrected.conflicts


def test_contradicting_reviewers_change_nothing_and_are_told() -> None:
    corrected = apply(
        say("edit", f"{HR}/value", before=0.62, value=0.77, spans=words("0.77")),
        say("edit", f"{HR}/value", "Ben", before=0.62, value=0.5, spans=words("0.50")),
        say("edit", "/trials/0/status", "Ben", before="ACTIVE_NOT_RECRUITING", value="COMPLETED", spans=words("240")),
    )
    assert corrected.summary.trials[0].results[1].value == 0.62
    (conflict,) = corrected.conflicts
    assert (conflict.pointer, [side.reviewer for side in conflict.sides]) == (f"{HR}/value", ["Ada", "Ben"])
    assert corrected.summary.trials[0].status == "COMPLETED"


@pytest.mark.parametrize("operation", ["delete", "accept"])
def test_who_judges_a_whole_record_contradicts_who_changes_it(operation: str) -> None:
    whole = make_summary().trials[0].results[1].model_dump(mode="json") if operation == "delete" else None
    corrected = apply(
        say(operation, HR, before=whole),
        say("edit", f"{HR}/value", "Ben", before=0.62, value=0.77, spans=words("0.77")),
    )
    assert len(corrected.conflicts) == 1
    assert corrected.summary == make_summary()


def test_who_accepts_everything_accepts_it_with_their_own_corrections() -> None:
    edit: dict[str, Any] = {"before": 0.62, "value": 0.77, "spans": words("0.77")}
    corrected = apply(say("edit", f"{HR}/value", **edit), say("accept"), say("edit", f"{HR}/value", "Ben", **edit))
    assert not corrected.conflicts
    assert corrected.summary.trials[0].results[1].value == 0.77
    assert corrected.agreeing == 1


def test_record_that_two_added_alike_is_there_once() -> None:
    value = {"endpoint": "OS", "statistic": "HAZARD_RATIO", "value": 0.62}
    first, second = (
        say("add", "/unattributed_results/-", name, value=value, spans=words("HR, 0.62")) for name in ("Ada", "Ben")
    )
    later = say(
        "edit",
        f"/unattributed_results/{second.id}/endpoint",
        "Ben",
        before="OS",
        value="PFS",
        spans=words("HR"),
        record=None,
    )
    corrected = apply(first, second, later)
    assert [row.endpoint for row in corrected.summary.unattributed_results] == ["pCR", "PFS"]
    assert (corrected.agreeing, corrected.left_out) == (1, [])
