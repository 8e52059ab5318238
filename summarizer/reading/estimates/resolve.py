"""Decide what each number of a sentence is: which statistic of which endpoint, for whom, when; or no estimate at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.reading.estimates.atoms import Atom, AtomKind, read_atoms
from summarizer.reading.estimates.cues import Cues, exclusion_reason, read_cues
from summarizer.reading.estimates.denominators import find_denominators
from summarizer.reading.estimates.endpoints import (
    EndpointKind,
    EndpointMention,
    find_endpoints,
    phrase_after,
    phrase_at_risk,
    phrase_before,
    phrase_leading,
    phrase_subject,
)
from summarizer.reading.estimates.listed import name_listed_arms
from summarizer.reading.estimates.model import COMPARISONS, ArmWording, Estimate, Phrase, PValue
from summarizer.reading.estimates.qualifiers import arm_wording, read_analysis, read_assessor, timepoint_of
from summarizer.reading.estimates.subgroups import (
    inner_labels,
    parenthesised_subgroup,
    subgroup_after,
    subgroup_before,
    subgroup_from_label,
)
from summarizer.reading.estimates.values import UNIT_KINDS, Value, attach_modifiers, group_values, read_values
from summarizer.reading.phrases import Token
from summarizer.reading.sentences import Sentence
from summarizer.schemas import Statistic
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A sentence and what its values may inherit."""

    folded: str
    sentence: Sentence
    tokens: Sequence[Token]
    drugs: Sequence[TextSpan]
    ratio: tuple[Statistic, TextSpan] | None
    endpoint: EndpointMention | None
    grade: TextSpan | None
    grade_in_brackets: bool
    timepoint: Atom | None
    subgroup: TextSpan | None

    @property
    def span(self) -> TextSpan:
        """The sentence's span."""
        return TextSpan(self.sentence.start, self.sentence.end)


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
    values = read_values(folded, atoms, around.ratio)
    attach_modifiers(folded, atoms, values)
    values = _in_both_arms(folded, _without_excluded(around, values))
    group_values(folded, atoms, values, [mention.span for mention in mentions])
    estimates = [estimate for value in values if (estimate := _estimate(around, value, values, mentions, atoms))]
    _share_within_groups(estimates)
    name_listed_arms(folded, span, estimates, around.drugs)
    find_denominators(folded, span, atoms, estimates)
    _attach_p_values(around, atoms, estimates, mentions)
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


_CAUSE = re.compile(r"\b(?:for|due to|because of|owing to|on account of|from|by)\s(?:\w+ ){0,2}$")


def _without_causes(folded: str, mentions: Sequence[EndpointMention]) -> list[EndpointMention]:
    """In "treatment was stopped for side effects" the side effects are the cause, not the endpoint."""
    kept: list[EndpointMention] = []
    for mention in mentions:
        before = folded[max(0, mention.span.start - 30) : mention.span.start]
        if (
            kept
            and kept[-1].code in ("DISCONTINUATION", "DEATH")
            and mention.code in ("AE", "TRAE")
            and _CAUSE.search(before)
        ):
            continue
        kept.append(mention)
    return kept


def clause_of(folded: str, sentence: TextSpan, span: TextSpan) -> TextSpan:
    """The stretch between semicolons around ``span`` (semicolons inside its own brackets do not count)."""
    start = sentence.start
    depth = 0
    for place in range(span.start - 1, sentence.start - 1, -1):
        character = folded[place]
        if character in ")]":
            depth += 1
        elif character in "([":
            depth -= 1
        elif character == ";" and depth == 0:
            start = place + 1
            break
    end = folded.find(";", span.end, sentence.end)
    return TextSpan(start, sentence.end if end < 0 else end)


def _without_excluded(around: Surroundings, values: Sequence[Value]) -> list[Value]:
    kept: list[Value] = []
    for value in values:
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
) -> Estimate | None:
    folded, sentence = around.folded, around.span
    clause = clause_of(folded, sentence, value.span)
    cues = read_cues(folded, value.span, clause)
    endpoint = _endpoint(around, value, values, mentions, clause, cues)
    statistic, statistic_span = _statistic(around, value, endpoint, cues)
    if statistic is None:
        return None
    if value.inner_of is not None and endpoint is not None and around.grade is not None:
        endpoint = replace(endpoint, grade=around.grade)
    phrase = _endpoint_phrase(folded, endpoint, statistic)
    if phrase is None:
        phrase = _unlisted_endpoint(around, value, values, clause, statistic)
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
        subgroup=_subgroup(around, value, values, before, clause),
        arm=_arm(around, value, values, statistic),
        group=value.group,
    )


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


