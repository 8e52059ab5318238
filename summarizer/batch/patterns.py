"""Which of a folder's files a run takes, by glob patterns on their relative paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

__all__ = ["make_filter", "matches"]


def make_filter(include: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool]:
    """Predicate on relative paths: included (everything is, without patterns) and not excluded."""

    def is_taken(path: str) -> bool:
        included = not include or any(matches(path, pattern) for pattern in include)
        return included and not any(matches(path, pattern) for pattern in exclude)

    return is_taken


def matches(path: str, pattern: str) -> bool:
    """Whether a pattern names a path, or a folder above it.

    A pattern without a slash names files and folders at any depth (``*.html``, ``drafts``). With a slash it
    is read from the top: ``*`` stays within one name, ``**`` spans any number of folders
    (``2024/**/final.txt``). Case counts, on every system.
    """
    names = [name for name in pattern.replace("\\", "/").split("/") if name not in {"", "."}]
    if len(names) == 1 and "/" not in pattern.rstrip("/"):
        names = ["**", *names]
    return _matches(path.split("/"), names)


def _matches(path: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return True  # what is left of the path lies below what the pattern names
    if pattern[0] == "**":
        return _matches(path, pattern[1:]) or (bool(path) and _matches(path[1:], pattern))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _matches(path[1:], pattern[1:])
