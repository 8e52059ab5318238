"""From a Draft to records: supported claims with their evidence, the rest to ``rejected`` with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.extraction.draft import Claim, Draft, DraftArm, DraftEndpoint, DraftEvent, DraftResult, DraftTrial
from summarizer.grounding.support import why_estimate_unsupported, why_unsupported
from summarizer.reading.reader import Reading
from summarizer.schemas import (
    Arm,
    DeclaredEndpoint,
    RegulatoryEvent,
    Rejection,
    Result,
    Span,
    Support,
    TrialRecord,
    Truncation,
)
from summarizer.text import TextSpan


@dataclass(slots=True)
class Grounded:
    """Records that rest on the text, with their evidence, and what was kept out."""

    trials: list[TrialRecord] = field(default_factory=list[TrialRecord])
    unattributed_results: list[Result] = field(default_factory=list[Result])
    truncations: list[Truncation] = field(default_factory=list[Truncation])
    evidence: dict[str, list[Span]] = field(default_factory=dict[str, list[Span]])
    rejected: list[Rejection] = field(default_factory=list[Rejection])


def ground(reading: Reading, draft: Draft, *, explain: bool = False) -> Grounded:
    """Check every claim of ``draft`` against the text.

    Args:
        reading: the article that the claims are about.
        draft: what an extractor proposed.
        explain: keep the name of the rule with every span.
    """
    grounder = _Grounder(reading, explain=explain)
    grounder.out.rejected += [
        Rejection(pointer=refused.place, value=refused.value, reason=refused.reason, sentences=list(refused.sentences))
        for refused in draft.refused
    ]
    for trial in draft.trials:
        grounder.add_trial(trial)
    for result in draft.unattributed:
        pointer = f"/unattributed_results/{len(grounder.out.unattributed_results)}"
        row = grounder.result(pointer, result)
        if row is not None:
            grounder.out.unattributed_results.append(row)
    for damage in reading.damage:
        pointer = f"/truncations/{len(grounder.out.truncations)}"
        grounder.note(f"{pointer}/text", (damage.span,), Support.QUOTED, damage.rule)
        grounder.note(f"{pointer}/kind", (damage.span,), Support.CUE, damage.rule)
        grounder.out.truncations.append(Truncation(text=reading.words(damage.span), kind=damage.kind))
    return grounder.out


class _Grounder:
    def __init__(self, reading: Reading, *, explain: bool) -> None:
        self._reading = reading
        self._explain = explain
        self.out = Grounded()

    def note(self, pointer: str, spans: Sequence[TextSpan], support: Support, rule: str) -> None:
        """Record the evidence of one leaf."""
        self.out.evidence[pointer] = [
            Span.model_construct(
                start=span.start,
                end=span.end,
                text=self._reading.words(span),
                support=support,
                rule=rule if self._explain else None,
            )
            for span in dict.fromkeys(spans)
        ]

    def accept(self, pointer: str, field_name: str, claim: Claim | None) -> bool:
        """Note the evidence of a supported claim; reject any other."""
        if claim is None:
            return False
        reason = why_unsupported(self._reading, field_name, claim)
        if reason is None:
            self.note(pointer, claim.spans, claim.support, claim.rule)
            return True
        sentences = sorted({self._reading.sentence_at(span.start) for span in claim.spans if span.start >= 0})
        self.out.rejected.append(Rejection(pointer=pointer, value=str(claim.value), reason=reason, sentences=sentences))
        return False

    def add_trial(self, draft: DraftTrial) -> None:
        pointer = f"/trials/{len(self.out.trials)}"
        values: dict[str, object] = {}
        if not self.accept(f"{pointer}/focus", "focus", draft.focus):
            return
        values["focus"] = draft.focus.value
        if self.accept(f"{pointer}/name", "name", draft.name) and draft.name is not None:
            values["name"] = draft.name.value
        for name, claim in draft.scalars.items():
            if self.accept(f"{pointer}/{name}", name, claim):
                values[name] = claim.value
        if "enrollment" not in values and values.pop("enrollment_type", None) is not None:
            self.out.evidence.pop(f"{pointer}/enrollment_type", None)
        for name, claims in draft.lists.items():
            values[name] = self._list(f"{pointer}/{name}", name, claims)
        values["arms"] = self._arms(pointer, draft.arms)
        values["endpoints"] = self._endpoints(pointer, draft.endpoints)
        values["regulatory_events"] = self._events(pointer, draft.events)
        results: list[Result] = []
        for result in draft.results:
            row = self.result(f"{pointer}/results/{len(results)}", result)
            if row is not None:
                results.append(row)
        values["results"] = results
        self.out.trials.append(TrialRecord.model_validate(values))

    def _list(self, pointer: str, name: str, claims: Sequence[Claim]) -> list[object]:
        kept: list[object] = []
        for claim in claims:
            if self.accept(f"{pointer}/{len(kept)}", name, claim):
                kept.append(claim.value)
        return kept

    def _arms(self, pointer: str, drafts: Sequence[DraftArm]) -> list[Arm]:
        arms: list[Arm] = []
        for draft in drafts:
            place = f"{pointer}/arms/{len(arms)}"
            interventions = self._list(f"{place}/interventions", "interventions", draft.interventions)
            if not interventions or not self.accept(f"{place}/role", "role", draft.role):
                self._forget(place)
                continue
            has_size = self.accept(f"{place}/n", "n", draft.n)
            arms.append(
                Arm.model_validate(
                    {
                        "role": draft.role.value,
                        "interventions": interventions,
                        "n": draft.n.value if has_size and draft.n is not None else None,
                    }
                )
            )
        return arms

    def _endpoints(self, pointer: str, drafts: Sequence[DraftEndpoint]) -> list[DeclaredEndpoint]:
        endpoints: list[DeclaredEndpoint] = []
        for draft in drafts:
            place = f"{pointer}/endpoints/{len(endpoints)}"
            named = self.accept(f"{place}/endpoint", "endpoint", draft.endpoint)
            if named and self.accept(f"{place}/rank", "rank", draft.rank):
                endpoints.append(
                    DeclaredEndpoint.model_validate({"endpoint": draft.endpoint.value, "rank": draft.rank.value})
                )
            else:
                self._forget(place)
        return endpoints

    def _events(self, pointer: str, drafts: Sequence[DraftEvent]) -> list[RegulatoryEvent]:
        events: list[RegulatoryEvent] = []
        for draft in drafts:
            place = f"{pointer}/regulatory_events/{len(events)}"
            if not self.accept(f"{place}/action", "action", draft.action):
                continue
            agency = self.accept(f"{place}/agency", "agency", draft.agency)
            date = self.accept(f"{place}/date", "date", draft.date)
            events.append(
                RegulatoryEvent.model_validate(
                    {
                        "action": draft.action.value,
                        "agency": draft.agency.value if agency and draft.agency else None,
                        "date": draft.date.value if date and draft.date else None,
                    }
                )
            )
        return events

    def _forget(self, place: str) -> None:
        for pointer in [key for key in self.out.evidence if key.startswith(place + "/")]:
            del self.out.evidence[pointer]

    def result(self, pointer: str, draft: DraftResult) -> Result | None:
        """The row of an estimate, or None when its numbers are not the ones in the text."""
        estimate = draft.estimate
        reason = why_estimate_unsupported(self._reading, estimate)
        if reason is not None:
            self.out.rejected.append(
                Rejection(pointer=pointer, value=str(estimate.value), reason=reason, sentences=[estimate.sentence])
            )
            return None
        row = Result(statistic=estimate.statistic)
        self._own_fields(pointer, draft, row)
        self._interval_fields(pointer, draft, row)
        for name, claim in (("arm", draft.arm), ("timepoint", draft.timepoint), ("subgroup", draft.subgroup)):
            if claim is not None and self.accept(f"{pointer}/{name}", name, claim):
                setattr(row, name, claim.value)
        for name, pair in (("assessor", estimate.assessor), ("analysis", estimate.analysis)):
            if pair is not None:
                setattr(row, name, pair[0])
                self.note(f"{pointer}/{name}", (pair[1],), Support.CUE, name)
        return row

    def _own_fields(self, pointer: str, draft: DraftResult, row: Result) -> None:
        estimate = draft.estimate
        self.note(f"{pointer}/statistic", (estimate.statistic_span or estimate.span,), Support.CUE, estimate.rule)
        if estimate.endpoint is not None:
            row.endpoint = estimate.endpoint.value
            self.note(f"{pointer}/endpoint", (estimate.endpoint.span,), Support.CUE, estimate.endpoint.rule)
        if estimate.value is not None:
            row.value = estimate.value
            self.note(f"{pointer}/value", (estimate.value_span,), Support.NUMBER, estimate.rule)
        if estimate.value is not None or estimate.reached is False:
            row.value_text = self._reading.words(estimate.span)
            self.note(f"{pointer}/value_text", (estimate.span,), Support.QUOTED, estimate.rule)
        if estimate.reached is False:
            row.reached = False
            self.note(f"{pointer}/reached", (estimate.value_span,), Support.CUE, "not reached")
        if estimate.unit is not None:
            row.unit = estimate.unit
            self.note(f"{pointer}/unit", (estimate.unit_span or estimate.span,), Support.CUE, "unit")
        for name, count in (("numerator", estimate.numerator), ("denominator", estimate.denominator)):
            if count is not None:
                setattr(row, name, count.value)
                self.note(f"{pointer}/{name}", (count.span,), Support.NUMBER, "count")

    def _interval_fields(self, pointer: str, draft: DraftResult, row: Result) -> None:
        interval, p = draft.estimate.interval, draft.estimate.p
        if interval is not None:
            for name, value, span in (
                ("ci_low", interval.low, interval.low_span),
                ("ci_high", interval.high, interval.high_span),
                ("ci_level", interval.level, interval.level_span or interval.span),
            ):
                if value is not None:
                    setattr(row, name, value)
                    self.note(f"{pointer}/{name}", (span,), Support.NUMBER, "confidence interval")
        if p is not None:
            row.p_value = p.value
            self.note(f"{pointer}/p_value", (p.span,), Support.NUMBER, "P value")
