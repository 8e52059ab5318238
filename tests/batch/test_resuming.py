"""A folder that changes, a run that is repeated, stopped, or meets another one."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import BatchOptions, BatchReport, run_batch, work
from summarizer.batch.ledger.database import DATABASE, connect, locked
from summarizer.errors import ConfigurationError
from summarizer.loading import load_articles
from summarizer.pipeline import Summarizer
from summarizer.settings import Settings, load_settings
from tests.support.model_server import Status, closed_port, model_server
from tests.support.releases import answer, release, write_releases

FILES = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_releases(tmp_path / "in", FILES)
    return tmp_path / "in"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def names_in(out: Path) -> list[str]:
    lines = (out / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["source"]["name"] for line in lines]


def medians_in(out: Path) -> set[str]:
    return {line for line in (out / "results.csv").read_text("utf-8-sig").splitlines() if "MEDIAN" in line}


def files_of(report: BatchReport) -> tuple[int, int, int, int]:
    files = report.files
    return files.new, files.unchanged, files.changed, files.removed


def model_settings(base_url: str, **given: Any) -> Settings:
    return load_settings({"model": "m", "base_url": base_url, "use_cache": False, **given})


# ------------------------------------------------------------------------------------------------------ the folder


def test_a_second_run_reads_nothing_and_touches_no_file(folder: Path, out: Path, monkeypatch: Any) -> None:
    first = run_batch(folder, out)
    assert files_of(first) == (FILES, 0, 0, 0)
    before = {
        path.name: (path.stat().st_mtime_ns, path.read_bytes())
        for path in out.glob("*.[cjp]*")
        if path.suffix != ".json"
    }
    monkeypatch.setattr(work, "load_articles", lambda *_, **__: pytest.fail("a file was read again"))
    again = run_batch(folder, out)
    assert files_of(again) == (0, FILES, 0, 0)
    assert again.counts == first.counts
    assert (again.this_run.articles, again.this_run.calls) == (0, 0)
    assert before == {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in map(out.joinpath, before)}


@pytest.mark.skipif(os.name != "posix", reason="files have other rights there")
def test_only_its_owner_can_read_the_ledger(folder: Path, out: Path) -> None:
    before = os.umask(0)
    try:
        run_batch(folder, out)
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in out.glob(f"{DATABASE}*")}[DATABASE] == 0o600
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.glob(f"{DATABASE}*"))


def test_a_file_that_changed_is_done_again_and_only_that_one(folder: Path, out: Path) -> None:
    run_batch(folder, out)
    (folder / "00" / "0002.txt").write_text(release(77), encoding="utf-8")
    report = run_batch(folder, out)
    assert files_of(report) == (0, FILES - 1, 1, 0)
    assert report.this_run.articles == 1
    assert any(",77.5," in line for line in medians_in(out))
    assert not any(",2.5," in line for line in medians_in(out))


def test_a_change_that_keeps_size_and_time_is_seen(folder: Path, out: Path) -> None:
    path = folder / "00" / "0002.txt"
    run_batch(folder, out)
    before = path.stat()
    path.write_text(release(7), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert files_of(run_batch(folder, out)) == (0, FILES - 1, 1, 0)
    assert any(",7.5," in line for line in medians_in(out))


def test_a_file_that_was_removed_is_told_and_left_out(folder: Path, out: Path) -> None:
    run_batch(folder, out)
    (folder / "00" / "0001.txt").unlink()
    report = run_batch(folder, out)
    assert files_of(report) == (0, FILES - 1, 0, 1)
    assert names_in(out) == ["00/0000.txt", "00/0002.txt", "00/0003.txt", "00/0004.txt"]
    assert run_batch(folder, out).files.removed == 0


def test_a_file_that_was_renamed_is_not_read_twice(folder: Path, out: Path) -> None:
    run_batch(folder, out)
    (folder / "00" / "0001.txt").rename(folder / "renamed.txt")
    report = run_batch(folder, out)
    assert files_of(report) == (1, FILES - 1, 0, 1)
    assert report.this_run.articles == 0
    assert names_in(out)[-1] == "renamed.txt"


def test_a_text_under_two_names_is_read_once_and_said_so(folder: Path, out: Path) -> None:
    (folder / "copy.txt").write_text(release(3), encoding="utf-8")
    with model_server(answer) as server:
        report = run_batch(folder, out, settings=model_settings(server.base_url))
        assert len({str(request["messages"]) for request in server.requests}) == len(server.requests)
    assert report.duplicates == 1
    assert report.counts.articles == FILES + 1
    assert report.this_run.articles == FILES
    assert report.counts.calls == report.this_run.calls  # the copy cost nothing
    copy, original = (
        json.loads(line)
        for line in (out / "summaries.jsonl").read_text(encoding="utf-8").splitlines()
        if json.loads(line)["source"]["name"] in {"copy.txt", "00/0003.txt"}
    )
    assert copy["trials"] == original["trials"]
    assert copy["source"]["name"] != original["source"]["name"]


def test_a_file_that_is_still_being_written_is_left_for_the_next_run(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = folder / "00" / "0001.txt"

    def load(path: Path, *, name: str) -> Any:
        yield from load_articles(path, name=name)
        if path == growing:
            with growing.open("a", encoding="utf-8") as stream:
                stream.write("\nAnd another line.\n")

    with monkeypatch.context() as patch:
        patch.setattr(work, "load_articles", load)
        report = run_batch(folder, out)
    assert report.counts.failures == {"unreadable": 1}
    assert "changed while it was read" in (out / "failures.jsonl").read_text(encoding="utf-8")
    report = run_batch(folder, out)
    assert (report.counts.failed, report.counts.articles, report.this_run.articles) == (0, FILES, 1)


def test_other_patterns_and_limits_use_what_is_done(folder: Path, out: Path) -> None:
    run_batch(folder, out, options=BatchOptions(limit=2))
    assert names_in(out) == ["00/0000.txt", "00/0001.txt"]
    report = run_batch(folder, out, options=BatchOptions(limit=3))
    assert (report.this_run.articles, report.stopped_at_limit) == (1, True)
    assert len(names_in(out)) == 3
    report = run_batch(folder, out, options=BatchOptions(include=("0004.txt", "0000.txt")))
    assert names_in(out) == ["00/0000.txt", "00/0004.txt"]
    assert files_of(report) == (1, 1, 0, 0)
    assert run_batch(folder, out, options=BatchOptions(limit=1)).counts.articles == 1
    report = run_batch(folder, out)
    assert (report.this_run.articles, len(names_in(out))) == (1, FILES)


def test_a_limit_within_a_file_of_many(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    lines = "".join(f"{json.dumps({'text': release(at)})}\n" for at in range(6))
    (folder / "many.jsonl").write_text(lines, encoding="utf-8")
    for limit, done, new in ((2, 2, 2), (5, 5, 3), (None, 6, 1), (3, 3, 0), (None, 6, 0)):
        report = run_batch(folder, out, options=BatchOptions(limit=limit))
        assert (report.counts.articles, report.this_run.articles) == (done, new)
        assert report.stopped_at_limit == (done < 6)
        assert names_in(out) == [f"many.jsonl#{at}" for at in range(1, done + 1)]


# ------------------------------------------------------------------------------------------------------ the engine


def test_each_engine_has_outcomes_of_its_own_and_keeps_them(folder: Path, out: Path) -> None:
    rules = run_batch(folder, out)
    with model_server(answer) as server:
        settings = model_settings(server.base_url)
        model = run_batch(folder, out, settings=settings)
        assert model.this_run.articles == FILES
        assert run_batch(folder, out).this_run.articles == 0
        asked = len(server.requests)
        assert run_batch(folder, out, settings=settings).counts == model.counts
        assert run_batch(folder, out, settings=model_settings(server.base_url, model="n")).this_run.articles == FILES
        assert len(server.requests) == 2 * asked
    assert run_batch(folder, out).counts == rules.counts


def test_everything_is_done_again_when_asked(folder: Path, out: Path) -> None:
    with model_server(answer) as server:
        settings = model_settings(server.base_url)
        run_batch(folder, out, settings=settings)
        asked = len(server.requests)
        report = run_batch(folder, out, settings=settings, options=BatchOptions(redo=True))
        assert (report.this_run.articles, len(server.requests)) == (FILES, 2 * asked)


# ---------------------------------------------------------------------------------------------------- the failures


def test_a_failure_of_the_moment_is_tried_again_one_of_the_article_is_not(folder: Path, out: Path) -> None:
    def settings(base_url: str) -> Settings:
        return model_settings(base_url, retry_seconds=0, concurrency=1)

    refused = Status(400, {"error": {"message": "blocked", "code": "content_filter"}})
    with model_server([refused]) as server:
        report = run_batch(folder, out, settings=settings(server.base_url), options=BatchOptions(limit=1))
        assert report.counts.failures == {"model_refused": 1}
        asked = len(server.requests)
        report = run_batch(folder, out, settings=settings(server.base_url), options=BatchOptions(limit=1))
        assert (report.counts.failures, len(server.requests)) == ({"model_refused": 1}, asked)
        retry = BatchOptions(limit=1, retry_failed=True)
        run_batch(folder, out, settings=settings(server.base_url), options=retry)
        assert len(server.requests) > asked


def test_an_unreadable_file_is_tried_by_every_run(folder: Path, out: Path, tmp_path: Path) -> None:
    target = folder / "target.text"  # of no format that is read
    (folder / "link.txt").symlink_to(target)
    report = run_batch(folder, out)
    assert (report.counts.failures, report.this_run.failed) == ({"unreadable": 1}, 1)
    target.write_text(release(50), encoding="utf-8")
    report = run_batch(folder, out)
    assert (report.counts.failed, report.this_run.articles) == (0, 1)
    assert (out / "failures.jsonl").read_bytes() == b""


def test_a_run_stops_at_the_first_failure_when_asked(folder: Path, out: Path) -> None:
    (folder / "00" / "0001.txt").write_text(" ", encoding="utf-8")
    report = run_batch(folder, out, options=BatchOptions(fail_fast=True))
    assert report.stopped is not None
    assert "--fail-fast" in report.stopped
    assert (report.counts.articles, report.counts.failures) == (1, {"empty": 1})
    report = run_batch(folder, out)
    assert (report.counts.articles, report.this_run.articles, report.stopped) == (FILES - 1, FILES - 2, None)


def test_a_run_ends_when_the_endpoint_is_gone_and_goes_on_when_it_is_back(folder: Path, out: Path) -> None:
    gone = model_settings(f"http://127.0.0.1:{closed_port()}/v1", retry_seconds=3)
    report = run_batch(folder, out, settings=gone)
    assert (report.counts.articles, report.counts.failed, report.waiting) == (0, 0, FILES)
    assert report.stopped is not None
    assert "run the same command again" in report.stopped
    with model_server(answer) as server:
        report = run_batch(folder, out, settings=model_settings(server.base_url))
        assert (report.counts.articles, report.counts.failed, report.waiting) == (FILES, 0, 0)


def test_a_setting_that_no_article_could_work_with_ends_the_run_as_one_error(folder: Path, out: Path) -> None:
    with model_server([Status(401, {"error": {"message": "no such key"}})]) as server:
        with pytest.raises(ConfigurationError, match="key"):
            run_batch(folder, out, settings=model_settings(server.base_url))
        assert len(server.requests) <= 2 * 8 + 2


# --------------------------------------------------------------------------------------------------- other troubles


def test_a_second_run_on_the_same_results_says_so_and_stops(folder: Path, out: Path) -> None:
    out.mkdir()
    with locked(out), pytest.raises(ConfigurationError, match="another run writes there"):
        run_batch(folder, out)
    assert run_batch(folder, out).counts.articles == FILES


def test_a_process_that_was_killed_leaves_no_lock(folder: Path, out: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from summarizer.batch.ledger.database import locked\n"
        f"with locked(Path({str(out)!r})): print('locked', flush=True); time.sleep(60)"
    )
    out.mkdir()
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(ConfigurationError, match="another run"):
            run_batch(folder, out)
        process.kill()
    assert run_batch(folder, out).counts.articles == FILES


@pytest.mark.parametrize("damage", [b"not a database at all, but text " * 40, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_ledger_is_told_and_left_as_it_is(folder: Path, out: Path, damage: bytes) -> None:
    out.mkdir()
    (out / DATABASE).write_bytes(damage)
    with pytest.raises(ConfigurationError, match="ledger"):
        run_batch(folder, out)
    assert (out / DATABASE).read_bytes() == damage


def test_a_ledger_of_a_newer_program_is_told(folder: Path, out: Path) -> None:
    run_batch(folder, out)
    with sqlite3.connect(out / DATABASE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigurationError, match="newer version"):
        run_batch(folder, out)


def test_a_full_disk_ends_the_run_and_keeps_what_is_done(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own limit on the pages of a database stands in for a disk without room."""
    real = Summarizer.summarize
    done: list[int] = []

    def summarize(summarizer: Summarizer, source: Any) -> Any:
        done.append(1)
        return real(summarizer, source)

    monkeypatch.setattr(Summarizer, "summarize", summarize)
    run_batch(folder, out, options=BatchOptions(limit=2))

    def connect_small(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr("summarizer.batch.ledger.ledger.connect", connect_small)
        with pytest.raises(ConfigurationError, match="disk is full; free some space"):
            run_batch(folder, out)
    assert names_in(out) == ["00/0000.txt", "00/0001.txt"]
    done.clear()
    assert run_batch(folder, out).counts.articles == FILES
    assert len(done) <= FILES - 2


def test_results_that_were_deleted_are_written_again(folder: Path, out: Path) -> None:
    run_batch(folder, out)
    before = (out / "results.csv").read_bytes()
    (out / "results.csv").unlink()
    (out / "trials.parquet").write_bytes(b"half")
    report = run_batch(folder, out)
    assert report.this_run.articles == 0
    assert (out / "results.csv").read_bytes() == before
    assert (out / "trials.parquet").read_bytes() != b"half"


def test_what_a_killed_run_left_is_swept_up(folder: Path, out: Path) -> None:
    (out / ".partial-abc").mkdir(parents=True)
    (out / ".partial-abc" / "results.csv").write_text("half", encoding="utf-8")
    run_batch(folder, out)
    assert not list(out.glob(".partial-*"))


def test_folders_with_names_that_are_no_unicode(tmp_path: Path) -> None:
    folder, out = tmp_path / os.fsdecode(b"caf\xe9"), tmp_path / os.fsdecode(b"th\xe9")
    write_releases(folder, 1)
    assert run_batch(folder, out).counts.articles == 1
    assert run_batch(folder, out).files.unchanged == 1


def test_from_within_an_event_loop(folder: Path, out: Path) -> None:
    import asyncio

    async def run(base_url: str) -> BatchReport:
        return run_batch(folder, out, settings=model_settings(base_url))

    with model_server(answer) as server:
        assert asyncio.run(run(server.base_url)).counts.articles == FILES
