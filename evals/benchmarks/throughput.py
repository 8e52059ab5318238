"""Measure text -> Summary with the rules engine: articles a second on one core, and time against length.

1. Articles a second over the cases of ``evals/cases`` (median of several rounds, everything warm), and the
   milliseconds that each stage takes of an average article.
2. Microseconds a character at growing lengths, for articles repeated and for text made to be slow. Growth is
   linear when a character costs at 1 MB at most twice what it costs at 100 kB; what costs more is marked.

Usage: ``python evals/benchmarks/throughput.py [--rounds N] [--lengths 10000,100000,1000000] [--only NAME]``
"""

from __future__ import annotations

import argparse
import gc
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import ParamSpec, TypeVar

from summarizer.article import Article
from summarizer.checks import run_checks
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.grounding import ground
from summarizer.loading import article_from_text, load_article
from summarizer.pipeline import summarize_article
from summarizer.reading import reader

P = ParamSpec("P")
T = TypeVar("T")

CASES = Path(__file__).parents[1] / "cases"
ROUNDS = 5
LENGTHS = (10_000, 100_000, 1_000_000)
LIMIT = 2.0
"""What a character may cost at the greatest length, relative to the length before it."""
PATIENCE = 60
"""Seconds after which a text is given up, and greater lengths are not tried."""

HOSTILE = {
    "numbers without a unit": "0.5 events per patient-year, " + "1.1, " * 18,
    "numbers as names": "123 (NCT ",
    "open brackets": "(",
    "decimals": "1.1 ",
    "interval labels": "95% CI ",
    "hazard ratios": "HR 0.5 ",
    "initials": "A. ",
    "articles (the)": "the ",
    "lone letters, one a line": "a\n",
    "one word": "a",
    "registry numbers": "NCT00000000 ",
}


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds over the cases")
    parser.add_argument("--lengths", default=",".join(map(str, LENGTHS)), help="characters, comma-separated")
    parser.add_argument("--only", default="", help="only the texts whose name holds this")
    options = parser.parse_args()
    articles = [load_article(path) for path in sorted(CASES.glob("*/article.*"))]
    for article in articles:  # warm: dictionaries, patterns, caches
        _whole(article)
    print_throughput(articles, options.rounds)
    print_stages(articles, options.rounds)
    print_growth(articles, [int(length) for length in options.lengths.split(",")], options.only)


def print_throughput(articles: list[Article], rounds: int) -> None:
    seconds = [sum(timed(partial(_whole, article)) for article in articles) for _ in range(rounds)]
    rate = len(articles) / statistics.median(seconds)
    characters = statistics.mean(article.characters for article in articles)
    print(f"{len(articles)} articles of {characters:,.0f} characters on average, median of {rounds} rounds:")
    print(f"  {rate:,.0f} articles/s on one core, {1000 / rate:.2f} ms each\n")


def print_stages(articles: list[Article], rounds: int) -> None:
    print("stage                     ms/article")
    samples: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, seconds in stage_seconds(articles).items():
            samples.setdefault(name, []).append(seconds)
    for name, taken in samples.items():
        print(f"{name:25} {1000 * statistics.median(taken) / len(articles):9.3f}")
    print()


def stage_seconds(articles: list[Article]) -> dict[str, float]:
    """Seconds of each stage over all articles; what is indented is a part of reading."""
    spent: dict[str, float] = {}
    extractor = RulesExtractor()
    for article in articles:
        with _clock(spent, "read"):
            reading = reader.read(article)
        with _clock(spent, "extract"):
            draft = extractor.extract(reading)
        with _clock(spent, "ground"):
            ground(reading, draft)
        summary = summarize_article(article, extractor, reason="benchmark")
        with _clock(spent, "check"):
            run_checks(summary, reading)
    spent.update(_parts_of_reading(articles))
    return spent


def _parts_of_reading(articles: list[Article]) -> dict[str, float]:
    """Seconds of every function that the reader calls, slowest first; the clock itself costs little."""
    spent: dict[str, float] = {}
    own = {
        name: value
        for name, value in vars(reader).items()
        if isinstance(value, FunctionType) and value.__module__ != reader.__name__
    }
    for name, function in own.items():
        setattr(reader, name, _clocked(spent, f"  {name}", function))
    try:
        for article in articles:
            reader.read(article)
    finally:
        for name, function in own.items():
            setattr(reader, name, function)
    return dict(sorted(spent.items(), key=lambda item: -item[1]))


def _clocked(spent: dict[str, float], name: str, function: Callable[P, T]) -> Callable[P, T]:
    def call(*args: P.args, **options: P.kwargs) -> T:
        with _clock(spent, name):
            return function(*args, **options)

    return call


@contextmanager
def _clock(spent: dict[str, float], name: str) -> Iterator[None]:
    began = time.process_time()
    yield
    spent[name] = spent.get(name, 0.0) + time.process_time() - began


def print_growth(articles: list[Article], lengths: list[int], only: str) -> None:
    joined = "\n\n".join(article.text for article in articles) + "\n\n"
    texts = {"articles repeated": joined, "one long paragraph": joined.replace("\n", " "), **HOSTILE}
    print(
        "microseconds a character" + " " * 4 + "".join(f"{length // 1000:>10} kB" for length in lengths) + "   growth"
    )
    for name, unit in texts.items():
        if only not in name:
            continue
        costs: list[float] = []
        for length in lengths:
            text = (unit * (length // len(unit) + 1))[:length]
            try:
                with time_limit(PATIENCE):
                    seconds = timed(partial(_whole, article_from_text(text)))
            except TimeoutError:
                break
            costs.append(1e6 * seconds / length)
        growth = costs[-1] / costs[-2] if len(costs) > 1 else 1.0
        gave_up = f"   more than {PATIENCE} s" if len(costs) < len(lengths) else ""
        verdict = "  NOT LINEAR" if growth > LIMIT or gave_up else ""
        print(
            f"{name:28}" + "".join(f"{cost:13.2f}" for cost in costs) + f"{gave_up}   {growth:.2f}{verdict}",
            flush=True,
        )


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in the work within when it takes longer."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def timed(work: Callable[[], object]) -> float:
    """Seconds of CPU, which other programs on the machine don't change."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def _whole(article: Article) -> object:
    return summarize_article(article, RulesExtractor(), reason="benchmark")


if __name__ == "__main__":
    main()
