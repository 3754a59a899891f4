"""Every SMS provider, one row each: how to build it and how to read its calls. A new provider adds a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schoolsms.adapters.providers import aws, ovh, ovh_codes, ovh_replies
from schoolsms.adapters.providers.context import ProviderContext
from schoolsms.application.ports.core import SmsProvider
from schoolsms.application.ports.provider_calls import ReceiptParser, ReplyParser


@dataclass(frozen=True)
class ProviderSpec:
    """Builder of a provider, and parsers of its calls; None when its receipts, or the answers of recipients, come by
    a topic or not at all."""

    build: Callable[[ProviderContext], SmsProvider]
    receipts: ReceiptParser | None
    replies: ReplyParser | None = None


PROVIDERS: Mapping[str, ProviderSpec] = {
    "ovh": ProviderSpec(
        ovh.build,
        ReceiptParser("ovh", ovh.receipt_reader("ovh"), ovh_codes.is_known),
        ReplyParser("ovh", ovh_replies.reply_reader("ovh")),
    ),
    "aws": ProviderSpec(aws.build, None),
}

PARSERS: Mapping[str, ReceiptParser] = {
    **{name: spec.receipts for name, spec in PROVIDERS.items() if spec.receipts},
    # The simulated phone network speaks OVHcloud's protocol, with its keys.
    "simulated": ReceiptParser("ovh", ovh.receipt_reader("simulated"), ovh_codes.is_known),
}
"""By the name in the path of the receipt URL."""

REPLY_PARSERS: Mapping[str, ReplyParser] = {
    **{name: spec.replies for name, spec in PROVIDERS.items() if spec.replies},
    "simulated": ReplyParser("ovh", ovh_replies.reply_reader("simulated")),
}
"""By the name in the path of the URL for answers of recipients."""
