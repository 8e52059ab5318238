"""What the rules left open, as questions with answers to choose from: every answer is words of the text.

A small model can't write a record, but it can choose. Each question is about one empty field next to candidates that
the text offers for it; the chosen candidate becomes a claim, and grounding judges it like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.extraction.attribution import arm_name, spans_of, why_not_about
from summarizer.extraction.draft import Claim, DraftArm, DraftEndpoint, DraftResult, DraftTrial
from summarizer.extraction.llm.numbering import Numbering
from summarizer.extraction.rules.discourse import Discourse
from summarizer.reading.estimates.atoms import AtomKind, read_atoms
from summarizer.reading.estimates.endpoints import find_endpoints
from summarizer.reading.reader import Reading
from summarizer.schemas import EndpointRank, Focus, Statistic, Support
from summarizer.text import TextSpan

RULE = "model's choice"
_MOST_OPTIONS = 8


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
    """``arm size``, ``arm``, ``time point`` ..."""
    text: str
    options: tuple[Option, ...]


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
                self._prior(trial, label),
                *(self._size(trial, arm, label) for arm in trial.arms if arm.n is None and len(trial.arms) > 1),
                *(self._arm(trial, result) for result in trial.results),
                *(self._timepoint(result) for result in trial.results),
            ]
            for question in found:
                if question is not None and question.options:
                    yield question

    # ---------------------------------------------------------------------------------- about a trial

    def _label(self, trial: DraftTrial) -> str:
        if trial.name is not None:
            return f"{trial.name.value} trial"
        return f"trial of {arm_name(trial.arms[0])}" if trial.arms else "trial without a name"

    def _about(self, trial: DraftTrial) -> list[int]:
        """Sentences that may tell something of the trial."""
        numbers = range(min(len(self._reading.sentences), self._reading.boilerplate_from))
        return [n for n in numbers if why_not_about(self.discourse, n, trial.number) is None]

    def _conditions(self, trial: DraftTrial, label: str) -> Question | None:
        if trial.lists.get("conditions"):
            return None
        claims: dict[str, Claim] = {}
        for number in self._about(trial):
            for item in self._reading.mentions[number].conditions:
                span = TextSpan(item.start, item.end)
                claims.setdefault(item.name, Claim(item.name, (span,), Support.QUOTED, RULE))
        text = f"Which disease do the patients of the {label} have?"
        return Question("condition", text, self._listed(trial, "conditions", claims))

    def _sponsors(self, trial: DraftTrial, label: str) -> Question | None:
        if trial.lists.get("sponsors"):
            return None
        claims: dict[str, Claim] = {}
        for number in self._about(trial):
            for item in self._reading.mentions[number].organisations:
                claims.setdefault(item.name, Claim(item.name, (item.span,), Support.QUOTED, RULE))
        text = f"Which of these companies or institutions runs or funds the {label}?"
        return Question("sponsor", text, self._listed(trial, "sponsors", claims))

    def _prior(self, trial: DraftTrial, label: str) -> Question | None:
        if trial.lists.get("prior_therapies"):
            return None
        own = {claim.value for arm in trial.arms for claim in arm.interventions}
        claims: dict[str, Claim] = {}
        for number in self._about(trial):
            sentence = self._reading.sentences[number]
            if not _PRETREATED.search(self._reading.folded, sentence.start, sentence.end):
                continue
            for drug in self._reading.mentions[number].drugs:
                if drug.generic not in own and drug.kind not in ("PLACEBO", "OBSERVATION"):
                    span = TextSpan(drug.start, drug.end)
                    claims.setdefault(drug.generic, Claim(drug.generic, (span,), Support.QUOTED, RULE))
        text = f"Which treatment must the patients of the {label} have had before they entered it?"
        return Question("prior therapy", text, self._listed(trial, "prior_therapies", claims))

    def _listed(self, trial: DraftTrial, field: str, claims: dict[str, Claim]) -> tuple[Option, ...]:
        def put(claim: Claim) -> Callable[[], None]:
            return lambda: trial.lists.setdefault(field, []).append(claim)

        chosen = list(claims.items())[:_MOST_OPTIONS]
        return tuple(Option(words, field, claim, put(claim)) for words, claim in chosen)

    def _primary(self, trial: DraftTrial, label: str) -> Question | None:
        if any(item.rank.value == EndpointRank.PRIMARY.value for item in trial.endpoints):
            return None
        options: dict[str, Option] = {}
        for number in self._about(trial):
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

    def _size(self, trial: DraftTrial, arm: DraftArm, label: str) -> Question | None:
        about = set(self._about(trial))
        taken = {claim.value for claim in (trial.scalars.get("enrollment"), *(a.n for a in trial.arms)) if claim}
        options: list[Option] = []
        for count in self.numbering.counts:
            number = self._reading.sentence_at(count.span.start)
            if number not in about or count.value in taken or count.value < 2:
                continue
            claim = Claim(count.value, (count.span,), Support.NUMBER, RULE)
            sentence = self._reading.sentences[number]
            low, high = max(sentence.start, count.span.start - 50), min(sentence.end, count.span.end + 50)
            words = " ".join(self._reading.article.text[low:high].split())
            options.append(Option(f"{count.value} (\u201c...{words}...\u201d)", "n", claim, _sizer(arm, claim)))
        text = f"How many patients of the {label} were in the arm that got {arm_name(arm)}?"
        return Question("arm size", text, tuple(options[:_MOST_OPTIONS])) if len(options) > 1 else None

    # --------------------------------------------------------------------------------- about a result

    def _words(self, result: DraftResult) -> str:
        estimate = result.estimate
        endpoint = estimate.endpoint.value if estimate.endpoint else "value"
        value = " ".join(self._reading.words(estimate.span).split())
        return f"{endpoint} {value} (E{estimate.id} in S{estimate.sentence})"

    def _arm(self, trial: DraftTrial, result: DraftResult) -> Question | None:
        if result.arm is not None or result.estimate.is_comparison or len(trial.arms) < 2:
            return None
        options = []
        for arm in trial.arms:
            spans = (result.estimate.span, *spans_of(arm.interventions))
            claim = Claim(arm_name(arm), spans, Support.DERIVED, RULE)
            options.append(Option(arm_name(arm), "arm", claim, _setter(result, "arm", claim)))
        text = f"Whose value is {self._words(result)}? The patients who got:"
        return Question("arm", text, tuple(options[:_MOST_OPTIONS]))

    def _timepoint(self, result: DraftResult) -> Question | None:
        estimate = result.estimate
        if result.timepoint is not None or estimate.statistic not in (Statistic.RATE, Statistic.MEAN_CHANGE):
            return None
        block = self._reading.sentences[estimate.sentence].block
        options: dict[str, Option] = {}
        for number in range(max(0, estimate.sentence - 2), min(len(self._reading.sentences), estimate.sentence + 2)):
            sentence = self._reading.sentences[number]
            if sentence.block != block:
                continue
            for atom in read_atoms(self._reading.folded, sentence.start, sentence.end):
                if atom.kind is AtomKind.TIMEPOINT and atom.text:
                    claim = Claim(atom.text, (atom.span,), Support.CUE, RULE)
                    options.setdefault(
                        atom.text, Option(atom.text, "timepoint", claim, _setter(result, "timepoint", claim))
                    )
        text = f"At which time point was this rate or change measured: {self._words(result)}?"
        return Question("time point", text, tuple(options.values())[:_MOST_OPTIONS])


_PRETREATED = re.compile(
    r"\b(?:prior|previous(?:ly)?|after|progress\w*|failed|failure|refractory|resistan\w*|received|pretreated|treated)\b",
    re.IGNORECASE,
)
_PRIMARY = re.compile(r"\bprimary\b(?! (?:tumou?r|care|analysis|sclerosing|biliary))", re.IGNORECASE)


def _appender(trial: DraftTrial, endpoint: DraftEndpoint) -> Callable[[], None]:
    return lambda: trial.endpoints.append(endpoint)


def _sizer(arm: DraftArm, claim: Claim) -> Callable[[], None]:
    return lambda: setattr(arm, "n", claim)


def _setter(result: DraftResult, field: str, claim: Claim) -> Callable[[], None]:
    return lambda: setattr(result, field, claim)


def main_first(trials: Sequence[DraftTrial]) -> list[DraftTrial]:
    """Trials that the article is about before those it cites: the questions may be cut off by a limit."""
    return sorted(trials, key=lambda trial: trial.focus.value != Focus.MAIN.value)
