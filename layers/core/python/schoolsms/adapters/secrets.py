"""Secrets, read again every few minutes so that they can be rotated without a deployment."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MAX_AGE_SECONDS = 300.0
FRESH_SECONDS = 10.0
"""The least time between two reads, so that forged calls do not make us read the secret each time."""


class Secret:
    """One secret of Secrets Manager. Past its age it is read again; while that fails, the value known still serves."""

    def __init__(
        self, client: SecretsManagerClient, secret_id: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._id = secret_id
        self._monotonic = monotonic
        self._value: str | None = None
        self._read_at = 0.0

    def text(self, *, fresh: bool = False) -> str:
        """The secret string; with `fresh` one just read. Raises TransientError."""
        max_age = FRESH_SECONDS if fresh else MAX_AGE_SECONDS
        if self._value is None or self._monotonic() - self._read_at > max_age:
            try:
                self._value = self._client.get_secret_value(SecretId=self._id)["SecretString"]
                self._read_at = self._monotonic()
            except (ClientError, BotoCoreError) as exc:
                if fresh or self._value is None:
                    raise TransientError("Secrets Manager: read") from exc
        return self._value

    def json(self, *, fresh: bool = False) -> dict[str, Any]:
        """The secret as a JSON object."""
        value: dict[str, Any] = json.loads(self.text(fresh=fresh))
        return value

    def keys(self, section: str, *names: str) -> tuple[str, ...]:
        """Of one of its sections, as they are now. Raises TransientError, also while they are not there."""
        try:
            held = self.json(fresh=True)[section]
            return tuple(str(held[name]) for name in names)
        except (ValueError, LookupError, TypeError):
            raise TransientError(f"a secret lacks keys of {section}") from None
