from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.evaluation.cases import CaseError, find_builtin_cases, load_case, load_cases
from summarizer.evaluation.drafts import create_case, draft_gold, dump_gold, make_slug
from summarizer.evaluation.lint import Finding, Severity, lint_case, lint_cases
from summarizer.loading import load_article
from summarizer.schemas import GoldCase, Summary

Records = dict[str, Any]
CaseFolder = Callable[..., Path]
CHECKOUT = Path(__file__).parents[2] / "evals" / "cases"
UNSEEN = CHECKOUT.with_name("unseen")


def lint(case_folder: CaseFolder, labels: Records) -> list[Finding]:
    return list(lint_cases(case_folder(1, labels)))


class TestLoading:
    def test_cases_in_order_of_name(self, case_folder: CaseFolder, article: str) -> None:
        cases = load_cases(case_folder(3))
        assert [case.name for case in cases] == ["toy-00", "toy-01", "toy-02"]
        assert cases[0].gold is not None
        assert cases[0].gold.trials[0].name == "LANTERN-2"
        assert cases[0].load_article().text == article
        assert cases[0].load_article().name == "toy-00"
        assert cases[0].article_sha256 == cases[1].article_sha256
        assert cases[0].gold_sha256 != cases[1].gold_sha256

    def test_a_case_folder_is_its_own(self, case_folder: CaseFolder) -> None:
        assert [case.name for case in load_cases(case_folder(2) / "toy-01")] == ["toy-01"]

    def test_a_case_without_labels(self, case_folder: CaseFolder) -> None:
        folder = case_folder() / "toy-00"
        (folder / "gold.json").unlink()
        assert load_case(folder).gold is None

    def test_the_built_in_cases(self) -> None:
        if not CHECKOUT.is_dir():
            pytest.skip("no built-in cases in this checkout")
        assert find_builtin_cases() == CHECKOUT
        assert all(case.gold is not None for case in load_cases())

    @pytest.mark.parametrize(
        ("content", "pointer"), [("{", ""), ('{"case": "a", "trials": [{"nmae": "b"}]}', "/trials/0/")]
    )
    def test_a_gold_file_that_breaks_the_schema(self, case_folder: CaseFolder, content: str, pointer: str) -> None:
        folder = case_folder() / "toy-00"
        (folder / "gold.json").write_text(content, encoding="utf-8")
        with pytest.raises(CaseError) as caught:
            load_case(folder)
        assert caught.value.path == folder / "gold.json"
        assert caught.value.pointer.startswith(pointer)
        assert "\n" not in str(caught.value)

    def test_no_folder_and_no_case(self, tmp_path: Path) -> None:
        with pytest.raises(CaseError, match="no such folder"):
            load_cases(tmp_path / "missing")
        with pytest.raises(CaseError, match="no case in it"):
            load_cases(tmp_path)


class TestErrors:
    def test_good_labels_give_nothing(self, case_folder: CaseFolder, gold: Records) -> None:
        assert lint(case_folder, gold) == []

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("trials", 0, "results", 0, "value"), 13.4),
            (("trials", 0, "results", 0, "ci_low"), 11.4),
            (("trials", 0, "results", 0, "ci_level"), 97),
            (("trials", 0, "results", 2, "p_value"), "<0.0001"),
            (("trials", 0, "results", 6, "numerator"), 71),
            (("trials", 0, "enrollment"), 321),
            (("trials", 0, "arms", 0, "n"), 159),
            (("trials", 0, "name"), "LANTERN-9"),
            (("trials", 0, "registry_ids", 0), "NCT00000009"),
            (("unattributed_results", 0, "value"), 36),
            (("truncations", 0, "text"), "Results were given at the"),
        ],
    )
    def test_what_does_not_stand_in_the_article(
        self, case_folder: CaseFolder, gold: Records, path: Any, value: Any
    ) -> None:
        target: Any = gold
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
        errors = [each for each in lint(case_folder, gold) if each.severity is Severity.ERROR]
        assert [each.pointer for each in errors] == ["/" + "/".join(map(str, path))]
        assert "does not stand in the article" in errors[0].message

    def test_alternatives_need_not_stand_in_the_article(self, case_folder: CaseFolder, gold: Records) -> None:
        gold["trials"][0]["alternatives"] = {"enrollment": [321]}
        assert lint(case_folder, gold) == []

    def test_schema_json_and_name_of_the_case(self, case_folder: CaseFolder, gold: Records) -> None:
        folder = case_folder() / "toy-00"
        for content, pointer in (
            ("{", ""),
            (json.dumps({**gold, "focus": 1}), "/focus"),
            (json.dumps(gold), "/case"),
        ):
            (folder / "gold.json").write_text(content, encoding="utf-8")
            (finding,) = lint_case(folder)
            assert (finding.severity, finding.pointer) == (Severity.ERROR, pointer)

    def test_a_missing_gold_file_is_a_doubt(self, case_folder: CaseFolder) -> None:
        folder = case_folder() / "toy-00"
        (folder / "gold.json").unlink()
        (finding,) = lint_case(folder)
        assert finding.severity is Severity.DOUBT

    def test_an_article_that_is_no_text(self, case_folder: CaseFolder) -> None:
        folder = case_folder() / "toy-00"
        (folder / "article.txt").write_bytes(b"\x7fELF\x00\x00\x00")
        (finding,) = lint_case(folder)
        assert finding.severity is Severity.ERROR
        assert "can't be loaded" in finding.message

    def test_html_is_linted_by_its_visible_text(self, case_folder: CaseFolder, gold: Records, article: str) -> None:
        folder = case_folder(1, gold) / "toy-00"
        (folder / "article.txt").unlink()
        paragraphs = "".join(f"<p>{part.replace('<', '&lt;')}</p>" for part in article.split("\n\n"))
        page = f"<html><body><!-- 4711 --><article>{paragraphs}</article></body></html>"
        (folder / "article.html").write_text(page.replace("320 people", '<a href="x">320 people</a>'), encoding="utf-8")
        assert [each for each in lint_case(folder) if each.severity is Severity.ERROR] == []
        gold["trials"][0]["enrollment"] = 4711
        (folder / "gold.json").write_text(json.dumps({**gold, "case": "toy-00"}), encoding="utf-8")
        assert "/trials/0/enrollment" in [each.pointer for each in lint_case(folder)]


