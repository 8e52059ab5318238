"""The rules engine: a Draft from a Reading, without a model and without a network."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.extraction.draft import Claim, Draft, DraftTrial
from summarizer.extraction.rules.arm_sizes import sizes_by_sum
from summarizer.extraction.rules.arms import find_arms
from summarizer.extraction.rules.attributes import (
    TrialText,
    condition_claims,
    enrollment_claims,
    gather_text,
    marker_claims,
    phase_claims,
    scalar_claims,
    setting_claims,
    venue_claims,
)
from summarizer.extraction.rules.clusters import same_form
from summarizer.extraction.rules.declared import declared_endpoints
from summarizer.extraction.rules.discourse import Discourse, TrialNode, follow_discourse
from summarizer.extraction.rules.links import doses_of, link, link_unattributed, trial_of
from summarizer.extraction.rules.people import prior_therapy_claims, sponsor_claims
from summarizer.extraction.rules.regimens import regimen_definitions
from summarizer.extraction.rules.regulatory import find_events
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.mentions.model import DesignationKind
from summarizer.reading.reader import Reading
from summarizer.schemas import ArmRole, Focus, Support


class RulesExtractor:
    """Extractor without a model; see ``summarizer.extraction.protocol``."""

    name = "rules"

    def extract(self, reading: Reading) -> Draft:
        """Propose trials, their attributes and the links of every estimate."""
        trials, unattributed = draft_trials(reading, follow_discourse(reading))
        for trial in trials:
            if not trial.has_facts:
                unattributed += [result.estimate for result in trial.results]
        unattributed.sort(key=lambda item: item.value_span)
        kept = [trial for trial in trials if trial.has_facts]
        return Draft(kept, [link_unattributed(reading, estimate) for estimate in unattributed])


def draft_trials(reading: Reading, discourse: Discourse) -> tuple[list[DraftTrial], list[Estimate]]:
    """Every trial of the discourse in order of first mention, facts or not; and estimates that are nobody's."""
    attributed, unattributed = _attribute(reading, discourse)
    events = find_events(reading, discourse)
    definitions = regimen_definitions(reading)
    trials: list[DraftTrial] = []
    for node in sorted(discourse.trials, key=lambda item: item.start):
        text = gather_text(reading, discourse, node, definitions)
        trial = _draft_trial(reading, discourse, node, text, attributed.get(node.number, []))
        trial.events = events.get(node.number, [])
        trials.append(trial)
    return trials, unattributed


def _attribute(reading: Reading, discourse: Discourse) -> tuple[dict[int, list[Estimate]], list[Estimate]]:
    attributed: dict[int, list[Estimate]] = {}
    unattributed: list[Estimate] = []
    for estimate in reading.estimates:
        number = trial_of(reading, discourse, estimate)
        if number is None:
            unattributed.append(estimate)
        else:
            attributed.setdefault(number, []).append(estimate)
    return attributed, unattributed


def _draft_trial(
    reading: Reading, discourse: Discourse, node: TrialNode, text: TrialText, estimates: Sequence[Estimate]
) -> DraftTrial:
    focus = Focus.MAIN if node.number in discourse.mains else Focus.SUPPORTING
    anchors = tuple(sorted(node.anchors))
    focused = Claim(focus.value, anchors[:1], Support.DERIVED, "place in the article")
    trial = DraftTrial(focused, anchors=anchors, number=node.number)
    trial.name, aliases, registry_ids = _names(node)
    trial.scalars = scalar_claims(text, has_results=bool(estimates))
    trial.scalars.update(enrollment_claims(text))
    trial.lists = {
        "aliases": aliases,
        "registry_ids": registry_ids,
        "sponsors": sponsor_claims(reading, discourse, text),
        "phases": phase_claims(text),
        "conditions": condition_claims(text),
        "biomarkers": marker_claims(text),
        "settings": setting_claims(text),
        "prior_therapies": prior_therapy_claims(text),
        "presented_at": venue_claims(text),
    }
    trial.arms = find_arms(text)
    size_two_arms(text, trial)
    trial.endpoints = declared_endpoints(text)
    doses = doses_of(reading, estimates)
    trial.results = [link(reading, estimate, trial.arms, doses) for estimate in estimates]
    derive_model(trial)
    return trial


def _names(node: TrialNode) -> tuple[Claim | None, list[Claim], list[Claim]]:
    """Name, aliases and registry numbers; the first full name is the trial's name."""
    names: dict[str, Claim] = {}
    registry: dict[str, Claim] = {}
    for item in sorted(node.designations, key=lambda designation: designation.span):
        claim = Claim(item.text, (item.span,), Support.QUOTED, "designation")
        target = registry if item.kind is DesignationKind.REGISTRY else names
        target.setdefault(same_form(item.text), claim)
    kinds = {same_form(item.text): item.kind for item in node.designations}
    ordered = sorted(names.items(), key=lambda entry: kinds[entry[0]] is DesignationKind.PROTOCOL)
    if not ordered:
        return None, [], list(registry.values())
    return ordered[0][1], [claim for _, claim in ordered[1:]], list(registry.values())


def size_two_arms(text: TrialText, trial: DraftTrial) -> None:
    """Give two arms without sizes the two numbers that add up to the enrolment."""
    enrollment = trial.scalars.get("enrollment")
    if len(trial.arms) != 2 or enrollment is None or any(arm.n is not None for arm in trial.arms):
        return
    for arm, (number, span) in zip(trial.arms, sizes_by_sum(text, int(str(enrollment.value))), strict=False):
        arm.n = Claim(number, (span,), Support.NUMBER, "arm sizes that add up to the enrolment")


def derive_model(trial: DraftTrial) -> None:
    """Two or more arms in comparison make a parallel trial, where the text says nothing else."""
    if "intervention_model" in trial.scalars or len(trial.arms) < 2:
        return
    if any(arm.role.value != ArmRole.EXPERIMENTAL.value for arm in trial.arms):
        spans = tuple(arm.interventions[0].spans[0] for arm in trial.arms)
        trial.scalars["intervention_model"] = Claim("PARALLEL", spans, Support.DERIVED, "arms are compared")
