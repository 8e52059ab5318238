"""Reported statistics: every number of the text as a fully parsed Estimate."""
