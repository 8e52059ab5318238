"""Simulated trials: patients drawn, analysed as statisticians analyse them, so that every figure is a true one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Curves(StrEnum):
    """How the hazards of the two arms go over time."""

    PROPORTIONAL = "proportional hazards"
    DELAYED = "effect after a delay"
    CROSSING = "crossing curves"


@dataclass(frozen=True, slots=True)
class Effect:
    """A comparison of two arms: estimate, interval and two-sided P."""

    estimate: float
    low: float
    high: float
    level: float
    """Confidence level, percent."""
    p: float


@dataclass(frozen=True, slots=True)
class Survival:
    """What a trial with a time-to-event endpoint reports."""

    plain: Effect
    """Hazard ratio of the unstratified Cox model, log-rank P."""
    stratified: Effect
    """The same, stratified."""
    experimental: float
    """Median of the experimental arm, months; nan when not reached."""
    control: float
    """Median of the control arm, months; nan when not reached."""


@dataclass(frozen=True, slots=True)
class _Patients:
    time: Floats
    event: Bools
    treated: Bools
    stratum: NDArray[np.int64]


def simulate_survival(chance: np.random.Generator, curves: Curves, level: float) -> Survival:
    """Draw and analyse one trial of 60 to 800 patients with a true hazard ratio of 0.45 to 1.15."""
    size = int(chance.choice([60, 120, 240, 450, 800]))
    patients = _draw(chance, size, curves, ratio=float(np.exp(chance.uniform(math.log(0.45), math.log(1.15)))))
    one = np.zeros_like(patients.stratum)
    return Survival(
        _cox(patients, one, level),
        _cox(patients, patients.stratum, level),
        _median(patients, arm=True),
        _median(patients, arm=False),
    )


def _draw(chance: np.random.Generator, size: int, curves: Curves, *, ratio: float) -> _Patients:
    """Exponential times (piecewise for the treated), three strata, staggered entry, administrative censoring."""
    treated = np.arange(size) % 2 == 0
    stratum = chance.integers(0, 3, size)
    control = math.log(2) / float(chance.choice([4.0, 8.0, 15.0, 30.0]))
    hazard = control * np.array([0.6, 1.0, 1.6])[stratum]
    exposure = chance.exponential(1.0, size)
    change = 0.4 * math.log(2) / control  # months until the hazards part or cross
    early = {Curves.PROPORTIONAL: ratio, Curves.DELAYED: 1.0, Curves.CROSSING: 1.4}[curves]
    first = np.where(treated, early, 1.0) * hazard
    later = np.where(treated, ratio, 1.0) * hazard
    time = np.where(exposure < first * change, exposure / first, change + (exposure - first * change) / later)
    followed = chance.uniform(0.8, 2.5) * math.log(2) / control * chance.uniform(0.7, 1.6, size)
    return _Patients(np.minimum(time, followed), time <= followed, treated, stratum)


def _cox(patients: _Patients, strata: NDArray[np.int64], level: float) -> Effect:
    """Cox regression on the arm (Newton's method) with a Wald interval, and the log-rank (score) test."""
    tables = [_risk_table(patients, strata == stratum) for stratum in np.unique(strata)]
    treated = np.concatenate([table[0] for table in tables])
    at_risk = np.concatenate([table[1] for table in tables])
    others = np.concatenate([table[2] for table in tables])
    beta = 0.0
    share = at_risk / (at_risk + others)
    z = float(np.sum(treated - share) / math.sqrt(float(np.sum(share * (1 - share)))))
    information = 1.0
    for _ in range(12):
        share = at_risk * math.exp(beta) / (at_risk * math.exp(beta) + others)
        information = float(np.sum(share * (1 - share)))
        beta += float(np.sum(treated - share)) / information
    half = float(stats.norm.ppf(0.5 + level / 200)) / math.sqrt(information)
    return Effect(math.exp(beta), math.exp(beta - half), math.exp(beta + half), level, 2 * float(stats.norm.sf(abs(z))))


def _risk_table(patients: _Patients, chosen: Bools) -> tuple[Floats, Floats, Floats]:
    """At each event: whether a treated patient has it, treated patients at risk, others at risk."""
    order = np.argsort(patients.time[chosen])
    event, treated = patients.event[chosen][order], patients.treated[chosen][order]
    at_risk = np.cumsum(treated[::-1])[::-1]
    others = np.cumsum(~treated[::-1])[::-1]
    return treated[event].astype(float), at_risk[event].astype(float), others[event].astype(float)


def _median(patients: _Patients, *, arm: bool) -> float:
    """Kaplan-Meier median, months."""
    chosen = patients.treated == arm
    order = np.argsort(patients.time[chosen])
    time, event = patients.time[chosen][order], patients.event[chosen][order]
    left = np.arange(len(time), 0, -1)
    surviving = np.cumprod(1 - event / left)
    below = np.flatnonzero(surviving <= 0.5)
    return float(time[below[0]]) if below.size else math.nan


@dataclass(frozen=True, slots=True)
class Responses:
    """What a trial with a binary endpoint reports: counts of the two arms, and how they compare."""

    experimental: tuple[int, int]
    """Responders and patients."""
    control: tuple[int, int]
    odds_ratio: Effect
    """Wald interval on the log scale, P of the chi-square test or of Fisher's."""
    difference: Effect
    """Percentage points, Newcombe's hybrid score interval, the same P."""


def simulate_responses(chance: np.random.Generator, level: float) -> Responses | None:
    """Draw and analyse one trial of 40 to 800 patients; None when a cell of its table is empty."""
    sizes = tuple(int(size) for size in chance.integers(20, 400, 2))
    rates = chance.uniform(0.08, 0.8), chance.uniform(0.08, 0.8)
    counts = tuple(int(chance.binomial(size, rate)) for size, rate in zip(sizes, rates, strict=True))
    table = np.array([[counts[0], sizes[0] - counts[0]], [counts[1], sizes[1] - counts[1]]])
    if not table.all():
        return None
    if table.min() < 5:
        p = float(stats.fisher_exact(table)[1])
    else:
        p = float(stats.chi2_contingency(table, correction=False)[1])
    z = float(stats.norm.ppf(0.5 + level / 200))
    ratio = math.log(table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]))
    half = z * math.sqrt(float(np.sum(1 / table)))
    return Responses(
        (counts[0], sizes[0]),
        (counts[1], sizes[1]),
        Effect(math.exp(ratio), math.exp(ratio - half), math.exp(ratio + half), level, p),
        _newcombe((counts[0], sizes[0]), (counts[1], sizes[1]), level, p),
    )


def _newcombe(one: tuple[int, int], other: tuple[int, int], level: float, p: float) -> Effect:
    """Difference of two percentages (Newcombe RG. Statistics in Medicine 1998;17:873-890, method 10)."""
    (low1, high1), (low2, high2) = (
        stats.binomtest(*counts).proportion_ci(level / 100, method="wilson") for counts in (one, other)
    )
    rate1, rate2 = one[0] / one[1], other[0] / other[1]
    down = math.hypot(rate1 - low1, high2 - rate2)
    up = math.hypot(high1 - rate1, rate2 - low2)
    gap = rate1 - rate2
    return Effect(100 * gap, 100 * (gap - down), 100 * (gap + up), level, p)


def simulate_means(chance: np.random.Generator, level: float) -> Effect:
    """Difference of two means: t test and t interval of 15 to 300 patients an arm."""
    size = int(chance.choice([15, 30, 80, 300]))
    first = chance.normal(chance.uniform(-12, 12), 15, size)
    second = chance.normal(0, 15, size)
    found = stats.ttest_ind(first, second)
    interval = found.confidence_interval(level / 100)
    return Effect(
        float(first.mean() - second.mean()), float(interval.low), float(interval.high), level, float(found.pvalue)
    )
