"""A report as one self-contained page: figures, and every article with its labels and its prediction.

The page runs no script and loads nothing. Whatever comes from an article, a label or an engine is escaped by
the template, and characters that could hide or reorder text are shown as escapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from summarizer.render.inert import is_inert

from .bootstrap import Comparison
from .highlights import GOLD, PREDICTED, cut_segments
from .render import show_figure, show_value, summarize_run
from .report import OVERALL, Report, ReportComparison, ScoredOutcome, describe_confidence

if TYPE_CHECKING:
    import jinja2

    from .tally import Counts

_MARK_CLASSES: Final = {0: "", GOLD: "gold", PREDICTED: "predicted", GOLD | PREDICTED: "both"}


def render_html(report: Report, scored: Sequence[ScoredOutcome], comparison: ReportComparison | None = None) -> str:
    """Make the page.

    Args:
        report: The figures.
        scored: Every outcome of the run, for the drill-down.
        comparison: The run against a baseline, where there is one.
    """
    return _load_template().render(
        report=report,
        overall=OVERALL,
        run=summarize_run(report),
        confidence=describe_confidence(),
        cases=[_drill_down(each) for each in sorted(scored, key=lambda each: each.outcome.case.name)],
        comparison=[_split(name, each) for name, each in comparison.names.items()] if comparison else [],
        left_out=comparison.left_out if comparison else [],
    )


def _split(name: str, each: Comparison | str) -> tuple[str, Comparison | None, str | None]:
    """Group, its comparison, or why there is none."""
    return (name, each, None) if isinstance(each, Comparison) else (name, None, each)


def _load_template() -> jinja2.Template:
    import jinja2  # noqa: PLC0415 - only a page needs it

    template = resources.files("summarizer.evaluation").joinpath("templates", "report.html.j2")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["inert"] = show_inert
    environment.filters["figure"] = show_figure
    return environment.from_string(template.read_text("utf-8"))


def show_inert(text: object) -> str:
    """Text with characters that could hide or reorder text shown as escapes; line breaks and tabs stay."""
    return "".join(
        character if character in "\n\t" or is_inert(character) else f"\\u{{{ord(character):x}}}"
        for character in str(text)
    )


def _drill_down(scored: ScoredOutcome) -> dict[str, Any]:
    """What the page shows of one article."""
    case, score, article = scored.outcome.case, scored.score, scored.outcome.article
    gold, summary = case.gold, scored.outcome.prediction.summary
    leaves = score.leaves if score else []
    return {
        "name": case.name,
        "error": scored.outcome.prediction.error,
        "score": score,
        "leaves": [
            {
                "verdict": _judge(leaf.counts),
                "field": leaf.field,
                "gold": show_value(leaf.gold),
                "predicted": show_value(leaf.predicted),
                "where": leaf.where,
            }
            for leaf in sorted(leaves, key=lambda leaf: leaf.counts.errors == 0)
        ],
        "segments": [
            {"text": segment.text, "mark": _MARK_CLASSES[segment.marks]}
            for segment in (cut_segments(article.text, gold, summary) if article and gold else ())
        ],
    }


def _judge(counts: Counts) -> str:
    if not counts.errors:
        return "right"
    if counts.fp and counts.fn:
        return "wrong"
    return "spurious" if counts.fp else "missing"
