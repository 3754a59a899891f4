"""Change one consent record safely while others change it too (R24)."""

from collections.abc import Callable

from schoolsms.application.ports.consents import ConsentRecords
from schoolsms.domain.consents.consents import ConsentRecord
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.access import Caller

ROUNDS = 10
"""Attempts at a change before giving up, because another write may come first each time."""


def named(caller: Caller) -> str:
    """The person who did it (R26)."""
    return caller.email or caller.subject


def changed(
    consents: ConsentRecords, uai: str, phone: str, change: Callable[[ConsentRecord], ConsentRecord]
) -> tuple[ConsentRecord, ConsentRecord]:
    """The record before and after `change`, which is repeated when another write came first. Raises what it raises."""
    for _ in range(ROUNDS):
        before = consents.get(uai, phone)
        after = change(before)
        if after is before or consents.put(uai, after):
            return before, after
    raise TransientError("too many changes of one consent at once")
