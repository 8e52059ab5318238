"""Trials that a sentence names: a new one, a known one, or the unnamed study that the text was speaking of."""

from __future__ import annotations

import re

from summarizer.extraction.rules.discourse.state import LEAD_SENTENCES, Named, Walk
from summarizer.reading.blocks import BlockKind
from summarizer.reading.mentions.model import Designation, DesignationKind
from summarizer.reading.reader import SentenceMentions
from summarizer.reading.sentences import Sentence
from summarizer.text import TextSpan


def named_trials(walk: Walk, sentence: Sentence, mentions: SentenceMentions) -> Named:
    """Trials named in the sentence, in order, each with its first span there."""
    found: dict[int, TextSpan] = {}
    for designation in mentions.designations:
        cluster = walk.clusters.cluster_of(designation.span)
        if cluster is None:
            continue
        if cluster not in walk.by_cluster:
            walk.by_cluster[cluster] = _choose_trial(walk, cluster, sentence, mentions, designation)
        number = walk.by_cluster[cluster]
        walk.nodes[number].designations.append(designation)
        walk.nodes[number].anchors.append(designation.span)
        found.setdefault(number, designation.span)
        if sentence.kind is BlockKind.LIST_ITEM and designation.span.start - sentence.start <= 4:
            walk.opening_items.add(number)
        if sentence.kind is BlockKind.HEADING:
            if not walk.body_seen:
                walk.in_title.add(number)
            if walk.body_seen or walk.titled:
                walk.in_headings.add(number)
    return list(found.items())


def _choose_trial(
    walk: Walk, cluster: int, sentence: Sentence, mentions: SentenceMentions, designation: Designation
) -> int:
    """The trial of designations that were not met before."""
    nameless = [node.number for node in walk.nodes if node.is_main and not node.designations]
    if walk.name_was_lost and nameless and walk.clusters.has_number(cluster):
        return nameless[0]
    if _belongs_to_current(walk, sentence, mentions, designation):
        return walk.current[0]
    return walk.new_node().number


def _belongs_to_current(walk: Walk, sentence: Sentence, mentions: SentenceMentions, designation: Designation) -> bool:
    """True for the name of a study so far unnamed, and for the first registry number of any."""
    if len(walk.current) != 1 or walk.lost:
        return False
    known = walk.nodes[walk.current[0]].designations
    if not known and walk.is_headless and walk.nodes[walk.current[0]].is_implied:
        return sentence.kind is not BlockKind.HEADING and _belongs_to_implied(walk, sentence, designation)
    if not known and _is_same_study(walk, sentence, mentions, designation):
        return True
    is_number = designation.kind is DesignationKind.REGISTRY
    return is_number and not any(item.kind is DesignationKind.REGISTRY for item in known)


_MERGES = re.compile(
    r"\b(?:designated|called|named|known as|dubbed|code-named|titled|is|,)\s*(?:the )?$", re.IGNORECASE
)

_SAYS_WHAT_IT_IS = re.compile(r"(?:\s?\([^)]*\))?,? (?:is|was) (?:the|a|an|this)\b")
_IS_THIS_STUDY = re.compile(
    r"(?:\s?\([^)]*\))?, (?:the|this) (?:[\w-]+ ){0,2}(?:trial|study) (?:behind|supporting|on which|in question"
    r"|that (?:led|supported|supports|underpins|underpinned)|(?:reported|described) here)\b"
)


