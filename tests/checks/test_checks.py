"""Each check finds the inconsistency planted for it, and leaves a true report alone."""

from __future__ import annotations

import pytest

from summarizer.checks.records import arms_against_enrollment
from summarizer.checks.statistics import interval_excludes_estimate, percentage_against_counts
from summarizer.pipeline import summarize
from summarizer.schemas import Result, Statistic, Summary
from tests.support.known import cases
from tests.support.rows import COMPARED, SINGLE

MEDIANS = "Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo "

TRUE_REPORTS = {
    "ci-excludes-estimate": COMPARED + MEDIANS + "(HR, 0.62; 95% CI, 0.50-0.77; P <.001).",
    "ci-bounds-reversed": COMPARED + MEDIANS + "(HR, 0.62; 95% CI, 0.50-0.77; P <.001).",
    "p-against-ci": COMPARED + MEDIANS + "(HR, 0.62; 95% CI, 0.50-0.77; P <.001).",
    "percentage-against-counts": SINGLE + "Objective responses were seen in 10 of 27 patients (37.0%).",
    "hr-against-medians": COMPARED + MEDIANS + "(HR, 0.62).",
    "reported-twice": COMPARED + "The ORR was 41.2% with belomertinib. Again, the ORR was 41.2% with belomertinib.",
    "implied-denominator": SINGLE + "The ORR was 37.0% (95% CI, 21.0%-56.0%).",
    "arms-against-enrollment": (
        "The phase 3 ORCHARD-12 trial randomized 412 patients with melanoma to belomertinib (n "
        "= 275) or placebo (n = 137)."
    ),
    "headline-against-body": "Phase 3 ORCHARD-12 Trial of Belomertinib Starts\n\n" + COMPARED,
    "trial-unknown": COMPARED + MEDIANS + "(HR, 0.62).",
    "unknown-near-cut": COMPARED + MEDIANS + "(HR, 0.62).",
}
PLANTED = {
    "ci-excludes-estimate": COMPARED + MEDIANS + "(HR, 0.62; 95% CI, 0.70-0.97; P =.02).",
    "ci-bounds-reversed": COMPARED + MEDIANS + "(HR, 0.62; 95% CI, 0.77-0.50; P <.001).",
    "p-against-ci": COMPARED + MEDIANS + "(HR, 0.62; 95% CI, 0.50-1.27; P <.001).",
    "percentage-against-counts": SINGLE + "Objective responses were seen in 10 of 27 patients (73.0%).",
    "hr-against-medians": COMPARED + MEDIANS + "(HR, 1.62).",
    "reported-twice": COMPARED + "The ORR was 41.2% with belomertinib. Again, the ORR was 42.1% with belomertinib.",
    "implied-denominator": SINGLE + "The ORR was 37.0% (95% CI, 19.4%-57.6%).",  # exact interval of 10 of 27
    "arms-against-enrollment": (
        "The phase 3 ORCHARD-12 trial randomized 412 patients with melanoma to belomertinib (n "
        "= 275) or placebo (n = 173)."
    ),
    "headline-against-body": "Phase 2 ORCHARD-12 Trial of Belomertinib Starts\n\n" + COMPARED,
    "trial-unknown": COMPARED
    + MEDIANS
    + "(HR, 0.62).\n\nData presented at the\n\nThe pCR rate was 37.0% and the MPR rate was 55.6%.",
    "unknown-near-cut": COMPARED
    + MEDIANS
    + "(HR, 0.62).\n\nAdditionally, data were presented at the\n\nMore will follow this year.",
}


def codes_in(text: str) -> set[str]:
    return {flag.code for flag in summarize(text).flags}


@pytest.mark.parametrize("code", cases(sorted(PLANTED)))
def test_a_planted_inconsistency_is_found(code: str) -> None:
    assert code in codes_in(PLANTED[code])


