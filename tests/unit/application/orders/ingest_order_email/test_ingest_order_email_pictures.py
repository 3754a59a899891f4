"""A form beside, behind or in the small pictures with which people sign their mails."""

from dataclasses import replace
from typing import Any

import pytest

from schoolsms.application.orders.ingest_order_email import MOST_SMALL_PICTURES
from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading
from schoolsms.domain.orders.mails import Attachment
from tests.support.builders import ORDER_ID, PDF, UAI, mail
from tests.support.papers.order_inbox import OrderInbox

ON_PAPER = FormReading({}, "ink", ticked=True, dated=True)


def icons(inbox: OrderInbox, count: int, size: int = 3_000) -> list[Attachment]:
    """Small pictures of a signature, each another."""
    return [
        inbox.document(b"\x89PNG" + number.to_bytes(2, "big") + bytes(size), FormIdentity("scanned"))
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [8, 24])
def test_a_form_behind_the_pictures_of_a_signature_is_opened(count: int) -> None:
    inbox = OrderInbox()
    assert inbox.receive(mail(*icons(inbox, count), PDF)).outcome == "accepted"


def test_the_pictures_of_a_signature_that_come_again_and_again_are_looked_at_once() -> None:
    inbox = OrderInbox()
    assert inbox.receive(mail(*icons(inbox, 5) * 20, PDF)).outcome == "accepted"


def test_pictures_too_small_for_a_page_are_not_looked_at() -> None:
    inbox = OrderInbox()
    assert inbox.receive(mail(*icons(inbox, 90, size=100), PDF)).outcome == "accepted"


def test_a_form_in_a_small_picture_is_found_behind_documents() -> None:
    inbox = OrderInbox()
    small = inbox.document(b"\x89PNG" + bytes(9_000), FormIdentity("scanned", ORDER_ID, UAI), ON_PAPER)
    assert inbox.receive(mail(*icons(inbox, 8), small)).outcome == "accepted"


def test_more_small_pictures_than_are_looked_at_go_to_a_person() -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(*icons(inbox, MOST_SMALL_PICTURES + 1), PDF))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["documents-unread"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "no-form-attached"),
        ({"sides": (827, 1169)}, "form-scanned"),
        ({"sides": (1169, 827)}, "form-scanned"),
        ({"sides": (850, 1100)}, "form-scanned"),
        ({"sides": (1000, 1000)}, "no-form-attached"),
        ({"sides": (1200, 300)}, "no-form-attached"),
        ({"sides": (200, 283)}, "no-form-attached"),
        ({"sides": (0, 0)}, "no-form-attached"),
        ({"content_type": "image/tiff"}, "form-scanned"),
    ],
)
def test_a_small_picture_of_a_page_is_no_logo(changes: dict[str, Any], code: str) -> None:
    """A page scanned in black and white has 40 KB; that its QR was not read does not make it missing."""
    inbox = OrderInbox()
    (picture,) = icons(inbox, 1, size=40_000)
    record = inbox.receive(mail(replace(picture, **changes)))
    assert list(inbox.codes(record)) == [code]
