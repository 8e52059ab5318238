"""Every value of a summary against the text of its article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from summarizer.extraction.draft import DraftTrial
from summarizer.extraction.rules.clusters import same_form
from summarizer.extraction.rules.discourse import Discourse, follow_discourse
from summarizer.extraction.rules.engine import draft_trials
from summarizer.grounding.quotes import QuoteFinder
from summarizer.reading.reader import Reading
from summarizer.schemas import Arm, Rejection, Summary, TrialRecord
from summarizer.text import TextSpan
from summarizer.verification.attributes import AttributeJudge, Told
from summarizer.verification.rows import Fault, Owner, row_faults

_LISTED = ("aliases", "registry_ids", "sponsors", "phases", "conditions", "biomarkers", "settings", "prior_therapies")
_SINGLE = (
    "name", "focus", "status", "allocation", "masking", "intervention_model", "multicenter", "international",
    "registrational", "enrollment", "enrollment_type",
)  # fmt: skip
_LONGEST_SHOWN = 80


class Verifier:
    """Judges summaries of one article, whoever made them, by reading the article anew.

    Args:
        reading: the article.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._quotes = QuoteFinder(reading.article.text)

    @cached_property
    def _discourse(self) -> Discourse:
        return follow_discourse(self._reading)

    @cached_property
    def _drafts(self) -> dict[int, DraftTrial]:
        drafts, _ = draft_trials(self._reading, self._discourse)
        return {draft.number: draft for draft in drafts if draft.number is not None}

    def verify(self, summary: Summary) -> list[Rejection]:
        """Everything in the records of a summary that the text does not say, with the reason; nothing if all is said.

        Args:
            summary: records with evidence, of this article. Of the evidence only the quoted words count, in any
                typography; its offsets tell which of several equal passages is meant.
        """
        found: list[Rejection] = []
        for number, trial in enumerate(summary.trials):
            found += self.verify_trial(summary, number)
            found += [each for row in range(len(trial.results)) for each in self.verify_row(summary, row, number)]
        for row in range(len(summary.unattributed_results)):
            found += self.verify_row(summary, row, None)
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
        if parts[1] == "unattributed_results":
            return self.verify_row(summary, int(parts[2]), None)
        number = int(parts[2])
        if parts[3] == "results":
            return self.verify_row(summary, int(parts[4]), number)
        told = dict(attribute_leaves(summary.trials[number], f"/trials/{number}"))
        return self.verify_attribute(summary, number, pointer, told[pointer])

    def verify_row(self, summary: Summary, row: int, trial: int | None) -> list[Rejection]:
        """What of one result the text does not say.

        Args:
            summary: the records.
            row: place of the result.
            trial: place of its trial; None for an unattributed result.
        """
        if trial is None:
            pointer, result = f"/unattributed_results/{row}", summary.unattributed_results[row]
            owner = None
        else:
            pointer, result = f"/trials/{trial}/results/{row}", summary.trials[trial].results[row]
            owner = self._owner(summary, trial)
        places, lost = self._places(summary, pointer)
        if lost is not None:
            return [_rejection(pointer, Fault("", lost, "the quoted words do not stand in the text"), ())]
        faults = row_faults(self._reading, self._discourse, result, places, owner)
        return [_rejection(pointer, fault, self._sentences(places)) for fault in faults]

    def verify_trial(self, summary: Summary, number: int) -> list[Rejection]:
        """What is said of one trial, its results apart, and not in the text."""
        return [
            rejection
            for pointer, told in attribute_leaves(summary.trials[number], f"/trials/{number}")
            for rejection in self.verify_attribute(summary, number, pointer, told)
        ]

    def verify_attribute(self, summary: Summary, number: int, pointer: str, told: Told) -> list[Rejection]:
        """Whether the text says one thing that a record tells of a trial."""
        places, lost = self._places(summary, pointer)
        if lost is not None:
            return [_rejection(pointer, Fault("", lost, "the quoted words do not stand in the text"), ())]
        if not places:
            return [_rejection(pointer, Fault("", str(told.value), "no passage was cited"), ())]
        owner = self._owner(summary, number)
        judge = AttributeJudge(self._reading, self._discourse, owner, summary.trials[number])
        reason = judge.why_not(told, places)
        if reason is None:
            return []
        return [_rejection(pointer, Fault("", str(told.value), reason), self._sentences(places))]

    # ------------------------------------------------------------------------------------------------ evidence

    def _places(self, summary: Summary, pointer: str) -> tuple[list[TextSpan], str | None]:
        """Where the quoted words of a leaf, or of all leaves of a row, stand; and the first quote that does not."""
        found: list[TextSpan] = []
        for key, spans in summary.evidence.items():
            if key != pointer and not key.startswith(pointer + "/"):
                continue
            for span in spans:
                place = self._place(span.text, span.start, span.end)
                if place is None:
                    return found, span.text[:_LONGEST_SHOWN]
                found.append(place)
        return found, None

    def _place(self, words: str, start: int, end: int) -> TextSpan | None:
        if self._reading.article.text[start:end] == words and words.strip():
            return TextSpan(start, end)
        return self._quotes.find(words, start)

    def _sentences(self, places: Sequence[TextSpan]) -> list[int]:
        return sorted({self._reading.sentence_at(place.start) for place in places})

    # ------------------------------------------------------------------------------------------------ identity

    def _owner(self, summary: Summary, number: int) -> Owner:
        """The trial of the text that a record is about: by what it rests on, then by its names."""
        record = summary.trials[number]
        votes: dict[int, int] = {}
        for owner in self._owners_by_name(record):
            votes[owner] = votes.get(owner, 0) + 1
        anchored = self._anchored(summary, number)
        for owner in anchored:
            votes[owner] = votes.get(owner, 0) + 1
        if not votes:
            return Owner(None, self._named(record))
        best = max(votes, key=lambda owner: (votes[owner], owner in anchored))
        draft = self._drafts.get(best)
        return Owner(draft, self._named(record) if draft is None else draft.anchors)

    def _owners_by_name(self, record: TrialRecord) -> Iterator[int]:
        stated = {same_form(name) for name in (record.name, *record.aliases, *record.registry_ids) if name}
        for node in self._discourse.trials:
            if any(same_form(designation.text) in stated for designation in node.designations):
                yield node.number

    def _anchored(self, summary: Summary, number: int) -> set[int]:
        """The trials that the text names or describes where the record says that this one is introduced."""
        places, _ = self._places(summary, f"/trials/{number}/focus")
        return {
            node.number
            for node in self._discourse.trials
            if any(anchor.overlaps(place) for anchor in node.anchors for place in places)
        }

    def _named(self, record: TrialRecord) -> tuple[TextSpan, ...]:
        place = self._quotes.find(record.name) if record.name else None
        return () if place is None else (place,)


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
