"""Which endpoint a value belongs to, and how the record names it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.reading.estimates.atoms import AtomKind
from summarizer.reading.estimates.cues import Cues
from summarizer.reading.estimates.endpoint_mentions import EndpointKind, EndpointMention
from summarizer.reading.estimates.endpoint_phrases import (
    phrase_after,
    phrase_at_risk,
    phrase_before,
    phrase_leading,
    phrase_of_average,
    phrase_of_ratio,
    phrase_subject,
)
from summarizer.reading.estimates.model import COMPARISONS, Phrase
from summarizer.reading.estimates.subgroups import subgroup_before
from summarizer.reading.estimates.surroundings import Surroundings
from summarizer.reading.estimates.values import Value
from summarizer.schemas import Statistic
from summarizer.text import TextSpan

_FORWARD_GLUE = re.compile(
    r"[\)\]]?\s*(?:[\(\[][^)\]]{0,60}[\)\]]\s*)*(?:,? ?respectively,?\s*)?"
    r"(?:of (?:the |all )?(?:[\w-]+ ){0,5}?(?:who |that )?)?"
    r"(?:had|have|having|achieved|achieving|reported|experienced|showed|were|was|are|is|still|stayed|remained"
    r"|responded|died|survived"
    r"|discontinued|stopped|developed|reached|of them|them|of those|with|a|an|in|the|confirmed|or worse|for|in the"
    r"|drop|reduction|lower|risk|"
    r"decrease|of|less|likely|cut|relative|improvement|alive|progression|free|to|not|had not|without|rate"
    r"|(?:in|on|with|given|receiving) (?:the )?[\w-]+(?: [\w-]+){0,2} (?:arm|group|recipients)"
    r"|(?:of|in|on|with|given|receiving|taking|treated with|assigned to) (?:the |those on |those given )?~+(?:(?:,"
    r"| and| plus|\+|/) ?~+)*"
    r"(?: arm| group| recipients)?"
    r"|experiencing|grade \d|primary|best|all|patients|participants|people|women|men|and|disease|\s|,|-|'s"
    r"|[a-z]+group)*",
    re.IGNORECASE,
)


def _glues(around: Surroundings, start: int, end: int) -> bool:
    """True when the words from a value to an endpoint say that it is the value's own; names of drugs count as arms."""
    gap = around.folded[start:end]
    for drug in around.drugs:
        if start <= drug.start and drug.end <= end:
            gap = gap[: drug.start - start] + "~" * (drug.end - drug.start) + gap[drug.end - start :]
    return _FORWARD_GLUE.fullmatch(gap) is not None