_TIME_CODES = frozenset({EndpointKind.TIME})
_FORWARD_GLUE = re.compile(
    r"[\)\]]?\s*(?:[\(\[][^)\]]{0,60}[\)\]]\s*)*(?:,? ?respectively,?\s*)?"
    r"(?:of (?:the |all )?(?:[\w-]+ ){0,5}?(?:who |that )?)?"
    r"(?:had|have|having|achieved|achieving|reported|experienced|showed|were|was|are|is|still|stayed|remained"
    r"|responded|died|survived"
    r"|discontinued|stopped|developed|reached|of them|them|of those|with|a|an|in|the|confirmed|or worse|for|in the"
    r"|drop|reduction|lower|risk|"
    r"decrease|of|less|likely|cut|relative|improvement|alive|progression|free|to|not|had not|without|rate"
    r"|experiencing|grade \d|all|patients|participants|people|women|men|and|disease|\s|,|-|'s|[a-z]+group)*",
    re.IGNORECASE,
)


def _endpoint(
    around: Surroundings,
    value: Value,
    values: Sequence[Value],
    mentions: Sequence[EndpointMention],
    clause: TextSpan,
    cues: Cues,
) -> EndpointMention | None:
    """The endpoint that a value belongs to: the nearest before it, or the one that its own phrase goes on to name."""
    folded = around.folded
    subset = subgroup_before(folded, clause.start, value.span.start)
    usable = [
        mention
        for mention in mentions
        if _fits(mention, value, cues) and not (subset is not None and subset.span.covers(mention.span))
    ]
    before = [mention for mention in usable if mention.span.end <= value.span.start]
    nearest = before[-1] if before else None
    ahead = _named_ahead(folded, value, values, usable, clause)
    if ahead is not None and (nearest is None or _prefers_ahead(folded, value, values, nearest)):
        return ahead
    if ahead is not None and nearest is not None and _is_claimed(folded, nearest, value, values):
        return ahead
    if nearest is not None and not _has_own_verb(folded, value, values, nearest):
        return nearest
    if nearest is not None:
        return None
    if ahead is not None:
        return ahead
    if around.endpoint is not None and _fits(around.endpoint, value, cues) and _may_inherit(around, value, mentions):
        return around.endpoint
    return None


def _fits(mention: EndpointMention, value: Value, cues: Cues) -> bool:
    if value.ratio is not None or cues.risk is not None:
        return True
    if value.kind in (AtomKind.DURATION, AtomKind.NOT_REACHED):
        return mention.kind in (EndpointKind.TIME, EndpointKind.MEASURE) or (
            cues.median is not None
            and mention.kind is not EndpointKind.ADVERSE_EVENT
            and mention.code not in ("CR", "PR", "ORR", "DEATH", "AE")
        )
    if value.kind is AtomKind.COUNT:
        return mention.kind in (EndpointKind.SAFETY, EndpointKind.ADVERSE_EVENT)
    if value.kind in (AtomKind.MEASURE, AtomKind.POINTS):
        return mention.kind in (
            EndpointKind.MEASURE,
            EndpointKind.EVENT,
            EndpointKind.PHRASE,
            EndpointKind.RESPONSE,
            EndpointKind.TIME,
        )
    return True


def _named_ahead(
    folded: str, value: Value, values: Sequence[Value], mentions: Sequence[EndpointMention], clause: TextSpan
) -> EndpointMention | None:
    members = [other for other in values if other.group == value.group]
    start = max(other.end for other in members)
    for mention in mentions:
        if mention.span.start < start:
            continue
        if mention.span.start >= clause.end or any(start <= other.span.start < mention.span.start for other in values):
            return None
        gap = folded[start : mention.span.start]
        if _SUBSET_BEFORE.search(gap):
            continue
        return mention if len(gap) <= 110 and _FORWARD_GLUE.fullmatch(gap) else None
    return None


_SUBSET_BEFORE = re.compile(
    r"\b(?:those|patients|participants|people|women|men) (?:with|who (?:achieved|had|reached|received))"
    r"(?: an?| the)?\s$",
    re.IGNORECASE,
)
_VERB_AFTER = re.compile(
    r"[\)\]]?\s*(?:[\(\[][^)\]]{0,60}[\)\]]\s*)*(?:,? ?respectively,?\s*)?(?:of (?:the |all )?[\w\s-]{1,60}? )?"
    r"(?:an? (?:partial|complete|stable|minor)|to (?:discontinue|stop)|stop\b|stopped|had|have|achieved|were|was|are"
    r"|remained|stayed|still|died|responded|discontinued|experienced|survived"
    r"|of them (?:complete|partial)|complete\b|partial\b|reduction|drop|lower|less likely|decrease|cut|survival"
    r"|progression-free|alive)",
    re.IGNORECASE,
)


