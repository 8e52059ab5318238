"""Checks: independent functions from a Summary to flags."""

from summarizer.checks.run import run_checks as run_checks

__all__ = ["run_checks"]
