"""Attributes of a trial from the sentences that speak of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.extraction.draft import Claim
from summarizer.extraction.rules.discourse import Discourse, TrialNode
from summarizer.lexicon import DrugMention
from summarizer.reading.blocks import BlockKind
from summarizer.reading.estimates.markers import find_markers
from summarizer.reading.mentions.model import CueMatch
from summarizer.reading.reader import Reading
from summarizer.schemas import Support
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class TrialText:
    """The stretches of text that speak of one trial, in order."""

    reading: Reading
    node: TrialNode
    passages: tuple[tuple[int, TextSpan], ...]
    """(sentence number, span): whole sentences, or the part of a sentence between two trials' names."""
    definitions: dict[str, tuple[DrugMention, ...]]
    """Regimens that the article spells out: abbreviation -> its interventions."""
    lead: frozenset[int] = frozenset()
    """Sentences of a common headline or lead, in an article with several main trials."""


def gather_text(
    reading: Reading,
    discourse: Discourse,
    node: TrialNode,
    definitions: dict[str, tuple[DrugMention, ...]],
) -> TrialText:
    """Passages of a trial; a sentence about several trials is divided at their names."""
    passages: list[tuple[int, TextSpan]] = []
    for number in dict.fromkeys(node.sentences):
        sentence = reading.sentences[number]
        span = TextSpan(sentence.start, sentence.end)
        subjects = discourse.subjects[number]
        part = span if len(subjects) <= 1 else _own_part(reading, discourse, node, span)
        if part is not None:
            passages.append((number, part))
    have = {number for number, _ in passages}
    for number in discourse.shared.get(node.number, ()):
        if number not in have:
            sentence = reading.sentences[number]
            passages.append((number, TextSpan(sentence.start, sentence.end)))
            have.add(number)
    lead: list[tuple[int, TextSpan]] = _shared_lead(reading, discourse, node, passages) if node.is_main else []
    passages.extend(lead)
    common = frozenset(number for number, _ in lead) if len(discourse.mains) > 1 else frozenset[int]()
    return TrialText(reading, node, tuple(sorted(passages)), definitions, common)


def _own_part(reading: Reading, discourse: Discourse, node: TrialNode, span: TextSpan) -> TextSpan | None:
    names = discourse.names[reading.sentence_at(span.start)]
    owners = list(dict.fromkeys(owner for _, owner in names))
    if len(owners) <= 1 or _in_one_breath(reading.folded, names):
        return span if len(owners) <= 1 or node.number in owners else None
    own = next((index for index, (_, owner) in enumerate(names) if owner == node.number), None)
    if own is None:
        return TextSpan(span.start, names[0][0].start)
    following = next((place for place, owner in names[own:] if owner != node.number), None)
    start = span.start if own == 0 else names[own][0].start
    return TextSpan(start, following.start if following else span.end)


def _in_one_breath(folded: str, names: Sequence[tuple[TextSpan, int]]) -> bool:
    return all(
        second[0].start - first[0].end <= 40
        and re.search(r"[.:]|\b(?:was|is|in|compared|found)\b", folded[first[0].end : second[0].start]) is None
        for first, second in pairwise(names)
    )


def _shared_lead(
    reading: Reading, discourse: Discourse, node: TrialNode, passages: Sequence[tuple[int, TextSpan]]
) -> list[tuple[int, TextSpan]]:
    """Headline and lead speak of every main trial, as long as they name no other."""
    have = {number for number, _ in passages}
    shared: list[tuple[int, TextSpan]] = []
    prose = 0
    limit = min(
        node.start if len(discourse.mains) > 1 else 10**9,
        reading.sentences[min(len(reading.sentences) - 1, 6)].end if reading.sentences else 0,
    )
    for sentence in reading.sentences:
        if sentence.start >= limit or prose >= 3:
            break
        if sentence.kind in (BlockKind.TABLE_ROW, BlockKind.OTHER, BlockKind.LIST_ITEM):
            continue
        prose += sentence.kind is BlockKind.PROSE
        if sentence.number in have:
            continue
        if discourse.subjects[sentence.number] and node.number not in discourse.subjects[sentence.number]:
            continue
        if discourse.lost[sentence.number]:
            break
        shared.append((sentence.number, TextSpan(sentence.start, sentence.end)))
    return shared


def cues_of(text: TrialText) -> list[CueMatch]:
    """Cues in a trial's passages: body before headings, so that a headline never overrules the text."""
    body: list[CueMatch] = []
    headings: list[CueMatch] = []
    for number, passage in text.passages:
        target = headings if text.reading.sentences[number].kind is BlockKind.HEADING else body
        target.extend(cue for cue in text.reading.mentions[number].cues if passage.covers(cue.span))
    return body + headings


def cue_claim(cue: CueMatch) -> Claim:
    """A claim on an enum value (or ``true``) by its licensed wording."""
    value: str | bool = True if cue.value == "true" else cue.value
    return Claim(value, (cue.span,), Support.CUE, f"cue:{cue.field}")


