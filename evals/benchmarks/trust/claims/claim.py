"""A claim: one value of a record about an article, with the words that it is said to stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from summarizer.evaluation.grounds import iterate_record_leaves
from summarizer.schemas import Result, Span, Summary, Support, TrialRecord

from ..material import Specimen

_FEWEST_WORDS = 5
"""A shorter passage is quoted with its whole sentence: "13.3" alone says nothing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article that a claim rests on."""

    start: int
    """Where they stand, in code points."""
    words: str
    """The words."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A true value: what the rules read, with its evidence, in the place where a record has it."""

    specimen: Specimen
    pointer: str
    """JSON pointer in the specimen's summary."""
    value: Any
    passage: Passage
    """What one would quote for it."""
    span: Passage
    """The value's own words."""

    @property
    def field(self) -> str:
        """Name of the field, without its place in a list."""
        return next(part for part in reversed(self.pointer.split("/")) if not part.isdigit())

    @property
    def trial(self) -> int | None:
        """Place of its trial; None for an unattributed result."""
        parts = self.pointer.split("/")
        return int(parts[2]) if parts[1] == "trials" else None

    @property
    def row(self) -> Result | None:
        """The result that it is part of."""
        parts = self.pointer.split("/")
        if parts[1] == "unattributed_results":
            return self.specimen.summary.unattributed_results[int(parts[2])]
        if parts[3] == "results":
            return self.specimen.summary.trials[int(parts[2])].results[int(parts[4])]
        return None

    @property
    def row_pointer(self) -> str:
        """Pointer of the result, or of the value itself outside results."""
        parts = self.pointer.split("/")
        if parts[1] == "unattributed_results":
            return "/".join(parts[:3])
        return "/".join(parts[:5]) if parts[3] == "results" else self.pointer


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says that an article says."""

    specimen: Specimen
    kind: str
    """How it was made: ``one digit changed``."""
    told: Summary
    """The claim as a record of one trial, or of one unattributed result."""
    pointer: str
    """The value in ``told`` that the claim is about."""
    quotes: tuple[Passage, ...]
    """Words to be cited for it, each in turn; the first is what one would cite."""
    says: str
    """In words, for a list of misses."""


@cache
def leaves_of(specimen: Specimen) -> tuple[Leaf, ...]:
    """Every grounded leaf of a specimen's summary, damaged passages apart."""
    summary = specimen.summary
    found: list[Leaf] = []
    for pointer, value in iterate_record_leaves(summary):
        if pointer.startswith("/truncations/") or not summary.evidence.get(pointer):
            continue
        span = summary.evidence[pointer][0]
        own = Passage(span.start, span.text)
        found.append(Leaf(specimen, pointer, value, _passage(specimen, pointer), own))
    return tuple(found)


_OF_A_RESULT = ("value", "value_text", "ci_low", "p_value")
"""Fields that stand where a result is reported; its endpoint or arm may have been named sentences before."""


def _passage(specimen: Specimen, pointer: str) -> Passage:
    """The stretch of the value's sentence that holds all its row says there; the whole sentence if that is short."""
    reading, evidence = specimen.reading, specimen.summary.evidence
    row = pointer.rsplit("/", 1)[0]
    here = [f"{row}/{field}" for field in _OF_A_RESULT] if "results/" in pointer else []
    span = next(evidence[key][0] for key in (*here, pointer) if key in evidence)
    sentence = reading.sentences[reading.sentence_at(span.start)]
    start, end = span.start, max(span.end, span.start + 1)
    if "results/" in pointer:
        for key, spans in evidence.items():
            for other in spans if key.startswith(f"{row}/") else ():
                if sentence.start <= other.start and other.end <= sentence.end:
                    start, end = min(start, other.start), max(end, other.end)
    words = reading.article.text[start:end]
    if len(words.split()) < _FEWEST_WORDS and sentence.start <= start and end <= sentence.end:
        start, end = sentence.start, sentence.end
    return Passage(start, reading.article.text[start:end])


