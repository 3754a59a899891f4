"""Abroad only after the operator authorised and the school accepted, at the multiplier it accepted (R22, R23)."""

from typing import Any

from local.players.client import Person, eventually
from local.players.school import SchoolPlayer

BELGIAN, SPANISH = "+32470123410", "+34612345610"


def propose(operator: Person, school: SchoolPlayer, tariff: Any = None, /, **multipliers: int) -> None:
    body: dict[str, Any] = {
        "sending_country": "FR",
        "destinations": {country: {"multiplier": count} for country, count in multipliers.items()},
    }
    if tariff:
        body["tariff"] = tariff
    assert operator.put(f"/v1/schools/{school.uai}/destinations", body).status == 200


def refused(school: SchoolPlayer, phone: str) -> str:
    answer = school.send("Voyage scolaire : rendez-vous à 8 h.", [phone])
    return str(answer.json["refused"][0]["code"])


def test_a_country_is_sent_to_once_authorised_and_accepted(supplied_school: SchoolPlayer, operator: Person) -> None:
    school = supplied_school
    assert refused(school, BELGIAN) == "country-not-authorised"
    tariff = {"text": "Belgique et Espagne, prix HT par SMS.", "prices": {"BE": "0.0825", "ES": "0.12"}}
    propose(operator, school, tariff, BE=2, ES=3)
    assert refused(school, BELGIAN) == "country-not-authorised"
    shown = school.manager.get("/v1/destinations").json
    assert (shown["destinations"]["BE"], "BE" in shown["in_force"]) == ({"multiplier": 2}, False)
    assert (shown["tariff"], shown["accepted_tariff"]) == (tariff, None)

    assert school.sender.post("/v1/destinations/acceptance", {"version": 1}).status == 403
    accepted = school.manager.post("/v1/destinations/acceptance", {"version": 1})
    assert (accepted.status, accepted.json["in_force"]["ES"]) == (200, {"multiplier": 3})
    assert accepted.json["accepted_tariff"] == tariff

    answer = school.send("Voyage scolaire : rendez-vous à 8 h.", [BELGIAN, SPANISH])
    assert (answer.status, answer.json["accepted"], answer.json["cost_sms"]) == (202, 2, 5)
    assert school.balance() == 495
    eventually(lambda: set(school.statuses(answer.json["id"]).values()) == {"delivered"})
    assert [sms["text"] for sms in school.client.phone(BELGIAN)] == ["Voyage scolaire : rendez-vous à 8 h."]


def test_a_changed_multiplier_waits_for_the_school(ordered_school: SchoolPlayer, operator: Person) -> None:
    school = ordered_school
    propose(operator, school, BE=2)
    school.manager.post("/v1/destinations/acceptance", None)
    propose(operator, school, BE=4)

    assert refused(school, "+32470123510") == "country-not-authorised"
    assert school.manager.post("/v1/destinations/acceptance", {"version": 1}).json["code"] == "destinations-changed"
    assert school.manager.post("/v1/destinations/acceptance", {"version": 2}).status == 200
    assert school.send("Retour à 18 h.", ["+32470123510"]).json["cost_sms"] == 4
    acts = operator.get(f"/v1/schools/{school.uai}").json["acts"]
    assert [(each["kind"], each["detail"]["version"]) for each in acts] == [
        ("destinations-accepted", 2),
        ("destinations-authorised", 2),
        ("destinations-accepted", 1),
        ("destinations-authorised", 1),
    ]
