"""A stand-in model that takes a right answer and lies in one way at a time.

:func:`right_answer` puts what the rules read of a case into wire form; every generator in :data:`GENERATORS` changes
one thing of it. A lie says what would stand in the record if it were believed, as facts; whether it was believed is
told from the Summary alone: one of those facts is there, and is not there when the answer is right.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import cast

from summarizer.errors import ModelError
from summarizer.evaluation.cases import ARTICLE_NAMES
from summarizer.extraction.draft import Claim, Draft, DraftTrial
from summarizer.extraction.llm.contracts.numbering import Numbering
from summarizer.extraction.llm.contracts.records import RecordsExtractor
from summarizer.extraction.llm.exchange import Answer, Model, Reply, Request
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.grounding import why_unsupported
from summarizer.loading import load_article
from summarizer.pipeline import Output, _finish, _finish_by_model
from summarizer.reading.estimates.model import Estimate
from summarizer.reading.reader import Reading, read
from summarizer.schemas import (
    AnswerArm,
    AnswerAttribute,
    AnswerEndpoint,
    AnswerEvent,
    AnswerLink,
    AnswerQuote,
    AnswerTrial,
    AttributeKey,
    EndpointRank,
    GoldCase,
    GoldTrial,
    ModelAnswer,
    ModelCorrections,
    RegulatoryAction,
    Run,
    Summary,
    Support,
)
from summarizer.text import NUMBER, TextSpan, fold, plain
from tests.support.leaves import leaves_of

CASES = Path(__file__).parents[2] / "evals" / "cases"
Fact = tuple[str, str, str]
"""Trial, field, value; fields of a result carry the place of its number."""
ANY = ("*", "*", "*")
"""Stands for any fact that a right answer does not lead to."""
NOBODY = "(unattributed)"


# ------------------------------------------------------------------------------------------------ the honest half


def right_answer(reading: Reading, draft: Draft | None = None) -> ModelAnswer:
    """What the rules read, as a model would answer it."""
    draft = draft or RulesExtractor().extract(reading)
    numbering = Numbering(reading)
    answer = ModelAnswer(t=[_trial(reading, numbering, trial) for trial in draft.trials])
    for place, trial in enumerate(draft.trials):
        arms = [_joined(claim.value for claim in arm.interventions) for arm in trial.arms]
        for result in trial.results:
            arm = str(result.arm.value) if result.arm else ""
            link = AnswerLink(e=[result.estimate.id], t=place, a=arms.index(arm) if arm in arms else None)
            for key, claim in (("p", result.timepoint), ("g", result.subgroup)):
                if claim is not None:
                    setattr(link, key, reading.words(claim.spans[0]))
                    link.s = sorted({*link.s, *_sentences(reading, claim)})
            answer.r.append(link)
    return answer


def _trial(reading: Reading, numbering: Numbering, trial: DraftTrial) -> AnswerTrial:
    counts = {count.span: count.id for count in numbering.counts}
    item = AnswerTrial(
        n=None if trial.name is None else str(trial.name.value),
        s=sorted({reading.sentence_at(span.start) for span in trial.anchors}),
        m=trial.focus.value == "MAIN",
    )
    claims = [(name, claim) for name, found in trial.lists.items() for claim in found]
    for name, claim in [*claims, *trial.scalars.items()]:
        if name == "enrollment":
            item.c = counts.get(claim.spans[0])
        elif name in {key.value for key in AttributeKey} and claim.support is not Support.DERIVED:
            value = "true" if claim.value is True else str(claim.value)
            item.a.append(AnswerAttribute(k=AttributeKey(name), v=value, s=_sentences(reading, claim)))
    for arm in trial.arms:
        cited = sorted({number for claim in arm.interventions for number in _sentences(reading, claim)})
        size = counts.get(arm.n.spans[0]) if arm.n else None
        item.g.append(AnswerArm(r=arm.role.value, v=[str(c.value) for c in arm.interventions], s=cited, c=size))
    for end in trial.endpoints:
        cited = _sentences(reading, end.endpoint)
        item.p.append(AnswerEndpoint(v=str(end.endpoint.value), r=EndpointRank(str(end.rank.value)), s=cited))
    for event in trial.events:
        action = RegulatoryAction(str(event.action.value))
        item.x.append(AnswerEvent(v=action, s=_sentences(reading, event.action)))
    return item


def _sentences(reading: Reading, claim: Claim) -> list[int]:
    return sorted({reading.sentence_at(span.start) for span in claim.spans})


def _joined(values: Iterator[object]) -> str:
    return " + ".join(str(value) for value in values)


class Second(StrEnum):
    """What a model does when it is told what was rejected."""

    TAKES_BACK = "takes everything back"
    INSISTS = "says it again"
    SEARCHES = "says it again, with every sentence of the article for evidence"
    FAILS = "does not answer"


@dataclass(slots=True)
class Parrot:
    """A model that gives one answer."""

    answer: ModelAnswer
    second: Second = Second.TAKES_BACK
    name: str = "parrot"
    parameters: str = ""

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        given: object = self.answer
        if request.response_model is ModelCorrections:
            if self.second is Second.FAILS:
                raise ModelError("it is tired")
            again = _again(request.messages[-1].content, self.second)
            given = ModelCorrections.model_validate({"f": list(again)})
        return Reply(cast("Answer", given))


_REJECTED = re.compile(r"^(\d+)\. \w+ = (.*?)(?: \((S[\dS, ]+)\))?: ", re.MULTILINE)


def _again(rejected: str, second: Second) -> Iterator[dict[str, object]]:
    for match in _REJECTED.finditer(rejected) if second is not Second.TAKES_BACK else ():
        cited = [int(number) for number in re.findall(r"\d+", match[3] or "")]
        yield {"i": int(match[1]), "v": match[2], "s": list(range(200)) if second is Second.SEARCHES else cited}


async def _summarize(reading: Reading, model: Model) -> Summary:
    extraction = await RecordsExtractor(model, why_unsupported, most_characters=10**9).extract(reading)
    return _finish_by_model(reading, extraction.draft, Run(engine="llm", engine_reason="test", cost=0.0), Output())


def answer_sync(reading: Reading, model: Model) -> Summary:
    """The pipeline behind any model."""
    found: list[Summary] = []

    async def run() -> None:  # without a result: asyncio writes out that of its main task
        found.append(await _summarize(reading, model))

    asyncio.run(run())
    return found[0]


def summarize_answer(reading: Reading, answer: ModelAnswer, second: Second = Second.TAKES_BACK) -> Summary:
    """The pipeline behind the model, for one answer."""
    return answer_sync(reading, Parrot(answer, second))


def facts_of(reading: Reading, summary: Summary) -> frozenset[Fact]:
    """What a record says, and which sentences it names as evidence of its attributes."""
    found: set[Fact] = set()
    owners = [
        trial.name or f"@{summary.evidence[f'/trials/{place}/focus'][0].start}"
        for place, trial in enumerate(summary.trials)
    ]
    for pointer, value in leaves_of(summary).items():
        parts = pointer.split("/")
        if parts[1] != "trials" or parts[3] in ("arms", "results", "endpoints"):
            continue
        owner, name = owners[int(parts[2])], parts[3] if parts[3] != "regulatory_events" else parts[-1]
        found.add((owner, name, str(value)))
        for span in summary.evidence[pointer]:
            found.add((owner, f"{name} in S{reading.sentence_at(span.start)}", str(value)))
    found |= _facts_of_parts(owners, summary) | _facts_of_results(owners, summary)
    return frozenset(found)


def _facts_of_parts(owners: Sequence[str], summary: Summary) -> set[Fact]:
    found: set[Fact] = set()
    for owner, trial in zip(owners, summary.trials, strict=True):
        for arm in trial.arms:
            names = _joined(iter(arm.interventions))
            found |= {(owner, "arms", names), (owner, f"role of {names}", arm.role.value)}
            found |= {(owner, "interventions", name) for name in arm.interventions}
            if arm.n is not None:
                found.add((owner, f"n of {names}", str(arm.n)))
        found |= {(owner, "endpoints", f"{end.rank.value} {end.endpoint}") for end in trial.endpoints}
    return found


def _facts_of_results(owners: Sequence[str], summary: Summary) -> set[Fact]:
    found: set[Fact] = set()
    rows = [
        (f"/trials/{i}", owner, trial.results)
        for i, (owner, trial) in enumerate(zip(owners, summary.trials, strict=True))
    ]
    for prefix, owner, results in [*rows, ("", NOBODY, summary.unattributed_results)]:
        for number, row in enumerate(results):
            at = f"{prefix}/{'results' if prefix else 'unattributed_results'}/{number}"
            spans = summary.evidence.get(f"{at}/value") or summary.evidence.get(f"{at}/reached")
            start = (spans or summary.evidence[f"{at}/statistic"])[0].start
            found.add((owner, "result", str(start)))
            for name, value in (("arm", row.arm), ("timepoint", row.timepoint), ("subgroup", row.subgroup)):
                if value is not None:
                    found.add((owner, f"{name} of {start}", plain(value)))
    return found


# ------------------------------------------------------------------------------------------------------ the stage


@dataclass(frozen=True)
class Stage:
    """A case with everything that a lie is made of."""

    case: str
    reading: Reading
    gold: GoldCase
    hidden: Estimate | None = None
    """An estimate that this reading lacks, as if the reader had missed it."""

    @cached_property
    def answer(self) -> ModelAnswer:
        return right_answer(self.reading)

    @cached_property
    def honest(self) -> Summary:
        """What a right answer leads to."""
        return summarize_answer(self.reading, self.answer)

    @cached_property
    def by_rules(self) -> Summary:
        """The record without any model."""
        run = Run(engine="rules", engine_reason="test", cost=0.0)
        return _finish(self.reading, RulesExtractor().extract(self.reading), run, Output())

    @cached_property
    def facts(self) -> frozenset[Fact]:
        return facts_of(self.reading, self.honest)

    @cached_property
    def owners(self) -> list[str]:
        """By place in the answer, the trial as facts name it."""
        drafts = RulesExtractor().extract(self.reading).trials
        return [item.n or f"@{drafts[place].anchors[0].start}" for place, item in enumerate(self.answer.t)]

    @cached_property
    def text(self) -> str:
        return plain(self.reading.article.text)

    @cached_property
    def _words(self) -> list[str]:
        return [plain(self.reading.folded[item.start : item.end]) for item in self.reading.sentences]

    def words(self, number: int) -> str:
        """A sentence in plain typography."""
        return self._words[number]

    def copy(self) -> ModelAnswer:
        """A right answer to be changed; what lies within an attribute, endpoint or event is to be replaced whole."""
        trials = [
            item.model_copy(
                update={
                    "a": [*item.a],
                    "g": [arm.model_copy() for arm in item.g],
                    "p": [*item.p],
                    "x": [*item.x],
                }
            )
            for item in self.answer.t
        ]
        return ModelAnswer.model_construct(t=trials, r=[link.model_copy() for link in self.answer.r], q=[])

    @cached_property
    def _named(self) -> dict[int, set[int]]:
        return {}

    @cached_property
    def labels(self) -> list[GoldTrial | None]:
        """By place in the answer, what the gold label says of the trial."""
        return [
            next((gold for gold in self.gold.trials if item.n and _form(item.n) in map(_form, _names(gold))), None)
            for item in self.answer.t
        ]

    @cached_property
    def names(self) -> list[list[str]]:
        """By place in the answer, all names that the label or the answer knows for the trial, plain."""
        return [
            [plain(name) for name in {*([item.n] if item.n else []), *(_names(gold) if gold else [])}]
            for item, gold in zip(self.answer.t, self.labels, strict=True)
        ]

    def named_in(self, number: int) -> set[int]:
        """Places of the trials that a sentence names, by the names of the labels, searched as plain words."""
        if number in self._named:
            return self._named[number]
        words = self.words(number)
        found: list[tuple[int, int, int]] = []
        for place, names in enumerate(self.names):
            for name in names:
                pattern = r"(?<!\w)" + re.sub(r"(?:\\-|\\ )+", "[- ]?", re.escape(name)) + r"(?!\w)"
                found += [(match.start(), match.end(), place) for match in re.finditer(pattern, words)]
        # "Study 1" inside "Study 1-A": the longer name is the one that is meant.
        return self._named.setdefault(
            number,
            {
                place
                for start, end, place in found
                if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in found)
            },
        )

    def says_other(self, number: int, place: int) -> bool:
        """True when a sentence names another trial than this one, and this one not."""
        named = self.named_in(number)
        return bool(named) and place not in named

    def places_by_label(self, estimate: Estimate) -> set[int | None]:
        """Places of the trials that the label gives an estimate of this value and statistic to; None for nobody."""
        found: set[int | None] = set()
        for gold in self.gold.trials:
            if any(_same_row(row.value, row.statistic.value, estimate) for row in gold.results):
                places = [place for place, label in enumerate(self.labels) if label is gold]
                found.add(places[0] if places else -1)
        if any(_same_row(row.value, row.statistic.value, estimate) for row in self.gold.unattributed_results):
            found.add(None)
        return found

    def arms_by_label(self, estimate: Estimate, place: int) -> set[str]:
        """Arms that the label gives an estimate of this value and statistic to, plain."""
        gold = self.labels[place]
        rows = gold.results if gold else []
        return {plain(row.arm) for row in rows if row.arm and _same_row(row.value, row.statistic.value, estimate)}


def _same_row(value: float | None, statistic: str, estimate: Estimate) -> bool:
    return value == estimate.value and statistic == estimate.statistic.value


def _names(gold: GoldTrial) -> list[str]:
    return [*([gold.name] if gold.name else []), *gold.aliases, *gold.registry_ids]


def _form(name: str) -> str:
    return re.sub(r"[\s-]+", "", plain(name))


def stages(folder: Path = CASES) -> Iterator[Stage]:
    """Every labelled case."""
    for path in sorted(folder.iterdir()):
        article = next((path / name for name in ARTICLE_NAMES if (path / name).exists()), None)
        if article is not None and (path / "gold.json").exists():
            gold = GoldCase.model_validate_json((path / "gold.json").read_text(encoding="utf-8"))
            yield Stage(path.name, read(load_article(article, name=path.name)), gold)


def without(reading: Reading, hidden: Estimate) -> Reading:
    """The reading as it would be if the reader had missed an estimate."""
    kept = [item for item in reading.estimates if item is not hidden]
    numbered = {item.id: replace(item, id=place) for place, item in enumerate(kept)}
    return replace(
        reading,
        estimates=tuple(numbered.values()),
        mentions=tuple(
            replace(found, estimates=tuple(numbered[item.id] for item in found.estimates if item.id in numbered))
            for found in reading.mentions
        ),
    )


# ------------------------------------------------------------------------------------------------------- the lies


@dataclass(frozen=True)
class Lie:
    """One changed thing of a right answer."""

    kind: str
    told: str
    """What the lie is, for a reader."""
    answer: ModelAnswer
    facts: frozenset[Fact]
    """What the record would say."""
    invented: str | None = None
    """Words that stand nowhere in the article, and so may stand nowhere in the record."""
    contradicted: bool = False
    """True when the text itself says otherwise; see tests/llm/test_liar.py."""
    made_up: bool = False
    """True when what it says stands nowhere, in contrast to what is said of another."""
    stage: Stage = field(repr=False, kw_only=True)

    @property
    def is_made_up(self) -> bool:
        """True for an invented or altered word or number, and for a value that the cited words have no word for."""
        return self.made_up or self.invented is not None or self.kind.startswith("invented ")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a lie."""

    lie: Lie
    summary: Summary
    reached: frozenset[Fact]
    """Facts of the lie that the record holds."""


