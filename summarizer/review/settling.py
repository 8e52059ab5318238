"""Several corrections of one article, put together: what counts, what is said twice, what contradicts.

``assets/settling.js`` does the same in the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from summarizer.review.corrections import Correction, Operation

__all__ = ["Conflict", "Settled", "canonical", "settle"]

_PLACE = "#place"
"""Where a record stands is another matter than what it says."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Corrections of different reviewers of which not all can be right; none of them is applied."""

    pointer: str
    """What it is about."""
    sides: list[Correction]
    """The corrections, in their order."""


@dataclass(slots=True)
class Settled:
    """What a list of corrections comes down to."""

    active: list[Correction] = field(default_factory=list[Correction])
    """What is to be applied, in order."""
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    """What contradicts."""
    agreeing: list[Correction] = field(default_factory=list[Correction])
    """What says the same as an earlier one."""
    replaced: list[Correction] = field(default_factory=list[Correction])
    """What its own reviewer has withdrawn or said otherwise since; and the withdrawals."""


def settle(corrections: Sequence[Correction]) -> Settled:
    """Put the corrections of one article together, in the order in which they were made."""
    settled = Settled()
    counting = _join_twins(_drop_withdrawn(corrections, settled), settled)
    counting = _keep_last_words(counting, settled)
    conflicting: set[str] = set()
    for group in _find_conflicts(counting):
        settled.conflicts.append(Conflict(min((each.pointer for each in group), key=len), group))
        conflicting |= {each.id for each in group}
    said: set[tuple[str, str]] = set()
    for each in counting:
        slot = _slot(each)
        if each.id in conflicting:
            continue
        if slot is not None and (slot, _outcome(each)) in said:
            settled.agreeing.append(each)
            continue
        if slot is not None:
            said.add((slot, _outcome(each)))
        settled.active.append(each)
    return settled


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON
    """One text for equal values: 13 and 13.0 are the same number, True and 1 are not."""
    return json.dumps(_plain_numbers(value), sort_keys=True)


def _plain_numbers(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain_numbers(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {name: _plain_numbers(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value


def _drop_withdrawn(corrections: Iterable[Correction], settled: Settled) -> list[Correction]:
    corrections = list(corrections)
    withdrawn = {each.withdraws for each in corrections if each.operation is Operation.WITHDRAW}
    kept: list[Correction] = []
    for each in corrections:
        gone = each.operation is Operation.WITHDRAW or each.id in withdrawn
        (settled.replaced if gone else kept).append(each)
    return kept


def _join_twins(corrections: Iterable[Correction], settled: Settled) -> list[Correction]:
    """Let records that two reviewers added alike count once, and point what is said of the second to the first."""
    first: dict[tuple[str, str], str] = {}
    twins: dict[str, str] = {}
    kept: list[Correction] = []
    for each in corrections:
        named = each.model_copy(update={"pointer": _rename(each.pointer, twins)})
        if each.operation is Operation.MOVE:
            named.value = _rename(str(each.value), twins)
        if named.pointer.endswith("/-"):
            key = (named.pointer, canonical(named.value))
            if key in first:
                twins[named.id] = first[key]
                settled.agreeing.append(each)
                continue
            first[key] = named.id
        kept.append(named)
    return kept


def _rename(pointer: str, twins: Mapping[str, str]) -> str:
    return "/".join(twins.get(part, part) for part in pointer.split("/"))


def _keep_last_words(corrections: Sequence[Correction], settled: Settled) -> list[Correction]:
    last = {(each.reviewer, slot): each.id for each in corrections if (slot := _slot(each)) is not None}
    kept: list[Correction] = []
    for each in corrections:
        slot = _slot(each)
        is_last = slot is None or last[each.reviewer, slot] == each.id
        (kept if is_last else settled.replaced).append(each)
    return kept


def _slot(correction: Correction) -> str | None:
    """What a correction decides; None where it adds to a list, which decides nothing that another could."""
    if correction.pointer.endswith("/-"):
        return None
    return correction.pointer + (_PLACE if correction.operation is Operation.MOVE else "")


def _outcome(correction: Correction) -> str:
    match correction.operation:
        case Operation.ACCEPT:
            return canonical(correction.before)
        case Operation.DELETE:
            return canonical(None)
        case _:
            return canonical(correction.value)


def _find_conflicts(corrections: Sequence[Correction]) -> list[list[Correction]]:
    """Groups of corrections that contradict, each in its order."""
    own = {(each.reviewer, _slot(each)) for each in corrections}
    group_of: dict[str, set[int]] = {}
    for at, first in enumerate(corrections):
        for other, second in enumerate(corrections[at + 1 :], start=at + 1):
            if first.reviewer != second.reviewer and _contradict(first, second, own):
                joined = group_of.get(first.id, {at}) | group_of.get(second.id, {other})
                for member in joined:
                    group_of[corrections[member].id] = joined
    found: list[list[Correction]] = []
    for at, each in enumerate(corrections):
        members = group_of.get(each.id)
        if members and min(members) == at:
            found.append([corrections[member] for member in sorted(members)])
    return found


def _contradict(first: Correction, second: Correction, own: set[tuple[str, str | None]]) -> bool:
    slot = _slot(first)
    if slot is not None and slot == _slot(second):
        return _outcome(first) != _outcome(second)
    return _overrules(first, second, own) or _overrules(second, first, own)


def _overrules(upper: Correction, lower: Correction, own: set[tuple[str, str | None]]) -> bool:
    """Whether a correction of a record leaves no room for one of something in it."""
    if lower.pointer != upper.pointer and not lower.pointer.startswith(f"{upper.pointer}/"):
        return False
    if upper.operation is Operation.DELETE:
        return True
    slot = _slot(lower)
    if upper.operation is not Operation.ACCEPT or lower.operation is Operation.ACCEPT or slot is None:
        return False
    # Who accepts a whole record accepts it with their own corrections.
    return (upper.reviewer, slot) not in own
