"""Noun phrases for studies that do not name them."""

from __future__ import annotations

import re

from summarizer.reading.mentions.model import StudyPhrase
from summarizer.text import TextSpan

_HEAD = (
    r"(?:trials?|stud(?:y|ies)|pooled analysis|analysis of pooled data"
    r"|(?:(?<=[Pp]hase \d )|(?<=[Pp]hase III )|(?<=[Pp]hase II )|(?<=randomi[sz]ed ))comparison)"
)
_STUDY = re.compile(
    r"\b(?P<determiner>[Aa]n?|[Oo]ne|[Aa]nother|[Tt]he|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose|[Bb]oth|[Ii]ts|[Tt]heir"
    r"|[Tt]wo|[Tt]hree|[Ff]our|[Tt]he two|[Tt]he three|[Ee]arlier|[Pp]revious)"
    r"(?P<middle>(?:,? (?!(?:in|of|that|which|from|with|and|was|is|were|are|said|for|to|at|on|by|as|the|a|an|this"
    rf"|when|whose|who|has|have|had|will)\b)[\w/+.:'-]+){{0,9}}?)\s(?P<head>{_HEAD})\b"
    r"(?! (?:drug|medication|treatment|design|population|team|arm|group|site|start|investigator|participant|author"
    r"|director|leader|lead|data|results)s?)"
)
_FRESH = re.compile(
    r"\b(?:another|earlier|previous|prior|separate|different|other|second|third|further|smaller|larger|subsequent"
    r"|sister|follow-up|future)\b",
    re.IGNORECASE,
)
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both", "its", "their", "the two", "the three"})


def find_study_phrases(folded: str, span: TextSpan) -> list[StudyPhrase]:
    """Study phrases of one sentence."""
    phrases: list[StudyPhrase] = []
    for match in _STUDY.finditer(folded, *span):
        determiner = match["determiner"].lower()
        fresh = _FRESH.search(match["determiner"] + match["middle"]) is not None
        plural = match["head"].endswith(("s", "ies")) and not match["head"].endswith("analysis")
        phrases.append(StudyPhrase(TextSpan(*match.span()), determiner in _DEFINITE, plural, fresh))
    return phrases


_DATA_PRESENTED = re.compile(
    r"\b(?:[Pp]rior|[Ee]arlier|[Pp]revious|[Ff]irst|[Nn]ew|[Pp]reliminary|[Ii]nitial)? ?[Dd]ata "
    r"(?:that were |which were )?(?:presented|reported|shown|published|released) (?:at|in|from)\b"
)


def data_presented(folded: str, span: TextSpan) -> TextSpan | None:
    """Data of a study that is not called one: "Prior data presented at ..."."""
    match = _DATA_PRESENTED.search(folded, *span)
    return TextSpan(*match.span()) if match else None
