"""What must hold of whatever is read, whatever it was read from; each breach is told in a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from summarizer.article import Article
from summarizer.errors import LoadError
from summarizer.evaluation.grounds import find_invented_numbers, find_ungrounded, iterate_record_leaves, numbers_in
from summarizer.evaluation.normalise import number_key
from summarizer.lexicon import find_drugs
from summarizer.reading.reader import Reading
from summarizer.schemas import Summary, Support
from summarizer.text import TextSpan

_SURROGATE = re.compile("[\ud800-\udfff]")


def breaches_of_article(item: Article | LoadError) -> Iterator[str]:
    """An article is text that any file can hold; an error is one line that names its file."""
    if isinstance(item, LoadError):
        if len(str(item).splitlines()) != 1 or not item.name:
            yield f"an error of more than one line, or of no file: {str(item)[:80]!r}"
        return
    if not item.text.strip():
        yield "an article without text"
    if "\r" in item.text or "\0" in item.text or _SURROGATE.search(item.text):
        yield "an article with a carriage return, a NUL or a lone surrogate"
    told = (item.name, item.title, item.url, item.published, *item.notes)
    if any(_SURROGATE.search(words) for words in told if words):
        yield "metadata with a lone surrogate"


def breaches_of_reading(reading: Reading) -> Iterator[str]:
    """Everything read has its place in the text, in order."""
    length = len(reading.article.text)
    if len(reading.folded) != length:
        yield "the folded text has another length"
    for number, sentence in enumerate(reading.sentences):
        if sentence.number != number or not 0 <= sentence.start < sentence.end <= length:
            yield f"sentence {number} has no place"
    if any(one.end > other.start for one, other in pairwise(reading.sentences)):
        yield "sentences overlap"
    if len(reading.mentions) != len(reading.sentences):
        yield "mentions without a sentence"
    spans = {
        "estimate": [span for item in reading.estimates for span in (item.span, item.value_span)],
        "damage": [item.span for item in reading.damage],
        "designation": [item.span for found in reading.mentions for item in found.designations],
        "drug": [TextSpan(item.start, item.end) for found in reading.mentions for item in found.drugs],
        "count": [item.span for found in reading.mentions for item in found.counts],
    }
    for kind, found in spans.items():
        if any(not 0 <= span.start < span.end <= length for span in found):
            yield f"a place of kind {kind} is not in the text"
    if [item.id for item in reading.estimates] != list(range(len(reading.estimates))):
        yield "estimates are not numbered in order"


def breaches_of_summary(summary: Summary, text: str) -> Iterator[str]:
    """Every value has evidence, every passage is what it says, no number is new, JSON brings the same back."""
    yield from (f"{pointer}: no evidence" for pointer in find_ungrounded(summary, text))
    leaves = dict(iterate_record_leaves(summary))
    for pointer, number in find_invented_numbers(summary, text):
        if Decimal(number).normalize() in numbers_in(_without_generic_names(str(leaves[pointer]), text)):
            yield f"{pointer}: {number} is not in the text"
    for pointer, spans in summary.evidence.items():
        if pointer not in leaves:
            yield f"{pointer}: evidence of nothing"
        if any(not 0 <= s.start < s.end <= len(text) or text[s.start : s.end] != s.text for s in spans):
            yield f"{pointer}: a passage is not the text's"
        value = leaves.get(pointer)
        if any(span.support is Support.NUMBER for span in spans) and not _is_printed(value, (s.text for s in spans)):
            yield f"{pointer}: {value} is not in its own passage"
    if Summary.model_validate_json(summary.model_dump_json()) != summary:
        yield "JSON does not bring the same back"


def _without_generic_names(value: str, text: str) -> str:
    """A value without what the dictionary calls a drug of the text: a brand's generic name may hold a number."""
    for name in {drug.generic for drug in find_drugs(text)}:
        value = value.replace(name, "")
    return value


def _is_printed(value: object, passages: Iterable[str]) -> bool:
    printed = numbers_in(" \n".join(passages))
    if isinstance(value, str):
        return numbers_in(value.lstrip("<>=\u2264\u2265")) <= printed
    return isinstance(value, int | float) and abs(number_key(value)).normalize() in printed
