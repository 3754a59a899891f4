"""Doubtful mails go to a person, and mails that are no order do no harm (R5, R12, R13, R48)."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfWriter

from local.players import paper
from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.domain.ids import digest_id
from schoolsms.domain.schools.schools import Manager
from tests.support.builders import FORM, MANAGER, ORDER_ID, OTHER_UAI, SCHOOL, UAI
from tests.support.functions.cloud import ORDER_FORM_SECRET, Cloud
from tests.support.functions.events import event, failed
from tests.support.functions.inbox import INBOX, KEY, filled, ingest, issued, mail, signed, stored
from tests.support.functions.log_privacy import Logs
from tests.support.papers.pdf_editing import saved

FUNCTION = "ingest_order_email"
MAIL_ID = digest_id(KEY)
REVIEW = [{"kind": kind, "ids": {"mail_id": MAIL_ID}} for kind in ("order_in_review", "order_to_review")]


def assert_no_order(cloud: Cloud) -> None:
    assert cloud.queued("AcceptedOrders") == []
    assert cloud.ledger.balance(UAI).seq == 0


# ------------------------------------------------------------------ reviews


def test_a_mail_larger_than_ses_takes_goes_to_a_person(inbox: Cloud) -> None:
    outcome = ingest(inbox, mail(issued() + b"\0" * 31_000_000))

    assert (outcome.record.outcome, outcome.codes) == ("review", ["mail-unreadable"])


def test_the_same_form_twice_in_a_mail_goes_to_a_person(inbox: Cloud) -> None:
    outcome = ingest(inbox, mail(signed(), signed()))

    assert (outcome.order.id, outcome.record.outcome, outcome.codes) == (ORDER_ID, "review", ["several-forms"])
    assert inbox.queued("Notices") == REVIEW
    assert_no_order(inbox)


def test_a_form_on_which_another_school_wrote_goes_to_a_person(inbox: Cloud) -> None:
    outcome = ingest(inbox, mail(paper.ink(filled({"uai": OTHER_UAI}))))

    assert outcome.record.outcome == "review"
    assert "form-of-another-school" in outcome.codes
    assert_no_order(inbox)


def test_a_form_that_the_service_never_issued_goes_to_a_person(inbox: Cloud) -> None:
    """Its QR bears another signature."""
    forged = paper.ink(filled(pdf=issued(key="somebody else's key")))

    outcome = ingest(inbox, mail(forged))

    assert (outcome.record.outcome, outcome.codes, outcome.order.school) == ("review", ["form-unknown"], "")
    assert_no_order(inbox)


def test_a_stranger_goes_to_a_person_though_the_form_names_a_manager(inbox: Cloud) -> None:
    """R13."""
    outcome = ingest(inbox, mail(signed(), sender="luc@ailleurs.test"), sender="luc@ailleurs.test")

    assert (outcome.record.outcome, outcome.codes) == ("review", ["sender-unknown"])
    assert_no_order(inbox)


def test_a_spoofed_mail_is_never_answered_nor_credited(inbox: Cloud) -> None:
    """R13: the envelope is of a domain that disowns it."""
    outcome = ingest(inbox, mail(signed()), sender="pirate@spoofed.test")

    assert outcome.record.outcome == "review"
    assert "mail-verdict-failed" in outcome.codes
    assert not outcome.record.answerable
    assert_no_order(inbox)


def test_verdicts_that_the_sender_wrote_count_for_nothing(inbox: Cloud) -> None:
    lie = b"Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass header.from=lycee.test\r\n"

    outcome = ingest(inbox, lie + mail(signed()).as_bytes(), sender="pirate@spoofed.test")

    assert outcome.record.outcome == "review"
    assert_no_order(inbox)


def test_terms_added_to_the_form_go_to_a_person(inbox: Cloud) -> None:
    """R5."""
    bounds = (60.0, 60.0, 300.0, 90.0)
    added = paper.annotate(signed(), "/FreeText", bounds, b"BT /F1 10 Tf (Paiement a 90 jours) Tj ET", {})

    outcome = ingest(inbox, mail(added))

    assert outcome.record.outcome == "review"
    assert "form-altered" in outcome.codes
    assert_no_order(inbox)


@pytest.mark.sandboxed
@pytest.mark.parametrize("on_paper", [paper.scan, paper.flatten])
def test_a_form_that_comes_back_on_paper_is_never_lost(inbox: Cloud, on_paper: Callable[[bytes], bytes]) -> None:
    outcome = ingest(inbox, mail(on_paper(signed())))

    assert (outcome.order.id, outcome.order.school) == (ORDER_ID, UAI)
    assert outcome.record.outcome in ("review", "accepted")
    assert inbox.documents.get(outcome.order.form_key)


@pytest.mark.sandboxed
def test_a_form_of_five_thousand_pages_goes_to_a_person(inbox: Cloud) -> None:
    pages = PdfWriter(clone_from=BytesIO(signed()))
    for _ in range(4_999):
        pages.add_blank_page(595, 842)

    outcome = ingest(inbox, mail(saved(pages)))

    assert (outcome.order.id, outcome.record.outcome, set(outcome.codes)) == (ORDER_ID, "review", {"form-altered"})
    assert_no_order(inbox)


def test_the_form_of_another_school_goes_to_a_person_of_the_operator(inbox: Cloud) -> None:
    """R2, R13: its QR is authentic, its sender manages another school and names himself on it."""
    theirs = replace(FORM, order_id="BC26-THEIRS", uai=OTHER_UAI, contact_email="chef@autre.test")
    document = PdfOrderForms(ORDER_FORM_SECRET.encode(), INBOX).issue(theirs)
    inbox.forms.put(theirs, document)
    inbox.schools.put(replace(SCHOOL, uai=OTHER_UAI, managers=(Manager("Chef", "chef@autre.test"),)))

    outcome = ingest(inbox, mail(paper.ink(filled({"contact_email": MANAGER}, pdf=document))))

    assert (outcome.order.school, outcome.record.outcome) == (OTHER_UAI, "review")
    assert "sender-unknown" in outcome.codes
    assert_no_order(inbox)


def test_a_scan_of_last_year_s_form_goes_to_a_person(inbox: Cloud) -> None:
    """R4: a form makes the contract of its own school year, and its QR says which."""
    last_year = replace(FORM, order_id="BC25-LASTYEAR", school_year="2025-26")
    document = PdfOrderForms(ORDER_FORM_SECRET.encode(), INBOX).issue(last_year)
    inbox.forms.put(last_year, document)

    outcome = ingest(inbox, mail(paper.scan(paper.ink(filled(pdf=document)))))

    assert (outcome.order.id, outcome.record.outcome) == ("BC25-LASTYEAR", "review")
    assert outcome.codes == ["form-expired"]
    assert_no_order(inbox)


# ------------------------------------------------------------------ what is no order mail at all


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\xff" * 5_000,
        b"From: \r\n\r\n",
        b"From: a@lycee.test, b@lycee.test\r\n\r\nBonjour",
        b"From: =?utf-8?q?=00?= <>\r\nContent-Type: multipart/mixed\r\n\r\n--\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n--x--",
        b"A" * 300_000,
        b"Subject: x\r\n" * 30_000 + b"\r\n",
    ],
    ids=["empty", "bytes", "no-sender", "two-senders", "odd-sender", "empty-parts", "one-line", "many-headers"],
)
def test_whatever_arrives_is_recorded_and_never_given_again(inbox: Cloud, raw: bytes) -> None:
    outcome = ingest(inbox, raw)

    assert outcome.record.outcome in ("incomplete", "review", "rejected")
    assert outcome.codes
    assert_no_order(inbox)


def test_an_out_of_office_reply_is_answered_by_nobody(inbox: Cloud) -> None:
    automatic = mail()
    automatic["Auto-Submitted"] = "auto-replied"

    assert ingest(inbox, automatic).record.outcome == "rejected"
    assert inbox.queued("Notices") == []


def test_the_test_event_of_s3_is_no_mail(inbox: Cloud) -> None:
    assert failed(inbox.invoke(FUNCTION, event(FUNCTION, "s3_test_event"))) == []


def test_only_the_poisoned_record_is_given_again(inbox: Cloud) -> None:
    inbox.mails.put(KEY, stored(mail(signed())), "message/rfc822")
    poisoned = event(FUNCTION, "poisoned_beside_good")

    assert failed(inbox.invoke(FUNCTION, poisoned)) == [poisoned["Records"][0]["messageId"]]
    assert inbox.queued("AcceptedOrders") == [{"order_id": ORDER_ID}]


@pytest.mark.parametrize("body", ["null", "[]", '{"Records": [{}]}', '{"Records": [{"s3": {"object": {"key": 5}}}]}'])
def test_a_body_that_names_no_mail_ends_among_the_dead_letters(inbox: Cloud, body: str) -> None:
    notification: Any = event(FUNCTION, "mail_stored")
    notification["Records"][0]["body"] = body

    assert len(failed(inbox.invoke(FUNCTION, notification))) == 1


def test_a_mail_that_is_not_there_yet_is_waited_for(inbox: Cloud) -> None:
    assert len(failed(inbox.invoke(FUNCTION, event(FUNCTION, "mail_stored")))) == 1


@pytest.mark.parametrize("service", ["s3", "dynamodb", "sqs"])
def test_after_a_failure_halfway_the_mail_is_taken_up_again(inbox: Cloud, service: str) -> None:
    """R48."""
    inbox.mails.put(KEY, stored(mail(signed())), "message/rfc822")
    with inbox.outage(service):
        assert len(failed(inbox.invoke(FUNCTION, event(FUNCTION, "mail_stored")))) == 1

    assert failed(inbox.invoke(FUNCTION, event(FUNCTION, "mail_stored"))) == []
    assert inbox.queued("AcceptedOrders") == [{"order_id": ORDER_ID}]


def test_the_log_says_what_became_of_a_mail_by_ids(inbox: Cloud, logs: Logs) -> None:
    logs.private.add(MANAGER)
    ingest(inbox, mail(filled({"contact_phone": "06 12 34 56 78", "siret": "1"})))

    (line,) = logs.lines("mail ingested")
    assert (line["mail"], line["order"], line["outcome"]) == (MAIL_ID, ORDER_ID, "incomplete")
    assert "signature-missing" in line["reasons"]