_MODEL_ORDER = ("SINGLE_GROUP", "CROSSOVER", "FACTORIAL", "PARALLEL", "SEQUENTIAL")
_ALLOCATION_ORDER = ("NON_RANDOMIZED", "RANDOMIZED")
_STATUS_ORDER = (
    "TERMINATED",
    "WITHDRAWN",
    "SUSPENDED",
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "RECRUITING",
    "NOT_YET_RECRUITING",
)
_CONDITIONAL = re.compile(r"\b(?:if|could|would|might|unless|whether)\b", re.IGNORECASE)


def scalar_claims(text: TrialText, *, has_results: bool) -> dict[str, Claim]:
    """Status, allocation, masking, model and the three booleans."""
    cues = cues_of(text)
    claims: dict[str, Claim] = {}
    for name, order in (
        ("allocation", _ALLOCATION_ORDER),
        ("intervention_model", _MODEL_ORDER),
        ("masking", ("QUADRUPLE", "TRIPLE", "DOUBLE", "SINGLE", "NONE")),
    ):
        chosen = _first_by_order(cues, name, order)
        if chosen is not None:
            claims[name] = cue_claim(chosen)
    for name in ("multicenter", "international", "registrational"):
        chosen = next((cue for cue in cues if cue.field == name), None)
        if chosen is not None:
            claims[name] = cue_claim(chosen)
    status = _status(text, cues, has_results=has_results)
    if status is not None:
        claims["status"] = cue_claim(status)
    return claims


def _first_by_order(cues: Iterable[CueMatch], field: str, order: Sequence[str]) -> CueMatch | None:
    mine = [cue for cue in cues if cue.field == field]
    for value in order:
        for cue in mine:
            if cue.value == value:
                return cue
    return None


def _status(text: TrialText, cues: Sequence[CueMatch], *, has_results: bool) -> CueMatch | None:
    usable: list[CueMatch] = []
    for cue in cues:
        if cue.field != "status":
            continue
        sentence = text.reading.sentences[text.reading.sentence_at(cue.span.start)]
        before = text.reading.folded[max(sentence.start, cue.span.start - 40) : cue.span.start]
        if _CONDITIONAL.search(before) or (
            has_results and cue.value in ("RECRUITING", "NOT_YET_RECRUITING", "COMPLETED")
        ):
            continue
        usable.append(cue)
    return _first_by_order(usable, "status", _STATUS_ORDER)


def phase_claims(text: TrialText) -> list[Claim]:
    """Phases from the first wording that gives any: nearest to the trial's own name or description."""
    cues = [cue for cue in cues_of(text) if cue.field == "phases"]
    if not cues:
        return []
    anchors = text.node.anchors
    numbered = sorted(
        enumerate(cues),
        key=lambda item: (_distance(item[1].span, anchors) > 80, item[0]),
    )
    chosen = numbered[0][1].span
    found: dict[str, Claim] = {}
    for cue in cues:
        if cue.span == chosen:
            found.setdefault(cue.value, cue_claim(cue))
    return [found[value] for value in sorted(found)]


def _distance(span: TextSpan, anchors: Sequence[TextSpan]) -> int:
    return min((max(anchor.start - span.end, span.start - anchor.end, 0) for anchor in anchors), default=10**9)


_LINES = frozenset({"FIRST_LINE", "SECOND_LINE", "THIRD_LINE_OR_LATER"})
_QUOTED = re.compile(r"^[\"']")


def setting_claims(text: TrialText) -> list[Claim]:
    """Treatment settings; RELAPSED_REFRACTORY is left out where a line number is given."""
    found: dict[str, CueMatch] = {}
    for cue in cues_of(text):
        if cue.field != "settings" or _is_about_subgroup(text, cue.span):
            continue
        sentence = text.reading.sentences[text.reading.sentence_at(cue.span.start)]
        if _QUOTED.match(text.reading.folded[sentence.start : sentence.start + 1]):
            continue
        found.setdefault(cue.value, cue)
    if _LINES & set(found):
        found.pop("RELAPSED_REFRACTORY", None)
    if "NEOADJUVANT" in found and "PERIOPERATIVE" in found:
        found.pop("NEOADJUVANT")
    return [cue_claim(cue) for _, cue in sorted(found.items(), key=lambda item: item[1].span)]


def _is_about_subgroup(text: TrialText, span: TextSpan) -> bool:
    """True when the words stand inside a subgroup or an estimate's own passage."""
    number = text.reading.sentence_at(span.start)
    for estimate in text.reading.mentions[number].estimates:
        if estimate.subgroup is not None and estimate.subgroup.span.overlaps(span):
            return True
    return False


_GENERIC_CONDITION = re.compile(
    r"^(?:multiple tumou?rs?|disease(?: progression)?|tumou?rs?|cancers?|advanced (?:disease|cancers?)"
    r"|metastatic disease|metastas[ei]s|brain metastases|progression|recurrence|toxicity|obesity)$"
)


