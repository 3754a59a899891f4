"""Functions whose process ends at one of their calls to the outside: to AWS or to a provider."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from schoolsms.adapters.providers.transport import Transport
from schoolsms.bootstrap.shared import clients

SERVICES = ("dynamodb", "s3", "secretsmanager", "sqs", "stepfunctions")


class Killed(BaseException):
    """The process ended here: nothing of it runs any further."""


@dataclass
class Death:
    """Once `survived` calls were served; `calls` are those that were begun."""

    survived: int
    calls: list[str] = field(default_factory=list)

    @property
    def happened(self) -> bool:
        return len(self.calls) > self.survived

    @contextmanager
    def befalling(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """While a function runs; its death ends the block."""
        send = Transport.send

        def begin(model: Any, **_: object) -> None:
            self._begin(model.name)

        def begin_asking(transport: Transport, method: str, url: str, *args: Any) -> Any:
            self._begin(f"{method} {url.rpartition('/1.0/')[2]}")
            return send(transport, method, url, *args)

        events = [clients.client(service).meta.events for service in SERVICES]
        for each in events:
            each.register_first("before-call", begin)
        with monkeypatch.context() as patch, suppress(Killed):
            patch.setattr(Transport, "send", begin_asking)
            try:
                yield
            finally:
                for each in events:
                    each.unregister("before-call", begin)

    def _begin(self, call: str) -> None:
        self.calls.append(call)
        if self.happened:
            raise Killed


def deaths() -> Iterator[Death]:
    """One between each two calls of a function, to befall a run each; the last run ends alive, its answer being lost.

    To die before a call is to die after the one before: what lies between is lost with the process.
    """
    for survived in itertools.count():
        death = Death(survived)
        yield death
        assert death.calls, "it was to befall a run"
        if not death.happened:
            return
