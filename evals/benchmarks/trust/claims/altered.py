"""Altered claims: true values of the cases with one thing made false, and words to cite for it.

Whether the altered value is really false is decided by the labels and by what else the article says, not by the code
under test: a claim that happens to be true is left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from summarizer.reading.estimates.model import COMPARISONS
from summarizer.text import fold, parse_number

from ..material import Material, Specimen
from .claim import Claim, Leaf, Passage, cited_for, elsewhere, leaves_of, tell_attribute, tell_row
from .invented import invented_ends
from .truth import arm_is_true, attribute_is_true, owner_is_true, row_is_true

NUMBERS, IDS, LINKS, WORDS = "numbers", "ids", "links", "words"
Maker = Callable[[Leaf, random.Random], Iterator[Claim]]

_NUMERIC = frozenset({"value", "ci_low", "ci_high", "ci_level", "numerator", "denominator", "n", "enrollment"})
_INTEGER = frozenset({"numerator", "denominator", "n", "enrollment"})


def altered_claims(material: Material) -> Iterator[tuple[str, Claim]]:
    """Group and claim, for every leaf of every case."""
    for specimen in material.specimens:
        chance = material.chance(f"altered {specimen.name}")
        for leaf in leaves_of(specimen):
            for group, makers in MAKERS.items():
                for make in makers:
                    for claim in make(leaf, chance):
                        yield group, claim
        for claim in invented_ends(specimen, material.specimens, chance):
            yield WORDS, claim


# -------------------------------------------------------------------------------------------------- numbers


def _with_number(leaf: Leaf, kind: str, printed: str) -> Iterator[Claim]:
    """The leaf with another printed number."""
    try:
        number: Any = parse_number(fold(printed))
    except ValueError:
        return
    number = int(number) if leaf.field in _INTEGER else number
    yield from _claim(leaf, kind, number, printed)


def _claim(leaf: Leaf, kind: str, value: Any, words: str) -> Iterator[Claim]:  # noqa: ANN401 - of any field
    """The leaf with another value, unless that is true."""
    if value == leaf.value:
        return
    if leaf.row is None:
        if attribute_is_true(leaf, value):
            return
        told, pointer = tell_attribute(leaf, value)
    else:
        changes = {leaf.field: value}
        if row_is_true(leaf, changes):
            return
        told, pointer = tell_row(leaf, changes)
    yield Claim(leaf.specimen, kind, told, pointer, cited_for(leaf, words), _says(leaf, value))


def _says(leaf: Leaf, value: object) -> str:
    return f"{leaf.specimen.name} {leaf.pointer}: {leaf.value!r} -> {value!r}"


def digits_changed(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """Each digit in turn made another one."""
    if leaf.field not in _NUMERIC:
        return
    printed = leaf.span.words
    for at, character in enumerate(printed):
        if character.isdigit() and character.isascii():
            other = chance.choice([digit for digit in "0123456789" if digit != character])
            yield from _with_number(leaf, "one digit changed", printed[:at] + other + printed[at + 1 :])


def digits_swapped(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """Two neighbouring digits in the wrong order."""
    del chance
    printed = leaf.span.words
    for match in re.finditer(r"(?=(\d)([.,\u00b7]?)(\d))", printed) if leaf.field in _NUMERIC else ():
        first, between, second = match.groups()
        if first != second:
            end = match.start() + len(first + between + second)
            swapped = printed[: match.start()] + second + between + first + printed[end:]
            yield from _with_number(leaf, "two digits swapped", swapped)


def point_moved(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """The decimal point one place to the left and to the right, and away."""
    del chance
    printed = fold(leaf.span.words)
    match = re.fullmatch(r"(\d*)\.(\d+)", printed) if leaf.field in _NUMERIC else None
    if match is None:
        return
    whole, part = match.groups()
    for moved in (f"{whole[:-1]}.{whole[-1:]}{part}", f"{whole}{part[0]}.{part[1:]}".rstrip("."), f"{whole}{part}"):
        yield from _with_number(leaf, "decimal point moved", moved)


def sign_lost(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """A negative number without its sign, a positive one with it."""
    del chance
    if leaf.field in {"value", "ci_low", "ci_high"} and leaf.value and leaf.row is not None:
        printed = leaf.span.words
        other = printed[1:] if leaf.value < 0 else f"-{printed}"
        yield from _with_number(leaf, "sign lost or put", other)


def bound_for_estimate(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """A bound in the estimate's place and the estimate in the bound's; the two bounds exchanged."""
    del chance
    row = leaf.row
    if row is None or leaf.field != "value" or row.value is None:
        return
    low, high = row.ci_low, row.ci_high
    exchanges: list[dict[str, Any]] = [{"ci_low": high, "ci_high": low}] if None not in (low, high) else []
    exchanges += [{"value": low, "ci_low": row.value}] if low is not None else []
    exchanges += [{"value": high, "ci_high": row.value}] if high is not None else []
    for changes in exchanges:
        if any(getattr(row, field) != value for field, value in changes.items()) and not row_is_true(leaf, changes):
            told, pointer = tell_row(leaf, changes)
            yield Claim(
                leaf.specimen, "bound swapped with estimate", told, pointer, (leaf.passage,), _says(leaf, changes)
            )


def interval_of_another(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """The interval, or the P value, that the article prints with another estimate."""
    row = leaf.row
    if row is None or leaf.field not in {"ci_low", "p_value"}:
        return
    fields = ("p_value",) if leaf.field == "p_value" else ("ci_low", "ci_high")
    kind = "P value of another estimate" if leaf.field == "p_value" else "interval of another estimate"
    others = [other for other in leaves_of(leaf.specimen) if other.field == leaf.field and other.row is not row]
    for other in chance.sample(others, min(4, len(others))):
        taken = other.row
        changes = {field: getattr(taken, field) for field in fields}
        if taken is None or changes == {field: getattr(row, field) for field in fields} or row_is_true(leaf, changes):
            continue
        told, pointer = tell_row(leaf, changes)
        quotes = (leaf.passage, other.passage)
        yield Claim(leaf.specimen, kind, told, pointer, quotes, _says(leaf, changes))


def p_altered(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """The relation of a P value turned; a digit of it changed."""
    if leaf.field != "p_value":
        return
    printed = str(leaf.value)
    digits = printed.lstrip("<>\u2264\u2265")
    for relation in ("<", ">", ""):
        if relation + digits != printed:
            yield from _claim(leaf, "P relation turned", relation + digits, f"P {relation or '='} {digits}")
    for at, character in enumerate(digits):
        if character.isdigit() and at:
            other = chance.choice([digit for digit in "0123456789" if digit != character])
            changed = digits[:at] + other + digits[at + 1 :]
            words = leaf.span.words.replace(digits.lstrip("0"), changed.lstrip("0"))
            yield from _claim(leaf, "one digit changed", printed.replace(digits, changed), words)


_MONTHS = "January February March April May June July August September October November December".split()


def dates_altered(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """Another month or year of a regulatory event; another number or unit of a time point."""
    if leaf.field == "date":
        year, *rest = str(leaf.value).split("-")
        for other in {str(int(year) + step) for step in (-1, 1)}:
            words = leaf.span.words.replace(year, other) if year in leaf.span.words else f"{leaf.span.words} {other}"
            yield from _claim(leaf, "month or year changed", "-".join([other, *rest]), words)
        for month in chance.sample(range(1, 13), 4) if rest else ():
            if month != int(rest[0]):
                own = _MONTHS[int(rest[0]) - 1]
                words = leaf.span.words.replace(own, _MONTHS[month - 1])
                value = "-".join([year, f"{month:02}", *rest[1:]])
                yield from _claim(leaf, "month or year changed", value, words)
    elif leaf.field == "timepoint" and leaf.row is not None:
        number = re.search(r"\d+", str(leaf.value))
        if number is None:
            return
        for step in (1, 6, 12):
            other = str(int(number.group()) + step)
            words = leaf.span.words.replace(number.group(), other)
            yield from _claim(leaf, "time point changed", str(leaf.value).replace(number.group(), other), words)


def unit_changed(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """Months for weeks, years for months."""
    del chance
    units = ("days", "weeks", "months", "years")
    if leaf.field == "unit" and leaf.value in units:
        for other in units:
            yield from _claim(leaf, "unit changed", other, leaf.span.words.replace(str(leaf.value), other))


# ------------------------------------------------------------------------------------------------------ ids


def registry_invented(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """A registry number of valid form that nobody printed; one with a digit changed; one of another case."""
    if leaf.field != "registry_ids":
        return
    for _ in range(6):
        made_up = f"NCT{chance.randrange(10**6, 10**8):08}"
        yield from _claim(leaf, "made-up registry number", made_up, made_up)
    printed = str(leaf.value)
    places = [at for at, character in enumerate(printed) if character.isdigit()]
    for at in chance.sample(places, min(4, len(places))):
        other = chance.choice([digit for digit in "0123456789" if digit != printed[at]])
        changed = printed[:at] + other + printed[at + 1 :]
        yield from _claim(leaf, "registry number, one digit changed", changed, changed)


def sibling_number(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """The trial's name with the number of a sibling: -12 for -11, -301 for -302."""
    del chance
    match = re.search(r"\d+(?=\D*$)", str(leaf.value)) if leaf.field in {"name", "aliases"} else None
    if match is None:
        return
    name = str(leaf.value)
    for step in (-2, -1, 1, 2, 10):
        number = int(match.group()) + step
        if number > 0:
            other = name[: match.start()] + str(number).rjust(len(match.group()), "0") + name[match.end() :]
            yield from _claim(leaf, "sibling trial number", other, other)


