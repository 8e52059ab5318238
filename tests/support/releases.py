"""A folder of short releases, each of another trial, and what a model answers about them; none of it exists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["answer", "release", "write_releases"]

_ANSWER = '{"t": [{"n": "LARKSPUR-2", "s": [0], "m": true, "a": [{"k": "phases", "v": "PHASE3", "s": [0]}]}]}'


def release(number: int) -> str:
    """Text of one release; its median is its number and a half."""
    return (
        f"Norvane Therapeutics today reported results number {number} from the randomized phase 3 LARKSPUR-2 trial of "
        "talvorexib in adults with advanced biliary tract cancer.\n\n"
        f"Median overall survival was {number}.5 months with "
        "talvorexib and 1.9 months with placebo (HR, 0.71; 95% CI, 0.58-0.87).\n"
    )


def write_releases(folder: Path, number: int) -> None:
    """Write so many releases, ten to a folder."""
    for at in range(number):
        path = folder / f"{at // 10:02}" / f"{at:04}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(release(at), encoding="utf-8")


def answer(request: Mapping[str, Any]) -> str:
    """A valid answer to what the records contract asks first, and an empty one to what it asks again."""
    return _ANSWER if "article-" in request["messages"][-1]["content"] else '{"f": []}'
