"""Names that hold in one article only.

For example ``belomertinib (XYZ104)``, ``Rinvoq (upadacitinib)``, ``endocrine therapy (ET)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from summarizer.lexicon.codes import is_code_like
from summarizer.lexicon.data import denied
from summarizer.lexicon.entries import DrugEntry
from summarizer.lexicon.lookup import Match, entry_of
from summarizer.lexicon.stems import payloads
from summarizer.lexicon.tokens import Words, key_of

_OPENING = re.compile(r"[\u00ae\u2122]? ?[(\[]")
_CLOSING = re.compile(r"[)\]]")
_SEPARATOR = re.compile(r"[;,]| or |\band\b|/(?= )")
_LEAD = re.compile(
    r"^(?:(?:formerly|previously|also|now|originally|otherwise)?,? ?"
    r"(?:known|named|called|marketed|sold|developed)? ?"
    r"(?:as|under the (?:brand|trade) name|brand name|trade name|code|code-named)?"
    r"|or|aka|a\.k\.a\.|i\.e\.) (?=\S)",
    re.IGNORECASE,
)
_KNOWN_AS = re.compile(
    r",? (?:which is |and )?(?:also|formerly|previously|otherwise|now)? ?"
    r"(?:known|referred to|sold|marketed|branded) (?:as|to as) ([^\s,;()]+)"
)
_BRAND = re.compile(r"[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})?|[A-Z]{6,}")
_SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9]*(?:[-/+][A-Za-z0-9]+)*")
_WORD_BEFORE = re.compile(r"([A-Z0-9][\w-]*[\w])[\u00ae\u2122]? ?[(\[]$")
_GENERAL_PARTS = frozenset(("insulin", "acetate", "vaccine", "sodium", "interferon", "trastuzumab", "cetuximab"))
_AROUND = " \"'\u00ae\u2122\n"
_AFTER_DRUG = re.compile(r"(?: [A-Za-z]{2,14})?[)\],;]")  # a salt may follow: "(canfosfamide HCl)"
_MAX_BRACKET = 90


class LocalName(NamedTuple):
    """An alias that the article defines."""

    alias: str
    entry: DrugEntry


def read_local_names(words: Words, matches: Sequence[Match]) -> list[LocalName]:
    """Aliases defined in the text beside names that were found there."""
    found: dict[str, LocalName] = {}

    def add(alias: str, entry: DrugEntry) -> None:
        found.setdefault(alias, LocalName(alias, entry))

    companies = _companies(words)
    for match in matches:
        for alias in _aliases_after(words.folded, match):
            if alias not in companies:
                add(alias, match.entry)
        alias_before = _alias_before(words, match)
        if alias_before is not None:
            add(alias_before, match.entry)
    for alias, entry in _component_names(matches):
        add(alias, entry)
    return list(found.values())


def _companies(words: Words) -> frozenset[str]:
    """Words that the text uses like a company's name: ``Pfizer said``, ``Revolution Medicines``."""
    cues = denied("company_next")
    return frozenset(raw for raw, following in zip(words.raws, words.keys[1:], strict=False) if following in cues)


def codes_in_brackets(folded: str, end: int) -> Iterable[str]:
    """Codes in the bracket that opens at ``end``, after another code: ``AB-200 (CDE-17000139)``."""
    for piece in _pieces(folded, end):
        if is_code_like(piece):
            yield piece


def _pieces(folded: str, end: int) -> list[str]:
    """What the bracket that opens at ``end`` holds, item by item."""
    opening = _OPENING.match(folded, end)
    return _items(folded, opening.end()) if opening else []


def _items(folded: str, start: int) -> list[str]:
    """The items from ``start`` to the end of the bracket."""
    closing = _CLOSING.search(folded, start, start + _MAX_BRACKET)
    if closing is None:
        return []
    items = (
        _LEAD.sub("", part.strip(_AROUND)).strip(_AROUND) for part in _SEPARATOR.split(folded[start : closing.start()])
    )
    return [item for item in items if item]


