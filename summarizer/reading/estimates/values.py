"""From atoms to values: ratios find their numbers, bare numbers their unit, intervals and counts their value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.reading.estimates.atoms import VALUE_KINDS, Atom, AtomKind
from summarizer.reading.estimates.model import Count, Interval
from summarizer.schemas import Statistic
from summarizer.text import TextSpan

UNIT_KINDS = frozenset({AtomKind.PERCENT, AtomKind.DURATION, AtomKind.MEASURE, AtomKind.POINTS, AtomKind.EVENT_RATE})


_RATIO_REACH = 130
"""Characters between a ratio's name and its number ("hazard ratio for invasive disease-free survival (IDFS) was")."""


@dataclass(slots=True)
class Value:
    """A number (or "not reached") that may be an estimate, with what has been attached to it so far."""

    atom: Atom
    kind: AtomKind
    unit: str | None = None
    unit_span: TextSpan | None = None
    ratio: Statistic | None = None
    ratio_span: TextSpan | None = None
    interval: Interval | None = None
    numerator: Count | None = None
    denominator: Count | None = None
    group: int = 0
    position: int | None = None
    size: int = 1
    inner_of: Value | None = None
    """The value that this one stands in brackets after: "72.4% (9.3%)"."""
    in_both_arms: int | None = None
    """Place of the arm, for a value that the text gives for each of two arms at once."""
    modifiers: list[TextSpan] = field(default_factory=list[TextSpan])

    @property
    def span(self) -> TextSpan:
        """The number with its unit."""
        return self.atom.span

    @property
    def end(self) -> int:
        """End of the value and of the brackets that belong to it."""
        end = self.atom.span.end
        for modifier in self.modifiers:
            end = max(end, modifier.end)
        return end


NamedRatio = tuple[Statistic, TextSpan]
"""A ratio and where the text names it."""


def read_values(
    folded: str, atoms: Sequence[Atom], inherited_ratio: NamedRatio | None, distant_ratio: NamedRatio | None = None
) -> list[Value]:
    """Values among ``atoms``, in text order.

    Args:
        folded: the article's folded text.
        atoms: atoms of one sentence.
        inherited_ratio: the ratio that an introduction or an earlier sentence named ("Hazard ratios by subgroup:").
        distant_ratio: the ratio that an earlier paragraph named; it counts for a number with an interval beside it.
    """
    donors = _Donors(folded, atoms)
    ratios = _ratio_numbers(folded, atoms, inherited_ratio, donors)
    if distant_ratio is not None:
        for index in range(len(atoms)):
            if index not in ratios and _is_bare_ratio(folded, atoms, index):
                ratios[index] = distant_ratio
    values: list[Value] = []
    for index, atom in enumerate(atoms):
        if atom.kind not in VALUE_KINDS:
            continue
        if index in ratios:
            statistic, span = ratios[index]
            value = Value(atom, AtomKind.NUMBER, ratio=statistic, ratio_span=span)
            if statistic is Statistic.MEAN_DIFFERENCE and values and values[-1].unit not in (None, "%"):
                value.unit, value.unit_span = values[-1].unit, values[-1].unit_span
            values.append(value)
        elif atom.kind is AtomKind.NUMBER:
            donor = donors.following(index) or donors.earlier(index)
            if donor is not None:
                values.append(Value(atom, donor.kind, donor.unit, donor.unit_span))
        else:
            values.append(Value(atom, atom.kind, atom.unit, atom.unit_span))
    return values


def _looks_like_ratio(folded: str, atom: Atom, current: NamedRatio | None) -> bool:
    if atom.kind is not AtomKind.NUMBER or atom.number is None:
        return False
    printed = atom.span.of(folded)
    if current is not None and current[0] is Statistic.MEAN_DIFFERENCE:
        return True
    return 0 < atom.number < 1000 and ("." in printed or atom.number < 30) and "," not in printed


_LIST_GLUE = re.compile(r"[^;]*(?:,|\band\b|\bvs\.?|\bor\b)[^;]*", re.DOTALL)


