"""Every manager gets one mail when the stock reaches its low level and one when nothing is left; others only after a
credit (R15)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.support.journeys.outcomes import NO_RECEIPT

NewPhone = Callable[..., str]
SUBJECT = "Stock de SMS : niveau bas"
USED_UP = "Stock de SMS épuisé"
FIVE_SMS = "Fermeture exceptionnelle. " * 29  # 754 characters: stock goes fast, with few messages to hand over


def pack_in_use(school: SchoolPlayer) -> Any:
    return school.manager.get("/v1/balance").json["pack_in_use"]


def test_a_crossing_is_mailed_once_to_every_manager_also_when_requests_cross_at_once(
    school: SchoolPlayer, new_phone: NewPhone
) -> None:
    second = f"paul.martin@{school.uai.lower()}.ecole.test"
    managers = [{"name": "Zoé Lefèvre", "email": school.manager.email}, {"name": "Paul Martin", "email": second}]
    school.register(managers=managers, low_balance_threshold=490)
    school.credit(P500=1)

    def send(number: int) -> int:
        return school.send(f"Conseil de classe {number}.", [new_phone()]).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(16))) == {202}
    assert school.balance() == 484
    first_order = school.orders()[0]["id"]
    assert pack_in_use(school) == {"order_id": first_order, "pack": "P500", "price_ht": "45.00", "remaining_sms": 484}
    mail = eventually(lambda: school.mails(SUBJECT))[0]
    assert "Solde\u00a0: 490\u00a0SMS" in mail["text"]
    assert "Niveau bas\u00a0: 490\u00a0SMS" in mail["text"]
    assert mail["html"]

    school.credit(P500=1)
    phones = [new_phone(NO_RECEIPT) for _ in range(99)]
    assert school.send(FIVE_SMS, phones).json["cost_sms"] == 495
    # The crossing after the credit is mailed after all that could have been mailed before it.
    eventually(lambda: any("489" in each["text"] and each is not mail for each in school.mails(SUBJECT)[1:]))
    assert len(school.mails(SUBJECT)) == 2
    # Each manager has a mail of their own, one after the other.
    eventually(lambda: [each["subject"] for each in school.client.outbox(second)].count(SUBJECT) == 2)
    second_order = next(each["id"] for each in school.orders() if each["id"] != first_order)
    in_use = {"order_id": second_order, "pack": "P500", "price_ht": "45.00"}
    assert pack_in_use(school) == in_use | {"remaining_sms": 489}

    phones = [new_phone(NO_RECEIPT) for _ in range(97)]
    assert school.send(FIVE_SMS, phones).json["cost_sms"] == 485
    assert [school.send(f"Reprise {number}.", [new_phone()]).status for number in range(4)] == [202] * 4
    assert school.balance() == 0
    assert pack_in_use(school) == in_use | {"remaining_sms": 0}
    eventually(lambda: school.mails(USED_UP))
    assert len(school.mails(SUBJECT)) == 2