def set_row(index: int, **values: Any) -> Callable[[Records], None]:
    return lambda gold: gold["trials"][0]["results"][index].update(values)


def set_trial(**values: Any) -> Callable[[Records], None]:
    return lambda gold: gold["trials"][0].update(values)


def repeat(name: str) -> Callable[[Records], None]:
    return lambda gold: gold["trials"][0][name].append(gold["trials"][0][name][0])


@pytest.mark.parametrize(
    ("doubtful", "pointer", "message"),
    [
        (set_trial(enrollment=None), "/trials/0/enrollment", "together"),
        (set_trial(enrollment_type=None), "/trials/0/enrollment", "together"),
        (set_trial(multicenter=False), "/trials/0/multicenter", "never false"),
        (set_trial(focus="SUPPORTING"), "/trials", "MAIN"),
        (set_trial(aliases=["LANTERN-1"]), "/trials/1", "one trial or two"),
        (set_row(1, arm="otherinib"), "/trials/0/results/1/arm", "no arm of the trial"),
        (set_row(2, arm="placebo"), "/trials/0/results/2/arm", "several experimental arms"),
        (set_row(1, endpoint="PSF"), "/trials/0/results/1/endpoint", "not an endpoint code"),
        (set_row(1, endpoint="pfs"), "/trials/0/results/1/endpoint", "not an endpoint code"),
        (set_row(1, endpoint="SAE:toyache"), "/trials/0/results/1/endpoint", "followed by a named event"),
        (set_row(1, endpoint=None), "/trials/0/results/1/endpoint", "no endpoint"),
        (set_row(4, unit=None), "/trials/0/results/4/unit", "unit of a RATE"),
        (set_row(1, unit=None), "/trials/0/results/1/unit", "without a unit"),
        (set_row(2, unit="%"), "/trials/0/results/2/unit", "a ratio has no unit"),
        (set_row(4, timepoint=None), "/trials/0/results/4/timepoint", "without a timepoint"),
        (set_row(4, value=320), "/trials/0/results/4/value", "outside 0 to 100"),
        (set_row(3, reached=None), "/trials/0/results/3/value", "nothing is reported"),
        (set_row(1, reached=False), "/trials/0/results/1/reached", "being reached"),
        (set_row(0, ci_low=15.9, ci_high=11.2), "/trials/0/results/0/ci_low", "wrong way round"),
        (set_row(0, ci_low=13.3, value=11.2), "/trials/0/results/0/value", "outside its interval"),
        (set_row(1, ci_level=95), "/trials/0/results/1/ci_level", "without bounds"),
        (set_row(2, p_value="P < .001"), "/trials/0/results/2/p_value", "not normalised"),
        (set_row(6, numerator=160, denominator=70), "/trials/0/results/6/numerator", "160 of 70"),
        (set_row(6, numerator=40), "/trials/0/results/6/numerator", "25.0 %"),
        (set_row(1, alternatives={"armm": [1]}), "/trials/0/results/1/alternatives/armm", "no such field"),
        (
            set_row(1, alternatives={"value": ["x"]}),
            "/trials/0/results/1/alternatives/value",
            "can't be a value",
        ),
        (
            set_row(1, alternatives={"value": [8.2]}),
            "/trials/0/results/1/alternatives/value",
            "the value itself",
        ),
        (repeat("conditions"), "/trials/0/conditions/1", "same entry twice"),
        (repeat("arms"), "/trials/0/arms/2", "same row twice"),
        (repeat("results"), "/trials/0/results/7", "the same row as /trials/0/results/0"),
        (
            lambda gold: gold["truncations"].append(gold["truncations"][0]),
            "/truncations/3",
            "same passage twice",
        ),
        (
            lambda gold: gold["truncations"][0].update(kind="CUT_END"),
            "/truncations/0/text",
            "goes on after it",
        ),
        (
            lambda gold: gold["truncations"][0].update(kind="LOST_ANTECEDENT"),
            "/truncations/0",
            "complete passage",
        ),
        (
            lambda gold: gold["truncations"][1].update(kind="CUT_SENTENCE"),
            "/truncations/1",
            "finished sentence",
        ),
        (
            lambda gold: gold["truncations"][0].update(text=" with"),
            "/truncations/0/text",
            "times in the article",
        ),
        (
            lambda gold: gold["trials"][1]["regulatory_events"][0].update(date="June 2021"),
            "/trials/1/regulatory_events/0/date",
            "not an ISO date",
        ),
        (
            lambda gold: gold["trials"][0]["arms"][0].update(alternatives={"interventions": ["examplinib"]}),
            "/trials/0/arms/0/alternatives/interventions",
            "whole lists",
        ),
    ],
)
def test_doubtful_labels(
    case_folder: CaseFolder, gold: Records, doubtful: Callable[[Records], None], pointer: str, message: str
) -> None:
    doubtful(gold)
    findings = [each for each in lint(case_folder, gold) if each.severity is Severity.DOUBT]
    assert any(each.pointer == pointer and message in each.message for each in findings), findings


