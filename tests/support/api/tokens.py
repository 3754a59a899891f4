"""Tokens as an issuer makes them and as API Gateway hands them on; nobody checks the signature again behind it."""

import base64
import json
from collections.abc import Mapping
from typing import Any


def bearer(claims: Mapping[str, Any]) -> str:
    """The header of a token with these claims."""
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return "Bearer " + ".".join([*encoded, "signature"])


def handed_on(claims: Mapping[str, Any]) -> dict[str, str]:
    """The claims as the JWT authorizer of an HTTP API gives them: texts, a list as `[a b]`."""
    return {name: _text(value) for name, value in claims.items()}


def issued(handed: Mapping[str, str]) -> dict[str, Any]:
    """The claims of which `handed_on` makes these, where no item of a list has a space."""
    lists = {name: text[1:-1].split() for name, text in handed.items() if text.startswith("[")}
    return {**handed, **lists}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"[{' '.join(map(_text, value))}]" if isinstance(value, list) else json.dumps(value)
