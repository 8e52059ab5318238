"""Which trial each sentence speaks of.

A trial is a cluster of designations (name, codes, registry numbers) or a study that is described without a name.
The article is walked once, sentence by sentence; a definite description ("the study") or no reference at all continues
the current trial, a designation or a newly introduced study changes it, and a cut introduction breaks the line: from
there on nothing is attributed until the text names or describes a trial again (the attribution guard).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from summarizer.extraction.rules.clusters import Clusters, cluster_designations
from summarizer.reading.blocks import BlockKind
from summarizer.reading.mentions.model import Designation, DesignationKind
from summarizer.reading.mentions.studies import data_presented
from summarizer.reading.reader import Reading, SentenceMentions
from summarizer.reading.sentences import Sentence
from summarizer.reading.truncation import continues_known_subject
from summarizer.schemas import TruncationKind
from summarizer.text import TextSpan


@dataclass(slots=True)
class TrialNode:
    """A trial while the article is being walked."""

    number: int
    designations: list[Designation] = field(default_factory=list[Designation])
    anchors: list[TextSpan] = field(default_factory=list[TextSpan])
    """Where it is named or described."""
    sentences: list[int] = field(default_factory=list[int])
    """Sentences that speak of it."""
    is_main: bool = False
    is_pool: bool = False
    is_implied: bool = False
    """True when results came before the text named or described any study."""

    @property
    def is_named(self) -> bool:
        """True when the text gives it a name or code (a registry number alone is none)."""
        return any(item.kind is not DesignationKind.REGISTRY for item in self.designations)

    @property
    def start(self) -> int:
        """Offset of its first mention."""
        return min((span.start for span in self.anchors), default=0)


@dataclass(slots=True)
class Discourse:
    """The trials of an article and the sentences that speak of each."""

    trials: list[TrialNode]
    subjects: list[tuple[int, ...]]
    """For each sentence the trials that it speaks of; empty where that can't be known."""
    lost: list[bool]
    """For each sentence: True when the line of reference was broken by damage."""
    mains: tuple[int, ...] = ()
    shared: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    """Trial number -> sentences that speak of it and its fellows at once ("two randomised trials: ...")."""


@dataclass(slots=True)
class _State:
    current: tuple[int, ...] = ()
    lost: bool = False
    section: tuple[int, ...] = ()
    block: int = -1
    lead_open: bool = True
    """True until a trial has been named: indefinite studies before that are the article's own."""


def follow_discourse(reading: Reading) -> Discourse:
    """Walk the article and decide which trial each sentence speaks of."""
    walker = _Walker(reading)
    for sentence, mentions in zip(reading.sentences, reading.mentions, strict=True):
        walker.step(sentence, mentions)
    return walker.finish()


_MERGES = re.compile(
    r"\b(?:designated|called|named|known as|dubbed|code-named|titled|is|,)\s*(?:the )?$", re.IGNORECASE
)
_THE_CURRENT = re.compile(r"\b[Tt]he (?:current|present|new|ongoing) (?:[\w-]+ ){0,2}(?:trial|study)\b")
_OTHER_TRIAL = re.compile(
    r"\b(?:another|earlier|previous|separate|different|other|prior|unlike|sister|compared with|than)\b", re.IGNORECASE
)
_NO_SHIFT = re.compile(
    r"\b(?:than in|than|as in|similar to|unlike|confused with|achieved in|seen in|observed in|reported in"
    r"|compared with|against|as was|to|smaller than in|what .{3,60} in)\s(?:the )?(?:phase \w+ )?$",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:no|any|every|each|like|than|without|such)\s(?:new |other |further )?$", re.IGNORECASE)
