"""DynamoDB's errors as ours.

ConditionFailed              one conditional write: the item is not as the write wanted it
TransactionConditionFailed   a transaction: nothing was written, because a condition failed
TransientError               throttling, conflicts, lost connections: trying again may help
ClientError                  as botocore raises it, when trying again cannot help
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import TransientError

_HOPELESS = ("ValidationException", "AccessDeniedException", "ResourceNotFoundException")


class ConditionFailed(Exception):
    """The item is not as the write wanted it, because another write came first."""


class TransactionConditionFailed(Exception):
    """Nothing was written, because the condition of one of the transaction's writes failed."""


@contextmanager
def dynamodb_errors() -> Iterator[None]:
    """Translate DynamoDB's errors into ConditionFailed and TransientError."""
    try:
        yield
    except ClientError as exc:
        code = exc.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            raise ConditionFailed from exc
        if code in _HOPELESS:
            raise
        raise TransientError(f"DynamoDB: {code}") from exc
    except BotoCoreError as exc:
        raise TransientError(f"DynamoDB: {type(exc).__name__}") from exc
