"""Why a correction can't be applied: it does not fit the record, or its words don't hold what it says.

``assets/checking.js`` does the same in the page, before a correction is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, cast

from summarizer.review.corrections import Correction, Operation, SelectedWords
from summarizer.review.numbers import PrintedNumber, numbers_within, why_not_printed
from summarizer.review.settling import canonical
from summarizer.review.tree import Entry, Tree, identify
from summarizer.review.vocabulary import FIELDS, PATTERNS, Field
from summarizer.text import TextSpan

__all__ = ["Words", "why_unfit", "why_unsupported"]

_MOVABLE: Final = re.compile(r"/unattributed_results/[^/]+|/trials/[^/]+/results/[^/]+")


class Words:
    """The text of an article, with the numbers that it prints."""

    def __init__(self, text: str, numbers: Sequence[PrintedNumber]) -> None:
        self.text = text
        self.numbers = numbers

    def why_wrong(self, spans: Sequence[SelectedWords]) -> str | None:
        """Reason why spans are not the words that a reviewer says, or None."""
        if not spans:
            return "no words of the article were selected"
        for span in spans:
            if span.start >= span.end or self.text[span.start : span.end] != span.text:
                return "the selected words do not stand there in the article"
        return None

    def within(self, spans: Sequence[SelectedWords]) -> list[PrintedNumber]:
        """The numbers in the spans."""
        return numbers_within(self.numbers, [TextSpan(span.start, span.end) for span in spans])


def why_unfit(correction: Correction, base: Tree) -> str | None:
    """Reason why a correction does not fit the machine's record, or None.

    Args:
        correction: The correction.
        base: The record that it must fit; records that were added by earlier corrections included.
    """
    pointer = correction.pointer
    if correction.operation is Operation.ACCEPT and not pointer:
        return None
    if pointer.endswith("/-"):
        return _why_list_unfit(correction, base)
    place = base.find(pointer)
    if place is None:
        return "there is no such place in the record"
    if (reason := _why_other_record(correction, place.entry, base)) is not None:
        return reason
    standing = place.entry.leaves[place.field] if place.field else _content(place.entry)
    is_whole = not place.field and bool(place.entry.kind)
    if not (is_whole and correction.operation is Operation.ACCEPT) and canonical(standing) != canonical(
        correction.before
    ):
        return f"the record says {canonical(standing)} there, not {canonical(correction.before)}"
    return _why_wrong_operation(correction, place.entry, place.field, standing)


def _why_list_unfit(correction: Correction, base: Tree) -> str | None:
    if correction.operation not in {Operation.ADD, Operation.MARK_TRUNCATION}:
        return f"{correction.operation.value} needs the place of a value"
    above = correction.pointer[:-2]
    if base.list_at(above) is None:
        return "there is no such place in the record"
    holder = base.entries.get(above.rpartition("/")[0])
    return None if holder is None else _why_other_record(correction, holder, base)


def _why_other_record(correction: Correction, entry: Entry, base: Tree) -> str | None:
    record = entry if entry.kind else base.entries[entry.address.rsplit("/", 2)[0]]
    same = correction.record is None or canonical(correction.record) == canonical(identify(base, record))
    return None if same else "another record stands there now"


def _why_wrong_operation(correction: Correction, entry: Entry, name: str, standing: object) -> str | None:
    operation = correction.operation
    is_required = bool(name) and FIELDS[entry.kind][name].required
    refused = {
        "there is a value already": operation is Operation.ADD and standing is not None,
        "there is no value to edit": operation is Operation.EDIT and standing is None,
        "a record is edited field by field": operation in {Operation.ADD, Operation.EDIT}
        and not name
        and bool(entry.kind),
        "delete the damaged passage and mark another": operation is Operation.EDIT
        and (entry.kind, name) == ("truncation", "text"),
        f"{name} can't be empty": operation is Operation.DELETE and is_required,
        "only a result can be moved": operation is Operation.MOVE and not _MOVABLE.fullmatch(correction.pointer),
        "a damaged passage is added to the list of truncations": operation is Operation.MARK_TRUNCATION,
    }
    return next((reason for reason, is_wrong in refused.items() if is_wrong), None)


def _content(entry: Entry) -> Any:  # noqa: ANN401 - any JSON
    """An entry as it was made."""
    if not entry.kind:
        return entry.leaf
    lists = {name: [_content(each) for each in held] for name, held in entry.lists.items()}
    return {name: lists[name] if name in lists else entry.leaves[name] for name in FIELDS[entry.kind]}


def why_unsupported(correction: Correction, base: Tree, words: Words) -> str | None:
    """Reason why a correction's new value can't enter the record, or None.

    A value must be of the field's kind, and its numbers must stand in the selected words.
    """
    if correction.operation not in {Operation.ADD, Operation.EDIT, Operation.MARK_TRUNCATION}:
        return None
    if (reason := words.why_wrong(correction.spans)) is not None:
        return reason
    if correction.pointer.endswith("/-"):
        found = base.list_at(correction.pointer[:-2])
        described = found[1] if found else Field(kind="text")
        if described.items in FIELDS:
            return _why_record_unsupported(described.items, correction, words)
        name = correction.pointer.split("/")[-2]
        return _why_value_unsupported(name, _item(described), correction.value, correction.spans, words)
    place = base.find(correction.pointer)
    if place is None:
        return "there is no such place in the record"
    if place.field:
        described, name = FIELDS[place.entry.kind][place.field], place.field
    else:
        above, name, _ = place.entry.address.rsplit("/", 2)
        described = _item(FIELDS[base.entries[above].kind][name])
    return _why_value_unsupported(name, described, correction.value, correction.spans, words)


def _item(described: Field) -> Field:
    return Field(kind="choice" if described.items == "choice" else "text", choices=described.choices)


def _why_record_unsupported(kind: str, correction: Correction, words: Words) -> str | None:
    value = correction.value
    if not isinstance(value, dict):
        return "a record is wanted"
    record = cast("dict[str, Any]", value)
    unknown = next((name for name in record if name not in FIELDS[kind]), None)
    if unknown is not None:
        return f"there is no field {unknown}"
    for name, described in FIELDS[kind].items():
        reason = _why_field_unsupported(name, described, record.get(name), correction.spans, words)
        if reason is not None:
            return reason
    if kind == "truncation" and record["text"] != correction.spans[0].text:
        return "a damaged passage is the selected words"
    return None


def _why_field_unsupported(
    name: str, described: Field, held: object, spans: Sequence[SelectedWords], words: Words
) -> str | None:
    if held is None:
        return f"{name} can't be empty" if described.required else None
    if described.kind != "list":
        return _why_value_unsupported(name, described, held, spans, words)
    if not isinstance(held, list) or described.items in FIELDS:
        return None if held == [] else f"{name} is added on its own"
    items = cast("list[object]", held)
    reasons = (_why_value_unsupported(name, _item(described), each, spans, words) for each in items)
    return next((reason for reason in reasons if reason is not None), None)


def _why_value_unsupported(
    name: str,
    described: Field,
    value: object,
    spans: Sequence[SelectedWords],
    words: Words,
) -> str | None:
    if (reason := _why_wrong_kind(name, described, value)) is not None:
        return reason
    if described.kind in {"choice", "constant"}:
        return None
    return why_not_printed(name, value, " ".join(span.text for span in spans), words.within(spans))


def _why_wrong_kind(name: str, described: Field, value: object) -> str | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    match described.kind:
        case "integer":
            is_integer = is_whole or (isinstance(value, float) and value.is_integer())
            return None if is_integer else f"{name} is a whole number"
        case "number":
            return None if is_whole or isinstance(value, float) else f"{name} is a number"
        case "constant":
            return None if value is described.constant else f"{name} can only be {canonical(described.constant)}"
        case "choice":
            return None if value in described.choices else f"{name} is one of {', '.join(described.choices)}"
        case _:
            if not isinstance(value, str) or not value.strip():
                return f"{name} needs words"
            pattern, advice = PATTERNS.get(name, ("", ""))
            return None if re.search(pattern, value) else advice
