"""Arms of a trial whose comparison is not spelled out: one regimen, and the control that is only implied."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from summarizer.extraction.rules.arm_parts import Passages, RoledRegimens, control_role, options
from summarizer.extraction.rules.attributes import TrialText
from summarizer.extraction.rules.regimens import CONTROL_KINDS, Regimen
from summarizer.lexicon import DrugMention
from summarizer.reading.blocks import BlockKind
from summarizer.schemas import ArmRole
from summarizer.text import TextSpan


def single_regimen(text: TrialText, passages: Passages) -> Regimen | None:
    """The regimen of a trial that compares nothing: the first one near its description, in its fullest wording."""
    candidates: list[tuple[int, Regimen]] = []
    for order, (number, _, groups) in enumerate(passages):
        heading = text.reading.sentences[number].kind is BlockKind.HEADING
        candidates.extend(
            (order + (3 if heading else 0), group)
            for group in groups
            if group.drugs[0].kind not in (*CONTROL_KINDS, "CLASS", "PROCEDURE")
            or _without(text.reading.folded, group) is not None
        )
    if not candidates:
        return _referred_to(text)
    candidates.sort(key=lambda item: item[0])
    first = candidates[0][1]
    fuller = [g for place, g in candidates if set(first.names) < set(g.names) and place <= candidates[0][0] + 3]
    return fuller[0] if fuller else first


_THE_DRUG = re.compile(
    r"\b[Tt]he (?:same |new |investigational |experimental |study |oral |once-daily |daily )?(?:drug|pill|antibody"
    r"|agent|tablet"
    r"|conjugate|ADC|bispecific|degrader|capsule|injection|vaccine|inhibitor|cell therapy|product|compound)\b(?!-)"
)


def _referred_to(text: TrialText) -> Regimen | None:
    """The article's own drug, for a trial of which only "the drug" is told."""
    own = text.reading.main_drug
    if own is None:
        return None
    for _, passage in text.passages:
        match = _THE_DRUG.search(text.reading.folded, *passage)
        if match is not None:
            return Regimen([replace(own, start=match.start(), end=match.end(), text=match.group())])
    return None


_ALONE = re.compile(r"(?:\s?\([^)]{0,30}\))? (?:alone|monotherapy|by itself|on its own|only)\b")


def around_single(text: TrialText, passages: Passages, single: Regimen) -> RoledRegimens:
    """The experimental arm, and a control that is only implied: "B alone", "placebo-controlled"."""
    folded = text.reading.folded
    against = _against(text, single)
    if against is not None:
        return against
    partners = _partners(text, single)
    single = Regimen([*single.drugs, *partners], single.n, optional=single.optional)
    arms = [(ArmRole.EXPERIMENTAL, regimen) for regimen in options(single)]
    placebo = _placebo_word(text)
    if placebo is not None:
        control = Regimen([placebo, *(d for d in single.drugs if d.generic != single.names[0])])
        return [*arms, (ArmRole.PLACEBO_COMPARATOR, control)]
    if len(single.names) < 2:
        return arms
    without = _without(folded, single)
    if without is not None and not partners:
        return [*arms, (ArmRole.ACTIVE_COMPARATOR, without)]
    for _, passage, groups in passages:
        for group in groups:
            part = set(group.names) < set(single.names) or (group.names == ("chemotherapy",) and len(single.names) > 1)
            if part and group.span.end < passage.end and _ALONE.match(folded, group.span.end):
                return [*arms, (ArmRole.ACTIVE_COMPARATOR, group)]
    return arms


_WITH_OR_WITHOUT = re.compile(r"\bwith(?:,)? or without\b", re.IGNORECASE)


def _without(folded: str, single: Regimen) -> Regimen | None:
    """The control of "A with or without B", where the text compares nothing else."""
    for first, second in pairwise(single.drugs):
        if _WITH_OR_WITHOUT.search(folded, first.end, second.start):
            kept = [drug for drug in single.drugs if drug.start <= first.start]
            return Regimen(kept)
    return None


_COMPARISON_WITH = re.compile(
    r"\b(?:comparison (?:with|to|against|of)|compared (?:it |them )?with|versus|against|over)\s(?:standard |the )?$"
)


def _against(text: TrialText, single: Regimen) -> RoledRegimens | None:
    """The article's own drug against the only regimen that is named: "a comparison with B"."""
    own = text.reading.main_drug
    if own is None or own.generic in single.names:
        return None
    before = text.reading.folded[max(0, single.span.start - 40) : single.span.start]
    if _COMPARISON_WITH.search(before) is None:
        return None
    return [(ArmRole.EXPERIMENTAL, Regimen([own])), (control_role(single), single)]


_PARTNER = re.compile(r" as (?:the |its |a )?(?:chemotherapy )?(?:partner|backbone)\b")


def _partners(text: TrialText, single: Regimen) -> list[DrugMention]:
    """What is given with the regimen by way of a noun: "used CAPOX as the partner"."""
    return [
        drug
        for number, passage in text.passages
        for drug in text.reading.mentions[number].drugs
        if passage.covers(TextSpan(drug.start, drug.end))
        and drug.generic not in single.names
        and _PARTNER.match(text.reading.folded, drug.end)
    ]


_NO_BEFORE = re.compile(r"\b(?:no|not|without|nor)\s(?:an? |any )?$", re.IGNORECASE)
_PLACEBO_CONTROLLED = re.compile(r"\b(?P<placebo>placebo)-controlled\b", re.IGNORECASE)


def _placebo_word(text: TrialText) -> DrugMention | None:
    for _, passage in text.passages:
        match = _PLACEBO_CONTROLLED.search(text.reading.folded, *passage)
        if match:
            start, end = match.span("placebo")
            words = text.reading.words(TextSpan(start, end))
            return DrugMention(start, end, words, "placebo", None, "VOCABULARY", "PLACEBO")
    for number, passage in text.passages:
        for drug in text.reading.mentions[number].drugs:
            negated = _NO_BEFORE.search(text.reading.folded[max(0, drug.start - 12) : drug.start])
            if drug.kind == "PLACEBO" and passage.covers(TextSpan(drug.start, drug.end)) and negated is None:
                return drug
    return None
