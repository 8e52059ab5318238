"""Inconsistencies planted into the labelled articles, by changing printed digits in place."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.schemas import Result, Span, Statistic, Summary

from ..material import Material, Specimen
from .planted import Kind, Planted, Source
from .sizes import disagreement, gap_of_medians, size_of_gap

_LOG_SCALE = frozenset({Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.RISK_RATIO, Statistic.RATE_RATIO})
_TESTED = _LOG_SCALE | {Statistic.MEAN_DIFFERENCE, Statistic.RATE_DIFFERENCE}
_P_TEXT = re.compile(r"(?P<head>.*?)(?P<relation>&lt;|&gt;|[<>=\u2264\u2265])\s*(?P<number>[\d.\u00b7]+)$", re.DOTALL)
_CLAIMS = ("<.001", "=.45", "=.012", "=.12", "=.8", "=.0001", "=.04")
Edit = tuple[Span, str]


@dataclass(frozen=True, slots=True)
class _Site:
    """One row of an article and where its figures stand."""

    specimen: Specimen
    pointer: str
    row: Result

    def span(self, name: str) -> Span | None:
        spans = self.specimen.summary.evidence.get(f"{self.pointer}/{name}", ())
        return spans[0] if len(spans) == 1 else None

    def plant(self, kind: Kind, size: str, edits: Sequence[Edit], *, is_gross: bool) -> Planted:
        """The article with edits made, about this row's value."""
        value = self.span("value")
        if value is None:
            raise ValueError(f"{self.pointer}: no place")
        return _plant(self.specimen, kind, size, edits, value.start, is_gross=is_gross)


def _plant(specimen: Specimen, kind: Kind, size: str, edits: Sequence[Edit], place: int, *, is_gross: bool) -> Planted:
    text, moved = specimen.article.text, place
    for span, new in sorted(edits, key=lambda edit: -edit[0].start):
        text = text[: span.start] + new + text[span.end :]
        if span.start < place:
            moved += len(new) - (span.end - span.start)
    done = ", ".join(f"{span.text!r} -> {new!r}" for span, new in edits)
    words = f"{specimen.name}: {done}"
    return Planted(kind, size, is_gross, Source.ARTICLE, text, moved, words)


def plant_in_articles(material: Material) -> list[Planted]:
    """All inconsistencies that the articles have a place for."""
    chance = material.chance("statistics, articles")
    planted: list[Planted] = []
    for specimen in material.specimens:
        for site in _sites(specimen):
            planted += _intervals(site)
            planted += _p_values(site, chance)
            planted += _percentages(site)
        planted += _medians(specimen)
        planted += _arms(specimen)
        if material.limit is not None and len(planted) >= material.limit:
            return planted[: material.limit]
    return planted


def _sites(specimen: Specimen) -> Iterator[_Site]:
    """Rows whose value stands in one place."""
    summary = specimen.summary
    groups = [(f"/trials/{number}/results", trial.results) for number, trial in enumerate(summary.trials)]
    for pointer, results in [*groups, ("/unattributed_results", summary.unattributed_results)]:
        for place, row in enumerate(results):
            site = _Site(specimen, f"{pointer}/{place}", row)
            if row.value is not None and site.span("value") is not None:
                yield site


def like(printed: str, number: float) -> str:
    """A number printed in the style of another: decimals, decimal mark, sign, leading zero."""
    mark = "\u00b7" if "\u00b7" in printed else "."
    decimals = len(printed.partition(mark)[2])
    shown = f"{abs(number):.{decimals}f}"
    if printed.lstrip("-+\u2212\u2013").startswith(mark):
        shown = shown.removeprefix("0")
    minus = printed[0] if printed[0] in "-\u2212\u2013" else "-"
    return ("" if number >= 0 else minus) + shown.replace(".", mark)


