from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from summarizer.article import Article
from summarizer.evaluation.bootstrap import Comparison, ComparisonRefusedError, IdenticalRunsError, Verdict
from summarizer.evaluation.cases import load_cases
from summarizer.evaluation.html import render_html
from summarizer.evaluation.render import render_comparison, render_leaves, render_report
from summarizer.evaluation.report import (
    Report,
    ReportError,
    ScoredOutcome,
    build_report,
    compare_reports,
    dump_report,
    load_report,
    score_outcome,
)
from summarizer.evaluation.runner import EngineId, run_cases
from summarizer.evaluation.tally import Counts
from summarizer.schemas import Span, Summary, Support

Records = dict[str, Any]
CaseFolder = Callable[..., Path]
MakeSummary = Callable[[Records], Summary]
Answer = Callable[[Article], Summary]
IDENTITY = EngineId(engine="toy")


def evaluate(folder: Path, answer: Answer) -> tuple[Report, list[ScoredOutcome]]:
    scored = [score_outcome(outcome) for outcome in run_cases(load_cases(folder), answer, IDENTITY)]
    return build_report(scored, IDENTITY, np.random.default_rng(0)), scored


@pytest.fixture
def right(prediction: Records, make_summary: MakeSummary) -> Answer:
    summary = make_summary(prediction)
    return lambda article: summary


@pytest.fixture
def worse(prediction: Records, make_summary: MakeSummary) -> Answer:
    """Leaves out one to three rows, depending on the article."""

    def answer(article: Article) -> Summary:
        summary = make_summary(prediction)
        del summary.trials[0].results[: 1 + int((article.name or "0")[-1]) % 3]
        return summary

    return answer


def text_of(renderable: Any) -> str:
    stream = StringIO()
    Console(width=200, file=stream).print(renderable)
    return stream.getvalue()


def test_figures_over_all_articles(case_folder: CaseFolder, right: Answer) -> None:
    report, _ = evaluate(case_folder(3), right)
    assert report.overall.counts == Counts(3 * 65, 0, 0)
    assert report.overall.f1.value == report.overall.f1.low == report.overall.f1.high == 1.0
    assert report.groups["numbers"].counts == Counts(3 * 14, 0, 0)
    assert (report.cases_scored, report.cases_failed, report.cases_fully_right) == (3, 0, 3)
    assert (report.tokens.input, report.tokens.output, report.cost) == (15, 6, 0.75)
    assert report.ungrounded > 0
    assert (report.pinned_orphans, report.invented_numbers) == (0, 0)
    assert report.seconds >= 0


def test_micro_and_macro(case_folder: CaseFolder, gold: Records, make_summary: MakeSummary) -> None:
    summary = make_summary({**gold, "truncations": []})
    report, _ = evaluate(case_folder(1), lambda article: summary)
    line = report.groups["truncation"]
    assert line.counts == Counts(0, 0, 3)
    assert (line.precision.value, line.recall.value, line.f1.value) == (None, 0.0, 0.0)
    assert line.macro_f1 is not None
    assert line.macro_f1.value == 0.0
    fields = [each.f1.value for each in report.fields.values()]
    assert report.overall.macro_f1 is not None
    assert report.overall.macro_f1.value == pytest.approx(sum(each or 0.0 for each in fields) / len(fields))
    assert "truncations.kind" not in report.fields


def test_a_case_without_labels_gives_no_score(case_folder: CaseFolder, right: Answer) -> None:
    folder = case_folder(2)
    (folder / "toy-00" / "gold.json").unlink()
    report, scored = evaluate(folder, right)
    assert report.cases_scored == 1
    assert report.overall.counts == Counts(65, 0, 0)
    assert scored[0].score is None
    assert report.cases[0].fields == {}


