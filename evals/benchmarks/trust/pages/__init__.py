"""The articles as web pages: how much of their text comes back."""

from .section import measure as measure

__all__ = ["measure"]
