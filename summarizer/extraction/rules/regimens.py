"""Regimens: interventions given together, as worded in one place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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
    dose: TextSpan | None = None
    """The dose of its first intervention, where one stands right behind it."""

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
_DOSING = (
    r"(?:,? (?:at )?\d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g|g|U|IU|mL)(?:/(?:kg|m2|m\u00b2|day|d))?)?"
    r"(?:,? (?:(?:once|twice|three times|one time|two times)(?: an?| per)? ?-?(?:daily|weekly|monthly|day|week|month)"
    r"|every (?:other )?(?:\w+ )?(?:days?|weeks?|months?)|daily|weekly|monthly|a day|per day|intravenously|orally"
    r"|subcutaneously|by (?:mouth|injection|infusion)|into (?:a|the) (?:muscle|vein)|under the skin))*"
)
"""How much, how often: "960 mg once daily", "25 mg every three months"."""
_PLUS = re.compile(
    rf"{_DOSING}(?:\s?\([^)]{{0,60}}\))?\s*(?:,\s*)?"
    r"(?:-|\+|/|plus|and|with|was combined with|were combined with|given with|given weekly with|combined with"
    r"|added to|in combination with|on either side of|before and after|alongside|followed by|together with"
    r"|paired with|with or without"
    r"|, with or without|, plus|on top of|in one fixed-dose product with)"
    rf"\s*{_ADJECTIVE}*(?:\w+ cycles of )?(?:[a-z]+-based )?",
    re.IGNORECASE,
)
_ALONE_OR_WITH = re.compile(
    r"(?:\s?\([^)]{0,60}\))?,? alone or (?:with|in combination with|combined with|plus)\s(?:the )?", re.IGNORECASE
)
_ADDED_TO = re.compile(r"\b[Aa]dd(?:ing|ed|s|ition of)\s(?:the )?$")
_GOES_ON_WITH = re.compile(r",? (?:followed by|then) (?:maintenance |adjuvant |consolidation )?")
"""Between a drug and its second phase: "A followed by maintenance A plus B"."""
_APPOSITION = re.compile(r"\s?[\(\[]|,? (?:a|an|the) ")
_SIZE = re.compile(
    rf"{_DOSING}(?:,? (?:alone|only|monotherapy|arm|group|therapy|treatment|induction|and maintenance|maintenance"
    r"|by itself|on its own|open label|open-label))*,?\s?(?:\([^()]{0,80}?)?[\(,;]?\s?\b[nN] ?= ?(?P<n>\d[\d,]*)\)?"
)


_CONTROLLED = re.compile(r"-?(?:controlled|adjusted|corrected|subtracted)\b")
_CLOSED = re.compile(r"^[^()\[\]]{0,40}[)\]]")
_COMPARES = re.compile(r"\bcompar(?:es|ed|ing|e)\s(?:the )?[^.;]{0,60}$")


def find_regimens(reading: Reading, number: int, passage: TextSpan) -> list[Regimen]:
    """Interventions of one passage, grouped into regimens by the words between them."""
    folded = reading.folded
    named = [
        d
        for d in reading.mentions[number].drugs
        if passage.covers(TextSpan(d.start, d.end)) and not _CONTROLLED.match(reading.folded, d.end)
    ]
    named = [_own_drug_for_its_class(reading, passage, drug, named) for drug in named]
    drugs = sorted([*named, *_anaphors(reading, passage, named)], key=lambda drug: drug.start)
    groups: list[Regimen] = []
    previous: DrugMention | None = None
    for drug in drugs:
        if previous is None:
            groups.append(Regimen([drug]))
            previous = drug
            continue
        gap = folded[previous.end : drug.start]
        named_again = drug.generic == previous.generic and (
            _APPOSITION.fullmatch(gap) or _GOES_ON_WITH.fullmatch(gap) or len(gap) <= 3
        )
        explained = drug.kind == "CLASS" and re.fullmatch(r", (?:an?|the) ", gap) is not None
        explained = explained or _spells_out(folded, groups[-1], gap, drug)
        abbreviated = drug.kind in ("REGIMEN", "CODE") and re.fullmatch(r"\s?[\(\[]", gap) is not None
        if named_again or abbreviated or explained:
            groups[-1].end = drug.end
            previous = drug
            continue
        gap = _CLOSED.sub("", gap)  # "A (brand) plus B": the brand was the mention before
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
            group.n = size_behind(folded, end, passage.end) or group.n
        first = group.drugs[0]
        if _DOSE_ONLY.fullmatch(first.text):
            group.dose = TextSpan(first.start, first.end)
        dose = None if group.dose else _DOSE_BEHIND.match(folded, first.end, passage.end)
        if dose is not None:
            group.dose = TextSpan(*dose.span("dose"))
    return groups


def size_behind(folded: str, start: int, end: int) -> tuple[int, TextSpan] | None:
    """The number of patients in "(n = 120)" behind a regimen, and where it stands."""
    match = _SIZE.match(folded, start, end)
    return None if match is None else (int(match["n"].replace(",", "")), TextSpan(*match.span("n")))


_DOSE_ONLY = re.compile(r"\d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g)")
_DOSE_BEHIND = re.compile(r",? (?:at )?(?P<dose>\d+(?:\.\d+)? ?(?:mg|mcg|\u00b5g)(?:/kg)?)\b")


def _spells_out(folded: str, group: Regimen, gap: str, drug: DrugMention) -> bool:
    """True for what stands in the brackets behind a regimen's short name: "FLOT (fluorouracil, leucovorin ...)"."""
    if group.drugs[-1].kind != "REGIMEN" or len(group.drugs) != 1:
        return False
    opened = folded[group.drugs[0].end : drug.start]
    inside = opened.count("(") > opened.count(")") and len(opened) <= 90
    return (
        inside
        or _SPELLED_OUT.fullmatch(gap) is not None
        or (group.end is not None and ", a" in opened[:4] and _LISTED.fullmatch(gap) is not None)
    )


