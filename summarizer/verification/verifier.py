"""Every value of a summary against the text of its article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from summarizer.grounding.quotes import QuoteFinder
from summarizer.reading.reader import Reading
from summarizer.schemas import Arm, Rejection, Result, Span, Summary, TrialRecord
from summarizer.text import TextSpan
from summarizer.verification.attributes import AttributeJudge, Knowledge, Told
from summarizer.verification.cited import Cited
from summarizer.verification.owners import Owners
from summarizer.verification.rows import Fault, Owner, row_faults

_LISTED = ("aliases", "registry_ids", "sponsors", "phases", "conditions", "biomarkers", "settings", "prior_therapies")
_SINGLE = (
    "name", "focus", "status", "allocation", "masking", "intervention_model", "multicenter", "international",
    "registrational", "enrollment", "enrollment_type",
)  # fmt: skip
_LONGEST_SHOWN = 80
_NOWHERE = "the quoted words do not stand in the text"


class Verifier:
    """Judges summaries of one article, whoever made them, by reading the article anew.

    Args:
        reading: the article.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._quotes = QuoteFinder(reading.article.text)
        self._owners = Owners(reading, self._quotes)

    @cached_property
    def _knowledge(self) -> Knowledge:
        return Knowledge(self._reading, self._owners.discourse)

    def verify(self, summary: Summary) -> list[Rejection]:
        """Everything in the records of a summary that the text does not say, with the reason; nothing if all is said.

        Args:
            summary: records with evidence, of this article. Of the evidence only the quoted words count, in any
                typography; its offsets tell which of several equal passages is meant.
        """
        cited = Cited(summary, self._place)
        found: list[Rejection] = []
        for number, trial in enumerate(summary.trials):
            owner = self._owner(cited, number)
            for pointer, told in attribute_leaves(trial, f"/trials/{number}"):
                found += self._attribute(cited, pointer, told, owner, trial)
            for place, row in enumerate(trial.results):
                found += self._row(cited, f"/trials/{number}/results/{place}", row, owner)
        for place, row in enumerate(summary.unattributed_results):
            found += self._row(cited, f"/unattributed_results/{place}", row, None)
        return found

    def verify_leaf(self, summary: Summary, pointer: str) -> list[Rejection]:
        """What is wrong with one value and, for a value of a result, with the row that it is part of.

        Args:
            summary: the records.
            pointer: JSON pointer (RFC 6901) of the value.

        Raises:
            KeyError: if the summary has no such value.
        """
        parts = pointer.split("/")
        cited = Cited(summary, self._place)
        if parts[1] == "unattributed_results":
            return self._row(cited, "/".join(parts[:3]), summary.unattributed_results[int(parts[2])], None)
        number = int(parts[2])
        trial, owner = summary.trials[number], self._owner(cited, number)
        if parts[3] == "results":
            return self._row(cited, "/".join(parts[:5]), trial.results[int(parts[4])], owner)
        told = dict(attribute_leaves(trial, f"/trials/{number}"))[pointer]
        return self._attribute(cited, pointer, told, owner, trial)

    def _owner(self, cited: Cited, number: int) -> Owner:
        introduced, _ = cited.of_value(f"/trials/{number}/focus")
        return self._owners.find(cited.summary.trials[number], introduced)

    def _row(self, cited: Cited, pointer: str, row: Result, owner: Owner | None) -> list[Rejection]:
        places, lost = cited.of_row(pointer)
        if lost is not None:
            return [_rejection(pointer, Fault("", lost, _NOWHERE), ())]
        faults = row_faults(self._reading, self._owners.discourse, row, places, owner)
        return [_rejection(pointer, fault, self._sentences(places)) for fault in faults]

    def _attribute(self, cited: Cited, pointer: str, told: Told, owner: Owner, record: TrialRecord) -> list[Rejection]:
        places, lost = cited.of_value(pointer)
        if lost is not None:
            return [_rejection(pointer, Fault("", lost, _NOWHERE), ())]
        if not places:
            return [_rejection(pointer, Fault("", str(told.value), "no passage was cited"), ())]
        reason = AttributeJudge(self._knowledge, owner, record).why_not(told, places)
        if reason is None:
            return []
        return [_rejection(pointer, Fault("", str(told.value), reason), self._sentences(places))]

    def _place(self, span: Span) -> TextSpan | None:
        """Where the words of a passage stand."""
        if self._reading.article.text[span.start : span.end] == span.text and span.text.strip():
            return TextSpan(span.start, span.end)
        return self._quotes.find(span.text, span.start)

    def _sentences(self, places: Sequence[TextSpan]) -> list[int]:
        return sorted({self._reading.sentence_at(place.start) for place in places})


def attribute_leaves(trial: TrialRecord, pointer: str) -> Iterator[tuple[str, Told]]:
    """Pointer and value of everything that a record says of a trial, its results apart."""
    for field in _SINGLE:
        value = getattr(trial, field)
        if value is not None:
            yield f"{pointer}/{field}", Told(field, value)
    for field in (*_LISTED, "presented_at"):
        for place, value in enumerate(getattr(trial, field)):
            yield f"{pointer}/{field}/{place}", Told(field, value)
    for number, arm in enumerate(trial.arms):
        yield from _arm_leaves(arm, f"{pointer}/arms/{number}")
    yield from _declared_leaves(trial, pointer)


def _arm_leaves(arm: Arm, inside: str) -> Iterator[tuple[str, Told]]:
    yield f"{inside}/role", Told("role", arm.role, arm=arm)
    for place, value in enumerate(arm.interventions):
        yield f"{inside}/interventions/{place}", Told("interventions", value, arm=arm)
    if arm.n is not None:
        yield f"{inside}/n", Told("n", arm.n, arm=arm)


def _declared_leaves(trial: TrialRecord, pointer: str) -> Iterator[tuple[str, Told]]:
    for number, declared in enumerate(trial.endpoints):
        inside = f"{pointer}/endpoints/{number}"
        yield f"{inside}/endpoint", Told("endpoint", declared.endpoint, declared=declared)
        yield f"{inside}/rank", Told("rank", declared.rank, declared=declared)
    for number, event in enumerate(trial.regulatory_events):
        for field in ("action", "agency", "date"):
            value = getattr(event, field)
            if value is not None:
                yield f"{pointer}/regulatory_events/{number}/{field}", Told(field, value, event=event)


def _rejection(pointer: str, fault: Fault, sentences: Sequence[int]) -> Rejection:
    place = f"{pointer}/{fault.field}" if fault.field else pointer
    return Rejection(pointer=place, value=fault.value[:_LONGEST_SHOWN], reason=fault.reason, sentences=list(sentences))
