"""Endpoints that are named by composition: "time to worsening of pain", "death or heart failure admission"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from summarizer.reading.estimates.endpoint_mentions import EndpointKind, EndpointMention
from summarizer.text import TextSpan


def compose(folded: str, span: TextSpan, mentions: Sequence[EndpointMention]) -> list[EndpointMention]:
    """The mentions of a sentence with those that are composed of words beside them, in text order."""
    grown = [_with_threshold(folded, span, mention) for mention in mentions]
    grown = _composites(folded, span, _with_more_thresholds(folded, span, mentions, grown))
    free = [*_free_of(folded, span), *_gains_of(folded, span), *_responses_on(folded, grown)]
    grown = [mention for mention in grown if not any(mention.span.overlaps(other.span) for other in free)] + free
    against = _protected_against(folded, span)
    if against:
        grown = [
            mention
            for mention in grown
            if mention.code != "vaccine efficacy" and not any(mention.span.overlaps(other.span) for other in against)
        ]
    times = _times_to_events(folded, span, grown)
    grown = [mention for mention in grown if not any(mention.span.overlaps(other.span) for other in times)]
    return sorted([*grown, *against, *times], key=lambda mention: mention.span)


_TIME_TO = re.compile(
    r"\b(?:[Tt]ime to (?:(?:the|a|an|first|confirmed|definitive|sustained|next|clinically|meaningful|symptomatic"
    r"|improvement in|worsening of|worsening in|deterioration in|deterioration of|occurrence of|onset of"
    r"|confirmed deterioration in) )*"
    r"(?P<event>[A-Za-z][\w/-]*(?: (?!was\b|were\b|is\b|had\b|has\b|did\b|by\b|with\b|for\b|in\b|among\b"
    r"|on\b|vs\b|versus\b|and\b|than\b|at\b|from\b|favou?red\b|came\b|reached\b|the\b|as\b|compared\b|that\b|which\b)"
    r"[\w/-]+){0,5}(?: (?:in|on) (?!the\b|patients\b|each\b|both\b)[A-Z][\w-]+(?: (?:total )?scores?)?)?)"
    r"|(?P<free>(?:(?:symptomatic|skeletal|distant|local|locoregional|brain|bone|pain|chemotherapy|biochemical|clinical"
    r"|breast|cancer|steroid|treatment|failure|kidney|transplant"
    r"|ventilator) ){0,3}[A-Za-z][\w/]*(?:-[a-z]+)?-(?:free|specific) (?:survival|interval)))"
)
_FREE_OF = re.compile(
    r"\b(?P<what>(?:seizure|exacerbation|flare|relapse|recurrence|steroid|glucocorticoid|dialysis|transfusion|attack|bleed"
    r"|migraine|symptom|pain|insulin|ventilator|hospitali[sz]ation|metastas[ei]s|treatment|clearance)-free)\b"
    r"(?! (?:survival|interval|period|days?|time))"
)


def _free_of(folded: str, span: TextSpan) -> list[EndpointMention]:
    """What patients were free of: "48.5% were exacerbation-free"."""
    return [
        EndpointMention(
            match["what"].lower(), EndpointKind.RESPONSE, TextSpan(*match.span("what")), match["what"].lower()
        )
        for match in _FREE_OF.finditer(folded, *span)
    ]


_GAIN_OF = re.compile(
    r"\b(?:gain|improvement|increase|drop|fall|decline|decrease|reduction|worsening) of "
    r"(?:at least \d[\d.]* ?(?:points?|letters|meters|metres)\b|\d[\d.]* ?(?:points?|letters|meters|metres) or "
    r"(?:more|greater|better))",
    re.IGNORECASE,
)
_RESPONSE_ON = re.compile(
    r"\b(?:[Rr]espon(?:se|ses|ders)|[Ii]mproved|[Ii]mprovement) (?:on|by|according to) (?:the )?$"
)


def _gains_of(folded: str, span: TextSpan) -> list[EndpointMention]:
    """What patients reached on a scale that was spoken of: "a gain of 3 points or more"."""
    return [
        EndpointMention(match.group().lower(), EndpointKind.RESPONSE, TextSpan(*match.span()), match.group().lower())
        for match in _GAIN_OF.finditer(folded, *span)
    ]


def _responses_on(folded: str, mentions: Sequence[EndpointMention]) -> list[EndpointMention]:
    """Response as an instrument defines it: "response on the ... scale" is a rate of patients."""
    found: list[EndpointMention] = []
    for mention in mentions:
        lead = _RESPONSE_ON.search(folded, max(0, mention.span.start - 30), mention.span.start)
        if lead is None or mention.kind is not EndpointKind.MEASURE:
            continue
        place = TextSpan(lead.start(), mention.span.end)
        words = place.of(folded).lower()
        found.append(EndpointMention(words, EndpointKind.RESPONSE, place, words))
    return found


_TIME_TO_WHAT = re.compile(r"\b(?:treat|event|time|this|it|that|which|market|data|readout|clinic)\b", re.IGNORECASE)


def _times_to_events(folded: str, span: TextSpan, mentions: Sequence[EndpointMention]) -> list[EndpointMention]:
    """Times to an event and kinds of survival: "time to worsening of pain", "melanoma-specific survival"."""
    found: list[EndpointMention] = []
    for match in _TIME_TO.finditer(folded, *span):
        place = TextSpan(*match.span())
        if any(mention.span.start <= place.start and mention.span.end >= place.end for mention in mentions):
            continue
        if match["event"] is not None and _TIME_TO_WHAT.match(match["event"]):
            continue
        words = _ARTICLE.sub("time to ", match.group().lower())
        found.append(EndpointMention(words, EndpointKind.TIME, place, words))
    return found


_ARTICLE = re.compile(r"^time to (?:the|an?) ")


_EFFICACY_AGAINST = re.compile(
    r"\b(?:[Vv]accine efficacy|[Vv]accine effectiveness|VE|[Ee]fficacy"
    r"|effective)(?: \(VE\))?(?: [\w% .-]{0,40}?)? against "
    r"(?:the |any |a |an )?(?P<what>[A-Za-z][\w/-]*(?: (?!was\b|were\b|is\b|of\b|in\b|at\b|over\b|among\b|after\b|and\b"
    r"|through\b|during\b|by\b|that\b|from\b|for\b|came\b|stood\b|reached\b|across\b)[\w/-]+){0,6}"
    r"(?: with (?:at least )?\w+ or more [a-z]+| with at least \w+ [a-z]+)?)"
)


def _protected_against(folded: str, span: TextSpan) -> list[EndpointMention]:
    """What a vaccine protects from: "vaccine efficacy against severe disease"."""
    found: list[EndpointMention] = []
    for match in _EFFICACY_AGAINST.finditer(folded, *span):
        place = TextSpan(*match.span("what"))
        words = place.of(folded).lower()
        found.append(EndpointMention(words, EndpointKind.PROTECTION, place, words))
    return found


_EVENT_NOUN = re.compile(
    r"\b(?:deaths?|mortality|infarction|strokes?|hospitali[sz]ations?|admissions?|failure|revascularization)\b",
    re.IGNORECASE,
)
_EVENT = (
    r"(?:(?:an?|the|first|recurrent|total|urgent|nonfatal|non-fatal|unplanned|worsening|any|all|CV|cardiovascular|hospital"
    r"|heart failure|HF|heart|kidney|renal|myocardial|ischemic|ischaemic|disabling) ){0,5}(?:hospitali[sz]ations?"
    r"|admissions?|events?|infarction|strokes?|failure|deaths?|transplant(?:ation)?|revascularization|visits?)"
    r"(?: (?:for|from) (?:an? )?(?:(?:worsening|acute|decompensated|heart|kidney|renal|cardiovascular|CV|any|all) )*"
    r"(?:failure|causes?|events?|HF))?"
)
_OR_EVENT = re.compile(
    rf"(?: from (?:any cause|[a-z-]+ causes?))?(?:, {_EVENT}){{0,3}},? (?:or|plus) {_EVENT}\b", re.IGNORECASE
)


def _composites(folded: str, span: TextSpan, mentions: Sequence[EndpointMention]) -> list[EndpointMention]:
    """Composites of events: "cardiovascular death or hospitalization for heart failure" is one endpoint."""
    kept: list[EndpointMention] = []
    for mention in mentions:
        if kept and kept[-1].span.end > mention.span.start:
            continue
        tail = None
        if _EVENT_NOUN.search(mention.words) and mention.kind is not EndpointKind.MEASURE:
            tail = _OR_EVENT.match(folded, mention.span.end, span.end)
        if tail is None:
            kept.append(mention)
            continue
        place = TextSpan(mention.span.start, tail.end())
        words = place.of(folded).lower()
        kept.append(EndpointMention(words, EndpointKind.EVENT, place, words))
    return kept


_THRESHOLD = re.compile(
    r"(?: score| level)?(?: that (?:fell|was|dropped))?(?: of| at| to| was| fell)?"
    r" ?(?:(?:below|under|above|over|less than|at least|or|<|>|\u2264|\u2265) ?\d[\d.,]* ?"
    r"(?:%|mm ?Hg|mg/dL|mg/L|mg/g|mmol/L|mmol/mol|nmol/L|ng/mL|pg/mL|g/dL|mL|kg|points|percent)?(?: or (?:more|less"
    r"|lower|higher|below|above|greater))?"
    r"|\d[\d.,]* ?(?:%|mm ?Hg|mg/dL|mg/L|mg/g|mmol/L|mmol/mol|nmol/L|ng/mL|pg/mL|g/dL|mL|kg|points|percent) or"
    r" (?:more|less|lower|higher|below|above|greater|better))"
)


_BARE_THRESHOLD = re.compile(
    r"\b(?:above|below|under|over|less than|at least) \d[\d.,]* ?(?:%|mm ?Hg|mg/dL|mg/L|mg/g|mmol/L|mmol/mol|nmol/L"
    r"|ng/mL"
    r"|pg/mL|g/dL|points)"
)


def _with_more_thresholds(
    folded: str, span: TextSpan, plain: Sequence[EndpointMention], grown: Sequence[EndpointMention]
) -> list[EndpointMention]:
    """Further thresholds of a measure: "potassium above 5.5 mmol/L in 14%, and above 6.0 mmol/L in 3%"."""
    found = list(grown)
    for mention, measure in zip(grown, plain, strict=True):
        if not mention.has_threshold:
            continue
        following = min(
            (other.span.start for other in grown if other.span.start > mention.span.start), default=span.end
        )
        for match in _BARE_THRESHOLD.finditer(folded, mention.span.end, following):
            words = f"{measure.words} {match.group()}".lower()
            found.append(replace(mention, code=words, words=words, span=TextSpan(*match.span())))
    return sorted(found, key=lambda mention: mention.span)


def _with_threshold(folded: str, span: TextSpan, mention: EndpointMention) -> EndpointMention:
    """A measure with a threshold is a rate of patients: "A1C below 7%", "weight loss of 10% or more"."""
    if mention.kind is not EndpointKind.MEASURE:
        return mention
    threshold = _THRESHOLD.match(folded, mention.span.end, span.end)
    if threshold is None:
        return mention
    place = TextSpan(mention.span.start, threshold.end())
    words = place.of(folded).lower()
    return replace(mention, code=words, kind=EndpointKind.RESPONSE, span=place, words=words, has_threshold=True)
