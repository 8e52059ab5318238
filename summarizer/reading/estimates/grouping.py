"""Which values of a sentence are compared with each other, and the place of each in its comparison."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.reading.estimates.atoms import Atom, AtomKind
from summarizer.reading.estimates.values import STRONG_COMPARISON, Value
from summarizer.text import TextSpan

_WEAK_ADJACENT = re.compile(r"\s*,?\s*(?:and|or|,|\)\s*and|-)?\s*(?:an? |about |just |only )?[\(\[]?\s*")


_WEAK_WITH_ARM = re.compile(
    r"\s*\)?\]?,?\s*(?:with|for|in|on|of|among|after|without|given|from|at|to)\b[^;:]{1,110}?"
    r"(?:,|\band\b|\bor\b|\bfrom\b|\bthan\b)\s*(?:an? |in |for |with |just |only |about )?\s*",
    re.DOTALL,
)


_OXFORD = re.compile(r",\s(?:and|or)\s(?:an? |about |just |only )?[\(\[]?$")


_DIFFERENCE_WORD = re.compile(r"\b(?:difference|ratio|ending at|final values)\b", re.IGNORECASE)


def group_values(folded: str, atoms: Sequence[Atom], values: Sequence[Value], borders: Sequence[TextSpan]) -> None:
    """Number the values: those compared with each other share ``group``; ``position`` counts within it.

    ``borders`` are endpoint mentions: values on two sides of one are about different things.
    """
    times = [atom.span for atom in atoms if atom.kind is AtomKind.TIMEPOINT]
    group = 0
    previous: Value | None = None
    members: list[Value] = []
    links: list[str] = []
    for value in values:
        if (
            previous is not None
            and previous.kind is value.kind
            and _INNER.fullmatch(folded[previous.span.end : value.span.start])
        ):
            value.inner_of = previous
            previous.modifiers.append(value.span)
            continue
        link = None if previous is None else _compared(folded, previous, value, borders, times)
        oxford = (
            link == "weak"
            and not links
            and previous is not None
            and _OXFORD.search(folded[previous.end : value.span.start])
        )
        if link is not None and not oxford and not (link == "weak" and "strong" in links):
            members.append(value)
            links.append(link)
        else:
            _number(members, group)
            group += 1
            members, links = [value], []
        previous = value
    _number(members, group)
    for value in values:
        if value.inner_of is not None:
            value.group, value.position, value.size = (
                -1 - value.inner_of.group,
                value.inner_of.position,
                value.inner_of.size,
            )


_INNER = re.compile(r"\s?\(")


def _number(members: Sequence[Value], group: int) -> None:
    for position, value in enumerate(members):
        value.group = group
        value.size = len(members)
        value.position = position if len(members) > 1 else None


def _comparable(first: Value, second: Value) -> bool:
    """True for two values of one kind and unit; "not reached" goes with durations and percentages."""
    if first.ratio is not None or second.ratio is not None or first.in_both_arms != second.in_both_arms:
        return False
    if first.kind is second.kind:
        return first.unit == second.unit
    return AtomKind.NOT_REACHED in (first.kind, second.kind) and bool(
        {AtomKind.DURATION, AtomKind.PERCENT} & {first.kind, second.kind}
    )


_SLASH = re.compile(r"\s?/\s?")
_GRADES_APART = re.compile(r"\b[Gg]rades?\b[^.\n]{0,25}/|/ ?[Gg]rade|\b[Aa]ll[- ]grade\b")
"""A slash that parts grades ("any grade / grade 3"), not arms."""
_TABLE_REACH = 600


def _compared(
    folded: str, first: Value, second: Value, borders: Sequence[TextSpan], times: Sequence[TextSpan]
) -> str | None:
    """How two neighbouring values are compared: "strong" (vs, compared with), "weak" (and, a comma), or None."""
    if not _comparable(first, second):
        return None
    between = TextSpan(first.end, second.span.start)
    if between.end <= between.start:
        return "weak" if between.end == between.start else None
    gap = folded[between.start : between.end].lstrip(")]")
    unclosed = gap.count("(") > gap.count(")") + (1 if gap.rstrip().endswith("(") else 0)
    if len(gap) > 170 or ";" in gap or unclosed or _DIFFERENCE_WORD.search(gap):
        return None
    slash = _SLASH.fullmatch(gap) and not _GRADES_APART.search(folded, max(0, first.end - _TABLE_REACH), first.end)
    crossed = [time for time in times if between.covers(time)]
    if slash or STRONG_COMPARISON.search(gap) is not None:
        cut = any(STRONG_COMPARISON.search(folded[time.end : between.end]) is None for time in crossed)
        return None if cut else "strong"
    if crossed or any(between.covers(border) for border in borders):
        return None
    return "weak" if _WEAK_ADJACENT.fullmatch(gap) or _WEAK_WITH_ARM.fullmatch(gap) else None
