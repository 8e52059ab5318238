"""What the index shows of an article: short rows, made of its summary."""

from __future__ import annotations

from collections import Counter
from typing import Any

from summarizer.render.facts import result_line, result_row, trial_title
from summarizer.render.words import phases
from summarizer.schemas import EndpointRank, Focus, Result, Statistic, Summary, TrialRecord

__all__ = ["index_row", "main_result"]

_COMPARISONS = (Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.RISK_RATIO, Statistic.RATE_RATIO)


def index_row(summary: Summary, page: str, *, has_text: bool) -> dict[str, Any]:
    """The row of an article.

    Args:
        summary: Its summary.
        page: File name of its page.
        has_text: Whether the page shows the text.
    """
    found = main_result(summary)
    results = [result for trial in summary.trials for result in trial.results] + summary.unattributed_results
    return {
        "page": page,
        "article": summary.source.sha256,
        "source": summary.source.name or "",
        "title": summary.source.title or "",
        "published": summary.source.published or "",
        "trials": [trial_title(trial, number) for number, trial in enumerate(summary.trials, start=1)],
        "phases": sorted({phases([phase]).removeprefix("phase ") for t in summary.trials for phase in t.phases}),
        "conditions": sorted({condition for trial in summary.trials for condition in trial.conditions}),
        "main": result_line(result_row(found)) if found else "",
        "results": len(results),
        "unattributed": len(summary.unattributed_results),
        "flags": dict(Counter(flag.code for flag in summary.flags)),
        "truncations": len(summary.truncations),
        "rejected": len(summary.rejected),
        "endpoints": dict(Counter(_endpoint(result) for result in results)),
        "ratios": _ratios(summary),
        "has_text": has_text,
    }


def main_result(summary: Summary) -> Result | None:
    """The result that a reader would look for first.

    Of the trial that the article is about, a result at a declared primary endpoint beats others, then a comparison
    beats what is known of one arm, then one of all patients beats one of a subgroup, then the order of the text counts.
    """
    trials = sorted(summary.trials, key=lambda trial: trial.focus is not Focus.MAIN)
    for trial in trials:
        if trial.results:
            return min(trial.results, key=lambda result: _rank(result, trial))
    return None


def _rank(result: Result, trial: TrialRecord) -> tuple[bool, bool, bool]:
    primary = {item.endpoint for item in trial.endpoints if item.rank is EndpointRank.PRIMARY}
    return (
        bool(primary) and result.endpoint not in primary,
        result.statistic not in _COMPARISONS,
        result.subgroup is not None,
    )


def _endpoint(result: Result) -> str:
    """The endpoint, named adverse events under their common code."""
    return (result.endpoint or "not named").partition(":")[0]


def _ratios(summary: Summary) -> list[list[Any]]:
    """Hazard ratios with both bounds: trial, endpoint, value, low, high, pointer, subgroup or arm."""
    return [
        [
            trial_title(trial, at + 1),
            result.endpoint or "",
            result.value,
            result.ci_low,
            result.ci_high,
            f"/trials/{at}/results/{row}",
            result.subgroup or result.arm or "",
        ]
        for at, trial in enumerate(summary.trials)
        for row, result in enumerate(trial.results)
        if result.statistic is Statistic.HAZARD_RATIO
        and result.value
        and result.ci_low
        and result.ci_high
        and min(result.value, result.ci_low, result.ci_high) > 0
    ]
