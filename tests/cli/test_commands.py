"""The commands as a user runs them: what they print where, and their exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from summarizer.cli import main
from summarizer.pipeline import Summarizer
from summarizer.schemas import Summary
from tests.support.summaries import HOSTILE, TEXT

COMMAND = [sys.executable, "-m", "summarizer.cli"]
ROOT = Path(__file__).parents[2]
# So that a checkout that is not installed can be tested too.
PYTHONPATH = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def run(*arguments: str | Path, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH, **variables}
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], input=stdin, capture_output=True, env=environment, check=False
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "larkspur.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_view(article: Path) -> None:
    done = run("summarize", article)
    assert done.returncode == 0, done.stderr
    assert "LARKSPUR-1" in done.stdout
    assert "0.62" in done.stdout
    assert "Data presented at the" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stderr == "engine: rules, by default (no model is configured)\n"


def test_the_engine_is_said_with_its_reason(article: Path) -> None:
    assert run("summarize", article, "--engine", "rules").stderr == "engine: rules, by flag (--engine)\n"
    done = run("summarize", article, SUMMARIZER_ENGINE="rules")
    assert done.stderr == "engine: rules, by environment (SUMMARIZER_ENGINE)\n"


def test_json_is_the_summary(article: Path) -> None:
    done = run("summarize", article, "--format", "json", "--include-text")
    summary = Summary.model_validate_json(done.stdout)
    assert summary.source.name == "larkspur.txt"
    assert summary.source.text == TEXT
    assert run("summarize", article, "-f", "json", PYTHONIOENCODING="ascii").stdout.isascii()


def test_markdown(article: Path) -> None:
    done = run("summarize", article, "--format", "md")
    assert "## LARKSPUR-1" in done.stdout


def test_explain_names_the_passages(article: Path) -> None:
    assert "Evidence" in run("summarize", article, "--explain").stdout


def test_standard_input(article: Path) -> None:
    done = run("summarize", "-", "-f", "json", stdin=article.read_bytes())
    assert Summary.model_validate_json(done.stdout).source.name == "standard input"
    page = b"<!doctype html><html><body><article><p>" + TEXT.encode() + b"</p></article></body></html>"
    done = run("summarize", "-", "-f", "json", stdin=page)
    assert [trial.name for trial in Summary.model_validate_json(done.stdout).trials] == ["LARKSPUR-1"]


def test_hostile_text_does_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text(f"{HOSTILE}\n{TEXT}".replace("\x00", ""), encoding="utf-8")
    for form in ("table", "md", "json"):
        done = run("summarize", path, "--format", form, "--explain", "--include-text")
        assert done.returncode == 0, done.stderr
        assert not {"\x1b", "\x9b", "\u202e", "\x07", "\x00"} & set(done.stdout + done.stderr)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["summarize"], 2, "Missing argument"),
        (["summarize", "missing.txt"], 2, "missing.txt: there is no such file"),
        (["summarize", "."], 2, ""),
        (["summarize", "picture.png"], 2, "not supported"),
        (["summarize", "empty.txt"], 1, "empty"),
        (["summarize", "two.jsonl"], 1, "summarizer batch"),
        (["summarize", "larkspur.txt", "--format", "xml"], 2, "--format"),
        (["summarize", "larkspur.txt", "--engine", "llm"], 2, "needs a model; name one with --model"),
        (["summarize", "larkspur.txt", "--engine", "magic"], 2, "there is no engine 'magic'"),
        (["nonsense"], 2, "No such command"),
        (["--nonsense"], 2, "No such option"),
        (["batch", "."], 2, "--out"),
        (["batch", "missing", "--out", "out"], 2, "there is no such folder"),
        (["batch", ".", "--out", "out", "--limit", "0"], 2, "--limit"),
        (["batch", ".", "--out", "."], 2, "choose another folder"),
        (["batch", ".", "--out", "larkspur.txt", "-q"], 2, "can't be written"),
    ],
)
def test_a_mistake_is_one_line(
    article: Path,
    arguments: list[str],
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = article.parent
    (folder / "empty.txt").touch()
    (folder / "picture.png").touch()
    (folder / "two.jsonl").write_text('{"text": "one"}\n{"text": "two"}\n', encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["summarizer", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == status
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = [line for line in shown.err.splitlines() if not line.startswith("engine: ")]
    assert len(lines) == 1
    assert lines[0].startswith("summarizer: error: ")
    assert said in lines[0]


def test_a_bug_is_a_traceback(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(*_: object, **__: object) -> Summary:
        raise ZeroDivisionError

    monkeypatch.setattr(Summarizer, "summarize", trips)
    monkeypatch.setattr(sys, "argv", ["summarizer", "summarize", str(article)])
    with pytest.raises(ZeroDivisionError):
        main()


def test_batch_writes_and_reports(article: Path, tmp_path: Path) -> None:
    done = run("batch", article.parent, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    for word in ("Articles", "Trials", "Results", "Damaged passages", "Failures", "articles a second"):
        assert word in done.stdout
    assert done.stderr.startswith("engine: rules, by default (no model is configured)\n")
    assert (tmp_path / "out" / "results.csv").exists()


def test_batch_with_a_failure_ends_with_1(article: Path, tmp_path: Path) -> None:
    (article.parent / "empty\x1b[2J.txt").touch()
    done = run("batch", article.parent, "--out", tmp_path / "out", "--quiet")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("failed: empty\\x1b[2J.txt: empty")
    assert len((tmp_path / "out" / "summaries.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_quiet_says_nothing(article: Path, tmp_path: Path) -> None:
    done = run("batch", article.parent, "--out", tmp_path / "out", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_batch_leaves_no_half_written_file(tmp_path: Path, request_to_stop: signal.Signals) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    for at in range(3_000):
        (folder / f"{at}.txt").write_text(TEXT, encoding="utf-8")
    (out / "results.csv").write_text("of the last run", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH}
    command = [*COMMAND, "batch", str(folder), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        while not (out / "ledger.sqlite3-wal").exists() or (out / "ledger.sqlite3-wal").stat().st_size < 200_000:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(request_to_stop)
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "stopped after" in said
    assert "Traceback" not in said
    assert {path.name for path in out.iterdir()} == {"results.csv", "ledger.sqlite3", "ledger.lock"}
    assert (out / "results.csv").read_text(encoding="utf-8") == "of the last run"


def test_versions_and_help() -> None:
    assert run("--version").stdout == run("version").stdout
    assert run("--version").stdout.startswith("summarizer ")
    shown = run("--help").stdout
    for command in ("summarize", "batch", "eval", "version"):
        assert command in shown
    nothing = run()
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "Usage:" in nothing.stderr


def test_eval_help_is_the_evaluations_own() -> None:
    done = run("eval", "--help")
    assert done.returncode == 0, done.stderr
    assert "--cases" in done.stdout


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom summarizer.cli import main\nsys.argv = ['summarizer', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    print(*sys.modules, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    loaded = set(done.stderr.split())
    assert not loaded & {"rich", "pydantic", "pydantic_settings", "pyarrow", "asyncio", "importlib.metadata"}


def test_failures_are_machine_readable(article: Path, tmp_path: Path) -> None:
    (article.parent / "empty.txt").touch()
    run("batch", article.parent, "--out", tmp_path / "out")
    (failure,) = map(json.loads, (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8").splitlines())
    assert set(failure) == {"file", "place", "error", "type", "reason", "advice"}
