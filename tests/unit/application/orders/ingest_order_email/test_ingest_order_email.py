"""A mail of the order inbox, complete or not.

See `…_doubts.py` for who sent it, `…_again.py` for repeats, `…_several.py` for several documents in a mail.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, IssuedForm
from schoolsms.domain.orders.orders import MailRecord
from schoolsms.domain.orders.packs import Pack
from tests.support.builders import DEADLINE, FILLED, FORM, NOW, ORDER_ID, PDF, TEXTS, UAI, mail, reading
from tests.support.papers.order_inbox import OrderInbox


def test_a_complete_signed_form_from_a_manager_is_accepted() -> None:
    """R4, R6: nothing else is needed."""
    inbox = OrderInbox()
    record = inbox.receive()
    order = inbox.orders.known[ORDER_ID]
    assert (record.outcome, record.reasons) == ("accepted", ())
    assert (order.state, order.school, order.quantities, order.sms) == ("accepted", UAI, {"P1000": 2}, 2_000)
    assert (order.ht_cents, order.vat_cents, order.ttc_cents) == (17_000, 3_400, 20_400)
    assert (order.received_at, order.deadline) == (NOW, DEADLINE)
    assert (order.conditions_version, order.school_year) == ("2026-09", "2026-27")
    assert order.texts == TEXTS
    assert inbox.queues.orders == [ORDER_ID]
    assert inbox.notice_kinds() == []


def test_the_form_is_kept_as_it_was_received() -> None:
    inbox = OrderInbox()
    inbox.receive()
    assert inbox.files.received[inbox.orders.known[ORDER_ID].form_key] == FILLED


@pytest.mark.parametrize("signature", ["ink", "digital"])
def test_ink_and_digital_signatures_both_sign(signature: str) -> None:
    assert OrderInbox().receive_form(reading(signature)).outcome == "accepted"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"school_name": ""}, "field-missing", "school_name"),
        ({"address": ""}, "field-missing", "address"),
        ({"contact_name": ""}, "field-missing", "contact_name"),
        ({"contact_email": ""}, "field-missing", "contact_email"),
        ({"place_and_date": ""}, "field-missing", "place_and_date"),
        ({"uai": ""}, "field-missing", "uai"),
        ({"uai": "0750655F"}, "uai-invalid", None),
        ({"siret": ""}, "field-missing", "siret"),
        ({"siret": "73282932000075"}, "siret-invalid", None),
        ({"qty_P1000": ""}, "quantity-missing", None),
        ({"qty_P1000": "0"}, "quantity-missing", None),
        ({"qty_P1000": "-1"}, "quantity-invalid", "qty_P1000"),
        ({"qty_P500": "beaucoup"}, "quantity-invalid", "qty_P500"),
        ({"accept_terms": ""}, "terms-not-accepted", None),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_credited(fields: Any, code: str, field: str | None) -> None:
    """R7."""
    inbox = OrderInbox()
    record = inbox.receive_form(reading(**fields))
    assert record.outcome == "incomplete"
    assert inbox.codes(record) == {code: field}
    assert inbox.queues.orders == []
    assert inbox.notice_kinds() == ["order_incomplete"]


def test_an_unsigned_form_is_no_order() -> None:
    """R7."""
    inbox = OrderInbox()
    record = inbox.receive_form(reading("absent"))
    assert (record.outcome, inbox.codes(record)) == ("incomplete", {"signature-missing": None})
    assert inbox.queues.orders == []


def test_everything_that_is_missing_is_named_at_once() -> None:
    record = OrderInbox().receive_form(reading("absent", qty_P1000="", accept_terms="", siret=""))
    assert {reason.code for reason in record.reasons} == {
        "signature-missing",
        "quantity-missing",
        "terms-not-accepted",
        "field-missing",
    }


@pytest.mark.parametrize(
    ("signature", "alterations", "fields", "code"),
    [
        ("broken", (), {}, "signature-broken"),
        ("ink", ("page ajoutée",), {}, "form-altered"),
        ("ink", (), {"uai": "0750654D"}, "form-of-another-school"),
        ("ink", (), {"total_ttc": "1,00 €"}, "totals-differ"),
    ],
)
def test_what_may_be_wrong_goes_to_a_person_with_the_reason(
    signature: str, alterations: tuple[str, ...], fields: Any, code: str
) -> None:
    """R5, R12."""
    inbox = OrderInbox()
    record = inbox.receive_form(reading(signature, alterations, **fields))
    assert (record.outcome, list(inbox.codes(record))) == ("review", [code])
    assert inbox.queues.orders == []
    assert inbox.notice_kinds() == ["order_in_review", "order_to_review"]


def test_a_review_keeps_what_was_read() -> None:
    """R12."""
    inbox = OrderInbox()
    inbox.receive_form(reading("broken", qty_P500="3"))
    order = inbox.orders.known[ORDER_ID]
    assert order.quantities == {"P500": 3, "P1000": 2}
    assert order.read["contact_name"] == "Marie Durand"


def test_what_the_school_can_mend_alone_comes_before_what_a_person_must_judge() -> None:
    record = OrderInbox().receive_form(reading("absent", total_ttc="1,00"))
    assert record.outcome == "incomplete"


def test_an_altered_form_is_for_a_person_even_when_something_seems_missing() -> None:
    """R5, R7: what was altered may hide it."""
    record = OrderInbox().receive_form(reading("absent", ("format modifié page 1",), place_and_date=""))
    assert (record.outcome, [reason.code for reason in record.reasons]) == ("review", ["form-altered"])


def test_the_prices_are_those_of_the_form_not_of_today() -> None:
    inbox = OrderInbox(form=replace(FORM, packs=(Pack("P1000", 1_000, 8_000),)))
    inbox.receive()
    assert inbox.orders.known[ORDER_ID].ht_cents == 16_000


def test_an_order_of_friday_evening_is_due_on_monday_evening() -> None:
    """R9."""
    inbox = OrderInbox()
    inbox.receive(at=datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    assert inbox.orders.known[ORDER_ID].deadline == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


ON_PAPER = FormReading({}, "ink", ticked=True, dated=True)


def on_paper(way: Any, form: FormReading = ON_PAPER, issued: IssuedForm = FORM) -> tuple[OrderInbox, MailRecord]:
    inbox = OrderInbox(form=issued)
    scan = inbox.document(b"%PDF on paper", FormIdentity(way, ORDER_ID, UAI), form)
    return inbox, inbox.receive(mail(scan))


@pytest.mark.parametrize("way", ["scanned", "printed"])
def test_a_form_signed_on_paper_is_accepted_as_it_was_issued(way: Any) -> None:
    inbox, record = on_paper(way)
    assert (record.outcome, record.reasons, inbox.queues.orders) == ("accepted", (), [ORDER_ID])
    stored = inbox.orders.get(ORDER_ID)
    assert stored is not None
    assert stored.quantities == FORM.quantities


@pytest.mark.parametrize("field", ["service_code", "engagement_number"])
def test_what_a_hand_wrote_for_the_invoice_is_read_by_a_person(field: str) -> None:
    """R41: Chorus Pro would refuse an invoice without it."""
    inbox, record = on_paper("scanned", replace(ON_PAPER, written=(field, "contact_phone")))
    assert (record.outcome, inbox.codes(record)) == ("review", {"handwritten": field})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signature": "absent"}, "signature-missing"),
        ({"ticked": False}, "terms-not-accepted"),
        ({"dated": False}, "field-missing"),
    ],
)
def test_what_is_missing_on_paper_is_answered(changes: dict[str, Any], code: str) -> None:
    inbox, record = on_paper("scanned", replace(ON_PAPER, **changes))
    assert (record.outcome, list(inbox.codes(record))) == ("incomplete", [code])


def test_a_form_printed_without_quantities_orders_nothing() -> None:
    inbox, record = on_paper("scanned", issued=replace(FORM, quantities={}))
    assert (record.outcome, list(inbox.codes(record))) == ("incomplete", ["quantity-missing"])


def test_what_a_pen_added_on_paper_is_looked_at_by_a_person_whatever_is_missing() -> None:
    """R5."""
    added = replace(ON_PAPER, signature="absent", ticked=False, alterations=("écriture ajoutée",))
    inbox, record = on_paper("scanned", added)
    assert (record.outcome, inbox.codes(record)) == ("review", {"form-altered": "écriture ajoutée"})


@pytest.mark.parametrize(
    ("way", "outcome", "code"),
    [
        ("encrypted", "incomplete", "form-encrypted"),
        ("unreadable", "incomplete", "form-unreadable"),
        ("foreign", "review", "form-unknown"),
        ("scanned", "review", "form-scanned"),
        ("filled", "review", "form-unknown"),
        ("printed", "review", "form-unknown"),
    ],
)
def test_a_document_that_names_no_order_is_answered_or_looked_at(way: Any, outcome: str, code: str) -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(inbox.document(b"%PDF other", FormIdentity(way))))
    assert (record.outcome, list(inbox.codes(record))) == (outcome, [code])
    assert inbox.orders.known[record.order_id].school == ""


def test_a_form_that_was_never_issued_is_looked_at() -> None:
    inbox = OrderInbox()
    lost = inbox.document(b"%PDF lost", FormIdentity("filled", "BC26-LOST", UAI))
    record = inbox.receive(mail(lost))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["form-unknown"])


def test_a_mail_without_form_is_answered() -> None:
    """R7, R48."""
    inbox = OrderInbox()
    record = inbox.receive(mail())
    assert (record.outcome, inbox.codes(record)) == ("incomplete", {"no-form-attached": None})
    assert inbox.notice_kinds() == ["order_incomplete"]


def test_the_picture_in_a_signature_is_no_form() -> None:
    inbox = OrderInbox()
    logo = inbox.document(b"\x89PNG logo", FormIdentity("scanned"))
    assert list(inbox.codes(inbox.receive(mail(logo)))) == ["no-form-attached"]
    assert inbox.receive(mail(PDF, logo), key="mail-2").outcome == "accepted"


def test_a_large_picture_may_be_a_scan() -> None:
    inbox = OrderInbox()
    scan = inbox.document(b"\x89PNG" + bytes(50_000), FormIdentity("scanned"))
    assert list(inbox.codes(inbox.receive(mail(scan)))) == ["form-scanned"]


@pytest.mark.parametrize(
    ("problem", "outcome", "code"),
    [
        ("media-attached", "review", "media-attached"),
        ("too-many-parts", "review", "mail-unreadable"),
        ("attachment-too-large", "review", "mail-unreadable"),
    ],
)
def test_a_form_beside_something_unseen_goes_to_a_person(problem: str, outcome: str, code: str) -> None:
    """R3, R5: what nobody could look at never passes."""
    inbox = OrderInbox()
    record = inbox.receive(mail(PDF, problems=(problem,)))
    assert (record.outcome, list(inbox.codes(record))) == (outcome, [code])


@pytest.mark.parametrize(
    ("problem", "outcome", "code"),
    [
        ("media-attached", "review", "media-attached"),
        ("too-many-parts", "review", "mail-unreadable"),
        ("attachment-too-large", "incomplete", "attachment-too-large"),
    ],
)
def test_a_mail_whose_form_may_be_unseen_is_not_answered_that_there_is_none(
    problem: str, outcome: str, code: str
) -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(problems=(problem,)))
    assert (record.outcome, list(inbox.codes(record))) == (outcome, [code])


def test_a_form_signed_digitally_by_who_is_trusted_is_accepted() -> None:
    assert OrderInbox().receive_form(reading("digital")).outcome == "accepted"


def test_a_form_with_an_unknown_signer_goes_to_a_person_with_the_name() -> None:
    inbox = OrderInbox()
    record = inbox.receive_form(replace(reading("untrusted"), signer="Zoé Lefèvre"))
    assert (record.outcome, inbox.codes(record)) == ("review", {"signer-untrusted": "Zoé Lefèvre"})


def test_a_file_that_nobody_opened_beside_a_good_form_is_looked_at_by_a_person() -> None:
    """R5: it may hold terms of the school's own."""
    inbox = OrderInbox()
    record = inbox.receive(mail(PDF, problems=("other-attachment",)))
    assert (record.outcome, list(inbox.codes(record))) == ("review", ["other-documents"])