def identity_of_another(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """The name or registry number of another trial of the article."""
    del chance
    if leaf.field not in {"name", "registry_ids"}:
        return
    for number, trial in enumerate(leaf.specimen.summary.trials):
        others = [trial.name] if leaf.field == "name" else trial.registry_ids
        for other in others if number != leaf.trial else ():
            if other is not None:
                yield from _claim(leaf, "name or number of another trial", other, other)


# ---------------------------------------------------------------------------------------------------- links


def wrong_arm(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """A value given to each other arm of its trial; an arm's size given to another arm."""
    del chance
    if leaf.field == "arm" and leaf.trial is not None:
        trial = leaf.specimen.summary.trials[leaf.trial]
        named = {row.arm for row in trial.results if row.arm} | {" + ".join(arm.interventions) for arm in trial.arms}
        for other in sorted(named - {str(leaf.value)}):
            if not arm_is_true(leaf, other):
                told, pointer = tell_row(leaf, {"arm": other})
                quotes = (leaf.passage, *elsewhere(leaf, other.split(" + ")[0]))
                yield Claim(leaf.specimen, "wrong arm", told, pointer, quotes, _says(leaf, other))
    elif leaf.field == "n" and leaf.trial is not None:
        sizes = {arm.n for arm in leaf.specimen.summary.trials[leaf.trial].arms if arm.n is not None}
        for other_size in sizes - {leaf.value}:
            yield from _claim(leaf, "size of another arm", other_size, str(other_size))


def wrong_trial(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """A result given to each other trial of the article, an orphan to every one."""
    del chance
    if leaf.field not in {"value", "p_value"} or leaf.row is None or (leaf.field == "p_value" and leaf.row.value):
        return
    kind = "orphan pinned on a trial" if leaf.trial is None else "wrong trial"
    for number in range(len(leaf.specimen.summary.trials)):
        if number != leaf.trial and not owner_is_true(leaf, number):
            told, pointer = tell_row(leaf, {"arm": None}, number)
            name = leaf.specimen.summary.trials[number].name
            quotes = (leaf.passage, *(elsewhere(leaf, name) if name else ()))
            yield Claim(leaf.specimen, kind, told, pointer, quotes, _says(leaf, name or f"trial {number}"))


_NEIGHBOURS = ("PFS", "OS", "ORR", "DOR", "DFS", "EFS", "CR")


def wrong_endpoint(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """PFS for OS, and whatever else the article reports or declares."""
    if leaf.field != "endpoint" or leaf.row is None:
        return
    named = {other.value for other in leaves_of(leaf.specimen) if other.field == "endpoint"}
    candidates = sorted((named | set(_NEIGHBOURS)) - {leaf.value})
    for other in chance.sample(candidates, min(4, len(candidates))):
        if not row_is_true(leaf, {"endpoint": other}):
            told, pointer = tell_row(leaf, {"endpoint": other})
            quotes = (leaf.passage, *elsewhere(leaf, other))
            yield Claim(leaf.specimen, "wrong endpoint", told, pointer, quotes, _says(leaf, other))


def subgroup_altered(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """A value of a subset said of all patients, of another subset; one of all patients said of a subset."""
    row = leaf.row
    if row is None or leaf.trial is None:
        return
    subsets = sorted({r.subgroup for t in leaf.specimen.summary.trials for r in t.results if r.subgroup})
    if leaf.field == "subgroup":
        changes = [("subgroup dropped", None), *(("another subgroup", s) for s in subsets if s != leaf.value)]
    elif leaf.field == "value" and row.subgroup is None and subsets:
        changes = [("subgroup put", chance.choice(subsets))]
    else:
        return
    for kind, other in changes:
        if not row_is_true(leaf, {"subgroup": other}):
            told, pointer = tell_row(leaf, {"subgroup": other})
            pointer = pointer.rsplit("/", 1)[0] + "/value"
            quotes = (leaf.passage, *(elsewhere(leaf, other) if other else ()))
            yield Claim(leaf.specimen, kind, told, pointer, quotes, _says(leaf, other))


def wrong_statistic(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """A hazard ratio called an odds ratio, a median a mean."""
    del chance
    if leaf.field != "statistic" or leaf.row is None:
        return
    pool = sorted(COMPARISONS) if leaf.value in COMPARISONS else ["MEDIAN", "MEAN", "RATE", "COUNT"]
    for other in pool:
        if other != leaf.value and not row_is_true(leaf, {"statistic": other}):
            told, pointer = tell_row(leaf, {"statistic": type(leaf.value)(other)})
            yield Claim(leaf.specimen, "wrong statistic", told, pointer, (leaf.passage,), _says(leaf, other))


# ---------------------------------------------------------------------------------------------------- words


def neighbouring_drug(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """Another drug of the article or of the dictionary, most alike by its ending (...mab for ...mab)."""
    if leaf.field not in {"interventions", "arm", "prior_therapies"} or (leaf.field == "arm" and leaf.trial is None):
        return
    own = str(leaf.value).split(" + ")[0]
    if " " in own or not own.isalpha():
        return
    of_article = sorted({drug.generic for m in leaf.specimen.reading.mentions for drug in m.drugs} - {own})
    alike = [drug for drug in DRUGS if drug[-3:] == own[-3:] and drug != own]
    chosen = [drug for drug in of_article if drug[-3:] == own[-3:]] + chance.sample(alike, min(2, len(alike)))
    for drug in chosen:
        value = str(leaf.value).replace(own, drug)
        if leaf.field == "arm" and arm_is_true(leaf, value):
            continue
        yield from _claim(leaf, "neighbouring drug", value, drug)


DRUGS = tuple(
    """adagrasib afatinib alectinib atezolizumab avelumab axitinib belantamab bevacizumab brigatinib cabozantinib
    capivasertib cemiplimab cetuximab dabrafenib daratumumab dostarlimab durvalumab encorafenib enfortumab erdafitinib
    fulvestrant gefitinib giredestrant ibrutinib imlunestrant inavolisib ipilimumab isatuximab ivosidenib lapatinib
    lazertinib lenvatinib lorlatinib mosunetuzumab necitumumab niraparib nivolumab obinutuzumab olaparib osimertinib
    palbociclib panitumumab pembrolizumab pertuzumab pirtobrutinib ponatinib quizartinib ramucirumab regorafenib
    relatlimab ribociclib rituximab rucaparib selpercatinib sorafenib sotorasib sunitinib talazoparib tarlatamab
    tiragolumab tislelizumab toripalimab trametinib trastuzumab tremelimumab tucatinib vemurafenib zanidatamab
    zanubrutinib zolbetuximab""".split()
)
"""Generic names to take a neighbour from."""


def closed_value(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """Another phase; another line or setting; another action of a regulator; another rank of an endpoint."""
    kinds = {"phases": "wrong phase", "settings": "wrong line or setting", "rank": "wrong rank of an endpoint"}
    kind = kinds.get(leaf.field, "wrong regulatory action" if leaf.field == "action" else None)
    if kind is None:
        return
    others = [value for value in type(leaf.value) if value != leaf.value]
    for other in chance.sample(others, min(4, len(others))):
        yield from _claim(leaf, kind, other, other.value.replace("_", " ").lower())


def declared_endpoint(leaf: Leaf, chance: random.Random) -> Iterator[Claim]:
    """Another endpoint declared with this rank."""
    if leaf.field != "endpoint" or leaf.row is not None:
        return
    named = {other.value for other in leaves_of(leaf.specimen) if other.field == "endpoint"}
    candidates = sorted((named | set(_NEIGHBOURS)) - {leaf.value})
    for other in chance.sample(candidates, min(4, len(candidates))):
        yield from _claim(leaf, "wrong declared endpoint", other, other)


MAKERS: dict[str, tuple[Maker, ...]] = {
    NUMBERS: (
        digits_changed, digits_swapped, point_moved, sign_lost, bound_for_estimate, interval_of_another, p_altered,
        dates_altered, unit_changed,
    ),
    IDS: (registry_invented, sibling_number, identity_of_another),
    LINKS: (wrong_arm, wrong_trial, wrong_endpoint, subgroup_altered, wrong_statistic),
    WORDS: (neighbouring_drug, closed_value, declared_endpoint),
}  # fmt: skip
"""Ways to make a claim false, by what they attack."""

__all__ = ["IDS", "LINKS", "MAKERS", "NUMBERS", "WORDS", "Passage", "Specimen", "altered_claims"]
