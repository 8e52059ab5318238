"""Research codes of compounds: ``GDC-9545``, ``PHST001``, ``BAY 2927088``, ``9-ING-41``.

A string that looks like one is a drug only when its letters are a sponsor's, or when the text uses it
like a drug. Protocol codes (``XX104-302``), trial designations and genes look alike and are left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from summarizer.lexicon.data import denied, read_rows

CODE_SHAPE = (
    r"(?:[A-Z]{2,6}-?[A-Z]?\d{2,8}[A-Z]{0,2}(?:\d{1,2})?|[A-Z]{1,6}-\d{3,8}[A-Z]?"
    r"|[A-Z]{2,5} \d{3,8}|\d{1,3}-[A-Z]{2,4}-\d{1,4})"
)
"""What a compound's code looks like, in folded text."""

_CODE = re.compile(r"(?<![\w/])(?<!\w-)" + CODE_SHAPE + r"(?![\w]|-[A-Z]?-?\d)")
_LETTERS = re.compile(r"[A-Z]+")
# A trial's name or a protocol, by the words around it.
_TRIAL_AFTER = re.compile(
    r"(?:\)|,? \([^)]{0,40}\))? (?:study|studies|trial|trials|protocol|program|cohort|regimen)\b"
    r"|[ ,(]+NCT\d|-\d"
)
_TRIAL_BEFORE = re.compile(
    r"(?:\b(?:study|trial|protocol|studies|trials)(?:,? (?:called|named|designated|known as))?,? \(?"
    r"|NCT\d{8}[;,] ?)$",
    re.IGNORECASE,
)
_THING = r"inhibitor|antibody|agonist|antagonist|degrader|conjugate|vaccine|candidate|compound|drug|agent|molecule"
_DRUG_BEFORE = re.compile(
    r"\b(?:(?:dos(?:e|es|ed|ing)|treat(?:ed|ment)|therapy|trials?|study|studies|monotherapy|combination"
    r"|administration|received|receive|receiving|given|evaluat\w+|investigat\w+|efficacy|safety|tolerability"
    rf"|mg|mg/kg|kg|therapeutic|{_THING})"
    r"(?: (?:of|with|to|for|the|a|combining|using|on|named|called)){0,4}"
    r"|(?:plus|versus|vs\.?|about|randomi[sz]ed to)) \(?$",
    re.IGNORECASE,
)
_DRUG_AFTER = re.compile(
    rf"(?:,? (?:is|was|an?|the|our)(?: \S+){{0,6}}? (?:{_THING}|therapy|peptide|product|treatment|virus"
    r"|modulator|activator|blocker|tablet|pill)\b"
    r"|[- ](?:monotherapy|plus|alone|arm|group|dose|doses|treated|treatment|tablets?|capsules?|injections?"
    r"|\d+(?:\.\d+)? ?mg)\b"
    r"|,? in combination|,? combined with| at (?:a dose|\d+(?:\.\d+)? ?mg))",
    re.IGNORECASE,
)


class CodeUse(NamedTuple):
    """One code in the text."""

    start: int
    end: int
    code: str


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(prefix for prefix, _ in read_rows("code_prefixes.tsv"))


def has_sponsor_letters(code: str) -> bool:
    """True when the code begins with a sponsor's letters and has a compound's number of digits."""
    letters = _LETTERS.match(code)
    return letters is not None and letters.group() in _prefixes() and sum(c.isdigit() for c in code) >= 3


def is_code_like(word: str) -> bool:
    """True when ``word`` is shaped like a compound's code and does not begin like a gene.

    An assay or a registry id.
    """
    if re.fullmatch(CODE_SHAPE, word) is None:
        return False
    letters = _LETTERS.search(word)
    return letters is None or letters.group() not in denied("code")


def _is_spaced_code(code: str) -> bool:
    """True for ``BAY 2927088`` and ``AMG 757``; a year is no compound."""
    digits = code.partition(" ")[2]
    return len(digits) != 4 or not digits.startswith(("19", "20"))


def find_codes(folded: str) -> list[CodeUse]:
    """Codes that are used like drugs, all occurrences of each, in order."""
    uses: dict[str, list[CodeUse]] = {}
    accepted: set[str] = set()
    for match in _CODE.finditer(folded):
        code = match.group()
        if not is_code_like(code):
            continue
        start, end = match.span()
        before, after = folded[max(0, start - 60) : start], folded[end : end + 90]
        known = has_sponsor_letters(code)
        if " " in code and not (known and _is_spaced_code(code)):
            continue
        if _TRIAL_AFTER.match(after) or (_TRIAL_BEFORE.search(before) and not known):
            continue
        uses.setdefault(code, []).append(CodeUse(start, end, code))
        if known or _DRUG_AFTER.match(after) or _DRUG_BEFORE.search(before):
            accepted.add(code)
    return sorted(use for code, found in uses.items() if code in accepted for use in found)
