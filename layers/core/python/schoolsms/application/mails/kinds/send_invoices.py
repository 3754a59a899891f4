"""Invoices and reminders go to every manager of the school, each once (R41, R42)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from schoolsms.application.mails.layout import Notice
from schoolsms.application.mails.send_once import MailOnce
from schoolsms.application.mails.words.invoices import invoice_again, invoice_cancelled, invoice_issued, invoice_late
from schoolsms.application.ports.accounts.invoices import InvoicePapers, Invoices
from schoolsms.application.ports.core import Clock, Mailer, Notices, Schools
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Invoice, due_date, paris_day
from schoolsms.domain.orders.mails import Attachment
from schoolsms.domain.schools.support_contact import SupportContact

if TYPE_CHECKING:
    from schoolsms.application.mails.desk import MailDesk


@dataclass(frozen=True)
class MailInvoices:
    """Mails invoices with their PDF. Each method returns how many addresses SES refused for good."""

    invoices: Invoices
    papers: InvoicePapers
    schools: Schools
    notices: Notices
    mailer: Mailer
    clock: Clock
    contact: SupportContact = SupportContact()

    def issued(self, invoice: Invoice, document: bytes) -> int:
        """Mail a new invoice."""
        notice = invoice_issued(invoice, max(invoice.due_on, due_date(paris_day(self.clock.now()))))
        return self._send(f"invoice_issued:{invoice.number}", notice, invoice, document)

    def cancelled(self, invoice: Invoice, note: CreditNote, document: bytes) -> int:
        """Mail a new credit note."""
        notice = invoice_cancelled(invoice, note.number)
        return self._send(f"invoice_cancelled:{invoice.number}", notice, invoice, document, f"avoir-{note.number}.pdf")

    def again(self, number: str, to: str | None, notice_id: str) -> int:
        """Mail an invoice once more, or the credit note of a cancelled one, to one address or to all."""
        invoice = self.invoices.get(number)
        if invoice is None:
            raise TransientError("the invoice to mail again is not there")
        if invoice.cancellation and not invoice.credit_note:
            raise TransientError("the invoice was cancelled since, and its credit note has no number yet")
        if note := invoice.credit_note:
            notice, document, filename = invoice_cancelled(invoice, note), self.papers.get(note), f"avoir-{note}.pdf"
        else:
            notice, document, filename = invoice_again(invoice), self.papers.get(number), ""
        return self._send(notice_id, notice, invoice, document, filename, to)

    def late(self, number: str, stage: int) -> int:
        """Mail the reminder of that stage, unless the invoice was paid meanwhile.

        A reception that was recorded later moves the due date, after which the stages begin anew.
        """
        invoice = self.invoices.get(number)
        if invoice is None:
            raise TransientError("the invoice to remind of is not there")
        today = paris_day(self.clock.now())
        if invoice.standing(today) != "overdue":
            return 0
        notice = invoice_late(invoice, (today - invoice.due_on).days)
        moved = invoice.due_on != replace(invoice, reception=None).due_on
        anew = f":{invoice.due_on}" if moved else ""
        return self._send(f"invoice_late:{number}:{stage}{anew}", notice, invoice, self.papers.get(number))

    def _send(
        self,
        notice_id: str,
        notice: Notice,
        invoice: Invoice,
        document: bytes,
        filename: str = "",
        to: str | None = None,
    ) -> int:
        school = self.schools.get(invoice.content.buyer.uai)
        if school is None:
            raise TransientError("the school to invoice is not there")
        attachment = Attachment(filename or f"facture-{invoice.number}.pdf", "application/pdf", document)
        mails = MailOnce(self.notices, self.mailer, self.clock, self.contact)
        return mails.send(
            notice_id, notice, [to] if to else school.notified_addresses(), attachments=[attachment], school=school.uai
        )


@dataclass(frozen=True)
class InvoiceLate:
    """The invoice `number` is not paid: the reminder of `stage`, in days."""

    kind: ClassVar = "invoice_late"
    number: str
    stage: str

    def send(self, desk: MailDesk) -> int:
        return desk.invoice_mails.late(self.number, int(self.stage))


@dataclass(frozen=True)
class InvoiceAgain:
    """The act `number` of the school: the operator mails an invoice once more."""

    kind: ClassVar = "invoice_again"
    school: str
    number: str

    def send(self, desk: MailDesk) -> int:
        act = desk.acts.numbered(self.school, int(self.number))
        if act is None:
            raise TransientError("the act of the notice is not there")
        invoice, to = str(act.detail["invoice"]), str(act.detail["to"])
        return desk.invoice_mails.again(invoice, None if to == "all" else to, f"{self.kind}:{self.school}:{act.number}")
