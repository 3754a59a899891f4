"""The providers there are, a row each; what a new one needs besides its own file (see the README)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from schoolsms.adapters.providers import aws, ovh, ovh_codes, ovh_replies
from schoolsms.application.accept_receipts import ReceiptParser
from schoolsms.application.accept_replies import ReplyParser
from schoolsms.application.ports import SmsProvider


class Surroundings(Protocol):
    """What a provider may be made of."""

    def keys(self, *names: str) -> tuple[str, ...]:
        """Of its own section of the providers' secret, read afresh. Raises TransientError when one is not there."""

    def setting(self, name: str) -> str:
        """A setting of the function, from the template."""

    def aws_client(self, service: str, endpoint: str) -> Any:
        """A botocore client, of the region's own endpoint when `endpoint` is empty."""


@dataclass(frozen=True)
class Kind:
    """How to make a provider, and how to read its calls; None when its receipts, or the answers of recipients, come by
    a topic or not at all."""

    make: Callable[[Surroundings], SmsProvider]
    receipts: ReceiptParser | None
    replies: ReplyParser | None = None


KINDS: Mapping[str, Kind] = {
    "ovh": Kind(
        ovh.make,
        ReceiptParser("ovh", ovh.receipt_reader("ovh"), ovh_codes.is_known),
        ReplyParser("ovh", ovh_replies.reply_reader("ovh")),
    ),
    "aws": Kind(aws.make, None),
}

PARSERS: Mapping[str, ReceiptParser] = {
    **{name: kind.receipts for name, kind in KINDS.items() if kind.receipts},
    # The simulated phone network speaks OVHcloud's protocol, with its keys.
    "simulated": ReceiptParser("ovh", ovh.receipt_reader("simulated"), ovh_codes.is_known),
}
"""By the name in the path of the receipt URL."""

REPLY_PARSERS: Mapping[str, ReplyParser] = {
    **{name: kind.replies for name, kind in KINDS.items() if kind.replies},
    "simulated": ReplyParser("ovh", ovh_replies.reply_reader("simulated")),
}
"""By the name in the path of the URL for answers of recipients."""
