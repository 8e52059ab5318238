"""What a summary says, as labelled plain text that every renderer shares. Nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.render.words import STATISTICS, count, masking, number, phases, words
from summarizer.schemas import Arm, RegulatoryEvent, Result, Summary, TrialRecord, Truncation

__all__ = [
    "UNATTRIBUTED_REASON",
    "Damage",
    "ResultRow",
    "arm_label",
    "damages",
    "event_label",
    "found_line",
    "pointer_label",
    "result_line",
    "result_row",
    "trial_facts",
    "trial_title",
]

UNATTRIBUTED_REASON = "The text does not tell which trial these numbers belong to, so they are given to none."


@dataclass(frozen=True, slots=True)
class ResultRow:
    """The cells of one result; an empty string where the text says nothing."""

    endpoint: str
    statistic: str
    value: str
    interval: str
    interval_level: str
    p_value: str
    counts: str
    arm: str
    timepoint: str
    subgroup: str
    analysis: str

    @property
    def interval_with_level(self) -> str:
        """``0.5 to 0.77 (95%)``."""
        return f"{self.interval} ({self.interval_level})" if self.interval and self.interval_level else self.interval

    @property
    def where(self) -> str:
        """Whom and when the value is about: arm, timepoint, subgroup and analysis."""
        return "; ".join(filter(None, (self.arm, self.timepoint, self.subgroup, self.analysis)))


@dataclass(frozen=True, slots=True)
class Damage:
    """A truncation and where it stands."""

    truncation: Truncation
    place: str
    """``line 12, column 3``, ``character 480``, or empty where it can't be told."""


def trial_title(trial: TrialRecord, number_in_order: int) -> str:
    """The trial's designation, or what it is called when it has none."""
    return trial.name or f"Trial {number_in_order} (not named)"


def trial_facts(trial: TrialRecord) -> list[tuple[str, str]]:
    """Label and value of everything that is said about a trial, arms and results apart."""
    design = [
        words(trial.allocation) if trial.allocation else "",
        masking(trial.masking) if trial.masking else "",
        words(trial.intervention_model) if trial.intervention_model else "",
        "multicentre" if trial.multicenter else "",
        "international" if trial.international else "",
        "registrational" if trial.registrational else "",
    ]
    enrollment = ""
    if trial.enrollment is not None:
        planned = f" ({words(trial.enrollment_type)})" if trial.enrollment_type else ""
        enrollment = f"{trial.enrollment:,}{planned}"
    facts = [
        ("Also called", ", ".join(trial.aliases)),
        ("Registry", ", ".join(trial.registry_ids)),
        ("Focus", words(trial.focus)),
        ("Sponsor", ", ".join(trial.sponsors)),
        ("Phase", phases(trial.phases).removeprefix("phase ")),
        ("Status", words(trial.status) if trial.status else ""),
        ("Design", ", ".join(part for part in design if part)),
        ("Condition", "; ".join(trial.conditions)),
        ("Biomarkers", "; ".join(trial.biomarkers)),
        ("Setting", ", ".join(map(words, trial.settings))),
        ("Prior therapy", "; ".join(trial.prior_therapies)),
        ("Enrolment", enrollment),
        ("Endpoints", "; ".join(f"{item.endpoint} ({words(item.rank)})" for item in trial.endpoints)),
        ("Regulatory", "; ".join(map(event_label, trial.regulatory_events))),
        ("Presented at", "; ".join(trial.presented_at)),
    ]
    return [(label, value) for label, value in facts if value]


def arm_label(arm: Arm) -> str:
    """Interventions of an arm, as results name it."""
    return " + ".join(arm.interventions) or "(no intervention named)"


def event_label(event: RegulatoryEvent) -> str:
    """``FDA: approval (2025-06-11)``."""
    agency = f"{event.agency}: " if event.agency else ""
    date = f" ({event.date})" if event.date else ""
    return f"{agency}{words(event.action)}{date}"


def result_row(result: Result) -> ResultRow:
    """The cells of one result."""
    qualifiers = [
        f"{words(result.assessor)} assessment" if result.assessor else "",
        f"{words(result.analysis)} analysis" if result.analysis else "",
    ]
    return ResultRow(
        endpoint=result.endpoint or "",
        statistic=STATISTICS[result.statistic],
        value=_value(result),
        interval=_interval(result),
        interval_level=f"{number(result.ci_level)}%" if result.ci_level is not None else "",
        p_value=result.p_value or "",
        counts=_counts(result),
        arm=result.arm or "",
        timepoint=result.timepoint or "",
        subgroup=result.subgroup or "",
        analysis=", ".join(filter(None, qualifiers)),
    )


