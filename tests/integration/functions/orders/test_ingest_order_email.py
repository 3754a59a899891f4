"""A mail of the order inbox ends in a state that someone can see: order, reply or review (R6-R8, R11-R13, R48)."""

import io
import json
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from local.players import paper
from schoolsms.domain.ids import digest_id
from tests.support.builders import NOW, ORDER_ID, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import failed
from tests.support.functions.inbox import (
    KEY,
    encrypted,
    filled,
    hand_out,
    ingest,
    issued,
    mail,
    mail_event,
    signed,
    stored,
)

FUNCTION = "ingest_order_email"
OTHER_ID = "BC26-ZZZZZZZZZZ"
MAIL_ID = digest_id(KEY)
INCOMPLETE = [{"kind": "order_incomplete", "ids": {"mail_id": MAIL_ID}}]
REVIEW = [{"kind": kind, "ids": {"mail_id": MAIL_ID}} for kind in ("order_in_review", "order_to_review")]


def assert_no_order(cloud: Cloud) -> None:
    assert cloud.queued("AcceptedOrders") == []
    assert cloud.ledger.balance(UAI).seq == 0


# ------------------------------------------------------------------ orders


@pytest.mark.sandboxed
@pytest.mark.parametrize("sign", [paper.ink, paper.stamp], ids=["ink", "stamp"])
def test_a_complete_signed_form_is_an_order(inbox: Cloud, sign: Callable[[bytes], bytes]) -> None:
    document = sign(filled())

    outcome = ingest(inbox, mail(document))

    assert (outcome.record.outcome, outcome.codes) == ("accepted", [])
    order = outcome.order
    assert (order.id, order.school, order.state) == (ORDER_ID, UAI, "accepted")
    assert (dict(order.quantities), order.sms, order.ttc_cents) == ({"P1000": 2}, 2_000, 20_400)
    assert order.received_at == NOW
    assert (order.conditions_version, order.school_year) == ("2026-09", "2026-27")
    assert inbox.documents.get(order.form_key) == document
    assert inbox.queued("AcceptedOrders") == [{"order_id": ORDER_ID}]
    assert inbox.queued("Notices") == []


def test_the_quantities_are_those_the_school_wrote(inbox: Cloud) -> None:
    outcome = ingest(inbox, mail(paper.ink(filled({"qty_P1000": "", "qty_P500": " 3 "}))))

    assert (outcome.record.outcome, dict(outcome.order.quantities)) == ("accepted", {"P500": 3})


def test_a_mail_delivered_twice_is_one_order(inbox: Cloud) -> None:
    ingest(inbox, mail(signed()))
    outcome = ingest(inbox, mail(signed()))

    assert outcome.order.state == "accepted"
    assert inbox.queued("Notices") == []
    assert {each["order_id"] for each in inbox.queued("AcceptedOrders")} == {ORDER_ID}


def test_a_form_mailed_again_is_answered_and_changes_nothing(inbox: Cloud) -> None:
    """R11: whatever the second mail says."""
    first = ingest(inbox, mail(signed()))

    again = ingest(inbox, mail(paper.ink(filled({"qty_P1000": "9"}))), key="inbound/second")

    assert again.order == first.order
    (notice,) = inbox.queued("Notices")
    assert notice == {"kind": "order_already_received", "ids": {"mail_id": digest_id("inbound/second")}}


def test_a_form_completed_after_a_reply_is_an_order(inbox: Cloud) -> None:
    assert ingest(inbox, mail(filled())).record.outcome == "incomplete"

    assert ingest(inbox, mail(signed()), key="inbound/second").order.state == "accepted"


def test_two_forms_in_a_mail_are_two_orders(inbox: Cloud) -> None:
    other = paper.ink(filled(pdf=hand_out(inbox, OTHER_ID)))
    inbox.mails.put(KEY, stored(mail(signed(), other)), "message/rfc822")

    for _ in range(2):  # delivered twice, too
        assert failed(inbox.invoke(FUNCTION, mail_event())) == []

    assert {each["order_id"] for each in inbox.queued("AcceptedOrders")} == {ORDER_ID, OTHER_ID}
    assert inbox.queued("Notices") == []
    for order_id, document in ((ORDER_ID, signed()), (OTHER_ID, other)):
        order = inbox.orders.get(order_id)
        assert order is not None
        assert inbox.documents.get(order.form_key) == document
        assert inbox.orders.mail(order.mail_id) is not None


def test_a_mail_without_message_id_is_an_order(inbox: Cloud) -> None:
    bare = mail(signed())
    del bare["Message-ID"]

    outcome = ingest(inbox, bare)

    assert (outcome.record.outcome, outcome.record.message_id) == ("accepted", "")


@pytest.mark.parametrize("charset", ["utf-7", "klingon", "utf-16", "us-ascii", '"', "x" * 500])
def test_a_mail_that_lies_about_its_charset_is_an_order(inbox: Cloud, charset: str) -> None:
    lying = mail(signed()).as_bytes()
    assert b'charset="utf-8"' in lying
    lying = lying.replace(b'charset="utf-8"', f"charset={charset}".encode())
    lying = lying.replace(b"Subject: ", f"Subject: =?{charset}?B?/////w==?= ".encode())

    assert ingest(inbox, lying).record.outcome == "accepted"


