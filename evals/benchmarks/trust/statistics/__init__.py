"""Planted inconsistencies must be found, true reports left alone; counts implied by exact intervals."""

from .section import measure as measure

__all__ = ["measure"]