def test_a_crash_is_no_better_than_predicting_nothing(case_folder: CaseFolder, right: Answer) -> None:
    def fail_first(article: Article) -> Summary:
        if article.name == "toy-00":
            raise RuntimeError("boom")
        return right(article)

    report, _ = evaluate(case_folder(2), fail_first)
    assert (report.cases_scored, report.cases_failed, report.cases_fully_right) == (2, 1, 1)
    assert report.overall.counts.tp == 65
    assert report.overall.counts.fn > 30
    assert "toy-00 failed: RuntimeError: boom" in text_of(render_report(report))


def test_a_report_survives_its_file(case_folder: CaseFolder, worse: Answer, tmp_path: Path) -> None:
    report, _ = evaluate(case_folder(3), worse)
    path = tmp_path / "report.json"
    path.write_text(dump_report(report), encoding="utf-8")
    again = load_report(path)
    assert [row.fields for row in again.cases] == [row.fields for row in report.cases]
    assert again.overall.counts == report.overall.counts
    assert json.loads(dump_report(report))["groups"]["numbers"]["counts"] == [*report.groups["numbers"].counts]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 1}'])
def test_a_file_that_is_no_report(tmp_path: Path, content: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match="not a report"):
        load_report(path)
    with pytest.raises(ReportError):
        load_report(tmp_path / "missing.json")


class TestComparison:
    def compare(self, first: Report, second: Report) -> Any:
        return compare_reports(first, second, np.random.default_rng(0), min_effect=0.01)

    def test_a_worse_run(self, case_folder: CaseFolder, right: Answer, worse: Answer) -> None:
        folder = case_folder(12)
        comparison = self.compare(evaluate(folder, right)[0], evaluate(folder, worse)[0])
        assert isinstance(comparison.overall, Comparison)
        assert comparison.overall.verdict is Verdict.WORSE
        assert comparison.names["numbers"].verdict is Verdict.WORSE
        assert "same in every article" in comparison.names["truncation"]
        assert comparison.left_out == []
        shown = text_of(render_comparison(comparison))
        assert "worse" in shown

    def test_identical_runs_and_too_few_cases(self, case_folder: CaseFolder, right: Answer, worse: Answer) -> None:
        folder = case_folder(12)
        report = evaluate(folder, right)[0]
        with pytest.raises(IdenticalRunsError):
            self.compare(report, report)
        other = evaluate(folder, worse)[0]
        other.cases = other.cases[:9]
        with pytest.raises(ComparisonRefusedError, match="only 9"):
            self.compare(report, other)

    def test_cases_that_changed_are_left_out(self, case_folder: CaseFolder, right: Answer, worse: Answer) -> None:
        folder = case_folder(14)
        before = evaluate(folder, right)[0]
        gold = folder / "toy-00" / "gold.json"
        gold.write_text(gold.read_text(encoding="utf-8").replace("61", "62"), encoding="utf-8")
        article = folder / "toy-01" / "article.txt"
        article.write_text(article.read_text(encoding="utf-8") + " More.", encoding="utf-8")
        (folder / "toy-02" / "gold.json").unlink()
        after = evaluate(folder, worse)[0]
        after.cases = [row for row in after.cases if row.case != "toy-03"]
        comparison = self.compare(before, after)
        assert comparison.left_out == [
            "toy-00: its labels changed since the baseline",
            "toy-01: its article changed since the baseline",
            "toy-02: not scored in both runs",
            "toy-03: only in the baseline",
        ]
        assert comparison.overall.articles == 10


