"""Corrections applied to a summary. ``assets/applying.js`` does the same in the page; a test compares the two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from summarizer.review.checking import Words, why_unfit, why_unsupported
from summarizer.review.corrections import Correction, Operation, SelectedWords
from summarizer.review.numbers import holds_words, printed_numbers
from summarizer.review.settling import Conflict, settle
from summarizer.review.tree import Entry, Leaf, Tree
from summarizer.review.vocabulary import FIELDS
from summarizer.schemas import Flag, Rejection, Summary, Support

__all__ = ["Corrected", "LeftOut", "apply_corrections"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A correction that was not applied."""

    correction: Correction
    """The correction."""
    reason: str
    """Why."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A summary with its corrections applied, and what became of each correction."""

    summary: Summary
    """The summary; where a person decided, ``rule`` of the evidence names them."""
    applied: list[Correction] = field(default_factory=list[Correction])
    """What was applied, confirmations included."""
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    """What does not fit the record, or is not supported by the text."""
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    """What contradicts; none of it is applied."""
    agreeing: int = 0
    """Corrections that say the same as another one."""


def apply_corrections(summary: Summary, corrections: Sequence[Correction], text: str) -> Corrected:
    """Apply corrections to a summary.

    Args:
        summary: The machine's summary.
        corrections: Corrections, in the order in which they were made; those of other articles are passed over.
        text: The article's canonical text, in which a corrected value must stand.

    Returns:
        A new summary, and what became of each correction.
    """
    settled = settle([each for each in corrections if each.article == summary.source.sha256])
    work = _Work(summary, text)
    applied: list[Correction] = []
    left_out: list[LeftOut] = []
    moves_and_removals: list[Correction] = []
    for each in settled.active:
        reason = work.why_not(each)
        if reason is not None:
            left_out.append(LeftOut(each, reason))
            continue
        applied.append(each)
        if each.operation is Operation.MOVE or work.removes_record(each):
            moves_and_removals.append(each)
        else:
            work.change(each)
    # Pointers are the machine's, so what is in a record changes before the record goes elsewhere or goes.
    for each in sorted(moves_and_removals, key=_last_of_all):
        if each.operation is Operation.MOVE:
            work.move(each)
        else:
            work.tree.entries[each.pointer].removed = True
    return Corrected(work.finish(summary), applied, left_out, settled.conflicts, len(settled.agreeing))


def _last_of_all(correction: Correction) -> bool:
    return correction.operation is Operation.DELETE


