"""Reports of our own: figures in the sentences that the field prints them in, with the place of each figure."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import dataclass

from .trials import Effect

TWO_ARMS = (
    (
        "The randomized phase 3 ORCHARD-12 trial compared belomertinib with sunitinib in patients with advanced "
        "renal cell carcinoma. "
    ),
    "ORCHARD-12 was a phase 3 study of belomertinib versus sunitinib in advanced renal cell carcinoma.\n\n",
    (
        "In the phase 3 ORCHARD-12 study, patients with advanced renal cell carcinoma were randomly assigned to "
        "belomertinib or sunitinib.\n\n"
    ),
)
ONE_ARM = (
    "The single-arm phase 2 ORCHARD-12 trial tested belomertinib in patients with advanced melanoma. ",
    "ORCHARD-12 is a single-arm phase 2 study of belomertinib in patients with advanced melanoma.\n\n",
)

RATIO = (
    "The hazard ratio for death was {v} ({l}% CI, {low}-{high}; P{p}).",
    "Belomertinib improved progression-free survival over sunitinib (HR, {v}; {l}% CI, {low}-{high}; P {p}).",
    "Overall survival was longer with belomertinib (HR {v} [{l}% CI {low} to {high}], p{p}).",
    "For overall survival, the hazard ratio was {v} ({l}% confidence interval [CI], {low} to {high}; P{p}).",
    "The HR for PFS was {v} ({l}% CI: {low}, {high}; p{p}).",
    "Progression-free survival favoured belomertinib, with a hazard ratio of {v} ({l}% CI {low}\u2013{high}; p{p}).",
    "Belomertinib changed the risk of disease progression or death (HR = {v}; {l}% CI = {low}-{high}; P{p}).",
    "At the final analysis of OS, the HR was {v} ({l}% CI, {low}-{high}), with a P value{p_words}.",
)
MEDIANS = (
    "Median PFS was {a} months with belomertinib vs {b} months with sunitinib (HR, {v}; {l}% CI, {low}-{high}; P{p}).",
    (
        "The median overall survival was {a} months in the belomertinib arm versus {b} months in the sunitinib arm "
        "(hazard ratio {v}, {l}% CI {low} to {high}; p{p})."
    ),
    (
        "Patients in the belomertinib group had a median PFS of {a} months compared with {b} months in the sunitinib "
        "group (HR {v} [{l}% CI {low}\u2013{high}]; p{p})."
    ),
    (
        "Median progression-free survival was {a} months for belomertinib and {b} months for sunitinib, a hazard ratio "
        "of {v} ({l}% CI, {low}-{high}; P{p})."
    ),
    "Median OS was {b} months with sunitinib and {a} months with belomertinib (HR, {v}; {l}% CI, {low}-{high}; P{p}).",
    (
        "The hazard ratio for PFS was {v} ({l}% CI, {low}-{high}; P{p}), with a median PFS of {a} months with "
        "belomertinib and {b} months with sunitinib."
    ),
)
ODDS = (
    "The odds ratio for response was {v} ({l}% CI, {low}-{high}; P{p}).",
    "Patients given belomertinib had different odds of response (OR {v}, {l}% CI {low} to {high}; p{p}).",
)
DIFFERENCE = (
    "The between-group difference in systolic blood pressure was {v} mm Hg ({l}% CI, {low} to {high}; P{p}).",
    "The mean difference in the pain score was {v} points ({l}% CI, {low} to {high}; P{p}).",
)
RATE_DIFFERENCE = (
    "The difference in objective response rate was {v} percentage points ({l}% CI, {low} to {high}; P{p}).",
)
RATE = (
    "The objective response rate was {v}% ({l}% CI, {low}%-{high}%).",
    "The ORR was {v}% ({l}% CI, {low}-{high}).",
    "Objective responses were seen in {v}% of patients ({l}% confidence interval, {low} to {high}).",
    "The confirmed ORR by independent review was {v}% ({l}% CI: {low}, {high}).",
)
COUNTED = (
    "Objective responses were seen in {x} of {n} patients ({v}%).",
    "The objective response rate was {v}% ({x}/{n}).",
    "The ORR was {v}% ({x} of {n} patients).",
    "A complete response was seen in {v}% of patients ({x} of {n}).",
    "{x} of {n} patients ({v}%) had a complete response.",
    "Grade 3 or higher adverse events occurred in {x} of {n} patients ({v}%).",
)
ARMS = (
    (
        "The phase 3 ORCHARD-12 trial randomized {t} patients with melanoma to belomertinib (n = {a}) or placebo (n ="
        " {b})."
    ),
    (
        "In the phase 3 ORCHARD-12 trial, {t} patients with melanoma were randomly assigned to receive belomertinib "
        "(n={a}) or sunitinib (n={b})."
    ),
    (
        "The phase 3 ORCHARD-12 study enrolled {t} patients with melanoma, who were randomized 1:1 to belomertinib "
        "(n = {a}) or placebo (n = {b})."
    ),
    (
        "A total of {t} patients with melanoma were randomized in the phase 3 ORCHARD-12 trial: {a} to belomertinib "
        "and {b} to placebo."
    ),
    (
        "In the phase 3 ORCHARD-12 trial, {t} patients with melanoma were randomly assigned, {a} to the belomertinib "
        "group and {b} to the placebo group."
    ),
)
OTHER_NULL = (
    "The hazard ratio for death was {v} ({l}% CI, {low}-{high}; P{p} for noninferiority).",
    "Belomertinib was noninferior to sunitinib (HR, {v}; {l}% CI, {low}-{high}; noninferiority P{p}).",
    "For overall survival, the HR was {v} ({l}% CI, {low}-{high}; P for noninferiority{p}).",
    "For PFS in women, the HR was {v} ({l}% CI, {low}-{high}; P{p} for interaction).",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A text and where its figures stand."""

    text: str
    places: Mapping[str, int]
    """Offset of each figure, by its name in the template."""


