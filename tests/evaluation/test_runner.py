from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from summarizer.article import Article
from summarizer.evaluation.cases import load_cases
from summarizer.evaluation.runner import EngineId, Outcome, run_cases
from summarizer.schemas import Summary

Records = dict[str, Any]
CaseFolder = Callable[..., Path]
IDENTITY = EngineId(engine="toy", model="toy-1", prompt="abc")


class Engine:
    """A real function with a counter: gives one prediction for every article, or fails where told to."""

    def __init__(self, answer: Summary, failing: tuple[str, ...] = ()) -> None:
        self.answer = answer
        self.failing = failing
        self.calls: list[str | None] = []

    def __call__(self, article: Article) -> Summary:
        self.calls.append(article.name)
        if article.name in self.failing:
            raise ValueError("no\nanswer")
        return self.answer


@pytest.fixture
def engine(prediction: Records, make_summary: Callable[[Records], Summary]) -> Engine:
    return Engine(make_summary(prediction))


def run(folder: Path, engine: Engine, ledger: Path | None = None, identity: EngineId = IDENTITY) -> list[Outcome]:
    return list(run_cases(load_cases(folder), engine, identity, ledger=ledger))


def test_every_case_in_order(case_folder: CaseFolder, engine: Engine) -> None:
    outcomes = run(case_folder(3), engine)
    assert [outcome.case.name for outcome in outcomes] == ["toy-00", "toy-01", "toy-02"] == engine.calls
    assert all(outcome.prediction.summary == engine.answer for outcome in outcomes)
    assert all(outcome.prediction.seconds >= 0 for outcome in outcomes)


def test_an_engine_that_fails_is_a_row_not_the_end(case_folder: CaseFolder, engine: Engine) -> None:
    engine.failing = ("toy-01",)
    outcomes = run(case_folder(3), engine)
    assert [outcome.prediction.error for outcome in outcomes] == [None, "ValueError: no answer", None]
    assert outcomes[1].prediction.summary is None
    assert outcomes[1].article is not None


def test_an_interrupted_run_goes_on_and_pays_nothing_twice(
    case_folder: CaseFolder, engine: Engine, tmp_path: Path
) -> None:
    folder, ledger = case_folder(4), tmp_path / "deep" / "ledger.jsonl"
    outcomes = run_cases(load_cases(folder), engine, IDENTITY, ledger=ledger)
    next(outcomes)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]  # a generator behind an Iterator
    assert engine.calls == ["toy-00", "toy-01"]
    again = run(folder, engine, ledger)
    assert engine.calls == ["toy-00", "toy-01", "toy-02", "toy-03"]
    assert [outcome.resumed for outcome in again] == [True, True, False, False]
    assert [outcome.prediction.summary for outcome in again] == [engine.answer] * 4
    assert len(run(folder, engine, ledger)) == 4
    assert len(engine.calls) == 4
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 4


def test_a_line_that_was_cut_off_is_asked_again(case_folder: CaseFolder, engine: Engine, tmp_path: Path) -> None:
    folder, ledger = case_folder(2), tmp_path / "ledger.jsonl"
    run(folder, engine, ledger)
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[: len(whole) - 40])
    run(folder, engine, ledger)
    assert engine.calls == ["toy-00", "toy-01", "toy-01"]
    lines = ledger.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert json.loads(lines[2])["case"] == "toy-01"
    run(folder, engine, ledger)
    assert len(engine.calls) == 3


@pytest.mark.parametrize("noise", [b"\n", b"null\n", b"[1]\n", b"\xff\xfe\n", b'{"format": 1}\n'])
def test_lines_of_others_are_left_alone(case_folder: CaseFolder, engine: Engine, tmp_path: Path, noise: bytes) -> None:
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes(noise)
    folder = case_folder(1)
    run(folder, engine, ledger)
    run(folder, engine, ledger)
    assert len(engine.calls) == 1
    assert ledger.read_bytes().startswith(noise)


@pytest.mark.parametrize(
    "other",
    [
        {"engine": "x"},
        {"model": "toy-2"},
        {"prompt": "abd"},
        {"schema_version": "9"},
        {"program_version": "9"},
    ],
)
def test_another_engine_starts_anew(
    case_folder: CaseFolder, engine: Engine, tmp_path: Path, other: dict[str, str]
) -> None:
    folder, ledger = case_folder(1), tmp_path / "ledger.jsonl"
    run(folder, engine, ledger)
    run(folder, engine, ledger, IDENTITY.model_copy(update=other))
    assert len(engine.calls) == 2
    run(folder, engine, ledger)
    assert len(engine.calls) == 2


def test_another_article_starts_anew_but_another_label_does_not(
    case_folder: CaseFolder, engine: Engine, tmp_path: Path
) -> None:
    folder, ledger = case_folder(1), tmp_path / "ledger.jsonl"
    run(folder, engine, ledger)
    gold = folder / "toy-00" / "gold.json"
    gold.write_text(gold.read_text(encoding="utf-8").replace("13.3", "13.4"), encoding="utf-8")
    (outcome,) = run(folder, engine, ledger)
    assert outcome.resumed
    assert outcome.case.gold is not None
    assert outcome.case.gold.trials[0].results[0].value == 13.4
    (folder / "toy-00" / "article.txt").write_text("Another article.", encoding="utf-8")
    (outcome,) = run(folder, engine, ledger)
    assert not outcome.resumed


def test_a_failed_case_is_tried_again(case_folder: CaseFolder, engine: Engine, tmp_path: Path) -> None:
    folder, ledger = case_folder(2), tmp_path / "ledger.jsonl"
    engine.failing = ("toy-00",)
    run(folder, engine, ledger)
    engine.failing = ()
    assert [outcome.prediction.error for outcome in run(folder, engine, ledger)] == [None, None]
    assert engine.calls == ["toy-00", "toy-01", "toy-00"]


def test_side_by_side(
    case_folder: CaseFolder, prediction: Records, make_summary: Callable[[Records], Summary], tmp_path: Path
) -> None:
    barrier, answer = Barrier(3, timeout=20), make_summary(prediction)

    def answer_together(article: Article) -> Summary:
        barrier.wait()  # nobody gets past unless three are under way
        return answer

    cases, ledger = load_cases(case_folder(6)), tmp_path / "ledger.jsonl"
    outcomes = list(run_cases(cases, answer_together, IDENTITY, ledger=ledger, concurrency=3))
    assert sorted(outcome.case.name for outcome in outcomes) == [case.name for case in cases]
    assert all(outcome.prediction.error is None for outcome in outcomes)
    assert len(ledger.read_text(encoding="utf-8").splitlines()) == 6


def test_an_article_that_cant_be_loaded_is_a_row_too(case_folder: CaseFolder, engine: Engine) -> None:
    folder = case_folder(2)
    (folder / "toy-00" / "article.txt").write_bytes(b"\x7fELF\x00\x00")
    outcomes = run(folder, engine)
    assert engine.calls == ["toy-01"]
    assert outcomes[0].article is None
    assert outcomes[0].prediction.error is not None
