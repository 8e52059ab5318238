"""The review page: every value in its place, corrected by people, the corrections kept."""

from summarizer.review.applying import Corrected, LeftOut, apply_corrections
from summarizer.review.corrections import Correction, Operation, SelectedWords, dump_correction, read_corrections
from summarizer.review.generate import ReviewFolder, write_review

__all__ = [
    "Corrected",
    "Correction",
    "LeftOut",
    "Operation",
    "ReviewFolder",
    "SelectedWords",
    "apply_corrections",
    "dump_correction",
    "read_corrections",
    "write_review",
]
