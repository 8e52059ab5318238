"""The report of a run, as data: figures per field and group with intervals, and every article's counts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.errors import ConfigurationError
from summarizer.schemas import Run, Source, Summary, Tokens

from .bootstrap import CONFIDENCE, Comparison, ComparisonRefusedError, Interval, Resampler, compare_runs
from .jsonvalue import Json
from .runner import EngineId, Outcome
from .scoring import FIELDS, GROUP_FIELDS, GROUPS, CaseScore, score_case
from .tally import NOTHING, Counts, sum_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from summarizer.article import Article

REPORT_FORMAT: Final = 1
"""Moves when a field of the report changes its meaning."""
OVERALL: Final = "overall"
"""Name of all leaves together."""


class ReportError(ConfigurationError):
    """A file that is no report of this program."""

    code = "report"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class CaseRow(_Model):
    """One article of a run."""

    case: str
    """Name of the case."""
    article_sha256: str
    """SHA-256 of the article file."""
    gold_sha256: str | None = None
    """SHA-256 of the gold file; None where there is none, and then there is no score."""
    error: str | None = None
    """What went wrong, in one line; such a case is scored as if nothing had been predicted."""
    fields: dict[str, Counts] = Field(default_factory=dict[str, Counts])
    """Field -> [tp, fp, fn]; a field with nothing to score is absent."""
    groups: dict[str, Counts] = Field(default_factory=dict[str, Counts])
    """Group -> [tp, fp, fn]."""
    ungrounded: int = 0
    """Leaves without evidence that stands in the article."""
    pinned_orphans: int = 0
    """Rows put on a trial although the text attributes them to none."""
    invented_numbers: int = 0
    """Numbers that the article does not print."""
    seconds: float = 0.0
    """Wall time of the call."""
    tokens: Tokens = Field(default_factory=Tokens)
    """Tokens of all calls."""
    cost: float | None = None
    """US dollars; None when no price is known."""

    @property
    def is_scored(self) -> bool:
        """Whether there is a gold file with something to score."""
        return self.gold_sha256 is not None and bool(self.fields)

    @property
    def overall(self) -> Counts:
        """All leaves of all fields."""
        return sum_counts(self.fields.values())

    def counts_of(self, name: str) -> Counts:
        """Counts of a field, a group, or ``overall``."""
        if name == OVERALL:
            return self.overall
        return self.groups.get(name, NOTHING) if name in GROUPS else self.fields.get(name, NOTHING)


class Figure(_Model):
    """A figure with its 95 % interval, both 0 to 1."""

    value: float | None
    """The figure; None with nothing to score."""
    low: float | None = None
    """Lower end; None where fewer than two articles have a share in it."""
    high: float | None = None
    """Upper end; None where fewer than two articles have a share in it."""


class Line(_Model):
    """Precision, recall and F1 of a field, a group, or of all leaves."""

    counts: Counts
    """[tp, fp, fn] over all scored articles."""
    precision: Figure
    """Right among predicted leaves."""
    recall: Figure
    """Found among gold leaves."""
    f1: Figure
    """Harmonic mean of both, of the summed counts (micro)."""
    macro_f1: Figure | None = None
    """Mean F1 over the group's fields (macro); None for a single field."""


class Report(_Model):
    """Everything that a run says about an engine."""

    format: int = REPORT_FORMAT
    """Format of the report."""
    engine: EngineId
    """Who was evaluated."""
    overall: Line
    """All leaves of all fields."""
    groups: dict[str, Line]
    """The four groups."""
    fields: dict[str, Line]
    """Field -> its line, in the order of the record; fields with nothing to score are absent."""
    cases_scored: int
    """Articles with a gold file."""
    cases_failed: int
    """Articles on which the engine failed; scored as if nothing had been predicted."""
    cases_fully_right: int
    """Scored articles without a wrong, missing or spurious leaf."""
    ungrounded: int
    """Leaves without evidence that stands in the article."""
    pinned_orphans: int
    """Rows put on a trial although the text attributes them to none."""
    invented_numbers: int
    """Numbers that the article does not print."""
    seconds: float
    """Wall time of all calls, one after the other."""
    tokens: Tokens
    """Tokens of all calls."""
    cost: float | None
    """US dollars of all calls; None when the price of any call is unknown."""
    cases: list[CaseRow]
    """Every article."""


