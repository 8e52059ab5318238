"""What the index stores about a name, and how it is gathered from the data files and the dictionaries."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from summarizer.lexicon.data import denied, parse_spelling, read_pairs, read_rows
from summarizer.lexicon.dictionaries import DictionaryError, read_disease_names, read_drug_names
from summarizer.lexicon.mentions import MentionKind, MentionSource
from summarizer.lexicon.tokens import key_of

_log = logging.getLogger(__name__)

_NO_DISEASES = ("C22", "C23", "C24", "C25", "C26")
"""Trees of animal diseases, signs and symptoms, occupational exposure, chemically induced disorders, and
injuries."""
_SHORTEST_DISEASE = 3
"""Names of words this short only are abbreviations with many meanings: those that matter have a data file."""

DRUG, DRUG_START, DISEASE, DISEASE_START = "d:", "d^", "c:", "c^"
"""Prefixes of the keys: a name, and the first word of names with the greatest number of words that follow
it."""

_ANY, _CAPITAL, _EXACT, _COMPANY = "a", "c", "e", "n"


@dataclass(frozen=True, slots=True)
class DrugEntry:
    """What is known of one drug name."""

    generic: str
    kind: MentionKind
    source: MentionSource
    drugbank_id: str | None = None
    case: str = _ANY
    spelling: str = ""
    """The name as it must stand, where its case matters; several are separated by semicolons."""

    @property
    def spellings(self) -> list[str]:
        """The ways in which the name may stand, where its case matters."""
        return self.spelling.split(";") if self.spelling else []

    @property
    def needs_capital(self) -> bool:
        """True for a brand: in lower case it is another word."""
        return self.case == _CAPITAL

    @property
    def needs_company(self) -> bool:
        """True for an abbreviation that counts only beside another name of the same thing."""
        return self.case == _COMPANY

    def to_value(self) -> str:
        """Serialise for the table."""
        return "|".join(
            (self.case, self.kind, self.source, self.drugbank_id or "", self.generic, self.spelling)
        )

    @classmethod
    def from_value(cls, value: str) -> DrugEntry:
        """Read back what ``to_value`` wrote."""
        case, kind, source, drugbank_id, generic, spelling = value.split("|")
        return cls(
            generic,
            cast("MentionKind", kind),
            cast("MentionSource", source),
            drugbank_id or None,
            case,
            spelling,
        )


def _spelled(written: str) -> tuple[str, str, str]:
    """Name, case rule and spelling of one entry of a data file."""
    spelling = parse_spelling(written)
    if spelling.needs_company:
        return spelling.name, _COMPANY, spelling.name
    if spelling.exact:
        return spelling.name, _EXACT, spelling.name
    return spelling.name, _CAPITAL if spelling.capital else _ANY, ""


def _with_plural(name: str) -> Iterator[str]:
    yield name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        yield name[:-1] + "ies"
    elif name[-1].isalpha() and not name.endswith("s"):
        yield name + "s"


def _vocabulary(drugbank_ids: dict[str, str]) -> Iterator[tuple[str, DrugEntry]]:
    """Entries of the data files. Where two share a key, the first counts."""
    for row_generic, row_kind, synonyms in read_rows("interventions.tsv"):
        kind = cast("MentionKind", row_kind)
        yield from _row_entries(DrugEntry(row_generic, kind, "VOCABULARY"), synonyms)
    for generic, names in read_pairs("drugs.tsv"):
        yield from _row_entries(DrugEntry(generic, "DRUG", "VOCABULARY", drugbank_ids.get(generic)), names)


def _row_entries(entry: DrugEntry, synonyms: str) -> Iterator[tuple[str, DrugEntry]]:
    """Entries of one row: its name and synonyms; classes and procedures in the plural too."""
    written_names = [entry.generic, *filter(None, synonyms.split("|"))]
    for written in written_names:
        if "?" + written in written_names:
            continue  # the name itself is an ambiguous abbreviation
        name, case, spelling = _spelled(written)
        for form in _with_plural(name) if entry.kind in ("CLASS", "PROCEDURE") else (name,):
            yield key_of(form), replace(entry, case=case, spelling=form if spelling else "")


def _begins_with_particle(key: str) -> bool:
    """True for a name such as "5 ht" or "a beta".

    Its first word stands everywhere and would cost a look-up each time.
    """
    first, _, rest = key.partition(" ")
    return bool(rest) and (len(first) <= 2 or first in ("and", "the", "two", "all", "new"))


def _dictionary_drugs() -> tuple[dict[str, DrugEntry], dict[str, str]]:
    entries: dict[str, DrugEntry] = {}
    drugbank_ids: dict[str, str] = {}
    try:
        for name in read_drug_names():
            if name.drugbank_id is not None:
                drugbank_ids.setdefault(name.generic, name.drugbank_id)
            key = key_of(name.name)
            # "X/Y" and "X and Y" in a text are two drugs, though the dictionary lists some pairs as products.
            if (
                key in denied("dictionary")
                or _begins_with_particle(key)
                or "/" in name.name
                or " and " in name.name
            ):
                continue
            case = _CAPITAL if name.is_brand_like else _ANY
            entry = DrugEntry(name.generic, "DRUG", "DICTIONARY", name.drugbank_id, case)
            # A name that is its own heading beats one that is a synonym of another drug.
            if key not in entries or key == key_of(name.generic):
                entries[key] = entry
    except DictionaryError as error:
        _log.warning("drug names come from the built-in lists only: %s", error)
    return entries, drugbank_ids


def _with_starts(names: dict[str, str], prefix: str, start_prefix: str) -> Iterator[tuple[str, str]]:
    longest: dict[str, int] = {}
    for key, value in names.items():
        first, _, rest = key.partition(" ")
        longest[first] = max(longest.get(first, 0), rest.count(" ") + 2 if rest else 1)
        yield prefix + key, value
    for first, words in longest.items():
        yield start_prefix + first, str(words)


def gather_entries() -> Iterable[tuple[str, str]]:
    """Keys and values of the whole index."""
    dictionary, drugbank_ids = _dictionary_drugs()
    vocabulary: dict[str, DrugEntry] = {}
    for key, entry in _vocabulary(drugbank_ids):
        first = vocabulary.setdefault(key, entry)
        if (
            first.spelling
            and entry.spelling
            and entry.spelling not in first.spellings
            and entry.generic == first.generic
        ):
            vocabulary[key] = replace(first, spelling=f"{first.spelling};{entry.spelling}")
    drugs = {key: entry.to_value() for key, entry in (dictionary | vocabulary).items()}
    yield from _with_starts(drugs, DRUG, DRUG_START)
    yield from _with_starts(_diseases(), DISEASE, DISEASE_START)


def _is_disease(tree: str) -> bool:
    """True for a place in MeSH's tree of diseases or mental disorders.

    Symptoms and animal diseases left out.
    """
    return tree.startswith(("C", "F03")) and not tree.startswith(_NO_DISEASES)


def _diseases() -> dict[str, str]:
    diseases = {
        key_of(plural): f"{mesh_id}|{name}"
        for name, mesh_id in read_pairs("conditions.tsv")
        for plural in _with_plural(name)
    }
    listed = frozenset(diseases)
    symptoms = {name for name, reason in read_rows("condition_denied.tsv") if reason.startswith("symptom")}
    try:
        keyed = [(key_of(name.name), name) for name in read_disease_names()]
        # With a symptom go all its synonyms: dyspnea, breathlessness, shortness of breath.
        denied_headings = {name.heading for key, name in keyed if key in symptoms}
        for key, name in keyed:
            if not any(_is_disease(tree) for tree in name.trees) or all(
                len(word) <= _SHORTEST_DISEASE for word in key.split()
            ):
                continue
            if name.heading in denied_headings or _begins_with_particle(key):
                continue
            if key not in diseases or (key == key_of(name.heading) and key not in listed):
                diseases[key] = f"{name.mesh_id}|{name.heading}"
    except DictionaryError as error:
        _log.warning("diseases have no MeSH ids: %s", error)
    return diseases
