"""A message to send, over HTTP: checked, counted, debited once, or refused with nothing debited (R16, R19-R22, R29)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import Balance, credit
from tests.integration.conftest import HISTORY, dynamodb_client
from tests.support.builders import NOW, OTHER_UAI, SCHOOL, UAI
from tests.support.examples import keys
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import Event, event, http

FUNCTION = "accept_send_request"
TEXT = "Le car scolaire part à 8 h"


@pytest.fixture
def funded(cloud: Cloud, school: str) -> Cloud:
    """A registered school that has 10 SMS."""
    cloud.ledger.post(school, credit("BC1", 10, NOW))
    return cloud


def post(body: object = None, **changes: Any) -> Event:
    return http(FUNCTION, "one_recipient", body=body, **changes)


def to(*phones: str, text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"text": text, "recipients": [{"phone": phone} for phone in phones], **more}


def assert_nothing_happened(cloud: Cloud) -> None:
    assert cloud.ledger.balance(UAI).seq <= 1
    assert not any(sk == "REQUEST" for _, sk in keys(dynamodb_client(), HISTORY))


def test_a_request_is_accepted_and_debited(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, event(FUNCTION, "one_recipient"))

    assert status == 202
    assert {**body, "id": ""} == {
        "id": "",
        "state": "accepted",
        "accepted": 1,
        "refused": [],
        "cost_sms": 1,
        "send_at": None,
        "due_at_local": "2026-11-23T10:00:00.000+01:00",
        "expires_at": "2026-11-26T09:00:00.000Z",
        "warnings": [],
    }
    assert funded.ledger.balance(UAI) == Balance(UAI, 9, 2)
    stored = funded.requests.get(body["id"])
    assert stored is not None
    assert (stored.author, stored.text) == ("user-2", TEXT)
    assert [line.phone for line in funded.requests.lines(stored, 0)] == ["+33610000010"]


def test_each_recipient_gets_its_own_text_and_the_others_their_reason(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, event(FUNCTION, "with_variables"))

    assert (status, body["accepted"], body["cost_sms"]) == (202, 2, 2)
    assert body["refused"] == [
        {
            "index": 2,
            "phone": "01 44 41 00 00",
            "code": "not-a-mobile",
            "detail": (
                "Ce numéro n’est pas un mobile\u00a0: il ne reçoit pas de SMS. Indiquez le mobile de ce destinataire."
            ),
        },
        {
            "index": 3,
            "phone": "06 10 00 02 10",
            "code": "missing-variable",
            "detail": "La variable «\u00a0prénom\u00a0» n’a pas de valeur pour ce destinataire.",
        },
    ]
    stored = funded.requests.get(body["id"])
    assert stored is not None
    assert [(line.phone, line.text) for line in funded.requests.lines(stored, 0)] == [
        ("+33610000010", "Bonjour Maëlys, le car scolaire part à 8 h"),
        ("+33610000110", "Bonjour Éloïse, le car scolaire part à 8 h"),
    ]


def test_a_request_repeated_with_its_key_is_the_same(funded: Cloud) -> None:
    first = funded.call(FUNCTION, event(FUNCTION, "one_recipient"))
    funded.clock.advance(timedelta(minutes=5))

    assert funded.call(FUNCTION, event(FUNCTION, "one_recipient")) == first
    assert funded.ledger.balance(UAI) == Balance(UAI, 9, 2)


def test_a_repeat_lists_the_refused_as_the_first_answer_did(funded: Cloud) -> None:
    body = to("06 10 00 00 10", "01 44 41 00 00")

    assert funded.call(FUNCTION, post(body)) == funded.call(FUNCTION, post(body))


def test_a_key_used_for_another_request_is_refused(funded: Cloud) -> None:
    funded.call(FUNCTION, event(FUNCTION, "one_recipient"))

    status, body = funded.call(FUNCTION, post(to("06 10 00 00 10", text="Le car part à 9 h")))

    assert (status, body["code"]) == (409, "idempotency-key-reused")
    assert funded.ledger.balance(UAI).sms == 9


def test_the_same_key_of_another_person_or_school_is_another_request(funded: Cloud) -> None:
    funded.schools.put(replace(SCHOOL, uai=OTHER_UAI))
    funded.ledger.post(OTHER_UAI, credit("BC2", 10, NOW))

    again = to("06 10 00 00 10", confirm_duplicates=True)
    ids = {
        funded.call(FUNCTION, post(again, claims=claims))[1]["id"]
        for claims in ({}, {"sub": "user-3"}, {"school": OTHER_UAI})
    }

    assert len(ids) == 3


def test_without_a_key_each_request_is_another(funded: Cloud) -> None:
    keyless = post(to("06 10 00 00 10", confirm_duplicates=True), headers={"idempotency-key": " "})

    assert funded.call(FUNCTION, keyless)[1]["id"] != funded.call(FUNCTION, keyless)[1]["id"]
    assert funded.ledger.balance(UAI).sms == 8


def test_a_request_that_costs_more_than_the_balance_is_refused(funded: Cloud) -> None:
    phones = [f"06 10 00 {number:02d} 10" for number in range(11)]

    status, body = funded.call(FUNCTION, post(to(*phones)))

    assert (status, body["code"], body["title"]) == (402, "insufficient-balance", "Solde de SMS insuffisant")
    assert_nothing_happened(funded)


def test_a_test_number_costs_nothing(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, post(to("06 39 98 00 10")))

    assert (status, body["cost_sms"]) == (202, 0)
    assert funded.ledger.balance(UAI).seq == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "suspended"}, "school-suspended"),
        ({"state": "terminated"}, "school-terminated"),
        ({"subscription_end": date(2026, 11, 22)}, "subscription-ended"),
    ],
)
def test_a_school_that_is_closed_sends_nothing(funded: Cloud, changes: dict[str, Any], code: str) -> None:
    funded.replace_school(replace(SCHOOL, **changes))

    status, body = funded.call(FUNCTION, event(FUNCTION, "one_recipient"))

    assert (status, body["code"]) == (403, code)
    assert_nothing_happened(funded)


def test_when_no_recipient_is_left_the_answer_lists_all_of_them(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, post(to("01 44 41 00 00", "²", "+881 612 345 678", "")))

    assert (status, body["code"]) == (422, "no-recipient-left")
    assert [each["index"] for each in body["refused"]] == [0, 1, 2, 3]
    assert_nothing_happened(funded)


@pytest.mark.parametrize("text", [" ", "\u0000", "Bonjour\u0007"])
def test_a_text_no_sms_can_carry_is_refused(funded: Cloud, text: str) -> None:
    assert funded.call(FUNCTION, post(to("06 10 00 00 10", text=text)))[0] == 422
    assert_nothing_happened(funded)


def test_a_text_over_five_sms_is_refused(funded: Cloud) -> None:
    assert funded.call(FUNCTION, post(to("06 10 00 00 10", text="a" * 764)))[1]["cost_sms"] == 5
    longer = post(to("06 10 00 00 10", text="a" * 765), headers={"idempotency-key": "another"})
    assert funded.call(FUNCTION, longer)[1]["refused"][0]["code"] == "too-long"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "invalid-json"),
        ("[" * 20_000, 400, "invalid-json"),
        ('{"text": "\\ud800", "recipients": [{"phone": "0610000010"}]}', 422, "invalid-request"),
        ("null", 422, "invalid-request"),
        ("[]", 422, "invalid-request"),
        ("1e999", 422, "invalid-request"),
        ({}, 422, "invalid-request"),
        ({"text": TEXT}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": []}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": "06 10 00 00 10"}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": ["06 10 00 00 10"]}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": [{"phone": 33610000010}]}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": [{"phone": None}]}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": [{"phone": "0" * 65}]}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": [{"phone": "0610000010", "variables": {"a": 1}}]}, 422, "invalid-request"),
        ({"text": TEXT, "recipients": [{"phone": "0610000010", "variables": ["a"]}]}, 422, "invalid-request"),
        (to("0610000010", text=""), 422, "invalid-request"),
        (to("0610000010", text="a" * 5_001), 422, "invalid-request"),
        (to("0610000010", encoding="latin-1"), 422, "invalid-request"),
        (to("0610000010", media=["photo.jpg"]), 422, "media-not-carried"),
        (to(*["0610000010"] * 10_001), 422, "invalid-request"),
    ],
)
def test_a_body_that_is_no_request_is_a_problem(funded: Cloud, body: object, status: int, code: str) -> None:
    """R3 too: what carries media is refused explicitly."""
    answer = funded.call(FUNCTION, post(body))

    assert (answer[0], answer[1]["code"]) == (status, code)
    assert answer[1]["status"] == status
    assert_nothing_happened(funded)


def test_json_cut_short_is_a_problem(funded: Cloud) -> None:
    status, body = funded.call(FUNCTION, event(FUNCTION, "broken_json"))

    assert (status, body["type"]) == (400, "/problems/invalid-json")


def test_what_is_wrong_is_named_without_the_value(funded: Cloud) -> None:
    body = funded.call(FUNCTION, post({"text": TEXT, "recipients": [{"phone": {"secret": 1}}]}))[1]

    assert body["errors"] == [{"field": "recipients.0.phone", "code": "string_type", "detail": "Un texte est attendu."}]


@pytest.mark.parametrize(
    "claims",
    [
        {"roles": None},
        {"roles": "[]"},
        {"roles": "[operator]"},
        {"roles": "[SMS_SENDER]"},
        {"school": None},
        {"school": ""},
        {"sub": None},
        {"sub": " "},
    ],
)
def test_a_caller_without_a_role_sends_nothing(funded: Cloud, claims: dict[str, str | None]) -> None:
    """R2, R26."""
    status, body = funded.call(FUNCTION, post(claims=claims))

    assert (status, body["code"]) == (403, "forbidden")
    assert_nothing_happened(funded)


def test_a_caller_without_a_role_is_refused_before_anything_else(funded: Cloud) -> None:
    """R2: whom the service does not serve learns nothing of what it would take."""
    assert funded.call(FUNCTION, post({}, claims={"roles": "[operator]"}))[0] == 403


def test_a_token_without_school_sends_nothing(funded: Cloud) -> None:
    assert funded.call(FUNCTION, event(FUNCTION, "token_without_school"))[0] == 403


def test_a_school_that_is_not_registered_sends_nothing(cloud: Cloud) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "one_recipient"))[0] == 404


@pytest.mark.parametrize("claims", [{"roles": "[sms_manager]"}, {"roles": "[sms_manager sms_sender]"}])
def test_a_manager_may_send_too(funded: Cloud, claims: dict[str, str | None]) -> None:
    assert funded.call(FUNCTION, post(claims=claims))[0] == 202


def test_a_key_that_is_too_long_is_refused(funded: Cloud) -> None:
    assert funded.call(FUNCTION, post(headers={"idempotency-key": "k" * 201}))[0] == 422
    assert funded.call(FUNCTION, post(headers={"idempotency-key": "k" * 200}))[0] == 202


def test_header_names_are_read_in_any_case(funded: Cloud) -> None:
    shouted = event(FUNCTION, "one_recipient")
    shouted["headers"]["Idempotency-Key"] = shouted["headers"].pop("idempotency-key")

    assert funded.call(FUNCTION, shouted)[1]["id"] == funded.call(FUNCTION, event(FUNCTION, "one_recipient"))[1]["id"]


def test_ten_thousand_recipients_fit_in_one_request(cloud: Cloud, school: str) -> None:
    cloud.ledger.post(school, credit("BC1", 10_000, NOW))

    status, body = cloud.call(FUNCTION, post(to(*(f"06{number:08d}" for number in range(10_000_000, 10_010_000)))))

    assert (status, body["accepted"], body["cost_sms"]) == (202, 10_000, 10_000)
    stored = cloud.requests.get(body["id"])
    assert stored is not None
    assert len(cloud.requests.lines(stored, 199)) == 50


def test_long_variable_names_and_many_refusals_fit_too(cloud: Cloud, school: str) -> None:
    cloud.ledger.post(school, credit("BC1", 10, NOW))
    name = "é" * 4_900
    recipients: list[dict[str, Any]] = [{"phone": "0610000010", "variables": {name: "Zoé"}}]
    recipients += [{"phone": f"06{number}"} for number in range(10_100_000, 10_101_000)]

    status, body = cloud.call(FUNCTION, post({"text": f"Bonjour (({name}))", "recipients": recipients}))

    assert (status, body["accepted"], len(body["refused"])) == (202, 1, 1_000)
    assert len(str(body)) < 1_000_000


def test_while_the_database_does_not_answer_nothing_is_debited(funded: Cloud) -> None:
    with funded.outage("dynamodb"):
        answer = funded.invoke(FUNCTION, event(FUNCTION, "one_recipient"))

    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "5")
    assert_nothing_happened(funded)
    assert funded.call(FUNCTION, event(FUNCTION, "one_recipient"))[0] == 202


def test_a_fault_of_ours_is_a_problem_without_details(funded: Cloud) -> None:
    dynamodb_client().delete_table(TableName=HISTORY)

    status, body = funded.call(FUNCTION, event(FUNCTION, "one_recipient"))

    assert (status, body["code"]) == (500, "internal-error")
    assert "HistoryTable" not in str(body)
    assert funded.ledger.balance(UAI) == Balance(UAI, 10, 1)