def nested(form: bytes, depth: int) -> EmailMessage:
    """The form `depth` multiparts deep."""
    inner: EmailMessage = mail(form)
    for _ in range(depth):
        outer = EmailMessage()
        outer.make_mixed()
        outer.attach(inner)
        for name in ("From", "To", "Subject", "Message-ID"):
            outer[name] = inner[name]
            del inner[name]
        inner = outer
    return inner


def test_a_form_in_nested_multiparts_is_an_order(inbox: Cloud) -> None:
    assert ingest(inbox, nested(signed(), 5)).record.outcome == "accepted"


def test_a_form_too_deep_to_be_looked_for_goes_to_a_person(inbox: Cloud) -> None:
    outcome = ingest(inbox, nested(signed(), 30))

    assert (outcome.record.outcome, outcome.codes) == ("review", ["mail-unreadable"])
    assert inbox.queued("Notices") == REVIEW


def test_a_forwarded_mail_is_an_order_too(inbox: Cloud) -> None:
    forward = mail()
    forward.add_attachment(mail(signed(), sender="secretariat@lycee.test"))

    assert ingest(inbox, forward).record.outcome == "accepted"


def test_the_logo_in_a_signature_is_no_document(inbox: Cloud) -> None:
    with_logo = mail(signed())
    with_logo.add_attachment(a_logo(), maintype="image", subtype="png", filename="logo.png")

    assert ingest(inbox, with_logo).record.outcome == "accepted"


def a_logo() -> bytes:
    out = io.BytesIO()
    paper.round_stamp().save(out, "PNG")
    return out.getvalue()


def test_a_key_is_read_as_s3_writes_it(inbox: Cloud) -> None:
    inbox.mails.put("inbound/un bon é+1", stored(mail(signed())), "message/rfc822")

    assert failed(inbox.invoke(FUNCTION, mail_event("inbound/un+bon+%C3%A9%2B1"))) == []
    assert inbox.orders.mail(digest_id("inbound/un bon é+1")) is not None


# ------------------------------------------------------------------ replies


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"qty_P1000": "²"}, "quantity-invalid"),
        ({"qty_P1000": "0"}, "quantity-missing"),
        ({"siret": "73282932000075"}, "siret-invalid"),
        ({"uai": "0750655A"}, "uai-invalid"),
        ({"place_and_date": ""}, "field-missing"),
    ],
)
def test_what_is_missing_is_replied_and_is_no_order(inbox: Cloud, fields: dict[str, str], code: str) -> None:
    """R7."""
    outcome = ingest(inbox, mail(paper.ink(filled(fields))))

    assert outcome.record.outcome == "incomplete"
    assert code in outcome.codes
    assert outcome.record.answerable
    assert inbox.queued("Notices") == INCOMPLETE
    assert_no_order(inbox)


def test_a_mail_with_no_attachment_is_replied(inbox: Cloud) -> None:
    outcome = ingest(inbox, mail())

    assert (outcome.record.outcome, outcome.codes) == ("incomplete", ["no-form-attached"])
    assert inbox.queued("Notices") == INCOMPLETE
    assert_no_order(inbox)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (encrypted(issued()), "form-encrypted"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 50, "form-unreadable"),
        (b"%PDF-1.7\n%%EOF", "form-unreadable"),
        (b"", "form-unreadable"),
        (issued()[:5_000], "form-unreadable"),
    ],
    ids=["encrypted", "garbage", "empty-pdf", "no-bytes", "cut-short"],
)
def test_a_document_that_cannot_be_opened_is_replied(inbox: Cloud, document: bytes, code: str) -> None:
    outcome = ingest(inbox, mail(document))

    assert (outcome.record.outcome, outcome.codes) == ("incomplete", [code])
    assert inbox.queued("Notices") == INCOMPLETE
    assert_no_order(inbox)


def test_a_mail_of_30_mb_is_replied(inbox: Cloud) -> None:
    raw = mail(issued() + b"\0" * 22_000_000)
    assert len(raw.as_bytes()) > 29_000_000

    outcome = ingest(inbox, raw)

    assert (outcome.record.outcome, outcome.codes) == ("incomplete", ["attachment-too-large"])
    assert inbox.queued("Notices") == INCOMPLETE


def test_a_mail_that_its_server_delivers_again_is_answered_once(inbox: Cloud) -> None:
    """SES stores the second delivery under another key, with other headers above it."""
    again = b"Received: from mx2.lycee.test; Mon, 23 Nov 2026 09:05:00 +0000\r\n"
    message = mail(filled()).as_bytes()
    first = ingest(inbox, message)
    inbox.mails.put("inbound/second", stored(again + message), "message/rfc822")
    assert failed(inbox.invoke(FUNCTION, mail_event("inbound/second"))) == []

    assert inbox.orders.mail(digest_id("inbound/second")) is None
    (notice,) = {json.dumps(each) for each in inbox.queued("Notices")}
    assert json.loads(notice) == {"kind": "order_incomplete", "ids": {"mail_id": first.record.id}}
