"""Figures printed right beside an estimate that the reader did not take for its own, because they do not fit it.

A reader that joins an interval to the estimate that it holds, and a count to the percentage that it makes, leaves a
contradiction unjoined: the record then lacks the figure, and these checks say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.checks.intervals import RATIOS, covers
from summarizer.checks.printed import Printed, decimals_in, rows, value_of
from summarizer.reading.reader import Reading
from summarizer.schemas import Flag, Result, Severity, Statistic, Summary
from summarizer.text import NUMBER, TextSpan, parse_number

_LABEL = (
    r"(?:(?:\d\d(?:\.\d+)? ?%[ -]?(?:confidence interval|credible interval|CI|CrI)|(?:confidence interval|CI))"
    r"(?: [\(\[](?:CI|CrI)[\)\]])?(?: of| was)?[,:;=]? {0,2})"
)
_PAIR = rf"(?P<low>{NUMBER}) ?%?(?: ?- ?| to |, )(?P<high>{NUMBER})(?![\d.]*\d)"
_UNIT = r"(?: ?%| ?percent| months?| weeks?| years?| days?)?"
_BESIDE = re.compile(rf"{_UNIT},? ?[\(\[,] ?{_LABEL}?{_PAIR} ?%?(?= ?[\)\];,:])")
"""The interval in the bracket that follows the estimate, or behind a comma."""
_LABELLED_NEAR = re.compile(
    rf"{_UNIT}(?:,? (?:with|for|in|on|of|among)\b[^\d;.()\[\]]{{0,50}})?,? ?[\(\[,]"
    rf"(?:\d[\d,]* ?(?:/|of) ?\d[\d,]*[^\d;.()\[\]%]{{0,15}}[;,] ?| ?(?:with )?an? )? ?{_LABEL}{_PAIR}"
)
"""The same behind the words for the arm, or behind the counts, when it is called an interval."""
_FARTHEST = 8.0
"""Times an estimate that no bound of its interval is: a pair farther off is something else."""
_INTERVAL_STATISTICS = RATIOS | {Statistic.RATE, Statistic.MEDIAN}


@dataclass(frozen=True, slots=True)
class _Place:
    """A row and where its value stands."""

    pointer: str
    row: Result
    value: Printed
    span: TextSpan


def _places(summary: Summary) -> list[_Place]:
    found: list[_Place] = []
    for pointer, row in rows(summary):
        value, spans = value_of(row), summary.evidence.get(f"{pointer}/value", ())
        if value is not None and spans:
            found.append(_Place(pointer, row, value, TextSpan(spans[0].start, spans[0].end)))
    return found


def interval_beside_excludes_estimate(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """An interval printed beside an estimate holds it, also where the reader left the interval out of the record."""
    taken = {span.start for key, spans in summary.evidence.items() if key.endswith("/ci_low") for span in spans}
    for place in _places(summary):
        row = place.row
        if row.ci_low is not None or row.ci_high is not None or row.statistic not in _INTERVAL_STATISTICS:
            continue
        match = _BESIDE.match(reading.folded, place.span.end) or _LABELLED_NEAR.match(reading.folded, place.span.end)
        if match is None or match.start("low") in taken:
            continue
        low, high = (Printed(parse_number(match[name]), decimals_in(match[name])) for name in ("low", "high"))
        if not _is_of_a_size(place, low, high):
            continue
        if low.value > high.value:
            code, wrong = "ci-bounds-reversed", "has its bounds reversed"
        elif not covers(low, high, place.value):
            code, wrong = "ci-excludes-estimate", f"does not hold its estimate {place.value.value:g}"
        else:
            continue
        yield Flag(
            code=code,
            severity=Severity.ERROR,
            pointer=place.pointer,
            message=f"the interval printed beside it, {match['low']} to {match['high']}, {wrong}; it was left out",
        )


def _is_of_a_size(place: _Place, low: Printed, high: Printed) -> bool:
    """True when the pair can be an interval of this estimate by its size and precision: no years, no ages."""
    value = abs(place.value.value)
    if place.row.unit == "%" and max(low.value, high.value) > 100:
        return False
    if low.value == high.value or low.decimals != high.decimals or abs(low.decimals - place.value.decimals) > 1:
        return False
    if place.row.statistic in RATIOS and min(low.decimals, place.value.decimals) == 0:
        return False
    return max(low.value, high.value) <= _FARTHEST * value and value <= _FARTHEST * max(low.value, high.value)


_COUNT_LEADS = re.compile(r"(?<![\w.,/-])(?P<x>\d{1,3}(?:,\d{3})+|\d{1,5})(?: \w+)? ?[\(\[]$")
_COUNT_FOLLOWS = re.compile(r" ?% ?[\(\[][nN] ?= ?(?P<x>\d[\d,]*)[\)\]]")
_FRACTION_LEADS = re.compile(
    r"(?<!rade )(?<!rades )(?<![\w.,/-])(?P<x>\d{1,3}(?:,\d{3})+|\d{1,5})(?: ?/ ?| (?:out )?of (?:the |all )?)"
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d{1,5})(?:(?: [^\W\d][\w-]*){0,6} ?[\(\[](?:[A-Za-z]{2,6}, ?)?|[^;.%\d]{0,40}, ?)$"
)
_WHOLE = re.compile(r"(?<![\w.,-])(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?![\w%]|[.,]\d| ?%| months| weeks| years| days)")
_LED = re.compile(
    r"\b(?:[Oo]f|[Aa]mong|[Ii]n) (?:the |these |those |all )?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,5})"
    r" (?!months|weeks|years|days)"
    r"|(?<!% [\(\[])\b[nN] ?= ?(?P<size>\d[\d,]*)|\b\d[\d,]* of (?P<of>\d[\d,]*) "
)
_REACH = 400
"""Characters before a count in which its denominator stands."""
_FAR = 4000
"""Characters before a count in which any number may be its denominator after all."""


def count_beside_contradicts_percentage(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """A count printed beside a percentage makes it with some number of patients named before, where one is named."""
    for place in _places(summary):
        row = place.row
        if row.statistic is not Statistic.RATE or row.unit != "%" or None not in (row.numerator, row.denominator):
            continue
        lead = reading.folded[max(0, place.span.start - 90) : place.span.start]
        fraction = _FRACTION_LEADS.search(lead)
        if fraction is not None:
            x, n = (int(fraction[name].replace(",", "")) for name in ("x", "n"))
            wrong = 0 < x <= n and not _makes(x, n, place.value)
            said = f"{x} of {n} is {100 * x / n:.1f}%" if wrong else ""
        else:
            count = _COUNT_LEADS.search(lead) or _COUNT_FOLLOWS.match(reading.folded, place.span.end)
            wrong = count is not None and _fits_nothing(reading, place, int(count["x"].replace(",", "")))
            said = f"{count['x']} is not that share of any number of patients before it" if count is not None else ""
        if wrong:
            yield Flag(
                code="percentage-against-counts",
                severity=Severity.WARNING,
                pointer=place.pointer,
                message=f"{said}, the text says {place.value.value:g}%",
            )


def _fits_nothing(reading: Reading, place: _Place, x: int) -> bool:
    """True when a denominator is named before the count, and no number there makes the percentage."""
    before = reading.folded[max(0, place.span.start - _REACH) : place.span.start]
    block = before.rpartition("\n\n")[2]
    named = [int((match["n"] or match["size"] or match["of"]).replace(",", "")) for match in _LED.finditer(block)]
    if not any(n > x for n in named):
        return False
    numbers = [
        int(match[0].replace(",", ""))
        for match in _WHOLE.finditer(reading.folded, max(0, place.span.start - _FAR), place.span.start)
    ]
    return not any(_makes(x, n, place.value) for n in numbers if n >= x > 0)


def _makes(x: int, n: int, value: Printed) -> bool:
    return value.least - 0.1 <= 100.0 * x / n <= value.most + 0.1
