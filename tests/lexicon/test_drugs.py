"""Interventions: every source of names, and what is none of them."""

from __future__ import annotations

import pytest

from summarizer.lexicon import find_drugs, local_names


def found(text: str) -> list[tuple[str, str]]:
    return [(mention.text, mention.generic) for mention in find_drugs(text)]


def generics(text: str) -> list[str]:
    return [mention.generic for mention in find_drugs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Patients took Jardiance.", [("Jardiance", "empagliflozin")]),
        ("KEYTRUDA® was added.", [("KEYTRUDA", "pembrolizumab")]),
        ("Tarlatamab-dlle works.", [("Tarlatamab-dlle", "tarlatamab")]),
        ("Trodelvy", [("Trodelvy", "sacituzumab govitecan")]),
        ("sacituzumab govitecan-hziy", [("sacituzumab govitecan-hziy", "sacituzumab govitecan")]),
        ("fam-trastuzumab deruxtecan-nxki", [("fam-trastuzumab deruxtecan-nxki", "trastuzumab deruxtecan")]),
        ("nab–paclitaxel", [("nab–paclitaxel", "nab-paclitaxel")]),
        ("the gemcitabine-cisplatin arm", [("gemcitabine-cisplatin", "GP")]),
        ("pemetrexed/carboplatin", [("pemetrexed", "pemetrexed"), ("carboplatin", "carboplatin")]),
        ("insulin degludec", [("insulin degludec", "insulin degludec")]),
        ("MK-3475 was given", [("MK-3475", "pembrolizumab")]),
        ("vitamin\nD", [("vitamin\nD", "vitamin D")]),
    ],
)
def test_names_brands_and_codes_give_the_generic_name(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_the_dictionary_gives_the_drugbank_id() -> None:
    (mention,) = find_drugs("Opdivo")
    assert (mention.drugbank_id, mention.kind, mention.source) == ("DB09035", "DRUG", "VOCABULARY")


@pytest.mark.parametrize(
    "name",
    [
        "zorbutinib",
        "quelvarasib",
        "plovetamab",
        "drinovaptan",
        "vexaglutide",
        "tirbofungin",
        "mecladegib",
        "ravopatug",
        "oltavoleucel",
        "brexudrostat",
        "nilvacapavir",
    ],
)
def test_an_unknown_name_is_recognised_by_its_stem(name: str) -> None:
    (mention,) = find_drugs(f"They compared {name} with placebo.")[:1]
    assert (mention.text, mention.generic, mention.source) == (name, name, "STEM")


@pytest.mark.parametrize(
    ("text", "generic"),
    [
        ("plovetamab vedotin", "plovetamab vedotin"),
        ("Plovetamab tirumotecan-abcd", "plovetamab tirumotecan"),
        ("quelvimogene oderparepvec", "quelvimogene oderparepvec"),
        ("oltavimogene zamikeleucel", "oltavimogene zamikeleucel"),
    ],
)
def test_names_of_two_words_are_one_name(text: str, generic: str) -> None:
    assert generics(text) == [generic]


@pytest.mark.parametrize(
    "text",
    [
        "The system gives an estimate for every vehicle on the carbonate platform.",
        "A polypeptide and a nucleotide met at the thermostat; the concept was excepted at Christmastide.",
        "Professor Gundersen and Mr. Halvorsen met at the Guadalquivir.",
        "Serum potassium and glucose were normal, cholesterol was high, testosterone levels fell.",
        "Insulin resistance and estradiol levels were measured.",
        "The observation period and this observation were long.",
        "CD24 and CLDN18.2 bind; PD-L1, HER2, KRAS G12C and L858R are markers; HbA1c fell; COVID-19 came.",
        "Study ABC-123 (NCT01234567) and the WXYZ-12 trial reported; protocol QR104-302 too.",
        "The EORTC QLQ-C30 form, RECIST 1.1 and the SF-36.",
        "Artificial intelligence (AI) read the scans; AI was quick.",
        "Camila and Kendrick bought oats at the Armour store.",
    ],
)
def test_ordinary_words_values_genes_and_trials_are_no_drugs(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "generic", "kind"),
    [
        ("mFOLFOX6", "mFOLFOX6", "REGIMEN"),
        ("R-CHOP", "R-CHOP", "REGIMEN"),
        ("XELOX", "XELOX", "REGIMEN"),
        ("chemotherapies", "chemotherapy", "CLASS"),
        ("platinum-based chemotherapy", "platinum-based chemotherapy", "CLASS"),
        ("aromatase inhibitors", "aromatase inhibitor", "CLASS"),
        ("CDK4/6 inhibitors", "CDK4/6 inhibitor", "CLASS"),
        ("PD-1 checkpoint inhibitor", "PD-1 checkpoint inhibitor", "CLASS"),
        ("a KRAS G12C inhibitor", "KRAS G12C inhibitor", "CLASS"),
        ("PD-(L)1 inhibitor", "PD-1/PD-L1 inhibitor", "CLASS"),
        ("Bacillus Calmette-Guerin", "BCG", "DRUG"),
        ("matching placebo", "placebo", "PLACEBO"),
        ("best supportive care", "best supportive care", "CONTROL"),
        ("physician’s choice", "physician's choice", "CONTROL"),
        ("surgery or observation", "observation", "CONTROL"),
        ("Observation or what", "observation", "CONTROL"),
        ("stereotactic body radiation therapy", "stereotactic body radiotherapy", "PROCEDURE"),
        ("autologous stem cell transplantation", "autologous stem cell transplant", "PROCEDURE"),
    ],
)
def test_regimens_classes_procedures_and_controls(text: str, generic: str, kind: str) -> None:
    mention = find_drugs(text)[-1]
    assert (mention.generic, mention.kind) == (generic, kind)


