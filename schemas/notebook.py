"""A summary in a notebook: as HTML, and as tables. Only the standard library, and pandas where it is asked for."""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from .result import Result
from .trial import TrialRecord

if TYPE_CHECKING:
    from .summary import Summary

__all__ = ["render_html", "result_rows", "trial_rows", "write_dataframe"]

_HARMLESS = frozenset("\n\t\u200c\u200d")
_HIDING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that hide or reorder text."""
_BOX = "border:1px solid #8884;border-radius:8px;padding:.6em .9em;margin:.5em 0"
_CELL = "text-align:left;padding:.15em .8em .15em 0;vertical-align:top"
_MARK = "background:#5b8def33;color:inherit;border-radius:2px"
_CUT = "background:#d9480f22;color:inherit;text-decoration:underline wavy #d9480f"
_RESULT_COLUMNS = ("endpoint", "statistic", "value", "interval", "p_value", "arm", "timepoint", "subgroup", "n/N")


def _show(value: object) -> str:
    """Any text as HTML that shows it as it is, characters that hide as escapes."""
    shown = (
        character
        if character in _HARMLESS or unicodedata.category(character) not in _HIDING
        else f"\\u{{{ord(character):x}}}"
        for character in str(value)
    )
    return escape("".join(shown))


def render_html(summary: Summary) -> str:
    """Record and, where the summary carries it, the text with the places of all values; plain HTML without a script."""
    parts = [_trial_html(trial, number) for number, trial in enumerate(summary.trials, start=1)]
    if summary.unattributed_results:
        parts.append(_box("Results of no known trial", _results_html(summary.unattributed_results)))
    if summary.flags:
        items = "".join(
            f"<li>{_show(flag.severity.value.lower())}: {_show(flag.message)}</li>" for flag in summary.flags
        )
        parts.append(f"<details><summary>Flags ({len(summary.flags)})</summary><ul>{items}</ul></details>")
    if summary.truncations:
        cut = "".join(f"<li>{_show(each.kind.value)}: {_show(each.text)}</li>" for each in summary.truncations)
        parts.append(
            f"<details><summary>Damaged passages ({len(summary.truncations)})</summary><ul>{cut}</ul></details>"
        )
    if summary.source.text is not None:
        text = "".join(_text_html(summary, summary.source.text))
        parts.append(f'<details open><summary>Text</summary><div style="white-space:pre-wrap">{text}</div></details>')
    title = summary.source.title or summary.source.name or "Article"
    return f"<section><h3>{_show(title)}</h3>{''.join(parts) or '<p>No trial was found.</p>'}</section>"


def _join(value: object) -> str:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return ", ".join(map(str, items))


def _cell(tag: str, text: str) -> str:
    return f'<{tag} style="{_CELL}">{_show(text)}</{tag}>'


def _box(title: str, content: str) -> str:
    return f'<div style="{_BOX}"><strong>{_show(title)}</strong>{content}</div>'


def _trial_html(trial: TrialRecord, number: int) -> str:
    facts = [
        (name.replace("_", " "), _join(value))
        for name, value in _plain_fields(trial).items()
        if name != "name" and value not in (None, [])
    ]
    rows = "".join(f"<tr>{_cell('th', name)}{_cell('td', value)}</tr>" for name, value in facts)
    return _box(trial.name or f"Trial {number} (not named)", f"<table>{rows}</table>{_results_html(trial.results)}")


def _results_html(results: Sequence[Result]) -> str:
    if not results:
        return ""
    head = "".join(_cell("th", name.replace("_", " ")) for name in _RESULT_COLUMNS)
    rows = "".join(f"<tr>{''.join(_cell('td', cell) for cell in _result_cells(each))}</tr>" for each in results)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _result_cells(result: Result) -> Iterator[str]:
    yield result.endpoint or ""
    yield result.statistic.value.lower().replace("_", " ")
    yield result.value_text or ("" if result.value is None else f"{result.value:.12g} {result.unit or ''}".strip())
    bounds = [result.ci_low, result.ci_high]
    yield "" if bounds == [None, None] else " to ".join("NE" if each is None else f"{each:.12g}" for each in bounds)
    yield result.p_value or ""
    yield result.arm or ""
    yield result.timepoint or ""
    yield result.subgroup or ""
    counts = [result.numerator, result.denominator]
    yield "" if counts == [None, None] else "/".join("?" if each is None else str(each) for each in counts)


def _text_html(summary: Summary, text: str) -> Iterator[str]:
    """The text, cut where the marking changes; a mark's tooltip names the fields that rest on it."""
    edges: dict[int, list[tuple[str, int]]] = {0: [], len(text): []}
    for pointer, spans in summary.evidence.items():
        for span in spans:
            if span.start < span.end <= len(text):
                edges.setdefault(span.start, []).append((pointer, 1))
                edges.setdefault(span.end, []).append((pointer, -1))
    under: dict[str, int] = {}
    for start, end in pairwise(sorted(edges)):
        for pointer, step in edges[start]:
            under[pointer] = under.get(pointer, 0) + step
        pointers = [pointer for pointer, number in under.items() if number > 0]
        shown = _show(text[start:end])
        if not pointers:
            yield shown
            continue
        style = _CUT if all(pointer.startswith("/truncations/") for pointer in pointers) else _MARK
        yield f'<mark style="{style}" title="{_show(", ".join(pointers))}">{shown}</mark>'


