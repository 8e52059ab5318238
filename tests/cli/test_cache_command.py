"""``summarizer cache``: what it shows, and that it removes nothing that nobody agreed to."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from summarizer.cli import cache, edge
from summarizer.extraction.llm.exchange import Answer, Message, Reply, Request
from summarizer.extraction.llm.storing.cache import CachedModel, cache_info, responses_path
from summarizer.schemas import Tokens


class Drugs(BaseModel):
    names: list[str] = []


class Named:
    parameters = ""

    def __init__(self, name: str) -> None:
        self.name = name

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        return Reply(request.response_model(), (), Tokens(input=1200, output=34), 0.5)


class Terminal(io.StringIO):
    """Standard input of a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path))
    return responses_path()


@pytest.fixture
def filled(path: Path) -> Path:
    model = CachedModel(Named("priced-1"), path)
    for content in ("a", "b", "a"):
        asyncio.run(model.ask(Request((Message("user", content),), Drugs, 10, "records")))
    model.close()
    return path


def at_the_edge(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run as `summarizer cache ...` does, errors included."""
    monkeypatch.setattr(edge, "app", cache.app)
    return edge._run(list(arguments))  # pyright: ignore[reportPrivateUsage]


def test_info(filled: Path) -> None:
    shown = CliRunner().invoke(cache.app, ["info"])
    assert shown.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines())
    assert lines["file"] == str(filled)
    assert lines["answers"] == "2"
    assert lines["model"] == "priced-1, 2 answers"
    assert lines["saved"] == "1 request, 1,200 tokens in, 34 tokens out, $0.50 where the price is known"


def test_info_of_an_empty_cache_makes_no_file(path: Path) -> None:
    shown = CliRunner().invoke(cache.app, ["info"])
    assert shown.exit_code == 0
    assert "answers  0" in shown.stdout
    assert not path.exists()


def test_a_model_s_name_can_t_act_on_the_terminal(path: Path) -> None:
    model = CachedModel(Named("evil\x1b[2J\nsaved    1,000,000"), path)
    asyncio.run(model.ask(Request((Message("user", "a"),), Drugs, 10, "records")))
    shown = CliRunner().invoke(cache.app, ["info"]).stdout
    assert "\x1b" not in shown
    assert sum(line.startswith("saved") for line in shown.splitlines()) == 1


def test_clear_with_yes_asks_nothing(filled: Path) -> None:
    done = CliRunner().invoke(cache.app, ["clear", "--yes"])
    assert done.exit_code == 0
    assert f"2 answers removed from {filled}" in done.stderr
    assert cache_info(filled).entries == 0


def test_clear_without_a_terminal_removes_nothing(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert at_the_edge(monkeypatch, "clear") == 2
    assert "no terminal" in (told := capsys.readouterr().err)
    assert "add --yes" in told
    assert cache_info(filled).entries == 2


@pytest.mark.parametrize(("answer", "status", "left"), [("y\n", 0, 0), ("n\n", 1, 2), ("\n", 1, 2), ("", 130, 2)])
def test_clear_at_a_terminal_does_as_it_is_told(
    filled: Path, monkeypatch: pytest.MonkeyPatch, answer: str, status: int, left: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert at_the_edge(monkeypatch, "clear") == status
    assert cache_info(filled).entries == left


def test_a_damaged_cache_is_a_line_of_advice_and_can_be_cleared(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(b"no database at all" * 100)
    assert at_the_edge(monkeypatch, "info") == 2
    assert "run 'summarizer cache clear'" in capsys.readouterr().err
    assert at_the_edge(monkeypatch, "clear", "--yes") == 0
    assert at_the_edge(monkeypatch, "info") == 0


def test_without_a_command_it_says_how_to_get_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert at_the_edge(monkeypatch) == 2
    assert "--help" in capsys.readouterr().err
