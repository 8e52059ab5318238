"""Tables as estimates: what row labels and column headers say, and one estimate for each cell of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.reading.blocks import Block
from summarizer.reading.estimates.atoms import VALUE_KINDS, Atom, AtomKind, read_atoms, unit_name
from summarizer.reading.estimates.endpoint_mentions import EndpointKind
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.model import ArmWording, Count, Estimate, Interval, Phrase
from summarizer.reading.estimates.table_shapes import Table, flattened_tables, pipe_tables
from summarizer.reading.sentences import Sentence
from summarizer.schemas import Statistic
from summarizer.text import TextSpan


def read_tables(folded: str, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> tuple[set[int], list[Estimate]]:
    """Indexes of the blocks that stand in tables, and the estimates read from the tables."""
    number_of_block: dict[int, int] = {}
    for sentence in sentences:
        number_of_block.setdefault(sentence.block, sentence.number)
    taken: set[int] = set()
    estimates: list[Estimate] = []
    for table in (*pipe_tables(folded, blocks), *flattened_tables(folded, blocks)):
        if taken & set(table.blocks):
            continue
        if _is_baseline(folded, table, blocks):
            taken.update(table.blocks)
            continue
        read = _read_table(folded, table, blocks, number_of_block)
        if read:
            taken.update(table.blocks)
            estimates.extend(read)
    return taken, estimates


_BASELINE = re.compile(r"\b(?:baseline|characteristics|demographics)\b", re.IGNORECASE)


def _is_baseline(folded: str, table: Table, blocks: Sequence[Block]) -> bool:
    """True for a table of baseline characteristics, by its title or the line above it: its numbers are no results."""
    first = table.blocks[0]
    above = blocks[first - 1] if first else None
    titled = above is not None and above.end - above.start <= 160 and _BASELINE.search(folded, above.start, above.end)
    return bool(titled) or _BASELINE.search(table.header[0].of(folded)) is not None


@dataclass(frozen=True, slots=True)
class _Column:
    ratio: Atom | None
    level: float | None
    level_span: TextSpan | None
    is_p: bool
    is_difference: bool
    arm: TextSpan | None
    position: int
    arms: int


_LEVEL = re.compile(r"(\d\d(?:\.\d+)?) ?% ?(?:CI|confidence)")


_ARM_SIZE = re.compile(r"\s*[\(\[,]?\s*[nN] ?= ?[\d,]+\s*[\)\]]?\s*$")


_P_HEADER = re.compile(r"^\s*P(?:[ -]?value)?\s*$", re.IGNORECASE)


def _columns(folded: str, table: Table) -> list[_Column]:
    columns: list[_Column] = []
    arms = 0
    for cell in table.header[1:]:
        text = cell.of(folded)
        atoms = read_atoms(folded, *cell)
        ratio = next((atom for atom in atoms if atom.kind is AtomKind.RATIO_LABEL), None)
        level = _LEVEL.search(text)
        is_p = _P_HEADER.match(text) is not None
        is_difference = re.search(r"\bdifference\b", text, re.IGNORECASE) is not None
        arm = None
        position = arms
        if ratio is None and not is_p and not is_difference and text:
            size = _ARM_SIZE.search(text)
            arm = TextSpan(cell.start, cell.start + (size.start() if size else len(text)))
            arms += 1
        level_span = TextSpan(cell.start + level.start(1), cell.start + level.end(1)) if level else None
        number = float(level[1]) if level else None
        columns.append(_Column(ratio, number, level_span, is_p, is_difference, arm, position, 0))
    return [replace(column, arms=arms) for column in columns]


@dataclass(frozen=True, slots=True)
class _Row:
    endpoint: Phrase
    kind: EndpointKind
    statistic: Statistic
    statistic_span: TextSpan | None
    unit: str | None
    unit_span: TextSpan | None
    level: float | None
    level_span: TextSpan | None
    timepoint: Phrase | None
    group: int
    sentence: int


_STATISTIC_WORD = re.compile(r"\b(?P<MEDIAN>median)\b|\b(?P<MEAN>(?:LS |least-squares )?mean)\b", re.IGNORECASE)


_UNIT_IN_LABEL = re.compile(
    r"(?:,|\(|\bin)\s*(?P<unit>months?|mos?\.?|weeks?|days?|years?|%|mm ?Hg|mg/dL|mmol/L|kg|mL|points?)\s*"
    r"(?:\(|\)|,|$)",
    re.IGNORECASE,
)


def _row_meaning(folded: str, label: TextSpan, inherited_time: Phrase | None) -> _Row | None:
    text = label.of(folded)
    if not text:
        return None
    mentions = find_endpoints(folded, label)
    statistic = _STATISTIC_WORD.search(text)
    unit = _UNIT_IN_LABEL.search(text)
    times = [atom for atom in read_atoms(folded, *label) if atom.kind is AtomKind.TIMEPOINT]
    mention = mentions[-1] if mentions else None
    if mention is not None and len(mentions) > 1 and mentions[0].span.start == label.start:
        mention = mentions[0]
    endpoint = mention.as_phrase() if mention else _label_phrase(folded, label)
    if endpoint is None:
        return None
    named = Statistic(statistic.lastgroup) if statistic and statistic.lastgroup else None
    kind = mention.kind if mention else EndpointKind.PHRASE
    is_change = re.search(r"\bchange\b", text, re.IGNORECASE) is not None
    chosen = named or Statistic.RATE
    if is_change:
        chosen = Statistic.MEAN_CHANGE
    span = TextSpan(label.start + statistic.start(), label.start + statistic.end()) if statistic else label
    unit_span = TextSpan(label.start + unit.start("unit"), label.start + unit.end("unit")) if unit else None
    time = Phrase(times[0].text, times[0].span, "time point in the row label") if times else inherited_time
    level = _LEVEL.search(text)
    return _Row(
        endpoint,
        kind,
        chosen,
        span,
        unit_name(unit["unit"]) if unit else None,
        unit_span,
        float(level[1]) if level else None,
        TextSpan(label.start + level.start(1), label.start + level.end(1)) if level else None,
        time,
        group=0,
        sentence=0,
    )


def _label_phrase(folded: str, label: TextSpan) -> Phrase | None:
    text = label.of(folded)
    start = label.start
    lead = re.match(r"(?:median|mean|ls mean|least-squares mean)\s+", text, re.IGNORECASE)
    if lead:
        start += lead.end()
    core = re.match(r"[^(\[,;:|]+", folded[start : label.end])
    if core is None or not core.group().strip() or core.group().strip()[0].isdigit():
        return None
    end = start + len(core.group().rstrip())
    return Phrase(folded[start:end].lower(), TextSpan(start, end), "row label")


def _read_table(folded: str, table: Table, blocks: Sequence[Block], number_of_block: dict[int, int]) -> list[Estimate]:
    trial_column = _TRIAL_HEADER.match(table.header[0].of(folded)) is not None and len(table.header) >= 4
    names = [cells[0] for cells in table.rows]
    if trial_column:
        rows = tuple(cells[1:] for cells in table.rows)
        table = Table(table.header[1:], rows, table.blocks, table.row_blocks)
    columns = _columns(folded, table)
    if not columns:
        return []
    inherited = _time_above(folded, table, blocks)
    unit = _unit_above(folded, table, blocks)
    estimates: list[Estimate] = []
    for row_number, cells in enumerate(table.rows):
        row = _row_meaning(folded, cells[0], inherited)
        if row is None:
            continue
        if row.unit is None and unit is not None:
            row = replace(row, unit="%", unit_span=unit)
        sentence = number_of_block.get(table.row_blocks[row_number], 0)
        row = replace(row, group=-1 - table.blocks[0] * 1000 - row_number, sentence=sentence)
        before = len(estimates)
        for cell, column in zip(cells[1:], columns, strict=False):
            _read_cell(folded, cell, row, column, estimates)
        if trial_column:
            for estimate in estimates[before:]:
                estimate.trial = names[row_number]
    return estimates


_TRIAL_HEADER = re.compile(r"\s*(?:trial|study|trial name|study name)\b", re.IGNORECASE)


def _unit_above(folded: str, table: Table, blocks: Sequence[Block]) -> TextSpan | None:
    """The percent sign of a title such as "Responders (%)", or of the header's first cell."""
    places = [table.header[0]]
    if table.blocks[0] > 0:
        above = blocks[table.blocks[0] - 1]
        places.append(TextSpan(above.start, above.end))
    for place in places:
        match = re.search(r"[\(,]\s?(%|percent)\s?\)?\s*(?:of \w+)?$|^%\s|\bpercent of\b", place.of(folded))
        if match and place.end - place.start <= 90:
            return TextSpan(place.start + match.start(), place.start + match.end())
    return None


