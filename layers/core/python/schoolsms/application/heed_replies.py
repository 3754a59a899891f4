"""A recipient's answer STOP withdraws the consent (R24).

Providers tell whose answer it is, not to which school: so it holds for every school that the number had consented to.
The answer is acted upon before the provider has its own, so that no number waits in a queue; if it fails, the provider
is to bring it again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from schoolsms.application.accept_receipts import ReceiptCall, is_authentic
from schoolsms.application.keep_consents import changed
from schoolsms.application.ports import Clock
from schoolsms.application.ports_consents import ConsentRecords
from schoolsms.domain.consents import number, without_consent
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.replies import asks_to_stop

Heeded = Literal["withdrawn", "not-a-stop", "malformed"]


@dataclass(frozen=True)
class Reply:
    """What a recipient answered; `phone` as the provider writes it."""

    provider: str
    phone: str
    text: str


@dataclass(frozen=True)
class ReplyParser:
    """`keys_of` names whose secret the path holds; `parse` gives None for a call that is no answer of a recipient."""

    keys_of: str
    parse: Callable[[ReceiptCall], Reply | None]


@dataclass(frozen=True)
class HeedReplies:
    parsers: Mapping[str, ReplyParser]
    secret: Callable[[str, bool], str]
    """As in `AcceptReceipts`."""
    consents: ConsentRecords
    clock: Clock

    def call(self, provider: str, secret: str, call: ReceiptCall) -> Heeded:
        """Raises NotFoundError for a forged call, TransientError if it must be called again."""
        parser = self.parsers.get(provider)
        if parser is None or not is_authentic(self.secret, parser.keys_of, secret):
            raise NotFoundError("Cette adresse n'existe pas.")
        reply = parser.parse(call)
        return self.heed(reply) if reply else "malformed"

    def heed(self, reply: Reply) -> Heeded:
        """Raises TransientError. Twice is once: what is withdrawn is not withdrawn again."""
        if not asks_to_stop(reply.text):
            return "not-a-stop"
        try:
            phone = number(reply.phone)
        except RefusedError:
            return "malformed"
        now = self.clock.now()
        for uai in self.consents.schools_of(phone):
            changed(
                self.consents,
                uai,
                phone,
                lambda record: without_consent(record, now, f"le destinataire, par SMS ({reply.provider})"),
            )
        return "withdrawn"
