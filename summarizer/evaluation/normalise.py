"""The stated rules by which two texts or numbers count as the same; nothing else is forgiven.

==================  =====================================================================================
What                Rule
==================  =====================================================================================
any text            Unicode NFKC; case, dash, quote and space variants, articles (a, an, the), brackets,
                    commas and marks such as ``®`` do not count. A hyphen equals a space equals nothing
                    (``PD-L1-positive`` = ``PD-L1 positive``), but never between numbers (``1%-49%``).
trial names         as text, without the words *trial* and *study*.
sponsors            as text, without legal endings (Inc, Ltd, GmbH ...) and a trailing bracket.
meetings, journals  as text, in any order of words (``2025 ASCO Meeting`` = ``ASCO Meeting 2025``).
arms of results     interventions joined with ``+``: a set, each as text.
subgroups           as text; number words up to ten are digits; ``5 or more``, ``at least 5`` = ``≥5`` and
                    the like for ``>``, ``<``, ``≤``; a leading *patients with* or *patients who had* is
                    dropped (also *participants*, *people*, *subjects*, *individuals*, *those*).
timepoints          number (also a word up to ten) and unit: ``week 24`` = ``24 weeks`` = ``24-week``. Units
                    are never converted: ``1 year`` is ``12 months`` only where the gold file lists both.
units               as text, spaces apart (``mmHg`` = ``mm Hg``); ``percent`` = ``%``; singular = plural.
                    ``%`` and ``percentage points`` differ.
P values            relation and decimal value: ``<.001`` = ``< 0.0010``; ``<0.001`` is not ``0.001``.
numbers             decimal value as printed: 37 = 37.0, 0.50 = 0.5; sign and every digit count; None is
                    not 0.
==================  =====================================================================================
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from summarizer.text import fold as fold_typography

_IGNORED: Final = re.compile(r"[\"'®™©,;()\[\]{}*]")
_ARTICLES: Final = re.compile(r"\b(?:a|an|the)\b(?!-)")
_LEGAL: Final = re.compile(
    r"[\s,.&]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|lp|plc|ag|gmbh|kgaa|se|sa|sas"
    r"|s\.a|s\.p\.a|spa|nv|n\.v|bv|b\.v|a/s|ab|oyj|kk|k\.k|pty)\.?$"
)
_TRAILING_BRACKET: Final = re.compile(r"\s*\([^()]*\)$")
_NUMBER_WORDS: Final = {
    word: str(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
}
_NUMBER_WORD: Final = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b")
_NUMBER: Final = r"(\d+(?:\.\d+)?\s*%?)"
_COMPARATORS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"{_NUMBER}(?:\s+years?)? (?:or|and) (?:more|higher|greater|above|older|over|later)\b", r">=\1"),
        (rf"{_NUMBER}(?:\s+years?)? (?:or|and) (?:less|fewer|lower|below|younger|under)\b", r"<=\1"),
        (rf"\b(?:of |is )?(?:at least|no less than|no fewer than|minimum of) {_NUMBER}", r">=\1"),
        (rf"\b(?:of |is )?(?:at most|no more than|up to|maximum of) {_NUMBER}", r"<=\1"),
        (rf"\b(?:of |is )?(?:more|greater|higher|older) than {_NUMBER}", r">\1"),
        (rf"\b(?:of |is )?(?:above|over|exceeding) {_NUMBER}", r">\1"),
        (rf"\b(?:of |is )?(?:less|fewer|lower|younger) than {_NUMBER}", r"<\1"),
        (rf"\b(?:of |is )?(?:below|under) {_NUMBER}", r"<\1"),
        (rf"\bof (>=|<=|>|<)\s*{_NUMBER}", r"\1\2"),
    )
)
_POPULATION: Final = re.compile(
    r"^(?:in |among |for )?(?:all )?(?:patients|participants|people|subjects|individuals|those) "
    r"(?:with |who (?:had |have |were |are )?)"
)
_TIME_UNITS: Final = {
    "d": "day", "day": "day", "days": "day",
    "w": "week", "wk": "week", "wks": "week", "week": "week", "weeks": "week",
    "m": "month", "mo": "month", "mos": "month", "month": "month", "months": "month",
    "y": "year", "yr": "year", "yrs": "year", "year": "year", "years": "year",
    "h": "hour", "hour": "hour", "hours": "hour", "cycle": "cycle", "cycles": "cycle",
}  # fmt: skip
_UNIT_FIRST: Final = re.compile(r"^(?:at |by |after |through )?([a-z]+)[\s-]*(\d+(?:\.\d+)?)$")
_NUMBER_FIRST: Final = re.compile(r"^(?:at |by |after |through )?(\d+(?:\.\d+)?)[\s-]*([a-z]+)$")
_P_VALUE: Final = re.compile(r"^p?\s*(<=|>=|<|>|=)?\s*(\d*\.?\d+(?:e-?\d+)?)$")
PATIENT_NOUNS: Final = frozenset({"patient", "participant", "people", "person", "subject", "individual"})
"""Units of a COUNT that mean no more than "patients"; a COUNT without a unit counts patients too."""


def fold(text: str) -> str:
    """Fold typography and case, keep words and spaces."""
    # Typography first: NFKC would turn look-alikes of a dash or a decimal point into something else.
    folded = unicodedata.normalize("NFKC", fold_typography(text)).casefold()
    folded = folded.replace("≥", ">=").replace("≤", "<=")
    return " ".join(_IGNORED.sub("", folded).split()).rstrip(" .")


def _compact(folded: str) -> str:
    """Remove articles, spaces and hyphens, except what separates two numbers."""
    text = _ARTICLES.sub(" ", folded)
    text = re.sub(r"(?<=[\d%])\s*(?:-|\bto\b)\s*(?=\d)", "\x00", text)
    text = re.sub(r"(?<=\d)\s+(?=\d)", "\x01", text)
    text = re.sub(r"[\s-]+", "", text)
    return text.replace("\x00", "-").replace("\x01", " ").rstrip(".")


@lru_cache(maxsize=65536)
def text_key(text: str) -> str:
    """Key of any text: drugs, conditions, biomarkers, aliases, registry numbers, endpoints, agencies."""
    return _compact(fold(text))


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """Key of a trial name or alias, without the words *trial* and *study*."""
    folded = re.sub(r"\b(?:trial|study)\b", " ", fold(text))
    return _compact(folded) or text_key(text)


@lru_cache(maxsize=16384)
def sponsor_key(text: str) -> str:
    """Key of a company or institution, without legal endings and a trailing bracket."""
    folded = unicodedata.normalize("NFKC", fold_typography(text)).casefold().strip()
    folded = _TRAILING_BRACKET.sub("", folded).rstrip(" .,")
    while (shorter := _LEGAL.sub("", folded).rstrip(" .,&")) != folded and shorter:
        folded = shorter
    return text_key(folded)


@lru_cache(maxsize=16384)
def meeting_key(text: str) -> str:
    """Key of a meeting or journal: its words, in any order."""
    words = re.sub(r"'s\b", "", fold_typography(text).casefold())
    return " ".join(sorted(_ARTICLES.sub(" ", fold(words)).replace("-", " ").split()))


@lru_cache(maxsize=65536)
def arm_key(text: str) -> str:
    """Key of a result's arm: the set of its interventions."""
    return " + ".join(sorted({text_key(part) for part in re.split(r"\s*\+\s*", text) if part.strip()}))