def tell_row(leaf: Leaf, changes: dict[str, Any], trial: int | None = None) -> tuple[Summary, str]:
    """The result of a leaf with some of its values changed, as a record of its own.

    Args:
        leaf: a value of the result.
        changes: other values by field.
        trial: place of the trial that it is given to; None leaves it where it is.

    Returns:
        The record, and the pointer of the leaf's value in it.
    """
    row = leaf.row
    if row is None:
        raise ValueError(f"{leaf.pointer} is no value of a result")
    changed = row.model_copy(update=changes)
    summary = leaf.specimen.summary
    number = leaf.trial if trial is None else trial
    if number is None:
        told = summary.model_copy(update={"trials": [], "unattributed_results": [changed], "evidence": {}})
        return told, f"/unattributed_results/0/{leaf.field}"
    told = _one_trial(summary, number, {"results": [changed]})
    return told, f"/trials/0/results/0/{leaf.field}"


def tell_attribute(leaf: Leaf, value: Any) -> tuple[Summary, str]:  # noqa: ANN401 - of any field
    """An attribute of a trial with another value, as a record of one trial.

    Returns:
        The record, and the pointer of the value in it.
    """
    number = leaf.trial
    if number is None:
        raise ValueError(f"{leaf.pointer} is no value of a trial")
    inside = leaf.pointer.split("/")[3:]
    trial = leaf.specimen.summary.trials[number]
    content = trial.model_dump(exclude={"results"})
    place: Any = content
    for part in inside[:-1]:
        place = place[int(part) if part.isdigit() else part]
    last = inside[-1]
    place[int(last) if last.isdigit() else last] = value
    changed = TrialRecord.model_validate({**content, "results": []})
    told = _one_trial(leaf.specimen.summary, number, dict(changed))
    return told, "/".join(["", "trials", "0", *inside])


def _one_trial(summary: Summary, number: int, changes: dict[str, Any]) -> Summary:
    """A record of one trial; of its evidence only that which tells which trial is meant."""
    trial = summary.trials[number].model_copy(update=changes)
    focus = summary.evidence.get(f"/trials/{number}/focus", [])
    return summary.model_copy(
        update={"trials": [trial], "unattributed_results": [], "evidence": {"/trials/0/focus": focus}}
    )


def with_quote(claim: Claim, quote: Passage) -> Summary:
    """The claim's record with one passage cited for its value."""
    cited = Span(start=quote.start, end=quote.start + len(quote.words), text=quote.words, support=Support.QUOTED)
    return claim.told.model_copy(update={"evidence": {**claim.told.evidence, claim.pointer: [cited]}})


def replaced(leaf: Leaf, words: str) -> Passage:
    """The leaf's passage with other words in place of the value's own."""
    at = leaf.span.start - leaf.passage.start
    quote = leaf.passage.words
    if at < 0 or quote[at : at + len(leaf.span.words)] != leaf.span.words:
        return Passage(leaf.passage.start, f"{quote} {words}")
    return Passage(leaf.passage.start, quote[:at] + words + quote[at + len(leaf.span.words) :])


def elsewhere(leaf: Leaf, words: str) -> Iterator[Passage]:
    """Sentences that hold ``words``, nearest first: where a liar would point."""
    reading = leaf.specimen.reading
    text = reading.article.text
    folded = words.casefold()
    found = [s for s in reading.sentences if folded in text[s.start : s.end].casefold()]
    for sentence in sorted(found, key=lambda s: abs(s.start - leaf.span.start))[:2]:
        yield Passage(sentence.start, text[sentence.start : sentence.end])


def cited_for(leaf: Leaf, words: str) -> tuple[Passage, ...]:
    """The passage with the claimed words in it, the true passage, and where else those words stand."""
    quotes: Sequence[Passage] = (replaced(leaf, words), leaf.passage, *elsewhere(leaf, words))
    return tuple(dict.fromkeys(quotes))
