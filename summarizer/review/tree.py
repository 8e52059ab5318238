"""A summary's records with addresses that no correction shifts.

Each record and each item of a list is an entry, addressed by its pointer in the machine's record. Entries can be marked
as removed, added and moved between lists; only at the end are they numbered anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from summarizer.review.vocabulary import FIELDS, LISTS, Field
from summarizer.schemas import Summary

__all__ = ["Entry", "Leaf", "Place", "Tree", "identify"]

Leaf: TypeAlias = str | int | float | bool | None


@dataclass(slots=True)
class Entry:
    """A record, or an item of a list of values."""

    address: str
    """Its pointer in the machine's record."""
    kind: str
    """Kind of record; empty for an item."""
    leaf: Leaf = None
    """The value of an item."""
    leaves: dict[str, Leaf] = field(default_factory=dict[str, Leaf])
    """Fields of a record that hold one value."""
    lists: dict[str, list[Entry]] = field(default_factory=dict[str, "list[Entry]"])
    """Fields of a record that hold items or records."""
    removed: bool = False
    """Whether a correction took it out."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a pointer leads to."""

    entry: Entry
    """The record or item; of a field, the record that has it."""
    field: str = ""
    """Name of the field; empty for the entry itself."""


class Tree:
    """The records of one summary."""

    def __init__(self, summary: Summary) -> None:
        self.entries: dict[str, Entry] = {}
        self.lists: dict[str, list[Entry]] = {}
        content = summary.model_dump(mode="json", include=set(LISTS))
        for name, kind in LISTS.items():
            self.lists[name] = [
                self.make(f"/{name}/{at}", kind, record) for at, record in enumerate(cast("list[Any]", content[name]))
            ]
        self.evidence: dict[str, list[dict[str, Any]]] = {
            pointer: [span.model_dump(mode="json") for span in spans] for pointer, spans in summary.evidence.items()
        }

    def make(self, address: str, kind: str, content: object) -> Entry:
        """Make an entry of its JSON, with all that is in it, and register it; fields left out are empty."""
        entry = Entry(address, kind)
        self.entries[address] = entry
        if not kind:
            entry.leaf = cast("Leaf", content)
            return entry
        record = cast("dict[str, Any]", content)
        for name, described in FIELDS[kind].items():
            if described.kind == "list":
                item = described.items if described.items in FIELDS else ""
                entry.lists[name] = [
                    self.make(f"{address}/{name}/{at}", item, each) for at, each in enumerate(record.get(name, ()))
                ]
            else:
                entry.leaves[name] = record.get(name)
        return entry

    def find(self, pointer: str) -> Place | None:
        """What a pointer leads to; None where it leads nowhere."""
        entry = self.entries.get(pointer)
        if entry is not None:
            return Place(entry)
        above, _, name = pointer.rpartition("/")
        entry = self.entries.get(above)
        return Place(entry, name) if entry is not None and name in entry.leaves else None

    def list_at(self, pointer: str) -> tuple[list[Entry], Field] | None:
        """The list that a pointer leads to, and what it holds; None where it leads to none."""
        above, _, name = pointer.rpartition("/")
        if not above:
            kind = LISTS.get(name)
            return None if kind is None else (self.lists[name], Field(kind="list", items=kind))
        entry = self.entries.get(above)
        if entry is None or name not in entry.lists:
            return None
        return entry.lists[name], FIELDS[entry.kind][name]

    def remove(self, entry: Entry) -> None:
        """Take an entry out, with all that is in it now."""
        entry.removed = True

    def assemble(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The records as JSON, numbered anew, and address -> new pointer of all that is left."""
        moved: dict[str, str] = {}
        content = {name: list(_assemble(entries, f"/{name}", moved)) for name, entries in self.lists.items()}
        return content, moved


def _assemble(entries: list[Entry], pointer: str, moved: dict[str, str]) -> Iterator[Any]:
    at = 0
    for entry in entries:
        if entry.removed:
            continue
        own = f"{pointer}/{at}"
        at += 1
        moved[entry.address] = own
        if not entry.kind:
            yield entry.leaf
            continue
        moved.update((f"{entry.address}/{name}", f"{own}/{name}") for name in entry.leaves)
        lists = {name: list(_assemble(held, f"{own}/{name}", moved)) for name, held in entry.lists.items()}
        yield {name: lists[name] if name in lists else entry.leaves[name] for name in FIELDS[entry.kind]}


_IDENTITY = {
    "trial": ("name", "focus"),
    "result": ("endpoint", "statistic", "value"),
    "endpoint": ("endpoint", "rank"),
    "event": ("agency", "action", "date"),
    "truncation": ("text", "kind"),
}
_ANCHORS = ("value", "value_text", "reached", "p_value", "ci_low", "text", "name", "focus", "endpoint", "action")
"""Fields whose first place in the text tells a record from its like, the best one first."""


def identify(tree: Tree, entry: Entry) -> list[Any]:
    """What tells a record from others of its kind: its main fields and its place in the text.

    A correction carries it, so that it is not applied to another record that has come to stand at the same pointer.
    """
    if entry.kind == "arm":
        main: list[Any] = [item.leaf for item in entry.lists["interventions"]]
    else:
        main = [entry.leaves[name] for name in _IDENTITY[entry.kind]]
    pointers = [f"{entry.address}/{name}" for name in _ANCHORS]
    pointers.append(f"{entry.address}/interventions/0")
    start = next((spans[0]["start"] for p in pointers if (spans := tree.evidence.get(p))), None)
    return [entry.kind, *main, start]
