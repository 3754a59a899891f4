"""AWS clients and secrets, each made once a process, and the threads that use them."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from schoolsms.adapters.secrets import Secret

A = TypeVar("A")
B = TypeVar("B")

HANDOFFS_AT_ONCE = 10
"""Provider calls in flight in one dispatching process."""

_making = Lock()
"""One client is made at a time, because botocore's session is not safe for several threads."""


@cache
def _session() -> botocore.session.Session:
    """Return the session of all clients. Shared, because each new session parses botocore's endpoint data again."""
    return botocore.session.get_session()


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
        user_agent="skolengo-sms",  # else botocore composes one for each call, in a quarter of the call's time
    )
    with _making:
        made = _session().create_client(service, config=config)
    if service == "dynamodb":
        from schoolsms.adapters.dynamodb.client.raw_json_batches import bypass_serializer

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
