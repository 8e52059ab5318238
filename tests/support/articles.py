"""Generated articles: headline, lead, sentences of results, tables and damage, as composable strategies."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

DASHES = ["-", "–", "—", "‑", "−"]
DRUGS = ["belomertinib", "tavocilimab", "orfaciclib", "lenvatinib", "pembrolizumab"]
COMPARATORS = ["placebo", "chemotherapy", "sunitinib", "docetaxel"]
CONDITIONS = ["advanced melanoma", "metastatic breast cancer", "hepatocellular carcinoma", "multiple myeloma"]
TRIALS = ["ORCHARD-12", "ORCHARD-7", "LARKSPUR-1", "MEADOW-301", "HAZELNUT"]
TIME_ENDPOINTS = {
    "PFS": "progression-free survival",
    "OS": "overall survival",
    "DFS": "disease-free survival",
}
PHASES = ["1", "1b/2", "2", "2b", "3", "III", "4"]
COMPANIES = ["Example Therapeutics", "Samplex Bio", "Akorda Pharmaceuticals"]


@dataclass(frozen=True)
class Estimate:
    """A random ratio: the numbers as printed, without typography."""

    value: str
    low: str
    high: str
    level: str
    relation: str
    p: str


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """A hazard ratio within its interval."""
    low, value, high = sorted(draw(st.lists(st.integers(5, 199), min_size=3, max_size=3, unique=True)))
    return Estimate(
        f"{value / 100:.2f}",
        f"{low / 100:.2f}",
        f"{high / 100:.2f}",
        draw(st.sampled_from(["90", "95", "96.5", "97.5", "99", "99.5"])),
        draw(st.sampled_from(["<", "=", ">"])),
        draw(st.sampled_from(["0.05", "0.001", "0.0001", "0.0425", "0.31", "0.0011"])),
    )


@st.composite
def printed_estimates(draw: st.DrawFn) -> tuple[Estimate, str]:
    """An estimate and one of the many ways to print it, in brackets."""
    estimate = draw(estimates())
    point = draw(st.sampled_from([".", "·"]))
    bare = draw(st.booleans())  # .62 for 0.62, as in American journals

    def number(printed: str) -> str:
        shown = printed[1:] if bare and printed.startswith("0.") else printed
        return shown if shown.startswith(".") else shown.replace(".", point)

    label = draw(st.sampled_from(["HR", "hazard ratio", "hazard ratio [HR]", "HR for progression or death"]))
    between = draw(st.sampled_from([", ", " ", "=", " = ", ": "]))
    interval_label = f"{estimate.level}{draw(st.sampled_from(['% CI', '%CI', '% confidence interval']))}"
    after = draw(st.sampled_from([", ", " ", ": "]))
    joint = draw(st.sampled_from([*DASHES, " to ", ", ", " - "]))
    space = draw(st.sampled_from([" ", "\u00a0", "\u2009", ""]))
    p_label = draw(st.sampled_from(["P", "p", "two-sided P", "one-sided P", "P value"]))
    interval = f"{number(estimate.low)}{joint}{number(estimate.high)}"
    frame = draw(
        st.sampled_from(
            [
                "({ratio}; {label}{after}{interval}; {p})",
                "({ratio}, {label}{after}{interval}, {p})",
                "({ratio} [{label}{after}{interval}], {p})",
                "[{ratio} ({label}{after}{interval}); {p}]",
                "({ratio} ({label}{after}{interval}); {p})",
            ]
        )
    )
    return estimate, frame.format(
        ratio=f"{label}{between}{number(estimate.value)}",
        label=interval_label,
        after=after,
        interval=interval,
        p=f"{p_label}{space}{estimate.relation}{space}{number(estimate.p)}",
    )


@st.composite
def headlines(draw: st.DrawFn) -> str:
    drug, condition = draw(st.sampled_from(DRUGS)).title(), draw(st.sampled_from(CONDITIONS)).title()
    verb = draw(st.sampled_from(["Improves Survival in", "Misses Its Goal in", "Moves Forward in"]))
    return f"{drug} {verb} {condition}"


@st.composite
def leads(draw: st.DrawFn) -> str:
    """Introduces a trial, named or not, with its design and its arms."""
    name = draw(st.sampled_from([*TRIALS, ""]))
    code = draw(st.sampled_from(["", " (NCT01234567)", " (XYZ-301; NCT01234567)"])) if name else ""
    design = draw(st.sampled_from(["", "randomized, ", "open-label, ", "double-blind, multicenter, "]))
    count = draw(st.integers(12, 2500))
    return (
        f"{draw(st.sampled_from(COMPANIES))} said that its {design}phase {draw(st.sampled_from(PHASES))} "
        f"{name + ' ' if name else ''}trial{code} enrolled {count:,} patients with "
        f"{draw(st.sampled_from(['', 'previously untreated ', 'HER2-positive ']))}"
        f"{draw(st.sampled_from(CONDITIONS))} "
        f"to compare {draw(st.sampled_from(DRUGS))} with {draw(st.sampled_from(COMPARATORS))}."
    )


def _decimals(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda tenths: f"{tenths / 10:.1f}")


@st.composite
def result_sentences(draw: st.DrawFn) -> str:
    """A sentence with medians, rates, counts or ratios."""
    drug, other = draw(st.sampled_from(DRUGS)), draw(st.sampled_from(COMPARATORS))
    code, words = draw(st.sampled_from(sorted(TIME_ENDPOINTS.items())))
    first, second = draw(_decimals(10, 600)), draw(_decimals(10, 600))
    rate, other_rate = draw(_decimals(1, 1000)), draw(_decimals(1, 1000))
    _, printed = draw(printed_estimates())
    months = draw(st.sampled_from([6, 12, 24, 36]))
    size = draw(st.integers(10, 400))
    part = draw(st.integers(1, size))
    return draw(
        st.sampled_from(
            [
                f"Median {code} was {first} months with {drug} vs {second} months with {other} {printed}.",
                f"Median {words} was not reached with {drug} and {second} months with {other}.",
                f"Median {code} was {first} and {second} months with {drug} and {other}, respectively.",
                f"The {months}-month {code} rate was {rate}% vs {other_rate}%.",
                f"Objective responses were seen in {part} of {size} patients ({100 * part / size:.1f}%).",
                f"The ORR was {rate}% with {drug} and {other_rate}% with {other}.",
                f"{drug.title()} reduced the risk of death by {rate}% {printed}.",
                f"Grade 3 or higher adverse events occurred in {rate}% of patients.",
                f"At week {months}, LDL cholesterol was lowered by {rate}%.",
                f"The {words} benefit was significant {printed}.",
                f"The primary endpoint was {words}, and the ORR was a secondary endpoint.",
                f"The FDA granted {drug} priority review on June 11, 2025.",
                f"Results were presented at the ESMO Congress {2015 + months // 6}.",
                (f"After a median follow-up of {first} months, {part} patients were still on {drug} {size} mg."),
            ]
        )
    )


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table of results, between pipes or flattened to one cell a line."""
    drug, other = draw(st.sampled_from(DRUGS)).title(), draw(st.sampled_from(COMPARATORS)).title()
    rows = [
        ["Outcome", drug, other],
        ["Median PFS, months", draw(_decimals(10, 400)), draw(_decimals(10, 400))],
        ["ORR, %", draw(_decimals(10, 990)), draw(_decimals(10, 990))],
    ]
    if draw(st.booleans()):
        return "\n".join(cell for row in rows for cell in row)
    ruled = [rows[0], ["---"] * 3, *rows[1:]]
    return "\n".join("| " + " | ".join(row) + " |" for row in ruled)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A passage that a scraper cut."""
    return draw(
        st.sampled_from(
            [
                "Data presented at the",
                "Additionally, data from a second study were shown at the",
                "A",
                "Results from the trial () were also shown.",
                "and improved survival in most of the subgroups that were tested.",
            ]
        )
    )


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """Running text, a table, a list, or damage."""
    kind = draw(st.sampled_from(["text", "text", "text", "lead", "table", "list", "damage", "heading"]))
    if kind == "table":
        return draw(tables())
    if kind == "damage":
        return draw(damaged())
    if kind == "heading":
        return draw(st.sampled_from(["Safety", "About the Trial", "What Comes Next"]))
    sentences = draw(st.lists(result_sentences(), min_size=1, max_size=4))
    if kind == "list":
        return "\n".join(f"- {sentence}" for sentence in sentences)
    return " ".join([draw(leads()), *sentences] if kind == "lead" else sentences)


@st.composite
def articles(draw: st.DrawFn) -> str:
    """A whole article; sometimes without headline or lead, and sometimes cut at any character."""
    parts = [draw(headlines())] if draw(st.booleans()) else []
    if draw(st.integers(0, 3)):
        parts.append(draw(leads()))
    parts += draw(st.lists(paragraphs(), min_size=1, max_size=5))
    text = "\n\n".join(parts)
    cut = draw(st.integers(0, 8 * len(text)))  # one article in eight
    return text[:cut] if 0 < cut < len(text) and text[:cut].strip() else text