def condition_claims(text: TrialText) -> list[Claim]:
    """The disease studied: the one that its own description words, in its fullest wording."""
    chosen: list[tuple[str, TextSpan]] = []
    for number, passage in _descriptions_first(text):
        for mention in text.reading.mentions[number].conditions:
            span = TextSpan(mention.start, mention.end)
            if not passage.covers(span) or _GENERIC_CONDITION.match(mention.name):
                continue
            if _is_about_subgroup(text, span) or _is_aside(text.reading.folded, span):
                continue
            same = next((index for index, (name, _) in enumerate(chosen) if _same_disease(name, mention.name)), None)
            if same is None:
                if not chosen:
                    chosen.append((mention.name, span))
            elif len(mention.name) > len(chosen[same][0]):
                chosen[same] = (mention.name, span)
    return [Claim(name, (span,), Support.QUOTED, "condition") for name, span in chosen]


_ASIDE = re.compile(
    r"\b(?:side effects?|history of|prior|risk of|death from|deaths? due to|also approved|approved (?:for|in)"
    r"|development of|without|no)\s(?:\w+ ){0,2}$",
    re.IGNORECASE,
)


def _is_aside(folded: str, span: TextSpan) -> bool:
    return _ASIDE.search(folded[max(0, span.start - 40) : span.start]) is not None


def _same_disease(first: str, second: str) -> bool:
    a, b = set(first.lower().split()), set(second.lower().split())
    return (
        a <= b
        or b <= a
        or (first.rsplit(maxsplit=1)[-1] == second.rsplit(maxsplit=1)[-1] and len(a & b) * 2 >= min(len(a), len(b)))
    )


def _descriptions_first(text: TrialText) -> list[tuple[int, TextSpan]]:
    """Passages in order; those where a disease is spelled out with its abbreviation come first, headings last."""

    def rank(item: tuple[int, TextSpan]) -> tuple[int, int]:
        number, passage = item
        heading = text.reading.sentences[number].kind is BlockKind.HEADING
        spelled = any(
            passage.covers(TextSpan(c.start, c.end)) and _ABBREVIATED.match(text.reading.folded, c.end)
            for c in text.reading.mentions[number].conditions
        )
        anchored = spelled and any(passage.covers(anchor) for anchor in text.node.anchors)
        return (2 if heading else 0 if anchored else 1, number)

    return sorted(text.passages, key=rank)


_ABBREVIATED = re.compile(r" \([A-Z][A-Za-z/0-9-]{1,9}\)")


def _body_first(text: TrialText) -> list[tuple[int, TextSpan]]:
    return sorted(text.passages, key=lambda item: (text.reading.sentences[item[0]].kind is BlockKind.HEADING, item[0]))


def marker_claims(text: TrialText) -> list[Claim]:
    """Selection markers worded in the trial's passages (not those of a subgroup)."""
    found: dict[str, Claim] = {}
    described = describing(text)
    for number, passage in _body_first(text):
        if text.reading.mentions[number].estimates and number not in described:
            continue
        for marker in find_markers(text.reading.folded, passage):
            if _is_about_subgroup(text, marker.span):
                continue
            key = marker.value.casefold()
            if not any(key in other or other in key for other in found):
                found[key] = Claim(marker.value, (marker.span,), Support.QUOTED, "selection marker")
    return list(found.values())


def describing(text: TrialText) -> set[int]:
    """Sentences that hold one of the trial's anchors or its enrolment."""
    reading = text.reading
    anchored = {reading.sentence_at(anchor.start) for anchor in text.node.anchors[:2]}
    counted = {number for number, _ in text.passages if reading.mentions[number].counts}
    return anchored | counted


def enrollment_claims(text: TrialText) -> dict[str, Claim]:
    """Enrolment and its type."""
    for number, passage in _body_first(text):
        for count in text.reading.mentions[number].counts:
            if not passage.covers(count.span) or _in_estimate(text.reading, number, count.span):
                continue
            kind = "ESTIMATED" if count.planned else "ACTUAL"
            return {
                "enrollment": Claim(count.value, (count.span,), Support.NUMBER, "patient count"),
                "enrollment_type": Claim(kind, (count.phrase,), Support.DERIVED, "wording of the patient count"),
            }
    return {}


def _in_estimate(reading: Reading, number: int, span: TextSpan) -> bool:
    for estimate in reading.mentions[number].estimates:
        for count in (estimate.numerator, estimate.denominator):
            if count is not None and count.span.overlaps(span):
                return True
    return False


def venue_claims(text: TrialText) -> list[Claim]:
    """Meetings and journals in the trial's passages, in text order."""
    found: dict[str, Claim] = {}
    for number, passage in text.passages:
        for venue in text.reading.mentions[number].venues:
            if passage.covers(venue.span) and venue.name.casefold() not in found:
                if _will_be_presented(text.reading.folded, venue.span):
                    continue
                found[venue.name.casefold()] = Claim(venue.name, (venue.span,), Support.CUE, "venue vocabulary")
    shortened = list(found)
    return [claim for name, claim in found.items() if not any(name != other and name in other for other in shortened)]


_TO_BE_PRESENTED = re.compile(r"\b(?:will be|to be|are to be|due to be) (?:presented|shown|published)\b[^.;]{0,60}$")


def _will_be_presented(folded: str, span: TextSpan) -> bool:
    return _TO_BE_PRESENTED.search(folded[max(0, span.start - 90) : span.start]) is not None
