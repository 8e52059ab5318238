"""What tells that a capitalised word is a trial: the words around it, and what else it could be."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from summarizer.reading.phrases import read_rows, split_wordings

_VOCABULARY = "summarizer.reading.vocabulary"


_STUDY = r"(?:trials?|stud(?:y|ies)|programs?|programmes?|protocol)"

_AFTER = re.compile(
    rf"(?:(?:/[A-Z][\w-]+){{1,3}}| [A-Z][\w-]+)?(?:\s?[\(\[][^)\]]{{0,60}}[\)\]])?,?"
    r"(?:\san?)?(?:\s(?:[Bb]reast|[Ll]ung|phase|Phase|randomi[sz]ed|clinical|pivotal|main|[Cc]ancer|registrational"
    r"|umbrella"
    rf"|Phase)(?:\s(?:\d|I{{1,3}}|[Cc]ancer)\w?)?){{0,2}}\s{_STUDY}\b"
)

_DESCRIBED_AFTER = re.compile(
    r"(?:\s?[\(\[][^)\]]{0,60}[\)\]])?(?:,? -|,) (?:an?|the|its|our|[A-Z]\w+'s) "
    r"(?:(?!of\b|in\b|for\b|from\b|by\b|and\b|was\b|is\b|that\b|which\b|with\b|to\b)[\w,/+'-]+ ){0,7}?"
    r"(?:trial|study|[Pp]hase (?:[1-4]|I{1,3}V?)[ab]?(?:/[1-4][ab]?)?)\b"
    r"|,? which (?:tested|enrolled|compared|randomi[sz]ed|pitted|evaluated|studied|assigned|recruited|looked)\b"
)

REGISTRY_NUMBER_FOLLOWS = re.compile(
    r"\s?[\(\[](?:[^()\[\]]{1,40}[;,]\s?)?(?:NCT|ISRCTN|ChiCTR|EudraCT|jRCT|ClinicalTrials)"
)

_BEFORE = re.compile(
    rf"(?:\b{_STUDY}(?:,? (?:called|named|designated|dubbed|known as|is called|is named|of|was called))?,? "
    rf"(?:the |is |was )?|\b[Pp]hase (?:[1-4][abc]?(?:/[1-4][abc]?)?|I{{1,3}}V?[abc]?(?:/I{{1,3}}[abc]?)?)"
    rf"(?:,? [\w-]+){{0,3}}? |\b(?:called|designated|dubbed|named|compared to|readouts? (?:from|of)) )$"
)

_VERB_AFTER = re.compile(
    r"(?:\s?\([^)]{0,60}\))?,? (?:enrol(?:l)?ed|randomi[sz]ed|assigned|tested|tests|found|showed|compared|compares"
    r"|met|missed|evaluated|is (?:testing|comparing|evaluating|looking|an? )|was an? |has (?:enrolled|shown)"
    r"|combined|used|will (?:enrol|test|compare|evaluate)|asks|asked|included|read out|added|reported|investigated"
    r"|recruited|gave|took|delivered|landed|pitted|closed|missed|produced|is enrolling|is recruiting|has begun"
    r"|started dosing|took in)\b"
)

_STRONG_FORM = re.compile(r"[A-Za-z]*[A-Z][A-Za-z]{3,}(?:-[A-Za-z]+)?[- ]?-?\d{1,4}[A-Z]{0,3}|[A-Z]{4,}-[A-Z][a-z]+\d*")


@cache
def never_trials() -> frozenset[str]:
    """Capitalised words that are no trial, in lower case: units, staging, statistics, months."""
    return frozenset(row[0].casefold() for row in read_rows(_VOCABULARY, "not_trials.tsv"))


@cache
def organisations() -> frozenset[str]:
    """Companies, groups and institutes, in lower case."""
    cells = (cell for row in read_rows(_VOCABULARY, "organisations.tsv") for cell in row)
    return frozenset(wording.casefold() for cell in cells for wording in split_wordings(cell))


_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]+")


@cache
def _known_words() -> frozenset[str]:
    """Words of organisations, venues, agencies and markers, and of endpoints where they have capitals there too."""
    names = ("organisations.tsv", "venues.tsv", "agencies.tsv", "markers.tsv")
    terms = ("endpoints.tsv", "adverse_events.tsv")
    known = {word for name in names for word in _words_of(name)}
    known.update(word for name in terms for word in _words_of(name) if sum(map(str.isupper, word)) >= 2)
    return frozenset(word.casefold() for word in known)


def _words_of(name: str) -> list[str]:
    return [word.group() for row in read_rows(_VOCABULARY, name) for cell in row for word in _WORD.finditer(cell)]


def is_called_a_trial(folded: str, match: re.Match[str]) -> bool:
    """True where the words around a candidate, or its form, say that it is a trial."""
    end = match.end()
    if (
        REGISTRY_NUMBER_FOLLOWS.match(folded, end)
        or heads_a_section(folded, match)
        or _is_followed_by_study(folded, match)
    ):
        return True
    text = match.group()
    capitals = sum(map(str.isupper, text))
    if _DESCRIBED_AFTER.match(folded, end):
        return capitals >= 3 or re.search(r"\d{4}", text) is not None
    before = folded[max(0, match.start() - 60) : match.start()]
    if _BEFORE.search(before):
        return len(text) >= 4 or any(map(str.isdigit, text))
    if _has_form_of_trials(text):
        return True
    leads = _VERB_AFTER.match(folded, end) or (_OPENS.search(before) and _COMMA_OR_VERB.match(folded, end))
    return capitals >= 4 and bool(leads)


_ARTICLE_BEFORE = re.compile(r"\b(?:[Aa]n?|[Tt]his|[Tt]hat)\s$")


def _is_followed_by_study(folded: str, match: re.Match[str]) -> bool:
    before = folded[max(0, match.start() - 6) : match.start()]
    return _AFTER.match(folded, match.end()) is not None and _ARTICLE_BEFORE.search(before) is None


def _has_form_of_trials(text: str) -> bool:
    """True for forms that hardly anything else has: "Orchard-12" no, "ORCHARD-12" and "OrchardLung 3" yes."""
    if not _STRONG_FORM.fullmatch(text) or re.fullmatch(r"[A-Z]{2,4}-?\d+|[A-Z][a-z]+ \d+", text):
        return False
    if sum(map(str.isalpha, text)) < 5 or not any(map(str.isdigit, text)):
        return False
    joined = "-" in text or " " in text or text[0].islower()
    return joined and re.search(r"[a-z][A-Z]|[A-Z]{3}", text) is not None


_NO_NAME = re.compile(
    r"(?:MAGE|NY|QLQ|EQ|FACT|FKSI|FACIT|KCCQ|SF|PROMIS|PRO|NPI|IL|GM|G|CD|HLA|TNF|ATTR|COVID|SARS|ICD|CYP|UGT|HPV|EBV|HIV|HBV)-.*"
)
"""Instruments, proteins and diseases that are written in capitals with a hyphen."""

_A_THING = re.compile(
    r"\b(?:vaccines?|antibod(?:y|ies)|drugs?|proteins?|antigens?|agents?|inhibitors?|receptors?|genes?|kinases?|pathways?"
    r"|mutations?|assays?|tests?|scales?|scores?|questionnaires?|forms?|criteria|version|brand|as|of the)\s$"
)

_CAPITALS_BESIDE = re.compile(r"\b[A-Z]{3,}\W{0,3}$")

_CAPITALS_BEHIND = re.compile(r"\W{0,3}[A-Z]{3,}\b")

_LED_TO = re.compile(
    r"(?:\b(?:[Ii]n|[Ff]rom|[Oo]f|[Ww]ith|[Aa]fter|[Ss]ince|[Bb]y|[Ll]ike|[Uu]nlike|[Aa]s|[Ss]ee|[Bb]ehind|[Tt]o|[Oo]n|and|or"
    r"|called|named|dubbed|start|stop|stopping|ending|discontinu\w+)|[(/,;:]|^|\n|[.!?])\s?$"
)

_LEADS_ON = re.compile(
    r"[,).;:/]|\s?\(|'s\b|\s(?:[a-z]+(?:ed|es|s)|and|or|has|had|was|is|will|did|the|an?|patients|where|which|\d)\b"
    r"|\s?-\s|$"
)

TARGET_FOLLOWS = re.compile(
    r"-[a-z]|\s(?:inhibit\w*|block\w*|antibod\w*|signal\w*|pathways?|receptors?|express\w*|levels?|binding|proteins?|genes?"
    r"|mutat\w*|assays?|positive|negative)\b"
)


def _is_placed_like_a_trial(folded: str, start: int, end: int) -> bool:
    """True where a preposition or a bracket leads to a word in capitals, and no word that a protein has follows it."""
    if TARGET_FOLLOWS.match(folded, end):
        return False
    return _LED_TO.search(folded, max(0, start - 16), start) is not None and _LEADS_ON.match(folded, end) is not None


_DASH = re.compile(r"\s?-{1,2}(?=[\sA-Z\"])")

_PLAIN_WORD = re.compile(r"\b(?!and\b|the\b)[a-z]{3,}\b")


def _in_dateline(line: str, offset: int) -> bool:
    """True for the place before a release's first sentence: "REDWOOD CITY, Calif., April 14, 2025 (WIRE) --"."""
    dash = next((match.start() for match in _DASH.finditer(line[:110]) if line[: match.start()].strip()), -1)
    return 0 <= offset < dash <= 90 and _PLAIN_WORD.search(line[:dash]) is None


