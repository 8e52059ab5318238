"""Passages whose text is visibly incomplete: the five kinds of damage that scraping leaves.

``CUT_SENTENCE``, ``CUT_END``, ``CUT_START`` and ``GAP`` are read from shape alone, here;
``LOST_ANTECEDENT`` (a complete passage that hangs on a sentence that was cut) in ``lost_antecedents``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from summarizer.reading.blocks import Block, BlockKind
from summarizer.reading.holes import find_holes
from summarizer.reading.phrases import read_rows
from summarizer.reading.sentences import Sentence
from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan

_VOCABULARY = "summarizer.reading.vocabulary"


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged passage."""

    kind: TruncationKind
    span: TextSpan
    sentence: int
    """Number of the sentence that it stands in."""
    rule: str
    """Name of the rule that found it."""


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(row[1] for row in read_rows(_VOCABULARY, "truncation.tsv") if row[0] == name)


_TERMINAL = re.compile(
    r"[.!?:;\u2026][\"')\]]{0,3}(?:\s?\[?\d{1,2}(?:[,-]\d{1,2})*\]?)?\s*$|[\"')\]]\s*$"
    r"|[.!?]\d{1,2}(?:[,-]\s?\d{1,2})*\s*$|[.!?]\d?[*\u2020\u2021]?$"
)

_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z'-]*)\s*$")

_NUMBER_END = re.compile(r"[\d%]\s*$")

_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|should|do|does|did|said|says"
    r"|show(?:s|ed|n)?|"
    r"reported|received|found|took|takes|gave|given|came|went|made|met|led|held|put|kept|got|saw|\w{3,}ed|reflects?"
    r"|contains?|includes?|remains?|plans?|expects?)\b"
)


_CUT_OFF = (TruncationKind.CUT_SENTENCE, TruncationKind.CUT_END)


