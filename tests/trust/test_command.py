"""``summarizer bench trust``: what a user gets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from summarizer.cli import main
from summarizer.evaluation.cases import find_builtin_cases

MARKS = "<!-- trust: made by summarizer bench trust --readme -->", "<!-- /trust -->"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    for case in sorted(find_builtin_cases().iterdir())[:2]:
        shutil.copytree(case, folder / case.name)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["summarizer", "bench", "trust", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_tables_json_and_readme(
    cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Before\n\n{MARKS[0]}\nold\n{MARKS[1]}\n\nBehind\n", encoding="utf-8")
    figures = tmp_path / "figures.json"
    status = run(
        monkeypatch, "claims", "--cases", str(cases), "--limit", "400", "--json", str(figures), "--readme", str(readme)
    )
    out, err = capsys.readouterr()
    assert "Harmless variants accepted" in out
    found = json.loads(figures.read_text(encoding="utf-8"))
    rows = [row for table in found[0]["tables"] for row in table["rows"]]
    missed = [row for row in rows if not row["is_met"]]
    assert status == (1 if missed else 0)
    assert ("missed" in err) is bool(missed)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"# Before\n\n{MARKS[0]}")
    assert text.endswith(f"{MARKS[1]}\n\nBehind\n")
    assert "old" not in text
    assert "| measure | count | share | 95 % interval | wanted |" in text


def test_an_unknown_section_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "luck") == 2
    assert "there is no section 'luck'" in capsys.readouterr().err


def test_a_readme_without_marks_is_refused_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("nothing", encoding="utf-8")
    assert run(monkeypatch, "claims", "--readme", str(readme)) == 2
    assert "has no place for the tables" in capsys.readouterr().err
    assert readme.read_text(encoding="utf-8") == "nothing"