_BRAND_BEHIND = re.compile(r"[\u00ae\u2122]|\s?\((?:[a-z]+ )?[a-z]{6,}|\s(?:vaccine|OA|injection|tablets|capsules)\b")


def stands_out(folded: str, match: re.Match[str]) -> bool:
    """True for a word of five capitals or more that is nothing else: in this field it is the name of a trial."""
    text, start, end = match.group(), match.start(), match.end()
    if not _may_name_a_trial(text):
        return False
    line, stop = _line_around(folded, start, end)
    in_capitals = (
        _is_in_capitals(folded, line, stop)
        or _CAPITALS_BESIDE.search(folded, max(line, start - 20), start)
        or _CAPITALS_BEHIND.match(folded, end)
    )
    if in_capitals or _A_THING.search(folded, max(line, start - 20), start) or _BRAND_BEHIND.match(folded, end):
        return False
    if re.search(r"\d|-[A-Z]{2,}", text):
        return True
    return not _in_dateline(folded[line:stop], start - line) and (
        "-" in text or _is_placed_like_a_trial(folded, start, end)
    )


_LONGEST_LINE = 4000
"""Of a longer line only a stretch is looked at, so that many names on one line cost no more than on many."""


def _line_around(folded: str, start: int, end: int) -> tuple[int, int]:
    """Borders of the line around a passage."""
    line = folded.rfind("\n", max(0, start - _LONGEST_LINE), start) + 1
    if line == 0 and start > _LONGEST_LINE:
        line = start - start % _LONGEST_LINE
    stop = folded.find("\n", end, line + 2 * _LONGEST_LINE)
    return line, stop if stop >= 0 else max(end, min(len(folded), line + 2 * _LONGEST_LINE))