def tell(lies: Iterable[Lie], second: Second = Second.TAKES_BACK) -> Iterator[Outcome]:
    """Run lies through the pipeline behind the model."""
    for lie in lies:
        summary = summarize_answer(lie.stage.reading, lie.answer, second)
        new = facts_of(lie.stage.reading, summary) - lie.stage.facts
        reached = set(new if ANY in lie.facts else new & lie.facts)
        if lie.invented is not None:
            mark = plain(lie.invented)
            reached |= {
                ("", pointer, str(value)) for pointer, value in leaves_of(summary).items() if mark in plain(str(value))
            }
        yield Outcome(lie, summary, frozenset(reached))


Generator = Callable[[Stage], Iterator[Lie]]
NEW_NAMES = ("ZEPHYRA-77", "Quillon-3", "the Kestrel-Vane study", "BRX-4419")
NEW_SPONSORS = ("Norvexa Pharma", "Quillon Biosciences", "Ostermark Oncology Group")
NEW_DRUGS = ("zorvatinib", "quilumab", "olorofim", "fezolinetant")
NEW_CONDITIONS = ("thymic carcinoma", "Castleman disease", "stage II chordoma")
NEW_MARKERS = ("KMT2A-rearranged", "NTRK fusion-positive", "CLDN6-positive")
NEW_THERAPIES = ("lutetium dotatate", "BCG", "an anti-CD38 antibody", "sotatercept")
NEW_SUBSETS = ("patients older than 81 years", "carriers of the KMT2A rearrangement")
NEW_ENDPOINTS = ("minimal residual disease negativity", "time to next bowel movement", "6-minute walk distance")
NEW_NUMBERS = ("NCT09876501", "NCT00000017", "2031-509999-17-00", "ChiCTR3100099999")


