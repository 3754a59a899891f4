"""Mails, sends and receipts wait while the operator works on the service, and go on once afterwards (R49)."""

from collections.abc import Callable

from local.players.client import Answer, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.operating import operate


def test_what_arrives_during_maintenance_waits_and_is_worked_off_once(
    stack: Stack, ordered_school: SchoolPlayer, new_phone: Callable[..., str]
) -> None:
    school, first, second = ordered_school, new_phone(), new_phone()
    assert school.consent(first, second).status == 200
    before = school.send("Réunion ce soir à 18 h.", [first]).json["id"]
    eventually(lambda: school.statuses(before) == {first: "delivered"})
    signed = school.signed_form(P1000=1)

    code, said = operate(stack, "maintenance", STATE="ON")
    assert (code, said.partition(":")[0]) == (0, "maintenance is on")
    try:
        eventually(lambda: school.client.call("GET", "/healthz").json == {"status": "maintenance"})
        eventually(lambda: school.sender.get("/v1/me").json["why_not"] == "maintenance")
        asked = _asked_until(503, school, second)
        late, refused = len(asked) - 1, asked[-1]
        assert (refused.json["code"], refused.headers["retry-after"]) == ("maintenance", "300")
        assert "rien n’a été débité" in refused.json["detail"]
        school.mail(signed)
        eventually(lambda: _lying(stack)["InboundMails"] == "waiting=1 handled=0 later=0 dead=0 read=NO")
        assert (school.balance(), len(school.orders())) == (499 - late, 1)  # reading goes on
    finally:
        code, said = operate(stack, "maintenance", STATE="OFF")
    assert (code, said.partition(":")[0]) == (0, "maintenance is off")

    eventually(lambda: school.balance() == 1499 - late)
    eventually(lambda: _ask(school, second, late).status == 202)
    assert _ask(school, second, late).status == 202
    eventually(lambda: list(school.statuses(_ask(school, second, late).json["id"]).values()) == ["delivered"])
    eventually(lambda: len(school.client.phone(second)) == len(asked))
    assert school.balance() == 1499 - len(asked)
    assert {figures.partition("dead=")[2] for figures in _lying(stack).values()} == {"0 read=yes"}


def _ask(school: SchoolPlayer, phone: str, number: int) -> Answer:
    """Ask for the request of that number, which has a text and a key of its own."""
    return school.send(f"Sortie {number} annulée demain.", [phone], idempotency_key=f"sortie-{number}")


def _asked_until(status: int, school: SchoolPlayer, phone: str) -> list[Answer]:
    """Answers to one request after another, the last of which is `status`: functions know the switch 10 s late."""
    answers: list[Answer] = []

    def ask() -> bool:
        answers.append(_ask(school, phone, len(answers)))
        return answers[-1].status == status

    eventually(ask)
    return answers


def _lying(stack: Stack) -> dict[str, str]:
    """The lines of `make status` about each queue."""
    _, shown = operate(stack, "status")
    return {line[6:28].strip(): line[29:] for line in shown.splitlines() if line.startswith("queue ")}
