"""Arms that the text compares: "A versus B", "A or placebo, each with C", "A was replaced by B"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.extraction.rules.arm_parts import Passages, RoledRegimens, control_role, options
from summarizer.extraction.rules.attributes import TrialText
from summarizer.extraction.rules.regimens import CONTROL_KINDS, STANDING_CARE, Regimen, is_background
from summarizer.lexicon import DrugMention
from summarizer.reading.blocks import BlockKind
from summarizer.schemas import ArmRole
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two regimens that a passage compares, and how clearly it does."""

    experimental: Regimen
    controls: tuple[Regimen, ...]
    number: int
    weight: int
    before: Regimen | None
    """The regimen worded just before: "B with either A or placebo"."""


_STRONG = re.compile(
    r"\b(?:vs?\.?|versus|compared (?:with|to)|in comparison with|relative to|(?:non-?)?(?:inferior|superior) to"
    r"|against|rather than|over|bettered|as opposed to"
    r"|replac(?:ed|es|ing)|outperform\w*|beat|than)\b",
    re.IGNORECASE,
)


_ASSIGNED = re.compile(
    r"\b(?:randomi[sz]\w+|assigned|allocated|received?|took|given|got|tests?|compar\w+|pits|gave|had)\b", re.IGNORECASE
)


def best_comparison(text: TrialText, passages: Passages) -> Comparison | None:
    """The clearest comparison of two neighbouring regimens, if any passage holds one."""
    best: Comparison | None = None
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
                best = Comparison(first, controls, number, weight, before)
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
    either = len(gap) <= 120 and re.search(r"\beither\s(?:\w+ )?$", lead)
    assigned = len(gap) <= 60 and _ASSIGNED.search(lead) and not _STRONG.search(lead[-60:])
    if re.search(r"\bor\b", gap) and (either or assigned):
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


def compared_arms(text: TrialText, comparison: Comparison) -> RoledRegimens:
    """The arms of a comparison: each with what both get, the experimental ones first."""
    folded = text.reading.folded
    first, second = comparison.experimental, comparison.controls[0]
    gap = folded[first.span.end : second.span.start]
    for other in comparison.controls[1:]:
        second = Regimen([*second.drugs, *other.drugs], second.n or other.n)
    lead = folded[max(0, first.span.start - 40) : first.span.start]
    if _is_swapped(lead, gap) or (first.drugs[0].kind in CONTROL_KINDS and second.drugs[0].kind not in CONTROL_KINDS):
        first, second = second, first
    backbone = given_to_all(text, comparison.number, (first, second))
    if comparison.before is not None and re.search(
        r"\b(?:with|plus) either\s(?:the )?$", folded[comparison.before.span.end : first.span.start]
    ):
        backbone = [*comparison.before.drugs, *backbone]
    first, second = _share_backbone(first, second, backbone, is_or=re.search(r"\bor\b", gap) is not None)
    roles = [(ArmRole.EXPERIMENTAL, regimen) for regimen in options(first)]
    return [*roles, (control_role(second), second)]


_REPLACED_BY = re.compile(r"\breplaced (?:by|with)\b")


_SWAP = re.compile(
    r"\b(?:[Ss]wapp\w+|[Ss]witch\w*(?: from)?|[Cc]hang\w+|[Ee]xchang\w+|[Rr]eplacing)\s(?:the |an? |their )?$"
)


def _is_swapped(lead: str, gap: str) -> bool:
    """True for "A was replaced by B" and "swapping A for B", where B is the experimental arm."""
    return _REPLACED_BY.search(gap) is not None or (
        _SWAP.search(lead) is not None and re.search(r"\b(?:for|to|by|with)\b", gap) is not None
    )


def _share_backbone(
    first: Regimen, second: Regimen, backbone: Sequence[DrugMention], *, is_or: bool
) -> tuple[Regimen, Regimen]:
    """Give both arms what both get.

    "B plus A or placebo": the last of the first regimen is what placebo stands for.
    "A or placebo with B": B is for both.
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


_EACH_WITH = re.compile(
    r"\b(?:each|both|(?<!had )(?<!in )all|either)\b(?! had)[^.;]{0,25}\b(?:with|plus|starting on|added to|received"
    r"|also had|given with"
    r"|stayed on"
    r"|kept taking)\b|\bin both (?:arms|groups)\b|\bas (?:a |the )?partner (?:for|to|of)\b"
    r"|\b[Ee]veryone (?:kept taking|received|had)\b|\b[Bb]oth arms stayed on\b|\bto both arms\b",
    re.IGNORECASE,
)


def given_to_all(text: TrialText, number: int, arms: Sequence[Regimen]) -> list[DrugMention]:
    """Interventions that all arms get: "each with paclitaxel and carboplatin"."""
    folded = text.reading.folded
    named = {name for arm in arms for name in arm.names}
    found: dict[str, DrugMention] = {}
    for place, passage in text.passages:
        here = {drug.generic for drug in text.reading.mentions[place].drugs}
        near = abs(place - number) <= 2 or all(arm.names[0] in here for arm in arms)
        for match in _EACH_WITH.finditer(folded, *passage):
            explicit = match.group().lower().startswith(("everyone", "both arms", "all received", "all had"))
            if not near and not explicit:
                continue
            end = re.search(r"[.;:]", folded[match.end() : passage.end])
            stop = match.end() + end.start() if end else passage.end
            before = match.group().endswith("both arms") or match.group().startswith("in both")
            low, high = (max(passage.start, match.start() - 60), match.start()) if before else (match.end(), stop)
            for drug in text.reading.mentions[place].drugs:
                taken = is_background(folded, Regimen([drug]), TextSpan(low, passage.end))
                if low <= drug.start < high and not taken and drug.generic not in named:
                    found.setdefault(drug.generic, drug)
    return list(found.values())
