"""What others offer to tie an extraction to its source, put to the same claims.

Each is used as its documentation says: the quoted passage is what is checked, and a claim is accepted when the quote
is found in the text. Values that stand beside the quote (the number as a field, the arm, the trial) are compared by
none of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any

from summarizer.errors import ConfigurationError

from .claim import Claim
from .judges import Judge

_HOW = "pip install 'summarizer[peers]'"


@dataclass
class LangextractJudge:
    """langextract's aligner: an extraction counts as grounded when it gets a place in the text.

    Args:
        name: what is shown.
        options: arguments of the resolver's ``align``; none for its defaults.
    """

    name: str
    options: Mapping[str, Any]

    def __post_init__(self) -> None:
        resolver = import_module("langextract.resolver")
        self._extraction = import_module("langextract.core.data").Extraction
        self._resolver = resolver.Resolver()

    def accepts(self, claim: Claim) -> bool:
        """True when the quote is aligned with the article."""
        extraction = self._extraction(extraction_class="result", extraction_text=claim.quotes[0].words)
        text = claim.specimen.article.text
        aligned = list(self._resolver.align([extraction], text, 0, 0, **self.options))
        return bool(aligned) and aligned[0].char_interval is not None


class CitationJudge:
    """instructor's CitationMixin: quotes that it does not find in the context are taken off the answer."""

    name = "instructor CitationMixin"

    def __init__(self) -> None:
        mixin: Any = import_module("instructor").CitationMixin

        class Fact(mixin):  # type: ignore[misc]
            """A value with the quotes that it rests on."""

            value: str

        self._fact: type[Any] = Fact

    def accepts(self, claim: Claim) -> bool:
        """True when a quote is left."""
        text = claim.specimen.article.text
        answer = {"value": claim.says, "substring_quotes": [claim.quotes[0].words]}
        return bool(self._fact.model_validate(answer, context={"context": text}).substring_quotes)


def load_peers() -> list[Judge]:
    """The peers that can be measured.

    Raises:
        ConfigurationError: if they are not installed.
    """
    try:
        import_module("regex")  # CitationMixin needs it, and only says so when it is used
        return [
            LangextractJudge("langextract", {}),
            LangextractJudge("langextract, strict", {"enable_fuzzy_alignment": False, "accept_match_lesser": False}),
            CitationJudge(),
        ]
    except ModuleNotFoundError as error:
        raise ConfigurationError(f"the peers are not installed: {error.name} is missing", _HOW) from error


def versions() -> dict[str, str]:
    """Releases that are compared."""
    return {name: metadata.version(name) for name in ("langextract", "instructor") if _is_installed(name)}


def _is_installed(name: str) -> bool:
    try:
        return bool(re.match(r"\d", metadata.version(name)))
    except metadata.PackageNotFoundError:
        return False
