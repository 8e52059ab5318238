"""What the rules left open, as questions with answers to choose from: every answer is words of the text.

A small model can't write a record, but it can choose. Each question is about one empty field next to candidates that
the text offers for it; the chosen candidate becomes a claim, and grounding judges it like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.extraction.attribution import arm_name, spans_of
from summarizer.extraction.draft import Claim, DraftEndpoint, DraftResult, DraftTrial
from summarizer.extraction.llm.contracts.numbering import Numbering
from summarizer.extraction.rules.discourse import Discourse
from summarizer.reading.estimates.atoms import AtomKind, read_atoms
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.reader import Reading
from summarizer.schemas import EndpointRank, Focus, Statistic, Support
from summarizer.text import TextSpan

RULE = "model's choice"
_MOST_OPTIONS = 6
_MOST_DECOYS = 2


@dataclass(frozen=True, slots=True)
class Option:
    """One answer."""

    words: str
    """As the model reads it."""
    field: str
    """Field that the claim is for, as the grounder knows it."""
    claim: Claim
    apply: Callable[[], None]
    """Put the claim into the draft."""


@dataclass(frozen=True, slots=True)
class Question:
    """An open field and the answers that the text offers."""

    kind: str
    """``condition``, ``arm``, ``time point`` ..."""
    text: str
    options: tuple[Option, ...]
    decoys: tuple[str, ...] = ()
    """Words of the same kind from elsewhere in the article: choosing one of them states nothing. Without a second
    answer to choose, a small model takes the first."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Finds the open fields of a draft."""

    numbering: Numbering
    discourse: Discourse

    @property
    def _reading(self) -> Reading:
        return self.numbering.reading

    def questions(self, trials: Sequence[DraftTrial]) -> Iterator[Question]:
        """Questions in the order in which they are asked; each has at least one option."""
        for trial in trials:
            label = self._label(trial)
            found = [
                self._conditions(trial, label),
                self._sponsors(trial, label),
                self._primary(trial, label),
                *(self._arm(trial, result) for result in trial.results),
                *(self._timepoint(result) for result in trial.results),
            ]
            for question in found:
                if question is not None and question.options and len(question.options) + len(question.decoys) > 1:
                    yield question

    # ---------------------------------------------------------------------------------- about a trial

    def _label(self, trial: DraftTrial) -> str:
        if trial.name is not None:
            return f"{trial.name.value} trial"
        return f"trial of {arm_name(trial.arms[0])}" if trial.arms else "trial without a name"

    def _own(self, trial: DraftTrial) -> list[int]:
        """Sentences that speak of the trial: what only the article's overall subject suggests is no value of it."""
        numbers = range(min(len(self._reading.sentences), self._reading.boilerplate_from))
        return [n for n in numbers if trial.number is not None and trial.number in self.discourse.subjects[n]]

    def _conditions(self, trial: DraftTrial, label: str) -> Question | None:
        if trial.lists.get("conditions"):
            return None
        claims: dict[str, Claim] = {}
        for number in self._own(trial):
            for item in self._reading.mentions[number].conditions:
                span = TextSpan(item.start, item.end)
                claims.setdefault(item.name, Claim(item.name, (span,), Support.QUOTED, RULE))
        others = [item.name for mentions in self._reading.mentions for item in mentions.conditions]
        text = f"Which disease do the patients of the {label} have?"
        return Question("condition", text, *self._listed(trial, "conditions", claims, others))

    def _sponsors(self, trial: DraftTrial, label: str) -> Question | None:
        if trial.lists.get("sponsors"):
            return None
        claims: dict[str, Claim] = {}
        for number in self._own(trial):
            for item in self._reading.mentions[number].organisations:
                claims.setdefault(item.name, Claim(item.name, (item.span,), Support.QUOTED, RULE))
        others = [item.name for mentions in self._reading.mentions for item in mentions.organisations]
        text = f"Which of these companies or institutions runs or funds the {label}?"
        return Question("sponsor", text, *self._listed(trial, "sponsors", claims, others))

    def _listed(
        self, trial: DraftTrial, field: str, claims: dict[str, Claim], others: Sequence[str]
    ) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        def put(claim: Claim) -> Callable[[], None]:
            return lambda: trial.lists.setdefault(field, []).append(claim)

        chosen = list(claims.items())[:_MOST_OPTIONS]
        return tuple(Option(words, field, claim, put(claim)) for words, claim in chosen), _decoys(claims, others)

    def _primary(self, trial: DraftTrial, label: str) -> Question | None:
        if any(item.rank.value == EndpointRank.PRIMARY.value for item in trial.endpoints):
            return None
        options: dict[str, Option] = {}
        for number in self._own(trial):
            sentence = self._reading.sentences[number]
            whole = TextSpan(sentence.start, sentence.end)
            if not _PRIMARY.search(self._reading.folded, *whole):
                continue
            for mention in find_endpoints(self._reading.folded, whole):
                phrase = mention.as_phrase()
                endpoint = Claim(phrase.value, (phrase.span,), Support.QUOTED, RULE)
                rank = Claim(EndpointRank.PRIMARY.value, (whole,), Support.CUE, RULE)
                declared = DraftEndpoint(endpoint, rank)
                words = self._reading.words(phrase.span)
                options.setdefault(phrase.value, Option(words, "endpoint", endpoint, _appender(trial, declared)))
        text = f"Which of these does the article call the primary endpoint of the {label}?"
        return Question("primary endpoint", text, tuple(options.values())[:_MOST_OPTIONS])

    # --------------------------------------------------------------------------------- about a result

    def _words(self, result: DraftResult) -> str:
        estimate = result.estimate
        endpoint = estimate.endpoint.value if estimate.endpoint else "value"
        value = " ".join(self._reading.words(estimate.span).split())
        return f"{endpoint} {value} (E{estimate.id} in S{estimate.sentence})"

    def _arm(self, trial: DraftTrial, result: DraftResult) -> Question | None:
        names = {arm_name(arm) for arm in trial.arms}
        has_none = result.estimate.is_comparison or result.estimate.statistic is Statistic.OTHER
        if result.arm is not None or has_none or not 1 < len(names) == len(trial.arms):
            return None
        options: list[Option] = []
        for arm in trial.arms:
            spans = (result.estimate.span, *spans_of(arm.interventions))
            claim = Claim(arm_name(arm), spans, Support.DERIVED, RULE)
            options.append(Option(arm_name(arm), "arm", claim, _setter(result, "arm", claim)))
        text = f"Whose value is {self._words(result)}? The patients who got:"
        return Question("arm", text, tuple(options[:_MOST_OPTIONS]))

    def _timepoint(self, result: DraftResult) -> Question | None:
        estimate = result.estimate
        endpoint = estimate.endpoint.value if estimate.endpoint else ""
        is_landmark = estimate.statistic is Statistic.RATE and endpoint in _TIME_TO_EVENT
        if result.timepoint is not None or not (is_landmark or estimate.statistic is Statistic.MEAN_CHANGE):
            return None
        near = self._nearby(estimate.sentence, before=2, after=1)
        options: dict[str, Option] = {}
        others: list[str] = []
        for sentence in self._reading.sentences:
            for atom in read_atoms(self._reading.folded, sentence.start, sentence.end):
                if atom.kind is not AtomKind.TIMEPOINT or not atom.text:
                    continue
                if sentence.number in near:
                    claim = Claim(atom.text, (atom.span,), Support.CUE, RULE)
                    put = _setter(result, "timepoint", claim)
                    options.setdefault(atom.text, Option(atom.text, "timepoint", claim, put))
                else:
                    others.append(atom.text)
        text = f"At which time point was this rate or change measured: {self._words(result)}?"
        chosen = tuple(options.values())[:_MOST_OPTIONS]
        return Question("time point", text, chosen, _decoys(options, others))

    def _nearby(self, number: int, *, before: int, after: int) -> list[int]:
        """Sentences around one, in its own paragraph."""
        sentences = self._reading.sentences
        around = range(max(0, number - before), min(len(sentences), number + after + 1))
        return [other for other in around if sentences[other].block == sentences[number].block]


def _decoys(own: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(own)
    return tuple(dict.fromkeys(words for words in others if words not in known))[:_MOST_DECOYS]


_TIME_TO_EVENT = frozenset("OS PFS PFS2 rPFS EFS DFS RFS IDFS DMFS MFS DOR".split())
_PRIMARY = re.compile(r"\bprimary\b(?! (?:tumou?r|care|analysis|sclerosing|biliary))", re.IGNORECASE)


def _appender(trial: DraftTrial, endpoint: DraftEndpoint) -> Callable[[], None]:
    return lambda: trial.endpoints.append(endpoint)


def _setter(result: DraftResult, field: str, claim: Claim) -> Callable[[], None]:
    return lambda: setattr(result, field, claim)


def main_first(trials: Sequence[DraftTrial]) -> list[DraftTrial]:
    """Trials that the article is about before those it cites: the questions may be cut off by a limit."""
    return sorted(trials, key=lambda trial: trial.focus.value != Focus.MAIN.value)
