"""What others say - servers, validators - made fit to be shown: short, one line, without the key or the article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from pydantic import SecretStr, ValidationError

__all__ = ["Redactor", "shape_faults"]

_LONGEST = 240
_WINDOW = 20
"""Characters in a row that a message may not share with a text that was sent."""
_KEY_LIKE = re.compile(r"\b(?:sk|pk|gsk|hf|key|org|proj)[-_][\w*.\-]{6,}|\bBearer\s+\S+", re.IGNORECASE)
_HIDDEN = "(the server's message repeats what was sent and is not shown)"
_NAME = re.compile(r"[A-Za-z_]\w{0,39}")
_FAULTS_SHOWN = 3
_OWN_WORDS = {"value_error", "assertion_error"}
"""Pydantic's kinds of error whose message was written by a validator, which may have quoted its input."""


class Redactor:
    """Keeps one request's texts and the key out of messages.

    Args:
        key: The key that is sent.
        texts: The texts that are sent and may not be quoted back.
    """

    def __init__(self, key: SecretStr | None, texts: Iterable[str]) -> None:
        self._key = key
        self._texts = [_squeezed(text) for text in texts]

    def shown(self, message: str) -> str:
        """The message as it may be shown; empty when it says nothing."""
        if self._key is not None and self._key.get_secret_value():
            message = message.replace(self._key.get_secret_value(), "[key]")
        message = _squeezed(_KEY_LIKE.sub("[key]", message))
        if len(message) > _LONGEST:
            message = message[: _LONGEST - 1].rstrip() + "…"
        return _HIDDEN if self._quotes(message) else message

    def _quotes(self, message: str) -> bool:
        windows = {message[at : at + _WINDOW] for at in range(max(1, len(message) - _WINDOW + 1))}
        return any(
            any(window in text for window in windows if len(window) == _WINDOW)
            or (0 < len(text) < _WINDOW and text in message)
            for text in self._texts
        )


def shape_faults(error: BaseException | None) -> str:
    """What is wrong with the shape of an answer, in a few words that quote nothing of it."""
    if isinstance(error, json.JSONDecodeError):
        return "not JSON"
    if not isinstance(error, ValidationError):
        return "no answer in the place where one belongs"
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [_fault(fault["loc"], fault["type"], fault["msg"]) for fault in faults[:_FAULTS_SHOWN]]
    rest = len(faults) - len(shown)
    return "; ".join([*shown, f"{rest} more"] if rest else shown)


def _fault(place: tuple[int | str, ...], kind: str, message: str) -> str:
    # The model may have put anything where a name belongs.
    names = [str(part) if isinstance(part, int) or _NAME.fullmatch(part) else "?" for part in place]
    words = kind.replace("_", " ") if kind in _OWN_WORDS else message
    return f"{'.'.join(names)}: {words}" if names else words


def _squeezed(text: str) -> str:
    return " ".join(text.split())
