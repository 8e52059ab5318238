"""Which predicted trial is which gold trial, and which predicted row is which gold row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from summarizer.schemas import GoldCase, GoldResult, GoldTrial, Result, Summary, TrialRecord

from .assignment import assign
from .attributes import interventions_key
from .normalise import name_key, text_key
from .rows import agreement, is_core_match

if TYPE_CHECKING:
    from collections.abc import Sequence

R = TypeVar("R", bound=Result)

MIN_SIMILARITY = 0.25
"""Least similarity (0 to 1) at which trials without a common designator may be paired."""
MIN_SIMILARITY_OTHER_NAME = 0.5
"""The same for two trials that both carry a designator, so that speak of different trials by name."""


def align_trials(golds: Sequence[GoldTrial], predictions: Sequence[TrialRecord]) -> dict[int, int]:
    """Pair trials: those with a common designator first, the others by what is said about them.

    Returns:
        Index of a gold trial -> index of its predicted trial.
    """
    named = assign(
        golds,
        predictions,
        lambda g, p: 10.0 * _shared_designators(g, p) + similarity(g, p) if _shared_designators(g, p) else 0.0,
    )
    aligned = dict(named)
    rest_gold = [index for index in range(len(golds)) if index not in aligned]
    rest_predicted = [index for index in range(len(predictions)) if index not in aligned.values()]

    def weigh(gold: int, predicted: int) -> float:
        first, second = golds[gold], predictions[predicted]
        both_named = bool(_designators(first) and _designators(second))
        score = similarity(first, second)
        return score if score >= (MIN_SIMILARITY_OTHER_NAME if both_named else MIN_SIMILARITY) else 0.0

    for gold, predicted in assign(rest_gold, rest_predicted, weigh):
        aligned[rest_gold[gold]] = rest_predicted[predicted]
    return aligned


def _designators(trial: GoldTrial | TrialRecord) -> set[str]:
    names = [trial.name, *trial.aliases]
    if isinstance(trial, GoldTrial):
        for field in ("name", "aliases"):
            for value in trial.alternatives.get(field, ()):
                names += value if isinstance(value, list) else [value]
    return {name_key(name) for name in names if name} | {text_key(each) for each in trial.registry_ids}


def _shared_designators(gold: GoldTrial, predicted: TrialRecord) -> int:
    return len(_designators(gold) & _designators(predicted))


def similarity(gold: GoldTrial, predicted: TrialRecord) -> float:
    """How alike two trials are by drugs, conditions, phases and results: 0 to 1.

    What neither states is left out of the average; what only one states counts as no agreement, at half
    weight.
    """
    parts = [
        (3.0, _overlap(_drugs(gold), _drugs(predicted))),
        (2.0, _overlap(_words(gold.conditions), _words(predicted.conditions))),
        (1.0, _overlap(set(gold.phases), set(predicted.phases))),
        (4.0, _shared_results(gold.results, predicted.results)),
    ]
    stated = [(weight, value) for weight, value in parts if value is not None]
    if not stated:
        return 0.0
    total = sum(weight * (0.5 if value < 0 else 1.0) for weight, value in stated)
    return sum(weight * max(value, 0.0) for weight, value in stated) / total


def _overlap(first: set[str] | frozenset[str], second: set[str] | frozenset[str]) -> float | None:
    """Shared share of two sets (Jaccard); None when both are empty, -1 when one is."""
    if not first and not second:
        return None
    if not first or not second:
        return -1.0
    return len(first & second) / len(first | second)


def _drugs(trial: GoldTrial | TrialRecord) -> set[str]:
    keys = {key for arm in trial.arms for key in interventions_key(arm.interventions)}
    return keys - {"placebo", "observation"}


def _words(texts: Sequence[str]) -> set[str]:
    words = {word for text in texts for word in text.casefold().replace("-", " ").split()}
    return words - {"or", "and", "of", "the"}


def _shared_results(golds: Sequence[GoldResult], predictions: Sequence[Result]) -> float | None:
    if not golds and not predictions:
        return None
    if not golds or not predictions:
        return -1.0
    found = len(assign(golds, predictions, lambda gold, predicted: float(is_core_match(gold, predicted))))
    return 2 * found / (len(golds) + len(predictions))


@dataclass(frozen=True, slots=True)
class PlacedRow(Generic[R]):
    """A result row and where it stands."""

    row: R
    """The row."""
    trial: int | None
    """Index of its trial among its own side's trials; None for an unattributed row."""


@dataclass(frozen=True, slots=True)
class RowPair:
    """A gold row and the predicted row that reports the same number."""

    gold: PlacedRow[GoldResult]
    """Gold row."""
    predicted: PlacedRow[Result]
    """Predicted row."""
    in_right_place: bool
    """Both unattributed, or on trials that are aligned."""


@dataclass(frozen=True, slots=True)
class RowAlignment:
    """All rows of an article."""

    pairs: list[RowPair]
    """Rows whose number was found."""
    missed: list[PlacedRow[GoldResult]]
    """Gold rows that no prediction reports."""
    spurious: list[PlacedRow[Result]]
    """Predicted rows that are in no gold row."""


def align_rows(gold: GoldCase, predicted: Summary, trials: dict[int, int]) -> RowAlignment:
    """Pair rows with one core over the whole article: on the right trial first, then by their other fields.

    One alignment serves all figures: whether a number was found does not depend on the trial that it was
    put on, and of several rows with one core, those on the right trial are paired first.
    """
    golds = [PlacedRow(row, index) for index, trial in enumerate(gold.trials) for row in trial.results]
    golds += [PlacedRow(row, None) for row in gold.unattributed_results]
    found = [PlacedRow(row, index) for index, trial in enumerate(predicted.trials) for row in trial.results]
    found += [PlacedRow(row, None) for row in predicted.unattributed_results]

    def agree_on_place(first: PlacedRow[GoldResult], second: PlacedRow[Result]) -> bool:
        return second.trial is None if first.trial is None else trials.get(first.trial, -1) == second.trial

    def weigh(first: PlacedRow[GoldResult], second: PlacedRow[Result]) -> float:
        if not is_core_match(first.row, second.row):
            return 0.0
        # 10,000 for the number, 10 for the place, below 2 for the rest: a sum of better details never
        # outweighs a row.
        return 10_000 + 10 * agree_on_place(first, second) + agreement(first.row, second.row)

    matched = assign(golds, found, weigh)
    pairs = [RowPair(golds[g], found[p], agree_on_place(golds[g], found[p])) for g, p in matched]
    seen_gold, seen_found = {g for g, _ in matched}, {p for _, p in matched}
    return RowAlignment(
        pairs,
        [row for index, row in enumerate(golds) if index not in seen_gold],
        [row for index, row in enumerate(found) if index not in seen_found],
    )
