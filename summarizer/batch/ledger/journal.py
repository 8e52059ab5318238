"""The replies of a run, kept in its ledger under the article that they were given for."""

from __future__ import annotations

from contextvars import ContextVar

from summarizer.batch.ledger.access import Access, Here
from summarizer.batch.ledger.ledger import Ledger

__all__ = ["LedgerJournal", "current_content"]

current_content: ContextVar[str] = ContextVar("content")
"""SHA-256 of the text that the current task works on."""


class LedgerJournal:
    """The journal of a run. It is made before the ledger, whose engine is known only when its model is set up."""

    def __init__(self) -> None:
        self.ledger: Ledger | None = None
        """Where the replies are kept; without one, nothing is."""
        self.access: Access = Here()
        """How the ledger is used."""

    async def find_reply(self, request: str) -> str | None:
        """What was kept for a request of the article that the current task works on."""
        if self.ledger is None:
            return None
        return await self.access.use(self.ledger.find_reply, current_content.get(), request)

    async def keep_reply(self, request: str, reply: str) -> None:
        """Keep a reply of the article that the current task works on."""
        if self.ledger is not None:
            await self.access.use(self.ledger.keep_reply, current_content.get(), request, reply)
