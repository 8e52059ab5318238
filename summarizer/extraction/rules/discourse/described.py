"""Studies that a sentence describes without naming them: new ones, and known ones told by their description."""

from __future__ import annotations

import re

from summarizer.extraction.rules.discourse.model import TrialNode
from summarizer.extraction.rules.discourse.state import Walk
from summarizer.lexicon.condition_words import PART, roles
from summarizer.reading.mentions.studies import data_presented
from summarizer.reading.reader import Reading, SentenceMentions
from summarizer.reading.sentences import Sentence
from summarizer.text import TextSpan

_BY_DISEASE = re.compile(r"\b(?:[Ii]n|[Ff]rom) the (?P<disease>[a-z]{4,})(?: cancer)? (?:study|trial)\b")
_NOT_A_DISEASE = frozenset(
    "same main phase current pivotal first second third original earlier previous latest present whole"
    " entire larger smaller clinical open randomized randomised global new other".split()
)


def described_by_disease(walk: Walk, sentence: Sentence) -> int | None:
    """The one named trial whose own sentence words the disease of "In the gastric study, ..."."""
    folded = walk.folded
    match = _BY_DISEASE.search(folded, sentence.start, sentence.end)
    if match is None or match["disease"].lower() in _NOT_A_DISEASE:
        return None
    word = match["disease"].lower()
    distances = [
        (distance, node.number)
        for node in walk.nodes
        if node.is_named
        for anchor in node.anchors
        if (distance := _distance_to_disease(walk.reading, anchor, word)) is not None
    ]
    return min(distances)[1] if distances else None


def speaks_of_other_disease(walk: Walk, sentence: Sentence) -> bool:
    """True for "In the gastric study, ..." when nothing that was said of the current trials is about that disease."""
    match = _BY_DISEASE.search(walk.folded, sentence.start, sentence.end)
    if match is None or not roles().get(match["disease"].lower(), 0) & PART or not walk.current:
        return False
    word = match["disease"].lower()
    told = [number for node in walk.current for number in walk.nodes[node].sentences]
    spans = [walk.reading.sentences[number] for number in told]
    return not any(word in walk.folded[span.start : span.end].lower() for span in spans)


def _distance_to_disease(reading: Reading, anchor: TextSpan, word: str) -> int | None:
    number = reading.sentence_at(anchor.start)
    after = [c for c in reading.mentions[number].conditions if 0 <= c.start - anchor.end <= 60]
    found = [c.start - anchor.end for c in after if word in c.name.lower().split()]
    return min(found, default=None)


_THE_CURRENT = re.compile(r"\b[Tt]he (?:current|present|new|ongoing) (?:[\w-]+ ){0,2}(?:trial|study)\b")


def speaks_of_the_main(walk: Walk, sentence: Sentence) -> bool:
    """True for "the current registrational trial" and the like, which lead back to the article's own trial."""
    mains = walk.main_numbers()
    found = _THE_CURRENT.search(walk.folded, sentence.start, sentence.end)
    return len(mains) == 1 and found is not None and mains[0] not in walk.current


def implied(walk: Walk, sentence: Sentence) -> TrialNode:
    """Results before any study was named or described: the article's own, still unnamed study."""
    node = walk.new_node()
    node.is_main = node.is_implied = True
    node.anchors.append(TextSpan(sentence.start, sentence.end))
    if walk.lead_lost_its_source:
        walk.sourceless.add(node.number)
    return node


def cut_description(walk: Walk, sentence: Sentence, mentions: SentenceMentions) -> int | None:
    """The study of which a cut sentence tells the kind only: "... relied on a single-arm cohort of the open-label".

    None when it may be one of the article's named trials or another one.
    """
    main = walk.reading.main_drug
    other_drug = bool(mentions.drugs) and main is not None and all(d.generic != main.generic for d in mentions.drugs)
    if not other_drug:
        unnamed = [node.number for node in walk.nodes if node.is_main and not node.is_named]
        if unnamed or walk.nodes:
            return unnamed[0] if unnamed else None
    node = walk.new_node()
    node.is_main = node.is_implied = node.number == 0
    node.anchors.append(TextSpan(sentence.start, sentence.end))
    walk.sourceless.add(node.number)
    return node.number


