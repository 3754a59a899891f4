"""Secrets are read once, again when old, and served from memory while that fails."""

import json
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_secretsmanager import SecretsManagerClient

from schoolsms.adapters.providers.ovh import LONGEST_HANDOFF_SECONDS
from schoolsms.adapters.secrets import FRESH_SECONDS, MAX_AGE_SECONDS, Secret
from schoolsms.bootstrap.shared.clients import client as function_client
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import LEASE


class Manual:
    """A monotonic clock to be moved by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Counting:
    """A client that gives `value`, or fails while `value` is None."""

    def __init__(self, value: str | None = "first") -> None:
        self.value = value
        self.reads = 0

    def get_secret_value(self, **_: Any) -> Any:
        self.reads += 1
        if self.value is None:
            raise ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
        return {"SecretString": self.value}


def a_secret(client: Counting, clock: Manual) -> Secret:
    return Secret(cast(SecretsManagerClient, client), "providers", clock)


def test_a_secret_is_what_secrets_manager_holds(aws: None) -> None:
    client = boto3.client("secretsmanager")
    client.create_secret(Name="providers", SecretString=json.dumps({"ovh": {"receipt_secret": "s"}}))

    secret = Secret(client, "providers")

    assert secret.json() == {"ovh": {"receipt_secret": "s"}}
    assert secret.text() == '{"ovh": {"receipt_secret": "s"}}'


def test_a_secret_is_read_once_while_it_is_young() -> None:
    client, clock = Counting(), Manual()
    secret = a_secret(client, clock)

    for _ in range(3):
        assert secret.text() == "first"
        clock.now += MAX_AGE_SECONDS / 3
    assert client.reads == 1


def test_a_rotated_secret_is_read_when_the_known_one_is_old() -> None:
    client, clock = Counting(), Manual()
    secret = a_secret(client, clock)
    secret.text()
    client.value = "second"

    assert secret.text() == "first"
    clock.now += MAX_AGE_SECONDS + 1
    assert secret.text() == "second"


def test_a_fresh_secret_is_one_just_read() -> None:
    client, clock = Counting(), Manual()
    secret = a_secret(client, clock)
    secret.text()
    client.value = "second"
    clock.now += FRESH_SECONDS + 1

    assert secret.text(fresh=True) == "second"
    assert secret.text() == "second"


def test_a_flood_of_forged_calls_does_not_read_the_secret_each_time() -> None:
    client, clock = Counting(), Manual()
    secret = a_secret(client, clock)

    for _ in range(100):
        secret.text(fresh=True)
        clock.now += FRESH_SECONDS / 100
    assert client.reads == 1


def test_the_known_secret_serves_while_a_new_one_cannot_be_read() -> None:
    client, clock = Counting(), Manual()
    secret = a_secret(client, clock)
    secret.text()
    client.value = None
    clock.now += MAX_AGE_SECONDS + 1

    assert secret.text() == "first"
    with pytest.raises(TransientError):
        secret.text(fresh=True)


def test_a_secret_that_was_never_read_is_a_transient_fault() -> None:
    with pytest.raises(TransientError):
        a_secret(Counting(None), Manual()).text()


def test_a_secret_nobody_made_is_a_transient_fault(aws: None) -> None:
    with pytest.raises(TransientError):
        Secret(boto3.client("secretsmanager"), "providers").text()


def test_a_claim_outlasts_a_handoff_before_and_amid_which_the_keys_are_read(aws: None) -> None:
    """R34: else others take the message for uncertain, and its window may end on one that nobody took."""
    config = function_client("secretsmanager").meta.config
    attempts, pauses_seconds = config.retries["total_max_attempts"], 2.0
    reading = attempts * (config.connect_timeout + config.read_timeout) + pauses_seconds

    assert 2 * reading + LONGEST_HANDOFF_SECONDS < LEASE.total_seconds()
