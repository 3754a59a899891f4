"""Invoice a credited order: take a number, make the paper, keep it, mail it, in this order (R41)."""

from dataclasses import dataclass

from schoolsms.application.mails.kinds.send_invoices import MailInvoices
from schoolsms.application.ports.accounts.invoices import InvoicePapers, Invoices
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import Clock, IssuedForms, Schools
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.billing.invoice_contents import content_anew, content_of
from schoolsms.domain.orders.billing.invoices import Invoice, Replaced, Seller, invoice_number, paris_day


@dataclass(frozen=True)
class IssueInvoice:
    """If the process dies, the next delivery goes on with the number that was taken, so that each number is issued."""

    orders: Orders
    forms: IssuedForms
    schools: Schools
    invoices: Invoices
    papers: InvoicePapers
    mails: MailInvoices
    clock: Clock
    seller: Seller

    def issue(self, order_id: str) -> tuple[Invoice, int]:
        """The invoice of the order, and how many addresses could not be mailed. A repeated call changes nothing.

        A cancelled one is replaced by another, once, if its reissue is asked for.
        ValueError when the order does not add up: it waits in the dead-letter queue, without a number.
        """
        known = self.invoices.of_order(order_id)
        invoice = self._number(order_id, known) if known is None or known.awaits_reissue else known
        if invoice.state != "numbered":
            return invoice, 0
        document = self.papers.keep(invoice.number, self.papers.make(invoice))
        refused = self.mails.issued(invoice, document)
        return self.invoices.issued(invoice.number, paris_day(self.clock.now())), refused

    def _number(self, order_id: str, replaced: Invoice | None) -> Invoice:
        order, form = self.orders.get(order_id), self.forms.get(order_id)
        if order is None or order.state != "credited" or form is None:
            raise TransientError("the order to invoice is not credited")
        school = self.schools.get(order.school)
        if school is None:
            raise TransientError("the school to invoice is not there")
        content = (content_anew if replaced else content_of)(order, form, school, self.seller)
        today = paris_day(self.clock.now())
        # An invoice that cannot be drawn must not take a number, because the sequence would have a gap for ever.
        before = Replaced(replaced.number, replaced.issued_on) if replaced else None
        self.papers.make(Invoice(invoice_number(today.year, 0), today, content, replaces=before))
        return self.invoices.number(content, lambda: paris_day(self.clock.now()), replaced)
