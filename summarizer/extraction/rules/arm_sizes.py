"""Arm sizes: regimens listed with theirs, and the size that stands beside a regimen elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.extraction.rules.arm_parts import Passages, RoledRegimens, control_role
from summarizer.extraction.rules.attributes import TrialText
from summarizer.extraction.rules.regimens import CONTROL_KINDS, Regimen
from summarizer.reading.blocks import BlockKind
from summarizer.schemas import ArmRole
from summarizer.text import TextSpan

Sizes = dict[tuple[str, ...], tuple[int, TextSpan]]
"""Interventions -> number of patients and where it stands; the empty key is for every arm."""


def sized_list(text: TrialText, passages: Passages) -> RoledRegimens:
    """Three or more regimens with their sizes in one passage: "A (n = 10), B (n = 12) or placebo (n = 11)"."""
    for number, groups in _with_table_headers(text, passages):
        sized = [group for group in groups if group.n is not None]
        if len(sized) < 3 or any(e.subgroup is not None for e in text.reading.mentions[number].estimates):
            continue
        grown = _with_the_same(text.reading.folded, sized)
        roles: RoledRegimens = []
        has_placebo = any(drug.kind == "PLACEBO" for group in grown for drug in group.drugs)
        for place, group in enumerate(grown):
            is_control = group.drugs[0].kind in CONTROL_KINDS or (not has_placebo and place == len(grown) - 1)
            roles.append((control_role(group) if is_control else ArmRole.EXPERIMENTAL, group))
        return roles
    return []


def _with_table_headers(text: TrialText, passages: Passages) -> list[tuple[int, list[Regimen]]]:
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
    for each in groups[1:]:
        group = each
        before = folded[max(0, group.span.start - 40) : group.span.start]
        if re.search(r"\bthe same (?:\w+ )?(?:drugs|combination|regimen|treatment) (?:plus|with|and) $", before):
            group = Regimen([*grown[-1].drugs, *group.drugs], group.n)
        grown.append(group)
    return grown


_PER_ARM = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*) (?:per|in each|each) ?(?:arm|group)?")


def find_sizes(text: TrialText, passages: Passages) -> Sizes:
    """Arm sizes by the interventions that they stand beside; the empty key holds "n = 279 per arm"."""
    sizes: Sizes = {}
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


def size_of(regimen: Regimen, sizes: Sizes, others: Sequence[Regimen]) -> tuple[int, TextSpan] | None:
    """The size of one arm: its own, that of every arm, or that worded beside its interventions."""
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
