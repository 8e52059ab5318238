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
_PLANNED: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"\b(?:plans? to|aims? to|will|expected to|intends? to|designed to|set to|due to|to) "
        r"(?:enrol\w*|recruit|randomi[sz]e|include|take in|accrue|treat|involve)\s"
        r"(?:about |approximately |around |up to |an estimated |roughly |some |at least |a total of "
        rf"|in total )*{_N} ?(?:{_PEOPLE})?"
    ),
    re.compile(
        r"\b(?:aim(?:ed|s|ing)? for|(?:a |its )?target of|is enrolling|are enrolling|is recruiting"
        r"|target(?:ed)? (?:enrol\w+|accrual) (?:of|is)|planned (?:enrol\w+|accrual|sample size) (?:of|is)"
        r"|estimated enrol\w+ (?:of|is))\s(?:about |approximately |some |up to |around |roughly |a total of )?"
        rf"{_N}(?! ?(?:mg|%|weeks|months|days|years))"
    ),
    re.compile(rf"\bup to {_N} (?:{_PEOPLE})"),
    re.compile(
        rf"\b(?:about|approximately|around|roughly|an estimated) {_N} (?:{_PEOPLE})"
        rf"(?=[^.;]{{0,60}}\b(?:will be|are to be|are expected|are planned|with recurrence|who will)\b)"
    ),
    re.compile(
        r"\b(?:[Ee]nrol(?:l)?ment|[Aa]ccrual|[Rr]ecruitment)(?:,| is| was)? (?:planned|targeted|set|expected"
        r"|projected) "
        rf"(?:at|to reach|to total) (?:about |approximately |some )?{_N}"
    ),
    re.compile(
        r"\b(?:[Tt]arget|[Pp]lanned|[Ee]stimated|[Pp]rojected) (?:enrol\w+|accrual|sample size)"
        rf"(?: (?:is|of|was|stands at))?:? (?:about |approximately )?{_N}"
    ),
    re.compile(
        rf"\b(?:[Ee]nrol(?:l)?ment|[Aa]ccrual|[Rr]ecruitment) of (?:about |some |up to )?{_N} {_PEOPLE} "
        r"(?:is|are|continues|should|will)\b"
    ),
)
"""Patients to be enrolled."""
_ACTUAL: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"\b(?:enrol(?:l)?ed|enrol(?:l)?ing|randomi[sz](?:ed|es|ing)|recruited|included|involved|assigned"
        r"|randomly assigned|treated|dosed|accrued|vaccinated|took in|took on|limited to|enlisted"
        r"|put the question to"
        r"|(?:(?<=trial )|(?<=study )|(?<=\) ))took)\s"
        rf"(?:a total of |about |approximately |roughly |more than |some |over |around |nearly )*{_N} "
        rf"(?:(?:[\w-]+ )?{_PEOPLE})"
    ),
    re.compile(
        rf"\b{_N} (?:{_PEOPLE})(?: \([^)]{{0,40}}\))?(?: (?:with|who|aged|whose|in|from|at)\s[^.;]{{3,90}}?)? "
        r"(?:were|was|had been|have been) (?:randomly |also |each )?"
        r"(?:enrol(?:l)?ed|randomi[sz]ed|assigned|recruited|allocated|included)\b"
    ),
    re.compile(rf"\b(?:randomi[sz]ed|assigned|allocated) (?:the )?{_N}\b(?! ?(?:mg|%|weeks?|months?|sites))"),
    re.compile(
        rf"\b(?:trial|study|comparison)[^.;]{{0,60}} (?:of|in|among|with|included|involving|had) "
        rf"(?:about |approximately |roughly |some |more than |over |nearly |almost )?{_N} (?:{_PEOPLE})"
    ),
    re.compile(
        rf"\b{_N} (?:(?:{_PEOPLE}) )?(?:had|received|got|were given) (?:an?|one|the|at least one|their first) "
        r"(?:injection|dose|infusion|vaccine|shot|vaccination)\b"
    ),
    re.compile(rf"\b{_N} (?:(?:{_PEOPLE}) |were )?(?:randomi[sz]ed|enrol(?:l)?ed)\b"),
    re.compile(rf"\b[Aa]mong (?:the )?{_N} (?:{_PEOPLE}) (?:enrolled|randomi[sz]ed)?"),
    re.compile(
        rf"\b(?:in|of|to|against) (?:a total of |about )?{_N} (?:{_PEOPLE})"
        rf"(?= \([nN] ?= ?\d| in \d+ countries|[^.;]{{0,40}}\bper arm\b)"
    ),
    re.compile(rf"\b(?:a |an )?{_N}-(?:patient|participant|person|subject)\b"),
    re.compile(rf"\b{_N} (?:{_PEOPLE}) (?:took|received|were given|got)\b(?=[^.;]{{0,160}}\b(?:or|versus|vs)\b)"),
    re.compile(
        rf"\b(?:ask|compar|us|combin|test|against|partner|versus|randomi[sz]|evaluat|stud|pit)\w*[^.;]{{0,110}} "
        rf"(?:in|among) (?:about |some |approximately |more than |over |nearly "
        rf"|roughly )?{_N} (?:{_PEOPLE})(?! (?:without|with (?:an? )?(?:CR|response|measurable)))"
    ),
    re.compile(rf"\b[Aa]mong {_N} (?:{_PEOPLE}) \(\d+ and \d+\)"),
    re.compile(r"(?<=[,(] )[nN] ?= ?(?P<n>\d{1,3}(?:,\d{3})+|\d{2,6})(?=\))"),
    re.compile(rf"\b(?:[Ee]nrol(?:l)?ment|[Aa]ccrual|[Rr]ecruitment) of (?:all |the )?{_N} {_PEOPLE}"),
    re.compile(
        rf"\b[Oo]f (?:the )?{_N} {_PEOPLE} who (?:underwent randomi[sz]ation|(?:were|had been) "
        r"(?:randomi[sz]ed|enrolled|assigned|recruited))"
    ),
    re.compile(rf"\b{_N} {_PEOPLE} (?:took part|joined|participated)\b"),
    re.compile(
        rf"\b{_N} {_PEOPLE}(?: \([^)]{{0,40}}\))?(?:, [^.;]{{3,160}}?,|(?: on\b[^.;\d]{{3,100}})) "
        r"(?:were|was|had been) (?:randomly |also |each )?(?:enrol(?:l)?ed|randomi[sz]ed|assigned|recruited"
        r"|allocated)\b"
    ),
)
"""Patients enrolled."""
_MAY_COUNT = re.compile(
    r"\d (?:[a-z][\w/-]* ){0,4}(?:patients|participants|people|adults|women|men|children|adolescents|infants"
    r"|individuals|subjects|volunteers|persons|girls|boys|Americans)\b"
    r"|\d-(?:patient|participant|person|subject)\b|\b[nN] ?= ?\d|\d (?:were )?(?:randomi|enrol)"
    r"|(?:randomi[sz]ed|assigned|allocated) (?:the )?\d|(?:enrol\w+|accrual|size) (?:of|is) |\baim\w* for|target of"
    r"|is (?:enrolling|recruiting) |\d (?:had|received|got) |(?:[Ee]nrol|[Rr]ecruit|[Aa]ccru"
    r"|[Tt]arget)\w*,? (?:[a-z]+:? ){0,4}\d"
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
    for planned, pattern in (*((True, each) for each in _PLANNED), *((False, each) for each in _ACTUAL)):
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
            found.append(PatientCount(value, place, planned, TextSpan(*match.span())))
    return sorted(found, key=lambda item: item.span)
