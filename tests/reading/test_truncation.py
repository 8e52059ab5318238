"""Damaged passages of the five kinds, and undamaged ones that only look like them."""

from __future__ import annotations

import pytest

from summarizer.pipeline import summarize
from tests.support.known import cases

LEAD = (
    "Belomertinib improved survival in the phase 3 ORCHARD-12 trial of patients with advanced melanoma. "
    "Median PFS was 13.3 months with belomertinib vs 8.2 months with placebo (HR, 0.62; P <.001).\n\n"
)
REST = "\n\nThe company plans to discuss the findings with regulators in the coming months."
RESULTS = (
    "\n\nThe objective response rate was 41.2% (95% CI, 30.1%-53.0%), and responses lasted a median of 9.4 months."
)


def damage_in(text: str) -> list[tuple[str, str]]:
    return [(damage.kind.value, damage.text) for damage in summarize(text).truncations]


CUT_SENTENCES = [
    "Data presented at the",
    "Additionally, data presented from the",
    "The drug is also being tested in the",
    "Earlier results were published in",
    "Patients were enrolled at sites in the United States and",
    "According to the investigators, who presented their findings at the",
    "The trial's design was described by",
    "Full results will be shared at an",
    "The safety profile was consistent with that of",
    "In addition, findings from a",
    "Responses were seen in patients who had received",
    "Belomertinib is also under study with",
    "A",
    "The",
]


@pytest.mark.parametrize("cut", cases(CUT_SENTENCES))
def test_sentences_cut_inside_the_article(cut: str) -> None:
    assert damage_in(LEAD + cut + REST) == [("CUT_SENTENCE", cut)]


@pytest.mark.parametrize(
    "cut",
    cases(
        [
            "Safety was in line with earlier reports. The findings were presented at the",
            ("Safety was in line with earlier reports. Further analyses of survival are planned for the first half of"),
            "Safety was in line with earlier reports. The company expects to file an applic",
            "Safety was in line with earlier reports. Investigators said that the combination",
            "Safety was in line with earlier reports. Patients without a response were offered",
        ]
    ),
)
def test_the_end_of_the_article_is_cut(cut: str) -> None:
    last = cut.split(". ", 1)[1]
    assert damage_in(LEAD + cut) == [("CUT_END", last)]


@pytest.mark.parametrize(
    "start",
    cases(
        [
            "and improved survival in patients with advanced melanoma, according to data from ORCHARD-12.",
            "in the intention-to-treat population, where median OS was 13.9 months with belomertinib.",
            "of the 412 patients in the phase 3 ORCHARD-12 trial, most had received no treatment before.",
            "which was presented in Chicago, showed that belomertinib improved survival in ORCHARD-12.",
        ]
    ),
)
def test_the_start_of_the_article_is_missing(start: str) -> None:
    found = damage_in(f"{start} The trial compared belomertinib with placebo.{REST}")
    assert [kind for kind, _ in found] == ["CUT_START"]
    assert found[0][1].startswith(start[:20])


@pytest.mark.parametrize(
    "gap",
    cases(
        [
            "Further results from the trial () showed a benefit in older patients.",
            "The main results appeared in  on June 30.",
            "Further data were shared at the , where they drew attention.",
            "The benefit was also seen in patients with , the investigators said.",
            "The trial () is sponsored by the company.",
            "Investigators of the  trial will follow patients for five years.",
            "Results were published in .",
        ]
    ),
)
def test_words_missing_inside_a_sentence(gap: str) -> None:
    found = damage_in(LEAD + gap + REST)
    assert [kind for kind, _ in found] == ["GAP"]
    assert found[0][1] in gap


def test_an_announced_list_that_is_not_there() -> None:
    sentence = "The secondary endpoints of the trial were the following:"
    after = (
        "\n\nThe company said on Monday that it will discuss the findings with regulators "
        "in the United States and Europe."
    )
    assert damage_in(LEAD + sentence + after) == [("GAP", sentence)]


@pytest.mark.parametrize(
    "cut",
    cases(
        [
            "Data presented at the",
            "Additionally, data from a second study were shown at the",
            "Another study of the drug, presented in",
            "Earlier findings, reported from the",
        ]
    ),
)
def test_results_after_a_cut_introduction_lost_their_antecedent(cut: str) -> None:
    assert damage_in(LEAD + cut + RESULTS + REST) == [
        ("CUT_SENTENCE", cut),
        ("LOST_ANTECEDENT", RESULTS.strip()),
    ]


def test_a_passage_that_names_its_trial_lost_nothing() -> None:
    named = "\n\nIn the phase 2 ORCHARD-4 trial, the objective response rate was 41.2% with belomertinib."
    assert damage_in(LEAD + "Data presented at the" + named + REST) == [("CUT_SENTENCE", "Data presented at the")]


def test_several_places_are_reported_in_their_order() -> None:
    text = LEAD + "Data presented at the\n\nThe drug is also being tested in the" + REST + " Further details are in the"
    assert damage_in(text) == [
        ("CUT_SENTENCE", "Data presented at the"),
        ("CUT_SENTENCE", "The drug is also being tested in the"),
        ("CUT_END", "Further details are in the"),
    ]


