"""Link estimates to trials and arms; what can't be linked without guessing stays unattributed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from summarizer.extraction.draft import Claim, DraftArm, DraftResult
from summarizer.extraction.rules.discourse import Discourse
from summarizer.reading.estimates.model import COMPARISONS, Estimate
from summarizer.reading.reader import Reading
from summarizer.schemas import Support
from summarizer.text import TextSpan


def trial_of(reading: Reading, discourse: Discourse, estimate: Estimate) -> int | None:
    """Number of the trial that an estimate belongs to, or None where the text does not tell."""
    if estimate.trial is not None:
        for span, owner in discourse.names[reading.sentence_at(estimate.trial.start)]:
            if estimate.trial.covers(span):
                return owner
    number = estimate.sentence
    subjects = discourse.subjects[number]
    if discourse.lost[number] and not subjects:
        return None
    if len(subjects) <= 1:
        return subjects[0] if subjects else _fallback(discourse, number)
    names = discourse.names[number]
    told = _listed(reading.folded, names, estimate)
    if told is None:
        told = _named_right_after(reading.folded, names, estimate)
    return _nearest(names, subjects, estimate) if told is None else told


def _nearest(names: Sequence[tuple[TextSpan, int]], subjects: Sequence[int], estimate: Estimate) -> int:
    """The trial named last before a value, else one of the sentence's subjects that it does not name."""
    before = [owner for span, owner in names if span.end <= estimate.value_span.start]
    if before:
        return before[-1]
    unnamed = [subject for subject in subjects if subject not in {owner for _, owner in names}]
    return unnamed[0] if unnamed else subjects[0]


def _listed(folded: str, names: Sequence[tuple[TextSpan, int]], estimate: Estimate) -> int | None:
    """The trial at a value's place in a list of as many: "41.2% and 39.9% in X and Y, respectively"."""
    owners = list(dict.fromkeys(owner for _, owner in names))
    position = estimate.arm.position
    if position is None or len(owners) != estimate.arm.size or estimate.arm.span is not None:
        return None
    close = all(second[0].start - first[0].end <= 40 for first, second in pairwise(names))
    low, high = min(names[0][0].start, estimate.span.start), max(names[-1][0].end, estimate.span.end)
    if not close or "respectively" not in folded[low : high + 160]:
        return None
    return owners[position]


def _fallback(discourse: Discourse, number: int) -> int | None:
    """Text before any trial was introduced (headline, deck, lead) speaks of the single main trial, if there is one."""
    if discourse.lost[number] or any(discourse.subjects[:number]):
        return None
    return discourse.mains[0] if len(discourse.mains) == 1 else None


def _named_right_after(folded: str, names: Sequence[tuple[TextSpan, int]], estimate: Estimate) -> int | None:
    for span, owner in names:
        if span.start >= estimate.span.end:
            gap = folded[estimate.span.end : span.start]
            if re.fullmatch(r"(?:\s?\([^)]{0,40}\))?\s(?:in|for|from) (?:the )?", gap):
                return owner
            return None
    return None


_CONTROL_WORDS = re.compile(
    r"\b(?:control|controls|comparator|without|did not|one drug|placebo|standard)\b", re.IGNORECASE
)
_EXPERIMENTAL_WORDS = re.compile(
    r"\b(?:combination|triplet|doublet|experimental|investigational|treatment group|treatment arm|two drugs"
    r"|who switched|the switch|the drug|the pill|the antibody|the device|active|vaccine|with it)\b",
    re.IGNORECASE,
)


_LEADS_WITHOUT = re.compile(r"(?:without|not)\b", re.IGNORECASE)


def arm_claim(
    reading: Reading,
    estimate: Estimate,
    arms: Sequence[DraftArm],
    wording: Sequence[tuple[str, TextSpan]],
    doses: frozenset[str],
) -> Claim | None:
    """The arm of a value as the record names it, or None for a comparison or a single-arm trial.

    Args:
        reading: the article.
        estimate: the value.
        arms: the trial's arms, experimental first.
        wording: generic names of the interventions in the value's arm wording, with their spans.
        doses: doses that the trial's results are worded with; two or more make dose arms.
    """
    experimental = [arm for arm in arms if arm.role.value == "EXPERIMENTAL"]
    dosed = _dose_arm(reading, estimate, experimental, wording, doses)
    if estimate.statistic in COMPARISONS:
        several = len({_names(arm) for arm in experimental}) > 1
        matched = _matched(wording, arms) if several and wording else None
        return dosed or _sized_words(reading, estimate, experimental) or matched
    told = dosed or _sized_words(reading, estimate, arms)
    if told is not None:
        return told
    if len(arms) < 2:
        return _lone_arm(reading, estimate, arms, wording)
    return _arm_in_words(reading, estimate, arms, wording) or _arm_by_order(estimate, arms)


