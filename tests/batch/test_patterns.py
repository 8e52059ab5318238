from __future__ import annotations

import pytest

from summarizer.batch.patterns import make_filter, matches


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("*.html", ["a.html", "x/y/a.html"], ["a.txt", "a.HTML"]),
        ("drafts", ["drafts/a.txt", "x/drafts/y/a.txt"], ["drafts.txt"]),
        ("drafts/", ["drafts/a.txt", "x/drafts/a.txt"], ["drafts.txt"]),
        ("*/article.*", ["case/article.txt", "case/article.html"], ["article.txt", "a/b/article.txt"]),
        ("/a.txt", ["a.txt"], ["x/a.txt"]),
        ("2024/**/final.txt", ["2024/final.txt", "2024/x/y/final.txt"], ["2025/2024/final.txt"]),
        ("**/b/*.txt", ["b/a.txt", "x/y/b/a.txt"], ["b/x/a.txt"]),
        ("2024/q1", ["2024/q1/x/a.txt"], ["x/2024/q1/a.txt"]),
        ("./a.txt", ["a.txt"], ["x/a.txt"]),
        ("[ab].txt", ["a.txt"], ["c.txt"]),
        ("2024\\q1", ["2024/q1/a.txt"], []),
    ],
)
def test_pattern(pattern: str, taken: list[str], left: list[str]) -> None:
    assert [path for path in taken if not matches(path, pattern)] == []
    assert [path for path in left if matches(path, pattern)] == []


def test_exclude_beats_include() -> None:
    is_taken = make_filter(["*.txt"], ["drafts"])
    assert is_taken("a.txt")
    assert not is_taken("a.md")
    assert not is_taken("drafts/a.txt")
    assert make_filter([], [])("anything")
