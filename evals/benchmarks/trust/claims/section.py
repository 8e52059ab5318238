"""Altered claims must not be accepted, harmless variants must be: here and at the peers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..figures import NONE, Bound, Figures, Share, Table, Target
from ..material import Material
from .altered import IDS, LINKS, NUMBERS, WORDS, altered_claims
from .claim import Claim
from .judges import Judge, OwnJudge
from .labelled import judge_labels
from .peers import load_peers, versions
from .variants import harmless_claims

FEW = Target(Bound.AT_MOST, 0.005)
NEARLY_ALL = Target(Bound.AT_LEAST, 0.995)
TARGETS = {NUMBERS: NONE, IDS: NONE, LINKS: FEW, WORDS: FEW}
GROUPS = {
    NUMBERS: "altered numbers",
    IDS: "altered names and registry numbers",
    LINKS: "altered links: arm, trial, endpoint, subset",
    WORDS: "altered words: drug, phase, line, invented ends",
}
PEER_CLAIMS, PEER_VARIANTS = 2000, 1000
"""Claims drawn for the comparison: the aligners take some 15 milliseconds each."""


@dataclass
class Tally:
    """Accepted and put, by kind, with the claims that went the wrong way."""

    accepted: dict[str, int] = field(default_factory=dict[str, int])
    put: dict[str, int] = field(default_factory=dict[str, int])
    wrong: list[str] = field(default_factory=list[str])

    def add(self, claim: Claim, *, is_accepted: bool, is_wrong: bool) -> None:
        """Count one claim."""
        self.count(claim.kind, is_accepted=is_accepted)
        if is_wrong:
            self.wrong.append(f"{claim.kind}: {claim.says}")

    def count(self, kind: str, *, is_accepted: bool) -> None:
        """Count one of a kind."""
        self.put[kind] = self.put.get(kind, 0) + 1
        self.accepted[kind] = self.accepted.get(kind, 0) + is_accepted

    def shares(self, target: Target | None, name: str, *, each: Target | None = None) -> tuple[Share, ...]:
        """One share for each kind, and their sum under ``name``."""
        rows = [Share(kind, self.accepted[kind], self.put[kind], each) for kind in sorted(self.put)]
        return (*rows, Share(name, sum(self.accepted.values()), sum(self.put.values()), target))


def measure(material: Material) -> Figures:
    """Put every claim to the verification, and a sample of the same claims to the peers."""
    figures = Figures("claims")
    judge = OwnJudge()
    altered = _limited(altered_claims(material), material)
    variants = [claim for _, claim in _limited(((NUMBERS, each) for each in harmless_claims(material)), material)]
    figures.tables += _altered_tables(judge, altered, figures)
    tally = _tally(judge, variants, wrong_if_accepted=False)
    figures.examples += [f"turned away: {line}" for line in tally.wrong]
    figures.tables.append(Table("Harmless variants accepted", tally.shares(NEARLY_ALL, "all variants")))
    labelled = Tally()
    for each in judge_labels(material):
        labelled.count(each.kind, is_accepted=each.is_accepted)
    figures.tables.append(
        Table(
            "Hand-labelled values accepted",
            labelled.shares(None, "all labelled values"),
            "A verification that turned everything away would shine above: this is what it believes of what people"
            " wrote down, with any one sentence of the article to cite.",
        )
    )
    if material.with_peers:
        figures.compared = _compare([judge, *load_peers()], altered, variants, material)
        figures.versions = versions()
    return figures


def _limited(claims: Iterable[tuple[str, Claim]], material: Material) -> list[tuple[str, Claim]]:
    found = list(claims)
    if material.limit is None or material.limit >= len(found):
        return found
    return material.chance("limit").sample(found, material.limit)


def _altered_tables(judge: Judge, altered: Sequence[tuple[str, Claim]], figures: Figures) -> list[Table]:
    tables: list[Table] = []
    for group, title in GROUPS.items():
        tally = _tally(judge, [claim for its, claim in altered if its == group], wrong_if_accepted=True)
        figures.examples += [f"accepted: {line}" for line in tally.wrong]
        target = TARGETS[group]
        rows = tally.shares(target, f"all {title}", each=target if target is NONE else None)
        tables.append(Table(f"Accepted: {title}", rows))
    return tables


def _tally(judge: Judge, claims: Iterable[Claim], *, wrong_if_accepted: bool) -> Tally:
    tally = Tally()
    for claim in claims:
        is_accepted = judge.accepts(claim)
        tally.add(claim, is_accepted=is_accepted, is_wrong=is_accepted is wrong_if_accepted)
    return tally


def _compare(
    judges: Sequence[Judge], altered: Sequence[tuple[str, Claim]], variants: Sequence[Claim], material: Material
) -> list[Table]:
    """The same claims at each judge; one table for each measure, one row for each judge."""
    chance = material.chance("peers")
    put = chance.sample(list(altered), min(PEER_CLAIMS, len(altered)))
    harmless = chance.sample(list(variants), min(PEER_VARIANTS, len(variants)))
    tables: list[Table] = []
    for group, title in GROUPS.items():
        claims = [claim for its, claim in put if its == group]
        tables.append(Table(f"{title}: accepted", tuple(_share(judge, claims) for judge in judges)))
    tables.append(Table("harmless variants: accepted", tuple(_share(judge, harmless) for judge in judges)))
    return tables


def _share(judge: Judge, claims: Sequence[Claim]) -> Share:
    return Share(judge.name, sum(map(judge.accepts, claims)), len(claims))
