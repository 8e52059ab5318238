"""What else is said with a value: time point, arm wording, who assessed it, which analysis it is from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from summarizer.reading.estimates.atoms import Atom, AtomKind
from summarizer.reading.estimates.model import Estimate, Phrase
from summarizer.reading.estimates.values import Value
from summarizer.schemas import Analysis, Assessor, Statistic
from summarizer.text import TextSpan

_NO_LANDMARK = frozenset({Statistic.MEDIAN, Statistic.HAZARD_RATIO, Statistic.OTHER})
_DOSING_BEFORE = re.compile(
    r"\b(?:every|each|per|once every|first|last|another|follow(?:-up|ed)[^;]{0,40})\s?$", re.IGNORECASE
)
_NOT_A_LANDMARK = re.compile(
    r"\s?(?:of )?(?:follow-?up|steroid|taper|course|treatment period|study\b|trial\b|program|extension|old|washout"
    r"|later|earlier|interval|run-in|before|dosing|regimen|cycle|each)",
    re.IGNORECASE,
)


def is_landmark(folded: str, atom: Atom) -> bool:
    """True for a time point at which something is measured (not a dosing interval, follow-up or study length)."""
    before = folded[max(0, atom.span.start - 60) : atom.span.start]
    if _DOSING_BEFORE.search(before):
        return False
    return _NOT_A_LANDMARK.match(folded, atom.span.end) is None


def timepoint_of(
    folded: str,
    value: Value,
    values: Sequence[Value],
    atoms: Sequence[Atom],
    inherited: Atom | None,
    statistic: Statistic,
) -> Phrase | None:
    """The time point of a landmark rate or change: after the value if it directly follows, else the last before it."""
    if statistic in _NO_LANDMARK:
        return None
    times = [atom for atom in atoms if atom.kind is AtomKind.TIMEPOINT and is_landmark(folded, atom)]
    members = [other for other in values if other.group == value.group]
    first, last = members[0], members[-1]
    following = _following_time(folded, value, values, last, times)
    if following is not None:
        return _phrase(following)
    before = [atom for atom in times if atom.span.end <= first.span.start]
    if before:
        listed = before[-len(members) :]
        one_each = len(members) > 1 and len(listed) == len(members) and _are_listed(listed)
        return _phrase(listed[members.index(value)] if one_each else before[-1])
    after = [atom for atom in times if atom.span.start >= last.end]
    if after and _belongs_to_next(folded, last.end, after[0]):
        after = []
    if after and _is_shared(folded, last, [other for other in values if last.end <= other.span.start], after[0]):
        return _phrase(after[0])
    if inherited is not None and is_landmark(folded, inherited):
        return _phrase(inherited)
    return None


def _belongs_to_next(folded: str, start: int, time: Atom) -> bool:
    """True for ", and the 12-week DCR was ...": such a time point speaks of the endpoint that follows it."""
    return time.span.of(folded)[0].isdigit() and "-" in time.span.of(folded) and "," in folded[start : time.span.start]


_LEADS_TO_SHARED_TIME = re.compile(r"[^;.%]{0,60}?\b(?:at|by|after|through|over|within|for|for at least)\s(?:the )?")
_LEADS_TO_OWN_TIME = re.compile(r"[^;.%\d]{0,50}\b(?:at|by|within|after)\s(?:the )?")


def _following_time(
    folded: str, value: Value, values: Sequence[Value], last: Value, times: Sequence[Atom]
) -> Atom | None:
    """The time point that directly follows a value, or the last value that it is compared with."""
    for atom in times:
        gap = folded[last.end : atom.span.start] if atom.span.start >= last.end else None
        if (
            gap is not None
            and _LEADS_TO_SHARED_TIME.fullmatch(gap)
            and not any(last.end <= other.span.start < atom.span.start for other in values)
            and _close(gap)
        ):
            return atom
        own = folded[value.end : atom.span.start] if atom.span.start >= value.end else None
        if own is not None and _LEADS_TO_OWN_TIME.fullmatch(own):
            return atom
    return None


_COMPARED_WITH = re.compile(r"[^;:.,()]{0,50}\b(?:and (?:by|to|of|was)|vs\.?|versus|compared with)\s(?:by |to |of )?")


def _is_shared(folded: str, last: Value, later: Sequence[Value], time: Atom) -> bool:
    """True when no value, or only the one compared with, comes first: "by 15% with A and by 2% with B at week 68"."""
    between = [other for other in later if other.span.start < time.span.start]
    if not between:
        return True
    other = between[0]
    return (
        len(between) == 1
        and other.unit == last.unit
        and _COMPARED_WITH.fullmatch(folded, last.end, other.span.start) is not None
        and _LEADS_TO_SHARED_TIME.fullmatch(folded, other.end, time.span.start) is not None
    )


def _are_listed(times: Sequence[Atom]) -> bool:
    """True for "12- and 24-month": as many time points as values, in one breath."""
    return all(second.span.start - first.span.end <= 7 for first, second in pairwise(times))


def _close(gap: str) -> bool:
    return "," not in gap or len(gap) <= 25


def _phrase(atom: Atom) -> Phrase:
    return Phrase(atom.text, atom.span, "time point")


_GENERIC_ARM = re.compile(
    r"\b(?:the )?(?:control|placebo|comparator|combination|monotherapy|triplet|doublet)"
    r"(?:[- ](?:arm|group|therapy|regimen)s?)?\b(?!-)"
    r"|\b(?:the )?(?:investigational|experimental|treatment|standard|vaccine|active)[- ]"
    r"(?:arm|group|therapy|drug|treatment)s?\b(?!-)"
    r"|\bcontrols\b|\b(?:with|without) (?:it|the drug)\b|\bwho (?:did not|switched|did not switch)\b|\bone drug\b"
    r"|\btwo drugs\b|\bthe (?:doublet|triplet|combination|switch|pill|drug|antibody|device)\b"
    r"|\b(?:each|either|both) (?:arms?|groups?|drugs?)\b"
    r"|\b\d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g|U)(?:/kg)?\b",
    re.IGNORECASE,
)
_SLOT_AFTER = re.compile(
    r"[\)\]]?\s*(?:[\(\[][^)\]]{0,70}[\)\]],?\s*)*(?:,\s*)?(?:of (?:the )?(?:\d[\d,]* )?)?"
    r"(?:(?:patients|participants|those|people|responders|women|men)\s?|was achieved )?"
    r"(?:with|for|in|on|of|among|after|from|given|receiving|treated with|who received|taking|assigned to"
    r"|at(?= \d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g)))\s",
    re.IGNORECASE,
)
_SLOT_BRACKETS = re.compile(r"\s*\((?P<inside>[^)]{2,60})\)")


def arm_wording(
    folded: str, sentence: TextSpan, value: Value, values: Sequence[Value], drugs: Sequence[TextSpan]
) -> TextSpan | None:
    """The words that give the arm of a value: "13.3 months **with A**", "13.3 (**A**)", "the **A group** had 13.3"."""
    following = min((other.span.start for other in values if other.span.start >= value.span.end), default=sentence.end)
    without = _WITHOUT.match(folded, value.span.end, following)
    if without is not None:
        return TextSpan(*without.span("words"))
    slot = _SLOT_AFTER.match(folded, value.span.end, following)
    limit = _phrase_end(folded, slot.end() if slot else value.span.end, following)
    if slot is not None:
        named = _named(folded, TextSpan(slot.end(), limit), drugs)
        if named is not None:
            return named
    brackets = _SLOT_BRACKETS.match(folded, value.span.end, following)
    if brackets is not None:
        named = _named(folded, TextSpan(*brackets.span("inside")), drugs)
        if named is not None:
            return named
    if value.position not in (None, 0):
        if _first_is_worded_after(folded, value, values):
            return None
        preceding = max((other.end for other in values if other.span.end <= value.span.start), default=sentence.start)
        return _named(folded, TextSpan(preceding, value.span.start), drugs, last=True)
    preceding = max((other.end for other in values if other.span.end <= value.span.start), default=sentence.start)
    start = max(preceding, folded.rfind(";", sentence.start, value.span.start) + 1)
    return _named(folded, TextSpan(start, value.span.start), drugs, last=True)


_WITHOUT = re.compile(
    r"\s*(?:[\(\[][^)\]]{0,70}[\)\]],?\s*)*(?:for those |in those |in patients )?"
    r"(?P<words>(?:without|who did not|not)(?: (?:it|one|[\w-]+))?)\b",
    re.IGNORECASE,
)


def _first_is_worded_after(folded: str, value: Value, values: Sequence[Value]) -> bool:
    """True when the arms of this comparison are worded after their values ("13.3 months with A and 8.2 ...")."""
    first = next(other for other in values if other.group == value.group)
    return _SLOT_AFTER.match(folded, first.span.end) is not None


_PHRASE_END = re.compile(r"[;,]|\.\s|\b(?:vs\.?|versus|compared|against|and (?=\d)|while|but|\()", re.IGNORECASE)


def _phrase_end(folded: str, start: int, end: int) -> int:
    match = _PHRASE_END.search(folded, start, end)
    return match.start() if match else end


_DOSE_AS_ARM = re.compile(
    r"(?:the )?\d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g)(?:/kg)?\b(?: (?:dose|group|arm)\b)?"
    r"(?!(?:,| and| or)[^.;%]{0,60}\b(?:groups|arms|doses|respectively)\b)"
)
"""A dose that stands for its arm: "41% with 25 mg"; not the first of several that one value closes."""


def _named(folded: str, span: TextSpan, drugs: Sequence[TextSpan], *, last: bool = False) -> TextSpan | None:
    """Drug mentions (joined when they are one regimen) or a generic arm word within ``span``."""
    inside = [drug for drug in drugs if span.covers(drug)]
    if inside:
        ordered = inside[::-1] if last else inside
        joined = ordered[0]
        for drug in ordered[1:]:
            low, high = (drug.end, joined.start) if last else (joined.end, drug.start)
            if re.fullmatch(
                r"(?:\s*\([^)]{0,40}\))?\s*(?:plus|and|with|\+|or|,|-|/|in combination with|combined with"
                r"|,? followed by|to|versus)\s*(?:a |an |the )?",
                folded[low:high],
            ):
                joined = joined.joined(drug)
            else:
                break
        group = re.match(
            r"[- ](?:alone|arm|group|monotherapy|recipients?|\d+(?:\.\d+)? ?mg)+", folded[joined.end : span.end]
        )
        return TextSpan(joined.start, joined.end + group.end()) if group else joined
    dose = None if last else _DOSE_AS_ARM.match(folded, span.start)
    if dose is not None and dose.end() <= span.end:
        return TextSpan(*dose.span())
    matches = list(_GENERIC_ARM.finditer(folded, *span))
    if matches:
        chosen = matches[-1] if last else matches[0]
        return TextSpan(*chosen.span())
    return None


_INDEPENDENT = re.compile(
    r"\b(?:blinded )?independent(?:ly)? (?:central |radiolog\w+ )?(?:review\w*|assess\w*|committee)|\bBICR\b"
    r"|\bblinded (?:central )?review|\bIRC\b|\bcentral review",
    re.IGNORECASE,
)
_INVESTIGATOR = re.compile(
    r"\binvestigators?[ -]?(?:'s?|s')? ?(?:-?assess\w*|review|own reading|judg\w+)|\bas judged by investigators"
    r"|\bby investigators?\b",
    re.IGNORECASE,
)


def read_assessor(folded: str, sentence: TextSpan) -> tuple[Assessor, TextSpan] | None:
    """Who read the outcome, where the sentence says so before or with the value."""
    for assessor, pattern in ((Assessor.INDEPENDENT, _INDEPENDENT), (Assessor.INVESTIGATOR, _INVESTIGATOR)):
        match = pattern.search(folded, *sentence)
        if match:
            return assessor, TextSpan(*match.span())
    return None


_ANALYSES = (
    (Analysis.INTERIM, re.compile(r"\binterim\b", re.IGNORECASE)),
    (Analysis.FINAL, re.compile(r"\bfinal (?:[\w-]+ ){0,3}(?:analys[ei]s|results?|data|look)\b", re.IGNORECASE)),
    (Analysis.UPDATED, re.compile(r"\bupdated\b", re.IGNORECASE)),
    (Analysis.PRIMARY, re.compile(r"\bprimary analysis\b", re.IGNORECASE)),
)


def read_analysis(folded: str, sentence: TextSpan, estimate: Estimate) -> tuple[Analysis, TextSpan] | None:
    """Which analysis the value is from, where the words stand before it in the sentence."""
    for analysis, pattern in _ANALYSES:
        match = pattern.search(folded, sentence.start, estimate.span.start)
        if match:
            return analysis, TextSpan(*match.span())
    return None
