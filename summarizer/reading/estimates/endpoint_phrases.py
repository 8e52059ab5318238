"""Endpoints that no vocabulary knows: short phrases of the sentence itself that stand for what was measured."""

from __future__ import annotations

import re

from summarizer.reading.estimates.model import Phrase
from summarizer.text import TextSpan

_RATE_PHRASE = re.compile(
    r"(?:\b(?:the|an?|their|its|whose|overall|estimated|confirmed) )?"
    r"(?P<phrase>(?:[A-Za-z0-9][\w+/-]* ){1,4}(?:rates?|score|index|level|count|proportion|percentage))"
    r"(?: (?:was|were|of|came|at|reached|stood|rose|fell|dropped|improved|declined|decreased|increased|changed|by"
    r"|with|in|from)\b|:|,|\s?\()"
)
_RECEIVED = re.compile(
    r"^(?: \([^)]{0,60}\))?(?: of (?:them|these|the|those|all|patients|participants|people|women|men)[^,;.]{0,40}?)? "
    r"(?:received|underwent|required|needed|achieved|reached|attained|maintained|reported|experienced|had|were) "
    r"(?P<phrase>[a-z][\w+-]*(?: [a-z][\w+-]*){0,3})"
)
_LEAD_IN = re.compile(
    r"(?:^|[,;:.(]|\band\b|\bwhile\b|\bat\b)\s*(?:the |an? |for )?(?P<phrase>[A-Za-z][\w+-]*(?: [\w+-]+){0,4}?)\s*"
    r"(?:was|were|of|at|:|,)?\s*$"
)
_PHRASE_STOP = frozenset(
    "the a an and or with in of was were for to at by from hazard ratio hr odds relative difference median mean rate"
    " rates vs versus patients respectively confidence interval corresponding figures figure values value which that"
    " this these those adjusted nominal estimated data cutoff follow-up it they he she result results again still not"
    " only also but as than".split()
)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def phrase_after(folded: str, start: int, end: int) -> Phrase | None:
    """What patients received: "83.3% received local excisions" -> ``local excision``."""
    match = _RECEIVED.match(folded, start, end)
    if match is None:
        match = _RECEIVED.match(folded[start:end])
        if match is None:
            return None
        low, high = start + match.start("phrase"), start + match.end("phrase")
    else:
        low, high = match.span("phrase")
    words = folded[low:high].lower().split()
    kept: list[str] = []
    for word in words:
        if word in _PHRASE_STOP:
            break
        kept.append(word)
    if not kept:
        return None
    length = len(" ".join(kept))
    kept[-1] = _singular(kept[-1])
    return Phrase(" ".join(kept), TextSpan(low, low + length), "verb phrase after the value")


def phrase_before(folded: str, start: int, end: int) -> Phrase | None:
    """The words before a value: "the resection rate was" -> ``resection rate``."""
    last = None
    for match in _RATE_PHRASE.finditer(folded, start, end):
        last = match
    if last is not None:
        return _trimmed(folded, TextSpan(*last.span("phrase")), "noun phrase with rate")
    return None


_AVERAGE_OF = re.compile(
    r"\b(?:[Mm]edians?|[Mm]eans?|[Aa]verages?) (?:for |of )?(?!change|difference|reduction|decrease"
    r"|increase)(?P<phrase>[a-z][\w/-]*(?: (?!was\b|were\b|is\b)[\w/-]+){0,6}?) "
    r"(?:was|were|stood at|came to|reached|had)\b"
)
_LASTED = re.compile(
    r"(?:^|[.;:,]\s|\b(?:and|while|but) )(?:[Tt]he |[Tt]heir )?(?P<phrase>[A-Za-z][\w/-]*(?: (?!had\b"
    r"|was\b)[\w/-]+){0,4}?) "
    r"(?:worsened|deteriorated|lasted|persisted|improved|resolved|recurred|returned|held up|was maintained"
    r"|were maintained)[^.;,]{0,30}\b(?:after|for|at|of) a median(?: of)?(?: about| roughly)? ?$"
)
_NOT_MEASURED = re.compile(
    r"\b(?:age|follow|exposure|treatment|therapy|prior|previous|baseline|cycles?|lines?|doses?|dosing|time (?:on"
    r"|from|since)"
    r"|duration of (?:exposure|treatment|therapy|study)|interval|number|of)\b",
    re.IGNORECASE,
)


