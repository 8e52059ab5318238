"""``summarizer bench``: measure what the program promises. What a command needs is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(
    help="Measure what the program promises.",
    epilog="Exit status: 0 every target was reached, 1 one was missed, 2 wrong usage or set-up.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def bench() -> None:
    """Measure what the program promises."""


@app.command()
def trust(  # noqa: PLR0913 - an option of a command is a parameter
    sections: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SECTION]...", help="claims, damage, pages, statistics, fuzz; by default all."),
    ] = None,
    *,
    peers: Annotated[
        bool, typer.Option("--peers", help="Put the same claims to langextract and instructor's CitationMixin too.")
    ] = False,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="DIR", help="Labelled articles; else the built-in ones.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of everything that is made.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Most items of each measure, for a quick look.")
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures here.")] = None,
    readme: Annotated[
        Path | None, typer.Option("--readme", metavar="FILE", help="Write the tables between its trust marks.")
    ] = None,
    misses: Annotated[
        int, typer.Option("--misses", min=0, metavar="N", help="Most misses to list for each section.")
    ] = 10,
) -> None:
    """Show that nothing false gets in: altered claims, damaged text, planted inconsistencies, hostile input.

    Everything is made from the labelled articles, by chance with a fixed seed: the same command gives the same
    figures.
    """
    from summarizer.cli.trusting import Wanted, measure_trust  # noqa: PLC0415 - heavy

    wanted = Wanted(tuple(sections or ()), peers, cases, seed, limit)
    raise typer.Exit(measure_trust(wanted, json=json, readme=readme, misses=misses))
