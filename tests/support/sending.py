"""The line of an SMS over fakes: accepted, queued, handed over, receipted, closed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from schoolsms.application.history.read_send_requests import ReadSendRequests
from schoolsms.application.sending.accepting.accept_send_request import AcceptSendRequest, Outcome, SendCommand
from schoolsms.application.sending.accepting.cancel_send_request import CancelSendRequest
from schoolsms.application.sending.delivering.count_outcomes import CountOutcomes
from schoolsms.application.sending.delivering.dispatch_messages import DispatchMessages
from schoolsms.application.sending.delivering.expire_messages import ExpireMessages
from schoolsms.application.sending.delivering.keep_totals import KeepTotals
from schoolsms.application.sending.delivering.queue_messages import QueueMessages
from schoolsms.application.sending.delivering.record_receipts import RecordReceipts
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import School
from schoolsms.domain.sending.delivering.handoffs import HandoffAnswer, Receipt
from schoolsms.domain.sending.delivering.statuses import Final
from schoolsms.domain.sending.recipients import Recipient
from schoolsms.domain.sending.send_requests import SendRequest
from tests.fakes.core import FakeLedger, FakeQueues, FakeSchools, ManualClock
from tests.fakes.history.history import FakeConsents, FakeSendRequests
from tests.fakes.history.messages import FakeMessages
from tests.fakes.maintenance import FakeMaintenance
from tests.fakes.sending.provider_rates import FakeProviderRates
from tests.fakes.sending.providers import FakeProviders, ScriptedProvider
from tests.fakes.sending.recipient_lists import FakeRecipientLists
from tests.fakes.sending.tallies import FakeTallies
from tests.fakes.sending.templates import FakeTemplates
from tests.support.builders import A_SENDER, NOW, SCHOOL, UAI

WINDOW = timedelta(hours=72)


def phone(number: int) -> str:
    """A French mobile, another for each number."""
    return f"+336120{number:05d}"


def phones(count: int) -> list[str]:
    return [phone(number) for number in range(count)]


def command(text: str = "Bonjour", recipients: Iterable[str] = (phone(0),), encoding: Any = "auto") -> SendCommand:
    """`text` to those phones, without variables; meant, if it was sent a moment ago."""
    return SendCommand(text, [Recipient(each, {}) for each in recipients], encoding, confirm_duplicates=True)


class Sending:
    """One school with `stock` SMS; every use case over the same stores."""

    def __init__(self, school: School = SCHOOL, stock: int = 100, script: Iterable[HandoffAnswer] = ()) -> None:
        self.clock = ManualClock(NOW)
        self.schools = FakeSchools(school)
        self.ledger = FakeLedger()
        if stock:
            self.ledger.give(UAI, stock, NOW)
        self.requests = FakeSendRequests(self.ledger)
        self.messages = FakeMessages(self.requests)
        self.consents = FakeConsents()
        self.maintenance = FakeMaintenance()
        self.queues = FakeQueues()
        self.provider = ScriptedProvider("ovh", list(script))
        self.simulated = ScriptedProvider("simulated")
        self.providers = FakeProviders(self.provider, self.simulated)
        self.templates = FakeTemplates()
        self.lists = FakeRecipientLists()
        self.accepting = AcceptSendRequest(
            schools=self.schools,
            consents=self.consents,
            templates=self.templates,
            lists=self.lists,
            requests=self.requests,
            maintenance=self.maintenance,
            clock=self.clock,
            window=WINDOW,
            default_daily_limit=10_000,
            key=lambda: "key-of-the-phones",
        )
        self.cancelling = CancelSendRequest(self.requests, self.clock)
        self.tallies = FakeTallies()
        self.rates = FakeProviderRates()
        self.totals = KeepTotals(self.requests, self.tallies)
        self.queueing = QueueMessages(self.requests, self.queues, self.totals)
        self.dispatching = DispatchMessages(
            requests=self.requests,
            messages=self.messages,
            schools=self.schools,
            consents=self.consents,
            providers=self.providers,
            queue=self.queues,
            clock=self.clock,
            totals=self.totals,
            outcomes=CountOutcomes(self.rates, self.clock),
            each=lambda work, lines: [work(line) for line in lines],
        )
        self.recording = RecordReceipts(
            self.messages, self.providers, self.clock, self.totals, CountOutcomes(self.rates, self.clock)
        )
        self.expiring = ExpireMessages(
            self.requests, self.messages, self.providers, self.clock, self.totals, self.maintenance
        )
        self.reading = ReadSendRequests(self.requests, self.schools, self.clock, self.totals)

    def accept(self, wanted: SendCommand | None = None, key: str | None = None, caller: Caller = A_SENDER) -> Outcome:
        return self.accepting.accept(caller, wanted or command(), key)

    def accepted(self, *recipients: str, text: str = "Bonjour") -> SendRequest:
        """A request to `recipients`, one if none is named."""
        return self.accept(command(text, recipients or (phone(0),))).request

    def dispatch(self, request: SendRequest, page: int = 0, attempt: int = 0) -> Mapping[Any, int]:
        return self.dispatching.dispatch(request.id, page, attempt)

    def dispatch_with(self, *, messages: Any) -> DispatchMessages:
        """The same line, with other transitions."""
        return replace(self.dispatching, messages=messages)

    def receipt(self, request: SendRequest, index: int = 0, status: Final | None = "delivered") -> Receipt:
        """The provider's receipt for the message at `index`, under the provider's id."""
        return Receipt("ovh", f"ovh-{request.id}-{index}", status, "0")

    def balance(self) -> int:
        return self.ledger.balance(UAI).sms

    def released(self) -> list[tuple[str, int]]:
        return self.ledger.of_kind(UAI, "release")

    def statuses(self, request: SendRequest) -> dict[int, str]:
        return self.requests.statuses(request.id)

    def texts(self) -> list[str]:
        """Texts offered to the provider."""
        return [sms.text for sms in self.provider.offered]

    def suspend(self, state: Any = "suspended") -> None:
        self.schools.known[UAI] = replace(self.schools.known[UAI], state=state)
