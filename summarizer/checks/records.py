"""Checks of a record against itself and against the damage of its text."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.reading.mentions.cues import find_cues
from summarizer.reading.reader import Reading
from summarizer.schemas import Flag, Severity, Summary, TruncationKind
from summarizer.text import TextSpan


def arms_against_enrollment(summary: Summary) -> Iterator[Flag]:
    """Arm sizes, where every arm has one, add up to the enrolment."""
    for number, trial in enumerate(summary.trials):
        sizes = [arm.n for arm in trial.arms if arm.n is not None]
        if trial.enrollment is None or len(sizes) < 2 or len(sizes) != len(trial.arms):
            continue
        if sum(sizes) != trial.enrollment:
            yield Flag(
                code="arms-against-enrollment",
                severity=Severity.WARNING,
                pointer=f"/trials/{number}/enrollment",
                message=f"arms add up to {sum(sizes)}, enrolment is {trial.enrollment}",
            )


def headline_against_body(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """The phase in the headline differs from the phase in the text."""
    if not reading.sentences:
        return
    first = reading.sentences[0]
    headline = {
        cue.value for cue in find_cues(reading.folded, TextSpan(first.start, first.end)) if cue.field == "phases"
    }
    for number, trial in enumerate(summary.trials):
        phases = {phase.value for phase in trial.phases}
        if trial.focus.value == "MAIN" and headline and phases and not headline & phases:
            yield Flag(
                code="headline-against-body",
                severity=Severity.WARNING,
                pointer=f"/trials/{number}/phases",
                message=f"headline says {', '.join(sorted(headline))}, the text {', '.join(sorted(phases))}",
            )


_CAN_BE_LOST = ("name", "enrollment", "presented_at", "conditions", "phases")


def empty_next_to_cut(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """A field that is empty although a sentence about the trial is cut: unknown, not absent."""
    cuts = [
        damage
        for damage in reading.damage
        if damage.kind
        in (TruncationKind.CUT_SENTENCE, TruncationKind.GAP, TruncationKind.CUT_START, TruncationKind.CUT_END)
    ]
    if not cuts:
        return
    places = "1 place" if len(cuts) == 1 else f"{len(cuts)} places"
    for number, trial in enumerate(summary.trials):
        if trial.focus.value != "MAIN":
            continue
        for name in _CAN_BE_LOST:
            if not getattr(trial, name):
                yield Flag(
                    code="unknown-near-cut",
                    severity=Severity.INFO,
                    pointer=f"/trials/{number}/{name}",
                    message=f"{name} is empty, and the text is cut in {places}: unknown, not absent",
                )


def lost_results(summary: Summary) -> Iterator[Flag]:
    """Results whose trial the text does not tell."""
    for place, row in enumerate(summary.unattributed_results):
        yield Flag(
            code="trial-unknown",
            severity=Severity.WARNING,
            pointer=f"/unattributed_results/{place}",
            message=f"the text does not tell which trial this {row.endpoint or 'result'} belongs to",
        )
