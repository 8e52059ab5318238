"""Arms of a trial: which interventions are compared, in which role, with how many patients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.extraction.draft import Claim, DraftArm
from summarizer.extraction.rules.attributes import TrialText
from summarizer.extraction.rules.regimens import (
    CONTROL_KINDS,
    STANDING_CARE,
    Regimen,
    expanded,
    find_regimens,
    is_background,
    main_drug,
)
from summarizer.lexicon import DrugMention
from summarizer.reading.blocks import BlockKind
from summarizer.schemas import ArmRole, Support
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class _Comparison:
    experimental: Regimen
    controls: tuple[Regimen, ...]
    number: int
    weight: int
    before: Regimen | None
    """The regimen worded just before: "B with either A or placebo"."""


_Passages = list[tuple[int, TextSpan, list[Regimen]]]


def find_arms(text: TrialText) -> list[DraftArm]:
    """Arms proposed from the trial's passages; experimental arms first."""
    passages: _Passages = []
    for number, passage in text.passages:
        if number in text.lead:
            continue
        groups = [expanded(g, text.definitions) for g in find_regimens(text.reading, number, passage)]
        passages.append((number, passage, [g for g in groups if not is_background(text.reading.folded, g, passage)]))
    sized = _sized_list(text, passages)
    comparison = None if sized else _best_comparison(text, passages)
    if sized:
        arms = sized
    elif comparison is not None:
        arms = _compared_arms(text, passages, comparison)
    else:
        single = _single_regimen(text, passages)
        arms = [] if single is None else _around_single(text, passages, single)
    arms = _spelled_out(passages, arms)
    sizes = _sizes(text, passages)
    places = _places(text, [regimen for _, regimen in arms])
    return [_draft_arm(role, regimen, sizes, [other for _, other in arms], places) for role, regimen in arms]


def _places(text: TrialText, regimens: Sequence[Regimen]) -> dict[tuple[int, str], TextSpan]:
    """Where a drug that is only referred to ("the antibody") is named."""
    own = main_drug(text.reading)
    named = {(drug.start, drug.generic) for mentions in text.reading.mentions for drug in mentions.drugs}
    return {
        (drug.start, drug.generic): TextSpan(own.start, own.end)
        for regimen in regimens
        for drug in regimen.drugs
        if own is not None and (drug.start, drug.generic) not in named and drug.generic == own.generic
    }


def _sized_list(text: TrialText, passages: _Passages) -> list[tuple[ArmRole, Regimen]]:
    """Three or more regimens with their sizes in one passage: "A (n = 10), B (n = 12) or placebo (n = 11)"."""
    for number, groups in _with_table_headers(text, passages):
        sized = [group for group in groups if group.n is not None]
        if len(sized) < 3 or any(e.subgroup is not None for e in text.reading.mentions[number].estimates):
            continue
        grown = _with_the_same(text.reading.folded, sized)
        roles: list[tuple[ArmRole, Regimen]] = []
        has_placebo = any(drug.kind == "PLACEBO" for group in grown for drug in group.drugs)
        for place, group in enumerate(grown):
            is_control = group.drugs[0].kind in CONTROL_KINDS or (not has_placebo and place == len(grown) - 1)
            roles.append((_control_role(group) if is_control else ArmRole.EXPERIMENTAL, group))
        return roles
    return []


def _with_table_headers(text: TrialText, passages: _Passages) -> list[tuple[int, list[Regimen]]]:
    """Regimens by passage; the cells of a table's header count as one passage."""
    rows: list[tuple[int, list[Regimen]]] = []
    last = -2
    for number, _, groups in passages:
        in_table = text.reading.sentences[number].kind is BlockKind.TABLE_ROW
        if in_table and rows and number == last + 1:
            rows[-1][1].extend(groups)
        else:
            rows.append((number, list(groups)))
        last = number if in_table else -2
    return rows


def _with_the_same(folded: str, groups: Sequence[Regimen]) -> list[Regimen]:
    """In "... B (n = 291), the same two drugs plus C" the earlier regimen is part of the later one."""
    grown = [groups[0]]
    for group in groups[1:]:
        before = folded[max(0, group.span.start - 40) : group.span.start]
        if re.search(r"\bthe same (?:\w+ )?(?:drugs|combination|regimen|treatment) (?:plus|with|and) $", before):
            group = Regimen([*grown[-1].drugs, *group.drugs], group.n)
        grown.append(group)
    return grown


_STRONG = re.compile(
    r"\b(?:vs\.?|versus|compared (?:with|to)|in comparison with|against|rather than|over|bettered|as opposed to"
    r"|replac(?:ed|es|ing)|outperform\w*|beat|than)\b",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"\b(?:randomi[sz]\w+|assigned|allocated|received?|took|given|got|tests?|compar\w+|pits|gave|had)\b", re.IGNORECASE
)


