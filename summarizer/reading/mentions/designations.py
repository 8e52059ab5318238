"""Names, protocol codes and registry numbers of trials."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from summarizer.reading.mentions.designation_evidence import (
    GROUP_CODE,
    REGISTRY_NUMBER_FOLLOWS,
    TARGET_FOLLOWS,
    heads_a_section,
    is_called_a_trial,
    listed_with,
    never_trials,
    organisations,
    stands_out,
)
from summarizer.reading.mentions.designation_labels import cells_of_trials, labelled_siblings
from summarizer.reading.mentions.model import Designation, DesignationKind
from summarizer.text import TextSpan

_REGISTRY = re.compile(
    r"\bNCT ?\d{8}\b|\bISRCTN ?\d{6,8}\b|\bChiCTR-?[A-Z]{0,4}-?\d{8,10}\b|\bjRCTs?\d{9,10}\b|\bUMIN ?\d{9}\b"
    r"|\bJapicCTI-\d{6}\b"
    r"|\bACTRN ?\d{14}\b|\bCTRI/\d{4}/\d{2,3}/\d{5,6}\b|\bDRKS ?\d{8}\b|\bKCT ?\d{7}\b|\bNTR ?\d{3,5}\b"
    r"|\bIRCT\d{14,20}(?:N\d+)?\b"
    r"|\b20\d\d-5\d{5}-\d\d(?:-\d\d)?\b|\b(?:19|20)\d\d-\d{6}-\d\d\b"
)
"""WHO ICTRP primary registries and ClinicalTrials.gov number formats."""

_PROTOCOL = re.compile(
    r"\b(?:[A-Z]{1,6}\d{1,6}|[A-Z]{2,8})(?:-[A-Z0-9]{1,6}){0,2}-\d{2,5}[A-Z]?\b|\b[A-Z]{1,4}\d{3,6}-\w{2,6}\b"
)

_CANDIDATE = re.compile(
    r"(?:(?<![\w/.@-])|(?<=[A-Z0-9]/)(?=[A-Z]{4,}-\d))(?:"
    r"(?:SWOG|NRG|ECOG|EORTC|CALGB|RTOG|NSABP|GOG|COG|JCOG|AIO|PETACC|Alliance"
    r")[ -](?:[A-Z]{1,3}-?)?\d{3,7}[A-Z]?\b|"
    r"[A-Z]{4,12} (?:[A-Z][a-z]{2,12}|[A-Z]&[A-Z])-\d{2,4}\b|[A-Z]{2,6}\d{1,4}-[A-Z]?\d{2,4}\b|"
    r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*-(?:[A-Z]{1,4}|[A-Z][a-z]{3,9})\b(?![ -]?\d)|"
    r"[a-z]{1,3}[A-Z]{3,}-[A-Z]{2,6}\d{1,3}\b|[A-Z]-[A-Z]{3,10}\b|[a-z]{4,9}[A-Z]\b(?:[ -]\d\b)?|"
    r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-[A-Za-z]{2,12})?[- ]?-?\d{1,4}[A-Z]{0,3}\b"
    r"|(?:[A-Z][a-z]+){2,3}[- ]?-?\d{1,4}[A-Z]{0,2}\b"
    r"|[A-Z]{3,14}-[A-Z][A-Za-z]{2,12}(?:[- ]?\d{1,3})?\b|[A-Z]{2,14}-(?:[IVX]{1,4}|[A-Z]\d{1,3}|\d{1,4})\b"
    r"|[A-Z][a-z]{2,12}-[A-Z]{2,6}\b"
    r"|[a-z]{1,5}[A-Z]{2,8}\b(?:[- ]\d{1,3}\b)?"
    r"|[A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*\b|[A-Z]{2,10}[a-z]{1,6}[A-Z]?[a-z]*\b(?:[- ]\d{1,4}\b)?"
    r"|[A-Z][A-Z0-9]{2,14}(?:-[A-Z0-9]{2,8})?(?: ?\d{1,4})?\b"
    r"|[A-Z][a-z]{3,12}[- ]?\d{1,4}\b"
    r"|(?<=[Tt]he )(?!Phase|Part|Stage)[A-Z][a-z]{3,11} [A-Z]{2,4}(?= (?:trial|study)\b)"
    r")"
)

_YEAR_OR_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Stage|Grade|Type|Phase|Week|Month|Day|Year|Table|Figure|Cohort|Group|Arm|Part"
    r"|Level|Class|Version|Number|Age|Aged|Nearly|About|Roughly|Some|Over|Only|Among|After|Until|Since|From|Between"
    r"|Before|Around|Another|These|Those|With|Median|Both|When|Just|Up)[- ]?\d*$"
)


def find_designations(
    folded: str, taken: Sequence[TextSpan], venues: Sequence[TextSpan], abbreviations: frozenset[str]
) -> list[Designation]:
    """Designations of trials in text order.

    Args:
        folded: text through ``fold``.
        taken: drug mentions (a development code is no trial).
        venues: meetings and journals ("ASCO 2025" is no trial).
        abbreviations: short forms that the article defines ("non-small cell lung cancer (NSCLC)").
    """
    found = [Designation(m.group(), DesignationKind.REGISTRY, TextSpan(*m.span())) for m in _REGISTRY.finditer(folded)]
    found.extend(_numbers_as_names(folded))
    found.extend(_names_of_two_words(folded))
    blocked = sorted([*taken, *venues, *(item.span for item in found)])
    candidates = [
        m
        for m in _CANDIDATE.finditer(folded)
        if _possible(m.group(), abbreviations)
        and not _NUMBER_GOES_ON.match(folded, m.end())
        and (not _hits(blocked, m.span()) or _is_numbered_trial(folded, m))
    ]
    targets = {m.group() for m in candidates if TARGET_FOLLOWS.match(folded, m.end())}
    candidates = [m for m in candidates if m.group() not in targets or REGISTRY_NUMBER_FOLLOWS.match(folded, m.end())]
    sure = [m for m in candidates if is_called_a_trial(folded, m)]
    families = {family_of(m.group()) for m in sure} - {None}
    sure += [m for m in candidates if m.group() not in families and stands_out(folded, m)]
    sure += labelled_siblings(folded, candidates, family_of)
    cells = cells_of_trials(folded)
    sure += [m for m in candidates if TextSpan(*m.span()) in cells]
    surely = {m.group() for m in sure}
    names: list[Designation] = []
    for m in candidates:
        known = m.group() in surely or family_of(m.group()) in families
        if known or listed_with(folded, m, surely):
            names.append(Designation(m.group(), DesignationKind.NAME, TextSpan(*m.span())))
    companies = _companies(folded)
    names = [name for name in names if name.text not in companies]
    names = [name for name in names if name.text not in families or not _PROGRAM.match(folded, name.span.end)]
    found.extend(_as_protocol(name) for name in names)
    found.extend(_protocol_codes(folded, found, taken))
    found.extend(_as_protocol(name) for name in _second_names(folded, found))
    return sorted(found, key=lambda item: item.span)


_NUMBER_GOES_ON = re.compile(r"(?<=\d)\.\d")
"""Behind "LD 17" of "with LD 17.5 months": half a number is part of no name."""

_PROGRAM = re.compile(r" (?:clinical |development |trial |phase \w+ )*program(?:me)?s?\b")

_COMPANY_AFTER = re.compile(
    r"(?:,? (?:Therapeutics|Pharma\w*|Biopharma\w*|Biosciences?|Bio\b|Biotech\w*|Oncology|Medical|Medicines?|Inc\b"
    r"|Ltd|Corp|AG\b|plc|Laborator\w+|Holdings|Group|Health\w*|Sciences))"
)


_LONGEST_COMPANY = 40


def _companies(folded: str) -> frozenset[str]:
    """What the article calls a company: the words before "Therapeutics" in "SpringLake Therapeutics"."""
    found: set[str] = set()
    for match in _COMPANY_AFTER.finditer(folded):
        before = folded[max(0, match.start() - _LONGEST_COMPANY) : match.start()]
        found.update(before[word.start() :] for word in _WORD_STARTS.finditer(before))
    return frozenset(found)


_WORD_STARTS = re.compile(r"\b(?=\w)")


_SECOND_NAME = re.compile(r"(?<=[A-Za-z0-9]/)[A-Z]{2,}[A-Za-z]*[- ][A-Za-z]{0,6}\d{1,5}[A-Za-z]?\b(?!-)")


def _second_names(folded: str, names: Sequence[Designation]) -> list[Designation]:
    """What cooperative groups call a trial, behind its name: "ORCHARD-1/ENGOT-OV99"."""
    ends = {name.span.end for name in names}
    starts = {name.span.start for name in names}
    found: list[Designation] = []
    for match in _SECOND_NAME.finditer(folded):
        if match.start() - 1 in ends and match.start() not in starts:
            found.append(Designation(match.group(), DesignationKind.NAME, TextSpan(*match.span())))
            ends.add(match.end())
    return found


_NUMBER_AS_NAME = re.compile(
    r"(?:^|(?<=\n)|(?<=[.;:] )|(?<=\b[Tt]he )|(?<=\b[Ii]n )|(?<=\b[Ff]rom ))\d{3,4}(?= (?:(?:trial|study) )?\((?:NCT"
    r"|ISRCTN|ChiCTR"
    r"|EudraCT|jRCT))"
)

_NUMBER_AGAIN = re.compile(
    r"(?<=\b[Tt]he )\d{3,4}(?= (?:trial|study|team|investigators|results))"
    r"|(?<![\w.,/-])\d{3,4}(?= \((?:NCT|ISRCTN))"
)


def _numbers_as_names(folded: str) -> list[Designation]:
    """A trial called by a bare number: "1234 (NCT...)"; its later mentions only as "the 1234 trial"."""
    names = {match.group() for match in _NUMBER_AS_NAME.finditer(folded)}
    return [
        Designation(match.group(), DesignationKind.NAME, TextSpan(*match.span()))
        for match in (_NUMBER_AGAIN.finditer(folded) if names else ())
        if match.group() in names
    ]


_TWO_WORDS = re.compile(
    r"(?<![\w/-])(?!Phase|Study|Trial|Part)[A-Z]+[A-Za-z]*[A-Z][A-Za-z-]* (?:[A-Z][a-z]{2,11}"
    r"|[A-Z][a-z]*[A-Z][A-Za-z]{1,8})"
    r"(?=(?: (?:trial|study))? \((?:NCT|ISRCTN|ChiCTR|EudraCT|jRCT))"
    r"|(?<=\b[Ii]n )[A-Z]{5,12} [A-Z]{5,12}(?= \(|,| trial| study)"
)


def _names_of_two_words(folded: str) -> list[Designation]:
    """Names whose second word tells siblings apart ("ORCHARD Heart (NCT...)"), at each of their mentions."""
    names = {match.group() for match in _TWO_WORDS.finditer(folded)}
    return [
        Designation(name, DesignationKind.NAME, TextSpan(*match.span()))
        for name in sorted(names)
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", folded)
    ]


def _is_numbered_trial(folded: str, match: re.Match[str]) -> bool:
    """A registry number right after it makes a name a trial's, whatever else it looks like."""
    if "-" not in match.group():
        return False
    return REGISTRY_NUMBER_FOLLOWS.match(folded, match.end()) is not None or heads_a_section(folded, match)


