"""Turn a mail of the order inbox into an order, a reply that names what is missing, or a review (R4-R9, R11-R13).

Every mail ends in a state that somebody can see, and a mail delivered twice ends in the same one. Forms of different
orders in one mail are judged, recorded and answered one after the other. If the process dies between two orders, SQS
delivers the mail again: the first order is recorded again unchanged, then the second is handled.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schoolsms.application.orders.weigh_orders import Weighed, WeighOrders
from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import (
    Clock,
    FormReader,
    InboxFiles,
    IssuedForms,
    MailReader,
    NoticeQueue,
    OrderForms,
    OrderQueue,
    Schools,
    WorkingDays,
)
from schoolsms.domain.errors import TransientError
from schoolsms.domain.ids import digest_id
from schoolsms.domain.orders.forms.order_forms import FormIdentity, IssuedForm, Picture
from schoolsms.domain.orders.mails import Attachment, InboundMail
from schoolsms.domain.orders.orders import Alteration, Delivery, MailRecord, Order
from schoolsms.domain.orders.packs import sms_of, totals
from schoolsms.domain.orders.review.order_completeness import Judged, judge, together
from schoolsms.domain.orders.review.order_mails import (
    content_id,
    is_logo,
    likely_first,
    state_of,
    takes_the_place,
    unproven,
    unread_files,
    unseen,
    verdicts_fail,
    without_form,
)
from schoolsms.domain.orders.review.order_reasons import Reason, missing_kinds
from schoolsms.domain.orders.review.unusual_orders import DEFAULT_LIMIT_CENTS, LatelyMade, OrderedMeanwhile
from schoolsms.domain.orders.review.working_time import days_off, deadline
from schoolsms.domain.schools.mail_addresses import is_deliverable
from schoolsms.domain.schools.school_years import school_year_of
from schoolsms.domain.schools.schools import School

MOST_DOCUMENTS = 8
"""Most documents of one mail that are opened. Small pictures, such as those of signatures, are counted apart."""

MOST_SMALL_PICTURES = 24
"""Most small pictures that are searched for a QR code, after the documents."""

READING_TIME = timedelta(seconds=180)
"""No further document is opened after this, because a reader may take 90 s and the function has 5 minutes."""

_MOST_RIVALS = 3
"""Attempts to record an order while other mails change it, or the school makes others; then the queue tries again."""

MOST_PICTURES = 8
LARGEST_PICTURE_BYTES = 2_000_000


@dataclass(frozen=True)
class _Found:
    """A document of the mail, and what it says it is."""

    attachment: Attachment
    identity: FormIdentity


@dataclass(frozen=True)
class _Outcome:
    """An order judged by this mail alone, the document to keep with it, and pictures of its differences."""

    order: Order
    document: _Found | None = None
    pictures: tuple[Picture, ...] = ()


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
    clock: Clock
    order_limit_cents: int = DEFAULT_LIMIT_CENTS

    def ingest(self, key: str, received_at: datetime) -> tuple[MailRecord, ...]:
        """Judge the mail at `key`. Returns one record an order, or one for the mail if it has none.

        A mail that a server delivers again is the mail that it delivered first: one order, one answer.
        """
        until = self.clock.now() + READING_TIME
        mail = self.reader.parse(self.inbox.mail(key))
        if content := content_id(mail):
            first = self.orders.first_delivery(content, Delivery(key, received_at))
            key, received_at = first.key, first.at
        due_at = deadline(received_at, self.working_days.is_working_day)
        blank = Order(
            id=f"M-{digest_id(key)}",
            school="",
            state="review",
            received_at=received_at,
            deadline=due_at,
            mail_id=digest_id(key),
            days_off=days_off(received_at, due_at, self.working_days.name_of),
        )
        with self.order_forms.reader() as reader:
            mail, found = self._opened(mail, reader, until)
            outcomes = list(self._judge(blank, mail, found, reader, until))
        due = [each.order for each in outcomes if each.order.school and each.order.state != "incomplete"]
        return tuple(self._settle(mail, key, outcome, due) for outcome in outcomes)

    def _opened(self, mail: InboundMail, reader: FormReader, until: datetime) -> tuple[InboundMail, list[_Found]]:
        """The documents that were opened; the mail has the problem `documents-unread` if there are others."""
        found: list[_Found] = []
        documents, small = likely_first(mail.attachments)
        opened = (*documents[:MOST_DOCUMENTS], *small[:MOST_SMALL_PICTURES])
        if len(opened) < len(documents) + len(small):
            mail = replace(mail, problems=(*mail.problems, "documents-unread"))
        for attachment in opened:
            if self.clock.now() > until:
                mail = replace(mail, problems=(*mail.problems, "documents-unread"))
                break
            identity = reader.identify(attachment.content)
            if not is_logo(attachment, identity):
                found.append(_Found(attachment, identity))
        return mail, found

    def _judge(
        self, blank: Order, mail: InboundMail, found: Sequence[_Found], reader: FormReader, until: datetime
    ) -> Iterator[_Outcome]:
        """One outcome for each form that we issued, or one for the whole mail if it has no such form."""
        order_ids = dict.fromkeys(order_id for each in found for order_id in each.identity.order_ids)
        forms = [form for order_id in order_ids if (form := self.forms.get(order_id))]
        if not forms:
            document = min(found, key=_nearness) if found else None
            state, reasons = without_form(mail, document.identity.way if document else None)
            yield _Outcome(replace(blank, state=state, reasons=reasons), document)
        known = {form.order_id for form in forms}
        loose = "other-attachment" in mail.problems or any(known.isdisjoint(each.identity.order_ids) for each in found)
        for form in forms:
            order = replace(
                blank,
                id=form.order_id,
                school=form.uai,
                packs=form.packs,
                conditions_version=form.conditions_version,
                texts=form.texts,
                school_year=form.school_year,
                mail_id=blank.mail_id if len(forms) == 1 else f"{blank.mail_id}-{form.order_id}",
            )
            copies = sorted((each for each in found if form.order_id in each.identity.order_ids), key=_nearness)
            judged = self._read(form, copies, reader, until)
            yield self._judge_form(order, mail, form, copies, loose, judged)

    def _judge_form(
        self,
        order: Order,
        mail: InboundMail,
        form: IssuedForm,
        copies: Sequence[_Found],
        loose: bool,
        read: tuple[Judged, tuple[Picture, ...]],
    ) -> _Outcome:
        school = self.schools.get(form.uai)
        reasons = list(self._doubts(mail, form, school, order.received_at))
        if loose:
            reasons.append(Reason("other-documents"))
        if len(copies) > 1:
            reasons.append(Reason("several-forms"))
        judged, pictures = read
        reasons += judged.reasons
        if not mail.sender:
            reasons.append(Reason("sender-unreadable"))
        elif school is None or not school.may_order(mail.sender):
            reasons.append(Reason("sender-unknown"))
        if missing_kinds(reasons):
            reasons += unread_files(mail)
        due = totals(form.packs, judged.quantities, form.vat_rate)
        order = replace(
            order,
            state=state_of(reasons, mail),
            quantities=judged.quantities,
            sms=sms_of(form.packs, judged.quantities),
            ht_cents=due.ht_cents,
            vat_cents=due.vat_cents,
            reasons=tuple(reasons),
            read=judged.read,
        )
        return _Outcome(order, copies[0], pictures)

    def _read(
        self, form: IssuedForm, copies: Sequence[_Found], reader: FormReader, until: datetime
    ) -> tuple[Judged, tuple[Picture, ...]]:
        """Read all copies of a form. A person decides about a document that holds several forms."""
        if any(each.identity.other_order_ids for each in copies):
            return Judged(form.quantities, (Reason("several-orders-in-document"),), {}), ()
        issued = self.forms.document(form.order_id)
        judged: list[Judged] = []
        pictures: list[Picture] = []
        for each in copies:
            if self.clock.now() > until:
                judged.append(Judged(form.quantities, (Reason("documents-unread"),), {}))
                break
            reading = reader.read_form(each.attachment.content, issued, each.identity.way)
            judged.append(judge(form, reading, each.identity.way))
            pictures += reading.pictures
        return together(judged), tuple(pictures)

    def _doubts(
        self, mail: InboundMail, form: IssuedForm, school: School | None, received_at: datetime
    ) -> Sequence[Reason]:
        """Doubts about the mail and the school, whatever is written on the form."""
        reasons = unseen(mail)
        if "attachment-too-large" in mail.problems:
            reasons.append(Reason("mail-unreadable"))
        reasons += unproven(mail)
        if school is None or school.state == "terminated" or not school.subscribed(received_at):
            reasons.append(Reason("school-closed"))
        elif school_year_of(school.calendar, school.local_day(received_at)).label != form.school_year:
            reasons.append(Reason("form-expired"))
        return reasons

    def _settle(self, mail: InboundMail, key: str, outcome: _Outcome, due: Sequence[Order]) -> MailRecord:
        """Weigh the order against those that its school made before, until it is settled with none made meanwhile."""
        scales = WeighOrders(self.orders, self.order_limit_cents)
        for _ in range(_MOST_RIVALS):
            with suppress(OrderedMeanwhile):
                return self._settle_weighed(mail, key, outcome, scales.weigh(outcome.order, due, mail))
        raise TransientError("other orders of this school are being accepted")

    def _settle_weighed(self, mail: InboundMail, key: str, outcome: _Outcome, weighed: Weighed) -> MailRecord:
        """Store the document, the order and the mail's record, then queue what follows. No record points to nothing.

        Raises OrderedMeanwhile before the mail is recorded.
        """
        order = weighed.order
        if outcome.document is not None:
            content = outcome.document.attachment.content
            order = replace(order, form_key=self.inbox.keep_form(order.id, order.mail_id, content))
        if order.state == "review":
            order = replace(order, alterations=self._alterations(order, outcome.pictures))
        standing = self._record(order, weighed.lately)
        record = MailRecord(
            id=order.mail_id,
            key=key,
            order_id=order.id,
            sender=mail.sender,
            message_id=mail.message_id,
            received_at=order.received_at,
            outcome=order.state,
            reasons=order.reasons,
            answerable=is_deliverable(mail.sender) and not mail.automatic and not verdicts_fail(mail),
        )
        self.orders.record_mail(record)
        self._pass_on(record, order, standing)
        return record

    def _alterations(self, order: Order, pictures: Sequence[Picture]) -> tuple[Alteration, ...]:
        """Alterations that have a picture, in the order of the pictures' numbers, then the others."""
        shown = [picture for picture in pictures if len(picture.png) <= LARGEST_PICTURE_BYTES][:MOST_PICTURES]
        kept = [
            Alteration(each.alteration, each.page, self.inbox.keep_picture(order.id, order.mail_id, number, each.png))
            for number, each in enumerate(shown, 1)
        ]
        texts = [reason.field or "" for reason in order.reasons if reason.code == "form-altered"]
        named = {each.text for each in kept}
        return (*kept, *(Alteration(text) for text in texts if text not in named))

    def _record(self, order: Order, lately: LatelyMade | None) -> Order:
        """The order as it is afterwards. Mailed again while a person is to look at it, it keeps its clock and its form,
        unless this mail takes the place of the one before."""
        for _ in range(_MOST_RIVALS):
            standing = self.orders.get(order.id)
            if standing and standing.mail_id != order.mail_id and _is_kept(standing, order):
                return standing
            recorded = self.orders.record(order, standing.mail_id if standing else "", lately)
            if recorded.mail_id == order.mail_id or not recorded.state == order.state == "review":
                return recorded
        raise TransientError("other mails with this form are being judged")

    def _pass_on(self, mail: MailRecord, order: Order, standing: Order) -> None:
        """Queue what follows. A repeat queues the same again, which the receivers recognise by its ids."""
        if standing.state == "accepted":
            self.order_queue.order_accepted(standing.id)
        if mail.outcome == "rejected":
            return
        if mail.outcome == "question":
            self.notices.notice_due("question_forwarded", mail_id=mail.id)
            self.notices.notice_due("question_to_answer", mail_id=mail.id)
            return
        if standing.mail_id != mail.id:
            self.notices.notice_due("order_already_received", mail_id=mail.id)
        elif standing.state == "incomplete":
            self.notices.notice_due("order_incomplete", mail_id=mail.id)
        elif standing.state == "review":
            self.notices.notice_due("order_in_review", mail_id=mail.id)
            self.notices.notice_due("order_to_review", mail_id=mail.id)


def _nearness(found: _Found) -> tuple[bool, bool]:
    """Sort key: documents with an authentic QR before others, then filled forms before prints and scans."""
    return found.identity.order_id is None, found.identity.way != "filled"


def _is_kept(standing: Order, order: Order) -> bool:
    both_under_review = standing.state == order.state == "review"
    return both_under_review and not takes_the_place(order.reasons, standing.reasons)