def _best_comparison(text: TrialText, passages: _Passages) -> _Comparison | None:
    best: _Comparison | None = None
    for number, passage, groups in passages:
        usable = [
            g
            for g in groups
            if g.drugs[0].kind != "PROCEDURE" or g.n is not None or len(g.drugs) > 1 or len(groups) == 2
        ]
        heading = text.reading.sentences[number].kind is BlockKind.HEADING
        for index in range(len(usable) - 1):
            first, second = usable[index], usable[index + 1]
            if first.names == second.names:
                continue
            weight = _weight(text.reading.folded, passage, first, second)
            if weight <= 0:
                continue
            weight += (
                min(6, len(first.names) + len(second.names)) + (3 if first.n or second.n else 0) - (4 if heading else 0)
            )
            if best is None or weight > best.weight:
                controls = (second, *_listed_controls(text.reading.folded, usable, index + 1))
                before = usable[index - 1] if index else None
                best = _Comparison(first, controls, number, weight, before)
    return best


def _weight(folded: str, passage: TextSpan, first: Regimen, second: Regimen) -> int:
    """How clearly two neighbouring regimens are compared; 0 when they are not."""
    gap = folded[first.span.end : second.span.start]
    if len(gap) > 150 or re.search(r"[.;]\s[A-Z]", gap):
        return 0
    lead = folded[max(passage.start, first.span.start - 160) : first.span.start]
    is_control = second.drugs[0].kind in CONTROL_KINDS
    sized = first.n is not None and second.n is not None
    if _STRONG.search(gap) or _is_swapped(lead[-40:], gap):
        return 8
    if re.search(r"\b(?:or|and|to)\b", gap) and (is_control or sized):
        return 7
    if (
        re.search(r"\bcompar(?:es|ed|ing|e)\b", lead[-70:])
        and re.search(r"\b(?:with|to|and)\b", gap)
        and len(gap) <= 80
    ):
        return 8
    if re.search(r"\bor\b", gap) and re.search(r"\beither\s(?:\w+ )?$", lead) and len(gap) <= 120:
        return 6
    if re.search(r"\bor\b", gap) and len(gap) <= 60 and _ASSIGNED.search(lead) and not _STRONG.search(lead[-60:]):
        return 6
    return 3 if is_control and len(gap) <= 80 else 0


def _listed_controls(folded: str, groups: Sequence[Regimen], at: int) -> list[Regimen]:
    """Alternatives listed after the control: "gemcitabine or mitomycin"."""
    listed: list[Regimen] = []
    current = groups[at]
    for group in groups[at + 1 :]:
        gap = folded[current.span.end : group.span.start]
        if re.fullmatch(r"(?:\s?\([^)]*\))?,?\s*or\s*(?:the )?", gap) is None or (
            group.n is not None and current.n is not None
        ):
            break
        listed.append(group)
        current = group
    return listed


def _compared_arms(text: TrialText, passages: _Passages, comparison: _Comparison) -> list[tuple[ArmRole, Regimen]]:
    folded = text.reading.folded
    first, second = comparison.experimental, comparison.controls[0]
    gap = folded[first.span.end : second.span.start]
    for other in comparison.controls[1:]:
        second = Regimen([*second.drugs, *other.drugs], second.n or other.n)
    lead = folded[max(0, first.span.start - 40) : first.span.start]
    if _is_swapped(lead, gap) or (first.drugs[0].kind in CONTROL_KINDS and second.drugs[0].kind not in CONTROL_KINDS):
        first, second = second, first
    backbone = _backbone(text, comparison.number, first, second)
    if comparison.before is not None and re.search(
        r"\b(?:with|plus) either\s(?:the )?$", folded[comparison.before.span.end : first.span.start]
    ):
        backbone = [*comparison.before.drugs, *backbone]
    first, second = _share_backbone(first, second, backbone, is_or=re.search(r"\bor\b", gap) is not None)
    roles = [(ArmRole.EXPERIMENTAL, regimen) for regimen in _options(first)]
    return [*roles, (_control_role(second), second)]


_REPLACED_BY = re.compile(r"\breplaced (?:by|with)\b")
_SWAP = re.compile(
    r"\b(?:[Ss]wapp\w+|[Ss]witch\w*(?: from)?|[Cc]hang\w+|[Ee]xchang\w+|[Rr]eplacing)\s(?:the |an? |their )?$"
)


def _is_swapped(lead: str, gap: str) -> bool:
    """True for "A was replaced by B" and "swapping A for B", where B is the experimental arm."""
    return _REPLACED_BY.search(gap) is not None or (
        _SWAP.search(lead) is not None and re.search(r"\b(?:for|to|by|with)\b", gap) is not None
    )


