"""Every command that the README tells a reader to type exists."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from summarizer.cli import main

ROOT = Path(__file__).parents[2]
BATCH_COMMANDS = {"submit", "status", "collect"}
REVIEW_COMMANDS = {"merge", "export"}
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:console|sh)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = sorted(set(re.findall(r"^(?:\$ )?((?:make|summarizer)\b[^#\n|]*[^#\n| ])", "".join(BLOCKS), re.MULTILINE)))


def test_readme_has_the_two_commands() -> None:
    assert {"make run", "make test"} <= set(COMMANDS)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make")])
def test_make_target_exists(command: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    words = [word for word in shlex.split(command)[1:] if "=" not in word]
    assert set(words) <= targets


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("summarizer")])
def test_command_and_its_options_exist(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *arguments = shlex.split(command)
    words = [word for word in arguments if re.fullmatch("[a-z]+", word)]
    below = {
        "cache": words[1:2],
        "bench": words[1:2],
        "review": [word for word in words[1:2] if word in {"merge", "export"}] or ["pages"],
        "batch": [word for word in words[1:2] if word in BATCH_COMMANDS] or ["run"],
    }
    words = [words[0], *below.get(words[0], [])]
    monkeypatch.setattr(sys, "argv", [name, *words, "--help"])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    shown = capsys.readouterr().out
    for option in (word.split("=")[0] for word in arguments if word.startswith("--")):
        assert option in shown


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:|#)([^)#]+)", README))))
def test_linked_file_exists(link: str) -> None:
    assert (ROOT / link).exists()
