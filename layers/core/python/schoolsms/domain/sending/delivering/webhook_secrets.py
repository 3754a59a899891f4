"""Whether a call comes from a provider: its address holds a secret that only the provider was given (R33, R48)."""

import hmac
from collections.abc import Callable


def is_authentic(secret: Callable[[str, bool], str], keys_of: str, given: str) -> bool:
    """Whether `given` is the webhook secret of the provider `keys_of`, as known or as it is now.

    `secret` returns it, "" if there is none; True bypasses the cache, for a secret just rotated.
    """
    return any(_same(secret(keys_of, fresh), given) for fresh in (False, True))


def _same(expected: str, given: str) -> bool:
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
