"""Endpoints that no list holds: composed, with a threshold, or named by the instrument that measures them."""

from __future__ import annotations

import pytest

from tests.support.rows import COMPARED, SINGLE, lines_in

HEART = "The phase 3 ORCHARD-12 trial randomly assigned adults with heart failure to belomertinib or placebo. "
DIABETES = "The phase 3 ORCHARD-12 trial randomly assigned adults with type 2 diabetes to semaglutide or placebo. "
VACCINE = "The phase 3 ORCHARD-12 trial randomly assigned adults to a vaccine or placebo. "
SCALE = (
    "The phase 3 ORCHARD-12 trial randomly assigned adults with ataxia to belomertinib or placebo. The primary"
    " endpoint "
    "was change from baseline in Willow Gait Stability Scale (WGSS) total score at 52 weeks. "
)
SENTENCES = [
    (
        HEART + "The hazard ratio for cardiovascular death or hospitalization for heart failure was 0.77.",
        ["cardiovascular death or hospitalization for heart failure HAZARD_RATIO 0.77"],
    ),
    (
        COMPARED + "Time to worsening of pain was longer with belomertinib (HR, 0.66; 95% CI, 0.50-0.88).",
        ["time to worsening of pain HAZARD_RATIO 0.66 (95% CI 0.5 to 0.88)"],
    ),
    (
        COMPARED + "For melanoma-specific survival the hazard ratio was 0.58.",
        ["melanoma-specific survival HAZARD_RATIO 0.58"],
    ),
    (
        DIABETES + "An A1C below 7% was reached by 68% of patients on semaglutide and 24% on placebo.",
        ["a1c below 7% RATE 68 % for semaglutide", "a1c below 7% RATE 24 % for placebo"],
    ),
    (
        VACCINE + "Vaccine efficacy against severe disease was 82.4% (95% CI, 70.1-90.2).",
        ["severe disease RISK_REDUCTION 82.4 % (95% CI 70.1 to 90.2)"],
    ),
    (
        SCALE + "WGSS scores moved by 2.1 points with belomertinib and by -0.4 points with placebo.",
        ["wgss scores MEAN_CHANGE 2.1 points for belomertinib", "wgss scores MEAN_CHANGE -0.4 points for placebo"],
    ),
    (
        SCALE + "A gain of 3 points or more was made by 30.4% of patients on belomertinib vs 12.5% on placebo.",
        [
            "gain of 3 points or more RATE 30.4 % for belomertinib",
            "gain of 3 points or more RATE 12.5 % for placebo",
        ],
    ),
    (
        SINGLE + "Dose-limiting toxicities were seen in 2 of 31 patients (6%).",
        ["dose-limiting toxicities RATE 6 % 2/31"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_endpoints_that_no_list_holds(text: str, expected: list[str]) -> None:
    assert lines_in(text) == expected


RATES_A_YEAR = [
    (
        "The annualized relapse rate was 0.14 (95% CI, 0.10-0.20) with belomertinib and 0.28 with placebo.",
        [
            "annualized relapse rate EVENT_RATE 0.14 (95% CI 0.1 to 0.2) for belomertinib",
            "annualized relapse rate EVENT_RATE 0.28 for placebo",
        ],
    ),
    (
        "The annualised exacerbation rate was 0.93 per patient-year with belomertinib and 2.10 with placebo.",
        [
            "annualised exacerbation rate EVENT_RATE 0.93 per patient-year for belomertinib",
            "annualised exacerbation rate EVENT_RATE 2.1 per patient-year for placebo",
        ],
    ),
    ("The annualized relapse rate fell by 52%.", ["annualized relapse rate RISK_REDUCTION 52 %"]),
]


@pytest.mark.parametrize(("sentence", "expected"), RATES_A_YEAR)
def test_a_rate_a_year_needs_no_unit(sentence: str, expected: list[str]) -> None:
    assert lines_in(COMPARED + sentence) == expected


BASELINE = [
    "A1C fell from a mean of 8.2% at the start.",
    "At baseline the mean A1C was 8.2%.",
    "The mean A1C at entry was 8.2%.",
]


@pytest.mark.parametrize("sentence", BASELINE)
def test_what_was_measured_at_the_start_is_no_result(sentence: str) -> None:
    assert not [line for line in lines_in(DIABETES + sentence) if "8.2" in line]
