"""What an extractor proposes: claims, each with where it was read. Grounding decides which of them enter the record."""

from __future__ import annotations

from dataclasses import dataclass, field

from summarizer.reading.estimates.model import Estimate, Phrase
from summarizer.schemas import Support
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class Claim:
    """A proposed value and the passages that it rests on."""

    value: str | int | bool | None
    """The value as the record would hold it (enum values as their text)."""
    spans: tuple[TextSpan, ...]
    """Passages of the article's text."""
    support: Support
    """How the passages are said to support it."""
    rule: str
    """Name of the rule (or "model") that proposed it."""


@dataclass(slots=True)
class DraftArm:
    """A proposed arm."""

    role: Claim
    interventions: list[Claim]
    n: Claim | None = None
    wordings: tuple[str, ...] = ()
    """Words that the text uses for this arm, case-folded: for matching results to arms."""
    dose: Phrase | None = None
    """The dose of its first intervention, where the trial has another arm with the same interventions."""


@dataclass(slots=True)
class DraftEndpoint:
    """A proposed declared endpoint."""

    endpoint: Claim
    rank: Claim


@dataclass(slots=True)
class DraftEvent:
    """A proposed regulatory event."""

    action: Claim
    agency: Claim | None = None
    date: Claim | None = None


@dataclass(slots=True)
class DraftResult:
    """An estimate of the Reading and the links that are proposed for it. Numbers are never proposed, only selected."""

    estimate: Estimate
    arm: Claim | None = None
    timepoint: Claim | None = None
    subgroup: Claim | None = None


@dataclass(slots=True)
class DraftTrial:
    """A proposed trial."""

    focus: Claim
    name: Claim | None = None
    scalars: dict[str, Claim] = field(default_factory=dict[str, Claim])
    """Single-valued fields of the record: status, allocation, enrollment ..."""
    lists: dict[str, list[Claim]] = field(default_factory=dict[str, list[Claim]])
    """List-valued fields of plain values: aliases, phases, conditions ..."""
    arms: list[DraftArm] = field(default_factory=list[DraftArm])
    endpoints: list[DraftEndpoint] = field(default_factory=list[DraftEndpoint])
    events: list[DraftEvent] = field(default_factory=list[DraftEvent])
    results: list[DraftResult] = field(default_factory=list[DraftResult])
    anchors: tuple[TextSpan, ...] = ()
    """Where the text names or describes it."""
    number: int | None = None
    """Its number in the discourse; None for a trial that the discourse does not know."""

    @property
    def has_facts(self) -> bool:
        """True when the text says anything about it beyond its name."""
        facts = [name for name, claims in self.lists.items() if claims and name != "aliases"]
        return bool(facts or self.scalars or self.arms or self.endpoints or self.events or self.results)


@dataclass(slots=True)
class Draft:
    """Everything that an extractor proposes for one article."""

    trials: list[DraftTrial] = field(default_factory=list[DraftTrial])
    unattributed: list[DraftResult] = field(default_factory=list[DraftResult])
    refused: list[Refusal] = field(default_factory=list["Refusal"])
    """What was proposed and taken back before grounding: it goes to ``rejected`` with its reason."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A proposed value that was refused."""

    place: str
    """JSON pointer (RFC 6901) into what was proposed."""
    field: str
    """Field of the trial record."""
    value: str
    """The value, as text."""
    reason: str
    """Why."""
    sentences: tuple[int, ...] = ()
    """Sentences that were cited."""
