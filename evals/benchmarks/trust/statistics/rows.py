"""Inconsistencies planted straight into result rows, as any extractor may hand them to the checks."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.article import Article
from summarizer.checks import run_checks
from summarizer.reading.reader import read
from summarizer.schemas import Result, Statistic

from .planted import CODES, Kind, Outcome, Planted, Source, summarize_text
from .sizes import disagreement
from .trials import Effect
from .written import Desk, draw_counts, survivals

_NOTHING = "Nothing is reported here."


def plant_in_rows(desk: Desk) -> Iterator[Outcome]:
    """Rows with a moved or a reversed interval, another P value, another percentage."""
    for number, trial in zip(range(desk.each), survivals(desk), strict=False):
        effect = trial.plain
        value, low, high = (round(figure, 2) for figure in (effect.estimate, effect.low, effect.high))
        off = value + (0.01, 0.2)[number % 2]
        yield _judged(Kind.MOVED, "any", _row(effect, ci_low=off, ci_high=off * 1.6))
        if low < high:
            yield _judged(Kind.REVERSED, "any", _row(effect, ci_low=high, ci_high=low))
        p = float(desk.chance.choice((0.0001, 0.03, 0.2, 0.9)))
        found = disagreement(value, low, high, effect.level, f"={p:g}", logs=True)
        if found is not None:
            row = _row(effect, ci_low=low, ci_high=high, p_value=f"{p:g}")
            yield _judged(Kind.P_VALUE, found.size, row, is_gross=found.is_gross)
        x, n = draw_counts(desk)
        wrong = round(100 * x / n, 1) + (0.2, 7.0)[number % 2]
        if wrong <= 100:
            row = Result(
                statistic=Statistic.RATE, value=wrong, value_text=f"{wrong:.1f}%", unit="%", numerator=x, denominator=n
            )
            yield _judged(Kind.PERCENTAGE, "any", row)


def _row(effect: Effect, *, ci_low: float, ci_high: float, p_value: str | None = None) -> Result:
    value = round(effect.estimate, 2)
    return Result(
        statistic=Statistic.HAZARD_RATIO,
        value=value,
        value_text=f"{value:.2f}",
        ci_low=round(ci_low, 2),
        ci_high=round(ci_high, 2),
        ci_level=effect.level,
        p_value=p_value,
    )


def _judged(kind: Kind, size: str, row: Result, *, is_gross: bool = True) -> Outcome:
    summary = summarize_text(_NOTHING)
    summary.unattributed_results = [row]
    flags = run_checks(summary, read(Article(_NOTHING)))
    is_found = any(flag.code in CODES[kind] and flag.pointer == "/unattributed_results/0" for flag in flags)
    words = row.model_dump_json(exclude_defaults=True)
    return Outcome(Planted(kind, size, is_gross, Source.ROW, _NOTHING, 0, words), is_found)
