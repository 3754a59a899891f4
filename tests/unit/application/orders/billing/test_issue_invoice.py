"""One invoice an order, one number an invoice, whatever dies when (R41)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schoolsms.application.mails.kinds.send_invoices import MailInvoices
from schoolsms.application.orders.billing.issue_invoice import IssueInvoice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.invoices import missing_ranks
from schoolsms.domain.orders.orders import Order
from tests.fakes.core import FakeIssuedForms, FakeMailer, FakeNotices, FakeSchools, ManualClock
from tests.fakes.orders.invoices import SELLER, STEPS_OF_ISSUING, TODAY, FakeInvoices, FakePapers
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import FORM, MANAGER, NOW, ORDER_ID, SCHOOL, SECOND_MANAGER, order
from tests.support.faults.fault_injection import Died, dies, interrupted

OTHER_ORDER = "BC26-KLMNOPQRST"
CREDITED = order(state="credited", credited_at=NOW)


class Office:
    def __init__(self, *orders: Order) -> None:
        self.invoices = FakeInvoices()
        self.papers = FakePapers()
        self.notices = FakeNotices()
        self.mailer = FakeMailer()
        self.clock = ManualClock(NOW)
        self.use_case = IssueInvoice(
            orders=FakeOrders(*orders),
            forms=FakeIssuedForms(FORM, replace(FORM, order_id=OTHER_ORDER)),
            schools=FakeSchools(SCHOOL),
            invoices=self.invoices,
            papers=self.papers,
            mails=MailInvoices(self.invoices, self.papers, FakeSchools(SCHOOL), self.notices, self.mailer, self.clock),
            clock=self.clock,
            seller=SELLER,
        )

    def dying(self, port: str, **interruptions: Any) -> IssueInvoice:
        """The use case, dying before or after a method of `port`."""
        if port in ("mailer", "notices"):
            mails = replace(self.use_case.mails, **{port: interrupted(getattr(self, port), **interruptions)})
            return replace(self.use_case, mails=mails)
        return replace(self.use_case, **{port: interrupted(getattr(self, port), **interruptions)})


def test_a_credited_order_is_invoiced_and_mailed_to_every_manager() -> None:
    office = Office(CREDITED)
    invoice, refused = office.use_case.issue(ORDER_ID)
    assert (invoice.number, invoice.state, refused) == ("2026-000001", "issued", 0)
    assert (invoice.issued_on, invoice.deposited_on, invoice.due_on) == (TODAY, TODAY, date(2026, 12, 23))
    assert [list(mail.to) for mail in office.mailer.sent] == [[MANAGER], [SECOND_MANAGER]]
    (attachment,) = office.mailer.sent[0].attachments
    assert (attachment.filename, attachment.content_type) == ("facture-2026-000001.pdf", "application/pdf")
    assert attachment.content == office.papers.kept["2026-000001"]


def test_an_order_queued_twice_has_one_invoice() -> None:
    office = Office(CREDITED)
    first, _ = office.use_case.issue(ORDER_ID)
    office.clock.advance(timedelta(days=40))
    assert office.use_case.issue(ORDER_ID) == (first, 0)
    assert len(office.mailer.sent) == 2
    assert list(office.invoices.known) == ["2026-000001"]


@pytest.mark.parametrize(("port", "when", "step"), STEPS_OF_ISSUING)
def test_dying_anywhere_the_next_delivery_finishes_the_same_number(port: str, when: str, step: str) -> None:
    """R41, R48: a number taken is a number issued, and each manager has it once."""
    office = Office(CREDITED, replace(CREDITED, id=OTHER_ORDER))
    with pytest.raises(Died):
        office.dying(port, **{when: {step: dies}}).issue(ORDER_ID)
    office.use_case.issue(OTHER_ORDER)  # others go on meanwhile
    office.clock.advance(FakeNotices.LEASE + timedelta(minutes=1))
    invoice, _ = office.use_case.issue(ORDER_ID)
    assert invoice.state == "issued"
    assert sorted(office.invoices.known) == ["2026-000001", "2026-000002"]
    assert missing_ranks(office.invoices.known) == []
    mine = [mail for mail in office.mailer.sent if invoice.number in mail.subject]
    assert sorted(mail.to[0] for mail in mine) == sorted([MANAGER, SECOND_MANAGER])
    assert {mail.attachments[0].content for mail in mine} == {office.papers.kept[invoice.number]}


def test_two_deliveries_at_once_share_one_number() -> None:
    office = Office(CREDITED)
    rival = office.dying("invoices", before={"number": lambda: office.use_case.issue(ORDER_ID)})
    invoice, _ = rival.issue(ORDER_ID)
    assert (invoice.number, invoice.state) == ("2026-000001", "issued")
    assert len(office.mailer.sent) == 2


def test_what_cannot_be_put_on_paper_takes_no_number() -> None:
    """R41: it could never be issued, and the sequence would break."""
    office = Office(CREDITED, replace(CREDITED, id=OTHER_ORDER))
    with pytest.raises(Died):
        office.dying("papers", before={"make": dies}).issue(ORDER_ID)
    assert office.invoices.known == {}
    assert office.use_case.issue(OTHER_ORDER)[0].number == "2026-000001"


def test_an_order_that_does_not_add_up_takes_no_number() -> None:
    office = Office(order(state="credited", credited_at=NOW, ht_cents=1))
    with pytest.raises(ValueError, match="differ"):
        office.use_case.issue(ORDER_ID)
    assert office.invoices.known == {}


@pytest.mark.parametrize("orders", [(), (order(),)])
def test_an_order_that_is_not_credited_yet_is_asked_for_again(orders: tuple[Order, ...]) -> None:
    office = Office(*orders)
    with pytest.raises(TransientError):
        office.use_case.issue(ORDER_ID)
    assert (office.invoices.known, office.mailer.sent) == ({}, [])


def test_an_address_that_ses_refuses_stops_nothing() -> None:
    office = Office(CREDITED)
    office.mailer.refuses = frozenset({MANAGER})
    invoice, refused = office.use_case.issue(ORDER_ID)
    assert (invoice.state, refused) == ("issued", 1)
    assert [list(mail.to) for mail in office.mailer.sent] == [[SECOND_MANAGER]]


def test_an_invoice_mailed_late_is_due_later_than_it_says() -> None:
    """R41: 30 days from reception."""
    office = Office(CREDITED)
    with pytest.raises(Died):
        office.dying("papers", before={"keep": dies}).issue(ORDER_ID)
    office.clock.advance(timedelta(days=3))
    invoice, _ = office.use_case.issue(ORDER_ID)
    assert (invoice.issued_on, invoice.due_on) == (TODAY, date(2026, 12, 26))
    assert "samedi 26 décembre 2026" in office.mailer.sent[0].text


def test_the_year_of_a_number_is_that_of_paris() -> None:
    office = Office(CREDITED)
    office.clock.time = NOW.replace(month=12, day=31, hour=23, minute=30)
    assert office.use_case.issue(ORDER_ID)[0].number == "2027-000001"
