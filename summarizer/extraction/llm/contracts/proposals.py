"""From a model's answer to proposals: each value located in its cited sentences, each refused one with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from summarizer.extraction.attribution import (
    why_not_about,
    why_not_background,
    why_not_beside,
    why_not_its_own,
    why_not_this_arm,
    why_not_this_trial,
)
from summarizer.extraction.draft import Claim, DraftArm, DraftEndpoint, DraftEvent, DraftTrial, Refusal
from summarizer.extraction.llm.contracts.locating import RULE, locate, sentence_numbers
from summarizer.extraction.llm.contracts.numbering import Numbering
from summarizer.extraction.llm.contracts.quoting import read_quotes
from summarizer.extraction.rules.attributes import TrialText
from summarizer.extraction.rules.clusters import same_form
from summarizer.extraction.rules.declared import declared_endpoints
from summarizer.extraction.rules.discourse import Discourse, TrialNode
from summarizer.extraction.rules.links import doses_of
from summarizer.extraction.rules.regulatory import add_event, read_events
from summarizer.reading.blocks import BlockKind
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.reader import Reading
from summarizer.reading.sentences import Sentence
from summarizer.schemas import (
    AnswerArm,
    AnswerAttribute,
    AnswerEndpoint,
    AnswerEvent,
    AnswerLink,
    AnswerTrial,
    ArmRole,
    AttributeKey,
    EndpointRank,
    Focus,
    ModelAnswer,
    Support,
)
from summarizer.text import TextSpan, fold

Judge = Callable[[Reading, str, Claim], str | None]
"""The grounder's question: why a claim may not enter the record as a field; None when it may."""

SCALARS = frozenset(
    {
        AttributeKey.STATUS,
        AttributeKey.ALLOCATION,
        AttributeKey.MASKING,
        AttributeKey.INTERVENTION_MODEL,
        AttributeKey.MULTICENTER,
        AttributeKey.INTERNATIONAL,
        AttributeKey.REGISTRATIONAL,
    }
)
"""Attributes with one value."""


_DESIGNATIONS = frozenset({AttributeKey.ALIASES.value, AttributeKey.REGISTRY_IDS.value})
_PLACEBO = re.compile(r"\b(?:placebo|sham)\b", re.IGNORECASE)


_LONGEST_REFUSED = 300
"""Characters of a refused value that are kept: a model may answer anything at any length."""


@dataclass(slots=True)
class Link:
    """What a model says that an estimate belongs to, as far as the text allows it."""

    trial: int
    """Place in ``Proposals.trials``."""
    arm: int | None = None
    """Place in that trial's arms."""
    timepoint: Claim | None = None
    subgroup: Claim | None = None


@dataclass(slots=True)
class Proposals:
    """What a model proposes for an article or a passage of it."""

    trials: list[DraftTrial] = field(default_factory=list[DraftTrial])
    """Trials with the model's own claims only; ``number`` is that of the discourse where it knows the trial."""
    links: dict[int, Link] = field(default_factory=dict[int, Link])
    """By id of the estimate."""
    quoted: list[tuple[Estimate, int | None]] = field(default_factory=list[tuple[Estimate, "int | None"]])
    """Estimates read from quoted passages, each with the place of its trial in ``trials``."""
    refused: list[Refusal] = field(default_factory=list[Refusal])
    """``place`` points into the answer: ``/t/0/a/2``."""
    place_of: dict[int, int] = field(default_factory=dict[int, int])
    """Place of a trial in the answer -> its place in ``trials``."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What proposals are made about."""

    reading: Reading
    discourse: Discourse
    numbering: Numbering
    judge: Judge


def propose(subject: Subject, answer: ModelAnswer) -> Proposals:
    """Locate and judge everything that a model answered."""
    return _Proposer(subject, answer).run()


