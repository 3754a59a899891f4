"""The local issuer: RS256 tokens, 8 hours, signed with a key kept under `STATE_DIR`."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from local.machine.settings import ROLES
from local.machine.state_files import refusing, write_whole

LIFETIME_SECONDS = 8 * 3600
SESSION = "local-session"
"""Audience of the issuer's own cookie, so that it is no token of the API."""


class UnusablePerson(ValueError):
    """The body of a token request is not what contract.md says."""


@dataclass(frozen=True)
class ClaimNames:
    """Under which names the API expects the school, the roles and the machine client."""

    school: str
    roles: str
    client: str


def check_roles(person: object) -> None:
    """Raises `UnusablePerson` for a role that the local stack has not: the console would show that person nothing.

    `TokenIssuer` and `POST /local/tokens` sign any role, as a school's own issuer may: such tokens show that the
    service refuses them.
    """
    roles = person.get("roles") if isinstance(person, Mapping) else None
    unknown = [role for role in roles if role not in ROLES.values()] if isinstance(roles, list) else []
    if unknown:
        raise UnusablePerson(f"no such role: {unknown[0]!r}; there are {', '.join(ROLES.values())}")


class TokenIssuer:
    """Signs tokens for whoever asks: for this machine only."""

    def __init__(self, issuer: str, audience: str, claims: ClaimNames, key_file: Path) -> None:
        self.issuer = issuer
        self._audience = audience
        self._claims = claims
        self._key = _load_or_make(key_file)
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        self._key_id = sha256(public["n"].encode()).hexdigest()[:16]
        self._public = {"kty": "RSA", "n": public["n"], "e": public["e"], "kid": self._key_id}

    def token(
        self, person: Mapping[str, Any], now: float | None = None, lifetime_seconds: int = LIFETIME_SECONDS
    ) -> str:
        """A token for `{"sub","email","school","roles","client_id"?}`; raises `UnusablePerson`."""
        _check(person)
        issued_at = int(time.time() if now is None else now)
        claims: dict[str, Any] = {
            "sub": person["sub"],
            "iss": self.issuer,
            "aud": self._audience,
            "iat": issued_at,
            "exp": issued_at + lifetime_seconds,
            self._claims.roles: person["roles"],
        }
        given = {"email": "email", self._claims.school: "school", self._claims.client: "client_id"}
        claims |= {claim: person[field] for claim, field in given.items() if person.get(field)}
        return self._signed(claims)

    def id_token(self, person: Mapping[str, Any], client_id: str, nonce: str, lifetime_seconds: int) -> str:
        """Tell the console who signed in; the API takes no such token, because it is for the client."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": client_id, "sub": person["sub"], "iat": now, "exp": now + lifetime_seconds}
        known = {name: person[name] for name in ("name", "email") if person.get(name)}
        return self._signed(claims | known | ({"nonce": nonce} if nonce else {}))

    def session(self, person: Mapping[str, Any]) -> str:
        """The value of the issuer's own cookie for the person signed in."""
        claims = {"aud": SESSION, "exp": int(time.time()) + LIFETIME_SECONDS, "person": dict(person)}
        return self._signed(claims)

    def session_person(self, cookie: str) -> Mapping[str, Any] | None:
        """The person that a cookie of `session` is about; None if it is none of ours, or too old."""
        try:
            person: Mapping[str, Any] = jwt.decode(cookie, self._key.public_key(), ["RS256"], audience=SESSION)[
                "person"
            ]
        except (jwt.InvalidTokenError, LookupError):
            return None
        return person

    def _signed(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(dict(claims), self._key, algorithm="RS256", headers={"kid": self._key_id})

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{**self._public, "alg": "RS256", "use": "sig"}]}

    def openid_configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
        }


def _check(person: Mapping[str, Any]) -> None:
    if not isinstance(person, Mapping) or not isinstance(person.get("sub"), str) or not person["sub"]:
        raise UnusablePerson("sub must be a text")
    for field in ("email", "school", "client_id"):
        if not isinstance(person.get(field, ""), str | None):
            raise UnusablePerson(f"{field} must be a text")
    roles = person.get("roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise UnusablePerson("roles must be a list of texts")


def _load_or_make(key_file: Path) -> rsa.RSAPrivateKey:
    if key_file.exists():
        with refusing(key_file, "remove it to have a new key made; tokens given out before are refused then"):
            key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
            if not isinstance(key, rsa.RSAPrivateKey):
                raise TypeError("it holds no RSA key")
            return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key_file.parent.mkdir(parents=True, exist_ok=True)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_whole(key_file, pem, mode=0o600)
    return key
