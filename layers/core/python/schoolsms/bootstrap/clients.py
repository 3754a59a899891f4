"""What every wiring needs: AWS clients, secrets, the ledger; each made once a process."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from schoolsms import settings
from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.raw_json_batches import send_batches_plainly

if TYPE_CHECKING:
    from schoolsms.adapters.secrets import Secret

HANDOFFS_AT_ONCE = 10
"""Provider calls in flight in one dispatching process."""


_making = Lock()
"""One client is made at a time: a session is not made for several threads."""


@cache
def _session() -> botocore.session.Session:
    """Of all clients: each session would read all regions of all services again."""
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """A botocore client (boto3 would only add to the start). Region and endpoint come from the environment."""
    # Who reads a provider's keys holds the claim of a message meanwhile, for a minute and no longer.
    connecting, reading, attempts = (2, 3, 2) if service == "secretsmanager" else (3, 10, 4)
    config = Config(
        connect_timeout=connecting,
        read_timeout=reading,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=HANDOFFS_AT_ONCE + 2,
        user_agent="skolengo-sms",  # else botocore puts one together for each call, in a quarter of its time
    )
    with _making:
        made = _session().create_client(service, config=config)
    if service == "dynamodb":
        send_batches_plainly(made)
    return made


@cache
def secret(secret_id: str) -> "Secret":
    from schoolsms.adapters.secrets import Secret

    return Secret(client("secretsmanager"), secret_id)


def ledger(tables: settings.Tables) -> DynamoLedger:
    return DynamoLedger(client("dynamodb"), tables.accounts_table)
