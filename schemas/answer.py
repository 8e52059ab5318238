"""What a model answers: the wire shape of the model engine. Short keys keep answers cheap; none of this is published.

A model selects numbers, it never writes them: estimates and patient counts are given to it with ids, and it answers
with ids. Every other value comes with the numbers of the sentences that it was read in. What is here is believed only
after grounding, so the shape is lenient: unknown keys are ignored, everything but the list of trials may be left out.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from .enums import ArmRole, EndpointRank, RegulatoryAction


class AttributeKey(StrEnum):
    """Attributes of a trial that a model may state, by the names of the trial record."""

    ALIASES = "aliases"
    REGISTRY_IDS = "registry_ids"
    SPONSORS = "sponsors"
    PHASES = "phases"
    STATUS = "status"
    ALLOCATION = "allocation"
    MASKING = "masking"
    INTERVENTION_MODEL = "intervention_model"
    MULTICENTER = "multicenter"
    INTERNATIONAL = "international"
    REGISTRATIONAL = "registrational"
    CONDITIONS = "conditions"
    BIOMARKERS = "biomarkers"
    SETTINGS = "settings"
    PRIOR_THERAPIES = "prior_therapies"
    PRESENTED_AT = "presented_at"


def _as_list(value: object) -> object:
    """A lone number where a list is wanted is the slip that models make most."""
    return [value] if isinstance(value, int) and not isinstance(value, bool) else ([] if value is None else value)


Sentences = Annotated[list[int], BeforeValidator(_as_list)]
"""Numbers of the sentences that a value was read in."""


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)


class AnswerAttribute(_Wire):
    """One attribute of a trial."""

    k: AttributeKey
    """Attribute."""
    v: str
    """Value: an enum value, "true", or words copied from the article."""
    s: Sentences = Field(default_factory=list[int])
    """Sentences."""


class AnswerArm(_Wire):
    """One arm of a trial."""

    r: ArmRole
    """Role."""
    v: list[str]
    """Interventions, as written."""
    s: Sentences = Field(default_factory=list[int])
    """Sentences."""
    c: int | None = None
    """Id of the patient count that is this arm's size."""


class AnswerEndpoint(_Wire):
    """One endpoint that the article declares as such."""

    v: str
    """Endpoint: a code, or words copied from the article."""
    r: EndpointRank
    """Declared rank."""
    s: Sentences = Field(default_factory=list[int])
    """Sentences."""


class AnswerEvent(_Wire):
    """One regulatory event; its agency and date are read from the cited sentence."""

    v: RegulatoryAction
    """Action."""
    s: Sentences = Field(default_factory=list[int])
    """Sentences."""


class AnswerTrial(_Wire):
    """One trial."""

    n: str | None = None
    """Name as written; null where the article gives none."""
    s: Sentences = Field(default_factory=list[int])
    """Sentences that name or describe it."""
    m: bool = False
    """True when the article is about it, false when it is background."""
    a: list[AnswerAttribute] = Field(default_factory=list[AnswerAttribute])
    """Attributes."""
    g: list[AnswerArm] = Field(default_factory=list[AnswerArm])
    """Arms."""
    c: int | None = None
    """Id of the patient count that is its enrolment."""
    p: list[AnswerEndpoint] = Field(default_factory=list[AnswerEndpoint])
    """Declared endpoints."""
    x: list[AnswerEvent] = Field(default_factory=list[AnswerEvent])
    """Regulatory events."""


class AnswerLink(_Wire):
    """What some estimates belong to."""

    e: Sentences
    """Ids of estimates."""
    t: int | None = None
    """Place of the trial in the answer's list, from 0; null where the article does not tell."""
    a: int | None = None
    """Place of the arm in the trial's list, from 0; null for a comparison or a single arm."""
    p: str | None = None
    """Time point, words copied from the article."""
    g: str | None = None
    """Subset of the patients, words copied from the article."""
    s: Sentences = Field(default_factory=list[int])
    """Sentences of the time point and the subset, where they are not the estimates' own."""


class AnswerQuote(_Wire):
    """A passage that reports an estimate which carries no id."""

    q: str
    """The passage, copied exactly."""
    s: int
    """Its sentence."""
    t: int | None = None
    """Place of the trial in the answer's list."""


class ModelAnswer(_Wire):
    """Everything that a model says about one passage."""

    t: list[AnswerTrial]
    """Trials."""
    r: list[AnswerLink] = Field(default_factory=list[AnswerLink])
    """Links of estimates."""
    q: list[AnswerQuote] = Field(default_factory=list[AnswerQuote])
    """Estimates without an id."""


class AnswerCorrection(_Wire):
    """A second try at one rejected value."""

    i: int
    """Number of the rejected value."""
    v: str | None = None
    """The value; null takes it back."""
    s: Sentences = Field(default_factory=list[int])
    """Sentences."""


class ModelCorrections(_Wire):
    """Second tries at the values that grounding rejected, and at nothing else."""

    f: list[AnswerCorrection]
    """Corrections."""
