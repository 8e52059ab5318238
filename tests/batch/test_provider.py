"""A folder through a provider's Batch API ends with what a run would have given, round by round."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import ssl
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import run_batch
from summarizer.batch.provider import collect_batch
from summarizer.errors import ConfigurationError
from summarizer.extraction.llm import building
from summarizer.extraction.llm.storing import cache
from summarizer.extraction.llm.storing.prices import BATCH_FACTOR
from summarizer.schemas import Tokens
from summarizer.settings import load_settings
from tests.support.batch_files import Limits
from tests.support.batch_server import batch_server
from tests.support.model_server import Answer, Hang, Status, model_server
from tests.support.releases import release
from tests.support.submissions import (
    Desk,
    cut_off,
    files_of,
    lines_of,
    long_release,
    records,
    wrong,
)

DAY = 24 * 3600
OPEN = (
    "The randomized phase 3 LARKSPUR-2 trial compared durvalumab with placebo.\n\n"
    "Median overall survival was 15.2 months in one group. The 12-month figures were mature. Survival was 61%.\n\n"
    "Quality of life was stable at 24 months.\n"
)
"""Leaves the rules with questions."""


@pytest.fixture(autouse=True)
def _quick_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no client read all certificates of the world, which takes it longest: the server speaks plain HTTP."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *args, **kwargs: None)


def test_it_ends_with_the_files_of_a_run(tmp_path: Path) -> None:
    def respond(body: dict[str, Any]) -> str:
        return wrong(body) if "number 1 " in body["messages"][-1]["content"] else records(body)

    with batch_server(respond) as server:
        desk = Desk.at(server, tmp_path, 3)
        (desk.folder / "again.txt").write_text(release(2), encoding="utf-8")
        (desk.folder / "empty.txt").write_text(" \n", encoding="utf-8")
        (desk.folder / "long.txt").write_text(long_release(), encoding="utf-8")
        lines = [json.dumps({"id": str(number), "text": release(number)}) for number in (7, 8)]
        (desk.folder / "many.jsonl").write_text("\n".join([*lines, '{"nothing": 1}', ""]), encoding="utf-8")
        submitted = desk.submit()
        assert (submitted.articles.waiting, submitted.articles.failed, submitted.to_send) == (7, 2, 0)
        passages = submitted.sent.requests - 5
        assert passages > 1, "all passages go out in one round"
        assert desk.status().articles == submitted.articles
        assert desk.to_the_end(server) == 2
        assert set(server.answered.values()) == {1}
        assert not server.direct_calls
    with model_server(respond) as online:
        settings = load_settings({**desk.settings, "base_url": online.base_url})
        run_batch(desk.folder, tmp_path / "run", settings=settings)
    assert files_of(desk.out) == files_of(tmp_path / "run")
    assert len(online.requests) == sum(server.answered.values())


def test_what_is_begun_one_way_can_be_ended_the_other_way(tmp_path: Path) -> None:
    with batch_server(records, direct=records) as server:
        desk = Desk.at(server, tmp_path, 2)
        desk.submit()
        desk.to_the_end(server)
        (desk.folder / "new.txt").write_text(release(9), encoding="utf-8")
        run_batch(desk.folder, desk.out, settings=load_settings(dict(desk.settings)))
        assert len(server.direct_calls) == 1
        (desk.folder / "newer.txt").write_text(release(10), encoding="utf-8")
        assert desk.submit().sent.requests == 1
        desk.to_the_end(server)
        assert (len(server.direct_calls), len(lines_of(desk.out / "summaries.jsonl"))) == (1, 4)


def test_what_is_out_at_the_provider_is_not_asked_for_directly(tmp_path: Path) -> None:
    with batch_server(records, direct=records) as server:
        desk = Desk.at(server, tmp_path, 2)
        desk.submit()
        with pytest.raises(ConfigurationError, match="2 requests of this folder are at the provider; run 'summarizer"):
            run_batch(desk.folder, desk.out, settings=load_settings(dict(desk.settings)))
        assert not server.direct_calls


def test_corrections_make_a_second_round(tmp_path: Path) -> None:
    with batch_server(wrong) as server:
        desk = Desk.at(server, tmp_path, 3)
        desk.submit()
        server.finish()
        report = desk.collect(resubmit=False)
        assert (report.sent.requests, report.to_send, report.articles.waiting) == (0, 3, 3)
        assert len(server.batches) == 1
        report = desk.collect()
        assert (report.sent.requests, report.sent.batches, report.received) == (3, 1, report.received)
        assert report.received is not None
        assert report.received.batches == 0, "an answer is taken in once"
        server.finish()
        assert desk.collect().articles.done == 3
        assert set(server.answered.values()) == {1}
    for summary in lines_of(desk.out / "summaries.jsonl"):
        assert [item["purpose"] for item in summary["run"]["attempts"]] == ["records", "rejected claims"]
        assert summary["run"]["tokens"]["input"] == 200


def test_corrections_of_all_passages_go_out_together(tmp_path: Path) -> None:
    with batch_server(wrong) as server:
        desk = Desk.at(server, tmp_path)
        (desk.folder / "long.txt").write_text(long_release(), encoding="utf-8")
        passages = desk.submit().sent.requests
        assert passages > 1
        server.finish()
        assert desk.collect().sent.requests == passages
        assert desk.to_the_end(server) == 1


def test_questions_take_two_rounds_however_many_they_are(tmp_path: Path) -> None:
    with batch_server(lambda _: '{"c": "A"}') as server:
        desk = Desk.at(server, tmp_path, contract="questions")
        (desk.folder / "open.txt").write_text(OPEN, encoding="utf-8")
        asked = desk.submit().sent.requests
        assert asked > 2
        server.finish()
        assert asked >= desk.collect().sent.requests > 1
        server.finish()
        assert desk.collect().articles.done == 1


def test_an_answer_that_was_cut_off_is_asked_for_again_with_more_room(tmp_path: Path) -> None:
    budgets: list[int] = []

    def respond(body: dict[str, Any]) -> Answer:
        budgets.append(body["max_tokens"])
        return cut_off() if len(budgets) == 1 else Answer(records(body))

    with batch_server(respond) as server:
        desk = Desk.at(server, tmp_path, 1)
        desk.submit()
        assert desk.to_the_end(server) == 2
    assert budgets == [budgets[0], 2 * budgets[0]]
    (summary,) = lines_of(desk.out / "summaries.jsonl")
    assert summary["run"]["tokens"]["output"] == 20, "both answers were paid"


def test_a_rejected_parameter_is_left_out_in_the_next_round(tmp_path: Path) -> None:
    message = {"error": {"message": "Unsupported value: 'temperature' does not support 0.0 with this model."}}

    def respond(body: dict[str, Any]) -> str | Status:
        return Status(400, message) if "temperature" in body else records(body)

    with batch_server(respond) as server:
        desk = Desk.at(server, tmp_path, 3)
        desk.submit()
        server.finish()
        report = desk.collect()
        assert report.received is not None
        assert (report.received.rejections, report.sent.requests) == (3, 3)
        assert desk.to_the_end(server) == 1
        assert len(server.paid) == 3


def test_what_one_article_is_rejected_for_changes_no_other_one(tmp_path: Path) -> None:
    """Else its answer, which is paid, would not be found any more."""
    message = {"error": {"message": "response_format: this input is not supported"}}

    def respond(body: dict[str, Any]) -> str | Status:
        is_odd = "number 0 " in body["messages"][-1]["content"] and "response_format" in body
        return Status(400, message) if is_odd else records(body)

    with batch_server(respond) as server:
        desk = Desk.at(server, tmp_path, 4)
        desk.submit()
        desk.to_the_end(server)
        assert len(server.paid) == sum(server.paid.values()) == 4


def test_a_request_that_is_no_good_fails_its_article_alone(tmp_path: Path) -> None:
    def respond(body: dict[str, Any]) -> str | Status:
        is_odd = "number 0 " in body["messages"][-1]["content"]
        return Status(400, {"error": {"message": "The string has a null byte."}}) if is_odd else records(body)

    with batch_server(respond) as server:
        desk = Desk.at(server, tmp_path, 3)
        desk.submit()
        server.finish()
        report = desk.collect()
        assert (report.articles.done, report.articles.failed, report.articles.waiting) == (2, 1, 0)
        (failure,) = lines_of(desk.out / "failures.jsonl")
        assert "null byte" in failure["reason"]
        assert desk.submit().sent.requests == 0
        assert desk.submit(retry_failed=True).sent.requests == 1


def test_a_rejected_key_is_told_and_tried_again_when_it_is_submitted_again(tmp_path: Path) -> None:
    statuses = [Status(401, {"error": {"message": "Incorrect API key provided."}})] * 2
    with batch_server(lambda body: statuses.pop() if statuses else records(body)) as server:
        desk = Desk.at(server, tmp_path, 2)
        desk.submit()
        server.finish()
        with pytest.raises(ConfigurationError, match="not let in"):
            desk.collect()
        assert desk.submit().sent.requests == 2
        assert desk.to_the_end(server) == 1


def test_chunks_keep_to_the_limits(tmp_path: Path) -> None:
    with batch_server(records, limits=Limits(requests=2)) as server:
        desk = Desk.at(server, tmp_path, 5).with_limits(requests=2)
        assert (desk.submit().sent.batches, desk.to_the_end(server)) == (3, 1)
        sizes = [len(file.content) for file in server.files.values() if file.purpose == "batch"]
    out = tmp_path / "other"
    with batch_server(records, limits=Limits(file_bytes=max(sizes))) as server:
        desk = Desk.at(server, tmp_path, 5, base_url=server.base_url).with_limits(file_bytes=max(sizes))
        desk = Desk(desk.folder, out, desk.settings, desk.limits)
        assert desk.submit().sent.batches in {3, 4, 5}
        assert desk.to_the_end(server) == 1
        assert {batch.status for batch in server.batches.values()} == {"completed"}


def test_only_what_failed_at_the_provider_is_sent_again(tmp_path: Path) -> None:
    trouble: list[Any] = [Status(429), Status(500), Hang()]
    with batch_server(lambda body: trouble.pop() if trouble else records(body)) as server:
        desk = Desk.at(server, tmp_path, 5)
        desk.submit()
        server.finish()
        report = desk.collect()
        assert report.received is not None
        assert (report.received.answers, report.received.again, report.sent.requests) == (2, 3, 3)
        assert report.articles.done == 2
        assert desk.to_the_end(server) == 1
        assert sum(server.paid.values()) == 5
        assert sorted(server.answered.values()) == [1, 1, 2, 2, 2]


def test_three_failures_at_the_provider_fail_the_article(tmp_path: Path) -> None:
    with batch_server(lambda _: Status(500)) as server:
        desk = Desk.at(server, tmp_path, 1)
        desk.submit()
        assert desk.to_the_end(server) == 3
        (failure,) = lines_of(desk.out / "failures.jsonl")
        assert failure["error"] == "model_unavailable"
        assert "3 batches, the last time: status 500" in failure["reason"]
        assert desk.collect().articles.failed == 1
        assert len(server.batches) == 3
        assert desk.submit().sent.requests == 1, "who submits again wants another try"


@pytest.mark.parametrize("how", ["expire", "cancel"])
def test_a_batch_that_stops_half_way_is_ended_by_another_one(tmp_path: Path, how: str) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 5)
        desk.submit()
        if how == "expire":
            server.expire(done=2)
        else:
            server.work(2)
            (batch,) = server.batches.values()
            batch.status = "cancelling"
        server.finish()
        report = desk.collect()
        assert (report.articles.done, report.sent.requests) == (2, 3)
        assert desk.to_the_end(server) == 1
        assert set(server.paid.values()) == {1}


def test_a_provider_with_little_room_is_given_less_at_a_time(tmp_path: Path) -> None:
    limits = Limits(enqueued_tokens={"m": 6_000})
    with batch_server(records, limits=limits, tokens=lambda body: len(json.dumps(body)) // 5) as server:
        desk = Desk.at(server, tmp_path, 6)
        desk.submit()
        server.finish()
        assert not server.paid
        report = desk.collect()
        assert 0 < report.sent.requests < 6
        assert report.sent.held_back == 6 - report.sent.requests
        assert report.batches[0].note is not None
        assert "Enqueued token limit" in report.batches[0].note
        desk.to_the_end(server)
        assert sum(server.paid.values()) == 6


def test_one_bad_line_does_not_use_up_the_tries_of_the_others(tmp_path: Path) -> None:
    with batch_server(records, limits=Limits(file_bytes=10)) as server:
        desk = Desk.at(server, tmp_path, 2)
        desk.submit()
        assert desk.to_the_end(server) == 3
        reasons = [failure["reason"] for failure in lines_of(desk.out / "failures.jsonl")]
        assert all("maximum input file size exceeded" in reason for reason in reasons)


def test_days_later_the_results_are_gone_and_asked_for_again(tmp_path: Path) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 2)
        desk.submit()
        server.finish()
        server.pass_time(20 * DAY)
        assert desk.status().batches[0].status == "completed"
        server.pass_time(11 * DAY)
        report = desk.collect()
        assert report.batches[0].note == "its results are not there any more"
        assert report.sent.requests == 2
        assert desk.to_the_end(server) == 1


def test_an_answer_that_has_to_wait_is_never_asked_for_again(tmp_path: Path) -> None:
    """Of two passages one is answered, the other one expires twice."""
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path)
        (desk.folder / "long.txt").write_text(long_release(), encoding="utf-8")
        assert desk.submit().sent.requests == 2
        for done in (1, 0):
            server.expire(done=done)
            assert desk.collect().sent.requests == 1
        desk.to_the_end(server)
        assert sorted(server.paid.values()) == [1, 1]


def test_a_batch_costs_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def list_price(model: str, base_url: str | None, tokens: Tokens) -> float:
        return 0.01 * tokens.input + 0.02 * tokens.output

    monkeypatch.setattr(building, "price", list_price)
    with batch_server(wrong) as server:
        desk = Desk.at(server, tmp_path, 1)
        desk.submit()
        desk.to_the_end(server)
    (summary,) = lines_of(desk.out / "summaries.jsonl")
    assert summary["run"]["cost"] == pytest.approx(
        BATCH_FACTOR * 2 * list_price("", None, Tokens(input=100, output=10))
    )


def test_submitting_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "price", lambda model, base_url, tokens: 2e-6 * tokens.output)
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 4, max_cost=0.0035)  # an answer may have a bit more than 1,000 tokens
        report = desk.submit()
        assert report.limit_reached is not None
        assert "--max-cost" in report.limit_reached
        assert (report.sent.requests, report.is_whole) == (3, False)
        server.finish()
        report = desk.collect()
        assert (report.articles.done, report.articles.waiting, report.sent.requests) == (3, report.articles.waiting, 0)
        assert not report.is_whole
        assert desk.submit().sent.requests == 1
        desk.to_the_end(server)
        assert len(server.paid) == 4


def test_the_limit_holds_for_all_rounds_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "price", lambda model, base_url, tokens: 2e-6 * tokens.output)

    def respond(body: dict[str, Any]) -> Answer:
        return Answer(wrong(body), usage={"prompt_tokens": 1, "completion_tokens": 1_000, "total_tokens": 1_001})

    with batch_server(respond) as server:
        desk = Desk.at(server, tmp_path, 3, max_cost=0.0037)
        assert desk.submit().sent.requests == 3
        server.finish()
        report = desk.collect()
        assert report.limit_reached is not None
        assert report.sent.requests == 2
        server.finish()
        report = desk.collect()
        assert (report.articles.done, report.articles.waiting, report.sent.requests) == (2, 1, 0)


def test_new_articles_are_left_to_the_next_submission(tmp_path: Path) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 2)
        desk.submit()
        (desk.folder / "new.txt").write_text(release(9), encoding="utf-8")
        (desk.folder / "0.txt").unlink()
        server.finish()
        report = desk.collect()
        assert (report.articles.done, report.articles.waiting, report.sent.requests) == (1, 1, 0)
        assert desk.submit().sent.requests == 1


def test_what_the_cache_answers_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "responses_path", lambda: tmp_path / "responses.sqlite3")
    with batch_server(records, direct=records) as server:
        desk = Desk.at(server, tmp_path, 2, use_cache=True)
        run_batch(desk.folder, tmp_path / "run", settings=load_settings(dict(desk.settings)))
        (desk.folder / "new.txt").write_text(release(9), encoding="utf-8")
        report = desk.submit()
        assert (report.articles.done, report.sent.requests) == (2, 1)
        desk.to_the_end(server)
        run_batch(desk.folder, tmp_path / "again", settings=load_settings(dict(desk.settings)))
        assert len(server.direct_calls) == 2


def test_wrong_ways_to_begin(tmp_path: Path) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 1)
        for settings, reason in (
            ({"model": None}, "needs a model"),
            ({"model": "gguf:x.gguf"}, "runs in this process"),
        ):
            with pytest.raises(ConfigurationError, match=reason):
                Desk(desk.folder, desk.out, {**desk.settings, **settings}).submit()
        with pytest.raises(ConfigurationError, match="nothing was submitted"):
            desk.collect()
        assert not desk.out.exists()
        desk.submit()
        other = Desk(desk.folder, desk.out, {**desk.settings, "model": "other"})
        with pytest.raises(ConfigurationError, match="not collected yet"):
            other.submit()
        desk.to_the_end(server)
        assert other.submit().sent.requests == 1


def test_a_server_without_a_batch_interface_is_told_before_the_work(tmp_path: Path) -> None:
    for said in (Status(404, {"error": {"message": "Not Found"}}), Status(405), Status(200, "<html></html>")):
        with batch_server(records) as server:
            server.disturb("batches", said)
            desk = Desk.at(server, tmp_path, 1)
            with pytest.raises(ConfigurationError, match="has no Batch API") as caught:
                desk.submit()
            assert "summarizer batch run" in str(caught.value)
            assert server.calls == ["batches"]


def test_a_key_is_sent_to_no_address_that_came_with_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-larkspur-not-to-be-seen"
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 1)
        desk.submit()
    connection = sqlite3.connect(desk.out / "ledger.sqlite3")
    fact = json.loads(connection.execute("SELECT value FROM facts WHERE name = 'submission'").fetchone()[0])
    fact["settings"]["base_url"] = "https://models.example/v1"
    connection.execute("UPDATE facts SET value = ? WHERE name = 'submission'", (json.dumps(fact),))
    connection.commit()
    connection.close()
    with pytest.raises(ConfigurationError, match="no key is sent there") as caught:
        collect_batch(desk.out, settings=load_settings({"api_key": key}))
    assert key not in str(caught.value)
    confirmed = {"api_key": key, "base_url": "https://models.example/v1", "retry_seconds": 0.0}
    with pytest.raises(ConfigurationError, match="in another way than"):  # the address is a part of the engine
        collect_batch(desk.out, settings=load_settings(confirmed))


def test_the_key_stands_in_no_file(tmp_path: Path) -> None:
    key = "sk-larkspur-not-to-be-seen"
    with batch_server(wrong) as server:
        desk = Desk.at(server, tmp_path, 2, api_key=key)
        desk.submit()
        desk.status()
        desk.to_the_end(server)
        assert not any(key.encode() in file.content for file in server.files.values())
    for path in desk.out.iterdir():
        assert key.encode() not in path.read_bytes(), path


def test_each_request_is_written_once_and_is_its_own_id(tmp_path: Path) -> None:
    with batch_server(records) as server:
        desk = Desk.at(server, tmp_path, 3)
        desk.submit()
        (file,) = server.files.values()
    ids = Counter(line["custom_id"] for line in file.lines())
    assert set(ids.values()) == {1}
    for line in file.lines():
        body = json.dumps(line["body"], separators=(",", ":"))
        assert line["custom_id"] == hashlib.sha256(body.encode()).hexdigest()
        assert (line["method"], line["url"], line["body"]["model"]) == ("POST", "/v1/chat/completions", "m")
