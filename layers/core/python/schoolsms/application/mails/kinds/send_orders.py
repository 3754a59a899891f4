"""Mails about orders: to managers, to the sender of a form, and to the operator, each once (R7, R10-R12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from schoolsms.application.mails.capped_replies import CappedReplies
from schoolsms.application.mails.words import orders as words
from schoolsms.application.mails.words import reviews
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.contract import contract_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from schoolsms.application.mails.capped_operator_mails import OperatorMail
    from schoolsms.application.mails.desk import MailDesk
    from schoolsms.application.mails.layout import Notice
    from schoolsms.domain.orders.orders import MailRecord, Order


def _is_settled(order: Order) -> bool:
    """Return whether the order is decided: accepted, by a mail or a person, or rejected."""
    return order.state in ("accepted", "credited", "rejected")


@dataclass(frozen=True)
class CreditActivated:
    """To every manager: the order is credited."""

    kind: ClassVar = "credit_activated"
    order_id: str

    def send(self, desk: MailDesk) -> int:
        order = desk.order(self.order_id)
        school = desk.school(order.school)
        contract = contract_of(order, school)
        if contract is None:
            raise TransientError("the order of the notice is not credited")
        mail = desk.orders.mail(order.mail_id)
        notice = words.credit_activated(
            school_name=school.name,
            order_id=order.id,
            mailed_by=mail.sender if mail else "",
            sms=order.sms,
            balance=desk.ledger.balance(order.school).sms,
            total_ttc_cents=order.ttc_cents,
            contract=contract,
            public_url=desk.public_url,
        )
        return desk.mail_managers(f"{self.kind}:{order.id}", notice, school)


@dataclass(frozen=True)
class OrderRejected:
    """To the sender, and to the managers of the school if one was recognised."""

    kind: ClassVar = "order_rejected"
    order_id: str

    def send(self, desk: MailDesk) -> int:
        order = desk.order(self.order_id)
        mail = desk.orders.mail(order.mail_id)
        to = desk.school(order.school).notified_addresses() if order.school else []
        if mail and mail.answerable:
            to = list(dict.fromkeys([mail.sender, *to]))
        reason = order.decision.reason if order.decision else ""
        notice = words.order_rejected(order_id=order.id if order.school else None, reason=reason)
        return desk.mails.send(f"{self.kind}:{order.id}", notice, to, school=order.school or "")


# ------------------------------------------------------------------ to the operator


@dataclass(frozen=True)
class ReviewDeadlineNear:
    """To the operator: an order waits for a decision; nothing to say once it is decided."""

    kind: ClassVar[str] = "deadline_near"
    state: ClassVar[Literal["review", "accepted"]] = "review"
    words: ClassVar[Callable[..., Notice]] = staticmethod(reviews.order_deadline)
    past: ClassVar = False
    order_id: str

    def send(self, desk: MailDesk) -> int:
        order = desk.order(self.order_id)
        if order.state != self.state:
            return 0
        notice = self.words(
            order_id=order.id,
            deadline=order.deadline,
            past=self.past,
            public_url=desk.public_url,
            school=desk.school_named(order.school),
            days_off=order.days_off,
        )
        return desk.operator.send("deadline", f"{self.kind}:{order.id}", notice)


class ReviewDeadlinePast(ReviewDeadlineNear):
    kind = "deadline_past"
    past = True


class CreditDeadlineNear(ReviewDeadlineNear):
    """To the operator: an accepted order waits to be credited; nothing to say once it is credited."""

    kind = "credit_near"
    state = "accepted"
    words = staticmethod(reviews.credit_deadline)


class CreditDeadlinePast(CreditDeadlineNear):
    kind = "credit_past"
    past = True


@dataclass(frozen=True)
class OrderToReview:
    """To the operator: a mail brought an order to review; nothing to say once a later mail or a person settled it."""

    kind: ClassVar = "order_to_review"
    mail_id: str

    def send(self, desk: MailDesk) -> int:
        mail = desk.mail(self.mail_id)
        order = desk.order(mail.order_id)
        if _is_settled(order):
            return 0
        notice = reviews.order_to_review(
            order_id=order.id,
            reasons=mail.reasons,
            deadline=order.deadline,
            public_url=desk.public_url,
            school=desk.school_named(order.school),
            packs=order.packs,
            sender=mail.sender or None,
            read=order.read,
            answerable=mail.answerable,
            days_off=order.days_off,
        )
        about: OperatorMail = "review-of-a-form" if order.school else "review-without-form"
        return desk.operator.send(about, f"{self.kind}:{mail.id}", notice)


@dataclass(frozen=True)
class QuestionToAnswer:
    """To the operator: a mail asks something; nothing to say once it is answered."""

    kind: ClassVar = "question_to_answer"
    mail_id: str

    def send(self, desk: MailDesk) -> int:
        mail = desk.mail(self.mail_id)
        if desk.order(mail.order_id).state != "question":
            return 0
        notice = reviews.question_to_answer(
            question_id=mail.order_id,
            sender=mail.sender,
            received_at=mail.received_at,
            public_url=desk.public_url,
        )
        return desk.operator.send("question", f"{self.kind}:{mail.id}", notice)


# ------------------------------------------------------------------ answers to a mail of the order inbox


@dataclass(frozen=True)
class OrderAlreadyReceived:
    """To the sender: the form came before. Never to managers, because nothing changes."""

    kind: ClassVar = "order_already_received"
    mail_id: str

    def send(self, desk: MailDesk) -> int:
        mail = desk.mail(self.mail_id)
        order = desk.order(mail.order_id)
        return _answer(desk, self.kind, mail, order, _already_received(order)) if mail.answerable else 0


@dataclass(frozen=True)
class OrderIncomplete:
    """To the sender, else to the managers: what the form lacks."""

    kind: ClassVar = "order_incomplete"
    mail_id: str

    def send(self, desk: MailDesk) -> int:
        mail = desk.mail(self.mail_id)
        order = desk.order(mail.order_id)
        notice = words.order_incomplete(
            order_id=order.id if order.school else None,
            reasons=mail.reasons,
            order_inbox=desk.order_inbox,
            public_url=desk.public_url,
            packs=order.packs,
        )
        return _answer_or_tell_managers(desk, self.kind, mail, order, notice)


@dataclass(frozen=True)
class OrderInReview:
    """To the sender, else to the managers: a person examines the form."""

    kind: ClassVar = "order_in_review"
    mail_id: str

    def send(self, desk: MailDesk) -> int:
        mail = desk.mail(self.mail_id)
        order = desk.order(mail.order_id)
        notice = words.order_in_review(
            order_id=order.id if order.school else None,
            reasons=mail.reasons,
            deadline=order.deadline,
            days_off=order.days_off,
            packs=order.packs,
        )
        return _answer_or_tell_managers(desk, self.kind, mail, order, notice)


@dataclass(frozen=True)
class QuestionForwarded:
    """To the sender: a person will answer."""

    kind: ClassVar = "question_forwarded"
    mail_id: str

    def send(self, desk: MailDesk) -> int:
        mail = desk.mail(self.mail_id)
        notice = words.question_forwarded(
            support_email=desk.support_email, order_inbox=desk.order_inbox, public_url=desk.public_url
        )
        return _answer(desk, self.kind, mail, desk.order(mail.order_id), notice) if mail.answerable else 0


def _answer_or_tell_managers(desk: MailDesk, kind: str, mail: MailRecord, order: Order, notice: Notice) -> int:
    """Send `notice`, which says that nothing is credited or invoiced, unless the order was settled since."""
    if order.school and _is_settled(order):
        notice = _already_received(order)
    if mail.answerable:
        return _answer(desk, kind, mail, order, notice)
    # A copier cannot be answered, and somebody may write in the school's name: the managers learn of it.
    to = desk.school(order.school).notified_addresses() if order.school else []
    return CappedReplies(desk.mails, desk.operator).send(
        f"{kind}:{mail.id}", notice, to, order_id=order.id, school=order.school or ""
    )


def _answer(desk: MailDesk, kind: str, mail: MailRecord, order: Order, notice: Notice) -> int:
    replies, in_reply_to = CappedReplies(desk.mails, desk.operator), mail.message_id or None
    return replies.send(
        f"{kind}:{mail.id}",
        notice,
        [mail.sender],
        order_id=order.id,
        in_reply_to=in_reply_to,
        school=order.school or "",
    )


def _already_received(order: Order) -> Notice:
    return words.order_already_received(
        order_id=order.id,
        standing=order.state,
        deadline=order.deadline,
        credited_at=order.credited_at,
        days_off=order.days_off,
    )
