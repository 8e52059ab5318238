"""What a record says of a trial, its results apart, against the text.

Two ways lead to a yes. What the rules read of the trial themselves is said by the text. Anything else must pass what
a model's claim must pass: its words stand in the cited sentence, the sentence speaks of this trial, and what the text
says elsewhere of the same trial does not contradict it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.extraction.attribution import arm_name, why_not_about, why_not_background, why_not_its_own
from summarizer.extraction.draft import Claim, DraftArm, DraftEvent
from summarizer.extraction.llm.contracts.locating import locate
from summarizer.extraction.llm.contracts.numbering import NumberedCount, Numbering
from summarizer.extraction.rules.discourse import Discourse
from summarizer.extraction.rules.regulatory import read_events
from summarizer.grounding import why_unsupported
from summarizer.reading.reader import Reading
from summarizer.schemas import Arm, ArmRole, DeclaredEndpoint, RegulatoryEvent, Setting, Support, TrialRecord
from summarizer.text import TextSpan
from summarizer.verification.rows import Owner
from summarizer.verification.wording import says_same

_DESIGNATIONS = frozenset({"name", "aliases", "registry_ids"})
_DERIVED = frozenset({"focus", "intervention_model"})
_ONE_OF_THE_TRIAL = frozenset({"enrollment", "enrollment_type"})
"""Fields of which a trial has one value: where the rules read it, another one is wrong."""

_LINES = frozenset({Setting.FIRST_LINE, Setting.SECOND_LINE, Setting.THIRD_LINE_OR_LATER})
"""Lines of therapy: a trial that the rules read as one of them is not in another."""


@dataclass(frozen=True, slots=True)
class Told:
    """One value that a record tells of a trial."""

    field: str
    value: object
    arm: Arm | None = None
    """The arm that it is part of."""
    declared: DeclaredEndpoint | None = None
    """The declared endpoint that it is part of."""
    event: RegulatoryEvent | None = None
    """The regulatory event that it is part of."""


@dataclass(frozen=True)
class Knowledge:
    """What is read of an article once for all values."""

    reading: Reading
    discourse: Discourse

    @cached_property
    def counts(self) -> tuple[NumberedCount, ...]:
        """Numbers of patients, in text order."""
        return Numbering(self.reading).counts

    @cached_property
    def events(self) -> dict[int, list[DraftEvent]]:
        """Regulatory events by the number of their sentence."""
        found: dict[int, list[DraftEvent]] = {}
        for number, _, events in read_events(self.reading):
            found.setdefault(number, []).extend(events)
        return found


@dataclass(frozen=True)
class AttributeJudge:
    """Judges what is told of one trial."""

    knowledge: Knowledge
    owner: Owner
    record: TrialRecord

    @property
    def reading(self) -> Reading:
        """The article."""
        return self.knowledge.reading

    @property
    def discourse(self) -> Discourse:
        """Whom each sentence speaks of."""
        return self.knowledge.discourse

    def why_not(self, told: Told, places: Sequence[TextSpan]) -> str | None:
        """Reason why the text does not say it, or None.

        Args:
            told: the value.
            places: the passages that it is said to stand in.
        """
        if told.event is not None:
            return self._event(told, told.event, places)
        if told.declared is not None:
            return self._declared(told, told.declared, places)
        if told.arm is not None:
            return self._of_arm(told, told.arm, places)
        return self._plain(told, places)

    def _plain(self, told: Told, places: Sequence[TextSpan]) -> str | None:
        known = self._known(told.field)
        if any(says_same(told.field, told.value, value) for value in known):
            return None
        if told.field in _DERIVED:
            return self._derived(told, known, places)
        if told.field in _ONE_OF_THE_TRIAL:
            return f"the text says {known[0]}" if known else self._enrollment(told, places)
        if told.value in _LINES and (lines := [value for value in known if value in _LINES]):
            return f"the text says {lines[0]}"
        return self._supported(told.field, told.value, places)

    # ------------------------------------------------------------------------------------------------- shared

    def _known(self, field: str) -> list[object]:
        """What the rules read of this trial in a field."""
        trial = self.owner.trial
        if trial is None:
            return []
        if field == "focus":
            return [trial.focus.value]
        if field == "name":
            names = [trial.name] if trial.name is not None else []
            return [claim.value for claim in (*names, *trial.lists.get("aliases", ()))]
        if field == "aliases":
            return self._known("name")
        if field in trial.scalars:
            return [trial.scalars[field].value]
        return [claim.value for claim in trial.lists.get(field, ())]

    def _number(self) -> int | None:
        return None if self.owner.trial is None else self.owner.trial.number

    def _why_not_about(self, number: int, *, may_be_shared: bool = False) -> str | None:
        own = {self.reading.sentence_at(span.start) for span in self.owner.named}
        reason = why_not_about(self.discourse, number, self._number(), own)
        if reason is None and not may_be_shared:
            reason = why_not_background(self.discourse, number, self._number())
        return reason

    def _sentences(self, places: Sequence[TextSpan]) -> list[int]:
        """Numbers of the sentences that the passages lie in."""
        found: list[int] = []
        for place in places:
            first, last = self.reading.sentence_at(place.start), self.reading.sentence_at(place.end - 1)
            found += range(first, last + 1)
        return list(dict.fromkeys(found))

    def _supported(
        self, field: str, value: object, places: Sequence[TextSpan], *, may_be_shared: bool = False
    ) -> str | None:
        """What a model's claim must pass."""
        cited = self._sentences(places)
        reasons = [self._why_not_about(number, may_be_shared=may_be_shared) for number in cited]
        about = [number for number, reason in zip(cited, reasons, strict=True) if reason is None]
        if not about:
            return reasons[0] if reasons else "no passage was cited"
        claim = locate(self.reading, field, "true" if value is True else str(value), about)
        if claim is None:
            return "the quoted passage does not say so"
        reason = why_unsupported(self.reading, field, claim)
        if reason is None and field in _DESIGNATIONS:
            reason = why_not_its_own(self.reading, self.discourse, self._number(), claim)
        return reason

    # ------------------------------------------------------------------------------------ enrolment and derived

    def _enrollment(self, told: Told, places: Sequence[TextSpan]) -> str | None:
        for count in self.knowledge.counts:
            if count.worded is None or not any(place.overlaps(count.span) for place in places):
                continue
            stated = self.record.enrollment if told.field == "enrollment_type" else told.value
            kind = "ESTIMATED" if count.worded.planned else "ACTUAL"
            fits = count.value == stated and (told.field == "enrollment" or told.value == kind)
            if fits and self._why_not_about(self.reading.sentence_at(count.span.start)) is None:
                return None
        return "no number of patients enrolled in this trial stands there"

    def _derived(self, told: Told, known: Sequence[object], places: Sequence[TextSpan]) -> str | None:
        if told.field == "intervention_model":
            cue = self._supported("intervention_model", told.value, places)
            return None if cue is None else f"the text says {known[0]}" if known else cue
        return f"by its place in the article it is {known[0]}" if known else None

    # --------------------------------------------------------------------------------------------------- arms

    def _same_arms(self, arm: Arm) -> list[DraftArm]:
        """The arms with the same interventions, as the rules read them; several where they differ in dose."""
        trial = self.owner.trial
        return [known for known in (() if trial is None else trial.arms) if _same_interventions(arm, known)]

    def _of_arm(self, told: Told, arm: Arm, places: Sequence[TextSpan]) -> str | None:
        known = self._same_arms(arm)
        if told.field == "interventions":
            return None if known else self._intervention(told, arm, places)
        if told.field == "role":
            return self._role(told, arm, known)
        # Dose arms have the same interventions: the text's order tells them apart.
        earlier = sum(_is_same(arm, other) for other in self.record.arms[: self._place(arm)])
        own = known[earlier : earlier + 1] or known[:1]
        if own and own[0].n is not None:
            return None if own[0].n.value == told.value else f"the text says {own[0].n.value}"
        return self._arm_size(told, arm, places)

    def _place(self, arm: Arm) -> int:
        return next(place for place, other in enumerate(self.record.arms) if other is arm)

    def _role(self, told: Told, arm: Arm, known: Sequence[DraftArm]) -> str | None:
        roles = [other.role.value for other in known]
        if roles:
            return None if told.value in roles else f"the text makes it {roles[0]}"
        has_placebo = any("placebo" in name or "sham" in name for name in arm.interventions)
        if (told.value is ArmRole.PLACEBO_COMPARATOR) is not has_placebo:
            return "a placebo arm is one with a placebo"
        return None

    def _intervention(self, told: Told, arm: Arm, places: Sequence[TextSpan]) -> str | None:
        """An intervention of an arm that the rules don't know: its words, and nothing that speaks against them."""
        reason = self._supported("interventions", told.value, places, may_be_shared=True)
        if reason is None and any(says_same("arm", told.value, value) for value in self._known("prior_therapies")):
            reason = "the text says that patients had it before"
        return reason or self._composed_otherwise(told, arm)

    def _composed_otherwise(self, told: Told, arm: Arm) -> str | None:
        """Reason why the trial can't have an arm of these interventions."""
        trial = self.owner.trial
        arms = [] if trial is None else trial.arms
        in_arms = {str(claim.value) for other in arms for claim in other.interventions}
        left_out = [other for other in arms if not any(_same_interventions(own, other) for own in self.record.arms)]
        if left_out:
            return f"the text has the arm {arm_name(left_out[0])} instead"
        if len(arms) > 1 and not any(says_same("interventions", told.value, name) for name in in_arms):
            return "the text compares other arms"
        if all(any(says_same("interventions", stated, name) for name in in_arms) for stated in arm.interventions):
            return "the text combines the interventions otherwise"
        if len(arm.interventions) > 1 and not self._stand_together(arm):
            return "the text does not join it with the arm's other interventions"
        return None

    def _stand_together(self, arm: Arm) -> bool:
        """True when one sentence names all of an arm's interventions."""
        return any(
            all(
                any(says_same("interventions", stated, drug.generic) for drug in mentions.drugs)
                for stated in arm.interventions
            )
            for mentions in self.reading.mentions
        )

    def _arm_size(self, told: Told, arm: Arm, places: Sequence[TextSpan]) -> str | None:
        for count in self.knowledge.counts:
            if count.value != told.value or not any(place.overlaps(count.span) for place in places):
                continue
            number = self.reading.sentence_at(count.span.start)
            named = {drug.generic for drug in self.reading.mentions[number].drugs}
            own = {name for name in named if any(says_same("interventions", s, name) for s in arm.interventions)}
            others = {str(c.value) for other in self._other_arms(arm) for c in other.interventions} - own
            if own and not named & others and self._why_not_about(number) is None:
                return None
        return "the text does not give this number to the arm"

    def _other_arms(self, arm: Arm) -> list[DraftArm]:
        trial, same = self.owner.trial, self._same_arms(arm)
        return [] if trial is None else [other for other in trial.arms if all(other is not own for own in same)]

    # --------------------------------------------------------------------------------- endpoints and regulators

    def _declared(self, told: Told, declared: DeclaredEndpoint, places: Sequence[TextSpan]) -> str | None:
        trial = self.owner.trial
        for known in () if trial is None else trial.endpoints:
            if says_same("endpoint", declared.endpoint, known.endpoint.value):
                is_right = known.rank.value == declared.rank.value
                return None if is_right else f"the text declares it as {known.rank.value}"
        if told.field == "endpoint":
            return self._undeclared(declared, places) or self._supported("endpoint", told.value, places)
        return "the text does not declare this endpoint"

    def _undeclared(self, declared: DeclaredEndpoint, places: Sequence[TextSpan]) -> str | None:
        """Reason why no cited sentence declares endpoints of this rank, or declares others than this one."""
        trial = self.owner.trial
        read = [
            known for known in (() if trial is None else trial.endpoints) if known.rank.value == declared.rank.value
        ]
        for number in self._sentences(places):
            sentence = self.reading.sentences[number]
            span = TextSpan(sentence.start, sentence.end)
            rank = Claim(declared.rank.value, (span,), Support.CUE, "rank")
            if why_unsupported(self.reading, "rank", rank) is not None:
                continue
            here = [known for known in read if any(place.overlaps(span) for place in known.endpoint.spans)]
            return f"the text declares {here[0].endpoint.value}" if here else None
        return "the quoted passage does not declare an endpoint of this rank"

    def _event(self, told: Told, event: RegulatoryEvent, places: Sequence[TextSpan]) -> str | None:
        trial = self.owner.trial
        known = [] if trial is None else trial.events
        about = [number for number in self._sentences(places) if self._why_not_about(number) is None]
        here = [item for number in about for item in self.knowledge.events.get(number, ())]
        for item in (*known, *here):
            stated = ((item.action, event.action), (item.agency, event.agency), (item.date, event.date))
            if all(_says(claim, value, name) for (claim, value), name in zip(stated, _EVENT_FIELDS, strict=True)):
                return None
        return f"the text reports no such {told.field} of this trial"


_EVENT_FIELDS = ("action", "agency", "date")


def _same_interventions(arm: Arm, known: DraftArm) -> bool:
    names = [str(claim.value) for claim in known.interventions]
    return _name_the_same(arm.interventions, names)


def _is_same(arm: Arm, other: Arm) -> bool:
    return _name_the_same(arm.interventions, other.interventions)


def _name_the_same(stated: Sequence[str], known: Sequence[str]) -> bool:
    """True when each of the one is one of the other, and the other way round."""
    pairs = [[says_same("interventions", one, other) for other in known] for one in stated]
    return len(stated) == len(known) and all(map(any, pairs)) and all(map(any, zip(*pairs, strict=True)))


def _says(claim: Claim | None, stated: object, field: str) -> bool:
    return stated is None or (claim is not None and says_same(field, stated, claim.value))
