"""Folders: everything is listed, in one order, and nothing vanishes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import UnreadableInputError
from summarizer.loading import IgnoredEntry, list_files, load_article

if TYPE_CHECKING:
    from tests.loading.conftest import Write


def names(folder: Path) -> list[str]:
    return [file.name for file in list_files(folder)]


def test_order_is_that_of_the_names(write: Write, tmp_path: Path) -> None:
    wanted = ["A.txt", "a-b.txt", "a/b.txt", "a/c/d.md", "a0.html", "b.json.gz", "z.jsonl", "é.txt"]
    for name in reversed(wanted):
        write(name, "Text.")
    assert names(tmp_path) == sorted(wanted) == wanted
    listing = list_files(str(tmp_path))
    assert (len(listing), listing.ignored, listing.errors) == (8, (), ())
    assert load_article(listing.files[2].path, name=listing.files[2].name).name == "a/b.txt"


def test_what_is_no_input_is_reported(write: Write, tmp_path: Path) -> None:
    for name in ("a.txt", "b.pdf", "README", ".hidden.txt", ".git/config.txt", "sub/c.docx", "d.gz"):
        write(name, "Text.")
    os.mkfifo(tmp_path / "pipe.txt")
    listing = list_files(tmp_path)
    assert [file.name for file in listing] == ["a.txt"]
    assert listing.ignored == (
        IgnoredEntry(".git", "hidden"),
        IgnoredEntry(".hidden.txt", "hidden"),
        IgnoredEntry("README", "format not supported"),
        IgnoredEntry("b.pdf", "format not supported"),
        IgnoredEntry("d.gz", "format not supported"),
        IgnoredEntry("pipe.txt", "not a regular file"),
        IgnoredEntry("sub/c.docx", "format not supported"),
    )


def test_dangling_links_are_errors(write: Write, tmp_path: Path) -> None:
    write("a.txt", "Text.")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "gone.pdf").symlink_to("nowhere.pdf")
    listing = list_files(tmp_path)
    assert [file.name for file in listing] == ["a.txt"]
    assert [error.name for error in listing.errors] == ["gone.txt", "self.txt"]
    assert str(listing.errors[0]).startswith("gone.txt: a dangling link to nowhere.txt")
    assert [entry.name for entry in listing.ignored] == ["gone.pdf"]


def test_links_to_folders_are_followed_once(write: Write, tmp_path: Path) -> None:
    write("in/real/a.txt", "Text.")
    folder = tmp_path / "in"
    (folder / "aaa").symlink_to("real")
    (folder / "real" / "up").symlink_to("..")
    listing = list_files(folder)
    assert [file.name for file in listing] == ["real/a.txt"]
    assert [entry.name for entry in listing.ignored] == ["aaa", "real/up"]


def test_a_link_that_leaves_the_folder_is_an_error_and_is_not_followed(write: Write, tmp_path: Path) -> None:
    write("elsewhere/secret.txt", "Text.")
    write("in-secret/b.txt", "Text.")  # the folder's own name begins this one's
    write("in/a.txt", "Text.")
    folder = tmp_path / "in"
    (folder / "b.txt").symlink_to(tmp_path / "elsewhere" / "secret.txt")
    (folder / "c.txt").symlink_to("../in-secret/b.txt")
    (folder / "sub").symlink_to("../elsewhere")
    (folder / "d.png").symlink_to("../elsewhere/secret.txt")
    (folder / "e.txt").symlink_to("../in/a.txt")
    listing = list_files(folder)
    assert [file.name for file in listing] == ["a.txt", "e.txt"]
    assert [error.name for error in listing.errors] == ["b.txt", "c.txt", "sub"]
    assert all("a link that leaves the folder" in str(error) for error in listing.errors)


def test_a_link_to_the_folder_itself_is_followed(write: Write, tmp_path: Path) -> None:
    write("real/a.txt", "Text.")
    (tmp_path / "link").symlink_to("real")
    assert names(tmp_path / "link") == ["a.txt"]


@pytest.mark.skipif(sys.platform == "darwin", reason="the file system refuses such names")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Text.")
    (file,) = list_files(tmp_path)
    assert file.name == "caf\\udce9.txt"
    assert load_article(file.path, name=file.name).text == "Text."


@pytest.mark.parametrize("name", ["gone", "a.txt"])
def test_a_folder_is_wanted(write: Write, tmp_path: Path, name: str) -> None:
    write("a.txt", "Text.")
    with pytest.raises(UnreadableInputError, match=name):
        list_files(tmp_path / name)


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert names(tmp_path) == []


def test_depth_does_not_matter(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(300):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("Text.")
    assert names(tmp_path) == ["d/" * 300 + "a.txt"]


@settings(deadline=None)  # the first example imports what the others use
@given(order=st.permutations(["b/a.txt", "a.txt", "b.txt", "b/b/a.txt", "c.md"]))
def test_order_does_not_depend_on_creation(order: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("order")
    for name in order:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Text.")
    assert names(folder) == ["a.txt", "b.txt", "b/a.txt", "b/b/a.txt", "c.md"]


def test_names_in_the_working_folder_are_bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/b.txt"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for folder in (".", "", "./", str(tmp_path), f"{tmp_path}/", "sub/.."):
        assert [file.name for file in list_files(folder or Path())] == ["a.txt", "sub/b.txt"]
        assert all(file.path.is_file() for file in list_files(folder or Path()))