def _intervals(site: _Site) -> Iterator[Planted]:
    """The interval moved off its estimate, by one printed unit and by a quarter of its width; its bounds swapped."""
    row, low, high = site.row, site.span("ci_low"), site.span("ci_high")
    if low is None or high is None or row.ci_low is None or row.ci_high is None or row.value is None:
        return
    if not row.ci_low < row.value < row.ci_high or row.ci_low == row.ci_high:
        return
    if low.text != high.text:
        yield site.plant(Kind.REVERSED, "any", [(low, high.text), (high, low.text)], is_gross=True)
    places = max(
        len(re.split("[.\u00b7]", span.text)[-1]) if re.search("[.\u00b7]", span.text) else 0 for span in (low, high)
    )
    printed = site.span("value")
    decimals = (
        0
        if printed is None or not re.search("[.\u00b7]", printed.text)
        else len(re.split("[.\u00b7]", printed.text)[-1])
    )
    unit = 10.0 ** -min(places, decimals)
    logs = row.statistic in _LOG_SCALE
    for size, share, direction in (("by one printed unit", 0.0, 1), ("by a quarter of its width", 0.25, -1)):
        moved = _moved(row, direction, unit, share, logs=logs)
        if moved is None or (row.unit == "%" and not (moved[0] >= 0 and moved[1] <= 100)):
            continue
        edits = [(low, like(low.text, moved[0])), (high, like(high.text, moved[1]))]
        yield site.plant(Kind.MOVED, size, edits, is_gross=True)


def _moved(row: Result, direction: int, unit: float, share: float, *, logs: bool) -> tuple[float, float] | None:
    """The interval pushed past the estimate: nearest bound one unit beyond it, or a share of the width."""
    if row.value is None or row.ci_low is None or row.ci_high is None or (logs and row.ci_low <= 0):
        return None
    width = math.log(row.ci_high / row.ci_low) if logs else row.ci_high - row.ci_low
    near = row.value + direction * unit
    if share:
        pushed = row.value * math.exp(direction * share * width) if logs else row.value + direction * share * width
        near = max(near, pushed) if direction > 0 else min(near, pushed)
    if (logs or row.unit != "%") and row.ci_low >= 0 and near <= unit:
        return None
    far = near * math.exp(direction * width) if logs else near + direction * width
    if row.ci_low >= 0 and far < 0:
        far = 0.0
    return (near, far) if direction > 0 else (far, near)


def _p_values(site: _Site, chance: random.Random) -> Iterator[Planted]:
    """Another P beside the same interval, one for each size of disagreement; a wide interval beside the same P."""
    row, printed = site.row, site.span("p_value")
    if row.statistic not in _TESTED or printed is None or row.ci_low is None or row.ci_high is None:
        return
    match = _P_TEXT.match(printed.text)
    if match is None or row.value is None:
        return
    claims = list(_CLAIMS)
    chance.shuffle(claims)
    sizes: set[str] = set()
    for claim in claims:
        found = disagreement(row.value, row.ci_low, row.ci_high, row.ci_level, claim, logs=row.statistic in _LOG_SCALE)
        if found is None or found.size in sizes:
            continue
        sizes.add(found.size)
        yield site.plant(Kind.P_VALUE, found.size, [(printed, match["head"] + claim)], is_gross=found.is_gross)
    yield from _widened(site)


def _widened(site: _Site) -> Iterator[Planted]:
    """An interval three times as wide on both sides, the P value left."""
    row, low, high = site.row, site.span("ci_low"), site.span("ci_high")
    if not (row.value and row.ci_low and row.ci_high and low and high):
        return
    logs = row.statistic in _LOG_SCALE
    if logs:
        new = row.value * (row.ci_low / row.value) ** 3, row.value * (row.ci_high / row.value) ** 3
    else:
        new = row.value + 3 * (row.ci_low - row.value), row.value + 3 * (row.ci_high - row.value)
    texts = like(low.text, new[0]), like(high.text, new[1])
    if float(texts[0].replace("\u00b7", ".").replace("\u2212", "-")) <= 0 and logs:
        return
    found = disagreement(row.value, *new, row.ci_level, row.p_value or "", logs=logs)
    if found is not None:
        edits = [(low, texts[0]), (high, texts[1])]
        yield site.plant(Kind.P_VALUE, found.size, edits, is_gross=found.is_gross)


