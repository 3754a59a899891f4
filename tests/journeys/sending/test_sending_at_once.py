"""Three hundred ask at once for what a hundred SMS can pay (R16, R18)."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import urllib3

from local.players.client import Answer, InVain, eventually
from local.players.school import SchoolPlayer

NewPhone = Callable[..., str]
TRIES = 20


def test_three_hundred_requests_at_once_on_a_stock_for_a_hundred_debit_exactly_that(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school = supplied_school
    spent = school.send("Bonjour à toutes les familles. " * 24, [new_phone() for _ in range(80)])  # 5 SMS each
    assert (spent.json["cost_sms"], school.balance()) == (400, 100)
    phones = [new_phone() for _ in range(300)]
    at_once = threading.Barrier(len(phones))

    def post(phone: str) -> Answer:
        """As a good client: what may pass is tried again under the same key."""
        at_once.wait()
        for _ in range(TRIES):
            try:
                answer = school.send("Rentrée décalée à 10 h.", [phone], idempotency_key=phone)
            except urllib3.exceptions.HTTPError:
                continue  # no answer in time
            if answer.status not in (429, 503):
                return answer
        raise InVain("never answered but with 503")

    with ThreadPoolExecutor(len(phones)) as together:
        answers = list(together.map(post, phones))

    assert Counter(answer.status for answer in answers) == {202: 100, 402: 200}
    assert school.balance() == 0
    entries = school.ledger()[::-1]
    assert Counter(entry["amount"] for entry in entries) == {500: 1, -400: 1, -1: 100}
    running = 0
    for entry in entries:
        running += entry["amount"]
        assert entry["balance_after"] == running >= 0
    accepted = {answer.json["id"] for answer in answers if answer.status == 202}
    assert {entry["id"] for entry in entries[2:]} == {f"debit:{each}" for each in accepted}
    eventually(
        lambda: Counter(each["status"] for each in school.history()) == {"delivered": 180},
        seconds=120,
    )
