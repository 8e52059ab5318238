"""Reports as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from summarizer.render.inert import make_inert

from .bootstrap import Comparison
from .lint import Finding, Severity
from .report import OVERALL, Figure, Line, Report, ReportComparison, ScoredOutcome, describe_confidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .tally import Leaf

_LABELS: Final = {OVERALL: "all leaves"}
_STYLES: Final = {"better": "green", "worse": "red", "can't tell": "yellow"}


def render_report(report: Report, *, with_fields: bool = True, with_cases: bool = False) -> RenderableType:
    """Tables of a report: groups, then fields and articles where asked for, then what else was counted."""
    parts: list[RenderableType] = [_line_table("group", {**report.groups, OVERALL: report.overall}, macro=True)]
    if with_fields:
        parts += ["", _line_table("field", report.fields, macro=False)]
    if with_cases:
        parts += ["", _case_table(report)]
    failed = [row for row in report.cases if row.error is not None]
    parts += ["", *(Text(make_inert(f"{row.case} failed: {row.error}"), "red") for row in failed)]
    return Group(*parts, Text(summarize_run(report)), Text(describe_confidence(), "dim"))


def summarize_run(report: Report) -> str:
    """The counts of a report that are no scores, in two lines."""
    engine = report.engine.engine + (f" ({report.engine.model})" if report.engine.model else "")
    cost = "unknown" if report.cost is None else f"${report.cost:.4f}"
    unlabelled = sum(row.gold_sha256 is None for row in report.cases)
    return make_inert(
        f"{engine}: {report.cases_scored} articles scored, {report.cases_failed} failed, "
        f"{unlabelled} without labels, "
        f"{report.cases_fully_right} fully right; {report.seconds:.2f} s, {report.tokens.input} tokens in, "
        f"{report.tokens.output} out, cost {cost}\n"
        f"ungrounded values {report.ungrounded}, orphans pinned on a trial {report.pinned_orphans}, "
        f"invented numbers {report.invented_numbers}",
        line_break="\n",
    )


def show_figure(figure: Figure, *, with_interval: bool = True) -> str:
    """A figure with its interval: ``0.812 [0.750, 0.871]``; a dash with nothing to score."""
    if figure.value is None:
        return "–"
    if figure.low is None or figure.high is None or not with_interval:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def _line_table(first: str, lines: dict[str, Line], *, macro: bool) -> Table:
    columns = ["precision", "recall", "F1", *(["macro F1"] if macro else []), "right", "wrong", "missing"]
    table = Table(first, *columns, box=None, pad_edge=False, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, line in lines.items():
        figures = [show_figure(line.precision), show_figure(line.recall), show_figure(line.f1)]
        if macro:
            figures.append("–" if line.macro_f1 is None else show_figure(line.macro_f1))
        table.add_row(_LABELS.get(name, name), *map(Text, figures), *(str(each) for each in line.counts))
    return table


def _case_table(report: Report) -> Table:
    groups = [*report.groups]
    table = Table("article", "all leaves", *groups, "invented", "pinned", box=None, pad_edge=False)
    for row in report.cases:
        if row.is_scored:
            figures = [row.overall.f1, *(row.counts_of(name).f1 for name in groups)]
            shown = ["–" if value is None else f"{value:.3f}" for value in figures]
            table.add_row(Text(make_inert(row.case)), *shown, str(row.invented_numbers), str(row.pinned_orphans))
    return table


def render_comparison(comparison: ReportComparison) -> RenderableType:
    """Table of a comparison: all leaves and each group."""
    table = Table("group", "baseline", "this run", "difference", "97% interval", "verdict", box=None, pad_edge=False)
    for name, each in comparison.names.items():
        label = _LABELS.get(name, name)
        if isinstance(each, Comparison):
            interval = f"{each.interval.low:+.3f} to {each.interval.high:+.3f}"
            figures = (f"{each.baseline:.3f}", f"{each.candidate:.3f}", f"{each.difference:+.3f}", interval)
            table.add_row(label, *map(Text, figures), Text(each.verdict, _STYLES[each.verdict]))
        else:
            table.add_row(label, "", "", "", "", Text(make_inert(each), "dim"))
    notes = [Text(make_inert(f"not compared: {note}"), "dim") for note in comparison.left_out]
    return Group(table, *notes)


def render_leaves(scored: ScoredOutcome, field: str | None = None) -> RenderableType:
    """The leaves of an article that are not right: gold against predicted."""
    name = scored.outcome.case.name
    if scored.score is None:
        return Text(make_inert(f"{name}: not scored ({scored.outcome.prediction.error or 'no labels'})"))
    table = Table("field", "gold", "predicted", "where", title=Text(make_inert(name)), title_justify="left", box=None)
    for leaf in _select(scored.score.wrong_leaves, field):
        cells = (leaf.field, show_value(leaf.gold), show_value(leaf.predicted), leaf.where)
        table.add_row(*(Text(make_inert(cell)) for cell in cells))
    others = [f"orphan pinned on a trial: {each}" for each in scored.score.pinned_orphans]
    others += [f"invented number: {number} at {pointer}" for pointer, number in scored.score.invented_numbers]
    return Group(table, *(Text(make_inert(each), "red") for each in others))


def _select(leaves: Iterable[Leaf], field: str | None) -> Sequence[Leaf]:
    return [leaf for leaf in leaves if field in {None, leaf.field}]


def show_value(value: object) -> str:
    """A gold or predicted value for a reader: a dash for none, a range for a pair."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return " to ".join(show_value(each) for each in cast("tuple[object, ...]", value))
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def render_findings(findings: Sequence[Finding]) -> RenderableType:
    """Lint findings, one line each, and a count."""
    lines = [
        Text.assemble(
            (finding.severity, "red" if finding.severity is Severity.ERROR else "yellow"),
            make_inert(f" {finding.case}{finding.pointer}: {finding.message}"),
        )
        for finding in findings
    ]
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return Group(*lines, Text(f"{errors} errors, {len(findings) - errors} doubtful labels"))
