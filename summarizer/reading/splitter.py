"""Split running text into sentences: nupunkt's algorithm, our abbreviations, the habits of the medical press.

nupunkt decides (it won the measurement in ``evals/benchmarks/sentences.py``), but not with the parameters
that it ships: they were learned from legal text, where "cancer." and "rash." became abbreviations. It gets
ours, from ``vocabulary/abbreviations.tsv`` and ``vocabulary/sentence_starters.tsv``.

It reads a *view* of the text, of the same length, in which what misleads it is rewritten: a reference
number behind a full stop ("therapy.1 The" becomes "therapy1. The"), an acronym that looks like an
abbreviation ("MS."), and stretches that are no language. Afterwards a few boundaries are withdrawn
("S.A.I.L. study"). All positions are those of the untouched text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from summarizer.reading.phrases import read_rows, split_wordings

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer

__all__ = ["split_sentences"]

# nupunkt's time is quadratic in places ("?!?!..."), so it never gets more than this at once.
_WINDOW = 4000
_WINDOW_SEARCH = 1000
_QUIET_SPACE = re.compile(r"(?<=[a-z,;])\s(?=[a-z])")
# Longer than any word, web address or reference list: nothing in it ends a sentence.
_UNBROKEN = 200

_CLOSERS = "\"'”’)\\]»"
_REFERENCE_LIST = r"\d{1,2}(?:[,–-]\d{1,2}){0,9}"
_SUPERSCRIPT_LIST = "[¹²³⁰-⁹][¹²³⁰-⁹,–-]{0,20}"
_CAPITALISED = "[\"“‘'(]?(?:[A-Z][A-Za-z]|[AI]\\s)"

# These patterns begin with the full stop, which is rarer than what stands before it; that makes them fast.
# A sentence ends and a reference number is glued to its full stop: therapy.1 / raised.2,3 / said."5 / 6.9%.2
# / (NCT01234567).1 / in 2027.1 / stop.¹ / brief.[2]. The next word has a capital, so that decimals stay
# whole.
_GLUED_REFERENCE = re.compile(
    rf"(?P<stop>[.?!](?:(?<=[^\W\d_]{{2}}.)|(?<=\d[A-Z].)|(?<=[)\]%].)|(?<=(?:19|20)\d\d.))[{_CLOSERS}]{{0,3}})"
    rf"(?P<list>{_REFERENCE_LIST}|{_SUPERSCRIPT_LIST}|\[{_REFERENCE_LIST}\])(?=\s+{_CAPITALISED}|\s*\Z)"
)
# The same with the space that a scraper leaves for the markup: therapy. 1 The
_SPACED_REFERENCE = re.compile(r"\.(?<=[^\W\d_]{2}\.)\s\d{1,2}(?:,\s?\d{1,2}){0,9}(?=\s+(?P<next>[A-Z][a-z]+))")
# Statistics that are printed without their leading zero (HR.62 P <.001): no reference number.
_STATISTICS = {"HR", "OR", "RR", "CI", "IRR", "SHR", "AHR"}

# ended.The / (n = 31).The / 37.5%.In / in 2027.Follow-up / done.”The
_LOST_SPACE = re.compile(
    rf"[.?!](?:(?<=[^\W\d_]{{2}}.)|(?<=[)\]%\d].))[{_CLOSERS}]{{0,2}}"
    r"(?=[“‘(]?(?P<next>[A-Z][a-z]+(?:-[a-z]+)?)[\s,'’-])"
)
_ADDRESS = re.compile(r"@|/|\bwww\.", re.IGNORECASE)

_ACRONYM = re.compile(rf"[A-Z][A-Z]\.(?=[\s{_CLOSERS}])")
# A letter that names something (group A. Group B), not somebody (J. Smith).
_SINGLE_LETTER = re.compile(rf"(?<=[\s-])[A-Z]\.(?=[\s{_CLOSERS}])")
# A name that begins with a small letter may begin a sentence: ended. mRNA
_INNER_CAPITAL = re.compile(r"[.?!]\s+[a-z]{1,5}[A-Z]")
_NO_ACRONYMS = {"INC", "CORP", "CO", "LTD", "JR", "SR", "ST", "NO", "DR", "MR", "MRS"}
_UNBROKEN_STRETCH = re.compile(rf"\S{{{_UNBROKEN},}}")

_ENUMERATOR = re.compile(
    r"(?:(?:Step|Part|Section|Question|Table|Figure|Appendix|Box)\s)?[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.):]{1,2}"
)
_LAST_WORD = re.compile(r"[^\s(\[\"“‘]{1,30}\Z")
_FIRST_WORD = re.compile(r"[(\[\"“‘']*([\w'’-]{1,30})")
_LETTERS_AT_END = re.compile(r"[^\W\d_]+\Z")
_DOTTED_LETTERS = re.compile(r"(?:[A-Za-z]\.){2,}")
_ABBREVIATED = re.compile(r"(?:[A-Z][a-z]{1,4}|[b-df-hj-np-tv-z]{1,4}|[\w]+\.[\w.]*)\.")


def split_sentences(text: str, *, is_title: bool = False) -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence of ``text`` (one paragraph), without surrounding whitespace.

    Args:
        text: the paragraph.
        is_title: capitals mean nothing, so that no abbreviation ends a sentence (First U.S. Patients).
    """
    previous: tuple[int, int] | None = None
    for start, end in _spans(text):
        if previous and _belongs_together(text, previous, start, is_title=is_title):
            previous = (previous[0], end)
            continue
        if previous:
            yield previous
        previous = (start, end)
    if previous:
        yield previous


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield nupunkt's sentences, without surrounding whitespace."""
    if len(text) < _UNBROKEN and not any(mark in text for mark in ".?!…"):
        yield from _trimmed(text, 0, len(text))
        return
    view = _view(text)
    begin = 0
    for cut in (*_lost_spaces(text), len(text)):
        start = begin
        for end in _ends(view, begin, cut):
            yield from _trimmed(text, start, end)
            start = end
        begin = cut


