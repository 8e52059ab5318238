"""Ratios and reductions of risk, in the ways in which the field prints them."""

from __future__ import annotations

import pytest

from tests.support.known import cases
from tests.support.rows import COMPARED, SINGLE, lines_in

FULL = ["PFS HAZARD_RATIO 0.62 (95% CI 0.5 to 0.77) P<0.001"]

SAME_HAZARD_RATIO = [
    "(HR, 0.62; 95% CI, 0.50-0.77; P <.001)",
    "(HR, 0.62; 95% CI, 0.50–0.77; P < .001)",
    "(HR, 0.62; 95% CI, 0.50‑0.77; P<.001)",
    "(HR, 0.62; 95% CI, 0.50−0.77; P < 0.001)",
    "(HR 0.62; 95% CI 0.50—0.77; p<0.001)",
    "(hazard ratio 0.62 [95% CI 0.50 to 0.77], p<0.001)",
    "(hazard ratio, 0.62; 95% confidence interval [CI], 0.50 to 0.77; P<0.001)",
    "(hazard ratio [HR], 0.62; 95% CI, 0.50 to 0.77; P<0.001)",
    "(HR=0.62 (95% CI: 0.50, 0.77), p<0.001)",
    "[HR=0.62; 95% CI: 0.50, 0.77; p<0.001]",
    "(HR: 0.62, 95% CI: 0.50 - 0.77, p-value <0.001)",
    "(HR 0·62, 95% CI 0·50–0·77; p<0·001)",
    "(HR 0.62 [0.50-0.77, 95% CI]; p<0.001)",
    "(HR .62; 95% CI, .50-.77; P <.001)",
    "(hazard ratio for progression or death, 0.62; 95% CI, 0.50 to 0.77; two-sided P<0.001)",
    "(stratified HR, 0.62; 95% CI, 0.50-0.77; one-sided P <.001)",
    "(HR, 0.62; 95% CI, 0.50-0.77; 1-sided P <.001)",
    "(HR 0.62; CI 95%, 0.50-0.77; p<0.001)",
    "(HR, 0.62; 95%CI, 0.50-0.77; P&lt;.001)",
    "(HR, 0.62; 95% CI, 0.50&ndash;0.77; P&nbsp;<&nbsp;.001)",
    "(HR\u00a00.62; 95%\u00a0CI 0.50\u20090.77; p\u00a0<\u00a00.001)".replace("\u20090.77", "\u2009-\u20090.77"),
    "(ＨＲ， ０．６２; 95% CI, 0.50-0.77; P <.001)",
    "(HR, 0.62; 95% CI 0.50 through 0.77; P less than .001)",
    "with a hazard ratio of 0.62 (95% CI, 0.50-0.77; P <.001)",
    "with an HR of 0.62 and a 95% CI of 0.50 to 0.77 (P <.001)",
]


@pytest.mark.parametrize("printed", cases(SAME_HAZARD_RATIO))
def test_one_hazard_ratio_in_many_typographies(printed: str) -> None:
    text = f"{COMPARED}Belomertinib significantly improved progression-free survival {printed}."
    assert lines_in(text) == FULL