def _ratio_numbers(
    folded: str, atoms: Sequence[Atom], inherited: NamedRatio | None, donors: _Donors
) -> dict[int, NamedRatio]:
    """Index of each number that is a ratio -> which ratio, and where that is said."""
    found: dict[int, NamedRatio] = {}
    current: NamedRatio | None = None
    last_end = 0
    for index, atom in enumerate(atoms):
        if atom.kind is AtomKind.RATIO_LABEL and atom.statistic is not None:
            current, last_end = (atom.statistic, atom.span), atom.span.end
        elif atom.kind is AtomKind.NUMBER and _looks_like_ratio(folded, atom, current):
            if donors.following(index) is not None:
                continue
            if current is None:
                if inherited is not None and _is_inherited_ratio(folded, atoms, index):
                    found[index] = inherited
                continue
            gap = folded[last_end : atom.span.start]
            if _goes_with(folded, atom, gap, current[0], is_first=last_end == current[1].end):
                found[index], last_end = current, _end_with_brackets(atoms, index)
        elif atom.kind in UNIT_KINDS and current is not None and last_end == current[1].end:
            gap = folded[last_end : atom.span.start]
            if "(" not in gap and len(gap) < 25:
                current = None
    return found


def _goes_with(folded: str, atom: Atom, gap: str, ratio: Statistic, *, is_first: bool) -> bool:
    """True when a number after ``gap`` is the first, or a further, number of a ratio that was named before it."""
    if is_first:
        return len(gap) <= _RATIO_REACH and ". " not in gap
    if "." not in atom.span.of(folded):
        return False
    listed = _continues_list(gap) and ratio is not Statistic.MEAN_DIFFERENCE
    return listed or _IT_WAS.search(gap) is not None


_IT_WAS = re.compile(r"\b(?:it|this|that) (?:was|stood at|came to)\s(?:again )?$")


_NO_LIST = re.compile(
    r"\b(?:below|above|under|over|than|the|boundary|threshold|a|threshold of|boundary of|margin of|alpha of)\s$"
)


def _continues_list(gap: str) -> bool:
    return len(gap) <= _RATIO_REACH and _LIST_GLUE.fullmatch(gap) is not None and _NO_LIST.search(gap) is None


def _is_inherited_ratio(folded: str, atoms: Sequence[Atom], index: int) -> bool:
    printed = atoms[index].span.of(folded)
    if not re.fullmatch(r"\d\.\d{1,3}", printed):
        return False
    following = atoms[index + 1] if index + 1 < len(atoms) else None
    bracket = following is not None and following.kind is AtomKind.INTERVAL
    if bracket and following is not None and following.span.start - atoms[index].span.end <= 14:
        return True
    before = folded[max(0, atoms[index].span.start - 3) : atoms[index].span.start]
    after = folded[atoms[index].span.end : atoms[index].span.end + 2]
    return before.endswith(" ") and (not after or after[0] in ",;.)\n")


def _is_bare_ratio(folded: str, atoms: Sequence[Atom], index: int) -> bool:
    """True for "0.59 [0.28 to 1.24]": a number about one, right before an interval of two numbers that holds it."""
    atom = atoms[index]
    if (
        atom.kind is not AtomKind.NUMBER
        or index + 1 == len(atoms)
        or not re.fullmatch(r"\d\.\d\d?", atom.span.of(folded))
    ):
        return False
    interval = atoms[index + 1].interval
    if interval is None or interval.low is None or interval.high is None:
        return False
    beside = re.fullmatch(r"\s?[\(\[]", folded[atom.span.end : interval.span.start]) is not None
    return beside and interval.fits(atom.number) and interval.low < interval.high


def _end_with_brackets(atoms: Sequence[Atom], index: int) -> int:
    end = atoms[index].span.end
    for atom in atoms[index + 1 :]:
        if atom.kind not in (AtomKind.INTERVAL, AtomKind.P_VALUE, AtomKind.SIZE) or atom.span.start - end > 30:
            break
        end = atom.span.end
    return end


