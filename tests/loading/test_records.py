"""JSON and JSON Lines: every good record, and an error in the place of every bad one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.article import Article
from summarizer.errors import BinaryInputError, EmptyInputError, LoadError, RecordError
from summarizer.loading import load_article, load_articles
from summarizer.loading.records import RECORD_KEYS

if TYPE_CHECKING:
    from tests.loading.conftest import Write

RECORD = {
    "id": 7,
    "headline": "Zelomib wins",
    "body": "LUMEN-12 met its end point.",
    "link": "https://a.org/7",
    "date": "October 20, 2024",
}


def split(items: list[Article | LoadError]) -> tuple[list[str], list[str]]:
    texts = [item.text for item in items if isinstance(item, Article)]
    return texts, [str(item) for item in items if isinstance(item, LoadError)]


def test_a_record(write: Write) -> None:
    article = load_article(write("a.json", json.dumps(RECORD)))
    assert article == Article(
        text="Zelomib wins\n\nLUMEN-12 met its end point.",
        name="a.json",
        title="Zelomib wins",
        url="https://a.org/7",
        published="2024-10-20",
        notes=("headline put before the text",),
    )


@pytest.mark.parametrize("key", RECORD_KEYS["text"])
def test_every_text_key(write: Write, key: str) -> None:
    assert load_article(write("a.json", json.dumps({key: "Some text."}))).text == "Some text."


def test_the_first_key_with_text_wins(write: Write) -> None:
    record = {"content": "third", "body": "second", "text": "  "}
    assert load_article(write("a.json", json.dumps(record))).text == "second"


def test_a_headline_in_the_text_is_not_doubled(write: Write) -> None:
    record = {"title": "Zelomib wins!", "text": "ZELOMIB  WINS\n\nMore."}
    assert load_article(write("a.json", json.dumps(record))).text == "ZELOMIB  WINS\n\nMore."


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"html": "<p>See <a href='/x'>LUMEN-12</a> here.</p>"}, "html"),
        ({"text": "<div><p>See <a href='/x'>LUMEN-12</a> here.</p></div>"}, "text"),
        ({"content": {"rendered": "<p>See <a href='/x'>LUMEN-12</a> here.</p>"}}, "content.rendered"),
    ],
)
def test_html_in_a_record(write: Write, record: dict[str, object], field: str) -> None:
    article = load_article(write("a.json", json.dumps(record)))
    assert article.text == "See LUMEN-12 here."
    assert f"HTML in {field!r}" in article.notes


def test_text_of_a_record_is_kept_as_it_came(write: Write) -> None:
    text = "P <.001 &lt; x  <b>y</b>\n\n <p"
    assert load_article(write("a.json", json.dumps({"text": text}))).text == text


def test_nested_title(write: Write) -> None:
    record = {"title": {"rendered": "A title"}, "text": "Text."}
    article = load_article(write("a.json", json.dumps(record)))
    assert (article.title, article.notes) == ("A title", ("headline put before the text",))


def test_paragraphs_in_a_list(write: Write) -> None:
    article = load_article(write("a.json", json.dumps({"text": ["One.", "Two."]})))
    assert (article.text, article.notes) == ("One.\n\nTwo.", ("paragraphs of 'text' joined",))


def test_odd_metadata_is_told(write: Write) -> None:
    record = {"text": "Text.", "title": 5, "date": "spring"}
    article = load_article(write("a.json", json.dumps(record)))
    assert (article.title, article.published) == (None, None)
    assert article.notes == ("'title' ignored: it is a number", "the date 'spring' names no certain day")


def test_chosen_keys(write: Write) -> None:
    record = {"text": "wrong", "story": {"words": "right"}, "when": "2024-10-20"}
    path = write("a.json", json.dumps(record))
    article = load_article(path, keys={"text": "story.words", "published": "when"})
    assert (article.text, article.published) == ("right", "2024-10-20")
    with pytest.raises(RecordError) as caught:
        load_article(path, keys={"text": "tale"})
    assert str(caught.value) == f"{path}, field 'tale': missing; choose another key for 'text'"


@pytest.mark.parametrize("wrap", ["{}", '{{"articles": {}}}', '{{"total": 2, "items": {}}}'])
def test_lists_of_records(write: Write, wrap: str) -> None:
    records = json.dumps([{"text": "one", "id": "x"}, {"text": "two"}])
    items = list(load_articles(write("a.json", wrap.format(records)), name="sub/a.json"))
    assert split(items) == (["one", "two"], [])
    assert [item.name for item in items] == ["sub/a.json#x", "sub/a.json#2"]


def test_a_bad_record_in_a_list(write: Write) -> None:
    path = write("a.json", json.dumps([{"text": "one"}, 5, {"text": "three"}]))
    texts, errors = split(list(load_articles(path)))
    assert texts == ["one", "three"]
    assert errors == [f"{path}, record 2: a JSON object is wanted, got a number; write one object per article"]


def test_one_bad_line_does_not_cost_the_others(write: Write) -> None:
    lines = [
        '{"text": "one", "id": 1}',
        "",
        '{"text": "two", "id": }',
        '{"text": 5}',
        '{"text": "five", "id": 5}',
    ]
    path = write("a.jsonl", "\n".join(lines))
    items = list(load_articles(path))
    texts, errors = split(items)
    assert texts == ["one", "five"]
    assert [type(item).__name__ for item in items] == ["Article", "RecordError", "RecordError", "Article"]
    assert errors == [
        f"{path}, line 3: not valid JSON (Expecting value, column 23); correct or remove it",
        f"{path}, line 4, field 'text': text is wanted, got a number; make it a string",
    ]
    assert isinstance(items[2], RecordError)
    assert (items[2].line, items[2].field, items[2].name) == (4, "text", str(path))
    assert [item.name for item in items if isinstance(item, Article)] == ["a.jsonl#1", "a.jsonl#5"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "a JSON object is wanted, got a list"),
        ("null", "a JSON object is wanted, got null"),
        ('"text"', "a JSON object is wanted, got a string"),
        ("{}", "field 'text': no text under any known key (keys: none)"),
        ('{"a": "x", "b": 1}', "no text under any known key (keys: a, b)"),
        ('{"text": ""}', "field 'text': empty"),
        ('{"body": {"a": 1}}', "field 'body': text is wanted, got an object"),
        ('{"body": true}', "field 'body': text is wanted, got a boolean"),
        ('{"text": "a\\u0000b"}', "field 'text': not text (it holds NUL characters)"),
        ('{"html": "<p></p>"}', "field 'html': the page has no article text"),
        ("[" * 100_000, "not readable as JSON (it nests too deep)"),
        ('{"text": "x", "id": ' + "9" * 5000 + "}", "not readable as JSON"),
        ('{"text": "x"} {"text": "y"}', "not valid JSON (Extra data, column 15)"),
    ],
)
def test_bad_records(write: Write, line: str, message: str) -> None:
    path = write("a.jsonl", f'{{"text": "one"}}\n{line}\n{{"text": "three"}}\n')
    texts, errors = split(list(load_articles(path)))
    assert texts == ["one", "three"]
    assert len(errors) == 1
    assert errors[0].startswith(f"{path}, line 2")
    assert message in errors[0]


def test_a_line_that_is_not_utf8_is_read_and_told(write: Write) -> None:
    data = '{"text": "Café – one"}\n'.encode() + '{"text": "Café – two"}\n'.encode("cp1252")
    first, second = load_articles(write("a.jsonl", data))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.text, first.notes) == ("Café – one", ())
    assert (second.text, second.notes) == ("Café – two", ("read as Windows-1252 (guessed)",))


def test_a_binary_line_does_not_cost_the_others(write: Write) -> None:
    path = write("a.jsonl", b'{"text": "one"}\n\x00\x01\x02\n{"text": "three"}\n')
    texts, errors = split(list(load_articles(path)))
    assert texts == ["one", "three"]
    assert errors[0].startswith(f"{path}, line 2: not text")


def test_a_binary_file_is_one_error(write: Write) -> None:
    (error,) = load_articles(write("a.jsonl", b"\x89PNG\r\n\x1a\n" + b"\x00\n" * 50))
    assert isinstance(error, BinaryInputError)


def test_line_separators_inside_strings_do_not_split_records(write: Write) -> None:
    record = json.dumps({"text": "one\u2028two\u2029three"}, ensure_ascii=False)
    (article,) = load_articles(write("a.jsonl", record + "\r\n"))
    assert isinstance(article, Article)
    assert article.text == "one\u2028two\u2029three"


def test_json_lines_in_a_json_file(write: Write) -> None:
    path = write("a.json", '{"text": "one"}\n{"text": bad}\n{"text": "three"}')
    items = list(load_articles(path))
    texts, errors = split(items)
    assert texts == ["one", "three"]
    assert errors[0].startswith(f"{path}, line 2: not valid JSON")
    assert isinstance(items[0], Article)
    assert items[0].notes == ("JSON Lines in a .json file",)


def test_broken_json_names_line_and_column(write: Write) -> None:
    path = write("a.json", '{\n  "text": "one",\n  oops\n}')
    with pytest.raises(RecordError) as caught:
        load_article(path)
    assert str(caught.value).startswith(f"{path}: not valid JSON (Expecting property name")
    assert "line 3 column 3" in str(caught.value)


def test_names_are_unique_even_where_ids_are_not(write: Write) -> None:
    ids = ['"x"', '"x"', "3", "null", '"x"', '"5"']
    lines = [f'{{"text": "t", "id": {id_}}}' for id_ in ids]
    items = list(load_articles(write("a.jsonl", "\n".join(lines))))
    names = [item.name for item in items]
    assert len(set(names)) == len(names) == 6
    assert names[0] == "a.jsonl#x"
    assert isinstance(items[1], Article)
    assert items[1].notes == ("the id 'x' is not the only one of its kind in the file",)


def test_surrogate_escapes(write: Write) -> None:
    path = write("a.json", '{"text": "half \\ud83d and \\ud83d\\ude00", "title": "\\udc00 t"}')
    article = load_article(path)
    assert article.text == "\ufffd t\n\nhalf \ufffd and \U0001f600"
    assert article.title == "\ufffd t"
    article.text.encode()


def test_a_file_without_records(write: Write) -> None:
    (error,) = load_articles(write("a.jsonl", "\n \n"))
    assert isinstance(error, EmptyInputError)


@settings(deadline=None)  # the first example imports what the others use
@given(lines=st.lists(st.sampled_from(['{"text": "good"}', "{bad", "[]", '{"text": 1}', "", "\x00"]), max_size=12))
def test_every_line_is_accounted_for(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_text("\n".join(["{}", *lines]))
    items = list(load_articles(path))
    assert len(items) == 1 + sum(line != "" for line in lines)
    assert sum(isinstance(item, Article) for item in items) == lines.count('{"text": "good"}')
