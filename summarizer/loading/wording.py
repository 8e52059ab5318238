"""How notes and errors print counts and sizes."""

from __future__ import annotations

__all__ = ["counted", "megabytes"]

_MEGABYTE = 1_000_000


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Print a count with its noun: `1 line`, `2 lines`."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def megabytes(size: int) -> str:
    """Print a size for people: `50 MB`, `1.5 MB`, `900 bytes`."""
    return f"{size / _MEGABYTE:g} MB" if size >= _MEGABYTE / 10 else counted(size, "byte")
