"""Cue wordings around a number: what makes it something else than an estimate, and what kind of estimate it is."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from summarizer.reading.estimates.atom_patterns import EXTENDED_BY
from summarizer.reading.estimates.atoms import Atom
from summarizer.reading.phrases import read_rows
from summarizer.text import TextSpan

VOCABULARY = "summarizer.reading.vocabulary"


class _Exclusion(NamedTuple):
    before: bool
    reason: str
    pattern: re.Pattern[str]


@cache
def _exclusions() -> dict[str, tuple[_Exclusion, ...]]:
    by_kind: dict[str, list[_Exclusion]] = {}
    for kinds, side, reason, pattern in read_rows(VOCABULARY, "non_estimates.tsv"):
        before = side == "BEFORE"
        compiled = re.compile(f"(?:{pattern})$" if before else pattern, re.IGNORECASE)
        for kind in kinds.split(","):
            by_kind.setdefault(kind, []).append(_Exclusion(before, reason, compiled))
    return {kind: tuple(rows) for kind, rows in by_kind.items()}


_WINDOW = 110
"""Characters of context around a number that a cue may use: keeps every look-up bounded."""


def exclusion_reason(folded: str, atom: Atom, clause: TextSpan) -> str | None:
    """Why this number is no estimate (follow-up, dose, threshold ...), or None."""
    before = folded[max(clause.start, atom.span.start - _WINDOW) : atom.span.start]
    after = folded[atom.span.end : min(clause.end, atom.span.end + _WINDOW)]
    if EXTENDED_BY.search(before):
        return None
    for exclusion in _exclusions().get(atom.kind.value, ()):
        if exclusion.before:
            if exclusion.pattern.search(before):
                return exclusion.reason
        elif exclusion.pattern.match(after):
            return exclusion.reason
    return None


_RISK_WORDS = r"(?:risk|odds|hazard|likelihood|chance|probability)"
_REDUCED = (
    r"(?:reduc\w+|lower\w*|cut(?:ting|s)?|decreas\w+|slash\w+|drop\w*|fell|fallen|declin\w+|halv\w+|trimm\w+|improv\w+)"
)
_RISK_BEFORE = re.compile(
    rf"\b{_REDUCED}\b[^;]{{0,40}}\b{_RISK_WORDS}\b[^;]{{0,90}}\bby (?:a relative |about |roughly |nearly )?$"
    rf"|\b{_RISK_WORDS}\b[^;]{{0,70}}\b(?:{_REDUCED}\b[^;]{{0,12}}\bby|by) (?:about |roughly |nearly )?$"
    rf"|\b{_REDUCED} (?:the )?(?:total|number|rate|incidence)\b[^;]{{0,90}}\bby (?:about |roughly )?$"
    r"|\b(?:vaccine efficacy|vaccine effectiveness|efficacy(?! (?:outcome|end|measure|population|analys|set|estimand"
    r"|variable"
    r"|result|data|evaluable|goal)))\b[^;]{0,80}$|\bVE\b[^;]{0,40}$",
    re.IGNORECASE,
)
_RISK_AFTER = re.compile(
    r"\s?(?:relative |statistically significant |significant )?"
    r"(?:reduction|decrease|drop|fall|cut|improvement|decline)s?"
    r"(?: in| of)?(?: the| a)?(?: relative| total| overall)? ?"
    rf"(?:{_RISK_WORDS}|hazard|rate of|worsening|death|progression)"
    rf"|\s?(?:lower|reduced|decreased|smaller)(?: relative)? {_RISK_WORDS}"
    r"|\s(?:lower|less likely|less|fewer)\b(?! than)|\s?(?:vaccine efficacy|effective|efficacy\b)",
    re.IGNORECASE,
)
_RISK_REDUCTION_LOOSE_AFTER = re.compile(r"\s?(?:relative )?(?:risk )?reduction\b", re.IGNORECASE)
_HIGHER_RISK_AFTER = re.compile(r"\s(?:increase|higher|greater|more)\b", re.IGNORECASE)
_CHANGE_BEFORE = re.compile(
    r"\b(?:reduc\w+|lower\w*|decreas\w+|increas\w+|fell|fall\w*|dropp?\w*|declin\w+|rose|rise\w*|moved|moving|chang\w+|loss|lost"
    r"|los(?:e|ing)|gain\w*|slow\w+|down|up|grew|climb\w*|shr(?:a|u|i)nk\w*)\b[^;]{0,90}$",
    re.IGNORECASE,
)
_CHANGE_AFTER = re.compile(
    r"\s(?:reduction|decrease|increase|change|drop|fall|decline|loss|slowing|lower|improvement|weight loss)\b",
    re.IGNORECASE,
)
_DIFFERENCE_BEFORE = re.compile(
    r"\b(?:difference|placebo-adjusted|placebo-corrected|beyond placebo|beat placebo|more than placebo"
    r"|versus placebo|(?:improved|rose|fell|better) over placebo|favou?red (?:the )?[\w-]+ by"
    r"|treatment effect|between-group|net benefit|absolute (?:benefit|improvement|reduction))\b[^;]{0,90}$"
    r"|\b(?:exten|prolong|lengthen|improv|increas)\w* [^;.]{0,60}\bby (?:about |almost |nearly |more than )?$",
    re.IGNORECASE,
)
_DIFFERENCE_AFTER = re.compile(
    r"\s(?:absolute )?(?:(?:difference|placebo-adjusted|absolute|longer|ahead)\b"
    r"|(?:median )?(?:(?:overall survival|progression-free survival|survival|OS|PFS) )?"
    r"(?:improvement|gain|benefit|advantage|extension|prolongation|gap)\b(?! (?:of|in) (?:the )?(?:risk|hazard)))",
    re.IGNORECASE,
)
_MEDIAN_BEFORE = re.compile(r"\b(?:[Mm]edians?|MEDIAN)\b[^;]{0,110}$")
_MEAN_BEFORE = re.compile(
    r"\b(?:[Mm]eans?|LSM|[Aa]verag(?:e|ed|ing)|least[- ]squares|ending at|ended at|final values?)\b[^;]{0,100}$"
)


class Cues(NamedTuple):
    """Which cue wordings stand around a number; each is the span of the wording or None."""

    risk: TextSpan | None
    change: TextSpan | None
    difference: TextSpan | None
    median: TextSpan | None
    mean: TextSpan | None


def read_cues(folded: str, span: TextSpan, clause: TextSpan) -> Cues:
    """Cues in the clause around ``span``."""
    low = max(clause.start, span.start - 2 * _WINDOW)
    high = min(clause.end, span.end + _WINDOW)
    before, after = folded[low : span.start], folded[span.end : high]

    def look(first: re.Pattern[str], second: re.Pattern[str] | None) -> TextSpan | None:
        match = first.search(before)
        if match:
            return TextSpan(low + match.start(), span.start)
        match = second.match(after) if second else None
        return TextSpan(span.end, span.end + match.end()) if match else None

    risk = look(_RISK_BEFORE, _RISK_AFTER)
    if risk is None and _RISK_REDUCTION_LOOSE_AFTER.match(after):
        risk = TextSpan(span.end, span.end + 10)
    if _HIGHER_RISK_AFTER.match(after):
        risk = None
    return Cues(
        risk=risk,
        change=look(_CHANGE_BEFORE, _CHANGE_AFTER),
        difference=look(_DIFFERENCE_BEFORE, _DIFFERENCE_AFTER),
        median=look(_MEDIAN_BEFORE, None),
        mean=look(_MEAN_BEFORE, None),
    )
