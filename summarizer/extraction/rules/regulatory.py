"""Regulatory events: agency, action, date, and the trial that they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.extraction.draft import Claim, DraftEvent
from summarizer.extraction.rules.discourse import Discourse
from summarizer.reading.blocks import BlockKind
from summarizer.reading.mentions.model import ActionMention, Agency
from summarizer.reading.reader import Reading, SentenceMentions
from summarizer.schemas import RegulatoryAction, Support
from summarizer.text import TextSpan

_NOT_YET = re.compile(
    r"\b(?:not|never|cannot be|could be|may be|might be|would be|if|seeking|seeks?|awaiting|expects?|hopes?|until"
    r"|pending|potential|possible|toward|without|no|future|eventual|yet to be|will be|to be|plans? to|intends? to"
    r"|aims? to|non|else|unless)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"\b(?:FDA-approved|approved (?:drugs?|test|use|dose|therap|agents?|treatments?|label)|Approved Drugs)",
    re.IGNORECASE,
)
_INTENDS = re.compile(
    r"\b(?:intends?|plans?|expects?|will|going|aims?) to (?:file|submit|seek)|\bfilings worldwide\b", re.IGNORECASE
)
_APPROVALS = frozenset(
    {RegulatoryAction.APPROVAL, RegulatoryAction.ACCELERATED_APPROVAL, RegulatoryAction.TRIAL_CLEARANCE}
)
_DESIGNATIONS = frozenset(
    {
        RegulatoryAction.BREAKTHROUGH,
        RegulatoryAction.FAST_TRACK,
        RegulatoryAction.ORPHAN,
        RegulatoryAction.PRIORITY_REVIEW,
    }
)


def find_events(reading: Reading, discourse: Discourse) -> dict[int, list[DraftEvent]]:
    """Events by trial number; each (agency, action, date) once per trial."""
    found: dict[int, list[DraftEvent]] = {}
    for number, action, events in read_events(reading):
        targets = _explained_next(reading, discourse, number) or _targets(discourse, number, action)
        for target in targets:
            for event in events:
                add_event(found.setdefault(target, []), event)
    return found


def read_events(reading: Reading) -> Iterator[tuple[int, RegulatoryAction, list[DraftEvent]]]:
    """Every regulatory action that the article reports: its sentence, the action, one event for each agency."""
    last_agency: Agency | None = None
    for sentence, mentions in zip(reading.sentences, reading.mentions, strict=True):
        if mentions.agencies:
            last_agency = mentions.agencies[0]
        if sentence.number >= reading.boilerplate_from and not mentions.dates:
            continue
        if sentence.kind is BlockKind.OTHER:
            continue
        span = TextSpan(sentence.start, sentence.end)
        for action in _usable(reading.folded, span, mentions):
            events = _events(reading, action, mentions, last_agency)
            if action.action is RegulatoryAction.APPROVAL and not mentions.designations:
                events = [event for event in events if event.agency is not None or event.date is not None]
            yield sentence.number, action.action, events


def _usable(folded: str, span: TextSpan, mentions: SentenceMentions) -> list[ActionMention]:
    usable: list[ActionMention] = []
    for action in mentions.actions:
        before = folded[max(span.start, action.span.start - 60) : action.span.start]
        around = folded[max(span.start, action.span.start - 5) : min(span.end, action.span.end + 25)]
        if action.action is RegulatoryAction.SUBMISSION:
            if _INTENDS.search(folded, *span):
                continue
        elif _NOT_YET.search(before):
            continue
        if action.action in _APPROVALS and _GENERIC.search(around):
            continue
        if any(other is not action and other.action is action.action for other in usable):
            continue
        usable.append(action)
    kinds = {item.action for item in usable}
    if kinds & _DESIGNATIONS:
        usable = [item for item in usable if item.action is not RegulatoryAction.SUBMISSION]
    if RegulatoryAction.COMPLETE_RESPONSE in kinds:
        usable = [item for item in usable if item.action not in _APPROVALS]
    if RegulatoryAction.TRIAL_CLEARANCE in kinds or RegulatoryAction.ACCELERATED_APPROVAL in kinds:
        usable = [item for item in usable if item.action is not RegulatoryAction.APPROVAL]
    return usable


def _events(
    reading: Reading, action: ActionMention, mentions: SentenceMentions, last: Agency | None
) -> list[DraftEvent]:
    folded = reading.folded
    agencies = list({agency.name: agency for agency in mentions.agencies}.values())
    if action.action not in _APPROVALS and len(agencies) > 1:
        agencies = agencies[:1]
    if len(agencies) > 1 and not re.search(r"\b(?:both|and)\b", folded[agencies[0].span.end : agencies[-1].span.start]):
        agencies = agencies[:1]
    if not agencies and mentions.countries:
        agencies = [mentions.countries[0]]
    if not agencies and last is not None and action.action is not RegulatoryAction.APPROVAL:
        agencies = [last]
    date = _date(folded, action, mentions)
    claim = Claim(action.action.value, (action.span,), Support.CUE, "regulatory wording")
    if not agencies:
        return [DraftEvent(claim, None, date)]
    return [
        DraftEvent(claim, Claim(agency.name, (agency.span,), Support.CUE, "agency vocabulary"), date)
        for agency in agencies
    ]


_DUE = re.compile(r"\b(?:by|until|goal date|PDUFA|due|before|expected|target)\b[^.;]{0,35}$", re.IGNORECASE)


_DATE_BEFORE = 30
"""So much farther counts a date before an action than one after it: "granted X in June and Y in May"."""


def _date(folded: str, action: ActionMention, mentions: SentenceMentions) -> Claim | None:
    years = [date.iso[:4] for date in mentions.dates if not date.iso.startswith("--")]
    best: tuple[int, Claim] | None = None
    for date in mentions.dates:
        if _DUE.search(folded[max(0, date.span.start - 40) : date.span.start]):
            continue
        iso = date.iso
        if iso.startswith("--"):
            if not years:
                continue
            iso = years[0] + iso[1:]
        behind = max(action.span.start - date.span.end, 0)
        distance = max(date.span.start - action.span.end, 0) + (behind + _DATE_BEFORE if behind else 0)
        claim = Claim(iso, (date.span,), Support.QUOTED, "date")
        if distance <= 120 and (best is None or distance < best[0]):
            best = (distance, claim)
    return best[1] if best else None


_RESTS_ON = re.compile(
    r"^(?:That|The|This) (?:approval|decision|clearance|ruling|go-ahead|nod) "
    r"(?:came|was|rests|rested|followed|stems|stemmed|is|relied)\b"
)


def _explained_next(reading: Reading, discourse: Discourse, number: int) -> tuple[int, ...]:
    """After "... That approval came from X" the event of the sentence before rests on X."""
    if number + 1 >= len(reading.sentences):
        return ()
    following = reading.sentences[number + 1]
    if _RESTS_ON.match(reading.folded[following.start : following.end]) is None:
        return ()
    return discourse.subjects[number + 1]


def _targets(discourse: Discourse, number: int, action: RegulatoryAction) -> tuple[int, ...]:
    subjects = discourse.subjects[number]
    if subjects:
        return subjects
    if discourse.lost[number] and action is RegulatoryAction.TRIAL_CLEARANCE:
        return ()
    return discourse.mains if len(discourse.mains) <= 2 else ()


def add_event(events: list[DraftEvent], event: DraftEvent) -> None:
    """One entry per action and agency; a later mention may add the date."""
    for known in events:
        if known.action.value != event.action.value:
            continue
        same_agency = known.agency is None or event.agency is None or known.agency.value == event.agency.value
        if not same_agency:
            continue
        if known.date is None or event.date is None or known.date.value == event.date.value:
            known.agency = known.agency or event.agency
            known.date = known.date or event.date
            return
        first, second = str(known.date.value), str(event.date.value)
        if first.startswith(second) or second.startswith(first):
            known.date = known.date if len(first) >= len(second) else event.date
            return
    events.append(event)
