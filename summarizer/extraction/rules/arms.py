"""Arms of a trial: which interventions are compared, in which role, with how many patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.extraction.draft import Claim, DraftArm
from summarizer.extraction.rules.arm_parts import Passages, RoledRegimens
from summarizer.extraction.rules.arm_sizes import Sizes, find_sizes, give_worded_sizes, size_of, sized_list, whole_sizes
from summarizer.extraction.rules.attributes import TrialText
from summarizer.extraction.rules.combination import with_combination
from summarizer.extraction.rules.comparisons import best_comparison, compared_arms, given_to_all
from summarizer.extraction.rules.implied_arms import around_single, single_regimen
from summarizer.extraction.rules.regimens import Regimen, expanded, find_regimens, is_background
from summarizer.lexicon import DrugMention
from summarizer.reading.estimates.model import Phrase
from summarizer.schemas import ArmRole, Support
from summarizer.text import TextSpan


def find_arms(text: TrialText) -> list[DraftArm]:
    """Arms proposed from the trial's passages; experimental arms first."""
    passages: Passages = []
    for number, passage in text.passages:
        if number in text.lead:
            continue
        groups = [expanded(g, text.definitions) for g in find_regimens(text.reading, number, passage)]
        passages.append((number, passage, [g for g in groups if not is_background(text.reading.folded, g, passage)]))
    passages = with_combination(text, passages)
    give_worded_sizes(text, passages)
    sized = sized_list(text, passages)
    comparison = None if sized else best_comparison(text, passages)
    if sized:
        arms = _with_what_all_get(text, sized)
    elif comparison is not None:
        arms = compared_arms(text, comparison)
    else:
        single = single_regimen(text, passages)
        arms = [] if single is None else around_single(text, passages, single)
    arms = _spelled_out(passages, arms)
    whole_sizes(text, arms, passages)
    sizes = find_sizes(text, passages)
    places = _places(text, [regimen for _, regimen in arms])
    drafts = [_draft_arm(role, regimen, sizes, [other for _, other in arms], places) for role, regimen in arms]
    for draft, (_, regimen) in zip(drafts, arms, strict=True):
        twins = [other for _, other in arms if other.names == regimen.names]
        if len(twins) > 1 and all(twin.dose is not None for twin in twins) and regimen.dose is not None:
            draft.dose = Phrase(regimen.dose.of(text.reading.folded), regimen.dose, "dose")
    return drafts


def _with_what_all_get(text: TrialText, arms: RoledRegimens) -> RoledRegimens:
    """Arms listed with their sizes, each with what the text gives to all of them."""
    number = text.reading.sentence_at(arms[0][1].span.start)
    shared = given_to_all(text, number, [regimen for _, regimen in arms])
    return [(role, replace(regimen, drugs=[*regimen.drugs, *shared])) for role, regimen in arms]


def _places(text: TrialText, regimens: Sequence[Regimen]) -> dict[tuple[int, str], TextSpan]:
    """Where a drug that is only referred to ("the antibody", "the combination") is named."""
    named: dict[str, DrugMention] = {}
    own = text.reading.main_drug
    if own is not None:
        named[own.generic] = own
    spots: set[tuple[int, str]] = set()
    for mentions in text.reading.mentions:
        for drug in mentions.drugs:
            named.setdefault(drug.generic, drug)
            spots.add((drug.start, drug.generic))
    return {
        (drug.start, drug.generic): TextSpan(named[drug.generic].start, named[drug.generic].end)
        for regimen in regimens
        for drug in regimen.drugs
        if (drug.start, drug.generic) not in spots and drug.generic in named
    }


def _spelled_out(passages: Passages, arms: RoledRegimens) -> RoledRegimens:
    """Replace the word in "A plus chemotherapy" by what other passages name: "A with gemcitabine"."""
    if not any("chemotherapy" in regimen.names for _, regimen in arms):
        return arms
    known = {drug.generic for _, regimen in arms for drug in regimen.drugs} - {"chemotherapy"}
    extra: list[DrugMention] = []
    for _, _, groups in passages:
        for group in groups:
            more = [d for d in group.drugs if d.generic not in known and d.kind in ("DRUG", "REGIMEN")]
            if more and known & set(group.names) and "chemotherapy" not in group.names and not extra:
                extra = more
    if not extra:
        return arms
    return [(role, _replace_chemotherapy(regimen, extra)) for role, regimen in arms]


def _replace_chemotherapy(regimen: Regimen, extra: Sequence[DrugMention]) -> Regimen:
    if "chemotherapy" not in regimen.names:
        return regimen
    kept = [d for d in regimen.drugs if d.generic != "chemotherapy"]
    return Regimen([*kept, *extra], regimen.n, optional=regimen.optional)


def _draft_arm(
    role: ArmRole,
    regimen: Regimen,
    sizes: Sizes,
    others: Sequence[Regimen],
    places: dict[tuple[int, str], TextSpan],
) -> DraftArm:
    claims: dict[str, Claim] = {}
    for drug in regimen.drugs:
        span = places.get((drug.start, drug.generic), TextSpan(drug.start, drug.end))
        claims.setdefault(drug.generic, Claim(drug.generic, (span,), Support.QUOTED, "intervention"))
    size = size_of(regimen, sizes, others)
    n = None if size is None else Claim(size[0], (size[1],), Support.NUMBER, "arm size")
    spans = tuple(TextSpan(drug.start, drug.end) for drug in regimen.drugs)
    return DraftArm(  # the role rests on where the arm is worded
        Claim(role.value, spans[:1], Support.DERIVED, "role in the comparison"),
        list(claims.values()),
        n,
        tuple(name.casefold() for name in claims),
    )