_PHASE_DATA = re.compile(
    r"\b[Pp]hase (?:[1-4][ab]?(?:/[23])?|I{1,3}V?[ab]?(?:/I{2,3})?) (?:data|results|findings|readout)\b"
)
_NAME_GONE = re.compile(
    r"\b(?:[Tt]he|[Aa]) \(\s*\) (?:trial|study)|\b(?:[Tt]he|[Aa]) (?:[\w-]+ ){0,3}(?:trial|study) \(\s*\)"
)
_GOES_ON = re.compile(r"^(?:Later|Subsequent(?:ly)?|Further|Subgroup|Longer|In (?:a |later )?subgroup)\b")
_POOLED = re.compile(
    r"\b(?:data|results|patients) from (?:both|the two|all|the|these) (?:[\w-]+ )?(?:trials|studies) "
    r"(?:were |was |had been )?pooled\b|\b(?:a|an|the|in) pooled (?:[\w-]+ )?analysis\b|\bpooled (?:data|results) "
    r"(?:from|of)\b",
    re.IGNORECASE,
)
_COUNT_WORDS = {"two": 2, "three": 3, "four": 4}
_BY_DISEASE = re.compile(r"\b(?:[Ii]n|[Ff]rom) the (?P<disease>[a-z]{4,})(?: cancer)? (?:study|trial)\b")
_NOT_A_DISEASE = frozenset(
    "same main phase current pivotal first second third original earlier previous latest present whole entire larger smaller clinical open randomized randomised global new other".split()
)
_ANAPHOR = re.compile(
    r"^(?:In (?:that|this|the same) (?:trial|study)|There,|That (?:trial|study)|This (?:trial|study)|It |Its |They "
    r"|Both (?:trials|studies))"
)
_PLURAL_REFERENCE = re.compile(
    r"\b(?:both|all|the two|the three|each of the|these|the four) (?:[\w-]+ ){0,2}(?:trials|studies)\b"
    r"|\bin each trial\b",
    re.IGNORECASE,
)
_LEAD_SENTENCES = 4
_ROUND_UP = 3
"""So many bullets that open with a trial's name make a round-up."""


