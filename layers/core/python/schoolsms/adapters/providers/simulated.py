"""Test numbers (0639 98 xx xx, the range kept for fiction): never handed to a real provider, cost nothing."""

from schoolsms.adapters.providers.ovh import OvhProvider
from schoolsms.domain.sending.delivering.handoffs import Accepted, HandoffAnswer, OutgoingSms, Receipt

_PREFIX = "sim-"


class SimulatedProvider:
    """The provider of test numbers.

    Without a `network` (on AWS) it accepts everything as delivered: nobody will ever call back. With one (locally)
    it speaks OVHcloud's protocol to the simulated phone network, whose receipts arrive as a provider's do. That
    `network` is an OvhProvider named "simulated".
    """

    name = "simulated"

    def __init__(self, network: OvhProvider | None = None) -> None:
        self._network = network

    @property
    def can_be_asked(self) -> bool:
        return self._network is not None

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        """Accept `sms`, or whatever the simulated phone network answers. Never raises."""
        return self._network.hand_off(sms) if self._network else Accepted(_PREFIX + sms.message_id, delivered=True)

    def find(self, provider_message_id: str) -> Receipt | None:
        """The receipt: "delivered" for every id of ours. Raises TransientError with a network only."""
        if self._network:
            return self._network.find(provider_message_id)
        if not provider_message_id.startswith(_PREFIX):
            return None
        message_id = provider_message_id.removeprefix(_PREFIX)
        return Receipt(self.name, provider_message_id, "delivered", "simulated", message_id)

    def find_by_message_id(self, message_id: str) -> Receipt | None:
        """As OvhProvider.find_by_message_id."""
        return self._network.find_by_message_id(message_id) if self._network else None
