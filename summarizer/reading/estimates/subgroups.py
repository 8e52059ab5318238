"""Subgroup wordings: "in patients whose tumours had a CPS of 5 or more", "Exon 19 deletion:"."""

from __future__ import annotations

import re

from summarizer.reading.estimates.model import Phrase
from summarizer.text import TextSpan

_PEOPLE = (
    r"(?:patients|participants|people|persons|women|men|adults|adolescents|children|infants|individuals|subjects|those"
    r"|responders|nonresponders|tumou?rs|cases|recipients|smokers)"
)
_TAIL = r"[^,;:()]{2,90}?(?:\([A-Z][\w-]{1,8}\)[^,;:()]{0,60}?)?"
_RESTRICTED = re.compile(
    r"\b(?:[Ii]n|[Aa]mong|[Ff]or|[Oo]f|[Ww]ithin|[Rr]estricting the analysis to|[Ll]imited to)\s(?:the |all )?"
    r"(?:subset of |subgroup of )?"
    rf"(?:\d[\d,]* )?(?P<phrase>(?:[\w+/-]+ ){{0,2}}{_PEOPLE} "
    rf"(?:who|whose|with|without|aged|harbou?ring|having|not|injected|under|over|younger|older)\s{_TAIL})"
    rf"(?=,|;|:|\(|$|\.\s| (?:the|median|was|were|and the|vs|versus|gave|reached|came|stood|PFS|OS|ORR)\b)"
)
_ADJECTIVE = re.compile(
    r"\b(?:[Ii]n|[Aa]mong|[Ff]or|[Oo]f)\s(?:the )?(?:\d[\d,]* )?"
    r"(?P<phrase>(?P<words>[A-Za-z0-9+\u2265\u2264<>][\w+/.%\u2265\u2264<>-]*"
    rf"(?: [\w+/.%\u2265\u2264<>-]+){{0,3}}?) "
    rf"(?P<people>{_PEOPLE}|subgroup|population|subset))\b"
)
_LABEL = re.compile(
    r"^(?:[-\u2022*\u25aa\u25cf] ?|\d+[.)] )?(?P<phrase>[A-Z\u2265\u2264<>0-9][^:;.]{1,60}?)(?: \(n ?= ?\d+\))?:\s"
)
_INNER_LABEL = re.compile(r"(?:^(?:[-\u2022*] ?)?|[;.] ?)(?P<phrase>[A-Za-z\u2265\u2264<>][^:;.,()%]{1,50}):\s")
_PARENTHESISED = re.compile(r"\b(?P<phrase>(?:who|whose|aged)\s[^,;:()]{3,70}?)\s?\($")
_COMMON = frozenset(
    "all the these those enrolled randomised randomized evaluable treated of overall eligible such more other study"
    " trial many most some few additional intention-to-treat itt full whole entire total new adult our their its"
    " patient human both each safety efficacy per-protocol analysis assigned both different".split()
)
_TREATED = re.compile(
    r"\b(?:assigned|randomi[sz]ed|receiving|received|given|treated with|taking|took|on (?:placebo|the)|allocated"
    r"|who switched|who did not(?: switch|$)|who (?:stayed|remained|continued|kept)|in the study|followed)\b",
    re.IGNORECASE,
)
_DISEASE_ONLY = re.compile(
    r"^(?:patients|people|adults|women|men|those|participants|children) with (?:\w+[ -]){0,6}"
    r"(?:cancer|disease|lymphoma|leuk\w+|myeloma|carcinoma|diabetes|tumou?rs|melanoma|syndrome|failure|hypertension"
    r"|asthma|dermatitis)\b"
    r"|^(?:\w+ ){1,2}with (?:(?!prior|previous|one|two|no\b)[\w-]+ ){0,4}(?-i:[A-Z]{2,7})$",
    re.IGNORECASE,
)

_SCORES = (
    (
        re.compile(
            r"\b(?:a |an )?(?:PD-L1 )?(?:combined positive score|CPS)(?: \(CPS\))?(?: of)? "
            r"(?:at least |\u2265 ?|>= ?)(\d+)",
            re.IGNORECASE,
        ),
        r"PD-L1 CPS ≥\1",
    ),
    (
        re.compile(
            r"\b(?:a |an )?(?:PD-L1 )?(?:combined positive score|CPS)(?: \(CPS\))?(?: of)? (\d+) or "
            r"(?:more|higher|greater|above)",
            re.IGNORECASE,
        ),
        r"PD-L1 CPS ≥\1",
    ),
    (
        re.compile(
            r"\b(?:a |an )?(?:PD-L1 )?(?:combined positive score|CPS)(?: \(CPS\))?(?: of)? "
            r"(?:below |under |less than |< ?)(\d+)",
            re.IGNORECASE,
        ),
        r"PD-L1 CPS <\1",
    ),
    (
        re.compile(
            r"\b(?:a |an )?(?:PD-L1 )?(?:tumou?r proportion score|TPS)(?: \(TPS\))?(?: of)? "
            r"(?:at least |\u2265 ?|>= ?)(\d+) ?%",
            re.IGNORECASE,
        ),
        r"PD-L1 TPS ≥\1%",
    ),
    (
        re.compile(
            r"\b(?:a |an )?(?:PD-L1 )?(?:tumou?r proportion score|TPS)(?: \(TPS\))?(?: of)? (\d+) ?% or "
            r"(?:more|higher|greater|above)",
            re.IGNORECASE,
        ),
        r"PD-L1 TPS ≥\1%",
    ),
)


