"""Statistical checks: planted inconsistencies found, false alarms on true reports, implied counts right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from scipy import __version__ as scipy_version

from summarizer.schemas import Severity

from ..figures import Bound, Figures, Share, Table, Target
from ..material import Material
from .articles import plant_in_articles
from .implied import measure_implied
from .planted import CODES, Kind, Outcome, Source, judge, spans_of, summarize_text
from .rows import plant_in_rows
from .written import TrueReport, open_desk, plant_in_reports, true_reports

_FOUND = Target(Bound.AT_LEAST, 0.99)
_FALSE_ALARMS = Target(Bound.AT_MOST, 0.01)
_STATISTICAL = frozenset().union(*CODES.values())
"""Flags of the checks of this section; ``implied-denominator`` tells something and finds nothing wrong."""
_CHECKED = sorted({*_STATISTICAL, "reported-twice"})


def measure(material: Material) -> Figures:
    """All tables of the section."""
    figures = Figures("statistics", versions={"scipy": scipy_version})
    desk = open_desk(material, "planted")
    outcomes = [
        *judge(plant_in_articles(material)),
        *judge(plant_in_reports(desk)),
        *plant_in_rows(open_desk(material, "rows")),
    ]
    figures.tables += [_found(outcomes), *_by_size(outcomes)]
    figures.tables += _false_alarms(list(true_reports(open_desk(material, "true"))), figures.examples)
    figures.tables.append(_alarms_on_articles(material, figures.examples))
    implied, wrong = measure_implied(material)
    figures.tables += implied
    figures.examples += wrong
    figures.examples += [
        f"missed, {one.planted.kind}, {one.planted.size}: {one.planted.words[-160:]!r}"
        for one in outcomes
        if one.planted.is_gross and not one.is_found
    ]
    return figures


def _share(name: str, outcomes: Iterable[Outcome], target: Target | None) -> Share:
    found = [outcome.is_found for outcome in outcomes]
    return Share(name, sum(found), len(found), target)


def _found(outcomes: Sequence[Outcome]) -> Table:
    """Gross ones, by kind and source."""
    gross = [outcome for outcome in outcomes if outcome.planted.is_gross]
    rows = [
        _share(f"{kind}: {source}", some, _FOUND)
        for kind in Kind
        for source in Source
        if (some := [one for one in gross if one.planted.kind is kind and one.planted.source is source])
    ]
    rows.append(_share("all", gross, _FOUND))
    note = "The right flag at the right row, for what is neither rounding nor chance nor another model."
    return Table("Planted inconsistencies found", tuple(rows), note)


def _by_size(outcomes: Sequence[Outcome]) -> Iterable[Table]:
    """Of every size, where the size is a matter of degree."""
    for kind in (Kind.P_VALUE, Kind.MEDIANS, Kind.OFF_CENTRE):
        some = [one for one in outcomes if one.planted.kind is kind]
        sizes = sorted({one.planted.size for one in some})
        rows = tuple(_share(size, [one for one in some if one.planted.size == size], None) for size in sizes)
        yield Table(f"Found by size: {kind}", rows)


def _false_alarms(reports: Sequence[TrueReport], examples: list[str]) -> Iterable[Table]:
    """Flags on simulated true reports: by what is reported, and by check."""
    of_kind: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    by_code: Counter[str] = Counter()
    for report in reports:
        of_kind[report.kind] += 1
        flags = [flag for flag in summarize_text(report.text).flags if flag.code in _CHECKED]
        alarms[report.kind] += bool(flags)
        by_code.update({flag.code for flag in flags})
        examples += [f"false alarm, {report.kind}: {flag.code}: {flag.message}: {report.text!r}" for flag in flags]
    kinds = tuple(Share(kind, alarms[kind], number, _FALSE_ALARMS) for kind, number in of_kind.items())
    yield Table("False alarms on simulated true reports, by what is reported", kinds, "Reports with any flag.")
    checks = tuple(Share(code, by_code[code], len(reports), _FALSE_ALARMS) for code in _CHECKED)
    yield Table("False alarms on simulated true reports, by check", checks)


def _alarms_on_articles(material: Material, examples: list[str]) -> Table:
    """Flags of the statistical checks on undamaged labelled articles; each is listed with the article's words."""
    alarms: Counter[str] = Counter()
    articles = list(material.clean)[: material.limit]
    for specimen in articles:
        flags = [flag for flag in specimen.summary.flags if flag.code in _CHECKED]
        alarms.update({flag.code for flag in flags})
        for flag in flags:
            if flag.severity is Severity.INFO and flag.code == "reported-twice":
                continue
            spans = spans_of(specimen.summary, flag)
            place = spans[0].start if spans else 0
            words = specimen.article.text[max(0, place - 80) : place + 80]
            examples.append(f"flag on a true article, {specimen.name}: {flag.code}: {flag.message}: {words!r}")
    rows = tuple(Share(code, alarms[code], len(articles)) for code in _CHECKED)
    note = (
        "Articles with such a flag; whether the source or the reading is wrong has to be looked up: see the examples."
    )
    return Table("Flags on the undamaged labelled articles", rows, note)
