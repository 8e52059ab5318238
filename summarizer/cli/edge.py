"""The edge of the program: arguments in, exit status out.

Here, and nowhere else, is decided what a user sees of an error: a mistake of theirs is one line on stderr, a
bug of ours is a traceback. Exit status: 0 all done, 1 some input failed, 2 wrong usage or set-up, 130 when
stopped.
"""

from __future__ import annotations

import io
import sys
from typing import NoReturn

from typer.main import get_command

from summarizer.cli.app import app
from summarizer.errors import (
    BudgetExceededError,
    LoadError,
    ModelError,
    SummarizerError,
    UnreadableInputError,
    UnsupportedFormatError,
)
from summarizer.render.inert import make_inert

__all__ = ["main"]

FAILED, MISUSED = 1, 2


def main() -> NoReturn:
    """Run the command line and leave the process."""
    _prepare_streams()
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    """Run a command and return its exit status; a bug comes out as it is."""
    try:
        status = get_command(app).main(args=arguments, prog_name="summarizer", standalone_mode=False)
    except SummarizerError as error:
        _complain(str(error))
        return _status_of(error)
    except Exception as error:
        message = _usage_message(error)
        if message is None:
            raise
        _complain(message)
        return MISUSED
    return status if isinstance(status, int) else 0


def _status_of(error: SummarizerError) -> int:
    """An article that is no good has failed; a path or a setting that is no good is misuse."""
    named_wrong = isinstance(error, UnreadableInputError | UnsupportedFormatError)
    has_failed = isinstance(error, LoadError | ModelError | BudgetExceededError)
    return FAILED if has_failed and not named_wrong else MISUSED


def _usage_message(error: Exception) -> str | None:
    """What typer has to say about wrong arguments; None where the error is another.

    Told by shape: typer's base class of these errors has no public name that all its versions share.
    """
    format_message = getattr(error, "format_message", None)
    if format_message is None:
        return None
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "summarizer"
    return f"{str(format_message()).rstrip('.')}; see '{command} --help'"


def _complain(message: str) -> None:
    print(f"summarizer: error: {make_inert(message)}", file=sys.stderr)  # noqa: T201 - this is the place to


def _prepare_streams() -> None:
    """Let no character of an article stop the output where it can't be printed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
