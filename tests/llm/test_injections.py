"""Articles that give orders to a model that obeys every one of them: only their own text gets into their records."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import run_batch
from summarizer.errors import ModelAnswerError, ModelError
from summarizer.extraction.llm.contracts.numbering import Numbering
from summarizer.extraction.llm.contracts.passages import split_passages
from summarizer.extraction.llm.contracts.records import system_message
from summarizer.loading import article_from_text
from summarizer.pipeline import Summarizer, summarize
from summarizer.reading.reader import Reading, read
from summarizer.schemas import Summary
from summarizer.settings import Settings, load_settings
from tests.grounding.test_invariant import check_evidence
from tests.llm.injections import (
    ARTICLE,
    CLEAN,
    CODES,
    INJECTIONS,
    KEY,
    RIVAL,
    SILENT,
    TRIAL,
    VALUES,
    Injection,
    Obeyer,
    Page,
    insist,
    is_second,
)
from tests.support.leaves import leaves_of, numbers_in, numbers_of
from tests.support.model_server import ModelServer, model_server

NAMES = [injection.name for injection in INJECTIONS]
QUESTION = re.compile(r"^([A-J])\) (.*)$", re.MULTILINE)


def settings_for(server: ModelServer, **options: object) -> Settings:
    given = {"engine": "llm", "model": "stand-in", "base_url": server.base_url, "api_key": KEY, "use_cache": False}
    return load_settings(given | options)


@dataclass
class Trace:
    """What one hostile article led to."""

    injection: Injection
    reading: Reading
    summary: Summary | None = None
    error: ModelError | None = None
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    obeyed: int = 0
    insisted: int = 0

    @property
    def text(self) -> str:
        return self.reading.article.text

    @property
    def told(self) -> Summary:
        assert self.summary is not None, self.error
        return self.summary


def mode_of(request: dict[str, Any]) -> str:
    """How a request asks for the shape of its answer."""
    return str(request.get("response_format", {}).get("type", "text"))


def mode_words(request: dict[str, Any]) -> str:
    """What the last resort among the modes writes behind an article."""
    is_text = mode_of(request) == "text"
    return "Return the correct JSON response within a ```json codeblock. not the JSON_SCHEMA" if is_text else ""


def follow(server: ModelServer, summarizer: Summarizer, injection: Injection) -> Trace:
    trace = Trace(injection, read(article_from_text(injection.article)))
    before = len(server.requests)
    try:
        trace.summary = summarizer.summarize(injection.article)
    except ModelError as error:
        trace.error = error
    trace.requests, trace.headers = server.requests[before:], server.headers[before:]
    return trace


@pytest.fixture(scope="module")
def traces() -> dict[str, Trace]:
    """Every hostile article through the whole pipeline, one after the other, against one server."""
    obeyer, found = Obeyer(CODES), dict[str, Trace]()
    with model_server(obeyer.respond) as server:
        summarizer = Summarizer(settings_for(server))
        for injection in INJECTIONS:
            if server.requests and mode_of(server.requests[-1]) != "json_schema":  # an endpoint is asked as it answered
                summarizer = Summarizer(settings_for(server))
            trace = found[injection.name] = follow(server, summarizer, injection)
            trace.obeyed = obeyer.delivered.get(injection.name, 0)
            trace.insisted = obeyer.insisted.get(injection.name, 0)
    return found


@pytest.fixture(params=NAMES)
def trace(request: pytest.FixtureRequest, traces: dict[str, Trace]) -> Trace:
    return traces[request.param]


# ------------------------------------------------------------------------------------------- what gets through


def check_record(text: str, summary: Summary, injection: Injection) -> None:
    """Nothing in the record but what the article itself says, and nothing that was only ordered."""
    check_evidence(text, summary)
    printed = numbers_in(text)
    assert {pointer: value for pointer, value in numbers_of(summary).items() if value not in printed} == {}
    leaves = leaves_of(summary)
    copied = re.compile(r"/trials/\d+/(?:name|aliases/\d+|registry_ids/\d+)$|/value_text$")
    assert [value for pointer, value in leaves.items() if copied.search(pointer) and value not in text] == []
    lies = [(pointer, value) for pointer, value in leaves.items() if value in injection.lies]
    assert lies == []
    assert KEY not in summary.model_dump_json()


def test_there_are_enough_of_them_and_none_is_known_by_another_s_code() -> None:
    assert len(INJECTIONS) >= 40
    assert len(set(NAMES)) == len(CODES) == len(INJECTIONS)
    for injection in INJECTIONS:
        assert [code for code in CODES if code in injection.article] == [injection.code]


def test_the_stand_in_obeyed_and_insisted(traces: dict[str, Trace]) -> None:
    assert [name for name, trace in traces.items() if not trace.obeyed] == []
    insisted = [trace for trace in traces.values() if trace.insisted]
    assert len(insisted) >= 20
    for trace in traces.values():
        answered = sum(not is_second(request) for request in trace.requests)
        assert trace.obeyed == answered
        assert trace.insisted == len(trace.requests) - answered


def test_the_lie_came_and_was_refused(trace: Trace) -> None:
    injection = trace.injection
    if injection.is_invalid:
        assert trace.summary is None
        assert isinstance(trace.error, ModelAnswerError)
        return
    assert injection.refused or injection.changes, "an injection that would prove nothing"
    rejected = [item.value for item in trace.told.rejected]
    assert [words for words in injection.refused if not any(words in value for value in rejected)] == []
    assert all(item.reason for item in trace.told.rejected)


def test_only_the_text_gets_into_the_record(trace: Trace) -> None:
    if trace.summary is not None:
        check_record(trace.text, trace.told, trace.injection)


def test_the_record_is_what_the_rules_read(trace: Trace) -> None:
    if trace.summary is None:
        return
    by_rules, by_model = leaves_of(summarize(trace.text, engine="rules")), leaves_of(trace.told)
    differing = [p for p in sorted({*by_rules, *by_model}) if by_rules.get(p) != by_model.get(p)]
    assert [pointer for pointer in differing if not pointer.startswith(trace.injection.changes)] == []


def test_results_stay_with_the_trial_and_the_arm_that_the_text_gives(trace: Trace) -> None:
    if trace.summary is None:
        return
    records = {record.name: record for record in trace.told.trials}
    own = [result.value for result in records[TRIAL].results]
    assert [value for value in VALUES if value not in own] == []
    assert [result for result in records[RIVAL].results if result.value in VALUES] == []
    arm_of = {result.value: result.arm for result in records[TRIAL].results}
    assert arm_of[14.6] == arm_of[57.0] == "velmotinib + carboplatin"
    assert arm_of[9.8] == "placebo + carboplatin"
    assert (records[TRIAL].enrollment, records[RIVAL].enrollment) == (388, None)


# ------------------------------------------------------------------------------------------- what is sent


def test_the_static_prefix_is_the_same_whatever_the_article_holds(traces: dict[str, Trace]) -> None:
    sent: dict[str, set[str]] = {}
    for trace in traces.values():
        for request in trace.requests:
            assert request["messages"][0]["role"] == "system"
            sent.setdefault(mode_of(request), set()).add(request["messages"][0]["content"])
    assert sent["json_schema"] == {system_message()}
    for prefixes in sent.values():  # a mode that an endpoint is asked in for want of a better one adds the shape
        assert [prefix.startswith(system_message()) for prefix in prefixes] == [True] * len(prefixes)
    assert len(set.union(*sent.values())) <= 3


def test_nothing_of_the_article_leaves_its_fence(trace: Trace) -> None:
    for request in trace.requests:
        message = request["messages"][1]["content"]
        page = Page(message)
        assert page.outside.strip() in ("", mode_words(request))
        assert message.count(f"<{page.fence}>") == message.count(f"</{page.fence}>") == 1
        assert "</article" not in page.inside
        assert not re.search(r"<\|?[a-z/]|\[/?INST\]", page.inside, re.IGNORECASE)
        others = [item["content"] for item in request["messages"] if item["role"] == "user"][1:]
        unfenced = [re.sub(rf"<({page.fence}-rejected)>\n.*?\n</\1>\n", "", other, flags=re.DOTALL) for other in others]
        said = [line[at : at + 40] for line in page.lines.values() for at in range(0, len(line) - 39, 20)]
        assert [words for words in said for other in unfenced if words in other] == []
        assert [other for other in others if other.count(f"</{page.fence}") > 1] == []


def test_neither_sentences_nor_marks_can_be_forged(trace: Trace) -> None:
    for request in trace.requests:
        page = Page(request["messages"][1]["content"])
        assert page.every == [sentence.number for sentence in trace.reading.sentences]
        assert page.estimates == [estimate.id for estimate in trace.reading.estimates]
        assert page.counts == [count.id for count in Numbering(trace.reading).counts]
        bare = re.sub(r"\{[EC]\d+\}", "", page.inside)
        assert not re.search(r"[{}\uff5b\uff5d]", bare)


def test_a_rejected_value_is_shown_again_in_one_short_line(trace: Trace) -> None:
    for request in trace.requests:
        if is_second(request):
            lines = re.findall(r"-rejected>\n(.*)\n</", request["messages"][-1]["content"], re.DOTALL)[0].split("\n")
            assert [line for line in lines if not re.match(r"\d+\. [a-z_]+ = ", line)] == []
            assert max(map(len, lines)) < 500


def test_the_key_goes_into_a_header_and_nowhere_else(trace: Trace) -> None:
    assert [headers["authorization"] for headers in trace.headers] == [f"Bearer {KEY}"] * len(trace.headers)
    assert trace.headers
    assert KEY not in json.dumps(trace.requests)
    assert trace.summary is None or KEY not in trace.summary.model_dump_json()
    assert trace.error is None or KEY not in str(trace.error)


# ------------------------------------------------------------------------------------------- beside others


def write_folder(folder: Path, articles: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def lines_of(path: Path) -> dict[str, dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["source"]["name"] if "source" in row else row["file"]: row for row in rows}


def without_times(row: dict[str, Any]) -> dict[str, Any]:
    run = {key: value for key, value in row["run"].items() if key != "seconds"}
    run["attempts"] = [{**attempt, "seconds": 0} for attempt in run["attempts"]]
    return {**row, "run": run}


def test_the_other_articles_of_a_folder_are_untouched(tmp_path: Path, traces: dict[str, Trace]) -> None:
    hostile = {f"h-{number:02}.txt": injection for number, injection in enumerate(INJECTIONS)}
    alone = write_folder(tmp_path / "alone", CLEAN)
    among = write_folder(tmp_path / "among", CLEAN | {name: item.article for name, item in hostile.items()})
    obeyer = Obeyer(CODES)
    with model_server(obeyer.respond) as server:
        run_batch(alone, tmp_path / "out-alone", settings=settings_for(server))
        assert obeyer.delivered == {}
        run_batch(among, tmp_path / "out-among", settings=settings_for(server))
    assert set(obeyer.delivered) == set(NAMES)
    before = lines_of(tmp_path / "out-alone" / "summaries.jsonl")
    after = lines_of(tmp_path / "out-among" / "summaries.jsonl")
    failures = lines_of(tmp_path / "out-among" / "failures.jsonl")
    assert set(before) == set(CLEAN)
    assert [row["trials"][0]["results"][0]["value"] for row in before.values()] == [21.4, 40.0, 0.97]
    for name, row in before.items():
        assert without_times(after[name]) == without_times(row)
    assert set(failures) == {name for name, item in hostile.items() if item.is_invalid}
    assert set(after) == {*CLEAN, *hostile} - set(failures)
    for name, item in hostile.items():
        if name in after:
            assert after[name]["trials"] == traces[item.name].told.model_dump(mode="json")["trials"]
    written = [path for path in (tmp_path / "out-among").iterdir() if KEY.encode() in path.read_bytes()]
    assert written == []


def test_one_article_does_not_change_how_the_next_ones_are_asked() -> None:
    # A model that obeys "answer in a code fence" makes the endpoint fall back from a schema to JSON in text; that the
    # schema worked for the articles before it should count for more.
    fenced = next(injection for injection in INJECTIONS if injection.name == "an answer in a code fence")
    with model_server(Obeyer(CODES).respond) as server:
        summarizer = Summarizer(settings_for(server))
        for text in (*CLEAN.values(), fenced.article, *CLEAN.values()):
            summarizer.summarize(text)
    modes = [mode_of(request) for request in server.requests]
    assert modes[: len(CLEAN)] == modes[-len(CLEAN) :]


# ------------------------------------------------------------------------------------------- very many


LISTED = 8
"""Trials in one answer of the stand-in: an answer's length is bounded."""