class TestRendering:
    def test_tables(self, case_folder: CaseFolder, worse: Answer) -> None:
        report, scored = evaluate(case_folder(3), worse)
        shown = text_of(render_report(report, with_cases=True))
        for expected in (
            "attributes",
            "all leaves",
            "results.ci_level",
            "toy-02",
            "3 articles scored",
            "95% bootstrap",
        ):
            assert expected in shown
        leaves = text_of(render_leaves(scored[0]))
        assert "PFS MEDIAN 13.3 months" in leaves
        assert "PFS" not in text_of(render_leaves(scored[0], field="name"))

    def test_control_characters_do_not_reach_the_terminal(
        self, case_folder: CaseFolder, prediction: Records, make_summary: MakeSummary
    ) -> None:
        prediction["trials"][0]["name"] = "\x1b]0;owned\x07[bold]x"
        summary = make_summary(prediction)
        report, scored = evaluate(case_folder(1), lambda article: summary)
        shown = text_of(render_report(report)) + text_of(render_leaves(scored[0]))
        assert "\x1b]" not in shown
        assert "\x07" not in shown
        assert "[bold]x" in shown


class TestPage:
    HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ 7*7 }}{% raw %}"

    def test_the_page_shows_gold_prediction_and_article(
        self, case_folder: CaseFolder, prediction: Records, make_summary: MakeSummary, article: str
    ) -> None:
        prediction["trials"][0]["results"][0]["value"] = 13.4
        summary = make_summary(prediction)
        start = article.index("8.2 months")
        span = Span(start=start, end=start + 10, text="8.2 months", support=Support.NUMBER)
        summary.evidence = {"/trials/0/results/1/value": [span]}
        page = render_html(*evaluate(case_folder(1), lambda article: summary))
        assert "PFS MEDIAN 13.3 months" in page
        assert "PFS MEDIAN 13.4 months" in page
        assert '<mark class="gold">13.3</mark>' in page
        assert '<mark class="both">8.2</mark><mark class="predicted"> months</mark>' in page
        assert '<mark class="gold">LANTERN-2</mark>' in page
        assert "prefers-color-scheme: dark" in page

    def test_the_page_loads_and_runs_nothing(self, case_folder: CaseFolder, right: Answer) -> None:
        page = render_html(*evaluate(case_folder(1), right)).casefold()
        for forbidden in ("<script", "src=", "href=", "http:", "https:", "url(", "@import"):
            assert forbidden not in page

    def test_hostile_text_stays_text(
        self,
        case_folder: CaseFolder,
        gold: Records,
        prediction: Records,
        make_summary: MakeSummary,
        article: str,
    ) -> None:
        prediction["trials"][0]["name"] = self.HOSTILE
        prediction["trials"][0]["conditions"] = [self.HOSTILE]
        gold["trials"][1]["conditions"] = [self.HOSTILE + "b"]
        gold["truncations"][0]["text"] = self.HOSTILE
        prediction["truncations"].append({"text": self.HOSTILE + "c", "kind": "GAP"})
        summary = make_summary(prediction)
        page = render_html(*evaluate(case_folder(1, gold, self.HOSTILE + article), lambda article: summary))
        assert "<script" not in page
        assert "<img" not in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
        assert "{{ 7*7 }}" in page

    def test_characters_that_hide_or_reorder_are_shown(
        self, case_folder: CaseFolder, article: str, right: Answer
    ) -> None:
        page = render_html(*evaluate(case_folder(1, None, article + " a\u202eb\x1bc\u200be"), right))
        for character in "\u202e\x1b\u200b":
            assert character not in page
        assert "a\\u{202e}b" in page

    def test_failed_and_unlabelled_cases(self, case_folder: CaseFolder) -> None:
        def fail(article: Article) -> Summary:
            raise RuntimeError("<b>boom</b>")

        folder = case_folder(2)
        (folder / "toy-01" / "gold.json").unlink()
        page = render_html(*evaluate(folder, fail))
        assert "RuntimeError: &lt;b&gt;boom&lt;/b&gt;" in page

    def test_a_comparison(self, case_folder: CaseFolder, right: Answer, worse: Answer) -> None:
        folder = case_folder(12)
        report, scored = evaluate(folder, worse)
        comparison = compare_reports(evaluate(folder, right)[0], report, np.random.default_rng(0), min_effect=0.01)
        page = render_html(report, scored, comparison)
        assert "Against the baseline" in page
        assert '<td class="worse">worse</td>' in page
