"""Which failures are worth a retry: Airflow's retry policies over the product's own exceptions.

Exceptions are imported only after one was raised: this module is loaded wherever a DAG is parsed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from airflow.sdk import RetryDecision, RetryPolicy

# A retry changes none of these; a person must.
FINAL = (
    "executive_suite.config_files:ConfigError",
    "executive_suite.settings:SettingsError",
    "executive_suite.schema.quality:QualityError",
    "executive_suite.dataset.reconcile:ReconciliationError",
    "executive_suite.archive.documents:ArchiveError",
    "executive_suite.run.preflight:PreflightError",
    "executive_suite.run.plan:RequestError",
    "executive_suite.run.close:IncompleteError",
    "executive_suite_context:NothingMadeError",
)


class _Stateless(RetryPolicy):
    """A policy without settings: nothing needs to be serialized with the DAG."""

    def serialize(self) -> dict[str, Any]:
        """The serialized policy."""
        return {"__type": type(self).__name__}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> Self:  # noqa: ARG003 - the interface
        """The policy."""
        return cls()


class FailOnBadData(_Stateless):
    """Fail at once on faults in data, configuration or environment; anything else gets the task's own retries."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Any = None,
    ) -> RetryDecision:
        """Whether to try again."""
        names = {f"{kind.__module__}:{kind.__qualname__}" for kind in type(exception).__mro__}
        if names & set(FINAL):
            return RetryDecision.fail(reason=f"{type(exception).__name__}: a retry would find the same")
        return RetryDecision.default()


class SendOnce(_Stateless):
    """A send is retried only if it is certain that nothing was accepted, and only when it makes sense."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Any = None,
    ) -> RetryDecision:
        """Whether to try again, and when."""
        from executive_suite.mailing.errors import NotSentError, RetryableError

        if isinstance(exception, RetryableError):
            delay = None if exception.delay_seconds is None else timedelta(seconds=exception.delay_seconds)
            return RetryDecision.retry(delay=delay, reason=exception.code)
        if isinstance(exception, NotSentError):
            return RetryDecision.fail(reason=f"{exception.state}: {exception.code}")
        return FailOnBadData().evaluate(exception, try_number, max_tries, context)
