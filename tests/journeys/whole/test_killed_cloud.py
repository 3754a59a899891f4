"""Money and messages agree with each other after a stop under load, and after a kill."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from local.players.client import eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack

REQUESTS = 6
ESTIMATES = 10
"""For each request: what loads the cloud without a state machine of its own for each."""


def burst(school: SchoolPlayer, new_phone: Callable[..., str]) -> list[str]:
    """Send requests at once, while others are asked for what they would cost; the ids of those taken."""
    phones = [new_phone() for _ in range(REQUESTS)]

    def send(phone: str) -> str:
        for _ in range(ESTIMATES):
            school.sender.post("/v1/estimates", {"text": "Bonjour"})
        answer = school.send("Le collège est fermé demain.", [phone])
        assert answer.status == 202, answer.body
        taken: str = answer.json["id"]
        return taken

    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(send, phones))


def agreed(school: SchoolPlayer) -> set[str]:
    """The requests of the history, once all their messages are final, after a look at every figure of the ledger."""
    final = {"delivered", "undeliverable", "expired", "failed", "cancelled"}
    eventually(lambda: final >= {each["status"] for each in school.history()})
    history = school.history()
    ledger, balance = school.ledger(), school.balance()
    assert balance == sum(entry["amount"] for entry in ledger)
    assert [entry["amount"] for entry in ledger if entry["kind"] == "credit"] == [500]
    debits = [entry["cause"]["id"] for entry in ledger if entry["kind"] == "debit"]
    requests = {each["request_id"] for each in history}
    assert sorted(debits) == sorted(requests)
    [order] = school.orders()
    assert order["state"] == "credited"
    return requests


def test_money_and_messages_agree_after_a_stop_and_after_a_kill_under_load(
    hasty_stack: Stack, hasty_school: SchoolPlayer, new_phone: Callable[..., str]
) -> None:
    before = burst(hasty_school, new_phone)
    hasty_stack.restart()
    assert agreed(hasty_school) == set(before)

    lately = burst(hasty_school, new_phone)
    hasty_stack.kill_cloud()
    hasty_stack.start()

    assert " s are lost, what it did since " in hasty_stack.log.read_text()
    kept = agreed(hasty_school)
    assert set(before) <= kept <= {*before, *lately}
