"""What the mention readers return."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from summarizer.schemas import RegulatoryAction
from summarizer.text import TextSpan


class DesignationKind(StrEnum):
    """What kind of name a trial is called by."""

    NAME = "NAME"
    PROTOCOL = "PROTOCOL"
    REGISTRY = "REGISTRY"


@dataclass(frozen=True, slots=True)
class Designation:
    """A name, protocol code or registry number of a trial."""

    text: str
    """As written in the article (typography folded)."""
    kind: DesignationKind
    span: TextSpan


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A wording that licenses a closed-vocabulary value."""

    field: str
    """Field of the trial record."""
    value: str
    """Enum value, or ``true``."""
    span: TextSpan


@dataclass(frozen=True, slots=True)
class StudyPhrase:
    """A noun phrase for a study without its name: "a phase 2 study", "the trial", "both trials"."""

    span: TextSpan
    definite: bool
    """True for "the trial", "this study"; False when it introduces a study."""
    plural: bool
    """True for "both trials", "the three studies"."""
    fresh: bool
    """True when its words say that it is another study ("an earlier phase 1 study", "a different trial")."""


@dataclass(frozen=True, slots=True)
class Venue:
    """A meeting or journal."""

    name: str
    span: TextSpan
    is_journal: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, cooperative group or institution."""

    name: str
    """Legal ending dropped."""
    span: TextSpan


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date, to the precision given."""

    iso: str
    span: TextSpan


@dataclass(frozen=True, slots=True)
class Agency:
    """A regulatory agency or the country it stands for."""

    name: str
    span: TextSpan


@dataclass(frozen=True, slots=True)
class ActionMention:
    """A regulatory action in a sentence."""

    action: RegulatoryAction
    span: TextSpan


@dataclass(frozen=True, slots=True)
class PatientCount:
    """A number of patients."""

    value: int
    span: TextSpan
    planned: bool
    """True when the words say that they are to be enrolled."""
    phrase: TextSpan
    """The words that say so."""