def _time_above(folded: str, table: Table, blocks: Sequence[Block]) -> Phrase | None:
    """The table's time point: "Results at week 52" directly above, or in the header."""
    places = [*table.header]
    if table.blocks[0] > 0:
        above = blocks[table.blocks[0] - 1]
        if above.end - above.start <= 90:
            places.append(TextSpan(above.start, above.end))
    for place in places:
        for atom in read_atoms(folded, *place):
            if atom.kind is AtomKind.TIMEPOINT and "follow" not in place.of(folded):
                return Phrase(atom.text, atom.span, "time point above the table")
    return None


def _read_cell(folded: str, cell: TextSpan, row: _Row, column: _Column, estimates: list[Estimate]) -> None:
    """Add the estimate of one cell; a cell of P values gives its own to the row's comparison."""
    atoms = read_atoms(folded, *cell)
    p = next((atom.p for atom in atoms if atom.kind is AtomKind.P_VALUE), None)
    if column.is_p:
        owner = next((e for e in reversed(estimates) if e.group == row.group and e.is_comparison), None)
        if owner is not None and p is not None:
            owner.p = p
        return
    value = next((atom for atom in atoms if atom.kind in VALUE_KINDS), None)
    if value is None:
        return
    statistic, statistic_span = _cell_statistic(row, column, value)
    if statistic is Statistic.RATE and value.kind is not AtomKind.PERCENT and row.unit != "%":
        return
    unit, unit_span = _cell_unit(row, column, value)
    numerator, denominator = _cell_counts(atoms)
    at_time_point = statistic not in (Statistic.HAZARD_RATIO, Statistic.MEDIAN) or row.kind is EndpointKind.PHRASE
    estimates.append(
        Estimate(
            span=value.span,
            value_span=value.number_span or value.span,
            statistic=statistic,
            value=value.number,
            unit=unit,
            reached=False if value.kind is AtomKind.NOT_REACHED else None,
            statistic_span=statistic_span,
            unit_span=unit_span,
            interval=_cell_interval(row, column, atoms),
            p=p,
            numerator=numerator,
            denominator=denominator,
            endpoint=row.endpoint,
            timepoint=row.timepoint if at_time_point else None,
            arm=ArmWording(None, None) if column.arm is None else ArmWording(column.arm, column.position, column.arms),
            group=row.group,
            sentence=row.sentence,
            rule="table cell",
        )
    )


