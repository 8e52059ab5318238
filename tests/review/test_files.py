"""Files of corrections: read, merged, added to, and told where they are wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from summarizer.errors import ConfigurationError
from summarizer.review.corrections import (
    Correction,
    append_correction,
    dump_correction,
    read_corrections,
    write_corrections,
)

ARTICLE = "a" * 64


def make(name: str, reviewer: str = "Ada", **values: object) -> Correction:
    given = {
        "id": f"correction-{name}-{reviewer}",
        "article": ARTICLE,
        "source": "a\u202e.txt",
        "reviewer": reviewer,
        "time": "2026-01-01T00:00:00Z",
        "operation": "edit",
        "pointer": "/trials/0/name",
        "before": "A",
        "value": name,
    }
    return Correction.model_validate(given | values)


def test_what_is_written_is_read_again_and_hides_nothing(tmp_path: Path) -> None:
    corrections = [make("first"), make("second", value={"n": 1.5, "b": [True, None]})]
    write_corrections(tmp_path / "c.jsonl", corrections)
    assert read_corrections([tmp_path / "c.jsonl"]) == corrections
    assert (tmp_path / "c.jsonl").read_bytes().isascii()


def test_wrong_line_is_told_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(f"{dump_correction(make('first'))}\n\n{{}}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"c\.jsonl, line 3: no correction"):
        read_corrections([path])


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    corrections = [make(f"number{at}") for at in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda each: append_correction(path, each), corrections))
    assert {each.id for each in read_corrections([path])} == {each.id for each in corrections}
    assert not append_correction(path, corrections[0])
    assert len(path.read_text(encoding="utf-8").splitlines()) == 40


def test_line_without_an_end_is_not_written_on(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(dump_correction(make("first")), encoding="utf-8")
    append_correction(path, make("second"))
    assert [each.value for each in read_corrections([path])] == ["first", "second"]


@pytest.fixture
def merge(tmp_path: Path, command: Callable[..., int]) -> Callable[..., tuple[int, list[Correction]]]:
    def run(*files: list[Correction]) -> tuple[int, list[Correction]]:
        paths = [tmp_path / f"{at}.jsonl" for at in range(len(files))]
        for path, corrections in zip(paths, files, strict=True):
            write_corrections(path, corrections)
        status = command("review", "merge", *map(str, paths), "--out", str(tmp_path / "all.jsonl"))
        return status, read_corrections([tmp_path / "all.jsonl"])

    return run


def test_merge_counts_the_same_correction_once(merge: Callable[..., tuple[int, list[Correction]]]) -> None:
    status, merged = merge([make("B"), make("X", pointer="/trials/0/status")], [make("B")])
    assert (status, len(merged)) == (0, 2)


def test_merge_keeps_and_marks_what_contradicts(
    merge: Callable[..., tuple[int, list[Correction]]], capsys: pytest.CaptureFixture[str]
) -> None:
    later = make("C", "Ben", time="2026-01-02T00:00:00Z")
    status, merged = merge([later], [make("B"), make("D", pointer="/trials/0/status")])
    assert status == 1
    said = capsys.readouterr().err
    assert 'conflict: a\\u202e.txt, /trials/0/name: Ada: edit "B"; Ben: edit "C"' in said
    marked = {each.id: each.conflicts_with for each in merged}
    assert marked == {
        "correction-B-Ada": ["correction-C-Ben"],
        "correction-C-Ben": ["correction-B-Ada"],
        "correction-D-Ada": [],
    }


def test_merge_of_what_agrees_has_no_conflict(merge: Callable[..., tuple[int, list[Correction]]]) -> None:
    status, merged = merge([make("B")], [make("B", "Ben")])
    assert (status, len(merged)) == (0, 2)
    assert json.loads(dump_correction(merged[0])).get("conflicts_with") is None
