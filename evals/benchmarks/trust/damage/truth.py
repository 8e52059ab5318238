"""What the labels say of each result of a clean article, and what a careful reader can still say once it is damaged.

A result can *still be told* when the passage that ties it to its trial is untouched: from the last name before it to
the result itself, or its own whole sentence with the trial's name in it. In every other case the tie passed through
the damaged place, and giving the result to nobody is as right as giving it to its trial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarizer.evaluation.alignment import PlacedRow, align_rows, align_trials
from summarizer.evaluation.normalise import name_key
from summarizer.evaluation.rows import is_core_match
from summarizer.schemas import GoldResult, Result, Summary, TrialRecord
from summarizer.text import TextSpan

from ..material import Specimen
from .links import designators
from .scrapers import Damaged


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A labelled result whose place in the clean article is known."""

    row: GoldResult
    trial: int | None
    """Its trial among the labelled ones; None when the labels give it to none."""
    value: TextSpan
    """Where its number stands in the clean article."""
    sentence: TextSpan
    is_right_when_clean: bool
    """Whether the summary of the clean article gives it to the right trial."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one clean article."""

    rows: tuple[KnownRow, ...]
    names: tuple[tuple[TextSpan, int], ...]
    """Where the text names trials, in order, each with its number among the labelled ones."""
    designators: tuple[frozenset[str], ...]
    """Per labelled trial what it is called, as keys."""
    unlabelled: frozenset[int]
    """Where results start that the summary of the clean article reports and the labels don't."""
    sentence_ends: tuple[int, ...]

    def owner_of(self, trial: TrialRecord) -> int | None:
        """The labelled trial that a record names: by its name, else by its other designations."""
        for names in ([trial.name], trial.aliases, trial.registry_ids):
            keys = {name_key(name) for name in names if name}
            owners = [number for number, known in enumerate(self.designators) if keys & known]
            if owners:
                return owners[0]
        return None

    def row_at(self, offset: int, row: Result) -> KnownRow | None:
        """The labelled result that a reported one is: by its place in the clean text, else by its number alone."""
        here = [known for known in self.rows if known.value.start == offset]
        if here or offset in self.unlabelled:
            return max(here, key=lambda known: is_core_match(known.row, row), default=None)
        alike = [known for known in self.rows if is_core_match(known.row, row)]
        return alike[0] if len({known.trial for known in alike}) == 1 else None


def find_truth(specimen: Specimen) -> Truth:
    """Place the labelled results of an article, by means of its summary, and the names of its trials."""
    gold, summary, reading = specimen.gold, specimen.summary, specimen.reading
    aligned = align_trials(gold.trials, summary.trials)
    rows = align_rows(gold, summary, aligned)
    places = places_of(summary)
    known: list[KnownRow] = []
    for pair in rows.pairs:
        value = places.get(id(pair.predicted.row))
        if value is not None:
            sentence = reading.sentences[reading.sentence_at(value.start)]
            span = TextSpan(sentence.start, sentence.end)
            known.append(KnownRow(pair.gold.row, pair.gold.trial, value, span, pair.in_right_place))
    return Truth(
        rows=tuple(known),
        names=tuple(_names(specimen)),
        designators=tuple(
            frozenset(map(name_key, designators(trial) | _seen_names(summary, aligned.get(number))))
            for number, trial in enumerate(gold.trials)
        ),
        unlabelled=frozenset(places[id(each.row)].start for each in rows.spurious if id(each.row) in places),
        sentence_ends=tuple(sentence.end for sentence in reading.sentences),
    )


def _seen_names(summary: Summary, number: int | None) -> set[str]:
    """What the summary of the clean article calls a trial, a nickname that the labels leave out among it."""
    if number is None:
        return set()
    trial = summary.trials[number]
    return {name for name in (trial.name, *trial.aliases, *trial.registry_ids) if name}


def places_of(summary: Summary) -> dict[int, TextSpan]:
    """Where the numbers of a summary's results stand: id of the row -> the first place of its value."""
    places: dict[int, TextSpan] = {}
    for placed, pointer in rows_of(summary):
        for leaf in ("value", "value_text", "p_value", "ci_low", "ci_high", "statistic"):
            spans = summary.evidence.get(f"{pointer}/{leaf}", [])
            if spans:
                places[id(placed.row)] = TextSpan(spans[0].start, spans[0].end)
                break
    return places


def rows_of(summary: Summary) -> list[tuple[PlacedRow[Result], str]]:
    """All results of a summary, each with the number of its trial and its JSON pointer."""
    found = [
        (PlacedRow(row, number), f"/trials/{number}/results/{place}")
        for number, trial in enumerate(summary.trials)
        for place, row in enumerate(trial.results)
    ]
    orphans = enumerate(summary.unattributed_results)
    return found + [(PlacedRow(row, None), f"/unattributed_results/{place}") for place, row in orphans]


def _names(specimen: Specimen) -> list[tuple[TextSpan, int]]:
    """Where the labelled designations stand; "ALPHA-1" is not in "ALPHA-12" nor "ALPHA" in "ALPHA-1"."""
    folded = specimen.reading.folded
    found: set[tuple[TextSpan, int]] = set()
    for number, trial in enumerate(specimen.gold.trials):
        for name in designators(trial):
            for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?!\w|-\w)", folded, re.IGNORECASE):
                found.add((TextSpan(*match.span()), number))
    return sorted(found)


def survives(damaged: Damaged, known: KnownRow) -> bool:
    """Whether the number of a result is still there."""
    return not damaged.removed.overlaps(known.value)


def can_be_told(truth: Truth, damaged: Damaged, known: KnownRow) -> bool:
    """Whether a careful reader can still say whose a result is, by the strictest reading of "can"."""
    if known.trial is None:
        return False
    own = [span for span, trial in truth.names if trial == known.trial]
    cut = damaged.removed
    if not _touches(cut, known.sentence) and any(known.sentence.covers(span) for span in own):
        return True
    before = [(span, trial) for span, trial in truth.names if span.start <= known.value.start]
    if before:
        anchor, trial = before[-1]
        return trial == known.trial and not _touches(cut, TextSpan(anchor.start, known.value.end))
    # Named only later, or never: nothing may be touched up to there.
    first_name = next((end for end in truth.sentence_ends if own and end >= own[0].end), 0)
    return cut.start >= max(known.sentence.end, first_name)


def _touches(cut: TextSpan, line: TextSpan) -> bool:
    """True when a passage was cut out of a line, or cut off right at its end."""
    return cut.start < line.end and line.start < cut.end
