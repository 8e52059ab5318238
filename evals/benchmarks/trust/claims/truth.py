"""Is an altered claim really false? Asked of the labels, and of what else was read of the same trial.

Where that can't be told (a trial that is not labelled) the claim is taken for true, so that it is left out: a
benchmark of false claims must not hold true ones.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from typing import Any

from summarizer.evaluation.alignment import align_trials
from summarizer.evaluation.normalise import arm_key, name_key, number_key, p_key, phrase_key, text_key, timepoint_key
from summarizer.schemas import GoldResult, GoldTrial, Result

from ..material import Specimen
from .claim import Leaf

_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "value": number_key,
    "ci_low": number_key,
    "ci_high": number_key,
    "ci_level": number_key,
    "arm": arm_key,
    "endpoint": phrase_key,
    "subgroup": phrase_key,
    "timepoint": timepoint_key,
    "p_value": p_key,
    "name": name_key,
    "aliases": name_key,
    "registry_ids": name_key,
}
_IDENTITY = ("statistic", "value", "endpoint", "timepoint", "subgroup", "arm")
"""What tells one row from the next."""


def _same(field: str, one: object, other: object) -> bool:
    if one is None or other is None:
        return one is other
    key = _KEYS.get(field, lambda value: text_key(str(value)))
    return key(one) == key(other)


@cache
def _aligned(specimen: Specimen) -> dict[int, GoldTrial]:
    """Labelled trial by place of the read one."""
    pairs = align_trials(specimen.gold.trials, specimen.summary.trials)
    return {read: specimen.gold.trials[labelled] for labelled, read in pairs.items()}


def _labelled_rows(leaf: Leaf) -> Iterable[GoldResult]:
    """Labelled rows that may be the leaf's: all of the article, since a row may have been read into a wrong trial."""
    gold = leaf.specimen.gold
    yield from gold.unattributed_results
    for trial in gold.trials:
        yield from trial.results


def _readings(row: GoldResult | Result, field: str) -> list[object]:
    alternatives = row.alternatives.get(field, []) if isinstance(row, GoldResult) else []
    return [getattr(row, field), *alternatives]


def _supports(row: GoldResult | Result, claimed: dict[str, Any], changes: Iterable[str]) -> bool:
    """True when a row says what is claimed: what was changed, and what tells it from other rows."""
    changed = set(changes)
    for field in {*_IDENTITY, *changed}:
        stated = claimed[field]
        if field not in changed and (stated is None or (field == "arm" and row.arm is None)):
            continue
        if not any(_same(field, stated, known) for known in _readings(row, field)):
            return False
    return True


def row_is_true(leaf: Leaf, changes: dict[str, Any]) -> bool:
    """True when some labelled row, or another row that was read, is the changed one."""
    row = leaf.row
    if row is None:
        raise ValueError(f"{leaf.pointer} is no value of a result")
    claimed = {**dict(row), **changes}
    if any(_supports(known, claimed, changes) for known in _labelled_rows(leaf)):
        return True
    summary = leaf.specimen.summary
    read = summary.unattributed_results if leaf.trial is None else summary.trials[leaf.trial].results
    return any(_supports(other, claimed, changes) for other in read if other is not row)


def arm_is_true(leaf: Leaf, arm: str) -> bool:
    """True when a label gives the row to this arm."""
    return row_is_true(leaf, {"arm": arm})


def owner_is_true(leaf: Leaf, trial: int) -> bool:
    """True when a label gives the row to this trial, or the trial is not labelled."""
    labelled = _aligned(leaf.specimen).get(trial)
    row = leaf.row
    if labelled is None or row is None:
        return True
    claimed = {**dict(row), "arm": None}
    return any(_supports(known, claimed, ["value", "statistic"]) for known in labelled.results)


def attribute_is_true(leaf: Leaf, value: object) -> bool:
    """True when a label says this of the trial, or the trial is not labelled."""
    gold = None if leaf.trial is None else _aligned(leaf.specimen).get(leaf.trial)
    if gold is None or leaf.trial is None:
        return True
    inside = leaf.pointer.split("/")[3:]
    if inside[0] == "arms":
        return _arm_is_labelled(leaf, gold, inside, value)
    if inside[0] in {"endpoints", "regulatory_events"}:
        return _part_is_labelled(leaf, gold, inside, value)
    return told_of(gold, inside[0], value)


def told_of(gold: GoldTrial, field: str, value: object) -> bool:
    """True when a labelled trial has this value in a field, or as an alternative of it."""
    readings = [getattr(gold, field), *gold.alternatives.get(field, [])]
    if field == "name":
        readings += [gold.aliases]
    flat = [item for reading in readings for item in (reading if isinstance(reading, list) else [reading])]
    return any(_same(field, value, known) for known in flat)


def _arm_is_labelled(leaf: Leaf, gold: GoldTrial, inside: Sequence[str], value: object) -> bool:
    arm = leaf.specimen.summary.trials[leaf.trial or 0].arms[int(inside[1])]
    names = list(arm.interventions)
    if inside[2] == "interventions":
        names[int(inside[3])] = str(value)
    for labelled in gold.arms:
        readings = [labelled.interventions, *labelled.alternatives.get("interventions", [])]
        if any(arm_key(" + ".join(reading)) == arm_key(" + ".join(names)) for reading in readings):
            known = [getattr(labelled, inside[2]), *labelled.alternatives.get(inside[2], [])]
            if inside[2] == "interventions" or value in known:
                return True
    return False


def _part_is_labelled(leaf: Leaf, gold: GoldTrial, inside: Sequence[str], value: object) -> bool:
    part = getattr(leaf.specimen.summary.trials[leaf.trial or 0], inside[0])[int(inside[1])]
    claimed = {**dict(part), inside[2]: value}
    for labelled in getattr(gold, inside[0]):
        known = {field: [getattr(labelled, field), *labelled.alternatives.get(field, [])] for field in claimed}
        if all(
            stated is None or any(_same(field, stated, each) for each in known[field])
            for field, stated in claimed.items()
        ):
            return True
    return False
