"""What ``summarizer batch`` says while it runs and at its end, and how its arguments are read."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from summarizer.batch import BatchOptions, BatchProgress
from summarizer.cli import folder as command
from summarizer.cli import progress
from summarizer.cli.batching import with_address
from summarizer.cli.progress import Voice, show_progress
from summarizer.settings import load_settings
from tests.support.model_server import model_server
from tests.support.releases import answer, write_releases

FILES = 3


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    write_releases(tmp_path / "in", FILES)
    return tmp_path / "in"


def run(folder: Path, voice: Voice = Voice.PLAIN, options: BatchOptions | None = None, **given: Any) -> int:
    settings = load_settings({"use_cache": False, **given})
    return command.summarize_folder(folder, folder.parent / "out", options or BatchOptions(), settings, voice)


def test_json_logs_are_for_machines(releases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (releases / "empty.txt").touch()
    assert run(releases, Voice.JSON) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    events = [json.loads(line) for line in shown.err.splitlines()]
    assert [event["event"] for event in events] == ["start", "done"]
    assert all(event["time"] for event in events)
    assert events[0]["engine"] == "rules"
    assert events[-1]["counts"]["failures"] == {"empty": 1}
    assert events[-1] | {"time": "", "event": ""} == {
        **json.loads((releases.parent / "out" / "run.json").read_text(encoding="utf-8")),
        "time": "",
        "event": "",
    }


def test_the_closing_summary_says_what_a_manager_asks(releases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(releases) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "3 articles gave 3 trials and 9 results." in shown
    (releases / "empty.txt").touch()
    (releases / "00" / "0001.txt").unlink()
    assert run(releases) == 1
    again = capsys.readouterr()
    shown = " ".join(again.out.split())
    assert "2 articles gave 2 trials and 6 results, 1 input could not be read." in shown
    assert "1 new, 2 unchanged, 1 removed since the last run" in shown
    assert "2 done before" in shown
    assert "failed: empty.txt: empty" in again.err


def test_what_calls_cost_is_said(releases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with model_server(answer) as server:
        assert run(releases, model="gpt-4o", base_url=server.base_url) == 0
        calls = len(server.requests)
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Calls to the model {calls}" in shown
    assert f"Tokens in {100 * calls}" in shown


def test_a_run_that_ended_early_says_how_to_go_on(releases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (releases / "00" / "0000.txt").write_text("", encoding="utf-8")
    assert run(releases, Voice.QUIET, BatchOptions(fail_fast=True)) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "stopped: stopped at the first failure, as asked (--fail-fast)" in shown.err
    assert "run the same command again" in shown.err


def test_plain_lines_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    with show_progress(Voice.PLAIN) as show:
        show(BatchProgress(50, 0, 100, 50, 2, 12_345, 0.5, 7, 4))
        show(BatchProgress(60, 0, 100, 60, notice="the model does not answer; trying again"))
        show(BatchProgress(70, 0, 100, 70, tokens=1, cost=None))
    first, second, third = capsys.readouterr().err.splitlines()
    for said in ("50/100 files", "50 articles", "12,345 tokens", "$0.50", "7 x 429", "2 failed", "left"):
        assert said in first
    assert "the model does not answer; trying again" in second
    assert "cost unknown" in third


def test_a_display_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    real = Console

    def terminal(**_: Any) -> Console:
        return real(file=screen, force_terminal=True, width=120, legacy_windows=False)

    monkeypatch.setattr(progress, "Console", terminal)
    monkeypatch.setattr(progress, "BAR_SECONDS", 0.0)
    with show_progress(Voice.PLAIN) as show:
        show(BatchProgress(50, 0, 100, 50, 2, 12_345, 0.5, 7, 4))
        show(BatchProgress(100, 0, 100, 98, 2, 12_345, 0.5, 7, 4))
    for said in ("100/100", "12,345 tokens", "$0.50", "7 x 429", "2 failed"):
        assert said in screen.getvalue()


@pytest.mark.parametrize(
    ("arguments", "whole"),
    [
        (["in", "--out", "o"], ["in", "--out", "o"]),
        (["in", "--ray", "--out", "o"], ["in", "--ray=local", "--out", "o"]),
        (["--ray", "in", "--out", "o"], ["--ray=local", "in", "--out", "o"]),
        (["in", "--ray", "10.0.0.1:6379"], ["in", "--ray", "10.0.0.1:6379"]),
        (["in", "--ray", "[::1]:6379"], ["in", "--ray", "[::1]:6379"]),
        (["in", "--ray=head:6379"], ["in", "--ray=head:6379"]),
        (["in", "--ray"], ["in", "--ray=local"]),
    ],
)
def test_the_address_of_a_cluster_may_be_left_out(arguments: list[str], whole: list[str]) -> None:
    assert with_address(arguments) == whole
