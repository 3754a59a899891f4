"""Fault scenarios: for one message each, the failing call and the end the message must reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.support.journeys.faults.proxy import Kind
from tests.support.journeys.provider_side import DELIVERED, FAILED, PENDING, UNHEARD_OF

STORED = ("BatchWriteItem", "{phone}")
DEBITED = ("TransactWriteItems", "{text}")
STARTED = ("StartExecution", "{id}")
CLAIM = ("UpdateItem", "REQUEST#{id}", '":offered":{')
SENT = ("UpdateItem", "REQUEST#{id}", '":sent":{')
UNCLAIM = ("UpdateItem", "REQUEST#{id}", '":to":{"S":"queued"}')
CLAIM_ALONE = ("UpdateItem", "REQUEST#{id}", '":to":{"S":"claimed"}')
HANDOFF = ("UpdateItem", "HANDOFF#", "{id}-0")
SENT_ALONE = ("UpdateItem", "REQUEST#{id}", '":to":{"S":"sent"}')
SETTLED = ("UpdateItem", "REQUEST#{id}", '":to":{"S":"delivered"}')
EXPIRED = ("UpdateItem", "REQUEST#{id}", '":to":{"S":"expired"}')
RELEASED = ("TransactWriteItems", "REQUEST#{id}", "ENTRY#release")
PAGE = ("GetItem", "REQUEST#{id}", "PAGE#")
STATES = ("Query", "REQUEST#{id}", "MESSAGE#")
OFFERED = ("provider", "{id}-0")
QUEUED = ("SendMessageBatch", "{id}")
QUEUED_AGAIN = ("SendMessage", "{id}")
RECEIPT_QUEUED = ("SendMessage", "-Receipts-", "{provider_id}")
ASKED = ("provider-asked", "/outgoing/{provider_id}")

TRIES = 4
"""Of the functions' own clients: see `bootstrap.shared.clients`."""

Step = tuple[str, ...]
"""An operation, and what the body of the call holds."""

Known = Literal["asked", "accepted", "taken"]
"""When what a step names is known: `text` and `phone` as soon as it is asked for, `id` once it is accepted,
`provider_id` once its provider took it."""

Asked = tuple[Literal["with key", "without key"], Literal["lost", "accepted", "duplicate"]]
"""How it is asked for, and what the sender hears."""

News = Mapping[str, str]

ONCE: tuple[Asked, ...] = (("without key", "accepted"),)

FAILURES: tuple[Kind, ...] = ("unavailable", "too-many", "cut-before", "cut-after", "half", "slow")
"""Of a provider: each counts against it."""


@dataclass(frozen=True)
class Scenario:
    """`faults` befall the request to one phone that behaves by its `ending`."""

    name: str
    faults: tuple[tuple[Kind, Step, int], ...]
    status: str = "delivered"
    received: int = 1
    ending: str = "10"
    lease_ends: bool = False
    """Whether a claim is left behind, whose minute is then made to be over."""

    known: Known = "accepted"
    asked: tuple[Asked, ...] = ONCE
    receipts: tuple[News, ...] = ()
    """Receipts that OVHcloud's address is called with as soon as the message was taken, beside its own."""

    @property
    def harms_ovh(self) -> bool:
        """Whether OVHcloud fails: then the process to which it did passes it over for a while (R32)."""
        return any(step == OFFERED and kind in FAILURES for kind, step, _ in self.faults)


def _one(kind: Kind, step: Step, name: str, status: str = "delivered", received: int = 1) -> Scenario:
    lease_ends = status == "failed" and received == 0
    return Scenario(f"{kind} {name}", ((kind, step, 1),), status, received, lease_ends=lease_ends)


def _asked(kind: Kind, step: Step, name: str, *asked: Asked) -> Scenario:
    return Scenario(f"{kind} {name}, asked {asked[0][0]}", ((kind, step, 1),), known="asked", asked=asked)


def _taken(kind: Kind, step: Step, name: str) -> Scenario:
    # Its receipt comes after five seconds, thus later than the handoff's answer.
    return Scenario(f"{kind} {name}", ((kind, step, 1),), ending="09", known="taken")


