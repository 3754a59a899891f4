"""An invoice issued wrongly is cancelled by a credit note, once, whatever dies when (R41)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.mails.kinds.send_invoices import MailInvoices
from schoolsms.application.orders.billing.cancel_invoice import CancelInvoice
from schoolsms.application.orders.billing.issue_credit_note import IssueCreditNote
from schoolsms.application.orders.billing.read_invoices import ReadInvoices
from schoolsms.application.orders.billing.record_payments import NewPayment, RecordPayments
from schoolsms.application.orders.billing.remind_invoices import RemindInvoices
from schoolsms.domain.errors import ConflictError, NotFoundError, TransientError
from schoolsms.domain.orders.billing.invoices import Cancellation, Invoice, missing_ranks
from schoolsms.domain.orders.billing.payments import Payment, Reception
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.core import FakeMailer, FakeNotices
from tests.fakes.orders.invoices import TODAY, FakeCreditNotes, FakeInvoices, FakePapers, content, invoice
from tests.support.builders import A_MANAGER, MANAGER, NOW, OPERATOR, SECOND_MANAGER, STRANGER
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.worlds.decision_desk import ActDesk

NUMBER, NOTE = "2026-000001", "2026-000002"
REASON = "SIRET de l'établissement erroné"


class Queue:
    def __init__(self) -> None:
        self.cancelled: list[str] = []

    def invoice_cancelled(self, invoice_number: str) -> None:
        self.cancelled.append(invoice_number)


class Office:
    def __init__(self, first: Invoice | None = None) -> None:
        self.desk, self.queue = ActDesk(), Queue()
        self.invoices = FakeInvoices(first or invoice(NUMBER))
        self.credit_notes = FakeCreditNotes(self.invoices, self.desk.recorded)
        self.papers, self.mailer, self.notices = FakePapers(), FakeMailer(), FakeNotices()
        self.clock = self.desk.clock
        self.cancelling = CancelInvoice(self.desk.schools, self.invoices, self.credit_notes, self.queue, self.clock)
        mails = MailInvoices(self.invoices, self.papers, self.desk.schools, self.notices, self.mailer, self.clock)
        self.issuing = IssueCreditNote(self.invoices, self.credit_notes, self.papers, mails, self.clock)
        self.paying = RecordPayments(self.invoices, self.clock)

    def cancel(self) -> Invoice:
        return self.cancelling.cancel(OPERATOR, NUMBER, REASON)

    def issue(self) -> None:
        for number in dict.fromkeys(self.queue.cancelled):
            self.issuing.issue(number)

    def dying(self, port: str, **interruptions: Any) -> IssueCreditNote:
        if port in ("mailer", "notices"):
            mails = replace(self.issuing.mails, **{port: interrupted(getattr(self, port), **interruptions)})
            return replace(self.issuing, mails=mails)
        return replace(self.issuing, **{port: interrupted(getattr(self, port), **interruptions)})


def test_a_cancelled_invoice_gets_the_next_number_for_its_credit_note_and_is_mailed() -> None:
    office = Office()
    assert office.cancel().standing(TODAY) == "cancelled"
    office.issue()
    note = office.credit_notes.of_invoice(NUMBER)
    assert note
    assert (note.number, note.invoice_number, note.invoice_issued_on, note.reason, note.state) == (
        NOTE,
        NUMBER,
        TODAY,
        REASON,
        "issued",
    )
    assert [mail.to for mail in office.mailer.sent] == [[MANAGER], [SECOND_MANAGER]]
    mail = office.mailer.sent[0]
    assert mail.subject == f"Avoir {NOTE} : facture {NUMBER} annulée"
    assert [(each.filename, each.content) for each in mail.attachments] == [
        (f"avoir-{NOTE}.pdf", office.papers.kept[NOTE])
    ]
    assert "Ne réglez pas cette facture" in mail.text
    assert "ne change rien à votre stock" in mail.text
    assert office.invoices.number(content(order_id="BC26-NEXT"), lambda: TODAY).number == "2026-000003"


def test_the_act_says_who_when_why_and_how_much() -> None:
    office = Office()
    office.cancel()
    [act] = office.desk.acts()
    assert (act.kind, act.by, act.at, act.reason) == ("invoice-cancelled", "kosmos-1", NOW, REASON)
    assert act.detail == {"invoice": NUMBER, "total_ttc": "204.00", "refund_due": "0.00"}


def test_an_invoice_cancelled_again_is_cancelled_once() -> None:
    office = Office()
    first = office.cancel()
    assert office.cancelling.cancel(OPERATOR, NUMBER, "Autre motif") == first
    office.issue()
    assert office.cancel().credit_note == NOTE
    office.issue()
    assert (len(office.desk.acts()), len(office.mailer.sent), len(office.queue.cancelled)) == (1, 2, 2)


def test_what_was_paid_is_to_be_given_back() -> None:
    office = Office(invoice(NUMBER, payments=(Payment(TODAY, "VIR-1", 20_400),), state="paid"))
    cancelled = office.cancel()
    assert (cancelled.rest_cents, cancelled.overpaid_cents, cancelled.refund_due_cents) == (0, 0, 20_400)
    office.issue()
    assert "204,00\u00a0€" in office.mailer.sent[0].text
    assert "le compte à créditer" in office.mailer.sent[0].text.replace("\n", " ")


def test_a_transfer_that_comes_after_the_credit_note_is_recorded_and_to_be_given_back() -> None:
    office = Office()
    office.cancel()
    with pytest.raises(ConflictError) as refused:
        office.paying.pay(OPERATOR, NUMBER, NewPayment(TODAY, "VIR-1"))
    assert refused.value.code == "invoice-cancelled"
    paid = office.paying.pay(OPERATOR, NUMBER, NewPayment(TODAY, "VIR-1", 20_400))
    assert (paid.state, paid.refund_due_cents) == ("cancelled", 20_400)


def test_a_part_paid_at_the_same_moment_is_recorded_as_to_be_given_back() -> None:
    office, part = Office(), NewPayment(TODAY, "VIR-1", 5_000)
    pay_first = interrupted(office.credit_notes, before={"cancel": lambda: office.paying.pay(OPERATOR, NUMBER, part)})
    cancelled = replace(office.cancelling, credit_notes=pay_first).cancel(OPERATOR, NUMBER, REASON)
    assert cancelled.refund_due_cents == 5_000
    assert [act.detail["refund_due"] for act in office.desk.acts()] == ["50.00"]


def test_a_payment_at_the_same_moment_does_not_undo_the_credit_note() -> None:
    office = Office()
    late = replace(office.paying, invoices=interrupted(office.invoices, before={"paid": office.cancel}))
    paid = late.pay(OPERATOR, NUMBER, NewPayment(TODAY, "VIR-1", 20_400))
    assert (paid.state, paid.refund_due_cents) == ("cancelled", 20_400)
    assert office.invoices.known[NUMBER].state == "cancelled"


def test_reminders_stop_and_a_reception_is_refused() -> None:
    office = Office()
    office.cancel()
    office.clock.advance(timedelta(days=90))
    assert RemindInvoices(office.invoices, office.desk.queues, office.clock).remind() == (0, 0)
    assert office.issuing.mails.late(NUMBER, 7) == 0
    with pytest.raises(ConflictError):
        office.paying.receive(OPERATOR, NUMBER, Reception(TODAY, "CPP-1"))


STEPS = [
    ("credit_notes", "before", "number"),
    ("credit_notes", "after", "number"),
    ("papers", "before", "keep"),
    ("papers", "after", "keep"),
    ("mailer", "before", "send"),
    ("notices", "after", "sent"),
    ("credit_notes", "before", "issued"),
    ("credit_notes", "after", "issued"),
]


@pytest.mark.parametrize(("port", "when", "step"), STEPS)
def test_dying_anywhere_the_next_delivery_finishes_the_same_number(port: str, when: str, step: str) -> None:
    """R41, R48: a number taken is a number issued, and each manager has it once."""
    office = Office()
    office.cancel()
    with pytest.raises(Died):
        office.dying(port, **{when: {step: dies}}).issue(NUMBER)
    office.invoices.number(content(order_id="BC26-NEXT"), lambda: TODAY)  # others go on meanwhile
    office.clock.advance(FakeNotices.LEASE + timedelta(minutes=1))
    note, _ = office.issuing.issue(NUMBER)
    assert note.state == "issued"
    papers = [*office.invoices.known, *office.invoices.credit_notes]
    assert (len(papers), missing_ranks(papers)) == (3, [])
    assert sorted(mail.to[0] for mail in office.mailer.sent) == [MANAGER, SECOND_MANAGER]
    assert {mail.attachments[0].content for mail in office.mailer.sent} == {office.papers.kept[note.number]}


def test_dying_before_the_queue_the_same_call_again_asks_for_the_credit_note() -> None:
    office = Office()
    dying = replace(office.cancelling, queue=interrupted(office.queue, before={"invoice_cancelled": dies}))
    with pytest.raises(Died):
        dying.cancel(OPERATOR, NUMBER, REASON)
    office.cancel()
    office.issue()
    assert (len(office.desk.acts()), office.invoices.known[NUMBER].credit_note) == (1, NOTE)


def test_what_cannot_be_put_on_paper_takes_no_number() -> None:
    office = Office()
    office.cancel()
    with pytest.raises(Died):
        office.dying("papers", before={"make": dies}).issue(NUMBER)
    assert office.invoices.credit_notes == {}


def test_two_deliveries_at_once_share_one_number() -> None:
    office = Office()
    office.cancel()
    rival = office.dying("credit_notes", before={"number": lambda: office.issuing.issue(NUMBER)})
    assert rival.issue(NUMBER)[0].number == NOTE
    assert (list(office.invoices.credit_notes), len(office.mailer.sent)) == ([NOTE], 2)


@pytest.mark.parametrize("known", [None, invoice(NUMBER)])
def test_an_invoice_that_is_not_cancelled_has_no_credit_note(known: Invoice | None) -> None:
    office = Office(known)
    with pytest.raises(TransientError):
        office.issuing.issue(NUMBER if known else "2026-000009")


def test_only_an_issued_invoice_is_cancelled_and_only_by_the_operator() -> None:
    office = Office(invoice(NUMBER, state="numbered"))
    with pytest.raises(ConflictError):
        office.cancel()
    with pytest.raises(NotFoundError):
        office.cancelling.cancel(OPERATOR, "2026-000009", REASON)
    with pytest.raises(Forbidden):
        office.cancelling.cancel(A_MANAGER, NUMBER, REASON)


def test_a_credit_note_is_downloaded_as_an_invoice_is_by_its_own_school() -> None:
    office = Office()
    read = ReadInvoices(office.desk.schools, office.invoices, office.credit_notes, office.papers, office.clock)
    office.cancel()
    office.issue()
    assert read.document(A_MANAGER, NOTE) == read.document(OPERATOR, NOTE) == office.papers.kept[NOTE]
    with pytest.raises(NotFoundError):
        read.document(STRANGER, NOTE)
    assert [each.number for each in read.list_invoices(A_MANAGER, "cancelled", None).items] == [NUMBER]
    assert list(read.list_invoices(A_MANAGER, "due", None).items) == []


def test_a_cancellation_is_dated_by_the_day_in_paris() -> None:
    assert Office().cancel().cancellation == Cancellation(TODAY, REASON)