def test_dose_arms_and_signs_are_no_doubts(case_folder: CaseFolder, gold: Records) -> None:
    first = gold["trials"][0]["results"][0]
    first.update(arm="examplinib 160 mg + placeholderine", ci_low=-15.9, ci_high=-11.2)
    assert lint(case_folder, gold) == []


@pytest.mark.parametrize("folder", [CHECKOUT, UNSEEN], ids=lambda folder: folder.name)
def test_the_cases_of_the_checkout_have_no_errors(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"no {folder.name} in this checkout")
    assert [finding for finding in lint_cases(folder) if finding.severity is Severity.ERROR] == []


class TestDrafts:
    def test_a_draft_says_what_the_summary_says(
        self, prediction: Records, make_summary: Callable[[Records], Summary]
    ) -> None:
        summary = make_summary(prediction)
        written = dump_gold(draft_gold(summary, "toy"))
        read = GoldCase.model_validate_json(written)
        assert read == draft_gold(summary, "toy")
        assert "null" not in written
        assert '{"endpoint": "PFS", "statistic": "MEDIAN", "value": 8.2, "unit": "months", "arm": "placebo"}' in written

    def test_a_new_case(self, tmp_path: Path, article: str) -> None:
        source = tmp_path / "Some Release.txt"
        source.write_bytes(article.encode())
        folder = create_case(load_article(source), source, tmp_path / "cases")
        assert folder == tmp_path / "cases" / "some-release"
        assert (folder / "article.txt").read_bytes() == source.read_bytes()
        case = load_case(folder)
        assert case.gold == GoldCase(case="some-release")
        with pytest.raises(CaseError, match="already"):
            create_case(load_article(source), source, tmp_path / "cases")

    def test_an_article_in_another_format_is_kept_as_text(self, tmp_path: Path, article: str) -> None:
        source = tmp_path / "release.json"
        source.write_text(json.dumps({"text": article}), encoding="utf-8")
        loaded = load_article(source)
        folder = create_case(loaded, source, tmp_path / "cases", name="Other name")
        assert folder.name == "other-name"
        assert (folder / "article.txt").read_text(encoding="utf-8") == loaded.text

    @pytest.mark.parametrize(("text", "slug"), [("A b/../c", "a-b-c"), ("..", "case"), ("Größe 1", "gr-sse-1")])
    def test_slugs_are_safe_folder_names(self, text: str, slug: str) -> None:
        assert make_slug(text) == slug
