"""AWS clients and secrets, each made once a process, and the threads that use them."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import botocore.session
from botocore import handlers
from botocore.config import Config

from schoolsms.adapters import aws_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from schoolsms.adapters.secrets import Secret

A = TypeVar("A")
B = TypeVar("B")

HANDOFFS_AT_ONCE = 10
"""Provider calls in flight in one dispatching process."""

_making = Lock()
"""One client is made at a time, because botocore's session is not safe for several threads."""

_keys: dict[str, Any] = {}
"""Of the clients that are made now. Empty but before a snapshot, so that botocore finds those of the function."""


@contextmanager
def for_nobody() -> Iterator[None]:
    """Within, clients get keys that are nobody's: neither asked for nor kept. They must not call anything."""
    _keys.update(aws_access_key_id="nobody", aws_secret_access_key="nobody")  # noqa: S106 - opens nothing
    try:
        yield
    finally:
        _keys.clear()


HANDLED = ("", "s3", "sqs")
"""We call these of what botocore has handlers for: all services, S3 and SQS."""


@cache
def session() -> botocore.session.Session:
    """Return the session of all clients. Shared, because each new session parses botocore's endpoint data again.

    It has botocore's own handlers but for those of its documentation and of services that nobody here calls: two
    thirds of them, and registering them took a twentieth of a start.
    """
    made = botocore.session.Session(include_builtin_handlers=False)
    events = made.get_component("event_emitter")
    register = {handlers.REGISTER_FIRST: events.register_first, handlers.REGISTER_LAST: events.register_last}
    for event, handler, *place in handlers.BUILTIN_HANDLERS:
        if event.partition(".")[2].partition(".")[0] in HANDLED:
            add = register[place[0]] if place else events.register
            add(event, handler)
    return made


def make_client(service: str, **options: Any) -> Any:
    """Return a new botocore client of the shared session."""
    with _making:
        made = session().create_client(service, verify=aws_trust.roots(), **_keys, **options)
    aws_trust.trust_others_if_needed(made)
    return made


@cache
def client(service: str) -> Any:
    """Return a botocore client, because boto3 would only add to the start-up. Region and endpoint come from the
    environment."""
    # Provider keys are read while a message is claimed, and a claim lasts 60 s: two attempts of 5 s must fit.
    connecting, reading, attempts = (2, 3, 2) if service == "secretsmanager" else (3, 10, 4)
    config = Config(
        connect_timeout=connecting,
        read_timeout=reading,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=HANDOFFS_AT_ONCE + 2,
        parameter_validation=service != "dynamodb",  # whose parameters botocore does not see
        user_agent="skolengo-sms",  # else botocore composes one for each call, in a quarter of the call's time
    )
    made = make_client(service, config=config)
    if service == "dynamodb":
        from schoolsms.adapters.dynamodb.client.raw_json import bypass_serializer

        bypass_serializer(made)
    return made


@cache
def secret(secret_id: str) -> Secret:
    from schoolsms.adapters.secrets import Secret

    return Secret(client("secretsmanager"), secret_id)


def map_concurrently(work: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
    """Return what `work` makes of each item, as many at once as there are handoffs."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(HANDOFFS_AT_ONCE) as pool:
        return list(pool.map(work, items))