class _Walker:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._clusters: Clusters = cluster_designations(reading)
        self._nodes: list[TrialNode] = []
        self._by_cluster: dict[int, int] = {}
        self._subjects: list[tuple[int, ...]] = []
        self._lost: list[bool] = []
        self._state = _State()
        self._cut_at = {
            item.sentence: item
            for item in reading.damage
            if item.kind in (TruncationKind.CUT_SENTENCE, TruncationKind.CUT_END)
        }
        self._prose_seen = 0
        self._plural: list[tuple[int, int]] = []
        self._name_was_lost = any(
            item.kind is TruncationKind.GAP
            and re.search(
                r"\b(?:the|called|named) \(\s*\)|\b(?:trial|study) \(\s*\)",
                reading.folded[item.span.start : item.span.end],
            )
            for item in reading.damage
        )
        self._title_clusters: set[int] = set()
        self._heading_clusters: set[int] = set()
        self._item_clusters: set[int] = set()

    def step(self, sentence: Sentence, mentions: SentenceMentions) -> None:
        state = self._state
        if sentence.number >= self._reading.boilerplate_from and not mentions.designations:
            self._note((), state.lost)
            return
        new_block = sentence.block != state.block
        state.block = sentence.block
        named = self._named(sentence, mentions)
        if sentence.kind is BlockKind.HEADING:
            self._heading(sentence, mentions, named)
            return
        if sentence.kind is BlockKind.PROSE:
            self._prose_seen += 1
        subjects = self._subject(sentence, mentions, named, new_block=new_block)
        self._note(subjects, state.lost)
        self._note_plural(sentence, mentions)
        for number in subjects:
            self._nodes[number].sentences.append(sentence.number)
        cut = self._cut_at.get(sentence.number)
        if cut is not None and not continues_known_subject(self._reading.folded, cut):
            state.lost, state.current, state.section = True, (), ()

    def _note(self, subjects: tuple[int, ...], lost: bool) -> None:
        self._subjects.append(subjects)
        self._lost.append(lost)

    def _note_plural(self, sentence: Sentence, mentions: SentenceMentions) -> None:
        """Remember "two randomised trials": it speaks of the trials that are named from here on."""
        for study in mentions.studies:
            if study.plural and not study.definite:
                count = _COUNT_WORDS.get(self._reading.folded[study.span.start : study.span.end].split()[0].lower())
                if count is not None:
                    self._plural.append((sentence.number, count))
                    return

    def _named(self, sentence: Sentence, mentions: SentenceMentions) -> list[tuple[int, TextSpan]]:
        """Trials named in the sentence, in order, each with its first span there."""
        found: dict[int, TextSpan] = {}
        for designation in mentions.designations:
            cluster = self._clusters.cluster_of(designation.span)
            if cluster is None:
                continue
            number = self._node_of_cluster(cluster, sentence, mentions, designation)
            self._nodes[number].designations.append(designation)
            self._nodes[number].anchors.append(designation.span)
            found.setdefault(number, designation.span)
            if sentence.kind is BlockKind.LIST_ITEM and designation.span.start - sentence.start <= 4:
                self._item_clusters.add(number)
            if sentence.kind is BlockKind.HEADING:
                (self._title_clusters if sentence.number == 0 else self._heading_clusters).add(number)
        return list(found.items())

    def _node_of_cluster(
        self, cluster: int, sentence: Sentence, mentions: SentenceMentions, designation: Designation
    ) -> int:
        if cluster in self._by_cluster:
            return self._by_cluster[cluster]
        nameless = [node.number for node in self._nodes if node.is_main and not node.designations]
        if self._name_was_lost and nameless and self._clusters.has_number(cluster):
            self._by_cluster[cluster] = nameless[0]
            return nameless[0]
        current = self._state.current
        if (
            len(current) == 1
            and not self._state.lost
            and not self._nodes[current[0]].designations
            and self._is_same_study(cluster, sentence, mentions, designation)
        ):
            self._by_cluster[cluster] = current[0]
            return current[0]
        if self._is_number_of_current(cluster, designation):
            self._by_cluster[cluster] = current[0]
            return current[0]
        self._by_cluster[cluster] = self._new_node()
        return self._by_cluster[cluster]

    def _is_number_of_current(self, cluster: int, designation: Designation) -> bool:
        """A registry number alone belongs to the trial that the text is speaking of, if that has none yet."""
        if designation.kind is not DesignationKind.REGISTRY or len(self._state.current) != 1 or self._state.lost:
            return False
        known = self._nodes[self._state.current[0]].designations
        return not any(item.kind is DesignationKind.REGISTRY for item in known)

    def _is_same_study(
        self, cluster: int, sentence: Sentence, mentions: SentenceMentions, designation: Designation
    ) -> bool:
        """True when the sentence gives the unnamed current study its name ("The trial, designated X")."""
        if sentence.kind is BlockKind.HEADING:
            return False
        folded = self._reading.folded
        for study in mentions.studies:
            if study.plural or study.fresh or study.span.start > designation.span.start:
                continue
            gap = folded[study.span.end : designation.span.start]
            if study.definite and (len(gap) <= 4 or _MERGES.search(gap)) and len(gap) <= 40:
                return True
            if study.definite and study.span.covers(designation.span):
                return self._state.lead_open
        if self._nodes[self._state.current[0]].is_implied and self._belongs_to_implied(sentence, designation):
            return True
        starts = designation.span.start - sentence.start <= 12
        says_it_is = re.match(
            r"(?:\s?\([^)]*\))?,? (?:is|was) (?:the|a|an|this)\b",
            folded[designation.span.end : designation.span.end + 60],
        )
        in_lead = self._state.lead_open and self._prose_seen <= _LEAD_SENTENCES
        return bool(in_lead and starts and (says_it_is or sentence.number <= 4))

    def _belongs_to_implied(self, sentence: Sentence, designation: Designation) -> bool:
        """True when the first trial that is named is the one whose results opened the article."""
        before = self._reading.folded[sentence.start : designation.span.start]
        if _OTHER_TRIAL.search(before):
            return False
        if self._prose_seen <= _LEAD_SENTENCES + 2:
            return True
        headless = any(item.kind is TruncationKind.CUT_START and item.sentence == 0 for item in self._reading.damage)
        block_has_results = any(
            self._reading.sentences[estimate.sentence].block == sentence.block for estimate in self._reading.estimates
        )
        return headless and block_has_results

    def _new_node(self) -> int:
        self._nodes.append(TrialNode(len(self._nodes)))
        return len(self._nodes) - 1

    def _heading(self, sentence: Sentence, mentions: SentenceMentions, named: list[tuple[int, TextSpan]]) -> None:
        state = self._state
        numbers = tuple(number for number, _ in named)
        if numbers:
            state.section, state.current, state.lost = numbers, numbers, False
        elif sentence.number > 0:
            state.section = ()
            mains = self._main_numbers()
            if len(mains) == 1 and not state.lost:
                state.current = mains
        self._note(numbers, state.lost)
        for number in numbers:
            self._nodes[number].sentences.append(sentence.number)

    def _main_numbers(self) -> tuple[int, ...]:
        """Best guess, so far, of the article's own trials."""
        mains = [node.number for node in self._nodes if node.is_main]
        if mains:
            return tuple(mains)
        return (0,) if self._nodes else ()

    def _subject(
        self, sentence: Sentence, mentions: SentenceMentions, named: list[tuple[int, TextSpan]], *, new_block: bool
    ) -> tuple[int, ...]:
        state = self._state
        if named:
            return self._subject_of_named(sentence, named)
        described = self._described_by_disease(sentence)
        if described is not None:
            state.current, state.lost = (described,), False
            return state.current
        introduced = self._introduced(sentence, mentions)
        if introduced is None and self._speaks_of_the_main(sentence):
            state.current, state.lost = self._main_numbers(), False
            return state.current
        if introduced is None and not self._nodes and not state.lost and mentions.estimates:
            introduced = self._implied(sentence)
        if introduced is not None:
            state.current, state.lost = (introduced,), False
            return state.current
        if state.lost:
            return ()
        text = self._reading.folded[sentence.start : sentence.end]
        if _PLURAL_REFERENCE.search(text):
            several = self._several()
            if several:
                return several
        if new_block and not state.section and not _ANAPHOR.match(text) and not _GOES_ON.match(text):
            mains = self._main_numbers()
            if len(mains) == 1 and state.current and state.current[0] not in mains:
                state.current = mains
        return state.current

    def _described_by_disease(self, sentence: Sentence) -> int | None:
        """The one named trial whose own sentence words the disease of "In the gastric study, ..."."""
        folded = self._reading.folded
        match = _BY_DISEASE.search(folded, sentence.start, sentence.end)
        if match is None or match["disease"].lower() in _NOT_A_DISEASE:
            return None
        word = match["disease"].lower()
        distances = [
            (distance, node.number)
            for node in self._nodes
            if node.is_named
            for anchor in node.anchors
            if (distance := self._distance_to_disease(anchor, word)) is not None
        ]
        return min(distances)[1] if distances else None

    def _distance_to_disease(self, anchor: TextSpan, word: str) -> int | None:
        number = self._reading.sentence_at(anchor.start)
        after = [c for c in self._reading.mentions[number].conditions if 0 <= c.start - anchor.end <= 60]
        found = [c.start - anchor.end for c in after if word in c.name.lower().split()]
        return min(found, default=None)

    def _implied(self, sentence: Sentence) -> int:
        """Results before any study was named or described: the article's own, still unnamed study."""
        number = self._new_node()
        node = self._nodes[number]
        node.is_main = node.is_implied = True
        node.anchors.append(TextSpan(sentence.start, sentence.end))
        return number

    def _speaks_of_the_main(self, sentence: Sentence) -> bool:
        """True for "the current registrational trial" and the like, which lead back to the article's own trial."""
        mains = self._main_numbers()
        found = _THE_CURRENT.search(self._reading.folded, sentence.start, sentence.end)
        return len(mains) == 1 and found is not None and mains[0] not in self._state.current

    def _several(self) -> tuple[int, ...]:
        mains = tuple(node.number for node in self._nodes if node.is_main and node.is_named)
        if len(mains) >= 2:
            return mains
        named = tuple(node.number for node in self._nodes if node.is_named)
        return named[-2:] if len(named) >= 2 else ()

    def _subject_of_named(self, sentence: Sentence, named: list[tuple[int, TextSpan]]) -> tuple[int, ...]:
        state = self._state
        numbers = tuple(number for number, _ in named)
        first, span = named[0]
        before = self._reading.folded[sentence.start : span.start]
        aside = state.current and not set(numbers) & set(state.current) and _NO_SHIFT.search(before) is not None
        if self._prose_seen <= 2 and not state.lost and state.lead_open and not aside:
            for number in numbers if len(numbers) <= 4 else numbers[:1]:
                if number == first or _adjacent_names(self._reading.folded, named):
                    self._nodes[number].is_main = True
        state.lead_open = False
        if aside:
            return (*state.current, *numbers)
        state.lost = False
        state.current = numbers if _adjacent_names(self._reading.folded, named) else (first,)
        return numbers

    def _introduced(self, sentence: Sentence, mentions: SentenceMentions) -> int | None:
        """The number of a study that this sentence describes without naming it, new or restated; else None."""
        state, folded = self._state, self._reading.folded
        span = TextSpan(sentence.start, sentence.end)
        phrase = None
        fresh = False
        nothing_yet = not self._nodes and not self._clusters.any_before(sentence.end)
        for study in mentions.studies:
            if study.plural or (study.definite and not nothing_yet):
                continue
            if _NEGATED.search(folded[max(span.start, study.span.start - 20) : study.span.start]):
                continue
            phrase, fresh = study.span, study.fresh
            break
        pooled = _POOLED.search(folded, *span)
        if pooled is not None and self._nodes and mentions.estimates:
            number = self._new_node()
            self._nodes[number].anchors.append(TextSpan(*pooled.span()))
            self._nodes[number].is_pool = True
            return number
        if phrase is None:
            phrase = self._data_phrase(sentence, span)
            fresh = phrase is not None and bool(self._nodes)
        if phrase is None or not self._has_facts(mentions, phrase, folded):
            return None
        unnamed_main = [node for node in self._nodes if node.is_main and not node.is_named]
        if not fresh and state.lead_open and unnamed_main:
            unnamed_main[0].anchors.append(phrase)
            return unnamed_main[0].number
        if not self._nodes:
            number = self._new_node()
            self._nodes[number].is_main = not fresh or self._prose_seen <= 2
        elif not fresh and not self._is_other(sentence, phrase, mentions):
            return None
        else:
            number = self._new_node()
        self._nodes[number].anchors.append(phrase)
        self._nodes[number].is_pool = "pooled" in folded[phrase.start : phrase.end].lower()
        return number

    def _data_phrase(self, sentence: Sentence, span: TextSpan) -> TextSpan | None:
        folded = self._reading.folded
        cut = sentence.number in self._cut_at
        presented = None if cut else data_presented(folded, span)
        if presented is not None:
            return presented
        if self._nodes:
            return None
        match = _PHASE_DATA.search(folded, *span) or _NAME_GONE.search(folded, *span)
        return TextSpan(*match.span()) if match else None

    def _has_facts(self, mentions: SentenceMentions, phrase: TextSpan, folded: str) -> bool:
        facts = [
            cue
            for cue in mentions.cues
            if cue.field in ("phases", "allocation", "settings", "intervention_model", "masking")
        ]
        return bool(facts or mentions.drugs or mentions.conditions or mentions.counts)

    def _is_other(self, sentence: Sentence, phrase: TextSpan, mentions: SentenceMentions) -> bool:
        """An indefinite study later in the article is a new one when it opens its sentence or is planned."""
        folded = self._reading.folded
        opens = phrase.start - sentence.start <= 25
        planned = any(cue.field == "status" for cue in mentions.cues)
        presented = (
            re.match(r" (?:presented|reported|published|shown)", folded[phrase.end : phrase.end + 12]) is not None
        )
        has_phase = any(cue.field == "phases" and phrase.covers(cue.span) for cue in mentions.cues)
        return presented or (opens and (has_phase or planned)) or (has_phase and planned)

    def finish(self) -> Discourse:
        shared = self._share_plural()
        self._choose_mains()
        mains = tuple(node.number for node in self._nodes if node.is_main)
        return Discourse(self._nodes, self._subjects, self._lost, mains, shared)

    def _share_plural(self) -> dict[int, list[int]]:
        shared: dict[int, list[int]] = {}
        for number, count in self._plural:
            sentence = self._reading.sentences[number]
            following = [
                n for n in sorted(self._nodes, key=lambda n: n.start) if n.is_named and n.start >= sentence.start
            ]
            if len(following) < count or count > len(following) + 1:
                continue
            block = [s.number for s in self._reading.sentences if s.block == sentence.block and s.number <= number]
            in_lead = (
                sum(s.kind is BlockKind.PROSE for s in self._reading.sentences[: number + 1]) <= _LEAD_SENTENCES - 1
            )
            for node in following[:count]:
                shared.setdefault(node.number, []).extend(block)
                if in_lead:
                    node.is_main = True
        return shared

    def _choose_mains(self) -> None:
        """MAIN: named in the headline, or in two or more sub-headings (a round-up), or the subject of the lead."""
        for number in self._title_clusters:
            self._nodes[number].is_main = True
        if len(self._item_clusters) >= _ROUND_UP and not self._title_clusters:
            self._heading_clusters |= self._item_clusters
        if len(self._heading_clusters) >= 2 and len(self._title_clusters) <= 1:
            for number in self._heading_clusters:
                self._nodes[number].is_main = True
        if not any(node.is_main for node in self._nodes) and self._nodes:
            first = min(self._nodes, key=lambda node: node.start)
            first.is_main = True
            companions = [subjects for subjects in self._subjects if first.number in subjects and len(subjects) > 1]
            if companions:
                for number in companions[0]:
                    self._nodes[number].is_main = True


def _adjacent_names(folded: str, named: list[tuple[int, TextSpan]]) -> bool:
    """True for names given in one breath: "X (NCT...) and Y (NCT...)"."""
    for (_, first), (_, second) in zip(named, named[1:], strict=False):
        gap = folded[first.end : second.start]
        if len(gap) > 60 or not re.fullmatch(
            r"(?:\s?\([^)]*\))?(?:,? [a-z]+ in [A-Z]\w+)?\s?(?:,|and|, and|;|or|&|/)?\s?(?:the )?", gap
        ):
            return False
    return len(named) >= 2
