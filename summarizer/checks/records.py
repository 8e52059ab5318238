"""Checks of a record against itself and against the damage of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.reading.mentions.cues import find_cues
from summarizer.reading.reader import Reading
from summarizer.schemas import Flag, Severity, Summary, TruncationKind
from summarizer.text import TextSpan


def arms_against_enrollment(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """Arm sizes, where every arm has one, add up to the enrolment.

    Not where the text prints their sum: then they are of a set that it names, the treated or the evaluable patients.
    """
    for number, trial in enumerate(summary.trials):
        sizes = [arm.n for arm in trial.arms if arm.n is not None]
        if trial.enrollment is None or len(sizes) < 2 or len(sizes) != len(trial.arms):
            continue
        if sum(sizes) != trial.enrollment and not _is_printed(sum(sizes), reading):
            yield Flag(
                code="arms-against-enrollment",
                severity=Severity.WARNING,
                pointer=f"/trials/{number}/enrollment",
                message=f"arms add up to {sum(sizes)}, enrolment is {trial.enrollment}",
            )


def _is_printed(number: int, reading: Reading) -> bool:
    if str(number) not in reading.folded and f"{number:,}" not in reading.folded:
        return False
    return re.search(rf"(?<![\w.,])(?:{number}|{number:,})(?![\w%]|[.,]\d)", reading.folded) is not None


_N = r"(?:\d{1,3}(?:,\d{3})+|\d{2,6})"
_GOES_TO = r"(?: (?:patients|participants|people|adults|men|women))?(?: (?:were|was))?(?: [a-z]+ed)?(?: to| in| on)?\b"
_TWO_SIZES = re.compile(
    rf"[^.;]{{0,160}}?(?:[,:(] ?(?:with |including )?(?P<first>{_N}){_GOES_TO} [^.;\d]{{2,80}}?"
    rf"(?:,| and| or)? ?(?:and|or|,) (?P<second>{_N}){_GOES_TO} "
    rf"|\((?P<one>{_N}) (?:and|vs\.?|versus) (?P<other>{_N})\))"
)
"""Behind an enrolment: "412 patients, 275 to A and 137 to B", "443 patients (221 and 222)"."""
_NEARLY = 0.7, 1.4
"""Two numbers that make so much of the enrolment are meant to make all of it."""


def unread_arms_against_enrollment(summary: Summary, reading: Reading) -> Iterator[Flag]:
    """Two arm sizes printed behind the enrolment add up to it, also where the reader took neither of them."""
    for number, trial in enumerate(summary.trials):
        pointer = f"/trials/{number}/enrollment"
        if trial.enrollment is None or len(trial.arms) != 2 or all(arm.n is not None for arm in trial.arms):
            continue
        for span in summary.evidence.get(pointer, ()):
            match = _TWO_SIZES.match(reading.folded, span.end)
            if match is None:
                continue
            sizes = [int((match[a] or match[b]).replace(",", "")) for a, b in (("first", "one"), ("second", "other"))]
            total = sum(sizes)
            if (
                total != trial.enrollment
                and not _is_printed(total, reading)
                and _NEARLY[0] <= total / trial.enrollment <= _NEARLY[1]
            ):
                yield Flag(
                    code="arms-against-enrollment",
                    severity=Severity.WARNING,
                    pointer=pointer,
                    message=f"{sizes[0]} and {sizes[1]} behind it add up to {total}, enrolment is {trial.enrollment}",
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
