"""Join what the model proposes, passage by passage, with what the rules read: one draft.

Where both speak of a field and the model's value is supported, the model's stands; what it leaves empty the rules
fill. Numbers, intervals and P values are the reading's own in either case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.extraction.attribution import arm_in_words, arm_name, spans_of, why_not_this_arm
from summarizer.extraction.draft import Claim, Draft, DraftArm, DraftResult, DraftTrial, Refusal
from summarizer.extraction.llm.contracts.locating import RULE
from summarizer.extraction.llm.contracts.proposals import Link, Proposals
from summarizer.extraction.rules.clusters import same_form
from summarizer.extraction.rules.discourse import Discourse
from summarizer.extraction.rules.engine import derive_model, draft_trials
from summarizer.extraction.rules.links import doses_of, link, link_unattributed
from summarizer.reading.estimates.model import COMPARISONS, Estimate
from summarizer.reading.reader import Reading
from summarizer.schemas import ArmRole, Support

_NAMES = ("aliases", "registry_ids")
"""Lists that belong to a trial's identity: the reading's own cluster is never shortened."""


def merge(reading: Reading, discourse: Discourse, passages: Sequence[Proposals]) -> Draft:
    """One draft from the rules' reading of the article and the proposals for its passages."""
    return _Merger(reading, discourse, passages).run()


class _Merger:
    def __init__(self, reading: Reading, discourse: Discourse, passages: Sequence[Proposals]) -> None:
        self._reading = reading
        self._passages = passages
        self._trials, self._unattributed = draft_trials(reading, discourse)
        self._estimates: list[list[Estimate]] = [[r.estimate for r in trial.results] for trial in self._trials]
        self._links: dict[int, tuple[DraftArm | None, Link]] = {}
        self._with_own_arms: list[DraftTrial] = []
        """Trials whose arms are the model's."""
        self._refused: list[tuple[DraftTrial | None, Refusal]] = []

    def run(self) -> Draft:
        for proposals in self._passages:
            self._add_passage(proposals)
        for trial, estimates in zip(self._trials, self._estimates, strict=True):
            self._link_results(trial, estimates)
            self._drop_whole_sizes(trial)
        order = sorted(range(len(self._trials)), key=lambda index: _start(self._trials[index]))
        kept = [self._trials[index] for index in order if self._trials[index].has_facts]
        left = [r.estimate for trial in self._trials if not trial.has_facts for r in trial.results]
        unattributed = sorted([*self._unattributed, *left], key=lambda item: item.value_span)
        results = [link_unattributed(self._reading, item) for item in unattributed]
        return Draft(kept, results, [_pointed(refusal, trial, kept) for trial, refusal in self._refused])

    def _add_passage(self, proposals: Proposals) -> None:
        places = [self._overlay(trial) for trial in proposals.trials]
        for refusal in proposals.refused:
            place = _trial_of(refusal, proposals)
            self._refused.append((None if place is None else self._trials[places[place]], refusal))
        for number, given in proposals.links.items():
            trial = self._trials[places[given.trial]]
            arms = proposals.trials[given.trial].arms
            chosen = None if given.arm is None else _same_arm(arms, given.arm, trial.arms)
            self._links[number] = (chosen, given)
            self._move(self._reading.estimates[number], places[given.trial])
        for estimate, place in proposals.quoted:
            target = self._unattributed if place is None else self._estimates[places[place]]
            if not any(other.value_span.overlaps(estimate.value_span) for other in target):
                target.append(estimate)

    def _move(self, estimate: Estimate, place: int) -> None:
        """Give a value that the rules left unattributed to a trial; the guard has let it through."""
        if estimate in self._unattributed:
            self._unattributed.remove(estimate)
            self._estimates[place].append(estimate)

    def _overlay(self, given: DraftTrial) -> int:
        """Put the model's claims about a trial over those of the rules; its place among the trials."""
        place = self._find(given)
        if place is None:
            self._trials.append(given)
            self._estimates.append([])
            return len(self._trials) - 1
        trial = self._trials[place]
        trial.focus = given.focus
        _name(trial, given.name)
        trial.scalars.update(given.scalars)
        for field, claims in given.lists.items():
            trial.lists[field] = _joined(trial.lists.get(field, []), claims) if field in _NAMES else claims
        if given.arms:
            trial.arms = _in_order(
                _with_doses([_with_size(arm, trial.arms) for arm in given.arms], trial.arms), trial.arms
            )
            self._with_own_arms.append(trial)
        trial.endpoints = given.endpoints or trial.endpoints
        trial.events = given.events or trial.events
        return place

    def _find(self, given: DraftTrial) -> int | None:
        for place, trial in enumerate(self._trials):
            if given.number is not None:
                if trial.number == given.number:
                    return place
            elif _form(trial) is not None and _form(trial) == _form(given):
                return place
        return None

    def _link_results(self, trial: DraftTrial, estimates: list[Estimate]) -> None:
        estimates.sort(key=lambda item: item.value_span)
        doses = doses_of(self._reading, estimates)
        trial.results = [self._result(trial, estimate, doses) for estimate in estimates]
        derive_model(trial)

    def _result(self, trial: DraftTrial, estimate: Estimate, doses: frozenset[str]) -> DraftResult:
        result = link(self._reading, estimate, trial.arms, doses)
        arm, given = self._links.get(estimate.id, (None, None))
        if arm is not None and self._words_name_another(trial, estimate, arm, doses):
            arm = None
        worded = None
        if any(trial is other for other in self._with_own_arms):
            worded = arm_in_words(self._reading, estimate, trial.arms)
        # Whose value it is the text says by its words or by its order: a model fills in what neither tells.
        is_told = result.arm is not None and any(arm_name(own) == result.arm.value for own in trial.arms)
        arm = worded or (None if is_told else arm)
        if arm is not None and _may_have_arm(estimate, arm, trial.arms):
            spans = (estimate.span, *spans_of(arm.interventions))
            result.arm = Claim(arm_name(arm), spans, Support.DERIVED, RULE)
        if given is None:
            return result
        # What stands beside a value is the text's own word; the model adds what stands elsewhere.
        result.timepoint = result.timepoint or given.timepoint
        result.subgroup = result.subgroup or given.subgroup
        return result

    def _drop_whole_sizes(self, trial: DraftTrial) -> None:
        """The count that is the trial's enrolment is not the size of one of several arms, too."""
        whole = trial.scalars.get("enrollment")
        for arm in trial.arms if whole is not None and len(trial.arms) > 1 else ():
            if arm.n is not None and arm.n.rule == RULE and whole is not None and arm.n.spans == whole.spans:
                cited = tuple(self._reading.sentence_at(span.start) for span in whole.spans)
                self._refused.append((trial, Refusal("", "n", str(arm.n.value), "it is the whole trial's", cited)))
                arm.n = None

    def _words_name_another(self, trial: DraftTrial, estimate: Estimate, arm: DraftArm, doses: frozenset[str]) -> bool:
        """The guard once more: the arms of the rules, or of another passage, may have made a value's words plain."""
        places = [place for place, other in enumerate(trial.arms) if other is arm]
        return not places or why_not_this_arm(self._reading, estimate, trial.arms, places[0], doses) is not None


