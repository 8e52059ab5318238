"""Which trials are the article's own, told once the whole article has been walked."""

from __future__ import annotations

from summarizer.extraction.rules.discourse.state import LEAD_SENTENCES, Walk
from summarizer.reading.blocks import BlockKind

_ROUND_UP = 3
"""So many bullets that open with a trial's name make a round-up."""


def share_plural(walk: Walk) -> dict[int, list[int]]:
    """Trial -> sentences that speak of it and its fellows at once ("two randomised trials: ...")."""
    shared: dict[int, list[int]] = {}
    for number, count in walk.plural:
        sentence = walk.reading.sentences[number]
        following = [n for n in sorted(walk.nodes, key=lambda n: n.start) if n.is_named and n.start >= sentence.start]
        if len(following) < count or count > len(following) + 1:
            continue
        block = [s.number for s in walk.reading.sentences if s.block == sentence.block and s.number <= number]
        in_lead = sum(s.kind is BlockKind.PROSE for s in walk.reading.sentences[: number + 1]) <= LEAD_SENTENCES - 1
        for node in following[:count]:
            shared.setdefault(node.number, []).extend(block)
            if in_lead:
                node.is_main = True
    return shared


def choose_mains(walk: Walk) -> None:
    """MAIN: named in the headline, or in two or more sub-headings (a round-up), or the subject of the lead."""
    for number in walk.in_title:
        walk.nodes[number].is_main = True
    if len(walk.opening_items) >= _ROUND_UP and not walk.in_title:
        walk.in_headings |= walk.opening_items
    if len(walk.in_headings) >= 2 and len(walk.in_title) <= 1:
        for number in walk.in_headings:
            walk.nodes[number].is_main = True
    if not any(node.is_main for node in walk.nodes) and walk.nodes:
        first = min(walk.nodes, key=lambda node: node.start)
        first.is_main = True
        companions = [subjects for subjects in walk.subjects if first.number in subjects and len(subjects) > 1]
        if companions:
            for number in companions[0]:
                walk.nodes[number].is_main = True
