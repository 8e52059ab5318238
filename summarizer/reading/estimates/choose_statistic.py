"""Which statistic a value is, from its unit, its endpoint and the words around it."""

from __future__ import annotations

import re

from summarizer.reading.estimates.atoms import AtomKind
from summarizer.reading.estimates.cues import Cues
from summarizer.reading.estimates.endpoint_mentions import EndpointKind, EndpointMention
from summarizer.reading.estimates.surroundings import Surroundings
from summarizer.reading.estimates.values import Value
from summarizer.schemas import Statistic
from summarizer.text import TextSpan

Choice = tuple[Statistic | None, TextSpan | None]
"""A statistic and the words that say so; (None, None) where the value is no estimate."""


def choose_statistic(around: Surroundings, value: Value, endpoint: EndpointMention | None, cues: Cues) -> Choice:
    """The statistic of a value and the words that say so."""
    if value.ratio is not None:
        return value.ratio, value.ratio_span
    chosen: Choice = (None, None)
    kind = value.kind
    if kind is AtomKind.COUNT and endpoint is not None:
        chosen = Statistic.COUNT, value.span
    elif kind is AtomKind.EVENT_RATE:
        chosen = Statistic.EVENT_RATE, value.unit_span
    elif kind is AtomKind.PERCENT:
        chosen = _of_percentage(endpoint, cues)
    elif kind is AtomKind.POINTS:
        chosen = _of_points(around, value, endpoint, cues)
    elif kind in (AtomKind.DURATION, AtomKind.NOT_REACHED):
        chosen = _of_time(value, endpoint, cues)
    elif kind is AtomKind.MEASURE and not is_dose(around, value):
        chosen = _of_measurement(cues)
    return chosen


_DIFFERENCE_FOLLOWS = re.compile(r"[^;.]{0,60}(?:[;,] |\()(?:a |the )?(?:\w+ )?difference\b")
"""The difference is told apart from the change: "-1.24 points; difference from placebo, -0.83"."""
_BEYOND_CONTROL = re.compile(
    r" (?:more|less|lower|greater|better|fewer|higher) than (?:with |on |in |for )?(?:the )?(?:placebo|control)\b"
    r"| (?:over|beyond|above) placebo\b"
)


def _of_points(around: Surroundings, value: Value, endpoint: EndpointMention | None, cues: Cues) -> Choice:
    measured = endpoint is not None and endpoint.kind is EndpointKind.MEASURE
    apart = _DIFFERENCE_FOLLOWS.match(around.folded, value.span.end, around.span.end) if measured else None
    beyond = _BEYOND_CONTROL.match(around.folded, value.span.end, around.span.end)
    if (
        cues.difference is None
        and beyond is None
        and (cues.change is not None or apart is not None or (measured and value.size > 1))
    ):
        return Statistic.MEAN_CHANGE, cues.change or value.unit_span
    is_rate = not measured and value.unit == "percentage points"
    return Statistic.RATE_DIFFERENCE if is_rate else Statistic.MEAN_DIFFERENCE, cues.difference or value.unit_span


_DOSE_UNITS = frozenset({"mg", "g", "U", "IU", "mL", "ml"})


_DOSE_MEASURED = re.compile(
    r"\b(?:[Mm]ean|[Mm]edian|[Aa]verage)\b[^;.%]{0,70}\b(?:was|were|of|came to|:|vs\.?|versus|and)\s(?:about )?$"
)


def is_dose(around: Surroundings, value: Value) -> bool:
    """True for "20 mg" and the like, unless the words before say that it was measured."""
    before = around.folded[max(around.span.start, value.span.start - 110) : value.span.start]
    return value.unit in _DOSE_UNITS and _DOSE_MEASURED.search(before) is None


def _of_measurement(cues: Cues) -> Choice:
    for statistic, span in (
        (Statistic.MEAN_DIFFERENCE, cues.difference),
        (Statistic.MEDIAN, cues.median if cues.change is None else None),
        (Statistic.MEAN_CHANGE, cues.change),
        (Statistic.MEAN, cues.mean),
    ):
        if span is not None:
            return statistic, span
    return None, None


def _of_percentage(endpoint: EndpointMention | None, cues: Cues) -> Choice:
    if endpoint is not None and endpoint.kind is EndpointKind.MEASURE:
        return _of_measured_percentage(endpoint, cues)
    if cues.risk is not None:
        return Statistic.RISK_REDUCTION, cues.risk
    if endpoint is not None and endpoint.kind is EndpointKind.PROTECTION:
        return Statistic.RISK_REDUCTION, endpoint.span
    if endpoint is not None and endpoint.kind is EndpointKind.EVENT and cues.change is not None:
        return Statistic.RISK_REDUCTION, cues.change
    return Statistic.RATE, None


def _of_measured_percentage(endpoint: EndpointMention, cues: Cues) -> Choice:
    """What a percentage of something measured is; glycated haemoglobin is itself a percentage."""
    if cues.difference is not None:
        return Statistic.MEAN_DIFFERENCE, cues.difference
    if endpoint.code != "a1c":
        return (Statistic.RATE, None) if cues.change is None else (Statistic.PERCENT_CHANGE, cues.change)
    if cues.change is None or (cues.mean is not None and cues.mean.start > cues.change.start):
        return Statistic.MEAN, cues.mean or endpoint.span
    return Statistic.MEAN_CHANGE, cues.change


def _of_time(value: Value, endpoint: EndpointMention | None, cues: Cues) -> Choice:
    is_lone_time = value.size == 1 and endpoint is not None and endpoint.kind is EndpointKind.TIME
    if cues.difference is not None and (cues.median is not None or is_lone_time):
        return Statistic.OTHER, cues.difference
    if cues.mean is not None and cues.median is None:
        return Statistic.MEAN, cues.mean
    if cues.median is not None:
        return Statistic.MEDIAN, cues.median
    if endpoint is not None and endpoint.kind is EndpointKind.TIME:
        return Statistic.MEDIAN, endpoint.span
    return None, None