def _lone_arm(
    reading: Reading, estimate: Estimate, arms: Sequence[DraftArm], wording: Sequence[tuple[str, TextSpan]]
) -> Claim | None:
    """The arm of a value where the text describes one arm, or none."""
    span = estimate.arm.span
    if span is not None and _LEADS_WITHOUT.match(span.of(reading.folded)):
        return _without(arms, span)
    return _worded(wording) if wording and estimate.arm.size > 1 else None


def _arm_in_words(
    reading: Reading, estimate: Estimate, arms: Sequence[DraftArm], wording: Sequence[tuple[str, TextSpan]]
) -> Claim | None:
    """The arm that a value's wording names, by its interventions or as "control", "experimental" and the like."""
    span = estimate.arm.span
    words = span.of(reading.folded) if span is not None else ""
    if wording and not _LEADS_WITHOUT.match(words):
        return _matched(wording, arms)
    if span is None:
        return None
    if _CONTROL_WORDS.search(words):
        return _named(arms[-1], (span,), "control wording")
    return _named(arms[0], (span,), "experimental wording") if _EXPERIMENTAL_WORDS.search(words) else None


def _arm_by_order(estimate: Estimate, arms: Sequence[DraftArm]) -> Claim | None:
    """The first of two compared values is the first arm's, and so on, where the text compares all arms."""
    position = estimate.arm.position
    if position is None or estimate.arm.size != len(arms):
        return None
    return _named(arms[position], (estimate.span,), "order of a comparison")


_DOSE = re.compile(r"\d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g|U)(?:/kg)?\b")


def dose_of(reading: Reading, estimate: Estimate) -> tuple[str, TextSpan] | None:
    """The dose in the words that give a value's arm."""
    span = estimate.arm.span
    if span is None:
        return None
    match = _DOSE.search(reading.folded, span.start, span.end + 12)
    return (match.group(), TextSpan(*match.span())) if match and match.start() <= span.end + 1 else None


def _dose_arm(
    reading: Reading,
    estimate: Estimate,
    experimental: Sequence[DraftArm],
    wording: Sequence[tuple[str, TextSpan]],
    doses: frozenset[str],
) -> Claim | None:
    """The arm of "upadacitinib 15 mg", or of "with 15 mg" where the trial has one drug in several doses."""
    found = dose_of(reading, estimate)
    dosed = [arm for arm in experimental if arm.dose is not None]
    if dosed and estimate.arm.span is not None:
        told = _told_dose(estimate.arm.span.of(reading.folded), found, dosed)
        if told is not None:
            return _named(told, (estimate.arm.span,), "dose arm")
    if found is None or len(doses) < 2 or not experimental or len({_names(arm)[:1] for arm in experimental}) > 1:
        return None
    drug = experimental[0].interventions[0]
    name = str(drug.value)
    if wording and all(own != name for own, _ in wording):
        return None
    spans = (found[1], *(span for own, span in wording if own == name)) if wording else (found[1], *drug.spans)
    return Claim(f"{name} {found[0]}", spans, Support.DERIVED, "dose arm")


_HIGH = re.compile(r"\b(?:high(?:er|est)?|top|larg(?:er|est))[- ](?:dose|one)", re.IGNORECASE)
_LOW = re.compile(r"\b(?:low(?:er|est)?|small(?:er|est)?)[- ](?:dose|one)", re.IGNORECASE)


def _told_dose(words: str, found: tuple[str, TextSpan] | None, dosed: Sequence[DraftArm]) -> DraftArm | None:
    """The dose arm of "with 240 mg", or of "with the higher dose"."""

    def amount(arm: DraftArm) -> float:
        number = re.match(r"\d+(?:\.\d+)?", _dose(arm))
        return float(number.group()) if number is not None else 0.0

    if found is not None:
        same = [arm for arm in dosed if _dose(arm).replace(" ", "") == found[0].replace(" ", "")]
        return same[0] if len(same) == 1 else None
    if _HIGH.search(words):
        return max(dosed, key=amount)
    return min(dosed, key=amount) if _LOW.search(words) else None


def _dose(arm: DraftArm) -> str:
    return "" if arm.dose is None else arm.dose.value


def _names(arm: DraftArm) -> tuple[str, ...]:
    return tuple(str(claim.value) for claim in arm.interventions)


