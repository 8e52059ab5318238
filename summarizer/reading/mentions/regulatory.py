"""Agencies, regulatory actions and dates."""

from __future__ import annotations

import re
from functools import cache

from summarizer.reading.mentions.model import ActionMention, Agency, DateMention
from summarizer.reading.phrases import PhraseTable, Token, read_rows, split_wordings
from summarizer.schemas import RegulatoryAction
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


@cache
def _agency_table() -> PhraseTable[str]:
    rows = read_rows(_VOCABULARY, "agencies.tsv")
    return PhraseTable([(wording, name) for name, cell in rows for wording in split_wordings(cell)])


_COUNTRY = re.compile(
    r"\b(?:in|by) (China|Japan|Europe|the European Union|the EU|the United States|the US|the U\.S\.|Canada|Australia"
    r"|South Korea|Korea|the UK|Brazil)\b|^(China|Japan)\b(?= (?:cleared|approved))"
)


def find_agencies(folded: str, tokens: list[Token]) -> list[Agency]:
    """Agencies named in the tokens' stretch of text."""
    return [Agency(match.payload, match.span) for match in _agency_table().find(folded, tokens)]


def find_countries(folded: str, span: TextSpan) -> list[Agency]:
    """Countries where something was approved, for texts that name no agency."""
    found: list[Agency] = []
    for match in _COUNTRY.finditer(folded, *span):
        group = 1 if match[1] else 2
        name = match[group].removeprefix("the ")
        found.append(Agency(name, TextSpan(*match.span(group))))
    return found


@cache
def _actions() -> tuple[tuple[RegulatoryAction, re.Pattern[str]], ...]:
    rows = read_rows(_VOCABULARY, "regulatory_actions.tsv")
    return tuple((RegulatoryAction(action), re.compile(pattern, re.IGNORECASE)) for action, pattern in rows)


_HINTS = tuple(
    "approv clear letter crl reject turned down turns down opinion recommend review breakthrough fast orphan hold"
    " withdr submi filed filing files applic market authori licen ind may now can now backs backed refus declin green"
    " permission lifted bla nda maa".split()
)
"""Lower-case text of which at least one piece stands in every regulatory wording."""


def find_actions(folded: str, span: TextSpan) -> list[ActionMention]:
    """Regulatory actions of one sentence; at overlapping places the first row of the vocabulary wins."""
    lowered = folded[span.start : span.end].lower()
    if not any(hint in lowered for hint in _HINTS):
        return []
    found: list[ActionMention] = []
    for action, pattern in _actions():
        for match in pattern.finditer(folded, *span):
            place = TextSpan(*match.span())
            if not any(place.overlaps(other.span) for other in found):
                found.append(ActionMention(action, place))
    return sorted(found, key=lambda item: item.span)


def action_licensed(action: RegulatoryAction, words: str) -> bool:
    """True when ``words`` (folded) hold a wording of ``action``."""
    return any(row is action and pattern.search(words) for row, pattern in _actions())


_MONTH_NAMES = (
    "January Jan|February Feb|March Mar|April Apr|May|June Jun|July Jul|August Aug|September Sept Sep|October Oct"
    "|November Nov|December Dec"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)? (?P<month2>{_MONTH})\.?,? (?P<year2>(?:19|20)\d\d)\b"
    rf"|\b(?P<month3>{_MONTH})\.?,? (?:of )?(?P<year3>(?:19|20)\d\d)\b"
    rf"|\b(?P<month4>{_MONTH}) (?P<day4>\d{{1,2}})\b(?!,? \d{{4}})"
    r"|\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b"
)


def find_dates(folded: str, span: TextSpan) -> list[DateMention]:
    """Dates with a year, to the precision given; "January 4" without a year as ``--01-04``."""
    found: list[DateMention] = []
    for match in _DATE.finditer(folded, *span):
        place = TextSpan(*match.span())
        if match["iso"]:
            iso = match["iso"]
        elif match["month4"]:
            iso = f"--{_MONTHS[match['month4']]:02d}-{int(match['day4']):02d}"
        elif match["month3"]:
            iso = f"{match['year3']}-{_MONTHS[match['month3']]:02d}"
        else:
            month, day, year = (
                (match["month"], match["day"], match["year"])
                if match["month"]
                else (match["month2"], match["day2"], match["year2"])
            )
            iso = f"{year}-{_MONTHS[month]:02d}-{int(day):02d}"
        found.append(DateMention(iso, place))
    return found
