"""What a reviewer says about a record, as lines of a file.

Every pointer is one of the record as the machine made it, whatever else was corrected: corrections of one article don't
shift each other, and those of two reviewers can be put together in any order. A record that a correction added is
addressed by the id of that correction in the place of an index.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.errors import ConfigurationError

__all__ = [
    "Correction",
    "Operation",
    "SelectedWords",
    "append_correction",
    "dump_correction",
    "parse_correction",
    "read_corrections",
    "write_corrections",
]


class Operation(StrEnum):
    """What a reviewer does."""

    ACCEPT = "accept"
    """A value, a record or (with an empty pointer) the whole summary is right as it stands."""
    EDIT = "edit"
    """A value becomes another."""
    DELETE = "delete"
    """A value or a record goes."""
    ADD = "add"
    """A value where there is none, or (with a pointer that ends in ``/-``) an item or a record of a list."""
    MOVE = "move"
    """A result goes to another trial, or to those of no known trial."""
    MARK_TRUNCATION = "mark_truncation"
    """A passage is damaged."""
    WITHDRAW = "withdraw"
    """An earlier correction does not count."""


class SelectedWords(BaseModel):
    """Words of the article that a reviewer selected."""

    model_config = ConfigDict(extra="forbid")

    start: int = Field(ge=0)
    """First character, 0-based, in Unicode code points of the canonical text."""
    end: int = Field(ge=0)
    """One past the last character."""
    text: str
    """The words."""


class Correction(BaseModel):
    """One line of a file of corrections."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*$")
    """Unlike any other's; never a mere number, so that it can stand for an index in a pointer."""
    article: str = Field(pattern="^[0-9a-f]{64}$")
    """SHA-256 of the article's text (``source.sha256``)."""
    source: str | None = None
    """Name of the article, for people."""
    reviewer: str = Field(min_length=1)
    """Who says so."""
    time: str
    """When, ISO 8601."""
    operation: Operation
    """What is done."""
    pointer: str = ""
    """JSON pointer (RFC 6901) of what it is done to."""
    record: list[Any] | None = None
    """What tells the machine's record from others: see :func:`summarizer.review.tree.identify`."""
    before: Any = None
    """What stood there in the machine's record; of a record that is deleted or moved, the whole of it."""
    value: Any = None
    """What is to stand there; of a move, the pointer of the list that the result goes to."""
    spans: list[SelectedWords] = Field(default_factory=list[SelectedWords])
    """The words that the new value rests on."""
    withdraws: str | None = None
    """Id of the correction that does not count any more."""
    conflicts_with: list[str] = Field(default_factory=list[str])
    """Ids of corrections that contradict it, as the last merge found them; for people."""


def parse_correction(line: str) -> Correction:
    """Read one line.

    Raises:
        ValueError: if it is no correction; the message says where and why, on one line.
    """
    try:
        return Correction.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from error


def dump_correction(correction: Correction) -> str:
    """One line; what is empty is left out."""
    content = correction.model_dump(mode="json")
    kept = {name: value for name, value in content.items() if value not in (None, [], "") or name == "pointer"}
    return json.dumps(kept, ensure_ascii=True, separators=(",", ":"))


def write_corrections(path: Path, corrections: Iterable[Correction]) -> None:
    """Write a file of corrections in one step: what was there is replaced, or stays."""
    partial = path.with_name(f".partial-{path.name}")
    with partial.open("w", encoding="ascii", newline="\n") as stream:
        stream.writelines(f"{dump_correction(each)}\n" for each in corrections)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def append_correction(path: Path, correction: Correction) -> bool:
    """Add a line to a file of corrections, so that it is there even when the machine stops at once.

    Returns:
        False where it was in the file already.
    """
    with FileLock(path.with_name(f"{path.name}.lock")):
        if path.exists() and any(each.id == correction.id for each in read_corrections([path])):
            return False
        with path.open("a+b") as stream:
            end = stream.seek(0, os.SEEK_END)
            stream.seek(max(end - 1, 0))
            is_cut = end > 0 and stream.read(1) != b"\n"  # by a power cut, or an editor
            stream.write(b"\n" * is_cut + dump_correction(correction).encode("ascii") + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    return True


def read_corrections(paths: Iterable[Path]) -> list[Correction]:
    """Read files of corrections, in the order given; a correction that is in several counts once.

    Raises:
        ConfigurationError: if a file can't be read, or a line is no correction.
    """
    found: dict[str, Correction] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path}: can't be read: {error}", "name a file of corrections") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                correction = parse_correction(line)
            except ValueError as error:
                raise ConfigurationError(
                    f"{path}, line {number}: no correction: {error}", "export the corrections again, or remove the line"
                ) from error
            found.setdefault(correction.id, correction)
    return list(found.values())
