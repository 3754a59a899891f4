"""Keep a recipient's answer that a provider brings, queue its id, and answer the provider (R24, R48).

The answer is stored first, because the queue carries neither number nor text (R38) and its id must lead to something.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from schoolsms.application.ports.core import Clock
from schoolsms.application.ports.history.replies import IncomingReplies, ReplyQueue
from schoolsms.application.ports.provider_calls import ReceiptCall, ReplyParser
from schoolsms.domain.consents.consents import number
from schoolsms.domain.consents.replies import Reply
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.sending.delivering.webhook_secrets import is_authentic

Accepted = Literal["queued", "malformed"]

HELD_FOR = timedelta(days=4)
"""As long as the queue and its dead letters keep the id. A handled answer loses number and text at once."""


@dataclass(frozen=True)
class SmsReplies:
    """Answers that come by a topic; `parse` returns None for anything else."""

    parse: Callable[[str], Reply | None]


@dataclass(frozen=True)
class AcceptReplies:
    parsers: Mapping[str, ReplyParser]
    secret: Callable[[str, bool], str]
    """As in `AcceptReceipts`."""
    incoming: IncomingReplies
    queue: ReplyQueue
    clock: Clock

    def call(self, provider: str, secret: str, call: ReceiptCall) -> Accepted:
        """Raises NotFoundError for a forged call, TransientError if it must be called again."""
        parser = self.parsers.get(provider)
        if parser is None or not is_authentic(self.secret, parser.keys_of, secret):
            raise NotFoundError("Cette adresse n'existe pas.")
        reply = parser.parse(call)
        return self.take(reply) if reply else "malformed"

    def take(self, reply: Reply) -> Accepted:
        """Keep and queue it. Raises TransientError; brought again, it is kept and queued under the same id."""
        try:
            phone = number(reply.phone)
        except RefusedError:
            return "malformed"
        now = self.clock.now()
        self.queue.reply_due(self.incoming.hold(reply, phone, now, now + HELD_FOR))
        return "queued"