_POOLED = re.compile(
    r"\b(?:data|results|patients) from (?:both|the two|all|the|these) (?:[\w-]+ )?(?:trials|studies) "
    r"(?:were |was |had been )?pooled\b|\b(?:a|an|the|in) pooled (?:[\w-]+ )?analysis\b|\bpooled (?:data|results) "
    r"(?:from|of)\b",
    re.IGNORECASE,
)


_NEGATED = re.compile(r"\b(?:no|any|every|each|like|than|without|such)\s(?:new |other |further )?$", re.IGNORECASE)


def introduced(walk: Walk, sentence: Sentence, mentions: SentenceMentions) -> TrialNode | None:
    """The study that this sentence describes without naming it, new or restated; else None."""
    span = TextSpan(sentence.start, sentence.end)
    pooled = _POOLED.search(walk.folded, *span)
    if pooled is not None and walk.nodes and mentions.estimates:
        node = walk.new_node()
        node.anchors.append(TextSpan(*pooled.span()))
        node.is_pool = True
        return node
    phrase, fresh = _study_phrase(walk, span, mentions)
    if phrase is None:
        phrase, fresh = _data_phrase(walk, sentence, span), bool(walk.nodes)
    if phrase is None or not _has_facts(mentions):
        return None
    unnamed_main = [node for node in walk.nodes if node.is_main and not node.is_named]
    if not fresh and walk.lead_open and unnamed_main:
        unnamed_main[0].anchors.append(phrase)
        return unnamed_main[0]
    is_first = not walk.nodes
    if not (is_first or fresh or _is_other(walk, sentence, phrase, mentions)):
        return None
    node = walk.new_node()
    node.is_main = is_first and (not fresh or walk.prose_seen <= 2)
    node.anchors.append(phrase)
    node.is_pool = "pooled" in phrase.of(walk.folded).lower()
    return node


def _study_phrase(walk: Walk, span: TextSpan, mentions: SentenceMentions) -> tuple[TextSpan | None, bool]:
    """The first words that introduce one study, and whether they say that it is another one."""
    nothing_yet = not walk.nodes and not walk.clusters.any_before(span.end)
    for study in mentions.studies:
        if study.plural or (study.definite and not nothing_yet):
            continue
        if not _NEGATED.search(walk.folded[max(span.start, study.span.start - 20) : study.span.start]):
            return study.span, study.fresh
    return None, False


_PHASE_DATA = re.compile(
    r"\b[Pp]hase (?:[1-4][ab]?(?:/[23])?|I{1,3}V?[ab]?(?:/I{2,3})?) (?:data|results|findings|readout)\b"
)


_NAME_GONE = re.compile(
    r"\b(?:[Tt]he|[Aa]) \(\s*\) (?:trial|study)|\b(?:[Tt]he|[Aa]) (?:[\w-]+ ){0,3}(?:trial|study) \(\s*\)"
)


def _data_phrase(walk: Walk, sentence: Sentence, span: TextSpan) -> TextSpan | None:
    folded = walk.folded
    presented = None if sentence.number in walk.cuts else data_presented(folded, span)
    if presented is not None:
        return presented
    if walk.nodes:
        return None
    match = _PHASE_DATA.search(folded, *span) or _NAME_GONE.search(folded, *span)
    return TextSpan(*match.span()) if match else None


_FACTS = frozenset({"phases", "allocation", "settings", "intervention_model", "masking"})


def _has_facts(mentions: SentenceMentions) -> bool:
    """True when the sentence says anything about a study beyond that there is one."""
    facts = any(cue.field in _FACTS for cue in mentions.cues)
    return bool(facts or mentions.drugs or mentions.conditions or mentions.counts)


def _is_other(walk: Walk, sentence: Sentence, phrase: TextSpan, mentions: SentenceMentions) -> bool:
    """An indefinite study later in the article is a new one when it opens its sentence or is planned."""
    folded = walk.folded
    opens = phrase.start - sentence.start <= 25
    planned = any(cue.field == "status" for cue in mentions.cues)
    presented = re.match(r" (?:presented|reported|published|shown)", folded[phrase.end : phrase.end + 12]) is not None
    has_phase = any(cue.field == "phases" and phrase.covers(cue.span) for cue in mentions.cues)
    return presented or (opens and (has_phase or planned)) or (has_phase and planned)
