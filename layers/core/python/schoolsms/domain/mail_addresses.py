"""Mail addresses compared, and the senders that the operator registered for a school (R13)."""

from string import ascii_lowercase, ascii_uppercase

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

INSTITUTIONAL = "ce.<uai>@"
"""How the institutional pattern begins: `ce.<uai>@ac-paris.fr` is `ce.0750655e@ac-paris.fr` for the school 0750655E."""


def plain(address: str) -> str:
    """`address` with its ASCII letters in lower case, and nothing else changed.

    `str.lower` and `str.casefold` also make a k of the Kelvin sign and an s of `ſ`, so that somebody else's address
    would become a manager's.
    """
    return address.translate(_LOWER)


def same(one: str, other: str) -> bool:
    """Whether both are the same address."""
    return plain(one) == plain(other)


def expanded(registered: str, uai: str) -> str:
    """The address that a registered sender is for the school `uai`: the institutional pattern names it by its UAI."""
    written = plain(registered)
    if written.startswith(INSTITUTIONAL):
        return f"ce.{plain(uai)}@{written.removeprefix(INSTITUTIONAL)}"
    return written
