"""What a mention of an endpoint is, and how the record names it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from summarizer.reading.estimates.model import Phrase
from summarizer.text import TextSpan

_CHANGE_NOUN = re.compile(r"^(?:weight|mean body weight|bodyweight)$|\b(?:loss|reductions?)$")
_EVENT_WORD = re.compile(r" adverse (?:events?|reactions?)$|(?<=mediated) events?$|(?<=related) events?$")


CODES = frozenset(
    "OS PFS PFS2 rPFS EFS DFS RFS IDFS DMFS MFS TTP TTR TTNT DOR ORR CR PR SD PD DCR CBR pCR MPR MRD VGPR AE TRAE SAE"
    " G3_AE G3_TRAE DISCONTINUATION DEATH".split()
)
"""Endpoint codes of the record; every other endpoint is named as the text words it."""


class EndpointKind(StrEnum):
    """What kind of number an endpoint usually has."""

    TIME = "TIME"
    RESPONSE = "RESPONSE"
    SAFETY = "SAFETY"
    MEASURE = "MEASURE"
    EVENT = "EVENT"
    PROTECTION = "PROTECTION"
    ADVERSE_EVENT = "ADVERSE_EVENT"
    PHRASE = "PHRASE"


@dataclass(frozen=True, slots=True)
class EndpointMention:
    """An endpoint wording in the text."""

    code: str
    """Code or canonical phrase; named adverse events without their prefix."""
    kind: EndpointKind
    span: TextSpan
    words: str
    """The wording in the text, lower case: what the record gives where there is no code."""
    grade: TextSpan | None = None
    """The words that restrict it to grade 3 or higher."""
    has_threshold: bool = False
    """True for a measure with a threshold: "A1C below 7%"."""

    def as_phrase(self, rule: str = "endpoint vocabulary") -> Phrase:
        """The endpoint as the record names it, with grade and adverse-event prefixes."""
        code = self.code if self.code in CODES or _CHANGE_NOUN.search(self.words) else self.words
        if self.kind is EndpointKind.ADVERSE_EVENT:
            code = f"{'G3_AE' if self.grade else 'AE'}:{_EVENT_WORD.sub('', self.words)}"
        elif self.grade and code in ("AE", "TRAE"):
            code = f"G3_{code}"
        return Phrase(code, self.span if self.grade is None else self.span.joined(self.grade), rule)
