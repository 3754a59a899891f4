"""No consent, no message; STOP ends it; an erased number is nowhere (R24, R44, R45)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.support.journeys.consenting import ConsentingClient

NewPhone = Callable[..., str]
PROOF = {
    "wording": "J’accepte de recevoir les SMS du collège.",
    "version": "2026-09",
    "channel": "formulaire papier",
    "collected_by": "Secrétariat du collège",
    "collected_at": "2026-09-01",
}


def consent(school: SchoolPlayer, phone: str) -> Any:
    return school.manager.get(f"/v1/recipients/{quote(phone)}").json["consent"]


def test_nobody_is_written_to_before_consenting(
    client: ConsentingClient, supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone = supplied_school, new_phone()
    client.silent.add(phone)

    refused = school.send("Sortie au musée de l’Homme", [phone])
    assert refused.status == 422
    assert [each["code"] for each in refused.json["refused"]] == ["no-consent"]

    assert school.manager.put(f"/v1/consents/{quote(phone)}", PROOF).status == 201
    assert school.send("Sortie au musée de l’Homme", [phone]).status == 202
    eventually(lambda: client.phone(phone))


def test_a_recipient_who_answers_stop_gets_no_more_messages(
    client: ConsentingClient, supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone = supplied_school, new_phone()
    assert school.send("Réunion des parents d’élèves lundi", [phone]).status == 202
    eventually(lambda: client.phone(phone))

    assert client.call("POST", f"/local/phones/{quote(phone)}/reply", {"text": "Stop !"}).status == 200

    withdrawn = eventually(lambda: consent(school, phone)["state"] == "withdrawn" and consent(school, phone))
    assert withdrawn["events"][-1]["kind"] == "withdrawal"
    refused = school.send("Réunion des parents d’élèves mardi", [phone])
    assert [each["code"] for each in refused.json["refused"]] == ["no-consent"]
    again = school.consent(phone).json
    assert [each["code"] for each in again["errors"]] == ["consent-withdrawn"], "the same list again undoes nothing"


@pytest.mark.parametrize("ending", ["10", "07"], ids=["by OVHcloud", "by AWS"])
def test_other_answers_are_read_by_the_school_that_wrote_and_a_manager_withdraws(
    client: ConsentingClient, supplied_school: SchoolPlayer, new_phone: NewPhone, ending: str
) -> None:
    school, phone = supplied_school, new_phone(ending)
    assert school.send("Le self est fermé jeudi", [phone]).status == 202
    eventually(lambda: client.phone(phone))

    def read() -> list[Any]:
        return [each for each in school.manager.all("/v1/replies") if each["phone"] == phone]

    text = "Laissez-moi tranquille avec vos SMS"
    assert client.call("POST", f"/local/phones/{quote(phone)}/reply", {"text": text}).status == 200

    [reply] = eventually(read)
    assert reply["text"] == text
    assert consent(school, phone)["state"] == "granted"
    assert school.manager.get(f"/v1/recipients/{quote(phone)}").json["replies"] == [reply]
    assert school.sender.get("/v1/replies").status == 403
    assert school.manager.delete(f"/v1/consents/{quote(reply['phone'])}").status == 204
    assert consent(school, phone)["state"] == "withdrawn"
    assert school.manager.delete(f"/v1/recipients/{quote(phone)}").status == 200
    assert read() == []


def test_a_withdrawal_stops_what_waits_and_gives_its_sms_back(
    client: ConsentingClient, supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    """In 08 every provider is busy, so that the message waits."""
    school, phone = supplied_school, new_phone("08")
    before = school.balance()
    sent = school.send("Annulation du voyage scolaire", [phone])
    assert (sent.status, school.balance()) == (202, before - 1)

    assert school.manager.delete(f"/v1/consents/{quote(phone)}").status == 204

    eventually(lambda: school.statuses(sent.json["id"]) == {phone: "cancelled"})
    assert school.balance() == before
    assert client.phone(phone) == []


def test_an_erased_number_is_nowhere_and_never_written_to_again(
    client: ConsentingClient, supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone, other = supplied_school, new_phone(), new_phone()
    sent = school.send("La photo de classe est reportée", [phone, other])
    eventually(lambda: set(school.statuses(sent.json["id"]).values()) == {"delivered"})
    held = school.manager.get(f"/v1/recipients/{quote(phone)}").json
    assert [each["phone"] for each in held["messages"]] == [phone]

    erased = school.manager.delete(f"/v1/recipients/{quote(phone)}")

    assert (erased.status, erased.json["messages"], erased.json["complete"]) == (200, 1, True)
    history = school.history()
    assert {(each["phone"], each["text"], each["sms_count"]) for each in history} == {
        *((None, None, 1), (other, "La photo de classe est reportée", 1)),
    }
    held = school.manager.get(f"/v1/recipients/{quote(phone)}").json
    assert (held["consent"], held["messages"]) == (None, [])
    assert held["erased_at"]
    assert school.manager.put(f"/v1/consents/{quote(phone)}", PROOF).json["code"] == "number-erased"
    assert school.send("La photo de classe a lieu demain", [phone]).json["refused"][0]["code"] == "no-consent"


def test_a_correction_moves_the_consent(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school, wrong, right = supplied_school, new_phone(), new_phone()
    assert school.manager.put(f"/v1/consents/{quote(wrong)}", PROOF).status == 201

    corrected = school.manager.post(f"/v1/recipients/{quote(wrong)}/rectification", {"phone": right})

    assert (corrected.status, corrected.json["phone"], corrected.json["state"]) == (200, right, "granted")
    assert consent(school, wrong)["state"] == "corrected"
    refused = school.manager.put(f"/v1/consents/{quote(wrong)}", PROOF)
    assert refused.json["code"] == "number-corrected", "what was collected before does not bring it back"
    listed = [each for each in school.manager.all("/v1/consents") if each["phone"] in (wrong, right)]
    assert [each["phone"] for each in listed] == [right]