def _ends(view: str, begin: int, end: int) -> Iterator[int]:
    """Yield where the sentences of ``view[begin:end]`` end, reading it in windows."""
    splitter = _splitter()
    while begin < end:
        stop = _window_end(view, begin, end)
        spans = list(splitter.span_tokenize(view[begin:stop]))
        for _, span_end in spans[:-1]:
            yield begin + span_end
        begin = stop
    yield end


def _window_end(view: str, begin: int, end: int) -> int:
    if end - begin <= _WINDOW + _WINDOW_SEARCH:
        return end
    # Between two words in small letters no sentence ends: a window's last one goes on in the next window.
    quiet = _QUIET_SPACE.search(view, begin + _WINDOW, begin + _WINDOW + _WINDOW_SEARCH)
    return quiet.end() if quiet else begin + _WINDOW


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(stripped)


def _view(text: str) -> str:
    """Return a text of the same length that nupunkt reads rightly."""
    view = text.replace("\n", " ").replace("\r", " ")
    view = _GLUED_REFERENCE.sub(_number_before_stop, view)
    view = _SPACED_REFERENCE.sub(_stop_after_number, view)
    view = _ACRONYM.sub(_no_abbreviation, view)
    view = _SINGLE_LETTER.sub(_no_initial, view)
    view = _INNER_CAPITAL.sub(lambda match: match[0].upper(), view)
    if len(view) >= _UNBROKEN and max(map(len, view.split()), default=0) >= _UNBROKEN:
        view = _UNBROKEN_STRETCH.sub(_filled, view)
    return view


def _number_before_stop(match: re.Match[str]) -> str:
    word = _word_before(match)
    if word in _STATISTICS or word.lower() in _words("NUMBER", "NEVER"):
        return match[0]
    return re.sub(r"\D", "1", match["list"]) + match["stop"]


def _stop_after_number(match: re.Match[str]) -> str:
    if match["next"].lower() not in _starters() or _word_before(match).lower() in _words("NUMBER", "NEVER"):
        return match[0]
    return "1" * (len(match[0]) - 1) + "."


def _no_abbreviation(match: re.Match[str]) -> str:
    word = _word_before(match, match.end() - 1)
    return match[0] if word in _NO_ACRONYMS else "ZZ."


