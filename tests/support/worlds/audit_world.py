"""A school with an order, its papers and any requests, over fakes; and the audit of all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from schoolsms.application.orders.billing.audit_orders import AuditOrders
from schoolsms.application.schools.audit_accounts import AuditAccounts
from schoolsms.application.schools.stock.audit_corrections import AuditCorrections
from schoolsms.application.sending.audit_requests import AuditRequests
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.sending.delivering.handoffs import Accepted, Refused
from schoolsms.domain.sending.send_requests import SendRequest
from tests.fakes.audits import FakeAuditedNumbers, FakeAuditedRequests, FakeAuditRuns
from tests.fakes.core import FakeSchoolActs
from tests.fakes.orders.invoices import TODAY, FakeCreditNotes, FakeInvoices, content
from tests.fakes.schools.corrections import FakeCorrections
from tests.support.builders import A_SENDER, NOW, ORDER_ID, UAI, order
from tests.support.sending import Sending, command, phones


class AuditWorld(Sending):
    """2,000 SMS of one order that is invoiced, and no request yet."""

    def __init__(self) -> None:
        super().__init__(stock=0)
        self.orders = self.ledger.orders
        self.orders.record(order())
        self.ledger.credit(order(), ledger.credit(ORDER_ID, order().sms, NOW))
        self.invoices = FakeInvoices()
        self.invoices.number(content(), lambda: TODAY)
        self.credit_notes = FakeCreditNotes(self.invoices)
        self.audited = FakeAuditedRequests(self.requests)
        self.numbers = FakeAuditedNumbers(self.invoices)
        self.corrections = FakeCorrections(self.ledger, FakeSchoolActs(self.schools))
        self.runs = FakeAuditRuns()

    @classmethod
    def lived(cls) -> AuditWorld:
        """One request each: delivered, refused by its provider in part, cancelled in time, and never handed over."""
        made = cls()
        made.dispatch(made.asked(3))
        made.provider.script = [Refused("1"), Accepted("X"), Refused("1")]
        made.dispatch(made.asked(3))
        made.cancelling.cancel(A_SENDER, made.asked(2, later=True).id)
        never = made.asked(4)
        made.clock.time = never.expires_at
        made.expiring.expire(never.id)
        return made

    def audit(self, **changes: Any) -> AuditAccounts:
        """The use case, with other ports."""
        of_orders = AuditOrders(self.orders, self.ledger, self.invoices, self.credit_notes, self.numbers, self.clock)
        usual = AuditAccounts(
            schools=self.schools,
            ledger=self.ledger,
            audits=[
                AuditRequests(self.schools, self.audited),
                of_orders,
                AuditCorrections(self.corrections, self.ledger),
            ],
            numbers=of_orders,
            runs=self.runs,
            clock=self.clock,
        )
        return replace(usual, **changes)

    def findings(self) -> set[tuple[str, str]]:
        """Kind and id of all that does not add up."""
        return {(found.code, found.id) for found in self.audit().of_all()}

    def asked(self, count: int, *, later: bool = False) -> SendRequest:
        """A request to that many phones, one that can still be cancelled if it is for `later`."""
        later_on = self.clock.now() + timedelta(hours=2)
        wanted = replace(command(recipients=phones(count)), send_at=later_on if later else None)
        return self.accept(wanted, caller=A_SENDER).request

    def alter(self, entry_id: str, **changes: Any) -> None:
        """Change an entry behind the service's back."""
        made = self.ledger.of[UAI]
        self.ledger.of[UAI] = [replace(each, **changes) if each.id == entry_id else each for each in made]

    def slip_in(self, posting: ledger.Posting) -> Entry:
        """Post something that nothing calls for; the ledger itself adds up."""
        return self.ledger.post(UAI, posting)
