"""``summarizer review``: pages of a run for people, and the corrections that people make.

The commands and their options; what they do is in ``looking``, imported when one runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

__all__ = ["app"]

_DEFAULT = "pages"


class _OutFirst(TyperGroup):
    """``review OUT ...`` means ``review pages OUT ...``; a folder called like a command is named ``./merge``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own, of no public name
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_OutFirst,
    help=(
        "Look at every value in its place, and correct it: summarizer review OUT.\n\n"
        "'summarizer review pages --help' shows its options."
    ),
    epilog="Exit status: 0 done, 1 reviewers contradict or something was left out, 2 wrong usage or set-up.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Out = Annotated[Path, typer.Argument(metavar="OUT", help="What 'summarizer batch' wrote.")]
Articles = Annotated[
    Path | None,
    typer.Option("--articles", metavar="FOLDER", help="Folder of the articles; else the one that the run read."),
]


@app.command(_DEFAULT)
def write_pages(
    out: Out,
    *,
    articles: Articles = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the pages in the browser.")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve the pages to this machine, and save corrections to OUT.")
    ] = False,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, metavar="N", help="Port for --serve; else a free one.")
    ] = None,
) -> None:
    """Write one page an article and an index of all to OUT/review; no network and no server is needed to use them."""
    from summarizer.cli.looking import make_pages, open_page, serve_pages  # noqa: PLC0415 - heavy
    from summarizer.errors import ConfigurationError  # noqa: PLC0415 - as above

    if port is not None and not serve:
        raise ConfigurationError("--port is for a server", "add --serve, or leave it out")
    made = make_pages(out, articles)
    if serve:
        serve_pages(out, port or 0, is_opened=open_)
    elif open_:
        open_page(made)


@app.command()
def merge(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of corrections.")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where all corrections go.")],
) -> None:
    """Put the corrections of several reviewers together, and say where they contradict."""
    from summarizer.cli.looking import merge_files  # noqa: PLC0415 - heavy

    raise typer.Exit(merge_files(files, out))


@app.command()
def export(
    out: Out,
    *,
    cases: Annotated[Path, typer.Option("--cases", metavar="DIR", help="Folder that the cases go into.")],
    corrections: Annotated[
        list[Path] | None,
        typer.Option("--corrections", metavar="FILE", help="Corrections; else OUT/corrections.jsonl."),
    ] = None,
    articles: Articles = None,
    everything: Annotated[bool, typer.Option("--all", help="Articles that nobody has reviewed, too.")] = False,
) -> None:
    """Make labelled cases for 'summarizer eval' of the articles that were reviewed."""
    from summarizer.cli.looking import export_cases  # noqa: PLC0415 - heavy

    raise typer.Exit(export_cases(out, cases, corrections, articles, is_all=everything))
