"""``summarizer cache``: what is kept of the answers of models, and how to be rid of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from summarizer.extraction.llm.storing.cache import CacheInfo

__all__ = ["app"]

DECLINED, STOPPED = 1, 130

app = typer.Typer(
    help="Show or forget the kept answers of models.",
    epilog="Exit status: 0 done, 1 the question was answered with no, 2 wrong usage or a cache that can't be used.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def info() -> None:
    """Show where the answers are kept, how many there are, and what they have saved."""
    from summarizer.extraction.llm.storing.cache import cache_info, responses_path  # noqa: PLC0415 - heavy
    from summarizer.render.inert import make_inert  # noqa: PLC0415 - heavy

    for label, value in _describe(cache_info(responses_path())):
        typer.echo(make_inert(f"{label:<9}{value}"))


@app.command()
def clear(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Forget all kept answers; a later run asks, and pays, again."""
    from summarizer.cli.speech import say  # noqa: PLC0415 - heavy
    from summarizer.extraction.llm.storing.cache import clear_cache, responses_path  # noqa: PLC0415 - heavy

    path = responses_path()
    if not yes:
        _ask_whether_to_clear()
    count = clear_cache(path)
    say(f"{_count(count, 'answer')} removed from {path}")


def _ask_whether_to_clear() -> None:
    """Ask at the terminal.

    Raises:
        ConfigurationError: if there is no terminal to ask at.
        typer.Exit: if the answer is no.
    """
    from summarizer.cli.speech import say  # noqa: PLC0415 - heavy
    from summarizer.errors import ConfigurationError  # noqa: PLC0415 - only needed here

    if not sys.stdin.isatty():
        raise ConfigurationError("there is no terminal to ask at whether to remove the kept answers", "add --yes")
    try:
        agreed = typer.confirm("Remove all kept answers? They were paid for", err=True)
    except typer.Abort:
        raise typer.Exit(STOPPED) from None
    if not agreed:
        say("nothing was removed")
        raise typer.Exit(DECLINED)


def _describe(info: CacheInfo) -> list[tuple[str, str]]:
    lines = [("file", str(info.path)), ("answers", str(info.entries))]
    if info.oldest and info.newest:
        lines.append(("kept", f"from {info.oldest:%Y-%m-%d} to {info.newest:%Y-%m-%d}"))
    lines.append(("size", f"{info.bytes / 1000:,.0f} kB"))
    lines += [("model", f"{model}, {_count(count, 'answer')}") for model, count in info.models]
    tokens = info.saved_tokens
    spared = (
        f"{tokens.input:,} tokens in, {tokens.output:,} tokens out, ${info.saved_cost:,.2f} where the price is known"
    )
    lines.append(("saved", f"{_count(info.hits, 'request')}, {spared}"))
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
