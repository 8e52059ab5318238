"""Read an article: everything that can be known without a model, each item with its place."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TypeVar

from summarizer.article import Article
from summarizer.lexicon import (
    ConditionMention,
    DrugMention,
    expand_abbreviations,
    find_conditions,
    find_drugs,
)
from summarizer.reading.blocks import Block, BlockKind
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.estimates.parser import read_estimates
from summarizer.reading.lost_antecedents import find_lost_antecedents
from summarizer.reading.mentions.counts import find_patient_counts
from summarizer.reading.mentions.cues import find_cues, rows_for
from summarizer.reading.mentions.designations import find_designations
from summarizer.reading.mentions.model import (
    ActionMention,
    Agency,
    CueMatch,
    DateMention,
    Designation,
    Organisation,
    PatientCount,
    StudyPhrase,
    Venue,
)
from summarizer.reading.mentions.names import find_organisations, find_venues
from summarizer.reading.mentions.regulatory import find_actions, find_agencies, find_countries, find_dates
from summarizer.reading.mentions.studies import find_study_phrases
from summarizer.reading.phrases import tokenize
from summarizer.reading.sentences import Sentence, read_sentences
from summarizer.reading.truncation import Damage, find_damage, split_run_together
from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan, fold

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class SentenceMentions:
    """What one sentence mentions."""

    designations: tuple[Designation, ...]
    studies: tuple[StudyPhrase, ...]
    drugs: tuple[DrugMention, ...]
    conditions: tuple[ConditionMention, ...]
    cues: tuple[CueMatch, ...]
    venues: tuple[Venue, ...]
    organisations: tuple[Organisation, ...]
    agencies: tuple[Agency, ...]
    countries: tuple[Agency, ...]
    actions: tuple[ActionMention, ...]
    dates: tuple[DateMention, ...]
    counts: tuple[PatientCount, ...]
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class Reading:
    """An article and everything that was read from it without a model."""

    article: Article
    folded: str
    """The text through ``fold``: same offsets as the text."""
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    mentions: tuple[SentenceMentions, ...]
    """One per sentence."""
    estimates: tuple[Estimate, ...]
    damage: tuple[Damage, ...]
    """Truncations of all five kinds, in text order."""
    boilerplate_from: int
    """Number of the first sentence of closing boilerplate ("About ...", forward-looking statements, references)."""

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def main_drug(self) -> DrugMention | None:
        """The drug that the article is about: named most often in its first two thirds, the earlier one of equals."""
        limit = len(self.folded) * 2 // 3
        counts: dict[str, int] = {}
        first: dict[str, DrugMention] = {}
        for mentions in self.mentions:
            for drug in mentions.drugs:
                if drug.kind in ("DRUG", "CODE") and drug.start <= limit:
                    counts[drug.generic] = counts.get(drug.generic, 0) + 1
                    first.setdefault(drug.generic, drug)
        return first[max(counts, key=lambda name: (counts[name], -first[name].start))] if counts else None

    def sentence_at(self, offset: int) -> int:
        """Number of the sentence that holds ``offset`` (the one before it, between sentences)."""
        return max(0, bisect.bisect_right(self._starts, offset) - 1)

    def words(self, span: TextSpan) -> str:
        """The passage as it stands in the article."""
        return span.of(self.article.text)


_BOILERPLATE = re.compile(
    r"^(?:About (?!(?:half|one|two|three|four|five|six|seven|eight|nine|ten|a |an |the (?:trial|study)|\d|roughly"
    r"|what|how|the \w+ (?:trial|study)))[^.]{1,90}$|(?:Cautionary|Forward[- ][Ll]ooking|Safe Harbor|Disclosures?"
    r"|Disclaimer|References?|Media [Cc]ontacts?|Contacts?:|Investor|Important Safety Information|Indications? and"
    r"|Notes? to [Ee]ditors?)\b[^.]{0,90}$)"
)


def read(article: Article) -> Reading:
    """Sentences, damage, estimates and mentions of an article."""
    text = article.text
    blocks, whole_sentences = read_sentences(text)
    folded = _on_one_line(_without_giant_words(fold(text)), blocks)
    sentences = _without_giants(folded, split_run_together(folded, whole_sentences))
    drugs = find_drugs(text)
    conditions = find_conditions(text)
    abbreviations = frozenset(expand_abbreviations(text))
    damage = find_damage(folded, blocks, sentences)
    tokens = tokenize(folded)
    estimates = read_estimates(folded, blocks, sentences, [TextSpan(d.start, d.end) for d in drugs], tokens)
    venues = find_venues(folded, tokens)
    designations = find_designations(
        folded, [TextSpan(d.start, d.end) for d in drugs], [venue.span for venue in venues], abbreviations
    )
    named = {place for item in designations for place in range(*item.span)}
    conditions = [condition for condition in conditions if condition.start not in named]  # "ORCHARD-NSCLC"
    agencies = find_agencies(folded, tokens)
    organisations = find_organisations(folded, tokens, TextSpan(0, len(folded)))

    starts = [sentence.start for sentence in sentences]
    by_designation = _by_sentence(starts, designations, [d.span.start for d in designations])
    by_drug = _by_sentence(starts, drugs, [d.start for d in drugs])
    by_condition = _by_sentence(starts, conditions, [c.start for c in conditions])
    by_venue = _by_sentence(starts, venues, [v.span.start for v in venues])
    by_organisation = _by_sentence(starts, organisations, [o.span.start for o in organisations])
    by_agency = _by_sentence(starts, agencies, [a.span.start for a in agencies])
    by_estimate = _by_sentence(starts, estimates, [e.value_span.start for e in estimates])
    mentions: list[SentenceMentions] = []
    rows = rows_for(folded)
    for sentence in sentences:
        span = TextSpan(sentence.start, sentence.end)
        number = sentence.number
        mentions.append(
            SentenceMentions(
                designations=tuple(by_designation[number]),
                studies=tuple(find_study_phrases(folded, span)),
                drugs=tuple(by_drug[number]),
                conditions=tuple(by_condition[number]),
                cues=tuple(find_cues(folded, span, rows)),
                venues=tuple(by_venue[number]),
                organisations=tuple(by_organisation[number]),
                agencies=tuple(by_agency[number]),
                countries=tuple(find_countries(folded, span)),
                actions=tuple(find_actions(folded, span)),
                dates=tuple(find_dates(folded, span)),
                counts=tuple(find_patient_counts(folded, span)),
                estimates=tuple(by_estimate[number]),
            )
        )
    damage = _with_lost_antecedents(folded, sentences, mentions, damage)
    return Reading(
        article=article,
        folded=folded,
        blocks=tuple(blocks),
        sentences=tuple(sentences),
        mentions=tuple(mentions),
        estimates=tuple(estimates),
        damage=tuple(sorted(damage, key=lambda item: item.span)),
        boilerplate_from=_boilerplate_start(folded, blocks, sentences),
    )


def _on_one_line(folded: str, blocks: Sequence[Block]) -> str:
    """``folded`` with a space for each line break within a wrapped paragraph: patterns know spaces only."""
    pieces: list[str] = []
    end = 0
    for block in blocks:
        pieces += [folded[end : block.start], folded[block.start : block.end].replace("\n", " ")]
        end = block.end
    return "".join([*pieces, folded[end:]])


def _by_sentence(starts: Sequence[int], items: Sequence[Item], offsets: Sequence[int]) -> list[list[Item]]:
    rows: list[list[Item]] = [[] for _ in starts]
    for item, offset in zip(items, offsets, strict=True):
        place = bisect.bisect_right(starts, offset) - 1
        if place >= 0:
            rows[place].append(item)
    return rows


_GIANT_WORD = re.compile(r"[\w'&-]{101,}")
"""Words of the field have up to some thirty letters. A longer one would be gone through at each of its letters."""
_NO_WORD = "\0"
"""Stands for a letter of such a word: no text holds it, no pattern takes it."""


def _without_giant_words(folded: str) -> str:
    return _GIANT_WORD.sub(lambda match: _NO_WORD * len(match.group()), folded)


_LONGEST_SENTENCE = 2000
"""What is longer is no sentence: it is read in pieces, so that the cost stays linear in the text."""
_MOST_FIGURES = 120
"""The same for what holds more numbers: each of them may be compared with any other of its sentence."""
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def _without_giants(folded: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    if not any(_is_giant(folded, sentence) for sentence in sentences):
        return list(sentences)
    pieces: list[Sentence] = []
    for sentence in sentences:
        start = sentence.start
        while (border := _piece_end(folded, start, sentence.end)) < sentence.end:
            pieces.append(replace(sentence, number=len(pieces), start=start, end=border))
            start = border
            while start < sentence.end and folded[start].isspace():
                start += 1
        if start < sentence.end:
            pieces.append(replace(sentence, number=len(pieces), start=start))
    return pieces


def _is_giant(folded: str, sentence: Sentence) -> bool:
    length = sentence.end - sentence.start
    if length <= 2 * _MOST_FIGURES:
        return False
    return length > _LONGEST_SENTENCE or len(_FIGURE.findall(folded, sentence.start, sentence.end)) > _MOST_FIGURES


def _piece_end(folded: str, start: int, end: int) -> int:
    """Where a piece of a sentence ends that begins at ``start``: at a blank if there is one."""
    stop = min(end, start + _LONGEST_SENTENCE)
    further = next(islice(_FIGURE.finditer(folded, start, stop), _MOST_FIGURES, None), None)
    if further is not None:
        stop = further.start()
    if stop == end:
        return end
    border = folded.rfind(" ", start + 1, stop)
    return border if border > 0 else stop


def _with_lost_antecedents(
    folded: str, sentences: Sequence[Sentence], mentions: Sequence[SentenceMentions], damage: list[Damage]
) -> list[Damage]:
    if not any(item.kind is TruncationKind.CUT_SENTENCE for item in damage):
        return damage
    anchored = frozenset(
        number
        for number, found in enumerate(mentions)
        if found.designations or any(not study.definite for study in found.studies)
    )
    reporting = frozenset(
        number
        for number, found in enumerate(mentions)
        if found.estimates or any(study.definite and not study.plural for study in found.studies)
    )
    ends = {number: found.estimates[-1].span.end for number, found in enumerate(mentions) if found.estimates}
    # What is cut off in a sentence that names its trial has a subject that still stands.
    nameless = [item for item in damage if not mentions[item.sentence].designations]
    return [*damage, *find_lost_antecedents(folded, sentences, nameless, anchored, reporting, ends)]


def _boilerplate_start(folded: str, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> int:
    """First sentence of an "About ..." section after the first third of the article, or the number of sentences."""
    for sentence in sentences:
        block = blocks[sentence.block]
        if sentence.number * 3 < len(sentences) or block.end - block.start > 100:
            continue
        if sentence.kind in (BlockKind.HEADING, BlockKind.OTHER, BlockKind.PROSE) and _BOILERPLATE.match(
            folded[sentence.start : sentence.end]
        ):
            return sentence.number
    return len(sentences)