def result_line(row: ResultRow) -> str:
    """A result as a sentence: ``OS hazard ratio: 0.62, CI 0.5 to 0.77 (95%), P <0.001``."""
    parts = [
        row.value,
        f"CI {row.interval_with_level}" if row.interval else "",
        f"P {row.p_value}" if row.p_value else "",
        f"n/N {row.counts}" if row.counts else "",
        row.where,
    ]
    return f"{f'{row.endpoint} {row.statistic}'.strip()}: {', '.join(filter(None, parts))}"


def found_line(summary: Summary) -> str:
    """``2 trials, 7 results (3 unattributed), 1 damaged passage``."""
    attributed = sum(len(trial.results) for trial in summary.trials)
    loose = len(summary.unattributed_results)
    parts = [
        count(len(summary.trials), "trial"),
        count(attributed + loose, "result") + (f" ({loose:,} unattributed)" if loose else ""),
        count(len(summary.truncations), "damaged passage"),
    ]
    return ", ".join(parts)


def damages(summary: Summary, text: str | None = None) -> list[Damage]:
    """Every truncation with its place.

    Args:
        summary: The summary.
        text: The canonical text, where the summary does not carry it; without it a place is an offset.
    """
    text = summary.source.text if text is None else text
    found: list[Damage] = []
    after = 0
    for index, truncation in enumerate(summary.truncations):
        start = _truncation_start(summary, index)
        if start is None and text is not None:
            hit = text.find(truncation.text, after)  # they are in text order
            start = hit if hit >= 0 else None
        if start is not None:
            after = start + 1
        found.append(Damage(truncation, "" if start is None else _place(text, start)))
    return found


def pointer_label(summary: Summary, pointer: str) -> str:
    """A JSON pointer in words: ``ALPHA-1, result 3, value``; the pointer itself where it is none of ours."""
    parts = pointer.strip("/").split("/")
    if parts[0] == "trials" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(summary.trials):
        at = int(parts[1])
        return ", ".join([trial_title(summary.trials[at], at + 1), *_path_words(parts[2:])])
    if parts[0] in {"unattributed_results", "truncations"}:
        return ", ".join(_path_words(parts))
    return pointer or "the whole article"


_SINGULAR = {
    "results": "result",
    "unattributed_results": "unattributed result",
    "truncations": "damaged passage",
    "arms": "arm",
    "endpoints": "endpoint",
    "regulatory_events": "regulatory event",
    "interventions": "intervention",
}


def _path_words(parts: Iterable[str]) -> list[str]:
    """``[results, 2, ci_low]`` -> ``[result 3, ci low]``: people count from one."""
    said: list[str] = []
    for part in parts:
        if part.isdigit() and said:
            said[-1] += f" {int(part) + 1}"
        else:
            said.append(_SINGULAR.get(part, part.replace("_", " ").replace("~1", "/").replace("~0", "~")))
    return said


def _truncation_start(summary: Summary, index: int) -> int | None:
    for pointer in (f"/truncations/{index}/text", f"/truncations/{index}"):
        spans = summary.evidence.get(pointer)
        if spans:
            return spans[0].start
    return None


def _place(text: str | None, start: int) -> str:
    if text is None:
        return f"character {start}"
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    return f"line {line}, column {column}"


def _value(result: Result) -> str:
    if result.value_text:
        printed = result.value_text
        bare = result.unit and not any(letter.isalpha() or letter == "%" for letter in printed)
        return f"{printed}{_unit(result)}" if bare else printed
    if result.value is not None:
        return f"{number(result.value)}{_unit(result)}"
    return "not reached" if result.reached is False else ""


def _unit(result: Result) -> str:
    if not result.unit:
        return ""
    return result.unit if result.unit == "%" else f" {result.unit}"


def _interval(result: Result) -> str:
    if result.ci_low is None and result.ci_high is None:
        return ""
    low, high = ("NE" if bound is None else number(bound) for bound in (result.ci_low, result.ci_high))
    return f"{low} to {high}"


def _counts(result: Result) -> str:
    if result.numerator is None and result.denominator is None:
        return ""
    return "/".join("?" if part is None else str(part) for part in (result.numerator, result.denominator))
