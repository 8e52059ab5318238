"""Articles cut the way link-stripping scrapers cut them: what is noticed, and what is pinned on the wrong trial."""

from .section import measure as measure

__all__ = ["measure"]
