"""Mails of the order inbox as SES stores them, and the order form in the hands of a school."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

from pypdf import PdfReader, PdfWriter

from local.players import paper
from local.stack.inbox import with_ses_headers
from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.domain.ids import digest_id
from schoolsms.domain.orders.forms.order_forms import IssuedForm
from schoolsms.domain.orders.orders import MailRecord, Order
from tests.support.builders import FORM, MANAGER, NOW
from tests.support.functions.cloud import ORDER_FORM_SECRET, Cloud
from tests.support.functions.events import Event, event, failed

INBOX = "commande-sms@skolengo.com"
KEY = "inbound/o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1"
SUBJECT = "Notre bon signé par Mme Zidane"
PLACE_AND_DATE = "Paris, le 23 novembre 2026"


@cache
def issued(form_id: str = FORM.order_id, key: str = ORDER_FORM_SECRET) -> bytes:
    """The PDF of the form as handed out; with another `key`, as somebody else might print one."""
    return PdfOrderForms(key.encode(), INBOX).issue(_form(form_id))


def _form(form_id: str) -> IssuedForm:
    return replace(FORM, order_id=form_id)


def hand_out(cloud: Cloud, form_id: str = FORM.order_id) -> bytes:
    """The service has issued this form."""
    cloud.forms.put(_form(form_id), issued(form_id))
    return issued(form_id)


def filled(fields: Mapping[str, str] | None = None, terms: bool = True, pdf: bytes | None = None) -> bytes:
    """The form, completed but not signed; `fields` are typed over what is printed."""
    return paper.fill(pdf or issued(), {"place_and_date": PLACE_AND_DATE, **(fields or {})}, terms)


@cache
def signed() -> bytes:
    """The form, complete, with ink in its frame."""
    return paper.ink(filled())


def encrypted(pdf: bytes) -> bytes:
    """A PDF that cannot be opened without a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def mail(*attachments: bytes, sender: str = MANAGER, text: str = "Bonjour,\n\nVoici notre commande.\n") -> EmailMessage:
    """A mail with PDF attached, as a school's mail program writes it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Marie Durand <{sender}>"
    message["To"] = INBOX
    message["Subject"] = SUBJECT
    message["Message-ID"] = "<20261123090000.1@lycee.test>"
    message.set_content(text)
    for number, attachment in enumerate(attachments):
        message.add_attachment(attachment, maintype="application", subtype="pdf", filename=f"bon-{number}.pdf")
    return message


def stored(raw: bytes | EmailMessage, sender: str = MANAGER) -> bytes:
    """The mail with what SES puts on top."""
    return with_ses_headers(
        raw if isinstance(raw, bytes) else raw.as_bytes(),
        message_id="o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1",
        sender=sender,
        recipient=INBOX,
        peer="192.0.2.30",
        helo="mail.lycee.test",
        at=NOW,
    )


@dataclass(frozen=True)
class Outcome:
    """The record of the one mail in the inbox."""

    record: MailRecord
    order: Order

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.record.reasons]


def mail_event(key: str = KEY) -> Event:
    """S3 tells the queue of the mail at `key`, as S3 writes it into its event."""
    notification = event("ingest_order_email", "mail_stored")
    notification["Records"][0]["body"] = notification["Records"][0]["body"].replace(KEY, key)
    return notification


def ingest(cloud: Cloud, raw: bytes | EmailMessage, *, sender: str = MANAGER, key: str = KEY) -> Outcome:
    """Store the mail and have it judged; assert that nothing goes back to the queue."""
    cloud.mails.put(key, stored(raw, sender), "message/rfc822")
    assert failed(cloud.invoke("ingest_order_email", mail_event(key))) == []
    record = cloud.orders.mail(digest_id(key))
    assert record is not None
    order = cloud.orders.get(record.order_id)
    assert order is not None
    return Outcome(record, order)
