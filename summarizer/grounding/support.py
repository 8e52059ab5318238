"""Does a passage support a value? Four kinds of support; typography is forgiven, digits and signs never are.

Every function returns None when the claim is supported and the reason, in words, when it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.extraction.draft import Claim
from summarizer.reading.estimates.atoms import AtomKind, normalise_p, read_atoms
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.estimates.subgroups import canonical_subgroup
from summarizer.reading.mentions.cues import licenses
from summarizer.reading.mentions.regulatory import action_licensed, find_agencies, find_dates
from summarizer.reading.phrases import tokenize
from summarizer.reading.reader import Reading
from summarizer.schemas import RegulatoryAction, Support
from summarizer.text import TextSpan, parse_number, plain

DERIVED_FIELDS = frozenset({"focus", "role", "enrollment_type", "intervention_model", "arm"})
"""Fields whose value may be computed from other grounded values."""


def why_unsupported(reading: Reading, field: str, claim: Claim) -> str | None:
    """Reason why ``claim`` may not enter the record as ``field``, or None when it may."""
    length = len(reading.folded)
    if not claim.spans:
        return "no passage was cited"
    if any(not 0 <= span.start < span.end <= length for span in claim.spans):
        return "a cited passage is not in the text"
    if claim.support is Support.NUMBER:
        return _number(reading, claim)
    if claim.support is Support.CUE:
        return _cue(reading, field, claim)
    if claim.support is Support.DERIVED:
        return None if field in DERIVED_FIELDS else f"{field} can't be derived"
    return _quoted(reading, claim)


def _number(reading: Reading, claim: Claim) -> str | None:
    for span in claim.spans:
        words = span.of(reading.folded).strip()
        try:
            if parse_number(words) == claim.value:
                return None
        except ValueError:
            continue
    return f"the number {claim.value} does not stand in the cited passage"


def _cue(reading: Reading, field: str, claim: Claim) -> str | None:
    value = "true" if claim.value is True else str(claim.value)
    for span in claim.spans:
        words = span.of(reading.folded)
        if _cue_matches(reading, field, value, span, words):
            return None
    return f"no wording for {value} stands in the cited passage"


def _cue_matches(reading: Reading, field: str, value: str, span: TextSpan, words: str) -> bool:
    if field == "action":
        return action_licensed(RegulatoryAction(value), words)
    if field == "agency":
        named = any(agency.name == value for agency in find_agencies(reading.folded, tokenize(reading.folded, *span)))
        return named or plain(value) in plain(words)
    if field == "rank":
        return _rank_licensed(value, words)
    if field == "timepoint":
        return _timepoint_licensed(reading, value, span)
    if field == "presented_at":
        return any(
            venue.name == value and venue.span == span
            for venue in reading.mentions[reading.sentence_at(span.start)].venues
        )
    return _licensed_in_place(reading, field, value, span)


def _licensed_in_place(reading: Reading, field: str, value: str, span: TextSpan) -> bool:
    """A cue may need the words around it (look-behind), so the reading's own match at the same place counts."""
    sentence = reading.mentions[reading.sentence_at(span.start)]
    if any(cue.field == field and cue.value == value and cue.span == span for cue in sentence.cues):
        return True
    return licenses(field, value, span.of(reading.folded))


_RANKS = {
    "PRIMARY": re.compile(r"primary|main|major|yardstick", re.IGNORECASE),
    "SECONDARY": re.compile(r"secondary", re.IGNORECASE),
    "OTHER": re.compile(r"exploratory|additional|tertiary|other", re.IGNORECASE),
}


def _rank_licensed(value: str, words: str) -> bool:
    return _RANKS[value].search(words) is not None


def _timepoint_licensed(reading: Reading, value: str, span: TextSpan) -> bool:
    low = max(0, span.start - 24)
    for atom in read_atoms(reading.folded, low, span.end):
        if atom.kind is AtomKind.TIMEPOINT and atom.span == span and atom.text == value:
            return True
    return False


def _quoted(reading: Reading, claim: Claim) -> str | None:
    value = str(claim.value)
    joined = " ".join(span.of(reading.folded) for span in claim.spans)
    if plain(value) in plain(joined):
        return None
    parts = re.split(r" \+ | plus ", value)
    if len(parts) > 1 and all(any(_names(reading, span, part) for span in claim.spans) for part in parts):
        return None
    if any(_names(reading, span, value) for span in claim.spans):
        return None
    return f"\u201c{value}\u201d does not stand in the cited passage"


def _names(reading: Reading, span: TextSpan, value: str) -> bool:
    """True when the words at ``span`` are a known way to say ``value``: brand, abbreviation, code, synonym."""
    words = span.of(reading.folded)
    if plain(value) in plain(words):
        return True
    mentions = reading.mentions[reading.sentence_at(span.start)]
    if any(drug.generic == value and drug.start == span.start for drug in mentions.drugs):
        return True
    if any(condition.name == value and condition.start == span.start for condition in mentions.conditions):
        return True
    if any(organisation.name == value and organisation.span == span for organisation in mentions.organisations):
        return True
    if any(date.iso == value and date.span == span for date in find_dates(reading.folded, span)):
        return True
    if any(date.iso.startswith("--") and value.endswith(date.iso[1:]) and _year_nearby(reading, span, value) for date in find_dates(reading.folded, span)):
        return True
    if canonical_subgroup(words) == value:
        return True
    return any(mention.as_phrase().value == value for mention in find_endpoints(reading.folded, span))


def _year_nearby(reading: Reading, span: TextSpan, iso: str) -> bool:
    sentence = reading.sentences[reading.sentence_at(span.start)]
    return iso[:4] in reading.folded[sentence.start : sentence.end]


def why_estimate_unsupported(reading: Reading, estimate: Estimate) -> str | None:
    """Reason why an estimate's numbers are not the ones at its spans, or None."""
    checks: list[tuple[float | None, TextSpan]] = []
    if estimate.value is not None:
        checks.append((estimate.value, estimate.value_span))
    if estimate.interval is not None:
        if estimate.interval.low is not None:
            checks.append((estimate.interval.low, estimate.interval.low_span))
        if estimate.interval.high is not None:
            checks.append((estimate.interval.high, estimate.interval.high_span))
    for value, span in checks:
        reason = _number(reading, Claim(value, (span,), Support.NUMBER, ""))
        if reason is not None and not _spelled(reading, value, span):
            return reason
    if estimate.p is not None and not _p_stands(reading, estimate.p.value, estimate.p.span):
        return f"the P value {estimate.p.value} does not stand in the cited passage"
    return None


_SPELLED = "zero one two three four five six seven eight nine ten".split()


def _spelled(reading: Reading, value: float | None, span: TextSpan) -> bool:
    word = span.of(reading.folded).lower()
    return word in _SPELLED and _SPELLED.index(word) == value


def _p_stands(reading: Reading, value: str, span: TextSpan) -> bool:
    words = span.of(reading.folded)
    digits = value.lstrip("<>=\u2264\u2265")
    printed = re.findall(r"\d*\.\d+|\d+", words)
    return any(normalise_p("=", number) == digits for number in printed) and (value[0].isdigit() or value[0] in words or value[0] in "\u2264\u2265")


def spans_in_text(spans: Sequence[TextSpan], length: int) -> bool:
    """True when every span lies within a text of ``length`` characters."""
    return all(0 <= span.start < span.end <= length for span in spans)
