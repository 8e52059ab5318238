"""Codes of the record in a reader's words, and numbers as people print them."""

from __future__ import annotations

from enum import StrEnum

from summarizer.schemas import Masking, Phase, Statistic, TruncationKind

__all__ = ["STATISTICS", "TRUNCATIONS", "count", "masking", "number", "phases", "words"]

STATISTICS = {
    Statistic.MEDIAN: "median",
    Statistic.MEAN: "mean",
    Statistic.MEAN_CHANGE: "mean change",
    Statistic.EVENT_RATE: "event rate",
    Statistic.RATE: "rate",
    Statistic.COUNT: "count",
    Statistic.HAZARD_RATIO: "hazard ratio",
    Statistic.ODDS_RATIO: "odds ratio",
    Statistic.RISK_RATIO: "risk ratio",
    Statistic.RATE_RATIO: "rate ratio",
    Statistic.MEAN_DIFFERENCE: "mean difference",
    Statistic.RATE_DIFFERENCE: "rate difference",
    Statistic.RISK_REDUCTION: "risk reduction",
    Statistic.PERCENT_CHANGE: "percent change",
    Statistic.OTHER: "other",
}

TRUNCATIONS = {
    TruncationKind.CUT_SENTENCE: "a sentence stops midway",
    TruncationKind.CUT_END: "the article stops midway",
    TruncationKind.CUT_START: "the beginning of a sentence is missing",
    TruncationKind.GAP: "words are missing",
    TruncationKind.LOST_ANTECEDENT: "what it reports on was cut away",
}

_MASKINGS = {
    Masking.NONE: "open label",
    Masking.SINGLE: "single-blind",
    Masking.DOUBLE: "double-blind",
    Masking.TRIPLE: "triple-blind",
    Masking.QUADRUPLE: "quadruple-blind",
}


def words(code: StrEnum) -> str:
    """``NOT_YET_RECRUITING`` -> ``not yet recruiting``."""
    return code.value.replace("_", " ").lower()


def phases(codes: list[Phase]) -> str:
    """``[PHASE1, PHASE2]`` -> ``phase 1/2``."""
    if not codes:
        return ""
    numbers = [code.value.replace("EARLY_PHASE1", "early 1").removeprefix("PHASE") for code in codes]
    return f"phase {'/'.join(numbers)}"


def masking(code: Masking) -> str:
    """``DOUBLE`` -> ``double-blind``."""
    return _MASKINGS[code]


def number(value: float) -> str:
    """A number without the noise of binary fractions: ``0.62``, ``13``."""
    return f"{value:.12g}"


def count(items: int, noun: str, plural: str | None = None) -> str:
    """``1 trial``, ``2 trials``, ``1,200 trials``."""
    return f"{items:,} {noun if items == 1 else plural or noun + 's'}"
