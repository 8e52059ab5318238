"""What the pages must know of the record: its fields, the values that a field may have, and how text is folded.

All of it is read off the models, so that a page and the program never disagree about a field.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel

from summarizer.schemas import (
    Arm,
    DeclaredEndpoint,
    RegulatoryEvent,
    Result,
    TrialRecord,
    Truncation,
    TruncationKind,
)

__all__ = ["FIELDS", "LISTS", "PATTERNS", "Field", "FieldKind", "field_help", "make_vocabulary"]

FieldKind: TypeAlias = Literal["text", "integer", "number", "constant", "choice", "list"]
"""What a field holds: words, a whole number, a number, one value or nothing, one of several values, or items."""

_KINDS: Final[Mapping[str, type[BaseModel]]] = {
    "trial": TrialRecord,
    "arm": Arm,
    "endpoint": DeclaredEndpoint,
    "event": RegulatoryEvent,
    "result": Result,
    "truncation": Truncation,
}
_RECORD_KINDS: Final = {id(model): kind for kind, model in _KINDS.items()}
_CONSTANTS: Final = {"multicenter": True, "international": True, "registrational": True, "reached": False}
"""Booleans say one thing or nothing: True when stated, or False for an estimate that was not reached."""


class Field(BaseModel):
    """One field of a record."""

    kind: FieldKind
    """What it holds."""
    items: str = ""
    """Of a list: ``text``, ``choice`` or the kind of its records."""
    choices: list[str] = []
    """Values of a closed vocabulary."""
    constant: bool | None = None
    """The one value of a constant."""
    required: bool = False
    """Whether a record can't do without it."""
    help: str = ""
    """What it means, in a sentence."""


def _describe(name: str, annotation: object, *, required: bool, text: str) -> Field:
    if get_origin(annotation) is list:
        item: object = get_args(annotation)[0]
        record_kind = _RECORD_KINDS.get(id(item))
        if record_kind is not None:
            return Field(kind="list", items=record_kind, help=text)
        inner = _describe(name, item, required=False, text="")
        return Field(kind="list", items=inner.kind, choices=inner.choices, help=text)
    held = _without_none(annotation)
    if held is bool:
        return Field(kind="constant", constant=_CONSTANTS[name], help=text)
    if isinstance(held, type) and issubclass(held, StrEnum):
        return Field(kind="choice", choices=[each.value for each in held], required=required, help=text)
    kind: FieldKind = "integer" if held is int else "number" if held is float else "text"
    return Field(kind=kind, required=required, help=text)


def _without_none(annotation: object) -> object:
    if get_origin(annotation) in {Union, types.UnionType}:
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _fields(model: type[BaseModel]) -> dict[str, Field]:
    return {
        name: _describe(name, info.annotation, required=info.is_required(), text=info.description or "")
        for name, info in model.model_fields.items()
    }


FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {kind: _fields(model) for kind, model in _KINDS.items()}
"""Kind of record -> field -> what it holds."""
PATTERNS: Final = {
    "p_value": (r"^(<|>|<=|>=|≤|≥)?[0-9]*\.?[0-9]+$", "write a P value as <0.001 or 0.03"),
    "date": (r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", "write a date as 2025-06-11, 2025-06 or 2025"),
}
"""Field -> form of its text, and advice."""
LISTS: Final = {"trials": "trial", "unattributed_results": "result", "truncations": "truncation"}
"""Top-level list of a summary -> kind of its records."""


def field_help(kind: str, name: str) -> str:
    """What a field means."""
    return FIELDS[kind][name].help


@cache
def make_vocabulary() -> dict[str, Any]:
    """Everything that the pages must know, as JSON."""
    from summarizer.review import numbers  # noqa: PLC0415 - it reads FIELDS

    return {
        "fields": {kind: {name: field.model_dump() for name, field in held.items()} for kind, held in FIELDS.items()},
        "lists": LISTS,
        "patterns": PATTERNS,
        "truncation_kinds": [kind.value for kind in TruncationKind],
        **numbers.shared_with_pages(),
    }
