"""The words of an invoice's mails, and each sent once (R41, R42)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schoolsms.application.mails.kinds.send_invoices import MailInvoices
from schoolsms.application.mails.words.invoices import invoice_issued, invoice_late
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.orders.billing.payments import Payment, Reception
from tests.fakes.core import FakeMailer, FakeNotices, FakeSchools, ManualClock
from tests.fakes.orders.invoices import TODAY, FakeInvoices, FakePapers, content, invoice
from tests.support.builders import MANAGER, NOW, SCHOOL, SECOND_MANAGER

NUMBER = "2026-000001"


class Post:
    def __init__(self, *invoices: Invoice, schools: FakeSchools | None = None) -> None:
        self.mailer = FakeMailer()
        self.clock = ManualClock(NOW)
        papers = FakePapers({each.number: b"%PDF kept" for each in invoices})
        self.use_case = MailInvoices(
            FakeInvoices(*invoices), papers, schools or FakeSchools(SCHOOL), FakeNotices(), self.mailer, self.clock
        )

    def late(self, days: int, stage: int) -> None:
        """Remind, `days` after the due date."""
        self.clock.time = NOW + timedelta(days=30 + days)
        self.use_case.late(NUMBER, stage)


def test_the_invoice_mail_says_what_to_pay_by_when_and_where() -> None:
    notice = invoice_issued(invoice(), date(2026, 12, 23))
    assert notice.subject == "Facture 2026-000001"
    for said in (
        "Lycée Paul Valéry",
        "204,00\u00a0€",
        "mercredi 23 décembre 2026",
        "FR76\u00a01234\u00a05678\u00a09000\u00a00000\u00a00000\u00a0067",
        "virement",
        "COMPTA",
        "EJ-2026-0042",
        "Factur-X",
    ):
        assert said in notice.text
        assert said in notice.html


def test_what_the_school_did_not_ask_for_is_not_in_the_mail() -> None:
    notice = invoice_issued(invoice(content=content(service_code="", engagement_number="")), TODAY)
    assert "Code service" not in notice.text
    assert "engagement" not in notice.text


def test_a_reminder_is_polite_and_takes_no_sms_away() -> None:
    """R42."""
    notice = invoice_late(invoice(), 7)
    assert notice.subject == "Facture 2026-000001 : rappel de paiement"
    assert "Sauf erreur de notre part" in notice.text
    assert "7\u00a0jours après son échéance" in notice.text
    assert "mercredi 23 décembre 2026" in notice.text
    assert "ne retire rien aux SMS déjà crédités" in notice.text


def test_a_reminder_names_the_rest_the_penalties_and_the_40_euros_of_the_invoice() -> None:
    """§7, R42."""
    part_paid = invoice(payments=(Payment(TODAY, "VIR-1", 10_000),))
    said = invoice_late(part_paid, 7).text
    assert "n’est pas réglée en totalité à ce jour" in said
    for fact in (
        "Montant TTC\u00a0: 204,00\u00a0€",
        "Déjà réglé\u00a0: 100,00\u00a0€",
        "Reste à régler\u00a0: 104,00\u00a0€",
    ):
        assert fact in said
    unpaid = invoice_late(invoice(), 7).text
    assert "Déjà réglé" not in unpaid
    for mail in (said, unpaid):
        assert "majoré de 8\u00a0points" in mail
        assert "frais de recouvrement en cas de retard de paiement\u00a0: 40,00\u00a0€" in mail


def test_after_a_reception_recorded_later_the_reminders_begin_anew() -> None:
    """The first one, by the day of the mail, was sent before the operator knew of the deposit on Chorus Pro."""
    post = Post(invoice())
    post.late(7, 7)
    invoices = post.use_case.invoices
    invoices.received(invoice().received(Reception(date(2026, 12, 8), "CPP-42")))
    post.late(8, 7)
    assert len(post.mailer.sent) == 2, "it is not late any more"
    post.late(22, 7)
    post.late(23, 7)
    assert len(post.mailer.sent) == 4
    assert "jeudi 7 janvier 2027" in post.mailer.sent[-1].text


def test_a_reception_on_the_day_of_the_mail_sends_no_reminder_again() -> None:
    post = Post(invoice())
    post.late(7, 7)
    received = replace(invoice(), reminded_days=7).received(Reception(invoice().issued_on, "CPP-42"))
    assert (received.due_on, received.reminded_days) == (invoice().due_on, 7)
    post.use_case.invoices.received(received)
    post.late(8, 7)
    assert len(post.mailer.sent) == 2


def test_the_reminder_of_a_partly_paid_invoice_asks_for_the_rest_alone() -> None:
    part_paid = invoice_late(invoice().paying(Payment(date(2026, 12, 1), "VIR-1", 10_000)), 7).text
    assert "virement bancaire, du reste de 104,00\u00a0€" in part_paid
    assert "virement bancaire, en totalité" in invoice_late(invoice(), 7).text


def test_a_reminder_goes_to_every_manager_once_a_stage_with_the_invoice() -> None:
    post = Post(invoice())
    post.late(7, 7)
    post.late(8, 7)
    assert [mail.to[0] for mail in post.mailer.sent] == [MANAGER, SECOND_MANAGER]
    assert post.mailer.sent[0].attachments[0].content == b"%PDF kept"
    post.late(30, 30)
    assert len(post.mailer.sent) == 4


def test_what_was_paid_meanwhile_is_not_reminded_of() -> None:
    post = Post(invoice(state="paid"))
    post.late(7, 7)
    assert post.mailer.sent == []


def test_a_reminder_of_an_invoice_or_school_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(TransientError):
        Post().late(7, 7)
    with pytest.raises(TransientError):
        Post(invoice(), schools=FakeSchools()).late(7, 7)