def _options(regimen: Regimen) -> list[Regimen]:
    """Take "A, alone or with B" as two arms."""
    if regimen.optional is None:
        return [regimen]
    return [Regimen(regimen.drugs[: regimen.optional], regimen.n), Regimen(regimen.drugs, None)]


def _share_backbone(
    first: Regimen, second: Regimen, backbone: Sequence[DrugMention], *, is_or: bool
) -> tuple[Regimen, Regimen]:
    """Give both arms what both get.

    "B plus A or placebo": the last of the first regimen is what placebo stands for. "A or placebo with B": B is for both.
    """
    shared = [drug for drug in backbone if drug.generic not in STANDING_CARE]
    lone_placebo = len(second.names) == 1 and second.drugs[0].kind == "PLACEBO"
    if lone_placebo and is_or and len(first.names) >= 2 and not shared:
        last = first.drugs[-1]
        rest = [drug for drug in first.drugs if drug.generic != last.generic]
        return Regimen([last, *rest], first.n), second.with_drugs([*second.drugs, *rest])
    if second.drugs[0].kind == "PLACEBO" and len(first.names) == 1 and len(second.names) > 1:
        shared = [drug for drug in second.drugs[1:] if drug.generic not in first.names] + shared
    left = Regimen(
        [*first.drugs, *(d for d in shared if d.generic not in first.names)], first.n, optional=first.optional
    )
    right = second.with_drugs([*second.drugs, *(d for d in shared if d.generic not in second.names)])
    return _without_standing_care(left), _without_standing_care(right)


def _without_standing_care(regimen: Regimen) -> Regimen:
    kept = [drug for drug in regimen.drugs if drug.generic not in STANDING_CARE]
    return Regimen(kept or regimen.drugs, regimen.n, optional=regimen.optional)


def _control_role(regimen: Regimen) -> ArmRole:
    if any(drug.kind == "PLACEBO" for drug in regimen.drugs):
        return ArmRole.PLACEBO_COMPARATOR
    if regimen.names and regimen.names[0] in ("observation", "active surveillance", "no treatment", "watch and wait"):
        return ArmRole.NO_INTERVENTION
    return ArmRole.ACTIVE_COMPARATOR


_EACH_WITH = re.compile(
    r"\b(?:each|both|all|either)\b[^.;]{0,25}\b(?:with|plus|added to|received|also had|given with|stayed on"
    r"|kept taking)\b|\bin both (?:arms|groups)\b|\bas (?:a |the )?partner (?:for|to|of)\b"
    r"|\b[Ee]veryone (?:kept taking|received|had)\b|\b[Bb]oth arms stayed on\b|\bto both arms\b",
    re.IGNORECASE,
)


def _backbone(text: TrialText, number: int, first: Regimen, second: Regimen) -> list[DrugMention]:
    """Interventions that both arms get: "each with paclitaxel and carboplatin"."""
    folded = text.reading.folded
    found: dict[str, DrugMention] = {}
    for place, passage in text.passages:
        near = abs(place - number) <= 2
        for match in _EACH_WITH.finditer(folded, *passage):
            explicit = match.group().lower().startswith(("everyone", "both arms", "all received", "all had"))
            if not near and not explicit:
                continue
            end = re.search(r"[.;]", folded[match.end() : passage.end])
            stop = match.end() + end.start() if end else passage.end
            before = match.group().endswith("both arms") or match.group().startswith("in both")
            low, high = (max(passage.start, match.start() - 60), match.start()) if before else (match.end(), stop)
            for drug in text.reading.mentions[place].drugs:
                if low <= drug.start < high and drug.generic not in (*first.names, *second.names):
                    found.setdefault(drug.generic, drug)
    return list(found.values())


def _single_regimen(text: TrialText, passages: _Passages) -> Regimen | None:
    """The regimen of a trial that compares nothing: the first one near its description, in its fullest wording."""
    candidates: list[tuple[int, Regimen]] = []
    for order, (number, _, groups) in enumerate(passages):
        heading = text.reading.sentences[number].kind is BlockKind.HEADING
        candidates.extend(
            (order + (3 if heading else 0), group)
            for group in groups
            if group.drugs[0].kind not in (*CONTROL_KINDS, "CLASS", "PROCEDURE")
        )
    if not candidates:
        return None
    candidates.sort(key=lambda item: item[0])
    first = candidates[0][1]
    fuller = [g for place, g in candidates if set(first.names) < set(g.names) and place <= candidates[0][0] + 3]
    return fuller[0] if fuller else first


_ALONE = re.compile(r"(?:\s?\([^)]{0,30}\))? (?:alone|monotherapy|by itself|on its own)\b")