def _hits(blocked: Sequence[TextSpan], span: tuple[int, int]) -> bool:
    index = bisect.bisect_left(blocked, (span[1], -1))
    return any(other.start < span[1] and span[0] < other.end for other in blocked[max(0, index - 3) : index + 1])


_ROMAN = re.compile(r"[IVX]+[ab]?(?:[-/][IVX]+[ab]?)?")


def _possible(text: str, abbreviations: frozenset[str]) -> bool:
    if (
        text.casefold() in never_trials()
        or text.casefold() in organisations()
        or _YEAR_OR_MONTH.match(text)
        or _ROMAN.fullmatch(text)
    ):
        return False
    bare = re.sub(r"[- ]?\d+$", "", text)
    if bare.casefold() in never_trials() or text in abbreviations or bare in abbreviations:
        return False
    return sum(character.isalpha() for character in text) >= 2


def family_of(text: str) -> str | None:
    """``ORCHARD-12`` -> ``ORCHARD``: the part that numbered sibling trials share; None for a name without a number."""
    match = re.fullmatch(r"(?P<stem>[A-Za-z][\w-]*?[A-Za-z])[- ]?-?(?:\d{1,4}[A-Z]{0,3}|[IVX]{1,4}|[A-Z]\d{1,3})", text)
    return match["stem"] if match and len(match["stem"]) >= 4 else None


