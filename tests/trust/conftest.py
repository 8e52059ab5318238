"""Fixtures for the tests of trust."""

from __future__ import annotations

from tests.support.browser import browser, open_page

__all__ = ["browser", "open_page"]
