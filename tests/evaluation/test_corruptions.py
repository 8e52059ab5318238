"""Gold against itself is right everywhere; each kind of corruption lowers exactly its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.evaluation.cases import Case, find_case_folders, load_case
from summarizer.evaluation.scoring import CaseScore, score_case
from summarizer.schemas import GoldCase, Summary

Records = dict[str, Any]
Score = Callable[..., CaseScore]
BUILT_IN = Path(__file__).parents[2] / "evals" / "cases"
FOLDERS = find_case_folders(BUILT_IN) if BUILT_IN.is_dir() else []


def lowered(score: CaseScore) -> set[str]:
    return {name for name, counts in score.fields.items() if counts.errors}


def lowered_groups(score: CaseScore) -> set[str]:
    return {name for name, counts in score.groups.items() if counts.errors}


def change(*path: Any, to: Any) -> Callable[[Records], None]:
    def apply(records: Records) -> None:
        target: Any = records
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = to

    return apply


def row(index: int, name: str, to: Any) -> Callable[[Records], None]:
    return change("trials", 0, "results", index, name, to=to)


def drop_row(records: Records) -> None:
    del records["trials"][0]["results"][4]


def add_row(records: Records) -> None:
    extra = {"endpoint": "DCR", "statistic": "RATE", "value": 95.0, "unit": "%"}
    records["trials"][0]["results"].append(extra)


def move_row(records: Records) -> None:
    records["trials"][1].setdefault("results", []).append(records["trials"][0]["results"].pop(1))


def pin_orphan(records: Records) -> None:
    records["trials"][0]["results"] += records.pop("unattributed_results")


def leave_row_unattributed(records: Records) -> None:
    records["unattributed_results"].append(records["trials"][0]["results"].pop(1))


def swap_arms(records: Records) -> None:
    first, second = records["trials"][0]["results"][:2]
    first["arm"], second["arm"] = second["arm"], first["arm"]


def swap_bounds(records: Records) -> None:
    one = records["trials"][0]["results"][0]
    one["ci_low"], one["ci_high"] = one["ci_high"], one["ci_low"]


def drop_trial(records: Records) -> None:
    del records["trials"][1]


def add_trial(records: Records) -> None:
    records["trials"].append({"name": "TORCH-1", "focus": "SUPPORTING", "phases": ["PHASE1"]})


def drop_passage(records: Records) -> None:
    del records["truncations"][0]


def add_passage(records: Records) -> None:
    records["truncations"].append({"text": "The primary endpoint was PFS.", "kind": "GAP"})


ATTRIBUTES, NUMBERS, LINKING, TRUNCATION = {"attributes"}, {"numbers"}, {"linking"}, {"truncation"}


@pytest.mark.parametrize(
    ("corrupt", "fields", "groups"),
    [
        pytest.param(row(0, "value", 13.4), {"results"}, NUMBERS, id="a digit"),
        pytest.param(row(2, "value", -0.62), {"results"}, NUMBERS, id="a sign"),
        pytest.param(row(0, "unit", "weeks"), {"results"}, NUMBERS, id="a unit"),
        pytest.param(row(0, "endpoint", "OS"), {"results"}, NUMBERS, id="an endpoint"),
        pytest.param(row(2, "statistic", "ODDS_RATIO"), {"results"}, NUMBERS, id="a statistic"),
        pytest.param(row(0, "ci_high", 15.8), {"results.ci"}, NUMBERS, id="a bound"),
        pytest.param(swap_bounds, {"results.ci"}, NUMBERS, id="swapped bounds"),
        pytest.param(row(0, "ci_low", None), {"results.ci"}, NUMBERS, id="a lost bound"),
        pytest.param(row(0, "ci_level", 90), {"results.ci_level"}, NUMBERS, id="a level"),
        pytest.param(row(2, "p_value", "<0.0001"), {"results.p_value"}, NUMBERS, id="a P value"),
        pytest.param(row(2, "p_value", "0.001"), {"results.p_value"}, NUMBERS, id="a relation"),
        pytest.param(row(6, "numerator", 71), {"results.counts"}, NUMBERS, id="a count"),
        pytest.param(row(1, "arm", "examplinib"), {"results.arm"}, LINKING, id="an arm"),
        pytest.param(row(1, "arm", None), {"results.arm"}, LINKING, id="a lost arm"),
        pytest.param(swap_arms, {"results.arm"}, LINKING, id="swapped arms"),
        pytest.param(row(4, "timepoint", "12 months"), {"results.timepoint"}, set(), id="a timepoint"),
        pytest.param(row(5, "subgroup", "score <5"), {"results.subgroup"}, set(), id="a subgroup"),
        pytest.param(row(3, "reached", None), {"results.reached"}, set(), id="reached"),
        pytest.param(row(6, "assessor", "INVESTIGATOR"), {"results.assessor"}, set(), id="an assessor"),
        pytest.param(drop_row, {"results"}, NUMBERS, id="a missing row"),
        pytest.param(add_row, {"results"}, NUMBERS, id="an extra row"),
        pytest.param(move_row, {"results.trial"}, LINKING, id="a row on the wrong trial"),
        pytest.param(pin_orphan, {"results.trial"}, LINKING, id="a pinned orphan"),
        pytest.param(leave_row_unattributed, {"results.trial"}, LINKING, id="a row left unattributed"),
        pytest.param(
            drop_trial,
            {
                "trials",
                "name",
                "focus",
                "phases",
                "conditions",
                "enrollment",
                "enrollment_type",
                "regulatory_events",
            },
            ATTRIBUTES,
            id="a missing trial",
        ),
        pytest.param(add_trial, {"trials", "name", "focus", "phases"}, ATTRIBUTES, id="an extra trial"),
        pytest.param(change("trials", 0, "name", to="LANTERN-3"), {"name"}, ATTRIBUTES, id="a name"),
        pytest.param(change("trials", 0, "focus", to="SUPPORTING"), {"focus"}, ATTRIBUTES, id="a focus"),
        pytest.param(change("trials", 0, "phases", to=["PHASE2"]), {"phases"}, ATTRIBUTES, id="a phase"),
        pytest.param(change("trials", 0, "enrollment", to=321), {"enrollment"}, ATTRIBUTES, id="an enrolment"),
        pytest.param(change("trials", 0, "masking", to="NONE"), {"masking"}, ATTRIBUTES, id="a masking"),
        pytest.param(change("trials", 0, "registry_ids", to=["NCT00000002"]), {"registry_ids"}, ATTRIBUTES, id="an id"),
        pytest.param(change("trials", 0, "arms", 0, "n", to=161), {"arms.n"}, ATTRIBUTES, id="an arm's size"),
        pytest.param(
            change("trials", 0, "arms", 0, "role", to="ACTIVE_COMPARATOR"),
            {"arms.role"},
            ATTRIBUTES,
            id="a role",
        ),
        pytest.param(
            change("trials", 0, "arms", 0, "interventions", to=["placeholderine"]),
            {"arms"},
            ATTRIBUTES,
            id="a drug",
        ),
        pytest.param(
            change("trials", 0, "endpoints", 0, "rank", to="OTHER"),
            {"endpoints.rank"},
            ATTRIBUTES,
            id="a rank",
        ),
        pytest.param(
            change("trials", 1, "regulatory_events", 0, "date", to="2021-07"),
            {"regulatory_events.date"},
            ATTRIBUTES,
            id="a date",
        ),
        pytest.param(
            change("truncations", 0, "kind", to="GAP"),
            {"truncations.kind"},
            TRUNCATION,
            id="a kind of damage",
        ),
        pytest.param(drop_passage, {"truncations"}, TRUNCATION, id="a missing passage"),
        pytest.param(add_passage, {"truncations"}, TRUNCATION, id="an extra passage"),
    ],
)
def test_a_corruption_lowers_its_fields_only(
    score: Score,
    gold: Records,
    prediction: Records,
    corrupt: Callable[[Records], None],
    fields: set[str],
    groups: set[str],
) -> None:
    corrupt(prediction)
    result = score(gold, prediction)
    assert lowered(result) == fields
    assert lowered_groups(result) == groups
    assert len(result.pinned_orphans) == (1 if corrupt is pin_orphan else 0)
    assert not result.is_fully_right


def test_what_the_toy_labels_leave_open(score: Score, gold: Records, prediction: Records) -> None:
    prediction["trials"][0]["results"][0]["arm"] = "examplinib"
    prediction["trials"][0]["results"][5]["subgroup"] = "patients with a score of at least 5"
    prediction["trials"][0]["results"][0]["value_text"] = "13.3 months"
    prediction["trials"][0]["results"][0]["analysis"] = "FINAL"
    assert score(gold, prediction).is_fully_right


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def case(request: pytest.FixtureRequest) -> Case:
    return load_case(request.param)


def as_summary(gold: GoldCase, make_summary: Callable[[Records], Summary]) -> Summary:
    return make_summary(gold.model_dump(exclude={"case"}))


@pytest.mark.skipif(not FOLDERS, reason="no built-in cases in this checkout")
class TestBuiltInCases:
    def test_gold_against_itself(self, case: Case, make_summary: Callable[[Records], Summary]) -> None:
        assert case.gold is not None
        result = score_case(case.gold, as_summary(case.gold, make_summary), case.load_article().text)
        assert result.wrong_leaves == []
        assert all(counts.f1 == 1.0 for counts in result.fields.values())
        assert all(counts.f1 in {None, 1.0} for counts in result.groups.values())
        assert result.invented_numbers == []
        assert result.pinned_orphans == []

    def test_the_empty_summary_misses_everything(self, case: Case, make_summary: Callable[[Records], Summary]) -> None:
        assert case.gold is not None
        result = score_case(case.gold, make_summary({}), case.load_article().text)
        assert result.overall.tp == result.overall.fp == 0
        assert result.overall.fn > 0

    def test_every_altered_value_is_seen(self, case: Case, make_summary: Callable[[Records], Summary]) -> None:
        assert case.gold is not None
        text = case.load_article().text
        summary = as_summary(case.gold, make_summary)
        for one in [each for each in all_rows(summary) if each.value is not None][::5]:
            true, one.value = one.value, one.value + 1000.5
            result = score_case(case.gold, summary, text)
            assert lowered(result) == {"results"}
            assert result.fields["results"].errors == 2
            assert [float(number) for _, number in result.invented_numbers] == [one.value]
            one.value = true

    def test_order_does_not_matter(self, case: Case, make_summary: Callable[[Records], Summary]) -> None:
        assert case.gold is not None
        summary = as_summary(case.gold, make_summary)
        summary.trials.reverse()
        summary.truncations.reverse()
        for trial in summary.trials:
            trial.results.reverse()
            trial.arms.reverse()
        assert score_case(case.gold, summary, case.load_article().text).is_fully_right


def all_rows(summary: Summary) -> Iterator[Any]:
    for trial in summary.trials:
        yield from trial.results
    yield from summary.unattributed_results
