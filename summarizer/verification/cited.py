"""The evidence of a summary, found again in the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from summarizer.schemas import Span, Summary
from summarizer.text import TextSpan

_LONGEST_SHOWN = 80
Finder = Callable[[Span], "TextSpan | None"]


class Cited:
    """What a summary cites for its values.

    Args:
        summary: records with evidence.
        find: where the words of a passage stand in the article.
    """

    def __init__(self, summary: Summary, find: Finder) -> None:
        self.summary = summary
        self._find = find

    @cached_property
    def _of_rows(self) -> dict[str, list[Span]]:
        """Pointer of a result -> the passages of all its values."""
        found: dict[str, list[Span]] = {}
        for key, spans in self.summary.evidence.items():
            row = row_of(key)
            if row is not None:
                found.setdefault(row, []).extend(spans)
        return found

    def of_row(self, pointer: str) -> tuple[list[TextSpan], str | None]:
        """Where the passages of a result stand, and the first that stands nowhere."""
        return self._located(self._of_rows.get(pointer, ()))

    def of_value(self, pointer: str) -> tuple[list[TextSpan], str | None]:
        """Where the passages of one value stand, and the first that stands nowhere."""
        return self._located(self.summary.evidence.get(pointer, ()))

    def _located(self, spans: Sequence[Span]) -> tuple[list[TextSpan], str | None]:
        places: list[TextSpan] = []
        for span in spans:
            place = self._find(span)
            if place is None:
                return places, span.text[:_LONGEST_SHOWN]
            places.append(place)
        return places, None


def row_of(pointer: str) -> str | None:
    """Pointer of the result that a value is part of; None for what is no part of a result."""
    parts = pointer.split("/")
    if parts[1:2] == ["unattributed_results"]:
        return "/".join(parts[:3])
    return "/".join(parts[:5]) if parts[3:4] == ["results"] else None
