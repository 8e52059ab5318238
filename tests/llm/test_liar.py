"""A model that lies in one way at a time: what of it reaches the record.

The lies are made from a right answer for each labelled case (tests/support/liar.py) and run through everything that
stands behind a model. Three kinds of outcome are told apart:

**Made up**: a word, number, name or id that stands nowhere in the article, or a value of a closed vocabulary for which
the cited sentences have no word. None may reach the record.

**Contradicted**: something of the article said of the wrong trial or arm, where *the text itself* says otherwise. None
may reach the record. The text says otherwise when

- the sentence (all cited ones, or that of the estimate or count) names another trial and not this one, by the names,
  codes and registry numbers of the gold label, searched as plain words; or
- the words right after a value ("13.3 months with X", up to the next number, clause or "versus") name an intervention
  that only another arm has, or two values are told apart by "respectively" and the names of both arms in one sentence,
  and the label gives the value to that other arm; or
- the estimate is an orphan: neither the label nor the rules give it to the trial; or
- the arms are given in another order or behind an arm that is refused, and a value changes its arm by that alone; or
- a placebo is said to be experimental, or the other arm the placebo; or
- a sentence declares an endpoint's rank, as labelled, and the answer gives another; or
- the headline names a trial, and the answer says that the article is not about it.

Neither the names nor the words are read by the code under test.

**Counted**: the rest. The text does not say it, but does not say otherwise either in a way that can be read off; how
many of these reach the record is printed, and may not grow past :data:`LIMITS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.extraction.llm.exchange import Answer, Reply, Request
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.loading import article_from_text
from summarizer.pipeline import summarize
from summarizer.reading.reader import read
from summarizer.schemas import (
    AnswerArm,
    AnswerAttribute,
    AnswerCorrection,
    AnswerEndpoint,
    AnswerEvent,
    AnswerLink,
    AnswerQuote,
    AnswerTrial,
    ArmRole,
    AttributeKey,
    EndpointRank,
    ModelAnswer,
    ModelCorrections,
    RegulatoryAction,
    Summary,
)
from summarizer.text import plain
from tests.grounding.test_invariant import check_evidence
from tests.support.articles import articles
from tests.support.leaves import leaves_of, numbers_in, numbers_of
from tests.support.liar import (
    ANY,
    Lie,
    Second,
    Stage,
    answer_sync,
    arm_lists,
    facts_of,
    hidden_quotes,
    some_lies,
    stages,
    summarize_answer,
    tell,
)

OF_EACH_KIND = 29
SEED = 20_260
LEAST_LIES = 2_000
LIMITS = {
    "estimate to another arm": 0.75,  # most compare "65% vs 46%" without a name: whose is whose is order alone
    "roles of arms exchanged": 1.0,  # which of two active arms is the experimental one is seldom said
    "focus turned": 1.0,  # an opinion about the article, unless the headline names the trial
    "another count as an arm's size": 0.45,  # a number of patients in the trial's own sentences
    "neighbouring drug": 0.45,  # a drug of the trial's own sentences: what it is given for is not read
    "wrong international": 1.0,  # three lies
}
"""Counted lies that may reach the record, as a share of their kind, with the reason."""
USUAL_LIMIT = 0.25
BEHIND = "arms behind an invented one"


@dataclass(frozen=True)
class Told:
    """A lie that was told and what came of it."""

    lie: Lie
    reached: bool
    complaint: str
    """What of the record does not stand in the text."""
    is_flagged: bool
    """Whether a flag asks a person to look at something that the model said."""

    def __str__(self) -> str:
        return f"{self.lie.kind}: {self.lie.stage.case}: {self.lie.told}"


def manner(lie: Lie, number: int) -> Second:
    """What the liar does when it is told: in turn; a made-up word is also looked for in every sentence."""
    turns = [Second.TAKES_BACK, Second.INSISTS]
    if lie.invented is not None and ANY not in lie.facts:
        turns.append(Second.SEARCHES)
    return turns[number % len(turns)]


@cache
def cases() -> tuple[Stage, ...]:
    return tuple(stages())


@pytest.fixture(scope="module")
def told() -> list[Told]:
    found: list[Told] = []
    for lies in some_lies(cases(), OF_EACH_KIND, SEED).values():
        for number, lie in enumerate(lies):
            for outcome in tell([lie], manner(lie, number)):
                complaint = why_not_of_the_text(lie.stage.reading.article.text, outcome.summary)
                found.append(Told(lie, bool(outcome.reached), complaint, is_flagged(outcome.summary)))
    return found


def is_flagged(summary: Summary) -> bool:
    return any(flag.code == "unverified" for flag in summary.flags)


@lru_cache(maxsize=4)
def printed_in(text: str) -> set[float]:
    return numbers_in(text)


def why_not_of_the_text(text: str, summary: Summary) -> str:
    try:
        check_evidence(text, summary)
    except AssertionError as error:
        return str(error)
    printed = printed_in(text)
    absent = {pointer: number for pointer, number in numbers_of(summary).items() if number not in printed}
    return f"numbers that the text does not print: {absent}" if absent else ""


def table(told: list[Told]) -> str:
    lines = [f"{'kind of lie':44} {'lies':>5} {'reached':>8} {'share':>6}  of these contradicted: lies, reached"]
    for title, made_up in (("made up", True), ("said of the wrong one", False)):
        lines.append(f"-- {title}")
        rows = [item for item in told if item.lie.is_made_up is made_up]
        for kind in [*sorted({item.lie.kind for item in rows}), ""]:
            mine = [item for item in rows if kind in ("", item.lie.kind)]
            against = [item for item in mine if item.lie.contradicted]
            arrived, worse = sum(item.reached for item in mine), sum(item.reached for item in against)
            shown = "" if made_up else f"  {len(against):>5} {worse:>4}"
            lines.append(f"{kind or 'all':44} {len(mine):>5} {arrived:>8} {arrived / len(mine):>6.1%}{shown}")
    return "\n".join(lines)


def test_a_right_answer_is_believed() -> None:
    kept, lost = 0, list[tuple[str, ...]]()
    for stage in cases():
        known = facts_of(stage.reading, stage.by_rules)
        lost += [(stage.case, *fact) for fact in sorted(known - stage.facts)]
        kept += len(known & stage.facts)
        assert stage.facts - known == set(), stage.case
    assert len(lost) <= 0.01 * kept, lost


def test_a_right_answer_is_not_flagged() -> None:
    assert [stage.case for stage in cases() if is_flagged(stage.honest)] == []


def test_most_of_what_reaches_the_record_is_flagged(told: list[Told], capsys: pytest.CaptureFixture[str]) -> None:
    reached = [item for item in told if item.reached]
    silent = [str(item) for item in reached if not item.is_flagged]
    with capsys.disabled():
        print(f"\n{len(reached)} lies reached the record, {len(silent)} of them without a flag")  # noqa: T201
    assert len(silent) <= 0.25 * len(reached), silent


def test_there_are_enough_lies_of_every_kind(told: list[Told], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{table(told)}")  # noqa: T201 - the table is what this is for
    assert len(told) >= LEAST_LIES
    assert len({item.lie.stage.case for item in told}) == len(cases())
    assert sum(item.lie.is_made_up for item in told) >= LEAST_LIES / 3
    assert sum(item.lie.contradicted for item in told) >= LEAST_LIES / 10


def test_nothing_made_up_reaches_the_record(told: list[Told]) -> None:
    assert [str(item) for item in told if item.lie.is_made_up and item.reached] == []


def test_nothing_that_the_text_contradicts_reaches_the_record(told: list[Told]) -> None:
    assert [str(item) for item in told if item.lie.contradicted and item.reached] == []


def test_no_orphan_is_pinned_on_a_trial(told: list[Told]) -> None:
    orphans = [item for item in told if item.lie.kind == "orphan to a trial"]
    assert orphans
    assert [str(item) for item in orphans if item.reached] == []


def test_whatever_a_model_says_the_record_rests_on_the_text(told: list[Told]) -> None:
    assert [f"{item}: {item.complaint}" for item in told if item.complaint] == []


def test_the_rest_is_counted(told: list[Told]) -> None:
    rest = [item for item in told if not item.lie.is_made_up and not item.lie.contradicted]
    lies, reached = Counter(item.lie.kind for item in rest), Counter(item.lie.kind for item in rest if item.reached)
    too_many = {
        kind: f"{reached[kind]} of {many}"
        for kind, many in lies.items()
        if reached[kind] > max(1, LIMITS.get(kind, USUAL_LIMIT) * many)
    }
    assert too_many == {}


def test_a_right_quote_of_what_the_reader_missed_is_read() -> None:
    """Else the altered quotes would be refused for no reason."""
    read_again = [
        any(row.value == stage.hidden.value for row in rows)
        for stage, answer in hidden_quotes(cases())
        if stage.hidden is not None
        for summary in [summarize_answer(stage.reading, answer)]
        for rows in [[*summary.unattributed_results, *(row for trial in summary.trials for row in trial.results)]]
    ]
    assert sum(read_again) >= 0.9 * len(read_again) > 0


def test_an_arm_that_is_taken_back_moves_no_value() -> None:
    lies = [lie for stage in cases() for lie in arm_lists(stage) if lie.kind == BEHIND]
    assert [str(outcome.lie.told) for outcome in tell(lies, Second.TAKES_BACK) if outcome.reached] == []


# ------------------------------------------------------------------------------------------------- any answer at all

WHOLE = st.integers(-3, 40) | st.integers(-(10**30), 10**30)
NUMBERS = st.lists(WHOLE, max_size=3)
NOT_OF_THE_TEXT = st.sampled_from(
    ["", " ", "\u200b", "-0.5", "12 months", "99%", "NCT01234567", "(", "\\d+", "{E1}", "E3", "ORCHARD-99", "x" * 500]
)


@st.composite
def answers(draw: st.DrawFn, text: str) -> tuple[ModelAnswer, ModelCorrections]:
    """Any answer to an article, and any second try: words of it, cut anywhere, and others; ids that exist or not."""
    borders = st.integers(0, len(text))
    pieces = st.tuples(borders, st.integers(0, 60)).map(lambda at: text[at[0] : at[0] + at[1]])
    words = st.sampled_from(text.split()) | pieces | NOT_OF_THE_TEXT | st.text(max_size=8)
    known = {
        AttributeKey.PHASES: "PHASE1 PHASE2 PHASE3",
        AttributeKey.ALLOCATION: "RANDOMIZED NON_RANDOMIZED",
        AttributeKey.MASKING: "NONE DOUBLE",
        AttributeKey.MULTICENTER: "true false",
    }
    keys = st.sampled_from(AttributeKey)
    attributes = st.builds(AnswerAttribute, k=keys, v=words, s=NUMBERS) | st.sampled_from(sorted(known)).flatmap(
        lambda key: st.builds(AnswerAttribute, k=st.just(key), v=st.sampled_from(known[key].split()), s=NUMBERS)
    )
    counts = st.none() | WHOLE
    arms = st.builds(AnswerArm, r=st.sampled_from(ArmRole), v=st.lists(words, max_size=2), s=NUMBERS, c=counts)
    trials = st.builds(
        AnswerTrial,
        n=st.none() | words,
        s=NUMBERS,
        m=st.booleans(),
        a=st.lists(attributes, max_size=4),
        g=st.lists(arms, max_size=3),
        c=counts,
        p=st.lists(st.builds(AnswerEndpoint, v=words, r=st.sampled_from(EndpointRank), s=NUMBERS), max_size=2),
        x=st.lists(st.builds(AnswerEvent, v=st.sampled_from(RegulatoryAction), s=NUMBERS), max_size=2),
    )
    links = st.builds(AnswerLink, e=NUMBERS, t=counts, a=counts, p=st.none() | words, g=st.none() | words, s=NUMBERS)
    quotes = st.builds(AnswerQuote, q=words, s=WHOLE, t=counts)
    answer = st.builds(
        ModelAnswer,
        t=st.lists(trials, max_size=3),
        r=st.lists(links, max_size=5),
        q=st.lists(quotes, max_size=3),
    )
    corrections = st.lists(st.builds(AnswerCorrection, i=WHOLE, v=st.none() | words, s=NUMBERS), max_size=8)
    return draw(answer), draw(st.builds(ModelCorrections, f=corrections))


@dataclass
class Babbler:
    """A model that says anything."""

    answer: ModelAnswer
    corrections: ModelCorrections
    name: str = "babbler"
    parameters: str = ""

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        said = self.corrections if request.response_model is ModelCorrections else self.answer
        return Reply(request.response_model.model_validate(said.model_dump()))


WORDED = ("name", "aliases", "registry_ids", "conditions", "biomarkers", "sponsors", "prior_therapies", "interventions")


def strange_words(text: str, summary: Summary, usual: set[str]) -> Iterator[str]:
    """Words of the record that neither stand in the text nor are what the rules, too, call something in it."""
    for pointer, value in leaves_of(summary).items():
        parts = pointer.split("/")
        if any(part in WORDED for part in parts) and plain(str(value)) not in plain(text) and str(value) not in usual:
            yield f"{pointer}: {value}"


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(articles(), st.data())
def test_any_answer_at_all_leads_to_a_record_of_the_text(text: str, data: st.DataObject) -> None:
    reading = read(article_from_text(text))
    answer, corrections = data.draw(answers(text))
    summary = answer_sync(reading, Babbler(answer, corrections))
    assert why_not_of_the_text(reading.article.text, summary) == ""
    mentions = reading.mentions
    usual = {str(value) for value in leaves_of(summarize(text)).values()}
    usual |= {drug.generic for found in mentions for drug in found.drugs}
    usual |= {condition.name for found in mentions for condition in found.conditions}
    usual |= {organisation.name for found in mentions for organisation in found.organisations}
    assert list(strange_words(reading.article.text, summary, usual)) == []
    rules = RulesExtractor().extract(reading)
    nobodys = {result.estimate.value_span.start for result in rules.unattributed}
    pinned = {
        int(fact[2]) for fact in facts_of(reading, summary) if fact[1] == "result" and fact[0] != "(unattributed)"
    }
    assert not nobodys & pinned
