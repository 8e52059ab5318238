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
            r"\b(?:microsatellite instability[- ]high|mismatch repair[- ]deficient|MSI-H|dMMR|pMMR|MSS|TMB-H"
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
