"""Each error names its file, says what to do, and fits on a line."""

from __future__ import annotations

import os
import pickle
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from summarizer.errors import (
    ConfigurationError,
    EmptyInputError,
    LoadError,
    RecordError,
    SummarizerError,
    TooLargeError,
    UnreadableInputError,
    UnsupportedFormatError,
)
from summarizer.loading import load_article, load_articles

if TYPE_CHECKING:
    from tests.loading.conftest import Write


def subclasses(kind: type[SummarizerError]) -> Iterator[type[SummarizerError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from subclasses(below)


def load_errors() -> list[type[LoadError]]:
    return [kind for kind in subclasses(LoadError) if issubclass(kind, LoadError)]


@pytest.mark.parametrize("kind", load_errors())
def test_messages_are_one_line_and_survive_pickling(kind: type[LoadError]) -> None:
    error = kind("broken\nin two \x1b[31m", "fol\nder/a\udcff.txt", "mend\r\nit")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line itself
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
    assert str(error) == "fol\\nder/a\\udcff.txt: broken\\nin two \\x1b[31m; mend\\r\\nit"


def test_codes_are_distinct() -> None:
    kinds = {kind for kind in subclasses(SummarizerError) if kind.__module__ == "summarizer.errors"}
    kinds = {kind for kind in kinds if not kind.__name__.startswith("_")}
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_context_survives_pickling() -> None:
    record = RecordError("bad", "a.jsonl", "mend it", line=3, field="text")
    copy = pickle.loads(pickle.dumps(record))  # noqa: S301 - made on the line above
    assert (copy.line, copy.index, copy.field) == (3, None, "text")
    assert str(copy) == "a.jsonl, line 3, field 'text': bad; mend it"
    large = pickle.loads(pickle.dumps(TooLargeError("big", "a.txt", None, 50)))  # noqa: S301 - same
    assert (large.limit, str(large)) == (50, "a.txt: big")
    setup = pickle.loads(pickle.dumps(ConfigurationError("wrong", "right it")))  # noqa: S301 - same
    assert str(setup) == "wrong; right it"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a.txt.gz", "a.jsonl.gz"])
@pytest.mark.parametrize("content", ["", " \n\t\n"])
def test_empty_files(write: Write, name: str, content: str) -> None:
    path = write(name, content)
    with pytest.raises(EmptyInputError) as caught:
        load_article(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("content", ["[]", '{"articles": []}'])
def test_json_without_records(write: Write, content: str) -> None:
    with pytest.raises(LoadError, match=r"a\.json"):
        load_article(write("a.json", content))


def test_markup_without_text(write: Write) -> None:
    with pytest.raises(EmptyInputError, match=r"a\.html: the page has no article text"):
        load_article(write("a.html", "<html><body><nav>Home</nav><script>x</script></body></html>"))
    with pytest.raises(EmptyInputError, match=r"a\.md: empty"):
        load_article(write("a.md", "![only an image](a.png)"))


@pytest.mark.parametrize("name", ["a.docx", "README", "a.txt.zip", ".gz"])
def test_unknown_endings(write: Write, name: str) -> None:
    path = write(name, b"x")
    with pytest.raises(UnsupportedFormatError, match=r"not supported; use one of \.txt .*, each also \.gz"):
        load_article(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        load_article(tmp_path / "gone.txt")
    assert str(caught.value) == f"{tmp_path}/gone.txt: there is no such file; check the path"


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(UnreadableInputError, match=r"folder\.txt: a folder, not a file"):
        load_article(tmp_path / "folder.txt")


def test_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to("gone.txt")
    with pytest.raises(UnreadableInputError, match=r"link\.txt: a dangling link to gone\.txt"):
        load_article(tmp_path / "link.txt")


def test_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to("link.txt")
    with pytest.raises(UnreadableInputError, match=r"link\.txt"):
        load_article(tmp_path / "link.txt")


def test_link_to_a_file_is_followed(write: Write, tmp_path: Path) -> None:
    write("a.txt", "Text.")
    (tmp_path / "link.txt").symlink_to("a.txt")
    assert load_article(tmp_path / "link.txt").text == "Text."


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    if kind == "pipe":
        os.mkfifo("a.txt")
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("a.txt")
    with pytest.raises(UnreadableInputError, match=r"a\.txt: not a regular file"):
        load_article("a.txt")


@pytest.mark.parametrize("path", ["a\0b.txt", "x" * 300 + ".txt", "a.txt/b.txt"])
def test_impossible_names(write: Write, path: str, tmp_path: Path) -> None:
    write("a.txt", "Text.")
    with pytest.raises(UnreadableInputError):
        load_article(tmp_path / path)


@pytest.fixture
def locked() -> Iterator[Path]:
    """A file that this process may not read, even when it runs as root."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "locked.txt"
        path.write_text("Text.")
        path.chmod(0o000)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        try:
            yield path
        finally:
            if is_root:
                os.seteuid(0)


def test_no_permission(locked: Path) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        load_article(locked)
    assert str(caught.value) == f"{locked}: permission denied; make the file readable"


def test_more_than_one_article(write: Write) -> None:
    with pytest.raises(LoadError, match="holds more than one article; use load_articles"):
        load_article(write("a.jsonl", '{"text": "one"}\n{"text": "two"}\n'))


def test_errors_use_the_given_name(write: Write) -> None:
    path = write("x/a.txt", "")
    (error,) = load_articles(path, name="x/a.txt")
    assert isinstance(error, EmptyInputError)
    assert error.name == "x/a.txt"


def test_wrong_calls() -> None:
    with pytest.raises(ConfigurationError, match="a path is wanted, got int"):
        load_article(5)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="no role of a record is called 'headline'"):
        load_articles("a.json", keys={"headline": "h"})
