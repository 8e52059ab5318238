"""Random and hostile input: no crash, no broken invariant, no more than a second a 100 kB.

Random input is made of the cases by `mutations`, put through the targets of `targets` and judged by
`invariants`. Dense texts (`dense`) are one token over and over, which finds what grows with the square of a
length. Hostile files (`hostile`) are the ones that are made to fill a disk, to hang or to get out of a folder.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ..figures import NONE, Figures, Share, Table
from ..material import Material
from .dense import MOST_SECONDS, dense_table
from .hostile import hostile_table
from .inputs import Inputs
from .targets import Targets

EXECUTIONS = {
    "loader": 2_000,
    "reader": 400,
    "pipeline": 600,
    "grounder": 2_000,
    "answers": 600,
    "records": 2_000,
}
"""How often each target is run."""
LEAST_SIZE = 10_000
"""Bytes below which an input's time is held against a tenth of a second: a clock's noise is no finding."""
SHOWN = 20
"""Most examples of one target."""


@dataclass(slots=True)
class Tally:
    """What the executions of one target led to."""

    executions: int = 0
    crashes: int = 0
    breaches: int = 0
    slow: int = 0
    worst: float = 0.0
    """Greatest seconds a 100 kB, of inputs of at least `LEAST_SIZE`."""
    examples: list[str] = field(default_factory=list[str])

    def add(self, data: bytes, run: Callable[[bytes], list[str]]) -> None:
        """Run a target once."""
        self.executions += 1
        started = time.process_time()
        try:
            found = run(data)
        except Exception as error:  # noqa: BLE001 - that anything may come is what is measured
            self.crashes += 1
            self._tell(f"{type(error).__name__}: {error}", data)
            return
        rate = (time.process_time() - started) / max(len(data), LEAST_SIZE) * 100_000
        self.worst = max(self.worst, rate)
        if found:
            self.breaches += 1
            self._tell(found[0], data)
        if rate > MOST_SECONDS:
            self.slow += 1
            self._tell(f"{rate:.2f} s a 100 kB", data)

    def _tell(self, what: str, data: bytes) -> None:
        if len(self.examples) < SHOWN:
            self.examples.append(f"{what[:200]} <- {len(data)} bytes {data[:60]!r}")


def measure(material: Material) -> Figures:
    """Fuzz every target, then the dense texts and the hostile files."""
    articles = tuple(specimen.article for specimen in material.specimens)
    targets = Targets(articles).prepared().by_name()
    records = [record.model_dump_json() for each in material.specimens for record in (each.summary, each.gold)]
    figures = Figures("fuzz")
    tallies: dict[str, Tally] = {}
    for name, run in targets.items():
        chance = material.chance(f"fuzz {name}")
        tally = tallies[name] = Tally()
        made = Inputs(chance, [article.text for article in articles], records).of(name)
        for _ in range(min(EXECUTIONS[name], material.limit or EXECUTIONS[name])):
            tally.add(next(made), run)
        figures.examples += [f"{name}: {example}" for example in tally.examples]
    figures.tables.append(_table("Crashes", tallies, lambda tally: tally.crashes))
    figures.tables.append(_table("Broken invariants", tallies, lambda tally: tally.breaches))
    worst = "; ".join(f"{name} {tally.worst:.2f}" for name, tally in tallies.items())
    note = f"Slowest, in seconds a 100 kB: {worst}. Inputs of less than {LEAST_SIZE:,} bytes count as so many."
    figures.tables.append(_table("Slower than 1 s a 100 kB", tallies, lambda tally: tally.slow, note))
    for table, told in (dense_table(material), hostile_table(material)):
        figures.tables.append(table)
        figures.examples += told
    return figures


def _table(title: str, tallies: dict[str, Tally], count: Callable[[Tally], int], note: str = "") -> Table:
    rows = [Share(name, count(tally), tally.executions, NONE) for name, tally in tallies.items()]
    whole = Share("all", sum(row.hits for row in rows), sum(row.of for row in rows), NONE)
    return Table(title, (*rows, whole), note)
