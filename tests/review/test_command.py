"""``summarizer review`` on the command line, and corrections in a batch."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.evaluation.cases import load_cases
from summarizer.review.corrections import Correction, write_corrections
from summarizer.review.tree import Tree, identify
from summarizer.schemas import Summary
from tests.review.conftest import Run

ARTICLE = "two-trials.txt"
RESULT = "/trials/0/results/2"


def make(run: Run, name: str, **values: Any) -> Correction:
    summary = run.summaries[ARTICLE]
    tree = Tree(summary)
    record = tree.entries[RESULT]
    text = run.text_of(ARTICLE)
    at = text.index("0.71")
    given = {
        "id": f"correction-{name}",
        "article": summary.source.sha256,
        "source": ARTICLE,
        "reviewer": "Ada",
        "time": "2026-01-01T00:00:00Z",
        "operation": "edit",
        "pointer": f"{RESULT}/value",
        "record": identify(tree, record),
        "before": 0.62,
        "value": 0.71,
        "spans": [{"start": at, "end": at + 4, "text": "0.71"}],
    }
    return Correction.model_validate(given | values)


def batch(run: Run, command: Callable[..., int], *options: str) -> int:
    return command("batch", str(run.articles), "--out", str(run.out), "--engine", "rules", "--quiet", *options)


def summaries(run: Run) -> dict[str, Summary]:
    lines = (run.out / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
    return {str(each.source.name): each for each in map(Summary.model_validate_json, lines)}


def test_pages_are_written_and_replaced(own_run: Run, command: Callable[..., int]) -> None:
    assert command("review", str(own_run.out)) == 0
    before = (own_run.review / "index.html").stat().st_ino
    assert command("review", str(own_run.out)) == 0
    assert (own_run.review / "index.html").stat().st_ino != before
    assert [path.name for path in own_run.out.iterdir() if path.name.startswith(".partial")] == []


def test_pages_are_the_same_every_time(own_run: Run, command: Callable[..., int]) -> None:
    def contents() -> dict[str, bytes]:
        files = [path for path in own_run.review.rglob("*") if path.is_file()]
        return {str(path.relative_to(own_run.review)): path.read_bytes() for path in files}

    before = contents()
    assert command("review", str(own_run.out)) == 0
    assert contents() == before


def test_folder_of_somebody_else_is_never_replaced(
    own_run: Run, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (own_run.review / "summarizer-review.json").unlink()
    (own_run.review / "mine.txt").write_text("mine", encoding="utf-8")
    assert command("review", str(own_run.out)) == 2
    assert "was not made by 'summarizer review'" in capsys.readouterr().err
    assert (own_run.review / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_folder_without_summaries_is_told(
    tmp_path: Path, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("review", str(tmp_path)) == 2
    assert "run 'summarizer batch FOLDER --out" in capsys.readouterr().err


def test_articles_that_moved_are_found_where_the_user_says(
    own_run: Run, command: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own_run.articles.rename(tmp_path / "elsewhere")
    assert command("review", str(own_run.out)) == 0
    assert "--articles FOLDER" in capsys.readouterr().err
    assert command("review", str(own_run.out), "--articles", str(tmp_path / "elsewhere")) == 0
    assert "without its text" not in capsys.readouterr().err


def test_name_of_an_article_leads_nowhere_else(own_run: Run, command: Callable[..., int]) -> None:
    secret = own_run.out.parent / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    path = own_run.out / "summaries.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines[0]["source"]["name"] = "../secret.txt"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert command("review", str(own_run.out)) == 0
    first = min((own_run.review / "articles").iterdir())
    assert first.parent == own_run.review / "articles"
    assert '"text":null' in first.read_text(encoding="utf-8")


def test_articles_of_a_file_of_many_have_their_texts(tmp_path: Path, command: Callable[..., int]) -> None:
    (tmp_path / "in").mkdir()
    records = [{"id": name, "text": f"The phase 3 LARKSPUR-{name} trial enrolled 240 patients."} for name in "abc"]
    (tmp_path / "in" / "all.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    out = tmp_path / "out"
    assert command("batch", str(tmp_path / "in"), "--out", str(out), "--quiet", "--engine", "rules") == 0
    assert command("review", str(out)) == 0
    pages = sorted((out / "review" / "articles").iterdir())
    assert [f"LARKSPUR-{name} trial" in page.read_text("utf-8") for name, page in zip("abc", pages, strict=True)] == [
        True
    ] * 3


def test_batch_applies_corrections_to_every_file(own_run: Run, command: Callable[..., int]) -> None:
    corrections = own_run.out / "corrections.jsonl"
    write_corrections(corrections, [make(own_run, "value")])
    assert batch(own_run, command, "--corrections", str(corrections)) == 0
    assert summaries(own_run)[ARTICLE].trials[0].results[2].value == 0.71
    with (own_run.out / "results.csv").open(encoding="utf-8-sig", newline="") as sheet:
        row = next(row for row in csv.DictReader(sheet) if row["source"] == ARTICLE and row["pointer"] == RESULT)
    assert row["value"] == "0.71"
    assert "ORCHARD-2" in row["sentence"]  # where the reviewer saw it
    report = json.loads((own_run.out / "run.json").read_text(encoding="utf-8"))
    assert report["corrections"] == {"applied": 1, "unfit": 0, "conflicting": 0, "elsewhere": 0}
    assert report["this_run"]["articles"] == 0  # nothing was done again


def test_batch_without_the_corrections_gives_the_machines_record_again(
    own_run: Run, command: Callable[..., int]
) -> None:
    before = (own_run.out / "summaries.jsonl").read_bytes()
    corrections = own_run.out / "corrections.jsonl"
    write_corrections(corrections, [make(own_run, "value")])
    batch(own_run, command, "--corrections", str(corrections))
    assert (own_run.out / "summaries.jsonl").read_bytes() != before
    batch(own_run, command)
    assert (own_run.out / "summaries.jsonl").read_bytes() == before
    assert not (own_run.out / "uncorrected.jsonl").exists()


def test_changed_corrections_are_applied_anew(own_run: Run, command: Callable[..., int]) -> None:
    corrections = own_run.out / "corrections.jsonl"
    write_corrections(corrections, [make(own_run, "value")])
    batch(own_run, command, "--corrections", str(corrections))
    at = own_run.text_of(ARTICLE).index("0.55")
    other = make(own_run, "later", value=0.55, spans=[{"start": at, "end": at + 4, "text": "0.55"}])
    write_corrections(corrections, [make(own_run, "value"), other])
    batch(own_run, command, "--corrections", str(corrections))
    assert summaries(own_run)[ARTICLE].trials[0].results[2].value == 0.55


def test_what_a_batch_leaves_out_is_told_and_written_down(
    own_run: Run, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    corrections = own_run.out / "corrections.jsonl"
    invented = make(own_run, "invented", pointer="/trials/0/results/0/value", record=None, before=13.3, value=99)
    elsewhere = make(own_run, "elsewhere", article="a" * 64)
    status = {"pointer": "/trials/0/status", "operation": "add", "before": None, "record": None}
    sides = [
        make(own_run, f"of-{name}", reviewer=name, value=value, **status)
        for name, value in (("Ada", "COMPLETED"), ("Ben", "TERMINATED"))
    ]
    write_corrections(corrections, [invented, elsewhere, *sides])
    assert batch(own_run, command, "--corrections", str(corrections)) == 0
    assert "left out: 4 corrections" in capsys.readouterr().err
    report = json.loads((own_run.out / "run.json").read_text(encoding="utf-8"))
    assert report["corrections"] == {"applied": 0, "unfit": 1, "conflicting": 2, "elsewhere": 1}
    lines = (own_run.out / "corrections-left-out.jsonl").read_text(encoding="utf-8").splitlines()
    reasons = {each["correction"]["id"]: each["reason"] for each in map(json.loads, lines)}
    assert "99 does not stand" in reasons["correction-invented"]
    assert "no article" in reasons["correction-elsewhere"]
    assert "contradict" in reasons["correction-of-Ben"]


def test_corrected_run_can_be_reviewed_again(own_run: Run, command: Callable[..., int]) -> None:
    corrections = own_run.out / "corrections.jsonl"
    write_corrections(corrections, [make(own_run, "value")])
    batch(own_run, command, "--corrections", str(corrections))
    assert command("review", str(own_run.out)) == 0
    page = own_run.page_of(ARTICLE).read_text(encoding="utf-8")
    data = json.loads(page.split('id="data">')[1].split("</script>")[0])
    assert data["summary"]["trials"][0]["results"][2]["value"] == 0.62  # what the corrections fit
    assert [each["value"] for each in data["saved"]] == [0.71]
    assert "0.71" in (own_run.review / "data" / "index.js").read_text(encoding="ascii")


def test_pages_and_corrections_are_no_articles_of_the_next_run(own_run: Run, command: Callable[..., int]) -> None:
    inside = own_run.articles / "out"
    own_run.out.rename(inside)
    run = Run(inside, own_run.articles, own_run.summaries)
    write_corrections(inside / "corrections.jsonl", [make(run, "value")])
    batch(run, command, "--corrections", str(inside / "corrections.jsonl"))
    assert set(summaries(run)) == set(own_run.summaries)


def test_reviewed_articles_become_cases(own_run: Run, command: Callable[..., int], tmp_path: Path) -> None:
    write_corrections(own_run.out / "corrections.jsonl", [make(own_run, "value")])
    assert command("review", "export", str(own_run.out), "--cases", str(tmp_path / "cases")) == 0
    (case,) = load_cases(tmp_path / "cases")
    assert case.name == "two-trials"
    assert case.load_article().text == own_run.text_of(ARTICLE)
    assert case.gold is not None
    assert case.gold.trials[0].results[2].value == 0.71
    assert command("eval", "--cases", str(tmp_path / "cases"), "--engine", "rules") == 0


def test_wrong_file_of_corrections_is_told_before_anything_is_done(
    own_run: Run, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    path = own_run.out / "corrections.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    assert batch(own_run, command, "--corrections", str(path)) == 2
    assert "corrections.jsonl, line 1: no correction" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to the administrator")
def test_folder_that_can_not_be_written_is_told(own_run: Run, command: Callable[..., int]) -> None:
    own_run.out.chmod(0o500)
    assert command("review", str(own_run.out)) == 2
