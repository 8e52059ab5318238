"""Names, protocol codes and registry numbers of trials."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from functools import cache

from summarizer.reading.mentions.model import Designation, DesignationKind
from summarizer.reading.phrases import read_rows
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"

_REGISTRY = re.compile(
    r"\bNCT ?\d{8}\b|\bISRCTN ?\d{6,8}\b|\bChiCTR-?[A-Z]{0,4}-?\d{8,10}\b|\bjRCTs?\d{9,10}\b|\bUMIN ?\d{9}\b"
    r"|\bJapicCTI-\d{6}\b"
    r"|\bACTRN ?\d{14}\b|\bCTRI/\d{4}/\d{2,3}/\d{5,6}\b|\bDRKS ?\d{8}\b|\bKCT ?\d{7}\b|\bNTR ?\d{3,5}\b"
    r"|\bIRCT\d{14,20}(?:N\d+)?\b"
    r"|\b20\d\d-5\d{5}-\d\d(?:-\d\d)?\b|\b(?:19|20)\d\d-\d{6}-\d\d\b"
)
"""WHO ICTRP primary registries and ClinicalTrials.gov number formats."""

_PROTOCOL = re.compile(
    r"\b(?:[A-Z]{1,6}\d{1,6}|[A-Z]{2,8})(?:-[A-Z0-9]{1,6})?-\d{2,5}[A-Z]?\b|\b[A-Z]{1,4}\d{3,6}-\w{2,6}\b"
)

_CANDIDATE = re.compile(
    r"(?<![\w/.@-])(?:"
    r"[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-[A-Za-z]{2,12})?[- ]?-?\d{1,4}[A-Z]{0,3}\b"
    r"|(?:[A-Z][a-z]+){2,3}[- ]?-?\d{1,4}[A-Z]{0,2}\b"
    r"|[A-Z]{3,14}-[A-Z][A-Za-z]{2,12}[- ]?\d{0,3}\b|[A-Z]{2,14}-(?:[IVX]{1,4}|[A-Z]\d{1,3}|\d{1,4})\b"
    r"|[A-Z][a-z]{2,12}-[A-Z]{2,6}\b"
    r"|[a-z]{1,5}[A-Z]{2,8}\b(?:[- ]\d{1,3}\b)?"
    r"|[A-Z][A-Za-z]*[a-z][A-Z][A-Za-z]*\b|[A-Z]{2,10}[a-z]{1,6}[A-Z]?[a-z]*\b(?:[- ]\d{1,4}\b)?"
    r"|[A-Z][A-Z0-9]{2,14}(?:-[A-Z0-9]{2,8})?(?: ?\d{1,4})?\b"
    r"|[A-Z][a-z]{3,12}[- ]?\d{1,4}\b"
    r")"
)
_STUDY = r"(?:trials?|stud(?:y|ies)|programs?|programmes?|protocol)"
_AFTER = re.compile(
    rf"(?:(?:/[A-Z][\w-]+){{1,3}}| [A-Z][\w-]+)?(?:\s?[\(\[][^)\]]{{0,60}}[\)\]])?,?"
    r"(?:\san?)?(?:\s(?:[Bb]reast|[Ll]ung|phase|Phase|randomi[sz]ed|clinical|pivotal|main|[Cc]ancer|registrational"
    r"|umbrella"
    rf"|Phase)(?:\s(?:\d|I{{1,3}}|[Cc]ancer)\w?)?){{0,2}}\s{_STUDY}\b"
)
_AFTER_ID = re.compile(r"\s?[\(\[](?:[^()\[\]]{1,40}[;,]\s?)?(?:NCT|ISRCTN|ChiCTR|EudraCT|jRCT|ClinicalTrials)")
_BEFORE = re.compile(
    rf"(?:\b{_STUDY}(?:,? (?:called|named|designated|dubbed|known as|is called|is named|of|was called))?,? "
    rf"(?:the |is |was )?|\b[Pp]hase (?:[1-4][abc]?(?:/[1-4][abc]?)?|I{{1,3}}V?[abc]?(?:/I{{1,3}}[abc]?)?)"
    rf"(?:,? [\w-]+){{0,3}}? |\b(?:called|designated|dubbed|named|compared to|readouts? (?:from|of)) )$"
)
_VERB_AFTER = re.compile(
    r"(?:\s?\([^)]{0,60}\))?,? (?:enrol(?:l)?ed|randomi[sz]ed|assigned|tested|tests|found|showed|compared|compares"
    r"|met|missed|evaluated|is (?:testing|comparing|evaluating|looking|an? )|was an? |has (?:enrolled|shown)"
    r"|combined|used|will (?:enrol|test|compare|evaluate)|asks|asked|included|read out|added|reported|investigated"
    r"|recruited)\b"
)
_STRONG_FORM = re.compile(r"[A-Za-z]*[A-Z][A-Za-z]{3,}(?:-[A-Za-z]+)?[- ]?-?\d{1,4}[A-Z]{0,3}|[A-Z]{4,}-[A-Z][a-z]+\d*")
_YEAR_OR_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Stage|Grade|Type|Phase|Week|Month|Day|Year|Table|Figure|Cohort|Group|Arm|Part"
    r"|Level|Class|Version|Number|Age|Aged|Nearly|About|Roughly|Some|Over|Only|Among|After|Until|Since|From|Between"
    r"|Before|Around|Another|These|Those|With|Median|Both|When|Just|Up)[- ]?\d*$"
)


@cache
def _never() -> frozenset[str]:
    return frozenset(row[0].casefold() for row in read_rows(_VOCABULARY, "not_trials.tsv"))


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
    blocked = sorted([*taken, *venues, *(item.span for item in found)])
    candidates = [
        m
        for m in _CANDIDATE.finditer(folded)
        if _possible(m.group(), abbreviations) and (not _hits(blocked, m.span()) or _is_numbered_trial(folded, m))
    ]
    sure = [m for m in candidates if _is_called_a_trial(folded, m)]
    families = {family_of(m.group()) for m in sure} - {None}
    surely = {m.group() for m in sure}
    names: list[Designation] = []
    for m in candidates:
        known = m.group() in surely or family_of(m.group()) in families
        if known or _listed_with(folded, m, surely):
            names.append(Designation(m.group(), DesignationKind.NAME, TextSpan(*m.span())))
    names = [_as_protocol(name) for name in [*names, *_second_names(folded, names)]]
    found.extend(names)
    found.extend(_protocol_codes(folded, found, taken))
    return sorted(found, key=lambda item: item.span)


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


_NUMBER_AS_NAME = re.compile(r"(?<![\w.,/-])\d{3,4}(?= \((?:NCT|ISRCTN|ChiCTR|EudraCT|jRCT))")
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


def _is_numbered_trial(folded: str, match: re.Match[str]) -> bool:
    """A registry number right after it makes a name a trial's, whatever else it looks like."""
    return _AFTER_ID.match(folded, match.end()) is not None and "-" in match.group()


