"""Grounding: a claim enters the record only if its evidence supports it."""

from summarizer.grounding.assemble import Grounded as Grounded
from summarizer.grounding.assemble import ground as ground
from summarizer.grounding.support import why_unsupported as why_unsupported

__all__ = ["Grounded", "ground", "why_unsupported"]
