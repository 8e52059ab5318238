from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys

import pytest

from summarizer.article import Article


def test_an_article_never_changes() -> None:
    article = Article("Text.")
    with pytest.raises(dataclasses.FrozenInstanceError):
        article.text = "Other."  # type: ignore[misc]


def test_digest_and_length() -> None:
    text = "HR 0·62 \U0001f600"
    article = Article(text)
    assert article.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert article.characters == 9


def test_any_string_has_a_digest() -> None:
    assert Article("\ud83d").sha256 != Article("\ude00").sha256


def test_importing_the_loaders_imports_no_parser() -> None:
    script = (
        "import sys, summarizer.loading\n"
        "heavy = ('charset_normalizer', 'ftfy', 'lxml', 'markdown_it', 'trafilatura', 'pydantic')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
