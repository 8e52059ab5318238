"""The gold label of a case: the same records, partial, with equally right readings under ``alternatives``."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from .base import Record
from .result import Result
from .summary import Truncation
from .trial import Arm, DeclaredEndpoint, RegulatoryEvent, TrialAttributes


def _finite(value: Any) -> Any:  # noqa: ANN401 - of any field
    """Refuse what JSON can't write: it would come back as null."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number must be finite")
    return value


Finite = Annotated[Any, AfterValidator(_finite)]


class GoldResult(Result):
    """A labelled result."""

    alternatives: dict[str, list[Finite]] = Field(default_factory=dict[str, list[Any]])
    """Field name -> other values that are equally right."""


class GoldArm(Arm):
    """A labelled arm."""

    alternatives: dict[str, list[Finite]] = Field(default_factory=dict[str, list[Any]])
    """Field name -> other values that are equally right."""


class GoldEndpoint(DeclaredEndpoint):
    """A labelled endpoint."""

    alternatives: dict[str, list[Finite]] = Field(default_factory=dict[str, list[Any]])
    """Field name -> other values that are equally right."""


class GoldRegulatoryEvent(RegulatoryEvent):
    """A labelled regulatory event."""

    alternatives: dict[str, list[Finite]] = Field(default_factory=dict[str, list[Any]])
    """Field name -> other values that are equally right."""


class GoldTrial(TrialAttributes):
    """A labelled trial."""

    arms: list[GoldArm] = Field(default_factory=list[GoldArm])
    """Labelled arms."""
    endpoints: list[GoldEndpoint] = Field(default_factory=list[GoldEndpoint])
    """Labelled endpoints."""
    results: list[GoldResult] = Field(default_factory=list[GoldResult])
    """Labelled results."""
    regulatory_events: list[GoldRegulatoryEvent] = Field(default_factory=list[GoldRegulatoryEvent])
    """Labelled regulatory events."""
    alternatives: dict[str, list[Finite]] = Field(default_factory=dict[str, list[Any]])
    """Field name -> other values that are equally right."""


class GoldCase(Record):
    """What a careful reader would write down from one article alone."""

    case: str
    """Slug: the name of the case folder."""
    trials: list[GoldTrial] = Field(default_factory=list[GoldTrial])
    """Trials in order of first mention."""
    unattributed_results: list[GoldResult] = Field(default_factory=list[GoldResult])
    """Results whose trial the text does not tell."""
    truncations: list[Truncation] = Field(default_factory=list[Truncation])
    """Damaged passages."""
