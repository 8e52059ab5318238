"""A trial record: what one article says about one trial."""

from __future__ import annotations

from pydantic import Field

from .base import Record
from .enums import (
    Allocation,
    ArmRole,
    EndpointRank,
    EnrollmentType,
    Focus,
    InterventionModel,
    Masking,
    Phase,
    RegulatoryAction,
    Setting,
    Status,
)
from .result import Result


class Arm(Record):
    """One arm of a trial."""

    role: ArmRole
    """ClinicalTrials.gov arm group type."""
    interventions: list[str] = Field(default_factory=list[str])
    """Generic names in lower case; a development code only where the text gives no generic name."""
    n: int | None = None
    """Patients in this arm; None when the text does not say."""


class DeclaredEndpoint(Record):
    """An endpoint that the text declares as such; one that merely has a result is not listed."""

    endpoint: str
    """Endpoint code (``OS``, ``PFS`` ...) or a short lower-case phrase as written."""
    rank: EndpointRank
    """Declared rank; co-primary is PRIMARY, key secondary is SECONDARY."""


class RegulatoryEvent(Record):
    """Something that an agency did or was asked to do, and that rests on or clears this trial."""

    agency: str | None = None
    """As the text names it (``FDA``, ``NMPA``); the country where only that is given; None where neither is."""
    action: RegulatoryAction
    """What was done."""
    date: str | None = None
    """ISO 8601 date, to the precision given: ``2025-06-11``, ``2024-09``; None when not stated."""


class TrialAttributes(Record):
    """What is said about a trial apart from its arms, endpoints, results and regulatory events."""

    name: str | None = None
    """Acronym or designation as written, without the word "trial"; None where the text gives none."""
    aliases: list[str] = Field(default_factory=list[str])
    """Other designations of the same trial: protocol codes, second names."""
    registry_ids: list[str] = Field(default_factory=list[str])
    """Registry numbers: NCT, EudraCT / EU CT, ISRCTN, ChiCTR, jRCT and other WHO ICTRP primary registries."""
    focus: Focus
    """MAIN: the article is about it; SUPPORTING: cited as background or earlier evidence."""
    sponsors: list[str] = Field(default_factory=list[str])
    """Who runs or funds it; legal endings dropped."""
    phases: list[Phase] = Field(default_factory=list[Phase])
    """ClinicalTrials.gov phases; phase 1b/2 is two entries."""
    status: Status | None = None
    """Only when stated for this trial; reporting results is not a status."""
    allocation: Allocation | None = None
    """Randomised or not; None when not stated."""
    masking: Masking | None = None
    """Blinding; None when not stated."""
    intervention_model: InterventionModel | None = None
    """How participants are assigned; None when not stated."""
    multicenter: bool | None = None
    """True when stated, else None (never False)."""
    international: bool | None = None
    """True when global, multinational or in two or more countries, else None."""
    registrational: bool | None = None
    """True when called registrational or pivotal, else None."""
    conditions: list[str] = Field(default_factory=list[str])
    """The disease studied, with its stage when stated, one entry per disease."""
    biomarkers: list[str] = Field(default_factory=list[str])
    """Selection markers such as ``HER2-positive``."""
    settings: list[Setting] = Field(default_factory=list[Setting])
    """Treatment settings and lines of therapy."""
    prior_therapies: list[str] = Field(default_factory=list[str])
    """Treatments that patients must already have had, or be resistant to."""
    enrollment: int | None = None
    """Patients enrolled, randomised or to be enrolled, whole trial; None when only subgroup counts are given."""
    enrollment_type: EnrollmentType | None = None
    """ACTUAL or ESTIMATED (planned); None exactly when ``enrollment`` is None."""
    presented_at: list[str] = Field(default_factory=list[str])
    """Meetings and journals where this trial's data appeared."""


class TrialRecord(TrialAttributes):
    """One distinct trial that the article names or describes with at least one fact of its own."""

    arms: list[Arm] = Field(default_factory=list[Arm])
    """Arms in the order of the text, experimental first where it compares."""
    endpoints: list[DeclaredEndpoint] = Field(default_factory=list[DeclaredEndpoint])
    """Declared endpoints."""
    results: list[Result] = Field(default_factory=list[Result])
    """One row per reported estimate, in text order."""
    regulatory_events: list[RegulatoryEvent] = Field(default_factory=list[RegulatoryEvent])
    """Regulatory events of this trial."""
