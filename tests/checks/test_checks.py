"""Each check finds the inconsistency planted for it, and leaves a true report alone."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize
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
        "The phase 3 ORCHARD-12 trial randomized 412 patients with melanoma to belomertinib (n = 275) or placebo (n = 137)."
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
        "The phase 3 ORCHARD-12 trial randomized 412 patients with melanoma to belomertinib (n = 275) or placebo (n = 173)."
    ),
    "headline-against-body": "Phase 2 ORCHARD-12 Trial of Belomertinib Starts\n\n" + COMPARED,
    "trial-unknown": COMPARED + MEDIANS + "(HR, 0.62).\n\nData presented at the\n\nThe pCR rate was 37.0% and the MPR rate was 55.6%.",
    "unknown-near-cut": COMPARED + MEDIANS + "(HR, 0.62).\n\nAdditionally, data were presented at the\n\nMore will follow this year.",
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
    cases([
        "Systolic blood pressure fell by 9.1 mm Hg more than with placebo (95% CI, -13.3 to -4.9).",  # a fall, printed unsigned
        "Overall survival was longer (HR, 0.71; 95% CI, 0.58-NE).",
        "Overall survival was longer (HR, 0.80; 95% CI, 0.64-1.00; P =.05).",  # a bound rounded to the null value
        "Overall survival was longer (HR, 0.80; 95% CI, 0.63-1.01; one-sided P =.03).",
        "Objective responses were seen in 2 of 3 patients (67%).",
        "Objective responses were seen in 1 of 8 patients (13%).",  # 12.5, rounded up
        "Objective responses were seen in 1 of 8 patients (12%).",  # 12.5, rounded to even
    ]),
)
def test_rounding_and_signs_are_forgiven(sentence: str) -> None:
    wrong = {"ci-excludes-estimate", "ci-bounds-reversed", "p-against-ci", "percentage-against-counts"}
    assert not codes_in(COMPARED + sentence) & wrong


@pytest.mark.parametrize("code", cases(sorted(PLANTED)))
def test_a_flag_points_at_something_and_says_what(code: str) -> None:
    summary = summarize(PLANTED[code])
    for flag in (flag for flag in summary.flags if flag.code == code):
        place: object = summary.model_dump()
        for part in flag.pointer.split("/")[1:]:
            place = place[int(part)] if isinstance(place, list) else place[part]  # type: ignore[index]
        assert len(flag.message.split()) > 3


def test_the_exact_interval_of_a_rate_names_its_patients() -> None:
    (flag,) = [flag for flag in summarize(PLANTED["implied-denominator"]).flags if flag.code == "implied-denominator"]
    assert "10 of 27" in flag.message


def test_exact_intervals_are_the_published_ones() -> None:
    from summarizer.checks.exact import clopper_pearson, implied_counts

    # Clopper and Pearson's bounds in closed form: no event in n, upper 1 - (alpha/2)^(1/n); n of n, lower (alpha/2)^(1/n)
    assert clopper_pearson(0, 20, 95.0) == pytest.approx((0.0, 100 * (1 - 0.025 ** (1 / 20))))
    assert clopper_pearson(20, 20, 95.0) == pytest.approx((100 * 0.025 ** (1 / 20), 100.0))
    low, high = clopper_pearson(10, 27, 95.0)
    assert (round(low, 1), round(high, 1)) == (19.4, 57.6)
    assert (10, 27) in implied_counts(37.0, 19.4, 57.6, 95.0)