@dataclass(frozen=True, slots=True)
class ScoredOutcome:
    """An outcome and its score."""

    outcome: Outcome
    """Case, article, prediction."""
    score: CaseScore | None
    """None without a gold file or without an article."""


def score_outcome(outcome: Outcome) -> ScoredOutcome:
    """Score an outcome, if there is something to score it against.

    An engine that failed predicted nothing: its case counts, or a crash would be better than a mistake.
    """
    gold, article = outcome.case.gold, outcome.article
    if gold is None or article is None:
        return ScoredOutcome(outcome, None)
    summary = outcome.prediction.summary or _empty_summary(article, outcome.prediction.engine)
    return ScoredOutcome(outcome, score_case(gold, summary, article.text))


def _empty_summary(article: Article, engine: EngineId) -> Summary:
    source = Source(sha256=article.sha256, characters=article.characters)
    return Summary(source=source, run=Run(engine=engine.engine, engine_reason="it failed"))


def build_report(scored: Sequence[ScoredOutcome], engine: EngineId, generator: np.random.Generator) -> Report:
    """Put a report together.

    Args:
        scored: Every outcome of the run.
        engine: Who was evaluated.
        generator: Source of chance for the intervals, seeded by the caller.
    """
    rows = [_case_row(each) for each in sorted(scored, key=lambda each: each.outcome.case.name)]
    counted = [row for row in rows if row.is_scored]
    resampler = Resampler(len(counted), generator) if counted else None
    fields = {name: _line([row.counts_of(name) for row in counted], resampler) for name in FIELDS}
    groups = {
        name: _line([row.counts_of(name) for row in counted], resampler, _by_field(counted, GROUP_FIELDS[name]))
        for name in GROUPS
    }
    costs = [row.cost for row in rows if row.error is None]
    return Report(
        engine=engine,
        overall=_line([row.overall for row in counted], resampler, _by_field(counted, FIELDS)),
        groups=groups,
        fields={name: line for name, line in fields.items() if line.counts.has_support},
        cases_scored=len(counted),
        cases_failed=sum(row.error is not None for row in rows),
        cases_fully_right=sum(row.error is None and row.overall.errors == 0 for row in counted),
        ungrounded=sum(row.ungrounded for row in counted),
        pinned_orphans=sum(row.pinned_orphans for row in counted),
        invented_numbers=sum(row.invented_numbers for row in counted),
        seconds=sum(row.seconds for row in rows),
        tokens=Tokens(
            input=sum(row.tokens.input for row in rows),
            cached=sum(row.tokens.cached for row in rows),
            output=sum(row.tokens.output for row in rows),
        ),
        cost=None if any(cost is None for cost in costs) else sum(cost or 0.0 for cost in costs),
        cases=rows,
    )


def _case_row(scored: ScoredOutcome) -> CaseRow:
    case, prediction, score = scored.outcome.case, scored.outcome.prediction, scored.score
    run = prediction.summary.run if prediction.summary else None
    return CaseRow(
        case=case.name,
        article_sha256=case.article_sha256,
        gold_sha256=case.gold_sha256,
        error=prediction.error,
        fields=score.fields if score else {},
        groups=score.groups if score else {},
        ungrounded=len(score.ungrounded) if score else 0,
        pinned_orphans=len(score.pinned_orphans) if score else 0,
        invented_numbers=len(score.invented_numbers) if score else 0,
        seconds=round(prediction.seconds, 6),
        tokens=run.tokens if run else Tokens(),
        cost=run.cost if run else None,
    )


def _by_field(rows: Sequence[CaseRow], names: Sequence[str]) -> list[list[Counts]]:
    return [[row.counts_of(name) for row in rows] for name in names]


