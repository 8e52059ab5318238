"""Where links would stand in an article: on the names that its labels know, on other proper names, on a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.schemas import GoldCase, GoldTrial
from summarizer.text import TextSpan, fold

_PROPER_NAME = re.compile(
    r"(?<![\w-])[A-Z][\w&'-]*(?: (?:(?:of|for|and|the|in|on|&) (?:the )?)?(?:[A-Z][\w&'-]*|(?:19|20)\d\d\b))*"
)
"""Meetings, journals, companies, agencies, brands: words with a capital, joined as titles join theirs."""

_PHRASE = re.compile(
    r"\b(?:the|an?|of|in|for|by|at|to|with|from) (?P<link>[a-z]+(?:-[a-z]+)*(?: [a-z]{4,}(?:-[a-z]+)*)?)(?![\w-])"
)
"""What an editor links where no name stands: "in a <press release>", "the <earlier analysis>"."""

_SHORTEST = 3


def designators(trial: GoldTrial) -> set[str]:
    """Every name, code and registry number that the labels know of a trial, typography folded."""
    names = [trial.name, *trial.aliases, *trial.registry_ids]
    for field in ("name", "aliases"):
        for other in trial.alternatives.get(field, ()):
            names += other if isinstance(other, list) else [other]
    return {fold(name) for name in names if name}


def find_links(gold: GoldCase, folded: str, sentence: TextSpan) -> list[TextSpan]:
    """Places of a sentence where links would stand, in order, none overlapping another.

    Args:
        gold: the article's labels.
        folded: its text through ``fold``.
        sentence: where to look.
    """
    found: list[TextSpan] = []
    for match in (*_matches(gold, folded, sentence), *_PROPER_NAME.finditer(folded, *sentence)):
        span = TextSpan(*match.span())
        is_first_word = span.start == sentence.start and " " not in match[0] and not re.search(r"[A-Z\d]", match[0][1:])
        if span.end - span.start >= _SHORTEST and not is_first_word:
            found.append(span)
    if not any(span.start > sentence.start for span in found):
        found += [TextSpan(*match.span("link")) for match in _PHRASE.finditer(folded, *sentence)]
    return _disjoint(found)


def _matches(gold: GoldCase, folded: str, sentence: TextSpan) -> Iterator[re.Match[str]]:
    names = {name for trial in gold.trials for name in designators(trial)}
    for trial in gold.trials:
        venues = [venue for venue in trial.presented_at if venue]
        drugs = [name for arm in trial.arms for name in arm.interventions]
        names |= {fold(name) for name in (*trial.sponsors, *trial.conditions, *venues, *drugs)}
    for name in sorted(names, key=lambda each: (-len(each), each)):
        if len(name) >= _SHORTEST:
            yield from re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE).finditer(folded, *sentence)


def _disjoint(spans: list[TextSpan]) -> list[TextSpan]:
    """The longest of those that overlap; in text order."""
    kept: list[TextSpan] = []
    for span in sorted(set(spans), key=lambda each: (each.start - each.end, each)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept)
