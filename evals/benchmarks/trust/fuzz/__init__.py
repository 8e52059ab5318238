"""Random and hostile input: no crash, no broken invariant, no second for 100 kB."""

from .section import measure as measure

__all__ = ["measure"]
