"""Arm sizes: regimens listed with theirs, and the size that stands beside a regimen elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.extraction.rules.arm_parts import Passages, RoledRegimens, control_role
from summarizer.extraction.rules.attributes import TrialText, enrollment_claims
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
        has_placebo = any(group.drugs[0].kind == "PLACEBO" for group in grown)
        said = _said_control(text, grown)
        for place, group in enumerate(grown):
            is_last = not has_placebo and said is None and place == len(grown) - 1
            is_control = group.drugs[0].kind in CONTROL_KINDS or place == said or is_last
            roles.append((control_role(group) if is_control else ArmRole.EXPERIMENTAL, group))
        return roles
    return []


_SAID_CONTROL = re.compile(
    r"(?:\s?\([^)]{0,60}\))? (?:was|were|served as|acted as|is) the (?:control|comparator|reference|standard arm)\b"
)


def _said_control(text: TrialText, groups: Sequence[Regimen]) -> int | None:
    """Place of the regimen that the text calls the control: "A was the control in both comparisons"."""
    folded = text.reading.folded
    for number, passage in text.passages:
        for drug in text.reading.mentions[number].drugs:
            if passage.covers(TextSpan(drug.start, drug.end)) and _SAID_CONTROL.match(folded, drug.end):
                parts = text.definitions.get(drug.generic, (drug,))
                names = {part.generic for part in parts}
                for place, group in enumerate(groups):
                    if set(group.names) == names:
                        return place
    return None


def _with_table_headers(text: TrialText, passages: Passages) -> list[tuple[int, list[Regimen]]]:
    """Regimens by passage; the cells of a table's header count as one passage."""
    rows: list[tuple[int, list[Regimen]]] = []
    last = -2
    for number, _, groups in passages:
        kind = text.reading.sentences[number].kind
        in_table = kind is BlockKind.TABLE_ROW or (kind is BlockKind.LIST_ITEM and any(g.n for g in groups))
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
        worded = _worded_sizes(text.reading.folded, passage, groups)
        if worded and _may_be_arms(text, [size[0] for _, size in worded]):
            for names, size in worded:
                sizes.setdefault(names, size)
        match = _PER_ARM.search(text.reading.folded, *passage)
        if match:
            sizes.setdefault((), (int(match["n"].replace(",", "")), TextSpan(*match.span("n"))))
    return sizes


_PEOPLE = r"(?:patients|participants|people|adults|women|men|children|infants|of them|others|of whom)"
_N = r"(?P<n>\d{1,3}(?:,\d{3})+|\d{2,6})"
_SIZE_BEFORE = re.compile(
    rf"(?:(?<![\w.,/%=-]){_N}(?: {_PEOPLE})?|\([nN] ?= ?(?P<m>\d{{2,6}})\))(?: (?:were|was|who))?"
    r"(?: (?:received|took|got|had|given|assigned to|allocated to|randomi[sz]ed to|put on|on|to|in|with|treated with))?"
    r"(?: (?:the|an?|oral|intravenous|once-daily|daily|weekly|subcutaneous|standard|additional))* $"
)
_SIZE_BEHIND = re.compile(
    rf"(?:\s?\([^)]{{0,40}}\))? to {_N} {_PEOPLE}"
    rf"|(?:(?! or | and |, )[^().;]){{0,40}} \((?P<m>\d[\d,]*) {_PEOPLE}\)"
)


def give_worded_sizes(text: TrialText, passages: Passages) -> None:
    """Give regimens without a size the one that is worded beside them: "242 to A plus B, 241 to A alone"."""
    for _, passage, groups in passages:
        worded = _worded_sizes(text.reading.folded, passage, groups)
        if not worded or not _may_be_arms(text, [size[0] for _, size in worded]):
            continue
        sizes = dict(worded)
        for group in groups:
            if group.n is None and group.names in sizes:
                group.n = sizes[group.names]


def _may_be_arms(text: TrialText, numbers: Sequence[int]) -> bool:
    """False for numbers that do not make up the enrolment: they count events, or a subset."""
    claim = enrollment_claims(text).get("enrollment")
    if claim is None:
        return min(numbers, default=0) >= _SMALLEST_ARM
    return 0.6 <= sum(numbers) / max(1, int(str(claim.value))) <= 1.02


_SMALLEST_ARM = 20
"""Where no enrolment is told, smaller numbers rather count events."""


def _worded_sizes(
    folded: str, passage: TextSpan, groups: Sequence[Regimen]
) -> list[tuple[tuple[str, ...], tuple[int, TextSpan]]]:
    """Sizes in words of two or more regimens of one passage: "403 received A and 401 placebo"."""
    found: list[tuple[tuple[str, ...], tuple[int, TextSpan]]] = []
    for group in groups:
        low = max(passage.start, group.span.start - 70)
        before = _SIZE_BEFORE.search(folded[low : group.span.start])
        match, offset = before, low
        if match is None:
            match, offset = _SIZE_BEHIND.match(folded, group.span.end, passage.end), 0
        if match is not None:
            name = "n" if match["n"] else "m"
            span = TextSpan(offset + match.start(name), offset + match.end(name))
            found.append((group.names, (int(match[name].replace(",", "")), span)))
    return found if len({names for names, _ in found}) > 1 else []


def all_sizes(passages: Passages) -> dict[tuple[str, ...], list[tuple[int, TextSpan]]]:
    """Every size that stands beside a regimen anywhere."""
    found: dict[tuple[str, ...], list[tuple[int, TextSpan]]] = {}
    for _, _, groups in passages:
        for group in groups:
            if group.n is not None:
                found.setdefault(group.names, []).append(group.n)
    return found


def whole_sizes(text: TrialText, arms: RoledRegimens, passages: Passages) -> None:
    """Replace sizes of a subset by those of the whole trial: the ones that add up to the enrolment."""
    claim = enrollment_claims(text).get("enrollment")
    sizes = [regimen.n[0] for _, regimen in arms if regimen.n is not None]
    if claim is None or len(sizes) < 2 or sum(sizes) >= _MOST * int(str(claim.value)):
        return
    known = all_sizes(passages)
    largest = [max(known.get(regimen.names, []), default=None) for _, regimen in arms]
    if any(size is None for size in largest):
        return
    total = sum(size[0] for size in largest if size is not None)
    if _MOST * int(str(claim.value)) <= total <= 1.02 * int(str(claim.value)):
        for (_, regimen), size in zip(arms, largest, strict=True):
            regimen.n = size


_MOST = 0.8
"""So much of the enrolment the arms of a whole trial make up at least."""


_TWO_NUMBERS = re.compile(
    r"\((?P<first>\d{1,3}(?:,\d{3})+|\d{2,6})\b[^()\d]{0,40}?(?:,|\band\b|\bvs\.?|\bversus\b|;)\s?"
    r"(?P<second>\d{1,3}(?:,\d{3})+|\d{2,6})\b[^()\d]{0,40}\)"
)


def sizes_by_sum(text: TrialText, total: int) -> list[tuple[int, TextSpan]]:
    """The sizes of two arms in "443 patients (221 and 222)": two numbers in brackets that add up to the enrolment."""
    folded = text.reading.folded
    for _, passage in text.passages:
        for match in _TWO_NUMBERS.finditer(folded, *passage):
            sizes = [(int(match[name].replace(",", "")), TextSpan(*match.span(name))) for name in ("first", "second")]
            if sizes[0][0] + sizes[1][0] == total:
                return sizes
    return []


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
