"""An estimate is exact: the message then costs what it said (R14, R19-R22)."""

from collections.abc import Callable
from typing import Any

from local.players.client import eventually
from local.players.school import SchoolPlayer

NewPhone = Callable[..., str]
TEXT = "Bonjour ((Prénom)), l’entraînement de ((sport)) est annulé ce soir, rendez-vous demain…"


def people(new_phone: NewPhone) -> list[dict[str, Any]]:
    """Some who get the message, in one or two SMS, and some who do not."""
    twice = {"phone": new_phone(), "variables": {"prenom": "Anaëlle", "sport": "handball et gymnastique"}}
    return [
        {"phone": new_phone(), "variables": {"prénom": "Léa", "sport": "judo"}},
        twice,
        twice,
        {"phone": new_phone(), "variables": {"PRENOM": "Noé", "sport": "tir à l'arc", "classe": "6e B"}},
        {"phone": "01 43 00 00 00", "variables": {"prenom": "Tom", "sport": "judo"}},
        {"phone": new_phone(), "variables": {"prenom": "Tom"}},
        {"phone": "06 39 98 00 10", "variables": {"prenom": "Max", "sport": "golf"}},
    ]


def test_what_was_estimated_is_debited_to_the_sms(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school = supplied_school
    body = {"text": TEXT, "recipients": people(new_phone)}

    estimate = school.sender.post("/v1/estimates", body)
    assert estimate.status == 200, estimate.body
    assert school.balance() == 500
    assert [entry["kind"] for entry in school.ledger()] == ["correction"]

    sent = school.sender.post("/v1/send-requests", body)
    assert sent.status == 202, sent.body
    assert sent.json["cost_sms"] == estimate.json["cost_sms"] == 6
    assert 500 - school.balance() == 6
    refused = [(each["index"], each["refused"]) for each in estimate.json["per_recipient"] if "refused" in each]
    assert refused == [(2, "duplicate"), (4, "not-a-mobile"), (5, "missing-variable")]
    assert [(each["index"], each["code"]) for each in sent.json["refused"]] == refused
    assert estimate.json["worst_case"]["index"] == 1
    assert [each["variable"] for each in estimate.json["warnings"]] == ["classe"]
    assert not {"balance", "stock"} & set(estimate.json)

    # The phone shows what the estimate showed, in as many parts.
    [sms] = eventually(lambda: school.client.phone(body["recipients"][1]["phone"]))  # type: ignore[index]
    assert (sms["text"], sms["parts"]) == (estimate.json["text"], estimate.json["sms_count"])


def test_the_alternative_in_gsm_costs_what_it_promised(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school = supplied_school
    body = {"text": TEXT, "recipients": people(new_phone)}
    estimate = school.sender.post("/v1/estimates", body).json
    plain = estimate["as_gsm"]
    assert plain["text"] == "Bonjour ((Prénom)), l'entrainement de ((sport)) est annulé ce soir, rendez-vous demain..."

    again = school.sender.post("/v1/estimates", body | {"text": plain["text"], "encoding": "gsm"}).json
    assert again["cost_sms"] == estimate["cost_sms"] - plain["saved_sms"] == 3
    sent = school.sender.post("/v1/send-requests", body | {"text": plain["text"], "encoding": "gsm"})
    assert (sent.status, sent.json["cost_sms"]) == (202, 3)


def test_a_template_is_kept_estimated_and_sent_by_its_name(
    supplied_school: SchoolPlayer, new_school: Callable[[], SchoolPlayer], new_phone: NewPhone
) -> None:
    school, name = supplied_school, "/v1/templates/Entra%C3%AEnement%20annul%C3%A9"
    assert school.sender.put(name, {"text": TEXT}).status == 403
    assert school.manager.put(name, {"text": TEXT}).status == 201
    assert school.manager.put(name, {"text": TEXT}).status == 200

    [kept] = school.sender.get("/v1/templates").json["items"]
    assert (kept["name"], kept["variables"]) == ("Entraînement annulé", ["Prénom", "sport"])
    assert school.sender.get(name).json == kept
    assert new_school().manager.get(name).status == 404

    indicative = school.sender.post("/v1/estimates", {"template": "entrainement annule"})
    assert (indicative.status, indicative.json["indicative"]) == (200, True)
    body = {"template": kept["name"], "recipients": people(new_phone)}
    estimate = school.sender.post("/v1/estimates", body)
    sent = school.sender.post("/v1/send-requests", body)
    assert (sent.status, sent.json["cost_sms"]) == (202, estimate.json["cost_sms"])

    assert school.manager.delete(name).status == 204
    assert school.manager.get(name).status == 404
    for path in ("/v1/estimates", "/v1/send-requests"):
        gone = school.sender.post(path, body)
        assert (gone.status, gone.json["code"]) == (422, "template-not-found")
    assert 500 - school.balance() == sent.json["cost_sms"]


def test_what_is_no_message_is_refused_before_it_could_cost(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school = supplied_school
    for text, code in (
        ("", "invalid-request"),
        ("a" * 100_000, "invalid-request"),
        ("\u0301\u0300", "forbidden-content"),
        ("\u202emoc.etad", "forbidden-content"),
        ("NUL \x00 inside", "forbidden-content"),
        ("((a))" * 51, "too-many-variables"),
    ):
        body = {"text": text, "recipients": [{"phone": new_phone(), "variables": {"a": "b"}}]}
        estimate = school.sender.post("/v1/estimates", body)
        assert (estimate.status, estimate.json["code"]) == (422, code)
        assert school.sender.post("/v1/send-requests", body).status == 422
    assert school.balance() == 500


def test_half_a_pair_of_surrogates_is_no_text(school: SchoolPlayer) -> None:
    for path in ("/v1/estimates", "/v1/send-requests"):
        answer = school.sender.post(path, b'{"text": "a\\ud800", "recipients": [{"phone": "0612345610"}]}')
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "text")
