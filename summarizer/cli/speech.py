"""What the commands say besides their results, on stderr."""

from __future__ import annotations

import sys

from summarizer.render.inert import make_inert
from summarizer.settings import EngineChoice

__all__ = ["say", "say_engine"]


def say(line: str) -> None:
    """Print one line on stderr."""
    print(make_inert(line), file=sys.stderr, flush=True)  # noqa: T201 - the commands speak through here


def say_engine(choice: EngineChoice) -> None:
    """Say which engine is used, and why."""
    say(f"engine: {choice.engine}, {choice.reason}")
