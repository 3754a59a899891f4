"""Mails to managers, to the sender of a form, and to the operator, each once (R7, R10-R12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schoolsms.application.mails.capped_operator_mails import CappedOperatorMails, OperatorMail
from schoolsms.application.mails.capped_replies import CappedReplies
from schoolsms.application.mails.layout import Notice
from schoolsms.application.mails.send_formal_notices import MailFormalNotices
from schoolsms.application.mails.send_invoices import MailInvoices
from schoolsms.application.mails.send_once import MailOnce, addresses
from schoolsms.application.mails.send_purges import MailPurges
from schoolsms.application.mails.send_stock import MailStock
from schoolsms.application.mails.send_subscriptions import MailSubscriptionEnds
from schoolsms.application.mails.words import orders
from schoolsms.application.ports.core import Clock, Ledger, Mailer, Notices, Schools
from schoolsms.application.ports.orders import Orders
from schoolsms.application.ports.purges import Purges
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.contract import contract_of
from schoolsms.domain.orders.orders import MailRecord, Order
from schoolsms.domain.schools.schools import School

_ABOUT_ORDERS_TO_COME = ("order_in_review", "order_incomplete")
"""Notices that say that nothing is credited or invoiced: untrue once the order is settled."""


def _is_settled(order: Order) -> bool:
    """Whether it is decided: accepted, by a mail or a person, or rejected."""
    return order.state in ("accepted", "credited", "rejected")


@dataclass(frozen=True)
class NotifyManagers:
    """Composes a notice from what is stored now, and sends it to each address that has not had it."""

    orders: Orders
    schools: Schools
    ledger: Ledger
    notices: Notices
    mailer: Mailer
    invoice_mails: MailInvoices
    purges: Purges
    clock: Clock
    order_inbox: str
    operator_email: str

    def notify(self, kind: str, ids: dict[str, str]) -> int:
        """Send the notice `kind` about `ids`; how many mails SES refused for good. Raises TransientError."""
        if kind == "credit_activated":
            return self._credit_activated(self._order(ids["order_id"]))
        if kind == "order_rejected":
            return self._order_rejected(self._order(ids["order_id"]))
        if kind in ("deadline_near", "deadline_past", "credit_near", "credit_past"):
            return self._deadline(kind, self._order(ids["order_id"]))
        if kind == "low_balance":
            return self._stock().low(ids["school"], ids["entry"], int(ids["threshold"]))
        if kind == "stock_used_up":
            return self._stock().used_up(ids["school"], ids["entry"], int(ids["threshold"]))
        if kind == "subscription_ending":
            return self._ends().ending(ids["school"], date.fromisoformat(ids["end"]), int(ids["days"]))
        if kind == "balance_forfeited":
            return self._ends().forfeited(ids["school"], ids["entry"])
        if kind == "purge_ahead":
            return self._purges().ahead(
                ids["school"], ids["school_year"], date.fromisoformat(ids["end"]), int(ids["days"])
            )
        if kind == "history_purged":
            return self._purges().purged(ids["school"], ids["school_year"])
        if kind in ("formal_notice", "formal_notice_lifted"):
            return self._formal_notices().mail(kind, ids["school"], int(ids["number"]))
        if kind == "invoice_late":
            return self.invoice_mails.late(ids["number"], int(ids["stage"]))
        mail = self.orders.mail(ids["mail_id"])
        if mail is None:
            raise TransientError("the mail to answer is not recorded")
        order = self._order(mail.order_id)
        return self._to_review(mail, order) if kind == "order_to_review" else self._answer(kind, mail, order)

    def _credit_activated(self, order: Order) -> int:
        school = self._school(order)
        contract = contract_of(order, school)
        if contract is None:
            raise TransientError("the order to tell about is not credited")
        notice = orders.credit_activated(
            school_name=school.name,
            order_id=order.id,
            sms=order.sms,
            balance=self.ledger.balance(order.school).sms,
            total_ttc_cents=order.ttc_cents,
            contract=contract,
        )
        return self._send(f"credit_activated:{order.id}", notice, addresses(school))

    def _order_rejected(self, order: Order) -> int:
        """To the sender, and to the managers of the school if one was recognised."""
        mail = self.orders.mail(order.mail_id)
        to = addresses(self._school(order)) if order.school else []
        if mail and mail.answerable:
            to = list(dict.fromkeys([mail.sender, *to]))
        reason = order.decision.reason if order.decision else ""
        notice = orders.order_rejected(order_id=order.id if order.school else None, reason=reason)
        return self._send(f"order_rejected:{order.id}", notice, to)

    def _deadline(self, kind: str, order: Order) -> int:
        """Nothing once the order is decided, or credited, since the notice was queued."""
        about_credit = kind.startswith("credit")
        if order.state != ("accepted" if about_credit else "review"):
            return 0
        words = orders.credit_deadline if about_credit else orders.order_deadline
        notice = words(
            order_id=order.id,
            deadline=order.deadline,
            past=kind.endswith("_past"),
            school=order.school or None,
            days_off=order.days_off,
        )
        return self._operator().send("deadline", f"{kind}:{order.id}", notice)

    def _to_review(self, mail: MailRecord, order: Order) -> int:
        if _is_settled(order):
            return 0  # by a later mail, or by a person, before this notice had its turn
        notice = orders.order_to_review(
            order_id=order.id,
            reasons=mail.reasons,
            deadline=order.deadline,
            school=order.school or None,
            sender=mail.sender or None,
            read=order.read,
            answerable=mail.answerable,
            days_off=order.days_off,
        )
        about: OperatorMail = "review-of-a-form" if order.school else "review-without-form"
        return self._operator().send(about, f"order_to_review:{mail.id}", notice)

    def _answer(self, kind: str, mail: MailRecord, order: Order) -> int:
        notice_id, notice = f"{kind}:{mail.id}", self._reply(kind, mail, order)
        replies = CappedReplies(MailOnce(self.notices, self.mailer, self.clock), self._operator())
        if mail.answerable:
            to = [mail.sender]
            return replies.send(notice_id, notice, to, order_id=order.id, in_reply_to=mail.message_id or None)
        if order.school and kind in _ABOUT_ORDERS_TO_COME:
            # A copier cannot be answered, and somebody may write in the school's name: the managers learn of it.
            return replies.send(notice_id, notice, addresses(self._school(order)), order_id=order.id)
        return 0

    def _reply(self, kind: str, mail: MailRecord, order: Order) -> Notice:
        known_id = order.id if order.school else None
        if kind == "order_already_received" or (kind in _ABOUT_ORDERS_TO_COME and known_id and _is_settled(order)):
            return orders.order_already_received(
                order_id=order.id,
                standing=order.state,
                deadline=order.deadline,
                credited_at=order.credited_at,
                days_off=order.days_off,
            )
        if kind == "order_incomplete":
            return orders.order_incomplete(order_id=known_id, reasons=mail.reasons, order_inbox=self.order_inbox)
        if kind == "order_in_review":
            return orders.order_in_review(
                order_id=known_id, reasons=mail.reasons, deadline=order.deadline, days_off=order.days_off
            )
        raise ValueError(f"no notice is called {kind}")

    def _operator(self) -> CappedOperatorMails:
        return CappedOperatorMails(MailOnce(self.notices, self.mailer, self.clock), self.operator_email)

    def _stock(self) -> MailStock:
        mails = MailOnce(self.notices, self.mailer, self.clock)
        return MailStock(self.schools, self.ledger, mails, self.order_inbox)

    def _ends(self) -> MailSubscriptionEnds:
        return MailSubscriptionEnds(self.schools, self.ledger, MailOnce(self.notices, self.mailer, self.clock))

    def _formal_notices(self) -> MailFormalNotices:
        once = MailOnce(self.notices, self.mailer, self.clock)
        return MailFormalNotices(self.schools, once, self.operator_email)

    def _purges(self) -> MailPurges:
        return MailPurges(self.schools, self.purges, MailOnce(self.notices, self.mailer, self.clock))

    def _send(self, notice_id: str, notice: Notice, to: Iterable[str]) -> int:
        return MailOnce(self.notices, self.mailer, self.clock).send(notice_id, notice, to)

    def _order(self, order_id: str) -> Order:
        order = self.orders.get(order_id)
        if order is None:
            raise TransientError("the order to tell about is not there")
        return order

    def _school(self, order: Order) -> School:
        school = self.schools.get(order.school)
        if school is None:
            raise TransientError("the school to tell is not there")
        return school
