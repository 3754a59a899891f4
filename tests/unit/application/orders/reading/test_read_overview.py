"""Work that waits for the operator is counted at a bounded cost (R9, R12, R42)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from schoolsms.application.orders.reading import read_overview
from schoolsms.application.orders.reading.read_overview import InvoicesOverdue, OrdersWaiting, Overview, ReadOverview
from schoolsms.application.schools.find_unreachable import FindUnreachable, Unreachable
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.orders.orders import Decision, Order
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.sent_mails import AddressMark, MailFate, SentMail
from tests.fakes.core import FakeSchools, ManualClock
from tests.fakes.mails.sent_mails import FakeSentMails
from tests.fakes.orders.invoices import TODAY, FakeInvoices, invoice
from tests.fakes.orders.orders import FakeOrders
from tests.fakes.sending.provider_rates import FakeProviderRates
from tests.support.builders import A_MANAGER, A_SENDER, DEADLINE, MANAGER, NOW, OPERATOR, SCHOOL, UAI, order

SECOND = timedelta(seconds=1)
NOTHING = OrdersWaiting(0, False, 0, 0, None)


@dataclass
class FakeBacklog:
    pages: int = 0

    def pages_waiting(self) -> int:
        return self.pages


@dataclass
class FakeDeadLetters:
    def waiting(self) -> dict[str, int]:
        return {"Notices": 2}


def overview(
    *orders: Order,
    invoices: tuple[Invoice, ...] = (),
    days: int = 0,
    pages: int = 0,
    bounced: MailFate | None = None,
    caller: Caller = OPERATOR,
) -> Overview:
    """The overview a second before the deadline of the orders, or `days` after today."""
    mails = FakeSentMails()
    if bounced:
        mails.mark(MANAGER, bounced)
        mails.mails[bounced.mail_id] = SentMail(bounced.mail_id, UAI, MANAGER, "Facture", NOW)
    at = NOW + timedelta(days=days) if days else DEADLINE - SECOND
    use_case = ReadOverview(
        FakeOrders(*orders),
        FakeInvoices(*invoices),
        FakeBacklog(pages),
        FakeDeadLetters(),
        FakeProviderRates(),
        FindUnreachable(FakeSchools(SCHOOL), mails),
        ManualClock(at),
    )
    return use_case.show(caller)


def test_where_nothing_waits_all_is_zero() -> None:
    shown = overview(order(state="credited"), order(id="B", state="rejected"), order(id="C", state="incomplete"))
    assert shown == Overview(NOTHING, NOTHING, NOTHING, InvoicesOverdue(0, False, 0), 0, {"Notices": 2}, [], [], False)


def test_orders_to_decide_are_counted_by_their_deadlines() -> None:
    later = timedelta(days=2)
    shown = overview(
        order(id="A", state="review", deadline=DEADLINE - 2 * SECOND),
        order(id="B", state="review"),
        order(id="C", state="review", received_at=NOW + later, deadline=DEADLINE + later),
    )
    assert shown.reviews == OrdersWaiting(3, False, near=1, past=1, nearest_deadline=DEADLINE - 2 * SECOND)
    assert shown.credits == NOTHING


def test_an_order_accepted_a_moment_ago_is_being_credited_and_not_late() -> None:
    decided = Decision("accept", "kosmos-1", DEADLINE - 2 * SECOND, "")
    shown = overview(order(id="A", decision=decided, deadline=NOW), order(id="B", deadline=NOW))
    assert shown.credits == OrdersWaiting(2, False, near=0, past=1, nearest_deadline=NOW)


def test_overdue_invoices_are_counted_with_what_is_left_to_pay() -> None:
    late = invoice(), invoice("2026-000002")
    others = invoice("2026-000003", state="paid"), invoice("2026-000004", deposited_on=TODAY + timedelta(days=5))
    shown = overview(invoices=(*late, *others), days=31)
    assert shown.overdue == InvoicesOverdue(2, False, sum(each.rest_cents for each in late))
    assert shown.overdue.rest_cents > 0


def test_pages_of_messages_that_wait_are_shown() -> None:
    assert overview(pages=7).pages_waiting == 7


def test_an_address_that_takes_no_mail_is_named_with_its_school() -> None:
    shown = overview(bounced=MailFate("ses-1", "bounced", (MANAGER,), NOW, "5.1.1", permanent=True))
    assert shown.unreachable == [Unreachable(UAI, MANAGER, AddressMark("bounced", NOW, "5.1.1", "ses-1"))]
    assert not shown.more_unreachable


def test_no_more_than_some_slices_are_read_however_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_overview, "MOST_SLICES", 2)
    waiting = [order(id=f"A{n:02d}", state="review", received_at=NOW + n * SECOND) for n in range(30)]
    shown = overview(*waiting).reviews
    assert shown.more
    assert 0 < shown.count < 30


@pytest.mark.parametrize("caller", [A_MANAGER, A_SENDER, Caller("", "", "", frozenset({"operator"}))])
def test_only_the_operator_sees_it(caller: Caller) -> None:
    with pytest.raises(Forbidden):
        overview(caller=caller)
