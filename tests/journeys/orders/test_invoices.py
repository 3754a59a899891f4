"""A credited order is invoiced by mail; the manager downloads it, the operator records its payment (R41, R42)."""

import base64
from functools import partial
from io import BytesIO

from facturx import get_xml_from_pdf  # type: ignore[import-untyped]
from pypdf import PdfReader

from local.players.client import Person, eventually
from local.players.school import SchoolPlayer
from schoolsms.domain.orders.billing.invoices import missing_ranks
from tests.journeys.conftest import NewSchool

STANDINGS = ("due", "overdue", "paid", "cancelled")


def test_an_order_is_invoiced_and_paid(school: SchoolPlayer, operator: Person) -> None:
    school.mail(school.signed_form({"service_code": "COMPTA", "engagement_number": "EJ-42"}, P1000=2))
    [listed] = eventually(lambda: school.manager.all("/v1/invoices"))
    assert (listed["state"], listed["total_ht"], listed["vat"], listed["total_ttc"]) == (
        "due",
        "170.00",
        "34.00",
        "204.00",
    )

    [mail] = school.mails(f"Facture {listed['number']}")
    [attachment] = mail["attachments"]
    assert (attachment["filename"], attachment["content_type"]) == (
        f"facture-{listed['number']}.pdf",
        "application/pdf",
    )
    downloaded = school.manager.get(f"/v1/invoices/{listed['number']}")
    assert downloaded.headers["content-type"] == "application/pdf"
    assert downloaded.body == base64.b64decode(attachment["base64"])

    said = " ".join(PdfReader(BytesIO(downloaded.body)).pages[0].extract_text().split())
    assert school.name in said
    assert "EJ-42" in said
    _, xml = get_xml_from_pdf(downloaded.body)
    assert b">204.00<" in xml
    assert b"COMPTA" in xml

    path = f"/v1/invoices/{listed['number']}"
    day = listed["issued_on"]
    received = operator.post(f"{path}/reception", {"received_on": day, "reference": "CPP-1"})
    assert (received.status, received.json["due_on"]) == (200, listed["due_on"])
    for _ in range(2):
        part = operator.post(f"{path}/payment", {"paid_on": day, "reference": "VIR-1", "amount": "100.00"})
        assert (part.status, part.json["state"], part.json["rest_due"]) == (200, "due", "104.00")
    for _ in range(2):
        paid = operator.post(f"{path}/payment", {"paid_on": day, "reference": "VIR-2"})
        assert (paid.status, paid.json["state"], paid.json["rest_due"]) == (200, "paid", "0.00")
    too_much = operator.post(f"{path}/payment", {"paid_on": day, "reference": "VIR-3", "amount": "4.00"})
    assert (too_much.json["state"], too_much.json["overpaid"]) == ("paid", "4.00")
    for _ in range(2):
        back = operator.post(f"{path}/payment", {"paid_on": day, "reference": "RET-1", "given_back": True})
        assert (back.status, back.json["state"], back.json["overpaid"]) == (200, "paid", "0.00")
    [listed] = school.manager.all("/v1/invoices")
    assert [each["amount"] for each in listed["payments"]] == ["100.00", "104.00", "4.00", "-4.00"]
    assert school.balance() == 2000
    assert listed["number"] in {each["number"] for each in operator.all("/v1/invoices", state="paid")}


def test_an_invoice_is_nobody_elses(ordered_school: SchoolPlayer, new_school: NewSchool) -> None:
    """R2, R14."""
    [listed] = eventually(lambda: ordered_school.manager.all("/v1/invoices"))
    path = f"/v1/invoices/{listed['number']}"
    other = new_school()
    assert other.manager.get(path).status == 404
    assert other.manager.all("/v1/invoices") == []
    assert ordered_school.sender.get(path).status == 403
    payment = {"paid_on": "2026-11-23", "reference": "VIR-1"}
    assert ordered_school.manager.post(f"{path}/payment", payment).status == 403


def test_invoices_of_many_orders_are_numbered_without_a_gap(new_school: NewSchool, operator: Person) -> None:
    """R41."""
    schools = [new_school() for _ in range(4)]
    for school in schools:
        school.mail(school.signed_form(P500=1))
    for school in schools:
        eventually(partial(school.manager.all, "/v1/invoices"))
    every = [each for state in STANDINGS for each in operator.all("/v1/invoices", state=state)]
    numbers = [each["number"] for each in every] + [each["credit_note"] for each in every if each["credit_note"]]
    assert missing_ranks(numbers) == []
