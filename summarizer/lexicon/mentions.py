"""What the finders of the lexicon return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MentionKind = Literal["DRUG", "REGIMEN", "CLASS", "PLACEBO", "PROCEDURE", "CONTROL", "CODE"]
"""What was found: a drug by name, a named combination, a class of drugs, a placebo, something done to the
patient, a comparator that is no drug (observation, standard of care), or a drug known by its code only."""

MentionSource = Literal["DICTIONARY", "VOCABULARY", "STEM", "LOCAL", "CODE"]
"""Why it was recognised: the drug dictionary, a row of the data files, an INN stem, a definition in the
same article, or a research code used like a drug."""


@dataclass(frozen=True, slots=True)
class DrugMention:
    """One intervention in a text; ``text`` is exactly what stands at ``start:end``."""

    start: int
    end: int
    text: str
    generic: str
    """Generic name, lower case; abbreviations and codes as the field writes them."""
    drugbank_id: str | None
    """DrugBank accession (``DB09037``), or None where the dictionary has none."""
    source: MentionSource
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class ConditionMention:
    """One disease in a text, with the words of stage and setting that belong to its name."""

    start: int
    end: int
    text: str
    name: str
    """The disease as a record gives it: lower case, abbreviations written out where the article does so."""
    mesh_id: str | None
    """MeSH descriptor (``D006528``), or None where no descriptor is known."""
