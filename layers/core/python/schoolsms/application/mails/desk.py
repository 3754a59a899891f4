"""Stores and senders that notices use, and the protocol of each kind of notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from schoolsms.application.mails.capped_operator_mails import CappedOperatorMails
from schoolsms.domain.errors import TransientError

if TYPE_CHECKING:
    from schoolsms.application.mails.kinds.send_invoices import MailInvoices
    from schoolsms.application.mails.layout import Notice
    from schoolsms.application.mails.send_once import MailOnce
    from schoolsms.application.ports.accounts.orders import Orders
    from schoolsms.application.ports.accounts.school_changes import SchoolActs
    from schoolsms.application.ports.core import Ledger, Schools
    from schoolsms.application.ports.history.purges import Purges
    from schoolsms.domain.orders.orders import MailRecord, Order
    from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class MailDesk:
    """The stores that notices read, and the ways to mail them."""

    orders: Orders
    schools: Schools
    acts: SchoolActs
    ledger: Ledger
    purges: Purges
    invoice_mails: MailInvoices
    mails: MailOnce
    order_inbox: str
    operator_email: str
    public_url: str

    @property
    def operator(self) -> CappedOperatorMails:
        """The way to mail the operator about single orders."""
        return CappedOperatorMails(self.mails, self.operator_email, self.public_url)

    @property
    def support_email(self) -> str:
        """The address that managers write to, which a reply to a mail goes to as well."""
        return self.mails.contact.email or self.operator_email

    def mail_managers(self, notice_id: str, notice: Notice, school: School) -> int:
        """Mail `notice` to the people whom `school` wants notified; return how many addresses SES refused for good."""
        return self.mails.send(notice_id, notice, school.notified_addresses(), school=school.uai)

    def order(self, order_id: str) -> Order:
        """Return the order. Raises TransientError if it is not there."""
        order = self.orders.get(order_id)
        if order is None:
            raise TransientError("the order of the notice is not there")
        return order

    def school(self, uai: str) -> School:
        """Return the school. Raises TransientError if it is not there."""
        school = self.schools.get(uai)
        if school is None:
            raise TransientError("the school of the notice is not there")
        return school

    def school_named(self, uai: str) -> str | None:
        """The school's name and UAI, the UAI alone if it is not registered; None for ""."""
        school = self.schools.get(uai) if uai else None
        return f"{school.name} ({uai})" if school else uai or None

    def mail(self, mail_id: str) -> MailRecord:
        """Return the record of a mail to the order inbox. Raises TransientError if it is not there."""
        mail = self.orders.mail(mail_id)
        if mail is None:
            raise TransientError("the mail to answer is not recorded")
        return mail


class DueNotice(Protocol):
    """A kind of notice: a frozen dataclass of the ids that its queue message carries, all of them texts."""

    kind: ClassVar[str]

    def send(self, desk: MailDesk) -> int:
        """Compose it from what is stored now, and mail it; return how many addresses SES refused for good.

        Sends nothing if it is no longer true. Raises TransientError.
        """
