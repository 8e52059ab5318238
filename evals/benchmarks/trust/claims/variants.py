"""Harmless variants of true claims: what typographers, browsers, copying and house styles do to the same words."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from summarizer.lexicon import find_drugs

from ..material import Material
from .claim import Claim, Leaf, Passage, leaves_of, tell_attribute, tell_row

Rewrite = Callable[[str], str]
_OF_A_KIND_AND_CASE = 12
"""Variants of one kind taken from one article: enough of each, and no article speaks for all."""


def harmless_claims(material: Material) -> Iterator[Claim]:
    """True claims in other typography or other words, of every kind from every case."""
    for specimen in material.specimens:
        chance = material.chance(f"harmless {specimen.name}")
        for name, rewrite in REWRITES.items():
            found = [claim for leaf in leaves_of(specimen) for claim in _rewritten(leaf, name, rewrite)]
            yield from chance.sample(found, min(_OF_A_KIND_AND_CASE, len(found)))
        for name, reword in REWORDINGS.items():
            found = [claim for leaf in leaves_of(specimen) for claim in _reworded(leaf, name, reword, chance)]
            yield from chance.sample(found, min(_OF_A_KIND_AND_CASE, len(found)))


def _rewritten(leaf: Leaf, name: str, rewrite: Rewrite) -> Iterator[Claim]:
    """The leaf with its quoted passage, and where it is text its value, in other typography."""
    words = rewrite(leaf.passage.words)
    is_text = isinstance(leaf.value, str) and type(leaf.value) is str and leaf.field != "date"
    value: Any = rewrite(leaf.value) if is_text else leaf.value
    if words == leaf.passage.words:
        return
    yield _claim(leaf, name, value, words)


def _reworded(leaf: Leaf, name: str, reword: Callable[[Leaf], list[str]], chance: random.Random) -> Iterator[Claim]:
    others = reword(leaf)
    for other in chance.sample(others, min(2, len(others))):
        if other != leaf.value:
            yield _claim(leaf, name, other, leaf.passage.words)


def _claim(leaf: Leaf, name: str, value: Any, words: str) -> Claim:  # noqa: ANN401 - of any field
    told, pointer = tell_attribute(leaf, value) if leaf.row is None else tell_row(leaf, {leaf.field: value})
    quote = Passage(leaf.passage.start, words)
    return Claim(leaf.specimen, name, told, pointer, (quote,), f"{leaf.specimen.name} {leaf.pointer}: {words!r}")


# ---------------------------------------------------------------------------------------------- typography


def _each(characters: str, into: str) -> Rewrite:
    return lambda words: words.translate(dict.fromkeys(map(ord, characters), into))


_DASHES = "-\u2010\u2011\u2012\u2013\u2212"
_NUMBER_DOT = re.compile(r"(?<=\d)\.(?=\d)")
_LEADING_ZERO = re.compile(r"(?<![\d.,\u00b7])0(?=[.\u00b7]\d)")
_NO_ZERO = re.compile(r"(?<![\d\w.])(?=\.\d)")
_P = re.compile(r"\b[Pp] ?(?P<relation>[<=>\u2264\u2265]) ?0?(?P<digits>\.\d+)")


def _as_p(written: str) -> Rewrite:
    return lambda words: _P.sub(lambda m: m.expand(written) if m["relation"] else m.group(), words)


def _full_width(words: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "&;" else c for c in words)


def _numeric_entities(words: str) -> str:
    return re.sub(r"[<>&'\"%\u00b7\u2013\u2265\u2264\u00a0]", lambda m: f"&#{ord(m[0])};", words)


def _named_entities(words: str) -> str:
    named = html.escape(words)
    for character, name in (
        ("\u00a0", "nbsp"),
        ("\u2013", "ndash"),
        ("\u2265", "ge"),
        ("\u2264", "le"),
        ("\u00b7", "middot"),
    ):
        named = named.replace(character, f"&{name};")
    return named


def _soft_hyphens(words: str) -> str:
    return re.sub(r"([a-z]{4})(?=[a-z]{4})", "\\1\u00ad", words)


REWRITES: dict[str, Rewrite] = {
    "hyphen": _each(_DASHES, "-"),
    "Unicode hyphen": _each("-", "\u2010"),
    "non-breaking hyphen": _each("-", "\u2011"),
    "figure dash": _each("-", "\u2012"),
    "en dash": _each("-", "\u2013"),
    "minus sign": _each("-", "\u2212"),
    "no-break space": _each(" ", "\u00a0"),
    "thin space": _each(" ", "\u2009"),
    "narrow no-break space": _each(" ", "\u202f"),
    "two spaces": lambda words: words.replace(" ", "  "),
    "line breaks": lambda words: words.replace(" ", "\n"),
    "zero-width space": lambda words: words.replace(" ", " \u200b"),
    "soft hyphens": _soft_hyphens,
    "straight quotes": lambda words: words.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}),
    "curly quotes": lambda words: words.replace("'", "\u2019").replace('"', "\u201d"),
    "middle dot": lambda words: _NUMBER_DOT.sub("\u00b7", words),
    "full stop for middle dot": lambda words: words.replace("\u00b7", "."),
    "leading zero dropped": lambda words: _LEADING_ZERO.sub("", words),
    "leading zero put": lambda words: _NO_ZERO.sub("0", words),
    "space before %": lambda words: words.replace("%", " %"),
    "percent": lambda words: words.replace("%", " percent"),
    "per cent": lambda words: words.replace("%", " per cent"),
    "full width": _full_width,
    "capitals": str.upper,
    "small letters": str.lower,
    "P < 0.001": _as_p(r"P \g<relation> 0\g<digits>"),
    "P<.001": _as_p(r"P\g<relation>\g<digits>"),
    "p = .02": _as_p(r"p \g<relation> \g<digits>"),
    "named entities": _named_entities,
    "numeric entities": _numeric_entities,
    "twice escaped": lambda words: html.escape(html.escape(words)),
}
"""Typography by name; one that leaves a passage as it is makes no claim."""


# -------------------------------------------------------------------------------------------------- wording

_BRANDS = (
    "Keytruda Opdivo Yervoy Tecentriq Imfinzi Imjudo Bavencio Libtayo Tagrisso Lynparza Zejula Enhertu Kadcyla "
    "Herceptin Perjeta Tukysa Nerlynx Ibrance Kisqali Verzenio Trodelvy Avastin Lenvima Cabometyx Inlyta Welireg "
    "Nexavar Sutent Votrient Xtandi Erleada Nubeqa Zytiga Pluvicto Imbruvica Calquence Brukinsa Jaypirca "
    "Venclexta Darzalex Kyprolis Revlimid Pomalyst Velcade Carvykti Abecma Kymriah Yescarta Breyanzi Tecartus "
    "Columvi Epkinly Lunsumio Polivy Adcetris Padcev Balversa Lumakras Krazati Retevmo Gavreto Rybrevant Lazcluze "
    "Alecensa Lorbrena Alunbrig Xalkori Ozempic Wegovy Mounjaro Zepbound Jardiance Farxiga Kerendia Rinvoq "
    "Dupixent Skyrizi Stelara Humira Cosentyx Tremfya Orserdu Truqap Piqray Itovebi Datroway Vyloy Ziihera "
    "Cyramza Stivarga Lonsurf Erbitux Vectibix"
)


@cache
def _brands() -> dict[str, list[str]]:
    """Brand names by generic name, as the dictionary of drugs resolves them."""
    found: dict[str, list[str]] = {}
    for brand in _BRANDS.split():
        drugs = find_drugs(brand)
        if len(drugs) == 1 and drugs[0].generic != brand.lower():
            found.setdefault(drugs[0].generic, []).append(brand)
    return found


def brand_for_generic(leaf: Leaf) -> list[str]:
    """The brand of an intervention."""
    if leaf.field not in {"arm", "interventions", "prior_therapies"}:
        return []
    parts = str(leaf.value).split(" + ")
    return [
        " + ".join([*parts[:at], brand, *parts[at + 1 :]])
        for at, part in enumerate(parts)
        for brand in _brands().get(part, [])
    ]


_LONG = {
    "OS": ["overall survival", "Overall Survival"],
    "PFS": ["progression-free survival", "progression free survival"],
    "DFS": ["disease-free survival"],
    "EFS": ["event-free survival"],
    "ORR": ["objective response rate", "overall response rate"],
    "DOR": ["duration of response"],
    "DCR": ["disease control rate"],
    "pCR": ["pathological complete response", "pathologic complete response"],
    "CBR": ["clinical benefit rate"],
}


def endpoint_in_full(leaf: Leaf) -> list[str]:
    """An endpoint by its long name."""
    return _LONG.get(str(leaf.value), []) if leaf.field == "endpoint" else []


def name_written_otherwise(leaf: Leaf) -> list[str]:
    """A designation with a space for a hyphen, in other case."""
    if leaf.field not in {"name", "aliases", "registry_ids"}:
        return []
    name = str(leaf.value)
    return [name.replace("-", " "), name.replace("-", "\u2011"), name.lower(), name.upper()]


def p_written_otherwise(leaf: Leaf) -> list[str]:
    """A P value in the styles of journals."""
    if leaf.field != "p_value":
        return []
    relation = str(leaf.value).rstrip("0123456789.") or "="
    digits = str(leaf.value).lstrip("<>\u2264\u2265")
    bare = digits.removeprefix("0")
    entity = html.escape(relation)
    return [f"P {relation} {digits}", f"P {relation}{bare}", f"p{relation}{digits}", f"P{entity}{bare}"]


REWORDINGS: dict[str, Callable[[Leaf], list[str]]] = {
    "brand for generic": brand_for_generic,
    "endpoint in full": endpoint_in_full,
    "designation written otherwise": name_written_otherwise,
    "P value written otherwise": p_written_otherwise,
}
"""Other words for the same value, by name."""
