"""True claims that no program made: the values that people labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.evaluation.alignment import align_trials
from summarizer.evaluation.grounds import iterate_leaves
from summarizer.schemas import Rejection, Result, Span, Summary, TrialRecord
from summarizer.verification import Verifier

from ..material import Material, Specimen
from .claim import Claim, Passage, with_quote

_SPELLED = frozenset(range(11))
"""Numbers that a text may give in words."""
_NOT_STATED = frozenset({"enrollment_type"})
"""Said by the words around another value, not by words of their own."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled value and what became of it."""

    kind: str
    is_accepted: bool
    says: str


def judge_labels(material: Material) -> Iterator[Labelled]:
    """Every labelled value, with the sentence of its article to cite that speaks for it best."""
    for specimen in material.specimens:
        verifier = Verifier(specimen.reading)
        aligned = align_trials(specimen.gold.trials, specimen.summary.trials)
        for number, gold in enumerate(specimen.gold.trials):
            read = aligned.get(number)
            focus = specimen.summary.evidence.get(f"/trials/{read}/focus", []) if read is not None else []
            trial = TrialRecord.model_validate(_plain(gold.model_dump()))
            yield from _attributes(verifier, specimen, _told(specimen, trial, [], focus))
            for row in trial.results:
                yield from _result(verifier, specimen, _told(specimen, trial, [row], focus))


def _plain(labels: object) -> object:
    """A label without its alternatives."""
    if isinstance(labels, dict):
        return {key: _plain(value) for key, value in labels.items() if key != "alternatives"}
    return [_plain(item) for item in labels] if isinstance(labels, list) else labels


def _told(specimen: Specimen, trial: TrialRecord, results: list[Result], focus: list[Span]) -> Summary:
    told = trial.model_copy(update={"results": results})
    evidence = {"/trials/0/focus": list(focus)}
    return specimen.summary.model_copy(update={"trials": [told], "unattributed_results": [], "evidence": evidence})


def _attributes(verifier: Verifier, specimen: Specimen, told: Summary) -> Iterator[Labelled]:
    for pointer, value in iterate_leaves(told.trials[0], "/trials/0"):
        field = _field(pointer)
        if field in _NOT_STATED:
            continue
        claim = Claim(specimen, field, told, pointer, (), "")
        quotes = _sentences(specimen)
        accepted = any(not verifier.verify_leaf(with_quote(claim, quote), pointer) for quote in quotes)
        yield Labelled(field, accepted, f"{specimen.name} {pointer}: {value!r}")


def _result(verifier: Verifier, specimen: Specimen, told: Summary) -> Iterator[Labelled]:
    row = told.trials[0].results[0]
    claim = Claim(specimen, "", told, "/trials/0/results/0/statistic", (), "")
    found: list[list[Rejection]] = [
        verifier.verify_leaf(with_quote(claim, quote), claim.pointer) for quote in _quotes(specimen, row)
    ]
    rejected = {each.pointer for each in min(found, key=_weight, default=[])}
    is_nowhere = not found or "/trials/0/results/0" in rejected
    for pointer, value in iterate_leaves(row, "/trials/0/results/0"):
        says = f"{specimen.name} {row.endpoint} {row.statistic.value} {row.value}: {_field(pointer)} {value!r}"
        yield Labelled(f"result: {_field(pointer)}", not is_nowhere and pointer not in rejected, says)


def _weight(rejections: list[Rejection]) -> tuple[bool, int]:
    """A row without a place is worse than any number of wrong values."""
    return any(each.pointer == "/trials/0/results/0" for each in rejections), len(rejections)


def _field(pointer: str) -> str:
    return next(part for part in reversed(pointer.split("/")) if not part.isdigit())


def _sentences(specimen: Specimen) -> tuple[Passage, ...]:
    text = specimen.article.text
    return tuple(Passage(s.start, text[s.start : s.end]) for s in specimen.reading.sentences if s.end > s.start)


def _quotes(specimen: Specimen, row: Result) -> tuple[Passage, ...]:
    """Sentences that hold the row's number, whatever they say of it; all of them for a row without one."""
    shown = row.value if row.value is not None else row.ci_low
    if shown is None:
        return _sentences(specimen)
    digits = f"{abs(shown):g}".removeprefix("0")
    return tuple(
        passage
        for passage in _sentences(specimen)
        if digits in passage.words.replace("\u00b7", ".").replace(",", "") or shown in _SPELLED
    )