def _plain_fields(trial: TrialRecord) -> dict[str, Any]:
    """Fields of a trial as a cell of a table can hold them."""
    values = trial.model_dump(mode="json", exclude={"results"})
    values["arms"] = [
        f"{arm.role.value}: {' + '.join(arm.interventions)}{'' if arm.n is None else f' (n={arm.n})'}"
        for arm in trial.arms
    ]
    values["endpoints"] = [f"{each.rank.value}: {each.endpoint}" for each in trial.endpoints]
    values["regulatory_events"] = [
        ": ".join(filter(None, (each.agency, each.action.value))) + (f" ({each.date})" if each.date else "")
        for each in trial.regulatory_events
    ]
    return values


def trial_rows(summary: Summary) -> list[dict[str, Any]]:
    """One row per trial: its pointer, its fields, and how many results it has."""
    return [
        {"pointer": f"/trials/{at}", **_plain_fields(trial), "results": len(trial.results)}
        for at, trial in enumerate(summary.trials)
    ]


def result_rows(summary: Summary) -> list[dict[str, Any]]:
    """One row per result, those of no known trial last: its pointer, its trial, its fields, and where its value stands.

    ``start`` and ``end`` are code points of the canonical text, half-open; None where the row has no value.
    """

    def rows(above: str, trial: str | None, results: Iterable[Result]) -> Iterator[dict[str, Any]]:
        for at, result in enumerate(results):
            pointer = f"{above}/{at}"
            span = next(iter(summary.evidence.get(f"{pointer}/value", ())), None)
            place = {"start": span.start if span else None, "end": span.end if span else None}
            yield {"pointer": pointer, "trial": trial, **result.model_dump(mode="json"), **place}

    found = [
        row for at, each in enumerate(summary.trials) for row in rows(f"/trials/{at}/results", each.name, each.results)
    ]
    return [*found, *rows("/unattributed_results", None, summary.unattributed_results)]


def write_dataframe(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> Any:  # noqa: ANN401 - pandas is optional
    """A pandas ``DataFrame`` of rows.

    Raises:
        ImportError: if pandas is not installed.
    """
    try:
        pandas = importlib.import_module("pandas")
    except ImportError as error:
        raise ImportError("a table needs pandas, which is not installed: pip install pandas") from error
    return pandas.DataFrame(list(rows), columns=list(columns))
