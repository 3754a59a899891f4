"""Providers that answer as scripted, and remember what they were offered and asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from schoolsms.application.ports.core import SmsProvider
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import Accepted, HandoffAnswer, OutgoingSms, Receipt
from schoolsms.domain.sending.send_requests import Line


@dataclass
class ScriptedProvider:
    """Answers from `script`, then takes everything; remembers what it was offered."""

    name: str
    script: list[HandoffAnswer] = field(default_factory=list)
    offered: list[OutgoingSms] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    can_be_asked: bool = False
    down: bool = False
    asked: int = 0
    takes: Callable[[], object] = lambda: None
    """Called during each handoff."""

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        self.offered.append(sms)
        return self.script.pop(0) if self.script else Accepted(f"{self.name}-{sms.message_id}")

    def find(self, provider_message_id: str) -> Receipt | None:
        if self.down:
            raise TransientError("the provider does not answer")
        return self.receipts.get(provider_message_id)

    def find_by_message_id(self, message_id: str) -> Receipt | None:
        self.asked += 1
        self.takes()
        if self.down:
            raise TransientError("the provider does not answer")
        return next((each for each in self.receipts.values() if each.message_id == message_id), None)


@dataclass
class FakeProviders:
    """Test numbers go to `simulated`, as in the registry."""

    primary: SmsProvider
    simulated: SmsProvider
    others: Sequence[SmsProvider] = ()

    def in_order(self, line: Line) -> Sequence[SmsProvider]:
        return (self.simulated,) if line.is_test else (self.primary, *self.others)

    def named(self, name: str) -> SmsProvider | None:
        return next((each for each in (self.primary, self.simulated, *self.others) if each.name == name), None)