def _aliases_after(folded: str, match: Match) -> Iterable[str]:
    if match.entry.kind == "PLACEBO":
        return
    pieces = _pieces(folded, match.end)
    if match.start and folded[match.start - 1] in "([":
        pieces += _items(folded, match.end)  # "Vornexa (plovetamab; XY104)"
    known_as = _KNOWN_AS.match(folded, match.end)
    if known_as is not None:
        pieces.append(known_as.group(1).strip(_AROUND + "."))
    for piece in pieces:
        if _is_alias(piece, match.entry):
            yield piece
            if piece.endswith("s") and piece[:-1].isupper() and len(piece) > 2:
                yield piece[:-1]


def _is_alias(piece: str, entry: DrugEntry) -> bool:
    key = key_of(piece)
    if not key or key in denied("alias") or piece.lower() in denied("alias") or _is_other_name(key, entry):
        return False
    if entry.kind == "DRUG":
        if is_code_like(piece) or (_BRAND.fullmatch(piece) and not piece.isupper()):
            return not piece.istitle() or all(word not in denied("alias") for word in key.split())
        if piece.isalpha() and piece.isupper() and len(piece) >= 6:
            return True
    return _is_short_form(piece, entry.generic)


def _is_other_name(key: str, entry: DrugEntry) -> bool:
    """True when the words name something else already: ``pembrolizumab (or placebo)``."""
    known = entry_of(key)
    return known is not None and known.generic != entry.generic and not known.needs_company


def _is_short_form(piece: str, name: str) -> bool:
    """True when the letters of ``piece`` stand in ``name`` in order, beginning with its first.

    For example ``sac-TMT``, ``ICC``.
    """
    if _SHORT.fullmatch(piece) is None or not 2 <= len(piece) <= 14 or not any(c.isupper() for c in piece):
        return False
    # The payload of "T-DXd" is deruxtecan, which has one d.
    letters = [c for c in piece.lower().removesuffix("s").replace("dxd", "dx") if c.isalnum()]
    target = name.lower()
    if len(letters) < 2 or letters[0] != target[0] or len(letters) * 2 > len(target):
        return False
    position = 0
    for letter in letters:
        position = target.find(letter, position) + 1
        if position == 0:
            return False
    return True


def _alias_before(words: Words, match: Match) -> str | None:
    """The word before a bracket that opens with this drug.

    For example ``Rinvoq (upadacitinib)``, ``XYZ104 (belomertinib)``.
    """
    folded = words.folded
    if match.entry.kind != "DRUG" or match.start == 0 or folded[match.start - 1] not in "([":
        return None
    if _AFTER_DRUG.match(folded, match.end) is None:
        return None
    before = _WORD_BEFORE.search(folded[max(0, match.start - 40) : match.start])
    if before is None:
        return None
    alias = before.group(1)
    return alias if is_code_like(alias) or _is_unknown_brand(words, alias) else None


def _is_unknown_brand(words: Words, alias: str) -> bool:
    """True for a capitalised word that nothing explains.

    A heading's ordinary word also occurs in small letters.
    """
    key = key_of(alias)
    return (
        alias.isalpha()
        and len(alias) >= 4
        and entry_of(key) is None
        and key not in words.forms
        and key not in denied("alias")
        and key not in denied("dictionary")
    )


def _component_names(matches: Sequence[Match]) -> Iterable[tuple[str, DrugEntry]]:
    """The telling word of a drug of several words, where it is no name of its own.

    For example ``efsitora``, ``vusolimogene``.
    """
    entries = {match.entry.generic: match.entry for match in matches if match.entry.kind == "DRUG"}
    for entry in entries.values():
        parts = entry.generic.split()
        for part in parts if len(parts) > 1 else ():
            known = entry_of(part)
            is_own_name = known is not None and not (
                known.generic == part and (parts[0] == "insulin" or (part == parts[0] and parts[-1] in payloads()))
            )
            if _is_telling(part) and not is_own_name:
                yield part, entry


def _is_telling(part: str) -> bool:
    is_word = len(part) >= 6 and part.isalpha() and part.islower()
    return is_word and part not in _GENERAL_PARTS and part not in payloads()
