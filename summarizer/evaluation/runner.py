"""Run an engine over cases, one by one or side by side, with a ledger from which an interrupted run goes on.

The ledger is a JSON Lines file: one line per finished case, appended and synced before the next case counts
as done, so that an interrupted run loses at most the calls that were under way. A line is used again only
for the same article, engine, model, prompt, schema and program version. It holds the summary, not the
score: a corrected label is scored again without calling the engine again, so the digest of the gold file is
written down but is no part of the key.

Why not a runner of others: Inspect and pydantic-evals bring their own model clients, logs and retry rules
for prompts and answers. Here the thing under test is a function from an article to a summary that already
does all of that; what is left is a loop and a file.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from summarizer.article import Article
from summarizer.schemas import SCHEMA_VERSION, Summary

if TYPE_CHECKING:
    from pathlib import Path

    from .cases import Case
from .jsonvalue import Json

Engine: TypeAlias = Callable[[Article], Summary]
"""What is evaluated."""

LEDGER_FORMAT: Final = 1
"""Moves when a line of the ledger changes its meaning."""


class EngineId(BaseModel):
    """What must be the same for an answer to be used again."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    engine: str
    """``rules``, ``llm``, or any name of a caller's own engine."""
    model: str | None = None
    """Model name; None for an engine without one."""
    prompt: str | None = None
    """Fingerprint of the prompt and response schema; None for an engine without one."""
    program_version: str | None = None
    """Version of the program."""
    schema_version: str = SCHEMA_VERSION
    """Version of the summary's shape."""


class Prediction(BaseModel):
    """What an engine made of a case; one line of the ledger."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    format: int = LEDGER_FORMAT
    """Format of the line."""
    case: str
    """Name of the case."""
    article_sha256: str
    """SHA-256 of the article file."""
    gold_sha256: str | None
    """SHA-256 of the gold file when the line was written; not part of the key."""
    engine: EngineId
    """Who answered."""
    summary: Summary | None
    """The answer; None when the engine failed."""
    error: str | None = None
    """What went wrong, in one line; None when nothing did."""
    seconds: float
    """Wall time of the call."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with its article and prediction."""

    case: Case
    """The case."""
    article: Article | None
    """Its article; None when it could not be loaded."""
    prediction: Prediction
    """What the engine made of it."""
    resumed: bool
    """True when the prediction was read from the ledger."""


def run_cases(
    cases: Sequence[Case],
    engine: Engine,
    identity: EngineId,
    *,
    ledger: Path | None = None,
    concurrency: int = 1,
) -> Iterator[Outcome]:
    """Run an engine over cases; what the ledger already holds is not run again.

    An engine that raises gives a prediction without a summary, and the run goes on; such a case is tried
    again when the run is resumed.

    Args:
        cases: The cases.
        engine: What to evaluate; called from several threads when ``concurrency`` is above 1.
        identity: Who it is, for the ledger.
        ledger: File to append to and to resume from; it is made when missing.
        concurrency: Calls at the same time.

    Yields:
        Outcomes in the order of the cases when one runs at a time, else as they are done.
    """
    done = {prediction.case: prediction for prediction in read_ledger(ledger, identity)} if ledger else {}
    waiting: list[Case] = []
    for case in cases:
        found = done.get(case.name)
        if found is None or found.summary is None or found.article_sha256 != case.article_sha256:
            waiting.append(case)
            continue
        yield Outcome(case, case.load_article(), found, resumed=True)
    for outcome in _run_waiting(waiting, engine, identity, concurrency):
        if ledger is not None:
            _append(ledger, outcome.prediction)
        yield outcome


def _run_waiting(cases: Sequence[Case], engine: Engine, identity: EngineId, concurrency: int) -> Iterator[Outcome]:
    if concurrency <= 1:
        for case in cases:
            yield _run_case(case, engine, identity)
        return
    rest = iter(cases)
    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        running: set[Future[Outcome]] = set()
        try:
            while True:
                # Only as many as can run are handed over, so that a stopped run has no queue of paid calls
                # behind it.
                while len(running) < concurrency and (following := next(rest, None)) is not None:
                    running.add(pool.submit(_run_case, following, engine, identity))
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        finally:
            for future in running:
                future.cancel()


def _run_case(case: Case, engine: Engine, identity: EngineId) -> Outcome:
    article: Article | None = None
    summary: Summary | None = None
    error: str | None = None
    started = time.perf_counter()
    try:
        article = case.load_article()
        started = time.perf_counter()
        summary = engine(article)
    except Exception as problem:  # noqa: BLE001 - whatever an engine does wrong is a row of the report
        error = " ".join(f"{type(problem).__name__}: {problem}".split())
    prediction = Prediction(
        case=case.name,
        article_sha256=case.article_sha256,
        gold_sha256=case.gold_sha256,
        engine=identity,
        summary=summary,
        error=error,
        seconds=time.perf_counter() - started,
    )
    return Outcome(case, article, prediction, resumed=False)


def read_ledger(path: Path, identity: EngineId) -> Iterator[Prediction]:
    """Predictions of one engine in a ledger, in order of writing; a line that was cut off is left out."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        yield from _parse_lines(lines, identity)


def _parse_lines(lines: Iterable[str], identity: EngineId) -> Iterator[Prediction]:
    for line in lines:
        try:
            record: Json = json.loads(line)
            if not isinstance(record, dict) or record.get("format") != LEDGER_FORMAT:
                continue
            if record.get("engine") == identity.model_dump(mode="json"):
                yield Prediction.model_validate(record)
        except (ValueError, ValidationError):
            continue


def _append(path: Path, prediction: Prediction) -> None:
    """Append one line and sync it; a line that a killed run left unfinished is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = prediction.model_dump_json().encode("utf-8", "surrogatepass") + b"\n"
    with path.open("ab+") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            line = line if stream.read(1) == b"\n" else b"\n" + line
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
