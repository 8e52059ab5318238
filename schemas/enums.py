"""Closed vocabularies of a trial record.

Values in capitals that exist in the ClinicalTrials.gov API v2 data model (Phase, Status, DesignAllocation,
DesignMasking, InterventionalAssignment, ArmGroupType, EnrollmentType) are spelled exactly as there:
https://clinicaltrials.gov/data-api/about-api/study-data-structure
"""

from __future__ import annotations

from enum import StrEnum


class Focus(StrEnum):
    """Why a trial is in the article."""

    MAIN = "MAIN"
    SUPPORTING = "SUPPORTING"


class Phase(StrEnum):
    """ClinicalTrials.gov API v2 ``Phase``; phase 1b/2 is PHASE1 and PHASE2, 2b is PHASE2."""

    EARLY_PHASE1 = "EARLY_PHASE1"
    PHASE1 = "PHASE1"
    PHASE2 = "PHASE2"
    PHASE3 = "PHASE3"
    PHASE4 = "PHASE4"


class Status(StrEnum):
    """ClinicalTrials.gov API v2 ``Status`` (the values that a news text can state)."""

    NOT_YET_RECRUITING = "NOT_YET_RECRUITING"
    RECRUITING = "RECRUITING"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION"
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING"
    COMPLETED = "COMPLETED"
    SUSPENDED = "SUSPENDED"
    TERMINATED = "TERMINATED"
    WITHDRAWN = "WITHDRAWN"


class Allocation(StrEnum):
    """ClinicalTrials.gov API v2 ``DesignAllocation``."""

    RANDOMIZED = "RANDOMIZED"
    NON_RANDOMIZED = "NON_RANDOMIZED"


class Masking(StrEnum):
    """ClinicalTrials.gov API v2 ``DesignMasking``; "open label" is NONE, "double-blind" is DOUBLE."""

    NONE = "NONE"
    SINGLE = "SINGLE"
    DOUBLE = "DOUBLE"
    TRIPLE = "TRIPLE"
    QUADRUPLE = "QUADRUPLE"


class InterventionModel(StrEnum):
    """ClinicalTrials.gov API v2 ``InterventionalAssignment``."""

    SINGLE_GROUP = "SINGLE_GROUP"
    PARALLEL = "PARALLEL"
    CROSSOVER = "CROSSOVER"
    FACTORIAL = "FACTORIAL"
    SEQUENTIAL = "SEQUENTIAL"


class Setting(StrEnum):
    """Line of therapy or treatment setting of the population."""

    PREVENTION = "PREVENTION"
    NEOADJUVANT = "NEOADJUVANT"
    PERIOPERATIVE = "PERIOPERATIVE"
    ADJUVANT = "ADJUVANT"
    CONSOLIDATION = "CONSOLIDATION"
    MAINTENANCE = "MAINTENANCE"
    FIRST_LINE = "FIRST_LINE"
    SECOND_LINE = "SECOND_LINE"
    THIRD_LINE_OR_LATER = "THIRD_LINE_OR_LATER"
    RELAPSED_REFRACTORY = "RELAPSED_REFRACTORY"


class EnrollmentType(StrEnum):
    """ClinicalTrials.gov API v2 ``EnrollmentType``."""

    ACTUAL = "ACTUAL"
    ESTIMATED = "ESTIMATED"


class ArmRole(StrEnum):
    """ClinicalTrials.gov API v2 ``ArmGroupType`` (the four that the labels use)."""

    EXPERIMENTAL = "EXPERIMENTAL"
    ACTIVE_COMPARATOR = "ACTIVE_COMPARATOR"
    PLACEBO_COMPARATOR = "PLACEBO_COMPARATOR"
    NO_INTERVENTION = "NO_INTERVENTION"


class EndpointRank(StrEnum):
    """How the text declares an endpoint; a key secondary endpoint is SECONDARY."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"
    OTHER = "OTHER"


class Statistic(StrEnum):
    """What kind of number a result is."""

    MEDIAN = "MEDIAN"
    MEAN = "MEAN"
    MEAN_CHANGE = "MEAN_CHANGE"
    EVENT_RATE = "EVENT_RATE"
    RATE = "RATE"
    COUNT = "COUNT"
    HAZARD_RATIO = "HAZARD_RATIO"
    ODDS_RATIO = "ODDS_RATIO"
    RISK_RATIO = "RISK_RATIO"
    RATE_RATIO = "RATE_RATIO"
    MEAN_DIFFERENCE = "MEAN_DIFFERENCE"
    RATE_DIFFERENCE = "RATE_DIFFERENCE"
    RISK_REDUCTION = "RISK_REDUCTION"
    PERCENT_CHANGE = "PERCENT_CHANGE"
    OTHER = "OTHER"


class RegulatoryAction(StrEnum):
    """What an agency did, or was asked to do."""

    APPROVAL = "APPROVAL"
    ACCELERATED_APPROVAL = "ACCELERATED_APPROVAL"
    POSITIVE_OPINION = "POSITIVE_OPINION"
    SUBMISSION = "SUBMISSION"
    PRIORITY_REVIEW = "PRIORITY_REVIEW"
    BREAKTHROUGH = "BREAKTHROUGH"
    FAST_TRACK = "FAST_TRACK"
    ORPHAN = "ORPHAN"
    TRIAL_CLEARANCE = "TRIAL_CLEARANCE"
    CLINICAL_HOLD = "CLINICAL_HOLD"
    HOLD_LIFTED = "HOLD_LIFTED"
    COMPLETE_RESPONSE = "COMPLETE_RESPONSE"
    WITHDRAWAL = "WITHDRAWAL"


class Assessor(StrEnum):
    """Who read the outcome."""

    INDEPENDENT = "INDEPENDENT"
    INVESTIGATOR = "INVESTIGATOR"


class Analysis(StrEnum):
    """Which analysis an estimate comes from."""

    INTERIM = "INTERIM"
    PRIMARY = "PRIMARY"
    FINAL = "FINAL"
    UPDATED = "UPDATED"


class TruncationKind(StrEnum):
    """The five ways in which a passage is visibly incomplete."""

    CUT_SENTENCE = "CUT_SENTENCE"
    CUT_END = "CUT_END"
    CUT_START = "CUT_START"
    GAP = "GAP"
    LOST_ANTECEDENT = "LOST_ANTECEDENT"


class Support(StrEnum):
    """How the source supports a value."""

    QUOTED = "QUOTED"
    """The words stand in the span (typography forgiven, never a digit or a sign)."""
    NUMBER = "NUMBER"
    """The same number, digit for digit, stands in the span."""
    CUE = "CUE"
    """A closed-vocabulary value whose licensed wording stands in the span."""
    DERIVED = "DERIVED"
    """Computed from other grounded values; the spans are those that it was computed from."""


class Severity(StrEnum):
    """How much a flag should worry a reader."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