@lru_cache(maxsize=65536)
def phrase_key(text: str) -> str:
    """Key of a subgroup."""
    folded = _NUMBER_WORD.sub(lambda match: _NUMBER_WORDS[match[0]], fold(text))
    for pattern, replacement in _COMPARATORS:
        folded = pattern.sub(replacement, folded)
    return _compact(_POPULATION.sub("", folded))


@lru_cache(maxsize=16384)
def timepoint_key(text: str) -> str:
    """Key of a timepoint: number and unit, never converted."""
    folded = _NUMBER_WORD.sub(lambda match: _NUMBER_WORDS[match[0]], fold(text))
    if (match := _UNIT_FIRST.match(folded)) and match[1] in _TIME_UNITS:
        return f"{_decimal_key(match[2])} {_TIME_UNITS[match[1]]}"
    if (match := _NUMBER_FIRST.match(folded)) and match[2] in _TIME_UNITS:
        return f"{_decimal_key(match[1])} {_TIME_UNITS[match[2]]}"
    return _compact(folded)


@lru_cache(maxsize=16384)
def unit_key(text: str) -> str:
    """Key of a unit."""
    folded = fold(text)
    if folded in {"percent", "per cent", "pct"}:
        return "%"
    if folded in _TIME_UNITS and len(folded) > 1:
        return _TIME_UNITS[folded]
    words = [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in folded.split()]
    return "".join(words).replace("-", "")


@lru_cache(maxsize=16384)
def p_key(text: str) -> str:
    """Key of a P value: relation and decimal value."""
    folded = fold(text)
    match = _P_VALUE.match(folded.removeprefix("p-value").removeprefix("p value").strip())
    if match is None:
        return _compact(folded)
    return f"{match[1] or '='}{_decimal_key(match[2])}"


def _decimal_key(text: str) -> str:
    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text


def number_key(value: float) -> Decimal:
    """Exact decimal value of a number as printed (37 and 37.0 are one number; 0.1 is exactly 0.1)."""
    return Decimal(repr(value)).normalize()
