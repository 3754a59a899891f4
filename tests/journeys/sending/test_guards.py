"""Guards against a school's slips and parents' bad surprises (R25)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.players.client import Answer
from local.players.school import SchoolPlayer

NewPhone = Callable[..., str]


def post(school: SchoolPlayer, text: str, phones: list[str], **more: Any) -> Answer:
    body = {"text": text, "recipients": [{"phone": phone} for phone in phones], **more}
    return school.sender.post("/v1/send-requests", body)


def test_the_same_message_a_moment_later_has_to_be_confirmed(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone, other = supplied_school, new_phone(), new_phone()
    assert post(school, "Le gymnase est fermé.", [phone]).status == 202

    again = post(school, "Le gymnase est fermé.", [phone, other])
    assert (again.status, again.json["accepted"]) == (202, 1)
    assert [(each["index"], each["code"]) for each in again.json["refused"]] == [(0, "duplicate")]
    assert post(school, "Le gymnase est fermé.", [phone, other]).json["code"] == "no-recipient-left"
    assert post(school, "Le gymnase est fermé.", [phone, other], confirm_duplicates=True).status == 202
    assert school.balance() == 500 - 1 - 1 - 2


def test_of_ten_who_send_the_same_at_once_one_does(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school, phone = supplied_school, new_phone()
    with ThreadPoolExecutor(10) as together:
        answers = list(together.map(lambda _: post(school, "Fin des cours à midi.", [phone]), range(10)))

    assert Counter(answer.status for answer in answers) == {202: 1, 422: 9}
    assert [entry["amount"] for entry in school.ledger()] == [-1, 500]


def test_shortened_addresses_and_premium_numbers_are_refused_and_named(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone = supplied_school, new_phone()
    for text, named in [("Voir https://bit.ly/3xYz", "bit.ly"), ("Appelez le 0899 12 34 56", "0899 12 34 56")]:
        answer = post(school, text, [phone])
        assert (answer.status, answer.json["code"]) == (422, "no-recipient-left")
        (refused,) = answer.json["refused"]
        assert refused["code"] == "forbidden-content"
        assert named in refused["detail"]
    assert post(school, "Appelez le 04 72 00 32 12, ou le 3018.", [phone]).status == 202


def test_a_school_sends_no_more_in_a_day_than_it_may(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school = supplied_school
    assert school.register(daily_limit=5).status == 200
    phones = [[new_phone() for _ in range(2)] for _ in range(6)]

    with ThreadPoolExecutor(6) as together:
        answers = list(together.map(lambda two: post(school, "Photo de classe jeudi.", two), phones))

    assert Counter(answer.status for answer in answers) == {202: 2, 403: 4}
    assert {answer.json["code"] for answer in answers if answer.status == 403} == {"daily-limit-reached"}
    assert school.balance() == 496
