"""Labels that are odd in themselves: what a second reader should look at, without looking at the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from summarizer.schemas import ArmRole, Focus, GoldCase, GoldResult, GoldTrial, Statistic, TruncationKind

from .attributes import ROW_LISTS, SETS, interventions_key
from .jsonvalue import is_list
from .normalise import name_key, number_key, text_key
from .rows import SECONDARY, Labelled, apply_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

ENDPOINT_CODES: Final = frozenset(
    [
        "OS",
        "PFS",
        "PFS2",
        "rPFS",
        "EFS",
        "DFS",
        "RFS",
        "IDFS",
        "DMFS",
        "MFS",
        "TTP",
        "TTR",
        "TTNT",
        "DOR",
        "ORR",
        "CR",
        "PR",
        "SD",
        "PD",
        "DCR",
        "CBR",
        "pCR",
        "MPR",
        "MRD",
        "VGPR",
        "AE",
        "TRAE",
        "SAE",
        "G3_AE",
        "G3_TRAE",
        "DISCONTINUATION",
        "DEATH",
    ]
)
"""Endpoint codes of the labelling rules."""
EVENT_PREFIXES: Final = frozenset({"AE", "G3_AE"})
"""Codes that a named adverse event may follow, after a colon."""
TIME_TO_EVENT: Final = frozenset({"OS", "PFS", "PFS2", "rPFS", "EFS", "DFS", "RFS", "IDFS", "DMFS", "MFS", "DOR"})
"""Endpoints whose rate belongs to a timepoint."""
RATIOS: Final = frozenset({Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.RISK_RATIO, Statistic.RATE_RATIO})
"""Statistics without a unit."""
_P_FORMAT: Final = re.compile(r"[<>≤≥]?(?:0\.\d+|1(?:\.0+)?)")
_DATE_FORMAT: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_CODE_LIKE: Final = re.compile(r"[A-Z][A-Z0-9_-]+")
_DOSE: Final = re.compile(r"\s+\d[\d.,]*\s*(?:mg|µg|mcg|g|mL|U|IU|%)(?:/\w+)?\b.*$")
_SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)\]]*\d*$")

Doubt = tuple[str, str]
"""JSON pointer into the gold file, and what is doubtful there."""


def find_doubts(gold: GoldCase) -> Iterator[Doubt]:
    """All doubtful labels of a gold file."""
    seen: dict[Hashable, str] = {}
    for index, trial in enumerate(gold.trials):
        pointer = f"/trials/{index}"
        for designator in {name_key(each) for each in (trial.name, *trial.aliases, *trial.registry_ids) if each}:
            if designator in seen:
                yield pointer, f"shares a designation with {seen[designator]}: one trial or two?"
            seen[designator] = pointer
        yield from _doubt_trial(trial, pointer)
    for index, row in enumerate(gold.unattributed_results):
        yield from _doubt_result(row, f"/unattributed_results/{index}")
    yield from _find_duplicate_rows(gold)
    if gold.trials and all(trial.focus is not Focus.MAIN for trial in gold.trials):
        yield "/trials", "no trial is what the article is about (focus MAIN)"
    yield from _doubt_truncations(gold)


def _doubt_truncations(gold: GoldCase) -> Iterator[Doubt]:
    texts = [" ".join(each.text.split()) for each in gold.truncations]
    yield from _find_repeats(texts, "/truncations", "the same passage twice")
    for index, truncation in enumerate(gold.truncations):
        pointer = f"/truncations/{index}"
        ends = bool(_SENTENCE_END.search(texts[index]))
        if truncation.kind in {TruncationKind.CUT_SENTENCE, TruncationKind.CUT_END} and ends:
            yield pointer, f"{truncation.kind}, but the passage ends like a finished sentence"
        if truncation.kind is TruncationKind.LOST_ANTECEDENT and not ends:
            yield pointer, "LOST_ANTECEDENT is a complete passage, but this one does not end like a sentence"


def _doubt_trial(trial: GoldTrial, pointer: str) -> Iterator[Doubt]:
    if (trial.enrollment is None) != (trial.enrollment_type is None):
        yield f"{pointer}/enrollment", "enrollment and enrollment_type are stated together or not at all"
    for name in ("multicenter", "international", "registrational"):
        if getattr(trial, name) is False:
            yield f"{pointer}/{name}", "true or absent, never false"
    for name, key in SETS.items():
        keys = [key(each) for each in getattr(trial, name)]
        yield from _find_repeats(keys, f"{pointer}/{name}", "the same entry twice")
    for rows in ROW_LISTS:
        names = (rows.core, *(name for name, _ in rows.secondary))
        keys = [repr([getattr(row, name) for name in names]) for row in getattr(trial, rows.field)]
        yield from _find_repeats(keys, f"{pointer}/{rows.field}", "the same row twice")
        for index, each in enumerate(getattr(trial, rows.field)):
            yield from _doubt_alternatives(each, f"{pointer}/{rows.field}/{index}")
    yield from _doubt_events_and_endpoints(trial, pointer)
    for index, row in enumerate(trial.results):
        place = f"{pointer}/results/{index}"
        yield from (*_doubt_result(row, place), *_doubt_arm(row, trial, place))
    yield from _doubt_alternatives(trial, pointer)


def _doubt_events_and_endpoints(trial: GoldTrial, pointer: str) -> Iterator[Doubt]:
    for index, event in enumerate(trial.regulatory_events):
        if event.date is not None and not _DATE_FORMAT.fullmatch(event.date):
            yield f"{pointer}/regulatory_events/{index}/date", f"not an ISO date: {event.date}"
    for index, endpoint in enumerate(trial.endpoints):
        yield from _doubt_endpoint(endpoint.endpoint, f"{pointer}/endpoints/{index}/endpoint")


def _find_repeats(keys: Sequence[Hashable], pointer: str, message: str) -> Iterator[Doubt]:
    for index, each in enumerate(keys):
        if keys.index(each) < index:
            yield f"{pointer}/{index}", message


def _doubt_endpoint(endpoint: str, pointer: str) -> Iterator[Doubt]:
    code, colon, event = endpoint.partition(":")
    if endpoint in ENDPOINT_CODES or (colon and code in EVENT_PREFIXES and event.strip()):
        return
    if colon and code in ENDPOINT_CODES:
        yield (
            pointer,
            f"only {' and '.join(sorted(EVENT_PREFIXES))} are followed by a named event: {endpoint}",
        )
    elif _CODE_LIKE.fullmatch(code) or endpoint.casefold() in {each.casefold() for each in ENDPOINT_CODES}:
        yield pointer, f"not an endpoint code of the labelling rules: {endpoint}"


def _doubt_result(row: GoldResult, pointer: str) -> Iterator[Doubt]:
    yield from _doubt_value(row, pointer)
    yield from _doubt_interval(row, pointer)
    yield from _doubt_counts(row, pointer)
    if row.p_value is not None and not _P_FORMAT.fullmatch(row.p_value):
        yield f"{pointer}/p_value", f"not normalised (<0.0001, 0.0011): {row.p_value}"
    if row.endpoint is None:
        yield f"{pointer}/endpoint", "no endpoint"
    else:
        yield from _doubt_endpoint(row.endpoint, f"{pointer}/endpoint")
        if row.statistic is Statistic.RATE and row.endpoint in TIME_TO_EVENT and row.timepoint is None:
            yield f"{pointer}/timepoint", f"a rate of {row.endpoint} without a timepoint"
    yield from _doubt_alternatives(row, pointer)


def _doubt_value(row: GoldResult, pointer: str) -> Iterator[Doubt]:
    is_rate = row.statistic is Statistic.RATE
    if row.value is None:
        if row.reached is None and row.p_value is None and row.ci_low is None and row.ci_high is None:
            yield (
                f"{pointer}/value",
                "nothing is reported: no value, interval or P, and not said to be not reached",
            )
        return
    if row.reached is not None:
        yield f"{pointer}/reached", "a value, and yet a statement about being reached"
    if is_rate and row.unit != "%":
        yield f"{pointer}/unit", f"the unit of a RATE is %, not {row.unit}"
    elif row.statistic in RATIOS and row.unit is not None:
        yield f"{pointer}/unit", f"a ratio has no unit, not {row.unit}"
    elif row.unit is None and row.statistic not in {*RATIOS, Statistic.COUNT, Statistic.OTHER}:
        yield f"{pointer}/unit", f"a {row.statistic} without a unit"
    if is_rate and not 0 <= row.value <= 100:
        yield f"{pointer}/value", f"a percentage of patients outside 0 to 100: {row.value:g}"


def _doubt_interval(row: GoldResult, pointer: str) -> Iterator[Doubt]:
    low, high = row.ci_low, row.ci_high
    if low is None and high is None:
        if row.ci_level is not None:
            yield f"{pointer}/ci_level", "a confidence level without bounds"
        return
    if low is not None and high is not None and low > high:
        yield f"{pointer}/ci_low", f"bounds are the wrong way round: {low:g} to {high:g}"
    # "Down 9.6 (-15.8 to -3.4)": the value has the sign as printed, so either sign may lie inside.
    if row.value is not None and not any(
        (low is None or low <= value) and (high is None or value <= high) for value in (row.value, -row.value)
    ):
        yield f"{pointer}/value", f"the value {row.value:g} lies outside its interval"


def _doubt_counts(row: GoldResult, pointer: str) -> Iterator[Doubt]:
    n, of = row.numerator, row.denominator
    if n is None or of is None:
        return
    if n > of:
        yield f"{pointer}/numerator", f"{n} of {of}"
    elif of and row.statistic is Statistic.RATE and row.value is not None and abs(100 * n / of - row.value) > 1:
        yield f"{pointer}/numerator", f"{n} of {of} is {100 * n / of:.1f} %, not {row.value:g} %"


def _doubt_arm(row: GoldResult, trial: GoldTrial, pointer: str) -> Iterator[Doubt]:
    if row.arm is None:
        return
    if row.statistic in RATIOS and not _has_experimental_arms(trial):
        yield f"{pointer}/arm", "a comparison carries an arm only in a trial with several experimental arms"
    arms = [
        interventions_key(interventions)
        for arm in trial.arms
        for interventions in (arm.interventions, *arm.alternatives.get("interventions", ()))
    ]
    if not any(_is_of(row.arm, members) for members in arms):
        yield f"{pointer}/arm", f"no arm of the trial: {row.arm}"


def _has_experimental_arms(trial: GoldTrial) -> bool:
    """Whether a trial has several experimental arms: in its arms, or as doses among its results."""
    experimental = [arm.interventions for arm in trial.arms if arm.role is ArmRole.EXPERIMENTAL]
    dosed = {row.arm for row in trial.results if row.arm and _DOSE.search(row.arm)}
    return len(experimental) > 1 or len(dosed) > 1


def _is_of(arm: str, members: frozenset[str]) -> bool:
    """Whether each intervention of a result's arm, its dose apart, is one of a trial arm."""
    parts = [part.strip() for part in arm.split("+")]
    return all(text_key(_DOSE.sub("", part)) in members for part in parts)


