"""Result rows: what makes two rows report the same number, and how their other fields compare.

The core of a row is endpoint + statistic + value + unit. A row without a value (not reached, only a P
value) has no unit to compare. A COUNT of patients is the same with the unit ``patients``, ``participants``
or none.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, TypeAlias

from summarizer.schemas import (
    GoldArm,
    GoldEndpoint,
    GoldRegulatoryEvent,
    GoldResult,
    GoldTrial,
    Result,
    Statistic,
)

from .normalise import (
    PATIENT_NOUNS,
    arm_key,
    number_key,
    p_key,
    phrase_key,
    text_key,
    timepoint_key,
    unit_key,
)
from .tally import MISSED, NOTHING, RIGHT, SPURIOUS, WRONG, Counts

Key: TypeAlias = Callable[[Any], Hashable]
"""How a value is compared: two values are the same when their keys are."""
Labelled: TypeAlias = GoldArm | GoldEndpoint | GoldRegulatoryEvent | GoldResult | GoldTrial
"""A labelled record, with alternatives."""


def apply_key(key: Key, value: object) -> Hashable:
    """Key of a value, None for an absent one (null, empty text or empty list; never 0 or False)."""
    return None if value is None or value in ("", []) else key(value)


def compare(gold: Hashable, alternatives: frozenset[Hashable], predicted: Hashable) -> Counts:
    """Score one leaf by keys; None stands for an absent value.

    A gold value that is absent but has alternatives is optional: an alternative is neither rewarded nor
    punished. An alternative that is None makes a stated gold value optional: leaving it out is no miss.
    """
    if predicted is None:
        return NOTHING if gold is None or None in alternatives else MISSED
    if predicted == gold:
        return RIGHT
    if predicted in alternatives:
        return NOTHING if gold is None else RIGHT
    return SPURIOUS if gold is None or None in alternatives else WRONG


def choices(gold: Labelled, name: str, key: Key) -> tuple[Hashable, frozenset[Hashable]]:
    """Key of a gold field and the keys of its alternatives."""
    alternatives = frozenset(apply_key(key, value) for value in gold.alternatives.get(name, ()))
    return apply_key(key, getattr(gold, name)), alternatives


def identity(value: Hashable) -> Hashable:
    """Key of an enum or boolean: the value itself."""
    return str(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class SecondaryField:
    """A field that is scored on rows whose core was matched."""

    field: str
    """Name in the score table, without the leading ``results.``."""
    parts: tuple[str, ...]
    """Attributes of a result that make up one leaf."""
    key: Key
    """Key of each part."""
    weight: int
    """How much agreement counts when several rows share one core."""
    only_where_stated: bool = False
    """Labels may leave it out: scored only on rows where the gold file states it."""


SECONDARY: Final = (
    SecondaryField("arm", ("arm",), arm_key, 24),
    SecondaryField("ci", ("ci_low", "ci_high"), number_key, 12),
    SecondaryField("ci_level", ("ci_level",), number_key, 1),
    SecondaryField("p_value", ("p_value",), p_key, 6),
    SecondaryField("timepoint", ("timepoint",), timepoint_key, 8),
    SecondaryField("subgroup", ("subgroup",), phrase_key, 16),
    SecondaryField("counts", ("numerator", "denominator"), number_key, 6),
    SecondaryField("reached", ("reached",), identity, 4),
    SecondaryField("assessor", ("assessor",), identity, 2, only_where_stated=True),
    SecondaryField("analysis", ("analysis",), identity, 2, only_where_stated=True),
)
"""Fields of a matched row, each scored on its own; interval bounds are one leaf, so are the two counts."""


def is_core_match(gold: GoldResult, predicted: Result) -> bool:
    """Whether two rows report the same number: endpoint, statistic, value and unit."""
    for name, key in (("statistic", identity), ("value", number_key), ("endpoint", text_key)):
        value, alternatives = choices(gold, name, key)
        found = apply_key(key, getattr(predicted, name))
        if found != value and found not in alternatives:
            return False
    return predicted.value is None or _units_agree(gold, predicted)


def _units_agree(gold: GoldResult, predicted: Result) -> bool:
    unit, alternatives = choices(gold, "unit", unit_key)
    found = apply_key(unit_key, predicted.unit)
    if predicted.statistic is Statistic.COUNT:
        counted = {None if each in PATIENT_NOUNS else each for each in (unit, *alternatives)}
        return (None if found in PATIENT_NOUNS else found) in counted
    return found == unit or found in alternatives


def compare_secondary(spec: SecondaryField, gold: GoldResult, predicted: Result) -> Counts:
    """Score one secondary field of a matched row."""
    parts = [choices(gold, name, spec.key) for name in spec.parts]
    stated = _join(tuple(value for value, _ in parts))
    if spec.only_where_stated and stated is None:
        return NOTHING
    found = _join(tuple(apply_key(spec.key, getattr(predicted, name)) for name in spec.parts))
    readings = product(*((value, *alternatives) for value, alternatives in parts))
    alternatives = frozenset(_join(reading) for reading in readings) - {stated}
    return compare(stated, alternatives, found)


def _join(parts: tuple[Hashable, ...]) -> Hashable:
    """One key of several parts; None when all are absent."""
    if all(part is None for part in parts):
        return None
    return parts[0] if len(parts) == 1 else parts


def agreement(gold: GoldResult, predicted: Result) -> float:
    """How well the other fields of two rows with one core agree: 0 to about 1."""
    total = sum(spec.weight for spec in SECONDARY)
    agreed = sum(spec.weight for spec in SECONDARY if not compare_secondary(spec, gold, predicted).errors)
    return agreed / total


def shown(spec: SecondaryField, row: Result) -> object:
    """Value of a secondary field, for a reader."""
    values = [getattr(row, name) for name in spec.parts]
    return values[0] if len(values) == 1 else (None if all(value is None for value in values) else tuple(values))


def describe(row: Result) -> str:
    """One line that tells a row apart for a reader."""
    number = "" if row.value is None else repr(row.value).removesuffix(".0")
    value = number or ("not reached" if row.reached is False else "")
    parts = [
        row.endpoint or "?",
        row.statistic.value,
        f"{value} {row.unit or ''}".strip() if number else value,
    ]
    if row.p_value and row.value is None and row.reached is None:
        parts.append(f"P {row.p_value}")
    details = [detail for detail in (row.arm, row.timepoint, row.subgroup) if detail]
    return " ".join(part for part in parts if part) + (f" [{'; '.join(details)}]" if details else "")
