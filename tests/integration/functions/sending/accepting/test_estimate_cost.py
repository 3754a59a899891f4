"""The estimate over HTTP is exact, and debits or writes nothing (R21)."""

from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import Balance, credit
from tests.integration.conftest import ACCOUNTS, HISTORY, dynamodb_client
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import everything
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import Event, event, http

FUNCTION = "estimate_cost"
TEXT = "Le car scolaire part à 8 h"


@pytest.fixture
def funded(cloud: Cloud, school: str) -> Cloud:
    """A registered school that has 10 SMS."""
    cloud.ledger.post(school, credit("BC1", 10, NOW))
    return cloud


def post(body: object, **changes: Any) -> Event:
    return http(FUNCTION, "text_alone", body=body, **changes)


def stored() -> list[Any]:
    return [list(everything(dynamodb_client(), table)) for table in (ACCOUNTS, HISTORY)]


def test_a_text_alone_is_counted_with_the_way_to_pay_less(funded: Cloud) -> None:
    text = "L’école est fermée demain… Pas de fête. " + "a" * 40

    status, body = funded.call(FUNCTION, post({"text": text}))

    assert (status, body) == (
        200,
        {
            "encoding": "unicode",
            "characters": 80,
            "sms_count": 2,
            "remaining_in_sms": 54,
            "unencodable": ["’", "…", "ê"],
            "text": text,
            "indicative": False,
            "too_long": False,
            "as_gsm": {
                "text": "L'école est fermée demain... Pas de fete. " + "a" * 40,
                "sms_count": 1,
                "saved_sms": 1,
                "reached": 0,
            },
            "savings": [{"remove_characters": 10, "saved_sms": 1}],
            "advice": {"remove_characters": 10, "saved_sms": 1},
            "hint": (
                "Écrit sans «\u00a0’\u00a0», «\u00a0…\u00a0», «\u00a0ê\u00a0», "
                "le message prend 1\u00a0SMS au lieu de 2\u00a0: 1\u00a0SMS de moins par destinataire. "
                "Retirez 10 caractères pour économiser 1\u00a0SMS par destinataire."
            ),
            "warnings": [],
        },
    )


def test_each_recipient_is_counted_or_refused_as_acceptance_would(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, event(FUNCTION, "with_recipients"))

    assert status == 200
    assert (body["cost_sms"], body["sms_count"], body["indicative"], body["encoding"]) == (2, 1, False, "unicode")
    assert body["per_recipient"] == [
        {"index": 0, "sms_count": 1, "cost_sms": 1, "characters": 42},
        {"index": 1, "sms_count": 1, "cost_sms": 1, "characters": 41},
        {"index": 2, "sms_count": 0, "cost_sms": 0, "characters": 0, "refused": "not-a-mobile"},
        {"index": 3, "sms_count": 0, "cost_sms": 0, "characters": 0, "refused": "missing-variable"},
    ]
    assert body["worst_case"] == {"index": 0, "sms_count": 1, "cost_sms": 1, "characters": 42}
    assert body["warnings"] == [
        {
            "code": "unknown-variable",
            "variable": "classe",
            "recipients": 1,
            "detail": "La variable «\u00a0classe\u00a0» n’est pas dans le texte\u00a0: elle n’est pas utilisée.",
        }
    ]
    assert body["unencodable"] == ["ë"]
    assert "as_gsm" not in body


def test_a_half_written_variable_is_refused_in_estimates_too_unless_confirmed(funded: Cloud) -> None:
    body = {"text": "Bonjour [prenom]", "recipients": [{"phone": "06 10 00 00 10", "variables": {"prenom": "Zoé"}}]}

    found = funded.call(FUNCTION, post(body))[1]["per_recipient"][0]
    confirmed = funded.call(FUNCTION, post({**body, "confirm_placeholders": True}))[1]["per_recipient"][0]

    assert (found["refused"], found["cost_sms"]) == ("suspicious-placeholder", 0)
    assert (confirmed.get("refused"), confirmed["cost_sms"]) == (None, 1)


def test_an_estimate_of_a_text_alone_counts_and_warns_of_what_is_half_written(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, post({"text": "Bonjour ((prenom"}))
    [warning] = body["warnings"]
    assert (status, body["sms_count"], body["characters"]) == (200, 1, 16)
    assert (warning["code"], warning["variable"]) == ("suspicious-placeholder", None)
    assert "«\u00a0((prenom\u00a0» (9e caractère)" in warning["detail"]

    for text in ({"text": "Bonjour ((prenom", "confirm_placeholders": True}, {"text": "Bonjour [prenom]"}):
        assert funded.call(FUNCTION, post(text))[1]["warnings"] == []


