"""True reports of simulated trials, and the same with an inconsistency of known size planted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
from scipy import stats

from ..material import Material
from .planted import Kind, Planted, Source
from .reports import (
    ARMS,
    COUNTED,
    DIFFERENCE,
    MEDIANS,
    ODDS,
    ONE_ARM,
    OTHER_NULL,
    RATE,
    RATE_DIFFERENCE,
    RATIO,
    TWO_ARMS,
    Written,
    effect_figures,
    is_printable,
    print_p,
    write,
)
from .sizes import disagreement, size_of_errors
from .trials import (
    Curves,
    Effect,
    Survival,
    simulate_means,
    simulate_responses,
    simulate_survival,
)

_EACH = 300
"""True reports of each kind."""
_LEVELS = (95.0, 95.0, 95.0, 97.5, 99.0)


@dataclass(frozen=True, slots=True)
class TrueReport:
    """A report in which nothing is wrong."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where reports are written: chance and how many."""

    chance: np.random.Generator
    each: int

    def pick(self, options: tuple[str, ...]) -> str:
        """One of some wordings."""
        return options[int(self.chance.integers(len(options)))]

    def level(self) -> float:
        """A confidence level, percent."""
        return float(_LEVELS[int(self.chance.integers(len(_LEVELS)))])

    def p(self, p: float) -> str:
        """A P value in one of the ways of printing it."""
        return print_p(p, style=int(self.chance.integers(3)))


def open_desk(material: Material, purpose: str) -> Desk:
    """A desk with its own chance; ``material.limit`` bounds the reports of each kind."""
    seed = material.chance(f"statistics, {purpose}").getrandbits(64)
    return Desk(np.random.default_rng(seed), min(_EACH, material.limit or _EACH))


def true_reports(desk: Desk) -> Iterator[TrueReport]:
    """Reports of all kinds without anything wrong."""
    yield from _ratios(desk)
    yield from _with_medians(desk)
    yield from _responses(desk)
    yield from _percentages(desk)
    yield from _arms(desk)
    yield from _other_nulls(desk)


def survivals(desk: Desk, curves: Curves = Curves.PROPORTIONAL) -> Iterator[Survival]:
    """Trials whose effect a report can print, without end."""
    while True:
        trial = simulate_survival(desk.chance, curves, desk.level())
        if is_printable(trial.plain) and is_printable(trial.stratified):
            yield trial


def _ratios(desk: Desk) -> Iterator[TrueReport]:
    """The P value is of the same model, of another one, or one-sided."""
    for _, trial in zip(range(desk.each), survivals(desk), strict=False):
        one_sided = trial.plain.p / 2 if trial.plain.estimate < 1 else 1 - trial.plain.p / 2
        for kind, effect, p in (
            ("hazard ratio and log-rank P", trial.plain, trial.plain.p),
            ("unstratified hazard ratio, stratified P", trial.plain, trial.stratified.p),
            ("stratified hazard ratio, unstratified P", trial.stratified, trial.plain.p),
            ("one-sided P, not said so", trial.plain, one_sided),
        ):
            figures = effect_figures(effect, desk.p(p))
            yield TrueReport(kind, write(desk.pick(TWO_ARMS), desk.pick(RATIO), figures).text)


def _with_medians(desk: Desk) -> Iterator[TrueReport]:
    for curves in Curves:
        for _, trial in zip(range(2 * desk.each), with_medians(desk, curves), strict=False):
            yield TrueReport(f"medians, {curves.value}", write_medians(desk, trial).text)


def with_medians(desk: Desk, curves: Curves) -> Iterator[Survival]:
    """Trials in which both arms reach their median."""
    return (trial for trial in survivals(desk, curves) if math.isfinite(trial.experimental + trial.control))


def write_medians(desk: Desk, trial: Survival, effect: Effect | None = None) -> Written:
    """Medians and hazard ratio in one sentence; with another effect, to plant."""
    shown = effect or trial.plain
    figures = effect_figures(shown, desk.p(shown.p))
    figures |= {"a": f"{trial.experimental:.1f}", "b": f"{trial.control:.1f}"}
    return write(desk.pick(TWO_ARMS), desk.pick(MEDIANS), figures)


