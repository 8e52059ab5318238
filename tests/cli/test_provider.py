"""``batch submit``, ``batch status`` and ``batch collect`` as a user sees them."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

import pytest

from summarizer.cli import main
from tests.support.batch_server import batch_server
from tests.support.model_server import Status
from tests.support.releases import release
from tests.support.submissions import records, wrong

KEY = "sk-larkspur-not-to-be-seen"


class Shell:
    """Types commands."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "160")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("SUMMARIZER_RETRY_SECONDS", "0")
        monkeypatch.setenv("SUMMARIZER_USE_CACHE", "false")
        monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *args, **kwargs: None)
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def type(self, *words: str) -> tuple[int, str, str]:
        """Run a command: its exit status, and what it said on both streams."""
        self._monkeypatch.setattr(sys, "argv", ["summarizer", "batch", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        said = self._capsys.readouterr()
        assert KEY not in said.out + said.err
        return int(stop.value.code or 0), said.out, said.err


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    (tmp_path / "in").mkdir()
    for number in range(2):
        (tmp_path / "in" / f"{number}.txt").write_text(release(number), encoding="utf-8")
    return Shell(tmp_path, monkeypatch, capsys)


def test_from_a_folder_to_its_tables(shell: Shell, tmp_path: Path) -> None:
    with batch_server(wrong) as server:
        model = ("--model", "m", "--base-url", server.base_url)
        status, out, err = shell.type("submit", "in", "--out", "out", *model)
        assert (status, "engine: llm" in err) == (0, True)
        assert "2 requests sent, as 1 batch." in out
        assert "'summarizer batch status out'" in out
        assert "'summarizer batch collect out'" in out
        status, out, _ = shell.type("status", "out")
        assert status == 1
        assert "validating" in out
        assert "0 articles done, 2 waiting, 0 failed." in out
        server.finish()
        assert "1 batch has ended: 'summarizer batch collect out'" in shell.type("status", "out")[1]
        status, out, _ = shell.type("collect", "out", "--no-resubmit")
        assert status == 1
        assert "2 answers taken in from 1 batch." in out
        assert "2 requests to be sent: 'summarizer batch collect out' does it." in out
        status, out, _ = shell.type("collect", "out")
        assert (status, "2 requests of a further round sent, as 1 batch." in out) == (1, True)
        server.finish()
        status, out, _ = shell.type("collect", "out", "--duckdb")
        assert (status, "2 articles gave 2 trials" in out) == (0, True)
        assert (tmp_path / "out" / "records.duckdb").exists()
        status, out, _ = shell.type("status", "out")
        assert (status, "4 requests sent, 4 done, 0 failed." in out, "Next" in out) == (0, True, False)
        assert server.direct_calls == []


def test_what_is_wrong_is_told_in_a_line(shell: Shell) -> None:
    with batch_server(records) as server:
        model = ("--model", "m", "--base-url", server.base_url)
        status, out, err = shell.type("submit", "in", "--out", "out")
        assert (status, out, err.count("\n")) == (2, "", 2)
        assert "needs a model" in err
        status, _, err = shell.type("collect", "out")
        assert (status, "nothing was submitted from here" in err) == (2, True)
        server.disturb("batches", Status(404))
        status, _, err = shell.type("submit", "in", "--out", "out", *model)
        assert (status, "has no Batch API (status 404); work with 'summarizer batch run'" in err) == (2, True)
        server.disturb("batches", Status(401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}))
        status, _, err = shell.type("submit", "in", "--out", "out", *model)
        assert (status, "does not accept the key" in err) == (2, True)
        server.disturb("create", Status(503))
        status, _, err = shell.type("submit", "in", "--out", "out", *model)
        assert (status, "run the same command again later" in err) == (1, True)


def test_some_inputs_fail_and_the_rest_is_sent(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "in" / "empty.txt").write_text(" ", encoding="utf-8")
    with batch_server(records) as server:
        model = ("--model", "m", "--base-url", server.base_url)
        status, out, err = shell.type("submit", "in", "--out", "out", *model, "--limit", "2")
        assert (status, "2 requests sent" in out) == (0, True)
        status, out, err = shell.type("submit", "in", "--out", "out", *model, "--quiet")
        assert (status, out) == (1, "")
        assert "failed: empty.txt" in err
        server.finish()
        status, out, err = shell.type("collect", "out")
        assert (status, "2 articles gave" in out, "failed: empty.txt" in err) == (1, True, True)
        assert shell.type("status", "out")[0] == 0


def test_a_dry_run_sends_nothing_and_counts_half(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = []
    for name in ("run", "submit"):
        status, out, _ = shell.type(name, "in", "--out", "out", "--model", "gpt-4o", "--dry-run")
        assert status == 0
        assert "2 articles, 2 requests" in out
        costs.append(float(out.partition("at most $")[2].split()[0]))
    assert costs[1] == pytest.approx(costs[0] / 2, rel=0.01)