_ADJACENT_PAIR = re.compile(
    r"\s*(?:[\(\[][^)\]]{0,60}[\)\]]\s*){0,2},?\s*(?:and|or|to|vs\.?|versus|against|compared with|compared to|,)\s*"
    r"(?:with |about |just |only )?[\(\[]?"
)


STRONG_COMPARISON = re.compile(
    r"\b(?:vs?\.?|versus|compared (?:with|to)|against|as against|as opposed to|rather than)(?=[\s\d(\[])", re.IGNORECASE
)


_ENDS_THE_PAIR = (AtomKind.RATIO_LABEL, AtomKind.P_VALUE, AtomKind.TIMEPOINT)


_SECOND_OF_PAIR = re.compile(
    r"[^;]{0,90}?(?:\bvs\.?|\bversus|\bcompared with|\bcompared to|\bagainst|\band|,)\s(?:only |just )?"
    r"(?:(?:those|patients|people|participants) (?:on|with|in|given|receiving) (?:the )?[\w-]+(?: (?:group|arm))? )?",
    re.DOTALL,
)


_ARM_FOLLOWS = re.compile(r"\s(?:with|on|for|in|among|of those|without)\b|\s?[\(\);.,\]]|$")


class _Donors:
    """The values whose unit a bare number shares, each looked for once: in a chain of numbers one asks the next."""

    def __init__(self, folded: str, atoms: Sequence[Atom]) -> None:
        self._folded = folded
        self._atoms = atoms
        self._following: dict[int, Atom | None] = {}
        self._earlier: dict[int, Atom | None] = {}

    def following(self, index: int) -> Atom | None:
        """The value after a number: "13.3 and 8.2 months", "9.7 (A) vs 6.9 months"."""
        if index not in self._following:
            self._following[index] = self._find_following(index)
        return self._following[index]

    def earlier(self, index: int) -> Atom | None:
        """The value before a number: "0.50 events per patient-year with A and 0.88 with B"."""
        if index not in self._earlier:
            self._earlier[index] = self._find_earlier(index)
        return self._earlier[index]

    def _find_following(self, index: int) -> Atom | None:
        folded, atoms = self._folded, self._atoms
        start = atoms[index].span.end
        for place in range(index + 1, len(atoms)):
            atom = atoms[place]
            if atom.span.start - start > 100 or atom.kind in _ENDS_THE_PAIR:
                return None
            if atom.kind not in UNIT_KINDS and atom.kind is not AtomKind.NUMBER:
                continue
            gap = folded[start : atom.span.start]
            compared = STRONG_COMPARISON.search(gap)
            if atom.kind is AtomKind.NUMBER:
                return self.following(place) if compared or _ADJACENT_PAIR.fullmatch(gap) else None
            if atom.kind is AtomKind.PERCENT and (atoms[index].number or 0) > 100:
                return None
            return atom if _ADJACENT_PAIR.fullmatch(gap) or (compared and ";" not in gap) else None
        return None

    def _find_earlier(self, index: int) -> Atom | None:
        folded, atom = self._folded, self._atoms[index]
        if _ARM_FOLLOWS.match(folded, atom.span.end) is None:
            return None
        for place in range(index - 1, -1, -1):
            previous = self._atoms[place]
            if previous.kind in (AtomKind.INTERVAL, AtomKind.SIZE, AtomKind.P_VALUE):
                continue
            if previous.kind is AtomKind.NUMBER:
                further = self.earlier(index - 1)
            else:
                further = previous if previous.kind in (AtomKind.EVENT_RATE, AtomKind.MEASURE) else None
            if further is None:
                return None
            gap = folded[previous.span.end : atom.span.start]
            if len(gap) > 90 or _SECOND_OF_PAIR.fullmatch(gap) is None:
                return None
            if previous.kind is AtomKind.MEASURE and previous.unit in ("mg", "g", "U", "kg"):
                return None
            return further
        return None


