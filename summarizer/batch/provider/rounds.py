"""The commands that do something: submit a folder, collect what came back."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from summarizer.batch.choosing import Chosen, choose
from summarizer.batch.fingerprint import fingerprint
from summarizer.batch.ledger.database import explain_errors
from summarizer.batch.ledger.journal import LedgerJournal
from summarizer.batch.ledger.ledger import Ledger, open_ledger
from summarizer.batch.options import BatchOptions
from summarizer.batch.provider.allowance import Allowance
from summarizer.batch.provider.chunks import ChunkStore
from summarizer.batch.provider.client import RecordedClient
from summarizer.batch.provider.crew import make_crew
from summarizer.batch.provider.endpoint import provider_of
from summarizer.batch.provider.options import DEFAULT_PROVIDER_OPTIONS, ProviderOptions
from summarizer.batch.provider.receiving import Received, Receiver
from summarizer.batch.provider.report import Articles, ProviderReport
from summarizer.batch.provider.requests import RequestStore, State
from summarizer.batch.provider.sending import NOTHING_SENT, Sender, Sent
from summarizer.batch.provider.service import BatchService
from summarizer.batch.provider.submission import Submission, load_submission
from summarizer.batch.report import BatchProgress, BatchReport
from summarizer.batch.runner import Clock, Run
from summarizer.errors import ConfigurationError
from summarizer.pipeline import Summarizer
from summarizer.schemas import Tokens
from summarizer.settings import Settings, load_settings

__all__ = ["collect_batch", "submit_batch"]

Tell = Callable[[BatchProgress], None]


def submit_batch(
    folder: str | Path,
    out: str | Path,
    *,
    options: ProviderOptions = DEFAULT_PROVIDER_OPTIONS,
    settings: Settings | None = None,
    progress: Tell | None = None,
    notify: Callable[[str], None] | None = None,
) -> ProviderReport:
    """Send what a model has to be asked about the articles under a folder, as batches of its provider.

    It may be stopped at any moment and done again: nothing is sent twice.

    Args:
        folder: Where the articles are, however deep.
        out: Where the ledger and the files of results go; made where it does not exist.
        options: What to take of the folder, and what a batch may hold.
        settings: The model and what it needs; by default from the environment and the settings files.
        progress: Called after every article.
        notify: Told, once each, what a user should know besides the report.

    Raises:
        ConfigurationError: if the provider has no Batch API or does not take what is sent, if another model's batches
            are not collected yet, and where `run_batch` raises it.
        ModelUnavailableError: if the provider does not answer; what was sent until then is known.
        LoadError: if the folder is none or can't be listed.
    """
    folder, out, settings = Path(folder), Path(out), settings or load_settings()
    chosen = choose(folder, out, options.batch)
    with _open_desk(out, settings, notify) as desk:
        if desk.chunks.has_foreign():
            raise ConfigurationError(
                f"{out}: batches of another model, address or version of the prompt are not collected yet",
                "collect them first, or choose another folder for the results",
            )
        desk.service.check()
        desk.sender.recover()
        desk.requests.forget_passing_trouble()
        if options.batch.retry_failed:
            desk.requests.forget_failed()
        submission = Submission.of(folder, options.batch, settings, desk.chunks)
        desk.client.allowance = Allowance(settings.max_cost, desk.price)
        submission.keep(desk.ledger, is_whole=False)
        report = desk.go_through(chosen, options.batch, progress)
        submission.keep(desk.ledger, is_whole=report.stopped is None)
        return desk.report(report, sent=desk.sender.send(options.limits), is_whole=report.stopped is None)


def collect_batch(
    out: str | Path,
    *,
    options: ProviderOptions = DEFAULT_PROVIDER_OPTIONS,
    settings: Settings | None = None,
    progress: Tell | None = None,
    notify: Callable[[str], None] | None = None,
) -> ProviderReport:
    """Take in what the provider has answered, write the files of results, and send what follows from the answers.

    Articles about which nothing was asked yet are left to `submit_batch`.

    Args:
        out: Where the ledger is.
        options: Whether to send what follows, and what a batch may hold.
        settings: Of whoever is at work: the key; which model is asked is known from the submission.
        progress: Called after every article.
        notify: Told, once each, what a user should know besides the report.

    Raises:
        ConfigurationError: if nothing was submitted, and as `submit_batch` raises it.
        ModelUnavailableError: if the provider does not answer; what was taken in until then is kept.
        LoadError: if the folder is not there any more.
    """
    out = Path(out)
    submission = load_submission(out)
    restored = submission.restore(settings or load_settings(), out)
    with _open_desk(out, restored, notify) as desk:
        if desk.ledger.engine != submission.engine:
            raise ConfigurationError(
                f"{out}: this version of the program asks a model in another way than the one that submitted it",
                "collect it with that version, or submit it to another folder of results",
            )
        desk.sender.recover()
        received = desk.receiver.receive()
        desk.client.allowance = Allowance(restored.max_cost, desk.price, desk.chunks.paid - submission.paid_before)
        desk.client.is_collecting = True
        asked = submission.options(options.batch)
        report = desk.go_through(choose(Path(submission.folder), out, asked), asked, progress)
        desk.requests.forget_finished()
        sent = desk.sender.send(options.limits) if options.resubmit else NOTHING_SENT
        return desk.report(report, sent=sent, received=received, is_whole=submission.is_whole)


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that a command works with, while the ledger is open."""

    out: Path
    summarizer: Summarizer
    client: RecordedClient
    ledger: Ledger
    service: BatchService
    requests: RequestStore
    chunks: ChunkStore

    @property
    def sender(self) -> Sender:
        """Sends."""
        return Sender(self.requests, self.chunks, self.service, self.out)

    @property
    def receiver(self) -> Receiver:
        """Takes in."""
        return Receiver(self.requests, self.chunks, self.service, self.price, self.out)

    def price(self, tokens: Tokens) -> float | None:
        """US dollars of some tokens."""
        return None if self.summarizer.price is None else self.summarizer.price(tokens)

    def go_through(self, chosen: Chosen, options: BatchOptions, progress: Tell | None) -> BatchReport:
        """Work on every article that is not done, as far as there are answers, and write the files of results."""
        clock = Clock()
        run = Run(self.ledger, self.summarizer, chosen, options, progress)
        run.prepare()
        self.requests.forget_wishes()
        run.work(make_crew(run, self.client, self.chunks))
        return run.finish(self.out, clock)

    def report(
        self, run: BatchReport, *, sent: Sent, received: Received | None = None, is_whole: bool
    ) -> ProviderReport:
        """What there is to say."""
        return ProviderReport(
            articles=Articles(run.counts.articles, run.counts.failed, run.waiting),
            batches=tuple(self.chunks.all()),
            to_send=self.requests.count(State.WANTED),
            is_whole=is_whole,
            limit_reached=self.client.limit_reached,
            sent=sent,
            received=received,
            run=run,
        )


@contextmanager
def _open_desk(out: Path, settings: Settings, notify: Callable[[str], None] | None) -> Generator[_Desk, None, None]:
    endpoint = provider_of(settings)
    client, journal = RecordedClient(endpoint), LedgerJournal()
    summarizer = Summarizer(settings, client, notify, journal=journal)
    with (
        BatchService(endpoint) as service,
        open_ledger(out, fingerprint(summarizer)) as ledger,
        explain_errors(out),
    ):
        journal.ledger = ledger
        client.requests = requests = RequestStore(ledger)
        yield _Desk(out, summarizer, client, ledger, service, requests, ChunkStore(ledger))
