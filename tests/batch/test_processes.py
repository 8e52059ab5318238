"""The rules on several processes: the same files as with one, and a process that dies takes nothing with it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import BatchOptions, BatchProgress, run_batch
from tests.support.releases import release, write_releases

FILES = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    write_releases(folder, FILES)
    records = [{"text": release(at)} for at in range(100, 104)] + [{"nothing": 1}, {"text": release(100)}]
    (folder / "many.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "page.html").write_text(f"<html><body><p>{release(200)}</p></body></html>", encoding="utf-8")
    return folder


def lines(out: Path) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in (out / "summaries.jsonl").read_text(encoding="utf-8").splitlines()]
    for summary in found:
        summary["run"]["seconds"] = 0
    return found


def test_the_files_are_those_of_one_process(folder: Path, tmp_path: Path) -> None:
    one = run_batch(folder, tmp_path / "one")
    two = run_batch(folder, tmp_path / "two", options=BatchOptions(processes=2))
    for name in ("trials.csv", "results.csv", "failures.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert lines(tmp_path / "one") == lines(tmp_path / "two")
    assert one.counts == two.counts
    assert (two.counts.articles, two.counts.failures, two.duplicates) == (FILES + 6, {"empty": 1, "record": 1}, 1)
    again = run_batch(folder, tmp_path / "two", options=BatchOptions(processes=2))
    assert (again.this_run.articles, again.counts) == (0, two.counts)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")
def test_a_process_that_is_killed_takes_nothing_with_it(folder: Path, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one(progress: BatchProgress) -> None:
        if progress.articles in {5, 15} and len(killed) < 2:
            worker = next(process for process in descendants(os.getpid()) if process not in killed)
            killed.append(worker)
            os.kill(worker, signal.SIGKILL)

    report = run_batch(folder, tmp_path / "out", options=BatchOptions(processes=2), progress=kill_one)
    assert len(killed) == 2
    assert (report.counts.articles, report.counts.failures) == (FILES + 6, {"empty": 1, "record": 1})


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")
def test_processes_that_die_between_two_tasks_are_replaced(folder: Path, tmp_path: Path) -> None:
    """A pool takes that for its own end; another one goes on."""
    killed: set[int] = set()

    def kill_all(progress: BatchProgress) -> None:
        if progress.articles in {4, 12, 20}:
            for worker in set(descendants(os.getpid())) - killed:
                killed.add(worker)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    report = run_batch(folder, tmp_path / "out", options=BatchOptions(processes=2), progress=kill_all)
    assert len(killed) >= 4
    done_later = run_batch(folder, tmp_path / "out", options=BatchOptions(processes=2))
    assert report.counts.articles + sum(report.counts.failures.values()) == FILES + 8
    assert (done_later.counts.articles, done_later.counts.failures) == (FILES + 6, {"empty": 1, "record": 1})


def descendants(process: int) -> list[int]:
    """The workers: what the server of processes has started, which is itself a child of this process."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    children = [child for child, parent in parents.items() if parent == process]
    return [child for child, parent in parents.items() if parent in children]
