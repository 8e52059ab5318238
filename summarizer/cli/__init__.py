"""The command line. It only imports the library; the library never imports it."""

from summarizer.cli.edge import main

__all__ = ["main"]
