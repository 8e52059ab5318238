"""Does a passage support a value? Four kinds of support; typography is forgiven, digits and signs never are.

Every function returns None when the claim is supported and the reason, in words, when it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.extraction.draft import Claim
from summarizer.grounding.quotes import numbers_of, stands_in
from summarizer.reading.estimates.atoms import AtomKind, normalise_p, read_atoms
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.estimates.subgroups import canonical_subgroup
from summarizer.reading.mentions.cues import licenses
from summarizer.reading.mentions.regulatory import action_licensed, find_agencies, find_dates
from summarizer.reading.phrases import tokenize
from summarizer.reading.reader import Reading
from summarizer.schemas import RegulatoryAction, Support
from summarizer.text import TextSpan, cuts_a_number, parse_number

DERIVED_FIELDS = frozenset({"focus", "role", "enrollment_type", "intervention_model", "arm"})
"""Fields whose value may be computed from other grounded values."""


def why_unsupported(reading: Reading, field: str, claim: Claim) -> str | None:
    """Reason why ``claim`` may not enter the record as ``field``, or None when it may."""
    return _why_no_passage(reading, field, claim.spans) or _why_not_said(reading, field, claim)


def _why_no_passage(reading: Reading, field: str, spans: Sequence[TextSpan]) -> str | None:
    """Reason why spans are no passages of the text."""
    length = len(reading.folded)
    if not spans:
        return "no passage was cited"
    if any(not 0 <= span.start < span.end <= length for span in spans):
        return "a cited passage is not in the text"
    # "July 2026.1": what follows a date's full stop is a reference.
    if field != "date" and any(cuts_a_number(reading.folded, span) for span in spans):
        return "a cited passage cuts a number in two"
    return None


def _why_not_said(reading: Reading, field: str, claim: Claim) -> str | None:
    """Reason why passages don't support a claim in the way that it says they do."""
    if claim.support is Support.NUMBER:
        return _number(reading, claim.value, claim.spans)
    if claim.support is Support.CUE:
        return _cue(reading, field, claim)
    if claim.support is Support.DERIVED:
        return _derived(reading, field, claim)
    return _quoted(reading, claim)


def _derived(reading: Reading, field: str, claim: Claim) -> str | None:
    """What is computed may hold no number that its passages do not: a dose, a code; a drug's own name apart."""
    if field not in DERIVED_FIELDS:
        return f"{field} can't be derived"
    words = str(claim.value)
    for span in claim.spans:
        for drug in reading.mentions[reading.sentence_at(span.start)].drugs:
            if span.overlaps(TextSpan(drug.start, drug.end)):
                words = words.replace(drug.generic, "")
    passages = " ".join(span.of(reading.folded) for span in claim.spans)
    absent = numbers_of(words) - numbers_of(passages)
    return f"{min(absent)} does not stand in the cited passage" if absent else None


def _number(reading: Reading, value: str | float | None, spans: Sequence[TextSpan]) -> str | None:
    for span in spans:
        words = span.of(reading.folded).strip()
        try:
            if parse_number(words) == value:
                return None
        except ValueError:
            continue
    return f"the number {value} does not stand in the cited passage"


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
        return named or stands_in(value, words)
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


_ENDPOINT_NOUN = r"\b[^.;]{0,60}?\b(?:end-? ?points?|outcomes?|goals?|aims?|objectives?|measures?|question)\b"
_RANKS = {  # "the primary analysis" declares nothing
    "PRIMARY": re.compile(rf"\b(?:(?:co-?)?primary|main|major){_ENDPOINT_NOUN}|\byardstick\b", re.IGNORECASE),
    "SECONDARY": re.compile(rf"\bsecondary{_ENDPOINT_NOUN}", re.IGNORECASE),
    "OTHER": re.compile(rf"\b(?:exploratory|additional|tertiary|other){_ENDPOINT_NOUN}", re.IGNORECASE),
}


def _rank_licensed(value: str, words: str) -> bool:
    return _RANKS[value].search(words) is not None


def _timepoint_licensed(reading: Reading, value: str, span: TextSpan) -> bool:
    sentence = reading.sentences[reading.sentence_at(span.start)]
    low, high = max(sentence.start, span.start - 24), min(sentence.end, span.end + 24)
    for atom in read_atoms(reading.folded, low, high):
        if atom.kind is AtomKind.TIMEPOINT and atom.span == span and atom.text == value:
            return True
    return False


def _quoted(reading: Reading, claim: Claim) -> str | None:
    value = str(claim.value)
    joined = " ".join(span.of(reading.folded) for span in claim.spans)
    if stands_in(value, joined):
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
    if stands_in(value, words):
        return True
    mentions = reading.mentions[reading.sentence_at(span.start)]
    in_dictionary = (
        any(drug.generic == value and drug.start == span.start for drug in mentions.drugs)
        or any(condition.name == value and condition.start == span.start for condition in mentions.conditions)
        or any(organisation.name == value and organisation.span == span for organisation in mentions.organisations)
    )
    if in_dictionary or _names_date(reading, span, value) or canonical_subgroup(words) == value:
        return True
    return any(mention.as_phrase().value == value for mention in find_endpoints(reading.folded, span))


def _names_date(reading: Reading, span: TextSpan, value: str) -> bool:
    """True when a date at ``span`` is ``value``; its year may stand elsewhere in the sentence."""
    return any(
        (date.iso == value and date.span == span)
        or (date.iso.startswith("--") and value.endswith(date.iso[1:]) and _year_nearby(reading, span, value))
        for date in find_dates(reading.folded, span)
    )


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
        if estimate.interval.level is not None:
            if estimate.interval.level_span is None:
                return "the confidence level was cited without its place"
            checks.append((estimate.interval.level, estimate.interval.level_span))
    for value, span in checks:
        reason = _why_not_there(reading, value, span)
        if reason is not None:
            return reason
    if estimate.p is not None and not _p_stands(reading, estimate.p.value, estimate.p.span):
        return f"the P value {estimate.p.value} does not stand in the cited passage"
    return None


def _why_not_there(reading: Reading, value: float | None, span: TextSpan) -> str | None:
    """Reason why a number does not stand at its place, whole; small ones may stand in words."""
    if not 0 <= span.start < span.end <= len(reading.folded):
        return f"the place of {value} is not in the text"
    if cuts_a_number(reading.folded, span):
        return f"the number {value} is a part of another one"
    return None if _spelled(reading, value, span) else _number(reading, value, (span,))


_SPELLED = "zero one two three four five six seven eight nine ten".split()


def _spelled(reading: Reading, value: float | None, span: TextSpan) -> bool:
    word = span.of(reading.folded).lower()
    return word in _SPELLED and _SPELLED.index(word) == value


_PRINTED_P = re.compile(
    r"(?P<relation><=|>=|[<>=\u2264\u2265]|less than|greater than)?\s{0,7}(?P<number>\d*\.\d+|\d+(?!-sided))"
)


def _p_stands(reading: Reading, value: str, span: TextSpan) -> bool:
    words = span.of(reading.folded)
    printed = [match for match in _PRINTED_P.finditer(words) if "-sided" not in match.group()]
    return any(normalise_p(match["relation"] or "=", match["number"]) == value for match in printed)
