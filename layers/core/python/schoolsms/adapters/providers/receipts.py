"""How each provider calls back: its name in the path, whose keys hold its secret, and who reads its query."""

from collections.abc import Mapping

from schoolsms.adapters.providers.ovh_codes import parse_receipt
from schoolsms.application.accept_receipts import ReceiptParser
from schoolsms.domain.handoffs import Receipt


def _ovh(query: Mapping[str, str]) -> Receipt | None:
    return parse_receipt(query, "ovh")


def _simulated(query: Mapping[str, str]) -> Receipt | None:
    return parse_receipt(query, "simulated")


PARSERS: Mapping[str, ReceiptParser] = {
    "ovh": ReceiptParser(keys_of="ovh", parse=_ovh),
    # The simulated phone network speaks OVHcloud's protocol, with its keys.
    "simulated": ReceiptParser(keys_of="ovh", parse=_simulated),
}
