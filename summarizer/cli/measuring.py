"""What the commands of ``summarizer eval`` do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from summarizer.cli.speech import say, say_engine
from summarizer.errors import ConfigurationError
from summarizer.evaluation.bootstrap import (
    Comparison,
    ComparisonRefusedError,
    IdenticalRunsError,
    Verdict,
    false_alarm_rate,
)
from summarizer.evaluation.cases import find_builtin_cases, load_cases
from summarizer.evaluation.drafts import create_case
from summarizer.evaluation.engines import choose_engine
from summarizer.evaluation.html import render_html
from summarizer.evaluation.lint import Severity, lint_cases
from summarizer.evaluation.render import render_comparison, render_findings, render_leaves, render_report
from summarizer.evaluation.report import (
    Report,
    ReportComparison,
    ScoredOutcome,
    build_report,
    collect_counts,
    compare_reports,
    dump_report,
    load_report,
    score_outcome,
)
from summarizer.evaluation.runner import EngineId, run_cases
from summarizer.loading import load_article
from summarizer.settings import EngineChoice

__all__ = ["Measurement", "Outputs", "check_labels", "make_case", "measure", "show_false_alarms"]

DONE, FAILED, MISUSED = 0, 1, 2
MAX_FALSE_ALARMS = 0.05
"""Share of comparisons without a difference that may find one."""
FALSE_ALARM_TRIALS = 1000


@dataclass(frozen=True, slots=True)
class Measurement:
    """What to measure."""

    cases: Path | None
    """Folder of cases; None for the built-in ones."""
    engine: str | None
    """Engine; None leaves it to the settings."""
    model: str | None
    """Model; None leaves it to the settings."""
    base_url: str | None
    """Address of its endpoint; None leaves it to the settings."""
    ledger: Path | None
    """File to append answers to and to go on from."""
    concurrency: int
    """Articles at the same time."""
    seed: int
    """Seed of the intervals."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """What to do with the figures."""

    json: Path | None
    """Where to write them."""
    html: Path | None
    """Where to write the page."""
    baseline: Path | None
    """Figures to compare with."""
    show: tuple[str, ...]
    """Cases whose wrong leaves to list."""
    min_effect: float
    """Smallest difference in F1 that counts."""
    is_gate: bool
    """Whether the verdict decides the exit status."""


def measure(wanted: Measurement, outputs: Outputs) -> int:
    """Score an engine, show and write the figures, and compare them with a baseline.

    Returns:
        Exit status.

    Raises:
        ConfigurationError: if the cases, the engine or the baseline can't be used.
    """
    # First of all: a wrong file name must not come out after a paid run.
    baseline = _require_outputs(outputs)
    scored, identity = _run(wanted)
    report = build_report(scored, identity, np.random.default_rng(wanted.seed))
    comparison: ReportComparison | None = None
    refusal: ComparisonRefusedError | None = None
    if baseline is not None:
        generator = np.random.default_rng(wanted.seed)
        try:
            comparison = compare_reports(baseline, report, generator, min_effect=outputs.min_effect)
        except ComparisonRefusedError as error:
            refusal = error
    _show(report, scored, comparison, outputs)
    return _choose_status(report, comparison, refusal, is_gate=outputs.is_gate)


def _require_outputs(outputs: Outputs) -> Report | None:
    """Read the baseline, and refuse what could not be written or compared later."""
    if outputs.is_gate and outputs.baseline is None:
        raise ConfigurationError("--gate has nothing to compare with", "give --baseline FILE")
    for path in (outputs.json, outputs.html):
        if path is not None and not path.absolute().parent.is_dir():
            raise ConfigurationError(f"{path}: its folder does not exist", "make it, or name another file")
    return load_report(outputs.baseline) if outputs.baseline else None


def _run(wanted: Measurement) -> tuple[Sequence[ScoredOutcome], EngineId]:
    cases = load_cases(wanted.cases)
    engine, identity, reason = choose_engine(wanted.engine, wanted.model, wanted.base_url)
    say_engine(EngineChoice(identity.engine, reason))
    outcomes = run_cases(cases, engine, identity, ledger=wanted.ledger, concurrency=wanted.concurrency)
    stderr = Console(stderr=True)
    is_quiet = not stderr.is_terminal
    shown = track(outcomes, "evaluating", len(cases), console=stderr, transient=True, disable=is_quiet)
    return [score_outcome(outcome) for outcome in shown], identity


def _show(
    report: Report, scored: Sequence[ScoredOutcome], comparison: ReportComparison | None, outputs: Outputs
) -> None:
    console = _console()
    console.print(render_report(report, with_cases=True))
    for each in scored:
        if {each.outcome.case.name, "all"} & set(outputs.show):
            console.print(render_leaves(each))
    if comparison is not None:
        console.print(render_comparison(comparison))
    if outputs.json:
        outputs.json.write_text(dump_report(report), encoding="utf-8", newline="\n")
    if outputs.html:
        page = render_html(report, scored, comparison)
        outputs.html.write_text(page, encoding="utf-8", errors="backslashreplace", newline="\n")


def _choose_status(
    report: Report,
    comparison: ReportComparison | None,
    refusal: ComparisonRefusedError | None,
    *,
    is_gate: bool,
) -> int:
    """A gate fails on "worse" only; what it could not compare, it does not let pass either."""
    if isinstance(refusal, IdenticalRunsError):
        say(f"same as the baseline: {refusal}")
    elif refusal is not None:
        say(f"not compared with the baseline: {refusal}")
        if is_gate:
            return MISUSED
    if not is_gate:
        return FAILED if report.cases_failed else DONE
    if comparison is None or not isinstance(comparison.overall, Comparison):
        return DONE
    verdict = comparison.overall.verdict
    say(f"gate: {verdict}")
    return FAILED if verdict is Verdict.WORSE else DONE


def check_labels(folder: Path | None) -> int:
    """Lint cases and show the findings.

    Returns:
        Exit status.

    Raises:
        CaseError: if there is no case in the folder.
    """
    findings = list(lint_cases(folder or find_builtin_cases()))
    _console().print(render_findings(findings))
    return FAILED if any(finding.severity is Severity.ERROR for finding in findings) else DONE


def make_case(article: Path, cases: Path, name: str | None, engine: tuple[str | None, str | None] | None) -> None:
    """Make a case of an article.

    Args:
        article: Its file.
        cases: Folder that the case goes into.
        name: Name of the case; None makes one of the file's name.
        engine: Engine and model that fill the gold file; None leaves it empty.

    Raises:
        LoadError: if there is no article in the file.
        CaseError: if there is such a case already.
    """
    loaded = load_article(article)
    summary = None
    if engine is not None:
        run, identity, reason = choose_engine(*engine)
        say_engine(EngineChoice(identity.engine, reason))
        summary = run(loaded)
    folder = create_case(loaded, article, cases, name=name, summary=summary)
    say(f"made {folder / 'gold.json'}: correct it by reading the article, then 'summarizer eval lint {cases}'")


def show_false_alarms(report: Path | None, wanted: Measurement) -> int:
    """Run the A/A test and show its figure.

    Returns:
        Exit status.

    Raises:
        ConfigurationError: if there is no run to test with, or too few articles in it.
    """
    if report is None:
        scored, identity = _run(wanted)
        measured = build_report(scored, identity, np.random.default_rng(wanted.seed))
    else:
        measured = load_report(report)
    counts, generator = collect_counts(measured), np.random.default_rng(wanted.seed)
    rate = false_alarm_rate(counts, generator, trials=FALSE_ALARM_TRIALS)
    what = f"{FALSE_ALARM_TRIALS} comparisons of the run with itself"
    _console().print(f"false alarms: {rate:.1%} of {what} (at most {MAX_FALSE_ALARMS:.0%} wanted)")
    return FAILED if rate > MAX_FALSE_ALARMS else DONE


def _console() -> Console:
    # A pipe has no width: tables are fitted to a terminal only.
    width = None if sys.stdout.isatty() else 160
    return Console(width=width, markup=False, emoji=False, highlight=False)
