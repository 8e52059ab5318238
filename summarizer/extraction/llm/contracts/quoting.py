"""Estimates that the reader missed: the model quotes the passage, the same parser reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.extraction.draft import Refusal
from summarizer.extraction.llm.contracts.locating import find_words, sentence_numbers
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.estimates.parser import read_estimates
from summarizer.reading.phrases import tokenize
from summarizer.reading.reader import Reading
from summarizer.schemas import AnswerQuote
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class QuotedEstimate:
    """An estimate read from a quoted passage."""

    estimate: Estimate
    """Its id follows those of the reading."""
    trial: int | None
    """Place of the trial in the model's answer."""
    place: str
    """JSON pointer of the quote in the answer."""


def read_quotes(reading: Reading, quotes: Sequence[AnswerQuote]) -> tuple[list[QuotedEstimate], list[Refusal]]:
    """Read the quoted passages; what is not in the text, or holds no further estimate, is refused."""
    found: list[QuotedEstimate] = []
    refused: list[Refusal] = []
    taken = [estimate.value_span for estimate in reading.estimates]
    for index, quote in enumerate(quotes):
        place = f"/q/{index}"
        known, _ = sentence_numbers(reading, [quote.s])
        span = _find(reading, quote.q, known)
        reason = "the quoted passage does not stand in the cited sentence" if span is None else None
        if span is not None:
            fresh = [item for item in _parse(reading, span) if not any(item.value_span.overlaps(s) for s in taken)]
            reason = None if fresh else "no further estimate can be read from the quoted passage"
            for estimate in fresh:
                taken.append(estimate.value_span)
                numbered = replace(estimate, id=len(reading.estimates) + len(found))
                found.append(QuotedEstimate(numbered, quote.t, place))
        if reason is not None:
            refused.append(Refusal(place, "results", quote.q, reason, tuple(known)))
    return found, refused


def _find(reading: Reading, words: str, known: Sequence[int]) -> TextSpan | None:
    for number in known:
        sentence = reading.sentences[number]
        span = find_words(reading.folded, TextSpan(sentence.start, sentence.end), words)
        if span is not None:
            return span
    return None


def _parse(reading: Reading, span: TextSpan) -> list[Estimate]:
    number = reading.sentence_at(span.start)
    piece = replace(reading.sentences[number], start=span.start, end=span.end)
    drugs = [TextSpan(drug.start, drug.end) for drug in reading.mentions[number].drugs]
    return read_estimates(reading.folded, reading.blocks, [piece], drugs, tokenize(reading.folded, *span))
