"""One debit a request, never more than the stock, however many ask at once (R16, R18, R29)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from local.players.client import Answer, eventually
from local.players.school import SchoolPlayer

NewPhone = Callable[..., str]
FIVE_SMS = "Réunion de parents. " * 38  # 760 characters


def test_a_request_retried_with_its_key_is_the_same_request(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school, phone = supplied_school, new_phone()
    first = school.send("Sortie annulée demain.", [phone, "01 43 00 00 00"], idempotency_key="sortie")
    again = school.send("Sortie annulée demain.", [phone, "01 43 00 00 00"], idempotency_key="sortie")

    assert (first.status, again.status) == (202, 202)
    assert again.json == first.json
    eventually(lambda: school.statuses(first.json["id"]) == {phone: "delivered"})
    assert len(school.client.phone(phone)) == 1
    assert school.balance() == 499


def test_a_key_used_for_another_request_is_refused(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school = supplied_school
    assert school.send("Sortie annulée demain.", [new_phone()], idempotency_key="sortie").status == 202
    other = school.send("Sortie maintenue demain.", [new_phone()], idempotency_key="sortie")

    assert (other.status, other.json["code"]) == (409, "idempotency-key-reused")
    assert school.balance() == 499


def test_the_keys_of_two_people_do_not_meet(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school = supplied_school
    mine = school.send("Cantine fermée jeudi.", [new_phone()], idempotency_key="cantine")
    yours = school.send("Cantine fermée jeudi.", [new_phone()], idempotency_key="cantine", by=school.manager)

    assert mine.json["id"] != yours.json["id"]
    assert school.balance() == 498


def test_ten_identical_posts_at_once_with_one_key_are_one_debit(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone = supplied_school, new_phone()

    def post(_: int) -> Answer:
        return school.send("Grève des bus lundi.", [phone], idempotency_key="greve")

    with ThreadPoolExecutor(10) as together:
        answers = list(together.map(post, range(10)))

    assert {answer.status for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert [entry["amount"] for entry in school.ledger()] == [-1, 500]
    eventually(lambda: school.statuses(answers[0].json["id"]) == {phone: "delivered"})
    assert len(school.client.phone(phone)) == 1


def test_a_request_that_costs_more_than_the_stock_is_refused(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school = supplied_school
    answer = school.send(FIVE_SMS, [new_phone() for _ in range(101)])

    assert (answer.status, answer.json["code"]) == (402, "insufficient-balance")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "505" in answer.json["detail"]
    assert "500" not in answer.json["detail"]  # a sender never sees the stock (R14)
    assert [entry["amount"] for entry in school.ledger()] == [500]
    assert school.history() == []


def test_a_school_without_stock_sends_nothing(school: SchoolPlayer, new_phone: NewPhone) -> None:
    answer = school.send("Bonjour à tous.", [new_phone()])

    assert (answer.status, answer.json["code"]) == (402, "insufficient-balance")
