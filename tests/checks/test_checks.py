"""Each check finds the inconsistency planted for it, and leaves a true report alone."""

from __future__ import annotations

import pytest

from summarizer.checks.counts import percentage_against_counts
from summarizer.checks.intervals import interval_excludes_estimate
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
    "ci-off-centre": COMPARED + MEDIANS + "(HR, 0.62; 95% CI, 0.50-0.77; P <.001).",
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
    "ci-off-centre": COMPARED + MEDIANS + "(HR, 0.52; 95% CI, 0.50-0.77; P <.001).",
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
            "Overall survival was no worse (HR, 0.98; 95% CI, 0.85-1.13; P <.001 for noninferiority).",
            "Overall survival was no worse (HR, 0.98; 95% CI, 0.85-1.13; noninferiority P <.001).",
            "Overall survival in women was longer (HR, 0.62; 95% CI, 0.50-0.77; P for interaction = .48).",
            "Overall survival was longer (HR, 0.71; 97.5% CI, 0.49-1.03; P =.04).",  # 95% would exclude 1
            "Overall survival was longer (HR, 0.71; 95% CI, 0.55-0.91; P =.009).",
            "Overall survival was longer (HR, 0.7; 95% CI, 0.72-0.91; P <.001).",  # 0.7 may stand for 0.74
            "Objective responses were seen in 3 of 8 patients (37\u00b75%).",
            "Objective responses were seen in 2 of 3 patients (67%).",
            "Objective responses were seen in 1 of 8 patients (13%).",  # 12.5, rounded up
            "Objective responses were seen in 1 of 8 patients (12%).",  # 12.5, rounded to even
        ]
    ),
)
def test_rounding_and_signs_are_forgiven(sentence: str) -> None:
    wrong = {"ci-excludes-estimate", "ci-bounds-reversed", "p-against-ci", "percentage-against-counts"}
    assert not codes_in(COMPARED + sentence) & wrong


@pytest.mark.parametrize(
    ("sentence", "code"),
    cases(
        [
            ("Overall survival was longer (HR, 0.62; 95% CI, 0.50-0.77; P =.45).", "p-against-ci"),
            ("Overall survival was longer (HR, 0.62; 99% CI, 0.46-0.83; P =.45).", "p-against-ci"),
            ("Overall survival was not longer (HR, 0.95; 95% CI, 0.75-1.20; P <.001 for superiority).", "p-against-ci"),
            ("Overall survival was longer (HR 0.62 [0.70-0.97]).", "ci-excludes-estimate"),  # no interval says its name
            ("Overall survival was longer (HR 0.62 [0.77-0.50]).", "ci-bounds-reversed"),
            ("The ORR was 41% (46-59).", "ci-excludes-estimate"),
            ("Of the 140 patients, 46 (41.9%) had an objective response.", "percentage-against-counts"),
            ("The ORR was 42% (95% CI, 31%-53%) with 33 of 39 (ORR, 87%).", "percentage-against-counts"),
            ("Objective responses were seen in 3 of 8 patients (39\u00b75%).", "percentage-against-counts"),
        ]
    ),
)
def test_an_inconsistency_is_found_however_it_is_printed(sentence: str, code: str) -> None:
    assert code in codes_in(COMPARED + sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Median OS was 8.2 months with placebo and 13.3 months with belomertinib (HR, 0.62; 95% CI, 0.50-0.77).",
        (
            "The HR for PFS was 0.62 (95% CI, 0.50-0.77), with a median PFS of 13.3 months with belomertinib and 8.2 "
            "months with placebo."
        ),
        "Median PFS was 8.0 months with belomertinib vs 8.2 months with placebo (HR, 0.88; 95% CI, 0.76-1.02).",
    ],
)
def test_medians_on_the_right_side_of_their_hazard_ratio(sentence: str) -> None:
    assert "hr-against-medians" not in codes_in(COMPARED + sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Median OS was 8.2 months with placebo and 13.3 months with belomertinib (HR, 1.62; 95% CI, 1.30-2.00).",
        (
            "The HR for PFS was 1.62 (95% CI, 1.30-2.00), with a median PFS of 13.3 months with belomertinib and 8.2 "
            "months with placebo."
        ),
    ],
)
def test_medians_on_the_wrong_side_of_their_hazard_ratio(sentence: str) -> None:
    assert "hr-against-medians" in codes_in(COMPARED + sentence)


