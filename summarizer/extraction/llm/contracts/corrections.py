"""Put a model's second tries into its answer: only what was rejected, nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from pydantic import BaseModel, ValidationError

from summarizer.extraction.draft import Refusal
from summarizer.schemas import AnswerCorrection, ModelAnswer

MOST_REJECTED = 40
"""Values that are sent back at most: more than that is not a slip."""
_VALUE = re.compile(r"^(?P<owner>(?:/t/\d+/(?:a|p|x)/\d+)|(?:/q/\d+))$")
_TEXT_OF_LINK = re.compile(r"^(?P<owner>/r/\d+)/(?P<key>p|g)$")
_INTERVENTION = re.compile(r"^(?P<owner>/t/\d+/g/\d+)/v/(?P<place>\d+)$")
_COUNT = re.compile(r"^(?P<owner>/t/\d+(?:/g/\d+)?)/c$")


def correctable(refused: Sequence[Refusal]) -> list[Refusal]:
    """The refusals that another wording or sentence could mend, once each.

    A trial that the text does not know, and a value that the text gives to another trial or arm, are settled.
    """
    patterns = (_VALUE, _TEXT_OF_LINK, _INTERVENTION, _COUNT)
    by_place = {item.place: item for item in refused if any(pattern.match(item.place) for pattern in patterns)}
    return list(by_place.values())[:MOST_REJECTED]


def apply_corrections(
    answer: ModelAnswer, sent: Sequence[Refusal], corrections: Sequence[AnswerCorrection]
) -> tuple[ModelAnswer, list[Refusal]]:
    """The answer with the corrected values in place, and the refusals of what was taken back or not mentioned."""
    mended = answer.model_copy(deep=True)
    by_number = {item.i: item for item in corrections}
    gone: list[Refusal] = []
    for number, refusal in enumerate(sent):
        given = by_number.get(number)
        if given is None or given.v is None or not _apply(mended, refusal.place, given, given.v):
            gone.append(refusal)
    # From the end, so that places stay right.
    for place in sorted((refusal.place for refusal in gone), key=_position, reverse=True):
        _remove(mended, place)
    return mended, gone


def _position(place: str) -> tuple[tuple[int, int | str], ...]:
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in place.split("/")[1:])


def _owner(answer: ModelAnswer, place: str) -> BaseModel:
    found: object = answer
    for part in place.split("/")[1:]:
        found = cast("list[object]", found)[int(part)] if part.isdigit() else getattr(found, part)
    if not isinstance(found, BaseModel):
        raise TypeError(place)
    return found


def _apply(answer: ModelAnswer, place: str, given: AnswerCorrection, value: str) -> bool:
    """Put one corrected value in; False when it has not the right kind."""
    if match := _VALUE.match(place):
        owner = _owner(answer, match["owner"])
        changed: dict[str, object] = {"q": value, "s": given.s[0] if given.s else 0}
        if not place.startswith("/q"):
            changed = {"v": value, "s": given.s}
        return _set(owner, changed)
    if match := _TEXT_OF_LINK.match(place):
        return _set(_owner(answer, match["owner"]), {match["key"]: value, "s": given.s})
    if match := _INTERVENTION.match(place):
        arm = _owner(answer, match["owner"])
        names = [*getattr(arm, "v", [])]
        names[int(match["place"])] = value
        return _set(arm, {"v": names, "s": [*getattr(arm, "s", []), *given.s]})
    if (match := _COUNT.match(place)) and (number := re.fullmatch(r"C?(\d{1,6})", value.strip())):
        return _set(_owner(answer, match["owner"]), {"c": int(number[1])})
    return False


def _set(owner: BaseModel, changed: dict[str, object]) -> bool:
    try:
        checked = type(owner).model_validate({**owner.model_dump(), **changed})
    except ValidationError:  # an enum value that does not exist: the claim is gone, as if taken back
        return False
    for name in changed:
        setattr(owner, name, getattr(checked, name))
    return True


def _remove(answer: ModelAnswer, place: str) -> None:
    owner, _, last = place.rpartition("/")
    if match := _INTERVENTION.match(place):
        # An arm without one of its interventions is another arm; emptied, it keeps the places of those behind it.
        _set(_owner(answer, match["owner"]), {"v": []})
        return
    if last.isdigit():
        holder, _, key = owner.rpartition("/")
        items = getattr(_owner(answer, holder) if holder else answer, key)
        if int(last) < len(items):
            del items[int(last)]
    else:
        setattr(_owner(answer, owner), last, None)