_WHO_HAD = re.compile(r"^(?:who|whose)\s(?:had |have |were |are |was |is )?")
_THOSE = re.compile(r"^[Tt]hose\s(?=(?P<next>\w+))")


def canonical_subgroup(words: str) -> str:
    """The wording of a subgroup as the record gives it: marker scores in the usual short form, the rest as written."""
    for pattern, replacement in _SCORES:
        match = pattern.search(words)
        if match:
            return match.expand(replacement)
    words = _WHO_HAD.sub("", words.strip())
    those = _THOSE.match(words)
    if those is None:
        return words
    rest = words[those.end() :]
    return rest if those["next"] in ("below", "above", "under", "over", "aged") else f"patients {rest}"


def _accept(folded: str, span: TextSpan, rule: str) -> Phrase | None:
    words = folded[span.start : span.end].strip()
    if _TREATED.search(words) or _DISEASE_ONLY.match(words) or re.match(r"[\d.]+ ?%|\d+ ?/ ?\d+\b", words):
        return None
    value = canonical_subgroup(words)
    if not value:
        return None
    return Phrase(value, TextSpan(span.start, span.start + len(folded[span.start : span.end].rstrip())), rule)


def subgroup_before(folded: str, start: int, end: int) -> Phrase | None:
    """The last restriction to a subset of patients in ``folded[start:end]``."""
    found: Phrase | None = None
    for match in _RESTRICTED.finditer(folded, start, end):
        found = _accept(folded, TextSpan(*match.span("phrase")), "restricted population") or found
    if found is not None:
        return found
    for match in _ADJECTIVE.finditer(folded, start, end):
        words = match["words"].lower().split()
        if all(word in _COMMON or word.isdigit() for word in words) or match["people"] == "those":
            continue
        if words[0] in _COMMON and match["people"] in ("population", "patients"):
            continue
        found = _accept(folded, TextSpan(*match.span("phrase")), "adjective before patients") or found
    return found


_AFTER = re.compile(
    r"[\)\]]?\s(?:in|among|for)\s(?:the )?(?:\d[\d,]* )?"
    rf"(?P<phrase>(?:[\w+-]+ ){{0,2}}{_PEOPLE}(?: (?:who|whose|with|without|aged|below|above|under|over"
    rf"|at)\s[^,;:()]{{1,70}}?)?)(?=\s?[\(,;.]| and \d|$)"
)


def subgroup_after(folded: str, start: int, end: int) -> Phrase | None:
    """The subset named directly after a value: "10.6 months in patients with a CPS of at least 5 (HR"."""
    match = _AFTER.match(folded, start, end)
    if match is None:
        return None
    words = match["phrase"].lower().split()
    if len(words) == 1 or (len(words) == 2 and words[0] in _COMMON):
        return None
    return _accept(folded, TextSpan(*match.span("phrase")), "subset after the value")


def label_subgroup(folded: str, start: int, end: int) -> TextSpan | None:
    """The label of a list item or clause: "Exon 19 deletion: 39.8 ..." -> the words before the colon."""
    match = _LABEL.match(folded[start:end])
    if match is None:
        return None
    return TextSpan(start + match.start("phrase"), start + match.end("phrase"))


def inner_labels(folded: str, start: int, end: int) -> list[TextSpan]:
    """Labels of clauses inside a list item: "Age <65 years: PFS 0.68; age ≥65 years: PFS 0.39"."""
    return [
        TextSpan(start + match.start("phrase"), start + match.end("phrase"))
        for match in _INNER_LABEL.finditer(folded[start:end])
    ]


def parenthesised_subgroup(folded: str, start: int, value_start: int) -> Phrase | None:
    """The relative clause before a bracket: "in women who had prior chemoradiation (PFS HR, 0.55"."""
    bracket = folded.rfind("(", start, value_start)
    if bracket < 0 or ")" in folded[bracket:value_start]:
        return None
    match = _PARENTHESISED.search(folded, max(start, bracket - 100), bracket + 1)
    return (
        None if match is None else _accept(folded, TextSpan(*match.span("phrase")), "relative clause before brackets")
    )


def subgroup_from_label(folded: str, span: TextSpan) -> Phrase | None:
    """A label as a subgroup, scores written in the usual way."""
    return _accept(folded, span, "label before a colon")