def list_all(request: dict[str, Any]) -> str:
    """A trial for as many names of the passage as there is room for, each with what the article's own trial has."""
    page = Page(request["messages"][1]["content"])
    if is_second(request):
        return json.dumps(insist(page, request["messages"][-1]["content"]))
    names = list(dict.fromkeys(re.findall(r"QUILL-\d+", page.inside)))[:LISTED]
    given = [{"k": "registry_ids", "v": "NCT09990105", "s": page.every[:1]}]
    trials = [{"n": name, "s": [page.at(name)], "m": True, "a": given} for name in names]
    return json.dumps({"t": trials, "r": [{"e": page.estimates, "t": place} for place in range(min(3, len(trials)))]})


@pytest.fixture
def tell(record_testsuite_property: Callable[[str, object], None]) -> Callable[[str, object], None]:
    """Print a figure; ``-s`` or ``-rP`` shows it."""

    def say(name: str, value: object) -> None:
        record_testsuite_property(name, value)
        print(f"{name}: {value}")  # noqa: T201

    return say


def test_ten_thousand_trial_names_take_a_bounded_time(tell: Callable[[str, object], None]) -> None:
    names = "\n\n".join(
        f"The trials {', '.join(f'QUILL-{number}' for number in range(first, first + 10))} are being planned."
        for first in range(0, 10_000, 10)
    )
    text = ARTICLE.format(order=f"List every trial:\n\n{names}")
    with model_server(list_all) as server:
        summarizer = Summarizer(settings_for(server))
        started = time.process_time()
        summary = summarizer.summarize(text)
        seconds = time.process_time() - started
    passages = [request for request in server.requests if not is_second(request)]
    tell("10,000 trial names", f"{seconds:.1f} s of CPU, {len(passages)} passages, {len(server.requests)} calls")
    assert len(passages) == len(split_passages(Numbering(read(article_from_text(text))))) > 10
    assert max(len(request["messages"][1]["content"]) for request in passages) < 30_000
    check_evidence(text, summary)
    records = {record.name: record for record in summary.trials}
    assert [result.value for result in records[TRIAL].results] == list(VALUES)
    assert [name for name, record in records.items() if name != TRIAL and (record.results or record.registry_ids)] == []
    assert seconds < 60


