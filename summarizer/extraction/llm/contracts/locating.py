"""Find the words that a model cites: from a value and sentence numbers to a claim with exact spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from summarizer.extraction.draft import Claim
from summarizer.extraction.rules.clusters import same_form
from summarizer.reading.estimates.atoms import AtomKind, read_atoms
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.estimates.markers import find_markers
from summarizer.reading.estimates.subgroups import canonical_subgroup
from summarizer.reading.reader import Reading
from summarizer.schemas import Support
from summarizer.text import TextSpan, cuts_a_number, fold, plain

RULE = "model"
_LONGEST_VALUE = 400
"""Characters: what is longer is a passage, not a value."""

CUE_FIELDS = frozenset(
    {
        "phases", "status", "allocation", "masking", "intervention_model", "multicenter", "international",
        "registrational", "settings",
    }
)  # fmt: skip
"""Fields whose values have licensed wordings."""


def find_words(folded: str, span: TextSpan, words: str) -> TextSpan | None:
    """Where ``words`` stand within ``span``: whole words, typography, case and spacing forgiven, digits never.

    A number is found as a whole number only: ``5 mg`` does not stand in ``15 mg`` nor in ``1.5 mg``.
    """
    pieces = [re.escape(piece) for piece in fold(words).split()]
    if not pieces or len(words) > _LONGEST_VALUE:
        return None
    first, last = fold(words).split()[0][0], fold(words).split()[-1][-1]
    before = r"(?<![\w-])(?<!\d[.,])" if first.isalnum() else ""
    after = r"(?![\w-]|[.,]\d)" if last.isalnum() else ""
    pattern = re.compile(before + r"\s+".join(pieces) + after, re.IGNORECASE)
    found = (TextSpan(*match.span()) for match in pattern.finditer(folded, *span))
    return next((place for place in found if not cuts_a_number(folded, place)), None)


def locate(reading: Reading, field: str, value: str, sentences: Sequence[int]) -> Claim | None:
    """The claim that ``field`` is ``value``, resting on words of the cited sentences; None when they don't say it.

    Args:
        reading: the article.
        field: a field of the trial record, or ``interventions``, ``endpoint``, ``timepoint``, ``subgroup``.
        value: what the model answered.
        sentences: numbers of sentences of the reading.
    """
    finder = _FINDERS.get(field, _quoted)
    for number in sentences:
        claim = _cue(reading, field, value, number) if field in CUE_FIELDS else finder(reading, value, number)
        if claim is not None:
            return claim
    return None


def _span_of(reading: Reading, number: int) -> TextSpan:
    sentence = reading.sentences[number]
    return TextSpan(sentence.start, sentence.end)


def _quoted(reading: Reading, value: str, number: int) -> Claim | None:
    span = find_words(reading.folded, _span_of(reading, number), value)
    return None if span is None else Claim(reading.words(span), (span,), Support.QUOTED, RULE)


def _cue(reading: Reading, field: str, value: str, number: int) -> Claim | None:
    for cue in reading.mentions[number].cues:
        if cue.field == field and cue.value.casefold() == value.strip().casefold():
            return Claim(True if cue.value == "true" else cue.value, (cue.span,), Support.CUE, RULE)
    return None


def _designation(reading: Reading, value: str, number: int) -> Claim | None:
    for item in reading.mentions[number].designations:
        if same_form(item.text) == same_form(fold(value)):
            return Claim(item.text, (item.span,), Support.QUOTED, RULE)
    claim = _quoted(reading, value, number)
    return claim if claim and _may_be_a_name(reading, str(claim.value), claim.spans[0], number) else None


_STUDY = r"\b(?:trial|study|studies|trials|program|programme|protocol)\b"
_STUDY_AFTER = re.compile(
    r"(?: (?:phase [\w/]+|clinical|randomi[sz]ed|pivotal|registrational|confirmatory|open-label|double-blind"
    rf"|extension))* {_STUDY}",
    re.IGNORECASE,
)
_CALLED_BEFORE = re.compile(rf"{_STUDY},? (?:called|named|dubbed|known as|designated) (?:the )?$", re.IGNORECASE)


def _may_be_a_name(reading: Reading, words: str, span: TextSpan, number: int) -> bool:
    """A trial's name that the reader missed: short, right beside the word for a study, and no name of something else.

    A capital that merely opens the sentence makes no name.
    """
    own = words[1:] if span.start == reading.sentences[number].start else words
    if len(words) > 60 or not re.search(r"[A-Z0-9]", own) or re.search(_STUDY, words, re.IGNORECASE):
        return False
    mentions = reading.mentions[number]
    taken = [TextSpan(drug.start, drug.end) for drug in mentions.drugs]
    taken += [TextSpan(condition.start, condition.end) for condition in mentions.conditions]
    taken += [organisation.span for organisation in mentions.organisations]
    taken += [venue.span for venue in mentions.venues] + [cue.span for cue in mentions.cues]
    taken += [place.span for place in (*mentions.agencies, *mentions.countries)]
    called = _CALLED_BEFORE.search(reading.folded[max(0, span.start - 60) : span.start])
    beside = called is not None or _STUDY_AFTER.match(reading.folded, span.end) is not None
    return beside and not any(other.overlaps(span) for other in taken)


def _registry_id(reading: Reading, value: str, number: int) -> Claim | None:
    for item in reading.mentions[number].designations:
        if item.kind == "REGISTRY" and same_form(item.text) == same_form(fold(value)):
            return Claim(item.text, (item.span,), Support.QUOTED, RULE)
    return None


def _sponsor(reading: Reading, value: str, number: int) -> Claim | None:
    mentions = reading.mentions[number]
    for item in mentions.organisations:
        if plain(item.name) == plain(value) or plain(reading.words(item.span)) == plain(value):
            return Claim(item.name, (item.span,), Support.QUOTED, RULE)
    claim = _quoted(reading, value, number)
    if claim is None or not re.search(r"[A-Z]", str(claim.value)):
        return None
    taken = [item.span for item in (*mentions.agencies, *mentions.countries)]
    taken += [item.span for item in mentions.venues] + [item.span for item in mentions.designations]
    taken += [TextSpan(drug.start, drug.end) for drug in mentions.drugs]
    taken += [TextSpan(condition.start, condition.end) for condition in mentions.conditions]
    return None if any(span.overlaps(claim.spans[0]) for span in taken) else claim


_SHORTEST_VENUE = 3
"""Letters of a meeting's or journal's name: less stands in any name."""


def _venue(reading: Reading, value: str, number: int) -> Claim | None:
    wanted = plain(value)
    if len(wanted) < _SHORTEST_VENUE:
        return None
    for venue in reading.mentions[number].venues:
        if plain(venue.name) in wanted or wanted in plain(venue.name):
            return Claim(venue.name, (venue.span,), Support.CUE, RULE)
    return None


def _condition(reading: Reading, value: str, number: int) -> Claim | None:
    for mention in reading.mentions[number].conditions:
        if plain(mention.name) == plain(value):
            return Claim(mention.name, (TextSpan(mention.start, mention.end),), Support.QUOTED, RULE)
    return _quoted(reading, value, number)


def _marker(reading: Reading, value: str, number: int) -> Claim | None:
    for marker in find_markers(reading.folded, _span_of(reading, number)):
        if plain(marker.value) == plain(value) or plain(marker.span.of(reading.folded)) == plain(value):
            return Claim(marker.value, (marker.span,), Support.QUOTED, RULE)
    return _quoted(reading, value, number)


def _intervention(reading: Reading, value: str, number: int) -> Claim | None:
    drugs = reading.mentions[number].drugs
    for drug in drugs:
        place = TextSpan(drug.start, drug.end)
        if plain(drug.generic) == plain(value) or plain(place.of(reading.folded)) == plain(value):
            return Claim(drug.generic, (place,), Support.QUOTED, RULE)
    claim = _quoted(reading, value, number)
    return None if claim is None else Claim(str(claim.value).lower(), claim.spans, Support.QUOTED, RULE)


def _prior_therapy(reading: Reading, value: str, number: int) -> Claim | None:
    for drug in reading.mentions[number].drugs:
        place = TextSpan(drug.start, drug.end)
        if plain(drug.generic) == plain(value) or plain(place.of(reading.folded)) == plain(value):
            return Claim(drug.generic, (place,), Support.QUOTED, RULE)
    return _quoted(reading, value, number)


def _endpoint(reading: Reading, value: str, number: int) -> Claim | None:
    for mention in find_endpoints(reading.folded, _span_of(reading, number)):
        phrase = mention.as_phrase()
        if plain(phrase.value) == plain(value) or plain(phrase.span.of(reading.folded)) == plain(value):
            return Claim(phrase.value, (phrase.span,), Support.QUOTED, RULE)
    claim = _quoted(reading, value, number)
    return None if claim is None else Claim(str(claim.value).lower(), claim.spans, Support.QUOTED, RULE)


def _timepoint(reading: Reading, value: str, number: int) -> Claim | None:
    for atom in read_atoms(reading.folded, *_span_of(reading, number)):
        if atom.kind is not AtomKind.TIMEPOINT:
            continue
        if plain(value) in (plain(atom.text), plain(atom.span.of(reading.folded))):
            return Claim(atom.text, (atom.span,), Support.CUE, RULE)
    return None


def _subgroup(reading: Reading, value: str, number: int) -> Claim | None:
    claim = _quoted(reading, value, number)
    if claim is None:
        return None
    words = claim.spans[0].of(reading.folded)
    return Claim(canonical_subgroup(words), claim.spans, Support.QUOTED, RULE)


_Finder = Callable[[Reading, str, int], "Claim | None"]
_FINDERS: dict[str, _Finder] = {
    "name": _designation,
    "aliases": _designation,
    "registry_ids": _registry_id,
    "sponsors": _sponsor,
    "presented_at": _venue,
    "conditions": _condition,
    "biomarkers": _marker,
    "interventions": _intervention,
    "prior_therapies": _prior_therapy,
    "endpoint": _endpoint,
    "timepoint": _timepoint,
    "subgroup": _subgroup,
}


def sentence_numbers(reading: Reading, cited: Iterable[int]) -> tuple[list[int], list[int]]:
    """The cited numbers that are sentences of the article, and those that are none."""
    numbers = list(dict.fromkeys(cited))
    known = [number for number in numbers if 0 <= number < len(reading.sentences)]
    return known, [number for number in numbers if not 0 <= number < len(reading.sentences)]
