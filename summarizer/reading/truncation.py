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
        start = _cut_start(folded, sentences, sentence)
        if start is not None:
            damage.append(start)
        damage.extend(_gaps(folded, span, sentence.number))
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
    if is_lone_word(text) and sentence.kind is BlockKind.PROSE:
        return Damage(kind, span, sentence.number, "lone word")
    if _TERMINAL.search(text):
        return _cut_before_full_stop(text, span, sentence.number, kind)
    if not closes_block:
        return _cut_inside_block(text, span, sentence.number)
    if _ENDS_BEFORE_ITS_NOUN.search(text):
        return Damage(kind, span, sentence.number, DESCRIBES_A_STUDY)
    last = _LAST_WORD.search(text)
    words = text.split()
    rule = None
    if last is not None and _dangles(text, last.group(1)) and len(words) >= 2:
        rule = "ends in a word that needs another"
    elif is_final and _ends_mid_clause(sentences, sentence, text):
        rule = "last sentence without an end"
    return None if rule is None else Damage(kind, span, sentence.number, rule)


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


def _ends_mid_clause(sentences: Sequence[Sentence], sentence: Sentence, text: str) -> bool:
    """The article's last sentence has no end: told from the prose before it, its length and its verb."""
    if sentence.kind is not BlockKind.PROSE and not (sentence.kind is BlockKind.HEADING and len(text.split()) > 10):
        return False
    if _NOT_PROSE.search(text) or text.isupper() or _NUMBER_END.search(text):
        return False
    has_company = any(other.block == sentence.block and other.number < sentence.number for other in sentences)
    if has_company:
        return len(text.split()) >= 2
    return len(text.split()) >= 9 and _VERB.search(text) is not None and not text.istitle()


_LOWER_START = re.compile(r"[\"'(\[]?(?P<word>[a-z]+)(?P<rest>[^\s]*)")


def _cut_start(folded: str, sentences: Sequence[Sentence], sentence: Sentence) -> Damage | None:
    """A sentence that starts in lower case at the start of the article or of a paragraph."""
    text = folded[sentence.start : sentence.end]
    match = _LOWER_START.match(text)
    if match is None or sentence.kind in (BlockKind.OTHER, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return None
    first_of_block = sentence.number == 0 or sentences[sentence.number - 1].block != sentence.block
    if not first_of_block or re.search(r"[A-Z0-9]", match["word"] + match["rest"]) or len(text.split()) < 4:
        return None
    if sentence.number > 0:
        previous = sentences[sentence.number - 1]
        ended = _TERMINAL.search(folded[previous.start : previous.end])
        if not ended or folded[previous.start : previous.end].rstrip().endswith((":", ";", ",")):
            return None
        if previous.kind is not BlockKind.PROSE or not _TERMINAL.search(text):
            return None
    elif not _TERMINAL.search(text) and len(text.split()) < 12:
        return None
    return Damage(
        TruncationKind.CUT_START, TextSpan(sentence.start, sentence.end), sentence.number, "starts in lower case"
    )


_PREPOSITIONS = r"(?:in|at|from|of|with|by|for|to|on|the|an?|into|under|via|per|during|through|against|than|between)"

_GAP_PATTERNS = (
    ("empty brackets", re.compile(r"(?<!\w)(?:\(\s*[,;]?\s*\)|\[\s*\])")),
    ("bracket that ends in a separator", re.compile(r"[\w.][,;]\s{1,2}\)")),
    ("two commas in a row", re.compile(r"[a-z)],\s{1,3},(?=\s)")),
    ("word before a comma that needs another", re.compile(rf"\b{_PREPOSITIONS}\s{{1,3}}[,;:](?=\s)")),
    (
        "two spaces after a word that needs another",
        re.compile(
            rf"\b(?:in|at|from|of|with|by|for|on|the|into|via|called|named|study|trial)(?: {{2,}}|\s\u00a0)"
            rf"(?={_PREPOSITIONS}\b|(?:trial|study|showed?|was|were|is|are|has|had|have|and|or|which|who|whose|that|while|when"
            r"|where|as|but|if|after|before|until|because|did|does|could|may|might|will|would|can|said)\b)"
        ),
    ),
    (
        "space before a full stop after a word that needs another",
        re.compile(r"\b(?:in|at|from|of|with|by|for|the|an?|and|or)\s\.(?=\s|$)"),
    ),
    (
        "interval announced but not there",
        re.compile(r"\b\d\d(?:\.\d)? ?% ?(?:CI|confidence interval)\s?(?=[;)\]]|, ?(?:P|p)\b)"),
    ),
    (
        "ratio announced but not there",
        re.compile(r"\((?:HR|hazard ratio|OR|odds ratio)\s?[,:=]?\s?[;,]\s?(?=\d\d ?%|P\b|p\b|\))"),
    ),
    (
        "two articles in a row",
        re.compile(
            r"\b(?:the|an?) (?:and|or|was|were|is|are|showed|which|that|to|in|of|at|,)\s(?!(?:posteriori|priori|la\b))"
        ),
    ),
)

_MAY_BE_HOLE = re.compile(
    r"[(\[]\s*[,;]?\s*[)\]]|[,;]\s{1,2}\)|\s[,;:.](?:\s|$)|  |\s\u00a0|CI\s?[;)\],]|interval\s?[;)\],]"
    r"|\((?:HR|hazard ratio|OR|odds ratio)\s?[,:=]?\s?[;,]"
    r"|\b(?:the|an?) (?:and|or|was|were|is|are|showed|which|that|to|in|of|at|,)\s"
)
"""One look for any of the patterns above; most sentences have none."""

_HEADER_INTERVAL = re.compile(r"\bHR \(95% CI\)|\(95% CI\)\s*(?:\||$)", re.IGNORECASE)

_A_AND = re.compile(r"\b[Aa] (?:and|or|in|to|of|at)\b|\bthe (?:to|at|in) [a-z]+-")


def _gaps(folded: str, span: TextSpan, number: int) -> list[Damage]:
    found: list[Damage] = []
    if _MAY_BE_HOLE.search(folded, *span) is None:
        return found
    for rule, pattern in _GAP_PATTERNS:
        for match in pattern.finditer(folded, *span):
            if rule.startswith("interval") and _HEADER_INTERVAL.search(
                folded, max(span.start, match.start() - 8), span.end
            ):
                continue
            if rule.startswith("two articles") and (
                _A_AND.match(match.group()) or (match.group()[0].isupper() and match.group()[0] == "A")
            ):
                continue
            found.append(Damage(TruncationKind.GAP, _around(folded, span, TextSpan(*match.span())), number, rule))
    return _distinct(found)


def _around(folded: str, sentence: TextSpan, hole: TextSpan) -> TextSpan:
    """The clause around a hole: long enough to be found again, short enough to be read."""
    start = max(
        (
            folded.rfind(mark, sentence.start, hole.start) + len(mark)
            for mark in ("; ", ". ")
            if folded.rfind(mark, sentence.start, hole.start) >= 0
        ),
        default=sentence.start,
    )
    return TextSpan(start, sentence.end)


def _distinct(found: Sequence[Damage]) -> list[Damage]:
    kept: list[Damage] = []
    for damage in sorted(found, key=lambda item: item.span):
        if not any(damage.span.overlaps(other.span) and damage.span.start == other.span.start for other in kept):
            kept.append(damage)
    return kept


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
