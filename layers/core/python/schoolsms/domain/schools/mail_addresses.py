"""Mail addresses compared, and the senders that the operator registered for a school (R13)."""

import re
from string import ascii_lowercase, ascii_uppercase

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?!\d+$){_LABEL}")
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 253

INSTITUTIONAL = "ce.<uai>@"
"""Start of the institutional pattern: `ce.<uai>@ac-paris.fr` is `ce.0750655e@ac-paris.fr` for the school 0750655E."""


def plain(address: str) -> str:
    """`address` with its ASCII letters in lower case, and nothing else changed.

    `str.lower` and `str.casefold` also make a k of the Kelvin sign and an s of `ſ`, so that somebody else's address
    would become a manager's.
    """
    return address.translate(_LOWER)


def comparable(address: str) -> str:
    """`address` as addresses are compared and counted: `plain`, and an international domain in its ASCII form.

    Only a domain that IDNA gives back as it was written is changed, as in `deliverable`: `ſk.test` is not `sk.test`.
    """
    address = plain(address)
    local, at, written = address.rpartition("@")
    if not at or written.isascii():
        return address
    try:
        wire = written.encode("idna")
        return f"{local}@{wire.decode('ascii')}" if wire.decode("idna") == written else address
    except UnicodeError:
        return address


def same(one: str, other: str) -> bool:
    """Whether both are the same address."""
    return comparable(one) == comparable(other)


def expanded(registered: str, uai: str) -> str:
    """The address that a registered sender is for the school `uai`: the institutional pattern names it by its UAI."""
    written = plain(registered)
    if written.startswith(INSTITUTIONAL):
        return f"ce.{plain(uai)}@{written.removeprefix(INSTITUTIONAL)}"
    return written


def deliverable(address: str) -> str:
    """`address` as SES takes it, an international domain in its ASCII form.

    Raises ValueError when mail cannot go there. A domain with a letter that IDNA would make another one is refused:
    mail would go to somebody else.
    """
    local, at, written = address.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise ValueError("no address")
    domain = plain(written)
    wire = domain.encode("idna")
    if len(wire) > _LONGEST_DOMAIN or not _DOMAIN.fullmatch(wire.decode("ascii")):
        raise ValueError("no domain")
    if not written.isascii() and wire.decode("idna") != domain:
        raise ValueError("no domain as it is written")
    return f"{local}@{wire.decode('ascii')}"


def is_deliverable(address: str) -> bool:
    """Whether mail can go there."""
    try:
        deliverable(address)
    except ValueError:
        return False
    return True
