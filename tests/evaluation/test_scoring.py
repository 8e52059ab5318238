"""Toy cases counted by hand: every rule of the scorer, as (right, wrong, missing)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from summarizer.evaluation.scoring import CaseScore
from summarizer.evaluation.tally import Counts

Score = Callable[..., CaseScore]
Records = dict[str, Any]
NOTHING = Counts()


def counts(score: CaseScore, field: str) -> tuple[int, ...]:
    return tuple(score.fields.get(field, NOTHING))


def test_the_toy_gold_against_itself(score: Score, gold: Records, prediction: Records) -> None:
    result = score(gold, prediction)
    # Counted on the label: 2 trials; 2 names, focuses, enrollments and types; 1 registry id, allocation,
    # masking, model;
    # 2 phases and conditions; 2 arms with role and n; 1 endpoint with rank; 1 event with agency and date.
    assert result.groups["attributes"] == Counts(2 + 8 + 4 + 4 + 6 + 2 + 3, 0, 0)
    # 8 rows, 2 intervals with level, 1 P, 1 pair of counts.
    assert result.groups["numbers"] == Counts(8 + 4 + 1 + 1, 0, 0)
    assert result.groups["linking"] == Counts(8, 0, 0)
    assert result.groups["truncation"] == Counts(3, 0, 0)
    # Besides: 8 trials of rows, 3 arms, 2 timepoints, 1 subgroup, reached and assessor; 3 passages with kind.
    assert result.overall == Counts(29 + 14 + 8 + 3 + 2 + 1 + 1 + 1 + 6, 0, 0)
    assert result.is_fully_right
    assert result.wrong_leaves == []
    assert result.pinned_orphans == []
    assert result.invented_numbers == []


class TestScalars:
    @pytest.mark.parametrize(
        ("stated", "found", "expected"),
        [
            ("RECRUITING", "RECRUITING", (1, 0, 0)),
            ("RECRUITING", None, (0, 0, 1)),
            ("RECRUITING", "COMPLETED", (0, 1, 1)),
            (None, "COMPLETED", (0, 1, 0)),
            (None, None, (0, 0, 0)),
        ],
    )
    def test_enum(self, score_trial: Score, stated: Any, found: Any, expected: Any) -> None:
        assert counts(score_trial({"status": stated}, {"status": found}), "status") == expected

    def test_false_is_a_claim_and_null_is_none(self, score_trial: Score) -> None:
        assert counts(score_trial({}, {"multicenter": False}), "multicenter") == (0, 1, 0)
        assert counts(score_trial({"multicenter": True}, {"multicenter": False}), "multicenter") == (0, 1, 1)
        assert counts(score_trial({"multicenter": None}, {}), "multicenter") == (0, 0, 0)

    def test_zero_is_no_null(self, score_trial: Score, score_row: Score) -> None:
        assert counts(score_trial({}, {"enrollment": 0}), "enrollment") == (0, 1, 0)
        assert counts(score_row({"numerator": 0, "denominator": 9}, {}), "results.counts") == (0, 0, 1)
        assert counts(score_row({"ci_low": 0.0, "ci_high": 2.0}, {"ci_high": 2.0}), "results.ci") == (0, 1, 1)

    def test_name_by_its_rule(self, score_trial: Score) -> None:
        assert counts(score_trial({"name": "LANTERN-2"}, {"name": "Lantern 2 trial"}), "name") == (1, 0, 0)

    def test_empty_text_is_absent(self, score_trial: Score) -> None:
        labels = {"registry_ids": ["NCT00000001"]}
        assert counts(score_trial(labels, {**labels, "name": ""}), "name") == (0, 0, 1)


class TestSets:
    @pytest.mark.parametrize(
        ("stated", "found", "expected"),
        [
            (["PHASE1", "PHASE2"], ["PHASE2", "PHASE1"], (2, 0, 0)),
            (["PHASE1", "PHASE2"], ["PHASE2"], (1, 0, 1)),
            (["PHASE2"], ["PHASE1", "PHASE2"], (1, 1, 0)),
            (["PHASE2"], ["PHASE3"], (0, 1, 1)),
            ([], ["PHASE3"], (0, 1, 0)),
            (["PHASE2"], ["PHASE2", "PHASE2"], (1, 0, 0)),
        ],
    )
    def test_members(self, score_trial: Score, stated: Any, found: Any, expected: Any) -> None:
        assert counts(score_trial({"phases": stated}, {"phases": found}), "phases") == expected

    def test_texts_by_rule(self, score_trial: Score) -> None:
        result = score_trial({"biomarkers": ["TOY-1-positive"]}, {"biomarkers": ["TOY-1 positive"]})
        assert counts(result, "biomarkers") == (1, 0, 0)


class TestSmallRows:
    def test_arm_by_its_set_of_interventions(self, score_trial: Score) -> None:
        labels = {"arms": [{"role": "EXPERIMENTAL", "interventions": ["a", "b"], "n": 5}]}
        found = {"arms": [{"role": "EXPERIMENTAL", "interventions": ["B", "A"], "n": 5}]}
        assert counts(score_trial(labels, found), "arms") == (1, 0, 0)

    def test_role_and_size_of_a_matched_arm_only(self, score_trial: Score) -> None:
        labels = {"arms": [{"role": "EXPERIMENTAL", "interventions": ["a"], "n": 5}]}
        wrong = score_trial(labels, {"arms": [{"role": "ACTIVE_COMPARATOR", "interventions": ["a"], "n": 6}]})
        assert [counts(wrong, each) for each in ("arms", "arms.role", "arms.n")] == [
            (1, 0, 0),
            (0, 1, 1),
            (0, 1, 1),
        ]
        other = score_trial(labels, {"arms": [{"role": "EXPERIMENTAL", "interventions": ["b"], "n": 5}]})
        assert [counts(other, each) for each in ("arms", "arms.role", "arms.n")] == [
            (0, 1, 1),
            (0, 0, 0),
            (0, 0, 0),
        ]

    def test_two_arms_of_one_drug_are_told_apart_by_size(self, score_trial: Score) -> None:
        arms = [{"role": "EXPERIMENTAL", "interventions": ["a"], "n": n} for n in (5, 6)]
        assert counts(score_trial({"arms": arms}, {"arms": arms[::-1]}), "arms.n") == (2, 0, 0)

    def test_endpoint_and_rank(self, score_trial: Score) -> None:
        labels = {"endpoints": [{"endpoint": "PFS", "rank": "PRIMARY"}, {"endpoint": "OS", "rank": "SECONDARY"}]}
        result = score_trial(labels, {"endpoints": [{"endpoint": "PFS", "rank": "SECONDARY"}]})
        assert counts(result, "endpoints") == (1, 0, 1)
        assert counts(result, "endpoints.rank") == (0, 1, 1)

    def test_event_by_its_action(self, score_trial: Score) -> None:
        labels = {"regulatory_events": [{"agency": "FDA", "action": "APPROVAL", "date": "2021-06"}]}
        result = score_trial(labels, {"regulatory_events": [{"action": "APPROVAL", "date": "2021-06-01"}]})
        assert counts(result, "regulatory_events") == (1, 0, 0)
        assert counts(result, "regulatory_events.agency") == (0, 0, 1)
        assert counts(result, "regulatory_events.date") == (0, 1, 1)


class TestRows:
    @pytest.mark.parametrize(
        "change",
        [
            {"value": 61.5},
            {"value": -61.0},
            {"value": None},
            {"unit": None},
            {"unit": "months"},
            {"endpoint": "PFS"},
            {"endpoint": None},
            {"statistic": "MEDIAN"},
        ],
    )
    def test_every_part_of_the_core_counts(self, score_row: Score, change: Records) -> None:
        result = score_row({}, change)
        assert counts(result, "results") == (0, 1, 1)
        assert counts(result, "results.trial") == (0, 0, 0)
        assert result.linking == NOTHING

    def test_the_same_number_written_otherwise(self, score_row: Score) -> None:
        assert counts(score_row({"value": 61}, {"value": 61.0, "value_text": "61%"}), "results") == (1, 0, 0)

    @pytest.mark.parametrize("unit", [None, "patients", "participants", "people"])
    def test_a_count_of_patients_needs_no_unit(self, score_row: Score, unit: str | None) -> None:
        labels = {"statistic": "COUNT", "value": 9, "unit": "patients"}
        assert counts(score_row(labels, {**labels, "unit": unit}), "results") == (1, 0, 0)

    def test_a_count_of_events_is_none_of_patients(self, score_row: Score) -> None:
        labels = {"statistic": "COUNT", "value": 9, "unit": "events"}
        assert counts(score_row(labels, {**labels, "unit": "patients"}), "results") == (0, 1, 1)

    def test_a_row_without_a_value_has_no_unit_to_compare(self, score_row: Score) -> None:
        labels = {"statistic": "MEDIAN", "value": None, "unit": "months", "reached": False}
        result = score_row(labels, {**labels, "unit": None})
        assert counts(result, "results") == (1, 0, 0)
        assert counts(result, "results.reached") == (1, 0, 0)

    @pytest.mark.parametrize(
        ("field", "labels", "found", "expected"),
        [
            ("ci", {"ci_low": 1.0, "ci_high": 2.0}, {"ci_low": 1.0, "ci_high": 2.0}, (1, 0, 0)),
            ("ci", {"ci_low": 1.0, "ci_high": 2.0}, {"ci_low": 2.0, "ci_high": 1.0}, (0, 1, 1)),
            ("ci", {"ci_low": 1.0, "ci_high": None}, {"ci_low": 1.0, "ci_high": 9.0}, (0, 1, 1)),
            ("ci", {"ci_low": 1.0, "ci_high": 2.0}, {}, (0, 0, 1)),
            ("ci", {}, {"ci_low": 1.0, "ci_high": 2.0}, (0, 1, 0)),
            ("ci_level", {"ci_level": 95}, {"ci_level": 97.5}, (0, 1, 1)),
            ("p_value", {"p_value": "<0.001"}, {"p_value": "<.0010"}, (1, 0, 0)),
            ("p_value", {"p_value": "<0.001"}, {"p_value": "0.001"}, (0, 1, 1)),
            ("arm", {"arm": "a + b"}, {"arm": "b + a"}, (1, 0, 0)),
            ("arm", {"arm": "a"}, {"arm": None}, (0, 0, 1)),
            ("arm", {"arm": None}, {"arm": "a"}, (0, 1, 0)),
            ("timepoint", {"timepoint": "week 24"}, {"timepoint": "24 weeks"}, (1, 0, 0)),
            ("timepoint", {"timepoint": "12 months"}, {"timepoint": "1 year"}, (0, 1, 1)),
            ("subgroup", {"subgroup": "score ≥5"}, {"subgroup": "score of 5 or more"}, (1, 0, 0)),
            ("counts", {"numerator": 5, "denominator": 9}, {"numerator": 5, "denominator": 9}, (1, 0, 0)),
            ("counts", {"numerator": 5, "denominator": 9}, {"numerator": 5}, (0, 1, 1)),
            ("counts", {"denominator": 9}, {}, (0, 0, 1)),
        ],
    )
    def test_secondary_field(
        self, score_row: Score, field: str, labels: Records, found: Records, expected: Any
    ) -> None:
        result = score_row(labels, found)
        assert counts(result, f"results.{field}") == expected
        assert counts(result, "results") == (1, 0, 0)

    def test_assessor_and_analysis_only_where_the_label_states_them(self, score_row: Score) -> None:
        extra = score_row({}, {"assessor": "INVESTIGATOR", "analysis": "FINAL"})
        assert extra.is_fully_right
        stated = score_row({"assessor": "INDEPENDENT", "analysis": "FINAL"}, {"assessor": "INVESTIGATOR"})
        assert counts(stated, "results.assessor") == (0, 1, 1)
        assert counts(stated, "results.analysis") == (0, 0, 1)

    def test_rows_of_one_core_are_paired_by_their_other_fields(self, score_trial: Score) -> None:
        core = {"endpoint": "OS", "statistic": "RATE", "value": 61.0, "unit": "%"}
        rows = [
            {**core, "arm": "a", "timepoint": "12 months"},
            {**core, "arm": "b", "timepoint": "24 months"},
        ]
        assert score_trial({"results": rows}, {"results": rows[::-1]}).is_fully_right

    def test_a_repeated_row_is_wrong(self, score_trial: Score) -> None:
        row = {"endpoint": "OS", "statistic": "RATE", "value": 61.0, "unit": "%"}
        assert counts(score_trial({"results": [row]}, {"results": [row, row]}), "results") == (1, 1, 0)


class TestLinking:
    ROW: Records = {"endpoint": "OS", "statistic": "RATE", "value": 61.0, "unit": "%", "arm": "a"}  # noqa: RUF012
    TRIALS: list[Records] = [  # noqa: RUF012
        {"name": "LANTERN-1", "focus": "MAIN"},
        {"name": "LANTERN-2", "focus": "MAIN"},
    ]

    def place(self, trial: int | None) -> Records:
        trials = [{**each, "results": [self.ROW] if index == trial else []} for index, each in enumerate(self.TRIALS)]
        return {"trials": trials, "unattributed_results": [self.ROW] if trial is None else []}

    @pytest.mark.parametrize(
        ("stated", "found", "trial", "pinned"),
        [
            (0, 0, (1, 0, 0), 0),
            (0, 1, (0, 1, 1), 0),
            (0, None, (0, 0, 1), 0),
            (None, 0, (0, 1, 1), 1),
            (None, None, (1, 0, 0), 0),
        ],
    )
    def test_trial_of_a_row(self, score: Score, stated: Any, found: Any, trial: Any, pinned: int) -> None:
        result = score(self.place(stated), self.place(found))
        assert counts(result, "results.trial") == trial
        assert counts(result, "results") == (1, 0, 0)
        assert counts(result, "results.arm") == (1, 0, 0)
        assert tuple(result.linking) == trial
        assert len(result.pinned_orphans) == pinned

    @pytest.mark.parametrize(("arm", "linking"), [("a", (1, 0, 0)), ("b", (0, 1, 1)), (None, (0, 0, 1))])
    def test_right_trial_and_right_arm_are_one_judgement(self, score: Score, arm: Any, linking: Any) -> None:
        predicted = self.place(0)
        predicted["trials"][0]["results"] = [{**self.ROW, "arm": arm}]
        assert tuple(score(self.place(0), predicted).linking) == linking

    def test_the_right_trial_is_preferred_among_rows_of_one_core(self, score: Score) -> None:
        both = {"trials": [{**each, "results": [self.ROW]} for each in self.TRIALS]}
        assert score(both, both).linking == Counts(2, 0, 0)


class TestTrials:
    def test_every_leaf_of_a_missed_trial_is_missed(self, score: Score) -> None:
        trial = {"name": "LANTERN-9", "focus": "MAIN", "phases": ["PHASE1", "PHASE2"], "enrollment": 20}
        trial |= {"arms": [{"role": "EXPERIMENTAL", "interventions": ["a"], "n": 20}]}
        result = score({"trials": [trial]}, {"trials": []})
        fields = {"trials": 1, "name": 1, "focus": 1, "phases": 2, "enrollment": 1, "arms": 1}
        assert {name: tuple(each) for name, each in result.fields.items()} == {
            name: (0, 0, number) for name, number in fields.items()
        }
        mirrored = score({"trials": []}, {"trials": [trial]})
        assert {name: tuple(each) for name, each in mirrored.fields.items()} == {
            name: (0, number, 0) for name, number in fields.items()
        }

    def test_aligned_by_any_common_designator(self, score: Score) -> None:
        labels = {"trials": [{"name": "LANTERN-2", "aliases": ["TOY-302"], "focus": "MAIN"}]}
        result = score(labels, {"trials": [{"name": "TOY 302", "focus": "MAIN"}]})
        assert counts(result, "trials") == (1, 0, 0)
        assert counts(result, "name") == (0, 1, 1)
        assert counts(result, "aliases") == (0, 0, 1)

    def test_a_common_designator_beats_common_content(self, score: Score) -> None:
        content = {"conditions": ["toyoma"], "phases": ["PHASE3"], "focus": "MAIN"}
        labels = {"trials": [{**content, "name": "LANTERN-1"}, {"name": "LANTERN-2", "focus": "MAIN"}]}
        found = {"trials": [{**content, "name": "LANTERN-2"}, {"name": "LANTERN-1", "focus": "MAIN"}]}
        result = score(labels, found)
        assert counts(result, "name") == (2, 0, 0)
        assert counts(result, "conditions") == (0, 1, 1)

    def test_unnamed_trials_by_drug_condition_and_results(self, score: Score) -> None:
        def trial(drug: str, value: float) -> Records:
            arm = {"role": "EXPERIMENTAL", "interventions": [drug]}
            row = {"endpoint": "ORR", "statistic": "RATE", "value": value, "unit": "%"}
            return {"focus": "MAIN", "arms": [arm], "results": [row], "conditions": ["toyoma"]}

        labels = {"trials": [trial("a", 1.0), trial("b", 2.0)]}
        assert score(labels, {"trials": labels["trials"][::-1]}).is_fully_right

    def test_a_misnamed_trial_is_told_by_its_content(self, score: Score, gold: Records, prediction: Records) -> None:
        prediction["trials"][0] |= {"name": "LANTERN-7", "registry_ids": []}
        result = score(gold, prediction)
        assert {leaf.field for leaf in result.wrong_leaves} == {"name", "registry_ids"}

    def test_trials_of_other_names_and_content_are_not_paired(self, score: Score) -> None:
        result = score(
            {"trials": [{"name": "LANTERN-1", "focus": "MAIN", "conditions": ["toyoma"]}]},
            {"trials": [{"name": "TORCH-1", "focus": "MAIN", "conditions": ["otheroma"]}]},
        )
        assert counts(result, "trials") == (0, 1, 1)