def _absent(stage: Stage, words: Sequence[str]) -> Iterator[str]:
    return (word for word in words if plain(word) not in stage.text)


def invented_trial(stage: Stage) -> Iterator[Lie]:
    """A name that the article doesn't hold, with everything that a real trial has."""
    for place, item in enumerate(stage.answer.t):
        for name in _absent(stage, NEW_NAMES):
            answer = stage.copy()
            answer.t.append(item.model_copy(deep=True, update={"n": name}))
            for link in answer.r:
                if link.t == place:
                    link.t = len(answer.t) - 1
            yield Lie("invented trial", f"{name} beside {item.n}", answer, _fact(name, "name", name), name, stage=stage)


def trial_from_other_words(stage: Stage) -> Iterator[Lie]:
    """A drug, company, disease, meeting, agency or plain word of the article, said to be a trial's name."""
    reading = stage.reading
    known = {name for names in stage.names for name in names}
    spans: list[TextSpan] = []
    for found in reading.mentions:
        spans += [TextSpan(drug.start, drug.end) for drug in found.drugs]
        spans += [TextSpan(condition.start, condition.end) for condition in found.conditions]
        for group in (found.organisations, found.venues, found.agencies, found.countries, found.cues):
            spans += [item.span for item in group]
    spans += [TextSpan(*match.span()) for match in re.finditer(r"\b[A-Z][\w-]+", reading.folded)]
    told: set[str] = set()
    for span in spans:
        words = " ".join(reading.words(span).split())
        is_name = any(plain(words) in name or name in plain(words) for name in known)
        if is_name or any(_form(words) in _form(name) for gold in stage.gold.trials for name in _names(gold)):
            continue
        number = reading.sentence_at(span.start)
        if words in told:
            continue
        told.add(words)
        answer = stage.copy()
        item = AnswerTrial(n=words, s=[number], m=True)
        for cue in reading.mentions[number].cues:
            item.a.append(AnswerAttribute.model_validate({"k": cue.field, "v": cue.value, "s": [number]}))
        item.a += [attribute for other in stage.answer.t for attribute in other.a[:2]]
        answer.t.append(item)
        orphans = set(range(len(reading.estimates))) - {number for link in answer.r for number in link.e}
        answer.r.append(AnswerLink(e=sorted(orphans), t=len(answer.t) - 1))
        yield Lie("trial named by another word", words, answer, _fact(words, "name", words), stage=stage)


def _fact(owner: str, name: str, value: object) -> frozenset[Fact]:
    return frozenset({(owner, name, str(value))})


