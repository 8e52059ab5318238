"""What went wrong with one call, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

__all__ = ["Failure", "Kind", "Trouble"]


class Kind(StrEnum):
    """What can be done about a failure."""

    BUSY = auto()
    """Wait and try again."""
    EMPTY = auto()
    """Try again, but not for long."""
    CUT_OFF = auto()
    """Try again with a larger output budget."""
    LIMIT = auto()
    """Try again with the output budget that the endpoint grants."""
    PARAMETER = auto()
    """Try again without the parameter."""
    MODE = auto()
    """Ask for the shape of the answer in another way."""
    REFUSED = auto()
    """Nothing; another article may fare better."""
    TOO_LONG = auto()
    """Nothing, but a part of the article would fit."""
    FATAL = auto()
    """Nothing; no article would fare better."""


class Trouble(StrEnum):
    """What a failure says of the endpoint, and so of every other call to it."""

    NONE = auto()
    """Nothing: it is the matter of this request."""
    RATE_LIMIT = auto()
    """Too many calls at a time."""
    NO_ANSWER = auto()
    """A server error, a time-out, a dropped connection. It may be this request that brings it on."""
    NO_CONNECTION = auto()
    """Nobody is there. No request can have brought that on."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with one call, in words that quote neither key nor article."""

    kind: Kind
    """What can be done about it."""
    reason: str
    """What happened."""
    advice: str | None = None
    """What the user can do, if it stays that way."""
    wait: float | None = None
    """Seconds that the server told to wait."""
    parameter: str = ""
    """The rejected parameter."""
    limit: int | None = None
    """Output tokens that the endpoint grants."""
    trouble: Trouble = Trouble.NONE
    """What it says of the endpoint."""
    is_reply: bool = False
    """True when the endpoint answered, but not in the way it was asked."""