def test_a_class_that_describes_the_drug_after_it_is_left_out() -> None:
    assert generics("the aromatase inhibitor letrozole") == ["letrozole"]
    assert generics("an aromatase inhibitor or letrozole") == ["aromatase inhibitor", "letrozole"]


def test_an_ambiguous_abbreviation_needs_its_long_form() -> None:
    assert generics("BR and ET") == []
    assert generics("bendamustine-rituximab; BR was stopped") == ["BR", "BR"]
    assert generics("bendamustine plus rituximab (BR); BR was stopped") == [
        "bendamustine",
        "rituximab",
        "BR",
        "BR",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plovetamab (XY104) was given", {"XY104": "plovetamab"}),
        ("plovetamab [XY-104] was given", {"XY-104": "plovetamab"}),
        ("plovetamab (formerly known as XY-104; Vornexa)", {"XY-104": "plovetamab", "Vornexa": "plovetamab"}),
        ("Vornexa (plovetamab) was given", {"Vornexa": "plovetamab"}),
        ("XY104 (plovetamab) was given", {"XY104": "plovetamab"}),
        (
            "Plovetamab deruxtecan (P-DXd)",
            {"P-DXd": "plovetamab deruxtecan", "plovetamab": "plovetamab deruxtecan"},
        ),
        ("Vornexa (plovetamab HCl; XY104)", {"Vornexa": "plovetamab", "XY104": "plovetamab"}),
        ("endocrine therapy (ET)", {"ET": "endocrine therapy"}),
        (
            "tyrosine kinase inhibitors (TKIs)",
            {"TKIs": "tyrosine kinase inhibitor", "TKI": "tyrosine kinase inhibitor"},
        ),
        ("investigator's choice of chemotherapy (ICC)", {"ICC": "investigator's choice of chemotherapy"}),
        ("GDC-9999 (RG1234), an inhibitor", {"GDC-9999": "GDC-9999", "RG1234": "GDC-9999"}),
    ],
)
def test_names_that_the_article_defines(text: str, expected: dict[str, str]) -> None:
    assert local_names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "plovetamab (Merck) was given",
        "plovetamab (Vornexa Bio) was given. Vornexa said so.",
        "plovetamab (n = 305) or placebo (n=305)",
        "plovetamab (10 mg/kg every 3 weeks)",
        "plovetamab (anti-TIGIT), plovetamab (TIGIT)",
        "plovetamab (or placebo)",
        "The first inhibitor (osimertinib) failed; an Inhibitor (osimertinib) too",
    ],
)
def test_what_stands_in_brackets_is_not_always_a_name(text: str) -> None:
    assert local_names(text) == {}


def test_local_names_count_throughout_the_article() -> None:
    text = "XY104 first. Then plovetamab (XY104) and insulin efsitora alfa. XY104-302. Efsitora last."
    assert generics(text) == [
        "plovetamab",
        "plovetamab",
        "plovetamab",
        "insulin efsitora alfa",
        "insulin efsitora alfa",
    ]
    assert find_drugs(text)[0].source == "LOCAL"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("The first patient was dosed with QRST001.", ["QRST001"]),
        ("QRST001, an antibody that blocks a receptor, came. QRST001 shrank tumors.", ["QRST001", "QRST001"]),
        ("QRST001 shrank tumors.", []),
        ("AMG 757 and BAY 9999999 are new.", ["tarlatamab", "BAY 9999999"]),
        ("AZD1234 looks good.", ["AZD1234"]),
        ("Microsoft Word and VS 2008", []),
    ],
)
def test_codes_count_when_they_are_a_sponsors_or_used_like_a_drug(text: str, codes: list[str]) -> None:
    assert generics(text) == codes


def test_the_longest_name_wins() -> None:
    assert generics("investigator's choice of chemotherapy") == ["investigator's choice of chemotherapy"]
    assert generics("insulin glargine and glargine") == ["insulin glargine", "insulin glargine"]
    assert generics("With lispro at meals") == ["lispro"]
