"""What a user of a model sees on the command line: dry run, cost limit, cache, the key's way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ConfigurationError
from summarizer.pipeline import Summarizer
from summarizer.settings import load_settings
from tests.support.model_server import closed_port, model_server

RELEASE = (
    "Norvane Therapeutics today reported results from the randomized phase 3 LARKSPUR-2 trial of talvorexib in adults "
    "with advanced biliary tract cancer.\n\nMedian overall survival was 15.2 months with talvorexib and 11.9 months "
    "with placebo (HR, 0.71; 95% CI, 0.58-0.87).\n"
)
ANSWER = '{"t": [{"n": "LARKSPUR-2", "s": [0], "m": true, "a": [{"k": "phases", "v": "PHASE3", "s": [0]}]}]}'
KEY = "sk-larkspur-not-to-be-seen"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "releases").mkdir()
    for name in ("a", "b"):
        (tmp_path / "releases" / f"{name}.txt").write_text(f"{RELEASE}\nRelease {name}.\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SUMMARIZER_CACHE_DIR": str(folder / "cache"), "OPENAI_API_KEY": KEY, **variables}
    return subprocess.run(
        [sys.executable, "-m", "summarizer.cli", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def answer(request: Mapping[str, Any]) -> str:
    return ANSWER if "article-" in request["messages"][-1]["content"] else '{"f": []}'


def test_a_folder_is_paid_once(folder: Path) -> None:
    with model_server(answer) as server:
        arguments = ("batch", "releases", "--out", "out", "--model", "m", "--base-url", server.base_url)
        first = run(folder, *arguments)
        assert first.returncode == 0, first.stderr
        paid = len(server.requests)
        assert paid == 2
        before = (folder / "out" / "trials.csv").read_bytes()
        second = run(folder, *arguments)
        assert second.returncode == 0, second.stderr
        assert len(server.requests) == paid
        assert (folder / "out" / "trials.csv").read_bytes() == before
        counts = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))["counts"]
        assert (counts["cached"], counts["calls"], counts["tokens"]["input"]) == (0, 2, 200)
        elsewhere = run(folder, *arguments[:3], "elsewhere", *arguments[4:])
        assert elsewhere.returncode == 0, elsewhere.stderr
        assert len(server.requests) == paid
        counts = json.loads((folder / "elsewhere" / "run.json").read_text(encoding="utf-8"))["counts"]
        assert (counts["cached"], counts["calls"], counts["tokens"].get("input", 0)) == (2, 0, 0)
        assert run(folder, *arguments, "--redo", "--no-cache").returncode == 0
        assert len(server.requests) == 2 * paid


def test_a_dry_run_sends_nothing(folder: Path) -> None:
    with model_server(answer) as server:
        shared = ("--model", "gpt-4o-mini", "--base-url", server.base_url, "--dry-run")
        one = run(folder, "summarize", "releases/a.txt", *shared)
        many = run(folder, "batch", "releases", "--out", "out", *shared)
        assert not server.requests
    assert (one.returncode, many.returncode) == (0, 0), one.stderr + many.stderr
    assert "S0 Norvane Therapeutics" in one.stdout
    assert "1 request, about" in one.stderr
    assert "2 articles, 2 requests, about" in many.stdout
    assert not (folder / "out").exists()


def test_a_run_stops_paying_at_its_limit(folder: Path) -> None:
    """The price is that of the model's name; an address that is not this machine's costs money."""
    arguments = ("batch", "releases", "--out", "out", "--model", "gpt-4o", "--max-cost", "0.0000001")
    done = run(folder, *arguments)
    assert done.returncode == 1
    assert "raise --max-cost" in done.stderr
    assert "run the same command again" in done.stderr
    report = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    assert "the next call may cost" in report["stopped"]
    assert report["counts"]["failures"] == {}


def test_the_key_goes_into_no_output(folder: Path) -> None:
    with model_server(answer) as server:
        arguments = ("batch", "releases", "--out", "out", "--model", "m", "--base-url", server.base_url)
        done = run(folder, *arguments)
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in done.stdout + done.stderr
    for path in (path for path in folder.rglob("*") if path.is_file()):
        assert KEY.encode() not in path.read_bytes(), path


def test_no_key_goes_to_an_address_from_a_project_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever hands out a folder must not get the key of whoever runs the program in it."""
    project = '[tool.summarizer]\nmodel = "m"\nbase_url = "https://models.example/v1"\n'
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(ConfigurationError, match="comes from a project file") as caught:
        Summarizer(load_settings())
    assert KEY not in str(caught.value)
    monkeypatch.setenv("SUMMARIZER_BASE_URL", "https://models.example/v1")
    assert Summarizer(load_settings()).choice.engine == "llm"


def test_an_endpoint_that_is_down_is_told(folder: Path) -> None:
    arguments = ("summarize", "releases/a.txt", "--model", "m", "--base-url", f"http://127.0.0.1:{closed_port()}/v1")
    done = run(folder, *arguments, SUMMARIZER_RETRY_SECONDS="0")
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert lines[-1].startswith("summarizer: error: ")
    assert "Traceback" not in done.stderr