def _responses(desk: Desk) -> Iterator[TrueReport]:
    made = 0
    while made < desk.each:
        trial = simulate_responses(desk.chance, desk.level())
        if trial is None or not is_printable(trial.odds_ratio):
            continue
        made += 1
        p = desk.p(trial.odds_ratio.p)
        figures = effect_figures(trial.odds_ratio, p)
        yield TrueReport("odds ratio", write(desk.pick(TWO_ARMS), desk.pick(ODDS), figures).text)
        figures = effect_figures(trial.difference, p, 1)
        yield TrueReport("difference of rates", write(desk.pick(TWO_ARMS), desk.pick(RATE_DIFFERENCE), figures).text)
        means = simulate_means(desk.chance, desk.level())
        figures = effect_figures(means, desk.p(means.p), 1)
        yield TrueReport("difference of means", write(desk.pick(TWO_ARMS), desk.pick(DIFFERENCE), figures).text)


def draw_counts(desk: Desk) -> tuple[int, int]:
    """Patients with the event, and patients."""
    n = int(desk.chance.integers(12, 500))
    return int(desk.chance.integers(1, n)), n


def print_percentage(x: int, n: int, decimals: int, *, to_even: bool = False) -> str:
    """A percentage; a half rounded up or to even."""
    exact = Decimal(100 * x) / Decimal(n)
    return str(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN if to_even else ROUND_HALF_UP))


def _percentages(desk: Desk) -> Iterator[TrueReport]:
    for number in range(2 * desk.each):
        x, n = draw_counts(desk)
        printed = print_percentage(x, n, number % 2, to_even=number % 4 > 1)
        figures = {"x": str(x), "n": str(n), "v": printed}
        yield TrueReport("percentage with its counts", write(desk.pick(ONE_ARM), desk.pick(COUNTED), figures).text)
        test = stats.binomtest(x, n)
        interval = test.proportion_ci(0.95, method="wilson" if number % 3 == 0 else "exact")
        figures = {"v": printed, "l": "95", "low": f"{100 * interval.low:.1f}", "high": f"{100 * interval.high:.1f}"}
        yield TrueReport("rate with its interval", write(desk.pick(ONE_ARM), desk.pick(RATE), figures).text)


def draw_arms(desk: Desk) -> tuple[int, int]:
    """Sizes of two arms, 1:1 or 2:1, nearly."""
    size = int(desk.chance.integers(40, 600))
    return size * int(desk.chance.integers(1, 3)) + int(desk.chance.integers(-2, 3)), size


def _arms(desk: Desk) -> Iterator[TrueReport]:
    for _ in range(desk.each):
        a, b = draw_arms(desk)
        figures = {"a": str(a), "b": str(b), "t": str(a + b)}
        yield TrueReport("arms and their total", write("", desk.pick(ARMS), figures).text)


def _other_nulls(desk: Desk) -> Iterator[TrueReport]:
    """A noninferiority P (margin 1.3), or one of interaction, beside an interval that says nothing of it."""
    for _, trial in zip(range(desk.each), survivals(desk), strict=False):
        effect = trial.plain
        template = desk.pick(OTHER_NULL)
        error = math.log(effect.high / effect.low) / (2 * float(stats.norm.ppf(0.5 + effect.level / 200)))
        margin = float(stats.norm.cdf((math.log(effect.estimate) - math.log(1.3)) / error))
        p = float(desk.chance.uniform(0.001, 1)) if "interaction" in template else margin
        figures = effect_figures(effect, desk.p(p))
        yield TrueReport("P of noninferiority or interaction", write(desk.pick(TWO_ARMS), template, figures).text)


def plant_in_reports(desk: Desk) -> Iterator[Planted]:
    """Inconsistencies of known size in written reports."""
    yield from _plant_intervals(desk)
    yield from _plant_p_values(desk)
    yield from _plant_medians(desk)
    yield from _plant_percentages(desk)
    yield from _plant_arms(desk)
    yield from _plant_digits(desk)


def _planted(kind: Kind, size: str, written: Written, place: str, *, is_gross: bool = True) -> Planted:
    return Planted(kind, size, is_gross, Source.WRITTEN, written.text, written.places[place], written.text)


