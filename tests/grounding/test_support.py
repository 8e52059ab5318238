"""A claim that the text does not support stays out of the record and is listed with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from summarizer.extraction.draft import Claim, Draft
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.loading import article_from_text
from summarizer.pipeline import summarize_article
from summarizer.reading.reader import Reading
from summarizer.schemas import Summary, Support
from summarizer.text import TextSpan
from tests.support.known import cases
from tests.support.rows import lines_of

TEXT = (
    "Example Therapeutics said that its randomized, open-label phase 3 ORCHARD-12 (NCT01234567) "
    "trial enrolled 412 patients "
    "with advanced melanoma to compare belomertinib with placebo. "
    "Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo (HR, 0.62; 95% CI, "
    "0.50-0.77; P <.001). "
    "The mean difference in LDL cholesterol was -1.31 mg/dL."
)
ROWS = [
    "PFS MEDIAN 13.3 months for belomertinib",
    "PFS MEDIAN 8.2 months for placebo",
    "PFS HAZARD_RATIO 0.62 (95% CI 0.5 to 0.77) P<0.001",
    "ldl cholesterol MEAN_DIFFERENCE -1.31 mg/dL",
]
Change = Callable[[Draft], None]


@dataclass
class Tampering:
    """An extractor that proposes what the rules propose, but for one change."""

    change: Change
    name: str = "tampering"

    def extract(self, reading: Reading) -> Draft:
        draft = RulesExtractor().extract(reading)
        self.change(draft)
        return draft


def summary_with(change: Change, text: str = TEXT) -> Summary:
    return summarize_article(article_from_text(text), Tampering(change), reason="test")


def at(words: str, text: str = TEXT) -> tuple[TextSpan, ...]:
    return (TextSpan(text.index(words), text.index(words) + len(words)),)


def test_nothing_is_rejected_from_an_honest_draft() -> None:
    summary = summary_with(lambda draft: None)
    assert summary.rejected == []
    assert lines_of(summary.trials[0].results) == ROWS


# ------------------------------------------------------------------------------------- altered numbers


def value_of(row: int, value: float) -> Change:
    def change(draft: Draft) -> None:
        draft.trials[0].results[row].estimate.value = value

    return change


def bounds(low: float, high: float) -> Change:
    def change(draft: Draft) -> None:
        estimate = draft.trials[0].results[2].estimate
        assert estimate.interval is not None
        estimate.interval = replace(estimate.interval, low=low, high=high)

    return change


def level(value: float) -> Change:
    def change(draft: Draft) -> None:
        estimate = draft.trials[0].results[2].estimate
        assert estimate.interval is not None
        estimate.interval = replace(estimate.interval, level=value)

    return change


def p_value(value: str) -> Change:
    def change(draft: Draft) -> None:
        estimate = draft.trials[0].results[2].estimate
        assert estimate.p is not None
        estimate.p = replace(estimate.p, value=value)

    return change


def value_span(row: int, span: TextSpan) -> Change:
    def change(draft: Draft) -> None:
        draft.trials[0].results[row].estimate.value_span = span

    return change


ALTERED = {
    "a digit of the value": (2, value_of(2, 0.63)),
    "digits in another order": (0, value_of(0, 31.3)),
    "a digit more": (1, value_of(1, 8.21)),
    "ten times the value": (1, value_of(1, 82.0)),
    "another arm's number": (0, value_of(0, 8.2)),
    "a sign lost": (3, value_of(3, 1.31)),
    "a sign put on": (0, value_of(0, -13.3)),
    "bounds swapped": (2, bounds(0.77, 0.50)),
    "a digit of a bound": (2, bounds(0.50, 0.78)),
    "the relation of P turned": (2, p_value(">0.001")),
    "the relation of P dropped": (2, p_value("0.001")),
    "a digit of P": (2, p_value("<0.0001")),
    "a level that is not there": (2, level(97.5)),
    "a span after the text": (0, value_span(0, TextSpan(len(TEXT) + 1, len(TEXT) + 5))),
    "a span before the text": (0, value_span(0, TextSpan(-4, -1))),
    "an empty span": (0, value_span(0, TextSpan(9, 9))),
    "a span of other words": (0, value_span(0, TextSpan(0, 7))),
}


@pytest.mark.parametrize("what", sorted(ALTERED))
def test_altered_numbers_are_rejected_with_a_reason(what: str) -> None:
    row, change = ALTERED[what]
    summary = summary_with(change)
    kept = lines_of(summary.trials[0].results)
    assert kept == [line for number, line in enumerate(ROWS) if number != row]
    (rejection,) = summary.rejected
    assert rejection.reason
    assert rejection.pointer == f"/trials/0/results/{row}"


# ----------------------------------------------------------------------------------------- other claims


def scalar(field: str, value: str | int | bool, words: str, support: Support) -> Change:
    def change(draft: Draft) -> None:
        draft.trials[0].scalars[field] = Claim(value, at(words), support, "test")

    return change


def listed(field: str, value: str, words: str, support: Support) -> Change:
    def change(draft: Draft) -> None:
        draft.trials[0].lists[field] = [Claim(value, at(words), support, "test")]

    return change


INVENTED = {
    "an invented registry number": (
        "registry_ids",
        listed("registry_ids", "NCT01234568", "NCT01234567", Support.QUOTED),
    ),
    "an invented name of a code": ("aliases", listed("aliases", "XYZ-999", "ORCHARD-12", Support.QUOTED)),
    "another enrolment": ("enrollment", scalar("enrollment", 421, "412", Support.NUMBER)),
    "another phase": ("phases", listed("phases", "PHASE2", "phase 3", Support.CUE)),
    "another masking": ("masking", scalar("masking", "DOUBLE", "open-label", Support.CUE)),
    "another condition": (
        "conditions",
        listed("conditions", "advanced breast cancer", "advanced melanoma", Support.QUOTED),
    ),
    "a status without words": (
        "status",
        scalar("status", "TERMINATED", "enrolled 412 patients", Support.CUE),
    ),
    "a design without words": ("registrational", scalar("registrational", True, "phase 3", Support.CUE)),
    "a sponsor that is not there": (
        "sponsors",
        listed("sponsors", "Samplex Bio", "Example Therapeutics", Support.QUOTED),
    ),
    "a phase called derived": ("phases", listed("phases", "PHASE3", "phase 3", Support.DERIVED)),
}


@pytest.mark.parametrize("what", sorted(INVENTED))
def test_invented_values_are_rejected_with_a_reason(what: str) -> None:
    field, change = INVENTED[what]
    summary = summary_with(change)
    assert not getattr(summary.trials[0], field)
    (rejection,) = [item for item in summary.rejected if item.pointer.startswith(f"/trials/0/{field}")]
    assert rejection.reason
    assert not [pointer for pointer in summary.evidence if pointer.startswith(f"/trials/0/{field}/")]


@pytest.mark.parametrize(
    "spans", [(), (TextSpan(-1, 3),), (TextSpan(0, 100_000),), (TextSpan(5, 5),), (TextSpan(9, 4),)]
)
def test_a_claim_without_a_passage_is_rejected(spans: tuple[TextSpan, ...]) -> None:
    def change(draft: Draft) -> None:
        draft.trials[0].lists["registry_ids"] = [Claim("NCT01234567", spans, Support.QUOTED, "test")]

    summary = summary_with(change)
    assert summary.trials[0].registry_ids == []
    assert len(summary.rejected) == 1


def test_an_enrolment_that_is_rejected_takes_its_type_along() -> None:
    summary = summary_with(scalar("enrollment", 421, "412", Support.NUMBER))
    assert summary.trials[0].enrollment_type is None
    assert "/trials/0/enrollment_type" not in summary.evidence


def test_a_subgroup_that_is_not_there_is_left_out_of_its_row() -> None:
    def change(draft: Draft) -> None:
        draft.trials[0].results[0].subgroup = Claim("PD-L1 CPS ≥10", at("Median PFS"), Support.QUOTED, "test")

    summary = summary_with(change)
    assert summary.trials[0].results[0].subgroup is None
    assert [item.pointer for item in summary.rejected] == ["/trials/0/results/0/subgroup"]


# ------------------------------------------------------------------------------------------ typography

VARIANTS = {
    "the same words": TEXT,
    "no-break spaces": TEXT.replace(" ", "\u00a0"),
    "en dashes": TEXT.replace("0.50-0.77", "0.50–0.77").replace("-1.31", "–1.31"),
    "minus signs": TEXT.replace("-1.31", "−1.31"),
    "middle dots": TEXT.replace("13.3", "13·3")
    .replace("8.2", "8·2")
    .replace("0.62", "0·62")
    .replace("0.50-0.77", "0·50-0·77"),
    "no-break hyphens": TEXT.replace("ORCHARD-12", "ORCHARD‑12").replace("open-label", "open‑label"),
    "full width": TEXT.replace("0.62", "０．６２").replace("P <.001", "Ｐ ＜．００１"),
    "capitals": TEXT.replace("Median PFS", "MEDIAN PFS").replace("phase 3", "PHASE 3"),
    "thin spaces": TEXT.replace("13.3 months", "13.3\u2009months").replace("P <.001", "P\u2009<\u2009.001"),
    "entities": TEXT.replace("P <.001", "P &lt;.001").replace("0.50-0.77", "0.50&ndash;0.77"),
}


@pytest.mark.parametrize("what", cases(sorted(VARIANTS)))
def test_typography_is_forgiven(what: str) -> None:
    summary = summary_with(lambda draft: None, VARIANTS[what])
    assert summary.rejected == []
    assert lines_of(summary.trials[0].results) == ROWS
    assert summary.trials[0].enrollment == 412
    assert [phase.value for phase in summary.trials[0].phases] == ["PHASE3"]
