"""Mojibake and line breaks are repaired before offsets are taken, and nothing else is touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import BinaryInputError, ConfigurationError, EmptyInputError
from summarizer.loading import article_from_text

CLEAN = "“HR” 0·62 (95% CI, 0.50–0.77), P ≤ .001; ≥10%, ±1.2 µg, Müller’s naïve… α–β 10⁹/L × 5 °C ™"


def garble(text: str, encoding: str) -> str:
    """Read UTF-8 in the wrong encoding, as browsers do."""
    pieces = []
    for byte in text.encode():
        try:
            pieces.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            pieces.append(chr(byte))
    return "".join(pieces)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1251", "mac-roman", "cp437"])
def test_mojibake_is_undone_and_told(encoding: str) -> None:
    article = article_from_text(garble(CLEAN, encoding))
    assert (article.text, article.notes) == (CLEAN, ("mojibake repaired in 1 line",))


def test_mojibake_beside_other_scripts() -> None:
    text = f"第三相 ≥ 5\n{garble('PFS 0.50–0.77', 'cp1252')}\n第四相 ≤ 6\nCafÃ©"
    article = article_from_text(text)
    assert article.text == "第三相 ≥ 5\nPFS 0.50–0.77\n第四相 ≤ 6\nCafé"
    assert article.notes == ("mojibake repaired in 2 lines",)


def test_mojibake_garbled_twice() -> None:
    assert article_from_text(garble(garble("the trial’s", "cp1252"), "cp1252")).text == "the trial’s"


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        "P &lt; .001 &amp; &acirc;&euro;",
        "“curly” ‘quotes’ „low“ — ﬁ ﬂ Ⅳ ½ ﾊﾝ ＡＢ",
        "São Paulo, À l’époque, Škoda – Čech, ÅNGSTRÖM, Où est-il à l’hôpital",
        "IFN-γ–positive, α‑fetoprotein ≥400 ng/mL, 5 × 10⁹/L (±1.2)",
        "Привет, мир — «цитата»",
        "two  spaces\u00a0and\u2009thin \t tabs \n\n\n lines",
        "\x1b[1mterminal\x1b[0m",
    ],
)
def test_clean_text_is_left_alone(text: str) -> None:
    article = article_from_text(text)
    assert (article.text, article.notes) == (text, ())


@settings(deadline=None)  # the first example imports what the others use
@given(st.text(alphabet="0123456789.,·%()<>=≤≥±–—-’“” abcéµÂâ€™Ã©\u00a0\u0093", min_size=1))
def test_no_repair_changes_a_digit(text: str) -> None:
    try:
        article = article_from_text(text)
    except EmptyInputError:
        return
    assert re.findall("[0-9]", article.text) == re.findall("[0-9]", text)


@pytest.mark.parametrize("text", ["a\r\nb\rc\nd", "a\r\n\r\nb"])
def test_line_breaks(text: str) -> None:
    article = article_from_text(text)
    assert article.text == text.replace("\r\n", "\n").replace("\r", "\n")
    assert article.notes == ("line breaks made \\n",)


def test_surrogates() -> None:
    joined = article_from_text("smile \ud83d\ude00")
    assert (joined.text, joined.notes) == ("smile \U0001f600", ("surrogate pairs joined",))
    lone = article_from_text("half \ud83d of one, \ude00")
    assert lone.text == "half \ufffd of one, \ufffd"
    assert lone.notes == ("2 lone surrogates replaced by U+FFFD",)


def test_a_leading_mark_goes() -> None:
    assert article_from_text("\ufeffText").text == "Text"


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\u00a0\u2003\n", "\u200b\u00ad"])
def test_nothing_to_read(text: str) -> None:
    with pytest.raises(EmptyInputError, match=r"^note: (empty|nothing but white space); "):
        article_from_text(text, name="note")


def test_not_text() -> None:
    with pytest.raises(BinaryInputError, match=r"^the text: not text \(it holds NUL characters\)"):
        article_from_text("a\0b")
    with pytest.raises(ConfigurationError, match="use article_from_bytes"):
        article_from_text(b"bytes")  # type: ignore[arg-type]


def test_given_metadata_is_kept() -> None:
    article = article_from_text("Text.", name="n", title="T", url="https://x.org", published="20 October 2024")
    assert (article.name, article.title, article.url) == ("n", "T", "https://x.org")
    assert (article.text, article.published) == ("Text.", "2024-10-20")
    unsure = article_from_text("Text.", published="03/04/2024")
    assert (unsure.published, unsure.notes) == (None, ("the date '03/04/2024' names no certain day",))