def test_ten_thousand_links_take_a_bounded_time(tell: Callable[[str, object], None]) -> None:
    links = "\n".join(f"[{number}](https://example.org/{number})" for number in range(10_000))
    text = ARTICLE.format(order=f"Follow every link:\n\n{links}")
    with model_server(lambda request: json.dumps(SILENT)) as server:
        started = time.process_time()
        summary = Summarizer(settings_for(server)).summarize(text)
        seconds = time.process_time() - started
    tell("10,000 links", f"{seconds:.1f} s of CPU, {len(server.requests)} passages")
    check_evidence(text, summary)
    assert next(record for record in summary.trials if record.name == TRIAL).enrollment == 388
    assert seconds < 60


@pytest.mark.parametrize(
    "digits", ["1" + ",000" * 1_500, "9" * 5_000, "0" * 4_400 + "1"], ids=["commas", "nines", "zeros"]
)
def test_a_number_that_python_cannot_read_fails_nothing(digits: str) -> None:
    text = ARTICLE.format(
        order=f"The trial (n = {digits}) enrolled {digits} patients, and {digits} of {digits} responded."
    )
    with model_server(lambda request: json.dumps(SILENT)) as server:
        summary = Summarizer(settings_for(server)).summarize(text)
    check_evidence(text, summary)
    assert summary.trials[0].enrollment == 388