def choose_endpoint(
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
    if nearest is None and value.kind is AtomKind.EVENT_RATE:
        nearest = next((mention for mention in usable if mention.span.overlaps(value.span)), None)
    ahead = _named_ahead(around, value, values, usable, clause)
    if nearest is None:
        return ahead or _inherited(around, value, mentions, cues)
    if ahead is not None and (
        _prefers_ahead(folded, value, values, nearest) or _is_claimed(around, nearest, value, values)
    ):
        return ahead
    return None if _has_own_verb(folded, value, values, nearest) else nearest


_CHANGE_OF_IT = re.compile(
    r"\b(?:reductions?|drops?|falls?|declines?|decreases?|increases?|lower|loss)\b", re.IGNORECASE
)


def _inherited(
    around: Surroundings, value: Value, mentions: Sequence[EndpointMention], cues: Cues
) -> EndpointMention | None:
    """The endpoint of the text before the sentence, where the value may rest on it."""
    endpoint = around.endpoint
    if value.kind is AtomKind.PERCENT and cues.change is not None and cues.risk is None and not mentions:
        measure = endpoint if endpoint is not None and endpoint.kind is EndpointKind.MEASURE else around.distant_measure
        if measure is not None and _CHANGE_OF_IT.search(cues.change.of(around.folded)):
            return measure
    usable = endpoint is not None and _fits(endpoint, value, cues) and _may_inherit(around, value, mentions)
    return endpoint if usable else None


def _fits(mention: EndpointMention, value: Value, cues: Cues) -> bool:
    if value.ratio is not None or cues.risk is not None:
        return not (value.ratio is not None and mention.has_threshold)  # "0.79 with HbA1c above 8.0%": a subset
    if value.kind in (AtomKind.DURATION, AtomKind.NOT_REACHED):
        return mention.kind in (EndpointKind.TIME, EndpointKind.MEASURE) or (
            cues.median is not None
            and mention.kind is not EndpointKind.ADVERSE_EVENT
            and mention.code not in ("CR", "PR", "ORR", "DEATH", "AE")
        )
    if value.kind is AtomKind.COUNT:
        return mention.kind in (EndpointKind.SAFETY, EndpointKind.ADVERSE_EVENT)
    if value.kind in (AtomKind.MEASURE, AtomKind.POINTS):
        if mention.kind is EndpointKind.RESPONSE:
            return value.kind is AtomKind.POINTS
        return mention.kind in (EndpointKind.MEASURE, EndpointKind.EVENT, EndpointKind.PHRASE, EndpointKind.TIME)
    return True


def _named_ahead(
    around: Surroundings,
    value: Value,
    values: Sequence[Value],
    mentions: Sequence[EndpointMention],
    clause: TextSpan,
) -> EndpointMention | None:
    """The endpoint that stands after the value's comparison, or between its first and second value."""
    members = [other for other in values if other.group == value.group]
    ends = [max(other.end for other in members), min(other.end for other in members)]
    for start in dict.fromkeys(ends):
        found = _first_ahead(around, start, values, mentions, clause)
        if found is not None:
            return found
    return None


def _first_ahead(
    around: Surroundings,
    start: int,
    values: Sequence[Value],
    mentions: Sequence[EndpointMention],
    clause: TextSpan,
) -> EndpointMention | None:
    for mention in mentions:
        if mention.span.start < start:
            continue
        if mention.span.start >= clause.end or any(start <= other.span.start < mention.span.start for other in values):
            return None
        if _SUBSET_BEFORE.search(around.folded, start, mention.span.start):
            continue
        return mention if mention.span.start - start <= 110 and _glues(around, start, mention.span.start) else None
    return None


_SUBSET_BEFORE = re.compile(
    r"\b(?:those|patients|participants|people|women|men) (?:with|who (?:achieved|had|reached|received))"
    r"(?: an?| the)?\s$",
    re.IGNORECASE,
)


_VERB_AFTER = re.compile(
    r"[\)\]]?\s*(?:[\(\[][^)\]]{0,60}[\)\]]\s*)*(?:,? ?respectively,?\s*)?(?:of (?:the |all )?[\w\s-]{1,60}? )?"
    r"(?:an? (?:partial|complete|stable|minor)|to (?:discontinue|stop|quit|come off)|stop\b|stopped|had|have"
    r"|achieved|were|was|are"
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
    if _CAUSED.search(gap):
        return True
    return (
        any(nearest.span.end <= other.span.start < value.span.start for other in values) or "," in gap or len(gap) > 40
    )


_CAUSED = re.compile(r"\b(?:led|leading|caused|causing|made|forced|prompted|drove)\b[^.;]{0,12}$")
_IN_BRACKETS = re.compile(r"\s?[(\[]")


def _is_claimed(around: Surroundings, nearest: EndpointMention, value: Value, values: Sequence[Value]) -> bool:
    """True when the endpoint before a value is what the previous value's own phrase names: "51% had A and 38% B"."""
    earlier = [other for other in values if other.end <= nearest.span.start]
    if not earlier or _IN_BRACKETS.fullmatch(around.folded, nearest.span.end, value.span.start):
        return False
    start = earlier[-1].end
    return nearest.span.start - start <= 60 and _glues(around, start, nearest.span.start)


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
    if value.kind is AtomKind.PERCENT and _says_what(around, value):
        return False
    if around.sentence.kind.value == "LIST_ITEM" or value.size > 1:
        return True
    if value.kind in (AtomKind.MEASURE, AtomKind.POINTS):
        return not mentions and phrase_of_average(around.folded, around.span.start, value.span.start) is None
    return value.kind is AtomKind.NOT_REACHED or (value.kind is AtomKind.DURATION and not mentions)


_NOT_OF_AN_EVENT = frozenset(
    {Statistic.MEDIAN, Statistic.HAZARD_RATIO, Statistic.MEAN, Statistic.MEAN_CHANGE, Statistic.MEAN_DIFFERENCE}
)


def _says_what(around: Surroundings, value: Value) -> bool:
    """True when the sentence itself words what a percentage is of, in a way that no vocabulary knows."""
    folded, end = around.folded, around.span.end
    if _OWN_VERB.match(folded, value.end):
        return True
    return phrase_subject(folded, around.span.start, value.span.start) is not None or (
        phrase_after(folded, value.end, end) is not None
    )


_DEATH_TO_OS = frozenset({Statistic.HAZARD_RATIO, Statistic.RISK_REDUCTION})


def endpoint_phrase(folded: str, endpoint: EndpointMention | None, statistic: Statistic) -> Phrase | None:
    """The endpoint as the record names it; deaths and survival are told apart by the statistic."""
    if endpoint is None:
        return None
    phrase = endpoint.as_phrase()
    words = endpoint.span.of(folded).lower()
    if endpoint.kind is EndpointKind.ADVERSE_EVENT and statistic in _NOT_OF_AN_EVENT:
        return Phrase(words, phrase.span, "a symptom that is measured is no adverse event")
    if endpoint.code == "DEATH" and statistic in _DEATH_TO_OS and words in ("death", "deaths", "dying", "mortality"):
        return Phrase("OS", phrase.span, "hazard or risk of death is overall survival")
    if endpoint.code == "OS" and ("death" in words or "mortality" in words) and statistic not in _DEATH_TO_OS:
        return Phrase("DEATH", phrase.span, "deaths counted")
    return phrase


_OF_A_RISK = frozenset(
    {
        Statistic.RISK_REDUCTION,
        Statistic.HAZARD_RATIO,
        Statistic.RISK_RATIO,
        Statistic.ODDS_RATIO,
        Statistic.RATE_RATIO,
    }
)


def unlisted_endpoint(
    around: Surroundings, value: Value, values: Sequence[Value], clause: TextSpan, statistic: Statistic
) -> Phrase | None:
    """An endpoint that the vocabulary does not know, taken as a short phrase from the sentence itself."""
    folded = around.folded
    members = [other for other in values if other.group == value.group]
    start = max((other.end for other in values if other.span.end <= members[0].span.start), default=clause.start)
    start = max(start, clause.start)
    if statistic in _OF_A_RISK:
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
        return (
            phrase_before(folded, start, value.span.start)
            or phrase_of_ratio(folded, clause.start, value.span.start)
            or phrase_leading(folded, start, value.span.start)
        )
    if statistic is Statistic.MEDIAN and (len(members) > 1 or members[0].interval is not None):
        return phrase_of_average(folded, start, members[0].span.start)
    if statistic in (Statistic.MEAN, Statistic.MEAN_CHANGE, Statistic.MEAN_DIFFERENCE):
        before = members[0].span.start
        return phrase_before(folded, start, before) or phrase_of_average(folded, start, before)
    return None
