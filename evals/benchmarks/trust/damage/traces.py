"""What a careful reader sees of a damage, told from the words beside it (LABELLING.md, "Truncation")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan, fold


@dataclass(frozen=True, slots=True)
class Trace:
    """A passage that is visibly incomplete, or may be taken for it."""

    how: str
    """What shows, in a few words: damage of one kind is counted by it."""
    kinds: frozenset[TruncationKind]
    """Kinds that are right."""
    span: TextSpan
    """The passage, in the damaged text."""
    is_plain: bool = True
    """False when the words could stand as they are: it may be reported, and needn't be."""


STOPS_SHORT = "stops at a word that needs another"
NO_FULL_STOP_IN_PARAGRAPH = "last of several sentences, without a full stop"
NO_FULL_STOP_ALONE = "paragraph of one sentence, without a full stop"
IN_WORD = "stops within a word"
LINE_OF_TITLE_LENGTH = "few words, as in a sub-heading"
MID_CLAUSE = "begins in mid-clause"
BEGINS_CAPITAL = "begins with a capital, a figure or a bracket"
HOLE = "hole between words that can't stand together"
HOLE_AT_START = "first words gone, begins in lower case"
TWO_SPACES = "two spaces, and the sentence reads on"

_NEEDS_ANOTHER = frozenset(
    "the a an of in at on from by with for to into and or nor than as versus vs per via its their his her our "
    "this these those that which who whose whom whether because although while where when if but is are was "
    "were be been has have had will would can could may might should not between among during through within "
    "without against about over under after before since until following including despite upon towards "
    "regarding such both either called named another each every no s ".split()
)
"""Words after which a clause can't stop. A few may end one (particles of verbs), seldom in the press of this field."""

_CANT_FOLLOW = frozenset(
    "of in at on from by with for to into and or nor than as is are was were be been has have had will would can could"
    " may might should that which who whose whom while where when if but showed shows show demonstrated met reported"
    " found enrolled compared evaluated tested randomized randomised assigned said announced received plus versus vs"
    " did does after before during between".split()
)
"""Words that can't follow an article or a preposition."""

_SHORT_LINE = 10
"""Words up to which a line may be taken for a sub-heading."""

_LAST_WORD = re.compile(r"([A-Za-z]+)[^\w)\]\"'%.!?]*$")
_FIRST_WORD = re.compile(r"\s*([A-Za-z]+)")


def before_cut(text: str, head: TextSpan, kinds: frozenset[TruncationKind], *, has_company: bool) -> Trace:
    """What is left of a sentence whose end was cut off.

    Args:
        text: the clean text.
        head: what is left of the sentence; it stands at the same place in the damaged text.
        kinds: kinds that are right.
        has_company: whether other sentences stand before it in its paragraph.
    """
    words = fold(head.of(text))
    last = _LAST_WORD.search(words)
    if words[-1:] in ("(", "[", ",", "-", "/", "&") or (last is not None and last[1].lower() in _NEEDS_ANOTHER):
        return Trace(STOPS_SHORT, kinds, head)
    if re.search(r"[.!?:][\"')\]]*$", words):
        return Trace(NO_FULL_STOP_ALONE, kinds, head, is_plain=False)  # an abbreviation's stop: reads as an end
    if has_company:
        return Trace(NO_FULL_STOP_IN_PARAGRAPH, kinds, head)
    if len(words.split()) <= _SHORT_LINE:
        return Trace(LINE_OF_TITLE_LENGTH, kinds, head, is_plain=False)
    return Trace(NO_FULL_STOP_ALONE, kinds, head)


def at_end(text: str, head: TextSpan, *, in_word: bool, has_company: bool) -> Trace:
    """What is left of the article's last sentence; arguments as for ``before_cut``."""
    kinds = frozenset({TruncationKind.CUT_END})
    if in_word:
        return Trace(IN_WORD, kinds, head)
    return before_cut(text, head, kinds, has_company=has_company)


def after_lost_beginning(tail: str, moved: TextSpan) -> Trace:
    """What is left of a sentence whose beginning was lost: its words, and where they stand in the damaged text."""
    kinds = frozenset({TruncationKind.CUT_START})
    if tail[:1].islower() or tail[:1] in ",;.)":
        return Trace(MID_CLAUSE, kinds, moved)
    return Trace(BEGINS_CAPITAL, kinds, moved, is_plain=False)


def after_hole(text: str, sentence: TextSpan, link: TextSpan, left: TextSpan) -> Trace:
    """A sentence without the words of a link.

    Args:
        text: the clean text.
        sentence: the sentence there.
        link: the words that were taken out.
        left: what is left of the sentence, in the damaged text.
    """
    before = fold(text[sentence.start : link.start])
    after = fold(text[link.end : sentence.end])
    gap, cut = frozenset({TruncationKind.GAP}), frozenset({TruncationKind.CUT_SENTENCE, TruncationKind.CUT_END})
    if not before.strip():
        begins_small = after.lstrip()[:1].islower() or after.lstrip()[:1] in ",;"
        return Trace(HOLE_AT_START, gap | {TruncationKind.CUT_START}, left, is_plain=begins_small)
    kinds = gap | cut if re.fullmatch(r"\W*", after) else gap
    is_plain = _is_hole(before, after)
    return Trace(HOLE if is_plain else TWO_SPACES, kinds, left, is_plain=is_plain)


def _is_hole(before: str, after: str) -> bool:
    """True when what stands on both sides can't stand together."""
    if before.rstrip()[-1:] in ("(", "[") and after.lstrip()[:1] in (")", "]", ",", ";"):
        return True
    if before.rstrip()[-1:] == "," and after.lstrip()[:1] in (",", "."):
        return True
    last, first = _LAST_WORD.search(before.rstrip()), _FIRST_WORD.match(after)
    if last is None or before.rstrip()[-1:] in ",;:(" or last[1].lower() not in _NEEDS_ANOTHER:
        return False
    return after.lstrip()[:1] in (*",.;:)", "") or (first is not None and first[1].lower() in _CANT_FOLLOW)
