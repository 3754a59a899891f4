"""Mail an invoice once more, or the credit note that cancelled it: because a school lost it, for one (R41)."""

from dataclasses import dataclass, replace
from datetime import timedelta

from schoolsms.application.ports.accounts.invoices import Invoices
from schoolsms.application.ports.accounts.school_changes import SchoolActs
from schoolsms.application.ports.core import Clock, NoticeQueue, Schools
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, TransientError
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.mail_addresses import comparable
from schoolsms.domain.schools.schools import School

MOST_A_DAY = 5
"""Times in 24 hours that one invoice is mailed again; more is a mistake, or a program's."""

TRIES = 5
"""Attempts before giving up. Two acts about one school at the same moment are rare."""


@dataclass(frozen=True)
class MailInvoiceAgain:
    """Each mailing is an act of the school, and each is one mail an address, whatever dies."""

    schools: Schools
    acts: SchoolActs
    invoices: Invoices
    notices: NoticeQueue
    clock: Clock

    def mail(self, caller: Caller, number: str, to: str | None) -> list[str]:
        """Mail to everybody whom the school wants notified, or to the one address `to` of them; whom it goes to.

        Raises NotFoundError, RefusedError for another address, ConflictError when it is not issued or too often.
        """
        caller.require("operator")
        invoice = self._issued(number)
        for _ in range(TRIES):
            school = self.schools.get(invoice.content.buyer.uai)
            if school is None:
                raise TransientError("the school of the invoice is not there")
            addresses = _addresses(school, to)
            self._check_not_too_often(school, number)
            detail = {"invoice": number, "to": addresses[0] if to else "all"}
            act = Act(school.acts + 1, "invoice-mailed", self.clock.now(), caller.subject, caller.email, detail=detail)
            if self.acts.record(replace(school, acts=act.number), act):
                self.notices.notice_due("invoice_again", school=school.uai, number=str(act.number))
                return addresses
        raise TransientError("too many acts about this school at once")

    def _issued(self, number: str) -> Invoice:
        invoice = self.invoices.get(number)
        if invoice is None:
            raise NotFoundError("Cette facture n'existe pas.")
        if invoice.state == "numbered" or (invoice.cancellation and not invoice.credit_note):
            raise ConflictError("Cette facture, ou son avoir, n'est pas encore émise.", "invoice-not-issued")
        return invoice

    def _check_not_too_often(self, school: School, number: str) -> None:
        since = self.clock.now() - timedelta(days=1)
        sent = [
            act
            for act in self.acts.of(school.uai)
            if act.kind == "invoice-mailed" and act.detail["invoice"] == number and act.at > since
        ]
        if len(sent) >= MOST_A_DAY:
            raise ConflictError(
                f"Cette facture a déjà été renvoyée {MOST_A_DAY} fois en 24 heures. Réessayez demain.",
                "mailed-too-often",
            )


def _addresses(school: School, to: str | None) -> list[str]:
    listed = list(dict.fromkeys([*school.notified_addresses(), *school.manager_addresses()]))
    if to is None:
        return school.notified_addresses()
    found = [each for each in listed if comparable(each) == comparable(to)]
    if not found:
        raise RefusedError(
            "Cette adresse n'est ni celle d'un gestionnaire de l'établissement, ni de sa liste de destinataires.",
            "address-not-known",
            field="to",
        )
    return found[:1]