class _Work:
    """A summary while it is corrected."""

    def __init__(self, summary: Summary, text: str) -> None:
        self.tree = Tree(summary)
        self._base = Tree(summary)
        self._words = Words(text, printed_numbers(text))

    def why_not(self, correction: Correction) -> str | None:
        """Reason why a correction can't be applied, or None."""
        reason = why_unfit(correction, self._base) or why_unsupported(correction, self._base, self._words)
        if reason is None and correction.operation is Operation.MOVE:
            target = self._base.list_at(str(correction.value))
            if target is None or target[1].items != "result":
                return "there is no such place to move it to"
        return reason

    def removes_record(self, correction: Correction) -> bool:
        """Whether a correction takes out a whole record."""
        entry = self.tree.entries.get(correction.pointer)
        return correction.operation is Operation.DELETE and entry is not None and bool(entry.kind)

    def change(self, correction: Correction) -> None:
        """Apply a correction of a value, or one that adds."""
        if correction.operation is Operation.ACCEPT:
            return
        if correction.pointer.endswith("/-"):
            self._append(correction)
            return
        place = self.tree.find(correction.pointer)
        if place is None:  # `why_not` has refused it
            return
        value = None if correction.operation is Operation.DELETE else cast("Leaf", correction.value)
        if place.field:
            self._set(place.entry, place.field, value, correction)
        elif value is None:
            place.entry.removed = True
        else:
            place.entry.leaf = value
            self._note(place.entry.address, value, correction)

    def move(self, correction: Correction) -> None:
        """Put a result at the end of another list."""
        entry = self.tree.entries[correction.pointer]
        target = self.tree.list_at(str(correction.value))
        for name in ("unattributed_results", *self._trial_lists()):
            found = self.tree.list_at(name if name.startswith("/") else f"/{name}")
            if found is not None and any(each is entry for each in found[0]):
                found[0][:] = [each for each in found[0] if each is not entry]
        if target is not None:
            target[0].append(entry)

    def _trial_lists(self) -> list[str]:
        return [f"{trial.address}/results" for trial in self.tree.lists["trials"]]

    def _append(self, correction: Correction) -> None:
        above = correction.pointer[:-2]
        address = f"{above}/{correction.id}"
        for tree in (self._base, self.tree):
            found = tree.list_at(above)
            if found is None:
                continue
            held, described = found
            kind = described.items if described.items in FIELDS else ""
            entry = tree.make(address, kind, correction.value)
            if tree is self.tree:
                held.append(entry)
                self._note_all(entry, correction)

    def _note_all(self, entry: Entry, correction: Correction) -> None:
        if not entry.kind:
            self._note(entry.address, entry.leaf, correction)
        for name, value in list(entry.leaves.items()):
            if value is not None:
                self._set(entry, name, value, correction)
        for held in entry.lists.values():
            for each in held:
                self._note_all(each, correction)

    def _set(self, entry: Entry, name: str, value: Leaf, correction: Correction) -> None:
        """Give a field its value, and what follows from it to the fields beside it."""
        self._put(entry, name, value, correction)
        if entry.kind == "result" and name == "value":
            self._put(entry, "value_text", self._as_printed(value, correction), correction)
            if value is not None:
                self._put(entry, "reached", None, correction)
        elif entry.kind == "result" and name == "reached" and value is False:
            self._put(entry, "value", None, correction)
            self._put(entry, "value_text", correction.spans[0].text, correction)
        elif name == "enrollment":
            kept = entry.leaves["enrollment_type"] or "ACTUAL"
            if value is None or entry.leaves["enrollment_type"] is None:
                self._put(entry, "enrollment_type", None if value is None else kept, correction)

    def _put(self, entry: Entry, name: str, value: Leaf, correction: Correction) -> None:
        entry.leaves[name] = value
        address = f"{entry.address}/{name}"
        if value is None:
            self.tree.evidence.pop(address, None)
        else:
            self._note(address, value, correction)

    def _as_printed(self, value: Leaf, correction: Correction) -> str | None:
        if value is None:
            return None
        number = next(each for each in self._words.within(correction.spans) if each.value == value)
        return self._words.text[number.start : number.end]

    def _note(self, address: str, value: Leaf, correction: Correction) -> None:
        support = _support(value, correction.spans, self._kind(address))
        rule = f"reviewer {correction.reviewer}"
        self.tree.evidence[address] = [
            {"start": span.start, "end": span.end, "text": span.text, "support": support.value, "rule": rule}
            for span in correction.spans
        ]

    def _kind(self, address: str) -> str:
        place = self.tree.find(address)
        if place is None:
            return "text"
        if place.field:
            return FIELDS[place.entry.kind][place.field].kind
        above, name, _ = address.rsplit("/", 2)
        return FIELDS[self.tree.entries[above].kind][name].items

    def finish(self, summary: Summary) -> Summary:
        """The corrected summary."""
        content, moved = self.tree.assemble()
        return Summary.model_validate(
            {
                **summary.model_dump(
                    mode="json", exclude={"trials", "unattributed_results", "truncations", "evidence"}
                ),
                **content,
                "evidence": dict(self._evidence(moved)),
                "flags": [each.model_dump() for each in self._follow(summary.flags, moved)],
                "rejected": [each.model_dump() for each in self._follow(summary.rejected, moved)],
            }
        )

    def _evidence(self, moved: Mapping[str, str]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
        for address, spans in self.tree.evidence.items():
            pointer = self._where(address, moved)
            if pointer is not None:
                yield pointer, spans

    def _follow(self, items: Sequence[Flag] | Sequence[Rejection], moved: Mapping[str, str]) -> list[Flag | Rejection]:
        """What is said of a record goes where the record goes, or goes with it."""
        found: list[Flag | Rejection] = []
        for item in items:
            pointer = self._where(item.pointer, moved)
            if pointer is not None:
                found.append(item.model_copy(update={"pointer": pointer}))
        return found

    def _where(self, address: str, moved: Mapping[str, str]) -> str | None:
        """The new pointer of an address; None where its record is gone. What is in no record stays as it is."""
        above, rest = address, ""
        while above:
            if above in moved:
                return moved[above] + rest
            if above in self.tree.entries:
                return None
            above, _, name = above.rpartition("/")
            rest = f"/{name}{rest}"
        return address


def _support(value: Leaf, spans: Sequence[SelectedWords], kind: str) -> Support:
    if kind in {"integer", "number"}:
        return Support.NUMBER
    if kind == "text" and holds_words(" ".join(span.text for span in spans), str(value)):
        return Support.QUOTED
    return Support.CUE