def _prefers_ahead(folded: str, value: Value, values: Sequence[Value], nearest: EndpointMention) -> bool:
    """True when the words after the value name its endpoint although another stands before."""
    end = max(other.end for other in values if other.group == value.group)
    if _VERB_AFTER.match(folded, end) is None:
        return False
    gap = folded[nearest.span.end : value.span.start]
    return (
        any(nearest.span.end <= other.span.start < value.span.start for other in values) or "," in gap or len(gap) > 40
    )


def _is_claimed(folded: str, nearest: EndpointMention, value: Value, values: Sequence[Value]) -> bool:
    """True when the endpoint before a value is what the previous value's own phrase names: "51% had A and 38% B"."""
    earlier = [other for other in values if other.end <= nearest.span.start]
    if not earlier:
        return False
    gap = folded[earlier[-1].end : nearest.span.start]
    return len(gap) <= 60 and _FORWARD_GLUE.fullmatch(gap) is not None


_TREATED_AFTER = re.compile(
    r"[\)\]]?(?: of [\w\s-]{1,50}?)? (?:received|underwent|required|needed|went on to|proceeded to|took)\b"
)


def _has_own_verb(folded: str, value: Value, values: Sequence[Value], nearest: EndpointMention) -> bool:
    """True for "... the CR rate was 22%, and 83% received local excisions": the verb makes an endpoint of its own."""
    if value.kind is not AtomKind.PERCENT or not any(
        nearest.span.end <= v.span.start < value.span.start for v in values
    ):
        return False
    return _TREATED_AFTER.match(folded, value.end) is not None


_OWN_VERB = re.compile(r"[\)\]]?\s(?:of [\w\s-]{1,60}? )?[a-z]+(?:ed|ank|ose|ell)\b")


def _may_inherit(around: Surroundings, value: Value, mentions: Sequence[EndpointMention]) -> bool:
    if value.ratio is not None or value.interval is not None:
        return True
    if value.kind is AtomKind.PERCENT and _OWN_VERB.match(around.folded, value.end):
        return False
    if around.sentence.kind.value == "LIST_ITEM" or value.size > 1:
        return True
    if value.kind in (AtomKind.MEASURE, AtomKind.POINTS):
        return not mentions
    return value.kind is AtomKind.NOT_REACHED or (value.kind is AtomKind.DURATION and not mentions)


def _statistic(
    around: Surroundings, value: Value, endpoint: EndpointMention | None, cues: Cues
) -> tuple[Statistic | None, TextSpan | None]:
    if value.ratio is not None:
        return value.ratio, value.ratio_span
    kind = value.kind
    if kind is AtomKind.COUNT:
        return (Statistic.COUNT, value.span) if endpoint is not None else (None, None)
    if kind is AtomKind.EVENT_RATE:
        return Statistic.EVENT_RATE, value.unit_span
    if kind is AtomKind.PERCENT:
        return _percent_statistic(endpoint, cues)
    if kind is AtomKind.POINTS:
        measured = endpoint is not None and endpoint.kind is EndpointKind.MEASURE
        if cues.difference is None and (cues.change is not None or (measured and value.size > 1)):
            return Statistic.MEAN_CHANGE, cues.change or value.unit_span
        is_rate = endpoint is None or endpoint.kind is not EndpointKind.MEASURE
        named = (
            Statistic.RATE_DIFFERENCE if is_rate and value.unit == "percentage points" else Statistic.MEAN_DIFFERENCE
        )
        return named, cues.difference or value.unit_span
    if kind in (AtomKind.DURATION, AtomKind.NOT_REACHED):
        return _time_statistic(value, endpoint, cues)
    if (
        kind is AtomKind.MEASURE
        and value.unit in _DOSE_UNITS
        and not _DOSE_MEASURED.search(around.folded[max(around.span.start, value.span.start - 110) : value.span.start])
    ):
        return None, None
    if kind is AtomKind.MEASURE:
        for statistic, span in (
            (Statistic.MEAN_DIFFERENCE, cues.difference),
            (Statistic.MEDIAN, cues.median if cues.change is None else None),
            (Statistic.MEAN_CHANGE, cues.change),
            (Statistic.MEAN, cues.mean),
        ):
            if span is not None:
                return statistic, span
    return None, None


