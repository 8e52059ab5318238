"""Tokens of the records contract beside those of a plain one-shot extraction of the same records.

For each case the records that the rules engine reads are written down twice: as the plain extraction's model would have
to write them (the full record schema, empty fields left out), and as the contract's answer that leads to them. Input
is the messages and the schema of the answer, for both. So the two sides say the same, whatever a model makes of it.

Targets: output at most 0.4 of the plain one's, input at most 1.3.

Usage: ``python evals/benchmarks/tokens.py [CASES] [--tokenizer URL]``; the URL is that of a llama.cpp server, whose
tokenizer then counts; without one, tokens are estimated from characters.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2

sys.path.insert(0, str(Path(__file__).parents[2]))

from evals.benchmarks.plain_extraction import INSTRUCTION, PlainRecords
from summarizer.evaluation.cases import find_builtin_cases, load_cases
from summarizer.extraction.llm.contracts.numbering import Numbering
from summarizer.extraction.llm.contracts.passages import Passage
from summarizer.extraction.llm.contracts.records import passage_request
from summarizer.extraction.llm.storing.prices import estimate_tokens
from summarizer.pipeline import summarize
from summarizer.reading.reader import read
from summarizer.schemas import ModelAnswer, write_answer
from tests.support.liar import right_answer

Counter = Callable[[str], int]
MOST_OUTPUT, MOST_INPUT = 0.4, 1.3


def tokenizer_at(url: str) -> Counter:
    """Counts with the tokenizer of a llama.cpp server."""

    def count(text: str) -> int:
        reply = httpx2.post(f"{url.rstrip('/')}/tokenize", json={"content": text})
        return len(reply.raise_for_status().json()["tokens"])

    return count


def main() -> int:
    """Print the tokens of every case and the ratios of the sums."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("cases", type=Path, nargs="?", help="folder of case folders; default: the built-in cases")
    parser.add_argument("--tokenizer", help="address of a llama.cpp server")
    options = parser.parse_args()
    count = tokenizer_at(options.tokenizer) if options.tokenizer else estimate_tokens
    plain_schema = count(json.dumps(PlainRecords.model_json_schema()))
    wire_schema = count(json.dumps(ModelAnswer.model_json_schema()))
    sums = [0, 0, 0, 0]
    print(f"schemas: plain {plain_schema}, contract {wire_schema}")
    print(f"{'case':34}{'plain in':>10}{'in':>8}{'plain out':>11}{'out':>8}")
    for case in load_cases(options.cases or find_builtin_cases()):
        article = case.load_article()
        reading = read(article)
        summary = summarize(article, engine="rules")
        records = PlainRecords(
            trials=summary.trials,
            unattributed_results=summary.unattributed_results,
            truncations=summary.truncations,
        )
        request = passage_request(Numbering(reading), Passage(0, len(reading.sentences)))
        row = [
            plain_schema + count(INSTRUCTION) + count(article.text),
            wire_schema + sum(count(message.content) for message in request.messages),
            count(records.model_dump_json(exclude_defaults=True)),
            count(write_answer(right_answer(reading))),
        ]
        sums = [total + value for total, value in zip(sums, row, strict=True)]
        print(f"{case.name:34}{row[0]:10}{row[1]:8}{row[2]:11}{row[3]:8}")
    read_ratio, written_ratio = sums[1] / sums[0], sums[3] / sums[2]
    print(f"input {read_ratio:.2f} of plain (at most {MOST_INPUT}), output {written_ratio:.2f} (at most {MOST_OUTPUT})")
    return int(read_ratio > MOST_INPUT or written_ratio > MOST_OUTPUT)


if __name__ == "__main__":
    raise SystemExit(main())
