"""Whatever the encoding, the same text; and a note wherever it had to be guessed."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.errors import BinaryInputError, EmptyInputError, LoadError
from summarizer.loading import article_from_bytes, article_from_text, load_article, load_articles

if TYPE_CHECKING:
    from tests.loading.conftest import Write

TEXT = "Médiane de la PFS – “HR” 0·62 (95% CI, 0.50–0.77), P ≤ .001 in LUMEN-12.\n\nSecond paragraph, 第二.\n"
WESTERN = "The “primary” end point – median PFS – was met: 13.3 vs 8.2 months (HR 0.62 [0.50–0.77]). Café.\n"
PROSE = {
    "ru": "Результаты исследования показали, что медиана выживаемости составила 13,3 месяца по сравнению с "
    "8,2 месяца в группе плацебо. Пациенты получали препарат один раз в день до прогрессирования болезни.\n",
    "ja": "第三相試験の結果、無増悪生存期間の中央値は十三か月であった。患者は病勢進行まで治療を受けた。"
    "安全性は許容範囲内であり、新たな懸念は認められなかった。\n",
    "zh": "三期临床试验的结果显示，中位无进展生存期为十三个月。患者接受治疗直至疾病进展。"
    "安全性可以接受，没有发现新的问题。\n",
}


def test_utf8_needs_no_note() -> None:
    article = article_from_bytes(TEXT.encode())
    assert (article.text, article.notes) == (TEXT, ())


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_marks(mark: bytes, encoding: str) -> None:
    article = article_from_bytes(mark + TEXT.encode(encoding))
    assert article.text == TEXT
    assert "byte order mark" in " ".join(article.notes)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [TEXT, "A short one.", "第三相試験の結果。\n十三か月\n"])
def test_wide_encodings_without_a_mark(encoding: str, text: str) -> None:
    article = article_from_bytes(text.encode(encoding))
    assert article.text == text
    assert article.notes == (f"read as {encoding.upper()} (detected, no byte order mark)",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "cp1252"])
def test_json_lines_in_other_encodings(write: Write, encoding: str) -> None:
    lines = '{"text": "Zelomib – first"}\n\n{"text": "second"}\n'
    items = list(load_articles(write("a.jsonl", lines.encode(encoding))))
    assert [item.text for item in items if not isinstance(item, LoadError)] == ["Zelomib – first", "second"]


def test_windows_1252() -> None:
    article = article_from_bytes(WESTERN.encode("cp1252"))
    assert (article.text, article.notes) == (WESTERN, ("read as Windows-1252 (guessed)",))


def test_latin_1() -> None:
    article = article_from_bytes("Café à la naïve façon, déjà vu in LUMEN-12.".encode("latin-1"))
    assert article.text == "Café à la naïve façon, déjà vu in LUMEN-12."


def test_mac_roman_dashes_do_not_become_letters() -> None:
    text = "The company’s trial met its end point (HR, 0.62; 95% CI, 0.50–0.77) and didn’t add toxicity."
    article = article_from_bytes(text.encode("mac-roman"))
    assert (article.text, article.notes) == (text, ("read as Mac Roman (guessed)",))


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("ru", "cp1251"), ("ru", "koi8-r"), ("ja", "shift_jis"), ("ja", "euc-jp"), ("zh", "gb18030")],
)
def test_other_encodings_are_guessed_and_told(language: str, encoding: str) -> None:
    text = PROSE[language] * 3
    article = article_from_bytes(text.encode(encoding))
    assert article.text == text
    assert "(guessed)" in article.notes[0]


def test_utf8_with_foreign_bytes_keeps_both() -> None:
    data = "Médian “PFS” 13.3 – ".encode() + b"0.50\x960.77 caf\xe9" + " – end.".encode() + b" \xe2\x80"
    article = article_from_bytes(data)
    assert article.text == "Médian “PFS” 13.3 – 0.50–0.77 café – end. \ufffd"
    assert article.notes == ("UTF-8 with damaged bytes: 2 read as Windows-1252, 1 broken character replaced by U+FFFD",)


def test_utf16_cut_inside_a_character_is_told() -> None:
    article = article_from_bytes(codecs.BOM_UTF16_LE + "Cut he".encode("utf-16-le") + b"\x72")
    assert article.text == "Cut he\ufffd"
    assert "1 undecodable place replaced by U+FFFD" in article.notes


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 rest", "a PDF"),
        (b"{\\rtf1 rest}", "a Rich Text file"),
        (b"PK\x03\x04 rest", "Office document"),
        (b"\x89PNG\r\n\x1a\n rest", "a PNG image"),
        (b"plain text with one \x00 in it", "NUL"),
        (b"\x00\x01\x02\x03" * 100, "not text"),
        (bytes(range(256)) * 20, "not text"),
        (b"\x01\x02\x03\x04\x05 a few words", "control characters"),
    ],
)
def test_binary_content_is_named(write: Write, data: bytes, what: str) -> None:
    path = write("a.txt", data)
    with pytest.raises(BinaryInputError) as caught:
        load_article(path)
    assert str(caught.value).startswith(f"{path}: not text")
    assert what in str(caught.value)


@settings(deadline=None)  # the first example imports what the others use
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
def test_any_clean_text_survives_utf8(text: str) -> None:
    try:
        article = article_from_bytes(text.encode())
    except EmptyInputError:
        assert not text.strip("\ufeff\u200b\u2060\u00ad").strip()
        return
    assert article.text == text.removeprefix("\ufeff") or "mojibake" in " ".join(article.notes)


@settings(deadline=None)  # the first example imports what the others use
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\x00")
@example(codecs.BOM_UTF32_LE)
def test_any_bytes_give_an_article_or_a_load_error(data: bytes) -> None:
    try:
        article = article_from_bytes(data)
    except LoadError as error:
        messages = str(error).splitlines()
    else:
        messages = ["an article"]
        assert article.text.encode()
        assert not set("\r\0") & set(article.text)
    assert len(messages) == 1


@settings(deadline=None)  # the first example imports what the others use
@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_loading_twice_changes_nothing_more(text: str) -> None:
    try:
        first = article_from_text(text)
        second = article_from_text(first.text)
    except LoadError:
        return
    assert second.text == first.text