UNDAMAGED = [
    # headings without a full stop
    "What the Numbers Show",
    "Safety and Tolerability",
    "Where the Field Goes From Here",
    "How the Drug Works",
    "Results at a Glance",
    "A Pill to Look Out For",
    "What Comes Next",
    "Overall Survival",
    "Why It Matters",
    "New hope for patients with melanoma",
    # ellipses and quotations
    "The investigators had hoped for more, but in the end...",
    "“We waited a long time for this…” she said.",
    "“This is the result that we were waiting for,” said Ann Lee, MD.",
    '"It is a drug that people can live with," he said. "And that is what they asked for."',
    # phrasal verbs, and questions, that end in a preposition
    "The team now has two more trials to move on.",
    "This is the drug they asked for.",
    "It gave patients something to look forward to.",
    "The study is one that clinicians can build on.",
    "Few patients dropped out.",
    "The sponsor decided to carry on.",
    "It was the trial that everyone had been waiting for.",
    "Which patients should be treated with it, and what for?",
    # lists and captions
    ("Key points:\n\n- PFS was longer with belomertinib\n- Safety was as expected\n- Survival follow-up goes on"),
    "1. Longer PFS\n2. Fewer symptoms\n3. No new safety signals",
    "The trial has three arms:\n\n• belomertinib\n• placebo\n• observation",
    "Figure 1. Progression-free survival in ORCHARD-12",
    "Photo: A pathologist at work",
    "Image credit: Example Agency",
    # bylines, dates, navigation
    "By Maria Stone",
    "By Maria Stone, PhD",
    "June 11, 2025",
    "Read more about melanoma",
    "Related: Trial of a new pill to start",
    "Home | News | Oncology | Melanoma",
    "Share this article",
    "Next: What patients should know",
    "Source: Example Therapeutics",
    # initials and abbreviations
    "The work was led by J. R. Smith, MD, of the institute in St. Louis, Mo.",
    "Responses were seen in melanoma, sarcoma, etc.",
    "Rash, nausea, fatigue, et al. were the usual side effects, i.e. mild.",
    "The company, Example Therapeutics Inc., has offices in the U.S.",
    "The comparison was belomertinib vs. placebo.",
    "The agency is expected to decide by 5 p.m.",
    "It is sold by Example A.G. in the E.U.",
    # statistics at the end
    "Overall survival was also longer (HR, 0.71; P <.001).",
    "Overall survival was also longer, with P <.001.",
    "The hazard ratio was 0.71.2",
    "The findings were published this week.1,2",
    # tables
    (
        "| Outcome | Belomertinib | Placebo |\n|---|---|---|\n| Median PFS, months | 13.3 | 8.2 "
        "|\n| ORR, % | 46.3 | 31.0 |"
    ),
    "Outcome\nBelomertinib\nPlacebo\nMedian PFS, months\n13.3\n8.2\nORR, %\n46.3\n31.0",
    # questions and answers
    "Q: What is the next step?\n\nA: We will follow patients for five years.",
    "Q. Who was enrolled?\n\nA. Adults with advanced melanoma.",
    "Why was this study done?\n\nTo find out whether belomertinib helps.",
    # small things
    "Patients received belomertinib (150 mg twice daily) or placebo.",
    "In vitro, in vivo, and ex vivo work had come before.",
    "The trial is ongoing; enrollment is closed.",
    "The company is listed on Nasdaq (EXTX).",
    "Grade 3 rash was seen in 4% of patients; there were no deaths.",
    "Belomertinib is taken once a day, with or without food.",
    "iPLEX is a trademark of its owner.",
]


@pytest.mark.parametrize("passage", cases(UNDAMAGED))
def test_undamaged_passages(passage: str) -> None:
    assert damage_in(LEAD + passage + REST) == []


LAST_LINES = [
    "Overall survival was also longer, with P <.001",
    "Contact: press@example.org",
    "References\n1. Stone M, et al. Belomertinib in melanoma. J Example Med. 2025;12(3):101-110.",
    "Read more about melanoma",
    "© 2025 Example News. All rights reserved.",
    "About Example Therapeutics\nExample Therapeutics is a company based in Boston.",
    "Tags: melanoma, belomertinib, phase 3",
    "This article was first published on June 11, 2025.",
    "https://www.example.org/news/orchard",
    "###",
]


@pytest.mark.parametrize("last", cases(LAST_LINES))
def test_articles_that_end_as_articles_do(last: str) -> None:
    assert damage_in(LEAD.strip() + REST + "\n\n" + last) == []


HEADLINES = [
    "Belomertinib Extends Survival in Melanoma",
    "FDA Grants Priority Review to Belomertinib for Patients With Advanced Melanoma",
    "belomertinib extends survival in melanoma",
    "Melanoma drug belomertinib: what the new data mean for patients",
    "Example Therapeutics to present new data on belomertinib at ESMO",
]


@pytest.mark.parametrize("headline", cases(HEADLINES))
def test_headlines(headline: str) -> None:
    assert damage_in(headline + "\n\n" + LEAD.strip() + REST) == []


def test_the_text_of_a_truncation_is_copied_exactly() -> None:
    text = LEAD + "Data\u00a0presented – at\u2009the" + REST
    assert damage_in(text) == [("CUT_SENTENCE", "Data\u00a0presented – at\u2009the")]
