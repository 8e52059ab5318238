"""Articles as web pages: how much of their text comes back, here and by trafilatura's plain extraction."""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from summarizer.article import Article
from summarizer.errors import LoadError
from summarizer.evaluation.alignment import align_rows, align_trials
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.loading import article_from_text, load_article
from summarizer.pipeline import summarize_article

from ..figures import Figures, Share, Table
from ..material import Material, Specimen
from .markup import Frame, WebPage, make_page

OURS = "summarizer"
PLAIN = "trafilatura, plain"
RECALL = "trafilatura, favor_recall"

Extract = Callable[[str], str]
"""From a page's markup to the text of its article; empty where there is none."""


def measure(material: Material) -> Figures:
    """Make a page of each kind of every undamaged article, and get the text back in three ways."""
    chance = material.chance("pages")
    jobs = [(specimen, frame) for specimen in material.clean for frame in Frame]
    if material.limit is not None and material.limit < len(jobs):
        jobs = chance.sample(jobs, material.limit)
    pages = [(specimen, make_page(specimen, frame, chance)) for specimen, frame in jobs]
    found: list[Recovery] = []
    for name, extract in _extractors().items():
        recovery = Recovery(name)
        for specimen, page in pages:
            recovery.add(specimen, page, extract(page.markup))
        found.append(recovery)
    return Figures(
        section="pages",
        tables=_tables(found),
        examples=[line for recovery in found for line in recovery.examples[:_SHOWN]],
        versions={name: metadata.version(name) for name in ("trafilatura", "lxml")},
    )


_SHOWN = 15


def _extractors() -> dict[str, Extract]:
    import trafilatura  # noqa: PLC0415 - slow to import

    def plain(markup: str) -> str:
        return trafilatura.extract(markup) or ""

    def recall(markup: str) -> str:
        return trafilatura.extract(markup, favor_recall=True, include_comments=False) or ""

    return {OURS: _load, PLAIN: plain, RECALL: recall}


def _load(markup: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "article.html"
        path.write_text(markup, encoding="utf-8")
        try:
            return load_article(path).text
        except LoadError:
            return ""


_MARKS = re.compile("[\u00b9\u00b2\u00b3\u2070-\u2079]+")
_INVISIBLE = re.compile("[\u200b\u00ad\u2060\ufeff]")


def tokens_of(text: str) -> list[str]:
    """Words and numbers as a reader sees them, without bullets, cell borders and raised marks."""
    seen = _INVISIBLE.sub("", _MARKS.sub("", text)).split()
    return [token for token in seen if re.search(r"\w", token)]


@dataclass(slots=True)
class Recovery:
    """What one way of extraction made of all pages."""

    name: str
    whole: int = 0
    paragraphs: int = 0
    words: int = 0
    words_back: int = 0
    words_out: int = 0
    numbers: int = 0
    numbers_back: int = 0
    marked: int = 0
    marked_back: int = 0
    around: int = 0
    around_kept: int = 0
    rows: int = 0
    rows_back: int = 0
    examples: list[str] = field(default_factory=list[str])

    def add(self, specimen: Specimen, page: WebPage, text: str) -> None:
        """Count one page."""
        self._add_marks(page, tokens_of(text))
        # What a glued mark does to a number is counted once, above.
        out = _without_marks(page, tokens_of(text))
        self._add_paragraphs(specimen, page, out)
        wanted = [token for paragraph in page.paragraphs for token in tokens_of(paragraph.text)]
        back = _in_order(wanted, out)
        self.words += len(wanted)
        self.words_back += len(back)
        self.words_out += len(out)
        self.numbers += sum(map(_is_number, wanted))
        self.numbers_back += sum(map(_is_number, back))
        self.around += len(page.around)
        self.around_kept += sum(_holds(out, tokens_of(words)) for words in page.around)
        self._add_rows(specimen, text)

    def _add_marks(self, page: WebPage, out: Sequence[str]) -> None:
        """Count the numbers that a raised mark stands behind, and those that it did not change."""
        changed = [token for number in page.marked for token in out if number + page.mark in token]
        self.marked += len(page.marked)
        self.marked_back += len(page.marked) - min(len(changed), len(page.marked))

    def _add_paragraphs(self, specimen: Specimen, page: WebPage, out: Sequence[str]) -> None:
        for paragraph in page.paragraphs:
            tokens = tokens_of(paragraph.text)
            if not tokens:
                continue
            is_whole = _holds(out, tokens)
            self.paragraphs += 1
            self.whole += is_whole
            if not is_whole:
                self.examples.append(f"{self.name}: {specimen.name}: not whole: {paragraph.text[:120]!r}")

    def _add_rows(self, specimen: Specimen, text: str) -> None:
        gold = specimen.gold
        self.rows += sum(len(trial.results) for trial in gold.trials) + len(gold.unattributed_results)
        if not text.strip():
            return
        summary = summarize_article(_article(text), RulesExtractor(), reason="benchmark")
        rows = align_rows(gold, summary, align_trials(gold.trials, summary.trials))
        self.rows_back += sum(pair.in_right_place for pair in rows.pairs)


def _without_marks(page: WebPage, out: Sequence[str]) -> list[str]:
    glued = {number + page.mark: number for number in page.marked}
    return [glued.get(token, token) for token in out]


def _article(text: str) -> Article:
    return article_from_text(text)


def _is_number(token: str) -> bool:
    return any(character.isdigit() for character in token)


def _in_order(wanted: Sequence[str], out: Sequence[str]) -> list[str]:
    """Tokens of the article that come back in their order."""
    matcher = difflib.SequenceMatcher(None, wanted, out, autojunk=False)
    return [token for block in matcher.get_matching_blocks() for token in wanted[block.a : block.a + block.size]]


def _holds(out: Sequence[str], tokens: Sequence[str]) -> bool:
    """Whether some tokens stand in a text one after the other."""
    return f"\n{chr(10).join(tokens)}\n" in f"\n{chr(10).join(out)}\n"


def _tables(found: Sequence[Recovery]) -> list[Table]:
    note = (
        "Pages with nested inline markup around and within words and numbers, lists, tables, advertisements between"
        " paragraphs. trafilatura.extract(page) with its defaults, which keep tables and the text of links; and with"
        " favor_recall=True, include_comments=False."
    )
    return [
        Table("Paragraphs that come back whole", tuple(Share(r.name, r.whole, r.paragraphs) for r in found), note),
        Table("Words that come back, in order", tuple(Share(r.name, r.words_back, r.words) for r in found)),
        Table("Numbers that come back, in order", tuple(Share(r.name, r.numbers_back, r.numbers) for r in found)),
        Table(
            "Numbers with a raised reference mark that stay what they are",
            tuple(Share(r.name, r.marked_back, r.marked) for r in found),
            "13.3 with the raised mark 2 is not 13.32.",
        ),
        Table("Words printed that are the article's", tuple(Share(r.name, r.words_back, r.words_out) for r in found)),
        Table("Lines around the article that got in", tuple(Share(r.name, r.around_kept, r.around) for r in found)),
        Table(
            "Labelled results on their trial, read from the text that came back",
            tuple(Share(r.name, r.rows_back, r.rows) for r in found),
            "By the same rules; from the articles as they are it is the figure of the section `damage`.",
        ),
    ]