def attach_modifiers(folded: str, atoms: Sequence[Atom], values: Sequence[Value]) -> list[Atom]:
    """Give intervals and counts to the values that they belong to; return the atoms that found no value."""
    left: list[Atom] = []
    for atom in atoms:
        if atom.kind is AtomKind.INTERVAL and atom.interval is not None:
            owner = _interval_owner(folded, atom, values)
            if owner is None:
                left.append(atom)
            else:
                owner.interval = atom.interval
                owner.modifiers.append(atom.span)
        elif atom.kind is AtomKind.FRACTION:
            _attach_fraction(folded, atom, values)
        elif atom.kind is AtomKind.SIZE:
            for value in reversed(values):
                gap = folded[value.end : atom.span.start]
                if value.span.end <= atom.span.start and len(gap) <= 4:
                    value.modifiers.append(atom.span)
                    if value.kind is AtomKind.PERCENT and value.numerator is None:
                        value.numerator = atom.denominator
                    break
    _attach_leading_counts(folded, values)
    return left


_INTERVAL_REACH = 60


def _interval_owner(folded: str, atom: Atom, values: Sequence[Value]) -> Value | None:
    interval = atom.interval
    if interval is None:
        return None
    for value in reversed(values):
        if value.span.end > atom.span.start:
            continue
        gap = folded[value.end : atom.span.start]
        reach = _INTERVAL_REACH if atom.labelled else 6
        if len(gap) > reach or (";" in gap.rstrip("; ") and "(" not in gap and not atom.labelled):
            return None
        if value.interval is not None:
            return None
        # A labelled interval right after its value is its own even where it can't be: a check will say so.
        if interval.fits(value.atom.number) or (atom.labelled and len(gap) <= _ADJACENT):
            return value
    return None


_WHO = r"(?:patients|participants|people|women|men|adults|children|subjects|responders)"


_COUNTS_AFTER = re.compile(rf"(?: of (?:the )?{_WHO})?[;,]?\s?[\(\[,;]?\s?")


_COUNTS_BEFORE = re.compile(rf"(?: {_WHO})?\s?[\(\[]\s?")


_COUNTS_NEAR = re.compile(r"[^;.,%\d]{0,40}[\(\[,]\s?")


_ADJACENT = 6
"""Characters between a value and what belongs to it beyond doubt: brackets, a semicolon, a space."""


def _attach_fraction(folded: str, atom: Atom, values: Sequence[Value]) -> None:
    for value in values:
        if value.kind is not AtomKind.PERCENT or value.denominator is not None or value.atom.number is None:
            continue
        after = folded[value.span.end : atom.span.start] if value.span.end <= atom.span.start else None
        before = folded[atom.span.end : value.span.start] if atom.span.end <= value.span.start else None
        beside = (after is not None and _COUNTS_AFTER.fullmatch(after)) or (
            before is not None and _COUNTS_BEFORE.fullmatch(before)
        )
        near = beside or (before is not None and len(before) <= 45 and _COUNTS_NEAR.fullmatch(before))
        if beside or (near and _percentage_agrees(value.atom.number, atom)):
            value.numerator, value.denominator = atom.numerator, atom.denominator
            value.modifiers.append(atom.span)
            return


def _percentage_agrees(percent: float, atom: Atom) -> bool:
    if atom.numerator is None or atom.denominator is None or atom.denominator.value == 0:
        return False
    return abs(100 * atom.numerator.value / atom.denominator.value - percent) <= 1.0


_COUNT_BEFORE_BRACKET = re.compile(
    r"(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+|\d{1,5})(?: (?:patients?|participants?|people|women|men|subjects?|deaths?"
    r"|events?|cases?|of them)){0,2} ?[\(\[]$"
)


def _attach_leading_counts(folded: str, values: Sequence[Value]) -> None:
    """The count before a percentage in brackets is its numerator: 46 in "46 (32.9%)"."""
    for value in values:
        if value.kind is not AtomKind.PERCENT or value.numerator is not None:
            continue
        low = max(0, value.span.start - 40)
        match = _COUNT_BEFORE_BRACKET.search(folded[low : value.span.start])
        if match:
            span = TextSpan(low + match.start("n"), low + match.end("n"))
            value.numerator = Count(int(match["n"].replace(",", "")), span)
