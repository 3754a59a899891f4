"""One school's many messages hold up another's ten by no more than seconds."""

from collections.abc import Callable

from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.support.journeys.outcomes import NO_RECEIPT

NewPhone = Callable[..., str]
NewSchool = Callable[[], SchoolPlayer]
MANY = 1_200


def test_ten_messages_overtake_the_many_of_another_school(new_school: NewSchool, new_phone: NewPhone) -> None:
    crowd, few = new_school(), new_school()
    crowd.credit(P1000=2)
    few.credit(P500=1)

    first = crowd.send("Le collège est fermé demain.", [new_phone(NO_RECEIPT) for _ in range(MANY)])
    assert first.status == 202
    eventually(lambda: waiting(crowd, first.json["id"]) < MANY)
    phones = [new_phone() for _ in range(10)]
    then = few.send("Le car de 8 h part à 9 h.", phones)
    assert then.status == 202
    before_them = waiting(crowd, first.json["id"])

    eventually(lambda: not waiting(few, then.json["id"]))
    # Served in turn of arrival they would come after all of these.
    assert waiting(crowd, first.json["id"]) > before_them // 2
    eventually(lambda: set(few.statuses(then.json["id"]).values()) == {"delivered"})
    assert all(len(few.client.phone(phone)) == 1 for phone in phones)

    eventually(lambda: not waiting(crowd, first.json["id"]), seconds=600)
    assert crowd.balance() == 2_000 - MANY


def waiting(school: SchoolPlayer, request_id: str) -> int:
    """How many messages of the request were not handed over yet."""
    return school.totals(request_id).get("queued", 0)
