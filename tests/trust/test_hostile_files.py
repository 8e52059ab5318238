"""Hostile files and folders: an article or an error that names the file, soon, and nothing from outside the folder."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from evals.benchmarks.trust.fuzz.hostile import FILES, FOLDERS, OUTSIDE, SENTENCE, read_folder, write_file
from summarizer.article import Article
from summarizer.batch import run_batch
from summarizer.errors import EmptyInputError, LoadError, RecordError, UnreadableInputError
from summarizer.evaluation.cases import CaseError, parse_gold
from summarizer.loading import article_from_html, load_articles
from summarizer.pipeline import summarize


def load(path: Path, data: bytes) -> list[Article | LoadError]:
    path.write_bytes(data)
    return list(load_articles(path, name=path.name))


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gives_articles_or_errors_in_time(name: str) -> None:
    assert read_folder(partial(write_file, name)) == []


@pytest.mark.parametrize("make", FOLDERS.values(), ids=FOLDERS)
def test_a_hostile_folder_gives_articles_or_errors_in_time(make: Callable[[Path], None]) -> None:
    assert read_folder(make) == []


def test_what_is_not_there_to_be_noticed_would_be(tmp_path: Path) -> None:
    def leak(folder: Path) -> None:
        (folder / "a.txt").write_text(OUTSIDE, encoding="utf-8")

    assert read_folder(leak) == ["text of another file, or text that grew"]


def test_a_batch_reads_nothing_outside_its_folder_and_says_so(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text(SENTENCE, encoding="utf-8")
    FOLDERS["links that leave the folder"](folder)
    report = run_batch(folder, out)
    assert report.counts.articles == 1
    failures = [json.loads(line) for line in (out / "failures.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(failure["file"] for failure in failures) == ["above", "out.txt", "root", "up.txt"]
    assert all("a link that leaves the folder" in json.dumps(failure) for failure in failures)
    written = b"".join(path.read_bytes() for path in out.iterdir() if path.is_file())
    assert OUTSIDE.encode() not in written


def test_trailing_rubbish_and_nested_packing_are_named(tmp_path: Path) -> None:
    for name, words in (
        ("packed data with rubbish behind", "damaged or cut off"),
        ("packed data cut off", "damaged or cut off"),
        ("packed ten times", "compressed twice"),
    ):
        (error,) = load(tmp_path / "a.txt.gz", FILES[name][1]())
        assert isinstance(error, LoadError)
        assert words in str(error)


def test_json_that_python_cannot_hold_is_an_error_of_its_record(tmp_path: Path) -> None:
    for name in ("JSON 1,000,000 deep", "a JSON number of 100,000 digits"):
        (error,) = load(tmp_path / "a.json", FILES[name][1]())
        assert isinstance(error, RecordError)
    deep, fine = b"[" * 100_000, json.dumps({"text": SENTENCE}).encode()
    first, second = load(tmp_path / "a.jsonl", deep + b"\n" + fine + b"\n")
    assert isinstance(first, RecordError)
    assert isinstance(second, Article)


def test_the_last_of_equal_keys_counts_and_no_lone_surrogate_survives(tmp_path: Path) -> None:
    (article,) = load(tmp_path / "a.json", b'{"text": "first", "text": "second"}')
    assert isinstance(article, Article)
    assert article.text == "second"
    (article,) = load(tmp_path / "a.json", FILES["JSON with lone surrogates"][1]())
    assert isinstance(article, Article)
    f"{article}".encode()  # any of its strings can be written


@pytest.mark.parametrize(
    "markup",
    [
        "<p>a <q>b\x01c</q></p>",
        "<tabl\x1be>",
        "<p>x<sup>\x02</sup></p>",
        "<p>a <q>b&#1;c&#x00B;d</q></p>",
        "<q>\ufffe</q>",
    ],
)
def test_characters_that_xml_does_not_know_stop_no_page(markup: str) -> None:
    text = article_from_html(f"<body>{markup}{f'<p>{SENTENCE}</p>' * 5}").text
    assert SENTENCE.strip() in text
    assert not {"\x01", "\x02", "\x0b", "\x1b", "\ufffe"} & set(text)


def test_references_to_other_characters_stay(tmp_path: Path) -> None:
    text = article_from_html(f"<p>&#65;&#x42; &#8211; &#00049; &#x1F600; {SENTENCE}</p>").text
    assert text.startswith("AB \u2013 1 \U0001f600 ")


def test_a_page_fetches_nothing_and_includes_nothing(tmp_path: Path) -> None:
    (article,) = load(tmp_path / "a.html", FILES["a document type from elsewhere"][1]())
    assert isinstance(article, Article)
    assert "root:" not in article.text
    assert SENTENCE.strip() in article.text
    (article,) = load(tmp_path / "a.html", FILES["entities that grow"][1]())
    assert isinstance(article, Article)
    assert len(article.text) < 2_000


def test_a_file_that_changes_while_it_is_read_is_read_or_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = json.dumps({"text": SENTENCE}).encode() + b"\n"
    path.write_bytes(line * 20_000)
    items = load_articles(path, name="a.jsonl")
    assert isinstance(next(items), Article)
    path.write_bytes(b"")
    kinds = {type(item) for item in items}
    assert kinds <= {Article, RecordError, EmptyInputError}


def test_a_file_that_goes_while_it_waits_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    items = load_articles(path)
    path.unlink()
    (error,) = items
    assert isinstance(error, UnreadableInputError)


def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    found: list[Article | LoadError] = []
    reader = threading.Thread(target=lambda: found.extend(load_articles(tmp_path / "pipe.txt")), daemon=True)
    reader.start()
    reader.join(10)
    assert not reader.is_alive()
    assert [type(item) for item in found] == [UnreadableInputError]
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    assert stat.S_ISCHR((tmp_path / "zero.txt").stat().st_mode)
    assert [type(item) for item in load_articles(tmp_path / "zero.txt")] == [UnreadableInputError]


def test_errors_about_hostile_names_are_one_printable_line(tmp_path: Path) -> None:
    for name in ("\n\x1b[2J.txt", "\u2028.txt", os.fsdecode(b"\xff.txt"), "\x9b31m.txt"):
        (error,) = load(tmp_path / name, b"")
        assert len(str(error).splitlines()) == 1
        assert not {"\x1b", "\x9b", "\u2028", "\udcff"} & set(str(error))
        str(error).encode()


def test_labels_that_nest_too_deep_are_named(tmp_path: Path) -> None:
    for raw in (b"[" * 200_000, b'{"case": 1e999}', b"\xff", b"null", b'{"case": ' + b"9" * 9_999 + b"}"):
        with pytest.raises(CaseError):
            parse_gold(raw, tmp_path / "gold.json")


@pytest.mark.parametrize(
    "unit", ["A", "- a\n", "# a\n", "0.5,", "ORCHARD-12 ", "The ORCHARD-12 trial. ", "1.2 vs ", "A'", "[1] "]
)
def test_what_is_said_over_and_over_costs_no_square_of_its_length(unit: str) -> None:
    """Each of these took minutes, or a recursion too deep: the time of twice as much is not four times as long."""
    import time

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit)))[:length]
        best = float("inf")
        for _ in range(2):
            started = time.process_time()
            summarize(f"{text} a")
            best = min(best, time.process_time() - started)
        return best

    seconds(500)
    short = seconds(5_000)
    assert seconds(20_000) < 8 * max(short, 0.03)
