"""Drafts that no honest extractor proposes: values with the wrong passage, with none, with changed digits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from summarizer.extraction.draft import Claim, Draft, DraftArm, DraftEndpoint, DraftEvent, DraftResult, DraftTrial
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.reader import Reading
from summarizer.schemas import (
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
    Support,
)
from summarizer.text import TextSpan

_CHOICES: dict[str, Sequence[str | bool]] = {
    "focus": tuple(Focus),
    "status": tuple(Status),
    "allocation": tuple(Allocation),
    "masking": tuple(Masking),
    "intervention_model": tuple(InterventionModel),
    "enrollment_type": tuple(EnrollmentType),
    "role": tuple(ArmRole),
    "rank": tuple(EndpointRank),
    "action": tuple(RegulatoryAction),
    "phases": tuple(Phase),
    "settings": tuple(Setting),
    "multicenter": (True,),
    "international": (True,),
    "registrational": (True,),
}
"""Fields whose values are a closed list: an extractor can propose no others, its own types forbid it."""
_NUMBERS = frozenset({"enrollment", "n"})
_SCALARS = ("status", "allocation", "masking", "intervention_model", "enrollment", "enrollment_type")
_FLAGS = ("multicenter", "international", "registrational")
_LISTS = ("aliases", "registry_ids", "sponsors", "phases", "conditions", "biomarkers", "settings", "prior_therapies")
_DIGITS = "0123456789"


def random_draft(chance: random.Random, reading: Reading, words: str) -> Draft:
    """A draft of a few trials about a text.

    Args:
        chance: Source of chance.
        reading: The text, read.
        words: Words that proposed values may be made of, besides those of the text.
    """
    return _Drafter(chance, reading, words).draft()


class _Drafter:
    def __init__(self, chance: random.Random, reading: Reading, words: str) -> None:
        self._chance = chance
        self._reading = reading
        self._words = words

    def draft(self) -> Draft:
        trials = [self._trial() for _ in range(self._chance.randint(0, 3))]
        return Draft(trials, [self._result() for _ in range(self._chance.randint(0, 3)) if self._reading.estimates])

    def _trial(self) -> DraftTrial:
        return DraftTrial(
            focus=self._claim("focus"),
            name=self._maybe("name"),
            scalars={name: self._claim(name) for name in (*_SCALARS, *_FLAGS) if self._chance.random() < 0.5},
            lists={name: self._some(name) for name in _LISTS if self._chance.random() < 0.5},
            arms=[
                DraftArm(self._claim("role"), self._some("interventions"), self._maybe("n"))
                for _ in range(self._chance.randint(0, 2))
            ],
            endpoints=[
                DraftEndpoint(self._claim("endpoint"), self._claim("rank")) for _ in range(self._chance.randint(0, 2))
            ],
            events=[
                DraftEvent(self._claim("action"), self._maybe("agency"), self._maybe("date"))
                for _ in range(self._chance.randint(0, 2))
            ],
            results=[self._result() for _ in range(self._chance.randint(0, 4)) if self._reading.estimates],
        )

    def _maybe(self, field: str) -> Claim | None:
        return self._claim(field) if self._chance.random() < 0.6 else None

    def _some(self, field: str) -> list[Claim]:
        return [self._claim(field) for _ in range(self._chance.randint(0, 3))]

    def _claim(self, field: str) -> Claim:
        spans = tuple(self._span() for _ in range(self._chance.choice((0, 1, 1, 1, 2))))
        return Claim(self._value(field, spans), spans, self._chance.choice(tuple(Support)), "fuzzing")

    def _span(self) -> TextSpan:
        """A passage: a mention of the reading, any stretch of the text, or a place that is none."""
        length = len(self._reading.folded)
        kind = self._chance.random()
        if kind < 0.5:
            mentions = self._chance.choice(self._reading.mentions)
            places = [
                *(cue.span for cue in mentions.cues),
                *(TextSpan(drug.start, drug.end) for drug in mentions.drugs),
                *(name.span for name in mentions.designations),
                *(count.span for count in mentions.counts),
                *(venue.span for venue in mentions.venues),
            ]
            if places:
                return self._chance.choice(places)
        if kind < 0.9:
            start = self._chance.randrange(length)
            return TextSpan(start, min(length, start + self._chance.randint(1, 200)))
        return TextSpan(self._chance.randint(-5, length + 5), self._chance.randint(-5, length + 5))

    def _value(self, field: str, spans: Sequence[TextSpan]) -> str | int | bool:
        if field in _CHOICES:
            chosen = self._chance.choice(_CHOICES[field])
            return chosen if isinstance(chosen, bool) else str(chosen)
        passage = self._reading.words(self._chance.choice(spans)) if spans else self._words
        if field in _NUMBERS:
            digits = "".join(character for character in passage if character in _DIGITS)[:6]
            return int(digits or 0) + self._chance.choice((0, 0, 1, -1, 10))
        start = self._chance.randrange(len(passage) + 1)
        made = passage[start : start + self._chance.randint(1, 40)] or self._words[:40]
        return self._with_changed_digit(made) if self._chance.random() < 0.4 else made

    def _with_changed_digit(self, text: str) -> str:
        places = [place for place, character in enumerate(text) if character in _DIGITS]
        if not places:
            return text
        place = self._chance.choice(places)
        return text[:place] + self._chance.choice(_DIGITS) + text[place + 1 :]

    def _result(self) -> DraftResult:
        """An estimate of the reading, now and then with a number, a bound or a place that is not its own."""
        estimate = self._chance.choice(self._reading.estimates)
        for change in (self._other_value, self._other_place, self._other_bound, self._other_p):
            if self._chance.random() < 0.2:
                estimate = change(estimate)
        return DraftResult(estimate, self._maybe("arm"), self._maybe("timepoint"), self._maybe("subgroup"))

    def _other_value(self, estimate: Estimate) -> Estimate:
        return replace(estimate, value=self._chance.choice((0.5, -1.0, 1e9, estimate.value and estimate.value / 10)))

    def _other_place(self, estimate: Estimate) -> Estimate:
        return replace(estimate, value_span=self._chance.choice(self._reading.estimates).value_span)

    def _other_bound(self, estimate: Estimate) -> Estimate:
        other = self._chance.choice(self._reading.estimates).interval
        if estimate.interval is None or other is None:
            return estimate
        return replace(estimate, interval=replace(estimate.interval, low=other.low, level=other.level))

    def _other_p(self, estimate: Estimate) -> Estimate:
        if estimate.p is None:
            return estimate
        return replace(estimate, p=replace(estimate.p, value=self._with_changed_digit(estimate.p.value)))