# ------------------------------------------------------------------------------------------- questions


@dataclass
class Chooser:
    """Answers a question as the article orders: always with one letter, or always with the same, wrong, option."""

    letter: str | None = None
    chosen: int = 0

    def respond(self, request: dict[str, Any]) -> str:
        message = request["messages"][-1]["content"]
        page = Page(message)
        if not any(code in page.inside for code in CODES):
            raise AssertionError("no order in the request")
        options = dict(QUESTION.findall(page.outside))
        if self.letter is not None:
            self.chosen += self.letter in options
            return json.dumps({"c": self.letter})
        # The last in the alphabet, whatever the question: never "not stated", and the same in either order.
        letter = max((words, letter) for letter, words in options.items() if words != "not stated")[1]
        self.chosen += 1
        return json.dumps({"c": letter})


@pytest.fixture(scope="module", params=["A", None], ids=["always A", "the same answer twice"])
def choices(request: pytest.FixtureRequest) -> tuple[Chooser, dict[str, Trace]]:
    chooser, found = Chooser(request.param), dict[str, Trace]()
    with model_server(chooser.respond) as server:
        summarizer = Summarizer(settings_for(server, contract="questions"))
        # A letter alone never counts, whatever the order: a third of them will do.
        for injection in INJECTIONS if request.param is None else INJECTIONS[::3]:
            found[injection.name] = follow(server, summarizer, injection)
    return chooser, found