def _line(
    counts: Sequence[Counts], resampler: Resampler | None, fields: Sequence[Sequence[Counts]] | None = None
) -> Line:
    total = sum_counts(counts)
    if resampler is None:
        nothing = Figure(value=None)
        return Line(counts=total, precision=nothing, recall=nothing, f1=nothing)
    scores = [score for each in fields or () if (score := sum_counts(each).f1) is not None]
    macro = None
    if fields is not None:
        mean = sum(scores) / len(scores) if scores else None
        macro = _figure(mean, resampler.macro_f1(fields))
    return Line(
        counts=total,
        precision=_figure(total.precision, resampler.ratio(counts, recall=False)),
        recall=_figure(total.recall, resampler.ratio(counts, recall=True)),
        f1=_figure(total.f1, resampler.f1(counts)),
        macro_f1=macro,
    )


def _figure(value: float | None, interval: Interval | None) -> Figure:
    if value is None or interval is None:
        return Figure(value=value)
    return Figure(value=value, low=interval.low, high=interval.high)


@dataclass(frozen=True, slots=True)
class ReportComparison:
    """A run against a baseline."""

    names: dict[str, Comparison | str]
    """``overall`` and each group -> its comparison, or why there is none."""
    left_out: list[str]
    """Cases of either run that are not compared, with the reason."""

    @property
    def overall(self) -> Comparison | str:
        """All leaves together: what a gate decides by."""
        return self.names[OVERALL]


def compare_reports(
    baseline: Report, candidate: Report, generator: np.random.Generator, *, min_effect: float
) -> ReportComparison:
    """Compare two reports on the cases that both scored, with the same article and the same labels.

    Raises:
        ComparisonRefusedError: if all leaves together can't be compared (too few cases, no spread, no
        difference).
    """
    first = {row.case: row for row in baseline.cases}
    second = {row.case: row for row in candidate.cases}
    left_out = {name: reason for name in {**first, **second} if (reason := _why_not(first.get(name), second.get(name)))}
    common = [name for name in first if name not in left_out]

    def compare(name: str) -> Comparison:
        before, after = ({case: side[case].counts_of(name) for case in common} for side in (first, second))
        return compare_runs(before, after, generator, min_effect=min_effect)

    names: dict[str, Comparison | str] = {OVERALL: compare(OVERALL)}
    for group in GROUPS:
        try:
            names[group] = compare(group)
        except ComparisonRefusedError as refusal:
            names[group] = refusal.reason
    return ReportComparison(names, [f"{name}: {reason}" for name, reason in sorted(left_out.items())])


def _why_not(first: CaseRow | None, second: CaseRow | None) -> str | None:
    if first is None or second is None:
        return "only in the baseline" if second is None else "not in the baseline"
    if not first.is_scored or not second.is_scored:
        return "not scored in both runs"
    if first.article_sha256 != second.article_sha256:
        return "its article changed since the baseline"
    return "its labels changed since the baseline" if first.gold_sha256 != second.gold_sha256 else None


def collect_counts(report: Report, name: str = OVERALL) -> Mapping[str, Counts]:
    """Scored case -> its counts of a field, a group, or all leaves."""
    return {row.case: row.counts_of(name) for row in report.cases if row.is_scored}


def dump_report(report: Report) -> str:
    """JSON text of a report, numbers rounded to six decimals, counts on one line each."""
    raw = json.dumps(_rounded(report.model_dump(mode="json")), indent=1, ensure_ascii=False)
    return re.sub(r"\[\s+(\d+),\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2, \3]", raw) + "\n"


def _rounded(value: Json) -> Json:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def load_report(path: Path) -> Report:
    """Read a report.

    Raises:
        ReportError: if the file can't be read or is no report.
    """
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror or error}", "give a file written with --json") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"/{part}" for part in first["loc"])
        raise ReportError(f"{path}: not a report of this version ({place}: {first['msg']})") from error


def describe_confidence() -> str:
    """How the intervals were made, for a reader."""
    return f"{CONFIDENCE:.0%} bootstrap intervals; whole articles are drawn"
