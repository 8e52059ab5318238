"""Scores of everything in a trial record outside its results."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from summarizer.schemas import (
    Arm,
    DeclaredEndpoint,
    GoldArm,
    GoldEndpoint,
    GoldRegulatoryEvent,
    GoldTrial,
    RegulatoryEvent,
    TrialRecord,
)

from .assignment import assign
from .jsonvalue import is_list
from .normalise import meeting_key, name_key, number_key, sponsor_key, text_key
from .rows import Key, apply_key, choices, compare, identity
from .tally import MISSED, RIGHT, SPURIOUS, Counts, Tally

SCALARS: Final[dict[str, Key]] = {
    "name": name_key,
    "focus": identity,
    "status": identity,
    "allocation": identity,
    "masking": identity,
    "intervention_model": identity,
    "multicenter": identity,
    "international": identity,
    "registrational": identity,
    "enrollment": number_key,
    "enrollment_type": identity,
}
"""Fields with one value -> how the value is compared."""

SETS: Final[dict[str, Key]] = {
    "aliases": name_key,
    "registry_ids": text_key,
    "sponsors": sponsor_key,
    "phases": identity,
    "conditions": text_key,
    "biomarkers": text_key,
    "settings": identity,
    "prior_therapies": text_key,
    "presented_at": meeting_key,
}
"""Fields that are sets -> how their members are compared."""


def interventions_key(interventions: str | list[str]) -> frozenset[str]:
    """Key of an arm's interventions: a set."""
    if isinstance(interventions, str):
        interventions = [interventions]
    return frozenset(text_key(each) for each in interventions)


@dataclass(frozen=True, slots=True)
class RowList:
    """A list of small rows inside a trial."""

    field: str
    """Name of the list."""
    core: str
    """Attribute that identifies a row."""
    core_key: Key
    """How the core is compared."""
    secondary: tuple[tuple[str, Key], ...]
    """Attributes that are scored on rows whose core was matched."""
    gold_type: type[GoldArm | GoldEndpoint | GoldRegulatoryEvent]
    """Model of a labelled row."""


ROW_LISTS: Final = (
    RowList("arms", "interventions", interventions_key, (("role", identity), ("n", number_key)), GoldArm),
    RowList("endpoints", "endpoint", text_key, (("rank", identity),), GoldEndpoint),
    RowList(
        "regulatory_events",
        "action",
        identity,
        (("agency", text_key), ("date", text_key)),
        GoldRegulatoryEvent,
    ),
)
"""Rows of a trial: an arm is its interventions, an endpoint its name, an event its action."""

ATTRIBUTE_FIELDS: Final = (
    "trials",
    *SCALARS,
    *SETS,
    *(name for rows in ROW_LISTS for name in (rows.field, *(f"{rows.field}.{each}" for each, _ in rows.secondary))),
)
"""Every field of the attributes group; ``trials`` says whether the trial itself is there."""

SmallRow: TypeAlias = Arm | DeclaredEndpoint | RegulatoryEvent
GoldSmallRow: TypeAlias = GoldArm | GoldEndpoint | GoldRegulatoryEvent


def score_attributes(gold: GoldTrial | None, predicted: TrialRecord | None, where: str) -> Tally:
    """Score a pair of aligned trials, a missed trial (no prediction) or an invented one (no gold).

    Every leaf of a missed trial is missed, every leaf of an invented one is spurious.
    """
    tally = Tally()
    presence = RIGHT if gold and predicted else MISSED if gold else SPURIOUS
    tally.add("trials", presence, where, gold and label(gold), predicted and label(predicted))
    for name, key in SCALARS.items():
        _score_scalar(tally, name, key, gold, predicted, where)
    for name, key in SETS.items():
        _score_set(tally, name, key, gold, predicted, where)
    for rows in ROW_LISTS:
        _score_row_list(tally, rows, gold, predicted, where)
    return tally


def label(trial: GoldTrial | TrialRecord) -> str:
    """Short name of a trial, for a reader."""
    if designator := next((each for each in (trial.name, *trial.registry_ids, *trial.aliases) if each), None):
        return designator
    drugs = dict.fromkeys(drug for arm in trial.arms for drug in arm.interventions)
    return f"(unnamed: {', '.join([*drugs][:3] or trial.conditions[:1]) or '?'})"


def _score_scalar(
    tally: Tally, name: str, key: Key, gold: GoldTrial | None, predicted: TrialRecord | None, where: str
) -> None:
    stated, alternatives = choices(gold, name, key) if gold else (None, frozenset[Hashable]())
    found = apply_key(key, getattr(predicted, name)) if predicted else None
    counts = compare(stated, alternatives, found)
    tally.add(name, counts, where, getattr(gold, name, None), getattr(predicted, name, None))


def _score_set(
    tally: Tally, name: str, key: Key, gold: GoldTrial | None, predicted: TrialRecord | None, where: str
) -> None:
    found = _keyed(getattr(predicted, name) if predicted else (), key)
    members, others = _split_alternatives(gold, name)
    stated = _keyed(getattr(gold, name) if gold else (), key)
    readings = [stated, *(_keyed(each, key) for each in others)]
    tallies = [_score_reading(name, reading, _keyed(members, key), found, where) for reading in readings]
    best = min(tallies, key=lambda each: (each.total.errors, -each.total.tp))
    if not stated:  # only alternatives: optional, so nothing is rewarded
        best.fields = {name: counts._replace(tp=0) for name, counts in best.fields.items()}
    tally.absorb(best)


