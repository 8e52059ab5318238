"""The atoms of a reported statistic: intervals, P values, counts, ratio labels, numbers with units, time points.

``read_atoms`` lexes one stretch of folded text. Patterns are tried in the order of ``_PATTERNS``; what an earlier one
took, a later one does not see. No pattern nests quantifiers, so the cost is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from summarizer.reading.estimates import atom_patterns as patterns
from summarizer.reading.estimates.model import Count, Interval, PValue
from summarizer.schemas import Statistic
from summarizer.text import TextSpan, parse_number


class AtomKind(StrEnum):
    """What an atom is."""

    INTERVAL = "INTERVAL"
    P_VALUE = "P_VALUE"
    SIZE = "SIZE"
    FRACTION = "FRACTION"
    RATIO_LABEL = "RATIO_LABEL"
    EVENT_RATE = "EVENT_RATE"
    PERCENT = "PERCENT"
    POINTS = "POINTS"
    DURATION = "DURATION"
    MEASURE = "MEASURE"
    NOT_REACHED = "NOT_REACHED"
    COUNT = "COUNT"
    TIMEPOINT = "TIMEPOINT"
    NUMBER = "NUMBER"
    SKIP = "SKIP"


VALUE_KINDS = frozenset(
    {
        AtomKind.EVENT_RATE,
        AtomKind.PERCENT,
        AtomKind.POINTS,
        AtomKind.DURATION,
        AtomKind.MEASURE,
        AtomKind.NOT_REACHED,
        AtomKind.COUNT,
        AtomKind.NUMBER,
    }
)


class Atom(NamedTuple):
    """A lexed passage; which of the optional fields are set depends on ``kind``."""

    kind: AtomKind
    span: TextSpan
    number: float | None = None
    number_span: TextSpan | None = None
    unit: str | None = None
    unit_span: TextSpan | None = None
    interval: Interval | None = None
    p: PValue | None = None
    numerator: Count | None = None
    denominator: Count | None = None
    statistic: Statistic | None = None
    text: str = ""
    labelled: bool = False
    """For an interval: True when it is called a confidence interval."""


_UNIT_NAMES = {"mo": "months", "mos": "months", "wk": "weeks", "wks": "weeks", "yr": "years", "yrs": "years"}


def _bound(printed: str) -> float | None:
    return parse_number(printed) if printed[-1].isdigit() else None


def _interval(match: re.Match[str], *, labelled: bool) -> Atom:
    groups = match.groupdict()
    level = groups.get("level")
    interval = Interval(
        low=_bound(groups["low"]),
        high=_bound(groups["high"]),
        level=float(level) if level else None,
        span=TextSpan(*match.span()),
        low_span=TextSpan(*match.span("low")),
        high_span=TextSpan(*match.span("high")),
        level_span=TextSpan(*match.span("level")) if level else None,
    )
    return Atom(AtomKind.INTERVAL, interval.span, interval=interval, labelled=labelled)


def normalise_p(relation: str, number: str) -> str:
    """``<``, ``.0001`` -> ``<0.0001``; an equals sign is dropped; digits stay as printed."""
    digits = "0" + number if number.startswith(".") else number
    sign = {"less than": "<", "greater than": ">", "=": "", "<=": "\u2264", ">=": "\u2265"}.get(relation, relation)
    return sign + digits


def _p_value(match: re.Match[str]) -> Atom:
    relation = match["relation"] or "="
    number = match["number"] or match["of"]
    sided = match["sided"]
    sides = None if sided is None else (1 if sided in ("one", "1") else 2)
    span = TextSpan(*match.span())
    return Atom(AtomKind.P_VALUE, span, p=PValue(normalise_p(relation, number), span, sides))


def _count(match: re.Match[str], group: str) -> Count:
    printed = match[group]
    value = patterns.NUMBER_WORDS.get(printed)
    return Count(int(printed.replace(",", "")) if value is None else value, TextSpan(*match.span(group)))


def _size(match: re.Match[str]) -> Atom:
    span = TextSpan(*match.span())
    if match["b"]:
        return Atom(AtomKind.FRACTION, span, numerator=_count(match, "a"), denominator=_count(match, "b"))
    return Atom(AtomKind.SIZE, span, denominator=_count(match, "a"), text=match["more"] or "")


def _fraction(match: re.Match[str]) -> Atom | None:
    numerator, denominator = _count(match, "a"), _count(match, "b")
    if numerator.value > denominator.value or denominator.value < 2:
        return None
    return Atom(AtomKind.FRACTION, TextSpan(*match.span()), numerator=numerator, denominator=denominator)


def unit_name(printed: str) -> str:
    """The unit as the record spells it: ``mo`` -> ``months``, ``month`` -> ``months``, ``mmHg`` -> ``mm Hg``."""
    compact = printed.strip().rstrip(".")
    if compact in _UNIT_NAMES:
        return _UNIT_NAMES[compact]
    if compact in ("month", "week", "day", "year", "hour", "minute", "cycle", "point"):
        return compact + "s"
    if compact == "mmHg":
        return "mm Hg"
    if compact.startswith(("percent", "pp")):
        return "percentage points"
    return compact


def _valued(kind: AtomKind, match: re.Match[str], default_unit: str | None = None) -> Atom:
    groups = match.groupdict()
    printed_unit = groups.get("unit")
    unit = unit_name(printed_unit) if printed_unit else default_unit
    span = TextSpan(*match.span())
    unit_span = TextSpan(*match.span("unit")) if printed_unit else TextSpan(match.end("number"), match.end())
    return Atom(
        kind,
        span,
        number=parse_number(match["number"]),
        number_span=TextSpan(*match.span("number")),
        unit=unit,
        unit_span=unit_span if default_unit or printed_unit else None,
    )


def _annual_rate(match: re.Match[str]) -> Atom:
    """A rate of events a year, named before its number: it has no unit of its own."""
    place = TextSpan(*match.span("number"))
    number = parse_number(match["number"])
    named = TextSpan(*match.span("unit"))
    return Atom(AtomKind.EVENT_RATE, place, number=number, number_span=place, unit_span=named)


def _timepoint(match: re.Match[str]) -> Atom | None:
    if match["head"]:
        text = f"{match['head'].lower()} {match['number']}"
    else:
        count = match["adjective"] or match["count"] or match["labelled"] or match["paired"]
        number = patterns.NUMBER_WORDS.get(count.lower(), count)
        unit = (match["unit"] or match["plural"] or match["label_unit"] or match["pair_unit"]).rstrip("s")
        unit = "month" if unit == "mo" else unit
        if match["count"] and patterns.EXTENDED_BY.search(match.string[max(0, match.start() - 110) : match.start()]):
            return _lengthening(match, unit + "s")
        text = f"{number} {unit}" if str(number) in ("1", "1.0") else f"{number} {unit}s"
    return Atom(AtomKind.TIMEPOINT, TextSpan(*match.span()), text=text)


def _lengthening(match: re.Match[str], unit: str) -> Atom | None:
    """The duration of "extended survival by 4.4 months", which is no time point."""
    if not match["count"][0].isdigit():
        return None
    number_span = TextSpan(*match.span("count"))
    return Atom(
        AtomKind.DURATION,
        TextSpan(*match.span()),
        number=parse_number(match["count"]),
        number_span=number_span,
        unit=unit,
        unit_span=TextSpan(*match.span("plural")),
    )


_MOST_EVENTS = 20_000
"""More deaths than any trial counts: epidemiology."""


def _counted(match: re.Match[str]) -> Atom | None:
    group = "number" if match["number"] else "number2"
    printed = match[group]
    unit = match["unit"] or match["unit2"]
    number = patterns.NUMBER_WORDS.get(printed.lower())
    span = TextSpan(*match.span(group))
    if number is None and int(printed.replace(",", "")) > _MOST_EVENTS:
        return None
    return Atom(
        AtomKind.COUNT,
        span,
        number=float(printed.replace(",", "")) if number is None else float(number),
        number_span=span,
        unit=unit
        if unit is None or unit.endswith("s") or unit in ("people", "women", "men", "children")
        else unit + "s",
        unit_span=TextSpan(*match.span("unit" if match["unit"] else "unit2")) if unit else None,
    )


def _ratio_label(match: re.Match[str]) -> Atom:
    return Atom(AtomKind.RATIO_LABEL, TextSpan(*match.span()), statistic=Statistic(match.lastgroup or ""))


_PATTERNS: tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str]], Atom | None]], ...] = (
    (
        ("range", "iqr", "deviation", "nct", "isrctn", "chictr", "jrct", "10.", ";"),
        patterns.SKIP,
        lambda match: Atom(AtomKind.SKIP, TextSpan(*match.span())),
    ),
    (("ci", "cri", "interval", "limits", "c.i."), patterns.INTERVAL, lambda match: _interval(match, labelled=True)),
    (
        ("ci", "cri", "interval", "limits", "c.i."),
        patterns.INTERVAL_NO_LEVEL,
        lambda match: _interval(match, labelled=True),
    ),
    (("ci", "cri", "interval"), patterns.INTERVAL_LEVEL_LAST, lambda match: _interval(match, labelled=True)),
    (("(", "["), patterns.RANGE_IN_BRACKETS, lambda match: _interval(match, labelled=False)),
    ((",", ";"), patterns.RANGE_AFTER_VALUE, lambda match: _interval(match, labelled=False)),
    (("p",), patterns.P_VALUE, _p_value),
    (("n",), patterns.SIZE, _size),
    (("per ", "-year", "a year", "a month"), patterns.EVENT_RATE, lambda match: _valued(AtomKind.EVENT_RATE, match)),
    (("annual", "yearly"), patterns.ANNUAL_RATE, _annual_rate),
    ((" of ", "/"), patterns.FRACTION, _fraction),
    (("hr", "or", "rr", "ratio", "risk", "difference"), patterns.RATIO_LABEL, _ratio_label),
    (("%", "percent", "per cent"), patterns.PERCENT, lambda match: _valued(AtomKind.PERCENT, match, "%")),
    (("point", "pp"), patterns.POINTS, lambda match: _valued(AtomKind.POINTS, match)),
    (("month", "year", "week", "day", "mo"), patterns.TIMEPOINT, _timepoint),
    (
        ("patient", "participant", "people", "men", "infant", "child", "adult", "subject", "death", "fatal"),
        patterns.COUNT,
        _counted,
    ),
    (
        (") month", ") week", ") day", ") year"),
        patterns.DURATION_LATE,
        lambda match: _valued(AtomKind.DURATION, match),
    ),
    (
        ("mo", "week", "wk", "day", "year", "yr", "hour", "minute", "cycle"),
        patterns.DURATION,
        lambda match: _valued(AtomKind.DURATION, match),
    ),
    (
        (
            "mm",
            "mg",
            "mol/",
            "g/d",
            "g/m",
            "/l",
            "ml",
            "kg",
            "lb",
            "pound",
            "cm",
            " l",
            "iu",
            " u",
            "meter",
            "metre",
            "letter",
            "days per",
            "times",
            " g",
        ),
        patterns.MEASURE,
        lambda match: _valued(AtomKind.MEASURE, match),
    ),
    (
        ("reach", "nr", "ne", "estimable", "evaluable", "calculable"),
        patterns.NOT_REACHED,
        lambda match: Atom(AtomKind.NOT_REACHED, TextSpan(*match.span()), number_span=TextSpan(*match.span())),
    ),
    (("",), patterns.BARE_NUMBER, lambda match: _valued(AtomKind.NUMBER, match)),
)
"""Lower-case text of which a piece must stand in the passage, the pattern, and what makes an atom of its match."""

_ANYTHING = re.compile(
    r"\d|reached|NR|NE|estimable|evaluable|calculable|[Hh]azard|HR|[Rr]atio|died|death|[Oo]ne|[Tt]wo|[Tt]hree"
    r"|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en\b"
)


def read_atoms(folded: str, start: int, end: int) -> list[Atom]:
    """Atoms of ``folded[start:end]`` in text order, non-overlapping, with offsets into ``folded``."""
    atoms: list[Atom] = []
    if _ANYTHING.search(folded, start, end) is None:
        return atoms
    taken = bytearray(end - start)
    lowered = folded[start:end].lower()
    for needs, pattern, make in _PATTERNS:
        for piece in needs:
            if piece in lowered:
                break
        else:
            continue
        for match in pattern.finditer(folded, start, end):
            low, high = match.start() - start, match.end() - start
            if taken.find(1, low, high) >= 0:
                continue
            atom = make(match)
            if atom is not None:
                taken[low:high] = b"\x01" * (high - low)
                atoms.append(atom)
    atoms.sort(key=lambda atom: atom.span)
    return atoms
