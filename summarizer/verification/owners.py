"""Which trial of the text a record is about."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from summarizer.extraction.draft import DraftTrial
from summarizer.extraction.rules.clusters import same_form
from summarizer.extraction.rules.discourse import Discourse, follow_discourse
from summarizer.extraction.rules.engine import draft_trials
from summarizer.grounding.quotes import QuoteFinder
from summarizer.reading.reader import Reading
from summarizer.schemas import TrialRecord
from summarizer.text import TextSpan
from summarizer.verification.rows import Owner


class Owners:
    """The trials of an article, by their names and by where the text names or describes them.

    Args:
        reading: the article.
        quotes: finds words in its text.
    """

    def __init__(self, reading: Reading, quotes: QuoteFinder) -> None:
        self._reading = reading
        self._quotes = quotes

    @cached_property
    def discourse(self) -> Discourse:
        """Whom each sentence speaks of."""
        return follow_discourse(self._reading)

    @cached_property
    def _drafts(self) -> dict[int, DraftTrial]:
        drafts, _ = draft_trials(self._reading, self.discourse)
        return {draft.number: draft for draft in drafts if draft.number is not None}

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for node in self.discourse.trials:
            for form in {same_form(designation.text) for designation in node.designations}:
                found.setdefault(form, []).append(node.number)
        return found

    @cached_property
    def _anchors(self) -> list[tuple[TextSpan, int]]:
        return sorted((anchor, node.number) for node in self.discourse.trials for anchor in node.anchors)

    @cached_property
    def _longest(self) -> int:
        return max((anchor.end - anchor.start for anchor, _ in self._anchors), default=0)

    def find(self, record: TrialRecord, introduced: Iterable[TextSpan]) -> Owner:
        """The trial that a record is about: by its names, and by where it is said to be introduced.

        Args:
            record: what is said of the trial.
            introduced: passages that its focus rests on.
        """
        anchored = {number for place in introduced for number in self._anchored(place)}
        names = {same_form(name) for name in (record.name, *record.aliases, *record.registry_ids) if name}
        named = {number for name in names for number in self._by_name.get(name, ())}
        if not anchored and not named:
            return Owner(None, self._where_named(record))
        best = max(
            sorted(anchored | named), key=lambda number: ((number in anchored) + (number in named), number in anchored)
        )
        draft = self._drafts.get(best)
        return Owner(draft, self._where_named(record) if draft is None else draft.anchors)

    def _anchored(self, place: TextSpan) -> Iterator[int]:
        """Trials that the text names or describes at a place."""
        at = bisect_left(self._anchors, (TextSpan(place.end, 0), -1))
        while at > 0 and self._anchors[at - 1][0].start > place.start - self._longest:
            at -= 1
            anchor, number = self._anchors[at]
            if anchor.overlaps(place):
                yield number

    def _where_named(self, record: TrialRecord) -> tuple[TextSpan, ...]:
        place = self._quotes.find(record.name) if record.name else None
        return () if place is None else (place,)
