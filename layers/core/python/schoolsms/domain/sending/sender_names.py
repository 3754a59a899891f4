"""Sender names under the AF2M rules (R25)."""

import re

# The look-ahead asks for one letter: a name of digits alone would pass for a number.
_SENDER_NAME = re.compile(r"(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,11}")


def is_valid_sender_name(name: str) -> bool:
    """At most 11 ASCII letters and digits, at least one letter, no space, accent or punctuation."""
    return _SENDER_NAME.fullmatch(name) is not None
