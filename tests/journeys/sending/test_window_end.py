"""At the window's end, messages without final receipt expire and those never handed over are released (R30, R31)."""

from collections.abc import Callable
from datetime import datetime

from local.players.client import eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.letters import CREDITED
from tests.support.journeys.provider_side import publish_sms_event, receipts_are_worked_off

NewPhone = Callable[..., str]


def test_at_the_end_of_the_window_every_message_is_final(
    hasty_school: SchoolPlayer, hasty_stack: Stack, new_phone: NewPhone
) -> None:
    school = hasty_school
    silent, never, refused, absent, ordinary = (new_phone(ending) for ending in ("02", "08", "04", "01", "10"))
    request = school.send("Bonjour à tous.", [silent, never, refused, absent, ordinary]).json
    expected = {silent: "expired", never: "failed", refused: "failed", absent: "undeliverable", ordinary: "delivered"}
    eventually(lambda: school.statuses(request["id"]) == expected)

    ended = {each["phone"]: each["final_at"] for each in school.history()}
    window_end = datetime.fromisoformat(request["expires_at"])
    assert datetime.fromisoformat(ended[silent]) >= window_end
    assert datetime.fromisoformat(ended[never]) >= window_end
    assert datetime.fromisoformat(ended[refused]) < window_end
    # Expired and unreachable are consumed; never handed over and refused are back in stock.
    assert school.balance() == 500 - 5 + 2
    assert sorted(entry["amount"] for entry in school.ledger()) == [-5, 1, 1, 500]
    assert school.client.phone(never) == []
    shown = school.sender.get(f"/v1/send-requests/{request['id']}").json
    assert shown["state"] == "finished"

    publish_sms_event(hasty_stack, f"{request['id']}-0", "DELIVERED", is_final=True)
    receipts_are_worked_off(hasty_stack)
    assert school.statuses(request["id"]) == expected


def test_a_restart_loses_nothing_that_was_acknowledged(
    hasty_school: SchoolPlayer, hasty_stack: Stack, new_phone: NewPhone
) -> None:
    school = hasty_school
    form = school.signed_form(P1000=1)
    silent, never, ordinary = (new_phone(ending) for ending in ("02", "08", "10"))
    request = school.send("Bonjour à tous.", [silent, never, ordinary], idempotency_key="rentree").json
    eventually(lambda: school.statuses(request["id"]) == {silent: "sent", never: "queued", ordinary: "delivered"})
    ledger, orders, mails = school.ledger(), school.orders(), school.mails(CREDITED)
    assert len(ledger) == 2

    hasty_stack.restart()

    assert (school.ledger()[-2:], school.orders(), school.mails(CREDITED)) == (ledger, orders, mails)
    again = school.send("Bonjour à tous.", [silent, never, ordinary], idempotency_key="rentree")
    assert again.json["id"] == request["id"]
    expected = {silent: "expired", never: "failed", ordinary: "delivered"}
    eventually(lambda: school.statuses(request["id"]) == expected)
    assert len(school.client.phone(ordinary)) == 1
    assert school.balance() == 500 - 3 + 1

    school.mail(form)  # issued before the restart
    eventually(lambda: school.balance() == 500 - 3 + 1 + 1000)
    eventually(lambda: len(school.mails(CREDITED)) == 2)


def test_a_mail_that_came_just_before_a_restart_is_credited_after_it(
    hasty_school: SchoolPlayer, hasty_stack: Stack
) -> None:
    """R48: what a function held when the stack stopped is given again at once."""
    hasty_school.mail(hasty_school.signed_form(P1000=1))

    hasty_stack.restart()

    eventually(lambda: hasty_school.balance() == 1500)
