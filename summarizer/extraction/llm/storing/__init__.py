"""Answers that are kept, and what calls cost."""
