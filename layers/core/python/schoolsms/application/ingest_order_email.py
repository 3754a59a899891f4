"""A mail of the order inbox becomes an order, a reply that names what is missing, or a review (R4-R9, R11-R13).

Whatever is sent ends in a state that someone can see, and a mail delivered twice ends in the same one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from schoolsms.application.ports import (
    InboxFiles,
    IssuedForms,
    MailReader,
    NoticeQueue,
    OrderForms,
    OrderQueue,
    Orders,
    Schools,
    WorkingDays,
)
from schoolsms.domain.ids import digest_id
from schoolsms.domain.mails import Attachment, InboundMail
from schoolsms.domain.order_completeness import judge
from schoolsms.domain.order_forms import FormIdentity, IssuedForm
from schoolsms.domain.order_reasons import Reason, doubts, missing_kinds
from schoolsms.domain.orders import MailRecord, Order, OrderState
from schoolsms.domain.packs import sms_of, totals
from schoolsms.domain.school_years import school_year_of
from schoolsms.domain.working_time import deadline

LARGEST_LOGO_BYTES = 50_000

MOST_DOCUMENTS = 8
"""Documents of one mail that are opened: each may take its reader to the end of its time."""

_BELIED = Reason("mail-verdict-failed")


@dataclass(frozen=True)
class _Found:
    """A document of the mail, and what it says it is."""

    attachment: Attachment
    identity: FormIdentity


@dataclass(frozen=True)
class IngestOrderEmail:
    """One mail, from its key in the inbox to its outcome."""

    inbox: InboxFiles
    reader: MailReader
    order_forms: OrderForms
    forms: IssuedForms
    schools: Schools
    orders: Orders
    order_queue: OrderQueue
    notices: NoticeQueue
    working_days: WorkingDays

    def ingest(self, key: str, received_at: datetime) -> MailRecord:
        """Judge the mail at `key`; what became of it."""
        mail_id = digest_id(key)
        mail = self.reader.read(self.inbox.mail(key))
        if len(mail.attachments) > MOST_DOCUMENTS:
            mail = replace(mail, problems=(*mail.problems, "too-many-documents"))
        looked_at = mail.attachments[:MOST_DOCUMENTS]
        identified = [_Found(each, self.order_forms.identify(each.content)) for each in looked_at]
        found = [each for each in identified if not _is_logo(each)]
        order = self._judge(mail, mail_id, found, received_at)
        document = _document(found)
        if document is not None:
            order = replace(order, form_key=self.inbox.keep_form(order.id, mail_id, document.attachment.content))
        standing = self._record(order)
        record = MailRecord(
            id=mail_id,
            key=key,
            order_id=order.id,
            sender=mail.sender,
            message_id=mail.message_id,
            received_at=received_at,
            outcome=order.state,
            reasons=order.reasons,
            answerable=bool(mail.sender) and not mail.automatic and not _verdicts_fail(mail),
        )
        self.orders.record_mail(record)
        self._pass_on(record, order, standing)
        return record

    def _record(self, order: Order) -> Order:
        """What stands afterwards. Mailed again while a person is to look at it, an order keeps its clock and its form;
        only a mail that can be trusted takes the place of one that cannot."""
        standing = self.orders.get(order.id)
        if (
            standing
            and standing.state == order.state == "review"
            and standing.mail_id != order.mail_id
            and (_BELIED in order.reasons or _BELIED not in standing.reasons)
        ):
            return standing
        return self.orders.record(order)

    def _judge(self, mail: InboundMail, mail_id: str, found: Sequence[_Found], received_at: datetime) -> Order:
        """The order as this mail alone makes it."""
        blank = Order(
            id=f"M-{mail_id}",
            school="",
            state="review",
            received_at=received_at,
            deadline=deadline(received_at, self.working_days.is_working_day),
            mail_id=mail_id,
        )
        order_ids = {each.identity.order_id for each in found if each.identity.order_id}
        if len(order_ids) > 1 or sum(each.identity.way == "filled" for each in found) > 1:
            return replace(blank, reasons=(Reason("several-forms"),))
        document = _document(found)
        form = self.forms.get(next(iter(order_ids))) if order_ids else None
        if document is None or form is None:
            return _without_form(blank, mail, document)
        return self._judge_form(blank, mail, found, form)

    def _judge_form(self, blank: Order, mail: InboundMail, found: Sequence[_Found], form: IssuedForm) -> Order:
        document = _first(found)
        order = replace(
            blank,
            id=form.order_id,
            school=form.uai,
            conditions_version=form.conditions_version,
            school_year=form.school_year,
        )
        reasons = list(self._doubts(mail, form, order.received_at))
        if "other-attachment" in mail.problems or any(each.identity.order_id != form.order_id for each in found):
            reasons.append(Reason("other-documents"))
        way = document.identity.way
        reading = self.order_forms.read(document.attachment.content, self.forms.document(form.order_id), way)
        judged = judge(form, reading, way)
        reasons += judged.reasons
        if not mail.sender or not self._known(form.uai, mail.sender, judged.read.get("contact_email", "")):
            reasons.append(Reason("sender-unknown"))
        due = totals(form.packs, judged.quantities, form.vat_rate)
        return replace(
            order,
            state=_state(reasons, mail),
            quantities=judged.quantities,
            sms=sms_of(form.packs, judged.quantities),
            ht_cents=due.ht_cents,
            vat_cents=due.vat_cents,
            reasons=tuple(reasons),
            read=judged.read,
        )

    def _doubts(self, mail: InboundMail, form: IssuedForm, received_at: datetime) -> Sequence[Reason]:
        """What makes a person look, whatever is written on the form."""
        reasons = _unseen(mail)
        if "attachment-too-large" in mail.problems:
            reasons.append(Reason("mail-unreadable"))
        if _verdicts_fail(mail):
            reasons.append(_BELIED)
        school = self.schools.get(form.uai)
        if school is None or school.state == "terminated" or not school.subscribed(received_at):
            reasons.append(Reason("school-closed"))
        elif school_year_of(school.calendar, school.local_day(received_at)).label != form.school_year:
            reasons.append(Reason("form-expired"))
        return reasons

    def _known(self, uai: str, sender: str, contact: str) -> bool:
        """R13: the sender is a manager of the school, or the address on the form is one."""
        school = self.schools.get(uai)
        return school is not None and (school.has_manager(sender) or school.has_manager(contact))

    def _pass_on(self, mail: MailRecord, order: Order, standing: Order) -> None:
        """Queue what follows. A repeat queues the same again, and those who take it know it."""
        if standing.state == "accepted":
            self.order_queue.order_accepted(standing.id)
        if mail.outcome == "rejected":
            return
        if standing.mail_id != mail.id:
            self.notices.notice_due("order_already_received", mail_id=mail.id)
        elif standing.state == "incomplete":
            self.notices.notice_due("order_incomplete", mail_id=mail.id)
        elif standing.state == "review":
            self.notices.notice_due("order_in_review", mail_id=mail.id)
            self.notices.notice_due("order_to_review", mail_id=mail.id)


def _document(found: Sequence[_Found]) -> _Found | None:
    return _first(found) if found else None


def _first(found: Sequence[_Found]) -> _Found:
    """The document that is, or comes nearest to, an order form."""
    return min(found, key=lambda each: (each.identity.order_id is None, each.identity.way != "filled"))


def _without_form(blank: Order, mail: InboundMail, document: _Found | None) -> Order:
    """No authenticated form: a reply that asks for one, a review, or for machines and spam nothing."""
    if mail.virus == "fail" or mail.spam == "fail" or (document is None and _verdicts_fail(mail)):
        return replace(blank, state="rejected", reasons=(_BELIED,))
    if document is None and mail.automatic:
        return replace(blank, state="rejected", reasons=(Reason("no-form-attached"),))
    if _verdicts_fail(mail) or mail.automatic:
        # A copier that scans to mail, say: nobody can be answered, so a person looks.
        return replace(blank, reasons=(_BELIED if _verdicts_fail(mail) else Reason("form-unknown"),))
    if document is None:
        if unseen := _unseen(mail):
            return replace(blank, reasons=tuple(unseen))
        code = "attachment-too-large" if "attachment-too-large" in mail.problems else "no-form-attached"
        return replace(blank, state="incomplete", reasons=(Reason(code),))
    by_way = {"encrypted": "form-encrypted", "unreadable": "form-unreadable"}
    way = document.identity.way
    if way in by_way:
        return replace(blank, state="incomplete", reasons=(Reason(by_way[way]),))
    return replace(blank, reasons=(Reason("form-scanned" if way == "scanned" else "form-unknown"),))


def _unseen(mail: InboundMail) -> list[Reason]:
    """What a mail holds that nobody could look at, or that no order may carry (R3)."""
    reasons = [Reason("media-attached")] if "media-attached" in mail.problems else []
    if set(mail.problems) - {"media-attached", "attachment-too-large", "other-attachment"}:
        reasons.append(Reason("mail-unreadable"))
    return reasons


def _is_logo(found: _Found) -> bool:
    """A small picture without our QR: what people sign their mails with, not a scan."""
    attachment = found.attachment
    return (
        found.identity.order_id is None
        and len(attachment.content) < LARGEST_LOGO_BYTES
        and not attachment.content.lstrip().startswith(b"%PDF")
        and found.identity.way == "scanned"
    )


def _verdicts_fail(mail: InboundMail) -> bool:
    """R13: SES found a virus or spam, or the sender's domain disowns the mail, or nothing vouches for it."""
    if mail.virus == "fail" or mail.spam == "fail" or mail.dmarc == "fail":
        return True
    return mail.spf != "pass" and mail.dkim != "pass"


def _state(reasons: Sequence[Reason], mail: InboundMail) -> OrderState:
    """Missing things make it no order at all (R7); a doubt is for a person (R12); and a belied sender gets no reply."""
    if _verdicts_fail(mail):
        return "review"
    if missing_kinds(reasons):
        return "incomplete"
    return "review" if doubts(reasons) else "accepted"
