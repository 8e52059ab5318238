"""Where the walk through an article stands: the trials so far, and the one that the text is speaking of."""

from __future__ import annotations

from dataclasses import dataclass, field

from summarizer.extraction.rules.clusters import Clusters
from summarizer.extraction.rules.discourse.model import TrialNode
from summarizer.reading.reader import Reading
from summarizer.reading.truncation import Damage
from summarizer.text import TextSpan

LEAD_SENTENCES = 4
"""So many sentences of prose make the lead."""


@dataclass(slots=True)
class Walk:
    """The state of the walk."""

    reading: Reading
    clusters: Clusters
    cuts: dict[int, Damage]
    """Sentence -> damage, for sentences whose end is cut off."""
    name_was_lost: bool
    """True when the text has a hole where the name of a study stood."""
    starts: frozenset[int] = frozenset()
    """Sentences whose beginning is cut off."""
    name_was_cut: bool = False
    """True when the name of the article's own study was cut away behind its description."""
    parted: bool = False
    """True below a heading that names a trial or turns to other studies ("Earlier work", "Ongoing trials")."""
    lost_in_block: bool = False
    """True when the line of reference is broken by a lost beginning, in the paragraph that is being read."""
    nodes: list[TrialNode] = field(default_factory=list[TrialNode])
    by_cluster: dict[int, int] = field(default_factory=dict[int, int])
    """Cluster of designations -> trial."""
    subjects: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    """For each sentence so far the trials that it speaks of."""
    lost_at: list[bool] = field(default_factory=list[bool])
    """For each sentence so far whether the line of reference was broken."""
    current: tuple[int, ...] = ()
    """The trials that the text is speaking of."""
    lost: bool = False
    section: tuple[int, ...] = ()
    """The trials that the last heading names."""
    block: int = -1
    lead_open: bool = True
    """True until a trial has been named: indefinite studies before that are the article's own."""
    titled: bool = False
    """True once a heading has passed."""
    body_seen: bool = False
    """True once the text has left its headlines."""
    headed: bool = False
    """True once a heading has divided the text."""
    prose_seen: int = 0
    """Number of sentences of prose so far."""
    in_passing: set[int] = field(default_factory=set[int])
    """Trials that an article without its head names in an aside or a list: none of them need be its own."""
    in_title: set[int] = field(default_factory=set[int])
    in_headings: set[int] = field(default_factory=set[int])
    opening_items: set[int] = field(default_factory=set[int])
    """Trials whose name opens a bullet."""
    sourceless: set[int] = field(default_factory=set[int])
    """Trials with results in a sentence whose end, where they are from, was cut away."""
    lead_lost_its_source: bool = False
    """True when the opening sentence has lost where it was reported, and with it the trial's name."""
    home: tuple[int, ...] = ()
    """The trials that the section under the last heading speaks of first."""
    plural: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """(sentence, how many): "two randomised trials", to be named later."""

    @property
    def is_headless(self) -> bool:
        """True when the article's own beginning is cut off."""
        return 0 in self.starts

    @property
    def folded(self) -> str:
        """The article's folded text."""
        return self.reading.folded

    def new_node(self) -> TrialNode:
        """Add a trial."""
        self.nodes.append(TrialNode(len(self.nodes)))
        return self.nodes[-1]

    def turn_to(self, numbers: tuple[int, ...]) -> None:
        """Speak of these trials from here on."""
        self.current, self.lost = numbers, False

    def note(self, subjects: tuple[int, ...]) -> None:
        """Record what the sentence speaks of."""
        self.subjects.append(subjects)
        self.lost_at.append(self.lost)

    def main_numbers(self) -> tuple[int, ...]:
        """Best guess, so far, of the article's own trials."""
        mains = [node.number for node in self.nodes if node.is_main or node.number in self.in_title]
        if mains:
            return tuple(mains)
        return (0,) if self.nodes else ()


Named = list[tuple[int, TextSpan]]
"""Trials named in a sentence, in order, each with its first span there."""
