"""Optimal one-to-one assignment of predicted to gold things."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

G = TypeVar("G")
P = TypeVar("P")


def assign(golds: Sequence[G], predictions: Sequence[P], weigh: Callable[[G, P], float]) -> list[tuple[int, int]]:
    """Pair gold and predicted things so that the sum of weights is largest.

    Args:
        golds: Gold things.
        predictions: Predicted things.
        weigh: Weight of a pair; 0 or less means that the two may not be paired.

    Returns:
        ``(gold index, predicted index)`` of each pair, in order of the gold index; each index at most once.
    """
    weights = [[max(0.0, weigh(gold, prediction)) for prediction in predictions] for gold in golds]
    candidates = [(g, p) for g, row in enumerate(weights) for p, weight in enumerate(row) if weight > 0]
    if len({g for g, _ in candidates}) == len(candidates) == len({p for _, p in candidates}):
        return candidates  # nothing competes: no need to load scipy
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - costs 0.2 s

    gold_rows, predicted_columns = linear_sum_assignment(weights, maximize=True)
    pairs = zip((int(g) for g in gold_rows), (int(p) for p in predicted_columns), strict=True)
    return sorted((g, p) for g, p in pairs if weights[g][p] > 0)
