"""The attribution guard: what the text itself says about whose value it is stands above every extractor."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from summarizer.extraction.draft import Claim, DraftArm
from summarizer.extraction.rules.discourse import Discourse
from summarizer.extraction.rules.links import arm_claim, arm_wording, trial_of
from summarizer.reading.blocks import BlockKind
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.reader import Reading
from summarizer.text import TextSpan, plain

EXPLICIT_RULES = frozenset(
    {"arm wording", "control wording", "experimental wording", "arm by its number of interventions", "dose arm"}
)
"""Rules that read a value's arm from words that name it; the others infer it from the order of a comparison."""


def why_not_this_trial(
    reading: Reading, discourse: Discourse, estimate: Estimate, trial: int | None, named: Sequence[TextSpan]
) -> str | None:
    """Reason why an estimate may not go to a trial, or None when the text leaves it open or says so.

    Args:
        reading: the article.
        discourse: whom each sentence speaks of.
        estimate: the value.
        trial: number of the trial in the discourse; None for a trial that only the model sees.
        named: where the text names that trial.
    """
    number = estimate.sentence
    told = trial_of(reading, discourse, estimate)
    if trial is not None and told == trial:
        return None
    if told is not None:
        return f"the text gives it to {describe(discourse, told)}"
    sentence = reading.sentences[number]
    if any(TextSpan(sentence.start, sentence.end).covers(span) for span in named):
        return None
    if discourse.lost[number]:
        return "it stands in or after a damaged passage, and its own passage does not name the trial"
    return "its passage does not name the trial, and no line of reference leads there"


def why_not_about(discourse: Discourse, number: int, trial: int | None, own: Collection[int] = ()) -> str | None:
    """Reason why a sentence may not tell something of a trial, or None: it names others only, or stands after a cut.

    Args:
        discourse: whom each sentence speaks of.
        number: the sentence.
        trial: number of the trial in the discourse; None for a trial that only the model sees.
        own: sentences that name such a trial; no line of reference leads from them to others.
    """
    if trial is None:
        return None if number in own else f"sentence {number} does not name the trial"
    named = {owner for _, owner in discourse.names[number]}
    subjects = discourse.subjects[number]
    if trial in named or trial in subjects or number in discourse.shared.get(trial, ()):
        return None
    if named:
        return f"sentence {number} speaks of {describe(discourse, min(named))}"
    if discourse.lost[number] and not subjects:
        return f"sentence {number} stands in or after a damaged passage and does not name the trial"
    return f"sentence {number} speaks of {describe(discourse, subjects[0])}" if subjects else None


def why_not_background(discourse: Discourse, number: int, trial: int | None) -> str | None:
    """Reason why a sentence that speaks of no trial in particular may not tell something of this one, or None.

    Such a sentence (a headline, an agency's decision) speaks of the article's own trials, never of background.
    """
    if trial is None or trial in discourse.mains or number in discourse.shared.get(trial, ()):
        return None
    if discourse.names[number] or discourse.subjects[number]:
        return None
    return f"sentence {number} names no trial, so it speaks of the article's own at most"


def why_not_beside(reading: Reading, estimate: Estimate, number: int) -> str | None:
    """Reason why a sentence may not tell the time point or the subset of a value: it stands in another paragraph.

    A heading speaks for what stands below it, and a paragraph for the list or table that follows it.
    """
    sentences = reading.sentences
    between = sentences[number + 1 : estimate.sentence + 1]
    if number <= estimate.sentence:
        block = sentences[number].block
        if all(sentence.block == block or sentence.kind is not BlockKind.PROSE for sentence in between):
            return None
        if sentences[number].kind is BlockKind.HEADING and all(s.kind is not BlockKind.HEADING for s in between):
            return None
    elif sentences[number].block == sentences[estimate.sentence].block:
        return None
    return f"sentence {number} stands in another paragraph than the value"


def why_not_its_own(reading: Reading, discourse: Discourse, trial: int | None, claim: Claim) -> str | None:
    """Reason why a designation may not be a trial's name, code or registry number: it is another trial's."""
    for span in claim.spans:
        for place, owner in discourse.names[reading.sentence_at(span.start)]:
            if place.overlaps(span) and owner != trial:
                return f"it belongs to {describe(discourse, owner)}"
    return None


def why_not_this_arm(
    reading: Reading, estimate: Estimate, arms: Sequence[DraftArm], place: int, doses: frozenset[str]
) -> str | None:
    """Reason why a value may not go to an arm: its own words name another one."""
    literal = arm_in_words(reading, estimate, arms) or _arm_in_turn(reading, estimate, arms)
    if literal is not None:
        return None if literal is arms[place] else f"its words name {arm_name(literal)}"
    claim = arm_claim(reading, estimate, arms, arm_wording(reading, estimate), doses)
    if claim is None or claim.rule not in EXPLICIT_RULES or claim.value == arm_name(arms[place]):
        return None
    return f"its words name {claim.value}"


def arm_in_words(reading: Reading, estimate: Estimate, arms: Sequence[DraftArm]) -> DraftArm | None:
    """The arm whose interventions all stand in the words beside a value, the one with most of them; None if two tie.

    It knows the interventions that a model found and no dictionary holds.
    """
    span = estimate.arm.span
    if span is None:
        return None
    words = plain(_words_since_value(reading.folded, estimate, span))
    found = [arm for arm in arms if all(plain(str(claim.value)) in words for claim in arm.interventions)]
    most = max((len(arm.interventions) for arm in found), default=0)
    best = [arm for arm in found if len(arm.interventions) == most]
    return best[0] if len(best) == 1 else None


def _arm_in_turn(reading: Reading, estimate: Estimate, arms: Sequence[DraftArm]) -> DraftArm | None:
    """The arm at a value's place in "X or placebo ... 27.0 and 22.8 months, respectively"; None if one is unnamed."""
    sentence = reading.sentences[estimate.sentence]
    if estimate.arm.position is None or estimate.arm.size != len(arms):
        return None
    if "respectively" not in reading.folded[estimate.span.end : sentence.end]:
        return None
    drugs = reading.mentions[estimate.sentence].drugs
    names = [{str(claim.value) for claim in arm.interventions} for arm in arms]
    named: list[tuple[int, int]] = []
    for place, own in enumerate(names):
        only = own.difference(*(other for other in names if other is not own))
        starts = [drug.start for drug in drugs if drug.generic in only]
        if not starts:
            return None
        named.append((min(starts), place))
    return arms[sorted(named)[estimate.arm.position][1]]


_OTHER_ARM = re.compile(r"\b(?:vs\.?|versus|compared (?:with|to)|than|against|or|and)\b|[;,]", re.IGNORECASE)


def _words_since_value(folded: str, estimate: Estimate, span: TextSpan) -> str:
    """The words that give a value's arm from their start: the reader's span begins at the first drug it knows."""
    if not 0 <= span.start - estimate.span.end <= 120:
        return span.of(folded)
    gap = folded[estimate.span.end : span.start]
    return _OTHER_ARM.split(gap)[-1] + span.of(folded)


def arm_name(arm: DraftArm) -> str:
    """The arm as a result names it: its interventions."""
    return " + ".join(str(claim.value) for claim in arm.interventions)


def describe(discourse: Discourse, trial: int) -> str:
    """A trial in words, for a reason."""
    node = next((node for node in discourse.trials if node.number == trial), None)
    if node is None or not node.designations:
        return "another trial"
    return node.designations[0].text


def spans_of(claims: Sequence[Claim]) -> tuple[TextSpan, ...]:
    """All spans of some claims."""
    return tuple(span for claim in claims for span in claim.spans)
