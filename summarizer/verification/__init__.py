"""Verification: is a finished record, whoever made it, what the article says?

Grounding asks of every claim, while a record is made, whether its passage supports it. Verification starts from the
other end: it takes a record and the text, reads the text anew, and names every value that the text does not say, or
says of another trial, arm, endpoint or subset. It believes nothing that the record says about itself, its offsets
included.
"""

from summarizer.verification.verifier import Verifier as Verifier

__all__ = ["Verifier"]
