from pathlib import Path
from typing import Any

import jwt
import pytest

from local.stack.tokens import ClaimNames, TokenIssuer, UnusablePerson

ISSUER = "http://127.0.0.1:3000/local"
PERSON = {"sub": "u1", "email": "a@ecole.fr", "school": "0750655E", "roles": ["sms_manager", "sms_sender"]}


def make_issuer(folder: Path) -> TokenIssuer:
    return TokenIssuer(ISSUER, "skolengo-sms", ClaimNames("uai", "groups", "azp"), folder / "key.pem")


def read(issuer: TokenIssuer, token: str) -> dict[str, Any]:
    key_id = jwt.get_unverified_header(token)["kid"]
    [key] = [entry for entry in issuer.jwks()["keys"] if entry["kid"] == key_id]
    claims: dict[str, Any] = jwt.decode(
        token, jwt.PyJWK(key).key, algorithms=["RS256"], audience="skolengo-sms", issuer=ISSUER
    )
    return claims


def test_a_token_carries_the_person_under_the_configured_claim_names(tmp_path: Path) -> None:
    issuer = make_issuer(tmp_path)
    claims = read(issuer, issuer.token(PERSON | {"client_id": "ent-42"}))
    assert claims["sub"] == "u1"
    assert claims["uai"] == "0750655E"
    assert claims["groups"] == ["sms_manager", "sms_sender"]
    assert claims["azp"] == "ent-42"
    assert claims["email"] == "a@ecole.fr"


def test_a_token_lives_eight_hours(tmp_path: Path) -> None:
    issuer = make_issuer(tmp_path)
    claims = jwt.decode(issuer.token(PERSON, now=1_000_000), options={"verify_signature": False})
    assert claims["iat"] == 1_000_000
    assert claims["exp"] == 1_028_800


def test_an_operator_belongs_to_no_school(tmp_path: Path) -> None:
    issuer = make_issuer(tmp_path)
    claims = read(issuer, issuer.token({"sub": "op", "email": "op@kosmos.fr", "roles": ["operator"]}))
    assert "uai" not in claims


def test_the_key_survives_a_restart(tmp_path: Path) -> None:
    token = make_issuer(tmp_path).token(PERSON)
    assert read(make_issuer(tmp_path), token)["sub"] == "u1"
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0


def test_the_published_key_holds_nothing_private(tmp_path: Path) -> None:
    [key] = make_issuer(tmp_path).jwks()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}


def test_the_issuer_can_be_discovered(tmp_path: Path) -> None:
    found = make_issuer(tmp_path).openid_configuration()
    assert found["issuer"] == ISSUER
    assert found["jwks_uri"] == f"{ISSUER}/.well-known/jwks.json"


@pytest.mark.parametrize(
    "person",
    [{}, {"sub": ""}, {"sub": "u"}, {"sub": "u", "roles": "operator"}, {"sub": "u", "roles": [1]}, []],
)
def test_an_unusable_person_is_refused(tmp_path: Path, person: Any) -> None:
    with pytest.raises(UnusablePerson):
        make_issuer(tmp_path).token(person)