def _doubt_alternatives(labelled: Labelled, pointer: str) -> Iterator[Doubt]:
    fields = type(labelled).model_fields
    for name, values in labelled.alternatives.items():
        place = f"{pointer}/alternatives/{name}"
        if name not in fields or name == "alternatives":
            yield place, "there is no such field"
            continue
        current = getattr(labelled, name)
        for value in values:
            if value == current and value is not None:
                yield place, f"the alternative is the value itself: {value}"
            elif problem := _find_misfit(labelled, name, value):
                yield place, f"{value!r} can't be a value of this field: {problem}"


def _find_misfit(labelled: Labelled, name: str, value: object) -> str | None:
    """Why a value, or a list's member, can't stand in a field; None if it can."""
    is_for_list = is_list(getattr(labelled, name))
    if name == "interventions" and value is not None and not is_list(value):
        return "alternatives of interventions are whole lists"
    given = _wrap(value) if is_for_list and not is_list(value) else value
    try:
        type(labelled).model_validate(labelled.model_dump() | {name: given, "alternatives": {}}, strict=False)
    except ValidationError as error:
        return error.errors()[0]["msg"]
    return None


def _wrap(value: object) -> list[object]:
    return [] if value is None else [value]


def _find_duplicate_rows(gold: GoldCase) -> Iterator[Doubt]:
    places = [
        *(
            (f"/trials/{t}/results/{r}", row)
            for t, trial in enumerate(gold.trials)
            for r, row in enumerate(trial.results)
        ),
        *((f"/unattributed_results/{r}", row) for r, row in enumerate(gold.unattributed_results)),
    ]
    seen: dict[Hashable, str] = {}
    for pointer, row in places:
        key = _result_key(row)
        if key in seen:
            yield pointer, f"the same row as {seen[key]}"
        seen.setdefault(key, pointer)


def _result_key(row: GoldResult) -> Hashable:
    core = (
        row.endpoint and text_key(row.endpoint),
        row.statistic,
        apply_key(number_key, row.value),
        row.unit,
    )
    details = tuple(apply_key(spec.key, getattr(row, name)) for spec in SECONDARY for name in spec.parts)
    return core, details
