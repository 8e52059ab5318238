"""Scales, scores and questionnaires by their own titles, and by the abbreviations that the article gives them.

No list holds the hundreds of instruments of the field. What they have in common is the noun at their end, and that an
article which uses an abbreviation has given it once behind the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from summarizer.reading.estimates.endpoint_mentions import EndpointKind, EndpointMention
from summarizer.text import TextSpan

_NOUN = r"(?:Scale|Score|Index|Questionnaire|Inventory|Assessment|Module|Diary|Test|Profile)"
_TITLE = re.compile(
    rf"\b(?:[A-Z][\w'.-]*(?: (?:of|for|in)(?: the)?)? ){{1,7}}{_NOUN}(?: [A-Z][a-z]{{3,}})?"
    r"(?: \((?P<short>[A-Z][A-Za-z]{0,3}[A-Z][\w-]{0,8})\))?(?: (?:total |sum |composite |global )?scores?)?\b"
)
_PLAIN = re.compile(
    r"\b(?:(?!the\b|an?\b|mean\b|median\b|total\b|and\b|or\b|in\b|on\b|of\b|with\b|by\b|for\b|at\b|to\b|that\b|this\b"
    r"|their\b|its\b|whose\b|had\b|was\b|were\b|as\b|from\b|than\b|risk\b|propensity\b|proportion\b|positive\b|higher\b"
    r"|lower\b|better\b|worse\b|baseline\b|point\b|reporting\b|prognostic\b|each\b|same\b|average\b|low\b|high\b)"
    r"[a-z][a-z-]+ ){1,3}(?:score|scale|index)s?(?: \((?P<short>[A-Z][A-Za-z]{0,3}[A-Z][\w-]{0,8})\))?"
)
_DECLARED = re.compile(
    r"\b(?:endpoints?|end points?|outcomes?|measures?)\b[^.;()]{0,60}\b(?:was|were|is)\b (?:the |a )?[^.;()]{0,70}?"
    r"\b(?:score|scale|sum|difference|distance|volume|index|area|concentration|level|slope)\b[^.;()]{0,50}"
    r"\((?P<short>[A-Z][A-Za-z]{0,3}[A-Z][\w-]{0,8})\)"
)
_ARTICLES_AT_ONCE = 8


@lru_cache(maxsize=_ARTICLES_AT_ONCE)
def _short_names(folded: str) -> re.Pattern[str] | None:
    """The abbreviations that the article gives to instruments; asked for at each of its sentences."""
    names = {
        match["short"]
        for pattern in (_TITLE, _PLAIN, _DECLARED)
        for match in pattern.finditer(folded)
        if match["short"] is not None
    }
    if not names:
        return None
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])(?: (?:total |sum )?scores?)?")


def find_instruments(folded: str, span: TextSpan, known: Sequence[EndpointMention]) -> list[EndpointMention]:
    """Instruments named in ``folded[span]`` that the vocabulary does not hold; a title may hold a word that it does."""
    short = _short_names(folded)
    found: list[EndpointMention] = []
    for pattern in (_TITLE, _PLAIN, *([short] if short is not None else [])):
        for match in pattern.finditer(folded, *span):
            place = TextSpan(*match.span())
            beside = [other for other in (*known, *found) if place.overlaps(other.span)]
            if any(pattern is not _TITLE or not place.covers(other.span) or place == other.span for other in beside):
                continue
            words = re.sub(r" \([^)]*\)", "", match.group()).lower()
            found.append(EndpointMention(words, EndpointKind.MEASURE, place, words))
    return found
