"""Requests for later are delivered then, or cancelled and given back (R29)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from local.players.client import Answer, Person, eventually
from local.players.school import SchoolPlayer

NewPhone = Callable[..., str]
SOON_SECONDS = 15
"""Until a request is due: the calls that come before it take one on an idle machine, and several on a busy one."""


def later(school: SchoolPlayer, text: str, phones: list[str], seconds: float) -> Answer:
    """Asked for by the sender, to be sent in `seconds`."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    body = {"text": text, "recipients": [{"phone": phone} for phone in phones], "send_at": at.isoformat()}
    return school.sender.post("/v1/send-requests", body)


def cancel(person: Person, request_id: str) -> Answer:
    return person.client.call("DELETE", f"/v1/send-requests/{request_id}", token=person.token)


def test_a_scheduled_request_is_debited_at_once_and_sent_when_it_is_due(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone = supplied_school, new_phone()
    answer = later(school, "La kermesse commence à 14 h.", [phone], SOON_SECONDS)

    assert (answer.status, answer.json["state"]) == (202, "scheduled")
    assert (school.balance(), school.client.phone(phone)) == (499, [])
    due_at = datetime.fromisoformat(answer.json["send_at"])
    eventually(lambda: school.statuses(answer.json["id"]) == {phone: "delivered"})
    (received,) = school.client.phone(phone)
    assert datetime.fromisoformat(received["received_at"]) >= due_at
    assert school.sender.get(f"/v1/send-requests/{answer.json['id']}").json["state"] == "finished"
    started = cancel(school.sender, answer.json["id"])
    assert (started.status, started.json["code"]) == (409, "already-started")


def test_a_cancelled_request_is_given_back_and_never_sent(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school, phones = supplied_school, [new_phone(), new_phone()]
    request = later(school, "La kermesse est reportée.", phones, SOON_SECONDS).json
    followed = later(school, "La kermesse est maintenue.", phones[:1], SOON_SECONDS + 2).json
    assert school.balance() == 497

    answer = cancel(school.manager, request["id"])

    assert (answer.status, answer.json["state"], answer.json["totals"]) == (200, "cancelled", {"cancelled": 2})
    assert cancel(school.manager, request["id"]).json == answer.json
    seen = cancel(school.sender, request["id"]).json
    assert answer.json == seen | {name: answer.json[name] for name in ("author", "author_id", "text")}  # for managers
    assert school.balance() == 499
    assert [entry["id"] for entry in school.ledger()][0] == f"release:{request['id']}"
    # When the later one has arrived, the cancelled one's time is past too.
    eventually(lambda: school.statuses(followed["id"]) == {phones[0]: "delivered"})
    assert [sms["text"] for sms in school.client.phone(phones[0])] == ["La kermesse est maintenue."]
    assert set(school.statuses(request["id"]).values()) == {"cancelled"}
    assert school.client.phone(phones[1]) == []


def test_cancelled_as_it_starts_it_is_either_sent_or_given_back(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phones = supplied_school, [new_phone() for _ in range(6)]
    requests = [later(school, "Départ du car à 8 h.", [phone], SOON_SECONDS).json for phone in phones]

    def cancel_when_due(request: dict[str, str]) -> int:
        due_at = datetime.fromisoformat(request["send_at"])
        eventually(lambda: datetime.now(UTC) >= due_at)
        return cancel(school.sender, request["id"]).status

    with ThreadPoolExecutor(len(requests)) as together:
        answered = dict(zip(phones, together.map(cancel_when_due, requests), strict=True))

    assert set(answered.values()) <= {200, 409}
    wanted = {phone: "cancelled" if status == 200 else "delivered" for phone, status in answered.items()}

    def statuses() -> dict[str, str]:
        return {phone: status for each in requests for phone, status in school.statuses(each["id"]).items()}

    eventually(lambda: statuses() == wanted)
    assert school.balance() == 500 - list(wanted.values()).count("delivered")
    assert {phone for phone in phones if school.client.phone(phone)} == {
        phone for phone, status in wanted.items() if status == "delivered"
    }


def test_what_cannot_be_scheduled_is_refused_and_costs_nothing(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, phone = supplied_school, new_phone()
    for seconds in (-1, 400 * 86_400):
        answer = later(school, "Trop tôt ou trop tard.", [phone], seconds)
        assert (answer.status, answer.json["code"]) == (422, "invalid-send-at")
    assert cancel(school.sender, "AAAAAAAAAAAAAA").status == 404
    assert school.balance() == 500
