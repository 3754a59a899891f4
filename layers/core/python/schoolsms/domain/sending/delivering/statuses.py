"""The life of one message (R35): `queued → sent → delivered | undeliverable | expired`, beside `failed`
(never handed over, released), `cancelled` and `uncertain`. The first final status wins (R33)."""

from typing import Literal, get_args

Waiting = Literal["queued", "sent", "uncertain"]
Final = Literal["delivered", "undeliverable", "expired", "failed", "cancelled"]
Status = Waiting | Final

STATUSES: tuple[Status, ...] = (*get_args(Waiting), *get_args(Final))
FINAL: frozenset[str] = frozenset(get_args(Final))
RELEASED: frozenset[str] = frozenset(("failed", "cancelled"))
"""Final statuses whose SMS go back to the stock (R29, R30)."""