@lru_cache(maxsize=4)
def _is_in_capitals(folded: str, line: int, stop: int) -> bool:
    whole = folded[line:stop]
    return sum(map(str.isupper, whole)) > sum(map(str.islower, whole))


def _may_name_a_trial(text: str) -> bool:
    """True for capitals that no vocabulary knows as something else."""
    if sum(map(str.isupper, text)) < 5 and re.match(r"[A-Z]{3,}[a-z]{2,}", text) is None:
        return False
    return _is_nothing_else(text)


def _is_nothing_else(text: str) -> bool:
    if _NO_NAME.fullmatch(text):
        return False
    parts = {part.casefold() for part in (text, *text.split("-"))}
    return parts.isdisjoint(_known_words()) and parts.isdisjoint(never_trials())


_LINE_OF_NAMES = re.compile(r"(?:[A-Z][\w -]{2,30} ?[|\u2502:] ?)?(?P<names>[A-Z][\w-]*(?:/[A-Z][\w-]*)*)")

_LABELS_A_LINE = re.compile(r"\s?(?:[\(\[][^)\]]{0,60}[\)\]])?\s?(?::|\.|-)\s")

_SPEAKS_OF_A_STUDY = re.compile(
    r"\b(?:[Pp]hase (?:[1-4]|I{1,3})|[Rr]andomi[sz]|[Tt]rial|[Ss]tudy|patients|adults|people|men|women|participants"
    r"|enrol\w+|placebo-controlled)\b"
)