def _plant_intervals(desk: Desk) -> Iterator[Planted]:
    for number, trial in zip(range(desk.each), survivals(desk), strict=False):
        effect = trial.plain
        share = (0.0, 0.3)[number % 2]
        size = ("by one printed unit", "by a quarter of its width")[number % 2]
        shift = math.exp(math.log(effect.high / effect.low) * share)
        low = max(round(effect.estimate, 2) + 0.01, effect.estimate * shift)
        moved = replace(effect, low=low, high=low * effect.high / effect.low)
        if not is_printable(moved):
            continue
        written = write(desk.pick(TWO_ARMS), desk.pick(RATIO), effect_figures(moved, desk.p(effect.p)))
        yield _planted(Kind.MOVED, size, written, "v")
        swapped = replace(effect, low=effect.high, high=effect.low)
        written = write(desk.pick(TWO_ARMS), desk.pick(RATIO), effect_figures(swapped, desk.p(effect.p)))
        if f"{effect.low:.2f}" != f"{effect.high:.2f}":
            yield _planted(Kind.REVERSED, "any", written, "v")


def _plant_p_values(desk: Desk) -> Iterator[Planted]:
    claims = (0.0001, 0.004, 0.03, 0.08, 0.2, 0.5, 0.9)
    for _, trial in zip(range(2 * desk.each), survivals(desk), strict=False):
        effect = trial.plain
        p = desk.p(float(desk.chance.choice(claims)))
        rounded = [round(number, 2) for number in (effect.estimate, effect.low, effect.high)]
        found = disagreement(rounded[0], rounded[1], rounded[2], effect.level, p, logs=True)
        if found is not None:
            written = write(desk.pick(TWO_ARMS), desk.pick(RATIO), effect_figures(effect, p))
            yield _planted(Kind.P_VALUE, found.size, written, "v", is_gross=found.is_gross)


def _plant_medians(desk: Desk) -> Iterator[Planted]:
    """The hazard ratio turned over, with its interval."""
    for _, trial in zip(range(desk.each), with_medians(desk, Curves.PROPORTIONAL), strict=False):
        effect = trial.plain
        expected = math.log(trial.control / trial.experimental)
        if expected * math.log(effect.estimate) <= 0:
            continue
        turned = replace(effect, estimate=1 / effect.estimate, low=1 / effect.high, high=1 / effect.low)
        gap = abs(expected) + abs(math.log(effect.estimate))
        error = math.log(effect.high / effect.low) / (2 * float(stats.norm.ppf(0.5 + effect.level / 200)))
        size, is_gross = size_of_errors(gap, error)
        yield _planted(Kind.MEDIANS, size, write_medians(desk, trial, turned), "v", is_gross=is_gross)


def _plant_percentages(desk: Desk) -> Iterator[Planted]:
    for number in range(desk.each):
        x, n = draw_counts(desk)
        decimals = number % 2
        change = (2 * 10.0**-decimals, 9.0, -14.0)[number % 3]
        wrong = 100 * x / n + change
        if 0 < wrong < 100:
            figures = {"x": str(x), "n": str(n), "v": f"{wrong:.{decimals}f}"}
            written = write(desk.pick(ONE_ARM), desk.pick(COUNTED), figures)
            size = "by less than 3 points" if abs(change) < 3 else "by 3 points and more"
            yield _planted(Kind.PERCENTAGE, size, written, "v")


def _plant_arms(desk: Desk) -> Iterator[Planted]:
    for number in range(desk.each // 2):
        a, b = draw_arms(desk)
        change = (1, -10, 37)[number % 3]
        written = write("", desk.pick(ARMS), {"a": str(a + change), "b": str(b), "t": str(a + b)})
        yield _planted(Kind.ARMS, "by one patient" if change == 1 else "by ten and more", written, "t")


def _plant_digits(desk: Desk) -> Iterator[Planted]:
    """One digit behind the point of estimate, lower or upper bound replaced, where that moves it by 0.1 at least."""
    for number, trial in zip(range(desk.each), survivals(desk), strict=False):
        effect = trial.plain
        field = ("estimate", "low", "high")[number % 3]
        old = f"{getattr(effect, field):.2f}"
        digit = str((int(old[-2]) + int(desk.chance.integers(2, 9))) % 10)
        value = float(old[:-2] + digit + old[-1])
        wrong = replace(effect, **{field: value})
        if value <= 0 or not is_printable(wrong):
            continue
        half = math.log(effect.high / effect.low) / 2
        apart = abs(math.log(value / getattr(effect, field))) / half * (1.0 if field == "estimate" else 0.5)
        size = "by less than half the half-width" if apart < 0.5 else "by half the half-width and more"
        written = write(desk.pick(TWO_ARMS), desk.pick(RATIO), effect_figures(wrong, desk.p(effect.p)))
        yield _planted(Kind.OFF_CENTRE, size, written, "v", is_gross=apart >= 0.5)
