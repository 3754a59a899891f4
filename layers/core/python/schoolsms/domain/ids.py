"""Identifiers: short, upper case, safe in file names, tags and URLs; deterministic where a repeat must meet itself."""

import base64
import hashlib
import secrets

REQUEST_ID_LENGTH = 14
"""70 bits; with `-` and an index below 100,000 a message id has at most 20 characters, a provider's tag."""


def digest_id(*parts: str, length: int = REQUEST_ID_LENGTH) -> str:
    """The same `parts` always give the same id of `length` characters."""
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return base64.b32encode(hashlib.sha256(framed.encode()).digest()).decode()[:length]


def random_id(length: int = REQUEST_ID_LENGTH) -> str:
    """An id nobody can guess."""
    return base64.b32encode(secrets.token_bytes(length)).decode()[:length]


def message_id(request_id: str, index: int) -> str:
    """The id of the message to the recipient at `index` of a request."""
    return f"{request_id}-{index}"


def split_message_id(message_id: str) -> tuple[str, int] | None:
    """The request id and index in `message_id`; None if it is none of ours."""
    request_id, _, index = message_id.partition("-")
    if len(request_id) != REQUEST_ID_LENGTH or not (index.isascii() and index.isdigit() and len(index) <= 5):
        return None
    return request_id, int(index)