def _split_alternatives(gold: GoldTrial | None, name: str) -> tuple[list[Any], list[list[Any]]]:
    """Alternatives of a list: single members, and other readings of the whole list (null: the empty one)."""
    members: list[Any] = []
    readings: list[list[Any]] = []
    for each in gold.alternatives.get(name, []) if gold else []:
        if each is None:
            readings.append([])
        elif is_list(each):
            readings.append(each)
        else:
            members.append(each)
    return members, readings


def _keyed(values: Iterable[Any], key: Key) -> dict[Hashable, Any]:
    return {key(value): value for value in values}


def _score_reading(
    name: str, gold: dict[Hashable, Any], members: dict[Hashable, Any], found: dict[Hashable, Any], where: str
) -> Tally:
    """Score a set against one reading of the gold file.

    A single alternative member may stand for the gold member that shares most words with it; beyond that it
    is neither right nor wrong.
    """
    tally = Tally()
    missing = {key: value for key, value in gold.items() if key not in found}
    standins = [key for key in found if key not in gold and key in members]
    pairs = assign(
        [*missing],
        standins,
        lambda stated, other: 1.0 if _stands_for(members[other], missing[stated], [*gold.values()]) else 0.0,
    )
    replaced = {[*missing][g]: standins[p] for g, p in pairs}
    for key, value in gold.items():
        if key in found or key in replaced:
            tally.add(name, RIGHT, where, value, found[replaced.get(key, key)])
        else:
            tally.add(name, MISSED, where, value, None)
    for key, value in found.items():
        if key not in gold and key not in members:
            tally.add(name, SPURIOUS, where, None, value)
    return tally


def _stands_for(alternative: object, stated: object, gold: Sequence[object]) -> bool:
    """Whether no other gold member is closer to an alternative member than this one."""
    return _shared_words(alternative, stated) >= max(_shared_words(alternative, each) for each in gold)


def _shared_words(one: object, other: object) -> float:
    first, second = (set(str(each).casefold().replace("-", " ").split()) for each in (one, other))
    return len(first & second) / len(first | second) if first | second else 0.0


def _score_row_list(
    tally: Tally, rows: RowList, gold: GoldTrial | None, predicted: TrialRecord | None, where: str
) -> None:
    found: list[SmallRow] = list(getattr(predicted, rows.field)) if predicted else []
    stated: list[GoldSmallRow] = list(getattr(gold, rows.field)) if gold else []
    members, readings = _split_alternatives(gold, rows.field)
    optional = [rows.gold_type.model_validate(each) for each in members]
    others = [[rows.gold_type.model_validate(row) for row in each] for each in readings]
    tallies = [_score_rows(rows, reading, optional, found, where) for reading in (stated, *others)]
    best = min(tallies, key=lambda each: (each.total.errors, -each.total.tp))
    if not stated:
        best.fields = {name: counts._replace(tp=0) for name, counts in best.fields.items()}
    tally.absorb(best)


def _score_rows(
    rows: RowList,
    gold: Sequence[GoldSmallRow],
    optional: Sequence[GoldSmallRow],
    found: Sequence[SmallRow],
    where: str,
) -> Tally:
    tally = Tally()
    every = [*gold, *optional]

    def weigh(stated: tuple[int, GoldSmallRow], row: SmallRow) -> float:
        core, alternatives = choices(stated[1], rows.core, rows.core_key)
        value = apply_key(rows.core_key, getattr(row, rows.core))
        if value != core and value not in alternatives:
            return 0.0
        agreed = sum(not _compare_part(stated[1], row, name, key).errors for name, key in rows.secondary)
        return (100.0 if stated[0] < len(gold) else 1.0) + agreed / 10

    pairs = assign([*enumerate(every)], found, weigh)
    matched = dict(pairs)
    for index, stated in enumerate(gold):
        if index not in matched:
            tally.add(rows.field, MISSED, where, _shown(rows, stated), None)
            continue
        row = found[matched[index]]
        tally.add(rows.field, RIGHT, where, _shown(rows, stated), _shown(rows, row))
        for name, key in rows.secondary:
            place = f"{where} / {rows.field} {_shown(rows, row)}"
            counts = _compare_part(stated, row, name, key)
            tally.add(f"{rows.field}.{name}", counts, place, getattr(stated, name), getattr(row, name))
    for index, row in enumerate(found):
        if index not in matched.values():
            tally.add(rows.field, SPURIOUS, where, None, _shown(rows, row))
    return tally


def _compare_part(gold: GoldSmallRow, row: SmallRow, name: str, key: Key) -> Counts:
    stated, alternatives = choices(gold, name, key)
    return compare(stated, alternatives, apply_key(key, getattr(row, name)))


def _shown(rows: RowList, row: SmallRow) -> str:
    value = getattr(row, rows.core)
    parts = [" + ".join(value) if is_list(value) else str(value)]
    parts += [str(getattr(row, name)) for name, _ in rows.secondary if getattr(row, name) is not None]
    return ", ".join(parts)
