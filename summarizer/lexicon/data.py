"""The data files of the lexicon: one row per entry, read once, when first needed."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import NamedTuple

_DATA = resources.files("summarizer.lexicon").joinpath("data")

VOCABULARY_FILES = (
    "condition_denied.tsv",
    "conditions.tsv",
    "denied.tsv",
    "drugs.tsv",
    "interventions.tsv",
    "mesh_ids.tsv",
    "stems.tsv",
)
"""The files that go into the cached index."""


@cache
def read_rows(file: str) -> tuple[tuple[str, ...], ...]:
    """Rows of a data file: its columns, without comments and the line of column names.

    Raises:
        ValueError: if a row has not as many columns as the first line.
    """
    lines = _DATA.joinpath(file).read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    width = len(rows[0])
    for row in rows:
        if len(row) != width:
            raise ValueError(f"{file}: {len(row)} columns instead of {width} in {row!r}")
    return tuple(rows[1:])


def read_pairs(file: str) -> tuple[tuple[str, str], ...]:
    """Rows of a data file of two columns."""
    return tuple((first, second) for first, second in read_rows(file))


@cache
def denied(scope: str) -> frozenset[str]:
    """Words of ``denied.tsv`` with this scope."""
    return frozenset(word for word, where, _ in read_rows("denied.tsv") if where == scope)


@cache
def vocabulary_digest() -> str:
    """Fingerprint of the files that go into the index."""
    digest = hashlib.blake2b(digest_size=12)
    for file in VOCABULARY_FILES:
        digest.update(_DATA.joinpath(file).read_bytes())
    return digest.hexdigest()


class Spelling(NamedTuple):
    """One name as a data file writes it, with its rule of case taken off."""

    name: str
    exact: bool
    """Must stand as written, a plural s apart."""
    capital: bool
    """Must begin with a capital: brands."""
    needs_company: bool
    """Ambiguous: counts only where another name of the same entry stands in the text."""


def parse_spelling(written: str) -> Spelling:
    """Read the case rule that a data file expresses by the way it writes a name."""
    needs_company = written.startswith("?")
    name = written.removeprefix("?")
    words = [part for part in name.replace("-", " ").replace("/", " ").replace("+", " ").split() if part]
    # "Vd" or "Pd" are no brands, whatever their capitals.
    brand = len(name) > 3 and all(word.isalpha() and word.istitle() for word in words)
    exact = not brand and (any(c.isupper() for c in name) or "+" in name)
    return Spelling(name, exact, brand, needs_company)
