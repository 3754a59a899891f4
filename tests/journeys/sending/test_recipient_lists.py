"""Lists too large for a request are uploaded as CSV, then named (R22)."""

from collections.abc import Callable
from typing import Any

import urllib3

from local.players.client import Answer, eventually
from local.players.school import SchoolPlayer
from tests.support.journeys.consenting import ConsentingClient

NewPhone = Callable[..., str]
TEXT = "Bonjour ((prénom)), le voyage est confirmé."


def upload(school: SchoolPlayer, content: bytes) -> str:
    """As the sender does; the list's id."""
    opened = school.sender.post("/v1/recipient-lists", None)
    assert opened.status == 201, opened.body
    recipient_list: dict[str, Any] = opened.json
    assert school.client.upload(recipient_list, content) == 204
    return str(recipient_list["id"])


def send(school: SchoolPlayer, list_id: str, **headers: str) -> Answer:
    return school.sender.post("/v1/send-requests", {"text": TEXT, "recipient_list": list_id}, **headers)


def test_a_list_as_a_spreadsheet_saves_it_is_sent_to(supplied_school: SchoolPlayer, new_phone: NewPhone) -> None:
    school, phones = supplied_school, [new_phone() for _ in range(3)]
    national = [phone.replace("+33", "") for phone in phones]  # the spreadsheet ate the zero
    rows = ["Prénom;Téléphone", f"Maëlys;{national[0]}", "", f"Gaspard;{national[1]}", "Léon;12", f"Zoé;{national[2]}"]
    list_id = upload(school, "\r\n".join(rows).encode("cp1252"))

    answer = send(school, list_id, idempotency_key="voyage")

    assert (answer.status, answer.json["accepted"], answer.json["cost_sms"]) == (202, 3, 3)
    assert [(each["index"], each["row"], each["code"]) for each in answer.json["refused"]] == [(2, 5, "invalid-number")]
    eventually(lambda: set(school.statuses(answer.json["id"]).values()) == {"delivered"})
    assert [school.client.phone(phone)[0]["text"][:16] for phone in phones[:2]] == [
        "Bonjour Maëlys, ",
        "Bonjour Gaspard,",
    ]
    assert send(school, list_id, idempotency_key="voyage").json == answer.json
    assert send(school, list_id).json["code"] == "list-not-found"
    assert school.balance() == 497


def test_a_list_larger_than_a_request_is_counted_whole(supplied_school: SchoolPlayer, client: ConsentingClient) -> None:
    school = supplied_school
    rows = [f"063998{number:04d};élève {number}" for number in range(100)]  # kept for fiction: free
    landlines = [f"0140{number:06d}" for number in range(12_000)]
    client.silent.update(landlines)
    refused = [f"{phone};x" for phone in landlines]
    list_id = upload(school, "\n".join(["portable;prénom", *rows, *refused]).encode())

    answer = send(school, list_id)

    assert (answer.status, answer.json["accepted"], answer.json["cost_sms"]) == (202, 100, 0)
    assert len(answer.json["refused"]) == 12_000
    assert answer.json["refused"][-1]["row"] == 12_101


def test_what_is_no_list_and_another_school_s_list_are_refused(
    supplied_school: SchoolPlayer, new_school: Callable[[], SchoolPlayer]
) -> None:
    school = supplied_school
    workbook = send(school, upload(school, b"PK\x03\x04"))
    assert (workbook.status, workbook.json["code"]) == (422, "invalid-list")
    assert "CSV" in workbook.json["detail"]

    others = upload(new_school(), b"portable\n0639980001")
    assert (send(school, others).status, send(school, "AAAAAAAAAAAAAA").status) == (404, 404)
    assert school.balance() == 500


def test_nobody_reads_a_list_back(supplied_school: SchoolPlayer) -> None:
    """R2: the address is good for one upload, and no other way leads there."""
    opened = supplied_school.sender.post("/v1/recipient-lists", None).json
    address = f"{opened['url'].rstrip('/')}/{opened['fields']['key']}"
    assert supplied_school.client.upload(opened, b"portable\n1") == 204
    assert urllib3.request("GET", address, retries=False).status == 403
    assert urllib3.request("PUT", address, body=b"portable\n1", retries=False).status == 403


def test_what_is_larger_than_a_list_is_refused_at_its_address(supplied_school: SchoolPlayer) -> None:
    """25 MB were kept, and refused when they were read."""
    school = supplied_school
    opened = school.sender.post("/v1/recipient-lists", None).json
    assert school.client.upload(opened, b"portable\n" + b"0639980001\n" * 2_300_000) == 400
    assert school.client.upload(opened, b"") == 400
    assert send(school, str(opened["id"])).json["code"] == "list-not-found"

    other = school.sender.post("/v1/recipient-lists", None).json
    for name, value in (("key", f"0750655E/{other['id']}.csv"), ("Content-Type", "text/html"), ("policy", "e30=")):
        forged = {**other, "fields": {**other["fields"], name: value}}
        assert school.client.upload(forged, b"portable\n0639980001") in (400, 403), name
    unsigned = {name: other["fields"][name] for name in ("key", "Content-Type")}
    assert school.client.upload({**other, "fields": unsigned}, b"x") == 403
