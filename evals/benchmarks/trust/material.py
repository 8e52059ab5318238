"""What the sections work on: the labelled cases, read and summarised once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from summarizer.article import Article
from summarizer.evaluation.cases import Case, load_cases
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.pipeline import summarize_article
from summarizer.reading.reader import Reading, read
from summarizer.schemas import GoldCase, Summary

SEED = 20_261


@dataclass(frozen=True, eq=False)
class Specimen:
    """One labelled article; equal to itself only, so that what is read of it can be kept."""

    case: Case

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.case.name

    @property
    def gold(self) -> GoldCase:
        """Its labels."""
        if self.case.gold is None:
            raise ValueError(f"{self.case.folder}: no gold.json")
        return self.case.gold

    @cached_property
    def article(self) -> Article:
        """The article."""
        return self.case.load_article()

    @cached_property
    def reading(self) -> Reading:
        """What is read from it."""
        return read(self.article)

    @cached_property
    def summary(self) -> Summary:
        """What the rules say of it."""
        return summarize_article(self.article, RulesExtractor(), reason="benchmark", include_text=True)

    @property
    def is_damaged(self) -> bool:
        """True when its labels name a damaged passage."""
        return bool(self.gold.truncations)


@dataclass(frozen=True, slots=True)
class Material:
    """The cases and how much to make of them."""

    specimens: Sequence[Specimen]
    seed: int = SEED
    limit: int | None = None
    """Most items to make for one measure, for a quick look; None makes all."""
    with_peers: bool = False
    """Also measure what others offer."""

    def chance(self, purpose: str) -> random.Random:
        """A source of chance of its own for each purpose: one section does not disturb another."""
        return random.Random(f"{self.seed} {purpose}")  # noqa: S311 - repeatable, not secret

    @property
    def clean(self) -> Iterator[Specimen]:
        """Articles without damage."""
        return (specimen for specimen in self.specimens if not specimen.is_damaged)


def load_material(
    cases: Path | None = None, *, seed: int = SEED, limit: int | None = None, with_peers: bool = False
) -> Material:
    """The labelled cases of a folder; None takes the built-in ones.

    Raises:
        CaseError: if there is no case, or one of them can't be used.
    """
    specimens = tuple(Specimen(case) for case in load_cases(cases) if case.gold is not None)
    return Material(specimens, seed, limit, with_peers)