def _may_have_arm(estimate: Estimate, arm: DraftArm, arms: Sequence[DraftArm]) -> bool:
    """A single-arm trial's values have none; a comparison has one only among several experimental arms."""
    if estimate.statistic not in COMPARISONS:
        return len(arms) > 1
    experimental = [item for item in arms if item.role.value == ArmRole.EXPERIMENTAL.value]
    return len(experimental) > 1 and arm in experimental


def _form(trial: DraftTrial) -> str | None:
    return None if trial.name is None else same_form(str(trial.name.value))


def _start(trial: DraftTrial) -> int:
    return min((span.start for span in trial.anchors), default=0)


def _name(trial: DraftTrial, name: Claim | None) -> None:
    """The model chooses which designation is the name; the others stay aliases."""
    if name is None or trial.name is None:
        trial.name = trial.name or name
        return
    wanted = same_form(str(name.value))
    aliases = trial.lists.get("aliases", [])
    chosen = [claim for claim in aliases if same_form(str(claim.value)) == wanted]
    if chosen:
        trial.lists["aliases"] = [trial.name, *(claim for claim in aliases if claim is not chosen[0])]
        trial.name = chosen[0]


def _joined(known: Sequence[Claim], added: Sequence[Claim]) -> list[Claim]:
    forms = {same_form(str(claim.value)) for claim in known}
    return [*known, *(claim for claim in added if same_form(str(claim.value)) not in forms)]


def _names_of(arm: DraftArm) -> frozenset[object]:
    return frozenset(claim.value for claim in arm.interventions)


def _with_size(arm: DraftArm, known: Sequence[DraftArm]) -> DraftArm:
    """The model's arm with the size that the rules read for the same interventions, where it gives none."""
    same = [other for other in known if _names_of(other) == _names_of(arm)]
    if arm.n is None and same:
        arm.n = same[0].n
    return arm


def _in_order(arms: Sequence[DraftArm], known: Sequence[DraftArm]) -> list[DraftArm]:
    """The arms as the text compares them: in the order of the rules' reading, else experimental ones first.

    Values of "13.3 vs 8.2 months" are told apart by that order, so a model may not turn it.
    """
    names = [_names_of(arm) for arm in known]
    if all(_names_of(arm) in names for arm in arms):
        return sorted(arms, key=lambda arm: names.index(_names_of(arm)))
    return sorted(arms, key=lambda arm: arm.role.value != ArmRole.EXPERIMENTAL.value)


def _with_doses(arms: Sequence[DraftArm], known: Sequence[DraftArm]) -> Sequence[DraftArm]:
    """The model's arms with the doses of the rules' arms: a model gives dose arms as equal, in the text's order."""
    for dosed in known:
        if dosed.dose is None:
            continue
        mine = [arm for arm in arms if _names_of(arm) == _names_of(dosed)]
        theirs = [arm for arm in known if _names_of(arm) == _names_of(dosed)]
        for arm, other in zip(mine, theirs, strict=True) if len(mine) == len(theirs) else ():
            arm.dose, arm.n = other.dose, arm.n if other.n is None else other.n
    return arms


def _same_arm(given: Sequence[DraftArm], place: int, arms: Sequence[DraftArm]) -> DraftArm | None:
    """The trial's arm for ``given[place]``; of arms with equal interventions (doses) the one at the same place."""
    names = _names_of(given[place])
    earlier = sum(_names_of(arm) == names for arm in given[:place])
    same = [arm for arm in arms if _names_of(arm) == names]
    return same[earlier] if earlier < len(same) else None


def _trial_of(refusal: Refusal, proposals: Proposals) -> int | None:
    """Place in ``proposals.trials`` of the trial that a refused value was meant for."""
    parts = refusal.place.split("/")
    return proposals.place_of.get(int(parts[2])) if parts[1] == "t" else None


def _pointed(refusal: Refusal, trial: DraftTrial | None, kept: Sequence[DraftTrial]) -> Refusal:
    """The refusal with a pointer into the record instead of the answer."""
    places = [place for place, other in enumerate(kept) if other is trial]
    owner = f"/trials/{places[0]}" if places else "/trials"
    return replace(refusal, place=f"{owner}/{refusal.field}")
