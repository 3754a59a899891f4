"""Mistakes of the operator are mended in the open: a stock by two people (R8, R18, R41)."""

import base64

from facturx import get_xml_from_pdf  # type: ignore[import-untyped]

from local.players.client import Person, eventually
from local.players.school import SchoolPlayer
from schoolsms.domain.orders.billing.invoices import missing_ranks
from tests.journeys.conftest import NewSchool


def test_a_stock_is_corrected_by_two_people(ordered_school: SchoolPlayer, operator: Person) -> None:
    school = ordered_school
    path = f"/v1/schools/{school.uai}/corrections"
    second = school.client.second_operator()
    proposed = operator.post(path, {"sms": -200, "reason": "Pack crédité en trop"})
    assert (proposed.status, school.balance()) == (201, 500)
    decision = f"{path}/{proposed.json['id']}/decision"

    assert operator.put(decision, {"decision": "confirm"}).status == 403
    confirmed = second.put(decision, {"decision": "confirm"})

    assert (confirmed.status, confirmed.json["applied_sms"], school.balance()) == (200, -200, 300)
    entry = school.ledger()[0]
    assert (entry["kind"], entry["cause"]) == ("correction", {"type": "correction", "id": proposed.json["id"]})
    mails = eventually(lambda: school.mails("Stock de SMS corrigé"))
    assert "Pack crédité en trop" in mails[0]["text"]


def test_a_wrong_invoice_is_cancelled_by_a_credit_note_in_the_same_sequence(
    new_school: NewSchool, operator: Person
) -> None:
    """R41: and the number after it follows."""
    school = new_school()
    school.mail(school.signed_form(P500=1))
    [wrong] = eventually(lambda: school.manager.all("/v1/invoices"))
    path = f"/v1/invoices/{wrong['number']}"
    operator.post(f"{path}/payment", {"paid_on": wrong["issued_on"], "reference": "VIR-1", "amount": "20.00"})

    for _ in range(2):
        cancelled = operator.post(f"{path}/credit-note", {"reason": "SIRET erroné"})
        assert (cancelled.status, cancelled.json["state"], cancelled.json["refund_due"]) == (202, "cancelled", "20.00")
    back = operator.post(f"{path}/payment", {"paid_on": wrong["issued_on"], "reference": "RET-1", "given_back": True})
    assert (back.status, back.json["state"], back.json["refund_due"]) == (200, "cancelled", "0.00")
    [listed] = eventually(lambda: [each for each in school.manager.all("/v1/invoices") if each["credit_note"]])
    note = listed["credit_note"]
    [mail] = eventually(lambda: school.mails(f"Avoir {note} : facture {wrong['number']} annulée"))
    [attachment] = mail["attachments"]
    assert attachment["filename"] == f"avoir-{note}.pdf"
    downloaded = school.manager.get(f"/v1/invoices/{note}").body
    assert downloaded == base64.b64decode(attachment["base64"])
    assert b">381<" in get_xml_from_pdf(downloaded)[1]
    assert school.balance() == 500

    school.mail(school.signed_form(P500=1))
    right = eventually(lambda: [each for each in school.manager.all("/v1/invoices") if each["state"] == "due"])[0]
    every = [
        each for state in ("due", "overdue", "paid", "cancelled") for each in operator.all("/v1/invoices", state=state)
    ]
    numbers = [each["number"] for each in every] + [each["credit_note"] for each in every if each["credit_note"]]
    assert missing_ranks(numbers) == []
    assert right["number"] > note > wrong["number"]

    again = operator.post(f"/v1/invoices/{right['number']}/mail", {"to": school.manager.email})
    assert again.json == {"to": [school.manager.email]}
    eventually(lambda: school.mails(f"Facture {right['number']} (nouvel envoi)"))


def test_an_order_whose_invoice_was_cancelled_is_invoiced_anew_once(new_school: NewSchool, operator: Person) -> None:
    """R41: to the school as registered now, with the next number; the stock stays as it is."""
    school = new_school()
    school.mail(school.signed_form(P500=1))
    [wrong] = eventually(lambda: school.manager.all("/v1/invoices"))
    path = f"/v1/invoices/{wrong['number']}"
    assert operator.post(f"{path}/reissue", None).json["code"] == "invoice-not-cancelled"
    operator.post(f"{path}/credit-note", {"reason": "Nom erroné"})
    [listed] = eventually(lambda: [each for each in school.manager.all("/v1/invoices") if each["credit_note"]])
    eventually(lambda: operator.get(f"/v1/invoices/{listed['credit_note']}").status == 200)  # issued
    assert school.register(name="Lycée Corrigé").status == 200

    for _ in range(2):
        asked = operator.post(f"{path}/reissue", None)
        assert (asked.status, asked.json.get("code")) in ((202, None), (409, "already-reissued"))

    [new] = eventually(lambda: [each for each in school.manager.all("/v1/invoices") if each["state"] == "due"])
    [old] = [each for each in school.manager.all("/v1/invoices") if each["number"] == wrong["number"]]
    assert (new["replaces"], old["replaced_by"], old["state"]) == (old["number"], new["number"], "cancelled")
    assert (new["order_id"], new["total_ttc"]) == (old["order_id"], old["total_ttc"])
    assert new["number"] > old["credit_note"] > old["number"]
    [mail] = eventually(lambda: school.mails(f"Facture {new['number']}"))
    pdf = school.manager.get(f"/v1/invoices/{new['number']}").body
    assert pdf == base64.b64decode(mail["attachments"][0]["base64"])
    written = get_xml_from_pdf(pdf)[1]
    assert "Lycée Corrigé".encode() in written
    assert old["number"].encode() in written
    refused = operator.post(f"{path}/reissue", None)
    assert (refused.status, refused.json["code"]) == (409, "already-reissued")
    assert (school.balance(), len(school.manager.all("/v1/invoices"))) == (500, 2)


def test_a_mail_that_comes_back_is_shown_and_marks_its_address(school: SchoolPlayer, operator: Person) -> None:
    """R10: on the embedded cloud mails to `bounce…@` come back and those to `delivered…@` arrive."""
    gone, there = f"bounce-{school.uai.lower()}@college.test", f"delivered-{school.uai.lower()}@college.test"
    managers = [{"name": "Partie Ailleurs", "email": gone}, {"name": "Marie Durand", "email": there}]
    assert school.register(managers=managers).status == 200
    notice = {"facts": "Relance", "deadline": "2099-01-31"}
    assert operator.post(f"/v1/schools/{school.uai}/formal-notice", notice).status == 200

    def mails() -> dict[str, tuple[str, bool]]:
        found = operator.all(f"/v1/schools/{school.uai}/mails", reason="Un gestionnaire ne reçoit rien")
        return {each["to"]: (each["state"], each["address_receives"]) for each in found}

    eventually(lambda: mails() == {gone: ("bounced", False), there: ("delivered", True)})
