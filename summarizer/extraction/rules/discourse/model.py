"""Trials as the article introduces them, and which of them each sentence speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field

from summarizer.reading.mentions.model import Designation, DesignationKind
from summarizer.text import TextSpan


@dataclass(slots=True)
class TrialNode:
    """A trial while the article is being walked."""

    number: int
    designations: list[Designation] = field(default_factory=list[Designation])
    anchors: list[TextSpan] = field(default_factory=list[TextSpan])
    """Where it is named or described."""
    sentences: list[int] = field(default_factory=list[int])
    """Sentences that speak of it."""
    is_main: bool = False
    is_pool: bool = False
    is_implied: bool = False
    """True when results came before the text named or described any study."""

    @property
    def is_named(self) -> bool:
        """True when the text gives it a name or code (a registry number alone is none)."""
        return any(item.kind is not DesignationKind.REGISTRY for item in self.designations)

    @property
    def start(self) -> int:
        """Offset of its first mention."""
        return min((span.start for span in self.anchors), default=0)


@dataclass(slots=True)
class Discourse:
    """The trials of an article and the sentences that speak of each."""

    trials: list[TrialNode]
    subjects: list[tuple[int, ...]]
    """For each sentence the trials that it speaks of; empty where that can't be known."""
    lost: list[bool]
    """For each sentence: True when the line of reference was broken by damage."""
    names: list[list[tuple[TextSpan, int]]]
    """For each sentence the designations in it, in text order, each with the number of its trial."""
    mains: tuple[int, ...] = ()
    shared: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    """Trial number -> sentences that speak of it and its fellows at once ("two randomised trials: ...")."""