def find_damage(folded: str, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> list[Damage]:
    """Cut sentences, cut end, cut starts and gaps, in text order."""
    damage: list[Damage] = []
    if not sentences:
        return damage
    last_by_block = {sentence.block: sentence.number for sentence in sentences}
    prose = [sentence for sentence in sentences if sentence.kind is not BlockKind.OTHER]
    final = prose[-1].number if prose else -1
    for sentence in sentences:
        span = TextSpan(sentence.start, sentence.end)
        closes_block = last_by_block[sentence.block] == sentence.number
        found = _cut(folded, sentences, sentence, is_final=sentence.number == final, closes_block=closes_block)
        if found is not None:
            damage.append(found)
        after_cut = any(item.sentence == sentence.number - 1 and item.kind in _CUT_OFF for item in damage[-4:])
        start = _cut_start(folded, sentences, sentence, after_cut=after_cut)
        if start is not None:
            damage.append(start)
        damage.extend(
            Damage(TruncationKind.GAP, hole, sentence.number, rule) for hole, rule in find_holes(folded, span)
        )
        missing = _missing_list(folded, blocks, sentence, closes_block=closes_block)
        if missing is not None:
            damage.append(missing)
    return damage


def _cut(
    folded: str, sentences: Sequence[Sentence], sentence: Sentence, *, is_final: bool, closes_block: bool
) -> Damage | None:
    span = TextSpan(sentence.start, sentence.end)
    text = span.of(folded)
    kind = TruncationKind.CUT_END if is_final else TruncationKind.CUT_SENTENCE
    if sentence.kind in (BlockKind.OTHER, BlockKind.TABLE_ROW):
        return None
    rule = None
    if sentence.kind is BlockKind.PROSE and is_lone_word(text):
        rule = "lone word"
    elif closes_block and _is_running_text(folded, sentences, sentence) and not _ENDS_BEFORE_ITS_NOUN.search(text):
        rule = _open_end(folded, sentences, sentence, text)
    if rule is not None:
        return Damage(kind, span, sentence.number, rule)
    if _TERMINAL.search(text):
        return _cut_before_full_stop(text, span, sentence.number, kind)
    if not closes_block:
        return _cut_inside_block(text, span, sentence.number)
    rule = _dangling_end(text)
    if rule is None and is_final and _ends_mid_clause(sentences, sentence, text):
        rule = "last sentence without an end"
    return None if rule is None else Damage(kind, span, sentence.number, rule)


def _dangling_end(text: str) -> str | None:
    """The rule by which a line's last words need others."""
    if _ENDS_BEFORE_ITS_NOUN.search(text):
        return DESCRIBES_A_STUDY
    last = _LAST_WORD.search(text)
    if last is not None and _dangles(text, last.group(1)) and len(text.split()) >= _FEWEST_WORDS:
        return "ends in a word that needs another"
    return None


_ENDS_OPEN = re.compile(r"\w[\w%.)\]\"']* ?[(\[]$|\w,$")
_STOP = re.compile(r"[.!?:;\u2026|][\"')\]\s*\u2020\u2021]*(?:\[?\d{1,2}(?:[,-]\s?\d{1,2})*\]?)?$")
_SALUTATION = re.compile(r"^(?:Dear|Hi|Hello)\b")


def _open_end(folded: str, sentences: Sequence[Sentence], sentence: Sentence, text: str) -> str | None:
    """The rule by which a paragraph's last sentence has no end: an open bracket, a comma, or no stop after others."""
    words = text.split()
    if _NOT_PROSE.search(text) or len(words) < _FEWEST_WORDS or _SALUTATION.match(text):
        return None
    if _ENDS_OPEN.search(text):
        return "ends in an open bracket or a comma"
    if _STOP.search(text) is not None or text.startswith("(") or text.istitle():
        return None
    if sentence.number > 0 and sentences[sentence.number - 1].block == sentence.block:
        return "paragraph of several sentences without a full stop"
    if (
        len(words) > _LONG_ENOUGH
        and _LAST_WORD.search(text)
        and _VERB.search(text)
        and _stands_in_text(folded, sentences, sentence)
    ):
        return "long sentence without a full stop"
    return None


def _is_running_text(folded: str, sentences: Sequence[Sentence], sentence: Sentence) -> bool:
    """True for prose, and for a line that looks like a heading for want of a full stop behind several sentences."""
    if sentence.kind is not BlockKind.HEADING or sentence.number == 0:
        return sentence.kind is BlockKind.PROSE
    previous = sentences[sentence.number - 1]
    ended = _STOP.search(folded, previous.start, previous.end)
    return previous.block == sentence.block and ended is not None and previous.end - previous.start > _HEADING_LENGTH


_HEADING_LENGTH = 60
"""Characters that a sentence within a heading hardly ever has."""


def _stands_in_text(folded: str, sentences: Sequence[Sentence], sentence: Sentence) -> bool:
    """True between paragraphs that end in a full stop: where headlines and captions don't stand."""
    before = next((s for s in reversed(sentences[: sentence.number]) if s.kind is not BlockKind.HEADING), None)
    after = next((s for s in sentences[sentence.number + 1 :] if s.kind is not BlockKind.HEADING), None)
    if (
        before is None
        or before.kind is not BlockKind.PROSE
        or (after is not None and after.kind is not BlockKind.PROSE)
    ):
        return False
    return _STOP.search(folded, before.start, before.end) is not None


_FEWEST_WORDS = 2
"""Of a sentence that is told from its last sign."""

DESCRIBES_A_STUDY = "ends before the noun"
"""Rule for a sentence that still says what kind of study it introduces, though its noun and name were cut away."""

_ENDS_BEFORE_ITS_NOUN = re.compile(
    r"\b(?:the|an?|its|this) (?:[\w-]+,? (?:and )?){0,4}(?:open-label|multicent(?:er|re)|randomi[sz]ed"
    r"|double-blind(?:ed)?"
    r"|registrational|pivotal|multinational|single-arm|placebo-controlled|confirmatory|first-in-human|phase (?:[1-4]"
    r"|I{1,3}V?)[ab]?(?:/[1-4I]{1,3}[ab]?)?)$"
    r"|\b(?:who|that|which) (?:had|have|has|were) (?:been |previously |already )*(?:received|treated|given|enrolled"
    r"|taken"
    r"|progressed|achieved|undergone|randomi[sz]ed|assigned)$"
)
"""The adjectives of a study without the study, the participle of a clause without its object."""


def is_lone_word(text: str) -> bool:
    """True for a sentence of one word that only a cut can have left alone ("At")."""
    return text.strip().lower() in _words("LONE")


_STRANDED = re.compile(
    r"^(?:Where|What|Who|How|Why|When|Which)\b|\b(?:talk|think|wait|look|hope|ask|know|worr|care|hear|come|came"
    r"|stood|stand|deal|live|start|build|rely)\w* (?:about|for|from|before|of|with|on|to|in)$"
    r"|\b(?:than|like|of|at|by|after|for) (?:that|this|those|these)$"
)
"""A preposition may end a question or a relative clause: "Where the dose came from"."""

_TIME_GONE_BY = re.compile(
    r"\b(?:years?|months?|weeks?|decades?|days?|soon|shortly|long|ever|hours?|then) (?:on|in|after|before|since)$",
    re.IGNORECASE,
)
"""A phrase of time may end in what elsewhere needs a noun: "Survival, one year on"."""

_PARTICLE_VERBS = re.compile(
    r"\b(?:line|lined|move|moved|moving|carry|carried|sign|signed|phase|set|look|log|check|break|stand|roll|give"
    r"|hold|back|come|go|fall|turn|take|keep|start|follow|opt|dial|tune|switch|step|build|open)\w*(?: \w+)? "
    r"(?:up|in|on|off|out|by|over|for|to|through)$",
    re.IGNORECASE,
)


def _dangles(text: str, word: str) -> bool:
    """True when the sentence can't end in ``word``: an article, most prepositions, conjunctions, auxiliaries."""
    lowered = word.lower()
    if lowered not in ("the", "a", "an") and (_STRANDED.search(text) or _TIME_GONE_BY.search(text)):
        return False
    if lowered in _words("ALWAYS"):
        return not (word.isupper() and len(word) > 1)
    if lowered in _words("USUALLY"):
        sentence_like = len(text.split()) >= 4 and not text.istitle()
        return word.islower() and sentence_like and _PARTICLE_VERBS.search(text) is None
    return False


def _cut_before_full_stop(text: str, span: TextSpan, number: int, kind: TruncationKind) -> Damage | None:
    """The damage of a full stop directly after an article or preposition: "presented at the."."""
    match = re.search(r"\b([a-z]+)\s?\.\d{0,2}\s*$", text)
    if match is None or match.group(1) not in _words("ALWAYS") or len(text.split()) < 3:
        return None
    if match.group(1) not in ("the", "a", "an") and _STRANDED.search(text[: match.end(1)]):
        return None
    return Damage(kind, span, number, "full stop after a word that needs another")


def _cut_inside_block(text: str, span: TextSpan, number: int) -> Damage | None:
    last = _LAST_WORD.search(text)
    if last is None or not _dangles(text, last.group(1)):
        return None
    return Damage(TruncationKind.CUT_SENTENCE, span, number, "ends in a word that needs another, inside a paragraph")


_NOT_PROSE = re.compile(
    r"\||^\s*(?:[-*\u2022#]|\()|=|^(?:next|source|credit|photo|references?|contact|tags?|filed under|share|related"
    r"|read more|for more)\b|https?:|www\.|@|\u00a9|\bdoi\b",
    re.IGNORECASE,
)


_CLAUSE = 4
"""Words that a clause has at least."""

_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should)\b")


