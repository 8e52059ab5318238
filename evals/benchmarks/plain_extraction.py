"""What people would do without us: one plain instructor call with the full record schema, scored like an engine.

The comparison that the model engine has to win, on the same model and the same articles: a short instruction, the
article, and the public record schema as the response model, as instructor's documentation shows it. Tokens are printed
beside the figures. The answer has no evidence, so nothing in it is grounded.

Usage: ``python evals/benchmarks/plain_extraction.py CASES --model NAME [--base-url URL] [--resume FILE] [--json FILE]``

The key is read from ``OPENAI_API_KEY``. Without ``--model`` the script says so and ends: `make bench` needs no model.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import metadata
from pathlib import Path

import numpy as np
from pydantic import BaseModel, Field
from rich.console import Console

from summarizer.article import Article
from summarizer.evaluation.cases import find_builtin_cases, load_cases
from summarizer.evaluation.render import render_report
from summarizer.evaluation.report import build_report, dump_report, score_outcome
from summarizer.evaluation.runner import Engine, EngineId, run_cases
from summarizer.schemas import Result, Run, Source, Summary, Tokens, TrialRecord, Truncation

INSTRUCTION = (
    "Extract every clinical trial that the article reports on, with all of its reported results, into the given "
    "schema. Use only what the article states. Results whose trial the article does not tell go to "
    "unattributed_results; passages whose text is visibly cut off go to truncations."
)
LONGEST_ANSWER = 3000
"""Output tokens: the longest label of the cases needs fewer; a small model that repeats itself is stopped here."""


class PlainRecords(BaseModel):
    """The whole record of an article, as a model would have to write it."""

    trials: list[TrialRecord] = Field(default_factory=list[TrialRecord])
    unattributed_results: list[Result] = Field(default_factory=list[Result])
    truncations: list[Truncation] = Field(default_factory=list[Truncation])


def make_plain_engine(model: str, base_url: str | None, mode: str, longest_answer: int) -> Engine:
    """The engine that a plain instructor call is."""
    import instructor  # noqa: PLC0415 - heavy, and not needed to say that there is no model
    from openai import OpenAI  # noqa: PLC0415 - same

    endpoint = OpenAI(base_url=base_url, timeout=1800, max_retries=0)
    client = instructor.from_openai(endpoint, mode=instructor.Mode[mode])

    def extract(article: Article) -> Summary:
        started = time.perf_counter()
        records, answer = client.chat.completions.create_with_completion(
            model=model,
            response_model=PlainRecords,
            messages=[{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": article.text}],
            temperature=0,
            max_tokens=longest_answer,
            max_retries=0,
        )
        usage = answer.usage
        print(f"{article.name}: {usage.prompt_tokens} in, {usage.completion_tokens} out", file=sys.stderr, flush=True)
        return Summary(
            source=Source(name=article.name, sha256=article.sha256, characters=article.characters),
            trials=records.trials,
            unattributed_results=records.unattributed_results,
            truncations=records.truncations,
            run=Run(
                engine="plain",
                engine_reason="benchmark",
                model=model,
                tokens=Tokens(input=usage.prompt_tokens, output=usage.completion_tokens),
                seconds=time.perf_counter() - started,
            ),
        )

    return extract


def main() -> int:
    """Run the plain extraction over cases and print its figures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("cases", type=Path, nargs="?", help="folder of case folders; default: the built-in cases")
    parser.add_argument("--model", help="model name of an OpenAI-compatible endpoint")
    parser.add_argument("--base-url", help="its address; default: OpenAI's own")
    parser.add_argument("--mode", default="TOOLS", choices=["TOOLS", "JSON", "JSON_SCHEMA"], help="of instructor")
    parser.add_argument("--resume", type=Path, help="append answers here, and go on from what it holds")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--longest-answer", type=int, default=LONGEST_ANSWER, help="output tokens")
    options = parser.parse_args()
    if options.model is None:
        print("plain extraction: no --model, nothing to measure")
        return 0
    identity = EngineId(
        engine="plain", model=options.model, prompt=options.mode, program_version=metadata.version("instructor")
    )
    engine = make_plain_engine(options.model, options.base_url, options.mode, options.longest_answer)
    cases = load_cases(options.cases or find_builtin_cases())
    outcomes = []
    for outcome in run_cases(cases, engine, identity, ledger=options.resume):
        said = outcome.prediction.error or "answered"
        print(f"{outcome.case.name}: {outcome.prediction.seconds:.0f} s, {said[:200]}", file=sys.stderr, flush=True)
        outcomes.append(score_outcome(outcome))
    report = build_report(outcomes, identity, np.random.default_rng(0))
    Console(width=None if Console().is_terminal else 160).print(render_report(report, with_cases=True))
    if options.json:
        options.json.write_text(dump_report(report), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