_ANAPHOR = re.compile(
    r"\b[Tt]he (?:same |new |investigational |experimental |study |(?:PD-1/\S+ )?bispecific |oral |once-daily |daily )?"
    r"(?:antibody|radioligand|drug|pill|device|tablet|conjugate|ADC|agent|inhibitor|vaccine|bispecific|degrader)"
    r"(?= (?:plus|with|against|or|vs\.?|versus|and placebo|to)\b)"
)


_CLASS_OF_ONE = re.compile(
    r".*\b(?:conjugate|antibody|inhibitor|degrader|blocker|agonist|antagonist|bispecific|radioligand|vaccine)",
    re.IGNORECASE,
)
_THE = re.compile(r"\b[Tt]he (?:new |novel |oral |investigational |experimental )?$")


def _own_drug_for_its_class(
    reading: Reading, passage: TextSpan, drug: DrugMention, named: Sequence[DrugMention]
) -> DrugMention:
    """The article's own drug for "the antibody-drug conjugate"; any other mention as it is."""
    own = reading.main_drug
    if drug.kind != "CLASS" or own is None or drug.text.endswith("s") or _CLASS_OF_ONE.fullmatch(drug.text) is None:
        return drug
    if _THE.search(reading.folded, max(0, drug.start - 30), drug.start) is None:
        return drug
    if any(other.generic == own.generic for other in named) or not _is_spoken_of(reading, own, passage):
        return drug
    return replace(drug, generic=own.generic, drugbank_id=own.drugbank_id, source=own.source, kind=own.kind)


_MEMORY = 20
"""Sentences that a reader looks back for what "the antibody" means."""


def _is_spoken_of(reading: Reading, drug: DrugMention, passage: TextSpan) -> bool:
    """False where the text before speaks of other drugs only."""
    number = reading.sentence_at(passage.start)
    near = [
        other.generic
        for mentions in reading.mentions[max(0, number - _MEMORY) : number + 1]
        for other in mentions.drugs
        if other.kind in ("DRUG", "CODE")
    ]
    return not near or drug.generic in near


