"""Refusals of OVHcloud, and whether each is blamed on the message or on the provider (R30, R32)."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from schoolsms.adapters.providers.ovh import OvhCredentials, OvhProvider
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import HandoffAnswer, OutgoingSms, Refused, Unavailable
from tests.support.servers.raw_server import RawServer, Reply, answer, send

SMS = OutgoingSms("M-1", "+33639980010", "Réunion à 18 h", "gsm", "COLLEGE", 3600)


@contextmanager
def provider_before(reply: Reply) -> Iterator[OvhProvider]:
    keys = OvhCredentials("app-key", "app-secret", "consumer")
    with RawServer(reply) as server:
        yield OvhProvider(lambda: keys, f"http://127.0.0.1:{server.port}/1.0", "sms-1")


def explained(text: str, status: int = 400) -> HandoffAnswer:
    body = json.dumps({"errorCode": "Client::BadRequest", "message": text}).encode()
    with provider_before(send(answer(status, body))) as provider:
        return provider.hand_off(SMS)


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    "text",
    [
        "cannot send contact information with shortcode",
        "Cannot send contact information with short code",
        "[sender] Given data (COLLEGE) is not valid",
        "[senderForResponse] must be true without sender",
        "This sender does not exist",
        "Sender COLLEGE is not validated yet",
        "Your sender is blacklisted for the receiver's country",
        "L'expéditeur COLLEGE est inconnu",
    ],
)
def test_a_refusal_that_blames_the_sender_is_for_the_next_provider_and_no_fault(text: str, status: int) -> None:
    assert explained(text, status) == Unavailable("Client::BadRequest", fault=False)


@pytest.mark.parametrize(
    "text",
    [
        "Not enough credits to send this message to 1 receiver",
        "You have no more credit",
        "The quota of this SMS user is reached",
        "Your account is suspended",
        "Votre compte est bloqué",
        "This service is expired",
        "This service is not allowed to send to the receivers' country",
        "Invalid signature of the receivers list",
        "[tag] Given data is too long",
        "[validityPeriod] Given data (0) is not valid for the message",
        "An error occurred while sending your message",
        "Nobody has ever read this",
        "",
    ],
)
def test_a_refusal_that_blames_the_account_or_nobody_is_for_the_next_provider(text: str) -> None:
    assert explained(text) == Unavailable("Client::BadRequest")


@pytest.mark.parametrize(
    "text",
    [
        "[receivers] Given data (+33639980010) is not valid for type phone number",
        "[receivers[0]] Given data is not valid",
        "No valid receiver: invalid phone number",
        "The receiver is blacklisted",
        "This recipient is not a mobile number",
        "Destinataire inconnu",
        "[message] Given data is too long",
        "The message is empty",
        "Your text is too long",
        "Your SMS has a forbidden word",
    ],
)
def test_a_refusal_that_blames_the_message_is_final(text: str) -> None:
    assert explained(text) == Refused("Client::BadRequest")


@pytest.mark.parametrize(
    "body", [b'{"message": 5}', b'{"message": ["sender"]}', b'["sender"]', b"", b'{"message": null}']
)
def test_a_refusal_that_says_nothing_blames_nobody(body: bytes) -> None:
    with provider_before(send(answer(400, body))) as provider:
        assert provider.hand_off(SMS) == Unavailable("http-400")


def test_a_service_that_is_not_known_proves_nothing_of_a_message() -> None:
    """R30: an empty list does; 404 would be about our service name, and release whatever was taken."""
    unknown = send(answer(404, b'{"message": "This service does not exist"}'))
    with provider_before(unknown) as provider, pytest.raises(TransientError):
        provider.find_by_message_id("M-1")
    with provider_before(send(answer(200, b"[]"))) as provider:
        assert provider.find_by_message_id("M-1") is None


def test_a_message_that_is_listed_and_not_described_proves_nothing() -> None:
    def reply(connection: socket.socket) -> None:
        listed.append(answer(404, b"{}") if listed else answer(200, b"[5]"))
        connection.sendall(listed[-1])

    listed: list[bytes] = []
    with provider_before(reply) as provider, pytest.raises(TransientError, match="does not know"):
        provider.find_by_message_id("M-1")
