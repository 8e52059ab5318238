"""``python -m summarizer.cli`` is the command ``summarizer``."""

from summarizer.cli.edge import main

if __name__ == "__main__":
    main()