LOST_WITH_KEY: Asked = ("with key", "lost")
LOST_WITHOUT: Asked = ("without key", "lost")
WITH_KEY: Asked = ("with key", "accepted")
WITHOUT: Asked = ("without key", "accepted")
AGAIN: Asked = ("without key", "duplicate")


def _by_aws(kind: Kind, step: Step, name: str, status: str = "delivered", times: int = 1) -> Scenario:
    """OVHcloud does not take it. AWS does, which cannot be asked; it tells our id with its receipts."""
    faults: tuple[tuple[Kind, Step, int], ...] = (("not-its-sender", OFFERED, 1), (kind, step, times))
    received = int(status == "delivered")
    return Scenario(f"{kind} {name}", faults, status, received, lease_ends=not received)


ACCEPTING = (
    # Nothing counts before the debit (R16): whoever asks again is served, by a key or not.
    _asked("killed-before", STORED, "storing the pages", LOST_WITH_KEY, WITH_KEY, AGAIN),
    _asked("killed-before", STORED, "storing the pages", LOST_WITHOUT, WITHOUT, AGAIN),
    _asked("killed-after", STORED, "storing the pages", LOST_WITH_KEY, WITH_KEY, AGAIN),
    _asked("killed-after", STORED, "storing the pages", LOST_WITHOUT, WITHOUT, AGAIN),
    _asked("killed-before", DEBITED, "debiting", LOST_WITH_KEY, WITH_KEY, AGAIN),
    _asked("killed-before", DEBITED, "debiting", LOST_WITHOUT, WITHOUT, AGAIN),
    # Then it is accepted, whoever heard of it: by its key it is the same (R29), without one a duplicate (R25).
    _asked("killed-after", DEBITED, "debiting", LOST_WITH_KEY, WITH_KEY, AGAIN),
    _asked("killed-after", DEBITED, "debiting", LOST_WITHOUT, AGAIN),
    _asked("cut-after", DEBITED, "the answer to the debit", WITHOUT, AGAIN),
    _asked("cut-after", STORED, "the answer to the pages", WITHOUT, AGAIN),
)

KILLED = (
    _one("killed-before", PAGE, "reading the page"),
    _one("killed-before", STATES, "reading what was done"),
    _one("killed-before", CLAIM, "claiming"),
    # From here on it may have been taken: never offered again (R34), and given back at the end of its window, when its
    # provider says that it never had it (R30).
    _one("killed-after", CLAIM, "claiming", "failed", 0),
    _one("killed-before", OFFERED, "the provider's call", "failed", 0),
    # It was taken: the receipt settles it, for which the provider is asked whose message it was.
    _one("killed-after", OFFERED, "the provider's call"),
    _one("killed-before", SENT, "writing that it was sent"),
    _one("killed-after", SENT, "writing that it was sent"),
    # The first provider did not take it: until that is written nobody knows, then it is anybody's.
    _by_aws("killed-before", UNCLAIM, "giving the claim back", "failed"),
    _by_aws("killed-after", UNCLAIM, "giving the claim back"),
    _by_aws("killed-before", CLAIM_ALONE, "claiming for the second provider"),
    _by_aws("killed-after", CLAIM_ALONE, "claiming for the second provider", "expired"),
    _by_aws("killed-before", HANDOFF, "writing the provider's id"),
    _by_aws("killed-after", HANDOFF, "writing the provider's id"),
    _by_aws("killed-before", SENT_ALONE, "writing that the second has it"),
    _by_aws("killed-after", SENT_ALONE, "writing that the second has it"),
    Scenario("killed-before queueing again", (("unavailable", OFFERED, 2), ("killed-before", QUEUED_AGAIN, 1))),
    Scenario("killed-after queueing again", (("unavailable", OFFERED, 2), ("killed-after", QUEUED_AGAIN, 1))),
    _one("killed-before", STARTED, "starting the delivery"),
    _one("killed-after", STARTED, "starting the delivery"),
    _one("killed-before", QUEUED, "queueing the pages"),
    _one("killed-after", QUEUED, "queueing the pages"),
    # The provider calls again.
    _taken("killed-before", RECEIPT_QUEUED, "queueing a receipt"),
    _taken("killed-after", RECEIPT_QUEUED, "queueing a receipt"),
    _taken("killed-before", ASKED, "asking whether a receipt is true"),
    _taken("killed-after", ASKED, "asking whether a receipt is true"),
    _one("killed-before", SETTLED, "recording a receipt"),
    _one("killed-after", SETTLED, "recording a receipt"),
    Scenario("killed-before expiring", (("killed-before", EXPIRED, 1),), "expired", 1, "02"),
    Scenario("killed-after expiring", (("killed-after", EXPIRED, 1),), "expired", 1, "02"),
    Scenario("killed-before releasing", (("killed-before", RELEASED, 1),), "failed", 0, "08"),
    Scenario("killed-after releasing", (("killed-after", RELEASED, 1),), "failed", 0, "08"),
    Scenario("killed-after releasing what was refused", (("killed-after", RELEASED, 1),), "failed", 0, "04"),
)

