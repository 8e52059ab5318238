"""The sections of the benchmark, by name."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module

from .figures import Figures
from .material import Material

SECTIONS = {
    "claims": "altered and harmless claims, here and at the peers",
    "damage": "articles cut the way scrapers cut them",
    "pages": "articles as web pages: text recovered",
    "statistics": "planted inconsistencies and implied counts",
    "fuzz": "random and hostile input",
}
"""Name of a section, which is its module's, and what it measures."""


def run_section(name: str, material: Material) -> Figures:
    """Measure one section."""
    measure: Callable[[Material], Figures] = import_module(f".{name}", __package__).measure
    started = time.perf_counter()
    figures = measure(material)
    figures.seconds = time.perf_counter() - started
    return figures
