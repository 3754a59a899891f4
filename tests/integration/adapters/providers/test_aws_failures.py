"""Handoffs to AWS that go wrong: could it have taken the message, and would another attempt help? (R32, R34)"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.config import Config

from local.players.client import eventually
from schoolsms.adapters.providers.aws import SERVICE, AwsProvider
from schoolsms.domain.sending.delivering.handoffs import (
    Accepted,
    HandoffAnswer,
    OutgoingSms,
    Refused,
    Unavailable,
    Uncertain,
)
from tests.support.servers.raw_server import (
    RawServer,
    Reply,
    answer,
    free_port,
    saying_nothing,
    send,
    silences,
    speaking_no_tls,
)

SMS = OutgoingSms("M-1", "+33639980010", "Réunion à 18 h", "gsm", None, 3600)
TAKEN = json.dumps({"MessageId": "862a8790-60c0-4430-9b2b-658bd0000000"}).encode()


@cache
def session() -> botocore.session.Session:
    made = botocore.session.get_session()
    made.set_credentials("testing", "testing")
    return made


def client_at(port: int, scheme: str = "http") -> Any:
    return session().create_client(
        SERVICE,
        region_name="eu-west-3",
        endpoint_url=f"{scheme}://127.0.0.1:{port}",
        config=Config(retries={"total_max_attempts": 1}),
    )


def provider_at(port: int, scheme: str = "http", timeout_seconds: float = 10.0) -> AwsProvider:
    return AwsProvider(lambda: client_at(port, scheme), timeout_seconds=timeout_seconds)


@contextmanager
def provider_before(reply: Reply, timeout_seconds: float = 10.0) -> Iterator[tuple[AwsProvider, RawServer]]:
    with RawServer(reply) as server:
        yield provider_at(server.port, timeout_seconds=timeout_seconds), server


def error(name: str, **more: object) -> bytes:
    return json.dumps({"__type": name, "Message": f"{SMS.phone} {SMS.text}", **more}).encode()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, error("ThrottlingException"), Unavailable("ThrottlingException")),
        (429, b"", Unavailable("http-429")),
        (
            403,
            error("AccessDeniedException", Reason="ACCOUNT_DISABLED"),
            Unavailable("AccessDeniedException:ACCOUNT_DISABLED"),
        ),
        (403, error("ExpiredTokenException"), Unavailable("ExpiredTokenException")),
        (400, error("UnrecognizedClientException"), Unavailable("UnrecognizedClientException")),
        (
            402,
            error("ServiceQuotaExceededException", Reason="MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
            Unavailable("ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
        ),
        (404, error("ResourceNotFoundException", ResourceType="pool"), Unavailable("ResourceNotFoundException")),
        (
            409,
            error("ConflictException", Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT"),
            Refused("ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        ),
        (
            409,
            error("ConflictException", Reason="DESTINATION_PHONE_NUMBER_NOT_VERIFIED"),
            Unavailable("ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="INVALID_PARAMETER",
                Fields=[{"Name": "DestinationPhoneNumber", "Message": "x"}],
            ),
            Refused("ValidationException:INVALID_PARAMETER"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="INVALID_PARAMETER",
                Fields=[{"Name": "ConfigurationSetName", "Message": "x"}],
            ),
            Unavailable("ValidationException:INVALID_PARAMETER"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="DESTINATION_COUNTRY_BLOCKED",
                Fields=[{"Name": "DestinationPhoneNumber", "Message": "x"}],
            ),
            Unavailable("ValidationException:DESTINATION_COUNTRY_BLOCKED"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="COUNTRY_NOT_ENABLED",
                Fields=[{"Name": "DestinationPhoneNumber", "Message": "x"}],
            ),
            Unavailable("ValidationException:COUNTRY_NOT_ENABLED"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="PRICE_OVER_THRESHOLD",
                Fields=[{"Name": "DestinationPhoneNumber", "Message": "x"}],
            ),
            Unavailable("ValidationException:PRICE_OVER_THRESHOLD"),
        ),
        (
            409,
            error(
                "ConflictException",
                Reason="DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
                Fields=[{"Name": "DestinationPhoneNumber", "Message": "x"}],
            ),
            Unavailable("ConflictException:DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"),
        ),
        (
            409,
            error(
                "ConflictException",
                Reason="DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
                Fields=[{"Name": "DestinationPhoneNumber", "Message": "x"}],
            ),
            Unavailable("ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="FIELD_VALIDATION_FAILED",
                Fields=[{"Name": "MessageBody", "Message": "x"}],
            ),
            Refused("ValidationException:FIELD_VALIDATION_FAILED"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="CANNOT_PARSE",
                Fields=[{"Name": "DestinationPhoneNumber", "Message": "x"}],
            ),
            Refused("ValidationException:CANNOT_PARSE"),
        ),
        (
            400,
            error(
                "ValidationException",
                Reason="INVALID_PARAMETER",
                Fields=[{"Name": "OriginationIdentity", "Message": "x"}],
            ),
            Unavailable("ValidationException:INVALID_PARAMETER"),
        ),
        (
            409,
            error("ConflictException", Reason="RESOURCE_NOT_ACTIVE"),
            Unavailable("ConflictException:RESOURCE_NOT_ACTIVE"),
        ),
        (
            409,
            error("ConflictException", Reason="NUMBER_CAPABILITIES_MISMATCH"),
            Unavailable("ConflictException:NUMBER_CAPABILITIES_MISMATCH"),
        ),
        (
            409,
            error("ConflictException", Reason="MESSAGE_TYPE_MISMATCH"),
            Unavailable("ConflictException:MESSAGE_TYPE_MISMATCH"),
        ),
        (
            403,
            error("AccessDeniedException", Reason="INSUFFICIENT_ACCOUNT_REPUTATION"),
            Unavailable("AccessDeniedException:INSUFFICIENT_ACCOUNT_REPUTATION"),
        ),
        (
            400,
            error("ValidationException", Reason="CHANNEL_NOT_ENABLED"),
            Unavailable("ValidationException:CHANNEL_NOT_ENABLED"),
        ),
        (400, error("ValidationException"), Unavailable("ValidationException")),
        (400, error("NewException"), Unavailable("NewException")),
        (500, error("InternalServerException"), Uncertain("InternalServerException")),
        (500, error("NewException"), Uncertain("NewException")),
        (500, b"", Uncertain("http-500")),
        (502, b"<html>Bad gateway</html>", Uncertain("http-502")),
        (503, b"", Unavailable("http-503")),
        (503, error("ServiceUnavailableException"), Unavailable("ServiceUnavailableException")),
        (504, b"<html></html>", Uncertain("http-504")),
    ],
)
def test_each_error_says_whether_the_message_may_be_taken(status: int, body: bytes, expected: HandoffAnswer) -> None:
    with provider_before(send(answer(status, body))) as (provider, server):
        assert provider.hand_off(SMS) == expected
        assert len(server.requests) == 1, "nothing is sent twice by itself"


@pytest.mark.parametrize("name", ["+33639980010", "Réunion à 18 h", "x" * 61, ""])
def test_a_code_never_tells_a_number_or_a_text(name: str) -> None:
    with provider_before(send(answer(400, error(name, Reason=SMS.phone)))) as (provider, _):
        assert provider.hand_off(SMS) == Unavailable("http-400")


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"{}", b'{"MessageId": 5}', b'{"MessageId": ""}']
)
def test_a_success_that_says_nothing_is_uncertain(body: bytes) -> None:
    with provider_before(send(answer(200, body))) as (provider, _):
        assert isinstance(provider.hand_off(SMS), Uncertain)


SILENCES = silences(TAKEN)


@pytest.mark.parametrize("silence", SILENCES)
def test_once_the_request_is_written_silence_is_uncertain(silence: str) -> None:
    with provider_before(SILENCES[silence], timeout_seconds=2.0) as (provider, server):
        assert isinstance(provider.hand_off(SMS), Uncertain)
        eventually(lambda: server.requests)  # a busy machine may read what was written after we gave up
        assert len(server.requests) == 1, "an uncertain message must not be sent again"


def test_a_whole_answer_on_the_same_server_is_accepted() -> None:
    with provider_before(send(answer(200, TAKEN))) as (provider, server):
        assert provider.hand_off(SMS) == Accepted("862a8790-60c0-4430-9b2b-658bd0000000")
        assert provider.hand_off(SMS) == Accepted("862a8790-60c0-4430-9b2b-658bd0000000")
        assert server.connections == 1


def test_a_refused_connection_is_unavailable() -> None:
    assert provider_at(free_port()).hand_off(SMS) == Unavailable("NewConnectionError")


def test_a_failed_tls_handshake_is_unavailable() -> None:
    with speaking_no_tls() as port:
        assert provider_at(port, "https").hand_off(SMS) == Unavailable("SSLError")


def test_a_tls_handshake_that_never_ends_is_unavailable() -> None:
    with saying_nothing() as port:
        provider = provider_at(port, "https", timeout_seconds=0.2)
        assert provider.hand_off(SMS) == Unavailable("ReadTimeoutError")


def test_a_client_that_cannot_be_made_has_sent_nothing() -> None:
    def fail() -> Any:
        raise LookupError("no region")

    assert AwsProvider(fail).hand_off(SMS) == Unavailable("LookupError")


def test_a_client_without_credentials_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_at(9)
    monkeypatch.setattr(client._request_signer, "_credentials", None)

    assert AwsProvider(lambda: client).hand_off(SMS) == Unavailable("NoCredentialsError")


def test_a_message_that_the_client_will_not_write_has_not_been_sent() -> None:
    """Its own check of the parameters; what it says would quote them."""
    wrong: Any = 5
    assert provider_at(9).hand_off(OutgoingSms("M-1", wrong, "x", "gsm", None, 60)) == Unavailable(
        "ParamValidationError"
    )
