"""An invoice is mailed again to whom the school has, recorded, and not endlessly (R41)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.application.orders.billing.mail_invoice_again import MOST_A_DAY, MailInvoiceAgain
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, TransientError
from schoolsms.domain.orders.billing.invoices import Cancellation, Invoice
from schoolsms.domain.orders.billing.payments import Payment
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.core import ManualClock
from tests.fakes.orders.invoices import TODAY, FakeInvoices, FakePapers, invoice
from tests.support.builders import A_MANAGER, MANAGER, NOW, OPERATOR, SECOND_MANAGER
from tests.support.worlds.decision_desk import ActDesk
from tests.unit.application.mails.test_notify_managers import PostOffice

NUMBER, NOTE = "2026-000001", "2026-000002"


class Office:
    def __init__(self, known: Invoice | None = None) -> None:
        self.desk = ActDesk()
        self.invoices = FakeInvoices(known or invoice(NUMBER))
        self.again = MailInvoiceAgain(
            self.desk.schools, self.desk.recorded, self.invoices, self.desk.queues, self.desk.clock
        )

    def mail(self, to: str | None = None) -> list[str]:
        return self.again.mail(OPERATOR, NUMBER, to)

    def sent(self) -> list[tuple[str, str, str]]:
        """Address, subject and attachment of the mails that were queued; each queued twice, as SQS may."""
        office = PostOffice()
        papers = FakePapers({NUMBER: b"%PDF", NOTE: b"%PDF avoir"})
        mails = replace(office.use_case.invoice_mails, invoices=self.invoices, papers=papers)
        use_case = replace(office.use_case, schools=self.desk.schools, acts=self.desk.recorded, invoice_mails=mails)
        for kind, ids in self.desk.queues.notices * 2:
            use_case.notify(kind, ids)
        return [(mail.to[0], mail.subject, mail.attachments[0].filename) for mail in office.mailer.sent]


def test_an_invoice_is_mailed_again_to_every_manager_or_to_one_address() -> None:
    office = Office()
    assert office.mail() == [MANAGER, SECOND_MANAGER]
    assert office.mail(SECOND_MANAGER.upper()) == [SECOND_MANAGER]
    subject, name = f"Facture {NUMBER} (nouvel envoi)", f"facture-{NUMBER}.pdf"
    assert office.sent() == [(to, subject, name) for to in (MANAGER, SECOND_MANAGER, SECOND_MANAGER)]


def test_each_mailing_is_an_act_of_the_school() -> None:
    office = Office()
    office.mail()
    office.mail(MANAGER)
    assert [(act.kind, act.by, act.detail) for act in office.desk.acts()] == [
        ("invoice-mailed", "kosmos-1", {"invoice": NUMBER, "to": "all"}),
        ("invoice-mailed", "kosmos-1", {"invoice": NUMBER, "to": MANAGER}),
    ]


def test_a_queue_carries_no_address() -> None:
    office = Office()
    office.mail(MANAGER)
    assert MANAGER not in str(office.desk.queues.notices)


def test_of_a_cancelled_invoice_the_credit_note_is_mailed() -> None:
    cancelled = invoice(NUMBER, state="cancelled", cancellation=Cancellation(TODAY, "Erreur"), credit_note=NOTE)
    office = Office(cancelled)
    office.mail(MANAGER)
    assert office.sent() == [(MANAGER, f"Avoir {NOTE} : facture {NUMBER} annulée", f"avoir-{NOTE}.pdf")]


def test_of_an_invoice_cancelled_just_after_the_mail_waits_for_its_credit_note() -> None:
    """Not « Réglée en totalité », because nothing is left to pay of it."""
    office = Office()
    office.mail(MANAGER)
    cancelled = office.invoices.known[NUMBER].cancelled(Cancellation(TODAY, "Erreur"))
    office.invoices.known[NUMBER] = cancelled
    with pytest.raises(TransientError):
        office.sent()
    office.invoices.known[NUMBER] = replace(cancelled, credit_note=NOTE)
    assert [name for _, _, name in office.sent()] == [f"avoir-{NOTE}.pdf"]


def test_of_a_paid_invoice_nothing_is_asked_for() -> None:
    paid = Office(invoice(NUMBER, state="paid", payments=(Payment(TODAY, "VIR-1", 20_400),)))
    paid.mail(MANAGER)
    assert len(paid.sent()) == 1


def test_it_is_mailed_again_a_few_times_a_day_at_most() -> None:
    office = Office()
    for _ in range(MOST_A_DAY):
        office.mail()
    with pytest.raises(ConflictError) as refused:
        office.mail()
    assert refused.value.code == "mailed-too-often"
    office.desk.clock.advance(timedelta(days=1))
    assert office.mail()


def test_another_address_is_refused() -> None:
    """R2: an invoice goes to nobody whom the school did not name."""
    office = Office()
    with pytest.raises(RefusedError) as refused:
        office.mail("chef@autre.test")
    assert (refused.value.code, office.desk.acts()) == ("address-not-known", [])


@pytest.mark.parametrize(
    "known",
    [
        invoice(NUMBER, state="numbered"),
        invoice(NUMBER, state="cancelled", cancellation=Cancellation(TODAY, "Erreur")),
    ],
)
def test_what_is_not_issued_yet_is_not_mailed_again(known: Invoice) -> None:
    with pytest.raises(ConflictError):
        Office(known).mail()


def test_only_the_operator_mails_an_invoice_that_exists() -> None:
    office = Office()
    with pytest.raises(Forbidden):
        office.again.mail(A_MANAGER, NUMBER, None)
    with pytest.raises(NotFoundError):
        office.again.mail(OPERATOR, "2026-000009", None)
    assert office.desk.clock == ManualClock(NOW) or office.desk.acts() == []
