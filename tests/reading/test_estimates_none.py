"""Numbers that are no estimates are left alone."""

from __future__ import annotations

import pytest

from tests.support.known import cases
from tests.support.rows import COMPARED, lines_in

SENTENCES = [
    # doses and schedules
    "Patients received belomertinib 150 mg twice daily in 28-day cycles.",
    "Belomertinib was given at 6 mg/kg every 2 weeks for up to 24 months.",
    "The starting dose was 50 mg, raised to 100 mg at week 6 if tolerated.",
    "Carboplatin was dosed to an area under the curve of 5.",
    # epidemiology
    "Melanoma makes up about 1% of skin cancers but causes most deaths from them.",
    "An estimated 15 million to 20 million people in the United States have the disease.",
    "The 5-year survival rate for metastatic melanoma is about 35% in the general population.",
    "Roughly 30% of patients with melanoma carry a KIT mutation.",
    "About 40% of patients with melanoma do not benefit from current therapies.",
    "In 2024, an estimated 100,640 new cases were diagnosed in the United States.",
    # dates
    "The data cutoff was October 20, 2024.",
    "A decision is expected by December 15, 2026.",
    "The trial opened in March 2021 and closed in 2024.",
    # follow-up
    "The median follow-up was 9.7 months.",
    "After a median follow-up of 33.9 months, the committee met again.",
    "Median follow-up was 24.3 months (IQR, 18.0-30.1).",
    "Patients were followed for at least 12 months.",
    # thresholds and designs
    "Eligible patients had a PD-L1 combined positive score of at least 10.",
    "The trial had 90% power to detect a difference at a one-sided alpha of 0.025.",
    "The prespecified P-value boundary was 0.0125.",
    "Patients with an ejection fraction below 40% were excluded.",
    "A hemoglobin level of 9 g/dL or more was required.",
    "Scans were done every 8 weeks for the first 48 weeks.",
    # sales
    "Sales of belomertinib reached $1.2 billion in 2024, up 38% from 2023.",
    "Shares of the company rose 12% on the news.",
    "The company will receive $250 million upfront and royalties of up to 15%.",
    # ages and other baseline characteristics
    "The median age was 64 years (range, 31-85).",
    "The mean age was 64.2 years, and 38% of patients were women.",
    "At baseline, 42% of patients had liver metastases.",
    "Most patients (71%) had an ECOG performance status of 1.",
    "The mean A1C at baseline was 8.2%.",
    # study lengths and enrolment
    "The 52-week study is followed by a 2-year extension.",
    "The trial enrolled 412 patients at 87 sites in 14 countries.",
    "Of 512 patients screened, 412 were randomized 2:1 to belomertinib or placebo.",
    "A total of 275 patients were assigned to belomertinib and 137 to placebo.",
    "Patients were stratified by age (<65 vs ≥65 years).",
    # spread that is no interval
    "The median time on treatment was 11.2 months (IQR, 6.0-18.4).",
    # other figures
    "The results appear in volume 391, pages 1023-1034.",
    "Call 1-800-555-0199 for details.",
    "The abstract number is 4512 and the session starts at 8:30 AM.",
    "The drug binds its target with a half-life of 12 hours.",
    "See Table 2 and Figure 3.",
    "The registry number is NCT01234567.",
]


@pytest.mark.parametrize("sentence", cases(SENTENCES))
def test_no_estimate(sentence: str) -> None:
    assert lines_in(COMPARED + sentence) == []


BESIDE = [
    (
        "At a median follow-up of 9.7 months, the median PFS was 13.3 months with belomertinib.",
        ["PFS MEDIAN 13.3 months for belomertinib"],
    ),
    (
        "As of the October 20, 2024, data cutoff, the ORR was 46.3% with belomertinib 150 mg twice daily.",
        ["ORR RATE 46.3 % for belomertinib"],
    ),
    (
        "The hazard ratio for OS was 0.71, which met the boundary of P <.0125.",
        ["OS HAZARD_RATIO 0.71"],
    ),
    (
        "Median PFS was 13.3 months with belomertinib (n = 275) and 8.2 months with placebo (n = 137).",
        ["PFS MEDIAN 13.3 months for belomertinib", "PFS MEDIAN 8.2 months for placebo"],
    ),
    (
        "Median PFS was 13.3 months (IQR, 6.0-18.4) with belomertinib.",
        ["PFS MEDIAN 13.3 months for belomertinib"],
    ),
    (
        "Median PFS was 13.3 months (range, 0.4-31.0+) with belomertinib.",
        ["PFS MEDIAN 13.3 months for belomertinib"],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), cases(BESIDE))
def test_estimates_beside_other_numbers(sentence: str, expected: list[str]) -> None:
    assert lines_in(COMPARED + sentence) == expected
