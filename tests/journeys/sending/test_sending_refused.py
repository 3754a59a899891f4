"""Requests that are refused, in whole or for some recipients, and cost nothing (R19, R20, R23, R27)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.players.school import SchoolPlayer
from tests.support.journeys.consenting import ConsentingClient

NewPhone = Callable[..., str]
PHONE = "+33612345610"


def nothing_debited(school: SchoolPlayer) -> bool:
    return [entry["kind"] for entry in school.ledger()] in ([], ["correction"]) and school.history() == []


def test_recipients_are_refused_one_by_one_with_a_reason(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school, phone = supplied_school, new_phone()
    people: list[tuple[str, dict[str, str]]] = [
        (phone, {"prenom": "Maxence"}),
        ("01 43 00 00 00", {"prenom": "Maxence"}),
        ("06 12", {"prenom": "Maxence"}),
        ("pas un numéro", {"prenom": "Maxence"}),
        ("+32 470 12 34 56", {"prenom": "Maxence"}),
        (new_phone(), {}),
        (new_phone(), {"prenom": "x" * 800}),
        (new_phone(), {"prenom": "NUL \x00 inside"}),
        (phone, {"prenom": "Maxence"}),
    ]
    recipients = [{"phone": number, "variables": variables} for number, variables in people]
    body = {"text": "Bonjour ((prenom)).", "recipients": recipients}
    answer = school.sender.post("/v1/send-requests", body)

    assert (answer.status, answer.json["accepted"], answer.json["cost_sms"]) == (202, 1, 1)
    assert [(refusal["index"], refusal["code"]) for refusal in answer.json["refused"]] == [
        (1, "not-a-mobile"),
        (2, "invalid-number"),
        (3, "invalid-number"),
        (4, "country-not-authorised"),
        (5, "missing-variable"),
        (6, "too-long"),
        (7, "forbidden-content"),
        (8, "duplicate"),
    ]
    assert [refusal["phone"] for refusal in answer.json["refused"]] == [number for number, _ in people[1:]]
    assert all(refusal["detail"] for refusal in answer.json["refused"])
    assert school.balance() == 499


def test_a_request_of_which_no_recipient_is_left_says_why(supplied_school: SchoolPlayer) -> None:
    answer = supplied_school.send("Bonjour à tous.", ["01 43 00 00 00", "36 17"])

    assert (answer.status, answer.json["code"]) == (422, "no-recipient-left")
    assert [(each["index"], each["code"]) for each in answer.json["refused"]] == [
        (0, "not-a-mobile"),
        (1, "invalid-number"),
    ]
    assert nothing_debited(supplied_school)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid-json"),
        (b"{", 400, "invalid-json"),
        (b"\xff\xfe{}", 400, "invalid-json"),
        (b"null", 422, "invalid-request"),
        (b"[]", 422, "invalid-request"),
        (b"{}", 422, "invalid-request"),
        (b'{"text": "Bonjour \\ud800", "recipients": [{"phone": "+33612345610"}]}', 422, "invalid-request"),
        (b'{"text": "Bonjour", "recipients": []}', 422, "invalid-request"),
        (b'{"text": "", "recipients": [{"phone": "+33612345610"}]}', 422, "invalid-request"),
        (b'{"text": 3, "recipients": [{"phone": "+33612345610"}]}', 422, "invalid-request"),
        (b'{"text": "Bonjour", "recipients": "+33612345610"}', 422, "invalid-request"),
        (b'{"text": "Bonjour", "recipients": [{"phone": "+33612345610"}], "media": "x"}', 422, "media-not-carried"),
        (b"[" * 100_000, 400, "invalid-json"),
    ],
)
def test_a_body_that_is_no_request_is_a_problem(school: SchoolPlayer, body: bytes, status: int, code: str) -> None:
    answer = school.client.call(
        "POST",
        "/v1/send-requests",
        body,
        token=school.sender.token,
        headers={"content-type": "application/json"},
    )

    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json["type"] == f"/problems/{code}"
    assert nothing_debited(school)


def test_a_text_that_no_sms_can_carry_is_refused(supplied_school: SchoolPlayer) -> None:
    for text in ("   ", "\n", "\x00", "Bonjour \x00 à tous", "\u200b"):
        answer = supplied_school.send(text, [PHONE])
        assert (answer.status, answer.json["code"]) == (422, "no-recipient-left")
        assert answer.json["refused"][0]["code"] == "forbidden-content"
    assert nothing_debited(supplied_school)


def test_too_many_recipients_are_refused_at_once(school: SchoolPlayer, client: ConsentingClient) -> None:
    phones = [f"+336{index:08d}" for index in range(10_001)]
    client.silent.update(phones)
    answer = school.send("Bonjour à tous.", phones)

    assert (answer.status, answer.json["code"]) == (422, "invalid-request")
    assert [error["field"] for error in answer.json["errors"]] == ["recipients"]
    assert "10000" in answer.json["errors"][0]["detail"]


def test_a_problem_never_repeats_what_was_posted(school: SchoolPlayer) -> None:
    body: dict[str, Any] = {"text": "Secret-de-famille" * 400, "recipients": [{"phone": "0" * 70}]}
    answer = school.sender.post("/v1/send-requests", body)

    assert answer.status == 422
    assert "Secret" not in json.dumps(answer.json)
    assert "000000" not in json.dumps(answer.json)


def test_a_school_out_of_subscription_sends_nothing(supplied_school: SchoolPlayer) -> None:
    school = supplied_school
    assert school.register(subscription_end="2020-08-31").json["code"] == "end-in-past"
    assert school.register(subscription_end="2020-08-31", confirm_past_end=True).status == 200
    answer = school.send("Bonjour à tous.", [PHONE])

    assert (answer.status, answer.json["code"]) == (403, "subscription-ended")
    assert nothing_debited(school)
