"""Cursors of lists as callers get them: opaque, fit for a URL, and recognised when they come back.

A seal of this kind keeps nobody out, for no cursor leads to another school's things. It tells a cursor that was cut
short, made up or typed from one that a list handed out: the former is refused, and does not pass for a place.
"""

import base64
import binascii
import hashlib

from schoolsms.domain.errors import not_of_this_list

LONGEST_CURSOR = 2_000
"""Characters of a sealed cursor: a template's name may take a kilobyte."""


def seal(cursor: str | None) -> str | None:
    """The cursor as it is handed out; None for none."""
    return f"{_encoded(cursor.encode())}.{_seal(cursor.encode())}" if cursor else None


def unseal(sealed: str | None) -> str | None:
    """The cursor that was sealed; None for none, as for "". Raises RefusedError `invalid-cursor`."""
    if not sealed:
        return None
    written, _, found = sealed.partition(".")
    try:
        cursor = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)) if len(sealed) <= LONGEST_CURSOR else b""
        if cursor and (_encoded(cursor), _seal(cursor)) == (written, found):
            return cursor.decode()
    except (binascii.Error, ValueError):
        pass
    raise not_of_this_list()


def _encoded(cursor: bytes) -> str:
    return base64.urlsafe_b64encode(cursor).rstrip(b"=").decode()


def _seal(cursor: bytes) -> str:
    return hashlib.blake2b(cursor, digest_size=4, person=b"cursor").hexdigest()
