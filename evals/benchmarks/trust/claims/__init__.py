"""Altered claims must not be accepted, harmless variants must be: here and at the peers."""

from .section import measure as measure

__all__ = ["measure"]
