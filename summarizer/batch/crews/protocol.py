"""The one protocol of everybody who works through a run's tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from summarizer.batch.ledger.records import Finished
from summarizer.batch.work import Task

__all__ = ["Crew", "Keep"]

Keep = Callable[[Finished], None]
"""Takes what is finished, in any order, in the thread that called :meth:`Crew.work`."""


class Crew(Protocol):
    """Works through tasks."""

    def work(self, tasks: Iterator[Task], keep: Keep) -> None:
        """Work through tasks, taking the next one only when there is somebody to do it.

        Raises:
            ConfigurationError, BudgetExceededError, EndpointDownError: if no further task would fare better; what was
                finished before was kept.
        """
        ...
