"""Fuzz one target with atheris, guided by what of the program an input reaches.

Usage: ``python -m evals.benchmarks.trust.fuzz.atheris TARGET [-runs=N] [-max_total_time=SECONDS] [CORPUS ...]``

``TARGET`` is one of the targets of `targets`; what follows it goes to libFuzzer. Inputs start from the labelled
cases. A crash, a broken invariant or an input slower than 1 s a 100 kB ends the run; libFuzzer then writes the input
to ``crash-...`` in the working folder.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..material import Material

TARGETS = ("loader", "reader", "pipeline", "grounder", "answers", "records")
SEEDS = 300
"""Inputs that a run begins with."""
LONGEST = 20_000
"""Bytes of an input at most."""
PATIENCE = 0.5
"""Seconds that any input may take: tracing makes a program some ten times slower."""


class BrokenInvariantError(AssertionError):
    """An input led to something that must never be."""


def main(arguments: list[str]) -> None:
    """Run until libFuzzer has had enough."""
    if not arguments or arguments[0] not in TARGETS:
        raise SystemExit(f"name a target: {', '.join(TARGETS)}")
    atheris = _atheris()
    traced = ["summarizer", "schemas", (__package__ or "").partition(".")[0]]
    with atheris.instrument_imports(include=traced):
        # Only what is imported here for the first time is traced.
        material = import_module(".material", __package__).load_material()
        run = _prepared(arguments[0], material)
    with tempfile.TemporaryDirectory(prefix="summarizer-seeds-") as folder:
        _write_seeds(arguments[0], material, Path(folder))
        options = [f"-max_len={LONGEST}", "-timeout=60", *arguments[1:], folder]
        atheris.Setup([sys.argv[0], *options], atheris.instrument_func(run))
        atheris.Fuzz()


def _atheris() -> ModuleType:
    try:
        return import_module("atheris")
    except ImportError as error:
        raise SystemExit("atheris is not installed; `pip install atheris` (Linux and macOS)") from error


def _prepared(name: str, material: Material) -> Callable[[bytes], None]:
    targets = import_module(".targets", __package__).Targets
    target = targets(tuple(specimen.article for specimen in material.specimens)).prepared().by_name()[name]

    def run(data: bytes) -> None:
        started = time.process_time()
        found = target(data)
        seconds = time.process_time() - started
        if found:
            raise BrokenInvariantError(found[0])
        if seconds > PATIENCE + 10 * len(data) / 100_000:
            raise BrokenInvariantError(f"{seconds:.1f} s for {len(data)} bytes")

    return run


def _write_seeds(name: str, material: Material, folder: Path) -> None:
    texts = [specimen.article.text for specimen in material.specimens]
    records = [r.model_dump_json() for each in material.specimens for r in (each.summary, each.gold)]
    chance = random.Random(f"{material.seed} {name}")  # noqa: S311 - repeatable, not secret
    inputs = import_module(".inputs", __package__).Inputs(chance, texts, records).of(name)
    for number, data in enumerate(islice(inputs, SEEDS)):
        (folder / str(number)).write_bytes(data[:LONGEST])


if __name__ == "__main__":
    main(sys.argv[1:])
