"""P values find the estimate that they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.reading.estimates.atoms import Atom, AtomKind
from summarizer.reading.estimates.endpoint_mentions import EndpointMention
from summarizer.reading.estimates.model import Estimate, PValue
from summarizer.reading.estimates.surroundings import Surroundings
from summarizer.schemas import Statistic

_THRESHOLD_P = re.compile(
    r"\b(?:threshold|boundary|significance level|alpha|prespecified|cutoff)\b[^;.]{0,40}$", re.IGNORECASE
)


def attach_p_values(
    around: Surroundings, atoms: Sequence[Atom], estimates: list[Estimate], mentions: Sequence[EndpointMention]
) -> None:
    """Give each P value to its estimate; one that has none, but an endpoint, becomes an estimate of its own."""
    for atom in atoms:
        if atom.kind is not AtomKind.P_VALUE or atom.p is None:
            continue
        if _THRESHOLD_P.search(around.folded[max(around.span.start, atom.span.start - 70) : atom.span.start]):
            continue
        owner = _p_owner(around.folded, atom, estimates)
        if owner is not None:
            owner.p = atom.p
            continue
        orphan = _p_only(around, atom.p, estimates, mentions)
        if orphan is not None:
            estimates.append(orphan)


def _p_owner(folded: str, atom: Atom, estimates: Sequence[Estimate]) -> Estimate | None:
    """The comparison before the P value; a lone value before it counts when no comparison does."""
    preceding = [e for e in estimates if e.span.end <= atom.span.start and e.p is None]
    for estimate in reversed(preceding):
        gap = folded[estimate.span.end : atom.span.start]
        if estimate.is_comparison and len(gap) <= 140:
            return estimate
        if not estimate.is_comparison and len(gap) <= 90 and estimate.arm.position is None and ". " not in gap:
            return estimate
    following = [e for e in estimates if e.span.start >= atom.span.end and e.p is None and e.is_comparison]
    if following and len(folded[atom.span.end : following[0].span.start]) <= 60:
        return following[0]
    return None


def _p_only(
    around: Surroundings, p: PValue, estimates: Sequence[Estimate], mentions: Sequence[EndpointMention]
) -> Estimate | None:
    """A P value without an estimate is a row of its own, when its endpoint is told."""
    before = [mention for mention in mentions if mention.span.end <= p.span.start]
    mention = before[-1] if before else around.endpoint
    if mention is None:
        return None
    nearest = [estimate for estimate in estimates if estimate.span.end <= p.span.start]
    return Estimate(
        span=p.span,
        value_span=p.span,
        statistic=Statistic.OTHER,
        statistic_span=p.span,
        value=None,
        p=p,
        endpoint=nearest[-1].endpoint if nearest else mention.as_phrase(),
        subgroup=nearest[-1].subgroup if nearest else None,
        timepoint=nearest[-1].timepoint if nearest else None,
        rule="P value without an estimate",
    )
