"""The operator looks at what came with an order (R12)."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from schoolsms.adapters.mail.inbound import MimeMailReader
from schoolsms.application.orders.reading.read_order_documents import ReadOrderDocuments
from schoolsms.application.ports.accounts.documents import Stored
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.orders.documents import LARGEST_ANSWERED, Document
from schoolsms.domain.orders.orders import Alteration, MailRecord
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import A_MANAGER, NOW, OPERATOR, order

ORDER = order(id="BC26-X", state="review", form_key="form", mail_id="MAIL1")
MAIL = MailRecord("MAIL1", "inbound/1", "BC26-X", "marie@college.test", "<1@college.test>", NOW, "review", (), True)


@dataclass
class FakeDocuments:
    kept: dict[str, bytes] = field(default_factory=dict)

    def find(self, key: str, most: int) -> Stored | None:
        content = self.kept.get(key)
        if content is None:
            return None
        return Stored(content if len(content) <= most else content[:9], len(content))

    def link(self, key: str, content_type: str, filename: str) -> str:
        return f"https://documents.test/{key}?{content_type}&{filename}"


class Desk:
    def __init__(self) -> None:
        self.orders, self.documents, self.mails = FakeOrders(ORDER), FakeDocuments(), FakeDocuments()
        self.orders.record_mail(MAIL)
        self.read = ReadOrderDocuments(self.orders, self.documents, self.mails, MimeMailReader())


@pytest.mark.parametrize(
    ("received", "content_type", "filename"),
    [
        (b"%PDF-1.7 scan", "application/pdf", "recu-BC26-X.pdf"),
        (b"\r\n%PDF-1.7", "application/pdf", "recu-BC26-X.pdf"),
        (b"\x89PNG\r\n", "image/png", "recu-BC26-X.png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "recu-BC26-X.jpg"),
        (b"<html>", "application/octet-stream", "recu-BC26-X.bin"),
        (b"", "application/octet-stream", "recu-BC26-X.bin"),
    ],
)
def test_the_form_is_shown_as_it_was_received_and_named_for_what_it_is(
    received: bytes, content_type: str, filename: str
) -> None:
    desk = Desk()
    desk.documents.kept["form"] = received

    assert desk.read.form(OPERATOR, "BC26-X") == Document(content_type, filename, received)


def test_a_large_form_is_shown_where_it_may_be_downloaded() -> None:
    """Lambda answers with 6 MB at most, and a form may have 15."""
    desk = Desk()
    desk.documents.kept["form"] = b"%PDF-" + bytes(LARGEST_ANSWERED - 5)
    assert len(desk.read.form(OPERATOR, "BC26-X").content) == LARGEST_ANSWERED

    desk.documents.kept["form"] += b"\0"
    url = "https://documents.test/form?application/pdf&recu-BC26-X.pdf"
    assert desk.read.form(OPERATOR, "BC26-X") == Document("application/pdf", "recu-BC26-X.pdf", url=url)


def test_a_mail_without_document_has_no_form_to_show() -> None:
    desk = Desk()
    desk.orders.known["BC26-X"] = replace(ORDER, form_key="")

    with pytest.raises(NotFoundError):
        desk.read.form(OPERATOR, "BC26-X")


def test_a_picture_of_what_differs_is_shown_by_its_number() -> None:
    desk = Desk()
    desk.documents.kept["picture"] = b"\x89PNG"
    alterations = (Alteration("page ajoutée", 2, "picture"), Alteration("pièce jointe"))
    desk.orders.known["BC26-X"] = replace(ORDER, alterations=alterations)

    shown = desk.read.picture(OPERATOR, "BC26-X", "1")
    assert shown == Document("image/png", "difference-BC26-X-1.png", b"\x89PNG")
    for number in ("0", "2", "3", "-1", "01", "²", "", "1.png"):
        with pytest.raises(NotFoundError):
            desk.read.picture(OPERATOR, "BC26-X", number)


def test_the_mail_that_brought_an_order_is_shown_raw() -> None:
    desk = Desk()
    desk.mails.kept["inbound/1"] = b"%PDF-, says the first line"
    content_type, filename = "message/rfc822", "message-BC26-X.eml"

    assert desk.read.mail(OPERATOR, "BC26-X") == Document(content_type, filename, b"%PDF-, says the first line")
    desk.mails.kept["inbound/1"] = bytes(LARGEST_ANSWERED + 1)
    url = f"https://documents.test/inbound/1?{content_type}&{filename}"
    assert desk.read.mail(OPERATOR, "BC26-X") == Document(content_type, filename, url=url)


def test_the_mail_shown_is_the_one_that_brought_the_order_to_its_state() -> None:
    desk = Desk()
    desk.orders.record_mail(replace(MAIL, id="MAIL2", key="inbound/2", received_at=NOW + timedelta(days=1)))
    desk.mails.kept |= {"inbound/1": b"first", "inbound/2": b"again"}

    assert desk.read.mail(OPERATOR, "BC26-X").content == b"first"


def test_a_mail_that_was_deleted_after_its_year_is_not_found() -> None:
    with pytest.raises(NotFoundError) as refused:
        Desk().read.mail(OPERATOR, "BC26-X")
    assert refused.value.detail == "Ce document n'est plus conservé."


def test_an_order_that_there_is_not_has_no_documents() -> None:
    read = Desk().read
    for show in (read.form, read.mail):
        with pytest.raises(NotFoundError):
            show(OPERATOR, "BC26-Y")


def test_nobody_but_the_operator_looks() -> None:
    read = Desk().read
    for look in (read.form, read.mail):
        with pytest.raises(Forbidden):
            look(A_MANAGER, "BC26-X")
    with pytest.raises(Forbidden):
        read.picture(A_MANAGER, "BC26-X", "1")


def test_what_a_mail_asks_is_read_from_the_kept_mail_alone() -> None:
    """R51."""
    desk = Desk()
    desk.mails.kept["inbound/1"] = (
        b"From: marie@college.test\r\nSubject: SMS\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        b"<head><style>p {}</style></head><p>Un pack co\xfbte combien&nbsp;?</p>Merci &amp; &agrave; bient&ocirc;t"
    )
    asked = desk.read.question(OPERATOR, "BC26-X")
    assert (asked.subject, asked.text) == ("SMS", "Un pack coûte combien ?\nMerci & à bientôt")

    desk.mails.kept.clear()
    with pytest.raises(NotFoundError):
        desk.read.question(OPERATOR, "BC26-X")