def test_an_estimate_writes_nothing_and_shows_no_stock(funded: Cloud) -> None:
    """R14."""
    before = stored()

    _, body = funded.call(FUNCTION, event(FUNCTION, "with_recipients"))

    assert stored() == before
    assert funded.ledger.balance(UAI) == Balance(UAI, 10, 1)
    assert not {"balance", "stock"} & set(body)


def test_what_costs_more_than_the_stock_is_estimated_all_the_same(funded: Cloud) -> None:
    recipients = [{"phone": f"06 10 00 {number:02d} 10"} for number in range(11)]

    assert funded.call(FUNCTION, post({"text": TEXT, "recipients": recipients}))[1]["cost_sms"] == 11


def test_a_template_of_the_school_is_estimated_by_its_name(funded: Cloud) -> None:
    put = http("school_api", "put_template", body={"text": "Fête de ((Prénom))"})
    assert funded.call("school_api", put)[0] == 201

    status, body = funded.call(FUNCTION, event(FUNCTION, "template_by_name"))

    assert (status, body["text"], body["indicative"]) == (200, "Fete de xxxxxxxxxx", True)
    stranger = http(FUNCTION, "template_by_name", claims={"school": OTHER_UAI})
    assert funded.call(FUNCTION, stranger)[0] == 404


def test_a_template_that_is_not_there_is_refused(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, event(FUNCTION, "template_by_name"))

    assert (status, body["code"]) == (422, "template-not-found")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "invalid-json"),
        ('{"text": "\\ud800"}', 422, "invalid-request"),
        ({}, 422, "invalid-request"),
        ({"text": TEXT, "template": "Retard"}, 422, "invalid-request"),
        ({"text": ""}, 422, "invalid-request"),
        ({"template": ""}, 422, "invalid-request"),
        ({"text": "a" * 100_000}, 422, "invalid-request"),
        ({"text": TEXT, "encoding": "latin-1"}, 422, "invalid-request"),
        ({"text": TEXT, "media": ["a.jpg"]}, 422, "media-not-carried"),
        ({"text": TEXT, "recipients": [{"phone": "0610000010"}] * 10_001}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": [{"phone": "1"}], "recipient_list": "A" * 14}, 422, "invalid-request"),
        ({"text": TEXT, "recipient_list": "A" * 14}, 404, "list-not-found"),
        ({"text": " "}, 422, "forbidden-content"),
        ({"text": "\u0301\u0300"}, 422, "forbidden-content"),
        ({"text": "Bon\x00jour"}, 422, "forbidden-content"),
        ({"text": "\u202emoc.etad", "encoding": "gsm"}, 422, "forbidden-content"),
        ({"text": "\u0378"}, 422, "forbidden-content"),
        ({"text": "((a))" * 51}, 422, "too-many-variables"),
    ],
)
def test_what_is_no_message_is_a_problem(funded: Cloud, body: object, status: int, code: str) -> None:
    answer = funded.call(FUNCTION, post(body))

    assert (answer[0], answer[1]["code"]) == (status, code)
    assert answer[1]["detail"]


def test_both_a_text_and_a_template_are_too_much(funded: Cloud) -> None:
    body = funded.call(FUNCTION, post({"text": TEXT, "template": "Retard"}))[1]

    assert body["errors"] == [
        {
            "field": "",
            "code": "text_or_template",
            "detail": "Donnez un texte (text) ou le nom d’un modèle (template).",
        }
    ]


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"roles": "[sms_manager]"}, 200),
        ({"roles": "[operator]"}, 403),
        ({"roles": None}, 403),
        ({"school": None}, 403),
        ({"client_id": "app-1"}, 403),
        ({"school": OTHER_UAI}, 404),
    ],
)
def test_callers_who_may_send_may_ask_for_an_estimate(
    funded: Cloud, claims: dict[str, str | None], status: int
) -> None:
    assert funded.call(FUNCTION, post({"text": TEXT}, claims=claims))[0] == status


def test_ten_thousand_recipients_are_estimated_in_one_answer(funded: Cloud) -> None:
    recipients = [
        {"phone": f"06{number:08d}", "variables": {"prenom": "Zoë" if number % 2 else "Léa"}}
        for number in range(10_000_000, 10_010_000)
    ]

    status, body = funded.call(FUNCTION, post({"text": "Bonjour ((prenom)), " + "a" * 60, "recipients": recipients}))

    assert (status, body["cost_sms"], len(body["per_recipient"])) == (200, 15_000, 10_000)
    assert body["as_gsm"]["saved_sms"] == 5_000
    assert len(str(body)) < 1_000_000