_NUMBERED = {"doublet": 2, "triplet": 3, "quadruplet": 4}


def _sized_words(reading: Reading, estimate: Estimate, arms: Sequence[DraftArm]) -> Claim | None:
    """The arm with as many interventions as "the doublet" or "the triplet" says."""
    span = estimate.arm.span
    if span is None or len(arms) < 2:
        return None
    for word, count in _NUMBERED.items():
        if word in span.of(reading.folded).lower():
            fitting = [arm for arm in arms if len(arm.interventions) == count]
            if len(fitting) == 1:
                return _named(fitting[0], (span,), "arm by its number of interventions")
    return None


def _named(arm: DraftArm, spans: tuple[TextSpan, ...], rule: str, *, with_dose: bool = True) -> Claim:
    names = [str(claim.value) for claim in arm.interventions]
    if with_dose and arm.dose is not None:
        names[0] = f"{names[0]} {arm.dose.value}"
        spans = (*spans, arm.dose.span)
    own = tuple(claim.spans[0] for claim in arm.interventions)
    return Claim(" + ".join(names), spans + own, Support.DERIVED, rule)


def _without(arms: Sequence[DraftArm], span: TextSpan) -> Claim | None:
    """The arm that did not get the trial's drug: "... vs 5.6 months without"."""
    if not arms:
        return None
    first = arms[0].interventions[0]
    return Claim(f"without {first.value}", (span, *first.spans), Support.DERIVED, "without the experimental drug")


def _worded(wording: Sequence[tuple[str, TextSpan]]) -> Claim:
    return Claim(
        " + ".join(dict.fromkeys(name for name, _ in wording)),
        tuple(span for _, span in wording),
        Support.QUOTED,
        "arm wording",
    )


def _matched(wording: Sequence[tuple[str, TextSpan]], arms: Sequence[DraftArm]) -> Claim:
    """The arm that shares most interventions with the wording; what only one arm has decides."""
    names = {name for name, _ in wording}
    spans = tuple(span for _, span in wording)
    scored: list[tuple[int, int, int, int, DraftArm]] = []
    for index, arm in enumerate(arms):
        own = {str(claim.value) for claim in arm.interventions}
        others = {str(c.value) for other in arms if other is not arm for c in other.interventions}
        distinct = names & (own - others)
        missing = names - own
        scored.append((len(distinct), -len(missing), -len(own - names), -index, arm))
    best = max(scored, key=lambda item: item[:4])
    if best[0] == 0 and best[1] < 0:
        return _worded(wording)
    return _named(best[4], spans, "arm wording", with_dose=False)


def draft_result(estimate: Estimate) -> DraftResult:
    """An estimate with the time point and subgroup that were read with it."""
    timepoint = subgroup = None
    if estimate.timepoint is not None:
        timepoint = Claim(estimate.timepoint.value, (estimate.timepoint.span,), Support.CUE, estimate.timepoint.rule)
    if estimate.subgroup is not None:
        subgroup = Claim(estimate.subgroup.value, (estimate.subgroup.span,), Support.QUOTED, estimate.subgroup.rule)
    return DraftResult(estimate, None, timepoint, subgroup)


def doses_of(reading: Reading, estimates: Sequence[Estimate]) -> frozenset[str]:
    """Doses that values are worded with; two or more make dose arms."""
    return frozenset(found[0] for estimate in estimates if (found := dose_of(reading, estimate)) is not None)


def link(reading: Reading, estimate: Estimate, arms: Sequence[DraftArm], doses: frozenset[str]) -> DraftResult:
    """An estimate as a result of a trial with these arms."""
    result = draft_result(estimate)
    result.arm = arm_claim(reading, estimate, arms, arm_wording(reading, estimate), doses)
    return result


def link_unattributed(reading: Reading, estimate: Estimate) -> DraftResult:
    """An estimate as a result of no known trial: its arm is what its own words name."""
    result = draft_result(estimate)
    wording = arm_wording(reading, estimate)
    if wording and not estimate.is_comparison:
        result.arm = _worded(wording)
    return result


def arm_wording(reading: Reading, estimate: Estimate) -> list[tuple[str, TextSpan]]:
    """Generic names of the interventions in the words that give a value's arm."""
    span = estimate.arm.span
    if span is None:
        return []
    number = reading.sentence_at(span.start)
    return [
        (drug.generic, TextSpan(drug.start, drug.end))
        for drug in reading.mentions[number].drugs
        if span.covers(TextSpan(drug.start, drug.end))
    ]
