"""Regimens: interventions given together, as worded in one place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.lexicon import DrugMention
from summarizer.reading.reader import Reading
from summarizer.text import TextSpan

CONTROL_KINDS = ("PLACEBO", "CONTROL")
STANDING_CARE = frozenset(
    {"usual care", "standard of care", "best supportive care", "background therapy", "standard therapy"}
)
"""Care that both arms get when something is given "on top of" it."""


@dataclass(slots=True)
class Regimen:
    """Interventions given together."""

    drugs: list[DrugMention] = field(default_factory=list[DrugMention])
    n: tuple[int, TextSpan] | None = None
    end: int | None = None
    """End of an abbreviation in brackets after the last intervention."""
    optional: int | None = None
    """Index of the first intervention that only part of the patients get ("alone or with B")."""

    @property
    def names(self) -> tuple[str, ...]:
        """Generic names in text order, each once."""
        return tuple(dict.fromkeys(drug.generic for drug in self.drugs))

    @property
    def span(self) -> TextSpan:
        """From the first to the last intervention."""
        return TextSpan(self.drugs[0].start, self.drugs[-1].end)

    def with_drugs(self, drugs: Sequence[DrugMention]) -> Regimen:
        """The same place with other interventions, each once."""
        unique = {drug.generic: drug for drug in reversed(drugs)}
        return Regimen([drug for drug in dict.fromkeys(drugs) if unique.get(drug.generic) is drug], self.n)


_ADJECTIVE = (
    r"(?:a |an |the |standard |intravenous |oral |fixed-dose |weekly |daily |background |subcutaneous |low-dose "
    r"|high-dose |intravesical |injected )"
)
_PLUS = re.compile(
    rf"(?:,? ?\d+(?:\.\d+)? ?mg(?:/\w+)?)?(?:\s?\([^)]{{0,60}}\))?\s*(?:,\s*)?"
    r"(?:-|\+|/|plus|and|with|was combined with|were combined with|given with|given weekly with|combined with"
    r"|added to|in combination with|alongside|followed by|together with|paired with|with or without"
    rf"|, with or without|, plus|in one fixed-dose product with)\s*{_ADJECTIVE}*(?:[a-z]+-based )?",
    re.IGNORECASE,
)
_ALONE_OR_WITH = re.compile(
    r"(?:\s?\([^)]{0,60}\))?,? alone or (?:with|in combination with|combined with|plus)\s(?:the )?", re.IGNORECASE
)
_ADDED_TO = re.compile(r"\b[Aa]dd(?:ing|ed|s|ition of)\s(?:the )?$")
_APPOSITION = re.compile(r"\s?[\(\[]|,? (?:a|an|the) ")
_SIZE = re.compile(
    r"(?:,? ?\d+(?:\.\d+)? ?m?g(?:/\w+)?)?(?: alone| monotherapy| arm| group)?\s?"
    r"(?:\([^)n]{0,50})?[\(,;]?\s?[nN] ?= ?(?P<n>\d[\d,]*)\)?"
)


_CONTROLLED = re.compile(r"-?(?:controlled|adjusted|corrected|subtracted)\b")
_COMPARES = re.compile(r"\bcompar(?:es|ed|ing|e)\s(?:the )?[^.;]{0,60}$")


def find_regimens(reading: Reading, number: int, passage: TextSpan) -> list[Regimen]:
    """Interventions of one passage, grouped into regimens by the words between them."""
    folded = reading.folded
    named = [
        d
        for d in reading.mentions[number].drugs
        if passage.covers(TextSpan(d.start, d.end)) and not _CONTROLLED.match(reading.folded, d.end)
    ]
    drugs = sorted([*named, *_anaphors(reading, passage, named)], key=lambda drug: drug.start)
    groups: list[Regimen] = []
    previous: DrugMention | None = None
    for drug in drugs:
        if previous is None:
            groups.append(Regimen([drug]))
            previous = drug
            continue
        gap = folded[previous.end : drug.start]
        named_again = drug.generic == previous.generic and (_APPOSITION.fullmatch(gap) or len(gap) <= 3)
        abbreviated = drug.kind in ("REGIMEN", "CODE") and re.fullmatch(r"\s?[\(\[]", gap) is not None
        if named_again or abbreviated:
            groups[-1].end = drug.end
            previous = drug
            continue
        if _ALONE_OR_WITH.fullmatch(gap):
            groups[-1].optional = len(groups[-1].drugs)
            groups[-1].drugs.append(drug)
        elif _joined(folded, passage, groups[-1], gap, drug):
            groups[-1].drugs.append(drug)
        else:
            groups.append(Regimen([drug]))
        previous = drug
    groups = _with_doses(folded, passage, _merge_lists(folded, groups))
    for group in groups:
        for end in (
            () if group.n else (*(drug.end for drug in reversed(group.drugs)), *([group.end] if group.end else []))
        ):
            match = _SIZE.match(folded, end, passage.end)
            if match:
                group.n = (int(match["n"].replace(",", "")), TextSpan(*match.span("n")))
    return groups


_ANAPHOR = re.compile(
    r"\b[Tt]he (?:same |new |investigational |experimental |study |(?:PD-1/\S+ )?bispecific |oral |once-daily |daily )?"
    r"(?:antibody|radioligand|drug|pill|device|tablet|conjugate|ADC|agent|inhibitor|vaccine|bispecific|degrader)"
    r"(?= (?:plus|with|against|or|vs\.?|versus|and placebo|to)\b)"
)


def _anaphors(reading: Reading, passage: TextSpan, named: Sequence[DrugMention]) -> list[DrugMention]:
    """The article's own drug at the place of the words for it: "the bispecific antibody plus chemotherapy"."""
    own = main_drug(reading)
    if own is None or any(drug.generic == own.generic for drug in named):
        return []
    return [
        DrugMention(match.start(), match.end(), match.group(), own.generic, own.drugbank_id, own.source, own.kind)
        for match in _ANAPHOR.finditer(reading.folded, *passage)
    ]


