"""Join the designations of one trial: "X/Y", "X (CODE; NCT...)", "X, also known as Y"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarizer.reading.mentions.designations import family_of
from summarizer.reading.mentions.model import Designation, DesignationKind
from summarizer.reading.reader import Reading
from summarizer.text import TextSpan

_JOINS = re.compile(
    r"/|\s?[\(\[](?:[A-Z][A-Za-z]{2,9} )?(?:ClinicalTrials\.gov(?: identifier)?:? ?|also (?:called|known as) "
    r"|identifier:? |EudraCT:? )?"
    r"|;\s?|,?\s(?:also (?:called|known as)|known (?:in \w+ )?as|formerly)\s(?:the )?"
    r"|,? (?:an?|the) (?:[\w-]+ ){0,4}?[Pp]hase \w+(?:/\w+)?(?: trial| study)? \("
)
_INSIDE = re.compile(r"[;,]\s?(?:phase [\w/]+;? ?)?(?:ClinicalTrials\.gov(?: identifier)?:? ?)?")


@dataclass(slots=True)
class Clusters:
    """Designations grouped by trial."""

    _of_span: dict[TextSpan, int]
    _registered: frozenset[int]

    def any_before(self, offset: int) -> bool:
        """True when a designation stands before ``offset``."""
        return any(span.start < offset for span in self._of_span)

    def has_number(self, cluster: int) -> bool:
        """True when the article gives a registry number for this trial."""
        return cluster in self._registered

    def cluster_of(self, span: TextSpan) -> int | None:
        """Number of the trial that a designation belongs to."""
        return self._of_span.get(span)


def same_form(text: str) -> str:
    """Form in which two writings of a designation are equal: ``Orchard 12`` = ``ORCHARD-12``."""
    return re.sub(r"[\s-]+", "", text).casefold()


def cluster_designations(reading: Reading) -> Clusters:
    """Group all designations of the article."""
    parent: dict[str, str] = {}

    def find(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    items = [item for mentions in reading.mentions for item in mentions.designations]
    previous: Designation | None = None
    for item in items:
        find(same_form(item.text))
        if previous is not None and _joined(reading.folded, previous, item):
            parent[find(same_form(item.text))] = find(same_form(previous.text))
        previous = item
    numbers: dict[str, int] = {}
    of_span = {item.span: numbers.setdefault(find(same_form(item.text)), len(numbers)) for item in items}
    registered = frozenset(of_span[item.span] for item in items if item.kind is DesignationKind.REGISTRY)
    return Clusters(of_span, registered)


def _joined(folded: str, first: Designation, second: Designation) -> bool:
    gap = folded[first.span.end : second.span.start]
    if len(gap) > 60:
        return False
    if first.kind is DesignationKind.REGISTRY and second.kind is DesignationKind.REGISTRY:
        return False
    family, other = family_of(first.text), family_of(second.text)
    siblings = family is not None and family == other
    if gap == "/":
        return not siblings
    if siblings:
        return False
    if second.kind is not DesignationKind.NAME:
        opened = re.match(r"(?: (?:trial|study|clinical trial|Breast Cancer|[a-z]+ trial))?\s?[\(\[][^()\[\]]*$", gap)
        inside = _INSIDE.fullmatch(gap) is not None and _opens_before(folded, first.span.start)
        return opened is not None or _JOINS.fullmatch(gap) is not None or inside
    return _JOINS.fullmatch(gap) is not None and gap not in ("; ", ";")


def _opens_before(folded: str, start: int) -> bool:
    """True when ``start`` stands inside brackets."""
    opened = max(folded.rfind("(", max(0, start - 80), start), folded.rfind("[", max(0, start - 80), start))
    return opened >= 0 and ")" not in folded[opened:start] and "]" not in folded[opened:start]
