"""Read every reported statistic of an article: one ``Estimate`` per number, fully parsed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.reading.blocks import Block, BlockKind
from summarizer.reading.estimates.atoms import Atom, AtomKind, read_atoms
from summarizer.reading.estimates.endpoint_mentions import EndpointKind, EndpointMention
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.markers import contrasted_markers
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.estimates.resolve import resolve_sentence
from summarizer.reading.estimates.subgroups import label_subgroup, subgroup_from_label
from summarizer.reading.estimates.surroundings import Surroundings
from summarizer.reading.estimates.tables import read_tables
from summarizer.reading.phrases import Token
from summarizer.reading.sentences import Sentence
from summarizer.schemas import Statistic
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class Scope:
    """What an introduction, heading or earlier sentence says for the values that follow."""

    ratio: tuple[Statistic, TextSpan] | None = None
    endpoint: EndpointMention | None = None
    grade: TextSpan | None = None
    last_grade: TextSpan | None = None
    """The grade of the adverse events in the sentence before."""
    grade_in_brackets: bool = False
    """True when the introduction says that the grade is for the numbers in brackets."""
    timepoint: Atom | None = None
    subgroup: TextSpan | None = None


_EMPTY = Scope()


def read_estimates(
    folded: str,
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    drugs: Sequence[TextSpan],
    tokens: Sequence[Token],
) -> list[Estimate]:
    """Estimates of the whole article in text order, numbered from 0.

    Args:
        folded: the article's text through ``fold``.
        blocks: its blocks.
        sentences: its sentences.
        drugs: spans of drug mentions (arms are worded with them).
        tokens: words of the text.
    """
    starts = [token.start for token in tokens]
    in_table, estimates = read_tables(folded, blocks, sentences)
    contrasted = contrasted_markers(folded)
    section = _EMPTY
    carried = _EMPTY
    distant_ratio: tuple[Statistic, TextSpan] | None = None
    distant_endpoint: EndpointMention | None = None
    distant_measure: EndpointMention | None = None
    measured_in = -1
    current_block = -1
    for sentence in sentences:
        block = blocks[sentence.block]
        if sentence.block in in_table:
            continue
        if sentence.block != current_block:
            current_block = sentence.block
            section = _section_scope(folded, block, section)
            carried = section
        span = TextSpan(sentence.start, sentence.end)
        if block.kind in (BlockKind.HEADING, BlockKind.OTHER) and not _has_figures(folded, span):
            continue
        around = Surroundings(
            folded=folded,
            sentence=sentence,
            tokens=tokens[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)],
            drugs=drugs[bisect_left(drugs, (sentence.start, -1)) : bisect_left(drugs, (sentence.end, -1))],
            ratio=carried.ratio,
            distant_ratio=distant_ratio,
            endpoint=carried.endpoint,
            distant_endpoint=distant_endpoint,
            distant_measure=distant_measure if sentence.block - measured_in <= 1 else None,
            grade=carried.grade or _grade_that_goes_on(folded, span, carried.last_grade),
            grade_in_brackets=carried.grade_in_brackets,
            timepoint=carried.timepoint,
            subgroup=carried.subgroup,
            markers=[marker for marker in contrasted if span.covers(marker.span)],
        )
        found, mentions, atoms = resolve_sentence(around)
        estimates.extend(found)
        carried = _carry(carried, mentions, atoms, found)
        if carried.ratio is not None and carried.ratio[0] is Statistic.HAZARD_RATIO:
            distant_ratio = carried.ratio
        for mention in mentions:
            if mention.kind is EndpointKind.MEASURE:
                distant_measure, measured_in = mention, sentence.block
            elif mention.kind is EndpointKind.TIME:
                distant_endpoint = mention
    estimates.sort(key=lambda estimate: estimate.value_span)
    for number, estimate in enumerate(estimates):
        estimate.id = number
    return estimates


def _has_figures(folded: str, span: TextSpan) -> bool:
    return re.search(r"\d|\b(?:NR|NE|reached)\b", folded[span.start : span.end]) is not None


def _carry(
    scope: Scope, mentions: Sequence[EndpointMention], atoms: Sequence[Atom], found: Sequence[Estimate]
) -> Scope:
    """What the next sentence of the same block may rest on."""
    ratio = scope.ratio
    for atom in atoms:
        if atom.kind is AtomKind.RATIO_LABEL and atom.statistic is not None:
            ratio = (atom.statistic, atom.span)
    endpoint = scope.endpoint
    used = [estimate.endpoint.span for estimate in found if estimate.endpoint is not None]
    for mention in mentions:
        if any(span.overlaps(mention.span) for span in used):
            endpoint = mention
    if endpoint is scope.endpoint and mentions and not found:
        endpoint = mentions[-1]
    graded = [mention.grade for mention in mentions if mention.grade is not None and mention.code in ("AE", "TRAE")]
    return replace(scope, ratio=ratio, endpoint=endpoint, last_grade=graded[-1] if graded else None)


_GOES_ON = re.compile(
    r"(?:The )?(?:[Mm]ost (?:common|frequent)|[Cc]ommonest|[Cc]hief|[Tt]hese (?:were|included)|[Tt]hey were)\b"
)


_SAME_GRADE = re.compile(r"\b(?:at|of) (?:that|this) (?:level|grade|severity)\b", re.IGNORECASE)


def _grade_that_goes_on(folded: str, span: TextSpan, grade: TextSpan | None) -> TextSpan | None:
    """The grade of the sentence before: "Grade 3 events occurred in 60%. The most common were anemia (31%)"."""
    if grade is None:
        return None
    goes_on = _GOES_ON.match(folded, span.start, span.end) or _SAME_GRADE.search(folded, span.start, span.end)
    return grade if goes_on else None


def _section_scope(folded: str, block: Block, previous: Scope) -> Scope:
    """Scope that a block starts with: headings and introductions that end in a colon reach over the list after them."""
    text = folded[block.start : block.end]
    introduces = block.kind is BlockKind.HEADING or text.endswith(":")
    if not introduces:
        return previous if block.kind is BlockKind.LIST_ITEM or _label_line(text) else _EMPTY
    span = TextSpan(block.start, block.end)
    atoms = read_atoms(folded, *span)
    mentions = find_endpoints(folded, span)
    ratio = next(((a.statistic, a.span) for a in atoms if a.kind is AtomKind.RATIO_LABEL and a.statistic), None)
    in_brackets = _GRADE_IN_BRACKETS.search(text) is not None
    grade = next((mention.grade for mention in mentions if mention.grade is not None), None)
    label = label_subgroup(folded, block.start, block.end)
    subgroup = None
    if block.kind is BlockKind.HEADING and label is None and len(text) <= 60:
        subgroup = span if _names_subset(folded, span, mentions) else None
    return Scope(
        ratio=ratio,
        endpoint=mentions[0] if mentions and subgroup is None else None,
        grade=grade or (_grade_words(folded, span) if in_brackets else None),
        grade_in_brackets=in_brackets,
        timepoint=next((atom for atom in atoms if atom.kind is AtomKind.TIMEPOINT), None),
        subgroup=subgroup,
    )


_GRADE_IN_BRACKETS = re.compile(
    r"\b[Gg]rades?[^();]{0,30}\bin (?:parentheses|brackets)\b|\([Gg]rades? ?(?:\u2265 ?)?3[^)]*\)\s*(?:,|:|$)"
)


def _grade_words(folded: str, span: TextSpan) -> TextSpan | None:
    match = re.search(
        r"\b[Gg]rades? ?(?:\u2265 ?)?3(?: or (?:higher|worse|greater|above|4))?", folded[span.start : span.end]
    )
    return TextSpan(span.start + match.start(), span.start + match.end()) if match else None


_SUBSET_HEADING = re.compile(
    r"(?:^|\b)(?:[\w-]+ )?(?:patients|responders|response|responses|population|subgroup|cohort \w+|group \w+|disease"
    r"|carriers)\b(?: with [\w\s/-]{2,40})?$",
    re.IGNORECASE,
)


def _names_subset(folded: str, span: TextSpan, mentions: Sequence[EndpointMention]) -> bool:
    words = folded[span.start : span.end].strip()
    if (
        re.search(r"\bby\b|\bsubgroups?\b|\bacross\b", words, re.IGNORECASE)
        or len(words.split()) > 6
        or subgroup_from_label(folded, span) is None
    ):
        return False
    if mentions and mentions[0].code not in ("CR", "PR", "SD", "ORR"):
        return False
    return _SUBSET_HEADING.search(words) is not None or bool(re.search(r"\b(?:patients|population|subgroup)\b", words))


def _label_line(text: str) -> bool:
    """A short line such as "12 months: 97.7% vs 96.9%" that continues a list without bullets."""
    return len(text) <= 110 and re.match(r"^[^.;]{1,50}: ", text) is not None
