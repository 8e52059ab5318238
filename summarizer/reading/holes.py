"""Holes in sentences: the places where a scraper took words out and left the rest standing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.text import TextSpan

_PREPOSITIONS = r"(?:in|at|from|of|with|by|for|to|on|the|an?|into|under|via|per|during|through|against|than|between)"

_GAP_PATTERNS = (
    ("empty brackets", re.compile(r"(?<!\w)(?:\(\s*[,;]?\s*\)|\[\s*\])")),
    ("bracket that begins with a separator", re.compile(r"[(\[]\s?[,;]\s?\w")),
    ("bracket that ends in a separator", re.compile(r"[\w.][,;]\s{1,2}\)")),
    ("two commas in a row", re.compile(r"[a-z)],\s{1,3},(?=\s)")),
    ("word before a comma that needs another", re.compile(rf"\b{_PREPOSITIONS}\s{{1,3}}[,;:](?=\s)")),
    (
        "two spaces after a word that needs another",
        re.compile(
            rf"\b(?:in|at|from|of|with|by|for|on|the|into|via|to|and|or|than|vs|versus|between|within|called|named|study|trial)"
            rf"(?: {{2,}}|\s\u00a0)"
            rf"(?={_PREPOSITIONS}\b|(?:plus|vs|versus|trial|study|showed?|was|were|is|are|has|had|have|and|or|which|who|whose|that|while|when"
            r"|where|as|but|if|after|before|until|because|did|does|could|may|might|will|would|can|said)\b)"
        ),
    ),
    (
        "space before a full stop after a word that needs another",
        re.compile(r"\b(?:in|at|from|of|with|by|for|on|to|the|an?|and|or|was|were|had|became)\s\.(?=[\s\"')]|$)"),
    ),
    (
        "full stop and two spaces before a verb or comma",
        re.compile(r"[.!?] {2,}(?:,|(?:was|were|is|are|has|had|have|showed|demonstrated|met|approved|announced)\b)"),
    ),
    (
        "interval announced but not there",
        re.compile(r"\b\d\d(?:\.\d)? ?% ?(?:CI|confidence interval)\s?(?=[;)\]]|, ?(?:P|p)\b)"),
    ),
    (
        "ratio announced but not there",
        re.compile(r"\((?:HR|hazard ratio|OR|odds ratio)\s?[,:=]?\s?[;,]\s?(?=\d\d ?%|P\b|p\b|\))"),
    ),
    (
        "two articles in a row",
        re.compile(
            r"\b(?:the|an?) (?:and|or|was|were|is|are|showed|which|that|to|in|of|at|,)\s(?!(?:posteriori|priori|la\b))"
        ),
    ),
)

_MAY_BE_HOLE = re.compile(
    r"[(\[]\s*[,;)\]]|[,;]\s{1,2}\)|\s[,;:.](?:[\s\"')]|$)|  |\s\u00a0|CI\s?[;)\],]|interval\s?[;)\],]"
    r"|\((?:HR|hazard ratio|OR|odds ratio)\s?[,:=]?\s?[;,]"
    r"|\b(?:the|an?) (?:and|or|was|were|is|are|showed|which|that|to|in|of|at|,)\s"
)
"""One look for any of the patterns above; most sentences have none."""

_HEADER_INTERVAL = re.compile(r"\bHR \(95% CI\)|\(95% CI\)\s*(?:\||$)", re.IGNORECASE)

_A_AND = re.compile(r"\b[Aa] (?:and|or|in|to|of|at)\b|\bthe (?:to|at|in) [a-z]+-")


def find_holes(folded: str, span: TextSpan) -> list[tuple[TextSpan, str]]:
    """The clauses of a sentence that have a hole, each with the rule that found it, in text order."""
    found: list[tuple[TextSpan, str]] = []
    if _MAY_BE_HOLE.search(folded, *span) is None:
        return found
    for rule, pattern in _GAP_PATTERNS:
        for match in pattern.finditer(folded, *span):
            if rule.startswith("interval") and _HEADER_INTERVAL.search(
                folded, max(span.start, match.start() - 8), span.end
            ):
                continue
            if rule.startswith("two articles") and (
                _A_AND.match(match.group()) or (match.group()[0].isupper() and match.group()[0] == "A")
            ):
                continue
            found.append((_around(folded, span, TextSpan(*match.span())), rule))
    return _distinct(found)


def _around(folded: str, sentence: TextSpan, hole: TextSpan) -> TextSpan:
    """The clause around a hole: long enough to be found again, short enough to be read."""
    start = max(
        (
            folded.rfind(mark, sentence.start, hole.start) + len(mark)
            for mark in ("; ", ". ")
            if folded.rfind(mark, sentence.start, hole.start) >= 0
        ),
        default=sentence.start,
    )
    return TextSpan(start, sentence.end)


def _distinct(found: Sequence[tuple[TextSpan, str]]) -> list[tuple[TextSpan, str]]:
    kept: dict[int, tuple[TextSpan, str]] = {}
    for span, rule in sorted(found, key=lambda item: item[0]):
        kept.setdefault(span.start, (span, rule))
    return list(kept.values())
