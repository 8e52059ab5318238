"""What ``summarizer bench trust`` does: run the benchmark that ships beside the program, show and write its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console

from summarizer.cli.speech import say
from summarizer.errors import ConfigurationError

__all__ = ["Wanted", "measure_trust"]

DONE, MISSED = 0, 1
_PLACES = ("summarizer.benchmarks.trust", "evals.benchmarks.trust")
"""Where the benchmark is: in the wheel, in a checkout."""
_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure."""

    sections: tuple[str, ...]
    """Names of sections; none means all."""
    peers: bool
    """Whether to measure the peers too."""
    cases: Path | None
    """Folder of labelled articles; None for the built-in ones."""
    seed: int | None
    """Seed; None for the benchmark's own."""
    limit: int | None
    """Most items of each measure; None makes all."""


def measure_trust(wanted: Wanted, *, json: Path | None, readme: Path | None, misses: int) -> int:
    """Measure, show and write.

    Args:
        wanted: what to measure.
        json: where to write the figures.
        readme: a file with marks to write the tables between.
        misses: how many misses to list for each section.

    Returns:
        Exit status: 1 when a target was missed.

    Raises:
        ConfigurationError: if a section does not exist, the benchmark or the peers are not installed, or a file can't
            be written.
    """
    parts = _Parts(*(import_module(f"{_find()}.{name}") for name in ("material", "sections", "show")))
    names = wanted.sections or tuple(parts.sections.SECTIONS)
    # First of all: a wrong file name must not come out after half an hour.
    _require(parts, names, json, readme)
    found = _measure(parts, names, wanted, misses)
    if json is not None:
        json.write_text(parts.show.as_json(found), encoding="utf-8", newline="\n")
    if readme is not None:
        parts.show.write_between_marks(readme, found)
    missed = list(parts.show.missed_lines(found))
    for line in missed:
        say(f"missed: {line}")
    return MISSED if missed else DONE


@dataclass(frozen=True, slots=True)
class _Parts:
    """Modules of the benchmark, which is typed as what it is: a package found at run time."""

    material: ModuleType
    sections: ModuleType
    show: ModuleType


def _require(parts: _Parts, names: Sequence[str], json: Path | None, readme: Path | None) -> None:
    for name in names:
        if name not in parts.sections.SECTIONS:
            raise ConfigurationError(
                f"there is no section {name!r}", f"take one of {', '.join(parts.sections.SECTIONS)}"
            )
    if json is not None and not json.absolute().parent.is_dir():
        raise ConfigurationError(f"{json}: its folder does not exist", "make it, or name another file")
    if readme is not None:
        parts.show.require_marks(readme)


def _measure(parts: _Parts, names: Sequence[str], wanted: Wanted, misses: int) -> list[Any]:
    """Figures of each section, shown as soon as they are there."""
    chosen = {} if wanted.seed is None else {"seed": wanted.seed}
    material = parts.material.load_material(wanted.cases, limit=wanted.limit, with_peers=wanted.peers, **chosen)
    console = Console(width=_WIDTH, markup=False, emoji=False, highlight=False)
    found: list[Any] = []
    for name in names:
        say(f"{name}: {parts.sections.SECTIONS[name]}")
        figures = parts.sections.run_section(name, material)
        for table in (*figures.tables, *figures.compared):
            console.print(parts.show.as_grid(table))
        for line in figures.examples[:misses]:
            console.print(f"- {parts.show.inert(line)}")
        if len(figures.examples) > misses:
            console.print(f"  and {len(figures.examples) - misses} more")
        say(f"{name}: {figures.seconds:.0f} s")
        found.append(figures)
    return found


def _find() -> str:
    """Name of the benchmark's package."""
    for place in _PLACES:
        parent = place.rsplit(".", 1)[0]
        if find_spec(parent) is not None and find_spec(place) is not None:
            return place
    raise ConfigurationError("the benchmark is not installed", "run it in a checkout, or install the wheel")
