"""What the product made of one damaged article: truncations found and invented, results kept, orphaned, misplaced."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from summarizer.article import Article
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.pipeline import summarize_article
from summarizer.reading.blocks import BlockKind
from summarizer.schemas import Summary, TruncationKind
from summarizer.text import TextSpan

from .scrapers import Damaged
from .traces import Trace
from .truth import KnownRow, Truth, can_be_told, places_of, rows_of, survives

_CUTS = frozenset({TruncationKind.CUT_SENTENCE, TruncationKind.CUT_END})


class Fate(StrEnum):
    """What became of a result."""

    KEPT = "given to its trial"
    NAMELESS = "given to a record without the trial's name"
    ORPHANED = "given to none"
    MISPLACED = "given to another trial"
    UNREAD = "not read as a result any more"


@dataclass(frozen=True, slots=True)
class Reported:
    """A truncation as the summary reports it."""

    kind: TruncationKind
    span: TextSpan
    is_right: bool
    """At a damaged place, and of a kind that is right there."""


@dataclass(slots=True)
class Verdict:
    """What came out of one damaged article."""

    damaged: Damaged
    found: dict[Trace, bool] = field(default_factory=dict[Trace, bool])
    """Each trace, and whether it was reported with a right kind."""
    reported: list[Reported] = field(default_factory=list[Reported])
    fates: list[tuple[KnownRow, bool, Fate]] = field(default_factory=list[tuple[KnownRow, bool, Fate]])
    """Each labelled result whose number is still there, whether its trial can still be told, and what became of it."""
    strays: list[tuple[KnownRow, Fate]] = field(default_factory=list[tuple[KnownRow, Fate]])
    """Second mentions of a labelled number."""


def judge(damaged: Damaged, truth: Truth) -> Verdict:
    """Summarise a damaged article and compare it with what is true of it."""
    article = Article(damaged.text, name=damaged.specimen.name)
    summary = summarize_article(article, RulesExtractor(), reason="benchmark")
    verdict = Verdict(damaged)
    _judge_truncations(verdict, truth, summary)
    _judge_rows(verdict, truth, summary)
    return verdict


def _judge_truncations(verdict: Verdict, truth: Truth, summary: Summary) -> None:
    damaged = verdict.damaged
    traces = list(damaged.traces)
    lost = lost_antecedent(damaged, truth)
    if lost is not None:
        traces.append(lost)
    spans = [
        (truncation.kind, TextSpan(span.start, span.end))
        for number, truncation in enumerate(summary.truncations)
        for span in summary.evidence[f"/truncations/{number}/text"][:1]
    ]
    for trace in traces:
        verdict.found[trace] = any(kind in trace.kinds and trace.span.overlaps(span) for kind, span in spans)
    for kind, span in spans:
        is_right = any(kind in trace.kinds and trace.span.overlaps(span) for trace in traces)
        verdict.reported.append(Reported(kind, span, is_right))


def lost_antecedent(damaged: Damaged, truth: Truth) -> Trace | None:
    """The sentence behind a cut whose subject can't be known; plain when the name of its trial was cut away."""
    cut = next((trace for trace in damaged.traces if trace.kinds & _CUTS), None)
    if cut is None or damaged.to_clean(damaged.removed.start + damaged.inserted) is None:
        return None
    sentences = damaged.specimen.reading.sentences
    following = [s for s in sentences if s.start >= damaged.removed.end and s.kind is not BlockKind.OTHER]
    if not following or following[0].kind not in (BlockKind.PROSE, BlockKind.LIST_ITEM):
        return None
    after = TextSpan(following[0].start, following[0].end)
    if any(span.overlaps(after) or span.overlaps(cut.span) for span, _ in truth.names):
        return None
    start, end = damaged.to_damaged(after.start), damaged.to_damaged(after.end - 1)
    if start is None or end is None:
        return None
    trials = {known.trial for known in truth.rows if after.covers(known.value)}
    before = [trial for span, trial in truth.names if span.start < damaged.removed.start]
    gone = {trial for span, trial in truth.names if damaged.removed.covers(span)}
    has_results = any(cut.span.covers(known.value) for known in truth.rows)
    is_plain = bool(trials) and trials <= gone and bool(before) and before[-1] not in trials and not has_results
    kinds = frozenset({TruncationKind.LOST_ANTECEDENT})
    return Trace("results whose introduction was cut", kinds, TextSpan(start, end + 1), is_plain=is_plain)


def _judge_rows(verdict: Verdict, truth: Truth, summary: Summary) -> None:
    damaged = verdict.damaged
    places = places_of(summary)
    placed: list[tuple[int | None, KnownRow, bool]] = []
    for each, _ in rows_of(summary):
        span = places.get(id(each.row))
        offset = None if span is None else damaged.to_clean(span.start)
        known = None if offset is None else truth.row_at(offset, each.row)
        if known is not None and known.is_right_when_clean:
            placed.append((each.trial, known, known.value.start == offset))
    owners = _owners(truth, summary, placed)
    seen: set[int] = set()
    for trial, known, in_place in placed:
        fate = _fate(trial, known, owners)
        if trial is not None and fate is Fate.KEPT and truth.owner_of(summary.trials[trial]) is None:
            fate = Fate.NAMELESS if truth.designators[known.trial or 0] else Fate.KEPT
        if in_place and survives(damaged, known):
            seen.add(id(known))
            verdict.fates.append((known, can_be_told(truth, damaged, known), fate))
        else:
            verdict.strays.append((known, fate))
    for known in truth.rows:
        if known.is_right_when_clean and survives(damaged, known) and id(known) not in seen:
            verdict.fates.append((known, can_be_told(truth, damaged, known), Fate.UNREAD))


def _owners(truth: Truth, summary: Summary, placed: list[tuple[int | None, KnownRow, bool]]) -> dict[int, int | None]:
    """The labelled trial that each record is: the one it names, else the one that most of its results belong to."""
    owners: dict[int, int | None] = {}
    for number, trial in enumerate(summary.trials):
        owner = truth.owner_of(trial)
        if owner is None:
            votes = Counter(known.trial for place, known, _ in placed if place == number and known.trial is not None)
            owner = votes.most_common(1)[0][0] if votes else None
        owners[number] = owner
    return owners


def _fate(trial: int | None, known: KnownRow, owners: dict[int, int | None]) -> Fate:
    if trial is None:
        return Fate.ORPHANED if known.trial is not None else Fate.KEPT
    return Fate.KEPT if owners[trial] == known.trial else Fate.MISPLACED
