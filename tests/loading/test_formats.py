"""Every format, plain and compressed, and what does not fit in memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from summarizer.article import Article
from summarizer.errors import ConfigurationError, LoadError, RecordError, TooLargeError, UnreadableInputError
from summarizer.loading import Format, LoadLimits, article_from_bytes, load_article, load_articles
from summarizer.loading.settings import SUFFIXES

if TYPE_CHECKING:
    from tests.loading.conftest import Write

SENTENCE = "In LUMEN-12, median PFS was 13.3 vs 8.2 months (HR, 0.62; 95% CI, 0.50–0.77; P <.001)."
CONTENT = {
    Format.TEXT: SENTENCE,
    Format.MARKDOWN: f"**{SENTENCE[:11]}**{SENTENCE[11:]}",
    Format.HTML: f"<html><body><article><p>{SENTENCE.replace('<', '&lt;')}</p></article></body></html>",
    Format.JSON: json.dumps({"text": SENTENCE}),
    Format.JSON_LINES: json.dumps({"text": SENTENCE}) + "\n",
}


@pytest.mark.parametrize("packed", ["", ".gz", ".GZ"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_gives_the_same_text(write: Write, suffix: str, packed: str) -> None:
    content = CONTENT[SUFFIXES[suffix]].encode()
    path = write(f"release{suffix}{packed}", gzip.compress(content) if packed == ".GZ" else content)
    article = load_article(path)
    assert article.text == SENTENCE
    assert article.name is not None
    assert article.name.startswith(f"release{suffix}{packed}")
    assert ("decompressed (gzip)" in article.notes) == bool(packed)


def test_endings_in_capitals_are_known(write: Write) -> None:
    assert load_article(write("RELEASE.TXT", SENTENCE)).text == SENTENCE


def test_compression_is_told_by_content(write: Write, tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(SENTENCE.encode())
    plain = load_article(tmp_path / "a.txt.gz")
    assert (plain.text, plain.notes) == (SENTENCE, ("named .gz, but not compressed",))
    packed = load_article(write("b.txt", gzip.compress(SENTENCE.encode())))
    assert (packed.text, packed.notes) == (SENTENCE, ("decompressed (gzip)",))


def test_name_can_be_given(write: Write) -> None:
    path = write("x/a.txt", SENTENCE)
    assert load_article(path, name="x/a.txt").name == "x/a.txt"
    assert load_article(str(path)).name == "a.txt"


def test_text_is_kept_as_it_came(write: Write) -> None:
    text = "  P &lt; .001,  two spaces\t“quotes” ’ ﬁ\n\n\nA\n\nData presented at the\u00a0\u2009\n \n"
    article = load_article(write("a.txt", text))
    assert (article.text, article.notes) == (text, ())


def test_a_page_named_txt_is_told(write: Write) -> None:
    page = "<!DOCTYPE html><html><p>x</p></html>"
    article = load_article(write("a.txt", page))
    assert article.text == page
    assert any("HTML" in note for note in article.notes)


def test_bytes_in_memory() -> None:
    page = b'<meta charset="windows-1251"><p>' + "Исследование LUMEN".encode("cp1251") + b"</p>"
    article = article_from_bytes(page, format=Format.HTML, name="pipe")
    assert article.text == "Исследование LUMEN"
    assert article.notes[0] == "read as CP1251 (declared)"
    with pytest.raises(ConfigurationError, match="load_articles"):
        article_from_bytes(b"{}", format=Format.JSON)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a.txt.gz"])
def test_a_large_file_is_refused_and_told_how_to_raise_the_limit(write: Write, name: str) -> None:
    path = write(name, "x" * 200_001)
    with pytest.raises(TooLargeError) as caught:
        load_article(path, limits=LoadLimits(article_bytes=200_000))
    assert str(caught.value) == (
        f"{path}: larger than the limit of 0.2 MB; split it, or raise the limit with LoadLimits(article_bytes=...)"
    )
    assert caught.value.limit == 200_000
    if name == "a.txt":
        assert load_article(path, limits=LoadLimits(article_bytes=200_001)).characters == 200_001


def test_the_usual_limit_is_fifty_megabytes(write: Write) -> None:
    path = write("a.txt", b"x" * 50_000_001)
    with pytest.raises(TooLargeError, match="larger than the limit of 50 MB"):
        load_article(path)


def test_limits_must_let_something_pass() -> None:
    with pytest.raises(ConfigurationError, match="at least one byte"):
        LoadLimits(article_bytes=0)


@contextmanager
def peak_memory() -> Iterator[Callable[[], int]]:
    """Measure what Python allocates at most at a time."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def make_bomb(path: Path, megabytes: int) -> None:
    with gzip.open(path, "wb", 9) as stream:
        for _ in range(megabytes):
            stream.write(b" " * 1_000_000)


@pytest.mark.parametrize("name", ["bomb.txt.gz", "bomb.json.gz", "bomb.jsonl.gz"])
def test_a_zip_bomb_costs_no_more_than_the_limit(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    make_bomb(path, 500)
    assert path.stat().st_size < 600_000
    limits = LoadLimits(article_bytes=2_000_000, stream_bytes=20_000_000)
    with peak_memory() as peak:
        items = list(load_articles(path, limits=limits))
        assert peak() < 20_000_000
    assert all(isinstance(item, LoadError) and "larger than the limit" in str(item) for item in items)


def test_json_lines_are_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    record = json.dumps({"text": SENTENCE * 200}) + "\n"
    with path.open("w") as stream:
        for _ in range(2000):
            stream.write(record)
    assert path.stat().st_size > 30_000_000
    with peak_memory() as peak:
        assert sum(isinstance(item, Article) for item in load_articles(path)) == 2000
        assert peak() < 5_000_000


@pytest.mark.parametrize("keep", [0.5, 0.99])
def test_a_cut_off_archive_names_the_file(tmp_path: Path, keep: float) -> None:
    packed = gzip.compress("\n".join(f"{n} {SENTENCE}" for n in range(999)).encode())
    path = tmp_path / "a.txt.gz"
    path.write_bytes(packed[: int(len(packed) * keep)])
    with pytest.raises(UnreadableInputError, match=r"a\.txt\.gz: the gzip data are damaged or cut off"):
        load_article(path)


def test_a_damaged_archive_names_the_file(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(SENTENCE.encode()))
    packed[15:20] = b"\xff" * 5
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed)
    (error,) = load_articles(path)
    assert isinstance(error, UnreadableInputError)
    assert "a.jsonl.gz" in str(error)


def test_a_record_that_is_too_long_does_not_stop_the_others(write: Write) -> None:
    lines = [json.dumps({"text": text}) for text in ("first", "x" * 5000, "third")]
    items = list(load_articles(write("a.jsonl", "\n".join(lines)), limits=LoadLimits(article_bytes=1000)))
    assert [item.text if isinstance(item, Article) else type(item) for item in items] == [
        "first",
        RecordError,
        "third",
    ]
    assert isinstance(items[1], LoadError)
    assert "a.jsonl, line 2: larger than the limit of 1000 bytes" in str(items[1])
