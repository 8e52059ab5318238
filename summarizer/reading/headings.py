"""Tell a heading from a sentence, also from one that lost its end."""

from __future__ import annotations

import re

__all__ = ["ends_sentence", "is_heading"]

_LONGEST = 16
_LONGEST_ON_TOP = 28
"""Words: a headline and the line below it may be long."""
_TOP = 3
"""Lines at the top of an article that may be headline and deck."""
_SENTENCE_LENGTH = 7
_LAST_LINE = 6
"""Words that a heading on the last line may have: a longer one is rather the article's cut end."""
_LABEL = 4
"""Words of a heading that ends in a colon."""

# A line that stops at one of these was cut off, in a headline too.
_NEVER_LAST = frozenset(
    "a an the of and or nor with from that which who whose is was were are be been being its their his"
    " her our your this these those at by than as but has have had into between among during per via if"
    " when while because whether both such including not".split()
)
# These may end a heading (What Comes Next On, A Pill to Look Out For), hardly a sentence.
_SELDOM_LAST = frozenset(
    "in on for to before after so up out off over under through about against within without".split()
)
# Adjectives of a study that is not there any more, behind an article.
_NEEDS_A_STUDY = frozenset(
    "open-label multicenter multicentre randomized randomised double-blind registrational pivotal multinational"
    " single-arm placebo-controlled confirmatory first-in-human".split()
)
_QUESTION_WORDS = frozenset("what where why how who when which".split())
# Where the Data Come From, What the Numbers Are
_LAST_OF_QUESTION = frozenset("of from with at by to is was were are has have had".split())
_SENTENCE_OPENERS = frozenset(
    "the a an in at on of for from with by to as among after before during since these those this that"
    " it they he she we our their its his her all both most half some no there here patients"
    " participants investigators researchers data results".split()
)
_VERBS = frozenset("is was were are has have had will would can could did does do said says showed".split())

_WORD = re.compile(r"[^\W_](?:[\w.,/'’+-]*[^\W_])?")
# Behind the full stop may stand closing quotes and a reference number (raised.2).
_TERMINAL = re.compile(
    r"[.!?…][\"'”’)\]]{0,2}(?:(?:(?<=[^\W\d_]{2}.)|(?<=[)\]%].)|(?<=(?:19|20)\d\d.)|(?<=[”\"’]))"
    r"(?:\d{1,2}(?:[,–-]\d{1,2}){0,3}|[¹²³⁰-⁹]{1,4}|\[\d[\d,–-]{0,6}\]))?\Z"
)
_TAIL = 16
_ABBREVIATION = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Bros|Jr|Sr|vs|[A-Z]\.[A-Z])\.\Z")
_AFTER_ENUMERATOR = 4
_MARKED = re.compile(r"#{1,6}\s+\S")
_TWO_SENTENCES = re.compile(r"[a-z]{3,}[.!?] [A-Z][a-z]+ [a-z]")
"""A full stop in the middle: two sentences, of which the last may be cut."""


def is_heading(text: str, index: int, *, is_last: bool) -> bool:
    """Tell whether a line is a heading.

    Args:
        text: the line, stripped.
        index: its number among the lines of the article.
        is_last: whether nothing follows it.
    """
    if _MARKED.match(text):
        return True
    words = _WORD.findall(text)
    if not words or len(words) > (_LONGEST_ON_TOP if index < _TOP else _LONGEST) or text[-1] in ",;–—-(":
        return False
    if text[-1] == ":":
        is_label = words[0].lower() not in _SENTENCE_OPENERS and not any(word in _VERBS for word in words)
        return is_label and len(words) <= _LABEL and text[0].isupper()
    if text[-1] != "?" and ends_sentence(text):
        return bool(_ABBREVIATION.search(text)) and _is_title(words)
    if _is_cut(words, index) or (is_last and _TWO_SENTENCES.search(text)):
        return False
    return index < _TOP or not (_is_statement(text, words) or (is_last and len(words) > _LAST_LINE))


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends with a full stop, a question mark or the like."""
    return _TERMINAL.search(text, max(0, len(text) - _TAIL)) is not None


def _is_cut(words: list[str], index: int) -> bool:
    """Tell whether the line's beginning or end is missing."""
    first, last = words[0], words[-1]
    if first.isalpha() and first.islower() and first not in _QUESTION_WORDS:
        return True
    if last.isupper() and len(last) > 1:
        return False
    if last.lower() in _NEEDS_A_STUDY and len(words) >= _SENTENCE_LENGTH - 1 and not _is_title(words):
        return any(word.lower() in ("the", "a", "an") for word in words[-6:])
    asks = first.lower() in _QUESTION_WORDS
    if last.lower() in _NEVER_LAST:
        return not (asks and last.lower() in _LAST_OF_QUESTION)
    return last.lower() in _SELDOM_LAST and not (asks or _is_title(words) or index < _TOP)


def _is_title(words: list[str]) -> bool:
    """Tell whether the words have capitals where only a title has them."""
    inner = [word for word in words[1:] if len(word) > 3 and word.isalpha()]
    return len(inner) >= 1 and sum(word[0].isupper() for word in inner) > len(inner) / 2


def _is_statement(text: str, words: list[str]) -> bool:
    """Tell whether a line without a full stop reads like a sentence that lost its end."""
    if _TWO_SENTENCES.search(text, _AFTER_ENUMERATOR):
        return True
    if len(words) < _SENTENCE_LENGTH or words[0].lower() not in _SENTENCE_OPENERS or _is_title(words):
        return False
    return any(word in _VERBS for word in words)