def _no_initial(match: re.Match[str]) -> str:
    return "1." if _word_before(match, match.start() - 1).lower() in _words("LABEL") else match[0]


def _filled(match: re.Match[str]) -> str:
    # The last characters stay, for a sentence may end behind them.
    return "x" * (len(match[0]) - 3) + match[0][-3:]


def _word_before(match: re.Match[str], end: int | None = None) -> str:
    """Return the letters (at most 20) that stand before a match."""
    end = match.start() if end is None else end
    found = _LETTERS_AT_END.search(match.string, max(0, end - 20), end)
    return found[0] if found else ""


def _lost_spaces(text: str) -> Iterator[int]:
    """Yield the places at which a sentence begins although no space precedes it."""
    for match in _LOST_SPACE.finditer(text):
        if _in_address(text, match.end()) or _ENUMERATOR.fullmatch(text, 0, match.end()):
            continue
        word = _word_before(match).lower()
        if match["next"].lower() in _starters() or (len(word) > 2 and word not in _abbreviations()):
            yield match.end()


def _in_address(text: str, position: int) -> bool:
    left = max(text.rfind(" ", max(0, position - 200), position) + 1, position - 200, 0)
    right = text.find(" ", position, position + 200)
    return bool(_ADDRESS.search(text[left : right if right >= 0 else position + 200]))


def _belongs_together(text: str, before: tuple[int, int], start: int, *, is_title: bool) -> bool:
    """Tell whether the boundary before ``start`` is none."""
    if before[1] - before[0] <= 15 and _ENUMERATOR.fullmatch(text, *before):
        return True
    last = _LAST_WORD.search(text, max(before[0], before[1] - 30), before[1])
    first = _FIRST_WORD.match(text, start)
    if not last or not first:
        return False
    word = first[1]
    if is_title and last[0][:-1].lower() in _abbreviations():
        return True
    if _DOTTED_LETTERS.fullmatch(last[0]) and word.lower() not in _starters():
        return last[0][:-1].lower() not in _abbreviations()
    return word.isalpha() and word.islower() and word.isascii() and _is_continued(last[0], word)


def _is_continued(last: str, word: str) -> bool:
    """Tell whether a word in small letters goes on with the sentence, or is a name that begins one."""
    return last.endswith(".") and (bool(_ABBREVIATED.fullmatch(last)) or word in _starters())


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = read_rows("summarizer.reading.vocabulary", "abbreviations.tsv")
    return tuple((row[0], tuple(split_wordings(row[1]))) for row in rows)


@cache
def _words(*rules: str) -> frozenset[str]:
    return frozenset(wording for rule, wordings in _rows() if rule in rules for wording in wordings)


def _abbreviations() -> frozenset[str]:
    return _words("NEVER", "CAPITAL", "STARTER")


@cache
def _starters() -> frozenset[str]:
    rows = read_rows("summarizer.reading.vocabulary", "sentence_starters.tsv")
    return frozenset(wording for row in rows for wording in split_wordings(row[1]))


@cache
def _splitter() -> PunktSentenceTokenizer:
    """Build nupunkt's tokenizer from our vocabulary; its import takes 50 ms, which the first text pays."""
    from nupunkt import PunktParameters, PunktSentenceTokenizer  # noqa: PLC0415 - see above
    from nupunkt.core.constants import ORTHO_LC  # noqa: PLC0415 - same

    parameters = PunktParameters()
    parameters.abbrev_types.update(_abbreviations())
    parameters.sent_starters.update(_starters())
    for starter in _starters():
        parameters.ortho_context[starter] = ORTHO_LC  # "has been seen in small letters": a capital means a beginning
    for rule, wordings in _rows():
        for wording in wordings:
            if rule == "NUMBER":
                parameters.collocations.add((wording, "##number##"))
            elif rule in {"NEVER", "CAPITAL"}:
                parameters.abbrev_break_rates[wording] = (100, 100 if rule == "CAPITAL" else 0)
    splitter = PunktSentenceTokenizer(parameters)
    splitter.BREAK_RATE_LOW = 0.0
    return splitter
