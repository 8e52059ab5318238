"""Summaries for people: the terminal view and Markdown, made from the same facts."""
