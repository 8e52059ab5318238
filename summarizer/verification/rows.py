"""A result row against the estimates of the text: every number, and what the number is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.extraction.attribution import arm_in_words, why_not_this_trial
from summarizer.extraction.draft import DraftTrial
from summarizer.extraction.rules.discourse import Discourse
from summarizer.extraction.rules.links import doses_of, link, link_unattributed
from summarizer.reading.estimates.model import COMPARISONS, Estimate
from summarizer.reading.reader import Reading
from summarizer.schemas import ArmRole, Result
from summarizer.text import TextSpan
from summarizer.verification.wording import says_same


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a record says and the text does not."""

    field: str
    """Name of the leaf; empty for the row as a whole."""
    value: str
    """What the record says."""
    reason: str
    """Why that can't be."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The trial that a record gives a row to."""

    trial: DraftTrial | None
    """The trial as the rules read it; None for one that they don't know."""
    named: tuple[TextSpan, ...] = ()
    """Where the text names it."""


NOBODY = Owner(None)
_SHOWN = 60


def row_faults(
    reading: Reading, discourse: Discourse, row: Result, places: Sequence[TextSpan], owner: Owner | None
) -> list[Fault]:
    """What of a row the text does not say.

    Args:
        reading: the article.
        discourse: whom each sentence speaks of.
        row: what a record says.
        places: the passages that it is said to stand in.
        owner: the trial that it is said to belong to; None where the record leaves that open.

    Returns:
        The faults against the estimate of these passages that fits best; none when one fits.
    """
    found = [estimate for estimate in _nearby(reading, places) if any(_stands_in(estimate, place) for place in places)]
    if not found:
        shown = row.value_text or row.p_value or row.statistic.value
        return [Fault("", str(shown), "no reported estimate stands in the quoted passage")]
    judged = [list(_faults(reading, discourse, row, estimate, owner)) for estimate in found]
    return min(judged, key=len)


def _nearby(reading: Reading, places: Sequence[TextSpan]) -> Iterator[Estimate]:
    """Estimates of the passages' sentences and of those beside them."""
    numbers: set[int] = set()
    for place in places:
        first, last = reading.sentence_at(place.start), reading.sentence_at(place.end - 1)
        numbers.update(range(max(0, first - 1), min(len(reading.mentions), last + 2)))
    for number in sorted(numbers):
        yield from reading.mentions[number].estimates


def _stands_in(estimate: Estimate, place: TextSpan) -> bool:
    """A whole number of the estimate stands there: its value, a bound or its P value."""
    spans = [estimate.value_span]
    if estimate.interval is not None:
        spans += [estimate.interval.low_span, estimate.interval.high_span]
    if estimate.p is not None:
        spans.append(estimate.p.span)
    return any(place.covers(span) or span.covers(place) for span in spans)


def _faults(
    reading: Reading, discourse: Discourse, row: Result, estimate: Estimate, owner: Owner | None
) -> Iterator[Fault]:
    yield from _number_faults(reading, row, estimate)
    yield from _meaning_faults(row, estimate)
    if owner is not None:
        number = None if owner.trial is None else owner.trial.number
        reason = why_not_this_trial(reading, discourse, estimate, number, owner.named)
        if reason is not None:
            yield Fault("", row.value_text or str(row.value), reason)
    if row.arm is not None:
        yield from _arm_faults(reading, row.arm, estimate, owner)


def _number_faults(reading: Reading, row: Result, estimate: Estimate) -> Iterator[Fault]:
    interval = estimate.interval
    pairs: list[tuple[str, object, object]] = [
        ("value", row.value, estimate.value),
        ("ci_low", row.ci_low, interval.low if interval else None),
        ("ci_high", row.ci_high, interval.high if interval else None),
        ("ci_level", row.ci_level, interval.level if interval else None),
        ("p_value", row.p_value, estimate.p.value if estimate.p else None),
        ("numerator", row.numerator, estimate.numerator.value if estimate.numerator else None),
        ("denominator", row.denominator, estimate.denominator.value if estimate.denominator else None),
        ("value_text", row.value_text, reading.words(estimate.span)),
        ("unit", row.unit, estimate.unit),
    ]
    for field, stated, known in pairs:
        if stated is not None and not says_same(field, stated, known):
            yield Fault(field, str(stated), _told(known))
    if row.reached is not None and row.reached is not estimate.reached:
        yield Fault("reached", str(row.reached), "the text gives a number")


def _told(known: object) -> str:
    return "the text gives none with this estimate" if known is None else f"the text says {str(known)[:_SHOWN]}"


def _meaning_faults(row: Result, estimate: Estimate) -> Iterator[Fault]:
    if row.statistic is not estimate.statistic:
        yield Fault("statistic", row.statistic.value, f"the text reports a {estimate.statistic.value}")
    for field, phrase in (
        ("endpoint", estimate.endpoint),
        ("timepoint", estimate.timepoint),
        ("subgroup", estimate.subgroup),
    ):
        stated, known = getattr(row, field), phrase.value if phrase else None
        if stated is not None and not says_same(field, stated, known):
            yield Fault(field, stated, _told(known))
    if row.subgroup is None and estimate.subgroup is not None:
        yield Fault("subgroup", "all patients", f"the text says it of {estimate.subgroup.value[:_SHOWN]} only")
    for field, pair in (("assessor", estimate.assessor), ("analysis", estimate.analysis)):
        stated, known = getattr(row, field), pair[0] if pair else None
        if stated is not None and stated is not known:
            yield Fault(field, str(stated), _told(known))


def _arm_faults(reading: Reading, arm: str, estimate: Estimate, owner: Owner | None) -> Iterator[Fault]:
    """The text must say whose value it is: in the words beside it, or by the order of a comparison."""
    trial = None if owner is None else owner.trial
    arms = [] if trial is None else trial.arms
    if trial is None:
        told = link_unattributed(reading, estimate).arm
    else:
        doses = doses_of(reading, [result.estimate for result in trial.results])
        told = link(reading, estimate, arms, doses).arm
    if told is not None and says_same("arm", arm, told.value):
        return
    worded = arm_in_words(reading, estimate, arms)
    if told is None and worded is not None and estimate.statistic not in COMPARISONS:
        name = " + ".join(str(claim.value) for claim in worded.interventions)
        if says_same("arm", arm, name):
            return
    if told is not None:
        yield Fault("arm", arm, f"the text gives it to {told.value}")
    elif estimate.statistic in COMPARISONS and sum(a.role.value == ArmRole.EXPERIMENTAL.value for a in arms) < 2:
        yield Fault("arm", arm, "it compares the arms")
    else:
        yield Fault("arm", arm, "the text does not tell which arm it belongs to")
