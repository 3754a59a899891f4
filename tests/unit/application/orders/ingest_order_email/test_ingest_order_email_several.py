"""Several documents in a mail: each order on its own, what differs shown, all within the function's time."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.orders.ingest_order_email import LARGEST_PICTURE_BYTES, MOST_DOCUMENTS, MOST_PICTURES
from schoolsms.application.ports.core import FormReader
from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, Picture
from schoolsms.domain.orders.mails import Attachment, InboundMail
from schoolsms.domain.orders.orders import Alteration, MailRecord, Order
from schoolsms.domain.orders.review.unusual_orders import LatelyMade
from schoolsms.domain.schools.schools import Manager
from tests.fakes.orders.orders import FakeOrders
from tests.support.builders import (
    DEADLINE,
    FILLED,
    FORM,
    IDENTITY,
    MANAGER,
    NOW,
    ORDER_ID,
    OTHER_UAI,
    PDF,
    SCHOOL,
    UAI,
    mail,
    reading,
)
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.papers.order_inbox import OrderInbox

OTHER_ID = "BC26-OTHERORDER"
ON_PAPER = FormReading({}, "ink", ticked=True, dated=True)


class TwoForms(OrderInbox):
    """A second form was issued; `both` is a mail with the two."""

    def __init__(self, second: FormReading | None = None, **changes: Any) -> None:
        super().__init__(SCHOOL, replace(SCHOOL, uai=OTHER_UAI, managers=(Manager("Chef", "chef@autre.test"),)))
        self.forms.put(replace(FORM, order_id=OTHER_ID, **changes), b"%PDF issued second")
        self.second = self.document(b"%PDF second", FormIdentity("filled", OTHER_ID, UAI), second or reading())

    @property
    def both(self) -> InboundMail:
        return mail(PDF, self.second)

    def outcomes(self, records: tuple[MailRecord, ...]) -> dict[str, str]:
        return {record.order_id: record.outcome for record in records}


# ------------------------------------------------------------------ forms of different orders


def test_two_forms_in_a_mail_are_two_orders() -> None:
    inbox = TwoForms()
    records = inbox.receive_all(inbox.both)
    assert inbox.outcomes(records) == {ORDER_ID: "accepted", OTHER_ID: "accepted"}
    assert all(record.reasons == () for record in records)
    assert inbox.queues.orders == [ORDER_ID, OTHER_ID]
    inbox.credit_all()
    assert inbox.ledger.of_kind(UAI, "credit") == [(f"credit:{ORDER_ID}", 2_000), (f"credit:{OTHER_ID}", 2_000)]


def test_each_form_of_a_mail_keeps_its_own_document_and_the_clock_of_the_mail() -> None:
    inbox = TwoForms()
    inbox.receive_all(inbox.both)
    first, second = inbox.orders.known[ORDER_ID], inbox.orders.known[OTHER_ID]
    assert [inbox.files.received[each.form_key] for each in (first, second)] == [FILLED, b"%PDF second"]
    assert first.received_at == second.received_at == NOW
    assert first.deadline == second.deadline == DEADLINE


def test_a_complete_form_does_not_wait_for_an_incomplete_one_beside_it() -> None:
    inbox = TwoForms(reading("absent"))
    records = inbox.receive_all(inbox.both)
    assert inbox.outcomes(records) == {ORDER_ID: "accepted", OTHER_ID: "incomplete"}
    assert inbox.queues.orders == [ORDER_ID]
    assert inbox.queues.notices == [("order_incomplete", {"mail_id": records[1].id})]


def test_each_order_of_a_mail_has_a_notice_of_its_own() -> None:
    inbox = TwoForms(reading("broken"))
    inbox.documents.readings[FILLED] = reading("absent")
    records = inbox.receive_all(inbox.both)
    assert len({record.id for record in records}) == 2
    assert all(inbox.orders.mails[record.id] == record for record in records)
    assert inbox.queues.notices == [
        ("order_incomplete", {"mail_id": records[0].id}),
        ("order_in_review", {"mail_id": records[1].id}),
        ("order_to_review", {"mail_id": records[1].id}),
    ]


def test_the_form_of_another_school_in_the_same_mail_is_judged_as_that_school_s() -> None:
    """R13: who manages one school manages no other."""
    theirs = reading(uai=OTHER_UAI, contact_email="chef@autre.test")
    inbox = TwoForms(theirs, uai=OTHER_UAI)
    records = inbox.receive_all(inbox.both)
    assert inbox.outcomes(records) == {ORDER_ID: "accepted", OTHER_ID: "review"}
    assert inbox.orders.known[OTHER_ID].school == OTHER_UAI


def test_what_else_is_in_the_mail_is_looked_at_for_every_order() -> None:
    """R5."""
    inbox = TwoForms()
    terms = inbox.document(b"%PDF our own terms", FormIdentity("foreign"))
    records = inbox.receive_all(mail(PDF, inbox.second, terms))
    assert [list(inbox.codes(record)) for record in records] == [["other-documents"]] * 2


def test_a_form_nobody_issued_beside_a_good_one_is_another_document() -> None:
    inbox = OrderInbox()
    unknown = inbox.document(b"%PDF unknown", FormIdentity("filled", "BC26-UNKNOWN", UAI))
    record = inbox.receive(mail(PDF, unknown))
    assert (record.order_id, record.outcome, list(inbox.codes(record))) == (ORDER_ID, "review", ["other-documents"])


def test_a_mail_with_two_forms_delivered_twice_ends_the_same() -> None:
    """R11."""
    inbox = TwoForms()
    first = inbox.receive_all(inbox.both)
    inbox.credit_all()
    assert inbox.receive_all(inbox.both) == first
    inbox.credit_all()
    assert inbox.ledger.balance(UAI).sms == 4_000
    assert set(inbox.notice_kinds()) == {"credit_activated"}


@pytest.mark.parametrize("step", ["record", "record_mail"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("order_id", [ORDER_ID, OTHER_ID])
def test_dying_at_one_of_two_orders_the_next_delivery_finishes_both(step: str, moment: Any, order_id: str) -> None:
    """R11, R48."""
    inbox = TwoForms()
    mortal = interrupted(inbox.orders, **{moment: {step: dies}})
    served: Any = ByOrder(inbox.orders, {order_id: mortal})
    broken = replace(inbox.ingest, orders=served)
    key = inbox.put("mail-1", inbox.both)
    with pytest.raises(Died):
        broken.ingest(key, NOW)
    assert inbox.queues.orders == ([ORDER_ID] if order_id == OTHER_ID else [])
    inbox.ingest.ingest(key, NOW)
    inbox.credit_all()
    assert inbox.ledger.balance(UAI).sms == 4_000
    assert set(inbox.notice_kinds()) == {"credit_activated"}


class ByOrder:
    """Orders, some of which another store serves."""

    def __init__(self, orders: FakeOrders, others: dict[str, Any]) -> None:
        self.orders, self.others = orders, others

    def __getattr__(self, name: str) -> Any:
        return getattr(self.orders, name)

    def record(self, order: Order, seen: str = "", lately: LatelyMade | None = None) -> Order:
        return self.others.get(order.id, self.orders).record(order, seen, lately)  # type: ignore[no-any-return]

    def record_mail(self, mail: MailRecord) -> None:
        self.others.get(mail.order_id, self.orders).record_mail(mail)


# ------------------------------------------------------------------ several copies of one form


def test_the_same_form_twice_in_a_mail_is_one_order_for_a_person() -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(PDF, Attachment("copie.pdf", "application/pdf", FILLED)))
    assert (record.order_id, record.outcome, list(inbox.codes(record))) == (ORDER_ID, "review", ["several-forms"])
    assert inbox.orders.known[ORDER_ID].quantities == {"P1000": 2}
    assert inbox.queues.orders == []


def test_a_filled_form_with_its_signed_scan_is_not_answered_as_unsigned() -> None:
    """Filled in, printed, signed, scanned, and both attached: a person takes it from there."""
    inbox = OrderInbox()
    inbox.documents.readings[FILLED] = reading("absent", qty_P500="1")
    scan = inbox.document(b"%PDF scan", FormIdentity("scanned", ORDER_ID, UAI), ON_PAPER)
    record = inbox.receive(mail(scan, PDF))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["several-forms"])
    assert inbox.orders.known[ORDER_ID].quantities == {"P500": 1, "P1000": 2}


def test_what_every_copy_lacks_is_missing() -> None:
    """R7."""
    inbox = OrderInbox()
    inbox.documents.readings[FILLED] = reading("absent")
    scan = inbox.document(b"%PDF scan", FormIdentity("scanned", ORDER_ID, UAI), replace(ON_PAPER, signature="absent"))
    record = inbox.receive(mail(PDF, scan))
    assert record.outcome == "incomplete"
    assert "signature-missing" in inbox.codes(record)


def test_what_one_copy_adds_is_doubted() -> None:
    """R5: else a clause could come along on the copy that nobody reads."""
    inbox = OrderInbox()
    added = replace(ON_PAPER, alterations=("écriture ajoutée",), pictures=(Picture("écriture ajoutée", 1, b"\x89PNG"),))
    scan = inbox.document(b"%PDF scan", FormIdentity("scanned", ORDER_ID, UAI), added)
    record = inbox.receive(mail(PDF, scan))
    assert inbox.codes(record) == {"several-forms": None, "form-altered": "écriture ajoutée"}
    assert len(inbox.orders.known[ORDER_ID].alterations) == 1


def test_two_orders_on_one_document_are_both_for_a_person() -> None:
    inbox = TwoForms()
    batch = inbox.document(b"%PDF batch", FormIdentity("scanned", ORDER_ID, UAI, (OTHER_ID,)))
    records = inbox.receive_all(mail(batch))
    assert inbox.outcomes(records) == {ORDER_ID: "review", OTHER_ID: "review"}
    assert [list(inbox.codes(record)) for record in records] == [["several-orders-in-document"]] * 2
    assert inbox.files.received[inbox.orders.known[OTHER_ID].form_key] == b"%PDF batch"
    assert inbox.queues.orders == []


# ------------------------------------------------------------------ pictures of what differs

SHOWN = (Picture("page ajoutée", 2, b"\x89PNG 1"), Picture("texte ajouté", 1, b"\x89PNG 2"))


def altered(*pictures: Picture) -> FormReading:
    return replace(reading("ink", ("texte ajouté", "page ajoutée", "pièce jointe ajoutée")), pictures=pictures)


def test_what_differs_is_kept_with_its_pictures() -> None:
    inbox = OrderInbox()
    inbox.receive_form(altered(*SHOWN))
    kept = inbox.orders.known[ORDER_ID].alterations
    assert [(each.text, each.page) for each in kept] == [
        ("page ajoutée", 2),
        ("texte ajouté", 1),
        ("pièce jointe ajoutée", None),
    ]
    assert [inbox.files.received[each.picture_key] for each in kept[:2]] == [b"\x89PNG 1", b"\x89PNG 2"]
    assert kept[2] == Alteration("pièce jointe ajoutée")


def test_pictures_are_few_and_small_whatever_a_document_makes_its_reader_say() -> None:
    inbox = OrderInbox()
    huge = Picture("énorme", 1, bytes(LARGEST_PICTURE_BYTES + 1))
    inbox.receive_form(altered(huge, *SHOWN * MOST_PICTURES))
    kept = inbox.orders.known[ORDER_ID].alterations
    assert len([each for each in kept if each.picture_key]) == MOST_PICTURES
    assert "énorme" not in {each.text for each in kept}


def test_an_order_never_points_to_a_picture_that_is_not_there() -> None:
    inbox = OrderInbox()
    inbox.documents.readings[FILLED] = altered(*SHOWN)
    key = inbox.put("mail-1", mail(PDF))
    with pytest.raises(Died):
        replace(inbox.ingest, inbox=interrupted(inbox.files, before={"keep_picture": dies})).ingest(key, NOW)
    assert ORDER_ID not in inbox.orders.known


def test_a_mail_delivered_twice_writes_the_same_pictures() -> None:
    inbox = OrderInbox()
    inbox.receive_form(altered(*SHOWN))
    before = dict(inbox.files.received)
    inbox.receive_form(altered(*SHOWN))
    assert inbox.files.received == before


def test_an_order_accepted_has_nothing_to_show() -> None:
    inbox = OrderInbox()
    inbox.receive()
    assert inbox.orders.known[ORDER_ID].alterations == ()


# ------------------------------------------------------------------ within the function's time


def many(inbox: OrderInbox, count: int) -> list[Attachment]:
    return [inbox.document(b"%PDF " + bytes([65 + number]), FormIdentity("foreign")) for number in range(count)]


@pytest.mark.parametrize(("others", "codes"), [(7, ["other-documents"]), (8, ["documents-unread", "other-documents"])])
def test_more_documents_than_are_opened_go_to_a_person_with_a_reason(others: int, codes: list[str]) -> None:
    inbox = OrderInbox()
    assert others in (MOST_DOCUMENTS - 1, MOST_DOCUMENTS)
    record = inbox.receive(mail(PDF, *many(inbox, others)))
    assert (record.outcome, list(inbox.codes(record))) == ("review", codes)


@pytest.mark.parametrize("way", ["unreadable", "encrypted"])
def test_a_form_behind_more_documents_than_are_opened_is_not_answered_as_unreadable(way: Any) -> None:
    inbox = OrderInbox()
    damaged = [inbox.document(b"%PDF " + bytes([65 + number]), FormIdentity(way)) for number in range(MOST_DOCUMENTS)]
    record = inbox.receive(mail(*damaged, PDF))
    assert (record.outcome, "documents-unread" in inbox.codes(record)) == ("review", True)
    assert inbox.notice_kinds() == ["order_in_review", "order_to_review"]


class SlowForms:
    """Every look at a document takes a minute."""

    def __init__(self, inbox: OrderInbox) -> None:
        self.inbox, self.looks = inbox, 0

    def reader(self) -> AbstractContextManager[FormReader]:
        return nullcontext(self)

    def identify(self, document: bytes) -> FormIdentity:
        self._take_time()
        return self.inbox.documents.identify(document)

    def read_form(self, document: bytes, issued: bytes, way: Any = "filled") -> FormReading:
        self._take_time()
        return self.inbox.documents.read_form(document, issued, way)

    def issue(self, form: Any) -> bytes:
        raise NotImplementedError

    def _take_time(self) -> None:
        self.looks += 1
        self.inbox.clock.advance(timedelta(seconds=60))


def test_documents_made_to_take_long_end_in_a_review_before_the_function_does() -> None:
    inbox = OrderInbox()
    slow = SlowForms(inbox)
    inbox.ingest = replace(inbox.ingest, order_forms=slow)
    record = inbox.receive(mail(PDF, *many(inbox, 7)))
    assert inbox.clock.now() - NOW <= timedelta(seconds=240)
    assert (record.order_id, record.outcome) == (ORDER_ID, "review")
    assert "documents-unread" in inbox.codes(record)


def test_a_slow_form_alone_is_judged_all_the_same() -> None:
    inbox = OrderInbox()
    inbox.ingest = replace(inbox.ingest, order_forms=SlowForms(inbox))
    assert inbox.receive(mail(PDF)).outcome == "accepted"


def test_the_sender_of_two_forms_is_the_one_answered() -> None:
    inbox = TwoForms(reading("absent"))
    assert {record.sender for record in inbox.receive_all(inbox.both)} == {MANAGER}


def test_the_identity_of_a_form_names_every_order_on_it() -> None:
    assert IDENTITY.order_ids == (ORDER_ID,)
    assert FormIdentity("foreign").order_ids == ()
