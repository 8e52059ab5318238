"""Complete passages that hang on a sentence that was cut, and what a cut sentence still says of its subject."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from summarizer.reading.blocks import BlockKind
from summarizer.reading.sentences import Sentence
from summarizer.reading.truncation import DESCRIBES_A_STUDY, Damage, is_lone_word
from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan


def find_lost_antecedents(
    folded: str,
    sentences: Sequence[Sentence],
    damage: Sequence[Damage],
    anchored: frozenset[int],
    reporting: frozenset[int],
    ends_of_results: Mapping[int, int],
) -> list[Damage]:
    """Complete passages that report on something whose introducing sentence was cut.

    Args:
        folded: text through ``fold``.
        sentences: the article's sentences.
        damage: damage found so far.
        anchored: sentences that themselves name a trial (or describe one anew).
        reporting: sentences that hold results or speak of "the study".
        ends_of_results: for each sentence with results, where the last of them ends.
    """
    lost: list[Damage] = []
    damaged = {item.sentence for item in damage if item.kind is not TruncationKind.GAP}
    for item in damage:
        if item.kind is not TruncationKind.CUT_SENTENCE or continues_known_subject(folded, item):
            continue
        if is_lead_without_venue(folded, sentences, item):
            continue
        if announces_a_study(folded, item) or only_source_is_cut(folded, item, ends_of_results.get(item.sentence)):
            continue
        follower = _follower(sentences, item.sentence)
        if follower is None or follower in anchored or follower not in reporting:
            continue
        sentence = sentences[follower]
        span = TextSpan(sentence.start, sentence.end)
        if follower not in damaged:
            lost.append(Damage(TruncationKind.LOST_ANTECEDENT, span, follower, "reports after a cut introduction"))
    return lost


_ANNOUNCED = re.compile(
    r"\b(?:an?|another) (?:[\w-]+,? ){0,6}(?:trial|study) (?:(?:that|which) (?:was|were|is) )?"
    r"(?:described|reported|published|presented|detailed|set out|laid out|shown|discussed|outlined) (?:in|at|by|on)"
    r"(?: the| an?)?\s*$"
)


def announces_a_study(folded: str, damage: Damage) -> bool:
    """True when a cut sentence has brought in a study whose name or source is what it lost."""
    if damage.rule == DESCRIBES_A_STUDY:
        return True
    return damage.kind is TruncationKind.CUT_SENTENCE and _ANNOUNCED.search(damage.span.of(folded)) is not None


_SOURCE = re.compile(
    r"[^;]{0,240}\b(?:according to|report(?:ed|s)?|present(?:ed|ation)|shown|showed?|published|results?|data"
    r"|analys[ei]s|follow-up"
    r"|findings?|update[sd]?)\b[^;]{0,60}$"
)


def only_source_is_cut(folded: str, damage: Damage, end_of_results: int | None) -> bool:
    """True for "survival was 13 vs 8 months, according to data from the": the next words go on about the same study."""
    if end_of_results is None:
        return False
    tail = folded[end_of_results : damage.span.end]
    return _SOURCE.fullmatch(tail) is not None and _NEW_SUBJECT.search(tail[-_SOURCE_LENGTH:]) is None


_SOURCE_LENGTH = 60

_VENUE_IS_CUT = re.compile(
    r"\b(?:report(?:ed|s)|present(?:ed|s)|shown|show|said|announced|told|unveiled|described|laid out|revealed|disclosed"
    r"|according to (?:[\w-]+ ){0,4}(?:presented|reported|shown|released|unveiled))(?: [\w-]+){0,3} (?:at|in|during"
    r"|to) "
    r"(?:the|an?)?$"
)

_SHORTEST_LEAD = 12


def is_lead_without_venue(folded: str, sentences: Sequence[Sentence], damage: Damage) -> bool:
    """True when the article's opening sentence has lost nothing but where it was reported: its subject still stands."""
    if sentences[damage.sentence].kind is not BlockKind.PROSE:
        return False
    text = damage.span.of(folded)
    if len(text.split()) < _SHORTEST_LEAD or _VENUE_IS_CUT.search(text) is None:
        return False
    return not any(sentence.kind is BlockKind.PROSE for sentence in islice(sentences, damage.sentence))


def _follower(sentences: Sequence[Sentence], number: int) -> int | None:
    for sentence in islice(sentences, number + 1, None):
        if sentence.kind in (BlockKind.PROSE, BlockKind.LIST_ITEM):
            return sentence.number
        if sentence.kind is BlockKind.HEADING:
            return None
    return None


_NEW_SUBJECT = re.compile(
    r"\b(?:also|additional(?:ly)?|another|other|separate(?:ly)?|elsewhere|earlier|previous(?:ly)?|prior|first been"
    r"|rounding off|turned to|attention|meanwhile|"
    r"further(?:more)?|in addition|likewise|similarly|came later|next|besides|too|beyond|moreover|second|third"
    r"|several|originally|before that|at the same)\b",
    re.IGNORECASE,
)

_KNOWN_SUBJECT = re.compile(
    r"\b(?:the|these|those|this|its|their|both|all) (?:[\w-]+ ){0,3}?"
    r"(?:findings?|results?|outcomes?|data|trials?|study|studies|analys[ei]s|figures|details|numbers|look|evidence"
    r"|readout|report|account|case|application|filing|submission)\b"
    r"|\btheir outcomes\b|\bdetailed (?:findings|results|account)\b|\bfull(?:er)? (?:results|data|account|findings)"
    r"\b|\ba (?:full|fuller|detailed) \w+ of\b|\baccount of why\b|\bphase (?:\d|I)",
    re.IGNORECASE,
)


def continues_known_subject(folded: str, damage: Damage) -> bool:
    """True when a cut sentence speaks of what the text has already introduced ("the findings were shown at the")."""
    text = damage.span.of(folded)
    if is_lone_word(text):
        return True
    if _OBJECT_IS_CUT.search(text):
        return False
    return _KNOWN_SUBJECT.search(text) is not None and _NEW_SUBJECT.search(text) is None


_OBJECT_IS_CUT = re.compile(
    r"\b(?:analys[ei]s|results?|data|findings?|figures|report|readout|outcomes?|look|update|follow-up)"
    r" (?:of|from|in|for|on|at) "
    r"(?:the|an?)?\s*$",
    re.IGNORECASE,
)
"""What the results are of is what was cut away, so that it can't be known ("the survival analysis of the")."""