def estimates_between_trials(stage: Stage) -> Iterator[Lie]:
    """An estimate of one trial linked to another; two at a time change places where both have some."""
    reading = stage.reading
    for index, link in enumerate(stage.answer.r):
        estimate = reading.estimates[link.e[0]]
        rightful = stage.places_by_label(estimate) | {link.t}
        for place, owner in enumerate(stage.owners):
            if place in rightful:
                continue
            answer = stage.copy()
            answer.r[index] = link.model_copy(update={"t": place, "a": None})
            back = next((i for i, other in enumerate(stage.answer.r) if other.t == place), None)
            if back is not None:
                answer.r[back] = answer.r[back].model_copy(update={"t": link.t, "a": None})
            told = f"{reading.words(estimate.span)} of {stage.owners[link.t or 0]} to {owner}"
            facts = _fact(owner, "result", estimate.value_span.start)
            against = stage.says_other(estimate.sentence, place)
            yield Lie("estimate to another trial", told, answer, facts, contradicted=against, stage=stage)


def orphans(stage: Stage) -> Iterator[Lie]:
    """An estimate whose trial the text does not tell, given to a trial with no word about it."""
    linked = {number for link in stage.answer.r for number in link.e}
    for estimate in stage.reading.estimates:
        if estimate.id in linked:
            continue
        rightful = stage.places_by_label(estimate)
        for place, owner in enumerate(stage.owners):
            if place in rightful:
                continue
            answer = stage.copy()
            answer.r.append(AnswerLink(e=[estimate.id], t=place))
            told = f"{stage.reading.words(estimate.span)} to {owner}"
            facts = _fact(owner, "result", estimate.value_span.start)
            yield Lie("orphan to a trial", told, answer, facts, contradicted=True, stage=stage)


def estimates_between_arms(stage: Stage) -> Iterator[Lie]:
    """An estimate of one arm linked to another arm of the same trial."""
    for index, link in enumerate(stage.answer.r):
        arms = stage.answer.t[link.t or 0].g
        estimate = stage.reading.estimates[link.e[0]]
        own = stage.arms_by_label(estimate, link.t or 0)
        for place, arm in enumerate(arms):
            name = " + ".join(arm.v)
            if place == link.a or plain(name) in own or link.a is None:
                continue
            answer = stage.copy()
            answer.r[index] = link.model_copy(update={"a": place})
            start = estimate.value_span.start
            told = f"{stage.reading.words(estimate.span)} to {name}"
            facts = _fact(stage.owners[link.t or 0], f"arm of {start}", plain(name))
            right = arms[link.a].v
            against = bool(own) and (
                _words_name(stage, estimate, right, arm.v) or _in_turn(stage, estimate, right, arm.v)
            )
            yield Lie("estimate to another arm", told, answer, facts, contradicted=against, stage=stage)


def _words_name(stage: Stage, estimate: Estimate, right: Sequence[str], wrong: Sequence[str]) -> bool:
    """True when the words right after a value name an intervention of its own arm only: "13.3 months with X"."""
    folded = stage.reading.folded
    sentence = stage.reading.sentences[estimate.sentence]
    after = folded[estimate.span.end : min(sentence.end, estimate.span.end + 80)]
    match = re.match(r"(?: \([^()]*\))? (?:with|for|in|on|among|of patients (?:on|given|with)) ([^.;:,()\d]+)", after)
    if match is None:
        return False
    words = plain(re.split(r"\b(?:vs\.?|versus|and|compared|against|but|while|than)\b", match[1])[0])
    return any(name in words for name in set(right) - set(wrong)) and not any(
        name in words for name in set(wrong) - set(right)
    )


def _in_turn(stage: Stage, estimate: Estimate, right: Sequence[str], wrong: Sequence[str]) -> bool:
    """True for one of two values that are two named arms' "respectively", in whose turn its own arm is named."""
    words = stage.words(estimate.sentence)
    near = (item for item in stage.reading.estimates if item.group == estimate.group and not item.is_comparison)
    row = [item for item in near if item.statistic is estimate.statistic]
    places = [
        min((words.find(name) for name in set(names) - set(others) if name in words), default=-1)
        for names, others in ((right, wrong), (wrong, right))
    ]
    if "respectively" not in words or len(row) != 2 or -1 in places:
        return False
    return (row[0] is estimate) == (places[0] < places[1])


def arm_lists(stage: Stage) -> Iterator[Lie]:
    """The arms in another order, with each other's roles, or behind an arm that is none; the links stay as they are."""
    for place, item in enumerate(stage.answer.t):
        owner = stage.owners[place]
        if len(item.g) < 2:
            continue
        names = [" + ".join(arm.v) for arm in item.g]
        answer = stage.copy()
        answer.t[place].g.reverse()
        mirror = {number: len(item.g) - 1 - number for number in range(len(item.g))}
        for link in answer.r:
            if link.t == place:
                link.a = None if link.a is None else mirror[link.a]
        facts = frozenset(
            (owner, f"arm of {stage.reading.estimates[number].value_span.start}", plain(name))
            for link in stage.answer.r
            if link.t == place and link.a is not None
            for number in link.e
            for other, name in enumerate(names)
            if other != link.a
        )
        yield Lie("arms in another order", f"arms of {owner}", answer, facts, contradicted=True, stage=stage)
        answer = answer.model_copy(deep=True)
        for link in answer.r:
            if link.t == place:
                link.a = None
        yield Lie("arms in another order", f"arms of {owner}, no links", answer, facts, contradicted=True, stage=stage)
        if item.g[0].r is not item.g[-1].r:
            answer = stage.copy()
            first, last = answer.t[place].g[0], answer.t[place].g[-1]
            first.r, last.r = last.r, first.r
            turned = frozenset(
                {(owner, f"role of {names[0]}", first.r.value), (owner, f"role of {names[-1]}", last.r.value)}
            )
            placebo = any("placebo" in arm.v for arm in item.g)
            yield Lie("roles of arms exchanged", owner, answer, turned, contradicted=placebo, stage=stage)
            yield Lie("roles of arms exchanged: results", owner, answer, facts, contradicted=True, stage=stage)
        bogus = next(_absent(stage, NEW_DRUGS))
        answer = stage.copy()
        answer.t[place].g.insert(0, AnswerArm(r=item.g[0].r, v=[bogus], s=item.g[0].s))
        shifted = frozenset(
            (
                owner,
                f"arm of {stage.reading.estimates[number].value_span.start}",
                plain(names[(link.a + 1) % len(names)]),
            )
            for link in stage.answer.r
            if link.t == place and link.a is not None
            for number in link.e
        )
        for link in answer.r:
            if link.t == place and link.a is not None:
                link.a += 1
        yield Lie("arms behind an invented one", owner, answer, shifted, bogus, contradicted=True, stage=stage)