def main_drug(reading: Reading) -> DrugMention | None:
    """The drug that the article is about."""
    return reading.main_drug


_MORE_DOSES = re.compile(r"(?:,|,? (?:or|and)) (?:to )?\d+(?:\.\d+)? ?m?g(?: [a-z]+)? ?\([nN] ?= ?(?P<n>\d[\d,]*)\)")
_FIRST_DOSE = re.compile(r" \d+(?:\.\d+)? ?m?g(?: [a-z]+)? ?\([nN] ?= ?\d[\d,]*\)")


def _with_doses(folded: str, passage: TextSpan, groups: Sequence[Regimen]) -> list[Regimen]:
    """One regimen for each dose with its size: "A 5 mg (n=630), 10 mg (n=636) or 15 mg (n=630)"."""
    spread: list[Regimen] = []
    for group in groups:
        spread.append(group)
        first = _FIRST_DOSE.match(folded, group.drugs[-1].end, passage.end)
        end = first.end() if first else -1
        while first is not None and (more := _MORE_DOSES.match(folded, end, passage.end)):
            spread.append(Regimen(list(group.drugs), (int(more["n"].replace(",", "")), TextSpan(*more.span("n")))))
            end = more.end()
    return spread


def _merge_lists(folded: str, groups: Sequence[Regimen]) -> list[Regimen]:
    """In "A, B and C" what stands before the comma belongs to the regimen that goes on with "and"."""
    merged: list[Regimen] = []
    for group in groups:
        previous = merged[-1] if merged else None
        if previous is not None and len(group.drugs) >= 2 and previous.n is None:
            gap = folded[previous.span.end : group.span.start]
            inner = folded[group.drugs[-2].end : group.drugs[-1].start]
            if (
                re.fullmatch(r",\s", gap)
                and re.search(r"\b(?:and|plus)\b", inner)
                and not set(previous.names) & set(group.names)
            ):
                merged[-1] = Regimen([*previous.drugs, *group.drugs], group.n, group.end, group.optional)
                continue
        merged.append(group)
    return merged


def _joined(folded: str, passage: TextSpan, group: Regimen, gap: str, drug: DrugMention) -> bool:
    if drug.generic in group.names:
        return False
    if gap.strip() == "to":
        return _ADDED_TO.search(folded[max(passage.start, group.span.start - 30) : group.span.start]) is not None
    if _PLUS.fullmatch(gap) is None or re.search(r"\beither\b", gap):
        return False
    if gap.strip() in ("with", "to", "and") and _COMPARES.search(
        folded[max(passage.start, group.span.start - 70) : group.span.start]
    ):
        return False
    two_options = gap.strip() == "and" and drug.kind in CONTROL_KINDS
    return not two_options


def regimen_definitions(reading: Reading) -> dict[str, tuple[DrugMention, ...]]:
    """Regimens that the article spells out: "bortezomib, lenalidomide and dexamethasone (VRd)"."""
    found: dict[str, tuple[DrugMention, ...]] = {}
    for mentions in reading.mentions:
        drugs = mentions.drugs
        for place, drug in enumerate(drugs):
            if drug.kind != "REGIMEN" or place == 0 or drug.generic in found:
                continue
            if not re.fullmatch(r"\s?\(", reading.folded[drugs[place - 1].end : drug.start]):
                continue
            parts = [drugs[place - 1]]
            for earlier in reversed(drugs[: place - 1]):
                gap = reading.folded[earlier.end : parts[0].start]
                if re.fullmatch(r",?\s?(?:and|plus|with|,|-|/|\+)?\s?", gap) is None:
                    break
                parts.insert(0, earlier)
            spelled = tuple(part for one in parts for part in found.get(one.generic, (one,)))
            if len(spelled) >= 2:
                found[drug.generic] = spelled
    return found


def expanded(regimen: Regimen, definitions: dict[str, tuple[DrugMention, ...]]) -> Regimen:
    """The regimen with abbreviations that the article spells out replaced by their interventions."""
    if not any(drug.generic in definitions for drug in regimen.drugs):
        return regimen
    drugs = [part for drug in regimen.drugs for part in definitions.get(drug.generic, (drug,))]
    unique = list({drug.generic: drug for drug in reversed(drugs)}.values())[::-1]
    return Regimen(unique, regimen.n, regimen.end, regimen.optional)


_BACKGROUND = re.compile(
    r"\b(?:after|prior|previous(?:ly)?|resistan\w+ to|resistant to|refractory to|following|failed"
    r"|progress\w+ (?:on|after)|treated with|relapsed (?:on|after)|ineligible for|not eligible for|candidates for"
    r"|had (?:received|taken)|approved|including|such as|compared with other|unlike|who had|new to|as many as"
    r"|intoleran\w+ (?:to|of)|na[i\u00ef]ve to|cannot (?:have|take)|beyond|despite)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)


def is_background(folded: str, regimen: Regimen, passage: TextSpan) -> bool:
    """True for treatments that patients had before, or that are named for other reasons."""
    before = folded[max(passage.start, regimen.span.start - 70) : regimen.span.start]
    return _BACKGROUND.search(before) is not None