def _hits(blocked: Sequence[TextSpan], span: tuple[int, int]) -> bool:
    index = bisect.bisect_left(blocked, (span[1], -1))
    return any(other.start < span[1] and span[0] < other.end for other in blocked[max(0, index - 3) : index + 1])


_ROMAN = re.compile(r"[IVX]+[ab]?(?:[-/][IVX]+[ab]?)?")


def _possible(text: str, abbreviations: frozenset[str]) -> bool:
    if text.casefold() in _never() or _YEAR_OR_MONTH.match(text) or _ROMAN.fullmatch(text):
        return False
    bare = re.sub(r"[- ]?\d+$", "", text)
    if bare.casefold() in _never() or text in abbreviations or bare in abbreviations:
        return False
    return sum(character.isalpha() for character in text) >= 2


def family_of(text: str) -> str | None:
    """``ORCHARD-12`` -> ``ORCHARD``: the part that numbered sibling trials share; None for a name without a number."""
    match = re.fullmatch(r"(?P<stem>[A-Za-z][\w-]*?[A-Za-z])[- ]?-?(?:\d{1,4}[A-Z]{0,3}|[IVX]{1,4}|[A-Z]\d{1,3})", text)
    return match["stem"] if match and len(match["stem"]) >= 4 else None


def _is_called_a_trial(folded: str, match: re.Match[str]) -> bool:
    text, start, end = match.group(), match.start(), match.end()
    if _AFTER_ID.match(folded, end):
        return True
    if _AFTER.match(folded, end) and not re.search(r"\b(?:an?|this|that)\s$", folded[max(0, start - 6) : start]):
        return True
    before = folded[max(0, start - 60) : start]
    if _BEFORE.search(before):
        return len(text) >= 4 or any(character.isdigit() for character in text)
    if _STRONG_FORM.fullmatch(text) and not re.fullmatch(r"[A-Z]{2,4}-?\d+", text):
        letters = sum(character.isalpha() for character in text)
        camel = re.search(r"[a-z][A-Z]|[A-Z]{3}", text) is not None
        if (
            camel
            and letters >= 5
            and any(c.isdigit() for c in text)
            and ("-" in text or " " in text or text[0].islower())
        ):
            return not re.fullmatch(r"[A-Z][a-z]+ \d+", text)
    if len(re.sub(r"[^A-Z]", "", text)) < 4:
        return False
    return bool(_VERB_AFTER.match(folded, end) or (_OPENS.search(before) and _COMMA_OR_VERB.match(folded, end)))