def test_a_file_of_a_kind_that_is_not_read_is_named_in_the_reply() -> None:
    """R7: the school can send it again in another kind."""
    inbox = OrderInbox()
    record = inbox.receive(mail(problems=("other-attachment",), unread=("photo HEIC", "document Word (.docx)")))
    assert record.outcome == "incomplete"
    assert inbox.codes(record) == {"attachment-not-read": "photo HEIC, document Word (.docx)"}
    assert inbox.notice_kinds() == ["order_incomplete"]


def test_an_unsigned_form_beside_a_photo_that_is_not_read_is_answered_with_both() -> None:
    """The photo may be that of the signed page."""
    inbox = OrderInbox()
    sent = mail(PDF, problems=("other-attachment",), unread=("photo HEIC",))
    record = inbox.receive_form(reading("absent"), sent)
    assert record.outcome == "incomplete"
    assert inbox.codes(record) == {
        "other-documents": None,
        "signature-missing": None,
        "attachment-not-read": "photo HEIC",
    }


def test_a_document_that_cannot_be_read_does_not_hide_a_photo_that_is_not() -> None:
    inbox = OrderInbox()
    broken = inbox.document(b"%PDF broken", FormIdentity("unreadable"))
    record = inbox.receive(mail(broken, unread=("photo HEIC",)))
    assert inbox.codes(record) == {"form-unreadable": None, "attachment-not-read": "photo HEIC"}


def test_a_mail_of_many_unread_files_names_a_few() -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(unread=tuple(f"fichier .x{number}" for number in range(9))))
    assert inbox.codes(record) == {
        "attachment-not-read": "fichier .x0, fichier .x1, fichier .x2, fichier .x3, fichier .x4"
    }


def test_a_form_beside_a_picture_of_another_kind_is_not_doubted_for_it() -> None:
    assert OrderInbox().receive(mail(PDF, unread=("image WebP",))).outcome == "accepted"


def test_a_file_that_is_no_form_alone_is_answered() -> None:
    inbox = OrderInbox()
    record = inbox.receive(mail(problems=("other-attachment",)))
    assert (record.outcome, list(inbox.codes(record))) == ("incomplete", ["no-form-attached"])
