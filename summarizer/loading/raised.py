r"""Superscripts and subscripts that must not melt into the number before them.

`0.62<sup>1</sup>` printed as plain text is `0.621`: another hazard ratio. Where a raised or lowered mark
would touch a number, it is written with the Unicode characters made for it (`0.62¹`, `10⁹/L`); elsewhere it
stays as it is (`therapy.1`, `HbA1c`). Unicode superscripts are no digits to a regular expression's `\d`.
"""

from __future__ import annotations

import re

__all__ = ["set_apart"]

_RAISED = str.maketrans(
    "0123456789+-\u2212\u2013=()abcdefghijklmnoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
_LOWERED = str.maketrans("0123456789+-\u2212\u2013=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
# Numbers and lists of them, or single letters of footnotes; not `st`, `th`, `2/3`.
_MARK = re.compile("[0-9+\u2212\u2013=() ,;-]+|[a-pr-z](?:, ?[a-pr-z])*")
_NUMBER_BEFORE = re.compile("[0-9⁰¹²³⁴-⁹₀-₉][.,;:%)\\]]*$")
_TAIL = 8


def set_apart(before: str, mark: str, after: str, *, lowered: bool = False) -> str:
    """Text of a raised or lowered mark, such that it changes no number beside it.

    Args:
        before: Text before the mark.
        mark: The mark's own text.
        after: Text after the mark.
        lowered: Whether it is a subscript.
    """
    touches = _NUMBER_BEFORE.search(before[-_TAIL:]) or (mark[-1:].isdigit() and after[:1].isdigit())
    if touches and _MARK.fullmatch(mark):
        return mark.translate(_LOWERED if lowered else _RAISED)
    return mark
