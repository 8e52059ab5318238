"""The lines of a model's answer: one fact each, a third of the tokens of the same fact as a JSON object.

phases PHASE3 @1                                  attribute, value, sentences
arm EXPERIMENTAL talvorexib + gemcitabine @1 C2 E0,3     role, interventions, size, the values of this arm
enrollment C0
endpoint PRIMARY overall survival @3
event APPROVAL @7
results E2,5                                      values of no single arm
timepoint 24 months @4 E3,4
subgroup patients with FGFR2 fusions @5 E5
quote a response rate of 41% @9                   a value that carries no id
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_MARKS = re.compile(r"(?:^|\s+)(?P<kind>[@CES])(?P<numbers>S?\d{1,6}(?:\s?,\s?[@CES]?\d{1,6})*)\s*$")
_LONGEST_LINE = 600


class Line(NamedTuple):
    """A line, taken apart."""

    key: str
    words: str
    sentences: list[int]
    size: int | None
    estimates: list[int]


def read_line(line: str) -> Line | None:
    """Take a line apart; None when it has no key."""
    rest = line[:_LONGEST_LINE].strip()
    found: dict[str, list[int]] = {}
    while match := _MARKS.search(rest):
        kind = match["kind"].replace("S", "@")
        if kind in found:  # "phase E2 E3" would go on into the words
            break
        found[kind] = [int(number) for number in re.findall(r"\d+", match["numbers"])]
        rest = rest[: match.start()]
    key, _, words = rest.partition(" ")
    if not key:
        return None
    sizes = found.get("C")
    return Line(
        key.strip(":=").lower(), words.strip(" :="), found.get("@", []), sizes[0] if sizes else None, found.get("E", [])
    )


def write_line(key: str, words: str, sentences: list[int], count: int | None = None, *estimates: int) -> str:
    """The line of a fact."""
    parts = [key, words]
    if sentences:
        parts.append("@" + ",".join(map(str, sentences)))
    if count is not None:
        parts.append(f"C{count}")
    if estimates:
        parts.append("E" + ",".join(map(str, estimates)))
    return " ".join(part for part in parts if part)


class TrialLines:
    """The lines of one trial as the objects that they stand for; what can't be read is kept aside."""

    def __init__(self, place: int, lines: list[str]) -> None:
        self.place = place
        self.attributes: list[dict[str, Any]] = []
        self.arms: list[dict[str, Any]] = []
        self.enrollment: int | None = None
        self.endpoints: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.quotes: list[dict[str, Any]] = []
        self.unread: list[str] = []
        self._links: dict[int, dict[str, Any]] = {}
        for line in lines:
            taken = read_line(line)
            if taken is None or not self._take(taken):
                self.unread.append(line)

    @property
    def links(self) -> list[dict[str, Any]]:
        """What the trial's estimates belong to."""
        return list(self._links.values())

    def _take(self, line: Line) -> bool:
        if not line.words and line.key not in ("enrollment", "results"):
            return False
        match line.key:
            case "enrollment":
                self.enrollment = line.size
                return line.size is not None
            case "results" | "timepoint" | "subgroup":
                return self._link(line)
            case "arm":
                return self._arm(line)
            case "quote":
                self.quotes.append({"q": line.words, "s": (line.sentences or [-1])[0], "t": self.place})
            case "event":
                self.events.append({"v": line.words.upper(), "s": line.sentences})
            case "endpoint":
                rank, _, words = line.words.partition(" ")
                self.endpoints.append({"v": words, "r": rank.upper(), "s": line.sentences})
            case _:
                self.attributes.append({"k": line.key, "v": line.words, "s": line.sentences})
        return True

    def _arm(self, line: Line) -> bool:
        role, _, words = line.words.partition(" ")
        names = [name.strip() for name in words.split(" + ") if name.strip()]
        self.arms.append({"r": role.upper(), "v": names, "s": line.sentences, "c": line.size})
        for number in line.estimates:
            self._of(number)["a"] = len(self.arms) - 1
        return True

    def _link(self, line: Line) -> bool:
        for number in line.estimates:
            link = self._of(number)
            if line.key != "results":
                link["p" if line.key == "timepoint" else "g"] = line.words
                link["s"] = [*link.get("s", []), *line.sentences]
        return bool(line.estimates)

    def _of(self, number: int) -> dict[str, Any]:
        return self._links.setdefault(number, {"e": [number], "t": self.place})
