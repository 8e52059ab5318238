"""What a model answers: the wire shape of the model engine. Short keys keep answers cheap; none of this is published.

A model selects numbers, it never writes them: estimates and patient counts are given to it with ids, and it answers
with ids. Every other value comes with the numbers of the sentences that it was read in. What is here is believed only
after grounding, so the shape is lenient: unknown keys are ignored, everything but the list of trials may be left out.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema

from .enums import ArmRole, EndpointRank, RegulatoryAction
from .lines import TrialLines, write_line


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


Item = TypeVar("Item", bound=BaseModel)
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
    f: list[str] = Field(default_factory=list[str])
    """What is said about it, a line each."""
    a: SkipJsonSchema[list[AnswerAttribute]] = Field(default_factory=list[AnswerAttribute])
    """Attributes."""
    g: SkipJsonSchema[list[AnswerArm]] = Field(default_factory=list[AnswerArm])
    """Arms."""
    c: SkipJsonSchema[int | None] = None
    """Id of the patient count that is its enrolment."""
    p: SkipJsonSchema[list[AnswerEndpoint]] = Field(default_factory=list[AnswerEndpoint])
    """Declared endpoints."""
    x: SkipJsonSchema[list[AnswerEvent]] = Field(default_factory=list[AnswerEvent])
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
    """Everything that a model says about one passage.

    A model answers in lines (``f`` of each trial). Read, they become the objects beside them; objects are taken too.
    """

    t: list[AnswerTrial]
    """Trials."""
    r: SkipJsonSchema[list[AnswerLink]] = Field(default_factory=list[AnswerLink])
    """Links of estimates."""
    q: SkipJsonSchema[list[AnswerQuote]] = Field(default_factory=list[AnswerQuote])
    """Estimates without an id."""
    u: SkipJsonSchema[list[str]] = Field(default_factory=list[str])
    """Lines that could not be read."""

    @model_validator(mode="after")
    def _read_lines(self) -> ModelAnswer:
        for place, trial in enumerate(self.t):
            if trial.f:
                lines = TrialLines(place, trial.f)
                self.u += lines.unread
                trial.a += self._valid(AnswerAttribute, lines.attributes)
                trial.g += self._valid_arms(lines)
                trial.p += self._valid(AnswerEndpoint, lines.endpoints)
                trial.x += self._valid(AnswerEvent, lines.events)
                trial.c = trial.c if lines.enrollment is None else lines.enrollment
                self.r += self._valid(AnswerLink, lines.links)
                self.q += self._valid(AnswerQuote, lines.quotes)
                trial.f = []
        return self

    def _valid(self, model: type[Item], found: list[dict[str, Any]]) -> list[Item]:
        """The facts of the right shape; the others (an attribute or a role that does not exist) are kept aside."""
        valid: list[Item] = []
        for fact in found:
            try:
                valid.append(model.model_validate(fact))
            except ValidationError:
                self.u.append(" ".join(str(value) for value in fact.values()))
        return valid

    def _valid_arms(self, lines: TrialLines) -> list[AnswerArm]:
        """The arms; the places of those after one of the wrong shape stay right."""
        arms: list[AnswerArm] = []
        places: dict[int, int] = {}
        for place, fact in enumerate(lines.arms):
            found = self._valid(AnswerArm, [fact])
            if found:
                places[place] = len(arms)
                arms += found
        for link in lines.links:
            if "a" in link:
                link["a"] = places.get(cast("int", link["a"]))
        return arms


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


def write_answer(answer: ModelAnswer) -> str:
    """An answer in lines, as JSON: what a model would have to write to say the same."""
    trials: list[dict[str, Any]] = []
    for place, trial in enumerate(answer.t):
        links = [link for link in answer.r if link.t == place]
        lines = [write_line(item.k.value, item.v, item.s) for item in trial.a]
        if trial.c is not None:
            lines.append(write_line("enrollment", "", [], trial.c))
        for number, arm in enumerate(trial.g):
            own = [estimate for link in links if link.a == number for estimate in link.e]
            lines.append(write_line("arm", f"{arm.r.value} {' + '.join(arm.v)}", arm.s, arm.c, *own))
        lines += [write_line("endpoint", f"{item.r.value} {item.v}", item.s) for item in trial.p]
        lines += [write_line("event", item.v.value, item.s) for item in trial.x]
        armless = [estimate for link in links if link.a is None for estimate in link.e]
        if armless:
            lines.append(write_line("results", "", [], None, *armless))
        for key, name in (("timepoint", "p"), ("subgroup", "g")):
            groups: dict[tuple[str, tuple[int, ...]], list[int]] = {}
            for link in links:
                if words := getattr(link, name):
                    groups.setdefault((words, tuple(link.s)), []).extend(link.e)
            lines += [write_line(key, words, list(cited), None, *own) for (words, cited), own in groups.items()]
        lines += [write_line("quote", item.q, [item.s]) for item in answer.q if item.t == place]
        trials.append({"n": trial.n, "s": trial.s, "m": trial.m, "f": lines})
    return json.dumps({"t": trials}, ensure_ascii=False, separators=(",", ":"))
