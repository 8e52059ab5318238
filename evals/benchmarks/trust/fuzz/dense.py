"""Dense texts: one token over and over, in every format. What costs the square of a length shows itself here."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from summarizer.article import Article
from summarizer.errors import SummarizerError
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.loading import article_from_html, article_from_markdown, article_from_text
from summarizer.pipeline import summarize_article

from ..figures import NONE, Share, Table
from ..material import Material

MOST_SECONDS = 1.0
"""Seconds of processor time that 100 kB may take."""
LENGTH = 40_000
"""Characters of each: enough to show the square, where there is one."""
PATIENCE = 30
"""Seconds after which a text is given up."""
SLOWEST = 8
"""Texts that the table's note names."""

_RESULT = "median PFS was 13.3 months with A vs 8.2 months with B (HR, 0.62; 95% CI, 0.50-0.77; P <.001). "
TEXTS = (
    *(
        "HR 0.5 ",
        "1.1 ",
        "5% ",
        "0.5,",
        "1,",
        "1.2 vs ",
        "1-2 ",
        "(1-2) ",
        "3 months ",
        "P = .01 ",
        "(n = 12) ",
        "5 of 9 ",
    ),
    *(
        "95% CI ",
        "37.0% (95% CI, 19.4-57.6) ",
        "(HR, 0.62; 95% CI, 0.50-0.77; P <.001) ",
        _RESULT,
        _RESULT.replace(". ", ", "),
    ),
    *("A-mab vs placebo 3.1 vs 2.2 months ", "ORR 41% ", "not reached ", "grade 3 ", "12 patients ", "1 or 2 ", "HR: "),
    *("The ORCHARD-12 trial. ", "ORCHARD-12 ", "AB-1 ", "NCT00000000 ", "this trial ", "the study ", "phase 3 ", "II "),
    *("pembrolizumab ", "pembrolizumab plus ", "non-small cell lung cancer ", "hazard ratio (HR) ", "Aaa Bbb (AB) "),
    *("in patients with ", "in patients with KRAS mutation, ", "treated with A and B ", "randomized 2:1 to A or B "),
    *(
        "FDA approved ",
        "June 5, 2024 ",
        "ASCO 2024 ",
        "Acme Inc. ",
        "Data presented at the\n\n",
        "Data presented at the ",
    ),
    *("A", "a", "1", "A. ", "Aa ", "the ", "ABC ", "a-b-", "e\u0301", "\U0001f600", "\u202ea", "\u00a0a", "  a"),
    *(
        "(",
        "[",
        "(a ",
        "a) ",
        "1) ",
        "[1] ",
        "a1 ",
        "|",
        ".",
        ",",
        ";",
        "-",
        "/",
        ":",
        '"',
        "&amp;",
        " vs ",
        "and ",
        "PFS ",
    ),
    *("a\n", "a\n\n", "- a\n", "# a\n", "| 1 | 2 |\n", "1. a\n", "a:\n", "Of 5 patients, 2 (40%) responded. "),
)
"""Tokens of plain text."""
PAGES = (
    *(
        "<p>a",
        "<div>",
        "<b>",
        "<a href=x>a",
        "<table><tr><td>1",
        "<ul><li>a",
        "<!--",
        "<p",
        "&",
        "&lt;",
        "<sup>1",
        "<br>",
    ),
    *("<script>a</script>", "<x-y>a", "<svg>", "<p title='", "<h1>a", "</p>", "<td>1</td>", "<select>"),
)
"""Tokens of pages."""
MARKDOWN = (
    *(
        "*",
        "_a_",
        "**a",
        "[",
        "![",
        "[a](b",
        "[a][",
        "> ",
        "- ",
        "  - a\n",
        "`",
        "``` ",
        "<a>",
        "<",
        "&amp;",
        "| a | b |\n",
    ),
    *("# a\n", "a\n===\n", "\\", "[a]: b\n", "1. ", "~~a~~", "<!--", "*a **b "),
)
"""Tokens of Markdown."""
KINDS: tuple[tuple[str, tuple[str, ...], Callable[[str], Article]], ...] = (
    ("text", TEXTS, article_from_text),
    ("pages", PAGES, article_from_html),
    ("Markdown", MARKDOWN, article_from_markdown),
)


def dense_table(material: Material) -> tuple[Table, list[str]]:
    """Dense texts that take too long, and ordinary articles in a row beside them."""
    rates: dict[str, dict[str, float]] = {}
    ordinary = "\n\n".join(specimen.article.text for specimen in material.specimens)[:LENGTH]
    seconds_of(ordinary, article_from_text)  # tables and dictionaries are read once
    usual = seconds_of(ordinary, article_from_text)
    for kind, tokens, load in KINDS:
        for token in tokens[: material.limit]:
            rates.setdefault(kind, {})[f"{token[:40]!r} as {kind}"] = seconds_of(_repeated(token), load)
    all_rates = {name: rate for found in rates.values() for name, rate in found.items()}
    slow = sorted(all_rates, key=lambda name: -all_rates[name])
    rows = [Share(kind, sum(map(_is_slow, found.values())), len(found), NONE) for kind, found in rates.items()]
    rows.append(Share("all", sum(map(_is_slow, all_rates.values())), len(all_rates), NONE))
    shown = "; ".join(f"{name} {all_rates[name]:.2f}" for name in slow[:SLOWEST])
    note = f"Seconds a 100 kB: articles in a row {usual:.2f}; slowest: {shown}."
    told = [f"dense: {name}: {all_rates[name]:.2f} s a 100 kB" for name in slow if _is_slow(all_rates[name])]
    return Table("One token over and over: slower than 1 s a 100 kB", tuple(rows), note), told


def _is_slow(rate: float) -> bool:
    return rate > MOST_SECONDS


def _repeated(token: str) -> str:
    return (token * (LENGTH // len(token) + 1))[:LENGTH]


def seconds_of(source: str, load: Callable[[str], Article]) -> float:
    """Seconds of processor time a 100 kB for the whole way from a source to its summary; `PATIENCE` when given up."""
    started = time.process_time()
    try:
        with _given_up_after(PATIENCE):
            summarize_article(load(source), RulesExtractor(), reason="fuzzing")
    except SummarizerError:
        pass  # there is no text in it, which is an answer too
    except TimeoutError:
        return float(PATIENCE)
    return (time.process_time() - started) * 100_000 / len(source)


@contextmanager
def _given_up_after(seconds: int) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
