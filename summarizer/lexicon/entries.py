"""What the index stores about a name, and how it is gathered from the data files and the dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from summarizer.lexicon.data import denied, parse_spelling, read_pairs, read_rows
from summarizer.lexicon.dictionaries import DictionaryError, read_disease_names, read_drug_names
from summarizer.lexicon.mentions import MentionKind, MentionSource
from summarizer.lexicon.tokens import key_of

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
        return "|".join((self.case, self.kind, self.source, self.drugbank_id or "", self.generic, self.spelling))

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
    for name in read_drug_names():
        if name.drugbank_id is not None:
            drugbank_ids.setdefault(name.generic, name.drugbank_id)
        key = key_of(name.name)
        # "X/Y" and "X and Y" in a text are two drugs, though the dictionary lists some pairs as products.
        is_pair = "/" in name.name or " and " in name.name
        if is_pair or key in denied("dictionary") or _begins_with_particle(key):
            continue
        case = _CAPITAL if name.is_brand_like else _ANY
        entry = DrugEntry(name.generic, "DRUG", "DICTIONARY", name.drugbank_id, case)
        # A name that is its own heading beats one that is a synonym of another drug.
        if key not in entries or key == key_of(name.generic):
            entries[key] = entry
    return entries, drugbank_ids


def _drugs(dictionary: dict[str, DrugEntry], drugbank_ids: dict[str, str]) -> dict[str, str]:
    """Serialised entries by key; a row of the data files beats the dictionary."""
    vocabulary: dict[str, DrugEntry] = {}
    for key, entry in _vocabulary(drugbank_ids):
        first = vocabulary.setdefault(key, entry)
        is_variant = first.generic == entry.generic and first.spelling and entry.spelling
        if is_variant and entry.spelling not in first.spellings:
            vocabulary[key] = replace(first, spelling=f"{first.spelling};{entry.spelling}")
    return {key: entry.to_value() for key, entry in (dictionary | vocabulary).items()}


def _is_disease(tree: str) -> bool:
    """True for a place in MeSH's tree of diseases or mental disorders."""
    return tree.startswith(("C", "F03")) and not tree.startswith(_NO_DISEASES)


def _dictionary_diseases() -> dict[str, str]:
    symptoms = {name for name, reason in read_pairs("condition_denied.tsv") if reason.startswith("symptom")}
    keyed = [(key_of(name.name), name) for name in read_disease_names()]
    # With a symptom go all its synonyms: dyspnea, breathlessness, shortness of breath.
    denied_headings = {name.heading for key, name in keyed if key in symptoms}
    diseases: dict[str, str] = {}
    for key, name in keyed:
        is_short = all(len(word) <= _SHORTEST_DISEASE for word in key.split())
        if is_short or _begins_with_particle(key) or name.heading in denied_headings:
            continue
        if any(map(_is_disease, name.trees)) and (key not in diseases or key == key_of(name.heading)):
            diseases[key] = f"{name.mesh_id}|{name.heading}"
    return diseases


def _listed_diseases() -> dict[str, str]:
    return {
        key_of(form): f"{mesh_id}|{name}"
        for name, mesh_id in read_pairs("conditions.tsv")
        for form in _with_plural(name)
    }


def _with_starts(names: dict[str, str], prefix: str, start_prefix: str) -> Iterator[tuple[str, str]]:
    longest: dict[str, int] = {}
    for key, value in names.items():
        first = key.partition(" ")[0]
        longest[first] = max(longest.get(first, 0), key.count(" ") + 1)
        yield prefix + key, value
    for first, words in longest.items():
        yield start_prefix + first, str(words)


class Gathered(NamedTuple):
    """Everything that goes into the index."""

    entries: dict[str, str]
    problems: list[str]
    """Dictionaries that could not be read: the index then knows the data files only."""


def gather_entries() -> Gathered:
    """Collect keys and values of the whole index."""
    problems: list[str] = []
    drugs: tuple[dict[str, DrugEntry], dict[str, str]] = ({}, {})
    diseases: dict[str, str] = {}
    try:
        drugs = _dictionary_drugs()
    except DictionaryError as error:
        problems.append(f"drug names come from the built-in lists only: {error}")
    try:
        diseases = _dictionary_diseases()
    except DictionaryError as error:
        problems.append(f"diseases come from the built-in lists only: {error}")
    entries = dict(_with_starts(_drugs(*drugs), DRUG, DRUG_START))
    entries.update(_with_starts(diseases | _listed_diseases(), DISEASE, DISEASE_START))
    return Gathered(entries, problems)
