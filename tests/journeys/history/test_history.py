"""A school searches its history and downloads it as a file (R36)."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import urllib3

from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.support.journeys.redriving import TOO_LONG

NewPhone = Callable[..., str]
FORMULA = '=HYPERLINK("http://ailleurs.test";"Cliquez ; ici")\nÀ bientôt'


def sent(school: SchoolPlayer, text: str, *phones: str, by: Any = None) -> str:
    """The id of a request whose messages are all settled."""
    answer = school.send(text, phones, by=by)
    assert answer.status == 202, answer.body
    request_id = str(answer.json["id"])
    eventually(lambda: school.manager.get(f"/v1/send-requests/{request_id}").json["state"] == "finished")
    return request_id


def in_paris() -> str:
    """The day it is there."""
    return datetime.now(ZoneInfo("Europe/Paris")).date().isoformat()


def rows(content: bytes) -> list[dict[str, str]]:
    """As a spreadsheet in French reads it."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_messages_are_found_by_number_date_status_and_author_together(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    school, zoe, lea, gone = supplied_school, new_phone(), new_phone(), new_phone("01")
    began = in_paris()
    first = sent(school, "Sortie au musée.", zoe, gone)
    second = sent(school, "Réunion jeudi.", zoe, lea, by=school.manager)

    def found(**query: str) -> list[tuple[str, str]]:
        return [(each["request_id"], each["phone"]) for each in school.history(**query)]

    assert found(phone=zoe) == [(second, zoe), (first, zoe)]
    assert found(phone=f"0{zoe[3:5]} {zoe[5:]}") == found(phone=zoe)
    assert found(status="undeliverable") == [(first, gone)]
    assert found(request_id=first) == [(first, zoe), (first, gone)]
    assert found(author=school.manager.email) == [(second, zoe), (second, lea)]
    assert found(phone=zoe, author="KARIM") == [(first, zoe)]
    assert found(phone=zoe, status="undeliverable") == []
    assert found(**{"from": began, "to": in_paris()}, phone=lea, status="delivered") == [(second, lea)]
    assert found(to="2020-01-01") == found(**{"from": "2099-01-01"}) == []

    for query, code in (({"cursor": "1"}, "invalid-cursor"), ({"status": "perdu"}, "unknown-status")):
        answer = school.manager.get("/v1/history", **query)
        assert (answer.status, answer.json["code"]) == (422, code)
    assert school.sender.get("/v1/history", phone=zoe).status == 403


def test_a_message_that_did_not_arrive_says_why_and_shows_its_life(
    supplied_school: SchoolPlayer, new_phone: NewPhone
) -> None:
    """§5."""
    school, gone = supplied_school, new_phone("01")
    sent(school, "Sortie au musée.", gone)
    [listed] = school.history(phone=gone)
    shown = school.manager.get(f"/v1/messages/{listed['message_id']}")

    assert shown.status == 200
    assert shown.json | listed == shown.json
    assert shown.json["reason"]["code"] == "phone-off"
    assert shown.json["reason"]["advice"]
    assert [each["event"] for each in shown.json["events"]] == ["accepted", "handed-over", "receipt", "final"]
    assert school.sender.get(f"/v1/messages/{listed['message_id']}").status == 403
    assert [each["email"] for each in school.sender.get("/v1/managers").json] == [school.manager.email]


def test_a_file_opens_in_a_spreadsheet_and_computes_nothing(
    supplied_school: SchoolPlayer, new_school: Callable[[], SchoolPlayer], new_phone: NewPhone
) -> None:
    school, zoe = supplied_school, new_phone()
    request_id = sent(school, FORMULA, zoe)

    answer = school.manager.get("/v1/history.csv")

    assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="historique-sms.csv"'
    assert answer.body.startswith(b"\xef\xbb\xbf")
    (row,) = rows(answer.body)
    assert (row["Numéro"], row["Message"], row["Statut"]) == (f"'{zoe}", f"'{FORMULA}", "Reçu")
    assert (row["Identifiant de l’envoi"], row["Auteur"]) == (request_id, school.sender.email)
    accepted = datetime.strptime(row["Accepté le"], "%d/%m/%Y %H:%M:%S").replace(tzinfo=ZoneInfo("Europe/Paris"))
    assert abs(datetime.now(UTC) - accepted).total_seconds() < 600

    assert rows(school.manager.get("/v1/history.csv", status="failed").body) == []
    assert school.sender.get("/v1/history.csv").status == 403
    assert zoe.encode() not in new_school().manager.get("/v1/history.csv").body


def test_a_long_history_is_made_into_a_file_and_fetched(school: SchoolPlayer) -> None:
    """Longer than what is looked at while somebody waits; planned, to a number kept for fiction, so nothing is sent."""
    phone, later = "+33639980012", datetime.now(UTC) + timedelta(hours=1)  # tomorrow may be another school year
    assert school.consent(phone).status == 200
    recipients = [{"phone": phone, "variables": {"n": str(number)}} for number in range(TOO_LONG)]
    body = {"text": "Message ((n)).", "recipients": recipients, "send_at": later.isoformat()}
    assert school.sender.post("/v1/send-requests", body).json["accepted"] == TOO_LONG

    begun = school.manager.get("/v1/history.csv")
    assert begun.status == 202, begun.body
    assert begun.headers["location"] == f"/v1/exports/{begun.json['id']}"
    export = begun.headers["location"]

    def ready() -> dict[str, Any] | None:
        shown: dict[str, Any] = school.manager.get(export).json
        return shown if shown["state"] == "ready" else None

    made = eventually(ready)
    assert made is not None
    assert made["rows"] == TOO_LONG
    fetched = urllib3.request("GET", made["url"])
    assert fetched.headers["content-disposition"].startswith('attachment; filename="historique-sms-2')
    assert {row["Message"] for row in rows(fetched.data)} == {f"Message {number}." for number in range(TOO_LONG)}
    assert school.sender.get(export).status == 403
