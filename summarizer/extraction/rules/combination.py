"""The regimen that a text calls "the combination", "the pair" or "the doublet" once it has named it."""

from __future__ import annotations

import re
from dataclasses import replace

from summarizer.extraction.rules.arm_parts import Passages
from summarizer.extraction.rules.attributes import TrialText
from summarizer.extraction.rules.regimens import CONTROL_KINDS, Regimen, expanded, find_regimens, size_behind
from summarizer.reading.blocks import BlockKind
from summarizer.text import TextSpan

_NAMED_BEFORE = re.compile(
    r"\b[Tt]he (?:[\w-]+ )?(?:combination|pair|doublet|duo|pairing|two drugs|two-drug (?:regimen|combination))"
    r"(?! (?:of|with|plus|therapy of)\b)(?: (?:arm|group|regimen|therapy))?\b"
)


def with_combination(text: TrialText, passages: Passages) -> Passages:
    """The passages with the article's combination at each place that only refers to it."""
    if not any(_NAMED_BEFORE.search(text.reading.folded, *passage) for _, passage, _ in passages):
        return passages
    of_article = _of_article(text)
    latest: Regimen | None = None
    grown: Passages = []
    for number, passage, groups in passages:
        found = list(groups)
        for match in _NAMED_BEFORE.finditer(text.reading.folded, *passage):
            place = TextSpan(*match.span())
            earlier = [group for group in groups if group.span.end <= place.start and _is_combination(group)]
            combination = earlier[-1] if earlier else latest or of_article
            if combination is None or any(group.span.overlaps(place) for group in groups):
                continue
            drugs = [replace(drug, start=place.start, end=place.end) for drug in combination.drugs]
            found.append(Regimen(drugs, size_behind(text.reading.folded, place.end, passage.end)))
        latest = next((group for group in reversed(groups) if _is_combination(group)), latest)
        grown.append((number, passage, sorted(found, key=lambda group: group.span)))
    return grown


def _is_combination(regimen: Regimen) -> bool:
    return len(regimen.names) >= 2 and regimen.drugs[0].kind not in CONTROL_KINDS


def _of_article(text: TrialText) -> Regimen | None:
    """The one regimen of two or more interventions that the whole article names; None if there are several."""
    found: dict[frozenset[str], Regimen] = {}
    for sentence in text.reading.sentences:
        if sentence.kind is BlockKind.OTHER or len(text.reading.mentions[sentence.number].drugs) < 2:
            continue
        for group in find_regimens(text.reading, sentence.number, TextSpan(sentence.start, sentence.end)):
            whole = expanded(group, text.definitions)
            if _is_combination(whole):
                found.setdefault(frozenset(whole.names), whole)
    return next(iter(found.values())) if len(found) == 1 else None
