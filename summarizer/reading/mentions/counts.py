"""Numbers of patients: enrolled, randomised, to be enrolled."""

from __future__ import annotations

import re

from summarizer.reading.mentions.model import PatientCount
from summarizer.text import TextSpan

_N = r"(?<![\w.,$-])(?P<n>\d{1,3}(?:,\d{3})+|\d{2,6})"
_PEOPLE = (
    r"(?:[a-z][\w/-]* ){0,4}?(?:patients|participants|people|adults|women|men|children|adolescents|infants"
    r"|individuals|subjects|volunteers|persons|girls|boys|Americans)"
)
_PATTERNS: tuple[tuple[bool, bool, re.Pattern[str]], ...] = (
    # planned, whole, pattern
    (
        True,
        True,
        re.compile(
            r"\b(?:plans? to|aims? to|will|expected to|intends? to|designed to|set to|due to|to) "
            r"(?:enrol\w*|recruit|randomi[sz]e|include|take in|accrue|treat|involve)\s"
            r"(?:about |approximately |around |up to |an estimated |roughly |some |at least |a total of "
            rf"|in total )*{_N} ?(?:{_PEOPLE})?"
        ),
    ),
    (
        True,
        True,
        re.compile(
            r"\b(?:target(?:ed)? (?:enrol\w+|accrual) (?:of|is)|planned (?:enrol\w+|accrual|sample size) (?:of|is)"
            rf"|estimated enrol\w+ (?:of|is))\s(?:about |approximately )?{_N}"
        ),
    ),
    (True, True, re.compile(rf"\bup to {_N} (?:{_PEOPLE})")),
    (
        True,
        True,
        re.compile(
            rf"\b(?:about|approximately|around|roughly|an estimated) {_N} (?:{_PEOPLE})"
            rf"(?=[^.;]{{0,60}}\b(?:will be|are to be|are expected|are planned|with recurrence|who will)\b)"
        ),
    ),
    (
        False,
        True,
        re.compile(
            r"\b(?:enrol(?:l)?ed|enrol(?:l)?ing|randomi[sz](?:ed|es|ing)|recruited|included|involved|assigned"
            r"|randomly assigned|treated|dosed|accrued|vaccinated|took in|took on|limited to|enlisted"
            r"|put the question to"
            r"|(?:(?<=trial )|(?<=study )|(?<=\) ))took)\s"
            rf"(?:a total of |about |approximately |roughly |more than |some |over |around |nearly )*{_N} "
            rf"(?:(?:[\w-]+ )?{_PEOPLE})"
        ),
    ),
    (
        False,
        True,
        re.compile(
            rf"\b{_N} (?:{_PEOPLE})(?: \([^)]{{0,40}}\))?(?: (?:with|who|aged|whose|in|from|at)\s[^.;]{{3,90}}?)? "
            r"(?:were|was|had been|have been) (?:randomly |also |each )?"
            r"(?:enrol(?:l)?ed|randomi[sz]ed|assigned|recruited|allocated|included)\b"
        ),
    ),
    (
        False,
        True,
        re.compile(rf"\b(?:randomi[sz]ed|assigned|allocated) (?:the )?{_N}\b(?! ?(?:mg|%|weeks?|months?|sites))"),
    ),
    (
        False,
        True,
        re.compile(
            rf"\b(?:trial|study|comparison)[^.;]{{0,60}} (?:of|in|among|with|included|involving|had) "
            rf"(?:about |approximately |roughly |some )?{_N} (?:{_PEOPLE})"
        ),
    ),
    (False, True, re.compile(rf"\b{_N} (?:(?:{_PEOPLE}) |were )?(?:randomi[sz]ed|enrol(?:l)?ed)\b")),
    (False, True, re.compile(rf"\b[Aa]mong (?:the )?{_N} (?:{_PEOPLE}) (?:enrolled|randomi[sz]ed)?")),
    (
        False,
        True,
        re.compile(
            rf"\b(?:in|of|to|against) (?:a total of |about )?{_N} (?:{_PEOPLE})"
            rf"(?= \([nN] ?= ?\d| in \d+ countries|[^.;]{{0,40}}\bper arm\b)"
        ),
    ),
    (False, True, re.compile(rf"\b(?:a |an )?{_N}-(?:patient|participant|person|subject)\b")),
    (
        False,
        True,
        re.compile(rf"\b{_N} (?:{_PEOPLE}) (?:took|received|were given|got)\b(?=[^.;]{{0,160}}\b(?:or|versus|vs)\b)"),
    ),
    (
        False,
        True,
        re.compile(
            rf"\b(?:ask|compar|us|combin|test|against|partner|versus|randomi[sz]|evaluat|stud)\w*[^.;]{{0,110}} "
            rf"(?:in|among) {_N} (?:{_PEOPLE})(?! (?:without|with (?:an? )?(?:CR|response|measurable)))"
        ),
    ),
    (False, True, re.compile(rf"\b[Aa]mong {_N} (?:{_PEOPLE}) \(\d+ and \d+\)")),
    (False, True, re.compile(r"(?<=[,(] )[nN] ?= ?(?P<n>\d{1,3}(?:,\d{3})+|\d{2,6})(?=\))")),
)
_MAY_COUNT = re.compile(
    r"\d (?:[a-z][\w/-]* ){0,4}(?:patients|participants|people|adults|women|men|children|adolescents|infants"
    r"|individuals|subjects|volunteers|persons|girls|boys|Americans)\b"
    r"|\d-(?:patient|participant|person|subject)\b|\b[nN] ?= ?\d|\d (?:were )?(?:randomi|enrol)"
    r"|(?:randomi[sz]ed|assigned|allocated) (?:the )?\d|(?:enrol\w+|accrual|size) (?:of|is) "
)
"""One look for any of the wordings below."""
_SUBSET = re.compile(
    r"\b(?:of (?:these|those|them|whom)|subset|evaluable|subgroup|responders|cohort)\b[^.;]{0,30}$", re.IGNORECASE
)


def find_patient_counts(folded: str, span: TextSpan) -> list[PatientCount]:
    """Patient counts of one sentence that may be an enrolment, in text order."""
    found: list[PatientCount] = []
    if _MAY_COUNT.search(folded, *span) is None:
        return found
    for planned, whole, pattern in _PATTERNS:
        for match in pattern.finditer(folded, *span):
            place = TextSpan(*match.span("n"))
            if any(place.overlaps(other.span) for other in found):
                continue
            if _SUBSET.search(folded[max(span.start, match.start() - 50) : match.start()]):
                continue
            value = int(match["n"].replace(",", ""))
            if (
                1900 <= value <= 2100
                and "," not in match["n"]
                and re.match(r"\s*$", folded[place.end : place.end + 1]) is None
            ):
                continue
            found.append(PatientCount(value, place, planned, whole, TextSpan(*match.span())))
    return sorted(found, key=lambda item: item.span)