_DOSE_UNITS = frozenset({"mg", "g", "U", "IU", "mL", "ml"})
_DOSE_MEASURED = re.compile(
    r"\b(?:[Mm]ean|[Mm]edian|[Aa]verage)\b[^;.%]{0,70}\b(?:was|were|of|came to|:|vs\.?|versus|and)\s(?:about )?$"
)


def _percent_statistic(endpoint: EndpointMention | None, cues: Cues) -> tuple[Statistic, TextSpan | None]:
    if cues.risk is not None and (endpoint is None or endpoint.kind is not EndpointKind.MEASURE):
        return Statistic.RISK_REDUCTION, cues.risk
    if endpoint is not None and endpoint.kind is EndpointKind.EVENT and cues.change is not None:
        return Statistic.RISK_REDUCTION, cues.change
    if endpoint is not None and endpoint.kind is EndpointKind.MEASURE:
        if cues.difference is not None:
            return Statistic.MEAN_DIFFERENCE, cues.difference
        if endpoint.code == "a1c" and cues.mean and cues.change and cues.mean.start > cues.change.start:
            return Statistic.MEAN, cues.mean
        if endpoint.code == "a1c":
            return (Statistic.MEAN_CHANGE, cues.change) if cues.change else (Statistic.MEAN, cues.mean or endpoint.span)
        if cues.change is not None:
            return Statistic.PERCENT_CHANGE, cues.change
    return Statistic.RATE, None


def _time_statistic(
    value: Value, endpoint: EndpointMention | None, cues: Cues
) -> tuple[Statistic | None, TextSpan | None]:
    if cues.difference is not None and cues.median is not None:
        return Statistic.OTHER, cues.difference
    if cues.mean is not None and cues.median is None:
        return Statistic.MEAN, cues.mean
    if cues.median is not None:
        return Statistic.MEDIAN, cues.median
    if endpoint is not None and endpoint.kind is EndpointKind.TIME:
        return Statistic.MEDIAN, endpoint.span
    return None, None


_DEATH_TO_OS = frozenset({Statistic.HAZARD_RATIO, Statistic.RISK_REDUCTION})
_PROGRESSION = frozenset({"PD"})


def _endpoint_phrase(folded: str, endpoint: EndpointMention | None, statistic: Statistic) -> Phrase | None:
    if endpoint is None:
        return None
    phrase = endpoint.as_phrase()
    words = endpoint.span.of(folded).lower()
    if endpoint.code == "DEATH" and statistic in _DEATH_TO_OS and words in ("death", "deaths", "dying", "mortality"):
        return Phrase("OS", phrase.span, "hazard or risk of death is overall survival")
    if endpoint.code == "OS" and ("death" in words or "mortality" in words) and statistic not in _DEATH_TO_OS:
        return Phrase("DEATH", phrase.span, "deaths counted")
    return phrase


def _unlisted_endpoint(
    around: Surroundings, value: Value, values: Sequence[Value], clause: TextSpan, statistic: Statistic
) -> Phrase | None:
    """An endpoint that the vocabulary does not know, taken as a short phrase from the sentence itself."""
    folded = around.folded
    members = [other for other in values if other.group == value.group]
    start = max((other.end for other in values if other.span.end <= members[0].span.start), default=clause.start)
    start = max(start, clause.start)
    if statistic in (
        Statistic.RISK_REDUCTION,
        Statistic.HAZARD_RATIO,
        Statistic.RISK_RATIO,
        Statistic.ODDS_RATIO,
        Statistic.RATE_RATIO,
    ):
        at_risk = phrase_at_risk(folded, TextSpan(clause.start, clause.end), value.span)
        if at_risk is not None:
            return at_risk
    if statistic is Statistic.RATE:
        return (
            phrase_before(folded, start, members[0].span.start)
            or phrase_subject(folded, start, members[0].span.start)
            or phrase_after(folded, members[-1].end, clause.end)
        )
    if statistic in COMPARISONS and value.ratio is not None:
        return phrase_before(folded, start, value.span.start) or phrase_leading(folded, start, value.span.start)
    if statistic in (Statistic.MEAN, Statistic.MEAN_CHANGE, Statistic.MEAN_DIFFERENCE):
        return phrase_before(folded, start, members[0].span.start)
    return None


def _subset_after(folded: str, sentence: TextSpan, value: Value, values: Sequence[Value]) -> Phrase | None:
    """The subset named right after the value's comparison, also for a ratio in brackets after it."""
    members = [other for other in values if other.group == value.group]
    found = subgroup_after(folded, members[-1].end, sentence.end)
    if found is not None or value.ratio is None:
        return found
    earlier = [other for other in values if other.end <= value.span.start and other.ratio is None]
    if not earlier:
        return None
    bracket = folded.rfind("(", earlier[-1].end, value.span.start)
    return subgroup_after(folded, earlier[-1].end, value.span.start) if bracket >= 0 else None