def _percentages(site: _Site) -> Iterator[Planted]:
    """The percentage, or the number of patients with the event, changed."""
    row, value, part = site.row, site.span("value"), site.span("numerator")
    if row.unit != "%" or row.numerator is None or not row.denominator or row.value is None or value is None:
        return
    unit = 10.0 ** -(len(value.text.partition(".")[2]))
    for change in (2 * unit, -2 * unit, 9.0, -4.0, 20.0):
        wrong = row.value + change
        apart = abs(wrong - 100 * row.numerator / row.denominator)
        if 0 <= wrong <= 100 and apart > unit:
            size = "by less than 3 points" if apart < 3 else "by 3 points and more"
            yield site.plant(Kind.PERCENTAGE, size, [(value, like(value.text, wrong))], is_gross=True)
    for count in {row.numerator + 5, row.numerator - 3, int(str(row.numerator)[::-1])}:
        apart = abs(row.value - 100 * count / row.denominator)
        if part is not None and 0 < count <= row.denominator and apart > unit:
            size = "by less than 3 points" if apart < 3 else "by 3 points and more"
            yield site.plant(Kind.PERCENTAGE, size, [(part, str(count))], is_gross=True)


def _medians(specimen: Specimen) -> Iterator[Planted]:
    """A hazard ratio turned over with its interval, or two medians swapped, where all three follow each other."""
    sites = {site.pointer: site for site in _sites(specimen)}
    for number, trial in enumerate(specimen.summary.trials):
        for place, rows in enumerate(zip(trial.results, trial.results[1:], trial.results[2:], strict=False)):
            first, second, ratio = (sites.get(f"/trials/{number}/results/{place + step}") for step in range(3))
            if not first or not second or not ratio or not _belong_together(rows):
                continue
            gap = gap_of_medians(rows)
            if gap is None:
                continue
            size, is_gross = size_of_gap(gap, rows[2])
            yield ratio.plant(Kind.MEDIANS, size, _turned_over(ratio), is_gross=is_gross)
            one, other = first.span("value"), second.span("value")
            if one and other and one.text != other.text:
                yield ratio.plant(Kind.MEDIANS, size, [(one, other.text), (other, one.text)], is_gross=is_gross)


def _belong_together(rows: Sequence[Result]) -> bool:
    first, second, ratio = rows
    return (
        (first.statistic, second.statistic, ratio.statistic)
        == (Statistic.MEDIAN, Statistic.MEDIAN, Statistic.HAZARD_RATIO)
        and first.endpoint == second.endpoint == ratio.endpoint
        and first.subgroup == second.subgroup == ratio.subgroup
        and first.arm != second.arm
    )


def _turned_over(site: _Site) -> list[Edit]:
    """1/HR with 1/upper to 1/lower."""
    row, value, low, high = site.row, site.span("value"), site.span("ci_low"), site.span("ci_high")
    edits: list[Edit] = []
    if row.value and value:
        edits.append((value, like(value.text, 1 / row.value)))
    if row.ci_low and row.ci_high and low and high:
        edits += [(low, like(low.text, 1 / row.ci_high)), (high, like(high.text, 1 / row.ci_low))]
    return edits


def _arms(specimen: Specimen) -> Iterator[Planted]:
    """The size of one arm changed where the sizes add up to the total."""
    summary: Summary = specimen.summary
    for number, trial in enumerate(summary.trials):
        sizes = [arm.n or 0 for arm in trial.arms]
        total = summary.evidence.get(f"/trials/{number}/enrollment", ())
        if len(sizes) < 2 or sum(sizes) != trial.enrollment or len(total) != 1:
            continue
        for place, size in enumerate(sizes):
            spans = summary.evidence.get(f"/trials/{number}/arms/{place}/n", ())
            if len(spans) != 1 or (spans[0].start < total[0].end and total[0].start < spans[0].end):
                continue
            for change in (1, -10, 37):
                new = f"{size + change:,}" if "," in spans[0].text else str(size + change)
                edits = [(spans[0], new)]
                apart = "by one patient" if abs(change) == 1 else "by ten and more"
                yield _plant(specimen, Kind.ARMS, apart, edits, total[0].start, is_gross=True)
