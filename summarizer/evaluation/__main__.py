"""A scorer for development: ``python -m summarizer.evaluation DIR [-v CASE]``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console

from summarizer.schemas import Summary

from .cases import load_cases
from .engines import choose_engine
from .render import render_leaves, render_report
from .report import build_report, score_outcome
from .runner import Engine, EngineId, run_cases

if TYPE_CHECKING:
    from summarizer.article import Article


def main() -> int:
    """Score an engine, or saved summaries, on a folder of cases."""
    parser = argparse.ArgumentParser(prog="python -m summarizer.evaluation", description=main.__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="folder of case folders; default: the built-in cases")
    parser.add_argument(
        "-v", "--verbose", metavar="CASE", action="append", default=[], help="list wrong leaves; or: all"
    )
    parser.add_argument("--field", help="with -v: only this field")
    parser.add_argument("--engine", help="engine to score; default: as the settings say")
    parser.add_argument("--predictions", type=Path, metavar="DIR", help="score DIR/<case>.json instead of an engine")
    options = parser.parse_args()
    engine, identity = _load_engine(options.engine, options.predictions)
    scored = [score_outcome(outcome) for outcome in run_cases(load_cases(options.folder), engine, identity)]
    console = Console(width=None if Console().is_terminal else 160)
    console.print(render_report(build_report(scored, identity, np.random.default_rng(0)), with_cases=True))
    for each in scored:
        if {each.outcome.case.name, "all"} & set(options.verbose):
            console.print(render_leaves(each, options.field))
    return 0


def _load_engine(name: str | None, predictions: Path | None) -> tuple[Engine, EngineId]:
    if predictions is None:
        engine, identity, _ = choose_engine(name)
        return engine, identity

    def read(article: Article) -> Summary:
        return Summary.model_validate_json((predictions / f"{article.name}.json").read_bytes())

    return read, EngineId(engine="saved summaries")


if __name__ == "__main__":
    raise SystemExit(main())