_DOSE_ALONE = re.compile(
    r"(?:(?<=: )|(?<=, )|(?<=\bor )|(?<=\band )|(?<=\bto ))\d+(?:\.\d+)? ?(?:mg|mcg"
    r"|\u00b5g)(?=(?: [a-z]+)? ?\([nN] ?= ?\d)"
)
"""The place before a dose with a size that no drug stands before: "3 mg (n = 143), 12 mg (n = 137) or placebo"."""


def _anaphors(reading: Reading, passage: TextSpan, named: Sequence[DrugMention]) -> list[DrugMention]:
    """The article's own drug at the place of the words for it: "the bispecific antibody plus chemotherapy"."""
    own = reading.main_drug
    if own is None or any(drug.generic == own.generic for drug in named) or not _is_spoken_of(reading, own, passage):
        return []
    return [
        DrugMention(match.start(), match.end(), match.group(), own.generic, own.drugbank_id, own.source, own.kind)
        for pattern in (
            _ANAPHOR,
            *([] if any(drug.kind in ("DRUG", "CODE", "REGIMEN") for drug in named) else [_DOSE_ALONE]),
        )
        for match in pattern.finditer(reading.folded, *passage)
    ]


_MORE_DOSES = re.compile(
    r"(?:,|,? (?:or|and)) (?:to )?(?P<dose>\d+(?:\.\d+)? ?m?g)(?: [a-z]+)? ?\([nN] ?= ?(?P<n>\d[\d,]*)\)"
)
_FIRST_DOSE = re.compile(r" \d+(?:\.\d+)? ?m?g(?: [a-z]+)? ?\([nN] ?= ?\d[\d,]*\)")


def _with_doses(folded: str, passage: TextSpan, groups: Sequence[Regimen]) -> list[Regimen]:
    """One regimen for each dose with its size: "A 5 mg (n=630), 10 mg (n=636) or 15 mg (n=630)"."""
    spread: list[Regimen] = []
    for group in groups:
        spread.append(group)
        first = _FIRST_DOSE.match(folded, group.drugs[-1].end, passage.end)
        end = first.end() if first else -1
        while first is not None and (more := _MORE_DOSES.match(folded, end, passage.end)):
            size = (int(more["n"].replace(",", "")), TextSpan(*more.span("n")))
            spread.append(Regimen(list(group.drugs), size, dose=TextSpan(*more.span("dose"))))
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


_AGAINST_BEHIND = re.compile(r"[^.;,]{0,40}? (?:with|against|to|versus|vs\.?)\s")
_CHOICE_OF = re.compile(r"\bchoice (?:of|between)\s(?:\w+ ){0,2}$")
"""Before what the physician may choose from: all of it makes one arm."""


_HAS_SIZE = re.compile(r"\b[nN] ?= ?\d")
_ADDS = re.compile(r"\b(?:plus|with|combin\w+|alongside|on top of|together)\b|\+")


def _joined(folded: str, passage: TextSpan, group: Regimen, gap: str, drug: DrugMention) -> bool:
    if drug.generic in group.names or (_HAS_SIZE.search(gap) and not _ADDS.search(gap)):
        return False
    if gap.strip() == "to":
        return _ADDED_TO.search(folded[max(passage.start, group.span.start - 30) : group.span.start]) is not None
    if _CHOICE_OF.search(folded[max(passage.start, group.span.start - 60) : group.span.start]) and re.fullmatch(
        r"(?:\s?\([^)]{0,40}\))?(?:,| or|, or)\s", gap
    ):
        return True
    if _PLUS.fullmatch(gap) is None or re.search(r"\beither\b", gap):
        return False
    link = re.search(r"\b(with|to|and)$", gap.strip())
    lead = folded[max(passage.start, group.span.start - 70) : group.span.start]
    if link is not None and _COMPARES.search(lead):
        goes_on = link.group() == "and" and _AGAINST_BEHIND.match(folded, drug.end, passage.end) is not None
        if not goes_on:
            return False
    two_options = gap.strip() == "and" and drug.kind in CONTROL_KINDS
    return not two_options


