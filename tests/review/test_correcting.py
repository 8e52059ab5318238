"""Corrections made in the page: kept, undone, exported, and the same when the program applies them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from summarizer.evaluation.cases import parse_gold
from summarizer.review.applying import apply_corrections
from summarizer.review.corrections import Correction, append_correction, read_corrections
from summarizer.schemas import Summary
from tests.review.conftest import Run, Visitor

ARTICLE = "two-trials.txt"
RESULT = "/trials/0/results/2"

SELECT = """([text, at]) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    const nodes = [];
    let whole = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        nodes.push([whole.length, node]);
        whole += node.data;
    }
    const start = whole.indexOf(text, at);
    const end = start + text.length;
    const place = (offset, isEnd) => {
        const [from, node] = nodes.filter(([from]) => (isEnd ? from < offset : from <= offset)).at(-1);
        return [node, offset - from];
    };
    const range = document.createRange();
    range.setStart(...place(start, false));
    range.setEnd(...place(end, true));
    window.getSelection().removeAllRanges();
    window.getSelection().addRange(range);
}"""


class Reviewer:
    """Somebody who corrects an article."""

    def __init__(self, visitor: Visitor, path: Path | str, name: str = "Ada") -> None:
        visitor.context.add_init_script(f"localStorage.setItem('summarizer-review:reviewer', {json.dumps(name)})")
        self.visitor = visitor
        self.page = visitor.open(path)

    def choose(self, address: str) -> None:
        self.page.locator(f'button[data-address="{address}"], button[data-whole="{address}"]').first.click()

    def select(self, words: str, after: int = 0) -> None:
        self.page.evaluate(SELECT, [words, after])

    def edit(self, address: str, value: str) -> Any:
        self.choose(address)
        self.page.keyboard.press("e")
        dialog = self.page.get_by_role("dialog")
        dialog.locator("[name=value]").fill(value)
        dialog.get_by_role("button", name="Save").click()
        return dialog

    def shown(self, address: str) -> Any:
        return self.page.locator(f'button.value[data-address="{address}"]').first

    def export(self, what: str) -> Path:
        self.page.get_by_role("button", name="Export", exact=True).click()
        with self.page.expect_download() as download:
            self.page.get_by_role("dialog").get_by_role("button", name=what).click()
        self.page.keyboard.press("Escape")
        return Path(download.value.path())

    def corrections(self) -> list[Correction]:
        return read_corrections([self.export("Corrections")])


@pytest.fixture
def reviewer(visitor: Visitor, run: Run) -> Reviewer:
    return Reviewer(visitor, run.page_of(ARTICLE))


def test_accepting_goes_on_to_the_next_value(reviewer: Reviewer) -> None:
    reviewer.choose(f"{RESULT}/value")
    reviewer.page.keyboard.press("a")
    assert reviewer.shown(f"{RESULT}/value").get_attribute("data-state") == "accepted"
    assert reviewer.page.evaluate("document.activeElement.dataset.address") == f"{RESULT}/ci_low"
    (correction,) = reviewer.corrections()
    assert (correction.operation, correction.reviewer, correction.before) == ("accept", "Ada", 0.62)


def test_edit_takes_the_selected_words(reviewer: Reviewer, run: Run) -> None:
    reviewer.choose(f"{RESULT}/value")
    reviewer.select("0.71")
    reviewer.page.keyboard.press("e")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.locator("[name=value]").fill("0.71")
    dialog.get_by_role("button", name="Save").click()
    assert reviewer.shown(f"{RESULT}/value").inner_text() == "0.71"
    (correction,) = reviewer.corrections()
    at = run.text_of(ARTICLE).index("0.71")
    assert [(span.start, span.end, span.text) for span in correction.spans] == [(at, at + 4, "0.71")]


def test_number_that_is_not_in_the_words_is_refused_with_a_reason(reviewer: Reviewer) -> None:
    dialog = reviewer.edit(f"{RESULT}/value", "0.63")
    assert "0.63 does not stand in the selected words" in dialog.get_by_role("alert").inner_text()
    reviewer.page.keyboard.press("Escape")
    assert reviewer.shown(f"{RESULT}/value").inner_text() == "0.62"


def test_hasty_selection_is_widened_to_the_whole_number(reviewer: Reviewer) -> None:
    reviewer.choose(f"{RESULT}/value")
    reviewer.select(".7", after=300)  # of 0.71
    reviewer.page.keyboard.press("e")
    words = reviewer.page.get_by_role("dialog").locator("q").inner_text()
    assert words.strip("\u201c\u201d") in {"0.71", "0.77"}


def test_delete_and_undo(reviewer: Reviewer) -> None:
    reviewer.choose(f"{RESULT}/p_value")
    reviewer.page.keyboard.press("d")
    assert reviewer.shown(f"{RESULT}/p_value").get_attribute("data-state") == "deleted"
    reviewer.page.keyboard.press("u")
    assert reviewer.shown(f"{RESULT}/p_value").inner_text() == "<0.001"
    assert reviewer.shown(f"{RESULT}/p_value").get_attribute("data-state") is None
    assert "not reviewed" in reviewer.page.locator(".bar").inner_text()


def test_result_moves_to_another_trial(reviewer: Reviewer) -> None:
    reviewer.choose("/unattributed_results/0/value")
    reviewer.page.keyboard.press("m")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.get_by_label("Trial").select_option("ORCHARD-2")
    dialog.get_by_role("button", name="Move").click()
    table = reviewer.page.get_by_role("table", name="Results of ORCHARD-2")
    assert "38.9" in table.inner_text()


def test_result_moves_to_another_arm(reviewer: Reviewer) -> None:
    reviewer.choose("/trials/0/results/0/value")
    reviewer.page.keyboard.press("m")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.get_by_label("Arm").select_option("placebo")
    dialog.get_by_role("button", name="Move").click()
    assert "placebo" in reviewer.shown("/trials/0/results/0/arm").inner_text()
    (correction,) = reviewer.corrections()
    assert correction.spans[0].text == "placebo"


def test_selected_words_fill_a_field(reviewer: Reviewer) -> None:
    reviewer.select("advanced hepatocellular")
    reviewer.page.keyboard.press("+")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.get_by_label("Field").select_option("/trials/1/conditions/-")
    dialog.get_by_role("button", name="Add", exact=True).click()
    assert "advanced hepatocellular" in reviewer.page.locator(".trial", has_text="ORCHARD-2").last.inner_text()


def test_selected_words_make_a_result(reviewer: Reviewer) -> None:
    reviewer.select("Objective responses were seen in 37.0%")
    reviewer.page.keyboard.press("+")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.get_by_label("Field").select_option("/trials/1/results/-")
    dialog.locator("[name=endpoint]").fill("ORR")
    dialog.locator("[name=statistic]").select_option("RATE")
    assert dialog.locator("[name=value]").input_value() == "37"
    dialog.get_by_role("button", name="Add", exact=True).click()
    row = reviewer.page.get_by_role("table", name="Results of ORCHARD-2").locator("tbody tr").last
    assert "ORR" in row.inner_text()
    assert "37" in row.inner_text()


def test_selected_words_are_marked_as_damaged(reviewer: Reviewer) -> None:
    reviewer.select("The combination led to a pCR rate of 38.9%.")
    reviewer.page.keyboard.press("t")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.get_by_label("What is wrong").select_option("GAP")
    dialog.get_by_role("button", name="Mark").click()
    assert "words are missing" in reviewer.page.locator("#truncations").inner_text()


def test_buttons_act_on_the_selected_words(reviewer: Reviewer) -> None:
    reviewer.select("The combination led to a pCR rate of 38.9%.")
    reviewer.page.get_by_role("button", name="Mark damage").click()
    dialog = reviewer.page.get_by_role("dialog")
    assert "The combination led to a pCR rate of 38.9%." in dialog.locator("q").inner_text()
    reviewer.page.keyboard.press("Escape")
    reviewer.choose(f"{RESULT}/value")
    reviewer.select("0.71")
    reviewer.page.get_by_label("Chosen value").get_by_role("button", name="Edit").click()
    assert reviewer.page.get_by_role("dialog").locator("q").inner_text().strip("\u201c\u201d") == "0.71"


def test_corrections_outlive_the_page(reviewer: Reviewer) -> None:
    reviewer.choose(f"{RESULT}/p_value")
    reviewer.page.keyboard.press("d")
    reviewer.page.reload()
    assert reviewer.shown(f"{RESULT}/p_value").get_attribute("data-state") == "deleted"


def test_reviewer_is_asked_for_once(visitor: Visitor, run: Run) -> None:
    page = visitor.open(run.page_of(ARTICLE))
    page.locator(f'button[data-address="{RESULT}/value"]').click()
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="Who is reviewing?")
    dialog.get_by_label("Name or initials").fill("Ben")
    dialog.get_by_role("button", name="Continue").click()
    assert page.locator(f'button[data-address="{RESULT}/value"]').get_attribute("data-state") == "accepted"
    page.keyboard.press("a")
    assert page.get_by_role("dialog").count() == 0


def test_exports_are_what_the_program_makes_of_the_corrections(reviewer: Reviewer, run: Run) -> None:
    reviewer.choose(f"{RESULT}/p_value")
    reviewer.page.keyboard.press("d")
    reviewer.choose("/trials/0/results/1")
    reviewer.page.keyboard.press("d")
    reviewer.edit("/trials/1/name", "ORCHARD")
    expected = apply_corrections(run.summaries[ARTICLE], reviewer.corrections(), run.text_of(ARTICLE))
    assert len(expected.applied) == 3
    exported = Summary.model_validate_json(reviewer.export("Corrected summary").read_text(encoding="utf-8"))
    assert exported == expected.summary
    gold_path = reviewer.export("Labelled case")
    gold = parse_gold(gold_path.read_bytes(), gold_path)
    assert gold.case == "two-trials"
    assert [len(trial.results) for trial in gold.trials] == [3, 3]
    assert gold.trials[1].name == "ORCHARD"


def test_contradicting_reviewers_are_shown_side_by_side_and_one_is_taken(visitor: Visitor, own_run: Run) -> None:
    from summarizer.review import write_review

    summary = own_run.summaries[ARTICLE]
    for name, value in (("Ada", "COMPLETED"), ("Ben", "TERMINATED")):
        text = "enrolled 240 patients"
        at = own_run.text_of(ARTICLE).index(text)
        correction = {
            "id": f"correction-of-{name}",
            "article": summary.source.sha256,
            "reviewer": name,
            "time": "2026-01-01T00:00:00Z",
            "operation": "add",
            "pointer": "/trials/0/status",
            "value": value,
            "spans": [{"start": at, "end": at + len(text), "text": text}],
        }
        append_correction(own_run.out / "corrections.jsonl", Correction.model_validate(correction))
    write_review(own_run.out)
    reviewer = Reviewer(visitor, own_run.page_of(ARTICLE))
    conflict = reviewer.page.locator("#conflicts")
    assert "Ada says “COMPLETED”" in conflict.inner_text()
    assert "Ben says “TERMINATED”" in conflict.inner_text()
    conflict.get_by_role("button", name="Take Ben’s").click()
    assert reviewer.page.locator("#conflicts").count() == 0
    assert reviewer.shown("/trials/0/status").inner_text() == "terminated"


def test_another_reviewers_file_is_taken_in(reader: Visitor, run: Run, tmp_path: Path) -> None:
    reviewer = Reviewer(reader, run.page_of(ARTICLE), "Ben")
    reviewer.choose(f"{RESULT}/p_value")
    reviewer.page.keyboard.press("d")
    file = tmp_path / "ben.jsonl"
    file.write_bytes(reviewer.export("Corrections").read_bytes())
    reviewer.page.keyboard.press("u")
    index = reader.open(run.review / "index.html")
    index.locator("input[type=file]").set_input_files(file)
    index.get_by_text("1 correction taken in.").wait_for()
    assert index.locator("tr", has_text="LARKSPUR-1").last.locator(".col-review").inner_text() == "1 correction"
    reviewer.page.reload()
    assert reviewer.shown(f"{RESULT}/p_value").get_attribute("data-state") == "deleted"
