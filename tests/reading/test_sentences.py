"""Sentences and blocks: exact offsets, a partition of the text, and the habits of the medical press."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.reading.sentences import Block, BlockKind, Sentence, read_blocks, read_sentences

BENCHMARKS = Path(__file__).parents[2] / "evals" / "benchmarks"
MARK = "‖"
KNOWN_MISSES = {"Yahoo! Finance carried the news."}
"""A name with an exclamation mark: no rule that would spare it is worth its price."""


def sentences_of(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in read_sentences(text)[1]]


def kinds_of(text: str) -> dict[str, BlockKind]:
    return {text[block.start : block.end]: block.kind for block in read_blocks(text)}


def marked_rows(name: str) -> list[str]:
    rows = map(json.loads, (BENCHMARKS / name).read_text(encoding="utf-8").splitlines())
    return [row["marked"] for row in rows]


def marked_lines() -> list[tuple[str, list[dict[str, str]]]]:
    path = BENCHMARKS / "sentences_articles.jsonl"
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(row["name"], row["lines"]) for row in rows]


def check_partition(text: str) -> tuple[list[Block], list[Sentence]]:
    """Everything but whitespace stands in exactly one sentence, and no sentence leaves its block."""
    blocks, sentences = read_sentences(text)
    position = 0
    for number, sentence in enumerate(sentences):
        assert sentence.number == number
        assert position <= sentence.start < sentence.end
        assert not text[position : sentence.start].strip()
        assert text[sentence.start : sentence.end] == text[sentence.start : sentence.end].strip()
        block = blocks[sentence.block]
        assert block.start <= sentence.start
        assert sentence.end <= block.end
        assert sentence.kind is block.kind
        position = sentence.end
    assert not text[position:].strip()
    position = 0
    for index, block in enumerate(blocks):
        assert not text[position : block.start].strip()
        assert any(sentence.block == index for sentence in sentences)
        position = block.end
    return blocks, sentences


# ------------------------------------------------------------------------------------------ hand-split text


@pytest.mark.parametrize("marked", marked_rows("sentences.jsonl") + marked_rows("sentences_fresh.jsonl"))
def test_tricky_passages(marked: str) -> None:
    text = marked.replace(MARK, "")
    check_partition(text)
    if not any(text.startswith(miss) for miss in KNOWN_MISSES):
        assert sentences_of(text) == [part.strip() for part in marked.split(MARK)]


@pytest.mark.parametrize(("name", "lines"), marked_lines())
def test_articles(name: str, lines: list[dict[str, str]]) -> None:
    text = "\n\n".join(line["marked"].replace(MARK, "") for line in lines)
    blocks, sentences = check_partition(text)
    wrong = []
    for index, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        if line["kind"] == "OTHER":
            continue
        found = [text[s.start : s.end] for s in sentences if s.block == index]
        if found != [part.strip() for part in line["marked"].split(MARK)] or block.kind != line["kind"]:
            wrong.append((block.kind, line))
    assert not wrong


WRAPPED_RESULTS = (
    "Kestrafenib lengthened progression-free survival in the phase 3 study. Medians were 11.4 months with the"
    " drug and 7.9 months with placebo (HR, 0.58; 95% CI, 0.44-0.76; P <.001), and the difference held in"
    " women, in patients older than 65 and in those with liver metastases."
)
WRAPPED_SAFETY = (
    "Follow-up was 18.2 months. Rash (22% vs. 9%) and nausea (14% vs. 3%) led the list of side effects, said"
    " J. K. Miller, MD, who presented the data; few patients had to stop treatment because of them."
)


@pytest.mark.parametrize("width", [66, 72, 80])
def test_a_hard_wrapped_article_reads_like_the_unwrapped_one(width: int) -> None:
    paragraphs = [WRAPPED_RESULTS, WRAPPED_SAFETY]
    plain = "\n\n".join(paragraphs)
    wrapped = "\n\n".join(textwrap.fill(part, width, break_on_hyphens=False) for part in paragraphs)
    blocks, _ = check_partition(wrapped)
    assert [block.kind for block in blocks] == [BlockKind.PROSE, BlockKind.PROSE]
    assert [" ".join(sentence.split()) for sentence in sentences_of(wrapped)] == sentences_of(plain)


# ------------------------------------------------------------------------------------------------ sentences


def test_a_reference_number_belongs_to_the_sentence_that_it_ends() -> None:
    text = "Resistance followed checkpoint inhibitor therapy.1"
    assert sentences_of(text) == [text]
    assert sentences_of("It met the estimand.2 The rest did not.") == [
        "It met the estimand.2",
        "The rest did not.",
    ]


def test_decimals_are_no_reference_numbers() -> None:
    assert len(sentences_of("The ratio was HR.62 P <.001 in V2.1 software.")) == 1
    assert len(sentences_of("CLDN18.2 The target of the antibody.")) == 1


def test_table_rows_and_references_stay_whole() -> None:
    text = "References\n1. Okafor A, et al. J Med. Online. 2027.\n2. Company news release. May 4, 2027."
    assert sentences_of(text) == text.split("\n")


def test_a_title_is_not_split_after_an_abbreviation() -> None:
    text = "Tarnwood Doses First U.S. Patient in Trial of Kestrafenib"
    assert sentences_of(text) == [text]


def test_domain_words_are_no_abbreviations() -> None:
    text = "He had breast cancer. Metastases were found. The side effect was rash. Diarrhea was next."
    assert len(sentences_of(text)) == 4


def test_a_long_paragraph_is_split_like_its_parts() -> None:
    passage = "The drug was given i.v. in the U.S. Food was allowed, said J. K. Miller, MD. It was safe.1 "
    text = (passage * 400).strip()
    once = sentences_of(passage.strip())
    assert sentences_of(text) == once * 400


# --------------------------------------------------------------------------------------------------- blocks


@pytest.mark.parametrize(
    "text",
    ["Data presented at the", "A", "The", "Additionally, results from the", "in patients with prior therapy"],
)
def test_a_cut_sentence_is_prose_not_a_heading(text: str) -> None:
    article = f"Drug Wins\n\nThe trial was positive, the company said.\n\n{text}\n\nThe rest is known to all."
    assert kinds_of(article)[text] is BlockKind.PROSE


@pytest.mark.parametrize(
    "text",
    [
        "Safety",
        "What Comes Next",
        "Where the data come from",
        "Which comparator?",
        "About Tarnwood Inc.",
        "LUMENA-2: an inhibitor is not an option",
        "1. LUMENA-2: dorvalimab outpaces chemotherapy",
        "## Results",
        "Key findings:",
    ],
)
def test_headings(text: str) -> None:
    article = f"Drug Wins\n\nThe trial was positive, the company said.\n\n{text}\n\nThe rest is known to all."
    assert kinds_of(article)[text] is BlockKind.HEADING


@pytest.mark.parametrize(
    "text",
    [
        "Advertisement",
        "Read more: what is a mutation?",
        "Share:  Facebook  |  X  |  Email",
        "Follow us on X",
        "###",
        "By a Staff Writer | April 29, 2027",
        "April 29, 2027",
        "(continued on page 4)",
        "NE = not estimable",
        "NE, not estimable; OS, overall survival; PFS, progression-free survival.",
        "Figure 2. Overall survival. The curves cross.",
        "https://example.com/press",
        "Media contact: J. Doe",
        "Sign up for our newsletter   |   Terms &amp; privacy",
    ],
)
def test_page_furniture(text: str) -> None:
    article = f"Drug Wins\n\nThe trial was positive, the company said.\n\n{text}\n\nThe rest is known to all."
    assert kinds_of(article)[text] is BlockKind.OTHER


def test_list_items() -> None:
    text = (
        "It will take in:\n\n• up to 80 adults\n\n- with solid tumors\n\n1. first item\n\n2. second item\n\n"
        "Results followed.\n\n12 months: 97.7% vs 96.9%\n24 months: 94.6% vs 92.3%\n\nSafety\n\nAll is well."
    )
    kinds = kinds_of(text)
    assert [line for line, kind in kinds.items() if kind is BlockKind.LIST_ITEM] == [
        "• up to 80 adults",
        "- with solid tumors",
        "1. first item",
        "2. second item",
        "12 months: 97.7% vs 96.9%",
        "24 months: 94.6% vs 92.3%",
    ]
    assert kinds["Safety"] is BlockKind.HEADING


def test_a_list_that_lost_its_bullets() -> None:
    text = "The endpoints were:\n\noverall survival;\n\nresponse; and\n\nsafety.\n\nResults\n\nAll were met."
    kinds = list(kinds_of(text).values())
    assert kinds == [
        BlockKind.PROSE,
        *[BlockKind.LIST_ITEM] * 3,
        BlockKind.HEADING,
        BlockKind.PROSE,
    ]


CELLS = [
    "Endpoint",
    "Drug (n = 305)",
    "Placebo (n = 305)",
    "Median OS, months",
    "13.9 [95% CI 12.0 to 16.8]",
    "NR",
]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_flattened_table_without_the_heading_above_it(gap: str) -> None:
    cells = [*CELLS, "ORR", "40.2%", "20.1% (n=61)"]
    text = gap.join(["It was shown in Berlin.", "Final analysis", *cells, "Safety", "Nobody died of the drug."])
    kinds = kinds_of(text)
    assert [line for line, kind in kinds.items() if kind is BlockKind.TABLE_ROW] == cells
    assert kinds["Final analysis"] is BlockKind.HEADING


@pytest.mark.parametrize("bar", [" | ", "\t"])
def test_table_rows(bar: str) -> None:
    rows = [bar.join(row) for row in (["Endpoint", "Drug", "Placebo"], ["OS", "13.9", "11.1"], ["ORR", "40%", "20%"])]
    kinds = kinds_of("It was shown in Berlin.\n\n" + "\n".join(rows) + "\n\nNobody died of the drug.")
    assert [line for line, kind in kinds.items() if kind is BlockKind.TABLE_ROW] == rows


# ----------------------------------------------------------------------------------------------- properties

WORDS = ["the ", "The ", "U.S. ", "vs. ", "mRNA ", "J. ", "et al. ", "i.v. ", "therapy", "A", "References\n"]
FIGURES = ["P <.001", "12.3", "%", "0·62 ", "1. ", ".1 "]
MARKS = [". ", ".", "? ", "”", "“", '"', "(", ") ", "• ", " | ", "…", "... ", ":", ";", "- ", "&lt; "]
SPACES = ["\n", "\n\n", "\r\n", "\u2028", "\t", "\u200b", "   "]
LONG = ["www.example.com ", "😀", "word " * 30, "x" * 300]
PIECES = st.sampled_from(WORDS + FIGURES + MARKS + SPACES + LONG)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_sentences_partition_text_made_of_tricky_pieces(text: str) -> None:
    check_partition(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_sentences_partition_any_text(text: str) -> None:
    check_partition(text)


@settings(max_examples=20, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join))
def test_long_text_is_partitioned_too(text: str) -> None:
    check_partition(text * (12_000 // len(text) + 1))


def test_nothing_gives_nothing() -> None:
    assert read_sentences("") == ([], [])
    assert read_sentences(" \n\t\n") == ([], [])


# ------------------------------------------------------------------------------------------------------ cost

HOSTILE = {
    "dots": ".",
    "abbreviations": "a. ",
    "questions": "?!",
    "spaced questions": "? ! ",
    "closers": ".)",
    "no space": "x",
    "spaces after a stop": "a." + " " * 500,
    "quotes": "“A. B ",
    "lost spaces": "abc.The ",
    "references": "ab.1 A ",
    "lines": "a\n",
    "rows": "a|1\n",
    "cells": "ab\n1.2\n1.3\n",
    "bullets": "• a\n",
    "colons": "a:\nb\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            read_sentences(text)
            best = min(best, time.process_time() - began)
        return best

    small = seconds(30_000)
    assert seconds(120_000) < 10 * small + 0.05  # four times the text; quadratic would be sixteen


def test_one_long_line_without_spaces() -> None:
    began = time.process_time()
    assert len(read_sentences("x" * 10_000_000)[1]) == 1
    assert time.process_time() - began < 5


def test_the_splitter_is_loaded_by_the_first_text_only() -> None:
    code = "import sys, summarizer.reading.sentences; assert 'nupunkt' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
