"""A folder through the real pipeline."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from summarizer import summarize
from summarizer.article import Article
from summarizer.batch import BatchOptions, BatchProgress, run_batch, work
from summarizer.errors import ConfigurationError, UnreadableInputError
from summarizer.loading import load_articles
from summarizer.pipeline import Summarizer
from summarizer.schemas import Summary
from summarizer.settings import load_settings
from tests.support.summaries import TEXT

OUTPUTS = {
    "summaries.jsonl",
    "trials.csv",
    "trials.parquet",
    "results.csv",
    "results.parquet",
    "failures.jsonl",
    "run.json",
    "ledger.sqlite3",
    "ledger.lock",
}


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    folder = tmp_path / "releases"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")
    (folder / "sub" / "a.html").write_text(f"<html><body><p>{TEXT}</p></body></html>", encoding="utf-8")
    records = [{"text": TEXT, "id": "one"}, {"nothing": 1}, {"text": "No trial is in here."}]
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (folder / "many.jsonl").write_text(lines, encoding="utf-8")
    (folder / "empty.txt").write_text(" \n", encoding="utf-8")
    (folder / "binary.txt").write_bytes(b"%PDF-1.7\x00\x01" * 50)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "dangling.txt").symlink_to(tmp_path / "nowhere")
    return folder


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sheet_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_everything_is_read_in_path_order_and_nothing_stops_it(releases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = run_batch(releases, out)
    assert {path.name for path in out.iterdir()} == OUTPUTS
    summaries = lines_of(out / "summaries.jsonl")
    names = [summary["source"]["name"] for summary in summaries]
    assert names == ["b.txt", "many.jsonl#one", "many.jsonl#3", "sub/a.html"]
    failures = lines_of(out / "failures.jsonl")
    assert [(row["file"], row["error"]) for row in failures] == [
        ("binary.txt", "binary"),
        ("dangling.txt", "unreadable"),
        ("empty.txt", "empty"),
        ("many.jsonl", "record"),
    ]
    assert all(row["reason"] and row["advice"] and row["type"].endswith("Error") for row in failures)
    assert "line 2" in failures[3]["place"]
    assert (report.counts.articles, report.counts.failed) == (4, 4)
    assert report.files.found == report.files.taken == 6
    assert report.files.ignored == {"format not supported": 1}


def test_a_summary_is_what_the_api_gives(releases: Path, tmp_path: Path) -> None:
    run_batch(releases, tmp_path / "out", options=BatchOptions(include=("b.txt",)))
    (line,) = (tmp_path / "out" / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
    written = Summary.model_validate_json(line)
    direct = summarize(Article(TEXT, "b.txt"))
    assert written.trials == direct.trials
    assert written.unattributed_results == direct.unattributed_results
    assert written.truncations == direct.truncations
    assert written.evidence == direct.evidence


def test_tables_agree_with_the_summaries(releases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = run_batch(releases, out)
    summaries = [Summary.model_validate(line) for line in lines_of(out / "summaries.jsonl")]
    trials, results = sheet_of(out / "trials.csv"), sheet_of(out / "results.csv")
    assert len(trials) == sum(len(summary.trials) for summary in summaries) == report.counts.trials
    attributed = [row for row in results if row["attributed"] == "true"]
    assert len(attributed) == report.counts.results > 0
    assert len(results) - len(attributed) == report.counts.unattributed
    hazard_ratios = [row for row in results if row["value"] == "0.62"]
    assert len(hazard_ratios) == 3
    for row in hazard_ratios:
        assert row["trial"] == "LARKSPUR-1"
        assert "0.62" in row["sentence"]
    for name, rows in (("trials", trials), ("results", results)):
        twin = pq.read_table(out / f"{name}.parquet").to_pylist()
        assert [row["source"] for row in twin] == [row["source"] for row in rows]
        assert [row["pointer"] for row in twin] == [row["pointer"] for row in rows]


def test_run_json_counts_everything_and_hides_the_key(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-do-not-write-me")
    out = tmp_path / "out"
    report = run_batch(releases, out)
    assert not [path for path in out.iterdir() if b"sk-do-not-write-me" in path.read_bytes()]
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run == json.loads(json.dumps(report.as_json()))
    assert run["counts"]["failures"] == {"binary": 1, "unreadable": 1, "empty": 1, "record": 1}
    assert run["settings"]["api_key"] == "set"
    assert run["engine"] == "rules"
    assert run["versions"]["summarizer"]


def test_a_bug_in_one_article_is_a_failure_of_that_article(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Summarizer.summarize

    def trips(summarizer: Summarizer, article: Article) -> Summary:
        if article.name == "b.txt":
            raise ZeroDivisionError("division by zero")
        return real(summarizer, article)

    monkeypatch.setattr(Summarizer, "summarize", trips)
    for debug in (False, True):
        options = BatchOptions(include=("*.txt", "*.html"), debug=debug)
        report = run_batch(releases, tmp_path / "out", options=options)
        bug = next(row for row in lines_of(tmp_path / "out" / "failures.jsonl") if row["error"] == "bug")
        assert (bug["file"], bug["type"], bug["reason"]) == ("b.txt", "ZeroDivisionError", "division by zero")
        assert ("traceback" in bug) is debug
        assert report.counts.articles == 1


def test_a_bug_in_loading_one_file_is_a_failure_of_that_file(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trips(path: Path, *, name: str) -> Any:
        if name == "b.txt":
            raise RecursionError
        return load_articles(path, name=name)

    monkeypatch.setattr(work, "load_articles", trips)
    report = run_batch(releases, tmp_path / "out", options=BatchOptions(include=("b.txt", "sub")))
    assert report.counts.failures == {"bug": 1}
    assert report.counts.articles == 1


def test_patterns_and_limit(releases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = run_batch(releases, out, options=BatchOptions(include=("*.jsonl",), limit=1))
    assert report.counts.articles == 1
    assert report.stopped_at_limit
    assert (report.files.found, report.files.taken) == (6, 1)
    report = run_batch(releases, out, options=BatchOptions(exclude=("*.txt", "sub"), limit=3))
    assert (report.counts.articles, report.counts.failed, report.stopped_at_limit) == (2, 1, False)


def test_results_inside_the_folder_are_not_read_again(releases: Path) -> None:
    first = run_batch(releases, releases / "out")
    again = run_batch(releases, releases / "out2")
    assert again.counts == first.counts


def test_progress_reaches_the_end(releases: Path, tmp_path: Path) -> None:
    seen: list[BatchProgress] = []
    report = run_batch(releases, tmp_path / "out", progress=seen.append)
    assert (seen[-1].files_done, seen[-1].files_total) == (6, 6)
    assert (seen[-1].articles, seen[-1].failures) == (report.this_run.articles, report.counts.failed) == (3, 4)
    assert (report.counts.articles, report.duplicates) == (4, 1)
    assert [step.articles for step in seen] == sorted(step.articles for step in seen)


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "no match", "same folder", "out is a file"])
def test_what_cannot_work_is_said_at_once(releases: Path, tmp_path: Path, kind: str) -> None:
    out, options = tmp_path / "out", BatchOptions()
    folder = {"missing": tmp_path / "x", "file": releases / "b.txt", "empty": tmp_path / "e"}.get(kind, releases)
    (tmp_path / "e").mkdir()
    if kind == "no match":
        options = BatchOptions(include=("*.nothing",))
    elif kind == "same folder":
        out = releases / "sub" / ".."
    elif kind == "out is a file":
        out.write_text("mine", encoding="utf-8")
    with pytest.raises((ConfigurationError, UnreadableInputError)) as caught:
        run_batch(folder, out, options=options)
    assert "\n" not in str(caught.value)
    assert not (releases / "run.json").exists()
    if kind == "out is a file":
        assert out.read_text(encoding="utf-8") == "mine"
    else:
        assert kind == "same folder" or not out.exists()


def test_the_model_engine_is_refused_before_anything_is_written(releases: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs a model"):
        run_batch(releases, tmp_path / "out", settings=load_settings({"engine": "llm"}))
    assert not (tmp_path / "out").exists()


def test_names_that_a_spreadsheet_would_run(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "=cmd.txt").write_text(TEXT, encoding="utf-8")
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text(TEXT, encoding="utf-8")  # a name that is not UTF-8
    run_batch(folder, tmp_path / "out")
    sources = [row["source"] for row in sheet_of(tmp_path / "out" / "trials.csv")]
    assert sources == ["'=cmd.txt", "caf\\udce9.txt"]
    assert lines_of(tmp_path / "out" / "summaries.jsonl")[0]["source"]["name"] == "=cmd.txt"
