"""What all ways to find arms share: passages with regimens, regimens with roles."""

from __future__ import annotations

from summarizer.extraction.rules.regimens import Regimen
from summarizer.schemas import ArmRole
from summarizer.text import TextSpan

Passages = list[tuple[int, TextSpan, list[Regimen]]]
"""(sentence number, span, regimens): the passages of a trial with what is given in each."""
RoledRegimens = list[tuple[ArmRole, Regimen]]
"""Regimens with the role of the arm that gets them."""


def options(regimen: Regimen) -> list[Regimen]:
    """Take "A, alone or with B" as two arms."""
    if regimen.optional is None:
        return [regimen]
    return [Regimen(regimen.drugs[: regimen.optional], regimen.n), Regimen(regimen.drugs, None)]


def control_role(regimen: Regimen) -> ArmRole:
    """The role of a control that gets ``regimen``: placebo, nothing, or something active."""
    if any(drug.kind == "PLACEBO" for drug in regimen.drugs):
        return ArmRole.PLACEBO_COMPARATOR
    if regimen.names and regimen.names[0] in ("observation", "active surveillance", "no treatment", "watch and wait"):
        return ArmRole.NO_INTERVENTION
    return ArmRole.ACTIVE_COMPARATOR