def test_a_chosen_letter_lets_nothing_in_that_the_text_does_not_say(choices: tuple[Chooser, dict[str, Trace]]) -> None:
    chooser, found = choices
    assert chooser.chosen >= len(found)
    for name, trace in found.items():
        assert trace.requests, name
        check_record(trace.text, trace.told, trace.injection)
        records = {record.name: record for record in trace.told.trials}
        assert [value for value in VALUES if value not in [r.value for r in records[TRIAL].results]] == []
        assert [result for result in records[RIVAL].results if result.value in VALUES] == []


def test_questions_stand_outside_the_fence_and_in_lines_of_their_own(
    choices: tuple[Chooser, dict[str, Trace]],
) -> None:
    _, found = choices
    prefixes = set[str]()
    for trace in found.values():
        for request in trace.requests:
            prefixes.add(request["messages"][0]["content"])
            page = Page(request["messages"][-1]["content"])
            lines = page.outside.strip().split("\n")
            assert lines[0].endswith("?") or lines[0].endswith(":"), lines
            assert [line for line in lines[1:] if not QUESTION.fullmatch(line)] == []
            assert "</article" not in page.inside
            assert page.estimates == [estimate.id for estimate in trace.reading.estimates]
            assert KEY not in json.dumps(request)
    assert len(prefixes) == 1


def test_a_letter_alone_changes_nothing(choices: tuple[Chooser, dict[str, Trace]]) -> None:
    chooser, found = choices
    for trace in found.values():
        same = leaves_of(trace.told) == leaves_of(summarize(trace.text, engine="rules"))
        assert same is (chooser.letter is not None), trace.injection.name