SENTENCES = [
    (
        "The hazard ratio for death was 0.71 (95% CI, 0.58-0.87).",
        ["OS HAZARD_RATIO 0.71 (95% CI 0.58 to 0.87)"],
    ),
    (
        "Overall survival favored belomertinib (HR 0.71; 0.58-0.87).",
        ["OS HAZARD_RATIO 0.71 (CI 0.58 to 0.87)"],
    ),
    ("Overall survival favored belomertinib (HR, 0.71; P =.0011).", ["OS HAZARD_RATIO 0.71 P0.0011"]),
    ("Overall survival favored belomertinib (HR, 0.71; P = 0.049).", ["OS HAZARD_RATIO 0.71 P0.049"]),
    (
        "Overall survival did not differ (HR, 1.02; 95% CI, 0.83-1.26; P >.05).",
        ["OS HAZARD_RATIO 1.02 (95% CI 0.83 to 1.26) P>0.05"],
    ),
    (
        "Overall survival did not differ (HR, 1.02; 95% CI, 0.83-1.26; P = NS).",
        ["OS HAZARD_RATIO 1.02 (95% CI 0.83 to 1.26)"],
    ),
    (
        "Overall survival was longer (HR, 0.71; 90% CI, 0.60-0.84).",
        ["OS HAZARD_RATIO 0.71 (90% CI 0.6 to 0.84)"],
    ),
    (
        "Overall survival was longer (HR, 0.71; 96.5% CI, 0.56-0.90).",
        ["OS HAZARD_RATIO 0.71 (96.5% CI 0.56 to 0.9)"],
    ),
    (
        "Overall survival was longer (HR, 0.71; 97.5% CI, 0.55-0.92).",
        ["OS HAZARD_RATIO 0.71 (97.5% CI 0.55 to 0.92)"],
    ),
    (
        "Overall survival was longer (HR, 0.71; 99% CI, 0.53-0.95).",
        ["OS HAZARD_RATIO 0.71 (99% CI 0.53 to 0.95)"],
    ),
    (
        "Overall survival was longer (HR, 0.71; 95.2% CI, 0.58 to 0.87).",
        ["OS HAZARD_RATIO 0.71 (95.2% CI 0.58 to 0.87)"],
    ),
    (
        "Overall survival was longer (HR, 0.71; 95% CI, 0.58-NE).",
        ["OS HAZARD_RATIO 0.71 (95% CI 0.58 to NE)"],
    ),
    (
        "Hazard ratios were 0.62 (95% CI, 0.50-0.77) for PFS and 0.71 (95% CI, 0.58-0.87) for OS.",
        ["PFS HAZARD_RATIO 0.62 (95% CI 0.5 to 0.77)", "OS HAZARD_RATIO 0.71 (95% CI 0.58 to 0.87)"],
    ),
    (
        "Belomertinib improved PFS (HR, 0.62; P <.001) and OS (HR, 0.71; P =.002).",
        ["PFS HAZARD_RATIO 0.62 P<0.001", "OS HAZARD_RATIO 0.71 P0.002"],
    ),
    (
        "The odds ratio for an objective response was 2.8 (95% CI, 1.9-4.1; P <.0001).",
        ["ORR ODDS_RATIO 2.8 (95% CI 1.9 to 4.1) P<0.0001"],
    ),
    (
        "Objective responses were more frequent with belomertinib (OR, 2.8; 95% CI, 1.9-4.1).",
        ["ORR ODDS_RATIO 2.8 (95% CI 1.9 to 4.1)"],
    ),
    (
        "Deaths were fewer with belomertinib (risk ratio, 0.81; 95% CI, 0.70 to 0.94).",
        ["DEATH RISK_RATIO 0.81 (95% CI 0.7 to 0.94)"],
    ),
    (
        "Deaths were fewer with belomertinib (relative risk, 0.81; 95% CI, 0.70 to 0.94).",
        ["DEATH RISK_RATIO 0.81 (95% CI 0.7 to 0.94)"],
    ),
    (
        "Deaths were fewer with belomertinib (RR 0.81, 95% CI 0.70–0.94).",
        ["DEATH RISK_RATIO 0.81 (95% CI 0.7 to 0.94)"],
    ),
    (
        "The rate ratio for exacerbations was 0.44 (95% CI, 0.35-0.55; P<0.001).",
        ["exacerbations RATE_RATIO 0.44 (95% CI 0.35 to 0.55) P<0.001"],
    ),
    (
        "The incidence rate ratio for exacerbations was 0.44 (95% CI, 0.35-0.55).",
        ["exacerbations RATE_RATIO 0.44 (95% CI 0.35 to 0.55)"],
    ),
    ("Belomertinib brought a 38% reduction in the risk of death.", ["OS RISK_REDUCTION 38 %"]),
    ("Belomertinib reduced the risk of death by 38%.", ["OS RISK_REDUCTION 38 %"]),
    ("Belomertinib lowered the risk of disease progression or death by 38%.", ["PFS RISK_REDUCTION 38 %"]),
    (
        "Belomertinib cut the risk of progression or death by 38% (HR, 0.62).",
        ["PFS RISK_REDUCTION 38 %", "PFS HAZARD_RATIO 0.62"],
    ),
    ("The risk of death was reduced by 38% with belomertinib.", ["OS RISK_REDUCTION 38 %"]),
    ("The risk of death was 38% lower with belomertinib.", ["OS RISK_REDUCTION 38 %"]),
    ("There was a 38 percent lower risk of death with belomertinib.", ["OS RISK_REDUCTION 38 %"]),
    ("Overall survival was not improved (P = .31).", ["OS OTHER none P0.31"]),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(SENTENCES))
def test_ratios_and_reductions(sentence: str, expected: list[str]) -> None:
    assert lines_in(COMPARED + sentence) == expected


VACCINE = "The phase 3 ORCHARD-12 trial randomly assigned older adults to the vaccine or placebo. "

EFFICACY = [
    (
        "Vaccine efficacy against influenza was 82.4% (95% CI, 71.0-89.5).",
        "RISK_REDUCTION 82.4 % (95% CI 71 to 89.5)",
    ),
    ("Vaccine efficacy was 82.4% (95% CI, 71.0% to 89.5%).", "RISK_REDUCTION 82.4 % (95% CI 71 to 89.5)"),
    ("The vaccine was 82.4% effective against influenza.", "RISK_REDUCTION 82.4 %"),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(EFFICACY))
def test_vaccine_efficacy_is_a_reduction_of_risk(sentence: str, expected: str) -> None:
    (line,) = lines_in(VACCINE + sentence)
    assert line.endswith(expected)


@pytest.mark.parametrize(
    "sentence",
    cases(
        [
            "The hazard ratio was below 1 in every subgroup.",
            "The trial was designed to detect a hazard ratio of 0.70 with 90% power.",
            "The boundary for significance was a P value of .0125.",
            "Significance was declared at P <.025.",
            "A two-sided alpha of 0.05 was used.",
        ]
    ),
)
def test_designs_and_thresholds_are_no_ratios(sentence: str) -> None:
    assert lines_in(COMPARED + sentence) == []


def test_a_ratio_of_a_trial_with_one_arm_has_no_arm() -> None:
    text = SINGLE + "Patients with a response lived longer (HR, 0.40; 95% CI, 0.22-0.71)."
    (line,) = lines_in(text)
    assert line.startswith("OS HAZARD_RATIO 0.4 (95% CI 0.22 to 0.71)")
    assert " for " not in line


LATE = [
    ("Overall survival was longer with belomertinib (HR, 0.71; 95% CI, 0.58-0.87; P <.001).\n\nThe", 1),
    ("The PFS hazard ratio was 0.62.1 Survival data are awaited.", 1),
    ("The hazard ratio for PFS was 0.62 (95% CI, 0.50-0.77; P <.001).2,3", 1),
]


@pytest.mark.parametrize(("sentence", "count"), cases(LATE))
def test_what_follows_a_ratio_does_not_change_it(sentence: str, count: int) -> None:
    lines = lines_in(COMPARED + sentence)
    assert len(lines) == count
    assert " HAZARD_RATIO 0.71 " in lines[0] or " HAZARD_RATIO 0.62" in lines[0]