_OPENS = re.compile(
    r"(?:^|[.!?:;]\s|\n)(?:In|From|By contrast,|Compared with|Unlike|Like|After|Before|Since|As in)\s$|\bas\s$"
)
_COMMA_OR_VERB = re.compile(r",|\s(?:[a-z]+ed|and|or)\b")


def _listed_with(folded: str, match: re.Match[str], known: set[str]) -> bool:
    """A capitalised word listed beside a known trial: "LARKSPUR, ORCHARD-HF and HOLLOW"."""
    text = match.group()
    if not re.fullmatch(r"[A-Z][A-Z-]{2,}(?:-?\d+)?", text) or len(re.sub(r"[^A-Z]", "", text)) < 4:
        return False
    before = folded[max(0, match.start() - 80) : match.start()]
    with_brackets = re.search(r"(?P<name>[A-Z][\w-]+) \([^()]{2,50}\),? and $", before)
    if with_brackets is not None and with_brackets["name"] in known:
        return True
    for name in known:
        for glue in (", ", " and ", ", and ", "/"):
            if folded.startswith(glue + name, match.end()) or folded.endswith(name + glue, 0, match.start()):
                return True
    return False


def _as_protocol(name: Designation) -> Designation:
    """A code of letters, digits, hyphen and digits is a protocol; any other designation stays as it is."""
    if re.fullmatch(r"[A-Z]{1,5}\d{2,6}[A-Z]?-[\w-]+", name.text):
        return Designation(name.text, DesignationKind.PROTOCOL, name.span)
    return name


_BESIDE_NAME = re.compile(r"(?:/|\s?[\(\[]|;\s?|,\s)$")


def _protocol_codes(folded: str, found: Sequence[Designation], taken: Sequence[TextSpan]) -> list[Designation]:
    """Codes such as ``XY104-225`` beside a trial's name."""
    codes: list[Designation] = []
    spans = sorted(item.span for item in found)
    for match in _PROTOCOL.finditer(folded):
        span = TextSpan(*match.span())
        if not _BESIDE_NAME.search(folded, max(0, span.start - 2), span.start):
            continue
        if _hits(spans, span) or any(other.covers(span) for other in taken):
            continue
        if _hits(spans, (span.start - 4, span.end + 4)):
            codes.append(Designation(match.group(), DesignationKind.PROTOCOL, span))
    return codes