@pytest.mark.parametrize(
    ("text", "is_flagged"),
    [
        ("The phase 3 ORCHARD-12 trial randomized 708 patients, 355 to belomertinib and 353 to placebo.", False),
        ("The phase 3 ORCHARD-12 trial randomized 708 patients, 392 to belomertinib and 353 to placebo.", True),
        ("The phase 3 ORCHARD-12 trial randomized 708 patients (355 and 353) to belomertinib or placebo.", False),
        ("The phase 3 ORCHARD-12 trial randomized 708 patients (355 and 335) to belomertinib or placebo.", True),
    ],
)
def test_arms_behind_the_total(text: str, *, is_flagged: bool) -> None:
    assert ("arms-against-enrollment" in codes_in(text)) == is_flagged


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


@pytest.mark.parametrize(
    ("sentence", "counts"),
    [
        ("The ORR was 37% (95% CI, 19.4%-57.6%).", "10 of 27"),  # the rate printed to a whole percent
        ("The ORR was 36.6% (90% CI, 24.1%-50.6%).", "15 of 41"),
        ("The ORR was 100% (95% CI, 71.5%-100%).", "11 of 11"),
    ],
)
def test_counts_are_implied_at_any_precision_and_level(sentence: str, counts: str) -> None:
    (flag,) = [flag for flag in summarize(SINGLE + sentence).flags if flag.code == "implied-denominator"]
    assert counts in flag.message


@pytest.mark.parametrize(
    "sentence",
    [
        "The ORR was 37.0% (95% CI, 21.5%-55.8%).",  # Wilson's interval of 10 of 27
        "The 12-month PFS rate was 37.0% (95% CI, 19.4%-57.6%).",  # read off a curve: no counts behind it
        "The ORR was 50% (95% CI, 40%-60%).",  # many counts print so
    ],
)
def test_no_counts_are_implied_where_they_cannot_be_told(sentence: str) -> None:
    assert "implied-denominator" not in codes_in(SINGLE + sentence)


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
    assert "arms-against-enrollment" not in codes_in(text)


def test_arms_of_a_set_that_the_text_counts_are_not_held_against_the_enrolment() -> None:
    text = (
        "The phase 3 ORCHARD-12 trial enrolled 412 patients with melanoma. The efficacy set of 400 patients compared "
        "belomertinib (n = 265) with placebo (n = 135)."
    )
    assert "arms-against-enrollment" not in codes_in(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Grade 3/4 adverse events were common (96.6% vs 94.2%).",  # a slash between grades is no fraction
        "MRD negativity in evaluable patients was 89% (n = 145) vs 38% (n = 103).",  # of how many, not how many
    ],
)
def test_numbers_beside_a_percentage_that_are_not_its_counts(sentence: str) -> None:
    assert "percentage-against-counts" not in codes_in(COMPARED + sentence)


@pytest.mark.parametrize(
    ("again", "is_flagged"),
    [
        ("Again, the ORR was 42.1% with belomertinib.", True),
        ("Again, the ORR was 21.4% with belomertinib.", True),  # the same digits in another order
        ("Again, the ORR was 41% with belomertinib.", False),  # rounded
        ("Later, the ORR was 55.0% with belomertinib.", False),  # far enough to be something else
    ],
)
def test_only_what_must_be_one_estimate_is_held_against_itself(again: str, *, is_flagged: bool) -> None:
    assert ("reported-twice" in codes_in(COMPARED + "The ORR was 41.2% with belomertinib. " + again)) == is_flagged
