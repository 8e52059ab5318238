"""From one sentence to its estimates: each number gets its endpoint, statistic, subgroup, time point and arm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from summarizer.reading.estimates.atoms import Atom, AtomKind, read_atoms
from summarizer.reading.estimates.choose_endpoint import choose_endpoint, endpoint_phrase, unlisted_endpoint
from summarizer.reading.estimates.choose_statistic import choose_statistic, is_dose
from summarizer.reading.estimates.choose_subgroup import choose_subgroup
from summarizer.reading.estimates.cues import exclusion_reason, read_cues
from summarizer.reading.estimates.denominators import find_denominators
from summarizer.reading.estimates.endpoint_mentions import EndpointKind, EndpointMention
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.grouping import group_values
from summarizer.reading.estimates.listed import name_listed_arms
from summarizer.reading.estimates.model import COMPARISONS, ArmWording, Estimate, Phrase
from summarizer.reading.estimates.p_values import attach_p_values
from summarizer.reading.estimates.qualifiers import arm_wording, read_analysis, read_assessor, timepoint_of
from summarizer.reading.estimates.surroundings import Surroundings, clause_of
from summarizer.reading.estimates.values import Value, attach_modifiers, read_values
from summarizer.schemas import Statistic
from summarizer.text import TextSpan


def resolve_sentence(around: Surroundings) -> tuple[list[Estimate], list[EndpointMention], list[Atom]]:
    """Estimates of one sentence, its endpoint mentions and its atoms."""
    folded, span = around.folded, around.span
    atoms = read_atoms(folded, *span)
    mentions = find_endpoints(folded, span, around.tokens)
    if around.grade is not None and not around.grade_in_brackets:
        mentions = [_inherit_grade(mention, around.grade) for mention in mentions]
    if not any(atom.kind is not AtomKind.SKIP for atom in atoms):
        return [], mentions, atoms
    mentions = [mention for mention in mentions if not _is_modifier(folded, mention, atoms)]
    mentions = _without_causes(folded, mentions)
    values = read_values(folded, atoms, around.ratio, around.distant_ratio)
    attach_modifiers(folded, atoms, values)
    values = _in_both_arms(folded, _without_excluded(around, values))
    group_values(folded, atoms, values, [mention.span for mention in mentions])
    estimates: list[Estimate] = []
    for value in values:
        estimate = _estimate(around, value, values, mentions, atoms, estimates)
        if estimate is not None:
            estimates.append(estimate)
    _share_within_groups(estimates)
    name_listed_arms(folded, span, estimates, around.drugs)
    find_denominators(folded, span, atoms, estimates)
    attach_p_values(around, atoms, estimates, mentions)
    for estimate in estimates:
        estimate.sentence = around.sentence.number
        estimate.assessor = estimate.assessor or read_assessor(folded, span)
        estimate.analysis = read_analysis(folded, span, estimate)
    return estimates, mentions, atoms


def _inherit_grade(mention: EndpointMention, grade: TextSpan) -> EndpointMention:
    if mention.grade is None and mention.kind is EndpointKind.ADVERSE_EVENT:
        return replace(mention, grade=grade)
    return mention


_MODIFIED = re.compile(
    r" ?(?:patients?|status|inhibitor|analys[ei]s|population|follow-up|cancer|assessments?|data\b)", re.IGNORECASE
)


def _is_modifier(folded: str, mention: EndpointMention, atoms: Sequence[Atom]) -> bool:
    """True for "survival analysis" and the like: words of an endpoint that name none here."""
    if any(atom.kind is AtomKind.INTERVAL and atom.span.covers(mention.span) for atom in atoms):
        return True
    if mention.code == "OS" and mention.span.of(folded).lower() in ("live", "lived", "survival"):
        return _MODIFIED.match(folded, mention.span.end) is not None
    return False


_MOST = re.compile(
    r"\bmost (?:common|frequent|commonly reported|frequently reported)\s(?:[\w-]+ ){0,2}$", re.IGNORECASE
)
_CAUSE = re.compile(r"\b(?:for|due to|because of|owing to|on account of|from|by)\s(?:\w+ ){0,2}$")


def _without_causes(folded: str, mentions: Sequence[EndpointMention]) -> list[EndpointMention]:
    """In "treatment was stopped for side effects" the side effects are the cause, not the endpoint."""
    kept: list[EndpointMention] = []
    for mention in mentions:
        before = folded[max(0, mention.span.start - 40) : mention.span.start]
        if (
            kept
            and mention.code in ("AE", "TRAE", "SAE")
            and kept[-1].kind is EndpointKind.ADVERSE_EVENT
            and _MOST.search(before)
        ):
            continue
        if (
            kept
            and kept[-1].code in ("DISCONTINUATION", "DEATH")
            and mention.code in ("AE", "TRAE")
            and _CAUSE.search(before)
        ):
            continue
        kept.append(mention)
    return kept


def _without_excluded(around: Surroundings, values: Sequence[Value]) -> list[Value]:
    kept: list[Value] = []
    for value in values:
        if value.ratio is None and value.kind is AtomKind.MEASURE and is_dose(around, value):
            continue  # before values are grouped: "41% with 25 mg and 22% with placebo" compares two
        clause = clause_of(around.folded, around.span, value.span)
        if value.ratio is None and value.kind is not AtomKind.NOT_REACHED:
            atom = value.atom if value.atom.kind is value.kind else value.atom._replace(kind=value.kind)
            if value.interval is None and value.denominator is None and exclusion_reason(around.folded, atom, clause):
                continue
        kept.append(value)
    return kept


_BOTH_ARMS = re.compile(
    r"(?: \([^)]{0,60}\))?,? (?:in|with|for|on) (?:both|each|either)(?: of the)?(?: \w+)?(?: arms?| groups?)?"
    r"(?=[ ,;.)]|$)",
    re.IGNORECASE,
)


def _in_both_arms(folded: str, values: Sequence[Value]) -> list[Value]:
    """Count "13.1 months in both arms" as one value for each arm."""
    spread: list[Value] = []
    for value in values:
        if value.ratio is None and _BOTH_ARMS.match(folded, value.span.end):
            spread.extend(replace(value, in_both_arms=place, modifiers=list(value.modifiers)) for place in (0, 1))
        else:
            spread.append(value)
    return spread


def _estimate(
    around: Surroundings,
    value: Value,
    values: Sequence[Value],
    mentions: Sequence[EndpointMention],
    atoms: Sequence[Atom],
    earlier: Sequence[Estimate],
) -> Estimate | None:
    folded, sentence = around.folded, around.span
    clause = clause_of(folded, sentence, value.span)
    cues = read_cues(folded, value.span, clause)
    endpoint = choose_endpoint(around, value, values, mentions, clause, cues)
    statistic, statistic_span = choose_statistic(around, value, endpoint, cues)
    if statistic is None:
        return None
    if value.inner_of is not None and endpoint is not None and around.grade is not None:
        endpoint = replace(endpoint, grade=around.grade)
    phrase = endpoint_phrase(folded, endpoint, statistic)
    if phrase is None:
        phrase = unlisted_endpoint(around, value, values, clause, statistic)
    if phrase is None and value.ratio is not None and earlier:  # "..., for a hazard ratio of 0.57"
        phrase = earlier[-1].endpoint
    if phrase is None and around.distant_endpoint is not None and _rests_on_earlier_text(folded, value, statistic):
        phrase = around.distant_endpoint.as_phrase()
    if phrase is None:
        return None
    before = max((other.end for other in values if other.span.end <= value.span.start), default=sentence.start)
    return Estimate(
        span=value.span,
        value_span=value.atom.number_span or value.span,
        statistic=statistic,
        value=value.atom.number,
        unit=value.unit if value.ratio else _unit(value, phrase, statistic),
        reached=False if value.kind is AtomKind.NOT_REACHED else None,
        statistic_span=statistic_span,
        unit_span=value.unit_span,
        interval=value.interval,
        numerator=value.numerator,
        denominator=value.denominator,
        endpoint=phrase,
        timepoint=timepoint_of(folded, value, values, atoms, around.timepoint, statistic),
        subgroup=choose_subgroup(around, value, values, before, clause),
        arm=_arm(around, value, values, statistic),
        group=value.group,
    )


_THE_MEDIAN = re.compile(r"\b[Mm]edians?\b(?! of\b)[^;.%]{0,70}$")


def _rests_on_earlier_text(folded: str, value: Value, statistic: Statistic) -> bool:
    """A hazard ratio or a median must be of something: where the sentence does not say, of what was spoken of last."""
    if statistic is Statistic.HAZARD_RATIO:
        return True
    if statistic is not Statistic.MEDIAN or (value.interval is None and value.size == 1):
        return False
    return _THE_MEDIAN.search(folded, max(0, value.span.start - 140), value.span.start) is not None


def _unit(value: Value, endpoint: Phrase, statistic: Statistic) -> str | None:
    if value.kind is AtomKind.NOT_REACHED:
        return "months" if value.interval and "month" in endpoint.rule else None
    if statistic is Statistic.RATE_DIFFERENCE and value.unit == "points":
        return "percentage points"
    return value.unit


def _arm(around: Surroundings, value: Value, values: Sequence[Value], statistic: Statistic) -> ArmWording:
    if value.in_both_arms is not None:
        return ArmWording(None, value.in_both_arms, 2)
    words = arm_wording(around.folded, around.span, value, values, around.drugs)
    if statistic in COMPARISONS:
        return ArmWording(words, None)
    return ArmWording(words, value.position, value.size)


def _share_within_groups(estimates: Sequence[Estimate]) -> None:
    """Members of a comparison share endpoint, subgroup and time point when only one of them states it."""
    by_group: dict[int, list[Estimate]] = {}
    for estimate in estimates:
        by_group.setdefault(estimate.group, []).append(estimate)
    for members in by_group.values():
        first = members[0]
        for other in members[1:]:
            other.endpoint = first.endpoint
            other.statistic = first.statistic if other.statistic is not first.statistic else other.statistic
            other.statistic_span = other.statistic_span or first.statistic_span
            other.subgroup = other.subgroup or first.subgroup
            other.timepoint = other.timepoint or first.timepoint
        if all(member.timepoint is None for member in members[:-1]) and members[-1].timepoint is not None:
            for member in members[:-1]:
                member.timepoint = members[-1].timepoint
