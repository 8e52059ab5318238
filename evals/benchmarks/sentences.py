"""Measure sentence splitters: exact boundaries, and milliseconds per article.

Three sets of hand-split text, JSON lines beside this file, ``‖`` standing at every boundary:

- ``sentences.jsonl``, ``sentences_fresh.jsonl``: tricky passages, ``{"tag", "marked"}``;
- ``sentences_articles.jsonl``: whole articles, ``{"name", "lines": [{"marked", "kind"}]}``.

Conventions of the gold: a reference number glued to a full stop belongs to the sentence that it ends;
sentences inside a quotation count; ``"...," said X`` is one sentence; a semicolon or a colon ends none; an
enumerator (``1.``, ``Q.``) belongs to what follows it; rows of a table are not split. The set "fresh" was
written when the reader was finished, and measured once (F1 0.976) before what it showed was repaired.

Every splitter gets one line at a time, and boundaries inside a line are counted; whitespace between two
sentences belongs to neither. Splitters that are not installed are left out.

Usage: ``python evals/benchmarks/sentences.py [--misses NAME] [FILE ...]``
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEFAULT_FILES = [HERE / f"sentences{name}.jsonl" for name in ("", "_fresh", "_articles")]
MARK = "‖"
WORDS_PER_ARTICLE = 400
ROUNDS = 5
UNSPLIT_KINDS = {"OTHER"}
"""Kinds whose lines are left out: where a photo credit or a byline breaks is nobody's question."""

Splitter = Callable[[str], Iterable[int]]
"""Takes a line, gives the end of each sentence in it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A hand-split line."""

    tag: str
    text: str
    ends: frozenset[int]
    """Offsets at which a sentence starts, the first left out."""
    kind: str


@dataclass(slots=True)
class Score:
    """Counts of boundaries over a set of lines."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the boundaries given that are right."""
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        """Share of the boundaries wanted that were given."""
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def load_lines(path: Path) -> list[Line]:
    """Read a file of either shape."""
    lines = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        parts = row.get("lines") or [row]
        lines += [_line(row.get("name") or row["tag"], part["marked"], part.get("kind", "PROSE")) for part in parts]
    return lines


def score(splitter: Splitter, lines: list[Line]) -> tuple[Score, list[tuple[Line, set[int], set[int]]]]:
    """Count boundaries; give back the lines that differ with their wrong and missed boundaries."""
    total, differing = Score(), []
    for line in lines:
        if line.kind in UNSPLIT_KINDS:
            continue
        found = {_after_space(line.text, end) for end in splitter(line.text)} - {0, len(line.text)}
        wrong, missed = found - line.ends, set(line.ends - found)
        total.right += len(found & line.ends)
        total.wrong += len(wrong)
        total.missed += len(missed)
        if wrong or missed:
            differing.append((line, wrong, missed))
    return total, differing


def milliseconds_per_article(splitter: Splitter, lines: list[Line]) -> float:
    """Best of several rounds, scaled to an article of 400 words."""
    words = sum(len(line.text.split()) for line in lines)
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for line in lines:
            list(splitter(line.text))
        best = min(best, time.perf_counter() - began)
    return best * 1000 / words * WORDS_PER_ARTICLE


def installed_splitters() -> dict[str, Splitter]:
    """Our reader, and the libraries that are there."""
    makers: dict[str, Callable[[], Splitter]] = {
        "ours": _ours,
        "nupunkt": _nupunkt,
        "sentencex": _sentencex,
        "pysbd": _pysbd,
    }
    splitters = {}
    for name, make in makers.items():
        try:
            splitters[name] = make()
        except ImportError:
            print(f"{name}: not installed, left out")
    return splitters


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="files of hand-split text instead of our own")
    parser.add_argument("--misses", metavar="NAME", help="print where this splitter differs from the gold")
    options = parser.parse_args()
    splitters = installed_splitters()
    print(f"{'set':24} {'splitter':10} precision  recall      F1   lines right  ms/article")
    for path in options.files or [path for path in DEFAULT_FILES if path.exists()]:
        lines = load_lines(path)
        for name, splitter in splitters.items():
            total, differing = score(splitter, lines)
            speed = milliseconds_per_article(splitter, lines)
            counted = sum(line.kind not in UNSPLIT_KINDS for line in lines)
            exact = f"{counted - len(differing)}/{counted}"
            print(
                f"{path.stem:24} {name:10} {total.precision:9.3f} {total.recall:7.3f} {total.f1:7.3f}"
                f" {exact:>13} {speed:11.2f}"
            )
            if name == options.misses:
                _print_misses(differing)


def _line(tag: str, marked: str, kind: str) -> Line:
    text, starts, position = marked.replace(MARK, ""), set(), 0
    for part in marked.split(MARK)[:-1]:
        position += len(part)
        starts.add(_after_space(text, position))
    return Line(tag, text, frozenset(starts - {len(text)}), kind)


def _after_space(text: str, position: int) -> int:
    match = re.compile(r"\s*").match(text, position)
    return match.end() if match else position


def _print_misses(differing: list[tuple[Line, set[int], set[int]]]) -> None:
    for line, wrong, missed in differing:
        for label, places in (("wrong", wrong), ("missed", missed)):
            for place in sorted(places):
                around = f"{line.text[max(0, place - 40) : place]!r} | {line.text[place:][:30]!r}"
                print(f"    {label:6} {line.tag}: {around}")


def _ours() -> Splitter:
    from summarizer.reading.sentences import read_sentences  # noqa: PLC0415 - measured beside optional packages

    return lambda text: [sentence.end for sentence in read_sentences(text)[1]]


def _nupunkt() -> Splitter:
    nupunkt: Any = importlib.import_module("nupunkt")
    return lambda text: [end for _, end in nupunkt.sent_spans(text)]


def _sentencex() -> Splitter:
    sentencex: Any = importlib.import_module("sentencex")
    return lambda text: [found["end_index"] for found in sentencex.get_sentence_boundaries("en", text)]


def _pysbd() -> Splitter:
    pysbd: Any = importlib.import_module("pysbd")
    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.end for span in segmenter.segment(text)]


if __name__ == "__main__":
    main()
