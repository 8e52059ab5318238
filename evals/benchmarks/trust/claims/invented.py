"""Invented ends of cut sentences: what a model would write where the scraper took the words away."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from summarizer.reading.mentions.names import find_venues
from summarizer.reading.phrases import tokenize
from summarizer.schemas import Result, Statistic, TruncationKind
from summarizer.text import fold

from ..material import Specimen
from .claim import Claim, Passage
from .truth import told_of

_CUTS = frozenset({TruncationKind.CUT_SENTENCE, TruncationKind.CUT_END, TruncationKind.GAP})
_FIELDS = ("presented_at", "sponsors", "conditions", "registry_ids", "prior_therapies", "aliases")
_OF_EACH = 3
KIND = "invented end of a cut sentence"


def invented_ends(specimen: Specimen, others: Sequence[Specimen], chance: random.Random) -> Iterator[Claim]:
    """For each cut, values of other articles as its end, told of the article's first trial."""
    if not specimen.summary.trials or not specimen.gold.trials:
        return
    text = specimen.article.text
    for cut in specimen.gold.truncations:
        start = text.find(cut.text)
        if cut.kind not in _CUTS or start < 0:
            continue
        for field in _FIELDS:
            pool = _values(field, specimen, others)
            for value in chance.sample(pool, min(_OF_EACH, len(pool))):
                yield _claim(specimen, field, value, Passage(start, cut.text))
        yield from _results(specimen, Passage(start, cut.text), chance)


def _values(field: str, specimen: Specimen, others: Sequence[Specimen]) -> list[str]:
    """What other articles have in this field and this one does not print."""
    printed = specimen.article.text.casefold()
    meetings = {venue.name for mentions in specimen.reading.mentions for venue in mentions.venues}
    found = {
        value for other in others if other is not specimen for t in other.gold.trials for value in getattr(t, field)
    }
    return sorted(
        value
        for value in found
        if value.casefold() not in printed
        and _meeting(value) not in meetings
        and not any(told_of(trial, field, value) for trial in specimen.gold.trials)
    )


def _meeting(name: str) -> str:
    """A meeting or journal by its usual name."""
    folded = fold(name)
    found = find_venues(folded, tokenize(folded))
    return found[0].name if found else name


def _quotes(cut: Passage, end: str) -> tuple[Passage, ...]:
    return Passage(cut.start, f"{cut.words.rstrip()} {end}"), cut


def _claim(specimen: Specimen, field: str, value: str, cut: Passage) -> Claim:
    trial = specimen.summary.trials[0]
    values = [*getattr(trial, field), value]
    told = _told(specimen, {field: values, "results": []})
    pointer = f"/trials/0/{field}/{len(values) - 1}"
    says = f"{specimen.name} {field}: {value!r} behind {cut.words[-40:]!r}"
    return Claim(specimen, KIND, told, pointer, _quotes(cut, value), says)


def _results(specimen: Specimen, cut: Passage, chance: random.Random) -> Iterator[Claim]:
    """An estimate that nobody reported, in the field's usual words."""
    for endpoint, statistic, unit in (
        ("OS", Statistic.MEDIAN, "months"),
        ("ORR", Statistic.RATE, "%"),
        ("PFS", Statistic.HAZARD_RATIO, None),
    ):
        value = chance.randrange(20, 99) / (100 if unit is None else 1) + (0.07 if unit is None else 0.3)
        words = f"{endpoint} of {value:g}{'%' if unit == '%' else f' {unit}' if unit else ''}"
        row = Result(endpoint=endpoint, statistic=statistic, value=round(value, 2), unit=unit)
        told = _told(specimen, {"results": [row]})
        says = f"{specimen.name} {words} behind {cut.words[-40:]!r}"
        yield Claim(specimen, KIND, told, "/trials/0/results/0/value", _quotes(cut, words), says)


def _told(specimen: Specimen, changes: dict[str, Any]) -> Any:  # noqa: ANN401
    summary = specimen.summary
    trial = summary.trials[0].model_copy(update=changes)
    focus = summary.evidence.get("/trials/0/focus", [])
    return summary.model_copy(
        update={"trials": [trial], "unattributed_results": [], "evidence": {"/trials/0/focus": focus}}
    )
