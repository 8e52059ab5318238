"""The atoms of a reported statistic: intervals, P values, counts, ratio labels, numbers with units, time points.

``read_atoms`` lexes one stretch of folded text. Patterns are tried in the order of ``_PATTERNS``; what an earlier one
took, a later one does not see. No pattern nests quantifiers, so the cost is linear in the text.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from summarizer.reading.estimates.model import Count, Interval, PValue
from summarizer.schemas import Statistic
from summarizer.text import NUMBER, TextSpan, parse_number


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


_UNKNOWN = (
    r"NR|NE|NC|NA|N/?R|N/?E|not (?:yet )?(?:reached|estimable|evaluable|calculable|available|assessable)"
    r"|infinity|unable to (?:be )?(?:estimated?|calculated?)"
)
_CI_UNIT = r"(?: ?(?:%|percentage points|points|months|month|mo|weeks|years|days|mm ?Hg|mg/dL|mmol/L|kg|mL|L|U|pp))?"
_LOW = rf"(?P<low>[-+]?{NUMBER}|{_UNKNOWN})"
_HIGH = rf"(?P<high>[-+]?{NUMBER}|{_UNKNOWN})"
_SEPARATOR = r" ?(?:-|to|,|;|and|through|until) ?"
_BOUNDS = rf"{_LOW}{_CI_UNIT}(?: [\(\[][A-Z]{{2}}[\)\]])?{_SEPARATOR}{_HIGH}{_CI_UNIT}(?: [\(\[][A-Z]{{2}}[\)\]])?"
_CI_NAME = r"(?:confidence interval|confidence limits|credible interval|CI|CrI|C\.I\.)s?"

_INTERVAL = re.compile(
    rf"(?P<level>\d\d(?:\.\d+)?) ?(?:%|percent)[ -]?(?:two-sided |repeated |stratified )?{_CI_NAME}"
    rf"(?: for (?:the )?difference)?(?: \({_CI_NAME}\))?"
    rf"(?: of| was| were| from| ran from| ranging from| between)?[ ,:;=\(\[]{{0,4}}{_BOUNDS}"
)
_INTERVAL_NO_LEVEL = re.compile(
    rf"\b(?:{_CI_NAME})(?:,? ?(?P<level>\d\d(?:\.\d+)?) ?%)?"
    rf"(?: of| was| from| ran from| ranging from| between)?[ ,:;=\(\[]{{0,4}}{_BOUNDS}"
)
_RANGE_IN_BRACKETS = re.compile(rf"(?<=[\(\[]){_BOUNDS}(?= ?[\)\];,])")
_RANGE_AFTER_VALUE = re.compile(rf"(?<=\d, ){_LOW}{_CI_UNIT} ?(?:-|to) ?{_HIGH}{_CI_UNIT}(?= ?[\)\];,])")
_P_VALUE = re.compile(
    r"(?:(?P<sided>one|two|1|2)-(?:sided|tailed) )?(?:nominal |log-?rank |stratified |unadjusted |adjusted )*"
    r"\b[Pp](?:[ -]?values?| for \w+)?(?: \([a-z -]{3,20}\))?(?: of| was| were| is)? ?"
    r"(?:(?P<relation><=|>=|[<>=\u2264\u2265])\s{0,5}(?P<number>0?\.\d+|1(?:\.0+)?|0)(?![\d%])|(?<=of )(?P<of>0?\.\d+))"
)
_SIZE = re.compile(
    r"\b[nN] {0,2}= {0,2}(?P<a>\d{1,3}(?:,\d{3})+|\d+)(?:(?: ?/ ?| of )(?P<b>\d[\d,]*))?"
    r"(?P<more> (?:vs\.?|and|versus) \d[\d,]*)?"
)
_FRACTION = re.compile(
    r"(?<![\w.,/-])(?P<a>\d{1,3}(?:,\d{3})+|\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?: ?/ ?| (?:out )?of (?:the |all )?(?:first )?)(?P<b>\d{1,3}(?:,\d{3})+|\d{1,6})(?![\w./%-]|,\d|\.\d)"
)
_RATIO_LABEL = re.compile(
    r"\b(?:(?P<HAZARD_RATIO>[Hh]azard ratios?|HAZARD RATIOS?|[as]?HRs?)"
    r"|(?P<ODDS_RATIO>[Oo]dds ratios?|a?ORs?)"
    r"|(?P<RATE_RATIO>(?:[Ii]ncidence )?[Rr]ate ratios?|IRR|[Rr]ate ratio)"
    r"|(?P<RISK_RATIO>[Rr]elative risks?(?! reduction)|[Rr]isk ratios?|RRs?)"
    r"|(?P<MEAN_DIFFERENCE>(?:(?:estimated|adjusted|treatment|mean|least-squares|LS|between-group"
    r"|placebo-corrected) ){0,3}[Dd]ifferences?(?=,? ?(?:was |of |= ?|: ?)?[-+]?\d)))\b(?!-)"
)
_EVENT_RATE = re.compile(
    rf"(?P<number>[-+]?{NUMBER})(?P<unit> ?(?:(?:[a-z]+ ){{0,2}}"
    r"(?:events?|cases?|episodes?|exacerbations?|infections?|bleeds?)"
    r" )?(?:per|/) ?(?:100|1,?000|10,?000)? ?(?:patient|person|participant|subject)[- ]years?"
    r"(?: of (?:exposure|follow-up))?"
    r"| (?:events?|exacerbations?|attacks?|bleeds?|relapses?|migraine days) (?:per|a) (?:year|month))"
)
_PERCENT = re.compile(
    rf"(?<![\w.])(?P<number>[-+]?{NUMBER}) ?(?:%|percent\b|per cent\b)(?! ?-?(?:CI|CrI|confidence)\b)"
)
_POINTS = re.compile(
    rf"(?<![\w.])(?P<number>[-+]?{NUMBER})[ -](?P<unit>percentage[- ]points?|percent points?|points?|pp\b)"
)
_DURATION = re.compile(
    rf"(?<![\w.])(?P<number>{NUMBER}) ?(?P<unit>months?|mos?\b\.?|weeks?|wks?|days?|years?|yrs?|hours?|minutes?"
    r"|cycles?)\b"
)
_MEASURE = re.compile(
    rf"(?<![\w.])(?P<number>[-+]?{NUMBER}) ?(?P<unit>mm ?Hg|mg/dL|mg/L|mg/g|mmol/L|mmol/mol|nmol/L|ng/mL|pg/mL|ng/dL"
    r"|g/dL"
    r"|mL/min(?:(?:/| per )1\.73 ?m(?:2|\u00b2))?(?:(?:/| per )year)?|kg/m2|kg/m\u00b2|kg|lbs?|pounds|cm|mL|ml|L|IU"
    r"|U|mg|g|meters"
    r"|metres|letters|days per month|times)\b(?!/)"
)
_NOT_REACHED = re.compile(
    r"\b(?:(?:had |has |have )?(?:not|never)(?: yet)?(?: been)? (?:reached|estimable|evaluable|calculable)|NR|NE)\b"
)
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"eighteen": 18, "fifteen": 15, "twenty-four": 24, "thirty-six": 36}
_SMALL = rf"(?:{NUMBER}|{'|'.join(_NUMBER_WORDS)})"
_TIMEPOINT = re.compile(
    rf"(?<![\w.-])(?:(?P<head>[Ww]eek|[Mm]onth|[Yy]ear|[Dd]ay)s? (?P<number>\d{{1,4}})(?![\d.]*%)"
    rf"|(?P<adjective>(?:{_SMALL}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive))-(?P<unit>month|mo|year|week|day)s?\b"
    r"|(?:(?<=[Aa]t )|(?<=[Aa]fter )|(?<=[Bb]y )|(?<=[Ww]ithin )|(?<=[Oo]ver )|(?<=[Tt]hrough )|(?<=[Ff]or )"
    r"|(?<=[Ff]or at least )"
    rf"|(?<=[Oo]ver the )|(?<=of )(?=[\w.]+ \w+ or (?:more|longer)))"
    rf"(?P<count>{_SMALL}) (?P<plural>months?|years?|weeks?|days?)\b(?! (?:of (?:age|follow)|old))"
    rf"|(?P<labelled>{NUMBER}) (?P<label_unit>months?|years?|weeks?|days?)(?=:))"
)
_COUNT = re.compile(
    r"(?<![\w.,%/-])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,5}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even"
    r"|[Ee]ight|[Nn]ine|[Tt]en) "
    r"(?:(?P<unit>patients?|participants?|people|women|men|infants|children|adults|subjects) "
    r"(?=(?:who )?(?:died|discontinued|stopped|withdrew)\b)"
    r"|(?P<deaths>(?=deaths?\b|treatment-related deaths?\b|fatal events?\b)))"
    r"|(?<=\bin )(?P<number2>\d{1,3}(?:,\d{3})+|\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?P<unit2>patients?|participants?|people|women|men|infants|children|adults|subjects)\b"
    r"(?! (?:with|who|whose|in|from|and|aged)\b)(?=[^.%]{0,40}(?:[,.;]|\band\b|$))"
)
_SKIP = re.compile(
    rf"\b(?:IQR|interquartile range|range|SD|standard deviation)[ ,:;=]{{0,3}}[-+]?{NUMBER} ?%?"
    rf"(?: ?(?:-|to|,) ?[-+]?{NUMBER} ?%?)?"
    rf"|\b(?:NCT|ISRCTN|ChiCTR|jRCT)\w*|\b(?:10\.\d{{4,}}/\S+)"
    rf"|\b\d{{4}};\d+[\d():-]*"
)
_BARE_NUMBER = re.compile(rf"(?<![\w./$\u20ac\u00a3-])(?P<number>[-+]?{NUMBER})(?![\w%/]|\.\d|-[A-Za-z]|,\d{{3}})")

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
    sign = {"=": "", "<=": "\u2264", ">=": "\u2265"}.get(relation, relation)
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
    value = _NUMBER_WORDS.get(printed)
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


def _timepoint(match: re.Match[str]) -> Atom:
    if match["head"]:
        text = f"{match['head'].lower()} {match['number']}"
    else:
        count = match["adjective"] or match["count"] or match["labelled"]
        number = _NUMBER_WORDS.get(count.lower(), count)
        unit = (match["unit"] or match["plural"] or match["label_unit"]).rstrip("s")
        unit = "month" if unit == "mo" else unit
        text = f"{number} {unit}" if str(number) in ("1", "1.0") else f"{number} {unit}s"
    return Atom(AtomKind.TIMEPOINT, TextSpan(*match.span()), text=text)


def _counted(match: re.Match[str]) -> Atom | None:
    group = "number" if match["number"] else "number2"
    printed = match[group]
    unit = match["unit"] or match["unit2"]
    number = _NUMBER_WORDS.get(printed.lower())
    span = TextSpan(*match.span(group))
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
        if not any(piece in lowered for piece in needs):
            continue
        for match in pattern.finditer(folded, start, end):
            low, high = match.start() - start, match.end() - start
            if any(taken[low:high]):
                continue
            atom = make(match)
            if atom is not None:
                taken[low:high] = b"\x01" * (high - low)
                atoms.append(atom)
    atoms.sort(key=lambda atom: atom.span)
    return atoms


_PATTERNS = (
    (
        (
            "range",
            "iqr",
            "deviation",
            "nct",
            "isrctn",
            "chictr",
            "jrct",
            "10.",
            ";",
        ),
        _SKIP,
        lambda match: Atom(AtomKind.SKIP, TextSpan(*match.span())),
    ),
    (
        (
            "ci",
            "cri",
            "interval",
            "limits",
            "c.i.",
        ),
        _INTERVAL,
        lambda match: _interval(match, labelled=True),
    ),
    (
        (
            "ci",
            "cri",
            "interval",
            "limits",
            "c.i.",
        ),
        _INTERVAL_NO_LEVEL,
        lambda match: _interval(match, labelled=True),
    ),
    (
        (
            "(",
            "[",
        ),
        _RANGE_IN_BRACKETS,
        lambda match: _interval(match, labelled=False),
    ),
    ((",",), _RANGE_AFTER_VALUE, lambda match: _interval(match, labelled=False)),
    (("p",), _P_VALUE, _p_value),
    (("n",), _SIZE, _size),
    (("per ", "-year", "a year", "a month"), _EVENT_RATE, lambda match: _valued(AtomKind.EVENT_RATE, match)),
    (
        (
            " of ",
            "/",
        ),
        _FRACTION,
        _fraction,
    ),
    (
        (
            "hr",
            "or",
            "rr",
            "ratio",
            "risk",
            "difference",
        ),
        _RATIO_LABEL,
        _ratio_label,
    ),
    (
        (
            "%",
            "percent",
            "per cent",
        ),
        _PERCENT,
        lambda match: _valued(AtomKind.PERCENT, match, "%"),
    ),
    (
        (
            "point",
            "pp",
        ),
        _POINTS,
        lambda match: _valued(AtomKind.POINTS, match),
    ),
    (
        (
            "month",
            "year",
            "week",
            "day",
            "mo",
        ),
        _TIMEPOINT,
        _timepoint,
    ),
    (
        (
            "patient",
            "participant",
            "people",
            "men",
            "infant",
            "child",
            "adult",
            "subject",
            "death",
            "fatal",
        ),
        _COUNT,
        _counted,
    ),
    (
        (
            "mo",
            "week",
            "wk",
            "day",
            "year",
            "yr",
            "hour",
            "minute",
            "cycle",
        ),
        _DURATION,
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
        _MEASURE,
        lambda match: _valued(AtomKind.MEASURE, match),
    ),
    (
        (
            "reach",
            "nr",
            "ne",
            "estimable",
            "evaluable",
            "calculable",
        ),
        _NOT_REACHED,
        lambda match: Atom(AtomKind.NOT_REACHED, TextSpan(*match.span()), number_span=TextSpan(*match.span())),
    ),
    (("",), _BARE_NUMBER, lambda match: _valued(AtomKind.NUMBER, match)),
)
