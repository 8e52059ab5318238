"""Which statistic a value is, from its unit, its endpoint and the words around it."""

from __future__ import annotations

import re

from summarizer.reading.estimates.atoms import AtomKind
from summarizer.reading.estimates.cues import Cues
from summarizer.reading.estimates.endpoints import EndpointKind, EndpointMention
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
        chosen = _of_points(value, endpoint, cues)
    elif kind in (AtomKind.DURATION, AtomKind.NOT_REACHED):
        chosen = _of_time(endpoint, cues)
    elif kind is AtomKind.MEASURE and not _is_dose(around, value):
        chosen = _of_measurement(cues)
    return chosen


def _of_points(value: Value, endpoint: EndpointMention | None, cues: Cues) -> Choice:
    measured = endpoint is not None and endpoint.kind is EndpointKind.MEASURE
    if cues.difference is None and (cues.change is not None or (measured and value.size > 1)):
        return Statistic.MEAN_CHANGE, cues.change or value.unit_span
    is_rate = not measured and value.unit == "percentage points"
    return Statistic.RATE_DIFFERENCE if is_rate else Statistic.MEAN_DIFFERENCE, cues.difference or value.unit_span


_DOSE_UNITS = frozenset({"mg", "g", "U", "IU", "mL", "ml"})


_DOSE_MEASURED = re.compile(
    r"\b(?:[Mm]ean|[Mm]edian|[Aa]verage)\b[^;.%]{0,70}\b(?:was|were|of|came to|:|vs\.?|versus|and)\s(?:about )?$"
)


def _is_dose(around: Surroundings, value: Value) -> bool:
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


def _of_time(endpoint: EndpointMention | None, cues: Cues) -> Choice:
    if cues.difference is not None and cues.median is not None:
        return Statistic.OTHER, cues.difference
    if cues.mean is not None and cues.median is None:
        return Statistic.MEAN, cues.mean
    if cues.median is not None:
        return Statistic.MEDIAN, cues.median
    if endpoint is not None and endpoint.kind is EndpointKind.TIME:
        return Statistic.MEDIAN, endpoint.span
    return None, None