PROVIDER = (
    _one("unavailable", OFFERED, "at the first provider"),
    _one("too-many", OFFERED, "at the first provider"),
    Scenario("unavailable at both providers", (("unavailable", OFFERED, 2),)),
    # The body was written, so nobody knows: neither the next provider nor anybody else is offered it (R34).
    _one("cut-before", OFFERED, "the provider's answer", "failed", 0),
    _one("cut-after", OFFERED, "the provider's answer"),
    _one("half", OFFERED, "of the provider's answer"),
    _one("slow", OFFERED, "provider"),
    _taken("unavailable", ASKED, "asked whether a receipt is true"),
    _taken("half", ASKED, "of what it says of a receipt"),
)

TAKEN_BY_AWS = [each.name for each in PROVIDER[:2]]

DATABASE = (
    Scenario("throttled claiming for a moment", (("throttled", CLAIM, 2),)),
    Scenario("throttled claiming for longer than a client tries", (("throttled", CLAIM, TRIES + 2),)),
    _by_aws("throttled", HANDOFF, "writing the provider's id", times=TRIES),
    Scenario("throttled writing that it was sent", (("throttled", SENT, TRIES),)),
    Scenario("throttled recording a receipt", (("throttled", SETTLED, TRIES + 2),)),
    Scenario("throttled releasing", (("throttled", RELEASED, TRIES + 2),), "failed", 0, "04"),
    Scenario("throttled expiring", (("throttled", EXPIRED, TRIES + 2),), "expired", 1, "02"),
    # Written, and written again because nobody heard of it.
    _one("cut-after", CLAIM, "claiming"),
    _by_aws("cut-after", UNCLAIM, "giving the claim back"),
    _by_aws("cut-after", CLAIM_ALONE, "claiming for the second provider"),
    _by_aws("cut-after", HANDOFF, "writing the provider's id"),
    _one("cut-after", SENT, "writing that it was sent"),
    _one("cut-after", SETTLED, "recording a receipt"),
    Scenario("cut-after releasing", (("cut-after", RELEASED, 1),), "failed", 0, "04"),
    _one("cut-after", STARTED, "starting the delivery"),
    _one("cut-after", QUEUED, "queueing the pages"),
)

# OVHcloud's books, which are asked, have it delivered after five seconds: until then every receipt waits (R33).
RECEIPTS = (
    Scenario("receipts pending, failed, delivered", (), ending="09", receipts=(PENDING, FAILED, DELIVERED)),
    Scenario("receipts failed, unheard of, pending", (), ending="09", receipts=(FAILED, UNHEARD_OF, PENDING)),
    Scenario("receipts delivered, delivered, failed", (), ending="09", receipts=(DELIVERED, DELIVERED, FAILED)),
    Scenario(
        "receipts delivered of a failing message",
        (),
        "undeliverable",
        0,
        ending="01",
        receipts=(DELIVERED, PENDING, DELIVERED),
    ),
)

SCENARIOS = (*ACCEPTING, *KILLED, *PROVIDER, *DATABASE, *RECEIPTS)
