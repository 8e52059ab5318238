"""A sentence, what its values may inherit from the text before it, and its clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.reading.estimates.atoms import Atom
from summarizer.reading.estimates.endpoint_mentions import EndpointMention
from summarizer.reading.estimates.model import Phrase
from summarizer.reading.phrases import Token
from summarizer.reading.sentences import Sentence
from summarizer.schemas import Statistic
from summarizer.text import TextSpan


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A sentence and what its values may inherit."""

    folded: str
    sentence: Sentence
    tokens: Sequence[Token]
    drugs: Sequence[TextSpan]
    ratio: tuple[Statistic, TextSpan] | None
    distant_ratio: tuple[Statistic, TextSpan] | None
    """The ratio that was last named in an earlier paragraph."""
    endpoint: EndpointMention | None
    distant_endpoint: EndpointMention | None
    """The time to an event that an earlier paragraph spoke of last."""
    distant_measure: EndpointMention | None
    """The measure that earlier text spoke of last."""
    grade: TextSpan | None
    grade_in_brackets: bool
    timepoint: Atom | None
    subgroup: TextSpan | None
    markers: Sequence[Phrase] = ()
    """Markers of the sentence that the article has in two states."""

    @property
    def span(self) -> TextSpan:
        """The sentence's span."""
        return TextSpan(self.sentence.start, self.sentence.end)


def clause_of(folded: str, sentence: TextSpan, span: TextSpan) -> TextSpan:
    """The stretch between semicolons around ``span`` (semicolons inside its own brackets do not count)."""
    end = folded.find(";", span.end, sentence.end)
    stop = sentence.end if end < 0 else end
    start = sentence.start
    if folded.find(";", start, span.start) < 0:
        return TextSpan(start, stop)
    depth = 0
    for place in range(span.start - 1, sentence.start - 1, -1):
        character = folded[place]
        if character in ")]":
            depth += 1
        elif character in "([":
            depth -= 1
        elif character == ";" and depth == 0:
            start = place + 1
            break
    return TextSpan(start, stop)
