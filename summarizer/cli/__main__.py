"""``python -m summarizer.cli`` is the command ``summarizer``."""

from summarizer.cli.edge import main

main()