_LONGEST_TITLE = 60


def heads_a_section(folded: str, match: re.Match[str]) -> bool:
    """True for a name that is a heading ("BLADDER | ORCHARD-12") or labels a line ("ORCHARD-RX: enrolment is ...")."""
    text = match.group()
    start, end = _line_around(folded, match.start(), match.end())
    line = folded[start:end].rstrip()
    if _opens_a_title(line, match.start() - start, text):
        return start > 0 and _SPEAKS_OF_A_STUDY.search(folded[end : end + 400]) is not None
    capitals = sum(map(str.isupper, text))
    if capitals < 5 and not (capitals >= 2 and re.search(r"-[A-Z]?\d{2,4}$", text)):
        return False
    alone = _LINE_OF_NAMES.fullmatch(line) if len(line) <= _LONGEST_TITLE else None
    if alone is not None and match.start() >= start + alone.start("names"):
        return start > 0 and _SPEAKS_OF_A_STUDY.search(folded[end : end + 400]) is not None
    opens = re.fullmatch(r"\s*(?:[-*\u2022\u25aa\u25cf] ?)?", folded[start : match.start()]) is not None
    if not opens or not re.search(r"[-\d]", text):
        return False
    return _LABELS_A_LINE.match(folded, match.end()) is not None and bool(_SPEAKS_OF_A_STUDY.search(line[:400]))


def _opens_a_title(line: str, offset: int, text: str) -> bool:
    """True for the first word of a short line that goes on behind a colon: "ORCHARD: a drug alone"."""
    if offset > 0 or len(line) > _LONGEST_TITLE or line.endswith(".") or not line[len(text) :].startswith(": "):
        return False
    return sum(map(str.isupper, text)) >= 4 and _is_nothing_else(text)


_OPENS = re.compile(
    r"(?:^|[.!?:;]\s|\n)(?:In|From|By contrast,|Compared with|Unlike|Like|After|Before|Since|As in)\s$|\bas\s$"
)

_COMMA_OR_VERB = re.compile(r",|\s(?:[a-z]+ed|and|or)\b")

GROUP_CODE = re.compile(r"(?:SWOG|NRG|ECOG|EORTC|CALGB|RTOG|NSABP|GOG|COG|JCOG|AIO|ENGOT|CCTG)[ -][\w-]*\d{2,7}[A-Z]?")


def listed_with(folded: str, match: re.Match[str], known: set[str]) -> bool:
    """A capitalised word listed beside a known trial: "LARKSPUR, ORCHARD-HF and HOLLOW"."""
    text = match.group()
    if GROUP_CODE.fullmatch(text):
        return re.search(r"[A-Za-z0-9] ?[(/;] ?$", folded[max(0, match.start() - 4) : match.start()]) is not None
    if re.fullmatch(r"[A-Z]{2,}\d*-[A-Z]?\d{2,4}", text) and any(
        folded.startswith("/" + name, match.end()) or folded.endswith(name + "/", 0, match.start()) for name in known
    ):
        return True
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