def _cell_statistic(row: _Row, column: _Column, value: Atom) -> tuple[Statistic, TextSpan | None]:
    """What the column says that its numbers are; else what the row says."""
    if column.ratio is not None and column.ratio.statistic is not None:
        return column.ratio.statistic, column.ratio.span
    statistic = row.statistic
    if column.is_difference:
        statistic = Statistic.RATE_DIFFERENCE if row.statistic is Statistic.RATE else Statistic.MEAN_DIFFERENCE
    elif statistic is Statistic.RATE and value.kind is AtomKind.DURATION and row.kind is EndpointKind.TIME:
        statistic = Statistic.MEDIAN
    return statistic, row.statistic_span


def _cell_unit(row: _Row, column: _Column, value: Atom) -> tuple[str | None, TextSpan | None]:
    if column.ratio is not None:
        return None, None
    if value.unit is None and row.unit is not None:
        return row.unit, row.unit_span
    return value.unit, value.unit_span


def _cell_counts(atoms: Sequence[Atom]) -> tuple[Count | None, Count | None]:
    """Numerator and denominator of a cell: "12/40", or "n = 40" alone."""
    fraction = next((atom for atom in atoms if atom.kind is AtomKind.FRACTION), None)
    if fraction is not None:
        return fraction.numerator, fraction.denominator
    size = next((atom for atom in atoms if atom.kind is AtomKind.SIZE), None)
    return None, size.denominator if size else None


def _cell_interval(row: _Row, column: _Column, atoms: Sequence[Atom]) -> Interval | None:
    """The interval of a cell, at the level that the header or the row's label names where the cell names none."""
    interval = next((atom.interval for atom in atoms if atom.interval is not None), None)
    if interval is None or interval.level is not None:
        return interval
    if column.level is not None:
        return replace(interval, level=column.level, level_span=column.level_span)
    if row.level is not None and column.ratio is None:
        return replace(interval, level=row.level, level_span=row.level_span)
    return interval
