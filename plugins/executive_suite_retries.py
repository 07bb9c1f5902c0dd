"""Which failures are worth another try: Airflow's retry policies over the product's own exceptions.

The exceptions are looked up when one was raised, never at import: this module is loaded wherever a DAG is parsed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from airflow.sdk import RetryDecision, RetryPolicy

# A second look changes none of these; a person has to.
FINAL = (
    "executive_suite.config_files:ConfigError",
    "executive_suite.settings:SettingsError",
    "executive_suite.schema.quality:QualityError",
    "executive_suite.dataset.reconcile:ReconciliationError",
    "executive_suite.archive.publication:ArchiveError",
    "executive_suite.run.preflight:PreflightError",
)


class _Stateless(RetryPolicy):
    """A policy without settings: nothing of it needs to be written down with the DAG."""

    def serialize(self) -> dict[str, Any]:
        """What the scheduler keeps of it."""
        return {"__type": type(self).__name__}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> Self:  # noqa: ARG003 - the interface hands it over
        """The policy again."""
        return cls()


class FailOnBadData(_Stateless):
    """Fail at once on faults in data, configuration or environment; everything else takes the task's own retries."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,  # noqa: ARG002 - the interface hands it over
        max_tries: int,  # noqa: ARG002 - the interface hands it over
        context: Any = None,  # noqa: ARG002 - the interface hands it over
    ) -> RetryDecision:
        """Whether to try again."""
        names = {f"{kind.__module__}:{kind.__qualname__}" for kind in type(exception).__mro__}
        if names & set(FINAL):
            return RetryDecision.fail(reason=f"{type(exception).__name__}: another try would find the same")
        return RetryDecision.default()


class SendOnce(_Stateless):
    """A send is tried again only when it is certain that nothing was accepted, and then when it makes sense."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Any = None,
    ) -> RetryDecision:
        """Whether to try again, and when."""
        from executive_suite.mailing.errors import DeliveryError, RetryableError  # noqa: PLC0415 - see above

        if isinstance(exception, RetryableError):
            delay = None if exception.delay_seconds is None else timedelta(seconds=exception.delay_seconds)
            return RetryDecision.retry(delay=delay, reason=exception.code)
        if isinstance(exception, DeliveryError):
            return RetryDecision.fail(reason=f"{exception.state}: {exception.code}")
        return FailOnBadData().evaluate(exception, try_number, max_tries, context)