def _ends_mid_clause(sentences: Sequence[Sentence], sentence: Sentence, text: str) -> bool:
    """The article's last sentence has no end: told from the prose before it, its length and its verb."""
    if sentence.kind is not BlockKind.PROSE and not (sentence.kind is BlockKind.HEADING and len(text.split()) > 10):
        return False
    words = text.split()
    if _NOT_PROSE.search(text) or text.isupper() or (_NUMBER_END.search(text) and len(words) < _LONG_ENOUGH):
        return False
    has_company = any(other.block == sentence.block and other.number < sentence.number for other in sentences)
    if has_company:
        return len(words) >= _FEWEST_WORDS
    if len(words) < _CLAUSE or text.istitle():
        return False
    return _VERB.search(text) is not None if len(words) > 2 * _CLAUSE else _AUXILIARY.search(text) is not None


_LOWER_START = re.compile(r"[\"'(\[]?(?P<word>[a-z]+)(?P<rest>[^\s]*)")
_NEVER_FIRST = re.compile(r"[,;)\]][\s,;.)\"']*\w|\([^()]{1,20}\)[;,]")


def _cut_start(folded: str, sentences: Sequence[Sentence], sentence: Sentence, *, after_cut: bool) -> Damage | None:
    """A sentence that starts in lower case at the start of the article or of a paragraph.

    ``after_cut`` says that the sentence before it was cut off: a link was lost between them.
    """
    text = folded[sentence.start : sentence.end]
    if sentence.kind in (BlockKind.OTHER, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return None
    span = TextSpan(sentence.start, sentence.end)
    if _NEVER_FIRST.match(text) and len(text.split()) >= _CLAUSE:
        return Damage(TruncationKind.CUT_START, span, sentence.number, "starts with a comma or a closing bracket")
    first_of_block = sentence.number == 0 or sentences[sentence.number - 1].block != sentence.block
    if not first_of_block or not _is_small_clause(text):
        return None
    if sentence.number > 0 and not (after_cut or _may_stand_before(folded, sentences[sentence.number - 1])):
        return None
    return Damage(TruncationKind.CUT_START, span, sentence.number, "starts in lower case")


def _is_small_clause(text: str) -> bool:
    """True for words that begin in lower case and are more than a phrase; "mRNA" and "pCR" begin a sentence."""
    match = _LOWER_START.match(text)
    if match is None or re.search(r"[A-Z0-9]", match["word"] + match["rest"]) or len(text.split()) < _CLAUSE:
        return False
    return _TERMINAL.search(text) is not None or len(text.split()) >= _LONG_ENOUGH


_LONG_ENOUGH = 12
"""Words that make a line without a full stop a sentence."""


def _may_stand_before(folded: str, previous: Sentence) -> bool:
    """True when a line has ended, so that the next one in lower case does not go on with it."""
    text = folded[previous.start : previous.end].rstrip()
    if previous.kind is BlockKind.HEADING:
        return not text.endswith((":", ";", ",", "-"))
    return previous.kind is BlockKind.PROSE and bool(_TERMINAL.search(text)) and not text.endswith((":", ";", ","))


_ANNOUNCES = re.compile(
    r"\b(?:following|these|as follows|include|includes|including|were|are|below|into|with|to|in|of|take in"
    r"|looked like this|such as|(?:two|three|four|five|several|some) [a-z]+)\s*:\s*$",
    re.IGNORECASE,
)


def _missing_list(folded: str, blocks: Sequence[Block], sentence: Sentence, *, closes_block: bool) -> Damage | None:
    """A colon that announces a list, followed by ordinary prose or by nothing."""
    text = folded[sentence.start : sentence.end]
    if sentence.kind is not BlockKind.PROSE or not closes_block or not _ANNOUNCES.search(text):
        return None
    following = blocks[sentence.block + 1] if sentence.block + 1 < len(blocks) else None
    if following is not None and not (
        following.kind in (BlockKind.PROSE, BlockKind.HEADING) and _reads_as_prose(folded, following)
    ):
        return None
    return Damage(
        TruncationKind.GAP, TextSpan(sentence.start, sentence.end), sentence.number, "announced list is missing"
    )


def _reads_as_prose(folded: str, block: Block) -> bool:
    text = folded[block.start : block.end]
    if block.kind is BlockKind.HEADING:
        return not re.search(r"\d|^[a-z]", text)
    return text[0].isupper() and text[-1] in '.!?"' and len(text.split()) > 12 and not re.match(r"^[^.]{1,40}: ", text)


_RUN_TOGETHER = re.compile(
    r"\b(?:at|from|of|in|by|to|on|with) the (?=(?:(?:Best|Median|Overall|Complete|Objective|Patients|Among|After"
    r"|These|This|It|Results|Data|Of|At|In|The|An?|All|Grade|Adverse|Treatment|No|One|Both|With) [a-z]"
    r"|[A-Z][A-Za-z]*[A-Z][\w-]* (?:enrolled|randomi[sz]ed|tested|compared|evaluated|included|assigned)\b))"
)


def split_run_together(folded: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Divide sentences where a cut one runs into the next: "laid out at the | Median survival was ..."."""
    divided: list[Sentence] = []
    for sentence in sentences:
        start = sentence.start
        if sentence.kind is BlockKind.PROSE:
            for match in _RUN_TOGETHER.finditer(folded, sentence.start, sentence.end):
                divided.append(replace(sentence, number=len(divided), start=start, end=match.end() - 1))
                start = match.end()
        divided.append(replace(sentence, number=len(divided), start=start))
    return divided