def registry_numbers(stage: Stage) -> Iterator[Lie]:
    """A registry number that stands nowhere, one with changed digits, and that of another trial."""
    for place, item in enumerate(stage.answer.t):
        known = [attribute for attribute in item.a if attribute.k is AttributeKey.REGISTRY_IDS]
        for number in _absent(stage, NEW_NUMBERS):
            yield _attribute(
                stage, place, "invented registry number", AttributeKey.REGISTRY_IDS, number, item.s, number
            )
        for attribute in known:
            for kind, changed in _changed_numbers(attribute.v):
                if plain(changed) not in stage.text and kind in ("one digit changed", "two digits swapped"):
                    said = f"registry number, {kind}"
                    yield _attribute(stage, place, said, AttributeKey.REGISTRY_IDS, changed, attribute.s, changed)
            for other, rival in enumerate(stage.answer.t):
                if other != place and attribute.v not in [a.v for a in rival.a]:
                    yield _misplaced(stage, other, "registry number of another trial", attribute)


def _attribute(  # noqa: PLR0913, PLR0917 - a lie has that many parts
    stage: Stage,
    place: int,
    kind: str,
    key: AttributeKey,
    value: str,
    cited: Sequence[int],
    invented: str | None = None,
) -> Lie:
    """A value instead of those that the trial has for this attribute."""
    answer = stage.copy()
    item = answer.t[place]
    item.a = [attribute for attribute in item.a if attribute.k is not key]
    item.a.append(AnswerAttribute(k=key, v=value, s=list(cited)))
    told = f"{stage.owners[place]}: {key.value} = {value} by S{list(cited)}"
    return Lie(kind, told, answer, _fact(stage.owners[place], key.value, value), invented, stage=stage)


def _misplaced(stage: Stage, place: int, kind: str, attribute: AnswerAttribute) -> Lie:
    """A value of another trial, with the sentences that say it of the other."""
    lie = _attribute(stage, place, kind, attribute.k, attribute.v, attribute.s)
    known = [number for number in attribute.s if 0 <= number < len(stage.reading.sentences)]
    against = bool(known) and all(stage.says_other(number, place) for number in known)
    return replace(lie, contradicted=against)


WORDS_INVENTED: dict[AttributeKey, Sequence[str]] = {
    AttributeKey.SPONSORS: NEW_SPONSORS,
    AttributeKey.CONDITIONS: NEW_CONDITIONS,
    AttributeKey.BIOMARKERS: NEW_MARKERS,
    AttributeKey.PRIOR_THERAPIES: NEW_THERAPIES,
    AttributeKey.ALIASES: NEW_NAMES,
    AttributeKey.PRESENTED_AT: ("ESMO Congress 2031", "The Journal of Improbable Results"),
}


def invented_words(stage: Stage) -> Iterator[Lie]:
    """Values that stand nowhere in the article, and values with one number changed."""
    for place, item in enumerate(stage.answer.t):
        cited = item.s or [0]
        for key, words in WORDS_INVENTED.items():
            for value in _absent(stage, words):
                yield _attribute(stage, place, f"invented {key.value}", key, value, cited, value)
        for attribute in item.a:
            if attribute.k not in WORDS_INVENTED:
                continue
            for _, changed in _changed_numbers(attribute.v):
                if plain(changed) not in stage.text:
                    yield _attribute(
                        stage, place, "changed number in words", attribute.k, changed, attribute.s, changed
                    )


VOCABULARY: dict[AttributeKey, dict[str, str]] = {
    AttributeKey.PHASES: {
        "PHASE1": r"phases?[ -](?:1|i\b|ia|ib|one)",
        "PHASE2": r"phase.{0,8}(?:2|ii\b|iia|iib|two)",
        "PHASE3": r"phase.{0,8}(?:3|iii|three)|late-stage",
        "PHASE4": r"phase.{0,8}(?:4|iv\b|four)",
    },
    AttributeKey.ALLOCATION: {"RANDOMIZED": "random|assigned", "NON_RANDOMIZED": "random|single|one-arm|uncontrolled"},
    AttributeKey.MASKING: {
        "NONE": "open|unblind|unmask|dummy|which arm",
        "SINGLE": "single|observer|assessor|evaluator",
        "DOUBLE": "double",
        "TRIPLE": "triple",
        "QUADRUPLE": "quadruple",
    },
    AttributeKey.INTERVENTION_MODEL: {
        "SINGLE_GROUP": "single|one-arm",
        "CROSSOVER": "cross",
        "FACTORIAL": "factorial",
        "PARALLEL": "parallel|random|controlled|head-to-head|arm|compar|versus|:",
        "SEQUENTIAL": "dose|doses|3",
    },
    AttributeKey.STATUS: {
        "NOT_YET_RECRUITING": "to |plan|expect|will|clear|approv|due|prepar|intend|not yet|set ",
        "RECRUITING": "first|dos|recruit|enrol|begun|start|open|initiat|under",
        "ACTIVE_NOT_RECRUITING": "enrol|recruit|accru|patients|random",
        "TERMINATED": "terminat|halt|discontinu|stop|end|clos|futil|abandon",
        "SUSPENDED": "paus|suspend|hold|tempora",
        "WITHDRAWN": "cancel|withdraw|never|will not",
        "COMPLETED": "complet",
    },
    AttributeKey.SETTINGS: {
        "PREVENTION": "prevent|prophyla",
        "NEOADJUVANT": "adjuvant|operati|before",
        "PERIOPERATIVE": "operative",
        "ADJUVANT": "adjuvant|operati|after|surgery",
        "CONSOLIDATION": "consolidat",
        "MAINTENANCE": "maintenance",
        "FIRST_LINE": "line|untreated|na[iï]ve|newly|initial|first|up front|1l|not ",
        "SECOND_LINE": "line|2l",
        "THIRD_LINE_OR_LATER": "line|heavily|two|three|four|[2-4]",
        "RELAPSED_REFRACTORY": "relaps|refract|r/r|treated|progress|grown|resist|fail|came back|recur|prior",
    },
    AttributeKey.MULTICENTER: {"true": "multi|site|cent|hospital|institution"},
    AttributeKey.INTERNATIONAL: {"true": "global|nation|worldwide|region|countr"},
    AttributeKey.REGISTRATIONAL: {"true": "registration|pivotal|label"},
}
"""Closed values with words of which one must stand in a sentence that says them: without, the value is invented."""


def closed_values(stage: Stage) -> Iterator[Lie]:
    """Another value of a closed vocabulary, by the sentences of the right one or of the trial's name."""
    for place, (item, gold) in enumerate(zip(stage.answer.t, stage.labels, strict=True)):
        for key, values in VOCABULARY.items():
            cited = [n for attribute in item.a if attribute.k is key for n in attribute.s] or item.s[:3]
            right = _labelled(gold, key) | {attribute.v for attribute in item.a if attribute.k is key}
            for value, words in values.items():
                if value in right:
                    continue
                invented = not any(re.search(words, stage.words(number)) for number in cited)
                kind = f"{'invented' if invented else 'wrong'} {key.value}"
                lie = _attribute(stage, place, kind, key, value, cited)
                fact = {(stage.owners[place], key.value, "True" if value == "true" else value)}
                against = bool(cited) and all(stage.says_other(number, place) for number in cited)
                yield replace(lie, facts=frozenset(fact), contradicted=against)


