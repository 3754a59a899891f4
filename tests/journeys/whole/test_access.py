"""Tokens, roles and the separation of schools decide access (R2, R14, R36)."""

import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode

from local.machine.settings import Settings, read_settings
from local.players.client import Client, Person, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from local.stack.tokens import ClaimNames, TokenIssuer
from tests.journeys.conftest import NewSchool

ROUTES = (
    ("GET", "/v1/balance"),
    ("GET", "/v1/ledger"),
    ("GET", "/v1/history"),
    ("GET", "/v1/orders"),
    ("GET", "/v1/orders/BC26-X"),
    ("GET", "/v1/order-form"),
    ("POST", "/v1/send-requests"),
    ("GET", "/v1/send-requests/X"),
    ("GET", "/v1/schools"),
    ("GET", "/v1/schools/0750655E"),
    ("PUT", "/v1/schools/0750655E"),
)


def issuer(
    stack: Stack, *, name: str | None = None, key: Path | None = None, audience: str | None = None
) -> TokenIssuer:
    """The stack's own issuer, or one that differs in something."""
    defaults: Settings = read_settings({})
    claims = ClaimNames(defaults.school_claim, defaults.roles_claim, defaults.client_claim)
    own = stack.state_dir / "issuer.pem"
    return TokenIssuer(name or f"{stack.url}/local", audience or defaults.jwt_audience, claims, key or own)


@pytest.fixture
def person(school: SchoolPlayer) -> dict[str, object]:
    return {"sub": "intruder", "email": school.manager.email, "school": school.uai, "roles": ["sms_manager"]}


def statuses(client: Client, token: str | None) -> Iterator[int]:
    return (client.call(method, path, token=token).status for method, path in ROUTES)


def test_nothing_is_answered_without_a_token(client: Client) -> None:
    assert set(statuses(client, None)) == {401}


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "é"])
def test_garbage_is_no_token(client: Client, token: str) -> None:
    assert client.call("GET", "/v1/balance", token=token).status == 401


def test_the_issuers_own_token_is_accepted(stack: Stack, client: Client, person: dict[str, object]) -> None:
    assert client.call("GET", "/v1/balance", token=issuer(stack).token(person)).status == 200


def test_an_expired_token_is_refused(stack: Stack, client: Client, person: dict[str, object]) -> None:
    expired = issuer(stack).token(person, now=time.time() - 9 * 3600)

    assert set(statuses(client, expired)) == {401}


def test_a_token_of_another_issuer_audience_or_key_is_refused(
    stack: Stack, client: Client, person: dict[str, object], tmp_path: Path
) -> None:
    for other in (
        issuer(stack, name="https://issuer.test"),
        issuer(stack, audience="another-service"),
        issuer(stack, key=tmp_path / "other.pem"),
    ):
        assert client.call("GET", "/v1/balance", token=other.token(person)).status == 401


def test_an_unsigned_token_is_refused(stack: Stack, client: Client, person: dict[str, object]) -> None:
    claims = jwt.decode(issuer(stack).token(person), options={"verify_signature": False})
    unsigned = jwt.encode(claims, key="", algorithm="none")

    assert client.call("GET", "/v1/balance", token=unsigned).status == 401


def test_a_token_signed_with_what_everybody_knows_is_refused(
    stack: Stack, client: Client, person: dict[str, object]
) -> None:
    """HS256 with the issuer's public key as the secret: accepted by who trusts the token's own choice of algorithm."""
    own = issuer(stack)
    claims = jwt.decode(own.token(person), options={"verify_signature": False})
    [published] = own.jwks()["keys"]
    public = RSAAlgorithm.from_jwk(published).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[union-attr]
    header = {"alg": "HS256", "typ": "JWT", "kid": published["kid"]}
    signed = b".".join(base64url_encode(json.dumps(part).encode()) for part in (header, claims))
    forged = signed + b"." + base64url_encode(hmac.digest(public, signed, "sha256"))

    assert set(statuses(client, forged.decode())) == {401}


def test_a_sender_sees_no_stock_ledger_history_or_order(school: SchoolPlayer) -> None:
    for path in ("/v1/balance", "/v1/ledger", "/v1/history", "/v1/orders", "/v1/order-form", "/v1/schools"):
        answer = school.sender.get(path)
        assert (answer.status, answer.json["code"]) == (403, "forbidden"), path


def test_a_manager_registers_no_school(school: SchoolPlayer) -> None:
    path = f"/v1/schools/{school.uai}"
    assert school.manager.put(path, school.registration()).status == 403
    assert school.manager.get("/v1/schools").status == 403


def test_somebody_without_role_does_nothing(school: SchoolPlayer) -> None:
    nobody = school.person("visiteur")
    assert nobody.get("/v1/balance").status == 403
    assert school.send("Bonjour à tous.", ["+33612345610"], by=nobody).status == 403


def test_the_operator_sends_nothing_in_a_schools_name(school: SchoolPlayer, operator: Person) -> None:
    assert school.send("Bonjour à tous.", ["+33612345610"], by=operator).status == 403


def test_a_school_that_is_not_registered_is_not_found(client: Client) -> None:
    unknown = SchoolPlayer(client, 9_999)

    for path in ("/v1/balance", "/v1/history", "/v1/order-form"):
        assert unknown.manager.get(path).status == 404, path
    assert unknown.send("Bonjour à tous.", ["+33612345610"]).status == 404


def test_another_schools_people_find_nothing(
    ordered_school: SchoolPlayer, new_school: NewSchool, new_phone: Callable[..., str]
) -> None:
    school, other = ordered_school, new_school()
    phone = new_phone()
    request = school.send("Bonjour à tous.", [phone]).json["id"]
    eventually(lambda: school.statuses(request) == {phone: "delivered"})
    [order] = school.orders()

    for path in (f"/v1/send-requests/{request}", f"/v1/orders/{order['id']}"):
        assert school.manager.get(path).status == 200
        found = other.manager.get(path)
        assert (found.status, found.json["code"]) == (404, "not-found")
    assert other.sender.get(f"/v1/send-requests/{request}").status == 404
    assert (other.ledger(), other.orders(), other.history(), other.history(phone=phone)) == ([], [], [], [])
    assert other.balance() == 0


def test_a_sender_sees_only_their_own_requests(supplied_school: SchoolPlayer, new_phone: Callable[..., str]) -> None:
    school = supplied_school
    colleague = school.person("lea.garnier", "sms_sender")
    request = school.send("Bonjour à tous.", [new_phone()]).json["id"]

    assert school.sender.get(f"/v1/send-requests/{request}").status == 200
    assert school.manager.get(f"/v1/send-requests/{request}").status == 200
    assert colleague.get(f"/v1/send-requests/{request}").status == 404


def test_a_path_that_is_not_there_is_not_found(school: SchoolPlayer) -> None:
    assert school.manager.get("/v1/nothing").status == 404
    assert school.manager.get("/v1/send-requests/%2e%2e%2f").status == 404
    assert school.client.call("GET", "/healthz").status == 200
