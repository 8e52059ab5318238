"""Abbreviations that an article defines: ``hepatocellular carcinoma (HCC)``.

The algorithm is that of A. S. Schwartz and M. A. Hearst, "A simple algorithm for identifying
abbreviation definitions in biomedical text", Pacific Symposium on Biocomputing 8 (2003), 451-462: the
letters of the short form are looked for from right to left in the words before the bracket, and the
first letter must begin a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from summarizer.lexicon.tokens import split_words

_BRACKET = re.compile(r"[(\[]([^()\[\]\n]{2,80})[)\]]")
_SHORT = re.compile(r"[^\W_][\w/+&.-]{0,11}(?: [\w/+&.-]{1,8})?")
_CUT = re.compile(r"[;,]| or |: ")
_BOUNDARY = re.compile(r"[.!?;:][ \n]|\n|[()\[\]]")
_WORD_START = re.compile(r"(?<![^\s(/-])[^\W_]")
_LONGEST = 160
_MOST_WORDS = 12


def expand_abbreviations(text: str) -> dict[str, tuple[str, int, int]]:
    """Short forms that ``text`` defines, each with its long form and where that stands.

    The first definition wins.
    """
    return dict(_expand(text))


@lru_cache(maxsize=2)
def _expand(text: str) -> tuple[tuple[str, tuple[str, int, int]], ...]:
    folded = split_words(text).folded
    found: dict[str, tuple[str, int, int]] = {}
    for short, start, end in _definitions(folded):
        found.setdefault(short, (text[start:end], start, end))
    return tuple(found.items())


def _definitions(folded: str) -> Iterator[tuple[str, int, int]]:
    for bracket in _BRACKET.finditer(folded):
        inside = bracket.group(1)
        short = _CUT.split(inside, maxsplit=1)[0].strip(" \"'")
        # "(PFS HR, 0.55)" defines nothing: two words are a short form only where nothing follows them.
        if _is_short_form(short) and (" " not in short or short == inside):
            span = _long_form_before(folded, bracket.start(), short)
            if span is not None:
                yield short, *span
                if short.endswith("s") and short[:-1].isupper() and len(short) > 2:
                    yield short[:-1], *span
                continue
        reverse = _short_before(folded, bracket)
        if reverse is not None:
            yield reverse


def _is_short_form(short: str) -> bool:
    return (
        2 <= len(short) <= 12
        and _SHORT.fullmatch(short) is not None
        and any(c.isupper() for c in short)
        and len(short.split()) <= 2
    )


def _long_form_before(folded: str, bracket: int, short: str) -> tuple[int, int] | None:
    """Where the long form before the bracket stands, or None."""
    floor = max(0, bracket - _LONGEST)
    window = folded[floor:bracket]
    boundary = 0
    for match in _BOUNDARY.finditer(window):
        boundary = match.end()
    letters = sum(c.isalnum() for c in short)
    starts = [match.start() for match in _WORD_START.finditer(window, boundary)]
    allowed = min(letters + 5, letters * 2, _MOST_WORDS)
    if not starts:
        return None
    candidate = window[starts[-allowed] if len(starts) > allowed else starts[0] :].rstrip()
    best = _best_long_form(short.removesuffix("s") if short[:-1].isupper() else short, candidate)
    if best is None or len(best) <= len(short) or short.lower() in best.lower().split():
        return None
    end = floor + len(window.rstrip())
    return end - len(best), end


def _best_long_form(short: str, candidate: str) -> str | None:
    """The rule of the paper: match right to left; the first letter must stand at the start of a word."""
    lowered = candidate.lower() if candidate.isascii() else "".join(c.lower()[:1] for c in candidate)
    position = len(candidate) - 1
    for index in range(len(short) - 1, -1, -1):
        letter = short[index].lower()[:1]
        if not letter.isalnum():
            continue
        while position >= 0 and (
            lowered[position] != letter or (index == 0 and position > 0 and lowered[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
        position -= 1
    return candidate[position + 1 :]


def _short_before(folded: str, bracket: re.Match[str]) -> tuple[str, int, int] | None:
    """The reverse order: ``HCC (hepatocellular carcinoma)``."""
    inside = bracket.group(1)
    if len(inside.split()) < 2:
        return None
    before = folded[max(0, bracket.start() - 14) : bracket.start()].rstrip()
    short = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    if not _is_short_form(short) or not short.replace("-", "").replace("/", "").isalnum():
        return None
    if sum(c.isupper() for c in short) < 2:
        return None
    best = _best_long_form(short, inside)
    if best is None or best != inside or len(inside.split()) > len(short) + 5:
        return None
    return short, bracket.start(1), bracket.end(1)