class _Proposer:
    def __init__(self, subject: Subject, answer: ModelAnswer) -> None:
        self._subject = subject
        self._reading = subject.reading
        self._answer = answer
        self._out = Proposals()
        self._arm_places: dict[tuple[str, int], int] = {}
        """(Pointer of a trial, place of an arm in the answer) -> its place among those that were not refused."""

    def run(self) -> Proposals:
        for place, item in enumerate(self._answer.t):
            trial = self._trial(f"/t/{place}", item)
            if trial is not None:
                self._out.place_of[place] = len(self._out.trials)
                self._out.trials.append(trial)
        for place, link in enumerate(self._answer.r):
            self._links(f"/r/{place}", link)
        self._quotes()
        for place, line in enumerate(self._answer.u):
            self._refuse(f"/u/{place}", "", line, (), "the line can't be read")
        return self._out

    # ------------------------------------------------------------------------------------------- trials

    def _trial(self, pointer: str, item: AnswerTrial) -> DraftTrial | None:
        name, number, anchors = self._identify(item)
        if name is None and number is None:
            said = item.n or "(no name)"
            self._refuse(pointer, "name", said, item.s, "the text names or describes no such trial there")
            return None
        focus = Focus.MAIN if item.m or self._in_headline(anchors) else Focus.SUPPORTING
        trial = DraftTrial(Claim(focus.value, anchors[:1], Support.DERIVED, RULE), name, anchors=anchors, number=number)
        self._attributes(pointer, item.a, trial)
        for place, arm in enumerate(item.g):
            known = len(trial.arms)
            self._arm(f"{pointer}/g/{place}", arm, trial)
            if len(trial.arms) > known:
                self._arm_places[pointer, place] = known
        for place, endpoint in enumerate(item.p):
            self._endpoint(f"{pointer}/p/{place}", endpoint, trial)
        for place, event in enumerate(item.x):
            self._event(f"{pointer}/x/{place}", event, trial)
        if item.c is not None:
            self._enrollment(f"{pointer}/c", item.c, trial)
        return trial

    def _in_headline(self, anchors: Sequence[TextSpan]) -> bool:
        """True when the headline names the trial: the article is about it, whatever a model says."""
        first = self._reading.sentences[:1]
        return any(s.kind is BlockKind.HEADING and span.start < s.end for s in first for span in anchors)

    def _identify(self, item: AnswerTrial) -> tuple[Claim | None, int | None, tuple[TextSpan, ...]]:
        """The trial's name as a claim, its number in the discourse, and where the text names or describes it."""
        cited, _ = sentence_numbers(self._reading, item.s)
        nodes = self._subject.discourse.trials
        if item.n:
            wanted = same_form(fold(item.n))
            for node in nodes:
                for designation in node.designations:
                    if same_form(designation.text) == wanted:
                        spans = tuple(sorted(node.anchors)) or (designation.span,)
                        return Claim(designation.text, (designation.span,), Support.QUOTED, RULE), node.number, spans
            claim = locate(self._reading, "name", item.n, cited)
            return claim, None, claim.spans if claim else ()
        for node in nodes:
            described = {self._reading.sentence_at(anchor.start) for anchor in node.anchors}
            if not node.is_named and described & set(cited):
                return None, node.number, tuple(sorted(node.anchors))
        return None, None, ()

    def _attributes(self, pointer: str, items: Sequence[AnswerAttribute], trial: DraftTrial) -> None:
        for place, item in enumerate(items):
            claim = self._claim(f"{pointer}/a/{place}", item.k.value, item.v, item.s, trial)
            if claim is None:
                continue
            if item.k in SCALARS:
                trial.scalars.setdefault(item.k.value, claim)
            else:
                known = trial.lists.setdefault(item.k.value, [])
                if claim.value not in [other.value for other in known]:
                    known.append(claim)

    def _claim(self, place: str, name: str, value: str, cited: Sequence[int], trial: DraftTrial) -> Claim | None:
        """The claim that a cited sentence supports, or None after refusing it."""
        known, unknown = sentence_numbers(self._reading, cited)
        if unknown:
            self._refuse(place, name, value, known, f"there is no sentence {unknown[0]}")
        if not known:
            if not unknown:
                self._refuse(place, name, value, (), "no sentence was cited")
            return None
        # What an arm gets is often named elsewhere: "X compared it with sunitinib".
        guard = self._names_no_other if name == "interventions" else self._about
        about = [number for number in known if guard(number, trial) is None]
        if not about:
            self._refuse(place, name, value, known, guard(known[0], trial) or "")
            return None
        claim = locate(self._reading, name, value, about)
        reason = "the cited sentences do not say so" if claim is None else None
        if claim is not None:
            reason = self._subject.judge(self._reading, name, claim)
            if reason is None and name in _DESIGNATIONS:
                reason = why_not_its_own(self._reading, self._subject.discourse, trial.number, claim)
        if reason is not None:
            self._refuse(place, name, value, known, reason)
            return None
        return claim

    def _about(self, number: int, trial: DraftTrial) -> str | None:
        background = why_not_background(self._subject.discourse, number, trial.number)
        return self._names_no_other(number, trial) or background

    def _names_no_other(self, number: int, trial: DraftTrial) -> str | None:
        own = {self._reading.sentence_at(span.start) for span in trial.anchors}
        return why_not_about(self._subject.discourse, number, trial.number, own)

    def _arm(self, pointer: str, item: AnswerArm, trial: DraftTrial) -> None:
        interventions: list[Claim] = []
        for place, value in enumerate(item.v):
            claim = self._claim(f"{pointer}/v/{place}", "interventions", value, item.s, trial)
            if claim is None:  # half an arm is another arm
                return
            interventions.append(claim)
        if not interventions:
            return
        spans = tuple(span for claim in interventions for span in claim.spans)
        has_placebo = any(_PLACEBO.search(str(claim.value)) for claim in interventions)
        if item.r is ArmRole.PLACEBO_COMPARATOR and not has_placebo:
            self._refuse(f"{pointer}/r", "role", item.r.value, item.s, "none of its interventions is a placebo")
            return
        role = ArmRole.PLACEBO_COMPARATOR if has_placebo else item.r
        arm = DraftArm(Claim(role.value, spans, Support.DERIVED, RULE), interventions)
        if item.c is not None:
            arm.n = self._count(f"{pointer}/c", "n", item.c, trial)
        trial.arms.append(arm)

    def _count(self, place: str, name: str, number: int, trial: DraftTrial) -> Claim | None:
        count = self._subject.numbering.count(number)
        if count is None:
            self._refuse(place, name, f"C{number}", (), f"there is no patient count C{number}")
            return None
        sentence = self._reading.sentence_at(count.span.start)
        reason = self._about(sentence, trial)
        if reason is not None:
            self._refuse(place, name, str(count.value), (sentence,), reason)
            return None
        return Claim(count.value, (count.span,), Support.NUMBER, RULE)

    def _enrollment(self, place: str, number: int, trial: DraftTrial) -> None:
        claim = self._count(place, "enrollment", number, trial)
        count = self._subject.numbering.count(number)
        if claim is None or count is None:
            return
        if count.worded is None:
            reason = "its words do not speak of enrolling or randomising the whole trial"
            self._refuse(place, "enrollment", str(count.value), (self._reading.sentence_at(count.span.start),), reason)
            return
        kind = "ESTIMATED" if count.worded.planned else "ACTUAL"
        trial.scalars["enrollment"] = claim
        trial.scalars["enrollment_type"] = Claim(kind, (count.worded.phrase,), Support.DERIVED, RULE)

    def _endpoint(self, pointer: str, item: AnswerEndpoint, trial: DraftTrial) -> None:
        endpoint = self._claim(pointer, "endpoint", item.v, item.s, trial)
        if endpoint is None:
            return
        sentence = self._reading.sentences[self._reading.sentence_at(endpoint.spans[0].start)]
        rank = Claim(item.r.value, (TextSpan(sentence.start, sentence.end),), Support.CUE, RULE)
        reason = self._subject.judge(self._reading, "rank", rank)
        told = self._declared_rank(sentence, endpoint)
        if told is not None and told != item.r.value:
            self._refuse(pointer, "rank", item.r.value, item.s, f"the sentence declares it as {told}")
            return
        if reason is not None and item.r is not EndpointRank.OTHER:
            self._refuse(pointer, "rank", item.r.value, item.s, reason)
        elif reason is None:
            trial.endpoints.append(DraftEndpoint(endpoint, rank))

    def _declared_rank(self, sentence: Sentence, endpoint: Claim) -> str | None:
        """The rank that the sentence itself gives the endpoint, where its declaration can be read."""
        whole = TextSpan(sentence.start, sentence.end)
        declared = declared_endpoints(TrialText(self._reading, TrialNode(0), ((sentence.number, whole),), {}))
        ranks = {str(item.endpoint.value): str(item.rank.value) for item in declared}
        return ranks.get(str(endpoint.value))

    def _event(self, pointer: str, item: AnswerEvent, trial: DraftTrial) -> None:
        cited, _ = sentence_numbers(self._reading, item.s)
        events = list(_events_in(self._reading, cited, item))
        reason = None if events else "the cited sentences report no such action"
        for event in events:
            reason = reason or self._about(self._reading.sentence_at(event.action.spans[0].start), trial)
        if reason is not None:
            self._refuse(pointer, "action", item.v.value, cited, reason)
            return
        for event in events:
            add_event(trial.events, event)

    # -------------------------------------------------------------------------------------------- links

    def _links(self, pointer: str, item: AnswerLink) -> None:
        for number in item.e:
            estimate = self._subject.numbering.estimate(number)
            if estimate is None:
                self._refuse(pointer, "results", f"E{number}", (), f"there is no estimate E{number}")
                continue
            place = self._out.place_of.get(item.t) if item.t is not None else None
            if item.t is not None and place is None:
                self._refuse(pointer, "results", f"E{number}", (estimate.sentence,), f"there is no trial {item.t}")
            elif place is not None:
                self._link(pointer, item, estimate, place)

    def _link(self, pointer: str, item: AnswerLink, estimate: Estimate, place: int) -> None:
        trial = self._out.trials[place]
        named = trial.name.spans if trial.name is not None else ()
        reason = why_not_this_trial(self._reading, self._subject.discourse, estimate, trial.number, named)
        if reason is not None:
            self._refuse(pointer, "results", self._words(estimate), (estimate.sentence,), reason)
            return
        link = Link(place, self._arm_of(pointer, item, estimate, trial))
        if item.p:
            link.timepoint = self._beside(f"{pointer}/p", "timepoint", item.p, item, estimate, trial)
        if item.g:
            link.subgroup = self._beside(f"{pointer}/g", "subgroup", item.g, item, estimate, trial)
        self._out.links[estimate.id] = link

    def _beside(
        self, place: str, name: str, value: str, item: AnswerLink, estimate: Estimate, trial: DraftTrial
    ) -> Claim | None:
        """The time point or the subset of a value, from its own paragraph or what stands over it."""
        cited, unknown = sentence_numbers(self._reading, item.s or [estimate.sentence])
        near = [number for number in cited if why_not_beside(self._reading, estimate, number) is None]
        if cited and not near:
            self._refuse(place, name, value, cited, why_not_beside(self._reading, estimate, cited[0]) or "")
            return None
        return self._claim(place, name, value, [*near, *unknown], trial)

    def _arm_of(self, pointer: str, item: AnswerLink, estimate: Estimate, trial: DraftTrial) -> int | None:
        if item.a is None:
            return None
        place = self._arm_places.get((f"/t/{item.t}", item.a))
        if place is None:
            self._refuse(f"{pointer}/a", "arm", str(item.a), (estimate.sentence,), f"there is no arm {item.a}")
            return None
        doses = doses_of(self._reading, [estimate])
        reason = why_not_this_arm(self._reading, estimate, trial.arms, place, doses)
        if reason is not None:
            self._refuse(f"{pointer}/a", "arm", self._words(estimate), (estimate.sentence,), reason)
            return None
        return place

    def _quotes(self) -> None:
        found, refused = read_quotes(self._reading, self._answer.q)
        self._out.refused += refused
        for item in found:
            place = self._out.place_of.get(item.trial) if item.trial is not None else None
            if place is not None:
                trial = self._out.trials[place]
                named = trial.name.spans if trial.name is not None else ()
                reason = why_not_this_trial(self._reading, self._subject.discourse, item.estimate, trial.number, named)
                if reason is not None:
                    sentence = (item.estimate.sentence,)
                    self._refuse(item.place, "results", self._words(item.estimate), sentence, reason)
                    place = None
            self._out.quoted.append((item.estimate, place))

    def _words(self, estimate: Estimate) -> str:
        return " ".join(self._reading.words(estimate.span).split())

    def _refuse(self, place: str, name: str, value: str, cited: Sequence[int], reason: str) -> None:
        shown = value if len(value) <= _LONGEST_REFUSED else f"{value[:_LONGEST_REFUSED]}..."
        self._out.refused.append(Refusal(place, name, shown, reason, tuple(cited)))


def _events_in(reading: Reading, cited: Sequence[int], item: AnswerEvent) -> Iterator[DraftEvent]:
    for number, action, events in read_events(reading):
        if number in cited and action is item.v:
            yield from events
