"""The score of one article: every leaf of the gold file and of the summary, right, wrong or missing.

Groups:

* **attributes**: all fields of a trial outside its results, and whether the trial is there at all.
* **numbers**: result rows by their core, wherever in the article they were put, and interval, level, P and
  counts of the rows found.
* **linking**: of the rows whose number was found, those on the right trial (or rightly unattributed) and
  the right arm, one judgement per row.
* **truncation**: damaged passages with right place and right kind, one judgement per passage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .alignment import RowAlignment, align_rows, align_trials
from .attributes import ATTRIBUTE_FIELDS, label, score_attributes
from .grounds import find_invented_numbers, find_ungrounded
from .passages import score_truncations
from .rows import SECONDARY, compare_secondary, describe, shown
from .tally import MISSED, NOTHING, RIGHT, SPURIOUS, WRONG, Counts, Leaf, Tally, sum_counts

if TYPE_CHECKING:
    from summarizer.schemas import GoldCase, Summary

NUMBER_FIELDS: Final = ("results", "results.ci", "results.ci_level", "results.p_value", "results.counts")
"""Fields of the numbers group."""
FIELDS: Final = (
    *ATTRIBUTE_FIELDS,
    "results",
    "results.trial",
    *(f"results.{spec.field}" for spec in SECONDARY),
    "truncations",
    "truncations.kind",
)
"""Every field, in the order of reports."""
GROUPS: Final = ("attributes", "numbers", "linking", "truncation")
"""The four groups, in the order of reports."""
GROUP_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "attributes": ATTRIBUTE_FIELDS,
    "numbers": NUMBER_FIELDS,
    "linking": ("results.trial", "results.arm"),
    "truncation": ("truncations", "truncations.kind"),
}
"""Fields over which a group's macro average runs."""


@dataclass(frozen=True, slots=True)
class CaseScore:
    """What one article scored."""

    fields: dict[str, Counts]
    """Field -> counts; a field with nothing to score is absent."""
    linking: Counts
    """Rows whose number was found: tp on the right trial and arm; fn where something was only left out."""
    truncation: Counts
    """Passages with right place and right kind."""
    leaves: list[Leaf] = field(default_factory=list[Leaf])
    """Every scored leaf, in order of scoring."""
    ungrounded: list[str] = field(default_factory=list[str])
    """JSON pointers of leaves without evidence that stands in the article."""
    pinned_orphans: list[str] = field(default_factory=list[str])
    """Rows that the text attributes to no trial, but the prediction does."""
    invented_numbers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """JSON pointer and number, of numbers that the article does not print."""

    @property
    def groups(self) -> dict[str, Counts]:
        """Group -> counts."""
        return {
            "attributes": self._sum(ATTRIBUTE_FIELDS),
            "numbers": self._sum(NUMBER_FIELDS),
            "linking": self.linking,
            "truncation": self.truncation,
        }

    @property
    def wrong_leaves(self) -> list[Leaf]:
        """Leaves that are wrong, missing or spurious."""
        return [leaf for leaf in self.leaves if leaf.counts.errors]

    @property
    def overall(self) -> Counts:
        """All leaves of all fields."""
        return sum_counts(self.fields.values())

    @property
    def is_fully_right(self) -> bool:
        """Whether no leaf is wrong, missing or spurious."""
        return self.overall.errors == 0

    def _sum(self, names: tuple[str, ...]) -> Counts:
        return sum_counts(self.fields.get(name, NOTHING) for name in names)


def score_case(gold: GoldCase, predicted: Summary, article: str) -> CaseScore:
    """Score one summary against its gold file.

    Args:
        gold: What a careful reader wrote down.
        predicted: What the program wrote down.
        article: Canonical text of the article, which places passages and shows invented numbers.
    """
    tally = Tally()
    trials = align_trials(gold.trials, predicted.trials)
    for index, gold_trial in enumerate(gold.trials):
        found = predicted.trials[trials[index]] if index in trials else None
        tally.absorb(score_attributes(gold_trial, found, label(gold_trial)))
    for index, trial in enumerate(predicted.trials):
        if index not in trials.values():
            tally.absorb(score_attributes(None, trial, label(trial)))
    rows = align_rows(gold, predicted, trials)
    linking, orphans = _score_results(tally, rows, gold, predicted)
    passages, truncation = score_truncations(gold.truncations, predicted.truncations, article, predicted.evidence)
    tally.absorb(passages)
    return CaseScore(
        fields={name: tally.fields[name] for name in FIELDS if tally.fields.get(name, NOTHING).has_support},
        linking=linking,
        truncation=truncation,
        leaves=tally.leaves,
        ungrounded=find_ungrounded(predicted, article),
        pinned_orphans=orphans,
        invented_numbers=find_invented_numbers(predicted, article),
    )


def _score_results(tally: Tally, rows: RowAlignment, gold: GoldCase, predicted: Summary) -> tuple[Counts, list[str]]:
    linking, orphans = NOTHING, list[str]()

    def place(side: GoldCase | Summary, trial: int | None) -> str:
        return "unattributed" if trial is None else label(side.trials[trial])

    for missed in rows.missed:
        tally.add("results", MISSED, place(gold, missed.trial), describe(missed.row), None)
    for spurious in rows.spurious:
        tally.add("results", SPURIOUS, place(predicted, spurious.trial), None, describe(spurious.row))
    for pair in rows.pairs:
        first, second = pair.gold, pair.predicted
        where = f"{place(gold, first.trial)} / {describe(first.row)}"
        tally.add("results", RIGHT, place(gold, first.trial), describe(first.row), describe(second.row))
        # A row left unattributed claims no trial: that is a miss, not a wrong claim.
        link = RIGHT if pair.in_right_place else MISSED if second.trial is None else WRONG
        tally.add("results.trial", link, where, place(gold, first.trial), place(predicted, second.trial))
        if first.trial is None and second.trial is not None:
            orphans.append(f"{describe(second.row)} on {place(predicted, second.trial)}")
        for spec in SECONDARY:
            counts = compare_secondary(spec, first.row, second.row)
            tally.add(f"results.{spec.field}", counts, where, shown(spec, first.row), shown(spec, second.row))
            if spec.field == "arm":
                linking = linking.plus(_join_links(link, counts))
    return linking, orphans


def _join_links(trial: Counts, arm: Counts) -> Counts:
    """One judgement from two: right when both are, missed when something was only left out, else wrong."""
    if not trial.errors and not arm.errors:
        return RIGHT
    return WRONG if trial.fp or arm.fp else MISSED
