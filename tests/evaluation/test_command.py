"""``summarizer eval`` as a user runs it: through the command line's edge, on real folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CaseFolder = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def execute(*arguments: object) -> tuple[int, str, str]:
        command = [
            sys.executable,
            "-c",
            "from summarizer.cli import main; main()",
            "eval",
            *map(str, arguments),
        ]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment, check=False
        )
        return done.returncode, done.stdout, done.stderr

    return execute


def write_report(path: Path, rights: list[int]) -> Path:
    """A saved run in which each article has 20 leaves, some of them right."""
    figure = {"value": None}
    line = {"counts": [0, 0, 0], "precision": figure, "recall": figure, "f1": figure}
    cases = [
        {
            "case": f"toy-{index:02}",
            "article_sha256": "a",
            "gold_sha256": "b",
            "fields": {"name": [right, 0, 20 - right]},
            "groups": {"attributes": [right, 0, 20 - right]},
        }
        for index, right in enumerate(rights)
    ]
    totals = dict.fromkeys(
        (
            "cases_scored",
            "cases_failed",
            "cases_fully_right",
            "ungrounded",
            "pinned_orphans",
            "invented_numbers",
        ),
        0,
    )
    report: dict[str, Any] = {
        "engine": {"engine": "toy"},
        "overall": line,
        "groups": {},
        "fields": {},
        "cases": cases,
    }
    content = {**report, **totals, "seconds": 0, "tokens": {}, "cost": None}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_help(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    for option in ("--cases", "--engine", "--model", "--json", "--baseline", "--gate", "--html", "--resume"):
        assert option in out
    for command in ("lint", "new", "aa"):
        assert command in out


def test_lint(run: Run, case_folder: CaseFolder, gold: dict[str, Any], tmp_path: Path) -> None:
    status, out, _ = run("lint", case_folder(1))
    assert (status, out.strip()) == (0, "0 errors, 0 doubtful labels")
    gold["trials"][0]["enrollment"] = 777
    case = tmp_path / "cases" / "toy-00"
    (case / "gold.json").write_text(json.dumps({**gold, "case": "toy-00"}), encoding="utf-8")
    status, out, _ = run("lint", case)
    assert status == 1
    assert "error toy-00/trials/0/enrollment: 777 does not stand in the article" in out


def test_aa(run: Run, tmp_path: Path) -> None:
    rights = [20 - (index * 7) % 15 for index in range(24)]
    status, out, _ = run("aa", "--report", write_report(tmp_path / "run.json", rights))
    assert status == 0
    assert "false alarms" in out
    status, _, error = run("aa", "--report", write_report(tmp_path / "few.json", rights[:9]))
    assert status == 2
    assert "only 9 articles" in error


def test_mistakes_are_one_line(run: Run, tmp_path: Path, case_folder: CaseFolder) -> None:
    for arguments, words in (
        (["--cases", tmp_path / "missing"], "no such folder"),
        (["--cases", case_folder(1), "--gate"], "--baseline"),
        (["--cases", tmp_path / "cases", "--baseline", tmp_path / "missing.json"], "missing.json"),
        (["--cases", tmp_path / "cases", "--json", tmp_path / "no" / "out.json"], "folder"),
        (["--cases", tmp_path / "cases", "--engine", "abacus"], "abacus"),
        (["new", tmp_path / "missing.txt"], "missing.txt"),
    ):
        status, out, error = run(*arguments)
        assert status == 2, error
        assert out == ""
        assert len(error.splitlines()) == 1
        assert words in error


def test_new(run: Run, tmp_path: Path, article: str) -> None:
    source = tmp_path / "Release.txt"
    source.write_text(article, encoding="utf-8")
    status, _, error = run("new", source, "--cases", tmp_path / "own", "--empty")
    assert status == 0
    assert json.loads((tmp_path / "own" / "release" / "gold.json").read_text(encoding="utf-8"))["case"] == "release"
    assert "correct it by reading" in error
    status, _, error = run("new", source, "--cases", tmp_path / "own", "--empty")
    assert status == 2
    assert "already" in error


def test_a_run_its_page_and_the_gate(run: Run, case_folder: CaseFolder, tmp_path: Path) -> None:
    cases, figures, page, ledger = (
        case_folder(12),
        tmp_path / "a.json",
        tmp_path / "a.html",
        tmp_path / "a.jsonl",
    )
    engine = ("--cases", cases, "--engine", "rules", "--resume", ledger)
    status, out, error = run(*engine, "--json", figures, "--html", page, "--show", "toy-00")
    assert status == 0, error
    assert error.startswith("engine: rules, by flag (--engine)")
    assert "12 articles scored, 0 failed" in out
    assert "toy-11" in page.read_text(encoding="utf-8")
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 12
    report = json.loads(figures.read_text(encoding="utf-8"))
    assert report["invented_numbers"] == 0

    status, _, error = run(*engine, "--baseline", figures, "--gate")
    assert status == 0
    assert "same as the baseline" in error
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 12

    def gate_against(right_leaves: list[int]) -> tuple[int, str]:
        changed = json.loads(figures.read_text(encoding="utf-8"))
        changed["cases"] = changed["cases"][: len(right_leaves)]
        for row, more in zip(changed["cases"], right_leaves, strict=True):
            row["fields"]["name"] = [max(0, more), 0, max(0, -more)]
        baseline = tmp_path / "baseline.json"
        baseline.write_text(json.dumps(changed), encoding="utf-8")
        status, _, error = run(*engine, "--baseline", baseline, "--gate")
        return status, error

    status, error = gate_against([40 + index for index in range(12)])
    assert (status, "gate: worse" in error) == (1, True)
    status, error = gate_against([-40 - index for index in range(12)])
    assert (status, "gate: better" in error) == (0, True)
    status, error = gate_against([40 + index for index in range(9)])
    assert (status, "only 9 articles" in error) == (2, True)
    status, error = gate_against([40] * 12)
    assert (status, "zero variance" in error) == (2, True)