_SPELLED_OUT = re.compile(r"\s?\((?:[a-z]+ ){0,2}|, an? (?:cocktail|combination|mix|regimen) of ")
_LISTED = re.compile(r",?\s?(?:and|plus|with|,|-|/|\+|followed by)?\s?(?:\d[^a-z(]{0,12}[A-Z]?\w* of )?(?:the )?")


def regimen_definitions(reading: Reading) -> dict[str, tuple[DrugMention, ...]]:
    """Regimens that the article spells out: "bortezomib, lenalidomide and dexamethasone (VRd)", "FLOT (...)"."""
    found: dict[str, tuple[DrugMention, ...]] = {}
    for mentions in reading.mentions:
        drugs = mentions.drugs
        for place, drug in enumerate(drugs):
            if drug.kind != "REGIMEN" or drug.generic in found:
                continue
            parts = _parts_before(reading.folded, drugs, place) or _parts_behind(reading.folded, drugs, place)
            spelled = tuple(part for one in parts for part in found.get(one.generic, (one,)))
            if len(spelled) >= 2:
                found[drug.generic] = spelled
    return found


def _parts_before(folded: str, drugs: Sequence[DrugMention], place: int) -> list[DrugMention]:
    if place == 0 or not re.fullmatch(r"\s?\(", folded[drugs[place - 1].end : drugs[place].start]):
        return []
    parts = [drugs[place - 1]]
    for earlier in reversed(drugs[: place - 1]):
        if re.fullmatch(r",?\s?(?:and|plus|with|,|-|/|\+)?\s?", folded[earlier.end : parts[0].start]) is None:
            break
        parts.insert(0, earlier)
    return parts


def _parts_behind(folded: str, drugs: Sequence[DrugMention], place: int) -> list[DrugMention]:
    if place + 1 >= len(drugs) or not _SPELLED_OUT.fullmatch(folded[drugs[place].end : drugs[place + 1].start]):
        return []
    parts = [drugs[place + 1]]
    for later in drugs[place + 2 :]:
        if _LISTED.fullmatch(folded[parts[-1].end : later.start]) is None:
            break
        parts.append(later)
    return parts


def expanded(regimen: Regimen, definitions: dict[str, tuple[DrugMention, ...]]) -> Regimen:
    """The regimen with abbreviations that the article spells out replaced by their interventions."""
    if not any(drug.generic in definitions for drug in regimen.drugs):
        return regimen
    drugs = [part for drug in regimen.drugs for part in definitions.get(drug.generic, (drug,))]
    unique = list({drug.generic: drug for drug in reversed(drugs)}.values())[::-1]
    return Regimen(unique, regimen.n, regimen.end, regimen.optional, regimen.dose)


_BACKGROUND = re.compile(
    r"\b(?:after|prior|previous(?:ly)?(?! untreated)|resistan\w+ to|resistant to|refractory to|following|failed"
    r"|progress\w+ (?:on|after)|treated with|relapsed (?:on|after)|ineligible for|not eligible for|candidates for"
    r"|had (?:received|taken)|approved|including|such as|compared with other|unlike|who had|new to|as many as"
    r"|intoleran\w+ (?:to|of)|na[i\u00ef]ve to|cannot (?:have|take)|beyond|despite)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)


def is_background(folded: str, regimen: Regimen, passage: TextSpan) -> bool:
    """True for treatments that patients had before, or that are named for other reasons."""
    before = folded[max(passage.start, regimen.span.start - 70) : regimen.span.start]
    return _BACKGROUND.search(before) is not None or _NOT_GIVEN.match(folded, regimen.span.end) is not None


_NOT_GIVEN = re.compile(
    r"[- ](?:ineligible|unfit|ruled out|refractory|resistant|na[i\u00ef]ve|pretreated|experienced|failures?|unsuitable"
    r"|intolerant|treated patients|exposed|free)\b",
    re.IGNORECASE,
)
