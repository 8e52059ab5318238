"""Who decides whether a claim is accepted: this program, and what others offer for the same purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from summarizer.verification import Verifier

from ..material import Specimen
from .claim import Claim, with_quote


class Judge(Protocol):
    """Accepts claims or does not."""

    @property
    def name(self) -> str:
        """What it is, with its settings."""
        ...

    def accepts(self, claim: Claim) -> bool:
        """True when the claim would stand in the result."""
        ...


@dataclass
class OwnJudge:
    """The verification of this program. A claim is accepted if it is with any of its quotes."""

    name: str = "summarizer"
    _verifiers: dict[str, Verifier] = field(default_factory=dict[str, Verifier])

    def accepts(self, claim: Claim) -> bool:
        """True when some quote makes the claim pass."""
        verifier = self._verifier(claim.specimen)
        return any(not verifier.verify_leaf(with_quote(claim, quote), claim.pointer) for quote in claim.quotes)

    def reasons(self, claim: Claim) -> list[str]:
        """Why it is not accepted, for each quote."""
        verifier = self._verifier(claim.specimen)
        found = [verifier.verify_leaf(with_quote(claim, quote), claim.pointer) for quote in claim.quotes]
        return [f"{each[0].pointer}: {each[0].reason}" if each else "accepted" for each in found]

    def _verifier(self, specimen: Specimen) -> Verifier:
        if specimen.name not in self._verifiers:
            self._verifiers[specimen.name] = Verifier(specimen.reading)
        return self._verifiers[specimen.name]