def _subgroup(
    around: Surroundings, value: Value, values: Sequence[Value], before: int, clause: TextSpan
) -> Phrase | None:
    folded, sentence = around.folded, around.span
    labels = [
        label
        for label in inner_labels(folded, sentence.start, value.span.start)
        if not _is_endpoint_label(folded, label)
    ]
    if labels:
        found = subgroup_from_label(folded, labels[-1])
        if found is not None and not any(drug.overlaps(found.span) for drug in around.drugs):
            return found
    following = _subset_after(folded, sentence, value, values)
    if following is not None:
        return following
    bracketed = parenthesised_subgroup(folded, sentence.start, value.span.start)
    if bracketed is not None:
        return bracketed
    found = subgroup_before(folded, clause.start, value.span.start)
    if (found is None and clause.start == sentence.start) or before <= clause.start:
        found = found or subgroup_before(folded, sentence.start, value.span.start)
    if found is not None and not any(
        drug.overlaps(found.span) for drug in around.drugs if _is_arm_like(folded, drug, found.span)
    ):
        return found
    if around.subgroup is not None:
        return subgroup_from_label(folded, around.subgroup)
    return None


def _is_arm_like(folded: str, drug: TextSpan, phrase: TextSpan) -> bool:
    words = folded[phrase.start : drug.start].lower()
    return not re.search(
        r"\b(?:prior|previous|after|without|not|no|following|refractory|resistant|naive|pretreated)\b", words
    )


def _is_endpoint_label(folded: str, label: TextSpan) -> bool:
    text = label.of(folded)
    return (
        bool(find_endpoints(folded, label))
        or re.search(
            r"\b(?:vs|versus|[Mm]edian|rates?|ratio|results?|events?|analys[ei]s|HRs?|said|data|[Ee]ndpoint)\b", text
        )
        is not None
    )


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


_THRESHOLD_P = re.compile(
    r"\b(?:threshold|boundary|significance level|alpha|prespecified|cutoff)\b[^;.]{0,40}$", re.IGNORECASE
)


def _attach_p_values(
    around: Surroundings, atoms: Sequence[Atom], estimates: list[Estimate], mentions: Sequence[EndpointMention]
) -> None:
    for atom in atoms:
        if atom.kind is not AtomKind.P_VALUE or atom.p is None:
            continue
        if _THRESHOLD_P.search(around.folded[max(around.span.start, atom.span.start - 70) : atom.span.start]):
            continue
        owner = _p_owner(around.folded, atom, estimates)
        if owner is not None:
            owner.p = atom.p
            continue
        orphan = _p_only(around, atom.p, estimates, mentions)
        if orphan is not None:
            estimates.append(orphan)


def _p_owner(folded: str, atom: Atom, estimates: Sequence[Estimate]) -> Estimate | None:
    """The comparison before the P value; a lone value before it counts when no comparison does."""
    preceding = [e for e in estimates if e.span.end <= atom.span.start and e.p is None]
    for estimate in reversed(preceding):
        gap = folded[estimate.span.end : atom.span.start]
        if estimate.is_comparison and len(gap) <= 140:
            return estimate
        if not estimate.is_comparison and len(gap) <= 90 and estimate.arm.position is None and ". " not in gap:
            return estimate
    following = [e for e in estimates if e.span.start >= atom.span.end and e.p is None and e.is_comparison]
    if following and len(folded[atom.span.end : following[0].span.start]) <= 60:
        return following[0]
    return None


def _p_only(
    around: Surroundings, p: PValue, estimates: Sequence[Estimate], mentions: Sequence[EndpointMention]
) -> Estimate | None:
    """A P value without an estimate is a row of its own, when its endpoint is told."""
    before = [mention for mention in mentions if mention.span.end <= p.span.start]
    mention = before[-1] if before else around.endpoint
    if mention is None:
        return None
    nearest = [estimate for estimate in estimates if estimate.span.end <= p.span.start]
    return Estimate(
        span=p.span,
        value_span=p.span,
        statistic=Statistic.OTHER,
        statistic_span=p.span,
        value=None,
        p=p,
        endpoint=nearest[-1].endpoint if nearest else mention.as_phrase(),
        subgroup=nearest[-1].subgroup if nearest else None,
        timepoint=nearest[-1].timepoint if nearest else None,
        rule="P value without an estimate",
    )


__all__ = ["UNIT_KINDS", "Surroundings", "clause_of", "resolve_sentence"]