def _around_single(text: TrialText, passages: _Passages, single: Regimen) -> list[tuple[ArmRole, Regimen]]:
    """The experimental arm, and a control that is only implied: "B alone", "placebo-controlled"."""
    folded = text.reading.folded
    against = _against(text, passages, single)
    if against is not None:
        return against
    partners = _partners(text, single)
    single = Regimen([*single.drugs, *partners], single.n, optional=single.optional)
    arms = [(ArmRole.EXPERIMENTAL, regimen) for regimen in _options(single)]
    placebo = _placebo_word(text)
    if placebo is not None:
        control = Regimen([placebo, *(d for d in single.drugs if d.generic != single.names[0])])
        return [*arms, (ArmRole.PLACEBO_COMPARATOR, control)]
    if len(single.names) < 2:
        return arms
    for _, passage, groups in passages:
        for group in groups:
            part = set(group.names) < set(single.names) or (group.names == ("chemotherapy",) and len(single.names) > 1)
            if part and group.span.end < passage.end and _ALONE.match(folded, group.span.end):
                return [*arms, (ArmRole.ACTIVE_COMPARATOR, group)]
    return arms


_COMPARISON_WITH = re.compile(
    r"\b(?:comparison (?:with|to|against|of)|compared (?:it |them )?with|versus|against|over)\s(?:standard |the )?$"
)


def _against(text: TrialText, passages: _Passages, single: Regimen) -> list[tuple[ArmRole, Regimen]] | None:
    """The article's own drug against the only regimen that is named: "a comparison with B"."""
    own = main_drug(text.reading)
    if own is None or own.generic in single.names:
        return None
    before = text.reading.folded[max(0, single.span.start - 40) : single.span.start]
    if _COMPARISON_WITH.search(before) is None:
        return None
    return [(ArmRole.EXPERIMENTAL, Regimen([own])), (_control_role(single), single)]


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


_PLACEBO_CONTROLLED = re.compile(r"\b(?P<placebo>placebo)-controlled\b", re.IGNORECASE)


def _placebo_word(text: TrialText) -> DrugMention | None:
    for _, passage in text.passages:
        match = _PLACEBO_CONTROLLED.search(text.reading.folded, *passage)
        if match:
            start, end = match.span("placebo")
            words = text.reading.words(TextSpan(start, end))
            return DrugMention(start, end, words, "placebo", None, "VOCABULARY", "PLACEBO")
    return None


def _spelled_out(passages: _Passages, arms: list[tuple[ArmRole, Regimen]]) -> list[tuple[ArmRole, Regimen]]:
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


_PER_ARM = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*) (?:per|in each|each) ?(?:arm|group)?")


def _sizes(text: TrialText, passages: _Passages) -> dict[tuple[str, ...], tuple[int, TextSpan]]:
    """Arm sizes by the interventions that they stand beside; the empty key holds "n = 279 per arm"."""
    sizes: dict[tuple[str, ...], tuple[int, TextSpan]] = {}
    for number, passage, groups in passages:
        if any(estimate.subgroup is not None for estimate in text.reading.mentions[number].estimates):
            continue
        for group in groups:
            if group.n is not None:
                sizes.setdefault(group.names, group.n)
        match = _PER_ARM.search(text.reading.folded, *passage)
        if match:
            sizes.setdefault((), (int(match["n"].replace(",", "")), TextSpan(*match.span("n"))))
    return sizes


def _size_of(
    regimen: Regimen, sizes: dict[tuple[str, ...], tuple[int, TextSpan]], others: Sequence[Regimen]
) -> tuple[int, TextSpan] | None:
    if regimen.n is not None:
        return regimen.n
    if () in sizes:
        return sizes[()]
    if regimen.names in sizes:
        return sizes[regimen.names]
    elsewhere = {name for other in others if other is not regimen for name in other.names}
    own = [name for name in regimen.names if name not in elsewhere]
    for names, size in sizes.items():
        if names and set(names) <= set(regimen.names) and any(name in own for name in names):
            return size
    return None


def _draft_arm(
    role: ArmRole,
    regimen: Regimen,
    sizes: dict[tuple[str, ...], tuple[int, TextSpan]],
    others: Sequence[Regimen],
    places: dict[tuple[int, str], TextSpan],
) -> DraftArm:
    claims: dict[str, Claim] = {}
    for drug in regimen.drugs:
        span = places.get((drug.start, drug.generic), TextSpan(drug.start, drug.end))
        claims.setdefault(drug.generic, Claim(drug.generic, (span,), Support.QUOTED, "intervention"))
    size = _size_of(regimen, sizes, others)
    n = None if size is None else Claim(size[0], (size[1],), Support.NUMBER, "arm size")
    spans = tuple(TextSpan(drug.start, drug.end) for drug in regimen.drugs)
    return DraftArm(  # the role rests on where the arm is worded
        Claim(role.value, spans[:1], Support.DERIVED, "role in the comparison"),
        list(claims.values()),
        n,
        tuple(name.casefold() for name in claims),
    )