def write(opening: str, template: str, figures: Mapping[str, str]) -> Written:
    """Fill a template, and note where each figure begins."""
    text = opening
    places: dict[str, int] = {}
    for literal, name, _, _ in string.Formatter().parse(template):
        text += literal
        if name is not None:
            places.setdefault(name, len(text))
            text += figures[name]
    return Written(text, places)


def effect_figures(effect: Effect, p: str, decimals: int = 2) -> dict[str, str]:
    """The figures of a comparison, printed."""
    return {
        "v": f"{effect.estimate:.{decimals}f}",
        "low": f"{effect.low:.{decimals}f}",
        "high": f"{effect.high:.{decimals}f}",
        "l": f"{effect.level:g}",
        "p": p,
        "p_words": _in_words(p),
    }


def _in_words(p: str) -> str:
    relation, number = p.strip()[0], p.strip(" <>=")
    return {"<": " less than ", ">": " greater than "}.get(relation, " of ") + number


def print_p(p: float, *, style: int = 0) -> str:
    """A P value as journals print it: ``<.001``, ``=.012``, ``= 0.34``; three ways of writing it.

    Two significant digits from 0.001 on, two decimals above 0.1; below 0.001 the bound, or four decimals.
    """
    smallest = (0.001, 0.0001, 0.001)[style]
    if p < smallest:
        return ("<.001", " < 0.0001", "<0.001")[style]
    decimals = 4 if p < 0.001 else 3 if p < 0.1 else 2
    printed = f"{p:.{decimals}f}"
    if p > 0.99:
        return (">.99", " > 0.99", ">0.99")[style]
    return f"={printed[1:]}" if style == 0 else f" = {printed}" if style == 1 else f"={printed}"


def is_printable(effect: Effect) -> bool:
    """True for an effect that a report would print with two decimals: no bound of 0, no endless interval."""
    return effect.low >= 0.02 and effect.high < 100 and math.isfinite(effect.high)