def phrase_of_average(folded: str, start: int, end: int) -> Phrase | None:
    """What a median or mean is of: "the median for breathlessness was", "pain worsened after a median of"."""
    low = max(start, end - 120)
    found = [*_AVERAGE_OF.finditer(folded, low, end)]
    last = found[-1] if found else _LASTED.search(folded[low:end])
    if last is None:
        return None
    at = 0 if found else low
    span = TextSpan(at + last.start("phrase"), at + last.end("phrase"))
    return None if _NOT_MEASURED.search(span.of(folded)) else _trimmed(folded, span, "what the median or mean is of")


_RATIO_FOR = re.compile(
    r"\bratios? (?:for|of) (?:the )?(?P<phrase>[a-z][\w/-]*(?: (?!was\b|were\b|is\b)[\w/-]+){0,6}?)"
    r"(?: (?:was|were|is|stood at|came to|of)|,| ?\(|:)\s?$"
)


def phrase_of_ratio(folded: str, start: int, end: int) -> Phrase | None:
    """What a ratio is of: "the hazard ratio for breathlessness was"."""
    low = max(start, end - 120)
    match = _RATIO_FOR.search(folded[low:end])
    if match is None:
        return None
    return _trimmed(folded, TextSpan(low + match.start("phrase"), low + match.end("phrase")), "what the ratio is of")


_AT_RISK = re.compile(
    r"\b(?:risk|odds|likelihood|rate|chance|hazard) of (?:an? |the |any |having |developing |experiencing )?"
    r"(?P<phrase>[a-z][\w/-]*(?: [\w/-]+){0,6}?)(?= (?:by|was|were|fell|among|in|with|compared|vs|versus|for|at|on"
    r"|than)\b|[,;.(]|$)"
)


def phrase_at_risk(folded: str, clause: TextSpan, value: TextSpan) -> Phrase | None:
    """What there is a risk of: "cut the risk of major kidney events by 24%" -> ``major kidney events``."""
    found: re.Match[str] | None = None
    for match in _AT_RISK.finditer(folded, *clause):
        if match.start() > value.end + 60 or (found is not None and match.start() > value.start):
            break
        found = match
    return None if found is None else _trimmed(folded, TextSpan(*found.span("phrase")), "what the risk is of")


_SUBJECT = re.compile(
    r"(?:^|[.;:,]\s|\band\s|\bwhile\s)(?P<phrase>[A-Za-z][\w+-]*(?: [\w+/.<>\u2264\u2265-]+){0,6}?) (?:was|were) "
    r"(?:also )?"
    r"(?:needed|required|performed|done|reported|seen|observed|recorded|noted|found|reached|achieved|given"
    r"|documented|detected|possible|feasible|common|undertaken|confirmed|completed|achieved)(?: \w+)? (?:in|by"
    r"|for) (?:just |only |about |roughly )?$"
)


def phrase_subject(folded: str, start: int, end: int) -> Phrase | None:
    """The subject of a clause: "Radical cystectomy was needed in 5.8%" -> ``radical cystectomy``."""
    low = max(start, end - 140)
    match = _SUBJECT.search(folded[low:end])
    if match is None:
        return None
    return _trimmed(folded, TextSpan(low + match.start("phrase"), low + match.end("phrase")), "subject of the sentence")


def phrase_leading(folded: str, start: int, end: int) -> Phrase | None:
    """The words directly before a ratio in a list of ratios: "arm symptoms 0.69"."""
    match = _LEAD_IN.search(folded, max(start, end - 80), end)
    if match is None:
        return None
    return _trimmed(folded, TextSpan(*match.span("phrase")), "words before the value")


def _trimmed(folded: str, span: TextSpan, rule: str) -> Phrase | None:
    words = list(re.finditer(r"\S+", folded[span.start : span.end]))
    while words and words[0].group().lower() in _PHRASE_STOP:
        words.pop(0)
    while words and words[-1].group().lower() in _PHRASE_STOP - {"rate", "rates"}:
        words.pop()
    if not words or (words[-1].group().lower() in ("rate", "rates") and len(words) == 1):
        return None
    low, high = span.start + words[0].start(), span.start + words[-1].end()
    value = folded[low:high].lower()
    if value.endswith("rates"):
        value = value[:-1]
    return Phrase(value, TextSpan(low, high), rule)
