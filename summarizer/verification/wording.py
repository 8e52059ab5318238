"""Do two wordings name the same thing? Brands, abbreviations and typography are forgiven, digits never."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache

from summarizer.extraction.rules.clusters import same_form
from summarizer.grounding.quotes import tokens_of, without_joiners
from summarizer.lexicon import find_conditions, find_drugs
from summarizer.reading.estimates.atoms import AtomKind, normalise_p, read_atoms
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.markers import find_markers
from summarizer.reading.estimates.subgroups import canonical_subgroup
from summarizer.reading.mentions.names import find_organisations, find_venues
from summarizer.reading.mentions.regulatory import find_agencies
from summarizer.reading.phrases import tokenize
from summarizer.text import TextSpan, fold, plain


def says_same(field: str, stated: object, known: object) -> bool:
    """True when ``stated`` is ``known`` in other words.

    Args:
        field: field of the record, without its place: ``arm``, ``conditions``, ``p_value`` ...
        stated: what a record says.
        known: what the text says, in canonical form.
    """
    if stated == known:
        return True
    if not isinstance(stated, str) or not isinstance(known, str):
        return False
    words = _clean(stated)
    if _form(words) == _form(known):
        return True
    canonical = _CANONICAL.get(field)
    return canonical is not None and canonical(words) == canonical(known)


def _clean(words: str) -> str:
    """Folded words, HTML entities read, without characters of no width."""
    read = html.unescape(words) if "&" in words else words
    return fold(without_joiners(read))


@lru_cache(maxsize=4096)
def _form(words: str) -> str:
    """The words as comparable pieces: what parts a quote's typography from the text's parts no value's either."""
    return " ".join(token.form for token in tokens_of(words))


@lru_cache(maxsize=4096)
def _drugs(words: str) -> str:
    """Interventions by their generic names, joined with `` + ``."""
    parts = [part.strip() for part in re.split(r" ?\+ ?| plus ", words)]
    return " + ".join(_drug(part) for part in parts)


_DOSED = re.compile(r"(?P<name>.*?)(?P<dose>(?: \d[\d.,]* ?(?:mg|mcg|\u00b5g|g|U)(?:/\w+)?)?)")


def _drug(part: str) -> str:
    match = _DOSED.fullmatch(part)
    name, dose = (match["name"], match["dose"]) if match else (part, "")
    found = find_drugs(name)
    whole = len(found) == 1 and found[0].end - found[0].start == len(name)
    return (found[0].generic if whole else plain(name)) + _form(dose).replace(" ", "")


@lru_cache(maxsize=4096)
def _condition(words: str) -> str:
    found = find_conditions(words)
    whole = len(found) == 1 and found[0].end - found[0].start == len(words.strip())
    return plain(found[0].name) if whole else plain(words)


@lru_cache(maxsize=4096)
def _endpoint(words: str) -> str:
    span = TextSpan(0, len(words))
    found = [mention for mention in find_endpoints(words, span) if mention.span == span]
    return found[0].as_phrase().value if found else plain(words)


def _timepoint(words: str) -> str:
    found = [atom for atom in read_atoms(words, 0, len(words)) if atom.kind is AtomKind.TIMEPOINT]
    return found[0].text if len(found) == 1 and found[0].span == TextSpan(0, len(words)) else plain(words)


_PRINTED_P = re.compile(r"(?:p\s?)?(?P<relation><=|>=|[<>=\u2264\u2265])?\s?(?P<number>\d*\.\d+|\d+)", re.IGNORECASE)


def _p_value(words: str) -> str:
    match = _PRINTED_P.fullmatch(words.strip())
    return plain(words) if match is None else normalise_p(match["relation"] or "=", match["number"])


def _marker(words: str) -> str:
    span = TextSpan(0, len(words))
    found = [marker for marker in find_markers(words, span) if marker.span == span]
    return plain(found[0].value if found else words)


def _organisation(words: str) -> str:
    found = find_organisations(words, tokenize(words), TextSpan(0, len(words)))
    return plain(found[0].name) if len(found) == 1 else plain(words)


def _venue(words: str) -> str:
    found = find_venues(words, tokenize(words))
    return plain(found[0].name) if len(found) == 1 else plain(words)


def _agency(words: str) -> str:
    found = find_agencies(words, tokenize(words))
    return plain(found[0].name) if len(found) == 1 else plain(words)


def _subgroup(words: str) -> str:
    return _form(canonical_subgroup(words))


_CANONICAL: dict[str, Callable[[str], str]] = {
    "agency": _agency,
    "aliases": same_form,
    "arm": _drugs,
    "biomarkers": _marker,
    "conditions": _condition,
    "endpoint": _endpoint,
    "interventions": _drugs,
    "name": same_form,
    "p_value": _p_value,
    "presented_at": _venue,
    "prior_therapies": _drugs,
    "registry_ids": same_form,
    "sponsors": _organisation,
    "subgroup": _subgroup,
    "timepoint": _timepoint,
}
