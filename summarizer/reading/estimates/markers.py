"""Selection markers: "HER2-negative", "PD-L1 CPS ≥1", "EGFR-mutated", "ESR1 mutation"."""

from __future__ import annotations

import re
from functools import cache

from summarizer.reading.estimates.model import Phrase
from summarizer.reading.estimates.subgroups import canonical_subgroup
from summarizer.reading.phrases import read_rows
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    genes = "|".join(
        sorted((re.escape(row[0]) for row in read_rows(_VOCABULARY, "markers.tsv")), key=len, reverse=True)
    )
    state = (
        r"(?:positive|negative|mutated|mutant|mutation[s]?|amplified|amplification|rearranged|rearrangements?"
        r"|altered|alterations?|deficient|expressing|high|low|ultralow|fusions?|deletions?|overexpressing|wild-type"
        r"|unmutated|translocat\w+)"
    )
    variant = (
        r"(?: ?(?:[A-Z]\d{2,4}[A-Z*]{0,3}|exon \d{1,2}(?: (?:skipping|insertion|deletion))?|G12[A-Z]|V600[EK]?|T790M"
        r"|L858R))?"
    )
    return (
        re.compile(rf"\b(?:{genes}){variant}[- ]{state}\b"),
        re.compile(rf"\b(?:{genes}) (?:[A-Z]\d{{2,4}}[A-Z*]{{0,3}}|G12[A-Z]|V600[EK]?)\b(?: mutation)?"),
        re.compile(
            r"\b(?:hormone receptor|estrogen receptor|oestrogen receptor|progesterone receptor)[- ]"
            r"(?:positive|negative)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:microsatellite instability[- ]high|mismatch repair[- ]deficient|MSI-H|dMMR|pMMR|MSS|TMB-H|HRRm|HRp"
            r"|HRD[- ]positive|homologous recombination (?:repair )?deficien\w+|del\(17p\)|t\(11;14\)|Ph-positive"
            r"|Philadelphia chromosome[- ]positive)\b"
        ),
        re.compile(
            r"\bPD-L1 (?:CPS|TPS|IC|TC|combined positive score|tumou?r proportion score)(?: \((?:CPS|TPS)\))?"
            r"(?: of)? ?(?:\u2265 ?|>= ?|> ?|at least )\d+ ?%?"
        ),
        re.compile(r"\b(?:CPS|TPS) ?(?:\u2265|>=|>) ?\d+ ?%?"),
    )


_VARIANT_STATE = re.compile(
    r"(?P<variant>\S+ (?:[A-Z]\d{2,4}[A-Z]?|G12[A-Z]|V600[EK]?))[- ](?:mutated|mutant|mutations?|positive)"
)


def _marker(words: str, place: TextSpan) -> Phrase:
    """A marker as the record gives it: "BRAF V600E-mutated" is ``BRAF V600E``, a score its usual short form."""
    variant = _VARIANT_STATE.fullmatch(words)
    if variant is not None:
        return Phrase(
            variant["variant"], TextSpan(place.start, place.start + variant.end("variant")), "marker vocabulary"
        )
    return Phrase(canonical_subgroup(words), place, "marker vocabulary")


def find_markers(folded: str, span: TextSpan) -> list[Phrase]:
    """Selection markers in ``folded[span]``, in the writing of the text; scores in the usual short form."""
    found: list[Phrase] = []
    for pattern in _patterns():
        for match in pattern.finditer(folded, *span):
            place = TextSpan(*match.span())
            if not any(place.overlaps(other.span) for other in found):
                found.append(_marker(match.group(), place))
    return sorted(found, key=lambda item: item.span)


_NEGATIVE = re.compile(
    r"(?:negative|wild-type|unmutated|low|ultralow|proficient|pMMR|MSS|HRp|mismatch repair[- ]proficient)\b",
    re.IGNORECASE,
)
_ONE_AXIS = re.compile(r"(?:microsatellite|mismatch repair|MSI-H|MSS|dMMR|pMMR)")
_SCORE = re.compile(r"\d+ ?%?$")


def contrasted_markers(folded: str) -> list[Phrase]:
    """Mentions of the markers that the article has in two states: "BRAF-mutated" where "BRAF wild-type" stands too.

    Only such a marker can set a subset apart; a marker in one state is that of everybody enrolled.
    """
    mentions = find_markers(folded, TextSpan(0, len(folded)))
    states: dict[str, set[str]] = {}
    for mention in mentions:
        axis, state = _state(mention.value)
        states.setdefault(axis, set()).add(state)
    return [mention for mention in mentions if len(states[_state(mention.value)[0]]) >= 2]


def _state(words: str) -> tuple[str, str]:
    """What is measured, and which state of it the words say."""
    axis = "mismatch repair" if _ONE_AXIS.match(words) else re.split(r"[- ]", words)[0].upper()
    score = _SCORE.search(words)
    if score is not None:
        return axis, score.group()
    return axis, "negative" if _NEGATIVE.search(words) else "positive"
