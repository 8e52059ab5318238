"""Meetings, journals and organisations."""

from __future__ import annotations

import re
from functools import cache

from summarizer.reading.mentions.model import Organisation, Venue
from summarizer.reading.phrases import PhraseTable, Token, read_rows, split_wordings
from summarizer.text import Taken, TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


@cache
def _venue_table() -> PhraseTable[tuple[str, bool]]:
    rows = read_rows(_VOCABULARY, "venues.tsv")
    return PhraseTable(
        [(wording, (name, kind == "JOURNAL")) for kind, name, cell in rows for wording in split_wordings(cell)]
    )


_YEAR_AFTER = re.compile(
    r"(?:'s)?(?: [Aa]nnual [Mm]eeting| [Cc]ongress| [Ss]ymposium| [Ss]cientific [Ss]essions?| [\w-]+ meeting)?,? \(?"
    r"(?P<year>(?:19|20)\d\d)\b"
)
_YEAR_BEFORE = re.compile(r"(?P<year>(?:19|20)\d\d) (?:[A-Z][\w-]+ ){0,2}$")
_WORDS_AFTER = re.compile(
    r"(?:'s)? (?:Annual Meeting|Congress|Symposium|Scientific Sessions?|annual meeting|congress|[a-z-]+ meeting)\b"
    r"(?: and Exposition)?"
)
_ORDINAL_BEFORE = re.compile(r"(?P<ordinal>\d{1,3}(?:st|nd|rd|th) )(?:Annual )?$")


def find_venues(folded: str, tokens: list[Token]) -> list[Venue]:
    """Meetings and journals, a year beside a meeting included in its name."""
    found: list[Venue] = []
    for match in _venue_table().find(folded, tokens):
        name, is_journal = match.payload
        span = match.span
        if is_journal:
            found.append(Venue(name, span, is_journal=True))
            continue
        written = span.of(folded)
        words = _WORDS_AFTER.match(folded, span.end)
        if words and not re.search(r"(?:Meeting|Congress|Symposium|Sessions?)$", written, re.IGNORECASE):
            span = TextSpan(span.start, words.end())
        after = _YEAR_AFTER.match(folded, span.end)
        before = _YEAR_BEFORE.search(folded[max(0, span.start - 40) : span.start])
        ordinal = _ORDINAL_BEFORE.search(folded[max(0, span.start - 10) : span.start])
        year = None
        if after:
            year, span = after["year"], TextSpan(span.start, after.end())
        elif before:
            year = before["year"]
            span = TextSpan(span.start - len(before.group()), span.end)
        label = meeting_name(name, span.of(folded))
        if ordinal:
            label = ordinal["ordinal"] + written
            span = TextSpan(span.start - len(ordinal.group()), span.end)
        elif year:
            label = f"{label} {year}"
        found.append(Venue(label, span, is_journal=False))
    return found


def meeting_name(canonical: str, written: str) -> str:
    """How the record names a meeting: as the text does, a full name and abbreviation shortened to the usual form."""
    compact = re.sub(r"\s?\(?(?:19|20)\d\d\)?,?", "", written).strip(" ,(")
    if "(" in compact or len(compact) > 60:
        return canonical
    return compact


@cache
def _organisation_table() -> PhraseTable[str]:
    rows = read_rows(_VOCABULARY, "organisations.tsv")
    return PhraseTable([(wording, name) for name, cell in rows for wording in split_wordings(cell)])


_COMPANY = re.compile(
    r"\b(?P<name>(?:[A-Z][\w&'-]*\s){0,3}?[A-Z][\w&'-]*(?:\s"
    r"(?P<kind>Therapeutics|Pharmaceuticals?|Pharma|Biosciences?|Biotech(?:nology)?|Biopharma(?:ceuticals?)?"
    r"|Oncology|Sciences|Medicines?|Biologics|Laboratories|Genetics|Bio|Biotherapeutics|Immunotherapeutics|Vaccines"
    r"|Health(?:care)?)))"
    r"(?:,? (?:Inc|Ltd|Co|LLC|plc|PLC|AG|SA|S\.A|GmbH|NV|N\.V|Corp|Corporation|Limited|Holdings?|SE|KGaA)\b\.?)*"
    r"|\b(?P<plain>(?:[A-Z][\w&'-]+\s){0,2}?[A-Z][\w&'-]+\s?),? (?:Inc|Ltd|LLC|plc|PLC|AG|GmbH|N\.V|NV|Corp"
    r"|Corporation|Limited)\b\.?"
)
_NOT_COMPANY = re.compile(
    r"^(?:The|A|An|In|At|And|Clinical|Medical|American|European|Society|Journal|Head|Global|Chief|Director|Senior|He"
    r"|She|They|Investigators|Researchers|Doctors|World|National|International|Radiation|Thoracic|Gynecologic"
    r"|Surgical|Cancer)\b"
)


_SPEAKS_OF_ITS_OWN = re.compile(
    r"\b(?P<name>[A-Z][a-z]+[A-Za-z]*(?: [A-Z][a-z]+)?) (?:said|announced|reported|says|has announced|has said) "
    r"(?:today |on \w+ |that )*(?:its|it (?:has|had|will|plans|is|was))\b"
)


_KIND_BEHIND = re.compile(
    r" (?:Therapeutics|Pharmaceuticals?|Pharma|Biosciences?|Biotech(?:nology)?|Biopharma(?:ceuticals?)?|Oncology"
    r"|Medicines?|Biologics|Laboratories|Genetics|Biotherapeutics|Immunotherapeutics|Vaccines)\b"
)


def _in_full(folded: str, name: str, span: TextSpan) -> Organisation:
    """A known company as the text writes it out: the company "Orchard" as "Orchard Biosciences"."""
    behind = _KIND_BEHIND.match(folded, span.end)
    if behind is None:
        return Organisation(name, span)
    whole = TextSpan(span.start, behind.end())
    return Organisation(whole.of(folded), whole)


def find_organisations(folded: str, tokens: list[Token], span: TextSpan) -> list[Organisation]:
    """Companies, groups and institutions named in a sentence."""
    found = [_in_full(folded, match.payload, match.span) for match in _organisation_table().find(folded, tokens)]
    taken = Taken(item.span for item in found)
    for match in _COMPANY.finditer(folded, *span):
        group = "name" if match["name"] else "plain"
        name = match[group].strip()
        place = TextSpan(match.start(group), match.start(group) + len(name))
        if not _NOT_COMPANY.match(name) and taken.take(place):
            found.append(Organisation(name, place))
    for match in _SPEAKS_OF_ITS_OWN.finditer(folded, *span):
        place = TextSpan(*match.span("name"))
        if not _NOT_COMPANY.match(match["name"]) and taken.take(place):
            found.append(Organisation(match["name"], place))
    return sorted(found, key=lambda item: item.span)