@pytest.mark.parametrize("code", sorted(TRUE_REPORTS))
def test_a_true_report_is_not_flagged(code: str) -> None:
    assert code not in codes_in(TRUE_REPORTS[code])


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            (
                "Systolic blood pressure fell by 9.1 mm Hg more than with placebo (95% CI, -13.3 to -4.9)."
            ),  # a fall, printed unsigned
            "Overall survival was longer (HR, 0.71; 95% CI, 0.58-NE).",
            ("Overall survival was longer (HR, 0.80; 95% CI, 0.64-1.00; P =.05)."),  # a bound rounded to the null value
            "Overall survival was longer (HR, 0.80; 95% CI, 0.63-1.01; one-sided P =.03).",
            "Objective responses were seen in 2 of 3 patients (67%).",
            "Objective responses were seen in 1 of 8 patients (13%).",  # 12.5, rounded up
            "Objective responses were seen in 1 of 8 patients (12%).",  # 12.5, rounded to even
        ]
    ),
)
def test_rounding_and_signs_are_forgiven(sentence: str) -> None:
    wrong = {"ci-excludes-estimate", "ci-bounds-reversed", "p-against-ci", "percentage-against-counts"}
    assert not codes_in(COMPARED + sentence) & wrong


@pytest.mark.parametrize("code", cases(sorted(PLANTED)))
def test_a_flag_points_at_something_and_says_what(code: str) -> None:
    summary = summarize(PLANTED[code])
    flags = [flag for flag in summary.flags if flag.code == code]
    assert flags
    for flag in flags:
        place: object = summary.model_dump()
        for part in flag.pointer.split("/")[1:]:
            place = place[int(part)] if isinstance(place, list) else place[part]  # type: ignore[index]
        assert len(flag.message.split()) > 3


def test_the_exact_interval_of_a_rate_names_its_patients() -> None:
    (flag,) = [flag for flag in summarize(PLANTED["implied-denominator"]).flags if flag.code == "implied-denominator"]
    assert "10 of 27" in flag.message


def test_exact_intervals_are_the_published_ones() -> None:
    from scipy.stats import binomtest

    from summarizer.checks.exact import implied_counts

    for x, n, level in ((10, 27, 0.95), (15, 27, 0.95), (3, 41, 0.9), (88, 120, 0.95), (1, 12, 0.99)):
        exact = binomtest(x, n).proportion_ci(confidence_level=level, method="exact")
        printed = (round(100 * x / n, 1), round(100 * exact.low, 1), round(100 * exact.high, 1))
        assert (x, n) in implied_counts(*printed, 100 * level)
    assert implied_counts(37.0, 19.4, 57.9, 95.0) == []


def summary_of(row: Result) -> Summary:
    """A summary whose one row is as given, whatever the reader makes of such a text."""
    summary = summarize("Nothing is reported here.")
    summary.unattributed_results = [row]
    return summary


def ratio(value: float, low: float | None, high: float | None) -> Summary:
    return summary_of(
        Result(statistic=Statistic.HAZARD_RATIO, value=value, value_text=str(value), ci_low=low, ci_high=high)
    )


@pytest.mark.parametrize(
    ("low", "high", "codes"),
    [
        (0.50, 0.77, []),
        (0.62, 0.77, []),
        (0.50, 0.62, []),
        (0.50, None, []),
        (None, 0.77, []),
        (None, None, []),
        (0.63, 0.77, ["ci-excludes-estimate"]),
        (0.50, 0.61, ["ci-excludes-estimate"]),
        (0.63, None, ["ci-excludes-estimate"]),
        (0.77, 0.50, ["ci-bounds-reversed"]),
    ],
)
def test_an_interval_holds_its_estimate(low: float | None, high: float | None, codes: list[str]) -> None:
    assert [flag.code for flag in interval_excludes_estimate(ratio(0.62, low, high))] == codes


@pytest.mark.parametrize(
    ("value", "printed", "part", "size", "is_flagged"),
    [
        (37.0, "37.0%", 10, 27, False),
        (37, "37%", 10, 27, False),
        (38, "38%", 10, 27, True),
        (37.1, "37.1%", 10, 27, True),
    ],
)
def test_a_percentage_agrees_with_its_counts(
    value: float, printed: str, part: int, size: int, is_flagged: bool
) -> None:
    row = Result(statistic=Statistic.RATE, value=value, value_text=printed, unit="%", numerator=part, denominator=size)
    assert bool(list(percentage_against_counts(summary_of(row)))) == is_flagged


def test_arms_without_sizes_are_not_added_up() -> None:
    text = "The phase 3 ORCHARD-12 trial enrolled 412 patients to compare belomertinib (n = 275) with placebo."
    assert list(arms_against_enrollment(summarize(text))) == []