def _is_same_study(walk: Walk, sentence: Sentence, mentions: SentenceMentions, designation: Designation) -> bool:
    """True when the sentence gives the unnamed current study its name ("The trial, designated X")."""
    if sentence.kind is BlockKind.HEADING:
        return False
    folded = walk.folded
    if _IS_THIS_STUDY.match(folded, designation.span.end):
        return True
    for study in mentions.studies:
        if study.plural or study.fresh or study.span.start > designation.span.start:
            continue
        gap = folded[study.span.end : designation.span.start]
        if study.definite and (len(gap) <= 4 or _MERGES.search(gap)) and len(gap) <= 40:
            return True
        if study.definite and study.span.covers(designation.span):
            return walk.lead_open and not walk.is_headless
    if walk.nodes[walk.current[0]].is_implied and _belongs_to_implied(walk, sentence, designation):
        return True
    starts = designation.span.start - sentence.start <= 12
    says_it_is = _SAYS_WHAT_IT_IS.match(folded, designation.span.end, designation.span.end + 60)
    in_lead = walk.lead_open and walk.prose_seen <= LEAD_SENTENCES
    enrols = _ENROLS.match(folded, designation.span.end) is not None
    return bool(in_lead and starts and (says_it_is or enrols or sentence.number <= 4))


_ENROLS = re.compile(
    r"(?:\s?[\(\[][^)\]]*[\)\]])?,? (?:enrol(?:l)?ed|randomi[sz]ed|randomly|assigned|took in|recruited|included|tested"
    r"|compared|treated|involved|gave)\b"
)


_OTHER_TRIAL = re.compile(
    r"\b(?:another|earlier|previous|separate|different|other|prior|unlike|sister|compared with|than)\b", re.IGNORECASE
)


def _belongs_to_implied(walk: Walk, sentence: Sentence, designation: Designation) -> bool:
    """True when the first trial that is named is the one whose results opened the article."""
    before = walk.folded[sentence.start : designation.span.start]
    if _OTHER_TRIAL.search(before):
        return False
    if walk.is_headless or walk.name_was_cut:
        return _is_opening_study(walk, sentence, designation)
    return walk.prose_seen <= LEAD_SENTENCES + 2 or walk.current[0] in walk.sourceless


_POINTS_BACK = re.compile(
    r"\b(?:findings|results|answers|data|figures|numbers|evidence|news) (?:\w+ ){0,2}(?:of|from|in)"
    r"(?: the(?: [\w-]+,?){0,4}?)?\s*$",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\b(?:also|further|additional|meanwhile|followed|next|ongoing|in contrast)\b", re.IGNORECASE)
_INTRODUCES = re.compile(r"(?:\s?\([^)]*\))?, (?:an?|another) (?:[\w/-]+,? ){0,6}?(?:trial|study)\b")
"""Behind a name: the text tells for the first time what it is, so nothing before it spoke of it."""
_ITS_NOUN = re.compile(r"The (?:[\w/-]+,? ){0,6}(?:trial|study), (?:called |named |designated )?$")


def _is_opening_study(walk: Walk, sentence: Sentence, designation: Designation) -> bool:
    """True when an unbroken line leads from the results of an article without its head to the name of a study.

    Its sentence points back ("these are the findings of X"), or opens with the name and tells the study, in the same
    part of the text and about the same drugs: any other name may be that of another trial.
    """
    before = walk.folded[sentence.start : designation.span.start]
    is_divided = walk.parted or any(node.is_named for node in walk.nodes)
    if sentence.kind is not BlockKind.PROSE or is_divided or _ALSO.search(before) or _tests_other_drugs(walk, sentence):
        return False
    if _POINTS_BACK.search(before):
        return True
    if before.strip() and not _ITS_NOUN.fullmatch(before):
        return False
    if _INTRODUCES.match(walk.folded, designation.span.end):
        return False
    block_has_results = any(
        walk.reading.sentences[estimate.sentence].block == sentence.block for estimate in walk.reading.estimates
    )
    end = designation.span.end
    tells = _SAYS_WHAT_IT_IS.match(walk.folded, end) or _ENROLS.match(walk.folded, end)
    return block_has_results or tells is not None


def _tests_other_drugs(walk: Walk, sentence: Sentence) -> bool:
    """True when a sentence names drugs, and none of those that the text was speaking of."""
    own = {drug.generic for drug in walk.reading.mentions[sentence.number].drugs if drug.kind in ("DRUG", "CODE")}
    known = {
        drug.generic
        for mentions in walk.reading.mentions[: sentence.number]
        for drug in mentions.drugs
        if drug.kind in ("DRUG", "CODE")
    }
    return bool(own and known) and not own & known