def _labelled(gold: GoldTrial | None, key: AttributeKey) -> set[str]:
    """Every value that the label holds right for an attribute."""
    if gold is None:
        return set()
    value = getattr(gold, key.value)
    found = list(value) if isinstance(value, list) else [value]
    for other in gold.alternatives.get(key.value, []):
        found += other if isinstance(other, list) else [other]
    return {"true" if item is True else str(item) for item in found if item is not None}


def values_of_siblings(stage: Stage) -> Iterator[Lie]:
    """A value of one trial said of another, with the sentences that say it of the first."""
    for place, item in enumerate(stage.answer.t):
        for attribute in item.a:
            if attribute.k in (AttributeKey.REGISTRY_IDS, AttributeKey.ALIASES):
                continue
            for other, gold in enumerate(stage.labels):
                own = {plain(a.v) for a in stage.answer.t[other].a if a.k is attribute.k}
                right = own | {plain(value) for value in _labelled(gold, attribute.k)}
                if other == place or gold is None or plain(attribute.v) in right:
                    continue
                lie = _misplaced(stage, other, f"{attribute.k.value} of another trial", attribute)
                value = "True" if attribute.v == "true" else attribute.v
                yield replace(lie, facts=_fact(stage.owners[other], attribute.k.value, value))


def wrong_sentences(stage: Stage) -> Iterator[Lie]:
    """A right value by a sentence that doesn't say it: the evidence must not be that sentence."""
    last = len(stage.reading.sentences)
    for place, item in enumerate(stage.answer.t):
        for index, attribute in enumerate(item.a):
            words = VOCABULARY.get(attribute.k, {}).get(attribute.v) or re.escape(plain(attribute.v).split()[0])
            silent = [n for n in range(last) if not re.search(words, stage.words(n))]
            silent = [n for n in silent if not _known_otherwise(stage, n, attribute)]
            for number in silent[:: max(1, len(silent) // 2)][:2]:
                answer = stage.copy()
                answer.t[place].a[index] = attribute.model_copy(update={"s": [number]})
                value = "True" if attribute.v == "true" else attribute.v
                fact = (stage.owners[place], f"{attribute.k.value} in S{number}", value)
                told = f"{stage.owners[place]}: {attribute.v} by S{number}"
                yield Lie("sentence that doesn't say so", told, answer, frozenset({fact}), made_up=True, stage=stage)


def _known_otherwise(stage: Stage, number: int, attribute: AnswerAttribute) -> bool:
    """True when a sentence has another word for the value: a brand, an abbreviation."""
    mentions = stage.reading.mentions[number]
    names = [drug.generic for drug in mentions.drugs] + [condition.name for condition in mentions.conditions]
    names += [item.name for item in mentions.organisations] + [item.name for item in mentions.venues]
    return plain(attribute.v) in [plain(name) for name in names]


def interventions(stage: Stage) -> Iterator[Lie]:
    """A drug that the article doesn't name, and a drug of the article that is not the trial's, as an arm."""
    generic = {drug.generic for found in stage.reading.mentions for drug in found.drugs}
    for place, (item, gold) in enumerate(zip(stage.answer.t, stage.labels, strict=True)):
        owner = stage.owners[place]
        own = {name for arm in item.g for name in arm.v}
        own |= {name for arm in (gold.arms if gold else []) for name in arm.interventions}
        for index, arm in enumerate(item.g):
            for name in _absent(stage, NEW_DRUGS):
                for values in ([name], [*arm.v, name]):
                    answer = stage.copy()
                    answer.t[place].g[index] = arm.model_copy(update={"v": values})
                    yield Lie(
                        "invented intervention", name, answer, _fact(owner, "interventions", name), name, stage=stage
                    )
            for name in sorted(generic - own):
                if gold is None:
                    continue
                places = [
                    n for n, found in enumerate(stage.reading.mentions) if name in [d.generic for d in found.drugs]
                ]
                answer = stage.copy()
                answer.t[place].g[index] = AnswerArm(r=arm.r, v=[name], s=places)
                against = all(stage.says_other(number, place) for number in places)
                told = f"{owner}: {name}"
                facts = _fact(owner, "interventions", name)
                yield Lie("neighbouring drug", told, answer, facts, contradicted=against, stage=stage)


def counts(stage: Stage) -> Iterator[Lie]:
    """Another count as enrolment or as an arm's size; a count that doesn't exist."""
    numbering = Numbering(stage.reading)
    for place, (item, gold) in enumerate(zip(stage.answer.t, stage.labels, strict=True)):
        if gold is None:
            continue
        owner = stage.owners[place]
        right = {str(gold.enrollment)}
        right |= {str(value) for value in gold.alternatives.get("enrollment", [])}
        sizes = {arm.n for label in stage.gold.trials for arm in label.arms if arm.n is not None}
        totals = {label.enrollment for label in stage.gold.trials}
        for count in numbering.counts:
            if str(count.value) in right:
                continue
            number = stage.reading.sentence_at(count.span.start)
            answer = stage.copy()
            answer.t[place].c = count.id
            against = stage.says_other(number, place)
            kind = "enrolment of another trial" if count.value in totals else "size of an arm as enrolment"
            kind = kind if count.value in totals | sizes else "another count as enrolment"
            facts = _fact(owner, "enrollment", count.value)
            yield Lie(kind, f"{owner}: {count.value}", answer, facts, contradicted=against, stage=stage)
        for index, arm in enumerate(item.g):
            own = {row.n for row in gold.arms}
            for count in numbering.counts:
                if count.value in own or count.id == arm.c:
                    continue
                answer = stage.copy()
                answer.t[place].g[index].c = count.id
                name = " + ".join(arm.v)
                facts = _fact(owner, f"n of {name}", count.value)
                against = stage.says_other(stage.reading.sentence_at(count.span.start), place)
                told = f"{owner}, {name}: {count.value}"
                yield Lie("another count as an arm's size", told, answer, facts, contradicted=against, stage=stage)
        for unknown in (len(numbering.counts), -1, 10**30):
            answer = stage.copy()
            answer.t[place].c = unknown
            yield Lie("unknown count", f"C{unknown}", answer, frozenset({ANY}), made_up=True, stage=stage)


def unknown_ids(stage: Stage) -> Iterator[Lie]:
    """Estimates, trials and arms that don't exist."""
    many = len(stage.reading.estimates)
    for place in range(len(stage.answer.t)):
        for unknown in (many, many + 7, -1, 10**30):
            answer = stage.copy()
            answer.r.append(AnswerLink(e=[unknown], t=place))
            yield Lie("unknown estimate", f"E{unknown}", answer, frozenset({ANY}), made_up=True, stage=stage)
    for index in range(len(stage.answer.r)):
        for t, a in ((len(stage.answer.t), None), (-1, None), (0, 99), (0, -1)):
            link = stage.answer.r[index]
            answer = stage.copy()
            answer.r.append(link.model_copy(update={"t": t if a is None else link.t, "a": a}))
            arms = {fact for fact in stage.facts if fact[1] == "arms"}
            start = stage.reading.estimates[link.e[0]].value_span.start
            facts = {(owner, "result", str(start)) for owner in stage.owners}
            facts |= {(owner, f"arm of {start}", plain(name)) for owner, _, name in arms}
            yield Lie("unknown trial or arm", f"{t}/{a}", answer, frozenset(facts), contradicted=True, stage=stage)


def time_points(stage: Stage) -> Iterator[Lie]:
    """A time point with a changed number, one that stands elsewhere, one that stands nowhere."""
    folded = stage.reading.folded
    printed = {
        match.group(): match.start() for match in re.finditer(r"\b(?:\d+ (?:weeks|months|years)|week \d+)\b", folded)
    }
    for index, link in enumerate(stage.answer.r):
        estimate = stage.reading.estimates[link.e[0]]
        owner, start = stage.owners[link.t or 0], estimate.value_span.start
        base = link.p or "12 months"
        for _, changed in _changed_numbers(base):
            sentences = {*link.s, estimate.sentence}
            if not any(plain(changed) in stage.words(number) for number in sentences):
                answer = stage.copy()
                answer.r[index] = link.model_copy(update={"p": changed})
                facts = _fact(owner, f"timepoint of {start}", plain(changed))
                yield Lie("time point with a changed number", changed, answer, facts, made_up=True, stage=stage)
        if link.p is not None:
            continue
        for words, at in printed.items():
            number = stage.reading.sentence_at(at)
            right = {
                plain(row.timepoint)
                for gold in stage.gold.trials
                for row in gold.results
                if row.timepoint and _same_row(row.value, row.statistic.value, estimate)
            }
            if number == estimate.sentence or plain(words) in right:
                continue
            answer = stage.copy()
            answer.r[index] = link.model_copy(update={"p": words, "s": [number]})
            against = stage.says_other(number, link.t or 0)
            facts = frozenset({(owner, f"timepoint of {start}", plain(words))})
            told = f"{stage.reading.words(estimate.span)} at {words}"
            yield Lie("time point of another sentence", told, answer, facts, contradicted=against, stage=stage)


def subsets(stage: Stage) -> Iterator[Lie]:
    """A subset that stands nowhere, one with a changed number, one that is another value's."""
    known = [(link.g, link.s, link.e[0]) for link in stage.answer.r if link.g]
    for index, link in enumerate(stage.answer.r):
        estimate = stage.reading.estimates[link.e[0]]
        owner, start = stage.owners[link.t or 0], estimate.value_span.start
        for words in [*_absent(stage, NEW_SUBSETS), *(changed for _, changed in _changed_numbers(link.g or ""))]:
            if plain(words) in stage.text:
                continue
            answer = stage.copy()
            answer.r[index] = link.model_copy(update={"g": words, "s": [*link.s, estimate.sentence]})
            facts = _fact(owner, f"subgroup of {start}", plain(words))
            yield Lie("invented subset", words, answer, facts, words, stage=stage)
        if link.g:
            continue
        for words, cited, other in known[:6]:
            right = {
                plain(row.subgroup)
                for gold in stage.gold.trials
                for row in gold.results
                if row.subgroup and _same_row(row.value, row.statistic.value, estimate)
            }
            number = stage.reading.estimates[other].sentence
            if number == estimate.sentence or plain(words) in right:
                continue
            answer = stage.copy()
            answer.r[index] = link.model_copy(update={"g": words, "s": cited or [number]})
            against = all(stage.says_other(n, link.t or 0) for n in cited or [number])
            facts = _fact(owner, f"subgroup of {start}", plain(words))
            told = f"{stage.reading.words(estimate.span)} in {words}"
            yield Lie("subset of another value", told, answer, facts, contradicted=against, stage=stage)


def declared_endpoints(stage: Stage) -> Iterator[Lie]:
    """An endpoint that stands nowhere, one with another rank, one that merely has a result."""
    for place, (item, gold) in enumerate(zip(stage.answer.t, stage.labels, strict=True)):
        owner = stage.owners[place]
        labelled = {(end.endpoint, end.rank) for end in gold.endpoints} if gold else set()
        for index, end in enumerate(item.p):
            for words in _absent(stage, NEW_ENDPOINTS):
                answer = stage.copy()
                answer.t[place].p[index] = end.model_copy(update={"v": words})
                facts = _fact(owner, "endpoints", f"{end.r.value} {words}")
                yield Lie("invented endpoint", words, answer, facts, words, stage=stage)
            for rank in EndpointRank:
                if rank is end.r or (end.v, rank) in labelled:
                    continue
                stems = {
                    "PRIMARY": "primary|main|major|yardstick",
                    "SECONDARY": "secondary",
                    "OTHER": "other|additional|tertiary|explor",
                }
                said = any(re.search(stems[rank.value], stage.words(number)) for number in end.s)
                answer = stage.copy()
                answer.t[place].p[index] = end.model_copy(update={"r": rank})
                facts = _fact(owner, "endpoints", f"{rank.value} {end.v}")
                kind = "wrong rank of an endpoint" if said else "invented rank of an endpoint"
                yield Lie(
                    kind,
                    f"{owner}: {rank.value} {end.v}",
                    answer,
                    facts,
                    contradicted=(end.v, end.r) in labelled,
                    stage=stage,
                )
        if gold is None:
            continue
        merely = {row.endpoint for row in gold.results if row.endpoint} - {end.endpoint for end in gold.endpoints}
        for words in sorted(merely - {end.v for end in item.p}):
            for estimate in stage.reading.estimates:
                if estimate.endpoint is not None and estimate.endpoint.value == words:
                    number = stage.reading.sentence_at(estimate.endpoint.span.start)
                    answer = stage.copy()
                    answer.t[place].p.append(AnswerEndpoint(v=words, r=EndpointRank.PRIMARY, s=[number]))
                    facts = _fact(owner, "endpoints", f"PRIMARY {words}")
                    against = re.search("primary|main|major|yardstick", stage.words(number)) is None
                    told = f"{owner}: PRIMARY {words} by S{number}"
                    yield Lie(
                        "result said to be a declared endpoint", told, answer, facts, contradicted=against, stage=stage
                    )
                    break


def regulatory(stage: Stage) -> Iterator[Lie]:
    """An action that nothing reports, and one that rests on another trial."""
    reported = {event.action for gold in stage.gold.trials for event in gold.regulatory_events}
    reported |= {event.v for item in stage.answer.t for event in item.x}
    for place, item in enumerate(stage.answer.t):
        owner = stage.owners[place]
        for action in RegulatoryAction:
            if action in reported:
                continue
            cited = [number for event in item.x for number in event.s] or item.s[:2]
            answer = stage.copy()
            answer.t[place].x.append(AnswerEvent(v=action, s=cited))
            facts = _fact(owner, "action", action.value)
            yield Lie("invented regulatory event", f"{owner}: {action.value}", answer, facts, stage=stage)
        for event in item.x:
            for other, gold in enumerate(stage.labels):
                known = {e.action for e in (gold.regulatory_events if gold else [])}
                known |= {e.v for e in stage.answer.t[other].x}
                if gold is None or other == place or event.v in known:
                    continue
                answer = stage.copy()
                answer.t[other].x.append(event)
                facts = _fact(stage.owners[other], "action", event.v.value)
                against = all(stage.says_other(number, other) for number in event.s)
                told = f"{stage.owners[other]}: {event.v.value} of {owner}"
                yield Lie("regulatory event of another trial", told, answer, facts, contradicted=against, stage=stage)


def focus(stage: Stage) -> Iterator[Lie]:
    """MAIN and SUPPORTING exchanged."""
    for place, (item, gold) in enumerate(zip(stage.answer.t, stage.labels, strict=True)):
        if gold is None or (gold.focus.value == "MAIN") != item.m or "focus" in gold.alternatives:
            continue
        answer = stage.copy()
        answer.t[place].m = not item.m
        facts = _fact(stage.owners[place], "focus", "SUPPORTING" if item.m else "MAIN")
        titled = item.m and place in stage.named_in(0)
        yield Lie("focus turned", stage.owners[place], answer, facts, contradicted=titled, stage=stage)


def _blind(stage: Stage) -> Iterator[Stage]:
    """The stage with one estimate hidden: three of them for each case."""
    shown = [item for item in stage.reading.estimates if item.value is not None]
    for estimate in shown[:: max(1, len(shown) // 3)][:3]:
        yield Stage(stage.case, without(stage.reading, estimate), stage.gold, estimate)


def hidden_quotes(stages_: Iterable[Stage]) -> Iterator[tuple[Stage, ModelAnswer]]:
    """Right quotes of hidden estimates: their whole sentence."""
    for stage in stages_:
        for blind in _blind(stage):
            if blind.hidden is not None:
                sentence = blind.reading.sentences[blind.hidden.sentence]
                answer = blind.copy()
                words = blind.reading.article.text[sentence.start : sentence.end]
                answer.q.append(AnswerQuote(q=words, s=sentence.number))
                yield blind, answer


def quotes(stage: Stage) -> Iterator[Lie]:
    """A passage with one number changed, of an estimate that the reader is made to miss."""
    for blind in _blind(stage):
        estimate = blind.hidden
        if estimate is None:
            continue
        sentence = stage.reading.sentences[estimate.sentence]
        words = stage.reading.article.text[sentence.start : sentence.end]
        low = estimate.value_span.start - sentence.start
        high = max(
            estimate.span.end,
            estimate.interval.span.end if estimate.interval else 0,
            estimate.p.span.end if estimate.p and estimate.p.span.start > estimate.span.start else 0,
        )
        for kind, changed in _changed_numbers(words, low, high - sentence.start):
            if plain(changed) in stage.text:
                continue
            answer = blind.copy()
            answer.q.append(AnswerQuote(q=changed, s=estimate.sentence, t=0 if answer.t else None))
            yield Lie(f"quote, {kind}", changed, answer, frozenset({ANY}), made_up=True, stage=blind)
        for start, end in _cuts(words, low, high - sentence.start):
            answer = blind.copy()
            answer.q.append(AnswerQuote(q=words[start:end], s=estimate.sentence, t=0 if answer.t else None))
            yield Lie(
                "quote, cut within a number", words[start:end], answer, frozenset({ANY}), made_up=True, stage=blind
            )


def _changed_numbers(words: str, low: int = 0, high: int | None = None) -> Iterator[tuple[str, str]]:
    """The words with one number changed, one way at a time."""
    folded = fold(words)
    for match in re.finditer(NUMBER, folded[:high]):
        if match.start() < low:
            continue
        number = match.group()
        before, after = words[: match.start()], words[match.end() :]
        for kind, changed in _altered(number):
            yield kind, before + changed + after
        if folded[: match.start()].endswith("-"):
            yield "sign dropped", before[:-1] + number + after
        else:
            yield "sign added", f"{before}-{number}{after}"


def _altered(number: str) -> Iterator[tuple[str, str]]:
    last = number[-1]
    yield "one digit changed", number[:-1] + ("3" if last != "3" else "8")
    yield "one digit changed", ("2" if number[0] != "2" else "7") + number[1:]
    for place in range(len(number) - 1):
        pair = number[place : place + 2]
        if pair.isdigit() and pair[0] != pair[1]:
            yield "two digits swapped", number[:place] + pair[::-1] + number[place + 2 :]
            break
    if "." in number:
        yield "decimal point dropped", number.replace(".", "")
        whole, _, part = number.partition(".")
        if whole:
            yield "decimal point moved", f"{whole[:-1] or '0'}.{whole[-1]}{part}"
    else:
        yield "decimal point added", f"{number[0]}.{number[1:] or '5'}"


def _cuts(words: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Pieces of the words that begin or end within a number."""
    for match in re.finditer(NUMBER, fold(words)):
        if match.end() - match.start() < 2 or not low <= match.start() < high:
            continue
        for place in range(match.start() + 1, match.end()):
            yield place, len(words)
            yield 0, place


GENERATORS: tuple[Generator, ...] = (
    invented_trial,
    trial_from_other_words,
    estimates_between_trials,
    orphans,
    estimates_between_arms,
    arm_lists,
    registry_numbers,
    invented_words,
    closed_values,
    values_of_siblings,
    wrong_sentences,
    interventions,
    counts,
    unknown_ids,
    time_points,
    subsets,
    declared_endpoints,
    regulatory,
    focus,
    quotes,
)


def all_lies(stage: Stage) -> Iterator[Lie]:
    """Every lie about one case."""
    for generator in GENERATORS:
        yield from generator(stage)


def some_lies(stages_: Iterable[Stage], of_each_kind: int, seed: int) -> dict[str, list[Lie]]:
    """At most so many lies of each kind, drawn evenly over all cases; a reservoir, as there are tens of thousands."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    kept: dict[str, list[Lie]] = {}
    seen: Counter[str] = Counter()
    for stage in stages_:
        for lie in all_lies(stage):
            mine = kept.setdefault(lie.kind, [])
            seen[lie.kind] += 1
            if len(mine) < of_each_kind:
                mine.append(lie)
            elif (place := chance.randrange(seen[lie.kind])) < of_each_kind:
                mine[place] = lie
    return kept