def _as_protocol(name: Designation) -> Designation:
    """A code of letters, digits, hyphen and digits is a protocol; any other designation stays as it is."""
    if re.fullmatch(r"[A-Z]{1,5}\d{2,6}[A-Z]?-[\w-]+", name.text) or GROUP_CODE.fullmatch(name.text):
        return Designation(name.text, DesignationKind.PROTOCOL, name.span)
    return name


_BESIDE_NAME = re.compile(r"(?:/|\s?[\(\[]|;\s?|,\s)$")


def _protocol_codes(folded: str, found: Sequence[Designation], taken: Sequence[TextSpan]) -> list[Designation]:
    """Codes such as ``XY104-225`` beside a trial's name."""
    codes: list[Designation] = []
    spans = sorted(item.span for item in found)
    for match in _PROTOCOL.finditer(folded):
        span = TextSpan(*match.span())
        if _hits(spans, span) or any(other.covers(span) for other in taken):
            continue
        has_number = match.group().count("-") >= 2 and REGISTRY_NUMBER_FOLLOWS.match(folded, span.end) is not None
        opens = _BESIDE_NAME.search(folded, max(0, span.start - 2), span.start) is not None
        before_name = match.group().count("-") >= 2 and any(
            folded[span.end : other.start] in (" (", "/") for other in spans if 0 < other.start - span.end <= 2
        )
        if has_number or before_name or (opens and _hits(spans, (span.start - 4, span.end + 4))):
            codes.append(Designation(match.group(), DesignationKind.PROTOCOL, span))
    return codes
